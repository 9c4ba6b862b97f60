package expect

import (
	"fmt"
	"slices"

	"github.com/ringproof/ringproof/harness/dumpsys/window"
	"github.com/ringproof/ringproof/harness/facts"
)

// OverKeyguard wants the app's call screen in front of the locked phone: the
// screen on, the secure keyguard up, and covered by an activity of the app.
// The keyguard does not come back by itself.
func OverKeyguard() Condition {
	return onScreen("window.over-keyguard", "the app's call screen over the secure keyguard, screen on",
		func(l looks) bool { return l.interactive && l.showing && l.secure && l.occluded && l.own },
		func(l looks) bool { return !l.showing })
}

// StillLocked wants the secure keyguard up, covered or not: nobody gave a PIN.
func StillLocked() Condition {
	return onScreen("keyguard.locked", "the secure keyguard still up",
		func(l looks) bool { return l.showing && l.secure },
		func(looks) bool { return true })
}

// OnlyKeyguard wants the keyguard up and nothing in front of it: no content of
// any app can be seen or reached.
func OnlyKeyguard() Condition {
	return onScreen("keyguard.covers", "the secure keyguard in front, nothing of an app before it",
		func(l looks) bool {
			return l.showing && l.secure && !l.occluded && l.focus.Kind != window.Activity
		},
		func(l looks) bool { return !l.showing })
}

// Covered wants a keyguard of any kind up and nothing in front of it.
func Covered() Condition {
	return onScreen("keyguard.covers", "the keyguard in front, nothing of an app before it",
		func(l looks) bool { return l.showing && !l.occluded && l.focus.Kind != window.Activity },
		func(l looks) bool { return !l.showing })
}

// Locked wants a dark phone behind its secure keyguard.
func Locked() Condition {
	return onScreen("keyguard.locked", "the screen off and the secure keyguard up",
		func(l looks) bool { return l.showing && l.secure && !l.interactive }, nil)
}

// SwipeLocked wants a dark phone behind a keyguard that a swipe sends away.
func SwipeLocked() Condition {
	return onScreen("keyguard.swipe", "the screen off and a keyguard without a credential up",
		func(l looks) bool { return l.showing && !l.secure && !l.interactive }, nil)
}

// Unlocked wants the screen on and no keyguard.
func Unlocked() Condition {
	return onScreen("keyguard.unlocked", "the screen on and no keyguard",
		func(l looks) bool { return l.interactive && !l.showing }, nil)
}

// ScreenOff wants a dark phone, locked or not.
func ScreenOff() Condition {
	return onScreen("power.asleep", "the screen off", func(l looks) bool { return !l.interactive }, nil)
}

// ScreenOn wants a phone that is awake, locked or not.
func ScreenOn() Condition {
	return onScreen("power.awake", "the screen on", func(l looks) bool { return l.interactive }, nil)
}

// onScreen judges screen and keyguard together. never, if given, says of looks
// that are not met that they cannot become so.
func onScreen(fact, wanted string, met, never func(looks) bool) Condition {
	return condition{
		fact: fact, wanted: wanted, kinds: []facts.Kind{facts.Window, facts.Power},
		check: func(s facts.Snapshot) Result {
			l, known := look(s)
			switch {
			case !known:
				return Result{Unknown, l.text}
			case met(l):
				return Result{Met, l.text}
			case never != nil && never(l):
				return Result{Never, l.text}
			}
			return Result{NotYet, l.text}
		},
	}
}

// looks is what screen and keyguard say together. Interactive, showing, secure
// and occluded are four facts.
type looks struct {
	interactive, showing, secure, occluded bool
	focus                                  window.Focus
	own                                    bool   // the focus is an activity of the app
	text                                   string // all of it in words
}

func look(s facts.Snapshot) (looks, bool) {
	k := s.Window.Keyguard
	in := s.Power.Interactive
	if !in.Known() {
		in = s.Window.Interactive
	}
	l := looks{
		interactive: in.Or(false), showing: k.Showing.Or(false), secure: k.Secure.Or(false),
		occluded: k.Occluded.Or(false), focus: s.Window.Focus.Or(window.Focus{Kind: window.None}),
	}
	l.own = l.focus.Kind == window.Activity && l.focus.Package == s.App.Package
	title := "unknown"
	if f, ok := s.Window.Focus.Get(); ok {
		title = f.Title
		if title == "" {
			title = string(f.Kind)
		}
	}
	l.text = fmt.Sprintf("interactive %s, keyguard showing %s, secure %s, occluded %s, focus %s",
		in, k.Showing, k.Secure, k.Occluded, title)
	for _, w := range s.Power.WakeLocks.Or(nil) {
		// Whoever keeps the screen on is named: it is not always the app.
		if w.Screen() && !w.Disabled && l.interactive {
			l.text += fmt.Sprintf(", screen kept on by %q of %s", w.Tag, w.Package)
		}
	}
	known := in.Known() && k.Showing.Known() && k.Secure.Known() && k.Occluded.Known() && s.Window.Focus.Known()
	return l, known
}

// CallScreen wants one of the app's call screens in front of an unlocked phone.
func CallScreen() Condition {
	return callScreen("activity.call-screen", "the app's call screen in front", func(app facts.App) []string { return []string{app.Call} })
}

// AnyCallScreen wants one of the app's call screens in front, of a ringing call
// or of an answered one.
func AnyCallScreen() Condition {
	return callScreen("screen.call", "a call screen of the app in front", func(app facts.App) []string { return []string{app.Incoming, app.Call} })
}

func callScreen(fact, wanted string, classes func(facts.App) []string) Condition {
	return condition{
		fact: fact, wanted: wanted, kinds: []facts.Kind{facts.Activity},
		check: func(s facts.Snapshot) Result {
			a, ok := s.Activity.Resumed.Get()
			switch {
			case !ok && s.Problems[facts.Activity] != nil:
				return Result{Unknown, "a dump that does not tell the activity in front"}
			case !ok:
				return Result{NotYet, "no activity in front"}
			case a.Package == s.App.Package && slices.Contains(classes(s.App), a.Class):
				return Result{Met, a.Class}
			}
			return Result{NotYet, a.Package + "/" + a.Class + " in front"}
		},
	}
}

// NoCallScreen wants none of the app's call screens alive in any task.
func NoCallScreen() Condition {
	return condition{
		fact: "activity.no-call-screen", wanted: "no call screen of the app", kinds: []facts.Kind{facts.Activity},
		check: func(s facts.Snapshot) Result {
			own, ok := s.Activity.ActivitiesOf(s.App.Package).Get()
			if !ok {
				return Result{Unknown, "a dump that does not tell the tasks"}
			}
			for _, a := range own {
				if !a.Finishing && slices.Contains([]string{s.App.Incoming, s.App.Call}, a.Class) {
					return Result{NotYet, a.Class + " is still there"}
				}
			}
			return Result{Met, "no call screen of the app"}
		},
	}
}

// NoTask wants no activity of the app in any task.
func NoTask() Condition {
	return condition{
		fact: "activity.no-task", wanted: "no task of the app", kinds: []facts.Kind{facts.Activity},
		check: func(s facts.Snapshot) Result {
			own, ok := s.Activity.ActivitiesOf(s.App.Package).Get()
			switch {
			case !ok:
				return Result{Unknown, "a dump that does not tell the tasks"}
			case len(own) == 0:
				return Result{Met, "no task of the app"}
			}
			return Result{NotYet, own[0].Class + " is still there"}
		},
	}
}

// InFront wants an activity of the app in front.
func InFront() Condition {
	return inFront("app.foreground", "an activity of the app in front", func(own bool) bool { return own })
}

// NotInFront wants another app in front.
func NotInFront() Condition {
	return inFront("app.background", "another app in front", func(own bool) bool { return !own })
}

func inFront(fact, wanted string, ok func(own bool) bool) Condition {
	return condition{
		fact: fact, wanted: wanted, kinds: []facts.Kind{facts.Activity},
		check: func(s facts.Snapshot) Result {
			a, known := s.Activity.Resumed.Get()
			switch {
			case !known && s.Activity.Tasks.Known():
				// A sleeping phone resumes nothing.
				if ok(false) {
					return Result{Met, "no activity in front"}
				}
				return Result{NotYet, "no activity in front"}
			case !known:
				return Result{Unknown, "a dump that does not tell the activity in front"}
			case ok(a.Package == s.App.Package):
				return Result{Met, a.Package + " in front"}
			}
			return Result{NotYet, a.Package + " in front"}
		},
	}
}
