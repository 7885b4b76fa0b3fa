package muster

import (
	"encoding/binary"
	"strconv"
	"sync"
)

// PIN returns the phone code of a meeting's n-th registrant, n from 0: six
// digits, more when the meeting needs them. No two of a meeting are alike,
// and none tells another. Codes are stored: how they follow from the key must
// never change, or a meeting would give one twice.
func (k Keys) PIN(meeting, n int64) int64 { return k.pin(n, meeting, k.pinRound) }

// A pinRound derives 32 bits from the right half of a number, for one round
// of the permutation of the size's range.
type pinRound func(meeting, size int64, round int, right uint32) uint32

func (k Keys) pin(n, meeting int64, f pinRound) int64 {
	low, size := int64(100_000), int64(900_000)
	for n >= size {
		n -= size
		low, size = low*10, size*10
	}
	for {
		if n = permute(meeting, size, n, f); n < size {
			return low + n
		}
	}
}

// permute maps n one to one within the smallest even power of two of at
// least size: a Feistel network of four rounds. Its caller walks the cycle
// until the value is below size.
func permute(meeting, size, n int64, f pinRound) int64 {
	half := pinHalf(size)
	mask := uint32(1)<<half - 1
	left, right := uint32(n>>half)&mask, uint32(n)&mask
	for round := range pinRounds {
		left, right = right, left^(f(meeting, size, round, right)&mask)
	}
	return int64(left)<<half | int64(right)
}

const pinRounds = 4

// pinHalf returns how many bits half a number below size has.
func pinHalf(size int64) uint {
	half := uint(1)
	for int64(1)<<(2*half) < size {
		half++
	}
	return half
}

func (k Keys) pinRound(meeting, size int64, round int, right uint32) uint32 {
	f := k.mac("pin", strconv.FormatInt(meeting, 10), strconv.FormatInt(size, 10), strconv.Itoa(round), strconv.FormatUint(uint64(right), 10))
	return binary.BigEndian.Uint32(f[:])
}

// recentPINs is of how many meetings PINs remembers what it derived.
const recentPINs = 16

// PINs gives the codes that Keys.PIN gives, and remembers what it derived for
// them from the key: of six digits there are 4,096 values for a meeting,
// however many register. The zero value is ready.
type PINs struct {
	mu     sync.Mutex
	recent map[pinRange]pinTable
}

type pinRange struct{ meeting, size int64 }

// A pinTable has what a round gives for each right half, or ^0 for what was
// not asked for yet.
type pinTable [pinRounds][]uint32

// unknownRound is no value of a table: they have at most 31 bits.
const unknownRound = ^uint32(0)

// PIN returns k.PIN(meeting, n).
func (p *PINs) PIN(k Keys, meeting, n int64) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	var t pinTable
	return k.pin(n, meeting, func(meeting, size int64, round int, right uint32) uint32 {
		if t[0] == nil { // one n has one size
			t = p.table(meeting, size)
		}
		known := &t[round][right]
		if *known == unknownRound {
			*known = k.pinRound(meeting, size, round, right) &^ (1 << 31) // more than a half has
		}
		return *known
	})
}

func (p *PINs) table(meeting, size int64) pinTable {
	at := pinRange{meeting, size}
	if t, ok := p.recent[at]; ok {
		return t
	}
	if p.recent == nil || len(p.recent) >= recentPINs {
		p.recent = map[pinRange]pinTable{}
	}
	var t pinTable
	for round := range t {
		t[round] = make([]uint32, 1<<pinHalf(size))
		for i := range t[round] {
			t[round][i] = unknownRound
		}
	}
	p.recent[at] = t
	return t
}
