package diagnose_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/harness/diagnose"
	"github.com/ringproof/ringproof/harness/dumpsys/activity"
	"github.com/ringproof/ringproof/harness/dumpsys/appops"
	"github.com/ringproof/ringproof/harness/dumpsys/audio"
	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/logcat"
	"github.com/ringproof/ringproof/harness/dumpsys/notification"
	"github.com/ringproof/ringproof/harness/dumpsys/packages"
	"github.com/ringproof/ringproof/harness/dumpsys/power"
	"github.com/ringproof/ringproof/harness/dumpsys/standby"
	"github.com/ringproof/ringproof/harness/dumpsys/telecom"
	"github.com/ringproof/ringproof/harness/dumpsys/trust"
	"github.com/ringproof/ringproof/harness/dumpsys/users"
	"github.com/ringproof/ringproof/harness/dumpsys/window"
	"github.com/ringproof/ringproof/harness/facts"
	"github.com/ringproof/ringproof/reports/record"
)

const pkg = "org.example.voip"

// healthy is a phone on which nothing is wrong: every rule must be silent.
func healthy() diagnose.Case {
	return diagnose.Case{
		API: 34, FullScreen: true, Wanted: []string{"android.permission.RECORD_AUDIO"},
		Since:  time.Date(2026, 3, 2, 9, 7, 11, 0, time.UTC),
		Pushes: []diagnose.Push{{Name: "initiated", Kind: diagnose.Ring, Accepted: true, Receipt: "accepted"}},
		Now: facts.Snapshot{
			App: facts.App{
				Package: pkg, CallChannel: "calls", OngoingChannel: "ongoing", MissedChannel: "missed",
				Incoming: pkg + ".Incoming", Call: pkg + ".Call",
			},
			PIDs: fact.Of([]int{4711}, 1),
			Packages: packages.Facts{Packages: fact.Of([]packages.Package{{
				Name:      pkg,
				Requested: fact.Of([]string{"android.permission.MANAGE_OWN_CALLS", "android.permission.USE_FULL_SCREEN_INTENT", "android.permission.POST_NOTIFICATIONS", "android.permission.RECORD_AUDIO"}, 1),
				Users: fact.Of([]packages.User{{
					Installed: fact.Of(true, 1), Stopped: fact.Of(false, 1), NotLaunched: fact.Of(false, 1), Enabled: fact.Of(0, 1),
					Hidden: fact.Of(false, 1), Suspended: fact.Of(false, 1),
					Runtime: fact.Of([]packages.Permission{
						{Name: "android.permission.POST_NOTIFICATIONS", Granted: true}, {Name: "android.permission.RECORD_AUDIO", Granted: true},
					}, 1),
				}}, 1),
			}}, 1)},
			Telecom: telecom.Facts{
				Calls: fact.Of([]telecom.Call{{ID: "TC@1", State: telecom.Ringing, Package: fact.Of(pkg, 1)}}, 1),
				Accounts: fact.Of([]telecom.Account{{
					AccountHandle: telecom.AccountHandle{Package: pkg, Class: pkg + ".Service", ID: "***"}, Enabled: true, Capabilities: []string{"SelfManaged"},
				}}, 1),
				History: fact.Of([]telecom.Record{{
					ID: "TC@1", SelfManaged: true, Account: fact.Of(telecom.AccountHandle{Package: pkg}, 1),
					Events: []telecom.Event{{At: 9*time.Hour + 7*time.Minute + 12*time.Second, Name: "CREATED"}},
				}}, 1),
			},
			Notification: notification.Facts{Posted: fact.Of([]notification.Record{{
				Key: "0|" + pkg + "|1", Package: pkg, Channel: fact.Of("calls", 1), Category: fact.Of("call", 1),
				Importance: fact.Of(notification.ImportanceHigh, 1), FullScreen: fact.Of(notification.FullScreenPresent, 1),
				Template: fact.Of("android.app.Notification$CallStyle", 1), Intercepted: fact.Of(false, 1),
				Actions: fact.Of([]notification.Action{{Title: "Answer", Starts: "startActivity"}}, 1),
			}}, 1)},
			Window: window.Facts{Keyguard: window.Keyguard{Showing: fact.Of(true, 1), Occluded: fact.Of(true, 1)}},
			Power:  power.Facts{StayOnPlugged: fact.Of(0, 1), WakeLocks: fact.Of([]power.WakeLock{}, 1)},
			Audio:  audio.Facts{ZenMode: fact.Of("ZEN_MODE_OFF", 1), RingerModeExternal: fact.Of("NORMAL", 1), Mode: fact.Of(audio.Ringtone, 1)},
			AppOps: appops.Facts{Ops: fact.Of([]appops.Op{{Name: "USE_FULL_SCREEN_INTENT", Mode: appops.Allow}}, 1)},
			Activity: activity.Facts{
				Resumed: fact.Of(activity.Activity{Package: pkg, Class: pkg + ".Incoming"}, 1),
				Tasks:   fact.Of([]activity.Task{{Activities: []activity.Activity{{Package: pkg, Class: pkg + ".Incoming"}}}}, 1),
			},
		},
	}
}

func ids(causes []record.Cause) []string {
	var out []string
	for _, c := range causes {
		out = append(out, c.ID)
	}
	return out
}

// findings are the facts that scenarios fail by.
var findings = []string{
	"", "telecom.call", "telecom.no-call", "telecom.cause", "notification.call", "notification.none", "notification.button", "screen.button",
	"audio.mode", "activity.call-screen", "activity.no-call-screen", "process.alive", "window.over-keyguard", "keyguard.locked", "push.receipt",
}

// A phone on which all is well supports no cause, whatever is asked.
func TestHealthyPhoneHasNoCause(t *testing.T) {
	for _, f := range findings {
		c := healthy()
		c.Finding.Fact = f
		got := ids(diagnose.Causes(c))
		// The call rings in this case: only findings that wanted silence may say so.
		if f == "notification.none" || f == "telecom.no-call" || f == "telecom.cause" || f == "activity.no-call-screen" {
			continue
		}
		if len(got) > 0 {
			t.Errorf("finding %q: %v", f, got)
		}
	}
}

// A phone that told nothing supports no cause either.
func TestNothingKnownNothingSaid(t *testing.T) {
	for _, f := range findings {
		c := diagnose.Case{API: 34, FullScreen: true, Wanted: []string{"x"}, Finding: record.Finding{Fact: f}, Now: facts.Snapshot{App: facts.App{Package: pkg}}}
		if got := ids(diagnose.Causes(c)); len(got) > 0 {
			t.Errorf("finding %q: %v", f, got)
		}
	}
}

func user(c *diagnose.Case) *packages.User {
	return &c.Now.Packages.Packages.Or(nil)[0].Users.Or(nil)[0]
}
func posted(c *diagnose.Case) *notification.Record {
	return &c.Now.Notification.Posted.Or(nil)[0]
}
func noNotification(c *diagnose.Case) {
	c.Now.Notification.Posted = fact.Of([]notification.Record{}, 1)
}
func noCall(c *diagnose.Case) { c.Now.Telecom.Calls = fact.Of([]telecom.Call{}, 1) }
func state(s telecom.State) func(*diagnose.Case) {
	return func(c *diagnose.Case) { c.Now.Telecom.Calls.Or(nil)[0].State = s }
}
func event(name, data string) func(*diagnose.Case) {
	return func(c *diagnose.Case) {
		r := &c.Now.Telecom.History.Or(nil)[0]
		r.Events = append(r.Events, telecom.Event{At: 10 * time.Hour, Name: name, Data: data})
	}
}
func firstHistory(c *diagnose.Case) { c.Now.Telecom.History = healthy().Now.Telecom.History }
func noScreen(c *diagnose.Case) {
	c.Now.Activity.Tasks = fact.Of([]activity.Task{}, 1)
	c.Now.Activity.Resumed = fact.Of(activity.Activity{Package: "launcher", Class: "launcher.Home"}, 1)
}
func logged(msg string) func(*diagnose.Case) {
	return func(c *diagnose.Case) { c.Log = append(c.Log, logcat.Line{Tag: "ActivityTaskManager", Msg: msg}) }
}
func op(name string, m appops.Mode) func(*diagnose.Case) {
	return func(c *diagnose.Case) { c.Now.AppOps.Ops = fact.Of([]appops.Op{{Name: name, Mode: m}}, 1) }
}
func refusedPush(c *diagnose.Case) {
	c.Pushes[0].Accepted = false
	noCall(c)
	noNotification(c)
}
func stopPush(c *diagnose.Case) {
	c.Pushes = append(c.Pushes, diagnose.Push{Name: "cancelled", Kind: diagnose.Stop, Accepted: true, Receipt: "accepted"})
}
func crashed(words string) func(*diagnose.Case) {
	return func(c *diagnose.Case) {
		c.Crashed = "the app crashed at 09:07:12: " + words
		noCall(c)
		noNotification(c)
	}
}

func wakeLock(of string) func(*diagnose.Case) {
	return func(c *diagnose.Case) {
		c.Now.Power.WakeLocks = fact.Of([]power.WakeLock{{Kind: "PARTIAL_WAKE_LOCK", Tag: "x:y", Package: fact.Of(of, 1)}}, 1)
	}
}

func focus(of string) func(*diagnose.Case) {
	return func(c *diagnose.Case) {
		c.Now.Window.Focus = fact.Of(window.Focus{Kind: window.Activity, Package: of, Title: of + "/.Main"}, 1)
	}
}

// otherRecord is another call of the app with an event.
func otherRecord(name, data string, at time.Duration) func(*diagnose.Case) {
	return func(c *diagnose.Case) {
		mine := c.Now.Telecom.History.Or(nil)
		other := telecom.Record{ID: "TC@0", SelfManaged: true, Account: mine[0].Account, Events: []telecom.Event{{At: at, Name: name, Data: data}}}
		c.Now.Telecom.History = fact.Of([]telecom.Record{other, mine[len(mine)-1]}, 1)
	}
}

// lineCall adds a live call of the phone's own line.
func lineCall(capabilities []string) func(*diagnose.Case) {
	return func(c *diagnose.Case) {
		k := telecom.Call{ID: "TC@9", State: telecom.Active, SelfManaged: fact.Of(false, 1), Package: fact.Of("com.android.phone", 1), Capabilities: fact.Of(capabilities, 1)}
		c.Now.Telecom.Calls = fact.Of(append(c.Now.Telecom.Calls.Or(nil), k), 1)
	}
}

func lineRecord(event string) func(*diagnose.Case) {
	return func(c *diagnose.Case) {
		r := telecom.Record{ID: "TC@9", Events: []telecom.Event{{At: 10 * time.Hour, Name: event}}}
		c.Now.Telecom.History = fact.Of(append(c.Now.Telecom.History.Or(nil), r), 1)
	}
}

func missed(c *diagnose.Case) {
	c.Now.Notification.Posted = fact.Of([]notification.Record{{Key: "0|" + pkg + "|2", Package: pkg, Channel: fact.Of("missed", 1)}}, 1)
}

const local = "disconnected set explicitly> DisconnectCause [ Code: (LOCAL) Label: () Description: () Reason: () Tone: (-1)  TelephonyCause: 36/65535 ImsReasonInfo: null]"

const declined = "disconnected set explicitly> DisconnectCause [ Code: (REJECTED) Label: () Description: () Reason: () Tone: (-1)  TelephonyCause: 36/65535 ImsReasonInfo: null]"

const remote = "disconnected set explicitly> DisconnectCause [ Code: (REMOTE) Label: () Description: () Reason: () Tone: (-1)  TelephonyCause: 36/65535 ImsReasonInfo: null]"

const ended = "disconnected set explicitly> DisconnectCause [ Code: (ERROR) Label: () Description: () Reason: (no session) Tone: (-1)  TelephonyCause: 36/65535 ImsReasonInfo: null]"

// cases is every rule: what makes it speak, and the least that must change to
// make it silent.
var cases = []struct {
	id, finding string
	make        []func(*diagnose.Case)
	near        func(*diagnose.Case)
}{
	{"app.not-installed", "", []func(*diagnose.Case){func(c *diagnose.Case) {
		c.Now.Packages = packages.Facts{Packages: fact.Of([]packages.Package{}, 1), Missing: []string{pkg}}
	}}, func(c *diagnose.Case) { c.Now.Packages.Missing = []string{"another"} }},
	{"app.disabled", "", []func(*diagnose.Case){func(c *diagnose.Case) { user(c).Enabled = fact.Of(3, 1) }},
		func(c *diagnose.Case) { user(c).Enabled = fact.Of(1, 1) }},
	{"crash.account-capabilities", "process.alive", []func(*diagnose.Case){crashed("java.lang.SecurityException: Self-managed ConnectionServices cannot also be call capable, connection managers, or SIM accounts.")},
		func(c *diagnose.Case) { c.Crashed = "" }},
	{"crash.parcelable-extras", "telecom.call", []func(*diagnose.Case){crashed("android.os.BadParcelableException: ClassNotFoundException when unmarshalling: org.example.CallData")},
		func(c *diagnose.Case) { c.Crashed = "" }},
	{"crash.foreground-service-start", "telecom.call", []func(*diagnose.Case){crashed("android.app.ForegroundServiceStartNotAllowedException: startForegroundService() not allowed due to mAllowStartForeground false")},
		func(c *diagnose.Case) { c.Crashed = "" }},
	{"crash.callstyle", "notification.call", []func(*diagnose.Case){crashed("java.lang.IllegalArgumentException: CallStyle notifications must be for a foreground service or user initated job or use a fullScreenIntent.")},
		func(c *diagnose.Case) { c.Crashed = "" }},
	{"crash.permission", "telecom.call", []func(*diagnose.Case){crashed("java.lang.SecurityException: getCallState requires READ_PHONE_STATE")},
		func(c *diagnose.Case) { c.Crashed = "java.lang.NullPointerException" }},
	{"crash.other", "telecom.call", []func(*diagnose.Case){crashed("java.lang.NullPointerException")},
		func(c *diagnose.Case) { c.Crashed = "java.lang.SecurityException: no" }},
	{"app.not-responding", "telecom.call", []func(*diagnose.Case){func(c *diagnose.Case) {
		c.Now.Window.Focus = fact.Of(window.Focus{Kind: window.NotResponding, Title: "Application Not Responding: " + pkg, Package: pkg}, 1)
	}}, func(c *diagnose.Case) {
		c.Now.Window.Focus = fact.Of(window.Focus{Kind: window.NotResponding, Title: "Application Not Responding: other", Package: "other"}, 1)
	}},
	{"app.stopped", "", []func(*diagnose.Case){func(c *diagnose.Case) { user(c).Stopped = fact.Of(true, 1) }},
		func(c *diagnose.Case) { user(c).Stopped = fact.Unknown[bool]() }},
	{"app.killed", "telecom.call", []func(*diagnose.Case){func(c *diagnose.Case) {
		c.Now.PIDs = fact.Of([]int{}, 1)
		c.Now.Exits.Exits = fact.Of([]activity.Exit{{Package: pkg, Reason: "LOW MEMORY", Timestamp: "2026-03-02 09:07:12.500"}}, 1)
	}}, func(c *diagnose.Case) { c.Now.Exits.Exits.Or(nil)[0].Timestamp = "2026-03-02 09:07:10.999" }},
	{"push.no-receiver", "push.receipt", []func(*diagnose.Case){refusedPush}, func(c *diagnose.Case) { c.Pushes[0].Accepted = true; c.Finding.Fact = "push.receipt" }},
	{"push.denied", "push.receipt", []func(*diagnose.Case){refusedPush, logged("Permission Denial: broadcasting Intent { act=com.google.android.c2dm.intent.RECEIVE pkg=" + pkg + " } from null requires com.google.android.c2dm.permission.SEND due to receiver " + pkg + "/x")},
		func(c *diagnose.Case) { c.Log = nil }},
	{"push.deprioritised", "telecom.call", []func(*diagnose.Case){func(c *diagnose.Case) { c.Pushes[0].Normal = true }}, func(c *diagnose.Case) { c.Pushes[0].Normal = false }},
	{"battery.background-restricted", "", []func(*diagnose.Case){op("RUN_ANY_IN_BACKGROUND", appops.Ignore)}, op("RUN_ANY_IN_BACKGROUND", appops.Default)},
	{"battery.standby-bucket", "", []func(*diagnose.Case){func(c *diagnose.Case) { c.Now.Standby.Bucket = fact.Of(standby.Rare, 1) }},
		func(c *diagnose.Case) { c.Now.Standby.Bucket = fact.Of(standby.Frequent, 1) }},
	{"doze.deep", "telecom.call", []func(*diagnose.Case){func(c *diagnose.Case) { c.Now.Idle.Deep = fact.Of("IDLE", 1) }},
		func(c *diagnose.Case) { c.Now.Idle.Deep = fact.Of("ACTIVE", 1) }},
	{"telecom.account-missing", "", []func(*diagnose.Case){func(c *diagnose.Case) { c.Now.Telecom.Accounts = fact.Of([]telecom.Account{}, 1) }},
		func(c *diagnose.Case) { c.Now.Telecom.Accounts = fact.Unknown[[]telecom.Account]() }},
	{"telecom.account-disabled", "", []func(*diagnose.Case){func(c *diagnose.Case) { c.Now.Telecom.Accounts.Or(nil)[0].Enabled = false }},
		func(c *diagnose.Case) { c.Now.Telecom.Accounts.Or(nil)[0].Enabled = true }},
	{"telecom.account-managed", "", []func(*diagnose.Case){func(c *diagnose.Case) { c.Now.Telecom.Accounts.Or(nil)[0].Capabilities = []string{"CallProvider"} }},
		func(c *diagnose.Case) {
			c.Now.Telecom.Accounts.Or(nil)[0].Capabilities = []string{"SelfManaged", "TransactOps"}
		}},
	{"app.announces-twice", "notification.once", []func(*diagnose.Case){event("CREATE_CONNECTION_FAILED", "busy"), func(c *diagnose.Case) { c.Pushes[0].Again = true }},
		func(c *diagnose.Case) { c.Pushes[0].Again = false }},
	{"telecom.second-ringing-call", "telecom.call", []func(*diagnose.Case){event("CREATE_CONNECTION_FAILED", "busy")},
		func(c *diagnose.Case) { state(telecom.Active)(c) }},
	{"telecom.connection-timeout", "telecom.call", []func(*diagnose.Case){event("CREATE_CONNECTION_TIMEOUT", "")}, firstHistory},
	{"telecom.connection-failed", "telecom.call", []func(*diagnose.Case){noCall, event("CREATE_CONNECTION_FAILED", "")}, firstHistory},
	{"telecom.stuck-call", "", []func(*diagnose.Case){func(c *diagnose.Case) { c.Now.Telecom.Calls.Or(nil)[0].Package = fact.Of("other.app", 1) }},
		func(c *diagnose.Case) { c.Now.Telecom.Calls.Or(nil)[0].Package = fact.Unknown[string]() }},
	{"telecom.emergency-call", "notification.buttons", []func(*diagnose.Case){noCall, lineCall([]string{"mut"}), event("CREATE_CONNECTION_FAILED", "")},
		func(c *diagnose.Case) { noCall(c); lineCall([]string{"hld", "sup_hld", "mut"})(c) }},
	{"app.touches-line", "telecom.cellular", []func(*diagnose.Case){lineRecord("REQUEST_ACCEPT")}, func(c *diagnose.Case) {
		firstHistory(c)
		lineRecord("SET_DISCONNECTED")(c)
	}},
	{"app.not-held", "telecom.call", []func(*diagnose.Case){state(telecom.Active), event("REQUEST_HOLD", "Swap with TC@2")}, event("SET_HOLD", "")},
	{"app.refuses-answer", "telecom.call", []func(*diagnose.Case){noCall, event("REQUEST_ACCEPT", ""), event("SET_DISCONNECTED", declined)}, event("SET_ACTIVE", "")},
	{"app.keeps-call", "telecom.no-call", []func(*diagnose.Case){state(telecom.Active), noNotification, noScreen}, state(telecom.Ringing)},
	{"telecom.dropped", "telecom.call", []func(*diagnose.Case){noCall, event("SET_DISCONNECTED", ended), func(c *diagnose.Case) { c.Answered = true }},
		func(c *diagnose.Case) { c.Answered = false }},
	{"permission.manage-own-calls", "", []func(*diagnose.Case){func(c *diagnose.Case) {
		c.Now.Packages.Packages.Or(nil)[0].Requested = fact.Of([]string{"android.permission.USE_FULL_SCREEN_INTENT"}, 1)
	}}, func(c *diagnose.Case) { c.Now.Packages.Packages.Or(nil)[0].Requested = fact.Unknown[[]string]() }},
	{"permission.full-screen-intent-undeclared", "", []func(*diagnose.Case){func(c *diagnose.Case) {
		c.Now.Packages.Packages.Or(nil)[0].Requested = fact.Of([]string{"android.permission.MANAGE_OWN_CALLS"}, 1)
	}}, func(c *diagnose.Case) { c.API = 28 }},
	{"permission.full-screen-intent-denied", "", []func(*diagnose.Case){op("USE_FULL_SCREEN_INTENT", appops.Deny)}, op("USE_FULL_SCREEN_INTENT", appops.Default)},
	{"permission.xiaomi-lock-screen", "", []func(*diagnose.Case){op("MIUIOP(10020)", appops.Ignore)}, op("MIUIOP(10020)", appops.Allow)},
	{"permission.xiaomi-pop-up", "", []func(*diagnose.Case){op("MIUIOP(10021)", appops.Ignore)}, op("MIUIOP(10020)", appops.Allow)},
	{"permission.post-notifications", "", []func(*diagnose.Case){func(c *diagnose.Case) { user(c).Runtime.Or(nil)[0].Granted = false }}, func(c *diagnose.Case) { c.API = 32 }},
	{"permission.notifications-off", "", []func(*diagnose.Case){func(c *diagnose.Case) { c.API = 30 }, op("POST_NOTIFICATION", appops.Ignore)}, op("POST_NOTIFICATION", appops.Allow)},
	{"permission.runtime", "", []func(*diagnose.Case){func(c *diagnose.Case) { user(c).Runtime.Or(nil)[1].Granted = false }},
		func(c *diagnose.Case) { c.Wanted = nil }},
	{"dnd.intercepted", "notification.call", []func(*diagnose.Case){func(c *diagnose.Case) { posted(c).Intercepted = fact.Of(true, 1) }},
		func(c *diagnose.Case) { posted(c).Intercepted = fact.Unknown[bool]() }},
	{"dnd.on", "", []func(*diagnose.Case){func(c *diagnose.Case) { c.Now.Audio.ZenMode = fact.Of("ZEN_MODE_NO_INTERRUPTIONS", 1) }},
		func(c *diagnose.Case) { c.Now.Audio.ZenMode = fact.Of("ZEN_MODE_OFF", 1) }},
	{"ringer.silent", "audio.mode", []func(*diagnose.Case){func(c *diagnose.Case) { c.Now.Audio.RingerModeExternal = fact.Of("VIBRATE", 1) }},
		func(c *diagnose.Case) { c.Now.Audio.RingerModeExternal = fact.Of("NORMAL", 1) }},
	{"channel.quiet", "notification.call", []func(*diagnose.Case){func(c *diagnose.Case) { posted(c).Importance = fact.Of(notification.ImportanceLow, 1) }},
		func(c *diagnose.Case) { posted(c).Channel = fact.Of("ongoing", 1) }},
	{"user.locked", "", []func(*diagnose.Case){func(c *diagnose.Case) {
		c.Now.Users.Users = fact.Of([]users.User{{ID: 0, State: fact.Of("RUNNING_LOCKED", 1)}}, 1)
	}}, func(c *diagnose.Case) { c.Now.Users.Users.Or(nil)[0].State = fact.Of("RUNNING_UNLOCKED", 1) }},
	{"screen.kept-on", "keyguard.locked", []func(*diagnose.Case){func(c *diagnose.Case) { c.Now.Power.StayOnPlugged = fact.Of(7, 1) }},
		func(c *diagnose.Case) { c.Now.Power.Powered = fact.Of(false, 1) }},
	{"trust.agent", "keyguard.locked", []func(*diagnose.Case){func(c *diagnose.Case) {
		c.Now.Trust.Users = fact.Of([]trust.User{{Current: true, Trusted: fact.Of(true, 1)}}, 1)
	}}, func(c *diagnose.Case) { c.Now.Trust.Users.Or(nil)[0].Trusted = fact.Of(false, 1) }},
	{"app.trampoline", "telecom.call", []func(*diagnose.Case){logged("Indirect notification activity start (trampoline) from " + pkg + " blocked")}, func(c *diagnose.Case) { c.Log = nil }},
	{"app.background-start", "activity.call-screen", []func(*diagnose.Case){logged("Background activity launch blocked! [callingPackage: " + pkg + "; ...]")}, func(c *diagnose.Case) { c.Log[0].Msg = "Background activity launch blocked! [callingPackage: other" }},
	{"app.foreground-service-blocked", "", []func(*diagnose.Case){logged("startForegroundService() not allowed due to mAllowStartForeground false: service " + pkg + "/.CallService")}, func(c *diagnose.Case) { c.Log = nil }},
	{"app.restarted", "process.same", nil, func(c *diagnose.Case) { c.Finding.Fact = "process.alive" }},
	{"app.two-calls", "telecom.call", []func(*diagnose.Case){func(c *diagnose.Case) {
		one := c.Now.Telecom.Calls.Or(nil)[0]
		c.Now.Telecom.Calls = fact.Of([]telecom.Call{one, one}, 1)
	}}, func(c *diagnose.Case) { c.Now.Telecom.Calls.Or(nil)[1].State = telecom.Disconnected }},
	{"app.ignores-stop", "telecom.no-call", []func(*diagnose.Case){stopPush}, func(c *diagnose.Case) { c.Pushes[1].Kind = diagnose.Other }},
	{"app.rings-for-others", "telecom.no-call", []func(*diagnose.Case){func(c *diagnose.Case) { c.Pushes[0].Kind = diagnose.Other }}, func(c *diagnose.Case) { c.Pushes[0].Kind = diagnose.Ring }},
	{"app.rings-again", "telecom.no-call", []func(*diagnose.Case){func(c *diagnose.Case) { c.Pushes[0].Again = true }}, func(c *diagnose.Case) { c.Pushes[0].Again = false }},
	{"app.rings-late", "telecom.no-call", []func(*diagnose.Case){func(c *diagnose.Case) { c.Pushes[0].Late = 10 * time.Minute }}, func(c *diagnose.Case) { c.Pushes[0].Late = 59 * time.Second }},
	{"app.no-ring-timeout", "telecom.no-call", []func(*diagnose.Case){func(c *diagnose.Case) { c.Now.Wall = c.Since.Add(61 * time.Second) }},
		func(c *diagnose.Case) { c.Now.Wall = c.Since.Add(59 * time.Second) }},
	{"app.ends-answered", "telecom.call", []func(*diagnose.Case){noCall, stopPush, event("SET_ACTIVE", ""), event("SET_DISCONNECTED", remote)},
		func(c *diagnose.Case) { c.Pushes[1].Kind = diagnose.Ring }},
	{"app.takes-screen", "app.background", nil, func(c *diagnose.Case) {
		c.Now.Activity.Resumed = fact.Of(activity.Activity{Package: pkg, Class: pkg + ".Main"}, 1)
	}},
	{"app.not-silenced", "notification.hushed", []func(*diagnose.Case){event("SILENCE", "")}, func(c *diagnose.Case) {
		noNotification(c)
		firstHistory(c)
	}},
	{"app.dismissible-ongoing", "notification.ongoing", []func(*diagnose.Case){
		state(telecom.Active), noNotification,
		func(c *diagnose.Case) {
			c.Log = []logcat.Line{{Tag: "notification_canceled", Msg: "[0|" + pkg + "|7|null|10100,2,0,0,9,-1,-1,NULL]"}}
		},
	}, func(c *diagnose.Case) { c.Log[0].Msg = "[0|" + pkg + "|7|null|10100,8,0,0,9,-1,-1,NULL]" }},
	{"app.no-foreground-service", "notification.ongoing", []func(*diagnose.Case){state(telecom.Active), noNotification}, state(telecom.Ringing)},
	{"app.leftover-notification", "notification.none", []func(*diagnose.Case){noCall}, func(c *diagnose.Case) { c.Now.Telecom.Calls = healthy().Now.Telecom.Calls }},
	{"app.leftover-screen", "activity.no-call-screen", []func(*diagnose.Case){noCall}, noScreen},
	{"app.ignored-push-in-front", "telecom.call", []func(*diagnose.Case){noCall, noNotification, func(c *diagnose.Case) { c.Now.Telecom.History = fact.Of([]telecom.Record{}, 1) }}, noScreen},
	{"app.ignored-push", "telecom.call", []func(*diagnose.Case){noCall, noNotification, noScreen, func(c *diagnose.Case) { c.Now.Telecom.History = fact.Of([]telecom.Record{}, 1) }},
		firstHistory},
	{"app.no-incoming-ui", "notification.call", []func(*diagnose.Case){noNotification}, noCall},
	{"app.no-full-screen-intent", "window.over-keyguard", []func(*diagnose.Case){func(c *diagnose.Case) { posted(c).FullScreen = fact.Of(notification.FullScreenAbsent, 1) }},
		func(c *diagnose.Case) { posted(c).FullScreen = fact.Unknown[notification.FullScreenIntent]() }},
	{"app.hidden-by-keyguard", "window.over-keyguard", []func(*diagnose.Case){func(c *diagnose.Case) { c.Now.Window.Keyguard.Occluded = fact.Of(false, 1) }}, noScreen},
	{"app.no-call-style", "notification.button", []func(*diagnose.Case){func(c *diagnose.Case) { posted(c).Template = fact.Of("", 1) }}, func(c *diagnose.Case) { c.API = 30 }},
	{"app.not-answered", "telecom.call", []func(*diagnose.Case){event("REQUEST_ACCEPT", "")}, event("SET_ACTIVE", "")},
	{"app.no-call-screen", "activity.call-screen", []func(*diagnose.Case){state(telecom.Active), noScreen}, state(telecom.OnHold)},
	{"app.audio-mode", "audio.mode", []func(*diagnose.Case){state(telecom.Active)}, func(c *diagnose.Case) { c.Now.Audio.Mode = fact.Of(audio.InCommunication, 1) }},
	{"app.audio-left", "audio.mode", []func(*diagnose.Case){noCall, func(c *diagnose.Case) { c.Now.Audio.Mode = fact.Of(audio.InCommunication, 1) }},
		func(c *diagnose.Case) { c.Now.Audio.Mode = fact.Of(audio.Normal, 1) }},
	{"app.ends-others", "telecom.call", []func(*diagnose.Case){event("SET_DISCONNECTED", declined), otherRecord("SET_DISCONNECTED", local, 10*time.Hour)},
		func(c *diagnose.Case) { otherRecord("SET_DISCONNECTED", local, 10*time.Hour-2*time.Second)(c) }},
	{"app.tells-missed", "notification.no-missed", []func(*diagnose.Case){noCall, missed, event("SET_DISCONNECTED", declined)}, noNotification},
	{"app.ended-itself", "telecom.call", []func(*diagnose.Case){noCall, event("SET_ACTIVE", ""), event("SET_DISCONNECTED", local)}, stopPush},
	{"app.not-ended", "telecom.no-call", []func(*diagnose.Case){event("REQUEST_REJECT", "")}, noCall},
	{"app.ignores-speaker", "audio.route", []func(*diagnose.Case){state(telecom.Active), func(c *diagnose.Case) { c.Routed = true }},
		func(c *diagnose.Case) { c.Routed = false }},
	{"app.moves-route", "audio.route", []func(*diagnose.Case){event("AUDIO_ROUTE_BT", ""), event("AUDIO_ROUTE_EARPIECE", "")}, func(c *diagnose.Case) {
		firstHistory(c)
		for _, e := range [][2]string{{"AUDIO_ROUTE_HEADSET", ""}, {"AUDIO_ROUTE", "Wired headset disconnected"}, {"AUDIO_ROUTE_EARPIECE", ""}} {
			event(e[0], e[1])(c)
		}
	}},
	{"app.own-ringtone", "audio.ringtone", []func(*diagnose.Case){func(c *diagnose.Case) {
		c.Now.Audio.FocusStack = fact.Of([]audio.Focus{{Package: pkg, Usage: "USAGE_NOTIFICATION_RINGTONE"}}, 1)
	}}, func(c *diagnose.Case) { c.Now.Audio.FocusStack.Or(nil)[0].Usage = "USAGE_MEDIA" }},
	{"app.focus-left", "media.playing", []func(*diagnose.Case){noCall, func(c *diagnose.Case) {
		c.Now.Audio.FocusStack = fact.Of([]audio.Focus{{Package: pkg, Gain: "GAIN"}}, 1)
	}}, func(c *diagnose.Case) { c.Now.Audio.FocusStack.Or(nil)[0].Package = "music" }},
	{"app.soundless", "notification.sound", []func(*diagnose.Case){func(c *diagnose.Case) {
		posted(c).Effective = fact.Of(notification.Channel{ID: "calls", Sound: fact.Of("", 1)}, 1)
	}}, func(c *diagnose.Case) {
		posted(c).Effective = fact.Of(notification.Channel{ID: "calls", Sound: fact.Of("content://ringtone", 1)}, 1)
	}},
	{"app.rings-itself", "audio.one-ringtone", []func(*diagnose.Case){func(c *diagnose.Case) {
		c.Now.PIDs = fact.Of([]int{4711}, 1)
		c.Now.Audio.Players = fact.Of([]audio.Player{{ID: 111, PID: 4711, State: "started", Usage: "USAGE_NOTIFICATION_RINGTONE"}}, 1)
	}}, func(c *diagnose.Case) { c.Now.Audio.Players.Or(nil)[0].State = "paused" }},
	{"app.ends-elsewhere", "trace.declined", []func(*diagnose.Case){func(c *diagnose.Case) {
		c.Ended, c.Finding.Seen = true, "its server told that the call is over for all, by the trace's backendEnd"
	}}, func(c *diagnose.Case) { c.Ended = false }},
	{"app.declines-elsewhere", "trace.late-decline", []func(*diagnose.Case){func(c *diagnose.Case) {
		c.Ended, c.Finding.Seen = true, "TC@2 ended by OTHER, and its server was told that it was declined, by the trace's backendReject"
	}}, func(c *diagnose.Case) { c.Ended = false }},
	{"app.declines-silently", "trace.declined", []func(*diagnose.Case){func(c *diagnose.Case) {
		c.Ended, c.Finding.Seen = true, "nothing of it among what the app traced of the call: onMessageReceived"
	}}, func(c *diagnose.Case) { c.Ended = false }},
	{"app.tells-twice", "notification.once", []func(*diagnose.Case){func(c *diagnose.Case) {
		c.Now.Notification.Posted = fact.Of(append(c.Now.Notification.Posted.Or(nil), notification.Record{Key: "chat", Package: pkg}), 1)
	}}, func(c *diagnose.Case) {
		c.Now.Notification.Posted = fact.Of(c.Now.Notification.Posted.Or(nil)[:1], 1)
	}},
	{"app.unusable-button", "screen.label", []func(*diagnose.Case){func(c *diagnose.Case) { c.Finding.Seen = "neither" }}, func(c *diagnose.Case) { c.Finding.Seen = "" }},
	{"app.proximity-early", "power.proximity", []func(*diagnose.Case){func(c *diagnose.Case) {
		c.Now.Power.WakeLocks = fact.Of([]power.WakeLock{{Kind: "PROXIMITY_SCREEN_OFF_WAKE_LOCK", Tag: "x"}}, 1)
	}}, func(c *diagnose.Case) {
		c.Now.Power.WakeLocks = fact.Of([]power.WakeLock{{Kind: "PARTIAL_WAKE_LOCK", Tag: "x"}}, 1)
	}},
	{"app.rings-slowly", "latency.ringing", []func(*diagnose.Case){event("CREATED", "")}, func(c *diagnose.Case) { c.Pushes[0].Normal = true }},
	{"app.answer-declines", "telecom.call", []func(*diagnose.Case){noCall, event("SET_DISCONNECTED", declined), func(c *diagnose.Case) { c.Answered = true }},
		func(c *diagnose.Case) { c.Answered = false }},
	{"app.drops-ring", "telecom.call", []func(*diagnose.Case){noCall, event("SET_DISCONNECTED", local)}, func(c *diagnose.Case) { c.Ended = true }},
	{"app.loses-waiting", "telecom.waiting+notification.buttons", []func(*diagnose.Case){state(telecom.Active)}, noCall},
	{"app.no-missed", "notification.missed", []func(*diagnose.Case){noCall, noNotification}, missed},
	{"app.rings-unasked", "telecom.no-call", []func(*diagnose.Case){func(c *diagnose.Case) { c.Pushes = nil }}, func(c *diagnose.Case) {
		c.Pushes = healthy().Pushes
	}},
	{"app.wake-lock-left", "power.wake-lock", []func(*diagnose.Case){noCall, wakeLock(pkg)}, wakeLock("com.android.systemui")},
	{"app.over-keyguard", "keyguard.covers", []func(*diagnose.Case){focus(pkg)}, focus("com.android.camera")},
	{"app.shows-others", "notification.none", []func(*diagnose.Case){noCall, func(c *diagnose.Case) { c.Pushes[0].Kind = diagnose.Other }},
		func(c *diagnose.Case) { c.Pushes[0].Accepted = false }},
	{"app.calls-outside-telecom", "telecom.call", []func(*diagnose.Case){noCall, placed, func(c *diagnose.Case) { c.Now.Telecom.History = fact.Of([]telecom.Record{}, 1) }},
		func(c *diagnose.Case) { c.Placed = false }},
	{"app.active-unanswered", "telecom.call", []func(*diagnose.Case){placed, state(telecom.Active)}, state(telecom.Dialing)},
	{"app.ignores-callee", "telecom.no-call", []func(*diagnose.Case){placed, state(telecom.Dialing), stopPush}, state(telecom.Active)},
	{"app.wrong-cause", "telecom.cause", []func(*diagnose.Case){noCall, event("SET_DISCONNECTED", ended)}, func(c *diagnose.Case) { c.Finding.Fact = "telecom.call" }},
}

// placed makes the call one that the app was had to make.
func placed(c *diagnose.Case) { c.Placed, c.Pushes = true, nil }

func TestRules(t *testing.T) {
	for _, tc := range cases {
		t.Run(tc.id, func(t *testing.T) {
			c := healthy()
			c.Finding.Fact = tc.finding
			for _, f := range tc.make {
				f(&c)
			}
			causes := diagnose.Causes(c)
			i := slices.IndexFunc(causes, func(c record.Cause) bool { return c.ID == tc.id })
			if i < 0 {
				t.Fatalf("not told; told %v", ids(causes))
			}
			if i > 0 && tc.id != "telecom.connection-failed" {
				t.Errorf("told after %v", ids(causes)[:i])
			}
			got := causes[i]
			if got.Sentence == "" || got.Remedy == "" || strings.Join(got.Facts, "") == "" {
				t.Errorf("incomplete: %+v", got)
			}
			tc.near(&c)
			if got := ids(diagnose.Causes(c)); slices.Contains(got, tc.id) {
				t.Error("told although its facts are gone")
			}
		})
	}
}

// Every rule of the table has a case above. Rows of the crash table that the
// cases leave out are only texts.
func TestEveryRuleHasACase(t *testing.T) {
	var covered []string
	for _, c := range cases {
		covered = append(covered, c.id)
	}
	covered = append(covered, "crash.manage-own-calls", "crash.foreground-service-type", "crash.foreground-service-late", "crash.pending-intent", "crash.account-not-registered")
	slices.Sort(covered)
	all := diagnose.IDs()
	slices.Sort(all)
	if d := cmp.Diff(slices.Compact(all), slices.Compact(covered)); d != "" {
		t.Errorf("(-rules +cases):\n%s", d)
	}
}

// Rules with more than one way to speak, and those that must know when a
// neighbour's fact is not theirs.
func TestFacesOfRules(t *testing.T) {
	buttons := func(starts ...string) func(*diagnose.Case) {
		return func(c *diagnose.Case) {
			var actions []notification.Action
			for _, s := range starts {
				actions = append(actions, notification.Action{Title: "x", Starts: s})
			}
			posted(c).Actions = fact.Of(actions, 1)
		}
	}
	two := func(c *diagnose.Case) {
		one := c.Now.Telecom.Calls.Or(nil)[0]
		c.Now.Telecom.Calls = fact.Of([]telecom.Call{one, one}, 1)
	}
	died := func(c *diagnose.Case) {
		c.Now.PIDs = fact.Of([]int{}, 1)
		c.Now.Exits.Exits = fact.Of([]activity.Exit{{Package: pkg, Reason: "LOW MEMORY", Timestamp: "2026-03-02 09:07:12.500"}}, 1)
	}
	for _, tc := range []struct {
		name, id, finding string
		make              []func(*diagnose.Case)
		told              bool
	}{
		{"pressed and nothing ended", "app.not-ended", "telecom.no-call", []func(*diagnose.Case){func(c *diagnose.Case) { c.Ended = true }}, true},
		{"pressed and nothing answered", "app.not-answered", "telecom.call", []func(*diagnose.Case){func(c *diagnose.Case) { c.Answered = true }}, true},
		{"every button is a broadcast", "app.trampoline", "activity.call-screen", []func(*diagnose.Case){buttons("broadcastIntent", "startService")}, true},
		{"Decline alone is a broadcast", "app.trampoline", "activity.call-screen", []func(*diagnose.Case){buttons("broadcastIntent", "startActivity")}, false},
		{"two calls are wanted", "app.two-calls", "telecom.waiting+notification.buttons", []func(*diagnose.Case){two}, false},
		{"only the ongoing call is shown", "app.no-incoming-ui", "notification.buttons", []func(*diagnose.Case){func(c *diagnose.Case) { posted(c).Channel = fact.Of("ongoing", 1) }}, true},
		{"the app ended its call before it died", "app.killed", "telecom.call", []func(*diagnose.Case){noCall, event("SET_DISCONNECTED", local), died}, false},
		{"the call died with the app", "app.killed", "telecom.call", []func(*diagnose.Case){noCall, event("SET_DISCONNECTED", ended), died}, true},
		{"a type beyond the manifest's", "crash.foreground-service-type", "telecom.call", []func(*diagnose.Case){crashed("java.lang.IllegalArgumentException: foregroundServiceType 0x00000044 is not a subset of foregroundServiceType attribute 0x00000084 in service element of manifest file")}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := healthy()
			c.Finding.Fact = tc.finding
			for _, f := range tc.make {
				f(&c)
			}
			if got := ids(diagnose.Causes(c)); slices.Contains(got, tc.id) != tc.told {
				t.Errorf("%s told: %v; got %v", tc.id, !tc.told, got)
			}
		})
	}
}
