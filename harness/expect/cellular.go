package expect

import (
	"slices"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/audio"
	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/telecom"
	"github.com/ringproof/ringproof/harness/facts"
)

// CellularCalls are the live calls that no app manages for itself.
func CellularCalls(s facts.Snapshot) fact.Value[[]telecom.Call] {
	all, ok := s.Telecom.Calls.Get()
	if !ok {
		return fact.Unknown[[]telecom.Call]()
	}
	return fact.Of(slices.DeleteFunc(slices.Clone(all), func(c telecom.Call) bool {
		return !c.Live() || fact.Is(c.SelfManaged, true)
	}), s.Telecom.Calls.Line())
}

// Cellular wants one cellular call, in one of the states.
func Cellular(states ...telecom.State) Condition {
	words := make([]string, len(states))
	for i, s := range states {
		words[i] = string(s)
	}
	return cellularCalls("the cellular call "+strings.Join(words, " or "), func(calls []telecom.Call) bool {
		return len(calls) == 1 && slices.Contains(states, calls[0].State)
	})
}

// NoCellular wants no cellular call.
func NoCellular() Condition {
	return cellularCalls("no cellular call", func(calls []telecom.Call) bool { return len(calls) == 0 })
}

func cellularCalls(wanted string, ok func([]telecom.Call) bool) Condition {
	return condition{
		fact: "telecom.cellular", wanted: wanted, kinds: []facts.Kind{facts.Telecom},
		check: func(s facts.Snapshot) Result {
			calls, known := CellularCalls(s).Get()
			if !known {
				return Result{Unknown, "a dump that does not tell the calls"}
			}
			seen := "no cellular call"
			if len(calls) > 0 {
				seen = seenCalls(s, calls)
			}
			if ok(calls) {
				return Result{Met, seen}
			}
			return Result{NotYet, seen}
		},
	}
}

// Held wants the app's one call held.
func Held() Condition {
	return oneCall("the app's one call ON_HOLD in Telecom", func(c telecom.Call) bool { return c.State == telecom.OnHold })
}

// AudioCellular wants the audio mode of a cellular call: what an app does to the
// audio now is heard by the other side.
func AudioCellular() Condition { return audioMode("audio mode MODE_IN_CALL", audio.InCall) }
