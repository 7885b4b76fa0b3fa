package webex_test

import (
	"strings"
	"testing"

	"muster/internal/mustertest"
)

// page3 is the body that the page prints.
const page3 = `[ { "firstName": "'bob'", "lastName": "'Lee'", "email": "'bob@cisco.com'", "jobTitle": "'manager'", "companyName": "'cisco'", "address1": "'address1 string'", "address2": "'address2 string'", "city": "'New York'", "state": "'New York'", "zipCode": 123456, "countryRegion": "'American'", "workPhone": "'+1 123456'", "fax": "'123456'" } ]`

// asSeries returns the path of a meeting that Zoom's dialect made.
func asSeries(t *testing.T, s *mustertest.Server, zoomPath string) string {
	t.Helper()
	return "/v1/meetings/" + mustertest.Series(t, s.Must(200, "GET", zoomPath, "")["uuid"].(string))
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

// TestStoredAnswersForget: who is deleted is gone from what an Idempotency-Key
// would have answered again, too.
func TestStoredAnswersForget(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":0`)
	token := r.Token()
	send := func(path, body, key string) mustertest.Answer {
		return r.Send("POST", r.webex+path, body, "Authorization: Bearer "+token, "Content-Type: application/json", "Idempotency-Key: "+key)
	}
	one := func() mustertest.Answer { return send("/registrants", person(ann, `"fax":"+1 555"`), "one") }
	many := func() mustertest.Answer {
		return send("/registrants/bulkInsert", "["+person("bob@example.com", "")+","+person(ann, "")+"]", "many")
	}
	for _, call := range []func() mustertest.Answer{one, many, one, many} {
		if a := call(); a.Status != 200 || !strings.Contains(string(a.Body), ann) {
			t.Fatalf("got %d %s", a.Status, a.Body)
		}
	}
	id := r.id(ann)
	r.set("bulkDelete", id)
	for _, call := range []func() mustertest.Answer{one, many} {
		a := call()
		if text := string(a.Body); a.Status != 200 || strings.Contains(text, "ann@") || strings.Contains(text, "+1 555") || !strings.Contains(text, id) {
			t.Errorf("got %d %s, want only the id %s of who is gone", a.Status, text, id)
		}
	}
	if a := many(); !strings.Contains(string(a.Body), "bob@example.com") || a.Header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("got %s, want who is still there", a.Body)
	}
	if a := send("/registrants", person("cy@example.com", ""), "one"); a.Status != 409 {
		t.Errorf("another request with the key: got %d %s, want 409", a.Status, a.Body)
	}
}
