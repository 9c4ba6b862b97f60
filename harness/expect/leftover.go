package expect

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/notification"
	"github.com/ringproof/ringproof/harness/dumpsys/telecom"
	"github.com/ringproof/ringproof/harness/facts"
)

// MissedCall wants the app to tell of a missed call. Telecom tells of none for
// a self-managed one.
func MissedCall() Condition {
	return missed("notification.missed", "a notification of the missed call", func(n int) bool { return n > 0 })
}

// NoMissedCall wants nothing said of a missed call: it was taken or declined.
func NoMissedCall() Condition {
	return missed("notification.no-missed", "no notification of a missed call", func(n int) bool { return n == 0 })
}

func missed(fact, wanted string, ok func(n int) bool) Condition {
	return condition{
		fact: fact, wanted: wanted, kinds: []facts.Kind{facts.Notification},
		check: func(s facts.Snapshot) Result {
			told, known := s.MissedNotifications().Get()
			seen := "no notification of a missed call"
			if len(told) > 0 {
				seen = seenNotifications(told)
			}
			switch {
			case !known:
				return Result{Unknown, "a dump that does not tell what is posted"}
			case ok(len(told)):
				return Result{Met, seen}
			}
			return Result{NotYet, seen}
		},
	}
}

// OngoingCall wants the call that goes on to be held by a foreground service
// whose notification leads back to it.
func OngoingCall() Condition {
	return shown("notification.ongoing", "a foreground service's notification of the ongoing call", func(calls []notification.Record) Result {
		for _, r := range calls {
			f, known := r.Flags.Get()
			if !known {
				return Result{Unknown, "a record that does not tell its flags"}
			}
			if f.Has(notification.ForegroundService) {
				return Result{Met, seenNotifications(calls)}
			}
		}
		return Result{NotYet, seenNotifications(calls) + ", of no foreground service"}
	})
}

// CallPosted wants the ringing call's notification to be in the list with what
// answers and what declines it, whatever hides or silences it now.
func CallPosted() Condition {
	return shown("notification.buttons", "a call notification of the app with a button to answer and one to decline", func(calls []notification.Record) Result {
		for _, r := range calls {
			actions, known := r.Actions.Get()
			if !known {
				return Result{Unknown, "a record that does not tell its actions"}
			}
			if len(actions) >= 2 {
				return Result{Met, seenNotifications(calls)}
			}
		}
		return Result{NotYet, seenNotifications(calls) + fmt.Sprintf(", actions %v", titles(calls))}
	})
}

func titles(rs []notification.Record) []string {
	all := []string{}
	for _, r := range rs {
		for _, a := range r.Actions.Or(nil) {
			all = append(all, a.Title)
		}
	}
	return all
}

// Hushed wants a call that is still shown and makes no sound any more: its
// channel has none, or its sound does not go on.
func Hushed() Condition {
	return shown("notification.hushed", "a call notification that no longer sounds", func(calls []notification.Record) Result {
		for _, r := range calls {
			f, known := r.Flags.Get()
			if !known {
				return Result{Unknown, "a record that does not tell its flags"}
			}
			if f.Has(notification.Insistent) {
				return Result{NotYet, seenNotifications(calls) + ", whose sound goes on"}
			}
		}
		return Result{Met, seenNotifications(calls)}
	})
}

// CallIs wants the app's call of that id of Telecom to live.
func CallIs(id string) Condition {
	return condition{
		fact: "telecom.same-call", wanted: "the call " + id + " to live on", kinds: []facts.Kind{facts.Telecom},
		check: func(s facts.Snapshot) Result {
			calls, ok := s.Calls().Get()
			switch {
			case !ok:
				return Result{Unknown, "a dump that does not tell the app's calls"}
			case slices.ContainsFunc(calls, func(c telecom.Call) bool { return c.ID == id && c.Live() }):
				return Result{Met, seenCalls(s, calls)}
			}
			return Result{Never, seenCalls(s, calls)}
		},
	}
}

// Waiting wants a second call to ring beside the active one.
func Waiting() Condition {
	return twoCalls("telecom.waiting", "one call ACTIVE and one RINGING in Telecom", telecom.Call.Rings)
}

// twoCalls wants an active call and another one beside it.
func twoCalls(name, wanted string, beside func(telecom.Call) bool) Condition {
	return condition{
		fact: name, wanted: wanted, kinds: []facts.Kind{facts.Telecom},
		check: func(s facts.Snapshot) Result {
			calls, ok := s.Calls().Get()
			if !ok {
				return Result{Unknown, "a dump that does not tell the app's calls"}
			}
			active := slices.ContainsFunc(calls, func(c telecom.Call) bool { return c.State == telecom.Active })
			if len(calls) == 2 && active && slices.ContainsFunc(calls, beside) {
				return Result{Met, seenCalls(s, calls)}
			}
			return Result{NotYet, seenCalls(s, calls)}
		},
	}
}

// Swapped wants one call active and another one held.
func Swapped() Condition {
	return twoCalls("telecom.swapped", "one call ACTIVE and one ON_HOLD in Telecom", func(c telecom.Call) bool { return c.State == telecom.OnHold })
}

// OneCall wants exactly one call of the app, in whatever state.
func OneCall() Condition {
	return oneCall("one call of the app in Telecom", telecom.Call.Live)
}

// Any wants one of several; a failure is told of the first.
func Any(conditions ...Condition) Condition {
	words := make([]string, len(conditions))
	kinds := all(conditions).Kinds()
	for i, c := range conditions {
		words[i] = c.String()
	}
	return condition{
		fact: conditions[0].Fact(), wanted: strings.Join(words, "; or "), kinds: kinds,
		check: func(s facts.Snapshot) Result {
			best := conditions[0].Check(s)
			rank := map[Outcome]int{Never: 0, Unknown: 1, NotYet: 2, Met: 3}
			for _, c := range conditions[1:] {
				if r := c.Check(s); rank[r.Outcome] > rank[best.Outcome] {
					best = r
				}
			}
			return best
		},
	}
}
