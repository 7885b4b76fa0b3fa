package zoom_test

import (
	"bytes"
	"database/sql"
	"os"
	"testing"

	"muster/internal/mustertest"
	"muster/internal/pgtest"
)

// TestDeletedPeopleAreOverwritten looks for a deleted person in the bytes of
// the database file: pages that SQLite has freed count.
func TestDeletedPeopleAreOverwritten(t *testing.T) {
	t.Parallel()
	if pgtest.On() {
		t.Skip("it reads SQLite's file")
	}
	s := mustertest.New(t, mustertest.Options{})
	m := s.Meeting("")
	const email, name = "vanishing.person@example.com", "Zerlina-Vanishing"
	for _, person := range []string{
		`{"email":"stays@example.com"}`, `{"email":"` + email + `","first_name":"` + name + `"}`, `{"email":"stays.too@example.com"}`,
	} {
		s.Send("POST", m+"/registrants", person, "Authorization: Bearer "+s.Token(), "Idempotency-Key: "+person[10:22])
	}
	list := s.Must(200, "GET", m+"/registrants?email="+email, "")["registrants"].([]any)
	if len(list) != 1 {
		t.Fatalf("got %d registrants, want 1", len(list))
	}
	if !bytes.Contains(database(t, s), []byte(email)) {
		t.Fatal("the person is not found where they must be: this test looks at the wrong bytes")
	}
	s.Must(204, "DELETE", m+"/registrants/"+list[0].(map[string]any)["id"].(string), "")
	for _, text := range []string{email, name} {
		if bytes.Contains(database(t, s), []byte(text)) {
			t.Errorf("%q is in the database file after the person was deleted", text)
		}
	}
}

// database returns the bytes of the database with all of its log folded in.
func database(t *testing.T, s *mustertest.Server) []byte {
	t.Helper()
	file := s.Database
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	var busy, log, done int
	err = db.QueryRowContext(t.Context(), "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &done)
	if err != nil || busy != 0 {
		t.Fatalf("checkpoint: busy %d, %v", busy, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
