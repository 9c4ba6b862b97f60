package android

import (
	"os"
	"path"
	"strings"
	"time"
)

// caller is the identity with which the app's code calls the system.
func (c *Context) caller() Caller { return Caller{UID: c.UID, PID: c.PID, Package: c.PackageName} }

// Package is the app's own package.
func (c *Context) Package() *Package { return c.d.Packages.Get(c.PackageName) }

// Alive reports whether the context's process still runs.
func (c *Context) Alive() bool { return !c.Proc.Dead }

// Log writes to the main buffer as the app (android.util.Log).
func (c *Context) Log(prio byte, tag, msg string) {
	if c.Proc.Dead {
		return
	}
	c.d.Log.Write(LogLine{UID: c.UID, PID: c.PID, Buffer: BufferMain, Priority: prio, Tag: tag, Message: msg})
}

// Post runs fn on the process's main thread after delay. It is dropped when the
// process dies first; an error from fn crashes the process.
func (c *Context) Post(delay time.Duration, fn func() error) *Timer {
	return c.d.After(delay, func() { c.Proc.call(fn) })
}

// Jitter spreads a duration as Device.Jitter does, for an app's own latencies.
func (c *Context) Jitter(base time.Duration) time.Duration { return c.d.Jitter(base) }

// Files is the package's private directory.
func (c *Context) Files() AppFiles { return c.d.Files(c.PackageName) }

// Files is a package's private directory, for run-as. It exists as long as the
// simulation, whether or not the package is installed.
func (d *Device) Files(pkg string) AppFiles {
	key := d.scoped(pkg)
	if f := d.files[key]; f != nil {
		return f
	}
	var f AppFiles = memFiles{}
	if d.sys.opts.Files != nil {
		uid := 0
		if pk := d.Packages.Get(pkg); pk != nil {
			uid = pk.UID
		}
		f = d.sys.opts.Files(pkg, uid)
	}
	d.files[key] = f
	return f
}

// memFiles is a private directory in memory.
type memFiles map[string][]byte

func (m memFiles) key(name string) string { return strings.TrimPrefix(path.Clean("/"+name), "/") }

func (m memFiles) ReadFile(name string) ([]byte, error) {
	b, ok := m[m.key(name)]
	if !ok {
		return nil, &os.PathError{Op: "open", Path: name, Err: os.ErrNotExist}
	}
	return append([]byte(nil), b...), nil
}

func (m memFiles) WriteFile(name string, data []byte) error {
	m[m.key(name)] = append([]byte(nil), data...)
	return nil
}

func (m memFiles) AppendFile(name string, data []byte) error {
	m[m.key(name)] = append(m[m.key(name)], data...)
	return nil
}

func (m memFiles) Remove(name string) error {
	delete(m, m.key(name))
	return nil
}

// CheckSelfPermission reports whether the app holds a permission.
func (c *Context) CheckSelfPermission(permission string) bool {
	return c.d.Packages.CheckPermission(c.caller(), permission)
}

// IsInteractive is PowerManager.isInteractive.
func (c *Context) IsInteractive() bool { return c.d.Power.Interactive() }

// IsKeyguardLocked is KeyguardManager.isKeyguardLocked: the keyguard is showing,
// occluded or not.
func (c *Context) IsKeyguardLocked() bool { return c.d.Keyguard.Showing }

// IsDeviceLocked is KeyguardManager.isDeviceLocked.
func (c *Context) IsDeviceLocked() bool { return c.d.Keyguard.Locked }

// RequestDismissKeyguard is KeyguardManager.requestDismissKeyguard: an insecure
// keyguard goes, a secure one asks for the credential. done may be nil; it gets
// false when the user cancels. An activity that is not visible fails at once.
func (c *Context) RequestDismissKeyguard(a *ActivityRecord, done func(ok bool) error) {
	tell := func(ok bool) {
		if done != nil {
			c.Proc.post(c.d, func() error { return done(ok) })
		}
	}
	if a == nil || !a.Visible {
		tell(false)
		return
	}
	if !c.d.Keyguard.Showing {
		tell(true)
		return
	}
	c.d.Keyguard.onDismiss = append(c.d.Keyguard.onDismiss, tell)
	c.d.Keyguard.Dismiss()
}

// Importance is the importance of ActivityManager.getMyMemoryState: 100 for the
// process of the resumed activity, 125 with a foreground service, 400 when cached.
func (c *Context) Importance() int {
	s, _, _ := c.d.Processes.compute(c.Proc)
	return s.importance()
}

// Activities are the app's own live activities, oldest first.
func (c *Context) Activities() []*ActivityRecord {
	var out []*ActivityRecord
	for _, t := range c.d.Activities.Tasks {
		for _, a := range t.Activities {
			if a.Process == c.Proc && !a.Finishing {
				out = append(out, a)
			}
		}
	}
	return out
}

// AcquireWakeLock takes a wake lock; timeout 0 = until released or the process's end.
func (c *Context) AcquireWakeLock(level, tag string, timeout time.Duration) (*WakeLock, error) {
	return c.d.Power.acquire(c.caller(), level, tag, timeout, false)
}

// AcquireCausesWakeup is AcquireWakeLock with the flag of that name: a screen lock
// also turns the screen on.
func (c *Context) AcquireCausesWakeup(level, tag string, timeout time.Duration) (*WakeLock, error) {
	return c.d.Power.acquire(c.caller(), level, tag, timeout, true)
}

// Exit ends the own process (System.exit, Process.killProcess).
func (c *Context) Exit() {
	c.d.Processes.die(c.Proc, ReasonExitSelf, SubReasonUnknown, 0, "")
}

// SetAudioMode is AudioManager.setMode: it needs MODIFY_AUDIO_SETTINGS and is
// ignored without it.
func (c *Context) SetAudioMode(mode string) {
	if c.CheckSelfPermission("android.permission.MODIFY_AUDIO_SETTINGS") {
		c.d.Audio.setMode(mode, AudioModeOwner{PID: c.PID, UID: c.UID, Package: c.PackageName, Mode: mode})
	}
}

// Setting reads a setting (Settings.Global.getString and friends).
func (c *Context) Setting(ns, key string) (string, bool) { return c.d.Settings.Get(ns, key) }

// UserUnlocked is UserManager.isUserUnlocked.
func (c *Context) UserUnlocked() bool {
	u := c.d.Users.Get(UserOf(c.UID))
	return u != nil && u.Unlocked()
}

// Profiles is how many profiles the app's user has, itself included
// (UserManager.getUserProfiles).
func (c *Context) Profiles() int {
	n := 1
	for _, u := range c.d.Users.List {
		if u.Profile() && u.Parent == UserOf(c.UID) {
			n++
		}
	}
	return n
}

// API is Build.VERSION.SDK_INT.
func (c *Context) API() int { return c.d.API }

// SendBroadcast is Context.sendBroadcast.
func (c *Context) SendBroadcast(intent *Intent) error {
	_, err := c.d.Broadcasts.Send(c.caller(), intent, BroadcastOptions{})
	return err
}

// IsBackgroundRestricted is ActivityManager.isBackgroundRestricted: the user
// restricted the app's battery use.
func (c *Context) IsBackgroundRestricted() bool {
	return c.d.AppOps.Effective(c.Package(), "RUN_ANY_IN_BACKGROUND") == OpIgnore
}
