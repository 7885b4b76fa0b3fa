package webex_test

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"muster/internal/mustertest"
)

// page3 is the body that the page prints.
const page3 = `[ { "firstName": "'bob'", "lastName": "'Lee'", "email": "'bob@cisco.com'", "jobTitle": "'manager'", "companyName": "'cisco'", "address1": "'address1 string'", "address2": "'address2 string'", "city": "'New York'", "state": "'New York'", "zipCode": 123456, "countryRegion": "'American'", "workPhone": "'+1 123456'", "fax": "'123456'" } ]`

// asSeries returns the path of a meeting that Zoom's dialect made.
func asSeries(t *testing.T, s *mustertest.Server, zoomPath string) string {
	t.Helper()
	uuid := s.Must(200, "GET", zoomPath, "")["uuid"].(string)
	b, err := base64.StdEncoding.DecodeString(uuid)
	if err != nil {
		t.Fatal(err)
	}
	return "/v1/meetings/" + hex.EncodeToString(b)
}

func TestPage3(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	zoom := s.Meeting(`"timezone":"Asia/Shanghai","settings":{"approval_type":1}`)
	m := asSeries(t, s, zoom)
	a := s.Do("POST", m+"/registrants/bulkInsert", page3)
	want := `"status":"pending","firstName":"'bob'","lastName":"'Lee'","email":"bob@cisco.com","jobTitle":"'manager'","companyName":"'cisco'",` +
		`"address1":"'address1 string'","address2":"'address2 string'","city":"'New York'","state":"'New York'","zipCode":123456,` +
		`"countryRegion":"'American'","workPhone":"'+1 123456'","fax":"'123456'","registrationTime":"2026-03-02T17:30:00+08:00"}]}`
	if a.Status != 200 || !strings.HasSuffix(string(a.Body), want) {
		t.Errorf("got %d %s\nwant …%s", a.Status, a.Body, want)
	}
	list := s.Must(200, "GET", zoom+"/registrants?status=pending", "")["registrants"].([]any)
	if len(list) != 1 || list[0].(map[string]any)["email"] != "bob@cisco.com" {
		t.Errorf("read through the other dialect: %v", list)
	}
}
