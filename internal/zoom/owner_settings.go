package zoom

import (
	"context"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/settings"
	"muster/internal/wire"
)

// SettingsQuery is the query of reading settings.
type SettingsQuery struct {
	Option  wire.String `query:"option" json:"-" max:"64" doc:"Another part of the settings: meeting_authentication, recording_authentication or meeting_security."`
	Only    wire.List   `query:"custom_query_fields" json:"-" max:"1000" doc:"Names of settings, with commas between: only these are answered."`
	Explain wire.Bool   `query:"explain" json:"-" ours:"true" doc:"For each setting its value, who decided it and who has locked it."`
}

// Settings is a document of settings, or an explanation of one.
type Settings map[string]any

// ReadSettings answers what holds of an owner's settings.
func ReadSettings(ctx context.Context, a *app.App, ref app.OwnerRef, q *SettingsQuery) (*Settings, error) {
	if err := ownOption(q.Option); err != nil {
		return nil, err
	}
	if !bool(q.Explain) {
		doc, err := a.OwnerSettings(ctx, Actor(ctx), ref, string(q.Option), q.Only)
		return (*Settings)(&doc), err
	}
	list, err := a.ExplainSettings(ctx, Actor(ctx), ref, string(q.Option), q.Only)
	if err != nil {
		return nil, err
	}
	return Explain(list), nil
}

// Explain spells what holds of each setting, and why.
func Explain(list []settings.Explained) *Settings {
	all := make([]any, len(list))
	for i, e := range list {
		of := map[string]any{"name": e.Name, "value": e.Value, "decided_by": level(e.By), "locked": e.Locked != nil}
		owner(of, "decided", e.By)
		if e.Locked != nil {
			of["locked_by"] = level(e.Locked)
			owner(of, "locked", e.Locked)
		}
		if e.OffWith != "" {
			of["off_with"] = e.OffWith
		}
		all[i] = of
	}
	return &Settings{"settings": all}
}

// Rehearsable is the query of a change that can be tried without being made.
type Rehearsable struct {
	DryRun wire.Bool `query:"dry_run" json:"-" ours:"true" doc:"Nothing is changed: the answer is 200 and says for how many groups and users other settings would hold."`
}

// Rehearses implements op.Rehearsal.
func (r *Rehearsable) Rehearses() bool { return bool(r.DryRun) }

// SettingsBody is what changes settings.
type SettingsBody struct {
	Option wire.String `query:"option" json:"-" max:"64" doc:"Another part of the settings, as when they are read."`
	Rehearsable
	Body map[string]any `json:",embed"`
}

// An Extent says what a change of settings would do.
type Extent struct {
	Groups int64 `json:"groups"`
	Users  int64 `json:"users"`
}

// SettingsChanged is answered to a change of settings: nothing, or what it would do.
type SettingsChanged = op.Maybe[Extent]

// ChangeSettings changes an owner's settings, or says what that would do.
func ChangeSettings(ctx context.Context, a *app.App, ref app.OwnerRef, in *SettingsBody) (*SettingsChanged, error) {
	if err := ownOption(in.Option); err != nil {
		return nil, err
	}
	return changeOption(ctx, a, ref, string(in.Option), in.DryRun, in.Body)
}

// ChangeRegistration changes what registrants of an owner's webinars are asked,
// or says what that would do. A list is replaced as a whole.
func ChangeRegistration(ctx context.Context, a *app.App, ref app.OwnerRef, dry wire.Bool, body map[string]any) (*SettingsChanged, error) {
	return changeOption(ctx, a, ref, settings.Registration, dry, body)
}

func changeOption(ctx context.Context, a *app.App, ref app.OwnerRef, option string, dry wire.Bool, body map[string]any) (*SettingsChanged, error) {
	if !bool(dry) {
		return &SettingsChanged{}, a.SetOwnerSettings(ctx, Actor(ctx), ref, option, body)
	}
	return extent(a.RehearseOwnerSettings(ctx, Actor(ctx), ref, option, body))
}

// ChangeLocks changes which of an owner's settings are locked for those below,
// or says what that would do.
func ChangeLocks(ctx context.Context, a *app.App, ref app.OwnerRef, option wire.String, dry wire.Bool, body map[string]any) (*SettingsChanged, error) {
	change, problems := settings.ReadLocks(ref.Level, string(option), body)
	if err := muster.InvalidFields(problems); err != nil {
		return nil, err
	}
	if !bool(dry) {
		return &SettingsChanged{}, a.SetOwnerLocks(ctx, Actor(ctx), ref, change)
	}
	return extent(a.RehearseOwnerLocks(ctx, Actor(ctx), ref, change))
}

func extent(e app.Extent, err error) (*SettingsChanged, error) {
	if err != nil {
		return nil, err
	}
	return &SettingsChanged{Body: &Extent{e.Groups, e.Users}}, nil
}

// ownOption refuses the option that has calls of its own.
func ownOption(option wire.String) error {
	if option == settings.Registration {
		return muster.InvalidField("option", "must be one that these settings have: those of registration have a path of their own")
	}
	return nil
}

func level(o *settings.Owner) string {
	if o == nil {
		return settings.Level(0).String()
	}
	return o.Level.String()
}

// owner adds which group, user or meeting did it.
func owner(of map[string]any, what string, o *settings.Owner) {
	if o != nil && o.Level != settings.Account {
		of[what+"_by_id"], of[what+"_by_name"] = o.ID, o.Name
	}
}
