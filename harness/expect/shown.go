package expect

import (
	"fmt"
	"slices"

	"github.com/ringproof/ringproof/harness/dumpsys/notification"
	"github.com/ringproof/ringproof/harness/facts"
)

// Audible wants a call notification that the system rings for: its channel has
// a sound, as the user left it.
func Audible() Condition {
	return shown("notification.sound", "a call notification whose channel has a sound", func(calls []notification.Record) Result {
		silent := Result{NotYet, seenNotifications(calls) + ", without a sound"}
		for _, r := range calls {
			ch, ok := r.Effective.Get()
			if !ok || !ch.Sound.Known() {
				silent = Result{Unknown, "a record that does not tell its channel's sound"}
				continue
			}
			if ch.Sound.Or("") != "" {
				return Result{Met, seenNotifications(calls)}
			}
		}
		return silent
	})
}

// MissedOnce wants the missed call to be told in one notification.
func MissedOnce() Condition {
	return missed("notification.missed-once", "one notification of the missed call", func(n int) bool { return n == 1 })
}

// SaidOnce wants one notification of the app and no more: the call's. Group
// summaries, which hold others together, do not count.
func SaidOnce() Condition {
	return condition{
		fact: "notification.once", wanted: "the call's notification and no other one of the app", kinds: []facts.Kind{facts.Notification},
		check: func(s facts.Snapshot) Result {
			own, ok := s.Notification.Of(s.App.Package).Get()
			calls, known := s.CallNotifications().Get()
			if !ok || !known {
				return Result{Unknown, "a dump that does not tell what is posted"}
			}
			own = slices.DeleteFunc(slices.Clone(own), func(r notification.Record) bool {
				f, _ := r.Flags.Get()
				return f.Has(notification.GroupSummary)
			})
			switch {
			case len(calls) == 0:
				return Result{NotYet, "no call notification of the app"}
			case len(own) > 1:
				return Result{NotYet, fmt.Sprintf("%d: %s", len(own), seenNotifications(own))}
			}
			return Result{Met, seenNotifications(own)}
		},
	}
}
