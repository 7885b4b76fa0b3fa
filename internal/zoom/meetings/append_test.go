package meetings

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/go-json-experiment/json"

	"muster/internal/zoom"
)

// TestAppendedAsDeclared fills every field at random and compares with what
// the library makes of the tags.
func TestAppendedAsDeclared(t *testing.T) {
	t.Parallel()
	src := rand.New(rand.NewPCG(1, 2))
	texts := []string{"", "", "plain", "ä ß 漢", `"quoted" \ and`, "a\nb\t\x00\x1f", "<a href='x'>&", "\u2028", "x.y@example.org"}
	text := func() string { return texts[src.IntN(len(texts))] }
	for range 200 {
		number := src.Int64()
		out := &registrantsOut{Paged: zoom.Paged{PageSize: 300, TotalRecords: number, NextPageToken: "token"}, Registrants: make([]registrantOut, src.IntN(4))}
		if src.IntN(2) == 0 {
			out.PageNumber, out.PageCount = &number, &number
		}
		for i := range out.Registrants {
			r := reflect.ValueOf(&out.Registrants[i]).Elem()
			for f := range r.NumField() {
				switch f := r.Field(f); f.Kind() {
				case reflect.String:
					f.SetString(text())
				case reflect.Int64:
					f.SetInt(src.Int64N(3) * 100_000)
				case reflect.Slice:
					questions := make([]answerOut, src.IntN(3))
					for q := range questions {
						questions[q] = answerOut{text(), text()}
					}
					f.Set(reflect.ValueOf(questions))
				default:
					t.Fatalf("a field of kind %v: fill it here and append it there", f.Kind())
				}
			}
		}
		out.spelled = appended(out.Registrants)
		type declared registrantsOut // without WriteJSON
		want, err := json.Marshal((*declared)(out))
		if err != nil {
			t.Fatal(err)
		}
		body, rest := out.WriteJSON()
		if got := string(body) + string(rest); got != string(want) {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
	}
}

func appended(list []registrantOut) []byte {
	b := []byte{'['}
	for i := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = list[i].appendJSON(b)
	}
	return append(b, ']', '}')
}

func BenchmarkAppendPage(b *testing.B) {
	out := &registrantsOut{Registrants: make([]registrantOut, 300)}
	for i := range out.Registrants {
		out.Registrants[i] = registrantOut{
			ID: "0VbmVCRtv075dcUfXPkzVB", Email: "somebody@example.org", FirstName: "Somebody", LastName: "Else", City: "Springfield", Country: "DE",
			Org: "An organisation with a name", JobTitle: "Keeper of the keys", Comments: "Looks forward to it and comes by train, as every year.",
			Status: "approved", CreateTime: "2026-03-02T09:30:00Z", ParticipantPINCode: 123456,
			JoinURL: "https://muster.test/w/52704604957?tk=0VbmVCRtv075dcUfXPkzVBJzJEOdhPuaaUmtx7T2y2cA",
		}
	}
	type declared registrantsOut
	b.Run("appended", func(b *testing.B) {
		for b.Loop() {
			appended(out.Registrants)
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*300), "ns/person")
	})
	b.Run("by the library", func(b *testing.B) {
		for b.Loop() {
			if _, err := json.Marshal((*declared)(out)); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*300), "ns/person")
	})
}
