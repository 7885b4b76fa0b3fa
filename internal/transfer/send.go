package transfer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"

	"muster/internal/client"
	"muster/internal/roster"
)

// After so many refusals without a single success, something is wrong that no
// row can set right.
const maxRefusals = 100

// A sender sends the rows of a file that are not done yet. One goroutine reads
// and forms batches, some send, one writes the journal.
type sender struct {
	o       ImportOptions
	plan    *plan
	journal *journal
	results chan []roster.Result

	single    atomic.Bool  // batches are of no use here
	taken     atomic.Bool  // somebody was registered in this run
	refusals  atomic.Int32 // before the first success
	mu        sync.Mutex
	cause     error
	causeText string // for the rows that are not sent
}

func newSender(o ImportOptions, p *plan, j *journal) *sender {
	s := &sender{o: o, plan: p, journal: j, results: make(chan []roster.Result, 2*o.Concurrency)}
	s.single.Store(o.Single || len(o.Occurrences) > 0 || o.BatchSize == 1)
	return s
}

// run returns why it stopped, nil if every row has its turn.
func (s *sender) run(ctx context.Context, file *os.File) error {
	work := make(chan []entry)
	var workers, writer sync.WaitGroup
	for range s.o.Concurrency {
		workers.Go(func() {
			for batch := range work {
				s.send(ctx, batch)
			}
		})
	}
	writer.Go(s.write)
	s.read(ctx, file, work)
	close(work)
	workers.Wait()
	close(s.results)
	writer.Wait()
	return s.stopped()
}

// read forms batches of the rows to be sent. Which rows go together depends on
// the file alone, not on what is done already: a batch that was sent by a
// killed run is sent again with the same key.
func (s *sender) read(ctx context.Context, file *os.File, work chan<- []entry) {
	r, err := roster.NewReader(file)
	if err == nil && r.Layout().Hash != s.plan.layout.Hash {
		err = errors.New("the file changed while it was read: start again with --restart")
	}
	if err != nil {
		s.halt(err, "the file could not be read again")
		return
	}
	src := s.plan.source(r, s.o)
	var batch, open []entry
	flush := func() {
		if len(open) > 0 {
			work <- open
		}
		batch, open = nil, nil
	}
	for {
		e, err := src.next()
		if err != nil {
			flush()
			if !errors.Is(err, io.EOF) {
				s.halt(err, "the file could not be read on")
			}
			return
		}
		if ctx.Err() != nil {
			s.halt(explain(s.o.api, ctx.Err(), s.o.Meeting), "stopped before it was sent")
		}
		done := s.journal.final[e.line]
		if e.local.Outcome != "" {
			if !done {
				s.results <- []roster.Result{e.local}
			}
			continue
		}
		batch = append(batch, e)
		if !done {
			open = append(open, e)
		}
		if len(batch) == s.o.BatchSize {
			flush()
		}
	}
}

// write keeps the results as they come, several batches at once if they wait.
func (s *sender) write() {
	done := len(s.journal.final)
	for results := range s.results {
		for more := true; more && len(results) < 1000; {
			select {
			case next, ok := <-s.results:
				results, more = append(results, next...), ok
			default:
				more = false
			}
		}
		if err := s.journal.append(results); err != nil {
			s.halt(err, "the result file could not be written")
			continue
		}
		done += len(results)
		if s.o.Progress != nil {
			s.o.Progress(done, s.plan.summary.Rows)
		}
	}
}

func (s *sender) halt(cause error, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cause == nil {
		s.cause, s.causeText = cause, text
	}
}

func (s *sender) stopped() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cause
}

func (s *sender) send(ctx context.Context, batch []entry) {
	if !s.single.Load() {
		s.batch(ctx, batch)
		return
	}
	for _, e := range batch {
		s.one(ctx, e)
	}
}

// batch registers entries together and parts them where the server refuses.
func (s *sender) batch(ctx context.Context, entries []entry) {
	if s.stopped() != nil || ctx.Err() != nil {
		s.leave(entries)
		return
	}
	people := make([]client.Person, len(entries))
	for i, e := range entries {
		people[i] = e.person
	}
	answers, err := s.o.api.batch(ctx, &s.o, people, s.key("batch", people))
	v := s.o.api.judge(err)
	switch {
	case v == accepted:
		s.match(ctx, entries, answers)
	case v == wrongType:
		s.single.Store(true)
		s.send(ctx, entries)
	case v == halted:
		s.stop(err, entries)
	case len(entries) == 1:
		s.refuse(v, err, entries[0], said(err))
	default:
		s.part(ctx, v, err, entries)
	}
}

// part drops those whom the refusal names and sends the others again, or sends
// the halves if it names nobody.
func (s *sender) part(ctx context.Context, v verdict, err error, entries []entry) {
	var named map[int]string
	if v != full {
		named = blamed(err, entries)
	}
	if len(named) == 0 {
		s.batch(ctx, entries[:len(entries)/2])
		s.batch(ctx, entries[len(entries)/2:])
		return
	}
	var rest []entry
	for i, e := range entries {
		if text, ok := named[i]; ok {
			s.refuse(v, err, e, text)
			continue
		}
		rest = append(rest, e)
	}
	if len(rest) > 0 {
		s.batch(ctx, rest)
	}
}

func (s *sender) one(ctx context.Context, e entry) {
	if s.stopped() != nil || ctx.Err() != nil {
		s.leave([]entry{e})
		return
	}
	answer, err := s.o.api.single(ctx, &s.o, e.person, s.key("single", e.person))
	switch v := s.o.api.judge(err); v {
	case accepted:
		s.accept([]entry{e}, []registration{answer})
	case halted, wrongType:
		s.stop(err, []entry{e})
	default:
		s.refuse(v, err, e, said(err))
	}
}

// match finds the answer to each entry of a batch. Whom the server passed over
// is added alone, so that the reason comes out.
func (s *sender) match(ctx context.Context, entries []entry, answers []registration) {
	byEmail := map[string]registration{}
	for _, a := range answers {
		byEmail[strings.ToLower(a.email)] = a
	}
	var found, missing []entry
	var registrations []registration
	for i, e := range entries {
		a, ok := byEmail[strings.ToLower(e.email)]
		if !ok && len(answers) == len(entries) && answers[i].email == "" {
			a = answers[i]
		}
		if a.id == "" {
			missing = append(missing, e)
			continue
		}
		found, registrations = append(found, e), append(registrations, a)
	}
	s.accept(found, registrations)
	for _, e := range missing {
		s.one(ctx, e)
	}
}

func (s *sender) accept(entries []entry, answers []registration) {
	var results []roster.Result
	for i, e := range entries {
		a := answers[i]
		results = append(results, roster.Result{
			Row: e.line, Email: e.email, RegistrantID: a.id, JoinURL: a.joinURL, Outcome: a.outcome, Reason: a.reason,
		})
	}
	if len(results) > 0 {
		s.taken.Store(true)
		s.results <- results
	}
}

// refuse settles one entry that the server would not take.
func (s *sender) refuse(v verdict, err error, e entry, text string) {
	r := roster.Result{Row: e.line, Email: e.email, Outcome: roster.Refused, Reason: text}
	switch v {
	case full:
		s.halt(explain(s.o.api, err, s.o.Meeting), "the meeting is full")
		r.Outcome = roster.Open
	case limited:
		r.Outcome = roster.Open
	default:
		if !s.taken.Load() && s.refusals.Add(1) >= maxRefusals {
			s.halt(fmt.Errorf("the first %d rows were all refused, so something is wrong with the request and not with them; then start again with --retry-refused: %w", maxRefusals, err),
				"not sent: the rows before were all refused")
		}
	}
	s.results <- []roster.Result{r}
}

// stop ends the import for a reason that is no row's.
func (s *sender) stop(err error, entries []entry) {
	s.halt(explain(s.o.api, err, s.o.Meeting), "not sent: "+said(err))
	if e := client.Refused(err); e != nil && e.Status < 500 {
		s.leave(entries)
		return
	}
	s.open(entries, "sent, but the answer was lost: the next start sends it again, which doubles nobody")
}

// leave puts entries down as not sent.
func (s *sender) leave(entries []entry) {
	s.mu.Lock()
	text := s.causeText
	s.mu.Unlock()
	if text == "" {
		text = "stopped before it was sent"
	}
	s.open(entries, text)
}

func (s *sender) open(entries []entry, reason string) {
	var results []roster.Result
	for _, e := range entries {
		results = append(results, roster.Result{Row: e.line, Email: e.email, Outcome: roster.Open, Reason: reason})
	}
	s.results <- results
}

// key is the Idempotency-Key of a request: the same for the same run of the
// same file and the same content, whichever process sends it.
func (s *sender) key(kind string, body any) string {
	data, err := json.Marshal(body)
	if err != nil {
		return "" // the request fails of the same cause
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%d\n%s\n%s\n%s\n%s\n", s.journal.state.Nonce, s.journal.state.Attempt, s.plan.layout.Hash, s.o.Meeting, kind, strings.Join(s.o.Occurrences, ","))
	h.Write(data)
	return hex.EncodeToString(h.Sum(nil)[:16])
}
