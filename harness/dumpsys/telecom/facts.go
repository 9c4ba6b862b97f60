// Package telecom reads `dumpsys telecom` of Android 8 (API 26) to 17 (API 37),
// and Telecom's lines in a log (ParseLog, ReadLog).
//
// The format is that of packages/services/Telecomm (TelecomServiceImpl.dump
// and CallsManager.dump). Live calls are the rows between `mCalls:` and
// `mCallAudioManager:` and nothing else; a text without both keys does not
// tell whether there are calls. The package knows no app, no scenario and no
// other service.
package telecom

import (
	"slices"
	"time"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
)

// Facts is what one dump says.
type Facts struct {
	// Calls are all rows between mCalls and mCallAudioManager, also those that
	// are over and wait to be destroyed: see Call.Live.
	Calls fact.Value[[]Call] `json:"calls"`
	// Fragments are rows in a text that is no dump, such as an excerpt that a
	// person cut out: what it shows, and no word on which calls are live. They
	// are unknown for a dump.
	Fragments fact.Value[[]Call] `json:"fragments"`
	// Foreground is the id of the call that owns the audio, "" for none.
	Foreground fact.Value[string] `json:"foreground"`
	// The id lists of CallAudioManager. External calls and the members of a
	// conference are in Calls but in none of these.
	All     fact.Value[[]string] `json:"all"`
	Active  fact.Value[[]string] `json:"active"`
	Ringing fact.Value[[]string] `json:"ringing"`
	Holding fact.Value[[]string] `json:"holding"`
	// AudioFocus is the last state of CallAudioModeStateMachine: UNFOCUSED,
	// RINGING, SIM_CALL, VOIP_CALL, ... (printed from API 33).
	AudioFocus fact.Value[string] `json:"audioFocus"`
	// AudioMode is the last mode that Telecom set: MODE_IN_COMMUNICATION,
	// MODE_RINGTONE, MODE_NORMAL, ... (printed from API 33).
	AudioMode fact.Value[string] `json:"audioMode"`
	// CallFocus is the call whose app may use the audio, "" for none
	// (ConnectionServiceFocusManager, API 34 and newer).
	CallFocus fact.Value[string] `json:"callFocus"`
	// Pending is the outgoing call that waits for the user's choice.
	Pending fact.Value[string] `json:"pending"`
	// Route is the audio route in use by a call. Unknown when no call uses one.
	Route fact.Value[Route] `json:"route"`
	// Muted rests on events that only the old route state machine writes (up to
	// API 34); without such an event in a live call it is unknown.
	Muted fact.Value[bool] `json:"muted"`
	// Accounts are the registered PhoneAccounts. They outlive processes: an
	// account is no sign of a call.
	Accounts fact.Value[[]Account] `json:"accounts"`
	// History are the last calls, finished and live, oldest first.
	History fact.Value[[]Record] `json:"history"`
	// Sessions are the rows of CallAudioWatchdog (API 36 and newer): apps that
	// use voice communication audio, known to Telecom or not.
	Sessions fact.Value[[]Session] `json:"sessions"`
	// Timeline are the events of all calls in one list: `dumpsys telecom
	// timeline` prints it in place of the history.
	Timeline fact.Value[[]TimelineEvent] `json:"timeline"`

	InCallServices fact.Value[[]InCallService] `json:"inCallServices"`
	Bindings       fact.Value[[]Binding]       `json:"bindings"`
	// ConnectionServices are the services that Telecom knows or is bound to.
	ConnectionServices fact.Value[[]string] `json:"connectionServices"`
	Dialers            fact.Value[[]Dialer] `json:"dialers"`
	// CallAnomalyWatchdog (API 34 and newer): what it noticed, and the calls
	// that it watches for a state or for their destruction.
	Anomalies          fact.Value[[]Anomaly] `json:"anomalies"`
	PendingTimeouts    fact.Value[[]string]  `json:"pendingTimeouts"`
	PendingDestruction fact.Value[[]string]  `json:"pendingDestruction"`
	Flags              fact.Value[[]Flag]    `json:"flags"`
}

// State is a call's state as Telecom names it (CallState.java).
type State string

// The states of a call. A maker's own state is kept as it was printed.
const (
	New                State = "NEW"
	Connecting         State = "CONNECTING"
	SelectPhoneAccount State = "SELECT_PHONE_ACCOUNT"
	Dialing            State = "DIALING"
	Ringing            State = "RINGING"
	Active             State = "ACTIVE"
	OnHold             State = "ON_HOLD"
	Disconnected       State = "DISCONNECTED"
	Aborted            State = "ABORTED"
	Disconnecting      State = "DISCONNECTING"
	Pulling            State = "PULLING"
	Answered           State = "ANSWERED"         // API 29
	AudioProcessing    State = "AUDIO_PROCESSING" // API 30
	SimulatedRinging   State = "SIMULATED_RINGING"
)

// AccountHandle names a PhoneAccount.
type AccountHandle struct {
	Package string `json:"package"`
	// Class is the ConnectionService, or the package's own name for an account
	// registered through core-telecom.
	Class string `json:"class"`
	// ID is "***" unless the dump was made with clear text.
	ID string `json:"id"`
	// User is Android's user id, -1 when it could not be read.
	User int `json:"user"`
}

// CallKind says who shows a call and how it was added.
type CallKind string

// The kinds. Transactional calls are self-managed too.
const (
	Managed       CallKind = "managed"
	SelfManaged   CallKind = "self-managed"
	Transactional CallKind = "transactional"
)

// Call is one row.
type Call struct {
	// ID is TC@<n> for calls of a ConnectionService, the client's id (mostly a
	// UUID) for transactional ones. "" if the row could not be read.
	ID    string `json:"id"`
	State State  `json:"state"`
	// Account is the target PhoneAccount. Rows up to API 29 hold only the
	// ConnectionService: the account's id and user are then from the history.
	Account fact.Value[AccountHandle] `json:"account"`
	Manager fact.Value[AccountHandle] `json:"manager"`
	// Package is the app whose call it is, unknown before Telecom bound it.
	Package fact.Value[string] `json:"package"`
	// Handle is the address, mostly hidden ("tel:***"). "" for none.
	Handle string `json:"handle"`
	// Video is Telecom's short form: A audio, T sending, R receiving, P paused.
	Video        string               `json:"video"`
	SelfManaged  fact.Value[bool]     `json:"selfManaged"`
	Kind         fact.Value[CallKind] `json:"kind"`
	VoIP         fact.Value[bool]     `json:"voip"`
	Capabilities fact.Value[[]string] `json:"capabilities"`
	Properties   fact.Value[[]string] `json:"properties"`
	Children     fact.Value[int]      `json:"children"`
	HasParent    fact.Value[bool]     `json:"hasParent"`
	// Incoming comes from the call's history record.
	Incoming fact.Value[bool] `json:"incoming"`
	// Raw is the row as printed, of bounded length, when it could not be read.
	Raw  string `json:"raw,omitempty"`
	Line int    `json:"line"`
}

// Live reports whether the call is not over. A row in a state that this
// package does not know counts as live.
func (c Call) Live() bool { return c.State != Disconnected && c.State != Aborted }

// Rings reports whether the phone should be ringing for the call.
func (c Call) Rings() bool { return c.State == Ringing || c.State == SimulatedRinging }

// Transactional reports whether the call was added through the transactional
// API (CallManager.addCall, API 34): such calls keep the client's id.
func (c Call) Transactional() fact.Value[bool] {
	if c.ID == "" {
		return fact.Unknown[bool]()
	}
	return fact.Of(!isTelecomID(c.ID), c.Line)
}

// Conference reports whether the call is a conference or a part of one.
func (c Call) Conference() fact.Value[bool] {
	n, ok1 := c.Children.Get()
	p, ok2 := c.HasParent.Get()
	if n > 0 || p {
		return fact.Of(true, c.Line)
	}
	if !ok1 || !ok2 {
		return fact.Unknown[bool]()
	}
	return fact.Of(false, c.Line)
}

// Account is one registered PhoneAccount.
type Account struct {
	AccountHandle
	// Enabled is always true in a dump for self-managed and SIM accounts.
	Enabled bool `json:"enabled"`
	// Capabilities are the short words: SelfManaged, CallProvider, TransactOps...
	Capabilities []string `json:"capabilities"`
	Schemes      []string `json:"schemes"`
	// Routes are the audio routes: letters of BESW.
	Routes string `json:"routes"`
	// CoreTelecom says that the extras name androidx.core.telecom.
	CoreTelecom bool `json:"coreTelecom"`
	Line        int  `json:"line"`
}

// SelfManaged reports whether the account's calls have their own UI.
func (a Account) SelfManaged() bool { return slices.Contains(a.Capabilities, "SelfManaged") }

// RouteName is where the call's sound goes.
type RouteName string

// The routes, by the names of CallAudioState.
const (
	Earpiece     RouteName = "EARPIECE"
	Bluetooth    RouteName = "BLUETOOTH"
	WiredHeadset RouteName = "WIRED_HEADSET"
	Speaker      RouteName = "SPEAKER"
	Streaming    RouteName = "STREAMING"
)

// Route is an audio route in use.
type Route struct {
	Name RouteName `json:"name"`
	// Address is the Bluetooth address where the release prints one.
	Address string `json:"address,omitempty"`
	// Printed is the phone's own word for it (ActiveSpeakerRoute, TYPE_BUS...).
	Printed string `json:"printed"`
}

// Record is one call of the history.
type Record struct {
	ID          string `json:"id"`
	SelfManaged bool   `json:"selfManaged"`
	External    bool   `json:"external"`
	// Incoming is unknown if the header says neither MT nor MO.
	Incoming fact.Value[bool]          `json:"incoming"`
	Account  fact.Value[AccountHandle] `json:"account"`
	// Label is the account's label. It is an app's text and never hidden.
	Label string `json:"label"`
	// Created is the creation time in the phone's language: opaque.
	Created string `json:"created"`
	// User is the user that the call belongs to (API 34), else unknown.
	User fact.Value[int] `json:"user"`
	// Disconnect is why the call ended, unknown while it has not.
	Disconnect fact.Value[Cause] `json:"disconnect"`
	Events     []Event           `json:"events"`
	Line       int               `json:"line"`
}

// Event is one line of a record.
type Event struct {
	// At is the local time of day: the dump prints no date.
	At   time.Duration `json:"at"`
	Name string        `json:"name"`
	Data string        `json:"data,omitempty"`
	// Session is Telecom's logging session.
	Session string `json:"session,omitempty"`
	Line    int    `json:"line"`
}

// Event returns the last event of that name.
func (r Record) Event(name string) fact.Value[Event] {
	for i := len(r.Events) - 1; i >= 0; i-- {
		if r.Events[i].Name == name {
			return fact.Of(r.Events[i], r.Events[i].Line)
		}
	}
	return fact.Unknown[Event]()
}

// Over reports whether the record's call has ended.
func (r Record) Over() bool {
	return r.Event("SET_DISCONNECTED").Known() || r.Event("DESTROYED").Known()
}

// Cause is why a call ended (android.telecom.DisconnectCause).
type Cause struct {
	// Code is LOCAL, REMOTE, MISSED, REJECTED, CANCELED, BUSY, ERROR, ...
	Code   string `json:"code"`
	Reason string `json:"reason,omitempty"`
}

// Session is one row of CallAudioWatchdog.
type Session struct {
	UID int `json:"uid"`
	// CallID is "" for an app that did not tell Telecom of its call.
	CallID string `json:"callId"`
	Line   int    `json:"line"`
}

// CallsOf returns the live calls of a package. It is unknown when the rows are
// unknown, or when none is the package's but one has no owner yet.
func (f Facts) CallsOf(pkg string) fact.Value[[]Call] {
	all, ok := f.Calls.Get()
	if !ok {
		return fact.Unknown[[]Call]()
	}
	own, doubt := []Call{}, false
	for _, c := range all {
		if !c.Live() {
			continue
		}
		p, known := c.Package.Get()
		if known && p == pkg {
			own = append(own, c)
		}
		doubt = doubt || !known
	}
	if len(own) == 0 && doubt {
		return fact.Unknown[[]Call]()
	}
	line := f.Calls.Line()
	if len(own) > 0 {
		line = own[0].Line
	}
	return fact.Of(own, line)
}

// Call returns the row of a call id.
func (f Facts) Call(id string) fact.Value[Call] {
	for _, c := range f.Calls.Or(nil) {
		if c.ID == id && id != "" {
			return fact.Of(c, c.Line)
		}
	}
	return fact.Unknown[Call]()
}

// Record returns the newest history record of a call id. The history holds ten
// calls: a missing record is unknown.
func (f Facts) Record(id string) fact.Value[Record] {
	h := f.History.Or(nil)
	for i := len(h) - 1; i >= 0; i-- {
		if h[i].ID == id {
			return fact.Of(h[i], h[i].Line)
		}
	}
	return fact.Unknown[Record]()
}

// AccountsOf returns the accounts of a package, for all users.
func (f Facts) AccountsOf(pkg string) fact.Value[[]Account] {
	all, ok := f.Accounts.Get()
	if !ok {
		return fact.Unknown[[]Account]()
	}
	own := []Account{}
	for _, a := range all {
		if a.Package == pkg {
			own = append(own, a)
		}
	}
	return fact.Of(own, f.Accounts.Line())
}
