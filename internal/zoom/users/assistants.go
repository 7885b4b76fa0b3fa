package users

import (
	"context"
	"strings"

	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
	"muster/internal/zoom"
)

func (a *API) userAssistants() op.Operation {
	return op.Handle(op.Spec{
		ID: "userAssistants", Group: group, Title: "List user assistants", Method: "GET", Path: "/users/{userId}/assistants",
		Scopes: readScopes("user:read:list_assistants"), Rate: op.Medium, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.UserNotFound, muster.WrongAccount),
	}, a.assistants)
}

type assistantsOut struct {
	Assistants []assistantOut `json:"assistants"`
}

type assistantOut struct {
	ID    string `json:"id"`
	Email string `json:"email"`
}

func (a *API) assistants(ctx context.Context, in *userPath) (*assistantsOut, error) {
	list, err := a.App.Assistants(ctx, zoom.Actor(ctx), string(in.User))
	out := &assistantsOut{Assistants: make([]assistantOut, len(list))}
	for i, u := range list {
		out.Assistants[i] = assistantOut{u.ID, u.Email}
	}
	return out, err
}

func (a *API) userAssistantCreate() op.Operation {
	return op.Handle(op.Spec{
		ID: "userAssistantCreate", Group: group, Title: "Add assistants", Method: "POST", Path: "/users/{userId}/assistants",
		Scopes: writeScopes("user:write:assistant"), Rate: op.Medium, Success: 201,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.UserNotFound, muster.WrongAccount),
	}, a.addAssistants)
}

type addAssistantsIn struct {
	userPath
	Assistants []userRef `json:"assistants" rule:"required" max:"30"`
}

// A userRef names a user by id or by email.
type userRef struct {
	ID    wire.String `json:"id" max:"128"`
	Email wire.Email  `json:"email" max:"128"`
}

// refs returns the names of users, or what is wrong with the list.
func refs(field string, list []userRef) ([]string, error) {
	var ps []muster.Problem
	names := make([]string, len(list))
	for i, r := range list {
		switch {
		case r.ID != "":
			names[i] = string(r.ID)
		case r.Email != "":
			names[i] = string(r.Email)
		default:
			ps = append(ps, muster.Problem{Field: zoom.Item(field, i), Rule: "must have an id or an email"})
		}
	}
	return names, muster.InvalidFields(ps)
}

type addAssistantsOut struct {
	IDs string `json:"ids" doc:"With commas between."`
	At  string `json:"add_at" format:"date-time"`
}

func (a *API) addAssistants(ctx context.Context, in *addAssistantsIn) (*addAssistantsOut, error) {
	names, err := refs("assistants", in.Assistants)
	if err != nil {
		return nil, err
	}
	ids, at, err := a.App.AddAssistants(ctx, zoom.Actor(ctx), string(in.User), names)
	return &addAssistantsOut{strings.Join(ids, ","), zoom.Time(at)}, err
}

func (a *API) userAssistantsDelete() op.Operation {
	return op.Handle(op.Spec{
		ID: "userAssistantsDelete", Group: group, Title: "Delete user assistants", Method: "DELETE", Path: "/users/{userId}/assistants",
		Scopes: writeScopes("user:delete:assistant"), Rate: op.Light, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.UserNotFound, muster.WrongAccount),
	}, a.removeAssistants)
}

func (a *API) removeAssistants(ctx context.Context, in *userPath) (*op.None, error) {
	return &op.None{}, a.App.RemoveAssistants(ctx, zoom.Actor(ctx), string(in.User), "")
}

func (a *API) userAssistantDelete() op.Operation {
	return op.Handle(op.Spec{
		ID: "userAssistantDelete", Group: group, Title: "Delete a user assistant", Method: "DELETE", Path: "/users/{userId}/assistants/{assistantId}",
		Scopes: writeScopes("user:delete:assistant"), Rate: op.Light, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.UserNotFound, muster.WrongAccount),
	}, a.removeAssistant)
}

type assistantIn struct {
	userPath
	Assistant wire.String `path:"assistantId" json:"-" max:"128" doc:"Id or email."`
}

func (a *API) removeAssistant(ctx context.Context, in *assistantIn) (*op.None, error) {
	return &op.None{}, a.App.RemoveAssistants(ctx, zoom.Actor(ctx), string(in.User), string(in.Assistant))
}

func (a *API) userSchedulers() op.Operation {
	return op.Handle(op.Spec{
		ID: "userSchedulers", Group: group, Title: "List user schedulers", Method: "GET", Path: "/users/{userId}/schedulers",
		Scopes: readScopes("user:read:list_schedulers"), Rate: op.Medium, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.UserNotFound, muster.WrongAccount),
	}, a.schedulers)
}

type schedulersOut struct {
	Schedulers []schedulerOut `json:"schedulers" doc:"For whom the user may schedule."`
}

type schedulerOut struct {
	ID    string `json:"id"`
	Email string `json:"email"`
	PMI   int64  `json:"pmi"`
}

func (a *API) schedulers(ctx context.Context, in *userPath) (*schedulersOut, error) {
	list, err := a.App.Schedulers(ctx, zoom.Actor(ctx), string(in.User))
	out := &schedulersOut{Schedulers: make([]schedulerOut, len(list))}
	for i, u := range list {
		out.Schedulers[i] = schedulerOut{u.ID, u.Email, u.PMI}
	}
	return out, err
}

func (a *API) userSchedulersDelete() op.Operation {
	return op.Handle(op.Spec{
		ID: "userSchedulersDelete", Group: group, Title: "Delete user schedulers", Method: "DELETE", Path: "/users/{userId}/schedulers",
		Scopes: writeScopes("user:delete:scheduler"), Rate: op.Light, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.UserNotFound, muster.WrongAccount),
	}, a.removeSchedulers)
}

func (a *API) removeSchedulers(ctx context.Context, in *userPath) (*op.None, error) {
	return &op.None{}, a.App.RemoveSchedulers(ctx, zoom.Actor(ctx), string(in.User), "")
}

func (a *API) userSchedulerDelete() op.Operation {
	return op.Handle(op.Spec{
		ID: "userSchedulerDelete", Group: group, Title: "Delete a scheduler", Method: "DELETE", Path: "/users/{userId}/schedulers/{schedulerId}",
		Scopes: writeScopes("user:delete:scheduler"), Rate: op.Light, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.UserNotFound, muster.WrongAccount),
	}, a.removeScheduler)
}

type schedulerIn struct {
	userPath
	Scheduler wire.String `path:"schedulerId" json:"-" max:"128" doc:"Id or email."`
}

func (a *API) removeScheduler(ctx context.Context, in *schedulerIn) (*op.None, error) {
	return &op.None{}, a.App.RemoveSchedulers(ctx, zoom.Actor(ctx), string(in.User), string(in.Scheduler))
}
