package apps

import (
	"maps"
	"slices"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// phase is what the app itself knows of a call.
type phase int

const (
	ringing phase = iota
	dialing
	answering
	active
	ended
)

// call is one call in the app.
type call struct {
	app     *app
	session string
	// uid is the caller's id, caller what people read.
	uid, caller string
	video       bool

	phase   phase
	conn    *android.Connection
	control *android.CallControl // in the place of conn, of a transactional call
	timeout *android.Timer
	joined  bool
	joining bool
	service *android.ServiceRecord
	// audio is the route as Telecom last told it; left says that it left a headset.
	audio   android.CallAudioState
	left    bool
	screens []*android.ActivityRecord
	// leaving: the server was told that the call ends; the guide tells it again.
	leaving bool
	// ringtone is the app's own, with a defect.
	ringtone *android.Ringtone
}

// find is the call that a button or a callback means.
func (a *app) find(session string) *call {
	if a.has[SingleSlot] && a.holder != nil {
		return a.holder
	}
	return a.calls[session]
}

// stop is a push that ends a call.
func (a *app) stop(session, action string) error {
	k := a.calls[session]
	if k == nil {
		if _, known := a.over[session]; known {
			return a.tellAgain(session, action)
		}
		// Its ring may come later, or was shown by a process that is dead.
		a.deaf = a.deaf || a.has[DeafAfterEarlyCancel]
		if a.has[LosesEarlyCancel] {
			return nil
		}
		a.over[session] = action
		if a.has[KeepsZombie] {
			return nil
		}
		a.c.CancelNotification(incomingID(session))
		if !missedBy(action) {
			a.c.CancelNotification(a.missedID(session))
		}
		a.trace("stopBeforeRing", session, nil)
		return nil
	}
	if k.phase == dialing {
		return k.stopDialing(action)
	}
	if k.phase != ringing {
		// Only the end of the call itself ends a call that was answered here:
		// "ongoing" is the echo of our own answer, and what another phone of
		// the user declines or misses is not this call.
		if action == "ended" || action == "cancelled" || a.has[StopEndsActive] || action == "rejected" && a.has[RejectedEndsActive] {
			return k.end(android.DisconnectRemote, false)
		}
		return nil
	}
	missed := missedBy(action) && !a.has[NoMissedOnCancel] || a.has[MissedElsewhere]
	if a.has[SlowStop] {
		a.c.Post(slowStop, func() error { return k.end(causeOf(action), missed) })
		return nil
	}
	return k.end(causeOf(action), missed)
}

// causeOf is Telecom's word for what a push says.
func causeOf(action string) android.DisconnectCode {
	return map[string]android.DisconnectCode{
		"cancelled": android.DisconnectCanceled, "unanswered": android.DisconnectMissed,
		"ongoing": android.DisconnectElsewhere, "rejected": android.DisconnectRejected,
		"ended": android.DisconnectRemote, "busy": android.DisconnectBusy,
	}[action]
}

// missedBy says whether the user missed the call that the action ended: not if
// another phone of theirs took or declined it, nor if it ended here ("").
func missedBy(action string) bool {
	return action != "ongoing" && action != "rejected" && action != ""
}

// answer is the user's wish, from wherever it came.
func (k *call) answer() error {
	a := k.app
	if k.phase != ringing {
		return nil
	}
	if a.has[CrashWithoutBluetooth] && a.c.API() >= 31 && !a.c.CheckSelfPermission("android.permission.BLUETOOTH_CONNECT") {
		return android.Throw(android.SecurityException, "Need android.permission.BLUETOOTH_CONNECT permission for AttributionSource { uid = %d, packageName = %s }: AdapterService getConnectionState", a.c.UID, a.c.PackageName)
	}
	k.phase = answering
	k.timeout.Stop()
	if !a.has[RingsOn] {
		k.ringtone.Stop()
	}
	if a.has[KeepsWakeLock] {
		if _, err := a.c.AcquireWakeLock(android.PartialWakeLock, a.c.PackageName+":call", 0); err != nil {
			return err
		}
	}
	a.trace("backendAccept", k.session, nil)
	if !a.loggedIn {
		a.traceDetail("backendAcceptFailed", k.session, "not logged in")
		a.c.Post(latency(k.session, "accept"), func() error { return k.end(android.DisconnectError, false) })
		return nil
	}
	if a.has[ActiveBeforeJoin] {
		k.setActive()
		k.phase = active
		a.c.CancelNotification(k.incomingID())
		a.c.Post(latency(k.session, "accept"), func() error {
			if k.phase != active {
				return nil
			}
			err := k.open()
			k.closeQuestion()
			return err
		})
		return nil
	}
	if err := k.startService(); err != nil {
		return err
	}
	a.c.CancelNotification(k.incomingID())
	a.c.Post(latency(k.session, "accept"), func() error {
		if k.phase != answering {
			return nil
		}
		if a.failing == "accept" {
			a.traceDetail("backendAcceptFailed", k.session, "refused")
			return k.end(android.DisconnectError, false)
		}
		k.join()
		return nil
	})
	err := k.open()
	k.closeQuestion()
	return err
}

// closeQuestion finishes the full-screen question, after the call screen was
// started: an app without a visible activity may not start one.
func (k *call) closeQuestion() {
	for _, s := range k.screens {
		if k.app.is(s.Component, incomingActivity) {
			s.Finish()
		}
	}
}

// join connects the media. The call is active when both sides hear each other,
// not before.
func (k *call) join() {
	if k.joining {
		return
	}
	k.joining = true
	a := k.app
	a.trace("backendJoin", k.session, nil)
	delay := latency(k.session, "join")
	if a.has[SlowAnswer] {
		delay += slowAnswer
	}
	a.c.Post(delay, func() error {
		if k.phase == ended {
			return nil
		}
		if a.failing == "join" {
			a.traceDetail("backendJoinFailed", k.session, "refused")
			return k.end(android.DisconnectError, false)
		}
		k.joined = true
		if a.has[NeverActive] {
			return nil
		}
		k.takeAudio()
		a.trace("joined", k.session, nil)
		k.phase = active
		k.setActive()
		return nil
	})
}

// open shows the call screen. It may fail silently where Android does not let
// the app: the call goes on, its notification leads back to it.
func (k *call) open() error {
	if k.app.has[NoCallScreen] {
		return nil
	}
	for _, s := range k.screens {
		if k.app.is(s.Component, callActivity) && !s.Finishing {
			return nil
		}
	}
	err := k.app.c.StartActivity(k.intent(callActivity, ""))
	if err != nil {
		k.app.traceDetail("startActivityFailed", k.session, err.Error())
	}
	return nil
}

// startService keeps the process alive and lets it use the microphone.
func (k *call) startService() error {
	if k.app.has[NoForegroundService] {
		return nil
	}
	err := k.app.c.StartForegroundService(&android.Intent{
		Component: k.app.component(callService), Extras: android.Bundle{extraSession: k.session},
	})
	if err != nil { // such as ForegroundServiceStartNotAllowedException: the call goes on while it can
		k.app.traceDetail("startForegroundServiceFailed", k.session, err.Error())
	}
	return nil
}

// show puts the call's notification on the service, in the place of another's.
func (k *call) show(s *android.ServiceRecord) error {
	k.service = s
	return s.StartForeground(k.ongoingID(), k.app.ongoing(k), k.app.serviceTypes())
}

// serviceTypes are what the service is for. Services have types since 10, the
// microphone's came with 11. Without the user's permission, or without its own,
// it is a SecurityException (14).
func (a *app) serviceTypes() uint32 {
	if a.has[WrongServiceType] {
		return android.FGSPhoneCall | android.FGSCamera
	}
	own := a.c.API() < 34 || a.c.CheckSelfPermission("android.permission.FOREGROUND_SERVICE_MICROPHONE")
	may := a.c.CheckSelfPermission("android.permission.RECORD_AUDIO") && own
	if a.c.API() >= 30 && (a.has[CrashWithoutMicrophone] || may) {
		return android.FGSPhoneCall | android.FGSMicrophone
	}
	return android.FGSPhoneCall
}

// stopService ends the foreground service, or leaves it to another call.
func (k *call) stopService() error {
	a, s := k.app, k.service
	if s == nil {
		return nil
	}
	k.service = nil
	for _, other := range a.calls {
		if other != k && other.service == s {
			return other.show(s)
		}
	}
	s.StopForeground(true)
	s.StopSelf()
	return nil
}

// reject is the user's no.
func (k *call) reject() error {
	if k.phase != ringing {
		return nil
	}
	a := k.app
	switch {
	case a.has[DeclineTellsEnd]:
		a.trace("backendEnd", k.session, nil)
	case !a.has[DeclineUntold]:
		a.trace("backendReject", k.session, nil)
	}
	if a.has[DeclineEndsAll] {
		if err := a.endOthers(k); err != nil {
			return err
		}
	}
	return k.end(android.DisconnectRejected, a.has[MissedAfterDecline])
}

// endOthers ends every call but k.
func (a *app) endOthers(k *call) error {
	for _, session := range slices.Sorted(maps.Keys(a.calls)) {
		if o := a.calls[session]; o != k {
			if err := o.end(android.DisconnectLocal, false); err != nil {
				return err
			}
		}
	}
	return nil
}

// hangUp is the user's end of an answered call.
func (k *call) hangUp() error {
	a := k.app
	if a.has[HangUpEndsAll] {
		if err := a.endOthers(k); err != nil {
			return err
		}
	}
	if !a.has[RepeatedEnd] {
		if k.leaving {
			return nil
		}
		k.leaving = true
		a.trace("backendEnd", k.session, nil)
		return k.end(android.DisconnectLocal, a.has[MissedAfterAnswer])
	}
	// The guide: the screen ends the connection, which leaves the session and
	// tells the server; then the screen tells the server; and the session's
	// own callback runs the screen's end once more.
	for range 2 {
		a.trace("backendEnd", k.session, nil)
	}
	if k.joined && !k.leaving {
		k.leaving = true
		a.c.Post(0, func() error {
			a.trace("backendEnd", k.session, nil)
			return nil
		})
	}
	return k.end(android.DisconnectLocal, false)
}

// end takes everything of the call off the phone. Whoever ended it, nothing may
// stay behind.
func (k *call) end(cause android.DisconnectCode, missed bool) error {
	a := k.app
	if k.phase == ended {
		return nil
	}
	left := a.leaves(cause)
	if a.has[KeepsDialing] && k.phase == dialing {
		left[theCall] = true
	}
	k.phase = ended
	k.timeout.Stop()
	k.ringtone.Stop()
	a.traceDetail("ended", k.session, cause.String())
	if (k.conn != nil || k.control != nil) && !left[theCall] {
		if left[theCause] {
			cause = android.DisconnectCanceled
		}
		k.leaveTelecom(cause)
		if a.has[EndsByHook] {
			a.c.Post(hookDelay, func() error {
				a.c.DispatchMediaKey(android.KeyHeadsetHook)
				return nil
			})
		}
	}
	if left[theAudio] {
		a.c.SetAudioMode("MODE_IN_COMMUNICATION")
	}
	if !left[theNotification] {
		a.c.CancelNotification(k.incomingID())
		if err := k.stopService(); err != nil {
			return err
		}
	}
	for _, s := range k.screens {
		if !left[theScreen] {
			s.Finish()
		}
	}
	if a.calls[k.session] == k {
		delete(a.calls, k.session)
		a.over[k.session] = ""
	}
	if missed {
		return a.missed(k)
	}
	return nil
}
