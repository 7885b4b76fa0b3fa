package app_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/mustertest"
	"muster/internal/settings"
	"muster/internal/store"
)

func TestSettingsAreBounded(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	path := strings.TrimSuffix(s.Meeting(""), "/")
	set := func(name string) string {
		return fmt.Sprintf(`{"settings":{%q:%q}}`, name, strings.Repeat("x", 200_000))
	}
	s.Must(204, "PATCH", path, set("contact_name"))
	if told := s.Refused(400, 300, "PATCH", path, set("authentication_domains")); !strings.Contains(told, `"field":"settings"`) {
		t.Errorf("settings that grow update by update: got %s", told)
	}
}

// TestTurnThatDoesNotCome: who waits for the database as long as a request may
// last is told to come again, not that something is broken.
func TestTurnThatDoesNotCome(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	late, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	name := "Late"
	if _, err := s.App.IMGroups(late, forAccount); muster.CodeOf(err) != muster.Overloaded {
		t.Errorf("a read: got %v, want Overloaded", err)
	}
	if _, err := s.App.CreateIMGroup(late, forAccount, app.IMGroupChange{Name: &name}); muster.CodeOf(err) != muster.Overloaded {
		t.Errorf("a write: got %v, want Overloaded", err)
	}
	if list := s.Must(200, "GET", "/v2/im/groups", "")["groups"].([]any); len(list) != 0 {
		t.Errorf("got %v, want nothing written", list)
	}
}

func TestAlternativeHostsAreKeptOnce(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	path := s.Meeting("")
	helper := s.Must(201, "POST", "/v2/users", `{"action":"create","user_info":{"email":"helper@muster.test","type":2}}`)["id"].(string)
	s.Must(204, "PATCH", path, fmt.Sprintf(`{"settings":{"alternative_hosts":"helper@muster.test,%s;HELPER@muster.test%s"}}`,
		helper, strings.Repeat(",helper@muster.test", 5_000)))
	number, _ := strings.CutPrefix(path, "/v2/meetings/")
	err := s.App.DB.Read(t.Context(), func(tx *store.Tx) error {
		var id int64
		if _, err := fmt.Sscan(number, &id); err != nil {
			return err
		}
		m, err := tx.Meeting(t.Context(), "primary", id)
		if err == nil && (len(m.AlternativeHosts) != 1 || m.AlternativeHosts[0] != helper) {
			t.Errorf("got %q, want only %s", m.AlternativeHosts, helper)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOneOccurrenceTakesTheRecurrenceOfItsSeries(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	made := s.Must(201, "POST", "/v2/users/me/meetings",
		`{"topic":"Course","type":8,"start_time":"2026-04-01T10:00:00Z","recurrence":{"type":2,"weekly_days":"4","end_times":3}}`)
	date := made["occurrences"].([]any)[1].(map[string]any)["occurrence_id"]
	path := fmt.Sprintf("/v2/meetings/%v?occurrence_id=%v", made["id"], date)
	s.Must(204, "PATCH", path, `{"duration":30,"recurrence":{"type":2,"repeat_interval":1,"weekly_days":"4","end_times":3}}`)
	s.Refused(400, 300, "PATCH", path, `{"recurrence":{"type":2,"repeat_interval":1,"weekly_days":"5","end_times":3}}`)
}

func TestPurgeForgetsStoredAnswers(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	a := s.Send("POST", s.Meeting("")+"/registrants", `{"email":"ada@example.com","first_name":"Ada"}`,
		"Authorization: Bearer "+s.Token(), "Content-Type: application/json", "Idempotency-Key: one")
	if a.Status != 201 {
		t.Fatalf("got %d %s", a.Status, a.Body)
	}
	for _, tt := range []struct {
		later time.Duration
		want  int64
	}{{23 * time.Hour, 1}, {2 * time.Hour, 0}} {
		s.Advance(tt.later)
		if err := s.App.Purge(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := s.Number(`SELECT COUNT(*) FROM idempotency`); got != tt.want {
			t.Errorf("at %v: got %d stored answers, want %d", s.Now(), got, tt.want)
		}
	}
}

// TestPurgeGoesOnAfterAFailure has settings that cannot be read where the purge
// looks for how long an account keeps its audit.
func TestPurgeGoesOnAfterAFailure(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	s.Token()
	digest, err := s.App.Blobs.Put([]byte("of nobody"), s.Now())
	if err != nil {
		t.Fatal(err)
	}
	err = s.App.DB.Write(t.Context(), func(tx *store.Tx) error {
		return tx.PutOwnerSettings(t.Context(), "primary", int64(settings.Account), "primary", store.OwnerSettings{Values: []byte("no JSON")})
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Advance(50 * time.Hour)
	if err := s.App.Purge(t.Context()); err == nil || !strings.Contains(err.Error(), "settings of account primary") {
		t.Errorf("got %v, want an error that tells of the settings", err)
	}
	if n := s.Number(`SELECT COUNT(*) FROM tokens`); n != 0 {
		t.Errorf("got %d expired tokens, want none", n)
	}
	if f, err := s.App.Blobs.Open(digest); !errors.Is(err, fs.ErrNotExist) {
		_ = f.Close() // it was only opened
		t.Errorf("the content of no file: got %v, want that it is gone", err)
	}
}
