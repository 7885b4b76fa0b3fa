package mustertest

import (
	"fmt"
	"strings"
)

// Form returns a multipart form with a file and further fields, name and value
// in turn.
func Form(name string, content []byte, fields ...string) string {
	return FormOf("file", name, content, fields...)
}

// FormOf is Form for a file under another name than "file".
func FormOf(field, name string, content []byte, fields ...string) string {
	var b strings.Builder
	for i := 0; i+1 < len(fields); i += 2 {
		fmt.Fprintf(&b, "--frontier\r\nContent-Disposition: form-data; name=%q\r\n\r\n%s\r\n", fields[i], fields[i+1])
	}
	fmt.Fprintf(&b, "--frontier\r\nContent-Disposition: form-data; name=%q; filename=%q\r\nContent-Type: application/octet-stream\r\n\r\n%s\r\n", field, name, content)
	return b.String() + "--frontier--\r\n"
}
