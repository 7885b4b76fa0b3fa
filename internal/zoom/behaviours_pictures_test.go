package zoom_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/internal/muster"
	"muster/internal/mustertest"
)

// pictureOf returns the path of a user's picture, "" for none.
func pictureOf(s *mustertest.Server, user string) string {
	return strings.TrimPrefix(text(s.Must(200, "GET", "/v2/users/"+user, "")["pic_url"]), mustertest.Base)
}

// TestPicturesGoWithTheirUsers: a picture is there as long as its user is.
func TestPicturesGoWithTheirUsers(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	s.SubAccount("branch")
	ada, eve := newUser(s, "ada@muster.test"), newUser(s, "eve@muster.test")
	for _, user := range []string{ada, eve} {
		s.Must(201, "POST", "/v2/users/"+user+"/picture", mustertest.FormOf("pic_file", "<script>.png", []byte(dots)))
		s.Must(201, "POST", "/v2/users/"+user+"/settings/virtual_backgrounds", mustertest.Form("a.png", []byte(dots)))
	}
	hers, hers2 := pictureOf(s, ada), pictureOf(s, eve)
	a := s.Send("GET", hers, "")
	if a.Status != 200 || !bytes.Equal(a.Body, []byte(dots)) || a.Header.Get("Content-Type") != "image/png" || a.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Fatalf("the picture: got %d %v", a.Status, a.Header)
	}
	s.Must(204, "PUT", "/v2/accounts/me/users/"+eve+"/account", `{"account_id":"branch"}`)
	moved := s.Must(200, "GET", "/v2/accounts/branch/users/"+eve, "")
	if strings.TrimPrefix(text(moved["pic_url"]), mustertest.Base) != hers2 || s.Send("GET", hers2, "").Status != 200 {
		t.Errorf("a picture does not move with its user: got %v, want %s", moved["pic_url"], hers2)
	}
	s.Must(204, "DELETE", "/v2/users/"+ada+"?action=delete", "")
	s.Must(204, "DELETE", "/v2/accounts/branch/users/"+eve+"?action=delete", "")
	for _, link := range []string{hers, hers2} {
		if a := s.Send("GET", link, ""); a.Status != 404 {
			t.Errorf("a picture of somebody who is gone: got %d, want 404", a.Status)
		}
	}
	if n := s.Number(`SELECT COUNT(*) FROM files`); n != 0 {
		t.Errorf("%d files are left", n)
	}
	s.Advance(2 * time.Hour)
	if err := s.App.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := stored(t, s); n != 0 {
		t.Errorf("the content of %d files is left", n)
	}
}

// TestPicturesAreBounded sends what is too large and what is not quite.
func TestPicturesAreBounded(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	ada := newUser(s, "ada@muster.test")
	token := s.Token()
	photo := append([]byte{}, grey...)
	photo = append(photo, bytes.Repeat([]byte("\xff\xd9"), muster.MaxPicture/2)...)
	send := func(content []byte) mustertest.Answer {
		return s.As(token, "POST", "/v2/users/"+ada+"/picture", mustertest.FormOf("pic_file", "a.jpg", content))
	}
	for name, content := range map[string][]byte{"a byte too large": photo[:muster.MaxPicture+1], "much too large": append(photo, photo...)} {
		if a := send(content); a.Status != 400 || a.Code(t) != 120 || !strings.Contains(string(a.Body), "2M") {
			t.Errorf("%s: got %d %.200s, want 400 with code 120 and the bound", name, a.Status, a.Body)
		}
	}
	if link := pictureOf(s, ada); link != "" {
		t.Errorf("what was refused is kept: %s", link)
	}
	if a := send(photo[:muster.MaxPicture]); a.Status != 201 {
		t.Errorf("as large as may be: got %d %.200s", a.Status, a.Body)
	}
}

// TestPicturesAtOnce: of many at the same time one is left, and its file.
func TestPicturesAtOnce(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	ada := newUser(s, "ada@muster.test")
	token := s.Token()
	var hands sync.WaitGroup
	for range 8 {
		hands.Go(func() {
			if a := s.As(token, "POST", "/v2/users/"+ada+"/picture", mustertest.FormOf("pic_file", "a.png", []byte(dots))); a.Status != 201 {
				t.Errorf("got %d %s", a.Status, a.Body)
			}
		})
	}
	hands.Wait()
	if n := s.Number(`SELECT COUNT(*) FROM files`); n != 1 {
		t.Errorf("got %d files, want 1", n)
	}
	if a := s.Send("GET", pictureOf(s, ada), ""); a.Status != 200 {
		t.Errorf("the one that is left: got %d", a.Status)
	}
}

// TestFreePlanHasUserSettings: the plan bars groups and the account's
// settings, and not those of users, whose descriptions have no such answer.
func TestFreePlanHasUserSettings(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{Plan: "free"})
	s.Refused(400, 200, "POST", "/v2/groups", `{"name":"Staff"}`)
	s.Must(204, "PATCH", "/v2/users/me/settings", `{"schedule_meeting":{"host_video":true}}`)
	doc := s.Must(200, "GET", "/v2/users/me/settings?custom_query_fields=host_video", "")
	if got, _ := json.Marshal(doc); string(got) != `{"schedule_meeting":{"host_video":true}}` {
		t.Errorf("got %s", got)
	}
}
