package expect_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/activity"
	"github.com/ringproof/ringproof/harness/dumpsys/appops"
	"github.com/ringproof/ringproof/harness/dumpsys/audio"
	"github.com/ringproof/ringproof/harness/dumpsys/deviceidle"
	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/notification"
	"github.com/ringproof/ringproof/harness/dumpsys/packages"
	"github.com/ringproof/ringproof/harness/dumpsys/power"
	"github.com/ringproof/ringproof/harness/dumpsys/standby"
	"github.com/ringproof/ringproof/harness/dumpsys/telecom"
	"github.com/ringproof/ringproof/harness/dumpsys/window"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/facts"
)

// The texts below are typed from the grammars of Android 14 (Telecomm's
// CallsManager.dump, NotificationManagerService.dumpImpl, KeyguardServiceDelegate
// and so on), cut to what is judged.

func calls(rows ...string) string {
	return "CallsManager: \n  mCalls: \n    " + strings.Join(rows, "\n    ") + `
  mCallAudioManager:
    All calls:
PhoneAccountRegistrar: 
  phoneAccounts:
    [[X] PhoneAccount: ComponentInfo{app/app.CS}, ***, UserHandle{0} Capabilities: SelfManaged  Audio Routes: BESW Schemes: sip  Extras: null GroupId: ***]
      test emergency PhoneAccount filter: null
Analytics:
`
}

func row(state, pkg string) string {
	return "[Call id=TC@1, state=" + state + ", tpac=ComponentInfo{" + pkg + "/app.CS}, ***, UserHandle{0}, cmgr=null, handle=sip:***, vidst=A, childs(0), has_parent(false), cap=[ hld sup_hld], prop=[ self_mng]], voip=true"
}

const rejected = `Historical Events:
  SelfMgd CallTC@1 [2026-03-02 09:00:00](MT - incoming)(User=UserHandle{0})
  	>>>Target PhoneAccount: ComponentInfo{app/app.CS}, ***, UserHandle{0} (App)
  	To address: sip:*** Presentation: Allowed
    09:00:01.000 - CREATED (app;requestedAcct:x, selfMgd:true):CTP@AAA
    09:00:09.000 - SET_DISCONNECTED (disconnected set explicitly> DisconnectCause [ Code: (REJECTED) Label: () Description: () Reason: () Tone: (-1) ]):CSW.sDc@AAB
`

func posted(records ...string) string {
	s := "Current Notification Manager state:\n"
	if len(records) > 0 {
		s += "  Notification List:\n" + strings.Join(records, "")
	}
	return s + "  mMaxPackageEnqueueRate=5.0\n  mArchive=Archive (0 notifications)\n"
}

func note(pkg, channel, importance, extra string) string {
	return "    NotificationRecord(0x0a1b2c3d: pkg=" + pkg + " user=UserHandle{0} id=7 tag=null importance=" + importance +
		" key=0|" + pkg + "|7|null|10234: Notification(channel=" + channel + " shortcut=null contentView=null vibrate=null sound=null defaults=0x0 flags=0x82 color=0x00000000 " +
		extra + "actions=2 vis=PUBLIC))\n      uid=10234 userId=0\n      key=0|" + pkg + "|7|null|10234\n"
}

const screen = `WINDOW MANAGER POLICY STATE (dumpsys window policy)
    KeyguardServiceDelegate
      showing=%showing
      inputRestricted=false
      occluded=%occluded
      secure=%secure
      currentUser=0
WINDOW MANAGER DISPLAY CONTENTS (dumpsys window displays)
  mTopFocusedDisplayId=0
  mCurrentFocus=Window{7a6b78e u0 %focus}
`

func looks(showing, secure, occluded, focus string) string {
	return strings.NewReplacer("%showing", showing, "%secure", secure, "%occluded", occluded, "%focus", focus).Replace(screen)
}

const (
	awake  = "POWER MANAGER (dumpsys power)\n\nPower Manager State:\n  mWakefulness=Awake\n  mHalInteractiveModeEnabled=true\n"
	asleep = "POWER MANAGER (dumpsys power)\n\nPower Manager State:\n  mWakefulness=Asleep\n  mHalInteractiveModeEnabled=false\n"
)

func mode(m string) string {
	return "Audio mode:\n- Requested mode = " + m + "\n- Actual mode = " + m + "\n- Mode owner: \n   None\n- Mode owner stack: \n   Empty\n"
}

func resumed(component string) string {
	a := "ActivityRecord{723ebbb u0 " + component + " t12}"
	return "ACTIVITY MANAGER ACTIVITIES (dumpsys activity activities)\nDisplay #0 (activities from top to bottom):\n" +
		"  * Task{157c3a8 #12 type=standard A=10234:app U=0 visible=true visibleRequested=true mode=fullscreen translucent=false sz=1}\n" +
		"    topResumedActivity=" + a + "\n    * Hist  #0: " + a + "\n      packageName=app processName=app\n  ResumedActivity: " + a + "\n"
}

// texts is what was read; a kind that is not there was not asked.
type texts struct{ telecom, notification, window, power, audio, activity, pkg string }

func snapshot(t *testing.T, x texts) facts.Snapshot {
	t.Helper()
	s := facts.Snapshot{Phone: "P1", Problems: map[facts.Kind]error{}, App: facts.App{
		Package: "app", CallChannel: "calls", OngoingChannel: "ongoing", MissedChannel: "missed",
		Incoming: "app.Incoming", Call: "app.Call",
	}}
	read(t, &s, facts.Telecom, x.telecom, &s.Telecom, telecom.Parse)
	read(t, &s, facts.Notification, x.notification, &s.Notification, notification.Parse)
	read(t, &s, facts.Window, x.window, &s.Window, window.Parse)
	read(t, &s, facts.Power, x.power, &s.Power, power.Parse)
	read(t, &s, facts.Audio, x.audio, &s.Audio, audio.Parse)
	read(t, &s, facts.Activity, x.activity, &s.Activity, activity.Parse)
	read(t, &s, facts.Package, x.pkg, &s.Packages, packages.Parse)
	return s
}

func read[T any](t *testing.T, s *facts.Snapshot, kind facts.Kind, text string, to *T, parse func([]byte) (T, error)) {
	t.Helper()
	if text == "" {
		return
	}
	var err error
	if *to, err = parse([]byte(text)); err != nil {
		s.Problems[kind] = err
	}
}

const denied = "Permission Denial: can't dump TelecomService from from pid=1, uid=2000\n"

func TestConditions(t *testing.T) {
	over := func(x texts) texts {
		x.power = awake
		return x
	}
	for _, c := range []struct {
		name string
		cond expect.Condition
		x    texts
		want expect.Outcome
		seen string
	}{
		{"ringing", expect.Ringing(), texts{telecom: calls(row("RINGING", "app"))}, expect.Met, "TC@1 RINGING"},
		{"somebody else rings", expect.Ringing(), texts{telecom: calls(row("RINGING", "other"))}, expect.NotYet, "no call of the app"},
		{"two calls ring", expect.Ringing(), texts{telecom: calls(row("RINGING", "app"), strings.Replace(row("RINGING", "app"), "TC@1", "TC@2", 1))}, expect.NotYet, "TC@1 RINGING, TC@2 RINGING"},
		{"already active", expect.Ringing(), texts{telecom: calls(row("ACTIVE", "app"))}, expect.NotYet, "TC@1 ACTIVE"},
		{"no dump", expect.Ringing(), texts{telecom: denied}, expect.Unknown, "does not tell"},
		{"no account", expect.Ringing(), texts{telecom: strings.Replace(calls(), "ComponentInfo{app/", "ComponentInfo{other/", 1)}, expect.NotYet, "no PhoneAccount"},
		{"active", expect.Active(), texts{telecom: calls(row("ACTIVE", "app"))}, expect.Met, "TC@1 ACTIVE"},
		{"no call", expect.NoCall(), texts{telecom: calls()}, expect.Met, "no call"},
		{"disconnected is no call", expect.NoCall(), texts{telecom: calls(row("DISCONNECTED", "app"))}, expect.Met, "no call"},
		{"a call left", expect.NoCall(), texts{telecom: calls(row("ACTIVE", "app"))}, expect.NotYet, "TC@1 ACTIVE"},
		{"a denied dump is not silence", expect.NoCall(), texts{telecom: denied}, expect.Unknown, "does not tell"},
		{"a cut dump is not silence", expect.NoCall(), texts{telecom: "CallsManager: \n  mCalls: \n"}, expect.Unknown, "does not tell"},
		{"rejected", expect.EndedBy("REJECTED", "LOCAL"), texts{telecom: calls() + rejected}, expect.Met, "REJECTED"},
		{"another cause", expect.EndedBy("MISSED"), texts{telecom: calls() + rejected}, expect.Never, "TC@1 ended by REJECTED"},
		{"no history of it", expect.EndedBy("REJECTED"), texts{telecom: calls() + "Historical Events:\n"}, expect.NotYet, "no call of the app"},

		{"shown", expect.CallNotification(), texts{notification: posted(note("app", "calls", "4", "category=call "))}, expect.Met, "channel calls"},
		{"by channel alone", expect.CallNotification(), texts{notification: posted(note("app", "calls", "4", ""))}, expect.Met, "channel calls"},
		{"too quiet", expect.CallNotification(), texts{notification: posted(note("app", "calls", "3", "category=call "))}, expect.NotYet, "importance 3"},
		{"of another app", expect.CallNotification(), texts{notification: posted(note("other", "calls", "4", "category=call "))}, expect.NotYet, "no call notification"},
		{"no dump", expect.CallNotification(), texts{notification: "Permission Denial: can't dump notification from from pid=1, uid=2000\n"}, expect.Unknown, "does not tell"},
		{"nothing posted", expect.NoCallNotification(), texts{notification: posted()}, expect.Met, "no call notification"},
		{"a missed call may stay", expect.NoCallNotification(), texts{notification: posted(note("app", "missed", "3", ""))}, expect.Met, "no call notification"},
		{"a ringing one may not", expect.NoCallNotification(), texts{notification: posted(note("app", "calls", "4", "category=call "))}, expect.NotYet, "channel calls"},
		{"an empty dump is not silence", expect.NoCallNotification(), texts{notification: "\n"}, expect.Unknown, "does not tell"},

		{"told as missed", expect.MissedCall(), texts{notification: posted(note("app", "missed", "3", ""))}, expect.Met, "channel missed"},
		{"missed by category", expect.MissedCall(), texts{notification: posted(note("app", "other", "3", "category=missed_call "))}, expect.Met, "channel other"},
		{"not told as missed", expect.MissedCall(), texts{notification: posted(note("app", "calls", "4", "category=call "))}, expect.NotYet, "no notification of a missed call"},
		{"another app's missed call", expect.MissedCall(), texts{notification: posted(note("other", "missed", "3", ""))}, expect.NotYet, "no notification of a missed call"},
		{"nothing missed", expect.NoMissedCall(), texts{notification: posted()}, expect.Met, "no notification of a missed call"},
		{"missed after all", expect.NoMissedCall(), texts{notification: posted(note("app", "missed", "3", ""))}, expect.NotYet, "channel missed"},
		{"an empty dump tells of no missed call", expect.NoMissedCall(), texts{notification: "\n"}, expect.Unknown, "does not tell"},
		{"held by a service", expect.OngoingCall(), texts{notification: posted(strings.Replace(note("app", "ongoing", "3", "category=call "), "flags=0x82", "flags=0x62", 1))}, expect.Met, "channel ongoing"},
		{"held by nothing", expect.OngoingCall(), texts{notification: posted(note("app", "ongoing", "3", "category=call "))}, expect.NotYet, "of no foreground service"},
		{"nothing leads back", expect.OngoingCall(), texts{notification: posted()}, expect.NotYet, "no call notification"},
		{"the sound goes on", expect.Hushed(), texts{notification: posted(strings.Replace(note("app", "calls", "4", "category=call "), "flags=0x82", "flags=0x86", 1))}, expect.NotYet, "sound goes on"},
		{"hushed", expect.Hushed(), texts{notification: posted(note("app", "calls", "4", "category=call "))}, expect.Met, "channel calls"},
		{"hushed by going", expect.Hushed(), texts{notification: posted()}, expect.NotYet, "no call notification"},
		{"the same call", expect.CallIs("TC@1"), texts{telecom: calls(row("RINGING", "app"))}, expect.Met, "TC@1 RINGING"},
		{"another call", expect.CallIs("TC@2"), texts{telecom: calls(row("RINGING", "app"))}, expect.Never, "TC@1 RINGING"},
		{"the same call ended", expect.CallIs("TC@1"), texts{telecom: calls(row("DISCONNECTED", "app"))}, expect.Never, "no call"},
		{"a call waits", expect.Waiting(), texts{telecom: calls(row("ACTIVE", "app"), strings.Replace(row("RINGING", "app"), "TC@1", "TC@2", 1))}, expect.Met, "TC@1 ACTIVE, TC@2 RINGING"},
		{"nothing waits", expect.Waiting(), texts{telecom: calls(row("ACTIVE", "app"))}, expect.NotYet, "TC@1 ACTIVE"},
		{"swapped", expect.Swapped(), texts{telecom: calls(row("ON_HOLD", "app"), strings.Replace(row("ACTIVE", "app"), "TC@1", "TC@2", 1))}, expect.Met, "TC@1 ON_HOLD, TC@2 ACTIVE"},
		{"not swapped", expect.Swapped(), texts{telecom: calls(row("ACTIVE", "app"), strings.Replace(row("ACTIVE", "app"), "TC@1", "TC@2", 1))}, expect.NotYet, "TC@1 ACTIVE, TC@2 ACTIVE"},
		{"one of them", expect.OneCall(), texts{telecom: calls(row("ON_HOLD", "app"))}, expect.Met, "TC@1 ON_HOLD"},
		{"none of them", expect.OneCall(), texts{telecom: calls()}, expect.NotYet, "no call"},
		{"one of two", expect.Any(expect.Ringing(), expect.Active()), texts{telecom: calls(row("ACTIVE", "app"))}, expect.Met, "TC@1 ACTIVE"},
		{"none of two", expect.Any(expect.Ringing(), expect.Active()), texts{telecom: calls(row("ON_HOLD", "app"))}, expect.NotYet, "TC@1 ON_HOLD"},

		{"over the keyguard", expect.OverKeyguard(), over(texts{window: looks("true", "true", "true", "app/app.Incoming")}), expect.Met, "occluded true"},
		{"behind the keyguard", expect.OverKeyguard(), over(texts{window: looks("true", "true", "false", "NotificationShade")}), expect.NotYet, "occluded false"},
		{"another app over it", expect.OverKeyguard(), over(texts{window: looks("true", "true", "true", "other/other.Cam")}), expect.NotYet, "other.Cam"},
		{"screen off", expect.OverKeyguard(), texts{window: looks("true", "true", "true", "app/app.Incoming"), power: asleep}, expect.NotYet, "interactive false"},
		{"unlocked", expect.OverKeyguard(), over(texts{window: looks("false", "true", "false", "app/app.Incoming")}), expect.Never, "showing false"},
		{"no window dump", expect.OverKeyguard(), over(texts{window: "x\n"}), expect.Unknown, "showing unknown"},
		{"still locked", expect.StillLocked(), over(texts{window: looks("true", "true", "true", "app/app.Call")}), expect.Met, "secure true"},
		{"unlocked by the answer", expect.StillLocked(), over(texts{window: looks("false", "true", "false", "app/app.Call")}), expect.Never, "showing false"},
		{"keyguard covers", expect.OnlyKeyguard(), over(texts{window: looks("true", "true", "false", "NotificationShade")}), expect.Met, "NotificationShade"},
		{"app still before it", expect.OnlyKeyguard(), over(texts{window: looks("true", "true", "true", "app/app.Call")}), expect.NotYet, "app.Call"},
		{"app behind no keyguard", expect.OnlyKeyguard(), over(texts{window: looks("false", "true", "false", "app/app.Main")}), expect.Never, "app.Main"},
		{"locked", expect.Locked(), texts{window: looks("true", "true", "false", "NotificationShade"), power: asleep}, expect.Met, "interactive false"},
		{"swipe lock is not secure", expect.Locked(), texts{window: looks("true", "false", "false", "NotificationShade"), power: asleep}, expect.NotYet, "secure false"},
		{"awake", expect.Unlocked(), over(texts{window: looks("false", "false", "false", "launcher/launcher.Home")}), expect.Met, "showing false"},
		{"not awake", expect.Unlocked(), texts{window: looks("false", "false", "false", "launcher/launcher.Home"), power: asleep}, expect.NotYet, "interactive false"},

		{"dark", expect.ScreenOff(), texts{window: looks("false", "false", "false", "NotificationShade"), power: asleep}, expect.Met, "interactive false"},
		{"lit", expect.ScreenOff(), over(texts{window: looks("false", "false", "false", "launcher/launcher.Home")}), expect.NotYet, "interactive true"},
		{"woken", expect.ScreenOn(), over(texts{window: looks("true", "true", "true", "app/app.Call")}), expect.Met, "interactive true"},
		{"not woken", expect.ScreenOn(), texts{window: looks("true", "true", "false", "NotificationShade"), power: asleep}, expect.NotYet, "interactive false"},
		{"both buttons", expect.CallPosted(), texts{notification: posted(note("app", "calls", "4", "category=call ") + "      actions={\n        [0] \"Decline\" -> PendingIntent{1: PendingIntentRecord{2 app broadcastIntent}}\n        [1] \"Answer\" -> PendingIntent{3: PendingIntentRecord{4 app startActivity}}\n      }\n")}, expect.Met, "channel calls"},
		{"one button", expect.CallPosted(), texts{notification: posted(strings.Replace(note("app", "calls", "4", "category=call "), "actions=2", "actions=1", 1) + "      actions={\n        [0] \"Open\" -> PendingIntent{1: PendingIntentRecord{2 app startActivity}}\n      }\n")}, expect.NotYet, "[Open]"},
		{"no dump has no buttons", expect.CallPosted(), texts{notification: "\n"}, expect.Unknown, "does not tell"},

		{"call mode", expect.AudioInCall(), texts{audio: mode("MODE_IN_COMMUNICATION")}, expect.Met, "MODE_IN_COMMUNICATION"},
		{"ringtone mode", expect.AudioInCall(), texts{audio: mode("MODE_RINGTONE")}, expect.NotYet, "MODE_RINGTONE"},
		{"mode not told", expect.AudioNormal(), texts{audio: "Audio Focus stack entries (last is top of stack):\n"}, expect.Unknown, "does not tell"},

		{"call screen", expect.CallScreen(), texts{activity: resumed("app/.Call")}, expect.Met, "app.Call"},
		{"another screen of the app", expect.CallScreen(), texts{activity: resumed("app/.Main")}, expect.NotYet, "app.Main"},
		{"no call screen", expect.NoCallScreen(), texts{activity: resumed("app/.Main")}, expect.Met, "no call screen"},
		{"call screen left", expect.NoCallScreen(), texts{activity: resumed("app/.Incoming")}, expect.NotYet, "app.Incoming"},
		{"no wake lock", expect.NoWakeLock(), texts{power: awake + "Wake Locks: size=1\n  PARTIAL_WAKE_LOCK              'x:y' ACQ=-1s (uid=10001 pid=11 ws=WorkSource{10001 other})\n"}, expect.Met, "no wake lock"},
		{"in front", expect.InFront(), texts{activity: resumed("app/.Main")}, expect.Met, "app in front"},
		{"not in front", expect.NotInFront(), texts{activity: resumed("launcher/.Home")}, expect.Met, "launcher in front"},
		{"no activity dump", expect.NotInFront(), texts{activity: "Bad activity command\n"}, expect.Unknown, "does not tell"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := c.cond.Check(snapshot(t, c.x))
			if r.Outcome != c.want || !strings.Contains(r.Seen, c.seen) {
				t.Errorf("%s: outcome %d, saw %q; want %d and %q", c.cond, r.Outcome, r.Seen, c.want, c.seen)
			}
		})
	}
}

func TestStatesOfThePhone(t *testing.T) {
	const mic = "android.permission.RECORD_AUDIO"
	with := func(granted bool) facts.Snapshot {
		return facts.Snapshot{App: facts.App{Package: "app"}, Packages: packages.Facts{Packages: fact.Of([]packages.Package{{
			Name: "app", Users: fact.Of([]packages.User{{Runtime: fact.Of([]packages.Permission{{Name: mic, Granted: granted}}, 1)}}, 1),
		}}, 1)}}
	}
	ops := func(m appops.Mode) facts.Snapshot {
		return facts.Snapshot{AppOps: appops.Facts{Ops: fact.Of([]appops.Op{{Name: "RUN_ANY_IN_BACKGROUND", Mode: m}}, 1)}}
	}
	for _, c := range []struct {
		name string
		cond expect.Condition
		s    facts.Snapshot
		want expect.Outcome
	}{
		{"denied", expect.Permission(mic, false), with(false), expect.Met},
		{"granted all the same", expect.Permission(mic, false), with(true), expect.NotYet},
		{"permission not told", expect.Permission(mic, false), facts.Snapshot{}, expect.Unknown},
		{"op", expect.Op("RUN_ANY_IN_BACKGROUND", appops.Ignore), ops(appops.Ignore), expect.Met},
		{"op still allowed", expect.Op("RUN_ANY_IN_BACKGROUND", appops.Ignore), ops(appops.Allow), expect.NotYet},
		{"another op told", expect.Op("USE_FULL_SCREEN_INTENT", appops.Deny), ops(appops.Deny), expect.Unknown},
		{"rare", expect.Bucket(standby.Rare), facts.Snapshot{Standby: standby.Facts{Bucket: fact.Of(standby.Rare, 1)}}, expect.Met},
		{"active again", expect.Bucket(standby.Rare), facts.Snapshot{Standby: standby.Facts{Bucket: fact.Of(standby.Active, 1)}}, expect.NotYet},
		{"bucket not told", expect.Bucket(standby.Rare), facts.Snapshot{}, expect.Unknown},
		{"dozing", expect.DeepDoze(), facts.Snapshot{Idle: deviceidle.Facts{Deep: fact.Of("IDLE", 1)}}, expect.Met},
		{"not dozing", expect.DeepDoze(), facts.Snapshot{Idle: deviceidle.Facts{Deep: fact.Of("ACTIVE", 1)}}, expect.NotYet},
		{"silence", expect.Zen("ZEN_MODE_NO_INTERRUPTIONS"), facts.Snapshot{Audio: audio.Facts{ZenMode: fact.Of("ZEN_MODE_NO_INTERRUPTIONS", 1)}}, expect.Met},
		{"no silence", expect.Zen("ZEN_MODE_NO_INTERRUPTIONS"), facts.Snapshot{Audio: audio.Facts{ZenMode: fact.Of("ZEN_MODE_OFF", 1)}}, expect.NotYet},
		{"silence not told", expect.Zen("ZEN_MODE_NO_INTERRUPTIONS"), facts.Snapshot{}, expect.Unknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			if r := c.cond.Check(c.s); r.Outcome != c.want {
				t.Errorf("outcome %d (%s), want %d", r.Outcome, r.Seen, c.want)
			}
		})
	}
}

func TestProcesses(t *testing.T) {
	none, one, unknown := facts.Snapshot{PIDs: fact.Of([]int{}, 1)}, facts.Snapshot{PIDs: fact.Of([]int{7}, 1)}, facts.Snapshot{}
	for _, c := range []struct {
		name string
		cond expect.Condition
		s    facts.Snapshot
		want expect.Outcome
	}{
		{"alive", expect.Process(), one, expect.Met},
		{"dead", expect.Process(), none, expect.NotYet},
		{"none", expect.NoProcess(), none, expect.Met},
		{"still there", expect.NoProcess(), one, expect.NotYet},
		{"not told", expect.NoProcess(), unknown, expect.Unknown},
		{"same", expect.PID([]int{7}), one, expect.Met},
		{"another", expect.PID([]int{6}), one, expect.Never},
		{"gone", expect.PID([]int{7}), none, expect.Never},
	} {
		t.Run(c.name, func(t *testing.T) {
			if r := c.cond.Check(c.s); r.Outcome != c.want {
				t.Errorf("outcome %d (%s), want %d", r.Outcome, r.Seen, c.want)
			}
		})
	}
}

// Of several conditions the one that decides is blamed, by its own fact.
func TestAllBlamesTheOneThatDecides(t *testing.T) {
	s := snapshot(t, texts{telecom: calls(row("RINGING", "app")), notification: posted()})
	f := expect.Fail(expect.All(expect.Ringing(), expect.CallNotification()), s)
	if f == nil || f.Fact != "notification.call" || !strings.HasPrefix(f.Error(), "notification.call: wanted a call notification") {
		t.Fatalf("got %v", f)
	}
	if f := expect.Fail(expect.All(expect.Ringing(), expect.NoCallNotification()), s); f != nil {
		t.Fatalf("both are met, got %v", f)
	}
}

// A wrong fact outweighs an unknown one, and an unknown one is no pass.
func TestUnknownIsNoPass(t *testing.T) {
	s := snapshot(t, texts{telecom: denied, notification: posted()})
	f := expect.Fail(expect.Silent(), s)
	if f == nil || !f.Unknown {
		t.Fatalf("a denied dump passed as silence: %v", f)
	}
	if f.Why == "" || !strings.Contains(f.Why, "denied") {
		t.Errorf("the failure does not say why nothing is known: %q", f.Why)
	}
	f = expect.Fail(expect.All(expect.NoCall(), expect.CallNotification()), s)
	if f == nil || f.Unknown || f.Fact != "notification.call" {
		t.Errorf("the wrong fact is hidden by the unknown one: %v", f)
	}
}

func TestMatcher(t *testing.T) {
	s := snapshot(t, texts{telecom: calls(row("RINGING", "app"))})
	ok, err := expect.Meet(expect.Ringing()).Match(s)
	if !ok || err != nil {
		t.Errorf("got %v, %v", ok, err)
	}
	m := expect.Meet(expect.Active())
	if ok, _ := m.Match(s); ok || !strings.Contains(m.FailureMessage(s), "saw TC@1 RINGING") {
		t.Errorf("message %q", m.FailureMessage(s))
	}
	if _, err := expect.Meet(expect.Ringing()).Match(snapshot(t, texts{telecom: denied})); err == nil {
		t.Error("an unknown fact must be an error in both directions")
	}
	if _, err := m.Match("text"); err == nil {
		t.Error("matched a string")
	}
}

func TestFailureIsAnError(t *testing.T) {
	var err error = expect.Fail(expect.Active(), snapshot(t, texts{telecom: calls()}))
	var f *expect.Failure
	if !errors.As(err, &f) || f.Fact != "telecom.call" {
		t.Errorf("got %v", err)
	}
}
