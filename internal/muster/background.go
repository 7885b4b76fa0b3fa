package muster

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
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
	// maxPixels is how many pixels an image has at most in each direction.
	maxPixels = 8192
	// maxFileName is how many characters the name of a file keeps.
	maxFileName = 255
)

// A File is one that was uploaded. Its content is elsewhere, under its digest.
type File struct {
	ID        string // cannot be guessed: who knows it may have the content
	Account   string
	Name      string // as whoever sent it calls it
	Kind      string // image or video
	MediaType string
	Size      int64
	Digest    string // SHA-256 of the content in hexadecimal digits
	CreatedAt time.Time
}

// CheckBackground returns what kind of file content is, image or video, and
// its media type, or FileRefused where it cannot be a virtual background. It
// believes neither names nor what a client says that the type is.
func CheckBackground(content []byte) (kind, mediaType string, err error) {
	refuse := func(format string, args ...any) (string, string, error) {
		return "", "", Errorf(FileRefused, "", format, args...)
	}
	if len(content) == 0 {
		return refuse("No file uploaded, verify that a file has been uploaded.")
	}
	if len(content) > MaxBackground {
		return "", "", TooLarge()
	}
	var size image.Config
	switch {
	case bytes.HasPrefix(content, []byte(pngSignature)):
		kind, mediaType = "image", "image/png"
		if size, err = png.DecodeConfig(bytes.NewReader(content)); err != nil || !wholePNG(content) {
			return refuse("The file begins as a PNG and is none, or is not whole.")
		}
	case bytes.HasPrefix(content, []byte("\xff\xd8\xff")):
		kind, mediaType = "image", "image/jpeg"
		if size, err = jpeg.DecodeConfig(bytes.NewReader(content)); err != nil || !bytes.Contains(content[len(content)/2:], []byte("\xff\xd9")) {
			return refuse("The file begins as a JPEG and is none, or is not whole.")
		}
	case len(content) > 8 && string(content[4:8]) == "ftyp":
		if !wholeMP4(content) {
			return refuse("The file begins as an MP4 and is none, or is not whole.")
		}
		return "video", "video/mp4", nil
	default:
		return refuse("Only jpg/jpeg or png image file or mp4 video file can be uploaded.")
	}
	if size.Width < 1 || size.Height < 1 || size.Width > maxPixels || size.Height > maxPixels {
		return refuse("The image must have at most %d pixels in each direction, and some.", maxPixels)
	}
	return kind, mediaType, nil
}

// TooLarge returns the refusal of a file that is too large.
func TooLarge() error {
	return Errorf(FileRefused, "", "File size cannot exceed %dM.", MaxBackground>>20)
}

const pngSignature = "\x89PNG\r\n\x1a\n"

// wholePNG reports whether b is chunks with good checksums from a header to
// an end that has nothing behind it.
func wholePNG(b []byte) bool {
	b = b[len(pngSignature):]
	for first := true; ; first = false {
		if len(b) < 12 {
			return false
		}
		n := uint64(binary.BigEndian.Uint32(b))
		if n > uint64(len(b)-12) {
			return false
		}
		name, checked := string(b[4:8]), b[4:8+n] // the checksum is of both
		if first != (name == "IHDR") || crc32.ChecksumIEEE(checked) != binary.BigEndian.Uint32(b[8+n:]) {
			return false
		}
		b = b[12+n:]
		if name == "IEND" {
			return len(b) == 0
		}
	}
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
