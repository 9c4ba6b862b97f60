package render_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/render"
)

// between says on which releases something is printed.
type between struct{ from, to int }

func (b between) has(api int) bool {
	return (b.from == 0 || api >= b.from) && (b.to == 0 || api <= b.to)
}

var (
	always    = between{}
	since     = func(api int) between { return between{from: api} }
	upTo      = func(api int) between { return between{to: api} }
	component = `ComponentInfo\{` + regexp.QuoteMeta(app+"/"+app) + `\.CallService\}`
	account   = component + `, (\*\*\*|\[[0-9a-f]{40}\]), UserHandle\{0\}`
	short     = regexp.QuoteMeta(app) + `/\.CallService`
)

// line is a template: a regular expression of a whole line without its
// indentation, and the releases that print it.
type line struct {
	on   between
	text string
}

// telecomTemplate is `dumpsys telecom` with one self-managed call ringing, in
// order, from the sources of the releases.
func telecomTemplate() []line {
	return []line{
		{always, `CallsManager: `},
		{always, `mCalls: `},
		{upTo(29), `\[TC@1, RINGING, ` + short + `, sip:\*+@\*+\.\*+, A, childs\(0\), has_parent\(false\), \[Capabilities: CAPABILITY_HOLD CAPABILITY_SUPPORT_HOLD CAPABILITY_MUTE\], \[Properties: PROPERTY_SELF_MANAGED\]\]`},
		{between{30, 32}, `\[Call id=TC@1, state=RINGING, tpac=` + account + `, cmgr=null, handle=sip:\S+, vidst=A, childs\(0\), has_parent\(false\), cap=\[ hld sup_hld mut\], prop=\[ self_mng\]\]`},
		{since(33), `\[Call id=TC@1, state=RINGING, tpac=` + account + `, cmgr=null, handle=sip:\S+, vidst=A, childs\(0\), has_parent\(false\), cap=\[ hld sup_hld mut\], prop=\[ self_mng\]\], voip=true`},
		{always, `mCallAudioManager:`},
		{always, `All calls:`}, {always, `TC@1`},
		{always, `Active dialing, or connecting calls:`},
		{always, `Ringing calls:`}, {always, `TC@1`},
		{always, `Holding calls:`},
		{always, `Foreground call:`}, {always, `\[.*TC@1.*`},
		{upTo(32), `CallAudioModeStateMachine pending messages:`},
		{upTo(32), `CallAudioRouteStateMachine pending messages:`},
		{since(33), `CallAudioModeStateMachine:`},
		{since(33), `History:`}, {since(33), `\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6} - Enter RINGING`}, {since(33), `Pending Msg:`},
		{between{33, 34}, `CallAudioRouteStateMachine:`}, {between{33, 34}, `Current state: QuiescentEarpieceRoute`}, {between{33, 34}, `Pending messages:`},
		{since(35), `mCallAudioRouteAdapter:`},
		{since(30), `BluetoothDeviceManager:`},
		{always, `mTtyManager:`}, {always, `mCurrentTtyMode: 0`},
		{always, `mInCallController:`},
		{upTo(34), `mInCallServices \(InCalls registered\):`}, {since(35), `combinedInCallServiceMap \(InCalls registered\):`},
		{always, `ServiceConnections \(InCalls bound\):`}, {always, `Car Swapping ICS \[not connected\]`},
		{upTo(29), `Emergency: BindingConnection \[not connected, not bound\]`},
		{since(30), `Emergency: BindingConnection \[not connected, not bound, \[ComponentInfo\{.*\} supportsExternal\? false supportsSelfMg\?false\]`},
		{since(30), `CarModeTracker:`}, {since(30), `Current car mode apps:`}, {since(30), `Car mode history:`},
		{since(31), `mCallDiagnosticServiceController:`},
		{since(34), `mCallAnomalyWatchdog:`}, {since(34), `Pending timeouts: `}, {since(34), `mEmergencyCallDiagnosticLogger:`},
		{always, `mDefaultDialerCache:`}, {always, `User 0: com\.android\.dialer`},
		{always, `mConnectionServiceRepository:`}, {always, `mServiceCache:`}, {always, component},
		{since(29), `mRoleManager:`}, {between{29, 29}, `DefaultCarModeDialerApp:.*`}, {since(29), `DefaultCallCompanionApps:.*`},
		{since(34), `mConnectionSvrFocusMgr:`}, {since(34), `Call Focus History:`},
		{since(36), `CallAudioWatchdog:`}, {since(36), `Active Sessions:`},
		{always, `PhoneAccountRegistrar: `}, {always, `xmlVersion: 9`}, {always, `defaultOutgoing: none`},
		{since(33), `outgoingPhoneAccountForTelScheme: none`}, {always, `simCallManager: null`}, {always, `phoneAccounts:`},
		{always, `\[\[X\] PhoneAccount: ` + account + ` Capabilities: SelfManaged  Audio Routes: BESW Schemes: sip  Extras: null GroupId: .*\]`},
		{since(30), `test emergency PhoneAccount filter: (null|\[\])`},
		{upTo(36), `Analytics:`}, {always, `Call TC@1: \{`}, {always, `startTime: \d+`}, {always, `direction: INCOMING`}, {since(29), `isEmergency: false`},
		{since(31), `missedReason: \[\]`}, {since(29), `callSource: 0`}, {since(29), `Past analytics dumps: `},
		{since(35), `Flag Configurations: `}, {since(35), "\t\\[\u2705\\]: useRefactoredAudioRouteSwitching +use_refactored_audio_route_switching"}, {since(35), `TransactionManager: `},
		{always, `Historical Events:`},
		{upTo(33), "SelfMgd CallTC@1 \\[.*[AP]M\\]\\(MT - incoming\\)"},
		{since(34), "SelfMgd CallTC@1 \\[.*\u202f[AP]M\\]\\(MT - incoming\\)\\(User=UserHandle\\{0\\}\\)"},
		{upTo(29), "\tVia PhoneAccount: " + account + ` \(Caller\)`}, {since(30), "\t>>>Target PhoneAccount: " + account + ` \(Caller\)`},
		{upTo(27), "\tTo address: sip:\\S+"}, {between{28, 29}, "\tTo address: sip:\\S+ Presentation: Allowed"}, {since(30), "\tTo address: sip:\\S+ Verstat: not Presentation: Allowed"},
		{upTo(28), `\d\d:\d\d:\d\d\.\d{3} - CREATED:\S+`}, {between{29, 32}, `\d\d:\d\d:\d\d\.\d{3} - CREATED \(` + regexp.QuoteMeta(app) + `\):\S+`},
		{since(33), `\d\d:\d\d:\d\d\.\d{3} - CREATED \(` + regexp.QuoteMeta(app) + `;requestedAcct:.*, selfMgd:true\):\S+`},
		{always, `\d\d:\d\d:\d\d\.\d{3} - SET_RINGING \(successful incoming call\):\S+`},
		{always, `Timings \(average for this call, milliseconds\):`},
	}
}

// Every release prints the lines of its template in this order, and none of those
// of other releases.
func TestTelecomTemplate(t *testing.T) {
	for api := android.FirstAPI; api <= android.LastAPI; api++ {
		t.Run(fmt.Sprint(api), func(t *testing.T) {
			sys := bootAs(t, api, "")
			ring(t, sys)
			got := text(sys, render.Telecom)
			var parts []string
			for _, l := range telecomTemplate() {
				if l.on.has(api) {
					parts = append(parts, "re:^ *"+l.text+"$")
				}
			}
			want(t, got, parts...)
			for _, l := range telecomTemplate() {
				if l.on.has(api) || printedBy(api, l.text) {
					continue
				}
				if m := regexp.MustCompile("(?m)^ *" + l.text + "$").FindString(got); m != "" {
					t.Errorf("%q is of releases %d to %d", m, l.on.from, l.on.to)
				}
			}
		})
	}
}

// printedBy: another line of the template with the same text is the release's own.
func printedBy(api int, text string) bool {
	for _, l := range telecomTemplate() {
		if l.text == text && l.on.has(api) {
			return true
		}
	}
	return false
}

// What moved between dumps, line by line, with the call ringing over the launcher.
func TestWhereFieldsAre(t *testing.T) {
	dumps := map[string]func(*android.Device) string{
		"windows": render.Windows, "displays": render.WindowDisplays, "policy": render.WindowPolicy, "activities": render.Activities, "power": render.Power,
		"audio": render.Audio, "notification": notification, "package": aPackage, "trust": render.Trust, "deviceidle": render.DeviceIdle, "battery": render.Battery,
	}
	rows := []struct {
		dump string
		on   between
		line string
	}{
		{"windows", upTo(28), `  mCurrentFocus=Window\{.*`}, {"displays", since(29), `  mCurrentFocus=Window\{.*`}, {"activities", since(30), `  mCurrentFocus=Window\{.*`},
		{"windows", upTo(28), `  mFocusedApp=AppWindowToken\{\S+ token=Token\{\S+ ActivityRecord\{\S+ u0 \S+ t1\}\}\}`},
		{"displays", between{29, 29}, `  mFocusedApp=AppWindowToken\{\S+ token=Token\{\S+ ActivityRecord\{\S+ u0 \S+ t1\}\}\}`},
		{"displays", between{33, 33}, `  mFocusedApp=ActivityRecord\{[0-9a-f]+ u0 [^ }]+\} t1\}`},
		{"displays", since(36), `  mFocusedApp=ActivityRecord\{\d+ u0 \S+ t1\}`},
		{"displays", since(31), `  imeLayeringTarget in display# 0 Window\{.*`}, {"displays", between{30, 30}, `  mInputMethodTarget in display# 0 Window\{.*`},
		{"policy", upTo(33), ` *showingAndNotOccluded=true`}, {"policy", always, ` *KeyguardServiceDelegate`}, {"policy", always, ` *secure=false`},
		{"policy", upTo(27), ` *offReason=\d+`}, {"policy", since(28), ` *offReason=OFF_BECAUSE_OF_USER`},
		{"policy", upTo(28), ` *mShowingDream=false mDreamingLockscreen=false.*`}, {"displays", since(29), ` *mShowingDream=false mDreamingLockscreen=false.*`},
		{"policy", upTo(28), `.* isStatusBarKeyguard=false`}, {"displays", between{29, 29}, `.* isStatusBarKeyguard=false`},
		{"displays", between{30, 30}, ` *mStatusBar=.* isKeyguardShowing=false`}, {"displays", since(31), ` *isKeyguardShowing=false`},
		{"activities", upTo(29), `  isHomeRecentsComponent=true  KeyguardController:`}, {"activities", since(30), `  KeyguardController:`},
		{"activities", upTo(28), `    mOccluded=false`}, {"activities", between{29, 30}, `   Occluded=false DismissingKeyguardActivity=null at display=0`},
		{"activities", between{31, 32}, `   Occluded=false DismissingKeyguardActivity=null TurnScreenOnActivity=null at display=0`},
		{"activities", since(33), `   KeyguardShowing=false AodShowing=false KeyguardGoingAway=false DismissalRequested=false  Occluded=false .* at display=0`},
		{"activities", since(28), `    mAodShowing=false`}, {"activities", upTo(29), `    mVisibilityTransactionDepth=0`},
		{"activities", upTo(32), ` *mResumedActivity: ActivityRecord\{.*`}, {"activities", since(33), ` *topResumedActivity=ActivityRecord\{.*`}, {"activities", always, `  ResumedActivity: ActivityRecord\{.*`},
		{"power", upTo(30), `Display Power: state=ON`}, {"power", since(31), `Display Power: com\.android\.server\.power\.PowerManagerService\$1@\S+`},
		{"audio", since(31), `- Actual mode = MODE_NORMAL`}, {"audio", since(30), `- zen mode:ZEN_MODE_OFF`}, {"audio", since(30), `AudioDeviceBroker:`},
		{"audio", between{30, 33}, `  mModeOwnerPid: \d+`}, {"audio", since(34), `  mAudioModeOwner: AudioModeInfo: mMode=MODE_NORMAL, mPid=0, mUid=0`},
		{"audio", between{28, 33}, `Audio event log: phone state \(logged after successfull call to AudioSystem.setPhoneState\(int\)\)`},
		{"audio", since(34), `Events log: phone state \(logged after successful call to .*`},
		{"notification", between{28, 29}, ` *NotificationRecord\(0x.* key=\S+ appImportanceLocked=false: Notification\(.*`},
		{"notification", upTo(29), ` *NotificationRecord\(0x.*: Notification\(channel=calls pri=0 contentView=null .*`}, {"notification", since(30), ` *NotificationRecord\(0x.*: Notification\(channel=calls shortcut=null contentView=null .*`},
		{"notification", upTo(34), ` *NotificationRecord\(0x.* defaults=0x0 flags=0x[0-9a-f]+ color=.* category=call actions=2 vis=PUBLIC\)\)`},
		{"notification", since(35), ` *NotificationRecord\(0x.* defaults=0 flags=ONGOING_EVENT\|NO_CLEAR\|HIGH_PRIORITY(\|NO_DISMISS)? color=.* category=call actions=2 vis=PUBLIC\)\)`},
		{"notification", since(29), `      opPkg=\S+`}, {"notification", since(27), `      flags=\S+`}, {"notification", since(33), `      originalFlags=\S+`},
		{"notification", since(31), `      notification=`}, {"notification", upTo(30), `      fullscreenIntent=PendingIntent\{.* \(whitelist: .*`}, {"notification", since(31), `            fullscreenIntent=PendingIntent\{.* \(allowlist: .*`},
		{"notification", between{30, 34}, ` *when=\d+`}, {"notification", since(35), ` *when=\d+/\d+`}, {"notification", since(34), ` *vis=1`},
		{"notification", upTo(29), ` *color=0x00000000timeout=unknown`}, {"notification", between{30, 34}, ` *timeout=unknown`}, {"notification", since(35), ` *timeout=PT0S`},
		{"notification", since(31), ` *android\.callType=Integer \(1\)`}, {"notification", since(33), ` *android\.template=String \(android\.app\.Notification\$CallStyle\)`},
		{"notification", upTo(32), ` *android\.title=String`}, {"notification", since(33), ` *android\.title=String \[length=5\]`}, {"notification", always, ` *\[0\] "Decline" -> PendingIntent\{.*`},
		{"notification", since(28), `      mHidden==false`}, {"notification", upTo(28), `      mUserImportance=UNSPECIFIED`}, {"notification", since(29), `      mAsstImportance=UNSPECIFIED`},
		{"notification", since(34), `      mProposedImportance=UNSPECIFIED`}, {"notification", since(36), `      hasSummarization=false`}, {"notification", since(29), `  Notification Preferences:`},
		{"notification", since(35), `  Notification attention state:`},
		{"package", upTo(33), `    userId=10160`}, {"package", since(34), `    appId=10160`}, {"package", upTo(32), `    firstInstallTime=.*`}, {"package", since(33), `      firstInstallTime=.*`},
		{"package", since(33), `        android\.permission\.POST_NOTIFICATIONS: granted=true.*`}, {"package", since(35), `    User 0: ceDataInode=\d+ deDataInode=\d+ installed=true .* quarantined=false`},
		{"package", upTo(28), `    User 0: ceDataInode=\d+ installed=true hidden=false suspended=false stopped=.*`},
		{"trust", since(34), `.*deviceLocked=0, isActiveUnlockRunning=0, strongAuthRequired=0x0`}, {"trust", upTo(33), `.*deviceLocked=0, strongAuthRequired=0x0`},
		{"deviceidle", since(28), `  mScreenLocked=false`}, {"battery", since(33), `  Dock powered: false`},
	}
	for api := android.FirstAPI; api <= android.LastAPI; api++ {
		sys := bootAs(t, api, "")
		ring(t, sys)
		for _, r := range rows {
			got := text(sys, dumps[r.dump])
			if found := regexp.MustCompile("(?m)^" + r.line + "$").MatchString(got); found != r.on.has(api) {
				t.Errorf("API %d, %s: %s: printed %t, want %t", api, r.dump, r.line, found, r.on.has(api))
			}
		}
	}
}

// What makers print otherwise.
func TestMakersTemplates(t *testing.T) {
	for _, r := range []struct {
		api    int
		maker  string
		render func(*android.Device) string
		line   string
	}{
		{36, "samsung", render.Telecom, `telecom: samsung/\S+`},
		{36, "samsung", render.Telecom, `    \[Call id=TC@1, .*\], voip=truecaps=\[Capabilities: .*\], props=\[Properties: .*\], conf\(false\), had_child\(false\)`},
		{28, "samsung", render.Telecom, `    \[TC@1, RINGING, .*, A, conf\(false\), had_child\(false\), childs\(0\), has_parent\(false\), \[Capabilities:.*`},
		{34, "samsung", render.Telecom, `    AudioProcessing calls:`},
		{35, "samsung", render.Telecom, `      Current route: AudioRoute\[Type=TYPE_EARPIECE, Address=invalid\]`},
		{34, "samsung", notification, ` *NotificationRecord\(0x.* vis=PUBLIC semFlags=0x0 semPriority=0 semMissedCount=0\)\)`},
		{34, "samsung", notification, `      mCreationTimeMs=\d{13}\(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\+0000\)`},
		{34, "samsung", render.Audio, `  mAudioModeOwner: AudioModeInfo: mMode=MODE_NORMAL, mPid=0, mUid=0`},
		{34, "xiaomi", notification, ` *NotificationRecord\(0x.* key=\S+ bbbc=0: Notification\(.*`},
		{34, "xiaomi", notification, `      mBuzzBeepBlinkCode=0`},
		{36, "oneplus", notification, ` *oplus_smallicon_use_app_icon=Boolean \(false\)`},
	} {
		sys := bootAs(t, r.api, r.maker)
		ring(t, sys)
		re := regexp.MustCompile("(?m)^" + r.line + "$")
		if !re.MatchString(text(sys, r.render)) {
			t.Errorf("%s %d does not print %s", r.maker, r.api, r.line)
		}
		pixel := bootAs(t, r.api, "pixel")
		ring(t, pixel)
		if m := re.FindString(text(pixel, r.render)); m != "" && r.line[:5] != "  mAu" {
			t.Errorf("a Pixel with %d prints %s", r.api, m)
		}
	}
}
