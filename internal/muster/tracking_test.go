package muster

import (
	"strings"
	"testing"
)

func TestCheckTracking(t *testing.T) {
	t.Parallel()
	value := func(pairs ...string) (list []TrackingField) {
		for i := 0; i < len(pairs); i += 2 {
			list = append(list, TrackingField{pairs[i], pairs[i+1]})
		}
		return list
	}
	for name, c := range map[string]struct {
		required      []string
		before, after []TrackingField
		creating      bool
		want          string // a part of the message, "" for none
	}{
		"none required":                    {creating: true},
		"new and there":                    {[]string{"Dept"}, nil, value("dept", "x"), true, ""},
		"new and missing":                  {[]string{"Dept", "Site"}, nil, value("site", "x"), true, "missing: Dept"},
		"new and empty":                    {[]string{"Dept"}, nil, value("Dept", " "), true, "missing: Dept"},
		"all missing":                      {[]string{"Dept", "Site"}, nil, nil, true, "missing: Dept, Site"},
		"existing, never had it":           {[]string{"Dept"}, nil, value("Site", "x"), false, ""},
		"existing, takes it out":           {[]string{"Dept"}, value("Dept", "x"), value("Site", "x"), false, "missing: Dept"},
		"existing, empties it":             {[]string{"Dept"}, value("Dept", "x"), value("Dept", ""), false, "missing: Dept"},
		"existing, another value":          {[]string{"Dept"}, value("Dept", "x"), value("DEPT", "y"), false, ""},
		"existing, takes out what may":     {[]string{"Dept"}, value("Dept", "x", "Site", "y"), value("Dept", "x"), false, ""},
		"existing, had it without a value": {[]string{"Dept"}, value("Dept", ""), nil, false, ""},
	} {
		err := CheckTracking(c.required, c.before, c.after, c.creating)
		if (err == nil) != (c.want == "") || err != nil && !strings.HasSuffix(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func TestTrackingDefinition(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		d    TrackingDefinition
		want string
	}{
		"good":            {TrackingDefinition{Field: "Dept", Recommended: []string{"a", "b"}}, ""},
		"no name":         {TrackingDefinition{}, "field"},
		"blanks":          {TrackingDefinition{Field: " Dept"}, "field"},
		"long":            {TrackingDefinition{Field: strings.Repeat("ä", 129)}, "field"},
		"empty value":     {TrackingDefinition{Field: "Dept", Recommended: []string{"a", ""}}, "recommended_values[1]"},
		"long value":      {TrackingDefinition{Field: "Dept", Recommended: []string{strings.Repeat("x", 257)}}, "recommended_values[0]"},
		"too many values": {TrackingDefinition{Field: "Dept", Recommended: strings.Split(strings.Repeat("x,", 200)+"x", ",")}, "recommended_values"},
	} {
		got := ""
		if ps := c.d.Check(); len(ps) > 0 {
			got = ps[0].Field
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
