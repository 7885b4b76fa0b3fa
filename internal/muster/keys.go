package muster

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Keys derives everything that must be unguessable and yet not stored: join
// tokens, page tokens, phone codes. It is one secret, made at the first start.
type Keys struct {
	Secret []byte
}

// mac returns 16 bytes that only the holder of the secret can compute for
// this purpose and these parts: the first of an HMAC-SHA-256 [RFC 2104]. It
// is spelled out here, over memory of its own, because a page of a list asks
// for it 300 times and crypto/hmac allocates for each.
func (k Keys) mac(purpose string, parts ...string) (sum [16]byte) {
	const block = sha256.BlockSize
	var key [block]byte
	if len(k.Secret) > block {
		digest := sha256.Sum256(k.Secret)
		copy(key[:], digest[:])
	} else {
		copy(key[:], k.Secret)
	}
	inner := make([]byte, block, 4*block)
	for i, b := range key {
		inner[i] = b ^ 0x36
	}
	inner = appendPart(inner, purpose)
	for _, p := range parts {
		inner = appendPart(inner, p)
	}
	message := sha256.Sum256(inner)
	var outer [block + sha256.Size]byte
	for i, b := range key {
		outer[i] = b ^ 0x5c
	}
	copy(outer[block:], message[:])
	all := sha256.Sum256(outer[:])
	copy(sum[:], all[:])
	return sum
}

// appendPart appends p behind its length, so that no two lists of parts look alike.
func appendPart(b []byte, p string) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(len(p))), p...)
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (k Keys) text(purpose string, parts ...string) string {
	sum := k.mac(purpose, parts...)
	return encode(sum[:])
}

// registrantIDLen is the length of the ids that IDs.Ordered makes.
const registrantIDLen = 22

// JoinToken returns the tk of a registrant's link: the id and a MAC over
// meeting, id and link version. Whether it opens is the state's matter.
func (k Keys) JoinToken(meeting int64, registrant string, version int) string {
	return registrant + k.text("join", strconv.FormatInt(meeting, 10), registrant, strconv.Itoa(version))
}

// RegistrantOf returns the id of the registrant whose join token tk claims to
// be. It proves nothing: compare with JoinToken by CheckJoinToken.
func RegistrantOf(tk string) (id string, ok bool) {
	if len(tk) <= registrantIDLen || strings.Trim(tk[:registrantIDLen], base62) != "" {
		return "", false
	}
	return tk[:registrantIDLen], true
}

// CheckJoinToken reports whether tk is the join token of r, in constant time.
func (k Keys) CheckJoinToken(tk string, r *Registrant) bool {
	return hmac.Equal([]byte(tk), []byte(k.JoinToken(r.Meeting, r.ID, r.LinkVersion)))
}

// PasscodeToken returns the pwd of a meeting's general link.
func (k Keys) PasscodeToken(m *Meeting) string {
	return k.text("pwd", strconv.FormatInt(m.ID, 10), m.Passcode)
}

// NumericPasscode returns the six-digit form of a meeting's passcode for
// phones and room systems, "" without a passcode.
func (k Keys) NumericPasscode(m *Meeting) string {
	if m.Passcode == "" {
		return ""
	}
	sum := k.mac("digits", strconv.FormatInt(m.ID, 10), m.Passcode)
	n := binary.BigEndian.Uint32(sum[:])
	return strconv.Itoa(int(100_000 + n%900_000))
}

// HostToken returns the zak of a host's start link, good until expires.
func (k Keys) HostToken(m *Meeting, expires time.Time) string {
	at := strconv.FormatInt(expires.Unix(), 36)
	return at + "." + k.text("host", strconv.FormatInt(m.ID, 10), m.Host, at)
}

// UserHostToken returns the zak of a user for all their meetings, good until expires.
func (k Keys) UserHostToken(u *User, expires time.Time) string {
	at := strconv.FormatInt(expires.Unix(), 36)
	return at + "." + k.text("zak", u.ID, at)
}

// RegistrationToken returns what stands for a meeting in its registration_url.
func (k Keys) RegistrationToken(m *Meeting) string {
	return k.text("register", strconv.FormatInt(m.ID, 10))
}

// Digest returns a keyed digest of text, for storing what must be compared
// but not read, such as the email behind a daily counter.
func (k Keys) Digest(purpose, text string) string { return k.text("digest "+purpose, text) }

// PageTokenLife is how long a page token works.
const PageTokenLife = 15 * time.Minute

// PageToken returns a token for the page that begins after cursor, bound to
// the list that the parts describe (account, meeting, filters).
func (k Keys) PageToken(now time.Time, cursor string, list ...string) string {
	expires := strconv.FormatInt(now.Add(PageTokenLife).UnixMilli(), 36)
	text := expires + "." + cursor
	sum := k.mac("page", append(slices.Clip(list), text)...)
	return encode([]byte(text + "." + string(sum[:])))
}

// Cursor returns the cursor of a page token, or PageTokenInvalid where it is
// forged, expired or of another list.
func (k Keys) Cursor(now time.Time, token string, list ...string) (string, error) {
	bad := Errorf(PageTokenInvalid, "", "The next page token is invalid or expired: repeat the request without it to start again, with the same other parameters.")
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || encode(b) != token || len(b) < 17 || b[len(b)-17] != '.' { // one spelling only
		return "", bad
	}
	text, sum := string(b[:len(b)-17]), b[len(b)-16:]
	if want := k.mac("page", append(slices.Clip(list), text)...); !hmac.Equal(sum, want[:]) {
		return "", bad
	}
	at, cursor, _ := strings.Cut(text, ".")
	if ms, err := strconv.ParseInt(at, 36, 64); err != nil || now.UnixMilli() >= ms {
		return "", bad
	}
	return cursor, nil
}
