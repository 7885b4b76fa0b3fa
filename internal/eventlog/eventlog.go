// Package eventlog appends events to a file, a line of JSON for each.
package eventlog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"muster/internal/muster"
)

// A Log is a file that events are appended to. It is safe for concurrent use.
type Log struct {
	file string
	mu   sync.Mutex
}

// line is the form of one event in the file. Every field is always there.
type line struct {
	ID       string         `json:"id"`
	At       string         `json:"at"`
	Kind     string         `json:"kind"`
	Account  string         `json:"account_id"`
	App      string         `json:"app_id"`
	User     string         `json:"user_id"`
	Meeting  int64          `json:"meeting_id"`
	Subjects []string       `json:"subjects"`
	Data     map[string]any `json:"data"`
}

// timeForm is RFC 3339 with milliseconds, for times in UTC.
const timeForm = "2006-01-02T15:04:05.000Z07:00"

// Open returns the log in file, which is made if absent, readable by its owner
// only.
func Open(file string) (*Log, error) {
	l := &Log{file: file}
	f, err := l.open()
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("eventlog: %w", err)
	}
	return l, nil
}

// Append adds a line for each of the events. When it returns nil they are
// durable. Where it returns an error some may be there, the last one in part:
// the next Append begins a new line then.
func (l *Log) Append(events []muster.Event) error {
	if len(events) == 0 {
		return nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b) // ends each value with a newline
	e.SetEscapeHTML(false)
	for _, v := range events {
		out := line{
			v.ID, v.At.UTC().Format(timeForm), string(v.Kind), v.Account, v.App, v.User, v.Meeting, v.Subjects, v.Data,
		}
		if out.Subjects == nil {
			out.Subjects = []string{}
		}
		if out.Data == nil {
			out.Data = map[string]any{}
		}
		if err := e.Encode(out); err != nil {
			return fmt.Errorf("eventlog: encode event %s: %w", v.ID, err)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	f, err := l.open() // anew each time: the file may have been moved away, to begin another
	if err != nil {
		return err
	}
	if err := errors.Join(write(f, b.Bytes()), f.Close()); err != nil {
		return fmt.Errorf("eventlog: %w", err)
	}
	return nil
}

// write appends text, on a line of its own, and syncs the file.
func write(f *os.File, text []byte) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if size := info.Size(); size > 0 {
		last := make([]byte, 1)
		if _, err := f.ReadAt(last, size-1); err != nil {
			return err
		}
		if last[0] != '\n' { // a crash or a full disk cut the last line
			text = append([]byte{'\n'}, text...)
		}
	}
	if _, err := f.Write(text); err != nil {
		return err
	}
	return f.Sync()
}

// open opens the file for appending, made if absent.
func (l *Log) open() (*os.File, error) {
	f, err := os.OpenFile(l.file, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("eventlog: %w", err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a regular file", l.file)
	}
	if err == nil && info.Size() == 0 { // it may be new
		err = syncFolder(filepath.Dir(l.file))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("eventlog: %w", err), f.Close())
	}
	return f, nil
}

// syncFolder makes a new name in a folder durable, where the system has such a
// thing.
func syncFolder(folder string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
