// Package muster holds the domain: what accounts, users, meetings and
// registrants are, which states they may be in and which rules bind them.
// It does no I/O and knows no wire format.
package muster
