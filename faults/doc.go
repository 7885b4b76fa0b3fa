// Package faults holds the tests that break what Muster stands on (its
// process, its disk, its database, its clients, its clock) and show that
// nothing it had acknowledged is lost.
//
// The tests run the real program. go test runs each fault a few times; with
// MUSTER_FAULTS=long in the environment, as the targets faults and oversell
// of the Makefile set it, as often as docs/reliability.md tells.
package faults
