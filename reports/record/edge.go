package record

import "time"

// EdgeName is one step in the life of a call.
type EdgeName string

// The edges, in the order of an incoming call.
const (
	EdgePushSent     EdgeName = "push-sent"
	EdgePushAccepted EdgeName = "push-accepted"
	EdgeProcess      EdgeName = "process-started"
	EdgeDelivered    EdgeName = "delivered-to-app"
	EdgeCallAdded    EdgeName = "call-added"
	EdgeRinging      EdgeName = "ringing"
	EdgeNotified     EdgeName = "notification-posted"
	EdgeScreenOn     EdgeName = "screen-on"
	EdgeScreen       EdgeName = "call-screen-resumed"
	EdgeAnswered     EdgeName = "answer-pressed"
	EdgeActive       EdgeName = "active"
	EdgeRoute        EdgeName = "audio-route"
	EdgeEndAsked     EdgeName = "end-asked"
	EdgeDisconnected EdgeName = "disconnected"
)

// Edges lists them in that order.
func Edges() []EdgeName {
	return []EdgeName{
		EdgePushSent, EdgePushAccepted, EdgeProcess, EdgeDelivered, EdgeCallAdded, EdgeRinging, EdgeNotified,
		EdgeScreenOn, EdgeScreen, EdgeAnswered, EdgeActive, EdgeRoute, EdgeEndAsked, EdgeDisconnected,
	}
}

// ClockName is the clock that a time was read from.
type ClockName string

// The clocks of a phone: its time since boot, and its wall clock, which may be
// set at any time.
const (
	BootClock ClockName = "boot"
	WallClock ClockName = "wall"
)

// Edge is one step of one call, on the phone's time since boot.
type Edge struct {
	Name EdgeName `json:"name"`
	// At is the phone's time since boot; the truth lies within At ± Within.
	At     time.Duration `json:"at"`
	Within time.Duration `json:"within"`
	// Source is where the time was read: "telecom history", "log", "app trace",
	// "notification record", "command", "look".
	Source string    `json:"source"`
	Clock  ClockName `json:"clock"`
	// Text tells more: the channel, the cause, the button.
	Text string `json:"text,omitempty"`
	// Latency is the time from the edge From, unknown if nil.
	From    EdgeName       `json:"from,omitempty"`
	Latency *time.Duration `json:"latency,omitempty"`
	// Budget is what the latency was allowed, 0 for no limit.
	Budget time.Duration `json:"budget,omitempty"`
	// Void says why the time cannot be placed, such as a clock that was set.
	Void string `json:"void,omitempty"`
}
