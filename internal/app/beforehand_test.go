package app_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/mustertest"
	"muster/internal/store"
)

// picture returns an image as an uploaded form has it.
func picture(t *testing.T, field string, side int) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, side, side))); err != nil {
		t.Fatal(err)
	}
	return mustertest.FormOf(field, "a.png", b.Bytes())
}

// holdFiles keeps files from being put until the function that it returns is called.
func holdFiles(t *testing.T, s *mustertest.Server) (release func()) {
	t.Helper()
	if _, err := s.App.Blobs.Put([]byte("old"), s.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	held, let, swept := make(chan bool), make(chan bool), make(chan error)
	go func() {
		swept <- s.App.Blobs.Sweep(context.Background(), s.Now(), func(context.Context, []string) (map[string]bool, error) {
			close(held)
			<-let
			return nil, nil // nothing is used
		})
	}()
	<-held
	return func() {
		close(let)
		if err := <-swept; err != nil {
			t.Error(err)
		}
	}
}

// running reports whether something runs that has a function of the name.
func running(name string) bool {
	all := make([]byte, 4<<20)
	return bytes.Contains(all[:runtime.Stack(all, true)], []byte(name))
}

// TestWorkIsDoneBeforehand has requests with an Idempotency-Key do what takes
// long, and holds them there: others write meanwhile, and the request is done
// once when it goes on.
func TestWorkIsDoneBeforehand(t *testing.T) {
	t.Parallel()
	holdHashing := func(_ *testing.T, s *mustertest.Server) func() { return s.App.HoldHashing() }
	const hashing, putting = "oneAtOnce).derive", "blob.(*Dir).Put"
	for name, c := range map[string]struct {
		hold               func(*testing.T, *mustertest.Server) func()
		work               string
		method, path, body string
		status             int
	}{
		"a new user's password": {holdHashing, hashing, "POST", "/v2/users", `{"action":"autoCreate","user_info":{"email":"eve@muster.test","type":1,"password":"Abc-12-xyz"}}`, 201},
		"another password":      {holdHashing, hashing, "PUT", "/v2/users/ada@muster.test/password", `{"password":"Abc-12-xyz"}`, 204},
		"a new account":         {holdHashing, hashing, "POST", "/v2/accounts", `{"first_name":"Eve","last_name":"E","email":"eve@muster.test","password":"Abc-12-xyz"}`, 201},
		"a picture":             {holdFiles, putting, "POST", "/v2/users/ada@muster.test/picture", picture(t, "pic_file", 8), 201},
		"a background":          {holdFiles, putting, "POST", "/v2/users/ada@muster.test/settings/virtual_backgrounds", picture(t, "file", 8), 201},
	} {
		t.Run(name, func(t *testing.T) {
			s := mustertest.New(t, mustertest.Options{})
			s.Must(201, "POST", "/v2/users", `{"action":"autoCreate","user_info":{"email":"ada@muster.test","type":2,"password":"Xyz-34-abc"}}`)
			headers := []string{"Authorization: Bearer " + s.Token(), "Idempotency-Key: k", "Content-Type: application/json"}
			if boundary, _, form := strings.Cut(c.body, "\r\n"); form {
				headers[2] = "Content-Type: multipart/form-data; boundary=" + strings.TrimPrefix(boundary, "--")
			}
			events := len(s.Events())
			release := c.hold(t, s)
			answered := make(chan mustertest.Answer)
			go func() { answered <- s.Send(c.method, c.path, c.body, headers...) }()
			for !running(c.work) {
				runtime.Gosched()
			}
			wrote := make(chan error, 1)
			go func() { wrote <- s.App.DB.Write(context.Background(), func(*store.Tx) error { return nil }) }()
			select {
			case err := <-wrote:
				if err != nil {
					t.Error(err)
				}
			case <-time.After(20 * time.Second):
				t.Error("others cannot write meanwhile")
			}
			release()
			first := <-answered
			if first.Status != c.status {
				t.Fatalf("got %d %s, want %d", first.Status, first.Body, c.status)
			}
			again := s.Send(c.method, c.path, c.body, headers...)
			if again.Status != c.status || !bytes.Equal(again.Body, first.Body) || again.Header.Get("Idempotent-Replayed") != "true" {
				t.Errorf("again: got %d %s, want %d %s", again.Status, again.Body, first.Status, first.Body)
			}
			if c.method == "PUT" { // the work finds that it is the one that the user has
				told := s.Refused(400, 300, c.method, c.path, c.body)
				a := s.Send(c.method, c.path, c.body, headers[0], "Idempotency-Key: another", headers[2])
				if a.Status != 400 || string(a.Body) != told {
					t.Errorf("the same password: got %d %s, want %s", a.Status, a.Body, told)
				}
			}
			made := s.Events()[events:]
			for i, e := range made {
				made[i], _, _ = strings.Cut(e, " ")
			}
			if n := len(made); n != 1 && (n != 2 || made[0] != made[1]) { // a new account is an event in both
				t.Errorf("got the events %v, want one", made)
			}
		})
	}
}

// TestNoKeyForARehearsal: what changes nothing has no answer to be kept, and
// holds up nobody.
func TestNoKeyForARehearsal(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	token := s.Token()
	group := "/v2/groups/" + s.Must(201, "POST", "/v2/groups", `{"name":"Staff"}`)["id"].(string)
	var keys []string
	for path, body := range map[string]string{
		"/v2/accounts/me/settings":              `{"schedule_meeting":{"host_video":true}}`,
		"/v2/accounts/me/lock_settings":         `{"schedule_meeting":{"host_video":true}}`,
		"/v2/accounts/me/settings/registration": `{"options":{"close_registration":true}}`,
		group + "/settings":                     `{"schedule_meeting":{"host_video":true}}`,
		group + "/lock_settings":                `{"recording":{"auto_recording":true}}`,
		group + "/settings/registration":        `{"options":{"close_registration":true}}`,
		"/v2/users/me/settings":                 `{"recording":{"auto_recording":"local"}}`,
	} {
		keys = append(keys, path)
		for i, query := range []string{"?dry_run=true", "", "?dry_run=true"} {
			a := s.Send("PATCH", path+query, body, "Authorization: Bearer "+token, "Content-Type: application/json", "Idempotency-Key: "+path)
			if want := 200 + 4*(i%2); a.Status != want || a.Header.Get("Idempotent-Replayed") != "" {
				t.Errorf("%s%s: got %d %s, want %d", path, query, a.Status, a.Body, want)
			}
		}
	}
	slices.Sort(keys)
	if got := s.Texts(`SELECT key FROM idempotency ORDER BY key`); !slices.Equal(got, keys) {
		t.Errorf("got answers under %s, want those of the changes alone", got)
	}
}
