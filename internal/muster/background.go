package muster

import (
	"encoding/binary"
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

const (
	// MaxBackground is how many bytes the file of a virtual background has at most.
	MaxBackground = 15 << 20
	// MaxBackgrounds is how many of them an account, a group or a user has at most.
	MaxBackgrounds = 10
	// maxFileName is how many characters the name of a file keeps.
	maxFileName = 255
)

// A File is one that was uploaded. Its content is elsewhere, under its digest.
type File struct {
	ID        string // cannot be guessed: who knows it may have the content
	Account   string
	Name      string // as whoever sent it calls it
	Kind      string // image or video, of a virtual background; FilePicture
	MediaType string
	Size      int64
	Digest    string // SHA-256 of the content in hexadecimal digits
	CreatedAt time.Time
}

// CheckBackground returns what kind of file content is, image or video, and
// its media type, or FileRefused where it cannot be a virtual background. It
// believes neither names nor what a client says that the type is. Only users
// may have a GIF.
func CheckBackground(content []byte, ofUser bool) (kind, mediaType string, err error) {
	if err := checkSize(content, MaxBackground); err != nil {
		return "", "", err
	}
	if len(content) > 8 && string(content[4:8]) == "ftyp" {
		if !wholeMP4(content) {
			return "", "", refuseFile("The file begins as an MP4 and is none, or is not whole.")
		}
		return "video", "video/mp4", nil
	}
	mediaType, err = checkImage(content)
	switch {
	case err != nil:
		return "", "", err
	case mediaType == "" && ofUser:
		return "", "", refuseFile("Only jpg/jpeg, gif or png image file or mp4 video file can be uploaded.")
	case mediaType == "" || mediaType == gifType && !ofUser:
		return "", "", refuseFile("Only jpg/jpeg or png image file or mp4 video file can be uploaded.")
	}
	return "image", mediaType, nil
}

// TooLarge returns the refusal of a file of more than so many bytes.
func TooLarge(bytes int64) error { return refuseFile("File size cannot exceed %dM.", bytes>>20) }

func refuseFile(format string, args ...any) error { return Errorf(FileRefused, "", format, args...) }

func checkSize(content []byte, most int64) error {
	if len(content) == 0 {
		return refuseFile("No file uploaded, verify that a file has been uploaded.")
	}
	if int64(len(content)) > most {
		return TooLarge(most)
	}
	return nil
}

// wholeMP4 reports whether b is boxes, of which the first is ftyp and one has
// the movie's tracks, up to the end. QuickTime's own files are none.
func wholeMP4(b []byte) bool {
	if len(b) < 16 || string(b[8:12]) == "qt  " {
		return false
	}
	tracks := false
	for first := true; len(b) > 0; first = false {
		if len(b) < 8 {
			return false
		}
		n, head := uint64(binary.BigEndian.Uint32(b)), uint64(8)
		switch {
		case n == 0: // to the end
			n = uint64(len(b))
		case n == 1 && len(b) >= 16:
			n, head = binary.BigEndian.Uint64(b[8:]), 16
		}
		if n < head || n > uint64(len(b)) {
			return false
		}
		name := string(b[4:8])
		if first != (name == "ftyp") {
			return false
		}
		tracks = tracks || name == "moov"
		b = b[n:]
	}
	return tracks
}

// FileName returns a name that a client gave a file without folders and
// what nobody sees, and at most 255 characters of it.
func FileName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, name))
	if utf8.RuneCountInString(name) > maxFileName {
		name = string([]rune(name)[:maxFileName])
	}
	if name == "" || name == "." || name == "/" {
		return "file"
	}
	return name
}

// NoSuchFile returns the refusal of a file id.
func NoSuchFile(field, id string) error {
	return InvalidField(field, "must be ids of files that are there, with commas between: %.100s is none", id)
}
