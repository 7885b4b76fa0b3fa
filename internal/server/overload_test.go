package server_test

import (
	"encoding/base64"
	"errors"
	"runtime"
	"sync"
	"testing"

	"muster/internal/mustertest"
	"muster/internal/store"
)

// TestOverload fills the queue of writes. Whoever comes then is told to come
// again, in each dialect's words, and nothing of it is an internal error.
func TestOverload(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	meeting, token := s.Meeting(""), s.Token()
	db := s.App.DB
	busy, done := make(chan bool), make(chan bool)
	var writers sync.WaitGroup
	writers.Go(func() {
		if err := db.Write(t.Context(), func(*store.Tx) error { close(busy); <-done; return nil }); err != nil {
			t.Error(err)
		}
	})
	<-busy
	const queue, more = 1024, 64 // more than Postgres has connections; whom no place is left for is told so
	for range queue + more {
		writers.Go(func() {
			if err := db.Write(t.Context(), func(*store.Tx) error { <-done; return nil }); err != nil && !errors.Is(err, store.ErrBusy) {
				t.Error(err)
			}
		})
	}
	for db.Waiting() < queue {
		runtime.Gosched()
	}
	add := s.As(token, "POST", meeting+"/registrants", `{"email":"ann@walk.test"}`)
	if add.Status != 503 || add.Code(t) != 503 || add.Header.Get("Retry-After") != "1" {
		t.Errorf("add: got %d %s, Retry-After %q; want 503 and 1", add.Status, add.Body, add.Header.Get("Retry-After"))
	}
	keyed := s.Send("POST", meeting+"/registrants", `{"email":"ann@walk.test"}`, "Authorization: Bearer "+token, "Idempotency-Key: k")
	if keyed.Status != 503 || keyed.Code(t) != 503 {
		t.Errorf("add with a key: got %d %s, want 503", keyed.Status, keyed.Body)
	}
	basic := base64.StdEncoding.EncodeToString([]byte(s.Cred.ClientID + ":" + s.Cred.ClientSecret))
	issue := s.Send("POST", "/oauth/token?grant_type=account_credentials&account_id="+s.Cred.AccountID, "", "Authorization: Basic "+basic)
	if issue.Status != 503 || issue.JSON(t)["error"] != "temporarily_unavailable" || issue.Header.Get("Retry-After") != "1" {
		t.Errorf("token: got %d %s, want 503 temporarily_unavailable", issue.Status, issue.Body)
	}
	if list := s.As(token, "GET", meeting+"/registrants", ""); list.Status != 200 {
		t.Errorf("a read meanwhile: got %d %s, want 200", list.Status, list.Body)
	}
	close(done)
	writers.Wait()
	if again := s.Send("POST", meeting+"/registrants", `{"email":"ann@walk.test"}`, "Authorization: Bearer "+token, "Idempotency-Key: k"); again.Status != 201 {
		t.Errorf("the same again: got %d %s, want 201", again.Status, again.Body)
	}
}
