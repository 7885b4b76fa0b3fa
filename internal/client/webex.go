package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// Webex speaks the Webex Meetings API with the token, the patience and the
// errors of a Client. The Code of its errors
// says nothing: that API has statuses only.
type Webex struct{ *Client }

// Do is as Client.Do, below /v1.
func (w Webex) Do(ctx context.Context, method, path string, in, out any, header http.Header) error {
	if w.cfg.SubAccount != "" {
		return errors.New("the Webex API has no path for a sub account: use an app of that account and leave --sub-account out")
	}
	return w.do(ctx, call{method: method, path: "/v1" + path, header: header, running: http.StatusLocked}, in, out)
}

// A WebexAnswer is what somebody says to a numbered question.
type WebexAnswer struct {
	Question int64         `json:"questionId"`
	Answers  []WebexOption `json:"answers"`
}

// A WebexOption is one choice, or a text where ID is 0.
type WebexOption struct {
	ID   int64  `json:"optionId,omitzero"`
	Text string `json:"answer"`
}

// A WebexRegistrant is what the API answers about somebody. Fields holds the
// strings by the API's names; numbers are spelled as in JSON.
type WebexRegistrant struct {
	ID      string
	Fields  map[string]string
	Answers []WebexAnswer
}

// UnmarshalJSON reads a registrant, whose id has two names.
func (r *WebexRegistrant) UnmarshalJSON(data []byte) error {
	fields, err := scalars(data)
	if err != nil {
		return err
	}
	var structured struct {
		Answers []struct {
			Question number `json:"questionId"`
			Answers  []struct {
				ID   number `json:"optionId"`
				Text string `json:"answer"`
			} `json:"answers"`
		} `json:"customizedQuestions"`
	}
	if err := json.Unmarshal(data, &structured); err != nil {
		return err
	}
	r.Fields, r.ID = fields, fields["id"]
	if r.ID == "" {
		r.ID = fields["registrantId"]
	}
	for _, q := range structured.Answers {
		a := WebexAnswer{Question: int64(q.Question)}
		for _, o := range q.Answers {
			a.Answers = append(a.Answers, WebexOption{int64(o.ID), o.Text})
		}
		r.Answers = append(r.Answers, a)
	}
	return nil
}

// A number may be spelled as a text: samples of the API show ids both ways.
type number int64

// UnmarshalJSON reads a number.
func (n *number) UnmarshalJSON(data []byte) error {
	text := strings.Trim(string(data), `"`)
	if text == "" || text == "null" {
		return nil
	}
	v, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return fmt.Errorf("%.40s is no number", data)
	}
	*n = number(v)
	return nil
}

// Register registers one person. Somebody who is registered is refused with 409.
func (w Webex) Register(ctx context.Context, meeting string, p Person, key string) (WebexRegistrant, error) {
	var r WebexRegistrant
	err := w.Do(ctx, http.MethodPost, meetingPath(meeting)+"/registrants", p, &r, keyed(key))
	return r, err
}

// BulkInsert registers all people or none, at most 100. Somebody who is
// registered is answered as they are.
func (w Webex) BulkInsert(ctx context.Context, meeting string, people []Person, key string) ([]WebexRegistrant, error) {
	body := map[string]any{"items": people}
	var answer struct {
		Items []WebexRegistrant `json:"items"`
	}
	err := w.Do(ctx, http.MethodPost, meetingPath(meeting)+"/registrants/bulkInsert", body, &answer, keyed(key))
	return answer.Items, err
}

// ByEmail returns who is registered under an email, at most one.
func (w Webex) ByEmail(ctx context.Context, meeting, email string) ([]WebexRegistrant, error) {
	var answer struct {
		Items []WebexRegistrant `json:"items"`
	}
	body := map[string]any{"emails": []string{email}}
	err := w.Do(ctx, http.MethodPost, meetingPath(meeting)+"/registrants/query", body, &answer, nil)
	return answer.Items, err
}

// A WebexQuestion is a host's own question; a text where Options is empty.
type WebexQuestion struct {
	ID       int64
	Title    string
	Several  bool // more than one option may be chosen
	Required bool
	Options  []WebexOption
}

// Questions returns the meeting's own questions.
func (w Webex) Questions(ctx context.Context, meeting string) ([]WebexQuestion, error) {
	var form struct {
		Questions []struct {
			ID       number `json:"id"`
			Question string `json:"question"`
			Type     string `json:"type"`
			Required bool   `json:"required"`
			Options  []struct {
				ID    number `json:"id"`
				Value string `json:"value"`
			} `json:"options"`
		} `json:"customizedQuestions"`
	}
	if err := w.Do(ctx, http.MethodGet, meetingPath(meeting)+"/registration", nil, &form, nil); err != nil {
		return nil, err
	}
	var out []WebexQuestion
	for _, q := range form.Questions {
		question := WebexQuestion{ID: int64(q.ID), Title: q.Question, Several: q.Type == "checkbox", Required: q.Required}
		for _, o := range q.Options {
			question.Options = append(question.Options, WebexOption{int64(o.ID), o.Value})
		}
		out = append(out, question)
	}
	return out, nil
}

// Registrants calls each with one page after the other of the meeting's
// registrants of that status, "" for all. It ends at the first error of each.
func (w Webex) Registrants(ctx context.Context, meeting, status string, each func([]WebexRegistrant) error) error {
	query := url.Values{"max": {"100"}}
	if status != "" {
		query.Set("status", status)
	}
	path := "/v1" + meetingPath(meeting) + "/registrants?" + query.Encode()
	for seen := map[string]bool{}; path != ""; {
		if seen[path] {
			return errors.New("the server gives the same page of registrants again and again: the list would never end")
		}
		seen[path] = true
		var page struct {
			Items []WebexRegistrant `json:"items"`
		}
		answered := http.Header{}
		if err := w.do(ctx, call{method: http.MethodGet, path: path, running: http.StatusLocked, answered: answered}, nil, &page); err != nil {
			return err
		}
		if err := each(page.Items); err != nil {
			return err
		}
		path = nextPage(answered)
	}
	return nil
}

var linkNext = regexp.MustCompile(`<([^>]*)>\s*;\s*rel="?next"?`)

// nextPage returns the path of the page that a Link header points to, "" for
// none. The host stays: a token goes nowhere else.
func nextPage(h http.Header) string {
	for _, link := range h.Values("Link") {
		if m := linkNext.FindStringSubmatch(link); m != nil {
			if u, err := url.Parse(m[1]); err == nil && strings.HasPrefix(u.Path, "/v1/") {
				return u.RequestURI()
			}
		}
	}
	return ""
}
