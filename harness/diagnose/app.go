package diagnose

import (
	"strings"
)

// crashes sorts crashes by what the exception says. The texts are the
// platform's own and the same on all makers: TelecomServiceImpl,
// ActivityManagerService, Parcel, PhoneAccountRegistrar, ActiveServices.
var crashes = []struct {
	id, words, sentence, remedy string
}{
	{"crash.account-capabilities", "Self-managed ConnectionServices cannot also be",
		"the app crashes whenever its process starts: it registers a PhoneAccount that is self-managed and a call provider at once",
		"register the account with PhoneAccount.CAPABILITY_SELF_MANAGED alone"},
	{"crash.manage-own-calls", "MANAGE_OWN_CALLS",
		"the app crashes because it may not manage its own calls",
		"declare android.permission.MANAGE_OWN_CALLS in the manifest; it is granted at installation and cannot be asked for at run time"},
	{"crash.parcelable-extras", "BadParcelableException",
		"the app crashes when the call comes back from Telecom: the extras hold a class of the app, which the system cannot carry",
		"put strings and numbers into EXTRA_INCOMING_CALL_EXTRAS, not Parcelables of your own"},
	{"crash.parcelable-extras", "ClassNotFoundException when unmarshalling",
		"the app crashes when the call comes back from Telecom: the extras hold a class of the app, which the system cannot carry",
		"put strings and numbers into EXTRA_INCOMING_CALL_EXTRAS, not Parcelables of your own"},
	{"crash.foreground-service-start", "ForegroundServiceStartNotAllowedException",
		"the app crashes because it starts a foreground service from the background without an exemption",
		"start it within the ten seconds after a high-priority push, or from the call's notification or activity"},
	{"crash.foreground-service-type", "MissingForegroundServiceTypeException",
		"the app crashes because its foreground service has no type",
		"declare android:foregroundServiceType=\"phoneCall\" and the permission FOREGROUND_SERVICE_PHONE_CALL"},
	{"crash.foreground-service-type", "InvalidForegroundServiceTypeException",
		"the app crashes because its foreground service has a type that the manifest does not declare",
		"declare the type with android:foregroundServiceType and its permission"},
	{"crash.foreground-service-type", "is not a subset of foregroundServiceType",
		"the app crashes because its foreground service has a type that the manifest does not declare",
		"declare the type with android:foregroundServiceType and its permission"},
	{"crash.foreground-service-late", "did not then call Service.startForeground",
		"the app crashes because a service that it started as foreground service did not become one in time",
		"call startForeground at once in onStartCommand, before anything that waits"},
	{"crash.callstyle", "CallStyle notifications must",
		"the app crashes because it posts a CallStyle notification that is neither of a foreground service nor has a full-screen intent",
		"set a full-screen intent on the incoming call, and post the ongoing one from the foreground service"},
	{"crash.pending-intent", "FLAG_IMMUTABLE or FLAG_MUTABLE",
		"the app crashes because a PendingIntent does not say whether it is mutable",
		"give every PendingIntent FLAG_IMMUTABLE"},
	{"crash.account-not-registered", "is not registered for this user",
		"the app crashes because it adds a call for a PhoneAccount that is not registered",
		"register the account in Application.onCreate: a push may start the process"},
	{"crash.permission", "SecurityException",
		"the app crashes because the system denies it something",
		"the exception names the permission: declare it, ask for it, or live without it"},
}

func appRules() []rule {
	rules := []rule{
		{
			id: "app.not-installed", sentence: "the app is not installed for the user of the phone",
			remedy: "install it: adb install APK, or `pm install-existing --user N PKG` for another user",
			when: func(c *Case) []string {
				if v, ok := c.Now.Packages.Installed(c.Now.App.Package, 0).Get(); ok && !v {
					return say("package %s: installed=false", c.Now.App.Package)
				}
				return nil
			},
		},
		{
			id: "app.disabled", sentence: "the app is disabled, suspended or hidden on this phone",
			remedy: "enable it in the settings, or ask who manages the phone",
			when: func(c *Case) []string {
				u, _ := c.Now.User().Get()
				switch {
				case u.Enabled.Or(0) >= 2:
					return say("package %s: enabled=%d", c.Now.App.Package, u.Enabled.Or(0))
				case u.Suspended.Or(false):
					return say("package %s: suspended=true", c.Now.App.Package)
				case u.Hidden.Or(false):
					return say("package %s: hidden=true", c.Now.App.Package)
				}
				return nil
			},
		},
	}
	for _, cr := range crashes {
		rules = append(rules, rule{
			id: cr.id, sentence: cr.sentence, remedy: cr.remedy,
			when: func(c *Case) []string {
				// Several rows may fit: only the first that does speaks.
				if c.Crashed == "" || first(c.Crashed) != cr.words {
					return nil
				}
				return say("%s", clip(c.Crashed, 500))
			},
		})
	}
	return append(rules,
		rule{
			id: "crash.other", sentence: "the app crashed", remedy: "the exception in the log tells where; see the crash buffer",
			when: func(c *Case) []string {
				if c.Crashed == "" || first(c.Crashed) != "" {
					return nil
				}
				return say("%s", clip(c.Crashed, 500))
			},
		},
		rule{
			id: "app.not-responding", sentence: "the app hangs: the system asks whether to close it",
			remedy: "do not wait on the main thread: look at the ANR trace",
			when: func(c *Case) []string {
				if f, ok := c.Now.Window.Focus.Get(); ok && f.Kind == "not responding" && f.Package == c.Now.App.Package {
					return say("window: %q is in front", f.Title)
				}
				for _, e := range c.Now.Exits.Exits.Or(nil) {
					if e.Package == c.Now.App.Package && strings.Contains(e.Reason, "ANR") && c.recent(e.Timestamp) {
						return say("exit-info: %s at %s", e.Reason, e.Timestamp)
					}
				}
				return nil
			},
		},
		rule{
			id: "app.stopped", sentence: "the app is in the stopped state: it gets no push until a person opens it",
			remedy: "open the app; if nobody force-stopped it, this maker does so when an app is swiped away: exempt it from battery management",
			when: func(c *Case) []string {
				u, _ := c.Now.User().Get()
				if !u.Stopped.Or(false) {
					return nil
				}
				if u.NotLaunched.Or(false) {
					return say("package %s: stopped=true notLaunched=true", c.Now.App.Package)
				}
				return say("package %s: stopped=true", c.Now.App.Package)
			},
		},
		rule{
			id: "app.killed", sentence: "the system ended the app's process in the middle of the call",
			remedy: "hold a foreground service of type phoneCall while a call rings or goes on",
			only:   []string{"process.", "telecom.call", "notification.", "screen.", "window."},
			when: func(c *Case) []string {
				if pids, ok := c.Now.PIDs.Get(); !ok || len(pids) > 0 || c.Crashed != "" {
					return nil
				}
				if r := c.Now.LastRecord(); r != nil && c.failed("telecom.call") {
					if why, ok := r.Cause().Get(); ok && why.Code != "ERROR" && why.Code != "UNKNOWN" {
						return nil // the app had ended the call: Telecom's word for a dead one is ERROR
					}
				}
				for _, e := range c.Now.Exits.Exits.Or(nil) {
					if e.Package == c.Now.App.Package && c.recent(e.Timestamp) {
						return say("exit-info: %s %s at %s", e.Reason, e.Subreason, e.Timestamp)
					}
				}
				return nil
			},
		},
	)
}

// first is the words of the first row of crashes that fits, "" if none does.
func first(crash string) string {
	for _, cr := range crashes {
		if strings.Contains(crash, cr.words) {
			return cr.words
		}
	}
	return ""
}

// recent reports whether a time stamp of the exit records, "2026-03-02
// 09:07:11.123" or without the fraction, in the phone's zone, is not before the
// last push. Without a push everything is old.
func (c *Case) recent(stamp string) bool {
	if c.Since.IsZero() || len(stamp) < len("2006-01-02 15:04:05") {
		return false
	}
	return stamp[:len("2006-01-02 15:04:05")] >= c.Since.Format("2006-01-02 15:04:05")
}
