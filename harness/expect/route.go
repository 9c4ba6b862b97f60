package expect

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/bluetooth"
	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/telecom"
	"github.com/ringproof/ringproof/harness/facts"
)

// playing is PlaybackState.STATE_PLAYING.
const playing = 3

// Adapter wants Bluetooth on or off.
func Adapter(on bool) Condition {
	state := map[bool]string{true: "ON", false: "OFF"}[on]
	return is("bluetooth.adapter", "Bluetooth "+state, facts.Bluetooth, state,
		func(s facts.Snapshot) fact.Value[string] { return s.Bluetooth.State })
}

// Bonded wants a headset to be bonded with the phone.
func Bonded(address string) Condition {
	return condition{
		fact: "bluetooth.bonded", wanted: "the headset " + address + " bonded", kinds: []facts.Kind{facts.Bluetooth},
		check: func(s facts.Snapshot) Result {
			bonds, ok := s.Bluetooth.Bonded.Get()
			if !ok {
				return Result{Unknown, "a dump that does not tell what is bonded"}
			}
			if slices.ContainsFunc(bonds, func(b bluetooth.Bond) bool {
				return bluetooth.Same(b.Address, address) || bluetooth.Same(b.Identity, address)
			}) {
				return Result{Met, address}
			}
			return Result{NotYet, fmt.Sprintf("%d bonds, not that one", len(bonds))}
		},
	}
}

// HeadsetConnected wants a headset connected for calls.
func HeadsetConnected(address string) Condition {
	return headset("bluetooth.headset", "the headset "+address+" connected for calls", address, func(h bluetooth.HFP) fact.Value[bool] { return h.Connected() })
}

// HeadsetGone wants a headset not connected any more.
func HeadsetGone(address string) Condition {
	return headset("bluetooth.headset-gone", "the headset "+address+" not connected", address, func(h bluetooth.HFP) fact.Value[bool] {
		on, ok := h.Connected().Get()
		if !ok {
			return fact.Unknown[bool]()
		}
		return fact.Of(!on, 1)
	})
}

// headset judges one device of HeadsetService. One that the service has never met
// is not connected, and so is every one while the adapter is off.
func headset(name, wanted, address string, ok func(bluetooth.HFP) fact.Value[bool]) Condition {
	return condition{
		fact: name, wanted: wanted, kinds: []facts.Kind{facts.Bluetooth},
		check: func(s facts.Snapshot) Result {
			all, known := s.Bluetooth.Headset.Devices.Get()
			h := bluetooth.HFP{State: fact.Of("Disconnected", 1)}
			switch {
			case known:
				for _, d := range all {
					if bluetooth.Same(d.Address, address) {
						h = d
					}
				}
			case !fact.Is(s.Bluetooth.State, "ON") && s.Bluetooth.State.Known():
			default:
				return Result{Unknown, "a dump that does not tell the headsets"}
			}
			seen := "it is " + h.State.Or("in an unknown state")
			switch met, known := ok(h).Get(); {
			case !known:
				return Result{Unknown, seen}
			case met:
				return Result{Met, seen}
			}
			return Result{NotYet, seen}
		},
	}
}

// OnHeadset wants the call to be heard on a Bluetooth headset: Telecom routes it
// there, and the voice channel is open.
func OnHeadset() Condition {
	return route("the call on the Bluetooth headset", true, func(r telecom.RouteName) bool { return r == telecom.Bluetooth })
}

// OffHeadset wants the call to be heard at the phone: at the ear, by wire or loud.
func OffHeadset() Condition {
	return route("the call on the phone itself, not on a Bluetooth headset", false, func(r telecom.RouteName) bool { return r != telecom.Bluetooth })
}

// RoutedTo wants one of Telecom's routes, which has no voice channel to look at.
func RoutedTo(names ...telecom.RouteName) Condition {
	words := make([]string, len(names))
	for i, n := range names {
		words[i] = string(n)
	}
	return route("the call's audio route "+strings.Join(words, " or "), false, func(r telecom.RouteName) bool { return slices.Contains(names, r) })
}

// route judges what Telecom and the headset service say of the same thing. A
// release that prints no route leaves it to the headset service, and the other
// way round; where both speak, both must be right.
func route(wanted string, voice bool, ok func(telecom.RouteName) bool) Condition {
	return condition{
		fact: "audio.route", wanted: wanted, kinds: []facts.Kind{facts.Bluetooth, facts.Telecom},
		check: func(s facts.Snapshot) Result {
			r, routed := s.Telecom.Route.Get()
			open, spoken := s.Bluetooth.HFPAudioOn().Get()
			var seen []string
			if routed {
				seen = append(seen, "route "+string(r.Name))
			}
			if spoken {
				seen = append(seen, "a headset's voice channel "+map[bool]string{true: "open", false: "closed"}[open])
			}
			switch text := strings.Join(seen, ", "); {
			case !routed && !spoken:
				return Result{Unknown, "dumps that do not tell the call's route"}
			case (!routed || ok(r.Name)) && (!spoken || open == voice):
				return Result{Met, text}
			default:
				return Result{NotYet, text}
			}
		},
	}
}

// MediaPlays wants some app to play media.
func MediaPlays() Condition { return media(true) }

// MediaPaused wants no app to play media.
func MediaPaused() Condition { return media(false) }

func media(want bool) Condition {
	return condition{
		fact: "media.playing", wanted: map[bool]string{true: "media playing", false: "no media playing"}[want], kinds: []facts.Kind{facts.MediaSession},
		check: func(s facts.Snapshot) Result {
			stack, ok := s.Media.Stack.Get()
			if !ok {
				return Result{Unknown, "a dump that does not tell the media sessions"}
			}
			is, seen := false, "no media session that plays"
			for _, e := range stack {
				if fact.Is(e.State, playing) {
					is, seen = true, e.Package+" plays"
				}
			}
			if is == want {
				return Result{Met, seen}
			}
			return Result{NotYet, seen}
		},
	}
}

// MediaOnHeadset wants media to be heard on a headset (A2DP).
func MediaOnHeadset(address string) Condition {
	return condition{
		fact: "bluetooth.media", wanted: "media on the headset " + address, kinds: []facts.Kind{facts.Bluetooth},
		check: func(s facts.Snapshot) Result {
			sinks, ok := s.Bluetooth.A2DP.Devices.Get()
			if !ok {
				return Result{Unknown, "a dump that does not tell the media profile"}
			}
			for _, d := range sinks {
				if !bluetooth.Same(d.Address, address) {
					continue
				}
				on, known := d.Playing.Get()
				switch {
				case !known:
					return Result{Unknown, "a dump that does not tell whether it plays"}
				case on:
					return Result{Met, "it plays"}
				}
				return Result{NotYet, "it plays nothing"}
			}
			return Result{NotYet, "it is not connected for media"}
		},
	}
}
