package android

import (
	"slices"
	"time"
)

// Wake turns the screen on: reason is WAKE_REASON_WAKE_KEY, _POWER_BUTTON,
// _APPLICATION or _UNKNOWN, details what asked for it.
func (p *Power) Wake(reason, details string) {
	if p.Wakefulness == Awake {
		return
	}
	p.d.Log.System(Info, "PowerManagerService", "Waking up from %s (uid=1000, reason=%s, details=%s)...", p.Wakefulness, reason, details)
	p.Wakefulness, p.WakeReason, p.LastWake = Awake, reason, p.d.Elapsed()
	p.d.Log.Event("screen_toggled", 1)
	p.d.Log.Event("power_screen_state", "1", 0, 0, 0, 0)
	p.d.Keyguard.lockTimer.Stop()
	p.d.DeviceIdle.screenChanged()
	p.UserActivity()
	p.d.Activities.reconcile()
}

// Sleep turns the screen off: reason is "power_button", "sleep_button", "timeout"
// or "application".
func (p *Power) Sleep(reason string) {
	if p.Wakefulness != Awake {
		return
	}
	p.d.Log.System(Info, "PowerManagerService", "Going to sleep due to %s (uid 1000)...", reason)
	p.Wakefulness, p.SleepReason, p.LastSleep = Asleep, reason, p.d.Elapsed()
	p.timeout.Stop()
	p.d.Log.Event("screen_toggled", 0)
	p.d.Log.Event("power_screen_state", "0", 2, 0, 0, 0)
	p.d.StatusBar.Expanded = false
	p.d.StatusBar.dropHeadsUp()
	for _, t := range p.d.Activities.Tasks {
		for _, r := range t.Activities {
			r.turnedOn = true // only a new launch may turn the screen on again
		}
	}
	p.d.Keyguard.goingToSleep(reason == "timeout")
	p.d.DeviceIdle.screenChanged()
	p.d.Activities.reconcile()
}

// UserActivity restarts the screen timeout. The screen stays on for a visible
// activity that asks for it, for a held screen wake lock, and while charging with
// stay_on_while_plugged_in.
func (p *Power) UserActivity() {
	p.LastUserActivity = p.d.Elapsed()
	p.rearm()
}

// rearm sets the screen timeout anew, from the last user activity: what limits it
// changed. The keyguard shortens it only while it is in view.
func (p *Power) rearm() {
	p.timeout.Stop()
	if p.Wakefulness != Awake {
		return
	}
	limit := time.Duration(p.d.Settings.Int(SystemNS, "screen_off_timeout", 30000)) * time.Millisecond
	if p.d.Keyguard.Showing && !p.d.Keyguard.Occluded {
		limit = min(limit, 10*time.Second) // KeyguardViewMediator's user activity timeout
	}
	p.timeout = p.d.After(p.LastUserActivity+limit-p.d.Elapsed(), func() {
		if p.keptOn() {
			p.UserActivity()
			return
		}
		p.Sleep("timeout")
	})
}

func (p *Power) keptOn() bool {
	if p.StayOn() {
		return true
	}
	return slices.ContainsFunc(p.WakeLocks(), func(w *WakeLock) bool { return w.screen() })
}

// StayOn is mStayOn: charging and stay_on_while_plugged_in covers the charger.
func (p *Power) StayOn() bool {
	b := p.d.Battery
	mask := p.d.Settings.Int(Global, "stay_on_while_plugged_in", 0)
	return (b.AC && mask&1 != 0) || (b.USB && mask&2 != 0) || (b.Wireless && mask&4 != 0)
}

func (w *WakeLock) screen() bool { return w.Level == ScreenBrightWakeLock || w.Level == FullWakeLock }

// WakeLocks lists the held ones, oldest first, and last the window manager's own
// for a visible activity that keeps the screen on.
func (p *Power) WakeLocks() []*WakeLock {
	out := slices.Clone(p.locks)
	if r := p.d.Activities.Resumed; r != nil && r.KeepScreenOn && p.Interactive() {
		out = append(out, &WakeLock{Level: ScreenBrightWakeLock, Tag: "WindowManager/displayId:0", UID: SystemUID,
			PID: SystemServerPID, Package: "android", Acquired: r.Started, Held: true})
	}
	return out
}

func (p *Power) acquire(by Caller, level, tag string, timeout time.Duration, wakeup bool) (*WakeLock, error) {
	if err := p.d.Packages.enforce(by, "android.permission.WAKE_LOCK", ""); err != nil {
		return nil, err
	}
	w := &WakeLock{Level: level, Tag: tag, UID: by.UID, PID: by.PID, Package: by.Package, Acquired: p.d.Elapsed(), AcquireCausesWakeup: wakeup, Held: true, p: p}
	p.locks = append(p.locks, w)
	if timeout > 0 {
		w.timer = p.d.After(timeout, w.Release)
	}
	if wakeup && w.screen() {
		p.Wake("WAKE_REASON_APPLICATION", tag)
	}
	return w, nil
}

// Release releases the wake lock; a screen lock lets the timeout run again.
func (w *WakeLock) Release() {
	if w == nil || !w.Held {
		return
	}
	w.Held = false
	w.timer.Stop()
	w.p.locks = slices.DeleteFunc(w.p.locks, func(o *WakeLock) bool { return o == w })
}

func (p *Power) procDied(pr *Process) {
	for _, w := range slices.Clone(p.locks) {
		if w.PID == pr.PID {
			w.Release()
		}
	}
}
