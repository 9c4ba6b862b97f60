package android

import (
	"strings"
	"time"
)

// goingToSleep is KeyguardViewMediator.onStartedGoingToSleep: the keyguard comes
// at once when the user turned the screen off (the power button locks instantly by
// default) or nothing is to wait for, else after lock_screen_lock_after_timeout.
func (k *Keyguard) goingToSleep(byTimeout bool) {
	k.Bouncer, k.typed, k.Entered = false, "", 0
	if k.Showing || k.off() {
		return
	}
	wait := time.Duration(k.d.Settings.Int(Secure, "lock_screen_lock_after_timeout", 5000)) * time.Millisecond
	if !byTimeout || wait <= 0 || !k.Secure() {
		k.show()
		return
	}
	k.lockTimer.Stop()
	k.lockTimer = k.d.After(wait, func() {
		if !k.d.Power.Interactive() {
			k.show()
		}
	})
}

// off: there is no lock screen at all.
func (k *Keyguard) off() bool { return k.DisabledByUser && !k.Secure() }

func (k *Keyguard) show() {
	if k.Showing {
		return
	}
	k.goAway.Stop()
	k.Showing, k.GoingAway = true, false
	k.Locked = k.Secure()
	k.d.Log.System(Info, "TrustManagerService", "refreshDeviceLockedForUser(userId=0): deviceLocked=%t", k.Locked)
	k.d.Activities.reconcile()
}

// Lock shows the keyguard now (KEYCODE_POWER's lock, or a test's start state).
func (k *Keyguard) Lock() {
	if !k.off() {
		k.show()
	}
}

// Dismiss asks the keyguard to go: wm dismiss-keyguard, a swipe up, MENU, or an
// app. An insecure one goes; a secure one asks for its credential. With the screen
// off nothing happens.
func (k *Keyguard) Dismiss() {
	if !k.Showing || !k.d.Power.Interactive() {
		return
	}
	if k.Secure() {
		k.Bouncer = true
		return
	}
	k.leave()
}

// leave takes the keyguard away; the animation ends a little later.
func (k *Keyguard) leave() {
	if k.GoingAway {
		return
	}
	k.Locked = false // trust is refreshed at once, the picture follows
	k.Bouncer, k.typed, k.Entered = false, "", 0
	k.GoingAway = true
	k.goAway = k.d.After(k.d.Jitter(250*time.Millisecond), func() {
		k.GoingAway, k.Showing, k.Occluded = false, false, false
		k.d.Activities.reconcile()
		k.d.Power.UserActivity()
		waiting := k.onDismiss
		k.onDismiss = nil
		for _, fn := range waiting {
			fn(true)
		}
	})
}

// cancelBouncer is BACK on the credential screen.
func (k *Keyguard) cancelBouncer() {
	k.Bouncer, k.typed, k.Entered = false, "", 0
	waiting := k.onDismiss
	k.onDismiss = nil
	for _, fn := range waiting {
		fn(false)
	}
	k.d.Activities.reconcile()
}

// type and enter are the credential screen's field and its confirmation.
func (k *Keyguard) typeText(s string) {
	if k.Bouncer {
		k.typed += s
		k.Entered = len([]rune(k.typed))
	}
}

func (k *Keyguard) backspace() {
	if k.typed != "" {
		r := []rune(k.typed)
		k.typed = string(r[:len(r)-1])
		k.Entered = len(r) - 1
	}
}

func (k *Keyguard) enter() {
	if !k.Bouncer {
		return
	}
	got := k.typed
	k.typed, k.Entered = "", 0
	if k.d.Elapsed() < k.lockoutTill {
		return
	}
	if got != k.secret {
		k.failed()
		return
	}
	k.FailedAttempts = 0
	k.verified()
	k.leave()
}

// verified opens the storage of the owner, whose credential it is.
func (k *Keyguard) verified() { k.d.Users.unlock(k.d.Users.Get(0)) }

// failed counts a wrong attempt: from the fifth in a row on, 30 s pass before
// another is looked at (LockPatternUtils).
func (k *Keyguard) failed() {
	k.FailedAttempts++
	if k.FailedAttempts >= 5 {
		k.lockoutTill = k.d.Elapsed() + 30*time.Second
	}
}

// LockReply is what one locksettings command said.
type LockReply struct {
	Out, Err string
	Exit     int
}

// LockSettings runs `locksettings ARGS` (LockSettingsShellCommand). A wrong
// old credential is told on standard output, with status 255.
func (k *Keyguard) LockSettings(args []string) LockReply {
	if len(args) == 0 {
		return LockReply{Exit: 255}
	}
	cmd, args := args[0], args[1:]
	old := ""
	for len(args) > 0 && strings.HasPrefix(args[0], "--") {
		if len(args) < 2 {
			return LockReply{Exit: 255}
		}
		if args[0] == "--old" {
			old = args[1]
		}
		args = args[2:]
	}
	arg := ""
	if len(args) > 0 {
		arg = args[0]
	}
	if cmd == "help" && k.d.API >= 29 {
		return LockReply{Out: lockHelp}
	}
	if !k.known(cmd) {
		return LockReply{Out: "Unknown command: " + cmd + "\n", Exit: 255}
	}
	if r, ok := k.checkOld(cmd, old); !ok {
		return r
	}
	switch cmd {
	case "set-pin", "set-password":
		return k.set(cmd, arg)
	case "clear":
		k.secret, k.Credential = "", CredentialNone
		k.Locked = false
		k.d.Log.System(Info, "LockSettingsService", "Lock credential cleared for user 0")
		return LockReply{Out: "Lock credential cleared\n"}
	case "verify":
		return LockReply{Out: "Lock credential verified successfully\n"}
	case "get-disabled":
		return LockReply{Out: boolText(k.off()) + "\n"}
	default: // set-disabled
		k.DisabledByUser = arg == "true"
		if k.off() && k.Showing {
			k.leave()
		}
		return LockReply{Out: "Lock screen disabled set to " + boolText(arg == "true") + "\n"}
	}
}

// threw is a command that an exception ended.
func threw(cmd, message string) LockReply {
	return LockReply{Err: "Error while executing command: " + cmd + "\njava.lang.IllegalArgumentException: " + message + "\n", Exit: 255}
}

func (k *Keyguard) known(cmd string) bool {
	switch cmd {
	case "set-pin", "set-password", "clear", "get-disabled", "set-disabled":
		return true
	case "verify":
		return k.d.API >= 27
	}
	return false
}

// checkOld compares the credential given with --old. None where one is needed is
// an exception and no attempt: asking without it can be repeated for ever.
func (k *Keyguard) checkOld(cmd, old string) (r LockReply, ok bool) {
	bad := func(text string) (LockReply, bool) { return LockReply{Out: text + "\n", Exit: 255}, false }
	switch {
	case !k.Secure() && old != "" && k.d.API < 29: // older releases do not look
		return LockReply{}, true
	case !k.Secure() && old != "":
		return bad("Old password provided but user has no password")
	case !k.Secure():
		return LockReply{}, true
	case old == "":
		return threw(cmd, "Credential can't be null or empty"), false
	case k.d.Elapsed() < k.lockoutTill:
		return bad("Request throttled")
	case old != k.secret:
		k.failed()
		return bad("Old password '" + old + "' didn't match")
	}
	k.FailedAttempts = 0
	k.verified()
	return LockReply{}, true
}

func (k *Keyguard) set(cmd, value string) LockReply {
	kind, done := CredentialPIN, "Pin set to '"
	if cmd == "set-password" {
		kind, done = CredentialPassword, "Password set to '"
	}
	bad := k.d.API >= 30 && len(value) < 4 // the length of 4 came with 11
	if kind == CredentialPIN {
		for _, r := range value {
			bad = bad || r < '0' || r > '9'
		}
	}
	if bad {
		return threw(cmd, "New credential doesn't satisfy admin policies")
	}
	k.secret, k.Credential = value, kind
	if k.Showing {
		k.Locked = true
	}
	return LockReply{Out: done + value + "'\n"}
}

func boolText(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

const lockHelp = `lockSettings service commands:

NOTE: when lock screen is set, all commands require the --old <CREDENTIAL> argument.

  help
    Prints this help text.

  get-disabled [--old <CREDENTIAL>] [--user USER_ID]
    Checks whether lock screen is disabled.

  set-disabled [--old <CREDENTIAL>] [--user USER_ID] <true|false>
    When true, disables lock screen.

  set-pin [--old <CREDENTIAL>] [--user USER_ID] <PIN>
    Sets the lock screen as PIN, using the given PIN to unlock.

  set-password [--old <CREDENTIAL>] [--user USER_ID] <PASSWORD>
    Sets the lock screen as password, using the given PASSOWRD to unlock.

  clear [--old <CREDENTIAL>] [--user USER_ID]
    Clears the lock credentials.

  verify [--old <CREDENTIAL>] [--user USER_ID]
    Verifies the lock credentials.

`
