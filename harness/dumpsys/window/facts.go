// Package window reads what the window manager says of focus and keyguard:
// `dumpsys window` with or without policy, displays or windows, and the same
// lines where `dumpsys activity activities` prints them. Sources:
// WindowManagerService, DisplayContent, PhoneWindowManager,
// KeyguardServiceDelegate and KeyguardController, API 25 to 36.
//
// Interactive, showing, secure and occluded are four facts. Keys that mislead
// (showingAndNotOccluded keeps its default, true, on an unlocked phone) are
// not read at all. The package knows no app and no other service.
package window

import (
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
)

// Facts is what one dump says. Which fields are known depends on the release
// and on the argument given to dumpsys.
type Facts struct {
	// Focus is the window with the input focus on the top focused display.
	Focus fact.Value[Focus] `json:"focus"`
	// FocusedApp is the activity that would get the focus; under a lock screen
	// it is the one behind it.
	FocusedApp fact.Value[Focus] `json:"focusedApp"`
	Keyguard   Keyguard          `json:"keyguard"`
	// Interactive is the policy's view of awake (AWAKE true, SLEEP false).
	Interactive fact.Value[bool] `json:"interactive"`
	// Screen is ON, OFF, TURNING_ON or TURNING_OFF as the policy sees it.
	Screen fact.Value[string] `json:"screen"`
	// Windows are the windows of `dumpsys window windows`, top first. Plain
	// dumps leave out heads-up notifications of some releases.
	Windows fact.Value[[]Window] `json:"windows"`
}

// Keyguard is the lock screen.
type Keyguard struct {
	// Showing: the lock screen is up, perhaps under a call's activity. True if
	// any of the sources below says so, false if all that speak deny it.
	Showing fact.Value[bool] `json:"showing"`
	// Occluded: a show-when-locked activity covers the lock screen.
	Occluded fact.Value[bool] `json:"occluded"`
	// Secure: a PIN, pattern, password or SIM PIN is set for the current user.
	Secure fact.Value[bool] `json:"secure"`
	// InputRestricted: keys are held back as on a locked phone.
	InputRestricted fact.Value[bool] `json:"inputRestricted"`
	// Sources are the single statements, for a person who wants to know why.
	Sources Sources `json:"sources"`
}

// Sources are the statements that Keyguard rests on.
type Sources struct {
	DelegateShowing    fact.Value[bool] `json:"delegateShowing"`
	MonitorShowing     fact.Value[bool] `json:"monitorShowing"`
	ControllerShowing  fact.Value[bool] `json:"controllerShowing"`
	PolicyShowing      fact.Value[bool] `json:"policyShowing"` // isKeyguardShowing=, isStatusBarKeyguard=
	DreamingLockscreen fact.Value[bool] `json:"dreamingLockscreen"`
	DelegateOccluded   fact.Value[bool] `json:"delegateOccluded"`
	ControllerOccluded fact.Value[bool] `json:"controllerOccluded"`
}

// FocusKind sorts windows by what their title says.
type FocusKind string

const (
	// None: no window has the focus: a transition, look again.
	None FocusKind = "none"
	// Activity: the title is package/class.
	Activity FocusKind = "activity"
	// Shade: notification shade, or the lock screen on API 29 and newer.
	Shade FocusKind = "shade"
	// Lock: the lock screen by its own name, or the status bar (API 28 and older).
	Lock FocusKind = "lock"
	// NotResponding: the system's dialog that an app hangs.
	NotResponding FocusKind = "not responding"
	// Crashed: the system's dialog that an app stopped.
	Crashed FocusKind = "crashed"
	// Other: any other window (popup, toast, input method...).
	Other FocusKind = "other"
)

// Focus is a window or an activity.
type Focus struct {
	Kind  FocusKind `json:"kind"`
	Title string    `json:"title"`
	// Package is the activity's, or the one that a system dialog is about.
	Package string `json:"package,omitempty"`
	// Activity is the full class name.
	Activity string `json:"activity,omitempty"`
	User     int    `json:"user"`
	Display  int    `json:"display"`
}

// Window is one window of the list.
type Window struct {
	Focus
	// Visible is isVisible= (isVisibleLw up to API 25 is not printed).
	Visible  fact.Value[bool] `json:"visible"`
	OnScreen fact.Value[bool] `json:"onScreen"`
	// ShowWhenLocked is the window's flag FLAG_SHOW_WHEN_LOCKED. An activity with
	// Activity.setShowWhenLocked (API 27) shows over the lock screen without it.
	ShowWhenLocked fact.Value[bool] `json:"showWhenLockedFlag"`
	Line           int              `json:"line"`
}

// OverLockScreen reports whether an activity of pkg is in front of a locked
// screen: showing, occluded and focused.
func (f Facts) OverLockScreen(pkg string) fact.Value[bool] {
	showing, ok1 := f.Keyguard.Showing.Get()
	occluded, ok2 := f.Keyguard.Occluded.Get()
	focus, ok3 := f.Focus.Get()
	switch {
	case ok1 && !showing, ok2 && !occluded, ok3 && focus.Package != pkg:
		return fact.Of(false, 0)
	case ok1 && ok2 && ok3:
		return fact.Of(focus.Kind == Activity, f.Focus.Line())
	}
	return fact.Unknown[bool]()
}

// fullClass expands the short form of a component's class.
func fullClass(pkg, class string) string {
	if strings.HasPrefix(class, ".") {
		return pkg + class
	}
	return class
}
