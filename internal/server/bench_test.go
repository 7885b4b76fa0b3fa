package server_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"muster/internal/mustertest"
)

// The benchmarks run whole requests, client included, on a durable database:
// for profiles and for comparing two versions. What a server does for others
// is measured by the module bench.

// body returns a batch of n people whom nobody has registered.
func body(prefix string, from int64, n int) string {
	var b strings.Builder
	b.WriteString(`{"auto_approve":true,"registrants":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(onePerson(prefix, from+int64(i)))
	}
	b.WriteString(`]}`)
	return b.String()
}

func onePerson(prefix string, i int64) string {
	return fmt.Sprintf(`{"email":"%s.%d@mail.example.org","first_name":"Somebody","last_name":"Number %d","org":"An organisation with a name",`+
		`"job_title":"Keeper of the keys","city":"Springfield","country":"DE","phone":"+49 30 1234567","comments":"Looks forward to it and comes by train, as every year."}`,
		prefix, i*7919%1_000_003, i)
}

type caller struct {
	s      *mustertest.Server
	client *http.Client
	token  string
}

func newCaller(b *testing.B) *caller {
	s := mustertest.New(b, mustertest.Options{Durable: true})
	return &caller{s, &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}}, s.Token()}
}

func (c *caller) do(b *testing.B, status int, method, path, body string) {
	req, err := http.NewRequest(method, c.s.URL+path, strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Content-Type", "application/json")
	res, err := c.client.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	text, err := io.ReadAll(res.Body)
	_ = res.Body.Close() // it was read
	if err != nil || res.StatusCode != status {
		b.Fatalf("got %d %s %v", res.StatusCode, text, err)
	}
}

func perPerson(b *testing.B, people int) {
	b.ReportMetric(float64(b.N*people)/b.Elapsed().Seconds(), "people/s")
}

func BenchmarkBatch30(b *testing.B) {
	c := newCaller(b)
	path := c.s.Meeting("") + "/batch_registrants"
	var n atomic.Int64
	b.SetParallelism(8)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			c.do(b, 200, "POST", path, body("batch", n.Add(30), 30))
		}
	})
	perPerson(b, 30)
}

func BenchmarkSingle(b *testing.B) {
	c := newCaller(b)
	path := c.s.Meeting("") + "/registrants"
	var n atomic.Int64
	b.SetParallelism(32)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			c.do(b, 201, "POST", path, onePerson("single", n.Add(1)))
		}
	})
	perPerson(b, 1)
}

func BenchmarkList300(b *testing.B) {
	for name, check := range map[string]func(kept, fresh []byte){"kept": nil, "read": func([]byte, []byte) {}} {
		b.Run(name, func(b *testing.B) {
			c := newCaller(b)
			c.s.App.CheckPage = check
			path := c.s.Meeting("")
			for i := range int64(20) {
				c.do(b, 200, "POST", path+"/batch_registrants", body("list", i*30, 30))
			}
			b.ResetTimer()
			for b.Loop() {
				c.do(b, 200, "GET", path+"/registrants?page_size=300", "")
			}
			perPerson(b, 300)
		})
	}
}
