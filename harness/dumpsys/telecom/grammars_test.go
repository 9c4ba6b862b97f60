package telecom

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/grammar"
)

// The parts that dumps of several releases share. All of this is typed from
// telecom.md; the sections are named where a part is used.
const (
	sampleOld = "org.ringproof.sample/.CallConnectionService"
	lists     = "    All calls:\n      TC@3\n      TC@4\n    Active dialing, or connecting calls:\n      TC@3\n    Ringing calls:\n      TC@4\n    Holding calls:\n"

	// 2.1, 6, 5 and 7 up to API 29: BindingConnection with its bracket.
	managers26 = "  mTtyManager:\n    mCurrentTtyMode: 0\n  mInCallController:\n    mInCallServices (InCalls registered):\n" +
		"      [ComponentInfo{com.google.android.dialer/com.android.incallui.InCallServiceImpl} supportsExternal? true supportsSelfMg?false]\n" +
		"    ServiceConnections (InCalls bound):\n      Car Swapping ICS [not connected]\n        Dialer: Emergency ICS Connection [not proxying, connected]\n" +
		"          Emergency: BindingConnection [not connected, not bound]\n" +
		"          Default-Dialer: BindingConnection [connected, bound]\n" +
		"    mDefaultDialerCache:\n      User 0: com.google.android.dialer\n    mConnectionServiceRepository:\n      mServiceCache:\n        ComponentInfo{org.ringproof.sample/org.ringproof.sample.CallConnectionService}\n"
	// 6 from API 30: no bracket at the end, and an empty line.
	managers30 = "  mTtyManager:\n    mCurrentTtyMode: 0\n  mInCallController:\n    mInCallServices (InCalls registered):\n" + bindings30
	managers35 = "  mTtyManager:\n    mCurrentTtyMode: 0\n  mInCallController:\n    combinedInCallServiceMap (InCalls registered):\n" + bindings30 + watchdog34
	bindings30 = "      [ComponentInfo{com.google.android.dialer/com.android.incallui.InCallServiceImpl} supportsExternal? true supportsSelfMg?false]\n" +
		"    ServiceConnections (InCalls bound):\n      Car Swapping ICS [not connected]\n        Dialer: Emergency ICS Connection [not proxying, connected]\n" +
		"          Default-Dialer: BindingConnection [connected, bound, [ComponentInfo{com.google.android.dialer/com.android.incallui.InCallServiceImpl} supportsExternal? true supportsSelfMg?false]\n\n" +
		"      CarModeTracker:\n        Current car mode apps:\n        Car mode history:\n" +
		"    mDefaultDialerCache:\n      User 0: com.google.android.dialer\n    mConnectionServiceRepository:\n      mServiceCache:\n        ComponentInfo{org.ringproof.sample/org.ringproof.sample.CallConnectionService}\n"
	// 2.1 from API 34.
	watchdog34 = "    mCallAnomalyWatchdog:\n      Anomaly log:\n        2026-05-23T15:51:00.000000 - STATE_TIMEOUT; callId=TC@3 in state DIALING\n      Pending timeouts: TC@4\n      Pending destruction: \n" +
		"    mConnectionSvrFocusMgr:\n      Call Focus History:\n        2026-05-23T15:50:00.000000 - <none>\n        2026-05-23T15:50:01.000000 - TC@3\n"
	// 5.
	registrar26 = "  PhoneAccountRegistrar: \n    xmlVersion: 9\n    defaultOutgoing: none\n    simCallManager: null\n    phoneAccounts:\n" + account26
	account26   = "      [[X] PhoneAccount: ComponentInfo{org.ringproof.sample/org.ringproof.sample.CallConnectionService}, ***, UserHandle{0} Capabilities: SelfManaged  Audio Routes: BESW Schemes: sip  Extras: null GroupId: ***]\n"
	registrar30 = registrar26 + "        test emergency PhoneAccount filter: null\n"
	registrar34 = "  PhoneAccountRegistrar: \n    xmlVersion: 9\n    phoneAccounts:\n      [[X] PhoneAccount: ComponentInfo{org.ringproof.sample/org.ringproof.sample}, ***, UserHandle{0} Capabilities: SelfManaged TransactOps  Audio Routes: BESW Schemes: sip  Extras: Bundle[{isCoreTelecomAccount=true}] GroupId: ***]\n" +
		"        test emergency PhoneAccount filter: []\n"
	analytics = "  Analytics:\n    Call TC@2: {\n        startTime: 1\n        direction: INCOMING\n    }\n\n    CSW.sA: 1.00\n"
	// 4.4: the old state machine's events, and the controller's.
	oldRoute = "      15:50:02.000 - AUDIO_ROUTE (Leaving state QuiescentEarpieceRoute):CARSM.pM@B\n      15:50:02.001 - AUDIO_ROUTE (Entering state ActiveSpeakerRoute):CARSM.pM@B\n      15:50:02.002 - AUDIO_ROUTE_SPEAKER:CARSM.pM@B\n      15:50:03.000 - MUTE:CARSM.pM@C\n"
	newRoute = "      15:50:02.001 - AUDIO_ROUTE (Entering audio route: AudioRoute[Type=TYPE_EARPIECE, Address=invalid] (active=true)):CARC@B\n      15:50:03.001 - AUDIO_ROUTE (Entering audio route: AudioRoute[Type=TYPE_BLUETOOTH_LE, Address=AA:BB:CC:00:00:01] (active=true)):CARC@C\n"
)

// history is section 8. via is the account's line; who the user's part of a
// header (API 34).
func history(via, to, who, route string) string {
	return "  Historical Events:\n    SelfMgd CallTC@2 [5/23/26 3:40 PM](MT - incoming)" + who + "\n    \t" + via + "\n    \t" + to + "\n" +
		"      15:40:00.100 - CREATED:TSI.aNIC@A\n      15:40:01.000 - SET_RINGING (successful incoming call):CSW@A\n" +
		"      15:40:09.000 - SET_DISCONNECTED (disconnected set explicitly> DisconnectCause [ Code: (MISSED) Label: () Description: () Reason: () Tone: (-1)]):CSW@A\n      15:40:09.100 - DESTROYED:CSW@A\n" +
		"    SelfMgd CallTC@3 [5/23/26 3:50 PM](MO - outgoing)" + who + "\n    \t" + via + "\n    \t" + to + "\n      15:50:00.100 - CREATED:TSI.aNIC@A\n      15:50:01.000 - SET_ACTIVE (active set explicitly):CSW.sA@A\n" + route +
		"    SelfMgd CallTC@4 [5/23/26 3:51 PM](MT - incoming)" + who + "\n    \t" + via + "\n    \t" + to + "\n      15:51:00.100 - CREATED:TSI.aNIC@A\n      15:51:01.000 - SET_RINGING (successful incoming call):CSW@A\n"
}

func oldRow(id, state string) string {
	return "    [" + id + ", " + state + ", " + sampleOld + ", sip:*****@***, A, childs(0), has_parent(false), [Capabilities: CAPABILITY_HOLD CAPABILITY_MUTE], [Properties: PROPERTY_SELF_MANAGED]]\n"
}

func newRow(id, state, tail string) string {
	return "    [Call id=" + id + ", state=" + state + ", tpac=ComponentInfo{org.ringproof.sample/org.ringproof.sample.CallConnectionService}, ***, UserHandle{0}, cmgr=null, handle=sip:*****@***, vidst=A, childs(0), has_parent(false), cap=[ hld mut], prop=[ self_mng]]" + tail + "\n"
}

// facts is what this table says of a dump, a line each.
func facts(f Facts) []string {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	for _, c := range f.Calls.Or(nil) {
		a := c.Account.Or(AccountHandle{})
		add("call %s %s %s of %s/%s user %d handle %s video %s voip %s incoming %s hold %v", c.ID, c.State, c.Kind, a.Package, a.ID, a.User, c.Handle, c.Video, c.VoIP, c.Incoming,
			hasWord(c.Capabilities, "hld") || hasWord(c.Capabilities, "CAPABILITY_HOLD"))
	}
	add("lists %s %s %s %s, foreground %s", f.All, f.Active, f.Ringing, f.Holding, f.Foreground)
	r := f.Route.Or(Route{})
	add("route %s %s, muted %s, focus %s, mode %s, call focus %s", r.Name, r.Address, f.Muted, f.AudioFocus, f.AudioMode, f.CallFocus)
	for _, a := range f.Accounts.Or(nil) {
		add("account %s/%s enabled %v %s core %v", a.Package, a.ID, a.Enabled, a.Capabilities, a.CoreTelecom)
	}
	for _, s := range f.InCallServices.Or(nil) {
		add("service %s external %s self %s", s.Component, s.External, s.SelfManaged)
	}
	for _, b := range f.Bindings.Or(nil) {
		add("binding %s %v %s %s", b.Role, b.Connected, b.Bound, b.Component)
	}
	for _, d := range f.Dialers.Or(nil) {
		add("dialer %d %s", d.User, d.Package)
	}
	for _, s := range f.ConnectionServices.Or(nil) {
		add("connection service %s", s)
	}
	for _, a := range f.Anomalies.Or(nil) {
		add("anomaly %s", a.Text)
	}
	if f.PendingTimeouts.Known() {
		add("watched %s %s", f.PendingTimeouts, f.PendingDestruction)
	}
	for _, r := range f.History.Or(nil) {
		add("record %s %s %d events, ended %s", r.ID, r.Label, len(r.Events), r.Disconnect.Or(Cause{}).Code)
	}
	for _, s := range f.Sessions.Or(nil) {
		add("session %d %q", s.UID, s.CallID)
	}
	return out
}

func sees(want ...string) func(testing.TB, []byte) {
	return func(t testing.TB, b []byte) {
		f, err := Parse(b)
		if err != nil {
			t.Error(err)
		}
		got := facts(f)
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

func grammars() []grammar.Row {
	const (
		call     = "of org.ringproof.sample/*** user 0 handle sip:*****@*** video A voip %s incoming %s hold true"
		wantList = "lists [TC@3 TC@4] [TC@3] [TC@4] [], foreground TC@3"
		via      = "Via PhoneAccount: ComponentInfo{org.ringproof.sample/org.ringproof.sample.CallConnectionService}, ***, UserHandle{0} (Ringproof Sample)"
		target   = ">>>Target PhoneAccount: ComponentInfo{org.ringproof.sample/org.ringproof.sample.CallConnectionService}, ***, UserHandle{0} (Ringproof Sample)"
	)
	account := "account org.ringproof.sample/*** enabled true [SelfManaged] core false"
	services := []string{
		"service com.google.android.dialer/com.android.incallui.InCallServiceImpl external true self false",
	}
	tail := []string{"dialer 0 com.google.android.dialer", "connection service org.ringproof.sample/org.ringproof.sample.CallConnectionService"}
	records := func(events int) []string {
		return []string{"record TC@2 Ringproof Sample 4 events, ended MISSED", fmt.Sprintf("record TC@3 Ringproof Sample %d events, ended ", events), "record TC@4 Ringproof Sample 2 events, ended "}
	}
	calls := func(voip string) []string {
		return []string{"call TC@3 ACTIVE self-managed " + fmt.Sprintf(call, voip, "false"), "call TC@4 RINGING self-managed " + fmt.Sprintf(call, voip, "true")}
	}
	join := func(parts ...[]string) (all []string) {
		for _, p := range parts {
			all = append(all, p...)
		}
		return all
	}
	row := func(from, to int, text string, want ...[]string) grammar.Row {
		return grammar.Row{From: from, To: to, Mark: grammar.Composed, Text: text, Check: sees(join(want...)...)}
	}
	old := func(via, to, blocks string) string {
		return "CallsManager: \n  mCalls: \n" + oldRow("TC@3", "ACTIVE") + oldRow("TC@4", "RINGING") + "  mCallAudioManager:\n" + lists + "    Foreground call:\n" + oldRow("TC@3", "ACTIVE") + blocks +
			managers26 + registrar26 + analytics + history(via, to, "", oldRoute)
	}
	kv := func(voip, blocks, managers, registrar, who, route string) string {
		return "CallsManager: \n  mCalls: \n" + newRow("TC@3", "ACTIVE", voip) + newRow("TC@4", "RINGING", voip) + "  mCallAudioManager:\n" + lists + "    Foreground call:\n" + newRow("TC@3", "ACTIVE", voip) + blocks +
			managers + registrar + analytics + history(target, "To address: sip:*****@*** Verstat: not Presentation: Allowed", who, route)
	}
	const (
		messages = "    CallAudioModeStateMachine pending messages:\n      Looper (CallAudioModeStateMachine, tid 33) {abc}\n    CallAudioRouteStateMachine pending messages:\n      Looper (CallAudioRouteStateMachine, tid 34) {abc}\n"
		devices  = "    BluetoothDeviceManager:\n      2026-05-23T15:57:47.5 - Got BluetoothHeadset: android.bluetooth.BluetoothHeadset@1\n"
		modes    = "    CallAudioModeStateMachine:\n      History:\n      2026-05-23T15:50:00.1 - Enter UNFOCUSED\n      2026-05-23T15:50:01.1 - Enter VOIP_CALL\n      2026-05-23T15:50:01.2 - Mode MODE_IN_COMMUNICATION\n      Pending Msg:\n      Looper (CallAudioModeStateMachine, tid 33) {abc}\n"
		routes33 = "      Current state: ActiveSpeakerRoute\n      Pending messages:\n      Looper (CallAudioRouteStateMachine, tid 34) {abc}\n"
		user     = "(User=UserHandle{0})"
		voip     = ", voip=true"
	)
	oldBindings := []string{"binding Emergency false false ", "binding Default-Dialer true true "}
	bindings := []string{"binding Default-Dialer true true com.google.android.dialer/com.android.incallui.InCallServiceImpl"}
	watch := []string{"anomaly STATE_TIMEOUT; callId=TC@3 in state DIALING", "watched [TC@4] []"}
	bluetooth := []string{wantList, "route BLUETOOTH AA:BB:CC:00:00:01, muted unknown, focus VOIP_CALL, mode MODE_IN_COMMUNICATION, call focus TC@3", account}
	speaker33 := func(callFocus string) []string {
		return []string{wantList, "route SPEAKER , muted true, focus VOIP_CALL, mode MODE_IN_COMMUNICATION, call focus " + callFocus, account}
	}
	unrouted := []string{wantList, "route SPEAKER , muted true, focus unknown, mode unknown, call focus unknown", account}

	uuid := "51d81918-336a-4c9a-81a5-ee46dfcc8f11"
	coreCall := strings.ReplaceAll(newRow(uuid, "RINGING", voip), "org.ringproof.sample.CallConnectionService}", "org.ringproof.sample}")
	return []grammar.Row{
		// 3.1, 4, 8: positional rows, Via PhoneAccount; no Presentation before 28.
		row(26, 27, old(via, "To address: sip:*****@***", messages), calls("unknown"), unrouted, services, oldBindings, tail, records(6)),
		row(28, 29, old(via, "To address: sip:*****@*** Presentation: Allowed", messages), calls("unknown"), unrouted, services, oldBindings, tail, records(6)),
		// 3.2: key=value rows, Target PhoneAccount, BluetoothDeviceManager.
		row(30, 32, kv("", messages+devices, managers30, registrar30, "", oldRoute), calls("unknown"), unrouted, services, bindings, tail, records(6)),
		// 3.3, 4: voip=, the mode's history and the route as a value.
		row(33, 33, kv(voip, modes+"    CallAudioRouteStateMachine:\n"+routes33+devices, managers30, registrar30, "", oldRoute), calls("true"), speaker33("unknown"), services, bindings, tail, records(6)),
		row(34, 34, kv(voip, modes+"    CallAudioRouteStateMachine:\n"+routes33+devices, managers30+watchdog34, registrar30, user, oldRoute), calls("true"), speaker33("TC@3"), services, bindings, tail, watch, records(6)),
		// 34-QPR2: the same block under a new title.
		row(34, 36, kv(voip, modes+"    mCallAudioRouteAdapter:\n"+routes33+devices, managers35, registrar30, user, oldRoute), calls("true"), speaker33("TC@3"), services, bindings, tail, watch, records(6)),
		// 35 and newer, controller: the block is empty, the route is in events.
		row(35, 36, kv(voip, modes+"    mCallAudioRouteAdapter:\n"+devices, managers35, registrar30, user, newRoute), calls("true"), bluetooth, services, bindings, tail, watch, records(4)),
		// 36: CallAudioWatchdog (4.6).
		row(36, 36, kv(voip, modes+"    mCallAudioRouteAdapter:\n"+devices, managers35+"    CallAudioWatchdog:\n      Active Sessions:\n        CommSess{uid=10200, created=5/23/26, 3:50 PM, attr=phac, ap, ar, , callId=TC@3, duration=9s}\n"+
			"        CommSess{uid=10300, created=5/23/26, 3:50 PM, attr=ap, ar, , callId=none, duration=9s}\n      Audio sessions Sessions:\n", registrar30, user, newRoute),
			calls("true"), bluetooth, services, bindings, tail, watch, records(4), []string{`session 10200 "TC@3"`, `session 10300 ""`}),
		// 3.5 and 5: a transactional call has the client's id (34 and newer).
		row(34, 36, "CallsManager: \n  mCalls: \n"+coreCall+"  mCallAudioManager:\n    All calls:\n      "+uuid+"\n    Ringing calls:\n      "+uuid+"\n    Foreground call:\n"+coreCall+modes+managers35+registrar34+"  No Historical Events Logged.\n",
			[]string{"call " + uuid + " RINGING transactional of org.ringproof.sample/*** user 0 handle sip:*****@*** video A voip true incoming unknown hold true",
				"lists [" + uuid + "] unknown [" + uuid + "] unknown, foreground " + uuid,
				"route  , muted unknown, focus VOIP_CALL, mode MODE_IN_COMMUNICATION, call focus TC@3", "account org.ringproof.sample/*** enabled true [SelfManaged TransactOps] core true"}, services, bindings, tail, watch),
		{From: 37, To: 37, Mark: grammar.Composed, Text: "Init Path: On mainline\nTelecomUI package: com.google.android.telecomui\n" + strings.ReplaceAll(kv(voip, modes+"    mCallAudioRouteAdapter:\n"+devices, managers35, registrar30, user, newRoute), analytics,
			"  Flag Configurations (framework - com.android.server.telecom): \n  \t[\u2705]: useRefactoredAudioRouteSwitching use_refactored_audio_route_switching\n  Flag Configurations (module API - android.telecom): \n  \t[\u274C]: voipDndFocus voip_dnd_focus\n  TransactionManager: \n    Pending Transactions:\n"),
			Unsure: "no source of this release was read: the row of a call is as in API 36, the titles are those of one capture",
			Check: func(t testing.TB, b []byte) {
				sees(join(calls("true"), bluetooth, services, bindings, tail, watch, records(4))...)(t, b)
				f, _ := Parse(b)
				want := []Flag{{Name: "useRefactoredAudioRouteSwitching", On: true}, {Name: "voipDndFocus"}}
				got := f.Flags.Or(nil)
				for i := range got {
					got[i].Line = 0
				}
				if fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("flags = %v", got)
				}
			}},
		// 3.4: the row of Samsung up to 10, and the route block of 15 and newer (4).
		{From: 26, To: 29, Maker: "Samsung", Mark: grammar.Composed, Text: strings.ReplaceAll(old(via, "To address: sip:*****@***", messages), ", childs(0)", ", conf(false), had_child(false), childs(0)"),
			Check: sees(join(calls("unknown"), unrouted, services, oldBindings, tail, records(6))...)},
		{From: 35, To: 36, Maker: "Samsung", Mark: grammar.Composed, Text: "telecom: samsung/x\n" + kv("voip=truecaps=[Capabilities: CAPABILITY_HOLD], props=[Properties: PROPERTY_SELF_MANAGED], conf(false), had_child(false)",
			modes+"    mCallAudioRouteAdapter:\n      SamsungCallAudioRouteController\n      Current route: AudioRoute[Type=TYPE_SPEAKER, Address=invalid]\n      Pending route: AudioRoute[Type=TYPE_EARPIECE, Address=invalid]\n"+devices, managers35, registrar30, user, newRoute),
			Check: sees(join(calls("true"), []string{wantList, "route SPEAKER , muted unknown, focus VOIP_CALL, mode MODE_IN_COMMUNICATION, call focus TC@3", account}, services, bindings, tail, watch, records(4))...)},
		// 1: the other form of the history (28 and newer).
		{From: 28, To: 36, Mark: grammar.Composed, Text: "CallsManager:\nmCalls:\nmPendingCall:TC@9\nmCallAudioManager:\nmTtyManager:\nHistorical Events (sorted by time):\n15:50:00.100,TC@3,SET_RINGING,successful, incoming\n15:50:01.000,TC@3,DESTROYED,null\n",
			Check: func(t testing.TB, b []byte) {
				f, err := Parse(b)
				e := f.Timeline.Or(nil)
				if err != nil || len(e) != 2 || e[0].Call != "TC@3" || e[0].Name != "SET_RINGING" || e[0].Data != "successful, incoming" || e[1].Data != "" || e[1].At.String() != "15h50m1s" || e[1].Line != 8 || f.Pending.String() != "TC@9" {
					t.Errorf("%v %+v, pending %s", err, e, f.Pending)
				}
			}},
		{From: 37, To: 37, Mark: grammar.Captured, File: "telecom/001-dumpsys-api37-emulator-idle-full.txt", Check: func(t testing.TB, b []byte) {
			sees("lists [] [] [] [], foreground ", "route  , muted unknown, focus UNFOCUSED, mode unknown, call focus unknown",
				"account com.android.phone/1 enabled true [CallProvider MultiUser PlaceEmerg SimSub] core false", "dialer 0 com.google.android.dialer", "watched [] []")(t, b)
			f, _ := Parse(b)
			if on := flag(f, "voipDndFocus"); on.String() != "false" || flag(f, "transactionalVideoState").String() != "true" {
				t.Errorf("flags %v", f.Flags)
			}
		}},
		{From: 36, To: 36, Maker: "Samsung", Mark: grammar.Captured, File: "audio/007-a16-telecom-idle.txt", Check: func(t testing.TB, b []byte) {
			f, err := Parse(b)
			if p, ok := text.AsProblem(err); !ok || p.Kind != text.Truncated || len(f.Accounts.Or(nil)) != 4 || f.AudioFocus.String() != "UNFOCUSED" || fmt.Sprint(f.Dialers.Or(nil)) != "[{0 com.google.android.dialer 60} {10  61}]" {
				t.Errorf("%v: %d accounts, dialers %v", err, len(f.Accounts.Or(nil)), f.Dialers)
			}
		}},
		{From: 33, To: 37, Mark: grammar.Captured, File: "telecom/005-dumpsys-emulator-gsm-active-row.txt", Check: func(t testing.TB, b []byte) {
			f, _ := Parse(b)
			c := f.Fragments.Or([]Call{{}})[0]
			if c.ID != "TC@4" || c.State != Active || c.Kind.String() != "managed" || c.Handle != "tel:*********67" || c.VoIP.String() != "false" {
				t.Errorf("%+v", c)
			}
		}},
	}
}

func flag(f Facts, name string) fact.Value[bool] {
	for _, x := range f.Flags.Or(nil) {
		if x.Name == name {
			return fact.Of(x.On, x.Line)
		}
	}
	return fact.Unknown[bool]()
}

func TestGrammars(t *testing.T) { grammar.Check(t, grammars()) }

// What rows, accounts and audio states share is told of the line that it was
// read from.
func TestLinesOfWhatIsShared(t *testing.T) {
	old, kv := oldRow("TC@1", "ACTIVE"), strings.Replace(newRow("TC@3", "ACTIVE", ", voip=true"), "cmgr=null", "cmgr=ComponentInfo{a.b/a.b.C}, 1, UserHandle{0}", 1)
	f, err := Parse([]byte("CallsManager:\nmCalls:\n" + old + strings.Replace(old, "@1", "@2", 1) + kv + strings.Replace(kv, "@3", "@4", 1) + "mCallAudioManager:\nmTtyManager:\nNo Historical Events Logged.\n"))
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range f.Calls.Or(nil) {
		want := i + 3
		for what, line := range map[string]int{
			"row": c.Line, "account": c.Account.Line(), "package": c.Package.Line(), "self-managed": c.SelfManaged.Line(), "kind": c.Kind.Line(),
			"capabilities": c.Capabilities.Line(), "properties": c.Properties.Line(), "children": c.Children.Line(), "parent": c.HasParent.Line(),
		} {
			if line != want {
				t.Errorf("%s of call %s is from line %d, want %d", what, c.ID, line, want)
			}
		}
		if i >= 2 && (c.VoIP.Line() != want || c.Manager.Line() != want) {
			t.Errorf("call %s: voip from line %d, manager from line %d, want %d", c.ID, c.VoIP.Line(), c.Manager.Line(), want)
		}
	}
	const tag = "I/Telecom ( 1): "
	account := tag + "PhoneAccountRegistrar: New phone account registered: " + strings.TrimSpace(account26) + "\n"
	audio := tag + "CallAudioRouteController: updateCallAudioState: updating call audio state to [AudioState isMuted: true, route: EARPIECE, supportedRouteMask: EARPIECE]\n"
	l, err := parseLog([]byte(account + account + audio + audio))
	all := l.Lines.Or(nil)
	if err != nil || len(all) != 4 {
		t.Fatalf("%d lines, %v", len(all), err)
	}
	for i, e := range all[:2] {
		if a := e.Account.Or(&Account{}); a.Line != i+1 || e.Account.Line() != i+1 || e.Handle.Line() != i+1 {
			t.Errorf("account of line %d: %+v", i+1, a)
		}
	}
	for i, e := range all[2:] {
		if e.Route.Line() != i+3 || e.Muted.Line() != i+3 || e.Supported.Line() != i+3 {
			t.Errorf("audio of line %d: %+v", i+3, e)
		}
	}
}
