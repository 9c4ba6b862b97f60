package activity

import (
	"github.com/ringproof/ringproof/harness/dumpsys/fact"
)

// Broadcasts is what `dumpsys activity broadcasts` says.
type Broadcasts struct {
	// History are the last broadcasts with their receivers, newest first within
	// a queue.
	History fact.Value[[]Broadcast] `json:"history"`
	// Pending are those that are not finished.
	Pending fact.Value[[]Broadcast] `json:"pending"`
	// Summary reaches further back than History, without receivers.
	Summary fact.Value[[]PastBroadcast] `json:"summary"`
}

// Broadcast is one BroadcastRecord.
type Broadcast struct {
	// Queue is foreground, background, offload, or modern since API 34.
	Queue  string `json:"queue"`
	Action string `json:"action"`
	// User is -1 for all users.
	User int `json:"user"`
	// Package and Component are those that the intent names, "" for none.
	Package   string             `json:"package,omitempty"`
	Component string             `json:"component,omitempty"`
	Caller    fact.Value[string] `json:"caller"` // its package
	CallerPID fact.Value[int]    `json:"callerPid"`
	CallerUID fact.Value[int]    `json:"callerUid"`
	// Enqueued and Dispatched are local time as printed, without milliseconds in
	// older releases. One that was not yet dispatched says 1969 or 1970.
	Enqueued   fact.Value[string] `json:"enqueued"`
	Dispatched fact.Value[string] `json:"dispatched"`
	// Finished is how long ago it ended, as printed: "-20s968ms".
	Finished   fact.Value[string] `json:"finished"`
	ResultCode fact.Value[int]    `json:"resultCode"`
	ResultData fact.Value[string] `json:"resultData"`
	Deliveries []Delivery         `json:"deliveries"`
	Line       int                `json:"line"`
}

// Delivery is one receiver of a broadcast and how it went.
type Delivery struct {
	// State is PENDING, SCHEDULED, DELIVERED, SKIPPED, TIMEOUT, FAILURE or
	// DEFERRED.
	State string `json:"state"`
	// Manifest receivers are components, which a process is started for. The
	// others were registered by a process that ran.
	Manifest bool `json:"manifest"`
	// Package and Class are a component's.
	Package string `json:"package,omitempty"`
	Class   string `json:"class,omitempty"`
	// Process, PID and UID are those of a registered receiver.
	Process string          `json:"process,omitempty"`
	PID     fact.Value[int] `json:"pid"`
	UID     fact.Value[int] `json:"uid"`
	// Reason says why the state is what it is (API 34).
	Reason string `json:"reason,omitempty"`
	Line   int    `json:"line"`
}

// PastBroadcast is one row of the summary.
type PastBroadcast struct {
	Queue      string             `json:"queue"`
	Action     string             `json:"action"`
	Package    string             `json:"package,omitempty"`
	Component  string             `json:"component,omitempty"`
	Enqueued   fact.Value[string] `json:"enqueued"`
	Dispatched fact.Value[string] `json:"dispatched"`
	Finished   fact.Value[string] `json:"finished"`
	Line       int                `json:"line"`
}

// Of returns the broadcasts of the history that name a package or that went to
// it.
func (f Broadcasts) Of(pkg string) fact.Value[[]Broadcast] {
	all, ok := f.History.Get()
	if !ok {
		return fact.Unknown[[]Broadcast]()
	}
	own := []Broadcast{}
	for _, b := range all {
		if b.Package == pkg || b.goesTo(pkg) {
			own = append(own, b)
		}
	}
	return fact.Of(own, f.History.Line())
}

func (b Broadcast) goesTo(pkg string) bool {
	for _, d := range b.Deliveries {
		if d.Package == pkg || d.Process == pkg {
			return true
		}
	}
	return len(b.Component) > len(pkg) && b.Component[:len(pkg)] == pkg && b.Component[len(pkg)] == '/'
}
