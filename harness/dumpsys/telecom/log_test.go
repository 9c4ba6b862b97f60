package telecom

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ringproof/ringproof/harness/dumpsys/logcat"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/captures"
	"github.com/ringproof/ringproof/harness/internal/readertest"
)

// told is a line in short: all that differs from kind to kind.
func told(e LogLine) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s", e.Line, e.Kind)
	for _, s := range []string{e.Call, string(e.From), string(e.To), e.Name, e.Data, e.Change} {
		if s != "" {
			b.WriteString(" " + s)
		}
	}
	if r, ok := e.Route.Get(); ok {
		fmt.Fprintf(&b, " route=%s/%s/%s", r.Name, r.Printed, r.Address)
	}
	if m, ok := e.Muted.Get(); ok {
		fmt.Fprintf(&b, " muted=%v", m)
	}
	if s, ok := e.Supported.Get(); ok {
		fmt.Fprintf(&b, " supported=%v", s)
	}
	if h, ok := e.Handle.Get(); ok {
		fmt.Fprintf(&b, " of %s/%s user %d", h.Package, h.ID, h.User)
	}
	if e.Session != "" {
		b.WriteString(" @" + e.Session)
	}
	return b.String()
}

func tell(all []LogLine) []string {
	var out []string
	for _, e := range all {
		out = append(out, told(e))
	}
	return out
}

const (
	logHandle = "ComponentInfo{org.ringproof.sample/org.ringproof.sample.CallConnectionService}, ***, UserHandle{0}"
	logRow    = "[Call id=TC@1, state=NEW, tpac=" + logHandle + ", cmgr=null, handle=sip:*@*, vidst=A, childs(0), has_parent(false), cap=[ hld sup_hld], prop=[ self_mng]], voip=true"
	logRow28  = "[TC@1, NEW, org.ringproof.sample/.CallConnectionService, tel:*, A, childs(0), has_parent(false), [Capabilities: CAPABILITY_HOLD], [Properties: PROPERTY_SELF_MANAGED]]"
)

// Each template of the log, composed from the sources of the releases.
func TestReadLog(t *testing.T) {
	for _, c := range []struct{ name, msg, want string }{
		{"state, API 34", "CallsManager: setCallState NEW -> RINGING, call: " + logRow + ": CSW.sR(cap)@Iac\U0001F512", "7 state TC@1 NEW RINGING @CSW.sR(cap)@Iac"},
		{"state, API 28", "CallsManager: setCallState NEW -> RINGING, call: " + logRow28 + ": CSW.sR@Iac", "7 state TC@1 NEW RINGING @CSW.sR@Iac"},
		{"state, API 37", "CallsManager: setCallState NEW(NEW) -> RINGING, call: " + logRow, "7 state TC@1 NEW RINGING"},
		{"state, Motorola", "MotoCallsManager: setCallState ACTIVE -> ON_HOLD, call: " + logRow, "7 state TC@1 ACTIVE ON_HOLD"},
		{"state of the audio", "CallAudioManager: onCallStateChanged: Call state changed for TC@TC@1: RINGING -> ACTIVE: CSW.sA@B", "7 state TC@1 RINGING ACTIVE @CSW.sA@B"},
		{"state of the audio, transactional", "CallAudioManager: onCallStateChanged: Call state changed for TC@51d81918-336a: RINGING -> ACTIVE", "7 state 51d81918-336a RINGING ACTIVE"},
		{"state of the audio, mended", "CallAudioManager: onCallStateChanged: Call state changed for TC@1: RINGING -> ACTIVE", "7 state TC@1 RINGING ACTIVE"},
		{"words like an event's", "CallsManager: Call TC@1: BUSY, again", ""},
		{"words on an account", "PhoneAccountRegistrar: Phone account " + logHandle + " vanished.", ""},
		{"event", "Event: RecordEntry TC@1: SET_RINGING, successful incoming call: CSW.hCCC@AcI", "7 event TC@1 SET_RINGING successful incoming call @CSW.hCCC@AcI"},
		{"event without data", "Event: RecordEntry TC@1: DESTROYED, null: CSW.rC(cap)@Iac", "7 event TC@1 DESTROYED @CSW.rC(cap)@Iac"},
		{"event, transactional", "Event: RecordEntry 51d81918-336a: CREATED, org.x", "7 event 51d81918-336a CREATED org.x"},
		{"event of the route", "Event: RecordEntry TC@1: AUDIO_ROUTE, Entering state ActiveSpeakerRoute: CARSM.pM_SWITCH_SPEAKER@B", "7 event TC@1 AUDIO_ROUTE Entering state ActiveSpeakerRoute route=SPEAKER/ActiveSpeakerRoute/ @CARSM.pM_SWITCH_SPEAKER@B"},
		{"event of the microphone", "Event: RecordEntry TC@1: MUTE, null", "7 event TC@1 MUTE muted=true"},
		{"event without a call", "Logging.Events: Non-call EVENT: AUDIO_ROUTE, Entering state QuiescentSpeakerRoute", "7 event AUDIO_ROUTE Entering state QuiescentSpeakerRoute"},
		{"added", "InCallController: onCallAdded: " + logRow, "7 added TC@1"},
		{"route, API 26", "CallAudioRouteStateMachine: setSystemAudioState: changing from [AudioState isMuted: false, route: EARPIECE, supportedRouteMask: EARPIECE, SPEAKER] to [AudioState isMuted: true, route: SPEAKER, supportedRouteMask: EARPIECE, SPEAKER]: A.b@C",
			"7 route route=SPEAKER/SPEAKER/ muted=true supported=[EARPIECE SPEAKER] @A.b@C"},
		{"route, API 28", "CallAudioRouteStateMachine: setSystemAudioState: changing from [AudioState isMuted: true, route: EARPIECE, supportedRouteMask: EARPIECE, activeBluetoothDevice: [null], supportedBluetoothDevices: []] to [AudioState isMuted: false, route: BLUETOOTH, supportedRouteMask: EARPIECE, BLUETOOTH, SPEAKER, activeBluetoothDevice: [AA:BB:CC:00:00:01], supportedBluetoothDevices: [AA:BB:CC:00:00:01]]",
			"7 route route=BLUETOOTH/BLUETOOTH/AA:BB:CC:00:00:01 muted=false supported=[EARPIECE BLUETOOTH SPEAKER]"},
		{"route, API 35", "SamsungCallAudioRouteController: updateCallAudioState: updating call audio state to [AudioState isMuted: false, route: EARPIECE, supportedRouteMask: UNKNOWN, activeBluetoothDevice: [AA:BB:CC:00:00:01], supportedBluetoothDevices: []]",
			"7 route route=EARPIECE/EARPIECE/ muted=false supported=[]"},
		{"pending route", "CallAudioRouteController: Enter pending route, origAudioRoute[Type=TYPE_SPEAKER, Address=invalid](active=true), destAudioRoute[Type=TYPE_BLUETOOTH_SCO, Address=AA:BB:CC:00:00:01](active=true)",
			"7 pending-route route=BLUETOOTH/TYPE_BLUETOOTH_SCO/AA:BB:CC:00:00:01"},
		{"mute, API 28", "CallAudioRouteStateMachine: changing microphone mute state to: true [serviceIsNull=false]: A.b@C", "7 mute muted=true @A.b@C"},
		{"mute, API 26", "CallAudioRouteStateMachine: changing microphone mute state to: false", "7 mute muted=false"},
		{"foreground", "CallAudioManager: updateForegroundCall; oldFg=none, newFg=TC@2, aDC=TC@2, ring=, hold=", "7 foreground TC@2"},
		{"foreground, none", "CallAudioManager: updateForegroundCall; oldFg=TC@2, newFg=none, aDC=, ring=, hold=", "7 foreground"},
		{"account asked for", ": registerPhoneAccount: account=[[ ] PhoneAccount: " + logHandle + " Capabilities: SelfManaged Audio Routes: BESW Schemes: sip  Extras: null GroupId: ***]: TSI.rPA(cap)@A3U", "7 account registering of org.ringproof.sample/*** user 0 @TSI.rPA(cap)@A3U"},
		{"account", "PhoneAccountRegistrar: New phone account registered: [[ ] PhoneAccount: " + logHandle + " Capabilities: SelfManaged Audio Routes: BESW Schemes: sip  Extras: null]", "7 account registered of org.ringproof.sample/*** user 0"},
		{"account changed", "PhoneAccountRegistrar: Modify account: [" + logHandle + "]: TSI.rPA@A", "7 account modified of org.ringproof.sample/*** user 0 @TSI.rPA@A"},
		{"account removed", "PhoneAccountRegistrar: Removing phone account Ringproof: Sample", "7 account removed"},
		{"account enabled", "PhoneAccountRegistrar: Phone account " + logHandle + " enabled.: TSI.ePA@A", "7 account enabled of org.ringproof.sample/*** user 0 @TSI.ePA@A"},
		{"account disabled", "PhoneAccountRegistrar: Phone account " + logHandle + " disabled.", "7 account disabled of org.ringproof.sample/*** user 0"},
		{"another line", "PhoneAccountRegistrar: getSimCallManager: SimCallManager for subId 1 queried", ""},
		{"no class", "setCallState NEW -> RINGING, call: " + logRow, ""},
		{"half a state", "CallsManager: setCallState NEW -> RINGING", ""},
		{"somebody's words", "CallsManager: setCallState now -> then, call: [x]", ""},
		{"half a route", "CallAudioRouteController: updateCallAudioState: updating call audio state to [AudioState isMuted: true", ""},
	} {
		at := time.Date(2026, 5, 23, 15, 50, 0, 0, time.UTC)
		e, ok := ReadLog(logcat.Line{Kind: logcat.Message, Tag: "Telecom", Msg: c.msg, N: 7, Time: at})
		got := told(e)
		if !ok {
			got = ""
		}
		if got != c.want || ok && !e.At.Equal(at) {
			t.Errorf("%s: %v at %v\nwant %s", c.name, got, e.At, c.want)
		}
	}
	e, _ := ReadLog(logcat.Line{Kind: logcat.Message, Tag: "Telecom", Msg: "CallsManager: setCallState NEW -> RINGING, call: " + logRow})
	if c := e.Row.Or(&Call{}); c.State != New || c.Package.String() != "org.ringproof.sample" || c.SelfManaged.String() != "true" || c.VoIP.String() != "true" {
		t.Errorf("row = %+v", c)
	}
	// Apps write what they like, under tags of their own.
	for _, tag := range []string{"", "TelecomFramework", "MyApp", "Telecom2"} {
		if e, ok := ReadLog(logcat.Line{Kind: logcat.Message, Tag: tag, Msg: "CallsManager: setCallState NEW -> RINGING, call: " + logRow}); ok {
			t.Errorf("tag %q: %+v", tag, e)
		}
	}
}

func TestParseLog(t *testing.T) {
	f, err := ParseLog([]byte("--------- beginning of main\n05-23 15:50:00.123  1000  1001 I Other   : x\n"), logcat.Clock{})
	if err != nil || f.Lines.String() != "[]" || f.Fragments.Known() {
		t.Errorf("a log without Telecom: %+v, %v", f, err)
	}
	f, err = ParseLog([]byte("I/Telecom ( 1000): Event: RecordEntry TC@1: DESTROYED, null\nEvent: RecordEntry TC@2: DESTROYED, null\n"), logcat.Clock{})
	if err != nil || len(f.Lines.Or(nil)) != 1 {
		t.Errorf("a foreign line within a log: %+v, %v", f, err)
	}
	for in, kind := range map[string]text.Kind{"": text.Empty, "hello\n": text.NotADump, "Event: RecordEntry TC@2: DESTROYED, null\n": text.NotADump} {
		if f, err := ParseLog([]byte(in), logcat.Clock{}); !errors.Is(err, &text.Problem{Kind: kind}) || f.Lines.Known() {
			t.Errorf("%q: %+v, %v", in, f, err)
		}
	}
}

func FuzzParseLog(f *testing.F) {
	for _, s := range []string{
		"I/Telecom ( 1): CallsManager: setCallState NEW -> RINGING, call: " + logRow + ": A.b@C",
		"I/Telecom ( 1): CallsManager: setCallState A( -> B, call: [", "I/Telecom ( 1): : Call : , \n", "I/Telecom ( 1): x: RecordEntry : , : @\n",
		"I/Telecom ( 1): x: onCallStateChanged: Call state changed for TC@: A -> B\n", "x: setSystemAudioState: changing from ] to [AudioState isMuted: , route: x, supportedRouteMask: , activeBluetoothDevice: [\n",
		"x: Modify account: [\nx: Phone account ComponentInfo{a/}, , UserHandle{ enabled.\nEvent: \nx: Enter pending route, orig, destAudioRoute[Type=\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		readertest.Check(t, readertest.Of(parseLog), in)
		l, err := ParseLog(in, logcat.Clock{})
		if err != nil && !text.IsProblem(err) {
			t.Fatal(err)
		}
		for _, e := range append(l.Lines.Or(nil), l.Fragments.Or(nil)...) {
			if e.Kind == "" || e.Line < 1 {
				t.Fatalf("%+v", e)
			}
		}
	})
}

// What a person sees in each captured log. The first word says whether the text
// is a log or notes that somebody took of one.
var seenInLogs = map[string][]string{
	"020-logcat-moto-a14-sim-phoneaccount.txt": {"log",
		"1 account registering of com.android.phone/1 user 0 @TSI.rPA(cap)@A3U",
		"2 account modified of com.android.phone/1 user 0 @TSI.rPA(cap)@A3U",
		"6 account registering of com.android.phone/1 user 0 @TSI.rPA(cap)@A3c",
		"7 account modified of com.android.phone/1 user 0 @TSI.rPA(cap)@A3c"},
	"021-logcat-moto-a14-meet-selfmanaged-account-bt-route.txt": {"log",
		"4 account registering of com.google.android.apps.tachyon/*** user 0 @TSI.rPA(cgaat)@NEk",
		"5 account registered of com.google.android.apps.tachyon/*** user 0 @TSI.rPA(cgaat)@NEk",
		"17 event AUDIO_ROUTE Bluetooth device list changed @BSR.oR->CARSM.pM_BLUETOOTH_DEVICE_LIST_CHANGED@NGI",
		"21 event AUDIO_ROUTE Bluetooth active device present @BSR.oR->CARSM.pM_BT_ACTIVE_DEVICE_PRESENT@NGQ",
		"24 event AUDIO_ROUTE Leaving state QuiescentEarpieceRoute @BSR.oR->CARSM.pM_BT_ACTIVE_DEVICE_PRESENT->CARSM.pM_SWITCH_BLUETOOTH@NGQ",
		// No call uses the route: it is not in use.
		"25 event AUDIO_ROUTE Entering state QuiescentBluetoothRoute @BSR.oR->CARSM.pM_BT_ACTIVE_DEVICE_PRESENT->CARSM.pM_SWITCH_BLUETOOTH@NGQ"},
	"038-logcat-mtk-tecno-incoming.txt": {"log",
		"3 event TC@37 CONNECTION_EVENT mediatek.telecom.event.INCOMING_INFO_UPDATED @(...->CS.crCo->H.CS.crCo->H.CS.crCo.pICR)->CSW.oCE@E-E-DJ8",
		"4 event TC@37 CONNECTION_EVENT mediatek.telecom.event.INCOMING_INFO_UPDATED @CSW.oCE@DLE"},
	"039-logcat-unisoc-a13plus-vowifi-rtt-notes.txt": {"log",
		"1 state TC@21 CONNECTING DIALING", "2 state TC@21 DIALING ACTIVE", "3 state TC@22 CONNECTING DIALING", "4 state TC@22 DIALING ACTIVE"},
	"040-logcat-hfp-client-headunit-a14-condensed.txt": {"notes", "1 state TC@2 NEW RINGING", "2 state TC@2 RINGING ACTIVE"},
	"042-logcat-nougat-outgoing-verbose.txt": {"log",
		"2 state TC@2 CONNECTING DIALING", "4 event TC@2 SET_DIALING successful outgoing call @CSW.hCCC@AcI"},
	"043-logcat-a-dnd-skip-ringing.txt": {"notes",
		"3 event TC@10 SKIP_RINGING Inaudible: isVolumeOverZero=true, shouldRingForContact=false"},
	"044-logcat-emulator-screening-block.txt": {"notes",
		"3 event TC@1 SCREENING_BOUND ComponentInfo{org.sentinela.app/...UnknownCallScreeningService}",
		"4 event TC@1 SCREENING_COMPLETED [Reject, logged, mCallBlockReason = 1, ...]"},
	"045-logcat-samsung-s22u-route-events-condensed.txt": {"notes",
		"3 event AUDIO_ROUTE_TO dest=AudioRoute[Type=TYPE_BLUETOOTH_SCO, ...], reason=ACTIVE_FOCUS"},
	"050-logcat-a6-preo-outgoing.txt": nil, // many: see TestCorpusOldLog
}

// Android 6: out of range, and still told apart from noise. Events name a call
// by its number, rows by a hash.
func TestCorpusOldLog(t *testing.T) {
	f, err := ParseLog(captures.File(t, "telecom-logcat/050-logcat-a6-preo-outgoing.txt"), logcat.Clock{})
	all := f.Lines.Or(nil)
	if err != nil || len(all) != 28 {
		t.Fatalf("%d lines, %v", len(all), err)
	}
	want := map[int]string{
		17: "17 state 130515122 CONNECTING DISCONNECTED",
		19: "19 event 4 DESTROYED",
		49: "49 route route=EARPIECE/EARPIECE/ muted=false supported=[EARPIECE SPEAKER]",
		57: "57 event 5 REQUEST_DISCONNECT",
		66: "66 event 5 SET_DISCONNECTED disconnected set explicitly> DisconnectCause [ Code: (LOCAL) Label: () Description: () Reason: (LOCAL) Tone: (27) ]",
	}
	for _, e := range all {
		if w, ok := want[e.Line]; ok && told(e) != w {
			t.Errorf("%s\nwant %s", told(e), w)
		}
		delete(want, e.Line)
	}
	if len(want) > 0 {
		t.Errorf("not read: %v", want)
	}
}

func TestCorpusLogs(t *testing.T) {
	dir := corpus(t, "telecom-logcat")
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	if len(files) == 0 {
		t.Fatalf("no files in %s", dir)
	}
	for _, path := range files {
		name := filepath.Base(path)
		want, ok := seenInLogs[name]
		if !ok {
			t.Errorf("%s: nobody wrote down what is in it", name)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := ParseLog(b, logcat.Clock{Year: 2026})
		if want == nil {
			continue
		}
		got := tell(f.Lines.Or(f.Fragments.Or(nil)))
		if f.Lines.Known() != (want[0] == "log") || (err == nil) != (want[0] == "log") {
			t.Errorf("%s: %v", name, err)
		}
		if strings.Join(got, "\n") != strings.Join(want[1:], "\n") {
			t.Errorf("%s:\n%s\nwant:\n%s", name, strings.Join(got, "\n"), strings.Join(want[1:], "\n"))
		}
	}
	e, _ := ParseLog(captures.File(t, "telecom-logcat/021-logcat-moto-a14-meet-selfmanaged-account-bt-route.txt"), logcat.Clock{Year: 2026})
	a := e.Lines.Or([]LogLine{{}, {}})[1].Account.Or(&Account{})
	if !a.SelfManaged() || !a.CoreTelecom || a.Enabled || !e.Lines.Or(nil)[1].At.Equal(time.Date(2026, 6, 6, 10, 18, 50, 445e6, time.UTC)) {
		t.Errorf("Meet's account = %+v", a)
	}
}
