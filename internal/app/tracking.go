package app

import (
	"context"
	"errors"
	"slices"

	"muster/internal/muster"
	"muster/internal/store"
)

// A TrackingChange is what a create or an update says of a tracking field. nil
// means that it says nothing.
type TrackingChange struct {
	Field             *string
	Recommended       *[]string
	Required, Visible *bool
}

func (c TrackingChange) apply(d *muster.TrackingDefinition) error {
	assign(&d.Field, c.Field)
	assign(&d.Recommended, c.Recommended)
	assign(&d.Required, c.Required)
	assign(&d.Visible, c.Visible)
	return muster.InvalidFields(d.Check())
}

// TrackingFields returns the tracking fields of by.Account in order of creation.
func (a *App) TrackingFields(ctx context.Context, by muster.Actor) (list []muster.TrackingDefinition, err error) {
	if err := a.mayAdminister(by); err != nil {
		return nil, err
	}
	err = a.read(ctx, func(tx *store.Tx) error {
		list, err = tx.TrackingDefinitions(ctx, by.Account, muster.MaxTrackingFields)
		return err
	})
	return list, err
}

// TrackingField returns a tracking field of by.Account.
func (a *App) TrackingField(ctx context.Context, by muster.Actor, id string) (d *muster.TrackingDefinition, err error) {
	err = a.read(ctx, func(tx *store.Tx) error {
		d, err = a.trackingField(ctx, tx, by, id)
		return err
	})
	return d, err
}

func (a *App) trackingField(ctx context.Context, tx *store.Tx, by muster.Actor, id string) (*muster.TrackingDefinition, error) {
	if err := a.mayAdminister(by); err != nil {
		return nil, err
	}
	d, err := tx.TrackingDefinition(ctx, by.Account, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, muster.NoSuchTrackingField(id)
	}
	return d, err
}

// CreateTrackingField adds a tracking field to by.Account. Meetings that are
// there stay as they are, also where it is required.
func (a *App) CreateTrackingField(ctx context.Context, by muster.Actor, c TrackingChange) (d *muster.TrackingDefinition, err error) {
	if err := a.mayAdminister(by); err != nil {
		return nil, err
	}
	err = a.write(ctx, func(tx *store.Tx) error {
		d = &muster.TrackingDefinition{ID: a.IDs.Ordered(tx.Now), Account: by.Account, CreatedAt: tx.Now}
		if err := c.apply(d); err != nil {
			return err
		}
		if _, err := tx.HoldAccount(ctx, by.Account); err != nil { // two do not take the last place at once
			return err
		}
		list, err := tx.TrackingDefinitions(ctx, by.Account, muster.MaxTrackingFields)
		if err != nil {
			return err
		}
		if len(list) == muster.MaxTrackingFields {
			return muster.Errorf(muster.Refused, "", "The account has %d tracking fields: it cannot have more.", muster.MaxTrackingFields)
		}
		if err := fieldTaken(d, tx.AddTrackingDefinition(ctx, d)); err != nil {
			return err
		}
		return a.event(ctx, tx, by, muster.TrackingFieldCreated, nil, []string{d.ID}, map[string]any{"after": toldField(d)})
	})
	return d, err
}

// UpdateTrackingField changes a tracking field. Values that meetings have
// under its former name stay under that.
func (a *App) UpdateTrackingField(ctx context.Context, by muster.Actor, id string, c TrackingChange) error {
	return a.write(ctx, func(tx *store.Tx) error {
		d, err := a.trackingField(ctx, tx, by, id)
		if err != nil {
			return err
		}
		before := toldField(d)
		if err := c.apply(d); err != nil {
			return err
		}
		data := difference(before, toldField(d))
		if data == nil {
			return nil
		}
		if err := fieldTaken(d, tx.SetTrackingDefinition(ctx, d)); err != nil {
			return err
		}
		return a.event(ctx, tx, by, muster.TrackingFieldUpdated, nil, []string{id}, data)
	})
}

// DeleteTrackingField deletes a tracking field. Meetings keep their values.
func (a *App) DeleteTrackingField(ctx context.Context, by muster.Actor, id string) error {
	return a.write(ctx, func(tx *store.Tx) error {
		d, err := a.trackingField(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if err := tx.RemoveTrackingDefinition(ctx, by.Account, id); err != nil {
			return err
		}
		return a.event(ctx, tx, by, muster.TrackingFieldDeleted, nil, []string{id}, map[string]any{"before": toldField(d)})
	})
}

// fieldTaken makes TrackingFieldExists of ErrExists.
func fieldTaken(d *muster.TrackingDefinition, err error) error {
	if errors.Is(err, store.ErrExists) {
		return muster.Errorf(muster.TrackingFieldExists, d.Field, "Tracking field %s already exists.", d.Field)
	}
	return err
}

// toldField returns what the event log has of a tracking field.
func toldField(d *muster.TrackingDefinition) map[string]any {
	return map[string]any{"field": d.Field, "recommended_values": d.Recommended, "required": d.Required, "visible": d.Visible}
}

// applyTracking gives m the values that c has, as far as its account's
// required tracking fields allow it.
func (a *App) applyTracking(ctx context.Context, tx *store.Tx, m *muster.Meeting, c MeetingChange, creating bool) error {
	if c.Tracking == nil && !creating {
		return nil
	}
	required, err := tx.RequiredTracking(ctx, m.Account)
	if err != nil {
		return err
	}
	before := m.Tracking
	if c.Tracking != nil {
		m.Tracking = c.Tracking
	}
	return muster.CheckTracking(required, before, m.Tracking, creating)
}

// hiddenOf is hidden for some meetings of one account.
func (a *App) hiddenOf(ctx context.Context, tx *store.Tx, meetings map[int64]*muster.Meeting) (map[string]bool, error) {
	for _, m := range meetings {
		if len(m.Tracking) > 0 {
			return a.hidden(ctx, tx, m) // which are hidden is the same for all
		}
	}
	return nil, nil // nil has no keys
}

// withHidden returns the values that c has, and where it keeps them those of
// m's hidden fields that it does not name, where they are.
func (a *App) withHidden(ctx context.Context, tx *store.Tx, m *muster.Meeting, c MeetingChange) ([]muster.TrackingField, error) {
	if c.Tracking == nil || !c.KeepHidden {
		return c.Tracking, nil
	}
	hidden, err := a.hidden(ctx, tx, m)
	if err != nil {
		return nil, err
	}
	said, list := c.Tracking, []muster.TrackingField{}
	for _, t := range m.Tracking {
		key := muster.TrackingKey(t.Field)
		named := slices.ContainsFunc(c.Tracking, func(f muster.TrackingField) bool { return muster.TrackingKey(f.Field) == key })
		switch {
		case hidden[key] && !named:
			list = append(list, t)
		case len(said) > 0:
			list, said = append(list, said[0]), said[1:]
		}
	}
	return append(list, said...), nil
}

// hidden returns the keys of those of m's tracking fields that are not visible.
func (a *App) hidden(ctx context.Context, tx *store.Tx, m *muster.Meeting) (map[string]bool, error) {
	if len(m.Tracking) == 0 {
		return nil, nil // nil has no keys
	}
	list, err := tx.TrackingDefinitions(ctx, m.Account, muster.MaxTrackingFields)
	keys := map[string]bool{}
	for _, d := range list {
		keys[muster.TrackingKey(d.Field)] = !d.Visible
	}
	return keys, err
}
