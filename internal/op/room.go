package op

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
)

// ErrBusy is what a request with a file fails with where the files of others
// have all the memory that there is for them.
var ErrBusy = errors.New("op: no memory is left for files")

const (
	// roomForFiles is how many bytes the bodies with files have together, of all
	// operations that were mounted with each other: some sixteen of the largest.
	roomForFiles = 256 << 20
	// firstPiece is what a body with a file gets of it at first. It gets twice
	// as much whenever that is full: who sends slowly has little.
	firstPiece = 64 << 10
)

// A room is memory that requests share. Who finds none is refused and does not
// wait: all who have some may be waiting for more.
type room struct{ free atomic.Int64 }

func newRoom(bytes int64) *room {
	r := new(room)
	r.free.Store(bytes)
	return r
}

// A share is what one request has of a room, until it gives that back.
type share struct {
	room *room
	has  int64
}

func (s *share) take(n int64) bool {
	if s.room.free.Add(-n) < 0 {
		s.room.free.Add(n)
		return false
	}
	s.has += n
	return true
}

func (s *share) give(n int64) {
	s.has -= n
	s.room.free.Add(n)
}

// end gives back what s has.
func (s *share) end() { s.give(s.has) }

// readFile is readBody for a body with a file: its memory is s's. Who is refused
// is listened to until the end, or their client would not see the answer.
func readFile(w http.ResponseWriter, r *http.Request, longest int64, s *share) ([]byte, error) {
	if r.ContentLength > longest {
		drain(w, r, longest+drainBody)
		return nil, tooLong(longest)
	}
	most := longest + 1 // or the body would end where more of it is refused
	if n := r.ContentLength; n >= 0 && n < longest {
		most = n + 1
	}
	var body []byte
	for {
		if len(body) == cap(body) {
			if int64(len(body)) == most {
				s.end()
				drain(w, r, drainBody)
				return nil, tooLong(longest)
			}
			size := min(max(2*int64(cap(body)), firstPiece), most)
			if !s.take(size) {
				s.end()
				drain(w, r, longest-int64(len(body))+drainBody)
				return nil, ErrBusy
			}
			had := int64(cap(body))
			body = append(make([]byte, 0, size), body...)
			s.give(had)
		}
		n, err := r.Body.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		if err == io.EOF && int64(len(body)) <= longest {
			return body, nil
		} else if err != nil && err != io.EOF {
			return nil, errCutOff
		}
	}
}

// drain reads and drops what comes behind the part of a body that was read, up
// to a bound.
func drain(w http.ResponseWriter, r *http.Request, most int64) {
	if n, _ := io.Copy(io.Discard, io.LimitReader(r.Body, most)); n >= most-1 {
		w.Header().Set("Connection", "close") // there may be more: we read no further
	}
}

func tooLong(longest int64) *BadRequest {
	return &BadRequest{Status: http.StatusRequestEntityTooLarge, Message: fmt.Sprintf("The request body must be at most %d bytes long.", longest)}
}
