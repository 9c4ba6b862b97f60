package render_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/render"
)

const app = "org.example.call"

// caller is an app with a self-managed call: on a push it registers its account
// and adds a call; when it is to show it, it posts a CallStyle notification with
// a full-screen intent.
type caller struct{ android.NoCallbacks }

func (a *caller) account() android.PhoneAccountHandle {
	return android.PhoneAccountHandle{Component: android.Comp(app + "/.CallService"), ID: "main"}
}

func (a *caller) OnCreate(c *android.Context) error {
	err := c.CreateChannel(android.Channel{ID: "calls", Name: "Calls, incoming", Importance: android.ImportanceHigh, Visibility: -1000})
	if err != nil {
		return err
	}
	return c.Telecom().RegisterPhoneAccount(android.PhoneAccount{
		Handle: a.account(), Label: "x", Capabilities: android.AccountSelfManaged, Schemes: []string{"sip"},
	})
}

func (a *caller) OnReceive(c *android.Context, _ android.Component, _ *android.Intent, _ *android.PendingResult) error {
	return c.Telecom().AddNewIncomingCall(a.account(), android.Bundle{android.ExtraIncomingCallAddress: "sip:alice@example.org"})
}

func (a *caller) OnCreateIncomingConnection(*android.Context, android.PhoneAccountHandle, *android.ConnectionRequest) (*android.Connection, error) {
	return &android.Connection{
		Callbacks: a, Capabilities: android.CapHold | android.CapSupportHold | android.CapMute, Properties: android.PropSelfManaged,
		Address: "sip:alice@example.org", AudioModeIsVoIP: true,
	}, nil
}

func (a *caller) OnCreateIncomingConnectionFailed(*android.Context, android.PhoneAccountHandle, *android.ConnectionRequest) error {
	return nil
}

func (a *caller) OnShowIncomingCallUi(c *android.Context, conn *android.Connection) error {
	conn.SetRinging()
	pi := func(code int) *android.PendingIntent {
		p, err := c.PendingIntent(android.PendingActivity, code, &android.Intent{Component: android.Comp(app + "/.CallActivity")}, android.PendingImmutable)
		if err != nil {
			panic(err)
		}
		return p
	}
	style := &android.CallStyle{Type: android.CallStyleIncoming, Person: "Alice", AnswerIntent: pi(3), DeclineIntent: pi(4)}
	var actions []android.NotificationAction
	if c.API() < 31 {
		style, actions = nil, []android.NotificationAction{{Title: "Decline", Intent: pi(4)}, {Title: "Answer", Intent: pi(3)}}
	}
	return c.Notify(77, &android.Notification{
		ChannelID: "calls", Category: "call", Title: "Alice", Text: "Incoming call", Flags: android.FlagOngoing, Visibility: 1,
		FullScreenIntent: pi(1), ContentIntent: pi(2),
		CallStyle: style, Actions: actions,
	})
}

func boot(t *testing.T) *android.System {
	t.Helper()
	return bootAs(t, 0, "")
}

func bootAs(t *testing.T, api int, maker string) *android.System {
	t.Helper()
	sys := android.New(android.Options{Seed: 3, API: api, Maker: maker, Packages: []android.PackageSpec{{
		Name: app, UID: 10160, Label: "Caller", VersionCode: 12, VersionName: "1.2",
		Permissions: []string{"android.permission.MANAGE_OWN_CALLS", "android.permission.USE_FULL_SCREEN_INTENT", "android.permission.POST_NOTIFICATIONS"},
		Granted:     []string{"android.permission.POST_NOTIFICATIONS"},
		NewApp:      func() android.App { return &caller{} },
		Components: []android.ComponentSpec{
			{Kind: android.KindActivity, Class: ".CallActivity", ShowWhenLocked: true, TurnScreenOn: true},
			{Kind: android.KindActivity, Class: ".MainActivity", Exported: true},
			{Kind: android.KindReceiver, Class: ".Push", Exported: true},
			{Kind: android.KindService, Class: ".CallService", Exported: true, Permission: "android.permission.BIND_TELECOM_CONNECTION_SERVICE"},
		},
	}}})
	t.Cleanup(sys.Close)
	return sys
}

func ring(t *testing.T, sys *android.System) {
	t.Helper()
	sys.Do(func(d *android.Device) {
		_, err := d.Broadcasts.Send(android.RootCaller(99), &android.Intent{
			Component: android.Comp(app + "/.Push"), Flags: android.FlagIncludeStoppedPackages | android.FlagReceiverForeground,
		}, android.BroadcastOptions{})
		if err != nil {
			t.Fatal(err)
		}
	})
	ok := sys.StepUntil(10*time.Second, func(d *android.Device) bool {
		return len(d.Telecom.Calls) == 1 && d.Telecom.Calls[0].State == android.CallRinging && len(d.Notifications.Posted()) == 1
	})
	if !ok {
		t.Fatal("it does not ring")
	}
}

func text(sys *android.System, r func(d *android.Device) string) (s string) {
	sys.Do(func(d *android.Device) { s = r(d) })
	return s
}

// want checks that parts appear in text in their order. "re:" parts are regular
// expressions of one line.
func want(t *testing.T, text string, parts ...string) {
	t.Helper()
	rest := text
	for _, p := range parts {
		at, end := strings.Index(rest, p), 0
		if re, ok := strings.CutPrefix(p, "re:"); ok {
			if loc := regexp.MustCompile("(?m)" + re).FindStringIndex(rest); loc != nil {
				at, end = loc[0], loc[1]
			}
		} else if at >= 0 {
			end = at + len(p)
		}
		if at < 0 {
			t.Errorf("no %q (in this order) in\n%s", p, text)
			return
		}
		if end > 0 && rest[end-1] == '\n' {
			end-- // the next part may begin with this line end
		}
		rest = rest[end:]
	}
}

func lacks(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if strings.Contains(text, p) {
			t.Errorf("%q must not be in\n%s", p, text)
		}
	}
}

func TestTelecomIdle(t *testing.T) {
	got := text(boot(t), render.Telecom)
	want(t, got, "CallsManager: \n  mCalls: \n  mCallAudioManager:\n    All calls:\n    Active dialing, or connecting calls:\n    Ringing calls:\n    Holding calls:\n    Foreground call:\n    null\n",
		"    CallAudioRouteStateMachine:\n      Current state: QuiescentEarpieceRoute\n", "\n  mTtyManager:\n    mCurrentTtyMode: 0\n",
		"\nPhoneAccountRegistrar: \n  xmlVersion: 9\n", "\nAnalytics:\n", "\nNo Historical Events Logged.\n")
}

func TestTelecomRinging(t *testing.T) {
	sys := boot(t)
	ring(t, sys)
	got := text(sys, render.Telecom)
	row := "[Call id=TC@1, state=RINGING, tpac=ComponentInfo{" + app + "/" + app + ".CallService}, ***, UserHandle{0}, cmgr=null, handle=sip:*****@*******.***, vidst=A, childs(0), has_parent(false), cap=[ hld sup_hld mut], prop=[ self_mng]], voip=true\n"
	want(t, got,
		"  mCalls: \n    "+row+"  mCallAudioManager:\n    All calls:\n      TC@1\n",
		"    Ringing calls:\n      TC@1\n    Holding calls:\n    Foreground call:\n    "+row,
		"    ServiceConnections (InCalls bound):\n      Car Swapping ICS [not connected]\n",
		// From here on all is one level too deep, as on a phone.
		"\n      CarModeTracker:\n", "\n    mDefaultDialerCache:\n", "\n  PhoneAccountRegistrar: \n    xmlVersion: 9\n",
		"      [[X] PhoneAccount: ComponentInfo{"+app+"/"+app+".CallService}, ***, UserHandle{0} Capabilities: SelfManaged  Audio Routes: BESW Schemes: sip  Extras: null GroupId: ***]\n",
		"re:^  Historical Events:\n", "re:^    SelfMgd CallTC@1 \\[.*\\]\\(MT - incoming\\)\\(User=UserHandle\\{0\\}\\)\n",
		"re:^    \t>>>Target PhoneAccount: ComponentInfo\\{.*\\}, \\*\\*\\*, UserHandle\\{0\\} \\(Caller\\)\n", "re:^    \tTo address: sip:\\S+ Verstat: not Presentation: Allowed\n",
		"re:^      \\d\\d:\\d\\d:\\d\\d\\.\\d{3} - CREATED", "SET_RINGING", "      Timings (average for this call, milliseconds):\n")
	lacks(t, got, "alice", "\n  mTtyManager:\n    mCurrentTtyMode: 0\n  mInCallController:\n    Foreground")
}

func TestRedact(t *testing.T) {
	sys := boot(t)
	for handle, hidden := range map[string]string{
		"": "null", "tel:123456789": "tel:*******89", "sip:a.b@c": "sip:*.*@*", "aura:xyz": "aura:***", "bare": "***",
	} {
		if got := text(sys, func(d *android.Device) string { return render.Redact(d, handle) }); got != hidden {
			t.Errorf("%q: %q, want %q", handle, got, hidden)
		}
	}
}

func TestNotificationRedactedAndNot(t *testing.T) {
	sys := boot(t)
	want(t, text(sys, func(d *android.Device) string { return render.Notification(d, false, "") }), "Current Notification Manager state:\n", "  mArchive=Archive (0 notifications)\n", "  Notification Preferences:\n")
	lacks(t, text(sys, func(d *android.Device) string { return render.Notification(d, false, "") }), "Notification List:")
	ring(t, sys)
	got := text(sys, func(d *android.Device) string { return render.Notification(d, false, "") })
	want(t, got, "\n  Notification List:\n",
		"re:^    NotificationRecord\\(0x[0-9a-f]{8}: pkg="+regexp.QuoteMeta(app)+" user=UserHandle\\{0\\} id=77 tag=null importance=4 key=0\\|"+regexp.QuoteMeta(app)+"\\|77\\|null\\|10160: Notification\\(channel=calls shortcut=null contentView=null vibrate=null sound=null defaults=0x0 flags=0x[0-9a-f]+ color=0x00000000 category=call actions=2 vis=PUBLIC\\)\\)\n",
		"\n      uid=10160 userId=0\n", "\n      key=0|"+app+"|77|null|10160\n", "\n      notification=\n            fullscreenIntent=PendingIntent{", "startActivity (allowlist: ",
		"\n            actions={\n                [0] \"Decline\" -> PendingIntent{", "\n                [1] \"Answer\" -> PendingIntent{", "\n              }\n            extras={\n",
		"\n                android.title=String [length=5]\n", "\n                android.template=String (android.app.Notification$CallStyle)\n",
		"\n                android.callType=Integer (1)\n", "\n                android.text=String [length=13]\n", "\n            }\n      publicNotification=\n            None\n",
		"\n      mImportance=HIGH\n", "\n      mIntercept=false\n      mHidden==false\n", "effectiveNotificationChannel=NotificationChannel{mId='calls', mName=Calls, incoming,",
		"AppSettings: "+app+" (10160) importance=UNSPECIFIED")
	lacks(t, got, "Alice", "Incoming call)")
	want(t, text(sys, func(d *android.Device) string { return render.Notification(d, true, app) }),
		"Current Notification Manager state (filtered to ", "android.title=String (Alice)\n", "android.text=String (Incoming call)\n")
	if got := text(sys, render.NotificationList); got != "0|"+app+"|77|null|10160\n" {
		t.Errorf("list: %q", got)
	}
}

func TestKeyguardAndPower(t *testing.T) {
	sys := boot(t)
	want(t, text(sys, render.WindowPolicy), "    KeyguardServiceDelegate\n      showing=", "\n      inputRestricted=", "\n      occluded=false\n      secure=false\n")
	lacks(t, text(sys, render.WindowPolicy), "showingAndNotOccluded")
	sys.Do(func(d *android.Device) {
		d.Keyguard.LockSettings([]string{"set-pin", "1234"})
		d.Power.Sleep("sleep_button")
	})
	sys.Step(time.Minute)
	want(t, text(sys, render.WindowPolicy), "      showing=true\n", "      occluded=false\n      secure=true\n", "      screenState=SCREEN_STATE_OFF\n      interactiveState=INTERACTIVE_STATE_SLEEP\n", "        mIsShowing=true\n")
	want(t, text(sys, render.Power), "POWER MANAGER (dumpsys power)\n\nPower Manager State:\n", "\n  mWakefulness=Asleep\n", "\n  mHalInteractiveModeEnabled=false\n", "re:^Wake Locks: size=\\d+\n", "\nDisplay Power: com.android.server.power.PowerManagerService$1@")
	lacks(t, text(sys, render.Power), "Display Power: state=")
	want(t, text(sys, render.Display), "\nDisplay Power State:\n  mScreenState=OFF\n")
	want(t, text(sys, render.Trust), "Trust manager state:\n", "re:^ User \"\\S+\" \\(id=0, flags=0x[0-9a-f]+\\) \\(current\\): trusted=0, trustManaged=0, deviceLocked=1, isActiveUnlockRunning=0, strongAuthRequired=0x")
	want(t, text(sys, render.Activities), "    isSleeping=true\n", "\n  KeyguardController:\n    mKeyguardShowing=true\n    mAodShowing=false\n    mKeyguardGoingAway=false\n   KeyguardShowing=true AodShowing=false KeyguardGoingAway=false DismissalRequested=false  Occluded=false DismissingKeyguardActivity=null TurnScreenOnActivity=null at display=0\n    mDismissalRequested=false\n")

	// The call's full-screen intent covers the lock screen: showing and occluded.
	ring(t, sys)
	sys.Step(5 * time.Second)
	want(t, text(sys, render.WindowPolicy), "      showing=true\n", "      occluded=true\n      secure=true\n")
	want(t, text(sys, render.WindowDisplays), "WINDOW MANAGER DISPLAY CONTENTS (dumpsys window displays)\n  Display: mDisplayId=0", "re:^  mCurrentFocus=Window\\{[0-9a-f]+ u0 "+regexp.QuoteMeta(app+"/"+app)+"\\.CallActivity\\}\n", "re:^  mFocusedApp=ActivityRecord\\{[0-9a-f]+ u0 "+regexp.QuoteMeta(app)+"/\\.CallActivity t\\d+\\}\n")
	lacks(t, text(sys, render.Windows), "mCurrentFocus", "mFocusedApp")
	want(t, text(sys, render.Activities), "re:^    topResumedActivity=ActivityRecord\\{[0-9a-f]+ u0 "+regexp.QuoteMeta(app)+"/\\.CallActivity t\\d+\\}\n", "re:^  ResumedActivity: ActivityRecord\\{[0-9a-f]+ u0 "+regexp.QuoteMeta(app)+"/\\.CallActivity t\\d+\\}\n")
}

func TestPackage(t *testing.T) {
	sys := boot(t)
	got := text(sys, func(d *android.Device) string { return render.Package(d, app) })
	want(t, got, "\nPackages:\n  Package ["+app+"] (", "\n    appId=10160\n", "\n    versionCode=12 minSdk=26 targetSdk=34\n", "\n    versionName=1.2\n",
		"\n    requested permissions:\n      android.permission.MANAGE_OWN_CALLS\n", "\n    install permissions:\n      android.permission.MANAGE_OWN_CALLS: granted=true\n",
		"re:^    User 0: ceDataInode=\\d+ installed=true hidden=false suspended=false distractionFlags=0 stopped=true notLaunched=true enabled=0 instant=false virtual=false\n",
		"\n      installReason=0\n      firstInstallTime=", "\n      runtime permissions:\n        android.permission.POST_NOTIFICATIONS: granted=true, flags=[ ")
	lacks(t, got, "userId=10160", "quarantined=")
	if got := text(sys, func(d *android.Device) string { return render.Package(d, "org.nope") }); got != "Unable to find package: org.nope\n" {
		t.Errorf("unknown: %q", got)
	}
}

func TestAudio(t *testing.T) {
	sys := boot(t)
	want(t, text(sys, render.Audio), "Ringer mode: \n- mode (internal) = NORMAL\n", "Audio mode: \n- Requested mode = MODE_NORMAL\n- Actual mode = MODE_NORMAL\n- Mode owner: \n   None\n- Mode owner stack: \n   Empty\n",
		"AudioDeviceBroker:\n", "  mAudioModeOwner: AudioModeInfo: mMode=MODE_NORMAL, mPid=0, mUid=0\n", "  mScoAudioState: SCO_STATE_INACTIVE\n", "Events log: phone state (logged after successful call to AudioSystem.setPhoneState(int, int))\n")
	ring(t, sys)
	want(t, text(sys, render.MediaSessions), "Global priority session is com.android.server.telecom/HeadsetMediaButton (userId=0)\n", "    active=true\n", "Sessions Stack - have 0 sessions:\n")
}

func TestExitInfo(t *testing.T) {
	sys := boot(t)
	ring(t, sys)
	sys.Do(func(d *android.Device) { d.Processes.ForceStop(android.ShellCaller(50), app) })
	want(t, text(sys, func(d *android.Device) string { return render.ExitInfo(d, app) }),
		"ACTIVITY MANAGER PROCESS EXIT INFO (dumpsys activity exit-info)\nLast Timestamp of Persistence Into Persistent Storage: ",
		"\n  package: "+app+"\n    Historical Process Exit for uid=10160\n        ApplicationExitInfo #0:\n",
		"re:^          timestamp=2026-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} pid=\\d+ realUid=10160 packageUid=10160 definingUid=10160 user=0\n",
		"          process="+app+" reason=10 (USER REQUESTED) subreason=21 (FORCE STOP) status=0\n", " state=empty trace=null\n")
}

func TestProcesses(t *testing.T) {
	sys := boot(t)
	got := text(sys, func(d *android.Device) string { return render.Processes(d, "") })
	want(t, got, "ACTIVITY MANAGER RUNNING PROCESSES (dumpsys activity processes)\n", "re:^  Process LRU list \\(sorted by oom_adj, \\d+ total, non-act at 0, non-svc at 0\\):\n",
		"re:^    (PERS|Proc) # ?\\d+: \\S+ +\\S/\\S?/?\\S* ")
}

// dumpsys.md 4.3: the persistent ones come first and have high numbers, what is
// in front follows, and what may be killed is at the end.
func TestLRUOrder(t *testing.T) {
	sys := boot(t)
	ring(t, sys)
	sys.Step(time.Second)
	got := text(sys, render.LRU)
	rows := strings.Split(strings.TrimSpace(got), "\n")[1:]
	if len(rows) < 5 || !strings.HasPrefix(rows[0], "    PERS # ") || !strings.HasPrefix(rows[1], "    PERS # ") || !strings.HasPrefix(rows[len(rows)-1], "    Proc # ") {
		t.Fatalf("order:\n%s", got)
	}
	want(t, got, "re:^    Proc # 0: \\S+ +\\S*[/ ] ?/\\w+ +LCMNFU  t: 0 \\d+:"+app+"/u0a\\d+ \\(")
}

func TestHierarchy(t *testing.T) {
	sys := boot(t)
	sys.Do(func(d *android.Device) { d.Power.Wake("WAKE_REASON_WAKE_KEY", "test"); d.Keyguard.Dismiss() })
	sys.Step(3 * time.Second)
	ring(t, sys)
	sys.Step(time.Second)
	var plain, all string
	var ok bool
	sys.Do(func(d *android.Device) {
		plain, ok = render.Hierarchy(d)
		all, _ = render.HierarchyWindows(d)
	})
	if !ok {
		t.Fatal("no active window on an unlocked phone")
	}
	want(t, plain, `<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation="0"><node index="0" text="`, `resource-id="`, `class="`, `package="`, `content-desc="`, `checkable="false" checked="false" clickable="`, `bounds="[`, `</hierarchy>`)
	want(t, all, `<displays><display id="0"><window index="0" title="`, `<hierarchy rotation="0"><node `, `text="Answer"`, `</hierarchy></window></display></displays>`)
	lacks(t, plain, `text="Answer"`) // a heads-up is not in the active window
}

// Sections come in the order in which a real phone of the same release prints them.
func TestOrderOfKeysAsOnAPhone(t *testing.T) {
	dir := os.Getenv("RINGPROOF_CORPUS")
	switch {
	case dir == "":
		t.Skip("RINGPROOF_CORPUS is not set: no texts of real phones to compare with")
	case !filepath.IsAbs(dir):
		// It counts from the module's root; a test runs in its package's folder.
		dir = filepath.Join("..", "..", "..", dir)
	}
	sys := boot(t)
	ring(t, sys)
	// Windows and notifications repeat their keys: compare one.
	one := func(text string) string {
		if i := strings.Index(text, "\n  Window #1 "); i > 0 {
			return text[:i]
		}
		if parts := strings.SplitAfterN(text, "\n    NotificationRecord(", 3); len(parts) == 3 {
			return parts[0] + parts[1]
		}
		return text
	}
	key := regexp.MustCompile(`^\s*(?:- )?([A-Za-z][A-Za-z ]*[A-Za-z])\s?(?:=|:)`)
	keys := func(text string) []string {
		var out []string
		for line := range strings.SplitSeq(text, "\n") {
			if m := key.FindStringSubmatch(line); m != nil && !slices.Contains(out, m[1]) {
				out = append(out, m[1])
			}
		}
		return out
	}
	for file, r := range map[string]func(*android.Device) string{
		"power/003-a14-hyperos-pad6-power.txt":               render.Power,
		"audio/002-a14-moto-edge30pro-mode-and-broker.txt":   render.Audio,
		"audio/005-a14-moto-edge30pro-media-session.txt":     render.MediaSessions,
		"window/010-a14-emulator-api34-windows-settings.txt": render.Windows,
		"notification/011-a14-hyperos2-pad6-redacted.txt":    func(d *android.Device) string { return render.Notification(d, false, "") },
		"misc/001-a14-hyperos-pad6-battery.txt":              render.Battery,
		"power/004-a14-hyperos-pad6-display.txt":             render.Display,
	} {
		path := filepath.Join(dir, filepath.FromSlash(file))
		real, err := os.ReadFile(path)
		if err != nil {
			if m, _ := filepath.Glob(filepath.Join(dir, filepath.FromSlash(file[:strings.Index(file, "-")])) + "-*"); len(m) == 1 {
				real, err = os.ReadFile(m[0])
			}
		}
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		// Only keys that stand once say where they belong.
		theirs := slices.DeleteFunc(keys(one(string(real))), func(k string) bool {
			return len(regexp.MustCompile(`(?m)^\s*(?:- )?`+k+`\s?[=:]`).FindAllString(one(string(real)), 2)) > 1
		})
		last, shared := -1, 0
		for _, k := range keys(one(text(sys, r))) {
			at := slices.Index(theirs, k)
			if at < 0 {
				continue
			}
			shared++
			if at < last {
				t.Errorf("%s: %q stands behind %q, on the phone before it", file, k, theirs[last])
			}
			last = max(last, at)
		}
		if shared < 6 {
			t.Errorf("%s: only %d keys in common with the phone", file, shared)
		}
	}
}
