package profile

import (
	"strings"
	"time"
)

// Profile is the app under test. Load, Parse and Builtin return only whole and
// valid ones; a Profile put together in Go is checked by Validate.
type Profile struct {
	// Name is how reports call the app.
	Name string `yaml:"name"`
	// Package is the application id.
	Package string `yaml:"package"`
	// LaunchActivity and ConnectionService are class names; a leading dot
	// stands for the package. See Component and Class.
	LaunchActivity    string `yaml:"launchActivity"`
	ConnectionService string `yaml:"connectionService"`
	// AccountID is the id of the app's PhoneAccountHandle.
	AccountID string `yaml:"account"`
	// Permissions are the runtime permissions that a prepared app holds.
	Permissions []Permission `yaml:"permissions"`
	// FullScreenIntent says that the app wants to be allowed full-screen
	// intents (a user's choice from API 34 on).
	FullScreenIntent bool       `yaml:"fullScreenIntent"`
	Deliveries       Deliveries `yaml:"deliveries"`
	// Signalling is a test door to the app's own connection to its server; nil
	// if the app has none.
	Signalling   *Signalling  `yaml:"signalling"`
	Payload      Payload      `yaml:"payload"`
	Notification Notification `yaml:"notification"`
	Screens      Screens      `yaml:"screens"`
	Budgets      Budgets      `yaml:"budgets"`
	Trace        Trace        `yaml:"trace"`
	// CallControl says how the app is had to make transactional calls; the zero
	// one does not.
	CallControl CallControl `yaml:"callControl"`
	// Outgoing is how the app is had to call somebody; the zero one cannot be.
	Outgoing Outgoing `yaml:"outgoing"`
}

// Outgoing is a broadcast to a test receiver of the app that shell may call, as
// DebugDelivery is: the app then does what it does when its user calls somebody,
// and the test is the server between the two.
type Outgoing struct {
	Action string `yaml:"action"`
	// Callee and Session are the string extras that get whom to call and the
	// session that the call has at the server.
	Callee  string `yaml:"callee"`
	Session string `yaml:"session"`
}

// CallControl is Android's transactional call API (TelecomManager.addCall, API
// 34), in place of a ConnectionService.
type CallControl struct {
	// Always: the app makes no other calls.
	Always bool `yaml:"always"`
	// Property is a system property that a test sets to 1 to have the app use it.
	Property string `yaml:"property"`
}

// Trace is what the app itself writes to the log about a call: lines of JSON
// with "event" and "elapsed", milliseconds since boot. An app without one has
// fewer edges in its timeline, and is judged the same.
type Trace struct {
	// Tag is the log tag. Delivered is the event that says that a push has
	// reached the app's own code.
	Tag       string `yaml:"tag"`
	Delivered string `yaml:"delivered"`
	// File is where the app keeps the same lines, as its own user sees it: a
	// path that begins in its private folder, read with run-as, which takes
	// debuggable builds only. The log is read without it, where the phone shows it.
	File string `yaml:"file"`
	// Declined and Ended are the events that say what the app told its server
	// of a call: that its user declined it on this phone, and that the call is
	// over, on all of them. They have the payload's session in "session".
	Declined string `yaml:"declined"`
	Ended    string `yaml:"ended"`
}

// Permission is one runtime permission to grant.
type Permission struct {
	Name string `yaml:"name"`
	// MinAPI is the first API level that knows the permission, 0 for any:
	// "pm grant" of an unknown permission fails.
	MinAPI int `yaml:"minAPI"`
}

// Deliveries are the doors through which the app takes a call push. A nil one
// is not there.
type Deliveries struct {
	Debug *DebugDelivery `yaml:"debug"`
	Root  *RootDelivery  `yaml:"root"`
}

// DebugDelivery is a broadcast to a test receiver of the app that shell may
// call (android.permission.DUMP).
type DebugDelivery struct {
	Action string `yaml:"action"`
	// Extra is the string extra that gets base64 of a JSON object of strings.
	Extra string `yaml:"extra"`
}

// Signalling is a broadcast to a test receiver that shell may call. It has the
// app's own connection to its server, such as a websocket, tell of a call: apps
// hear of one in both ways. The words are those of the vendor's payload.
type Signalling struct {
	Action string `yaml:"action"`
	// Extra is the string extra that gets base64 of a JSON object of strings.
	Extra string `yaml:"extra"`
}

// RootDelivery is a broadcast to the FCM SDK's own receiver, which only root
// may send: its permission belongs to Google Play services.
type RootDelivery struct {
	Action string `yaml:"action"`
}

// Payload says which call payloads the app understands.
type Payload struct {
	// Vendor is a vendor of package fixtures, such as "cometchat".
	Vendor string `yaml:"vendor"`
}

// Notification tells where the app announces calls.
type Notification struct {
	// Channel is the id of the channel of ringing calls.
	Channel string `yaml:"channel"`
	// MissedChannel and OngoingChannel may be empty: the app has none.
	MissedChannel  string `yaml:"missedChannel"`
	OngoingChannel string `yaml:"ongoingChannel"`
	// AnswerTitles, DeclineTitles and EndTitles (of an answered call) are titles of the notification's actions
	// in the languages of the phones, tried in order. Empty lists leave it to
	// the order that CallStyle gives the actions; below API 31 there is none.
	AnswerTitles  []string `yaml:"answerTitles"`
	DeclineTitles []string `yaml:"declineTitles"`
	EndTitles     []string `yaml:"endTitles"`
}

// Screens are the app's call screens and what can be pressed there.
type Screens struct {
	// Incoming and Call are activity class names; Incoming may be empty.
	Incoming string   `yaml:"incoming"`
	Call     string   `yaml:"call"`
	Answer   Selector `yaml:"answer"`
	Decline  Selector `yaml:"decline"`
	End      Selector `yaml:"end"`
	// Speaker turns the loudspeaker on and off again; empty if there is no such
	// button.
	Speaker Selector `yaml:"speaker"`
}

// Selector finds one node of a window; all of its non-empty parts must match.
type Selector struct {
	// ResourceID is the whole id ("pkg:id/answer") or only its entry name
	// ("answer"), which Profile.ResourceID completes.
	ResourceID  string `yaml:"id"`
	ContentDesc string `yaml:"desc"`
	Text        string `yaml:"text"`
}

// Budgets are the longest times that the app may take; zero leaves the time to
// the scenario.
type Budgets struct {
	// Ring is from the push to a ringing call and its notification.
	Ring time.Duration `yaml:"ring"`
	// Answer is from the press to an active call.
	Answer time.Duration `yaml:"answer"`
	// Stop is from a stop push, a decline or a hang-up to silence.
	Stop time.Duration `yaml:"stop"`
	// Missed is from the end of ringing to the missed-call notification.
	Missed time.Duration `yaml:"missed"`
	// Timeout is how long the app rings when nobody does anything.
	Timeout time.Duration `yaml:"timeout"`
}

// Component is "package/class" as am and pm take it; class may start with a
// dot. It is one shell word: Validate admits no other characters.
func (p *Profile) Component(class string) string { return p.Package + "/" + class }

// Class is the full name of a class that may start with a dot.
func (p *Profile) Class(class string) string {
	if strings.HasPrefix(class, ".") {
		return p.Package + class
	}
	return class
}

// ResourceID is the whole resource id of a selector, or "".
func (p *Profile) ResourceID(s Selector) string {
	if s.ResourceID == "" || strings.Contains(s.ResourceID, ":") {
		return s.ResourceID
	}
	return p.Package + ":id/" + s.ResourceID
}

// PermissionsFor lists the names of the permissions that a phone of the given
// API level knows, in the profile's order.
func (p *Profile) PermissionsFor(api int) []string {
	var out []string
	for _, perm := range p.Permissions {
		if perm.MinAPI <= api {
			out = append(out, perm.Name)
		}
	}
	return out
}
