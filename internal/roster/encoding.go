package roster

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// An Encoding is how a file spells its characters.
type Encoding string

// The encodings that are read.
const (
	UTF8        Encoding = "UTF-8"
	UTF16LE     Encoding = "UTF-16 (little endian)"
	UTF16BE     Encoding = "UTF-16 (big endian)"
	Windows1252 Encoding = "Windows-1252"
)

var byteOrderMarks = []struct {
	mark     string
	encoding Encoding
}{{"\xef\xbb\xbf", UTF8}, {"\xff\xfe", UTF16LE}, {"\xfe\xff", UTF16BE}}

// ErrNotCSV wraps the error about a file that is something else.
var ErrNotCSV = errors.New("this is not a CSV file")

var strangers = []struct{ start, what string }{
	{"PK\x03\x04", "it looks like an Excel or Numbers workbook: save it as “CSV UTF-8” and import that"},
	{"\xd0\xcf\x11\xe0", "it looks like an old Excel workbook: save it as “CSV UTF-8” and import that"},
	{"%PDF", "it is a PDF: export the list as CSV instead"},
	{"{\\rtf", "it is a rich text document: save the list as CSV instead"},
}

// sniff reads all of r and returns how it is encoded, the length of its byte
// order mark and the SHA-256 of its bytes in hex.
func sniff(r io.Reader) (encoding Encoding, mark int, hash string, err error) {
	sum := sha256.New()
	buf := make([]byte, 64<<10)
	kept, first, valid := 0, true, true
	for {
		n, err := io.ReadFull(r, buf[kept:])
		sum.Write(buf[kept : kept+n])
		end := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !end {
			return "", 0, "", err
		}
		chunk := buf[:kept+n]
		if first {
			if encoding, mark, err = start(chunk); err != nil {
				return "", 0, "", err
			}
			chunk, first = chunk[mark:], false
		}
		if valid && encoding == UTF8 {
			whole := len(chunk)
			if !end {
				whole = completeUTF8(chunk)
			}
			valid = utf8.Valid(chunk[:whole])
			kept = copy(buf, chunk[whole:])
		} else {
			kept = 0
		}
		if end {
			break
		}
	}
	if !valid {
		encoding, mark = Windows1252, 0
	}
	return encoding, mark, hex.EncodeToString(sum.Sum(nil)), nil
}

// start judges a file by its first bytes.
func start(chunk []byte) (Encoding, int, error) {
	for _, m := range byteOrderMarks {
		if bytes.HasPrefix(chunk, []byte(m.mark)) {
			return m.encoding, len(m.mark), nil
		}
	}
	for _, s := range strangers {
		if bytes.HasPrefix(chunk, []byte(s.start)) {
			return "", 0, fmt.Errorf("%w: %s", ErrNotCSV, s.what)
		}
	}
	if bytes.IndexByte(chunk, 0) >= 0 {
		return "", 0, fmt.Errorf("%w, or in an encoding that does not say which it is: save it as “CSV UTF-8”", ErrNotCSV)
	}
	return UTF8, 0, nil
}

// completeUTF8 is the length of b without a character cut off at its end.
func completeUTF8(b []byte) int {
	for i := len(b) - 1; i >= max(0, len(b)-utf8.UTFMax); i-- {
		if utf8.RuneStart(b[i]) {
			if utf8.FullRune(b[i:]) {
				return len(b)
			}
			return i
		}
	}
	return len(b)
}

// decode returns r, which begins after its byte order mark, as UTF-8.
func decode(r io.Reader, e Encoding) io.Reader {
	in := bufio.NewReaderSize(r, 64<<10)
	switch e {
	case UTF16LE:
		return &runes{next: utf16Runes(in, binary.LittleEndian)}
	case UTF16BE:
		return &runes{next: utf16Runes(in, binary.BigEndian)}
	case Windows1252:
		return &runes{next: func() (rune, error) {
			b, err := in.ReadByte()
			if b >= 0x80 && b < 0xa0 {
				return windows1252[b-0x80], err
			}
			return rune(b), err
		}}
	default:
		return in
	}
}

func utf16Runes(in io.Reader, order binary.ByteOrder) func() (rune, error) {
	var held rune = -1 // read while looking for a surrogate's second half
	unit := func() (rune, error) {
		if held >= 0 {
			u := held
			held = -1
			return u, nil
		}
		var b [2]byte
		if _, err := io.ReadFull(in, b[:]); err != nil {
			if errors.Is(err, io.ErrUnexpectedEOF) {
				err = io.EOF // an odd byte at the end
			}
			return 0, err
		}
		return rune(order.Uint16(b[:])), nil
	}
	return func() (rune, error) {
		u, err := unit()
		if err != nil || !utf16.IsSurrogate(u) {
			return u, err
		}
		second, err := unit()
		if err != nil {
			return utf8.RuneError, nil // the next call meets the end again
		}
		if r := utf16.DecodeRune(u, second); r != utf8.RuneError {
			return r, nil
		}
		held = second
		return utf8.RuneError, nil
	}
}

// runes spells what next gives as UTF-8.
type runes struct {
	next func() (rune, error)
	rest []byte
	err  error
}

func (r *runes) Read(p []byte) (int, error) {
	for len(r.rest) < len(p) && r.err == nil {
		var c rune
		if c, r.err = r.next(); r.err == nil {
			r.rest = utf8.AppendRune(r.rest, c)
		}
	}
	n := copy(p, r.rest)
	r.rest = append(r.rest[:0], r.rest[n:]...)
	if n == 0 && len(p) > 0 {
		return 0, r.err
	}
	return n, nil
}

// Windows1252 has the characters 0x80 to 0x9f; the others are those of
// Unicode. The five without a character stay as they are.
var windows1252 = [32]rune{
	'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8d, 'Ž', 0x8f,
	0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9d, 'ž', 'Ÿ',
}
