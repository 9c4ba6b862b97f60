package expect

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/audio"
	"github.com/ringproof/ringproof/harness/dumpsys/notification"
	"github.com/ringproof/ringproof/harness/dumpsys/telecom"
	"github.com/ringproof/ringproof/harness/facts"
)

// Ringing wants exactly one live call of the app, ringing.
func Ringing() Condition {
	return oneCall("the app's one call RINGING in Telecom", telecom.Call.Rings)
}

// Active wants exactly one live call of the app, active.
func Active() Condition {
	return oneCall("the app's one call ACTIVE in Telecom",
		func(c telecom.Call) bool { return c.State == telecom.Active })
}

// Dialing wants exactly one live call of the app, made here and not taken yet.
func Dialing() Condition {
	return oneCall("the app's one call DIALING in Telecom",
		func(c telecom.Call) bool { return c.State == telecom.Dialing })
}

// oneCall wants one live call in a state. No call is "not yet": Telecom adds
// it a while after the push, and an answered one that is gone shows as no call
// for as long as anybody waits.
func oneCall(wanted string, state func(telecom.Call) bool) Condition {
	return condition{
		fact: "telecom.call", wanted: wanted, kinds: []facts.Kind{facts.Telecom},
		check: func(s facts.Snapshot) Result {
			calls, ok := s.Calls().Get()
			switch {
			case !ok:
				return Result{Unknown, "a dump that does not tell the app's calls"}
			case len(calls) == 1 && state(calls[0]):
				return Result{Met, seenCalls(s, calls)}
			}
			return Result{NotYet, seenCalls(s, calls)}
		},
	}
}

func seenCalls(s facts.Snapshot, calls []telecom.Call) string {
	if len(calls) == 0 {
		seen := "no call of the app"
		if acc, ok := s.Telecom.AccountsOf(s.App.Package).Get(); ok && len(acc) == 0 {
			seen += " and no PhoneAccount of it"
		}
		if last := s.LastRecord(); last != nil {
			if last.Event("SET_DISCONNECTED").Known() {
				seen += fmt.Sprintf(" (its last one, %s, ended: %s)", last.ID, cause(last))
			} else if e, ok := last.Event("CREATE_CONNECTION_FAILED").Get(); ok {
				seen += fmt.Sprintf(" (its last one, %s, failed to connect: %s)", last.ID, e.Data)
			}
		}
		return seen
	}
	parts := make([]string, len(calls))
	for i, c := range calls {
		parts[i] = fmt.Sprintf("%s %s", c.ID, c.State)
	}
	return strings.Join(parts, ", ")
}

func cause(r *telecom.Record) string {
	if c, ok := r.Cause().Get(); ok {
		return c.Code
	}
	e, _ := r.Event("SET_DISCONNECTED").Get()
	return e.Data
}

// NoCall wants no live call of the app.
func NoCall() Condition {
	return condition{
		fact: "telecom.no-call", wanted: "no call of the app in Telecom", kinds: []facts.Kind{facts.Telecom},
		check: func(s facts.Snapshot) Result {
			calls, ok := s.Calls().Get()
			switch {
			case !ok:
				return Result{Unknown, "a dump that does not tell the app's calls"}
			case len(calls) == 0:
				return Result{Met, "no call of the app"}
			}
			return Result{NotYet, seenCalls(s, calls)}
		},
	}
}

// EndedBy wants the app's last call to have ended by one of the causes of
// android.telecom.DisconnectCause. A call that never was did not end.
func EndedBy(codes ...string) Condition {
	return condition{
		fact: "telecom.cause", wanted: "the app's last call ended by " + strings.Join(codes, " or "),
		kinds: []facts.Kind{facts.Telecom},
		check: func(s facts.Snapshot) Result {
			if !s.Telecom.History.Known() {
				return Result{Unknown, "a dump without a call history"}
			}
			r := s.LastRecord()
			if r == nil {
				return Result{NotYet, "no call of the app in the history"}
			}
			if !r.Event("SET_DISCONNECTED").Known() {
				return Result{NotYet, r.ID + " has not ended"}
			}
			if slices.Contains(codes, cause(r)) {
				return Result{Met, cause(r)}
			}
			return Result{Never, fmt.Sprintf("%s ended by %s", r.ID, cause(r))}
		},
	}
}

// CallNotification wants the app to show the call: one posted notification of
// a call, important enough to be seen, not filtered by Do Not Disturb.
func CallNotification() Condition {
	return shown("notification.call", "a call notification of the app that heads up", func(calls []notification.Record) Result {
		for _, r := range calls {
			if r.Importance.Or(notification.ImportanceHigh) >= notification.ImportanceHigh && !r.Intercepted.Or(false) {
				return Result{Met, seenNotifications(calls)}
			}
		}
		return Result{NotYet, seenNotifications(calls)}
	})
}

// shown judges the app's call notifications, once there is one.
func shown(fact, wanted string, check func(calls []notification.Record) Result) Condition {
	return condition{
		fact: fact, wanted: wanted, kinds: []facts.Kind{facts.Notification},
		check: func(s facts.Snapshot) Result {
			calls, ok := s.CallNotifications().Get()
			switch {
			case !ok:
				return Result{Unknown, "a dump that does not tell what is posted"}
			case len(calls) == 0:
				return Result{NotYet, "no call notification of the app"}
			}
			return check(calls)
		},
	}
}

func seenNotifications(rs []notification.Record) string {
	parts := make([]string, len(rs))
	for i, r := range rs {
		parts[i] = fmt.Sprintf("a notification on channel %s of importance %s, full-screen intent %s", r.Channel, r.Importance, r.FullScreen)
		if r.Intercepted.Or(false) {
			parts[i] += ", filtered by Do Not Disturb"
		}
	}
	return strings.Join(parts, ", ")
}

// NoCallNotification wants no notification of a call left.
func NoCallNotification() Condition {
	return condition{
		fact: "notification.none", wanted: "no call notification of the app", kinds: []facts.Kind{facts.Notification},
		check: func(s facts.Snapshot) Result {
			calls, ok := s.CallNotifications().Get()
			switch {
			case !ok:
				return Result{Unknown, "a dump that does not tell what is posted"}
			case len(calls) == 0:
				return Result{Met, "no call notification of the app"}
			}
			return Result{NotYet, seenNotifications(calls)}
		},
	}
}

// Silent wants nothing of a call anywhere: not in Telecom, not as a
// notification, not on the screen.
func Silent() Condition { return All(NoCall(), NoCallNotification(), NoCallScreen()) }

// AudioInCall wants the audio mode of a VoIP call.
func AudioInCall() Condition {
	return audioMode("audio mode MODE_IN_COMMUNICATION", audio.InCommunication)
}

// AudioNormal wants the audio as it is without a call.
func AudioNormal() Condition { return audioMode("audio mode MODE_NORMAL", audio.Normal) }

func audioMode(wanted string, mode audio.Mode) Condition {
	return condition{
		fact: "audio.mode", wanted: wanted, kinds: []facts.Kind{facts.Audio},
		check: func(s facts.Snapshot) Result {
			m, ok := s.Audio.Mode.Get()
			switch {
			case !ok:
				return Result{Unknown, "a dump that does not tell the audio mode"}
			case m == mode:
				return Result{Met, string(m)}
			}
			return Result{NotYet, string(m)}
		},
	}
}

// NoModeOwner wants nobody to hold the audio mode: an app that does so after its
// call keeps other sounds away.
func NoModeOwner() Condition {
	return condition{
		fact: "audio.owner", wanted: "no owner of the audio mode", kinds: []facts.Kind{facts.Audio},
		check: func(s facts.Snapshot) Result {
			o, ok := s.Audio.ModeOwner.Get()
			switch {
			case !ok:
				return Result{Unknown, "a dump that does not tell who owns the audio mode"}
			case o.None():
				return Result{Met, "nobody owns it"}
			}
			return Result{NotYet, fmt.Sprintf("%s of %s (uid %d) owns it", o.Mode, o.Package, o.UID)}
		},
	}
}
