// Package house_test holds the imports of the whole module to the directions
// of docs/architecture.md.
package house_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	jsonLibrary = "github.com/go-json-experiment/json"
	pgx         = "github.com/jackc/pgx/v5"
	prometheus  = "github.com/prometheus/client_golang"
	sqlite      = "modernc.org/sqlite"
	txtar       = "golang.org/x/tools/txtar"
	xcrypto     = "golang.org/x/crypto"
)

// all stands for every package of ours.
const all = "*"

// may says what each package may import besides the standard library: ours by
// their path below internal, others by their module. A package that is not
// here is a new one: say here where in the house it stands.
var may = map[string][]string{
	"muster":   {},
	"schedule": {"muster"},
	"settings": {"muster"},
	"store":    {"muster", sqlite, pgx},
	"app":      {"muster", "schedule", "settings", "store", "blob", xcrypto},
	"wire":     {jsonLibrary},
	"op":       {jsonLibrary},
	"zoom":     {"muster", "schedule", "settings", "app", "op", "wire", jsonLibrary},
	"zoom/*":   {"muster", "schedule", "settings", "app", "op", "wire", "zoom", jsonLibrary},
	"webex":    {"muster", "schedule", "settings", "app", "op", "wire", jsonLibrary},
	"oauth":    {"muster", "app", "op", "wire", jsonLibrary},
	"web":      {"muster", "schedule", "settings", "app", "op"},
	"console":  {"muster", "schedule", "settings", "app", "op"},
	"webhook":  {"muster", "app"},
	"mail":     {"muster", "app"},
	"jobs":     {"muster", "store", "app", "mail", "webhook"},
	"eventlog": {"muster"},
	"blob":     {"muster"},
	"live":     {"muster"},
	"apidocs":  {jsonLibrary},
	"server": {
		"muster", "schedule", "settings", "store", "app", "op", "wire", "oauth", "web", "apidocs", "console", "webex", "zoom", "zoom/*",
		jsonLibrary, prometheus,
	},
	"roster":   {},
	"client":   {},
	"transfer": {"client", "roster"},
	"cmd/*":    {all, jsonLibrary},
	"docgen":   {all, jsonLibrary, txtar}, // writes documents out of the declarations
	// For tests only: nothing but tests and each other imports them.
	"mustertest": {"muster", "settings", "store", "blob", "app", "op", "server", "pgtest", txtar},
	"pgtest":     {pgx},
	"faults":     {}, // tests and nothing else
}

// A file is one Go file that is no test.
type file struct {
	path, pkg string
	imports   []string
}

func files(t *testing.T) []file {
	t.Helper()
	root := filepath.Join("..", "..")
	var found []file
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			_, err := os.Stat(filepath.Join(path, "go.mod")) // a module of its own keeps its own house
			if path != root && (err == nil || strings.HasPrefix(name, ".") || name == "testdata") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		below, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		f := file{path: path, pkg: strings.TrimPrefix(filepath.ToSlash(below), "internal/")}
		for _, i := range parsed.Imports {
			imported, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			f.imports = append(f.imports, imported)
		}
		found = append(found, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// place returns the entry of may that pkg falls under.
func place(pkg string) (string, bool) {
	parent, _, nested := strings.Cut(pkg, "/")
	if nested {
		pkg = parent + "/*"
	}
	_, known := may[pkg]
	return pkg, known
}

func TestImportsPointOneWay(t *testing.T) {
	t.Parallel()
	found := files(t)
	if len(found) < 50 {
		t.Fatalf("only %d files found: the walk is broken", len(found))
	}
	for _, f := range found {
		if f.pkg == "." {
			continue
		}
		at, known := place(f.pkg)
		if !known {
			t.Errorf("%s: package %s has no place in the house: say in this test what it may import", f.path, f.pkg)
			continue
		}
		for _, imported := range f.imports {
			if !allowed(at, imported) {
				t.Errorf("%s: %s must not import %s", f.path, at, imported)
			}
		}
	}
}

// allowed reports whether a package of the place at may import path.
func allowed(at, path string) bool {
	first, _, _ := strings.Cut(path, "/")
	ours, isOurs := strings.CutPrefix(path, "muster/")
	if !isOurs && !strings.Contains(first, ".") {
		return true // the standard library
	}
	if isOurs {
		to, _ := place(strings.TrimPrefix(ours, "internal/"))
		if to == "mustertest" || to == "pgtest" && at != "mustertest" {
			return false
		}
		return slices.Contains(may[at], to) || slices.Contains(may[at], all)
	}
	return slices.ContainsFunc(may[at], func(m string) bool { return path == m || strings.HasPrefix(path, m+"/") })
}

// TestDirectionsHold holds the table above to what docs/architecture.md says in words, so
// that nobody makes room for a wrong import by adding to the table.
func TestDirectionsHold(t *testing.T) {
	t.Parallel()
	order := []string{"muster", "store", "app", "zoom", "zoom/*", "server", "cmd/*"}
	for i, lower := range order {
		for _, higher := range order[i+1:] {
			if slices.Contains(may[lower], higher) {
				t.Errorf("%s must not import %s: imports point from cmd down to muster", lower, higher)
			}
		}
	}
	for _, dialect := range []string{"zoom", "zoom/*", "webex", "oauth", "web", "console"} {
		if slices.Contains(may[dialect], "store") {
			t.Errorf("%s must not import store: it asks app", dialect)
		}
	}
	for at, list := range may {
		for module, owner := range map[string]string{sqlite: "store", prometheus: "server"} {
			if slices.Contains(list, module) && at != owner {
				t.Errorf("%s must not import %s: only %s does", at, module, owner)
			}
		}
	}
	for _, siblings := range [][]string{{"zoom", "webex"}, {"zoom/*", "webex"}, {"zoom/*", "zoom/*"}, {"web", "console"}, {"op", "wire"}} {
		if slices.Contains(may[siblings[0]], siblings[1]) || slices.Contains(may[siblings[1]], siblings[0]) {
			t.Errorf("%s and %s are siblings and must not import each other", siblings[0], siblings[1])
		}
	}
}

func TestPackagesAreNouns(t *testing.T) {
	t.Parallel()
	for _, f := range files(t) {
		name := f.pkg[strings.LastIndexByte(f.pkg, '/')+1:]
		if slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "models", "types"}, name) {
			t.Errorf("%s: a package is a noun that says what it has, not %s", f.path, name)
		}
	}
}
