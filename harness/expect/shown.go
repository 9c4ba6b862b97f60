package expect

import (
	"fmt"
	"slices"
	"strings"

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

// AnyCallScreen wants one of the app's call screens in front, of a ringing call
// or of an answered one.
func AnyCallScreen() Condition {
	return condition{
		fact: "screen.call", wanted: "a call screen of the app in front", kinds: []facts.Kind{facts.Activity},
		check: func(s facts.Snapshot) Result {
			a, ok := s.Activity.Resumed.Get()
			switch {
			case !ok && s.Problems[facts.Activity] != nil:
				return Result{Unknown, "a dump that does not tell the activity in front"}
			case !ok:
				return Result{NotYet, "no activity in front"}
			case a.Package == s.App.Package && slices.Contains([]string{s.App.Incoming, s.App.Call}, a.Class):
				return Result{Met, a.Class}
			}
			return Result{NotYet, a.Package + "/" + a.Class + " in front"}
		},
	}
}

// NoProximity wants no wake lock of the app that turns the screen off at the ear
// (the dump names packages from API 34).
func NoProximity() Condition {
	return condition{
		fact: "power.proximity", wanted: "no proximity wake lock of the app", kinds: []facts.Kind{facts.Power},
		check: func(s facts.Snapshot) Result {
			locks, ok := s.Power.WakeLocks.Get()
			if !ok {
				return Result{Unknown, "a dump that does not tell the wake locks"}
			}
			for _, l := range locks {
				if strings.HasPrefix(l.Kind, "PROXIMITY_") && l.Package.Or("") == s.App.Package {
					return Result{NotYet, fmt.Sprintf("%s %q", l.Kind, l.Tag)}
				}
			}
			return Result{Met, "none"}
		},
	}
}
