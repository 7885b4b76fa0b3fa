package accounts

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/wire"
	"muster/internal/zoom"
)

type (
	settingsQuery   = zoom.SettingsQuery
	settingsBody    = zoom.SettingsBody
	settingsOut     = zoom.Settings
	settingsChanged = zoom.SettingsChanged
)

// readSettings answers what holds of an owner's settings.
func readSettings(ctx context.Context, a *app.App, ref app.OwnerRef, q *settingsQuery) (*settingsOut, error) {
	return zoom.ReadSettings(ctx, a, ref, q)
}

// changeSettings changes an owner's settings, or says what that would do.
func changeSettings(ctx context.Context, a *app.App, ref app.OwnerRef, in *settingsBody) (*settingsChanged, error) {
	return zoom.ChangeSettings(ctx, a, ref, in)
}

// nest returns locks as the tree that answers have.
func nest(locks map[string]bool) map[string]any {
	out := map[string]any{}
	for name, locked := range locks {
		steps := strings.Split(name, ".")
		at := out
		for _, step := range steps[:len(steps)-1] {
			inner, ok := at[step].(map[string]any)
			if !ok {
				inner = map[string]any{}
				at[step] = inner
			}
			at = inner
		}
		at[steps[len(steps)-1]] = locked
	}
	return out
}

// flatten reads a tree of locks. Its leaves are booleans with the given names.
func flatten(body map[string]any, known []string) (map[string]bool, error) {
	locks := map[string]bool{}
	var problems []muster.Problem
	var walk func(in map[string]any, prefix string)
	walk = func(in map[string]any, prefix string) {
		for _, name := range slices.Sorted(maps.Keys(in)) {
			at := prefix + name
			if strings.Contains(name, ".") { // is no path
				problems = append(problems, muster.Problem{Field: at, Rule: "is no setting that can be locked here"})
				continue
			}
			switch v := in[name].(type) {
			case nil:
			case map[string]any:
				if slices.Contains(known, at) {
					problems = append(problems, muster.Problem{Field: at, Rule: "must be true or false"})
					continue
				}
				walk(v, at+".")
			default:
				var b wire.Bool
				text, err := json.Marshal(v)
				if err == nil {
					err = json.Unmarshal(text, &b)
				}
				switch {
				case !slices.Contains(known, at):
					problems = append(problems, muster.Problem{Field: at, Rule: "is no setting that can be locked here"})
				case err != nil:
					problems = append(problems, muster.Problem{Field: at, Rule: "must be true or false"})
				default:
					locks[at] = bool(b)
				}
			}
		}
	}
	walk(body, "")
	return locks, muster.InvalidFields(problems)
}
