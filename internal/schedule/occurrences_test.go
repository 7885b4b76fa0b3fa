package schedule

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/muster"
)

// occurrence returns one of an hour that begins at the given hour of a day,
// with that hour as its id.
func occurrence(hour int) muster.Occurrence {
	return muster.Occurrence{ID: int64(hour), Start: time.Date(2026, 3, 25, hour, 0, 0, 0, time.UTC), Duration: time.Hour}
}

func deleted(o muster.Occurrence) muster.Occurrence { o.Deleted = true; return o }

func movedTo(o muster.Occurrence, hour int) muster.Occurrence {
	o.Start = occurrence(hour).Start
	return o
}

// spell writes occs as "id@hour", a deleted one in brackets.
func spell(occs []muster.Occurrence) string {
	var items []string
	for _, o := range occs {
		item := fmt.Sprintf("%d@%d", o.ID, o.Start.Hour())
		if o.Deleted {
			item = "(" + item + ")"
		}
		items = append(items, item)
	}
	return strings.Join(items, " ")
}

func TestRebuild(t *testing.T) {
	t.Parallel()
	one, two, three, four := occurrence(1), occurrence(2), occurrence(3), occurrence(4)
	type list = []muster.Occurrence
	tests := map[string]struct {
		old, fresh list
		people     []int64
		want       string
	}{
		"nothing":                           {nil, nil, nil, ""},
		"from nothing":                      {nil, list{one, two}, nil, "1@1 2@2"},
		"to nothing":                        {list{one, two}, nil, []int64{2}, "(2@2)"},
		"nobody":                            {list{one, two}, list{three}, nil, "3@3"},
		"people stay":                       {list{one, three}, list{two, four}, []int64{3}, "2@2 (3@3) 4@4"},
		"all stay":                          {list{one, two}, list{three}, []int64{1, 2}, "(1@1) (2@2) 3@3"},
		"same id":                           {list{one, two}, list{two, three}, []int64{2}, "2@2 3@3"},
		"a moved one is back at its place":  {list{movedTo(two, 9)}, list{two}, []int64{2}, "2@2"},
		"a moved one stays where it was":    {list{movedTo(one, 9)}, list{two}, []int64{1}, "2@2 (1@9)"},
		"a deleted one is back":             {list{deleted(two)}, list{two}, nil, "2@2"},
		"a deleted one with people stays":   {list{deleted(one)}, list{two}, []int64{1}, "(1@1) 2@2"},
		"a deleted one without people goes": {list{deleted(one)}, list{two}, nil, "2@2"},
		"equal starts in order of id":       {list{movedTo(four, 3)}, list{three}, []int64{4}, "3@3 (4@3)"},
	}
	for name, tt := range tests {
		before := spell(tt.old) + spell(tt.fresh)
		got := Rebuild(tt.old, tt.fresh, func(id int64) bool { return slices.Contains(tt.people, id) })
		if spell(got) != tt.want {
			t.Errorf("%s: got %q, want %q", name, spell(got), tt.want)
		}
		if spell(tt.old)+spell(tt.fresh) != before {
			t.Errorf("%s: an argument has changed", name)
		}
	}
}

func TestUpcoming(t *testing.T) {
	t.Parallel()
	occs := []muster.Occurrence{occurrence(1), deleted(occurrence(2)), occurrence(3), movedTo(occurrence(0), 5)}
	at := func(hour, minute int) time.Time { return time.Date(2026, 3, 25, hour, minute, 0, 0, time.UTC) }
	tests := map[string]struct {
		now  time.Time
		want string
	}{
		"before all":  {at(0, 0), "1@1 (2@2) 3@3 0@5"},
		"under way":   {at(1, 59), "1@1 (2@2) 3@3 0@5"},
		"just over":   {at(2, 0), "(2@2) 3@3 0@5"},
		"of a moved":  {at(5, 30), "0@5"},
		"all is over": {at(6, 0), ""},
	}
	for name, tt := range tests {
		if got := spell(Upcoming(occs, tt.now)); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
	if len(occs) != 4 || spell(occs) != "1@1 (2@2) 3@3 0@5" {
		t.Errorf("the argument has changed: %q", spell(occs))
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	occs := []muster.Occurrence{occurrence(1), occurrence(3), deleted(occurrence(20))}
	if i, ok := Find(occs, 3); i != 1 || !ok {
		t.Errorf("Find(3) = %d, %v", i, ok)
	}
	if i, ok := Find(occs, 4); ok {
		t.Errorf("Find(4) = %d, %v", i, ok)
	}
}

func TestIDs(t *testing.T) {
	t.Parallel()
	if got := FormatID(instant(t, "2022-03-25T07:46:00Z").UnixMilli()); got != "1648194360000" {
		t.Errorf("the sample of the API is spelled %q", got)
	}
}
