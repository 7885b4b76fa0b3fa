package zoom_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/mustertest"
	"muster/internal/settings"
)

// backgrounds returns the files that the settings of a group list.
func backgrounds(s *mustertest.Server, t *testing.T, group string) []map[string]any {
	t.Helper()
	doc := s.Must(200, "GET", group+"/settings?custom_query_fields=files", "")
	list := doc["in_meeting"].(map[string]any)["virtual_background_settings"].(map[string]any)["files"].([]any)
	all := make([]map[string]any, len(list))
	for i, f := range list {
		all[i] = f.(map[string]any)
	}
	return all
}

// stored returns how many files the server's folder has.
func stored(t *testing.T, s *mustertest.Server) (n int) {
	t.Helper()
	err := filepath.WalkDir(s.Files, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestBackgroundsAreServed(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	g := newGroup(s, "Staff")
	upload := func(path, name, content string, fields ...string) map[string]any {
		t.Helper()
		return s.Must(201, "POST", path+"/settings/virtual_backgrounds", mustertest.Form(name, []byte(content), fields...))
	}
	first := upload(g, `C:\pictures\page.html`, dots)
	if first["name"] != "page.html" || first["type"] != "image" || first["is_default"] != false || first["size"].(json.Number).String() != fmt.Sprint(len(dots)) {
		t.Errorf("got %v", first)
	}
	link := strings.TrimPrefix(text(first["file_url"]), mustertest.Base)
	a := s.Send("GET", link, "")
	if a.Status != 200 || !bytes.Equal(a.Body, []byte(dots)) {
		t.Errorf("the file: got %d with %d bytes", a.Status, len(a.Body))
	}
	for name, want := range map[string]string{
		"Content-Type": "image/png", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox",
		"Referrer-Policy": "no-referrer", "Cache-Control": "private, max-age=3600",
	} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if a := s.Send("GET", link, "", "If-None-Match: "+a.Header.Get("ETag")); a.Status != 304 {
		t.Errorf("known already: got %d, want 304", a.Status)
	}
	for _, other := range []string{"nobody", url.PathEscape("../muster.db"), "..%2f..%2fetc%2fpasswd", strings.Repeat("x", 5000), "%00", "%ff"} {
		if a := s.Send("GET", "/files/"+other, ""); a.Status != 404 {
			t.Errorf("/files/%.40s: got %d, want 404", other, a.Status)
		}
	}

	second := upload(g, "b.png", dots, "is_default", "true")
	third := upload(g, "c.png", dots, "is_default", "1")
	list := backgrounds(s, t, g)
	if len(list) != 3 || list[0]["is_default"] != false || list[1]["is_default"] != false || list[2]["is_default"] != true || second["is_default"] != true {
		t.Errorf("of several only the last can be the default: got %v", list)
	}
	if n := stored(t, s); n != 1 {
		t.Errorf("one content is kept %d times", n)
	}

	s.Must(204, "DELETE", g+"/settings/virtual_backgrounds?file_ids="+text(first["id"])+","+text(second["id"]), "")
	if a := s.Send("GET", link, ""); a.Status != 404 {
		t.Errorf("a deleted file: got %d, want 404", a.Status)
	}
	s.Advance(2 * time.Hour)
	if err := s.App.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a := s.Send("GET", "/files/"+text(third["id"]), ""); a.Status != 200 {
		t.Errorf("what another file still has is gone: got %d", a.Status)
	}
	s.Must(204, "DELETE", g, "")
	if a := s.Send("GET", "/files/"+text(third["id"]), ""); a.Status != 404 {
		t.Errorf("a file of a group that is gone: got %d, want 404", a.Status)
	}
	if err := s.App.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := stored(t, s); n != 0 {
		t.Errorf("%d files are left that nobody has", n)
	}
}

func TestHostileUploads(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	g := newGroup(s, "Staff") + "/settings/virtual_backgrounds"
	token := s.Token()
	large := dots + strings.Repeat("x", muster.MaxBackground)
	for name, body := range map[string]string{
		"a byte too large": mustertest.Form("a.png", []byte(large[:muster.MaxBackground+1])),
		"much too large":   mustertest.Form("a.png", []byte(large+strings.Repeat("x", 8<<20))),
		"a script":         mustertest.Form("a.png", []byte("GIF89a/*<script>*/")),
		"no file":          "--b\r\nContent-Disposition: form-data; name=\"files\"\r\n\r\nx\r\n--b--\r\n",
	} {
		if a := s.As(token, "POST", g, body); a.Status != 400 || a.Code(t) != 120 {
			t.Errorf("%s: got %d %.200s, want 400 with code 120", name, a.Status, a.Body)
		}
	}
	for name, body := range map[string]string{
		"cut":         mustertest.Form("a.png", []byte(dots))[:120],
		"no boundary": "--b\r\nx",
	} {
		if a := s.As(token, "POST", g, body); a.Status != 400 || a.Code(t) != 300 {
			t.Errorf("%s: got %d %.200s, want 400 with code 300", name, a.Status, a.Body)
		}
	}
	if a := s.As(s.Token("group:read:admin"), "POST", g, mustertest.Form("a.png", []byte(large))); a.Code(t) != 4711 {
		t.Errorf("without the scope: got %d %.200s", a.Status, a.Body)
	}
	again := func(content string) mustertest.Answer {
		return s.Send("POST", g, mustertest.Form("a.png", []byte(content)), "Authorization: Bearer "+token, "Content-Type: multipart/form-data; boundary=frontier", "Idempotency-Key: once")
	}
	one, two, other := again(dots), again(dots), again(dots+"x")
	if one.Status != 201 || !bytes.Equal(one.Body, two.Body) || two.Header.Get("Idempotent-Replayed") != "true" || other.Status != 409 {
		t.Errorf("with a key: got %d %s, then %d %s, then %d %s", one.Status, one.Body, two.Status, two.Body, other.Status, other.Body)
	}
	if n := s.Number(`SELECT COUNT(*) FROM files`); n != 1 {
		t.Errorf("got %d files, want 1", n)
	}
}

// TestUploadsAtOnce has more uploads at the same time than may be kept.
func TestUploadsAtOnce(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	g := newGroup(s, "Staff")
	token := s.Token()
	var mu sync.Mutex
	statuses := map[int]int{}
	var hands sync.WaitGroup
	for range 16 {
		hands.Go(func() {
			a := s.As(token, "POST", g+"/settings/virtual_backgrounds", mustertest.Form("a.png", []byte(dots), "is_default", "true"))
			mu.Lock()
			defer mu.Unlock()
			statuses[a.Status]++
		})
	}
	hands.Wait()
	list := backgrounds(s, t, g)
	defaults := 0
	for _, f := range list {
		if f["is_default"] == true {
			defaults++
		}
	}
	if len(list) != muster.MaxBackgrounds || statuses[201] != muster.MaxBackgrounds || statuses[400] != 6 || defaults != 1 {
		t.Errorf("got %d files, %d of them the default, statuses %v", len(list), defaults, statuses)
	}
	if n := s.Number(`SELECT COUNT(*) FROM files`); n != muster.MaxBackgrounds {
		t.Errorf("got %d rows, want %d", n, muster.MaxBackgrounds)
	}
}

// TestBackgroundsOfEveryLevel uses the account's and a user's files: what is
// nearest holds, and a change of the settings only says which is the default.
func TestBackgroundsOfEveryLevel(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	g := newGroup(s, "Staff")
	by := muster.Actor{Home: "primary", Account: "primary", Admin: true}
	account := app.OwnerRef{Level: settings.Account}
	var ids []string
	for range 2 {
		f, err := s.App.AddBackground(t.Context(), by, account, app.Upload{Name: "a.png", Content: []byte(dots)})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, f.ID)
	}
	if list := backgrounds(s, t, g); len(list) != 2 || list[0]["id"] != ids[0] {
		t.Errorf("the group does not have its account's: got %v", list)
	}
	set := func(files string) error {
		var list []any
		if err := json.Unmarshal([]byte(files), &list); err != nil {
			t.Fatal(err)
		}
		return s.App.SetOwnerSettings(t.Context(), by, account, "", map[string]any{"in_meeting": map[string]any{"virtual_background_settings": map[string]any{"files": list}}})
	}
	if err := set(`[{"id":"` + ids[1] + `","is_default":true,"name":"hacked","size":1}]`); err != nil {
		t.Fatal(err)
	}
	if list := backgrounds(s, t, g); len(list) != 2 || list[1]["is_default"] != true || list[1]["name"] != "a.png" || list[0]["is_default"] != false {
		t.Errorf("got %v, want both, the second as the default", list)
	}
	if err := set(`[{"id":"made-up","is_default":true}]`); muster.CodeOf(err) != muster.Invalid {
		t.Errorf("a file that is not there: got %v", err)
	}
	s.Must(201, "POST", g+"/settings/virtual_backgrounds", mustertest.Form("b.png", []byte(dots)))
	if list := backgrounds(s, t, g); len(list) != 1 || list[0]["name"] != "b.png" {
		t.Errorf("got %v, want the group's own", list)
	}
	if err := s.App.SetOwnerLocks(t.Context(), by, account, settings.LockChange{Locks: map[string]bool{"in_meeting.virtual_background": true}}); err != nil {
		t.Fatal(err)
	}
	s.Refused(400, 300, "POST", g+"/settings/virtual_backgrounds", mustertest.Form("c.png", []byte(dots)))
	if list := backgrounds(s, t, g); len(list) != 2 {
		t.Errorf("got %v, want the account's, which has locked them", list)
	}
}
