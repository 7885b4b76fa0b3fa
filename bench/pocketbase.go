package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"syscall"

	"muster/bench/people"
)

// pocketbaseMeeting is the meeting of PocketBase's registrants, a number like ours.
const pocketbaseMeeting = 94571774828

// pocketbaseAPI spells PocketBase's requests.
type pocketbaseAPI struct{ base string }

const recordsPath = "/api/collections/registrants/records"

// A prepared is a PocketBase folder with an empty collection, once it is made.
type prepared struct {
	once
	dir string
}

func (b *bench) preparePocketbase(ctx context.Context) error {
	return b.pbPrepped.do(func() error {
		if b.pocketbaseBin == "" {
			return &unavailable{"its program could not be built"}
		}
		dir, err := b.folder("pocketbase-empty")
		if err != nil {
			return err
		}
		b.pbPrepped.dir = dir
		_, err = output(ctx, "", b.pocketbaseBin, "prepare", "--dir", dir)
		return err
	})
}

// freshPocketbase starts a PocketBase with an empty collection.
func (b *bench) freshPocketbase(ctx context.Context) (*server, error) {
	dir, err := b.copyPocketbase(ctx, "pocketbase")
	if err != nil {
		return nil, err
	}
	s, err := b.startPocketbase(ctx, dir)
	if err != nil {
		return nil, err
	}
	s.cleanup = remover(dir)
	return s, nil
}

// copyPocketbase returns a folder with an empty collection.
func (b *bench) copyPocketbase(ctx context.Context, name string) (string, error) {
	if err := b.preparePocketbase(ctx); err != nil {
		return "", err
	}
	dir, err := b.folder(name)
	if err != nil {
		return "", err
	}
	return dir, os.CopyFS(dir, os.DirFS(b.pbPrepped.dir))
}

func (b *bench) startPocketbase(ctx context.Context, dir string) (*server, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	c, err := b.spawn("pocketbase", &syscall.SysProcAttr{}, nil, b.pocketbaseBin, "serve", "--dir", dir, "--http", address)
	if err != nil {
		return nil, err
	}
	base := "http://" + address
	s := &server{child: c, dialect: &pocketbaseAPI{base}, cleanup: func() error { return nil }}
	return s, c.ready(ctx, base+"/api/health")
}

// A pocketbaseRecord has what Muster's row has: the person's own fields are
// JSON in both.
type pocketbaseRecord struct {
	Meeting   int64          `json:"meeting"`
	Email     string         `json:"email"`
	FirstName string         `json:"first_name"`
	LastName  string         `json:"last_name"`
	Status    string         `json:"status"`
	Person    people.Details `json:"person"`
}

func newRecord() pocketbaseRecord {
	p := somebody()
	return pocketbaseRecord{pocketbaseMeeting, p.Email, p.FirstName, p.LastName, "approved", p.Details}
}

// A pocketbaseRequest is one of a batch.
type pocketbaseRequest struct {
	Method string `json:"method"`
	URL    string `json:"url"`
	Body   any    `json:"body"`
}

func (a *pocketbaseAPI) header() http.Header {
	return http.Header{"Content-Type": {"application/json"}}
}

func (a *pocketbaseAPI) register(n int) (call, *people.Body, error) {
	if n == 1 {
		body, err := people.NewBody(newRecord())
		return call{method: "POST", url: a.base + recordsPath, status: 200, units: 1, mark: `"collectionId":`, marks: 1}, body, err
	}
	list := make([]pocketbaseRequest, n)
	for i := range list {
		list[i] = pocketbaseRequest{"POST", recordsPath, newRecord()}
	}
	body, err := people.NewBody(map[string]any{"requests": list})
	return a.batch(n, nil), body, err
}

func (a *pocketbaseAPI) batch(n int, body []byte) call {
	return call{method: "POST", url: a.base + "/api/batch", status: 200, units: n, body: body, mark: `"collectionId":`, marks: n}
}

var recordID = regexp.MustCompile(`"id":"([^"]+)"`)

func (a *pocketbaseAPI) ids(answer []byte) []string { return found(recordID, answer) }

func (a *pocketbaseAPI) change(ids []string, approve bool) call {
	status := "denied"
	if approve {
		status = "approved"
	}
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = fmt.Sprintf(`{"method":"PATCH","url":"%s/%s","body":{"status":"%s"}}`, recordsPath, id, status)
	}
	return a.batch(len(ids), []byte(`{"requests":[`+strings.Join(list, ",")+`]}`))
}

func (a *pocketbaseAPI) list() call { return a.page(1) }

// page asks for the approved in the order of registration, as Muster lists
// them; PocketBase adds the total, as Muster does.
func (a *pocketbaseAPI) page(n int) call {
	query := url.Values{
		"page": {fmt.Sprint(n)}, "perPage": {fmt.Sprint(pageSize)}, "sort": {"@rowid"},
		"filter": {fmt.Sprintf("meeting=%d && status='approved'", int64(pocketbaseMeeting))},
	}
	return call{method: "GET", url: a.base + recordsPath + "?" + query.Encode(), status: 200, units: 1, mark: `"collectionId":`, marks: pageSize}
}
