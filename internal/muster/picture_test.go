package muster

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

// film is a GIF of two frames, with a table of colours of its own each, a
// comment and a loop.
func film(t testing.TB) string {
	t.Helper()
	frame := func(w, h int) *image.Paletted {
		return image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.Black, color.White})
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{frame(3, 2), frame(2, 1)}, Delay: []int{1, 1}}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestCheckPicture(t *testing.T) {
	t.Parallel()
	pic := picture(t, func(b *bytes.Buffer, m image.Image) error { return png.Encode(b, m) })
	photo := picture(t, func(b *bytes.Buffer, m image.Image) error { return jpeg.Encode(b, m, nil) })
	still := picture(t, func(b *bytes.Buffer, m image.Image) error { return gif.Encode(b, m, nil) })
	moving := film(t)
	wide := []byte(still)
	copy(wide[6:], "\xff\xff\xff\xff") // a screen as large as there can be
	narrow := []byte(still)
	copy(narrow[6:], "\x01\x00\x01\x00")
	for name, tt := range map[string]struct{ content, want string }{
		"a png":                      {pic, "image/png"},
		"a jpeg":                     {photo, "image/jpeg"},
		"a gif":                      {still, "image/gif"},
		"a gif that moves":           {moving, "image/gif"},
		"a film":                     {box("ftyp", "isom\x00\x00\x02\x00isommp41") + box("moov", box("mvhd", strings.Repeat("\x00", 100))), ""},
		"nothing":                    {"", ""},
		"a page":                     {"<!doctype html><script>alert(1)</script>", ""},
		"a drawing":                  {"<svg xmlns='http://www.w3.org/2000/svg'/>", ""},
		"a gif's beginning":          {"GIF89a", ""},
		"a script that begins so":    {"GIF89a/*" + strings.Repeat("x", 100) + "*/=1;alert(1)//;", ""},
		"a gif with something on":    {still + "<script>", ""},
		"a gif of no frames":         {still[:13] + ";", ""},
		"half a gif":                 {moving[:len(moving)/2], ""},
		"a gif without its end":      {moving[:len(moving)-1], ""},
		"a gif bomb":                 {string(wide), ""},
		"a frame beyond the screen":  {string(narrow), ""},
		"a png with something on":    {pic + "<script>", ""},
		"a png bomb":                 {huge(maxPixels + 1), ""},
		"too large":                  {pic + strings.Repeat("x", MaxPicture), ""},
		"half a jpeg":                {photo[:len(photo)/2], ""},
		"a png's beginning":          {pngSignature, ""},
		"a gif of an unknown block":  {still[:len(still)-1] + "?;", ""},
		"a gif of an endless block":  {still[:len(still)-1] + "!\xfe\xff", ""},
		"a gif with a table cut off": {still[:10] + "\xf7" + still[11:20], ""},
	} {
		got, err := CheckPicture([]byte(tt.content))
		if got != tt.want || (err == nil) != (tt.want != "") || err != nil && CodeOf(err) != FileRefused {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, tt.want)
		}
	}
	if kind, mediaType, err := CheckBackground([]byte(moving), true); kind != "image" || mediaType != "image/gif" || err != nil {
		t.Errorf("a user's background: got %q, %q, %v, want a GIF", kind, mediaType, err)
	}
	if err := TooLarge(MaxPicture); !strings.Contains(err.Error(), "2M") {
		t.Errorf("too large: got %v, want how much is not", err)
	}
}

func FuzzCheckPicture(f *testing.F) {
	f.Add([]byte(film(f)))
	f.Add([]byte(picture(f, func(b *bytes.Buffer, m image.Image) error { return gif.Encode(b, m, nil) })))
	f.Add([]byte(picture(f, func(b *bytes.Buffer, m image.Image) error { return jpeg.Encode(b, m, nil) })))
	f.Fuzz(func(t *testing.T, content []byte) {
		if _, err := CheckPicture(content); err != nil && CodeOf(err) != FileRefused {
			t.Errorf("got %v", err)
		}
	})
}
