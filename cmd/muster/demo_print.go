package main

import (
	"fmt"

	"muster/internal/roster"
)

func (s *show) printServer() {
	if s.taken {
		fmt.Fprintf(s.out, "%s is taken: this is another port.\n", usualAddress)
	}
	fmt.Fprintf(s.out, "Muster is running at %s, with its data in\n%s until it ends.\n\n", s.server.base, s.folder)
}

func (s *show) printPlan(events []*event) {
	for _, e := range events {
		fmt.Fprintf(s.out, "  %-7s %-11s  %s (%s)\n", e.column, e.number, e.topic, e.when)
	}
	fmt.Fprintf(s.out, "\nRegistering the people of an example file through the API:\n\n")
}

// printTable prints what happened, an event a column.
func (s *show) printTable(events []*event) {
	fmt.Fprintln(s.out)
	row := func(what string, cell func(*event) any) {
		fmt.Fprintf(s.out, "  %-37s", what)
		for _, e := range events {
			fmt.Fprintf(s.out, "%10v", cell(e))
		}
		fmt.Fprintln(s.out)
	}
	row("", func(e *event) any { return e.column })
	row("rows in the file", func(e *event) any { return e.summary.Rows })
	row("duplicates of earlier rows, not sent", func(e *event) any { return e.summary.Duplicates })
	row("bad rows, not sent", func(e *event) any { return e.summary.Bad })
	row("refused by the server", func(e *event) any { return e.summary.Refused })
	row("registered", func(e *event) any { return e.summary.Registered + e.summary.Pending })
	row("  of them approved", func(e *event) any { return e.statuses["approved"] })
	row("  denied", func(e *event) any { return e.statuses["denied"] })
	row("  waiting for the host", func(e *event) any { return e.statuses["pending"] })
	fmt.Fprintf(s.out, "\nThe bad rows:\n\n")
	for _, p := range events[0].summary.Problems {
		if p.Outcome == roster.Bad {
			fmt.Fprintf(s.out, "  line %-4d %s\n", p.Row, clipped(p.Reason, 80))
		}
	}
}

// printLinks prints the personal links of some of those who are approved.
func (s *show) printLinks(events []*event) {
	fmt.Fprintf(s.out, "\nPersonal join links:\n")
	for _, e := range events {
		fmt.Fprintf(s.out, "\n  %s\n", e.topic)
		for _, r := range e.examples {
			fmt.Fprintf(s.out, "  %s %s\n    %s\n", r.Fields["first_name"], r.Fields["last_name"], r.Fields["join_url"])
		}
	}
}

func clipped(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// printByHand prints lines to paste into a shell.
func (s *show) printByHand(events []*event) {
	c := s.credentials
	fmt.Fprintf(s.out, "\nGo on by hand: paste this into another terminal.\n\n")
	fmt.Fprintf(s.out, "export MUSTER_URL=%s\nexport MUSTER_ACCOUNT_ID=%s\nexport MUSTER_CLIENT_ID=%s\nexport MUSTER_CLIENT_SECRET=%s\n",
		s.server.base, c.AccountID, c.ClientID, c.ClientSecret)
	for _, e := range events {
		fmt.Fprintf(s.out, "export %s=%s\n", e.variable, e.number)
	}
	fmt.Fprint(s.out, byHand)
	fmt.Fprintf(s.out, "\nEvery call, with examples: %s/docs\nThe server's log:          %s\n", s.server.base, s.file("server.log"))
	fmt.Fprintf(s.out, "\nCtrl-C ends it and removes everything.\n")
}

const byHand = `
# a token for an hour
export TOKEN=$(` + tokenCurl + ` |
  sed 's/.*"access_token" *: *"\([^"]*\)".*/\1/')

# who has registered: approved, pending or denied
curl -s -H "Authorization: Bearer $TOKEN" \
  "$MUSTER_URL/v2/meetings/$MEETING/registrants?status=pending&page_size=2"; echo

# add somebody
curl -s -X POST -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \
  -d '{"email":"ada@example.org","first_name":"Ada","last_name":"Lovelace"}' \
  "$MUSTER_URL/v2/meetings/$MEETING/registrants"; echo

# add many at once, up to 30
curl -s -X POST -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \
  -d '{"registrants":[{"email":"alan@example.org","first_name":"Alan","last_name":"Turing"},
                      {"email":"grace@example.org","first_name":"Grace","last_name":"Hopper"}]}' \
  "$MUSTER_URL/v2/meetings/$MEETING/batch_registrants"; echo

# approve, deny or cancel, by email or by id (this call has no answer but its status)
curl -s -X PUT -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \
  -d '{"action":"approve","registrants":[{"email":"ada@example.org"}]}' \
  -w '%{http_code}\n' "$MUSTER_URL/v2/meetings/$MEETING/registrants/status"
`
