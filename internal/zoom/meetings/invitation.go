package meetings

import (
	"fmt"
	"strings"

	"muster/internal/app"
	"muster/internal/schedule"
)

// invitation returns the text that a host sends to people: what, when, where.
// Where people register it sends them to register, for the general link
// does not let them in.
func (a *API) invitation(v *app.MeetingView) (string, error) {
	zone, err := schedule.Zone(v.Timezone)
	if err != nil {
		return "", err
	}
	topic := strings.Join(strings.Fields(v.Topic), " ") // one line: it must not look like one of ours
	if topic == "" {
		topic = "Meeting"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "You are invited to a meeting.\r\n\r\nTopic: %s\r\n", topic)
	if !v.Start.IsZero() {
		fmt.Fprintf(&b, "Time: %s (%s)\r\n", v.Start.In(zone).Format("Monday, 2 January 2006, 15:04"), v.Timezone)
	}
	if v.Recurrence != nil {
		fmt.Fprintf(&b, "Repeats: %s\r\n", schedule.Describe(*v.Recurrence, zone))
	}
	for _, o := range v.Coming(v.Now) {
		fmt.Fprintf(&b, "  %s\r\n", o.Start.In(zone).Format("Mon, 2 Jan 2006, 15:04"))
	}
	if url := a.registrationURL(&v.Meeting); url != "" {
		fmt.Fprintf(&b, "\r\nRegister first:\r\n%s\r\n", url)
		return b.String(), nil
	}
	id := v.ID
	if v.PMI != 0 {
		id = v.PMI
	}
	fmt.Fprintf(&b, "\r\nJoin:\r\n%s\r\n\r\nMeeting ID: %s\r\n", a.joinURL(&v.Meeting, v.PMI, v.PasscodeInLink), grouped(id))
	if v.Passcode != "" {
		fmt.Fprintf(&b, "Passcode: %s\r\n", v.Passcode)
	}
	return b.String(), nil
}

// grouped spells a meeting number in groups, as people read it out.
func grouped(id int64) string {
	n := number(id)
	if len(n) < 9 {
		return n
	}
	return n[:3] + " " + n[3:len(n)-4] + " " + n[len(n)-4:]
}
