package muster

import (
	"crypto/rand"
	"testing"
	"time"
)

// perPerson reports what a batch of 30 or a page of 300 pays for each person.
func perPerson(b *testing.B, people int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*people), "ns/person")
}

func BenchmarkJoinToken(b *testing.B) {
	k := Keys{Secret: []byte("a secret of forty-three characters, or so it is")}
	ids := IDs{Random: rand.Reader}
	id := ids.Ordered(time.Now())
	b.ReportAllocs()
	for b.Loop() {
		k.JoinToken(94571774828, id, 0)
	}
	perPerson(b, 1)
}

func BenchmarkPIN(b *testing.B) {
	k := Keys{Secret: []byte("a secret of forty-three characters, or so it is")}
	b.ReportAllocs()
	n := int64(0)
	for b.Loop() {
		k.PIN(94571774828, n)
		n++
	}
	perPerson(b, 1)
}

func BenchmarkOrderedID(b *testing.B) {
	ids := IDs{Random: rand.Reader}
	now := time.Now()
	b.ReportAllocs()
	for b.Loop() {
		ids.Ordered(now)
	}
	perPerson(b, 1)
}

func BenchmarkCheckEmail(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if rule := CheckEmail("somebody.with.a.name@mail.example.org"); rule != "" {
			b.Fatal(rule)
		}
		EmailKey("somebody.with.a.name@mail.example.org")
	}
	perPerson(b, 1)
}
