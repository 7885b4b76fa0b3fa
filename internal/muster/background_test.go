package muster

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

// picture returns a small image as encode writes it.
func picture(t testing.TB, encode func(*bytes.Buffer, image.Image) error) string {
	t.Helper()
	var b bytes.Buffer
	m := image.NewPaletted(image.Rect(0, 0, 3, 2), color.Palette{color.Black, color.White})
	if err := encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func box(name, body string) string {
	return string(binary.BigEndian.AppendUint32(nil, uint32(len(body)+8))) + name + body
}

// huge is the header of a PNG of that many pixels each way, and its end.
func huge(n uint32) string {
	chunk := func(name, body string) string {
		sum := binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(name+body)))
		return string(binary.BigEndian.AppendUint32(nil, uint32(len(body)))) + name + body + string(sum)
	}
	size := string(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, n), n))
	return pngSignature + chunk("IHDR", size+"\x08\x02\x00\x00\x00") + chunk("IEND", "")
}

func TestCheckBackground(t *testing.T) {
	t.Parallel()
	pic := picture(t, func(b *bytes.Buffer, m image.Image) error { return png.Encode(b, m) })
	photo := picture(t, func(b *bytes.Buffer, m image.Image) error { return jpeg.Encode(b, m, nil) })
	ftyp, moov := box("ftyp", "isom\x00\x00\x02\x00isommp41"), box("moov", box("mvhd", strings.Repeat("\x00", 100)))
	large := "\x00\x00\x00\x01mdat" + string(binary.BigEndian.AppendUint64(nil, 20)) + "film"
	for name, tt := range map[string]struct{ content, want string }{
		"a png":                    {pic, "image image/png"},
		"a jpeg":                   {photo, "image image/jpeg"},
		"a jpeg with something on": {photo + "maker's notes", "image image/jpeg"},
		"an mp4":                   {ftyp + moov + box("mdat", "film"), "video video/mp4"},
		"an mp4, large boxes":      {ftyp + large + moov, "video video/mp4"},
		"an mp4, open end":         {ftyp + moov + "\x00\x00\x00\x00mdatfilm", "video video/mp4"},
		"nothing":                  {"", ""},
		"a page":                   {"<!doctype html><script>alert(1)</script>", ""},
		"a drawing":                {"<svg xmlns='http://www.w3.org/2000/svg'/>", ""},
		"a gif":                    {picture(t, func(b *bytes.Buffer, m image.Image) error { return gif.Encode(b, m, nil) }), ""},
		"a png's beginning":        {pngSignature, ""},
		"half a png":               {pic[:len(pic)/2], ""},
		"a png with something on":  {pic + "<script>", ""},
		"a png with a wrong sum":   {pic[:len(pic)-20] + "x" + pic[len(pic)-19:], ""},
		"a png of a false size":    {pic[:8] + "\xff\xff\xff\xff" + pic[12:], ""},
		"a png bomb":               {huge(maxPixels + 1), ""},
		"a png without pixels":     {huge(0), ""},
		"a jpeg's beginning":       {"\xff\xd8\xff", ""},
		"half a jpeg":              {photo[:len(photo)/2], ""},
		"no film in it":            {ftyp + box("mdat", "film"), ""},
		"half an mp4":              {ftyp + moov[:20], ""},
		"boxes that stand still":   {ftyp + "\x00\x00\x00\x02moov", ""},
		"a box of a false size":    {ftyp + "\x00\x00\x00\x01moov\xff\xff\xff\xff\xff\xff\xff\xff", ""},
		"a quicktime film":         {box("ftyp", "qt  \x00\x00\x02\x00qt  ") + moov, ""},
		"too large":                {pic + strings.Repeat("x", MaxBackground), ""},
	} {
		kind, mediaType, err := CheckBackground([]byte(tt.content), false)
		got := strings.TrimSpace(kind + " " + mediaType)
		if got != tt.want || (err == nil) != (tt.want != "") || err != nil && CodeOf(err) != FileRefused {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, tt.want)
		}
	}
}

func FuzzCheckBackground(f *testing.F) {
	f.Add([]byte(picture(f, func(b *bytes.Buffer, m image.Image) error { return png.Encode(b, m) })))
	f.Add([]byte(picture(f, func(b *bytes.Buffer, m image.Image) error { return jpeg.Encode(b, m, nil) })))
	f.Add([]byte(box("ftyp", "isom\x00\x00\x02\x00isommp41") + box("moov", "")))
	f.Fuzz(func(t *testing.T, content []byte) {
		if _, _, err := CheckBackground(content, true); err != nil && CodeOf(err) != FileRefused {
			t.Errorf("got %v", err)
		}
	})
}

func TestFileName(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"": "file", "a.png": "a.png", `C:\Users\me\a.png`: "a.png", "../../etc/passwd": "passwd", "a\x00\nb\u202e.png": "ab.png", "/": "file", "..": "..",
		strings.Repeat("ü", 300): strings.Repeat("ü", 255), "\xff.png": ".png", "  ": "file",
	} {
		if got := FileName(given); got != want {
			t.Errorf("%q: got %q, want %q", given, got, want)
		}
	}
}
