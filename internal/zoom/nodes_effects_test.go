package zoom_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"muster/internal/mustertest"
)

// consistent fails unless the tallies of every meeting and occurrence are what
// the rows give, and nobody is kept in another way than their meeting says.
func consistent(t *testing.T, s *mustertest.Server) {
	t.Helper()
	const counted = `
		SELECT m, o, SUM(pending), SUM(approved), SUM(denied), SUM(cancelled) FROM (
			SELECT meeting_id AS m, 0 AS o, status FROM registrants
			UNION ALL SELECT meeting_id, slot, status FROM registrants WHERE slot <> 0
			UNION ALL SELECT meeting_id, occurrence_id, status FROM choices
		) AS held CROSS JOIN LATERAL (SELECT
			CAST(status = 'pending' AS INTEGER) AS pending, CAST(status = 'approved' AS INTEGER) AS approved,
			CAST(status = 'denied' AS INTEGER) AS denied, CAST(status = 'cancelled' AS INTEGER) AS cancelled
		) AS each_one GROUP BY m, o`
	const told = `SELECT meeting_id, occurrence_id, pending, approved, denied, cancelled FROM tallies
		WHERE pending <> 0 OR approved <> 0 OR denied <> 0 OR cancelled <> 0`
	for what, query := range map[string]string{
		"tallies that no rows give":         told + ` EXCEPT ` + counted,
		"rows that the tallies do not tell": counted + ` EXCEPT ` + told,
		"waitlisted":                        `SELECT meeting_id FROM tallies WHERE waitlisted <> 0`,
		"fewer made than there are":         `SELECT meeting_id FROM tallies WHERE occurrence_id = 0 AND made < pending + approved + denied + cancelled`,
		"one code twice":                    `SELECT meeting_id FROM registrants GROUP BY meeting_id, substring(person FROM '"pin":[0-9]+') HAVING COUNT(*) > 1`,
		"kept for one date, or choices, against the meeting's registration_type": `
			SELECT m.id FROM meetings m JOIN registrants r ON r.meeting_id = m.id LEFT JOIN choices c ON c.meeting_id = m.id AND c.registrant_id = r.id
			WHERE (m.type = 8 AND m.registration_type = 2) <> (r.slot <> 0) OR (m.type = 8 AND m.registration_type = 3) <> (c.registrant_id IS NOT NULL)`,
	} {
		if rows := s.Texts(`SELECT CAST(wrong AS TEXT) FROM (` + query + `) AS wrong`); len(rows) > 0 {
			t.Errorf("%s: %v", what, rows)
		}
	}
}

// TestNodesDoNotOversell has 210 callers at three nodes who want some 300
// places of 50: one by one, in batches and by approving people who are out.
func TestNodesDoNotOversell(t *testing.T) {
	t.Parallel()
	all := nodes(t, mustertest.Options{Capacity: 100}, `"approval_type":1`)
	r := all[0]
	out := numbered("out", 60)
	for i := range 2 {
		r.Must(200, "POST", r.path+"/batch_registrants", batch(out[i*30:i*30+30]...))
		r.set([]string{"deny", "cancel"}[i], "", out[i*30:i*30+30]...)
	}
	for i := range 2 {
		r.Must(200, "POST", r.path+"/batch_registrants", batch(numbered(fmt.Sprint("in", i), 25)...))
	}
	token := r.Token()
	var mu sync.Mutex
	taken := 0
	rush(210, func(i int) {
		method, path, body, wants, full := "POST", "/registrants", fmt.Sprintf(`{"email":"one%d@example.com","auto_approve":%t}`, i, i%2 == 0), 1, 400
		switch i / 3 % 5 { // so that each node has all kinds
		case 3:
			method, path, body = "PUT", "/registrants/status", change("approve", out[i%60])
		case 4:
			path, body, wants, full = "/batch_registrants", batch(numbered(fmt.Sprintf("batch%d-", i), 4)...), 4, 404
		}
		a := all[i%3].As(token, method, r.path+path, body)
		mu.Lock()
		defer mu.Unlock()
		if a.Status < 300 && method == "POST" {
			taken += wants
		} else if a.Status >= 300 && (a.Status != full || a.Code(t) != 3043) {
			t.Errorf("%s %s: got %d %s", method, path, a.Status, a.Body)
		}
	})
	approved := 60 - len(all[1].people("status=denied")) // of those who were out
	if places, _ := all[2].counted(""); places != 100 || 50+taken+approved != 100 {
		t.Errorf("%d places are taken; the answers gave %d, and %d were approved: want 100", places, taken, approved)
	}
	consistent(t, r.Server)
}

// TestNodesRunAKeyOnce sends one request under one Idempotency-Key to three
// nodes at once: it has one effect and is answered alike thrice.
func TestNodesRunAKeyOnce(t *testing.T) {
	t.Parallel()
	all := nodes(t, mustertest.Options{}, `"approval_type":0`)
	path, token := all[0].path, all[0].Token()
	id := all[0].add(ann, "")["registrant_id"].(string)
	for round := range 4 {
		for i, w := range []struct{ method, path, body, count string }{
			{"POST", path + "/registrants", fmt.Sprintf(`{"email":"one%d@example.com"}`, round), `SELECT SUM(made) FROM tallies`},
			{"POST", path + "/batch_registrants", batch(numbered(fmt.Sprint("b", round), 1)...), `SELECT SUM(made) FROM tallies`},
			{"POST", "/v2/users/me/meetings", `{"topic":"x"}`, `SELECT COUNT(*) FROM meetings`},
			{"PATCH", path + "/registrants/" + id, `{"reset_link":true}`, `SELECT COUNT(*) FROM events WHERE kind = 'registrant.edited'`},
		} {
			key := fmt.Sprintf("round %d of %d", round, i)
			before := all[0].Number(w.count)
			answers := make([]mustertest.Answer, 3)
			rush(3, func(n int) { answers[n] = all[n].keyed(token, key, w.method, w.path, w.body) })
			replayed := 0
			for n, a := range answers {
				if a.Status >= 300 || string(a.Body) != string(answers[0].Body) {
					t.Errorf("%s, node %d: got %d %s, want the answer of the first, %s", key, n, a.Status, a.Body, answers[0].Body)
				}
				if a.Header.Get("Idempotent-Replayed") != "" {
					replayed++
				}
			}
			if effects := all[0].Number(w.count) - before; effects != 1 || replayed != 2 {
				t.Errorf("%s %s: %d effects and %d replays, want 1 and 2", w.method, w.path, effects, replayed)
			}
		}
	}
}

// TestNodesRefuseAKeyForTwoRequests sends two requests under one key: one is
// done, the other refused, whichever comes first.
func TestNodesRefuseAKeyForTwoRequests(t *testing.T) {
	t.Parallel()
	all := nodes(t, mustertest.Options{}, `"approval_type":0`)
	token := all[0].Token()
	for round := range 6 {
		codes := make([]string, 3)
		rush(3, func(n int) {
			a := all[n].keyed(token, fmt.Sprint("round ", round), "POST", all[0].path+"/registrants", fmt.Sprintf(`{"email":"r%dn%d@example.com"}`, round, n))
			codes[n] = fmt.Sprintf("%d/%d", a.Status, a.Code(t))
		})
		if got := strings.Join(codes, " "); strings.Count(got, "201/0") != 1 || strings.Count(got, "409/3000") != 2 {
			t.Errorf("got %s, want one 201 and two 409 with code 3000", got)
		}
	}
	if n := all[0].Number(`SELECT COUNT(*) FROM registrants`); n != 6 {
		t.Errorf("got %d people, want 6", n)
	}
}

// TestNodesKnowAPerson registers one email at three nodes at once.
func TestNodesKnowAPerson(t *testing.T) {
	t.Parallel()
	all := nodes(t, mustertest.Options{}, `"approval_type":0`)
	token := all[0].Token()
	for round := range 5 {
		ids := make([]string, 9)
		rush(9, func(i int) {
			email := fmt.Sprintf("P%d@example.com", round)
			if i%2 == 0 {
				email = strings.ToLower(email)
			}
			if i < 6 {
				a := all[i%3].As(token, "POST", all[0].path+"/registrants", fmt.Sprintf(`{"email":%q,"first_name":"n%d"}`, email, i))
				ids[i] = fmt.Sprint(a.Status, " ", member(a.JSON(t), "registrant_id"))
				return
			}
			a := all[i%3].As(token, "POST", all[0].path+"/batch_registrants", batch(email))
			row := a.JSON(t)["registrants"].([]any)[0].(map[string]any)
			ids[i] = fmt.Sprint(a.Status+1, " ", member(row, "registrant_id"))
		})
		for i, id := range ids {
			if id != ids[0] || !strings.HasPrefix(id, "201 ") {
				t.Errorf("round %d: call %d got %s, the first %s", round, i, id, ids[0])
			}
		}
		if made := all[0].Number(`SELECT SUM(made) FROM tallies`); made != int64(round+1) {
			t.Errorf("got %d registrations made, want %d", made, round+1)
		}
	}
	consistent(t, all[0].Server)
}

// TestNodesCountTheDay: the limits of a day are the database's, not a node's.
func TestNodesCountTheDay(t *testing.T) {
	t.Parallel()
	all := nodes(t, mustertest.Options{Plan: "business"}, `"approval_type":0`)
	token, path := all[0].Token(), all[0].path
	results := func(n int, send func(i int) mustertest.Answer) (done, limited int) {
		var mu sync.Mutex
		rush(n, func(i int) {
			a := send(i)
			mu.Lock()
			defer mu.Unlock()
			if a.Status < 300 {
				done++
			} else if limited++; a.Status != 429 || !strings.Contains(string(a.Body), "daily rate limit") {
				t.Errorf("got %d %s", a.Status, a.Body)
			}
		})
		return done, limited
	}
	done, limited := results(9, func(i int) mustertest.Answer {
		return all[i%3].As(token, "POST", path+"/registrants", `{"email":"p@example.com"}`)
	})
	if done != 3 || limited != 6 {
		t.Errorf("one person: %d done, %d limited, want 3 and 6", done, limited)
	}
	done, limited = results(15, func(i int) mustertest.Answer {
		return all[i%3].As(token, "PUT", path+"/registrants/status", change([]string{"deny", "approve"}[i%2], "p@example.com"))
	})
	if done != 10 || limited != 5 {
		t.Errorf("changes of a person: %d done, %d limited, want 10 and 5", done, limited)
	}
	done, limited = results(120, func(i int) mustertest.Answer {
		return all[i%3].As(token, "POST", "/v2/users/me/meetings", `{"topic":"x"}`)
	})
	if done != 99 || limited != 21 { // the room's own meeting is one
		t.Errorf("meetings of a host: %d done, %d limited, want 99 and 21", done, limited)
	}
	for i, n := range all {
		a := n.As(token, "POST", path+"/batch_registrants", "")
		if left := limit(a.Header, "Remaining"); left != fmt.Sprint(60_000-1-i) {
			t.Errorf("requests of the account: node %d tells %s left, want %d", i, left, 60_000-1-i)
		}
	}
}

// TestNodesKeepToTheRegistrationType changes the registration type of a series
// at one node while the first people register at others.
func TestNodesKeepToTheRegistrationType(t *testing.T) {
	t.Parallel()
	mustertest.NeedNodes(t)
	r, _ := weekly(t, mustertest.Options{}, `"approval_type":0`)
	all, token := spread(t, r), r.Token()
	kinds := map[string]int{}
	for range 12 {
		path := r.Meeting(`"type":8,"start_time":"2026-03-10T10:00:00Z","recurrence":{"type":2,"weekly_days":"3","end_times":4}`)
		var ids []string
		for _, o := range r.Must(200, "GET", path, "")["occurrences"].([]any) {
			ids = append(ids, o.(map[string]any)["occurrence_id"].(string))
		}
		var mu sync.Mutex
		rush(12, func(i int) {
			var a mustertest.Answer
			what := []string{"change", "choose", "register", "register"}[i%4]
			switch what {
			case "change":
				a = all[i%3].As(token, "PATCH", path, fmt.Sprintf(`{"settings":{"registration_type":%d}}`, 2+i/4%2))
			case "choose":
				a = all[i%3].As(token, "POST", path+"/registrants?occurrence_ids="+ids[i%4], fmt.Sprintf(`{"email":"p%d@example.com"}`, i))
			default:
				a = all[i%3].As(token, "POST", path+"/registrants", fmt.Sprintf(`{"email":"p%d@example.com"}`, i))
			}
			if a.Status >= 300 && (a.Status != 400 || a.Code(t) != 300) {
				t.Errorf("%s: got %d %s", what, a.Status, a.Body)
			}
			mu.Lock()
			defer mu.Unlock()
			kinds[fmt.Sprint(what, " ", a.Status < 300)]++
		})
	}
	consistent(t, r.Server)
	if kinds["change true"] == 0 || kinds["change false"] == 0 || kinds["register true"] == 0 {
		t.Errorf("got %v: the race was none", kinds)
	}
}
