package main

import (
	"cmp"
	"strings"

	"muster/internal/settings"
)

// settings tells what becomes of the settings of accounts, groups and users.
func (p *page) settings() {
	p.line("\n## Settings\n")
	acting, kept := 0, 0
	for _, s := range settings.Settings() {
		switch {
		case s.Effect != "":
			acting++
		case !s.WriteOnly:
			kept++
		}
	}
	p.line("Of the %d settings of accounts, groups and users %d have an effect here. `TestEffects` shows the effect of each.\n", acting+kept, acting)
	p.line("| setting | of | locked by | effect |")
	p.line("|---|---|---|---|")
	for _, s := range settings.Settings() {
		if s.Effect != "" {
			p.line("| `%s` | %s | %s | %s |", s.Name, levels(s.At, s.ReadOnlyAt), cmp.Or(lockOf(s), "none"), s.Effect)
		}
	}
	p.line("\nThe other %d are checked, inherited, locked and answered, and are for clients only:\n", kept)
	for _, section := range settings.Owners {
		var names []string
		for _, s := range settings.Settings() {
			if name, in := strings.CutPrefix(s.Name, section.Name+"."); in && s.Effect == "" && !s.WriteOnly {
				names = append(names, name)
			}
		}
		if len(names) > 0 {
			p.line("- `%s` (%d): %s", section.Name, len(names), code(names))
		}
	}
}

// levels names whose settings have a leaf, and where it is only read.
func levels(at, readOnly settings.Level) string {
	var names []string
	for _, level := range []settings.Level{settings.Account, settings.Group, settings.User} {
		switch {
		case readOnly&level != 0:
			names = append(names, level.String()+" (read only)")
		case at&level != 0:
			names = append(names, level.String())
		}
	}
	return strings.Join(names, ", ")
}

// lockOf says by which name and at which levels a setting can be locked.
func lockOf(s *settings.Setting) string {
	if s.Lock == "" {
		return ""
	}
	at := s.LockAt
	if at == 0 {
		at = settings.Account | settings.Group
	}
	return "`" + s.Lock + "` of " + strings.ReplaceAll(levels(at, 0), ", ", " and ")
}
