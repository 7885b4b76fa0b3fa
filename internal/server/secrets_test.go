package server_test

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"muster/internal/mustertest"
	"muster/internal/pgtest"
)

// A scene is a server on which everything has happened that has secrets.
type scene struct {
	s       *mustertest.Server
	secrets map[string]string // what must stand neither in the log nor, where hashed, in the files
	hashed  []string
}

const (
	topic, agenda, passcode = "Confidentialtopic", "Confidentialagenda", "Pw-7Q9z"
	mail, name, phone       = "confidential.person@walk.test", "Confidentialname", "555-0199-77"
	password, question      = "Confidential-Passw0rd", "Confidentialquestion"
)

func play(t *testing.T) *scene {
	t.Helper()
	s := mustertest.New(t, mustertest.Options{Plan: "business"})
	basic := base64.StdEncoding.EncodeToString([]byte(s.Cred.ClientID + ":" + s.Cred.ClientSecret))
	got := s.Send("POST", "/oauth/token?grant_type=account_credentials&account_id="+s.Cred.AccountID, "", "Authorization: Basic "+basic).JSON(t)
	token, _ := got["access_token"].(string)
	do := func(method, path, body string) map[string]any {
		t.Helper()
		a := s.As(token, method, path, body)
		if a.Status >= 300 {
			t.Fatalf("%s %s: got %d %s", method, path, a.Status, a.Body)
		}
		return a.JSON(t)
	}
	do("POST", "/v2/users", `{"action":"autoCreate","user_info":{"email":"`+mail+`","type":2,"first_name":"`+name+`","password":"`+password+`"}}`)
	m := do("POST", "/v2/users/"+mail+"/meetings", `{"topic":"`+topic+`","agenda":"`+agenda+`","password":"`+passcode+`","type":2,"start_time":"2026-03-09T10:00:00Z","settings":{"approval_type":0}}`)
	path := "/v2/meetings/" + m["id"].(interface{ String() string }).String()
	r := do("POST", path+"/registrants", `{"email":"x`+mail+`","first_name":"`+name+`","phone":"`+phone+`"}`)
	join, _ := r["join_url"].(string)
	do("PATCH", path+"/registrants/questions", `{"custom_questions":[{"title":"`+question+`","type":"short"}]}`)
	do("GET", path+"/registrants?email=x"+mail, "")
	do("GET", path+"/invitation", "")
	s.Send("GET", strings.TrimPrefix(join, mustertest.Base), "")
	_, tk, _ := strings.Cut(join, "tk=")
	start, _ := m["start_url"].(string)
	_, zak, _ := strings.Cut(start, "zak=")
	pwd, _ := m["encrypted_password"].(string)
	misbehave(s, token, basic, path)
	s.Send("POST", "/oauth/revoke?token="+token, "", "Authorization: Basic "+basic)
	return &scene{s, map[string]string{
		"token": token, "client secret": s.Cred.ClientSecret, "basic": basic, "password": password, "topic": topic, "agenda": agenda,
		"passcode": passcode, "email": mail, "name": name, "phone": phone, "join token": tk, "pwd": pwd, "zak": zak, "question": question,
		"wrong secret": "a-wrong-secret", "wrong token": "a-wrong-token",
	}, []string{token, s.Cred.ClientSecret, basic, password, tk, zak}}
}

// misbehave sends what is refused, with secrets where they do not belong.
func misbehave(s *mustertest.Server, token, basic, path string) {
	auth := "Authorization: Bearer " + token
	s.Send("GET", "/v2/users?access_token="+token, "")
	s.Send("GET", "/v2/users/"+mail+"?"+name, "", auth)
	s.Send("GET", "/nothing/"+mail+"/"+token+"?tk="+token, "", auth)
	s.Send("GET", "/v2/users", "", "Authorization: Bearer a-wrong-token")
	s.Send("POST", "/oauth/token?grant_type="+mail+"&client_id="+s.Cred.ClientID+"&client_secret=a-wrong-secret", "")
	s.Send("POST", "/oauth/token", "grant_type=x&client_secret="+s.Cred.ClientSecret, "Authorization: Basic "+basic)
	s.Send("POST", path+"/registrants", `{"email":"`+mail+`","first_name":["`+name+`"]}`, auth, "Content-Type: application/json")
	s.Send("POST", path+"/registrants", `{"`+mail+`":1,"`+mail+`":2}`, auth, "Content-Type: application/json")
	s.Send("POST", path+"/registrants", `{"email":"`+mail, auth, "Content-Type: "+mail)
	s.Send("PUT", path+"/registrants/status", `{"action":"deny","registrants":[{"email":"nobody`+mail+`"}]}`, auth)
	s.Send("POST", path+"/registrants", `{"email":"`+mail+`"}`, auth, "Idempotency-Key: "+name+strings.Repeat("x", 300))
	s.Send("GET", "/w/1?tk="+token+mail, "", "User-Agent: "+mail, "Referer: https://x/?tk="+token)
}

// TestLogTellsNoSecrets plays everything and reads the log.
func TestLogTellsNoSecrets(t *testing.T) {
	t.Parallel()
	c := play(t)
	log := c.s.Log.String()
	if lines := strings.Count(log, "msg=request"); lines < 15 {
		t.Fatalf("got %d lines of requests, want one for each:\n%s", lines, log)
	}
	for what, secret := range c.secrets {
		if len(secret) < 6 {
			t.Fatalf("%s: %q is no secret: the scene is broken", what, secret)
		}
		if strings.Contains(log, secret) {
			t.Errorf("the log tells the %s:\n%s", what, log)
		}
	}
}

// TestFilesHoldNoSecrets looks for clear texts in the bytes of the database,
// its write-ahead log among them.
func TestFilesHoldNoSecrets(t *testing.T) {
	t.Parallel()
	if pgtest.On() {
		t.Skip("it reads SQLite's files")
	}
	c := play(t)
	files, err := filepath.Glob(filepath.Join(filepath.Dir(c.s.Database), "*"))
	if err != nil || len(files) < 2 {
		t.Fatalf("got files %v, %v; want the database and its log", files, err)
	}
	found := false
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		found = found || bytes.Contains(b, []byte(topic))
		for _, secret := range c.hashed {
			if bytes.Contains(b, []byte(secret)) {
				t.Errorf("%s holds %q in clear", filepath.Base(f), secret)
			}
		}
	}
	if !found {
		t.Error("the topic stands in no file: the test looks at the wrong ones")
	}
}

// TestInternalErrorsTellNothing takes the database away.
func TestInternalErrorsTellNothing(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	meeting := s.Meeting("")
	token := s.Token()
	if err := s.App.DB.Close(); err != nil {
		t.Fatal(err)
	}
	basic := "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(s.Cred.ClientID+":"+s.Cred.ClientSecret))
	for line, want := range map[string]string{
		"GET /v2/users":      `{"code":500,"message":"Internal error."}`,
		"GET " + meeting:     `{"code":500,"message":"Internal error."}`,
		"DELETE " + meeting:  `{"code":500,"message":"Internal error."}`,
		"POST /oauth/token?": `{"error":"server_error","reason":"Internal error."}`,
	} {
		method, path, _ := strings.Cut(line, " ")
		auth := "Authorization: Bearer " + token
		if strings.HasPrefix(path, "/oauth") {
			auth = basic
		}
		a := s.Send(method, path, "", auth)
		if a.Status != 500 || string(a.Body) != want {
			t.Errorf("%s: got %d %s, want 500 %s", line, a.Status, a.Body, want)
		}
		if a.Header.Get("X-Content-Type-Options") != "nosniff" || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: got headers %v", line, a.Header)
		}
	}
	page := s.Send("GET", "/w/12345678901?tk="+strings.Repeat("a", 44), "")
	if page.Status != 500 || strings.Contains(string(page.Body), "store") || strings.Contains(string(page.Body), "sql") {
		t.Errorf("the page: got %d %s", page.Status, page.Body)
	}
	if log := s.Log.String(); !strings.Contains(log, "level=ERROR") || !strings.Contains(log, "closed") {
		t.Errorf("the log does not say what broke:\n%s", log)
	}
	if ready := s.Send("GET", "/readyz", ""); ready.Status != 503 {
		t.Errorf("/readyz: got %d, want 503", ready.Status)
	}
}
