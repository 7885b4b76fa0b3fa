// Package schedule knows zones, the times that clients send and the dates on
// which a series takes place. It is pure: what it returns depends on its
// arguments and on the zone database alone, of which the binary carries a copy.
package schedule

import (
	"strconv"
	_ "time/tzdata" // for machines without a zone database
)

// FormatID spells the id of an occurrence, as the API has it in a string:
// epoch milliseconds in decimal digits.
func FormatID(id int64) string { return strconv.FormatInt(id, 10) }
