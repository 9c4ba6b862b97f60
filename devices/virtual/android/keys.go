package android

import (
	"strconv"
	"time"
)

// Key codes that the window manager's policy gives a meaning (KeyEvent).
const (
	KeyHome        = 3
	KeyBack        = 4
	KeyCall        = 5
	KeyEndCall     = 6
	KeyVolumeUp    = 24
	KeyVolumeDown  = 25
	KeyPower       = 26
	KeyEnter       = 66
	KeyDel         = 67
	KeyHeadsetHook = 79
	KeyMenu        = 82
	KeyPlayPause   = 85
	KeyEscape      = 111
	KeyNumpadEnter = 160
	KeyAppSwitch   = 187
	KeySleep       = 223
	KeyWakeup      = 224
)

// Key injects one press by its code; long is `input keyevent --longpress`.
func (in *Input) Key(code int, long bool) {
	d := in.d
	awake := d.Power.Interactive()
	switch code {
	case KeyPower:
		d.Telecom.silenceRinger() // and goes on: interceptPowerKeyDown
		if awake {
			d.Power.Sleep("power_button")
		} else {
			d.Power.Wake("WAKE_REASON_POWER_BUTTON", "android.policy:POWER")
		}
		return
	case KeySleep:
		d.Power.Sleep("sleep_button")
		return
	case KeyWakeup:
		d.Power.Wake("WAKE_REASON_WAKE_KEY", "android.policy:KEY")
		d.Power.UserActivity()
		return
	case KeyHeadsetHook, KeyPlayPause, KeyMediaPlay, KeyMediaPause:
		// Media keys work with the screen off and do not turn it on.
		d.MediaSessions.button(code, long)
		return
	case KeyCall:
		// acceptRingingCall ignores self-managed calls.
		if c := d.Telecom.rings(); c != nil {
			d.Telecom.answer(c)
		}
		return
	case KeyEndCall:
		// endCall ignores self-managed calls; without another one the default end
		// button behaviour is to sleep.
		if d.Telecom.endCall() {
			return
		}
		if awake {
			d.Power.Sleep("power_button")
		}
		return
	case KeyVolumeUp, KeyVolumeDown:
		if d.Telecom.silenceRinger() {
			return
		}
		d.Audio.adjust(map[int]int{KeyVolumeUp: 1, KeyVolumeDown: -1}[code])
		if awake {
			d.Power.UserActivity()
		}
		return
	}
	if !awake {
		return
	}
	d.Power.UserActivity()
	k := d.Keyguard
	locked := k.Showing && !k.Occluded
	switch code {
	case KeyHome:
		d.StatusBar.Collapse()
		if k.Bouncer {
			k.cancelBouncer()
		} else if !locked {
			d.Activities.Home()
		}
	case KeyBack, KeyEscape:
		switch {
		case d.StatusBar.Expanded:
			d.StatusBar.Collapse()
		case k.Bouncer:
			k.cancelBouncer()
		case locked:
		case len(d.Windows.dialogs) > 0:
			d.Windows.back()
		default:
			if r := d.Activities.Resumed; r != nil && r.Process != nil {
				d.Processes.awaitInput(r.Process, r.Component.Flat(), "KeyEvent(action=DOWN)")
			}
			d.Activities.Back()
		}
	case KeyMenu:
		if locked {
			k.Dismiss()
		}
	case KeyEnter, KeyNumpadEnter:
		k.enter()
	case KeyDel:
		if k.Bouncer {
			k.backspace()
		}
	default:
		if code >= 7 && code <= 16 {
			k.typeText(strconv.Itoa(code - 7))
		}
	}
}

// Text types text into what has the focus: the credential field of the keyguard.
// Apps' own fields are not modelled.
func (in *Input) Text(text string) {
	if !in.d.Power.Interactive() {
		return
	}
	in.d.Power.UserActivity()
	in.d.Keyguard.typeText(text)
}

// Tap touches a point. With the screen off nothing happens.
func (in *Input) Tap(x, y int) {
	if !in.d.Power.Interactive() {
		return
	}
	in.d.Power.UserActivity()
	win, v := in.d.Windows.TapAt(x, y)
	switch {
	case v == nil:
	case v.onTap != nil:
		v.onTap()
	case win.Activity != nil && win.Activity.Process != nil:
		pr := win.Activity.Process
		in.d.Processes.awaitInput(pr, win.Activity.Component.Flat(), "MotionEvent(action=DOWN)")
		click := v.OnClick
		pr.post(in.d, func() error { return click(pr.ctx) })
	}
}

// Swipe drags: up on the keyguard asks it to go, down from the top edge opens the
// shade, up on the open shade closes it, to the side takes away what may be taken
// away there. A drag that hardly moves is a tap.
func (in *Input) Swipe(x1, y1, x2, y2 int, _ time.Duration) {
	if !in.d.Power.Interactive() {
		return
	}
	dx, dy := x2-x1, y2-y1
	if dx*dx+dy*dy < 24*24 {
		in.Tap(x1, y1)
		return
	}
	in.d.Power.UserActivity()
	k, s := in.d.Keyguard, in.d.StatusBar
	switch {
	case s.Expanded && max(dx, -dx) > 300 && max(dx, -dx) > 2*max(dy, -dy):
		if does := s.shadeRoot().aside(x1, y1); does != nil {
			does()
		}
	case dy > 300 && y1 < 100:
		s.Expand()
	case dy < -300 && s.Expanded:
		s.Collapse()
	case dy < -300 && k.Showing && !k.Occluded:
		k.Dismiss()
	}
}

// button dispatches a media key to the global priority session, which Telecom
// holds while it has a call, else to the player.
func (m *MediaSessions) button(code int, long bool) {
	hook := code == KeyHeadsetHook || code == KeyPlayPause
	switch {
	case m.Global != nil && m.Global.Active && hook:
		m.d.Telecom.HeadsetButton(long)
	case code == KeyMediaPlay, hook && m.player() != nil && !m.playing():
		m.Play()
	case code == KeyMediaPause, hook && m.playing():
		m.Pause()
	}
}

// Dispatch is `cmd media_session dispatch`, by key code.
func (m *MediaSessions) Dispatch(code int) { m.button(code, false) }
