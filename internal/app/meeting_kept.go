package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"muster/internal/muster"
	"muster/internal/settings"
	"muster/internal/store"
)

// ownChange returns what c sets of m's own settings, and takes from m what c
// unsets: without what the dialect cannot tell from what holds, and without
// what is locked, which must not differ from what holds.
func ownChange(m *muster.Meeting, chain settings.Chain, c MeetingChange) (settings.Doc, error) {
	own, err := settings.FromJSON(m.Settings)
	if err != nil {
		return nil, fmt.Errorf("settings of meeting %d: %w", m.ID, err)
	}
	if len(c.Unset) > 0 {
		own = own.Without(c.Unset)
		if m.Settings, err = json.Marshal(own); err != nil {
			return nil, err
		}
	}
	change, problems := settings.KeepLocked(chain, "settings", own, c.Settings, c.Alike)
	if len(c.Alike) > 0 {
		effective := settings.ResolveMeeting(chain, own)
		for name, alike := range c.Alike {
			if slices.Contains(alike, effective[name]) {
				delete(change, name)
			}
		}
	}
	return change, muster.InvalidFields(problems)
}

// applyKept makes c's changes to what only one dialect knows of m.
func applyKept(m *muster.Meeting, c MeetingChange) error {
	if c.Kept == nil {
		return nil
	}
	kept, err := settings.FromJSON(orObject(m.Kept))
	if err != nil {
		return fmt.Errorf("what is kept of meeting %d: %w", m.ID, err)
	}
	if c.KeptWhole {
		kept = nil
	}
	m.Kept, err = json.Marshal(settings.Merge(kept, c.Kept))
	return err
}

// setTags stores the tags that c gives m.
func (a *App) setTags(ctx context.Context, tx *store.Tx, m *muster.Meeting, c MeetingChange) error {
	if c.Tags == nil {
		return nil
	}
	if err := muster.InvalidFields(muster.CheckTags(c.Tags)); err != nil {
		return err
	}
	return tx.SetTags(ctx, m, c.Tags)
}
