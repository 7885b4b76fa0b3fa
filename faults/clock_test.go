//go:build linux

package faults

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"muster/internal/mustertest"
	"muster/internal/pgtest"
)

// TestClock lets clients register people and list them while the clock of the
// server jumps back and forth by up to a month. A Go program cannot be given
// another clock from outside, so this server is one in the test's process.
func TestClock(t *testing.T) {
	faulty(t)
	if pgtest.On() {
		jumpingClock(t, "pgx")
		return
	}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		jumpingClock(t, "sqlite")
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		if reason, ok := pgtest.Available(); !ok {
			t.Skip(reason)
		}
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestClock$", "-test.v")
		cmd.Env = append(os.Environ(), "MUSTER_TEST_ENGINE=postgres") // as pgtest.Again does with a whole package
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		t.Logf("%s", out)
	})
}

func jumpingClock(t *testing.T, driver string) {
	t.Helper()
	s := mustertest.New(t, mustertest.Options{})
	first := &clockClient{server: s, api: newAPI(s.URL)}
	first.renew()
	meeting := first.api.meeting(t, 0)
	clients := make([]*clockClient, 5)
	var working, jumping sync.WaitGroup
	var calm sync.RWMutex
	ctx, cancel := context.WithCancel(t.Context())
	for i := range clients {
		c := &clockClient{server: s, api: newAPI(s.URL), meeting: meeting, calm: &calm, name: fmt.Sprintf("c%d", i)}
		clients[i] = c
		working.Go(func() {
			for n := 0; n < times(60, 2000) && len(c.problems) == 0; n++ {
				c.step()
			}
		})
	}
	var jumps atomic.Int64
	jumping.Go(func() {
		for every := time.NewTicker(15 * time.Millisecond); ; jumps.Add(1) {
			select {
			case <-ctx.Done():
				every.Stop()
				return
			case <-every.C:
			}
			calm.Lock()
			s.Set(mustertest.Start.Add(time.Duration(rand.Int64N(int64(60*24*time.Hour))) - 30*24*time.Hour))
			calm.Unlock()
		}
	})
	working.Wait()
	cancel()
	jumping.Wait()
	added := 0
	for _, c := range clients {
		c.list()
		fail(t, c.problems)
		added += len(c.added)
	}
	all, total, err := clients[0].api.registrants(meeting)
	if err != nil || len(all) != added || total != added {
		t.Errorf("people: got %d listed and %d counted (%v), want %d", len(all), total, err, added)
	}
	db, err := sql.Open(driver, s.Database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }() // it only read
	state, err := read(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	fail(t, state.problems)
	renewed, begun := 0, 0
	for _, c := range clients {
		renewed, begun = renewed+c.renewed, begun+c.begun
	}
	t.Logf("%d jumps, %d people, %d tokens renewed, %d lists begun again: nobody lost, nobody twice", jumps.Load(), added, renewed, begun)
}

// A clockClient registers people and lists them, whatever the time is.
type clockClient struct {
	server   *mustertest.Server
	api      *api
	meeting  int64
	calm     *sync.RWMutex // who holds it for reading lives without jumps
	name     string
	added    []told // as answered, in order
	lastKey  string
	lastBody map[string]any
	renewed  int // tokens
	begun    int // lists that were begun again
	problems []string
}

func (c *clockClient) complain(format string, args ...any) {
	c.problems = append(c.problems, fmt.Sprintf(format, args...))
}

func (c *clockClient) renew() {
	c.renewed++
	if err := c.api.renew(c.server.Cred.AccountID, c.server.Cred.ClientID, c.server.Cred.ClientSecret); err != nil {
		c.complain("%v", err)
	}
}

// call calls with a token that lives, at most after some tries.
func (c *clockClient) call(method, path string, in any, key string) answer {
	for range 200 {
		ans := c.api.call(method, path, in, key)
		if ans.err == nil && ans.status != http.StatusUnauthorized {
			if ans.status >= 500 {
				c.complain("%s %s: got %v", method, path, ans)
			}
			return ans
		}
		c.renew()
	}
	return answer{err: fmt.Errorf("no token lives long enough")}
}

func (c *clockClient) step() {
	switch dice := rand.IntN(10); {
	case dice < 2:
		c.list()
	case dice < 5 && c.lastKey != "":
		if got := c.add(); len(c.problems) == 0 && got.ID != c.added[len(c.added)-1].ID {
			c.complain("the same under its key: got the id %s, want %s", got.ID, c.added[len(c.added)-1].ID)
		}
	default:
		c.lastKey = fmt.Sprintf("%s-%d", c.name, len(c.added))
		c.lastBody = map[string]any{"email": c.lastKey + "@example.com", "first_name": "Ann"}
		c.added = append(c.added, c.add())
	}
}

// add sends the last request, for the first time or again.
func (c *clockClient) add() (got told) {
	ans := c.call(http.MethodPost, fmt.Sprintf("/meetings/%d/registrants", c.meeting), c.lastBody, c.lastKey)
	if ans.status != http.StatusCreated {
		c.complain("add: got %v, want 201", ans)
	} else if err := json.Unmarshal(ans.body, &got); err != nil {
		c.complain("add: %v", err)
	}
	return got
}

// list reads all pages. Whom the client registered must be in them, in order,
// once. A page token that the clock has made old begins the list again, and
// after some beginnings the clock stays as it is until the end: a long list
// would never have one.
func (c *clockClient) list() {
	for try := range 10 {
		if try == 5 {
			c.calm.RLock()
			defer c.calm.RUnlock()
		}
		ids, ok := c.pages()
		if !ok {
			c.begun++
			continue
		}
		sorted := slices.Clone(ids)
		slices.Sort(sorted)
		if len(slices.Compact(sorted)) != len(ids) {
			c.complain("list: somebody is in it twice")
		}
		at := 0
		for _, id := range ids {
			if at < len(c.added) && id == c.added[at].ID {
				at++
			}
		}
		if at < len(c.added) {
			c.complain("list of %d: %s is not in it, or not in the order of registration", len(ids), c.added[at].ID)
		}
		return
	}
	c.complain("list: no page token lives long enough")
}

// pages returns the ids of everybody; false where a page token was refused.
func (c *clockClient) pages() (ids []string, ok bool) {
	next := ""
	for {
		query := url.Values{"page_size": {"300"}, "next_page_token": {next}}
		ans := c.call(http.MethodGet, fmt.Sprintf("/meetings/%d/registrants?%s", c.meeting, query.Encode()), nil, "")
		if next != "" && ans.code() == 300 && strings.Contains(string(ans.body), "next page token") {
			return nil, false
		}
		var page struct {
			Next        string `json:"next_page_token"`
			Registrants []listed
		}
		if err := json.Unmarshal(ans.body, &page); err != nil || !ans.ok() {
			c.complain("list: got %v", ans)
			return nil, true
		}
		for _, r := range page.Registrants {
			ids = append(ids, r.ID)
		}
		if next = page.Next; next == "" {
			return ids, true
		}
	}
}
