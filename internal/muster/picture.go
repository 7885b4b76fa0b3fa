package muster

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
)

const (
	// MaxPicture is how many bytes the file of a user's picture has at most.
	MaxPicture = 2 << 20
	// FilePicture is the kind of file that a user's picture is.
	FilePicture = "picture"
	// maxPixels is how many pixels an image has at most in each direction.
	maxPixels = 8192
	gifType   = "image/gif"
)

// CheckPicture returns the media type of content, or FileRefused where it
// cannot be a user's picture. Like CheckBackground it believes only the content.
func CheckPicture(content []byte) (mediaType string, err error) {
	if err := checkSize(content, MaxPicture); err != nil {
		return "", err
	}
	mediaType, err = checkImage(content)
	if err == nil && mediaType == "" {
		return "", refuseFile("Only jpg/jpeg, gif or png image file can be uploaded.")
	}
	return mediaType, err
}

// checkImage returns the media type of a whole image of a bounded size, "" for
// what does not begin as one, FileRefused for what only begins so. Behind the
// end of a JPEG there may be anything: cameras put previews and more there.
// Nothing is unpacked.
func checkImage(content []byte) (mediaType string, err error) {
	var size image.Config
	var name string
	whole := false
	switch {
	case bytes.HasPrefix(content, []byte(pngSignature)):
		mediaType, name, whole = "image/png", "a PNG", wholePNG(content)
		size, err = png.DecodeConfig(bytes.NewReader(content))
	case bytes.HasPrefix(content, []byte("\xff\xd8\xff")):
		mediaType, name, whole = "image/jpeg", "a JPEG", bytes.Contains(content[len(content)/2:], []byte("\xff\xd9"))
		size, err = jpeg.DecodeConfig(bytes.NewReader(content))
	case bytes.HasPrefix(content, []byte("GIF87a")) || bytes.HasPrefix(content, []byte("GIF89a")):
		mediaType, name, whole = gifType, "a GIF", wholeGIF(content)
		size, err = gif.DecodeConfig(bytes.NewReader(content))
	default:
		return "", nil
	}
	if err != nil || !whole {
		return "", refuseFile("The file begins as %s and is none, or is not whole.", name)
	}
	if size.Width < 1 || size.Height < 1 || size.Width > maxPixels || size.Height > maxPixels {
		return "", refuseFile("The image must have at most %d pixels in each direction, and some.", maxPixels)
	}
	return mediaType, nil
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

// wholeGIF reports whether b is blocks from a header to an end that has
// nothing behind it, and one of them a frame within the screen.
func wholeGIF(b []byte) bool {
	const header, frame = 13, 10
	if len(b) < header {
		return false
	}
	width, height := binary.LittleEndian.Uint16(b[6:]), binary.LittleEndian.Uint16(b[8:])
	b, ok := skipColours(b[header:], b[10])
	for frames := 0; ok && len(b) > 0; {
		switch b[0] {
		case ';':
			return len(b) == 1 && frames > 0
		case '!': // an extension: its label, and parts
			b, ok = skipParts(b[min(2, len(b)):])
		case ',':
			if len(b) < frame {
				return false
			}
			right := int(binary.LittleEndian.Uint16(b[1:])) + int(binary.LittleEndian.Uint16(b[5:]))
			bottom := int(binary.LittleEndian.Uint16(b[3:])) + int(binary.LittleEndian.Uint16(b[7:]))
			if right > int(width) || bottom > int(height) {
				return false
			}
			frames++
			if b, ok = skipColours(b[frame:], b[9]); ok && len(b) > 0 {
				b, ok = skipParts(b[1:]) // behind the width of its codes
			}
		default:
			return false
		}
	}
	return false
}

// skipColours returns what comes behind the table of colours that packed
// announces.
func skipColours(b []byte, packed byte) (rest []byte, ok bool) {
	if packed&0x80 == 0 {
		return b, true
	}
	n := 3 << (packed&7 + 1)
	if len(b) < n {
		return nil, false
	}
	return b[n:], true
}

// skipParts returns what comes behind parts, each with its length in front, of
// which the last is empty.
func skipParts(b []byte) (rest []byte, ok bool) {
	for len(b) > 0 {
		n := int(b[0])
		if len(b) < n+1 {
			return nil, false
		}
		if b = b[n+1:]; n == 0 {
			return b, true
		}
	}
	return nil, false
}
