package webex_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/internal/muster"
	"muster/internal/mustertest"
)

const hookBody = `{"name":"Mine","targetUrl":"https://hidden.test/path-of-the-hook","resource":"meetings","event":"created","secret":"secret-of-the-hook"%s}`

// TestWebhooksStayBetweenUs: neither the log nor the events tell the target or
// the secret, and no other app of the account sees them.
func TestWebhooksStayBetweenUs(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	path := "/v1/webhooks/" + s.Must(200, "POST", "/v1/webhooks", fmt.Sprintf(hookBody, `,"ownedBy":"org"`))["id"].(string)
	s.Must(200, "PUT", path, `{"name":"Mine","targetUrl":"https://hidden.test/other-path","secret":"other-secret"}`)
	s.Must(400, "PUT", path, `{"name":"Mine","targetUrl":"hidden.test/no-url","secret":"third-secret"}`)
	other := s.Token()
	if a := s.As(other, "GET", path, ""); a.Status != 404 {
		t.Errorf("another app: got %d %s, want 404", a.Status, a.Body)
	}
	if a := s.As(other, "GET", "/v1/webhooks?ownedBy=org", ""); string(a.Body) != `{"items":[]}` {
		t.Errorf("another app's list: got %s", a.Body)
	}
	s.Must(204, "DELETE", path, "")
	events := strings.Join(s.Events(), "\n")
	for place, text := range map[string]string{"the log": s.Log.String(), "the events": events} {
		for _, secret := range []string{"hidden.test", "path-of-the-hook", "secret-of-the-hook", "other-path", "other-secret", "third-secret"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s tells %q", place, secret)
			}
		}
	}
	for _, kind := range []string{"webhook.created", "webhook.updated", "webhook.deleted"} {
		if strings.Count(events, kind) != 1 || !strings.Contains(events, kind+` ["`+strings.TrimPrefix(path, "/v1/webhooks/")) {
			t.Errorf("the events have no %s with the id:\n%s", kind, events)
		}
	}
}

func TestWebhooksPageByPage(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	var all, ofAccount []string
	for i := range 9 {
		more := ""
		if i%2 == 0 {
			more = `,"ownedBy":"org"`
		}
		if i%3 == 0 {
			s.Advance(time.Second)
		}
		id := s.Must(200, "POST", "/v1/webhooks", fmt.Sprintf(hookBody, more))["id"].(string)
		all = append(all, id)
		if more != "" {
			ofAccount = append(ofAccount, id)
		}
	}
	for path, want := range map[string][]string{"/v1/webhooks?max=2": all, "/v1/webhooks?max=2&ownedBy=org": ofAccount, "/v1/webhooks": all} {
		got := values(walk(t, s, path, func([]map[string]any) {}), "id")
		slices.Sort(got) // those of one time stand in any order
		if want := slices.Sorted(slices.Values(want)); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", path, got, want)
		}
	}
}

// TestWebhooksAreCounted: calls at the same time do not pass the ceiling
// together, and another app has its own.
func TestWebhooksAreCounted(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	body := fmt.Sprintf(hookBody, "")
	for range muster.MaxWebhooks - 1 {
		s.Must(200, "POST", "/v1/webhooks", body)
	}
	statuses := make([]int, 6)
	var all sync.WaitGroup
	for i := range statuses {
		all.Go(func() { statuses[i] = s.Do("POST", "/v1/webhooks", body).Status })
	}
	all.Wait()
	slices.Sort(statuses)
	if want := []int{200, 409, 409, 409, 409, 409}; !slices.Equal(statuses, want) {
		t.Errorf("got %v, want %v", statuses, want)
	}
	if a := s.As(s.Token(), "POST", "/v1/webhooks", body); a.Status != 200 {
		t.Errorf("another app: got %d %s, want 200", a.Status, a.Body)
	}
	list := s.Must(200, "GET", "/v1/webhooks", "")["items"].([]any)
	s.Must(204, "DELETE", "/v1/webhooks/"+list[0].(map[string]any)["id"].(string), "")
	s.Must(200, "POST", "/v1/webhooks", body)
}
