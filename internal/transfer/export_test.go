package transfer

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const page = `{"total_records":%d,"next_page_token":%q,"registrants":[%s]}`

// Lists is a server with one person of each status, and one who moved on
// between two requests.
func lists(w http.ResponseWriter, r *http.Request) {
	status, token := r.URL.Query().Get("status"), r.URL.Query().Get("next_page_token")
	ann := `{"id":"-1","email":"ann@example.com","first_name":"=Ann","phone":"+49 30","zip":53111,"status":"approved","create_time":"2026-01-02T03:04:05Z","join_url":"https://example.com/w/1","custom_questions":[{"title":"City","value":"Bonn"},{"title":"Diet","value":"a,b"}]}`
	bob := `{"id":"2","email":"bob@example.com","custom_questions":[{"title":"Late","value":"x\ny"}]}`
	switch {
	case status == "pending":
		fmt.Fprintf(w, page, 1, "", bob)
	case status == "approved" && token == "":
		fmt.Fprintf(w, page, 2, "n", ann)
	case status == "approved":
		fmt.Fprintf(w, page, 2, "", bob)
	default:
		fmt.Fprintf(w, page, 0, "", "")
	}
}

const exported2 = "Email,First Name,Last Name,Organization,Job Title,Phone,Address,City,State/Province,Zip/Postal Code,Country/Region,Industry," +
	"Purchasing Time Frame,Role in Purchase Process,Number of Employees,Questions & Comments,Language,Approval Status,Registration Time,Registrant ID,Join URL,Question: City,Late,Diet\n" +
	"bob@example.com,,,,,,,,,,,,,,,,,pending,,2,,,\"x\ny\",\n" +
	"ann@example.com,'=Ann,,,,'+49 30,,,,53111,,,,,,,,approved,2026-01-02T03:04:05Z,'-1,https://example.com/w/1,Bonn,,\"a,b\"\n"

func TestExport(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.questions, s.list = `{"custom_questions":[{"title":"City"}]}`, lists
	var out bytes.Buffer
	n, err := Export(t.Context(), ExportOptions{Client: s.client(t), Meeting: "123", Out: &out})
	if err != nil || n != 2 || out.String() != exported2 {
		t.Errorf("got %d %v\n%s\nwant\n%s", n, err, out.String(), exported2)
	}
	path := filepath.Join(t.TempDir(), "people.csv")
	if n, err = Export(t.Context(), ExportOptions{Client: s.client(t), Meeting: "123", File: path, BOM: true}); err != nil || n != 2 {
		t.Fatal(n, err)
	}
	data, err := os.ReadFile(path)
	info, _ := os.Stat(path) // ReadFile says the same
	if err != nil || string(data) != "\ufeff"+exported2 || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v %v\n%s", err, info.Mode(), data)
	}
}

func TestExportIsImported(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.questions = `{"custom_questions":[{"title":"City"},{"title":"Diet"},{"title":"Late"}]}`
	sum, err := Import(t.Context(), options(t, s, "\ufeff"+exported2))
	if err != nil || sum.Registered != 2 || len(sum.Ignored) != 3 {
		t.Fatalf("got %v and\n%s", err, sum)
	}
	ann := s.people["ann@example.com"]
	if got := fmt.Sprint(ann["first_name"], ann["phone"], ann["custom_questions"], s.people["bob@example.com"]["custom_questions"]); got != "=Ann+49 30[map[title:City value:Bonn] map[title:Diet value:a,b]] [map[title:Late value:x\ny]]" {
		t.Errorf("got %s", got)
	}
}

func TestExportFails(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	path := filepath.Join(t.TempDir(), "people.csv")
	_, err := Export(t.Context(), ExportOptions{Client: s.client(t), Meeting: "999", File: path})
	if err == nil || !strings.Contains(err.Error(), "check --meeting") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("a failed export leaves a file: %v", err)
	}
}
