// Package notification reads `dumpsys notification [--noredact]` of API 26 and
// newer (NotificationManagerService.dumpImpl, NotificationRecord.dump).
//
// Posted records, enqueued ones and the archive are three things: only the
// first are on the phone now. The package knows no app and no other service.
package notification

import (
	"github.com/ringproof/ringproof/harness/dumpsys/fact"
)

// Facts is what one dump says.
type Facts struct {
	// Posted are the records of `Notification List:`. The list is absent when
	// nothing is posted, so an empty list is known only if the dump goes on
	// behind the list's place. A list that ends early is unknown: see Partial.
	Posted fact.Value[[]Record] `json:"posted"`
	// Partial are the whole records of a list that was cut. A record in it is
	// posted; one that is missing may have been cut off.
	Partial fact.Value[[]Record] `json:"partial"`
	// Enqueued are on their way and not posted yet.
	Enqueued fact.Value[[]Record] `json:"enqueued"`
	// Archive is history: the notifications that were there.
	Archive fact.Value[[]Archived] `json:"archive"`
}

// Record is one notification.
type Record struct {
	// Key is userId|package|id|tag|uid[|group].
	Key     string `json:"key"`
	Package string `json:"package"`
	// UserID is -1 for notifications to all users.
	UserID int                `json:"userId"`
	ID     fact.Value[int]    `json:"id"`
	Tag    fact.Value[string] `json:"tag"` // "" for none (printed as null)
	UID    fact.Value[int]    `json:"uid"`

	Channel    fact.Value[string]     `json:"channel"`
	Importance fact.Value[Importance] `json:"importance"`
	Flags      fact.Value[Flags]      `json:"flags"`
	// OtherFlags are words of newer releases or makers without a known bit.
	OtherFlags []string `json:"otherFlags,omitempty"`
	// Category is "" for none.
	Category   fact.Value[string]           `json:"category"`
	Visibility fact.Value[string]           `json:"visibility"` // PRIVATE, PUBLIC, SECRET
	FullScreen fact.Value[FullScreenIntent] `json:"fullScreenIntent"`
	Actions    fact.Value[[]Action]         `json:"actions"`

	// Template is the style's class, "" for none:
	// android.app.Notification$CallStyle.
	Template fact.Value[string]   `json:"template"`
	CallType fact.Value[CallType] `json:"callType"`
	Title    fact.Value[Words]    `json:"title"`
	Text     fact.Value[Words]    `json:"text"`

	// Intercepted says that Do Not Disturb filters it.
	Intercepted fact.Value[bool] `json:"intercepted"`
	Hidden      fact.Value[bool] `json:"hidden"`
	// Effective is the channel as the user and the system left it.
	Effective fact.Value[Channel] `json:"effectiveChannel"`
	// Created and Updated are milliseconds since the epoch on the phone's clock.
	Created fact.Value[int64] `json:"createdMs"`
	Updated fact.Value[int64] `json:"updatedMs"`
	Line    int               `json:"line"`
}

// Channel is a notification channel.
type Channel struct {
	ID         string                 `json:"id"`
	Importance fact.Value[Importance] `json:"importance"`
	// BypassDND lets it through Do Not Disturb.
	BypassDND fact.Value[bool] `json:"bypassDnd"`
	// Lockscreen is the visibility that the user chose: -1 secret, 0 private,
	// 1 public, -1000 no choice.
	Lockscreen fact.Value[int] `json:"lockscreenVisibility"`
	// Sound is its URI, "" for none.
	Sound   fact.Value[string] `json:"sound"`
	Deleted fact.Value[bool]   `json:"deleted"`
}

// CallStyle reports whether the notification uses the platform's or androidx's
// call template.
func (r Record) CallStyle() fact.Value[bool] {
	t, ok := r.Template.Get()
	if !ok {
		return fact.Unknown[bool]()
	}
	return fact.Of(hasSuffix(t, "$CallStyle"), r.Template.Line())
}

// Action is one button. Titles are never redacted and already in the phone's
// language.
type Action struct {
	Index int    `json:"index"`
	Title string `json:"title"`
	// Starts is what the button's intent does: startActivity, broadcastIntent,
	// startService, ... or "" if the dump does not say.
	Starts string `json:"starts"`
	Line   int    `json:"line"`
}

// Words is a text that may have been redacted.
type Words struct {
	// Value is the text, "" when redacted.
	Value string `json:"value,omitempty"`
	// Length is its length in UTF-16 units, -1 if redacted by API 32 or older.
	Length   int  `json:"length"`
	Redacted bool `json:"redacted"`
}

// FullScreenIntent tells what the system left of a full-screen intent.
type FullScreenIntent string

const (
	// FullScreenPresent: the intent is there. It need not have been launched.
	FullScreenPresent FullScreenIntent = "present"
	// FullScreenAbsent: the app set none, or the system took it without a mark.
	FullScreenAbsent FullScreenIntent = "absent"
	// FullScreenDenied: API 34 and newer took it for want of the app op
	// USE_FULL_SCREEN_INTENT and set FLAG_FSI_REQUESTED_BUT_DENIED.
	FullScreenDenied FullScreenIntent = "denied"
)

// CallType is android.callType of the call template.
type CallType int

// The call types of Notification.CallStyle.
const (
	CallIncoming  CallType = 1
	CallOngoing   CallType = 2
	CallScreening CallType = 3
)

// Importance is NotificationManager.IMPORTANCE_*.
type Importance int

// The importances.
const (
	ImportanceUnspecified Importance = -1000
	ImportanceNone        Importance = 0
	ImportanceMin         Importance = 1
	ImportanceLow         Importance = 2
	ImportanceDefault     Importance = 3
	ImportanceHigh        Importance = 4
	ImportanceMax         Importance = 5
)

// Archived is one line of the archive.
type Archived struct {
	Package string             `json:"package"`
	UserID  int                `json:"userId"`
	Key     string             `json:"key"`
	Channel fact.Value[string] `json:"channel"`
	Line    int                `json:"line"`
}

// Of returns the posted notifications of a package, for all users.
func (f Facts) Of(pkg string) fact.Value[[]Record] {
	all, ok := f.Posted.Get()
	if !ok {
		return fact.Unknown[[]Record]()
	}
	own, line := []Record{}, f.Posted.Line()
	for _, r := range all {
		if r.Package == pkg {
			if len(own) == 0 {
				line = r.Line
			}
			own = append(own, r)
		}
	}
	return fact.Of(own, line)
}
