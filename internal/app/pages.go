package app

import (
	"container/list"
	"context"
	"fmt"
	"sync"

	"muster/internal/muster"
	"muster/internal/store"
)

// A Spelled is one page of a list in the words of a dialect.
type Spelled struct {
	Items []byte // not to be changed
	Total int64
	Next  string // token of the next page, "" on the last
}

// spelledPage returns a page from those that are kept, or reads and spells it.
func (a *App) spelledPage(ctx context.Context, tx *store.Tx, m *muster.Meeting, f store.RegistrantFilter, after int64, p Page,
	spelling string, spell func([]muster.Registrant) []byte,
) (*keptPage, error) {
	version, err := tx.PeopleVersion(ctx, m)
	if err != nil {
		return nil, err
	}
	key := pageKey{
		uuid: m.UUID, kind: m.Type, how: m.RegistrationType, version: version, spelling: spelling,
		filter: fmt.Sprint(f.Statuses, f.Occurrence, " ", muster.EmailKey(f.Email)), after: after, skip: p.skip(), size: p.Size,
	}
	kept := a.pages.get(key)
	if kept != nil && a.CheckPage == nil {
		return kept, nil
	}
	rows, err := tx.Registrants(ctx, m, f, after, p.skip(), p.Size+1)
	if err != nil {
		return nil, err
	}
	fresh := &keptPage{}
	if len(rows) > p.Size {
		rows = rows[:p.Size]
		fresh.last = rows[p.Size-1].Seq
	}
	fresh.items = spell(rows)
	if kept != nil {
		a.CheckPage(kept.items, fresh.items)
	}
	a.pages.put(key, fresh)
	return fresh, nil
}

// maxPages is how many bytes of pages are kept.
const maxPages = 16 << 20

// pages keeps pages of registrants as they were spelled, the ones last asked
// for. A page is known by the version of the meeting's people, which is read
// in the transaction that answers: nothing has to be told of a change, on
// whatever node it happens. The zero value is ready.
type pages struct {
	mu    sync.Mutex
	known map[pageKey]*list.Element // of keptEntry
	order list.List                 // the last asked for first
	bytes int
}

// A pageKey is all that the words of a page hang on.
type pageKey struct {
	uuid     string // of the meeting: numbers may come again after a purge
	kind     muster.MeetingType
	how      muster.RegistrationType
	version  int64
	spelling string
	filter   string
	after    int64
	skip     int
	size     int
}

// A keptPage is a page and where the next one begins.
type keptPage struct {
	items []byte
	last  int64 // seq of the last row where there are more, else 0
}

type keptEntry struct {
	key  pageKey
	page *keptPage
}

// get returns a page, nil if it is not kept.
func (p *pages) get(key pageKey) *keptPage {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.known[key]
	if e == nil {
		return nil
	}
	p.order.MoveToFront(e)
	return e.Value.(keptEntry).page
}

func (p *pages) put(key pageKey, page *keptPage) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil {
		p.known = map[pageKey]*list.Element{}
	}
	if old := p.known[key]; old != nil {
		p.drop(old)
	}
	p.known[key] = p.order.PushFront(keptEntry{key, page})
	for p.bytes += len(page.items); p.bytes > maxPages; {
		p.drop(p.order.Back())
	}
}

func (p *pages) drop(e *list.Element) {
	entry := p.order.Remove(e).(keptEntry)
	delete(p.known, entry.key)
	p.bytes -= len(entry.page.items)
}
