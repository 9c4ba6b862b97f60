package apps

import (
	"strconv"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// What the reference app does with a defect and never without one, where that
// is more than a word in the code that does it right.

const (
	// fleeting is how long a notification stays that nobody posts again.
	fleeting = 5 * time.Second
	// slowStop is how long a stop takes that waits for a server, slowAnswer an
	// answer.
	slowStop   = 8 * time.Second
	slowAnswer = 10 * time.Second
	// lateNotification is how long one takes that waits for the caller's picture.
	lateNotification = 1500 * time.Millisecond
	// earlyTimeout is the ring time of an app in a hurry.
	earlyTimeout = 9 * time.Second
)

// refuses says why the app does not take a call that it should take; "" if it
// does.
func (a *app) refuses(k *call) string {
	zen, _ := a.c.Setting(android.Global, "zen_mode")
	known := a.callers[k.uid]
	a.callers[k.uid] = true
	switch {
	case a.has[OwnerOnly] && android.UserOf(a.c.UID) != 0:
		return "not the owner's copy"
	case a.has[OnceForACaller] && known:
		return "somebody who called before"
	case a.deaf:
		return "a call was cancelled once"
	case a.has[NeedsNotifications] && !a.c.AreNotificationsEnabled():
		return "notifications are off"
	case a.has[NeedsFullScreen] && !a.c.CanUseFullScreenIntent():
		return "full-screen intents are off"
	case a.has[NeedsFreedom] && a.c.IsBackgroundRestricted():
		return "the app is restricted"
	case a.has[NeedsScreenOn] && !a.c.IsInteractive():
		return "the screen is off"
	case a.has[DropsInSilence] && zen != "0":
		return "do not disturb"
	case a.has[LosesWaiting] && a.busy(k):
		return "busy"
	}
	return ""
}

// busy reports whether another call than k was answered.
func (a *app) busy(k *call) bool {
	for _, o := range a.calls {
		if o != k && o.phase == active {
			return true
		}
	}
	return false
}

// patience is how long the app rings.
func (a *app) patience() time.Duration {
	if a.has[GivesUpEarly] {
		return earlyTimeout
	}
	return ringTimeout
}

// part is something that the end of a call takes away.
type part int

const (
	theCall part = iota + 1
	theCause
	theNotification
	theScreen
	theAudio
)

// leaves says what the end of a call leaves behind.
func (a *app) leaves(cause android.DisconnectCode) map[part]bool {
	left := map[part]bool{theScreen: a.has[KeepsScreen]}
	for _, l := range []struct {
		defect Defect
		cause  android.DisconnectCode
		part   part
	}{
		{DeclineKeepsNotification, android.DisconnectRejected, theNotification},
		{DeclineKeepsAudio, android.DisconnectRejected, theAudio},
		{DeclineKeepsScreen, android.DisconnectRejected, theScreen},
		{DeclineWrongCause, android.DisconnectRejected, theCause},
		{CancelKeepsNotification, android.DisconnectCanceled, theNotification},
		{CancelKeepsCall, android.DisconnectCanceled, theCall},
		{CancelKeepsAudio, android.DisconnectCanceled, theAudio},
		{ElsewhereKeepsNotify, android.DisconnectElsewhere, theNotification},
		{TimeoutKeepsNotification, android.DisconnectMissed, theNotification},
		{TimeoutKeepsAudio, android.DisconnectMissed, theAudio},
		{HangUpKeepsNotification, android.DisconnectLocal, theNotification},
		{HangUpKeepsScreen, android.DisconnectLocal, theScreen},
		{HangUpKeepsAudio, android.DisconnectLocal, theAudio},
	} {
		if a.has[l.defect] && cause == l.cause {
			left[l.part] = true
		}
	}
	return left
}

// spoil makes a screen that was just created what a defect makes of it.
func (a *app) spoil(r *android.ActivityRecord) {
	switch {
	case a.has[CallScreenHidden] && a.is(r.Component, callActivity):
		r.SetShowWhenLocked(false)
	case a.has[LeaksBehindKeyguard] && a.is(r.Component, mainActivity):
		r.SetShowWhenLocked(true)
	}
}

// onCallScreenStopped is the call screen behind something else.
func (a *app) onCallScreenStopped(session string) error {
	k := a.find(session)
	if k == nil || k.phase != active {
		return nil
	}
	switch {
	case a.has[EndsAtHome]:
		return k.hangUp()
	case a.has[LeaksBehindKeyguard] && a.c.IsDeviceLocked():
		return a.c.StartActivity(&android.Intent{Component: a.component(mainActivity), Flags: android.FlagActivityNewTask})
	}
	return nil
}

// restore rings once more for a call that died with its process.
func (a *app) restore(session, caller string) {
	const soon = 500 * time.Millisecond
	a.c.Post(soon, func() error {
		delete(a.over, session)
		return a.ring(message{data: map[string]string{"senderName": caller}}, session, caller)
	})
}

// registered is where the app notes that it has an account, with a defect.
const registered = "files/registered"

// knowsItself reports whether the app takes its account for registered because
// an earlier process registered it.
func (a *app) knowsItself() bool {
	files := a.c.Files()
	if !a.has[RegistersOnce] || files == nil {
		return false
	}
	if _, err := files.ReadFile(registered); err == nil {
		return true
	}
	return files.WriteFile(registered, []byte("1")) != nil
}

// launches counts the app's launches over the lives of its process.
const launches = "files/launches"

// ghost rings for a call that came while the app was not to be reached, when it
// is opened again.
func (a *app) ghost() {
	files := a.c.Files()
	if !a.has[GhostRing] || files == nil {
		return
	}
	text, _ := files.ReadFile(launches) // none yet: the first launch
	n, _ := strconv.Atoi(string(text))
	if err := files.WriteFile(launches, []byte(strconv.Itoa(n+1))); err != nil || n == 0 {
		return
	}
	a.c.Post(time.Second, func() error {
		return a.ring(message{data: map[string]string{"senderName": "Andrew Joseph"}}, "ghost", "cometchat-uid-1")
	})
}
