package zoom_test

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"muster/internal/mustertest"
)

// keyed sends a request with an Idempotency-Key; a body that begins with {
// is JSON, any other a form.
func (r *room) keyed(token, key, method, path, body string) mustertest.Answer {
	r.t.Helper()
	kind := "application/json"
	if body != "" && body[0] != '{' {
		kind = "application/x-www-form-urlencoded"
	}
	return r.Send(method, path, body, "Authorization: Bearer "+token, "Content-Type: "+kind, "Idempotency-Key: "+key)
}

// replays fails unless got is the answer want again.
func replays(t *testing.T, what string, got, want mustertest.Answer) {
	t.Helper()
	if got.Status != want.Status || !bytes.Equal(got.Body, want.Body) || got.Header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("%s: got %d %s (replayed: %q), want the stored %d %s", what, got.Status, got.Body, got.Header.Get("Idempotent-Replayed"), want.Status, want.Body)
	}
}

func TestReplayOfEveryWrite(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":0`)
	token, one := r.Token(), r.path+"/registrants/"+r.add(ann, "")["registrant_id"].(string)
	for _, w := range []struct{ method, path, body string }{
		{"POST", r.path + "/registrants", `{"email":"a@example.com"}`},
		{"POST", r.path + "/batch_registrants", batch("b@example.com", "c@example.com")},
		{"POST", r.path + "/batch_registrants?report=rows", batch("d@example.com", "nobody")},
		{"PATCH", one, `{"reset_link":true}`},
		{"PUT", r.path + "/registrants/status", change("deny", "a@example.com")},
		{"PATCH", r.path + "/registrants/questions", `{"questions":[{"field_name":"city"}]}`},
		{"DELETE", one, ""},
		{"POST", "/v2/users/me/meetings", `{"topic":"Another"}`},
	} {
		key := w.method + w.path
		first := r.keyed(token, key, w.method, w.path, w.body)
		if first.Status >= 300 || first.Header.Get("Idempotent-Replayed") != "" {
			t.Fatalf("%s: got %d %s", key, first.Status, first.Body)
		}
		replays(t, key, r.keyed(token, key, w.method, w.path, w.body), first)
	}
}

func TestReplayComparesDecodedInput(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":0`)
	token, path := r.Token(), r.path+"/registrants"
	first := r.keyed(token, "k", "POST", path, `{"email":"a@example.com","auto_approve":true,"zip":"94045"}`)
	same := []string{
		`{ "zip": 94045, "auto_approve": "true", "email": "a@example.com", "unknown": 1 }`,
		url.Values{"email": {"a@example.com"}, "auto_approve": {"1"}, "zip": {"94045"}}.Encode(),
	}
	for _, body := range same {
		replays(t, body, r.keyed(token, "k", "POST", path, body), first)
	}
	replays(t, "doubled slashes", r.keyed(token, "k", "POST", strings.ReplaceAll(path, "/", "//"), same[0]), first)
	for what, w := range map[string][3]string{
		"other input":  {"POST", path, `{"email":"b@example.com","auto_approve":true,"zip":"94045"}`},
		"other query":  {"POST", path + "?occurrence_ids=1", same[0]},
		"other path":   {"POST", strings.Replace(path, "/v2", "/v2/accounts/me", 1), same[0]},
		"other method": {"PUT", path + "/status", change("deny", "a@example.com")},
	} {
		if a := r.keyed(token, "k", w[0], w[1], w[2]); a.Status != 409 || a.Code(t) != 3000 {
			t.Errorf("%s: got %d %s, want 409 with 3000", what, a.Status, a.Body)
		}
	}
	if got := r.people("status=all"); len(got) != 1 || got[0] != "a@example.com" || r.stands("a@example.com") != "approved" {
		t.Errorf("refused requests had an effect: %v", got)
	}
	other := r.keyed(r.Token(), "k", "POST", path, `{"email":"b@example.com"}`)
	if other.Status != 201 {
		t.Errorf("another app with the same key: got %d %s", other.Status, other.Body)
	}
	if a := r.keyed(token, strings.Repeat("k", 256), "POST", path, same[0]); a.Status != 400 || a.Code(t) != 300 {
		t.Errorf("a key that is too long: got %d %s", a.Status, a.Body)
	}
}

func TestKeyLivesForADay(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":0`)
	one := r.path + "/registrants/" + r.add(ann, "")["registrant_id"].(string)
	app := r.Cred
	send := func() mustertest.Answer {
		t.Helper()
		form := url.Values{
			"grant_type": {"account_credentials"}, "account_id": {app.AccountID}, "client_id": {app.ClientID}, "client_secret": {app.ClientSecret},
		}
		a := r.Send("POST", "/oauth/token", form.Encode(), "Content-Type: application/x-www-form-urlencoded")
		return r.keyed(a.JSON(t)["access_token"].(string), "k", "PATCH", one, `{"reset_link":true}`)
	}
	first := send()
	r.Advance(24*time.Hour - time.Second)
	replays(t, "within a day", send(), first)
	r.Advance(time.Second)
	if again := send(); again.Status != 200 || bytes.Equal(again.Body, first.Body) || again.Header.Get("Idempotent-Replayed") != "" {
		t.Errorf("after a day: got %d %s", again.Status, again.Body)
	}
}

func TestFailuresAreNotKept(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{Capacity: 1}, `"approval_type":0`)
	token, path := r.Token(), r.path+"/registrants"
	r.add(ann, "")
	if a := r.keyed(token, "k", "POST", path, `{"email":"a@example.com"}`); a.Status != 400 || a.Code(t) != 3043 {
		t.Fatalf("got %d %s", a.Status, a.Body)
	}
	r.set("cancel", "", ann)
	if a := r.keyed(token, "k", "POST", path, `{"email":"a@example.com"}`); a.Status != 201 {
		t.Errorf("the same again: got %d %s", a.Status, a.Body)
	}
}

// TestSameKeyAtOnce has 40 callers with one key: one effect.
func TestSameKeyAtOnce(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":0`)
	token := r.Token()
	var effects atomic.Int64
	rush(40, func(int) {
		a := r.keyed(token, "k", "POST", "/v2/users/me/meetings", `{"topic":"Once","type":2,"start_time":"2026-04-01T10:00:00Z"}`)
		switch {
		case a.Status == 201 && a.Header.Get("Idempotent-Replayed") == "":
			effects.Add(1)
		case a.Status != 201 && (a.Status != 409 || a.Code(t) != 3000):
			t.Errorf("got %d %s", a.Status, a.Body)
		}
	})
	if n := fmt.Sprint(r.Must(200, "GET", "/v2/users/me/meetings", "")["total_records"]); effects.Load() != 1 || n != "2" {
		t.Errorf("%d effects, %s meetings: want 1 and 2", effects.Load(), n)
	}
}

// TestStoredAnswersForgetTheDeleted deletes somebody whom stored answers of
// every kind mention.
func TestStoredAnswersForgetTheDeleted(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":0`)
	token := r.Token()
	early := batch("owner@muster.test", ann, "stays@example.com")
	full := newRoom(t, mustertest.Options{Capacity: 1}, `"approval_type":0`)
	full.add("first@example.com", "")
	fullToken := full.Token()
	full.keyed(fullToken, "k", "POST", full.path+"/batch_registrants?report=rows", early)
	full.set("deny", "", "first@example.com")
	late := full.add(strings.ToUpper(ann), "")["registrant_id"].(string)
	full.Must(204, "DELETE", full.path+"/registrants/"+late, "")
	if a := full.keyed(fullToken, "k", "POST", full.path+"/batch_registrants?report=rows", early); a.Status != 200 ||
		bytes.Contains(a.Body, []byte(ann)) || !bytes.Contains(a.Body, []byte("stays@")) {
		t.Errorf("who was refused first and registered later is still in %d %s", a.Status, a.Body)
	}
	id := r.add(ann, "")["registrant_id"].(string)
	writes := []struct{ method, path, body string }{
		{"POST", r.path + "/registrants", `{"email":"ann@example.com","first_name":"Ann"}`},
		{"POST", r.path + "/batch_registrants", batch(ann, "stays@example.com")},
		{"POST", r.path + "/batch_registrants?report=rows", batch("stays@example.com", ann, "nobody")},
		{"PATCH", r.path + "/registrants/" + id, `{"org":"Cooking Org"}`},
		{"PUT", r.path + "/registrants/status", change("deny", ann)},
		{"POST", r.path + "/batch_registrants?report=rows", batch(ann, "stays@example.com")}, // refused: denied
	}
	var stored []mustertest.Answer
	for i, w := range writes {
		a := r.keyed(token, fmt.Sprint(i), w.method, w.path, w.body)
		if a.Status >= 300 {
			t.Fatalf("%s %s: got %d %s", w.method, w.path, a.Status, a.Body)
		}
		stored = append(stored, a)
	}
	r.Must(204, "DELETE", r.path+"/registrants/"+id, "")
	for i, w := range writes {
		a := r.keyed(token, fmt.Sprint(i), w.method, w.path, w.body)
		if a.Status != stored[i].Status || a.Header.Get("Idempotent-Replayed") != "true" {
			t.Errorf("%s %s: got %d %s", w.method, w.path, a.Status, a.Body)
		}
		for _, gone := range []string{ann, "tk=" + id, "Ann", "Cooking Org"} {
			if bytes.Contains(a.Body, []byte(gone)) {
				t.Errorf("%s %s: the replay has %q of the deleted: %s", w.method, w.path, gone, a.Body)
			}
		}
		if had, has := strings.Count(string(stored[i].Body), "stays@"), strings.Count(string(a.Body), "stays@"); had != has {
			t.Errorf("%s %s: the replay lost others: %s", w.method, w.path, a.Body)
		}
	}
	if strings.Contains(r.Log.String(), "example.com") || strings.Contains(r.Log.String(), "tk=") {
		t.Error("the log has an email or a link")
	}
}

func TestReplayTakesEmptyForAbsent(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":0`)
	token := r.Token()
	for _, w := range []struct{ path, with, without string }{
		{r.path + "/registrants", `{"email":"a@example.com","first_name":"","no_of_employees":""}`, `{"email":"a@example.com"}`},
		{
			r.path + "/batch_registrants", `{"registrants":[{"email":"b@example.com","first_name":"B","last_name":""}]}`,
			`{"registrants":[{"email":"b@example.com","first_name":"B"}]}`,
		},
	} {
		first := r.keyed(token, w.path, "POST", w.path, w.with)
		if first.Status >= 300 {
			t.Fatalf("%s: got %d %s", w.path, first.Status, first.Body)
		}
		replays(t, w.path, r.keyed(token, w.path, "POST", w.path, w.without), first)
	}
}
