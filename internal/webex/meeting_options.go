package webex

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"muster/internal/op"
	"muster/internal/settings"
	"muster/internal/wire"
)

type (
	flag   = wire.Optional[wire.Bool]
	amount = wire.Optional[wire.Int]
	word   = wire.Optional[wire.String]
)

// options are what a meeting has besides its times, texts and people, as
// requests and answers have them. What becomes of each says optionRules.
type options struct {
	AdHoc                        flag   `json:"adhoc,omitzero" doc:"Must not be true: there are no spaces here."`
	RoomID                       word   `json:"roomId,omitzero" max:"512" doc:"Must be empty: there are no spaces here."`
	TemplateID                   word   `json:"templateId,omitzero" max:"512" doc:"Must be empty: there are no templates here."`
	EnabledAutoRecordMeeting     flag   `json:"enabledAutoRecordMeeting,omitzero"`
	AllowAnyUserToBeCoHost       flag   `json:"allowAnyUserToBeCoHost,omitzero" doc:"Kept for clients, without effect."`
	EnabledJoinBeforeHost        flag   `json:"enabledJoinBeforeHost,omitzero"`
	EnableConnectAudioBeforeHost flag   `json:"enableConnectAudioBeforeHost,omitzero" doc:"Kept for clients, without effect."`
	JoinBeforeHostMinutes        amount `json:"joinBeforeHostMinutes,omitzero" enum:"0|5|10|15"`
	ExcludePassword              flag   `json:"excludePassword,omitzero" doc:"Kept for clients, without effect."`
	PublicMeeting                flag   `json:"publicMeeting,omitzero" doc:"Kept for clients, without effect."`
	ReminderTime                 amount `json:"reminderTime,omitzero" min:"0" max:"525600" doc:"Minutes. Kept for clients, without effect."`
	UnlockedMeetingJoinSecurity  word   `json:"unlockedMeetingJoinSecurity,omitzero" enum:"allowJoin|allowJoinWithLobby|blockFromJoin"`
	SessionTypeID                amount `json:"sessionTypeId,omitzero" min:"0" max:"1000000" doc:"Kept for clients, without effect."`
	ScheduledType                word   `json:"scheduledType,omitzero" enum:"meeting|webinar|personalRoomMeeting" doc:"meeting; there are no others here."`
	EnabledWebcastView           flag   `json:"enabledWebcastView,omitzero" doc:"Must not be true: it is for webinars."`
	PanelistPassword             word   `json:"panelistPassword,omitzero" max:"64" doc:"Must be empty: it is for webinars."`
	EnableAutomaticLock          flag   `json:"enableAutomaticLock,omitzero" doc:"Kept for clients, without effect."`
	AutomaticLockMinutes         amount `json:"automaticLockMinutes,omitzero" min:"0" max:"1440" doc:"Kept for clients, without effect."`
	AllowFirstUserToBeCoHost     flag   `json:"allowFirstUserToBeCoHost,omitzero" doc:"Kept for clients, without effect."`
	AllowAuthenticatedDevices    flag   `json:"allowAuthenticatedDevices,omitzero" doc:"Kept for clients, without effect."`

	MeetingOptions     wire.Optional[meetingOptions]     `json:"meetingOptions,omitzero" doc:"Kept for clients, without effect."`
	AttendeePrivileges wire.Optional[attendeePrivileges] `json:"attendeePrivileges,omitzero" doc:"Kept for clients, without effect."`

	SimultaneousInterpretation wire.Optional[interpretation]  `json:"simultaneousInterpretation,omitzero" doc:"Must not be enabled: there are no interpreters here."`
	EnabledBreakoutSessions    flag                           `json:"enabledBreakoutSessions,omitzero" doc:"Must not be true: there are no breakout sessions here."`
	BreakoutSessions           wire.Optional[[]session]       `json:"breakoutSessions,omitzero" max:"100" doc:"Must be empty: there are no breakout sessions here."`
	EnabledAudioWatermark      flag                           `json:"enabledAudioWatermark,omitzero" doc:"Kept for clients, without effect."`
	EnabledVisualWatermark     flag                           `json:"enabledVisualWatermark,omitzero"`
	VisualWatermarkOpacity     amount                         `json:"visualWatermarkOpacity,omitzero" min:"5" max:"80" doc:"Kept for clients, without effect."`
	AudioConnectionOptions     wire.Optional[audioConnection] `json:"audioConnectionOptions,omitzero"`
	RequireAttendeeLogin       flag                           `json:"requireAttendeeLogin,omitzero"`
	RestrictToInvitees         flag                           `json:"restrictToInvitees,omitzero" doc:"For webinars; kept for clients, without effect."`
	EnabledLiveStream          flag                           `json:"enabledLiveStream,omitzero" doc:"Must not be true: there are no live streams here."`
	LiveStream                 wire.Optional[liveStream]      `json:"liveStream,omitzero" doc:"Must not be given: there are no live streams here."`
}

type meetingOptions struct {
	EnabledChat         flag `json:"enabledChat,omitzero"`
	EnabledVideo        flag `json:"enabledVideo,omitzero"`
	EnabledPolling      flag `json:"enabledPolling,omitzero"`
	EnabledNote         flag `json:"enabledNote,omitzero"`
	NoteType            word `json:"noteType,omitzero" enum:"allowAll|allowOne"`
	EnabledFileTransfer flag `json:"enabledFileTransfer,omitzero"`
	EnabledUCFRichMedia flag `json:"enabledUCFRichMedia,omitzero"`
}

type attendeePrivileges struct {
	EnabledShareContent             flag `json:"enabledShareContent,omitzero"`
	EnabledSaveDocument             flag `json:"enabledSaveDocument,omitzero"`
	EnabledPrintDocument            flag `json:"enabledPrintDocument,omitzero"`
	EnabledAnnotate                 flag `json:"enabledAnnotate,omitzero"`
	EnabledViewParticipantList      flag `json:"enabledViewParticipantList,omitzero"`
	EnabledViewThumbnails           flag `json:"enabledViewThumbnails,omitzero"`
	EnabledRemoteControl            flag `json:"enabledRemoteControl,omitzero"`
	EnabledViewAnyDocument          flag `json:"enabledViewAnyDocument,omitzero"`
	EnabledViewAnyPage              flag `json:"enabledViewAnyPage,omitzero"`
	EnabledContactOperatorPrivately flag `json:"enabledContactOperatorPrivately,omitzero"`
	EnabledChatHost                 flag `json:"enabledChatHost,omitzero"`
	EnabledChatPresenter            flag `json:"enabledChatPresenter,omitzero"`
	EnabledChatOtherParticipants    flag `json:"enabledChatOtherParticipants,omitzero"`
}

type audioConnection struct {
	AudioConnectionType           word `json:"audioConnectionType,omitzero" enum:"webexAudio|VoIP|other|none"`
	EnabledTollFreeCallIn         flag `json:"enabledTollFreeCallIn,omitzero" doc:"Kept for clients, without effect."`
	EnabledGlobalCallIn           flag `json:"enabledGlobalCallIn,omitzero" doc:"Kept for clients, without effect."`
	EnabledAudienceCallBack       flag `json:"enabledAudienceCallBack,omitzero" doc:"Must not be true: it is for webinars."`
	EntryAndExitTone              word `json:"entryAndExitTone,omitzero" enum:"beep|announceName|noTone" doc:"Kept for clients, without effect."`
	AllowHostToUnmuteParticipants flag `json:"allowHostToUnmuteParticipants,omitzero" doc:"Kept for clients, without effect."`
	AllowAttendeeToUnmuteSelf     flag `json:"allowAttendeeToUnmuteSelf,omitzero" doc:"Kept for clients, without effect."`
	MuteAttendeeUponEntry         flag `json:"muteAttendeeUponEntry,omitzero"`
}

type interpretation struct {
	Enabled      flag          `json:"enabled,omitzero"`
	Interpreters []interpreter `json:"interpreters,omitempty" max:"100"`
}

type interpreter struct {
	LanguageCode1 wire.String `json:"languageCode1" max:"64"`
	LanguageCode2 wire.String `json:"languageCode2" max:"64"`
	Email         wire.String `json:"email" max:"128"`
	DisplayName   wire.String `json:"displayName" max:"128"`
}

type session struct {
	Name     wire.String   `json:"name" max:"128"`
	Invitees []wire.String `json:"invitees" max:"1000"`
}

type liveStream struct {
	Destination word `json:"destination,omitzero" max:"128"`
	RTMPURL     word `json:"rtmpUrl,omitzero" max:"2048"`
	StreamURL   word `json:"streamUrl,omitzero" max:"2048"`
}

// An optionRule says what becomes of an option; one without a rule is kept and
// answered as it was given.
type optionRule struct {
	name    string // dotted
	setting string // of settings.Meeting that it is; "" none
	values  []pair // how its values are spelled here and there; nil: alike. The first of a value is how it is answered.
	refused string // why it may not say anything; "" it may
	only    string // the one thing that it may say, where refused
}

type pair struct{ theirs, ours any }

var optionRules = []optionRule{
	{name: "enabledAutoRecordMeeting", setting: "auto_recording", values: []pair{{false, "none"}, {true, "cloud"}, {true, "local"}}},
	{name: "enabledJoinBeforeHost", setting: "join_before_host"},
	{name: "joinBeforeHostMinutes", setting: "jbh_time"},
	{name: "unlockedMeetingJoinSecurity", setting: "waiting_room", values: []pair{{"allowJoin", false}, {"allowJoinWithLobby", true}, {"blockFromJoin", true}}},
	{name: "enabledVisualWatermark", setting: "watermark"},
	{name: "requireAttendeeLogin", setting: "meeting_authentication"},
	{name: "audioConnectionOptions.muteAttendeeUponEntry", setting: "mute_upon_entry"},
	{
		name: "audioConnectionOptions.audioConnectionType", setting: "audio",
		values: []pair{{"webexAudio", "both"}, {"none", "both"}, {"webexAudio", "telephony"}, {"VoIP", "voip"}, {"other", "thirdParty"}},
	},

	{name: "adhoc", refused: "there are no spaces here"},
	{name: "roomId", refused: "there are no spaces here"},
	{name: "templateId", refused: "there are no templates here"},
	{name: "scheduledType", refused: "there are no webinars and no personal rooms here", only: "meeting"},
	{name: "enabledWebcastView", refused: "there are no webinars here"},
	{name: "panelistPassword", refused: "there are no webinars here"},
	{name: "audioConnectionOptions.enabledAudienceCallBack", refused: "there are no webinars here"},
	{name: "simultaneousInterpretation", refused: "there are no interpreters here"},
	{name: "enabledBreakoutSessions", refused: "there are no breakout sessions here"},
	{name: "breakoutSessions", refused: "there are no breakout sessions here"},
	{name: "enabledLiveStream", refused: "there are no live streams here"},
	{name: "liveStream", refused: "there are no live streams here"},
}

// optionOf returns this API's name of a setting, the setting's own where it has none.
func optionOf(setting string) string {
	for _, r := range optionRules {
		if r.setting == setting {
			return r.name
		}
	}
	return setting
}

// unsaid is what answers have where nobody said anything.
var unsaid = settings.Doc{"scheduledType": "meeting", "enabledBreakoutSessions": false}

// doc returns what is given of o.
func (o *options) doc() (settings.Doc, error) {
	text, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	return settings.FromJSON(text)
}

// refusedOptions returns which options of doc ask for what is not here.
func refusedOptions(doc settings.Doc) []op.Problem {
	var problems []op.Problem
	for _, r := range optionRules {
		v, _ := doc.Lookup(r.name)
		switch {
		case r.refused == "" || !says(v) || r.only != "" && v == r.only:
		case r.only != "":
			problems = append(problems, op.Problem{Field: r.name, Rule: fmt.Sprintf("must be %s: %s", r.only, r.refused)})
		case v == true:
			problems = append(problems, op.Problem{Field: r.name, Rule: "must not be true: " + r.refused})
		default:
			problems = append(problems, op.Problem{Field: r.name, Rule: "must not be given: " + r.refused})
		}
	}
	return problems
}

// says reports whether v asks for anything.
func says(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case int64:
		return v != 0
	case string:
		return v != ""
	case []any:
		return len(v) > 0
	case map[string]any:
		for _, inner := range v {
			if says(inner) {
				return true
			}
		}
		return false
	}
	return true
}

// settled parts doc into the settings that it is and what is kept of it. Of a
// setting that this API cannot tell from others, alike has them all. unset is
// what doc does not say.
func settled(doc settings.Doc) (set settings.Doc, alike map[string][]any, unset []string, kept settings.Doc) {
	set, alike, kept = settings.Doc{}, map[string][]any{}, settings.Merge(nil, doc)
	for _, r := range optionRules {
		v, given := doc.Lookup(r.name)
		if v == "" { // an empty text counts as absent
			given = false
			remove(kept, r.name)
		}
		switch {
		case r.refused != "":
			remove(kept, r.name)
		case r.setting == "":
		case !given:
			unset = append(unset, r.setting)
		case r.values == nil:
			set[r.setting] = v
			remove(kept, r.name)
		default:
			for _, p := range r.values {
				if p.theirs == v {
					alike[r.setting] = append(alike[r.setting], p.ours)
				}
			}
			set[r.setting] = alike[r.setting][0]
		}
	}
	return set, alike, unset, kept
}

// spellOptions returns the options of a meeting with the given settings, of
// which more is kept.
func spellOptions(effective, kept settings.Doc) (*options, error) {
	doc := settings.Merge(unsaid, kept)
	for _, r := range optionRules {
		if r.setting == "" {
			continue
		}
		now, there := effective[r.setting], r.values == nil
		said, _ := doc.Lookup(r.name)
		if slices.Contains(r.values, pair{said, now}) {
			continue // as it was put
		}
		spelled := now
		for _, p := range slices.Backward(r.values) {
			if p.ours == now {
				spelled, there = p.theirs, true
			}
		}
		if there {
			doc = settings.Merge(doc, nested(r.name, spelled))
		}
	}
	text, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	o := new(options)
	return o, json.Unmarshal(text, o)
}

// nested returns a document that has one value at a dotted name.
func nested(name string, v any) settings.Doc {
	first, rest, deep := strings.Cut(name, ".")
	if !deep {
		return settings.Doc{first: v}
	}
	return settings.Doc{first: map[string]any(nested(rest, v))}
}

// remove drops the value of a dotted name from doc.
func remove(doc map[string]any, name string) {
	first, rest, deep := strings.Cut(name, ".")
	if !deep {
		delete(doc, first)
		return
	}
	if inner, ok := doc[first].(map[string]any); ok {
		remove(inner, rest)
		if len(inner) == 0 {
			delete(doc, first)
		}
	}
}
