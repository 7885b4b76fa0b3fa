package webex

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"time"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/schedule"
	"muster/internal/wire"
)

// seriesID spells the id of a meeting: the 16 bytes of its uuid as 32 hex
// digits. Zoom's number and this id are two names of one record. [semantics 8.1, 11.23]
func seriesID(m *muster.Meeting) string {
	b, err := base64.StdEncoding.DecodeString(m.UUID)
	if err != nil { // a uuid is ours
		return ""
	}
	return hex.EncodeToString(b)
}

// A meetingID is what an id of this API names.
type meetingID struct {
	series     app.MeetingRef
	occurrence int64 // of a date of a series, 0 for none
	instance   bool  // one that ran: nothing that is stored yet
}

var idShape = regexp.MustCompile(`^([0-9a-f]{32})(?:_(\d{8}T\d{6}Z)|_I_(\d+))?$`)

const occurrenceTime = "20060102T150405Z"

// anyMeeting reads an id of any shape.
func anyMeeting(text string) (id meetingID, ok bool) {
	parts := idShape.FindStringSubmatch(text)
	if parts == nil {
		return id, false
	}
	b, err := hex.DecodeString(parts[1])
	if err != nil {
		return id, false
	}
	id.series.UUID = base64.StdEncoding.EncodeToString(b)
	id.instance = parts[3] != ""
	if parts[2] != "" {
		at, err := time.Parse(occurrenceTime, parts[2])
		if err != nil {
			return id, false
		}
		id.occurrence = at.UnixMilli()
	}
	return id, true
}

// noMeeting is the answer to an id that no meeting can have.
func noMeeting(text wire.String) error {
	return muster.Errorf(muster.MeetingNotFound, "", "Meeting does not exist: %.100s.", text)
}

// occurrenceID spells the id of a date of a series.
func occurrenceID(m *muster.Meeting, o int64) string {
	return seriesID(m) + "_" + time.UnixMilli(o).UTC().Format(occurrenceTime)
}

// series is the meeting that a call on registration names, and who is said to
// host it. [semantics 8.1]
type series struct {
	Meeting   wire.String `path:"meetingId" json:"-" doc:"Id of the meeting series."`
	HostEmail wire.Email  `query:"hostEmail" json:"-" max:"128" doc:"The host of the meeting; for admins only, else ignored."`
	Current   wire.Bool   `query:"current" json:"-" doc:"The next date of a series; registration does not apply to series."`
}

// ref returns what s names, for registration.
func (s *series) ref(by muster.Actor) (app.MeetingRef, error) {
	return registrationOf(by, s.Meeting, s.HostEmail)
}

// registrationOf returns the meeting of an id, which must be a series id, for
// calls on registration. The host is heeded for admins only. [semantics 8.1]
func registrationOf(by muster.Actor, text wire.String, host wire.Email) (app.MeetingRef, error) {
	id, ok := anyMeeting(string(text))
	switch {
	case !ok:
		return id.series, noMeeting(text)
	case id.occurrence != 0 || id.instance:
		return id.series, muster.InvalidField("meetingId", "must be the id of a meeting series: registration does not apply to its dates and instances")
	}
	ref := id.series
	ref.OneDate = true
	if by.Admin {
		ref.Host = string(host)
	}
	return ref, nil
}

// instant spells a time in the zone of a meeting, with its offset. [page 3]
func instant(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("2006-01-02T15:04:05-07:00")
}

// zoneOf returns the zone of a meeting, UTC where it is none of ours.
func zoneOf(m *muster.Meeting) *time.Location {
	zone, err := schedule.Zone(m.Timezone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// Paging is the part of a list's query that says which page is asked for.
type paging struct {
	Max    wire.Int    `query:"max" json:"-" min:"1" max:"100" doc:"Items in a page, 10 unless given."`
	Cursor wire.String `query:"cursor" json:"-" max:"2048" ours:"true" doc:"Where the page begins, as the Link header of the page before has it."`
}

const defaultMax = 10

func (p paging) page() app.Page {
	size := int(p.Max)
	if size == 0 {
		size = defaultMax
	}
	return app.Page{Size: size, Number: 1, Token: string(p.Cursor)}
}

// links returns the Link header of a page: absolute, with all that the request
// asked for. [RFC 8288; semantics 8.4]
func (a *API) links(u *url.URL, p paging, next string) http.Header {
	link := func(rel, cursor string) string {
		q := u.Query()
		q.Set("max", strconv.Itoa(p.page().Size))
		q.Del("cursor")
		if cursor != "" {
			q.Set("cursor", cursor)
		}
		return fmt.Sprintf(`<%s%s?%s>; rel="%s"`, a.Base, u.EscapedPath(), q.Encode(), rel)
	}
	var all []string
	if next != "" {
		all = append(all, link("next", next))
	}
	if p.Cursor != "" {
		all = append(all, link("first", ""))
	}
	if len(all) == 0 {
		return nil
	}
	return http.Header{"Link": all}
}
