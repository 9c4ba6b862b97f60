// Package facts has the Snapshot: what a phone said of itself in one shell
// round trip, with one reading time. "Ringing while locked" must not be glued
// together from two moments.
//
// It holds facts and judges none: package expect does. It knows no shell.
package facts

import (
	"slices"
	"time"

	"github.com/ringproof/ringproof/harness/dumpsys/activity"
	"github.com/ringproof/ringproof/harness/dumpsys/appops"
	"github.com/ringproof/ringproof/harness/dumpsys/audio"
	"github.com/ringproof/ringproof/harness/dumpsys/bluetooth"
	"github.com/ringproof/ringproof/harness/dumpsys/deviceidle"
	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/mediasession"
	"github.com/ringproof/ringproof/harness/dumpsys/notification"
	"github.com/ringproof/ringproof/harness/dumpsys/packages"
	"github.com/ringproof/ringproof/harness/dumpsys/power"
	"github.com/ringproof/ringproof/harness/dumpsys/standby"
	"github.com/ringproof/ringproof/harness/dumpsys/telecom"
	"github.com/ringproof/ringproof/harness/dumpsys/trust"
	"github.com/ringproof/ringproof/harness/dumpsys/users"
	"github.com/ringproof/ringproof/harness/dumpsys/window"
)

// Kind is one part of a snapshot: what one service says.
type Kind string

// The kinds. Process is the process table's word on the app, the others are
// dumps of the service of that name.
const (
	Telecom      Kind = "telecom"
	Notification Kind = "notification"
	Window       Kind = "window"
	Power        Kind = "power"
	Activity     Kind = "activity"
	Package      Kind = "package"
	Process      Kind = "process"
	Audio        Kind = "audio"
	Exits        Kind = "exits"
	MediaSession Kind = "media-session"
	AppOps       Kind = "appops"
	Idle         Kind = "deviceidle"
	Standby      Kind = "standby"
	Trust        Kind = "trust"
	Users        Kind = "users"
	Bluetooth    Kind = "bluetooth"
	// Processes are what the activity manager says of them, Switches the
	// phone-wide switches that commands and settings tell.
	Processes Kind = "processes"
	Switches  Kind = "switches"
)

// All lists every kind.
func All() []Kind {
	return []Kind{
		Telecom, Notification, Window, Power, Activity, Package, Process, Audio, Exits, MediaSession,
		AppOps, Idle, Standby, Trust, Users, Bluetooth, Processes, Switches,
	}
}

// App names the app that a snapshot is about, with what expectations must know
// of it.
type App struct {
	Package string
	// Account is the id of its PhoneAccount.
	Account string
	// CallChannel is the channel of its ringing calls; OngoingChannel of calls
	// that go on; MissedChannel may be used by what is left of a missed call.
	CallChannel, OngoingChannel, MissedChannel string
	// Incoming and Call are the full class names of its screens. Incoming may
	// be empty.
	Incoming, Call string
}

// Snapshot is what was read. Only the asked kinds are filled; the others are
// zero, and so are all their values: unknown.
type Snapshot struct {
	Phone string
	App   App
	// Began and Ended are the phone's time since boot before and after the
	// reading: the facts hold for some moment between.
	Began, Ended time.Duration
	// Wall is the phone's own wall clock at Began.
	Wall time.Time

	Telecom      telecom.Facts
	Notification notification.Facts
	Window       window.Facts
	Power        power.Facts
	Activity     activity.Facts
	Packages     packages.Facts
	// PIDs are the app's processes; none is an empty list.
	PIDs  fact.Value[[]int]
	Audio audio.Facts
	Exits activity.Exits
	Media mediasession.Facts
	// AppOps are the app's, Standby its bucket.
	AppOps  appops.Facts
	Idle    deviceidle.Facts
	Standby standby.Facts
	Trust   trust.Facts
	Users   users.Facts
	// Bluetooth is the adapter and its headsets.
	Bluetooth bluetooth.Facts
	// Processes are those of all apps.
	Processes activity.Processes
	// Switches are what Switch names.
	Switches map[Switch]string

	// Problems are why a kind was not read whole.
	Problems map[Kind]error
	// Texts are what the phone printed, for evidence.
	Texts map[Kind][]byte
}

// Switch names a switch of the phone: a setting by its key, or what a command
// says.
type Switch string

// The switches. Settings have the value of the settings provider, "null" when
// unset; RestrictBackground is "enabled" or "disabled"; StatusBar is the hex
// number of StatusBarManager.DISABLE_* flags.
const (
	LowPower           Switch = "low_power"
	Airplane           Switch = "airplane_mode_on"
	HeadsUp            Switch = "heads_up_notifications_enabled"
	StayOn             Switch = "stay_on_while_plugged_in"
	RestrictBackground Switch = "restrict_background"
	StatusBar          Switch = "status_bar"
)

// Calls are the app's live calls.
func (s Snapshot) Calls() fact.Value[[]telecom.Call] { return s.Telecom.CallsOf(s.App.Package) }

// LastRecord is the newest record of the app's calls in Telecom's history, nil
// if there is none.
func (s Snapshot) LastRecord() *telecom.Record {
	h := s.Telecom.History.Or(nil)
	for i := len(h) - 1; i >= 0; i-- {
		if a, ok := h[i].Account.Get(); ok && a.Package == s.App.Package {
			return &h[i]
		}
	}
	return nil
}

// CallNotifications are the app's posted notifications that present a call:
// by category, by style, or by a channel of its calls.
func (s Snapshot) CallNotifications() fact.Value[[]notification.Record] {
	own, ok := s.Notification.Of(s.App.Package).Get()
	if !ok {
		return fact.Unknown[[]notification.Record]()
	}
	calls := []notification.Record{}
	for _, r := range own {
		if r.Channel.Or("") == s.App.MissedChannel && s.App.MissedChannel != "" {
			continue
		}
		if r.Category.Or("") == "call" || fact.Is(r.CallStyle(), true) ||
			slices.Contains([]string{s.App.CallChannel, s.App.OngoingChannel}, r.Channel.Or("\x00")) {
			calls = append(calls, r)
		}
	}
	return fact.Of(calls, s.Notification.Posted.Line())
}

// MissedNotifications are the app's posted notifications of missed calls: by
// category, or by their channel.
func (s Snapshot) MissedNotifications() fact.Value[[]notification.Record] {
	own, ok := s.Notification.Of(s.App.Package).Get()
	if !ok {
		return fact.Unknown[[]notification.Record]()
	}
	missed := []notification.Record{}
	for _, r := range own {
		if r.Category.Or("") == "missed_call" || s.App.MissedChannel != "" && r.Channel.Or("") == s.App.MissedChannel {
			missed = append(missed, r)
		}
	}
	return fact.Of(missed, s.Notification.Posted.Line())
}

// User is the app's state for the phone's owner.
func (s Snapshot) User() fact.Value[packages.User] {
	p, ok := s.Packages.Find(s.App.Package).Get()
	if !ok {
		return fact.Unknown[packages.User]()
	}
	return p.User(0)
}
