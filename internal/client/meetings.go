package client

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// A Person is what the API takes about somebody to register, by the API's
// field names: strings, and custom_questions as []Answer.
type Person map[string]any

// An Answer is somebody's answer to the custom question of that title.
type Answer struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

// A Registration is the server's answer about one person. JoinURL is empty for
// whoever waits for approval.
type Registration struct {
	ID      string `json:"registrant_id"`
	Email   string `json:"email"` // in a batch's answer only
	JoinURL string `json:"join_url"`
}

// A Batch is people to register at once, at most 30 with most servers.
type Batch struct {
	AutoApprove       bool     `json:"auto_approve"`
	ConfirmationEmail bool     `json:"registrants_confirmation_email,omitempty"`
	Registrants       []Person `json:"registrants"`
}

// Register registers one person for the meeting, or for those of its
// occurrences. Key is the Idempotency-Key, "" for none.
func (c *Client) Register(ctx context.Context, meeting string, occurrences []string, p Person, key string) (Registration, error) {
	path := meetingPath(meeting) + "/registrants"
	if len(occurrences) > 0 {
		path += "?" + url.Values{"occurrence_ids": {strings.Join(occurrences, ",")}}.Encode()
	}
	var r Registration
	err := c.Do(ctx, http.MethodPost, path, p, &r, keyed(key))
	return r, err
}

// RegisterBatch registers all people of b or none. The answer is in their
// order with servers that keep to the documents.
func (c *Client) RegisterBatch(ctx context.Context, meeting string, b Batch, key string) ([]Registration, error) {
	var answer struct {
		Registrants []Registration `json:"registrants"`
	}
	err := c.Do(ctx, http.MethodPost, meetingPath(meeting)+"/batch_registrants", b, &answer, keyed(key))
	return answer.Registrants, err
}

// Questions are what a meeting asks beyond name and email.
type Questions struct {
	Standard []struct {
		Name     string `json:"field_name"`
		Required bool   `json:"required"`
	} `json:"questions"`
	Custom []struct {
		Title    string   `json:"title"`
		Type     string   `json:"type"`
		Required bool     `json:"required"`
		Answers  []string `json:"answers"`
	} `json:"custom_questions"`
}

// Questions returns what the meeting asks.
func (c *Client) Questions(ctx context.Context, meeting string) (Questions, error) {
	var q Questions
	err := c.Do(ctx, http.MethodGet, meetingPath(meeting)+"/registrants/questions", nil, &q, nil)
	return q, err
}

// CreateMeeting creates a meeting for the user, an id or an email, and returns
// the whole object.
func (c *Client) CreateMeeting(ctx context.Context, user string, meeting map[string]any) (map[string]any, error) {
	var created map[string]any
	err := c.Do(ctx, http.MethodPost, "/users/"+url.PathEscape(user)+"/meetings", meeting, &created, nil)
	return created, err
}

// A Registrant is one row of a meeting's list. Fields holds the API's string
// fields by name; numbers and booleans are spelled as in JSON.
type Registrant struct {
	Fields  map[string]string
	Answers []Answer
}

// UnmarshalJSON reads a row. Servers differ in what is a number and what a
// string, so every scalar is taken.
func (r *Registrant) UnmarshalJSON(data []byte) error {
	var structured struct {
		Answers []Answer `json:"custom_questions"`
	}
	if err := json.Unmarshal(data, &structured); err != nil {
		return err
	}
	fields, err := scalars(data)
	r.Fields, r.Answers = fields, structured.Answers
	return err
}

// scalars returns the members of an object that are texts, numbers or booleans.
func scalars(data []byte) (map[string]string, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, err
	}
	fields := make(map[string]string, len(raw))
	for name, value := range raw {
		var s string
		switch {
		case json.Unmarshal(value, &s) == nil: // null leaves it empty
			fields[name] = s
		case value[0] != '{' && value[0] != '[':
			fields[name] = string(value)
		}
	}
	return fields, nil
}

// Registrants calls each with one page after the other of the meeting's
// registrants of that status, "" for the server's default. Occurrence may be
// empty. It ends at the first error of each.
func (c *Client) Registrants(ctx context.Context, meeting, status, occurrence string, each func(page []Registrant, total int) error) error {
	query := url.Values{"page_size": {strconv.Itoa(300)}}
	if status != "" {
		query.Set("status", status)
	}
	if occurrence != "" {
		query.Set("occurrence_id", occurrence)
	}
	seen := map[string]bool{}
	for {
		var page struct {
			Total       int          `json:"total_records"`
			Next        string       `json:"next_page_token"`
			Registrants []Registrant `json:"registrants"`
		}
		path := meetingPath(meeting) + "/registrants?" + query.Encode()
		if err := c.Do(ctx, http.MethodGet, path, nil, &page, nil); err != nil {
			return err
		}
		if err := each(page.Registrants, page.Total); err != nil {
			return err
		}
		if page.Next == "" {
			return nil
		}
		if seen[page.Next] {
			return errors.New("the server gives the same page of registrants again and again: the list would never end")
		}
		seen[page.Next] = true
		query.Set("next_page_token", page.Next)
	}
}

func meetingPath(meeting string) string { return "/meetings/" + url.PathEscape(meeting) }

func keyed(key string) http.Header {
	if key == "" {
		return nil
	}
	return http.Header{"Idempotency-Key": {key}}
}
