package webex_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"muster/internal/mustertest"
)

// A room is a meeting that asks for registration, by its name in each dialect.
type room struct {
	*mustertest.Server
	t           testing.TB
	zoom, webex string // paths
}

// newRoom schedules a meeting on a new server.
func newRoom(t testing.TB, o mustertest.Options, settings string) *room {
	t.Helper()
	return roomOn(t, mustertest.New(t, o), settings)
}

// roomOn schedules one more meeting on a server.
func roomOn(t testing.TB, s *mustertest.Server, settings string) *room {
	t.Helper()
	zoom := s.Meeting(`"settings":{` + settings + `}`)
	return &room{s, t, zoom, "/v1/meetings/" + mustertest.Series(t, s.Must(200, "GET", zoom, "")["uuid"].(string))}
}

// person returns the body of somebody, with further members.
func person(email, more string) string {
	name, _, _ := strings.Cut(email, "@")
	if more != "" {
		more = "," + more
	}
	return fmt.Sprintf(`{"firstName":%q,"lastName":"Lee","email":%q%s}`, name, email, more)
}

// add registers somebody through this dialect and returns the answer.
func (r *room) add(email, more string) map[string]any {
	r.t.Helper()
	return r.Must(200, "POST", r.webex+"/registrants", person(email, more))
}

// set acts on people through this dialect.
func (r *room) set(verb string, ids ...string) {
	r.t.Helper()
	r.Must(204, "POST", r.webex+"/registrants/"+verb, idList(ids...))
}

func idList(ids ...string) string {
	var rows []map[string]string
	for _, id := range ids {
		rows = append(rows, map[string]string{"id": id})
	}
	b, _ := json.Marshal(map[string]any{"registrants": rows}) // strings
	return string(b)
}

// refused fails unless a request is refused with the status. It returns what is said.
func (r *room) refused(status int, method, path, body string) string {
	r.t.Helper()
	a := r.Do(method, path, body)
	if a.Status != status {
		r.t.Fatalf("%s %s: got %d %s, want %d", method, path, a.Status, a.Body, status)
	}
	return told(r.t, a)
}

// told returns the descriptions of a failure, a line each.
func told(t testing.TB, a mustertest.Answer) string {
	t.Helper()
	var lines []string
	list, _ := a.JSON(t)["errors"].([]any)
	for _, e := range list {
		lines = append(lines, fmt.Sprint(e.(map[string]any)["description"]))
	}
	return strings.Join(lines, "\n")
}

// stands returns how somebody stands as each dialect tells it, "" if nobody has the email.
func (r *room) stands(email string) (zoom, webex string) {
	r.t.Helper()
	status := func(list any) string {
		if rows := list.([]any); len(rows) > 0 {
			return rows[0].(map[string]any)["status"].(string)
		}
		return ""
	}
	query := "email=" + url.QueryEscape(email)
	return status(r.Must(200, "GET", r.zoom+"/registrants?status=all&"+query, "")["registrants"]),
		status(r.Must(200, "GET", r.webex+"/registrants?"+query, "")["items"])
}

var nextLink = regexp.MustCompile(`<` + regexp.QuoteMeta(mustertest.Base) + `([^>]+)>; rel="next"`)

// nextPage returns the path of the page after the one that was answered, "" for the last.
func nextPage(a mustertest.Answer) string {
	for _, link := range a.Header.Values("Link") {
		if m := nextLink.FindStringSubmatch(link); m != nil {
			return m[1]
		}
	}
	return ""
}
