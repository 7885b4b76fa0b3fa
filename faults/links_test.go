//go:build linux

package faults

import (
	"fmt"
	"net/http"
)

// differs says in what a row of the API's list is not p, "" for nothing. The
// link of who is approved is learnt from it, where no answer told it before.
func (p *person) differs(got listed) string {
	if p.status == "" {
		if got.ID != "" {
			return "was deleted and is listed"
		}
		return ""
	}
	status := p.status
	if status == "cancelled" {
		status = "denied" // the API knows no other word
	}
	if got.ID != p.id || got.Status != status || got.Name != p.name {
		return fmt.Sprintf("listed as %+v, want %s %s %s", got, p.id, status, p.name)
	}
	if p.status != "approved" {
		return ""
	}
	link := linkOf(got.JoinURL)
	if p.link == "" {
		p.link = link
	}
	if link != p.link {
		return fmt.Sprintf("listed with the link %s, want %s", link, p.link)
	}
	return ""
}

// visit opens p's link: who is denied or cancelled is turned away.
func (p *person) visit(a *api) string {
	req, err := http.NewRequest(http.MethodGet, a.base()+p.link, nil)
	if err != nil {
		return err.Error()
	}
	want := http.StatusForbidden
	if p.status == "approved" || p.status == "pending" { // who waits is told so
		want = http.StatusOK
	}
	if got := a.send(req); got.err != nil || got.status != want {
		return fmt.Sprintf("the link of somebody %s: got %v, want %d", p.status, got.status, want)
	}
	return ""
}
