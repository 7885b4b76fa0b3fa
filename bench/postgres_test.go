package main

import (
	"os"
	"testing"
)

// A cluster of our own starts, has databases and leaves nothing behind.
func TestCluster(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts Postgres")
	}
	if _, err := postgresPrograms(); err != nil {
		t.Skip(err)
	}
	b := &bench{tmp: t.TempDir()}
	c := &cluster{b: b}
	b.cluster = c
	defer func() {
		if err := b.close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(c.dir); !os.IsNotExist(err) {
			t.Errorf("the cluster's folder: %v, want none", err)
		}
	}()
	if err := c.start(t.Context()); err != nil {
		t.Fatal(err)
	}
	name, err := c.create(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if size, err := c.size(t.Context(), name); err != nil || size == 0 {
		t.Errorf("size of a new database: %d, %v", size, err)
	}
	if used, err := c.cpu(); err != nil || used == 0 {
		t.Errorf("CPU of the cluster: %v, %v", used, err)
	}
	if err := c.drop(name); err != nil {
		t.Error(err)
	}
}
