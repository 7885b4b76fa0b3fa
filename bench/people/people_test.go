package people

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestStampsDiffer(t *testing.T) {
	seen := map[string]bool{}
	var stamp [len(Blank)]byte
	for n := range uint64(100_000) {
		Stamp(stamp[:], n)
		seen[string(stamp[:])] = true
	}
	if len(seen) != 100_000 {
		t.Errorf("%d stamps of 100,000 numbers", len(seen))
	}
}

func TestBody(t *testing.T) {
	b, err := NewBody([]Person{Make(1), Make(2)})
	if err != nil {
		t.Fatal(err)
	}
	var numbers Numbers
	first := bytes.Clone(b.Fill(&numbers))
	second := b.Fill(&numbers)
	if bytes.Contains(second, []byte(Blank)) || bytes.Equal(first, second) || len(first) != len(second) {
		t.Errorf("bodies %s and %s", first, second)
	}
	var people []Person
	if err := json.Unmarshal(second, &people); err != nil || len(people) != 2 || people[0].Email == people[1].Email {
		t.Errorf("people %+v, error %v", people, err)
	}
}

// The reference has 470 bytes of data for each person, ids and times included.
func TestPeopleAreOfUsualSize(t *testing.T) {
	const besides = 22 + 11 + 10 + 8 + 8 + 8 + 34 // id, meeting, PIN, status, times, email as key
	sum := 0
	for n := range 512 {
		p, err := json.Marshal(Make(n))
		if err != nil {
			t.Fatal(err)
		}
		sum += len(p) + besides
	}
	if mean := sum / 512; mean < 430 || mean > 510 {
		t.Errorf("%d bytes of data, want about 470", mean)
	}
	if !strings.HasPrefix(Make(1).Email, Blank) {
		t.Errorf("email %s does not begin with the blank", Make(1).Email)
	}
}
