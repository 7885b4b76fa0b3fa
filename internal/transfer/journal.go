package transfer

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"muster/internal/client"
	"muster/internal/roster"
)

// A state is the head of the journal, kept beside the result file. It says
// which import the result file belongs to.
type state struct {
	Version  int      `json:"version"`
	FileHash string   `json:"file_sha256"`
	Meeting  string   `json:"meeting"`
	Target   string   `json:"target"`
	Options  settings `json:"options"`
	Nonce    string   `json:"nonce"`   // of this import, part of every idempotency key
	Attempt  int      `json:"attempt"` // grows after the server refused, so that it does not repeat its old answer
}

// settings are the options that change what is sent.
type settings struct {
	Questions         string `json:"questions"`
	Ignore            string `json:"ignore"`
	Occurrences       string `json:"occurrences"`
	AutoApprove       bool   `json:"auto_approve"`
	ConfirmationEmail bool   `json:"confirmation_email"`
	Everyone          bool   `json:"everyone"`
	Dialect           string `json:"dialect,omitempty"`
}

// A journal is the result file while it grows: one line for a row, the last
// one counts. Every append reaches the disk before it returns.
type journal struct {
	path  string
	state state
	final map[int]bool // rows that were done when the journal was opened; never changed
	file  *os.File
	size  int64
	lines map[int]span // where each row's last line is
}

type span struct {
	offset int64
	length int32
}

// openJournal opens the result file of o for the import of input, whose
// content has that hash. It is locked until close.
func openJournal(input *os.File, o ImportOptions, hash string) (*journal, error) {
	j := &journal{path: o.Result, final: map[int]bool{}, lines: map[int]span{}}
	j.state = state{
		Version: 1, FileHash: hash, Meeting: o.Meeting, Target: o.Client.Target(), Nonce: rand.Text(),
		Options: settings{
			o.Questions, strings.Join(o.Ignore, "\n"), strings.Join(o.Occurrences, ","), o.AutoApprove, o.ConfirmationEmail, o.Everyone, o.api.name(),
		},
	}
	var err error
	if j.file, err = os.OpenFile(o.Result, os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return nil, fmt.Errorf("open the result file: %w", err)
	}
	if err := j.begin(input, o); err != nil {
		j.close()
		return nil, err
	}
	return j, nil
}

func (j *journal) begin(input *os.File, o ImportOptions) error {
	if same, err := sameFile(input, j.file); err != nil || same {
		return errors.Join(err, errors.New("the result file must not be the file to import: name another with --result"))
	}
	if err := lock(j.file); err != nil {
		return fmt.Errorf("%s is in use by another import: wait for its end: %w", j.path, err)
	}
	old, err := readState(j.statePath())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if info, err := j.file.Stat(); err != nil || (info.Size() > 0 && !o.Restart) {
			return errors.Join(err, fmt.Errorf("%s exists and no import is noted beside it: name another file with --result, or overwrite it with --restart", j.path))
		}
		return j.fresh()
	case o.Restart:
		return j.fresh()
	case err != nil:
		return fmt.Errorf("%w: start with --restart to begin anew", err)
	}
	if differs := j.state.differs(old); differs != "" {
		return fmt.Errorf("%s belongs to an import with %s: name another file with --result, or begin anew with --restart", j.path, differs)
	}
	j.state = old
	return j.load(o.RetryRefused)
}

func sameFile(a, b *os.File) (bool, error) {
	x, err := a.Stat()
	if err != nil {
		return false, err
	}
	y, err := b.Stat()
	return os.SameFile(x, y), err
}

// differs says in what the wanted import is not the old one, "" for nothing.
func (s state) differs(old state) string {
	switch {
	case s.Version != old.Version:
		return "another version of this program"
	case s.FileHash != old.FileHash:
		return "another content of the file to import"
	case s.Meeting != old.Meeting:
		return "meeting " + old.Meeting
	case s.Target != old.Target:
		return "another server or account"
	case s.Options != old.Options:
		return "other options"
	}
	return ""
}

// fresh empties the result file. It is emptied before the state is renewed:
// old results must never be taken for those of the new import.
func (j *journal) fresh() error {
	if err := errors.Join(j.file.Truncate(0), j.file.Chmod(0o600), j.file.Sync()); err != nil {
		return fmt.Errorf("empty the result file: %w", err)
	}
	if err := writeState(j.statePath(), j.state); err != nil {
		return err
	}
	return j.head()
}

func (j *journal) head() error {
	clear(j.lines)
	clear(j.final)
	_, err := j.file.WriteAt([]byte(roster.ResultHeader), 0)
	if err := errors.Join(err, j.file.Sync()); err != nil {
		return fmt.Errorf("write the result file: %w", err)
	}
	j.size = int64(len(roster.ResultHeader))
	return nil
}

// load reads what an earlier run has done and drops the end that it had no
// time to write.
func (j *journal) load(retryRefused bool) error {
	in := bufio.NewReader(io.NewSectionReader(j.file, 0, 1<<62))
	header, err := in.ReadString('\n')
	if errors.Is(err, io.EOF) && strings.HasPrefix(roster.ResultHeader, header) {
		return j.head()
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the result file: %w", err)
	}
	if header != roster.ResultHeader {
		return fmt.Errorf("%s is no result file of an import any more: name another with --result, or begin anew with --restart", j.path)
	}
	j.size = int64(len(header))
	for number := 2; ; number++ {
		line, err := in.ReadString('\n')
		if errors.Is(err, io.EOF) || strings.Contains(line, "\x00") {
			break
		}
		if err != nil {
			return fmt.Errorf("read the result file: %w", err)
		}
		r, err := roster.ParseResult(line)
		if err != nil {
			return fmt.Errorf("line %d of %s is damaged: remove that line to have its row sent again, or begin anew with --restart: %w", number, j.path, err)
		}
		j.note(r, len(line))
		again := !r.Outcome.Final() || (retryRefused && r.Outcome == roster.Refused)
		if again {
			delete(j.final, r.Row)
		} else {
			j.final[r.Row] = true
		}
	}
	if err := j.file.Truncate(j.size); err != nil {
		return fmt.Errorf("cut the result file: %w", err)
	}
	if retryRefused {
		j.state.Attempt++
		return writeState(j.statePath(), j.state)
	}
	return nil
}

func (j *journal) note(r roster.Result, length int) {
	j.lines[r.Row] = span{j.size, int32(length)}
	j.size += int64(length)
}

// append keeps results, in the order of their rows.
func (j *journal) append(results []roster.Result) error {
	slices.SortFunc(results, func(a, b roster.Result) int { return a.Row - b.Row })
	var text []byte
	start := j.size
	for _, r := range results {
		before := len(text)
		var err error
		if text, err = r.AppendTo(text); err != nil {
			j.size = start
			return err
		}
		j.note(r, len(text)-before)
	}
	if len(text) == 0 {
		return nil
	}
	// The first byte comes last: until it is there, none of the lines counts.
	// So a killed run has noted all people of a request or none, and sends
	// those of a lost answer together again, with the key they had.
	_, body := j.file.WriteAt(text[1:], start+1)
	if body == nil {
		_, body = j.file.WriteAt(text[:1], start)
	}
	if err := errors.Join(body, j.file.Sync()); err != nil {
		return fmt.Errorf("write the result file: %w", err)
	}
	return nil
}

// finish puts the result file in the order of the rows, each once, and counts
// them into s. Cause is why the import stopped, or nil.
func (j *journal) finish(s *Summary, cause error) error {
	sorted, err := os.CreateTemp(filepath.Dir(j.path), ".muster-result-*")
	if err != nil {
		return fmt.Errorf("sort the result file: %w", err)
	}
	defer os.Remove(sorted.Name()) // it is gone already if all went well
	err = errors.Join(j.sortInto(sorted, s), sorted.Sync(), sorted.Close())
	if err != nil {
		return fmt.Errorf("sort the result file: %w", err)
	}
	if e := client.Refused(cause); s.Open > 0 && (cause == nil || (e != nil && e.Status < 500)) {
		j.state.Attempt++
		if err := writeState(j.statePath(), j.state); err != nil {
			return err
		}
	}
	j.close()
	if err := os.Rename(sorted.Name(), j.path); err != nil {
		return fmt.Errorf("sort the result file: %w", err)
	}
	return nil
}

func (j *journal) sortInto(w io.Writer, s *Summary) error {
	out := bufio.NewWriter(w)
	if _, err := out.WriteString(roster.ResultHeader); err != nil {
		return err
	}
	for _, row := range slices.Sorted(maps.Keys(j.lines)) {
		at := j.lines[row]
		line := make([]byte, at.length)
		if _, err := j.file.ReadAt(line, at.offset); err != nil {
			return err
		}
		r, err := roster.ParseResult(string(line))
		if err != nil {
			return err
		}
		s.count(r)
		if _, err := out.Write(line); err != nil {
			return err
		}
	}
	return out.Flush()
}

// close lets the file go. It may be called twice.
func (j *journal) close() {
	_ = j.file.Close() // every append has reached the disk already
}

func (j *journal) statePath() string { return j.path + ".state" }
