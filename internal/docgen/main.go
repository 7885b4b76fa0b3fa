// Command docgen writes the documents that are generated from the declared
// operations and the catalogue of settings: docs/coverage.md, docs/openapi-zoom.json and docs/openapi-webex.json.
// go generate runs it.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"muster/internal/app"
	"muster/internal/server"
)

//go:generate go run .

// root is the repository, as seen from this package's folder.
const root = "../.."

func main() {
	files, err := generate()
	if err == nil {
		err = write(files)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "docgen:", err)
		os.Exit(1)
	}
}

// generate returns what the generated files hold, by path below root.
func generate() (map[string][]byte, error) {
	declared := server.Declare(&app.App{}, "")
	zoomDoc, webexDoc, err := server.OpenAPI(declared, "", "devel")
	if err != nil {
		return nil, err
	}
	page, err := coverage(declared, zoomDoc, webexDoc)
	if err != nil {
		return nil, err
	}
	return map[string][]byte{
		"docs/coverage.md":        page,
		"docs/openapi-zoom.json":  append(bytes.TrimSpace(zoomDoc), '\n'),
		"docs/openapi-webex.json": append(bytes.TrimSpace(webexDoc), '\n'),
	}, nil
}

func write(files map[string][]byte) error {
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(root, name), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}
