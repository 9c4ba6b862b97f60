package telecom

import (
	"strings"
	"time"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
)

// findRoute sets the route in use. Which place tells it depends on the release:
// API 33 and 34 print the old state machine's state, Samsung its own current
// route; everyone else only logs events into the record of a live call.
func (r *reader) findRoute(live []*Record) {
	if r.stateAt != 0 {
		// Quiescent states name the route that a call would use, not one in use.
		if route, ok := stateRoute(r.state); ok {
			r.facts.Route = fact.Of(route, r.stateAt)
		}
		return
	}
	if r.routeAt != 0 {
		// The controller keeps a current route without any call.
		if fg, ok := r.facts.Foreground.Get(); ok && fg != "" {
			if route, ok := audioRoute(r.route); ok {
				r.facts.Route = fact.Of(route, r.routeAt)
			}
		}
		return
	}
	lastOf(live, func(e Event) bool {
		route, ok := eventRoute(e)
		if ok {
			r.facts.Route = fact.Of(route, e.Line)
		}
		return ok
	})
}

// findMute reads MUTE and UNMUTE, which the old route state machine writes.
func (r *reader) findMute(live []*Record) {
	lastOf(live, func(e Event) bool {
		if e.Name != "MUTE" && e.Name != "UNMUTE" {
			return false
		}
		r.facts.Muted = fact.Of(e.Name == "MUTE", e.Line)
		return true
	})
}

// lastOf calls take for the events of the records, the latest first in each,
// until it accepts one. Among several records the latest accepted event is
// offered last. Events have a time of day only: of two that are more
// than half a day apart the earlier one is taken to be after midnight.
func lastOf(records []*Record, take func(Event) bool) {
	var (
		found bool
		at    time.Duration
	)
	for _, rec := range records {
		for i := len(rec.Events) - 1; i >= 0; i-- {
			e := rec.Events[i]
			if found && !later(e.At, at) {
				break
			}
			if take(e) {
				found, at = true, e.At
				break
			}
		}
	}
}

func later(a, b time.Duration) bool {
	d := a - b
	switch {
	case d > 12*time.Hour:
		return false
	case d < -12*time.Hour:
		return true
	}
	return d > 0
}

// eventRoute reads the route that an event reports to be in use.
func eventRoute(e Event) (Route, bool) {
	if e.Name != "AUDIO_ROUTE" {
		return Route{}, false
	}
	if v, ok := strings.CutPrefix(e.Data, "Entering state "); ok {
		return stateRoute(v)
	}
	v, ok := strings.CutPrefix(e.Data, "Entering audio route: ")
	if !ok || !strings.Contains(v, "(active=true)") {
		return Route{}, false
	}
	return audioRoute(v)
}

// stateRoute reads a state of CallAudioRouteStateMachine.
func stateRoute(s string) (Route, bool) {
	s = strings.TrimSpace(s)
	for _, n := range [...]struct {
		state string
		name  RouteName
	}{
		{"ActiveEarpieceRoute", Earpiece},
		{"ActiveBluetoothRoute", Bluetooth},
		{"RingingBluetoothRoute", Bluetooth},
		{"ActiveHeadsetRoute", WiredHeadset},
		{"ActiveSpeakerRoute", Speaker},
		{"StreamingState", Streaming},
	} {
		if s == n.state {
			return Route{Name: n.name, Printed: s}, true
		}
	}
	return Route{}, false
}

// audioRoute reads AudioRoute[Type=TYPE_X, Address=...] of the controller.
func audioRoute(s string) (Route, bool) {
	v, ok := strings.CutPrefix(s, "AudioRoute[Type=")
	if !ok {
		return Route{}, false
	}
	v, _, _ = strings.Cut(v, "]")
	kind, rest, _ := strings.Cut(v, ",")
	r := Route{Printed: kind}
	switch {
	case kind == "TYPE_EARPIECE":
		r.Name = Earpiece
	case strings.HasPrefix(kind, "TYPE_BLUETOOTH_"):
		r.Name = Bluetooth
	case kind == "TYPE_WIRED_HEADSET":
		r.Name = WiredHeadset
	case kind == "TYPE_SPEAKER", kind == "TYPE_DOCK", kind == "TYPE_BUS":
		r.Name = Speaker
	case kind == "TYPE_STREAMING":
		r.Name = Streaming
	default:
		return Route{}, false
	}
	if _, a, ok := strings.Cut(rest, "Address="); ok {
		a, _, _ = strings.Cut(a, ",")
		if a != "invalid" && a != "null" {
			r.Address = a
		}
	}
	return r, true
}
