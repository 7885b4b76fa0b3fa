package zoom

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/wire"
)

// Time spells a time as the API does: UTC, whole seconds, Z. The zero time is "".
func Time(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05Z")
}

// Milliseconds spells a time as Time does, to the millisecond: for what is ours.
func Milliseconds(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// meetingID reads a meeting number.
func meetingID(text string) (int64, bool) { return atoi(text) }

// Meeting reads the meeting number of a path: digits only.
func Meeting(text wire.String) (app.MeetingRef, error) {
	id, ok := meetingID(string(text))
	if !ok || id == 0 {
		return app.MeetingRef{}, muster.InvalidField("meetingId", "must be a meeting number, digits only")
	}
	return app.MeetingRef{ID: id}, nil
}

// MeetingOrUUID reads a meeting number or a uuid, which a path may hold
// encoded once or twice: twice where it begins with / or has // in it.
func MeetingOrUUID(text wire.String) (app.MeetingRef, error) {
	if id, ok := meetingID(string(text)); ok && id != 0 {
		return app.MeetingRef{ID: id}, nil
	}
	uuid := string(text)
	if strings.Contains(uuid, "%") {
		if decoded, err := url.PathUnescape(uuid); err == nil {
			uuid = decoded
		}
	}
	if len(uuid) != 24 || !strings.HasSuffix(uuid, "==") || strings.Trim(uuid[:22], uuidAlphabet) != "" {
		return app.MeetingRef{}, muster.InvalidField("meetingId", "must be a meeting number or a meeting uuid, encoded for a path (twice where it holds a slash)")
	}
	return app.MeetingRef{UUID: uuid}, nil
}

const uuidAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// Occurrence reads an occurrence id; the empty text is 0, none.
func Occurrence(field string, text wire.String) (int64, error) {
	if text == "" {
		return 0, nil
	}
	id, ok := atoi(string(text))
	if !ok || id == 0 {
		return 0, muster.InvalidField(field, "must be an occurrence id: the epoch milliseconds that occurrences[] shows")
	}
	return id, nil
}

// Paging is the part of a list's query that says which page is asked for.
type Paging struct {
	PageSize      wire.Int    `query:"page_size" json:"-" max:"2147483647" doc:"Rows in a page: 30 unless given, 300 at most (more is cut)."`
	PageNumber    wire.Int    `query:"page_number" json:"-" max:"2147483647" doc:"Number of the page, from 1. Deprecated: use next_page_token."`
	NextPageToken wire.String `query:"next_page_token" json:"-" max:"2048" doc:"Token of the next page, from the answer before; works for 15 minutes with the same other parameters."`
}

const (
	defaultPage = 30
	maxPage     = 300
)

// Page returns p for a use case.
func (p Paging) Page() app.Page {
	size := int(p.PageSize)
	if size <= 0 {
		size = defaultPage
	}
	return app.Page{Size: min(size, maxPage), Number: max(int(p.PageNumber), 1), Token: string(p.NextPageToken)}
}

// A Paged is the envelope of a list. Pages that a token asked for have
// neither count nor number, as with the original.
type Paged struct {
	PageCount     *int64 `json:"page_count,omitempty"`
	PageNumber    *int64 `json:"page_number,omitempty"`
	PageSize      int64  `json:"page_size"`
	TotalRecords  int64  `json:"total_records"`
	NextPageToken string `json:"next_page_token"`
}

// Envelope returns the envelope of a page of a list with total rows.
func Envelope(p app.Page, total int64, next string) Paged {
	e := Paged{PageSize: int64(p.Size), TotalRecords: total, NextPageToken: next}
	if p.Token == "" {
		number, count := int64(p.Number), max((total+int64(p.Size)-1)/int64(p.Size), 1)
		e.PageNumber, e.PageCount = &number, &count
	}
	return e
}

// Item names an element of a list, as problems do.
func Item(field string, i int) string { return fmt.Sprintf("%s[%d]", field, i) }
