package accounts

import "strings"

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
