package telecom

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// The texts of this file are typed from the format description of each
// release, not from any program's output.

// dump34 is one self-managed call ringing beside a held one, Android 14 with
// the old route state machine. Line numbers are counted by hand.
const dump34 = `CallsManager: 
  mCalls: 
    [Call id=TC@7, state=ON_HOLD, tpac=ComponentInfo{org.ringproof.sample/org.ringproof.sample.CallConnectionService}, ***, UserHandle{0}, cmgr=null, handle=sip:*****@***, vidst=A, childs(0), has_parent(false), cap=[ hld sup_hld mut], prop=[ self_mng]], voip=true
    [Call id=51d81918-336a-4c9a-81a5-ee46dfcc8f11, state=RINGING, tpac=ComponentInfo{org.other.app/org.other.app}, ***, UserHandle{10}, cmgr=null, handle=***, vidst=ATR, childs(0), has_parent(false), cap=[ hld sup_hld], prop=[ self_mng]], voip=true
  mCallAudioManager:
    All calls:
      TC@7
      51d81918-336a-4c9a-81a5-ee46dfcc8f11
    Active dialing, or connecting calls:
    Ringing calls:
      51d81918-336a-4c9a-81a5-ee46dfcc8f11
    Holding calls:
      TC@7
    Foreground call:
    [Call id=51d81918-336a-4c9a-81a5-ee46dfcc8f11, state=RINGING, tpac=ComponentInfo{org.other.app/org.other.app}, ***, UserHandle{10}, cmgr=null, handle=***, vidst=ATR, childs(0), has_parent(false), cap=[ hld sup_hld], prop=[ self_mng]], voip=true
    CallAudioModeStateMachine:
      History:
      2026-05-23T15:57:47.269958 - Enter UNFOCUSED
      2026-05-23T15:58:01.000000 - Enter VOIP_CALL
      2026-05-23T15:58:01.010000 - Mode MODE_IN_COMMUNICATION
      2026-05-23T16:00:00.000000 - Enter RINGING
      Pending Msg:
      Looper (CallAudioModeStateMachine, tid 224) {5d8dc2}
        (Total messages: 0, polling=true, quitting=false)
    CallAudioRouteStateMachine:
      Current state: ActiveSpeakerRoute
      Pending messages:
    BluetoothDeviceManager:
  mTtyManager:
    mCurrentTtyMode: 0
  mInCallController:
    mInCallServices (InCalls registered):
    ServiceConnections (InCalls bound):
      Car Swapping ICS [not connected]
        Dialer: Emergency ICS Connection [not proxying, not connected]
    mEmergencyCallDiagnosticLogger:
        PERSISTED DIAGNOSTIC DATA FROM DROP BOX
    CallsManager:
      mCalls:
        [Call id=TC@99, state=ACTIVE, tpac=null, cmgr=null, handle=null, vidst=A, childs(0), has_parent(false), cap=[], prop=[]], voip=false
      mCallAudioManager:
      phoneAccounts:
    Historical Events:
        END OF PERSISTED DIAGNOSTIC DATA FROM DROP BOX
    mDefaultDialerCache:
      User 0: com.google.android.dialer
  PhoneAccountRegistrar: 
    xmlVersion: 9
    phoneAccounts:
      [[X] PhoneAccount: ComponentInfo{org.ringproof.sample/org.ringproof.sample.CallConnectionService}, ***, UserHandle{0} Capabilities: SelfManaged SuppVideo  Audio Routes: BESW Schemes: sip tel  Extras: null GroupId: ***]
      [[ ] PhoneAccount: ComponentInfo{org.other.app/org.other.app}, ***, UserHandle{10} Capabilities: SelfManaged TransactOps  Audio Routes: BESW Schemes: tel  Extras: Bundle[{isCoreTelecomAccount=true, note=]} Schemes: x, y}] GroupId: ***]
      test emergency PhoneAccount filter: null
  Analytics:
    Call TC@6: {
        startTime: 0
    }
  Historical Events:
    SelfMgd CallTC@6 [23/05/2026 15:50:00](MT - incoming)(User=UserHandle{0})
    	>>>Target PhoneAccount: ComponentInfo{org.ringproof.sample/org.ringproof.sample.CallConnectionService}, ***, UserHandle{0} (Ringproof (Sample))
    	To address: sip:*****@*** Presentation: Allowed
      15:50:00.100 - CREATED (org.ringproof.sample;requestedAcct:***, selfMgd:true):TSI.aNIC(cap)@AAA
      15:50:00.200 - SET_RINGING (ringing set explicitly):CSW.sR(cap)@AAB
      15:50:05.000 - REQUEST_REJECT
      15:50:05.050 - SET_DISCONNECTED (disconnected set explicitly> DisconnectCause [ Code: (REJECTED) Label: () Description: () Reason: (declined (by user)) Tone: (-1)  TelephonyCause: -1/-1]):CSW.sDc(cap)@AAC
      15:50:05.090 - DESTROYED:CSW.rC(cap)@AAD
      Timings (average for this call, milliseconds):
        incoming_call: 1163,00
    SelfMgd CallTC@7 [23/05/2026 15:57:55](MO - outgoing)(User=UserHandle{0})
    	>>>Target PhoneAccount: ComponentInfo{org.ringproof.sample/org.ringproof.sample.CallConnectionService}, ***, UserHandle{0} (Ringproof Sample)
      15:58:01.000 - SET_ACTIVE (active set explicitly):CSW.sA(cap)@Iac
      15:58:01.005 - MUTE:CARSM.pM_MUTE_ON@AAE
      15:58:02.005 - UNMUTE:CARSM.pM_MUTE_OFF@AAF
    SelfMgd Call51d81918-336a-4c9a-81a5-ee46dfcc8f11 [23/05/2026 16:00:00](MT - incoming)(User=UserHandle{10})
    	>>>Target PhoneAccount: ComponentInfo{org.other.app/org.other.app}, ***, UserHandle{10} (Other)
      16:00:00.000 - SET_RINGING (successful incoming call)
`

func parse(t *testing.T, s string) Facts {
	t.Helper()
	f, err := Parse([]byte(s))
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	return f
}

func TestParseAndroid14(t *testing.T) {
	f := parse(t, dump34)
	calls, ok := f.Calls.Get()
	if !ok || len(calls) != 2 || f.Calls.Line() != 2 {
		t.Fatalf("calls = %v from line %d, want 2 from line 2", f.Calls, f.Calls.Line())
	}
	held, ring := calls[0], calls[1]
	for _, c := range []struct {
		what      string
		got, want any
	}{
		{"held id", held.ID, "TC@7"},
		{"held state", held.State, OnHold},
		{"held account", held.Account.Or(AccountHandle{}), AccountHandle{Package: "org.ringproof.sample", Class: "org.ringproof.sample.CallConnectionService", ID: "***"}},
		{"held package", held.Package.String(), "org.ringproof.sample"},
		{"held manager known", held.Manager.Known(), false},
		{"held handle", held.Handle, "sip:*****@***"},
		{"held video", held.Video, "A"},
		{"held capabilities", held.Capabilities.Or(nil), []string{"hld", "sup_hld", "mut"}},
		{"held properties", held.Properties.Or(nil), []string{"self_mng"}},
		{"held self-managed", held.SelfManaged.String(), "true"},
		{"held voip", held.VoIP.String(), "true"},
		{"held transactional", held.Transactional().String(), "false"},
		{"held conference", held.Conference().String(), "false"},
		{"held incoming", held.Incoming.String(), "false"},
		{"held line", held.Line, 3},
		{"ringing id", ring.ID, "51d81918-336a-4c9a-81a5-ee46dfcc8f11"},
		{"ringing rings", ring.Rings(), true},
		{"ringing user", ring.Account.Or(AccountHandle{}).User, 10},
		{"ringing video", ring.Video, "ATR"},
		{"ringing transactional", ring.Transactional().String(), "true"},
		{"ringing incoming", ring.Incoming.String(), "true"},
		{"all", f.All.Or(nil), []string{"TC@7", "51d81918-336a-4c9a-81a5-ee46dfcc8f11"}},
		{"active", f.Active.Or([]string{"?"}), []string{}},
		{"ringing", f.Ringing.Or(nil), []string{"51d81918-336a-4c9a-81a5-ee46dfcc8f11"}},
		{"holding", f.Holding.Or(nil), []string{"TC@7"}},
		{"holding line", f.Holding.Line(), 12},
		{"foreground", f.Foreground.String(), "51d81918-336a-4c9a-81a5-ee46dfcc8f11"},
		{"foreground line", f.Foreground.Line(), 15},
		{"audio focus", f.AudioFocus.String(), "RINGING"},
		{"route", f.Route.Or(Route{}), Route{Name: Speaker, Printed: "ActiveSpeakerRoute"}},
		{"muted", f.Muted.String(), "false"},
		{"calls of the sample", len(f.CallsOf("org.ringproof.sample").Or(nil)), 1},
		{"calls of nobody", f.CallsOf("org.nobody").String(), "[]"},
		{"sessions known", f.Sessions.Known(), false},
	} {
		if d := cmp.Diff(c.want, c.got); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, d)
		}
	}
}

func TestParseAccounts(t *testing.T) {
	f := parse(t, dump34)
	want := []Account{
		{AccountHandle: AccountHandle{Package: "org.ringproof.sample", Class: "org.ringproof.sample.CallConnectionService", ID: "***"},
			Enabled: true, Capabilities: []string{"SelfManaged", "SuppVideo"}, Schemes: []string{"sip", "tel"}, Routes: "BESW", Line: 50},
		{AccountHandle: AccountHandle{Package: "org.other.app", Class: "org.other.app", ID: "***", User: 10},
			Capabilities: []string{"SelfManaged", "TransactOps"}, Schemes: []string{"tel"}, Routes: "BESW", CoreTelecom: true, Line: 51},
	}
	if d := cmp.Diff(want, f.Accounts.Or(nil)); d != "" {
		t.Errorf("accounts (-want +got):\n%s", d)
	}
	if a := f.AccountsOf("org.other.app").Or(nil); len(a) != 1 || !a[0].SelfManaged() {
		t.Errorf("accounts of org.other.app = %v", a)
	}
}

func TestParseHistory(t *testing.T) {
	f := parse(t, dump34)
	h, ok := f.History.Get()
	if !ok || len(h) != 3 {
		t.Fatalf("history = %v, want 3 records", f.History)
	}
	r := h[0]
	if r.ID != "TC@6" || !r.SelfManaged || !r.Incoming.Or(false) || r.Label != "Ringproof (Sample)" ||
		r.Created != "23/05/2026 15:50:00" || r.User.Or(-1) != 0 || !r.Over() || len(r.Events) != 5 || r.Line != 58 {
		t.Errorf("first record = %+v", r)
	}
	want := Event{At: 15*time.Hour + 50*time.Minute + 200*time.Millisecond, Name: "SET_RINGING",
		Data: "ringing set explicitly", Session: "CSW.sR(cap)@AAB", Line: 62}
	if d := cmp.Diff(want, r.Event("SET_RINGING").Or(Event{})); d != "" {
		t.Errorf("event (-want +got):\n%s", d)
	}
	if e := r.Event("DESTROYED").Or(Event{}); e.Session != "CSW.rC(cap)@AAD" || e.Data != "" {
		t.Errorf("event without data = %+v", e)
	}
	if c := r.Cause().Or(Cause{}); c.Code != "REJECTED" || c.Reason != "declined (by user)" {
		t.Errorf("cause = %+v", c)
	}
	if r.Event("SET_ACTIVE").Known() || h[1].Cause().Known() || h[1].Over() {
		t.Error("an event that is not there is known")
	}
	if u := h[2].User.Or(-1); u != 10 {
		t.Errorf("user = %d, want 10", u)
	}
	if f.Record("TC@1").Known() {
		t.Error("a record that is not there is known")
	}
}

// The rows of each release and of makers that print their own.
func TestRows(t *testing.T) {
	const (
		sample  = "org.ringproof.sample"
		service = "org.ringproof.sample.CallConnectionService"
	)
	for _, c := range []struct {
		name, row                  string
		id                         string
		state                      State
		pkg, class                 string
		handle, video              string
		self, voip, parent         string
		children                   int
		hasCapability, hasProperty string
	}{
		{
			name: "API 26 to 29",
			row:  `[TC@1, RINGING, org.ringproof.sample/.CallConnectionService, sip:*****@***, A, childs(0), has_parent(false), [Capabilities: CAPABILITY_HOLD CAPABILITY_SUPPORT_HOLD CAPABILITY_MUTE], [Properties: PROPERTY_SELF_MANAGED]]`,
			id:   "TC@1", state: Ringing, pkg: sample, class: service, handle: "sip:*****@***", video: "A",
			self: "true", voip: "unknown", parent: "false", hasCapability: "CAPABILITY_MUTE", hasProperty: "PROPERTY_SELF_MANAGED",
		},
		{
			name: "API 26, not bound yet, hashed handle",
			row:  `[TC@12, CONNECTING, null, [0123456789abcdef0123456789abcdef01234567], A, childs(2), has_parent(true), [Capabilities:], [Properties:]]`,
			id:   "TC@12", state: Connecting, pkg: "unknown", handle: "[0123456789abcdef0123456789abcdef01234567]", video: "A",
			self: "false", voip: "unknown", parent: "true", children: 2,
		},
		{
			name: "API 27, nothing known of the other side",
			row:  `[TC@2, NEW, null, null, A, childs(0), has_parent(false), [Capabilities:], [Properties:]]`,
			id:   "TC@2", state: New, pkg: "unknown", video: "A", self: "false", voip: "unknown", parent: "false",
		},
		{
			name: "Samsung up to 10",
			row:  `[TC@3, ACTIVE, com.android.phone/com.android.services.telephony.TelephonyConnectionService, tel:***, A, conf(false), had_child(false), childs(0), has_parent(false), [Capabilities: CAPABILITY_HOLD], [Properties:]]`,
			id:   "TC@3", state: Active, pkg: "com.android.phone", class: "com.android.services.telephony.TelephonyConnectionService",
			handle: "tel:***", video: "A", self: "false", voip: "unknown", parent: "false", hasCapability: "CAPABILITY_HOLD",
		},
		{
			name: "LG 9: the component comes last",
			row:  `[TC@1, CONNECTING, tel:911, A, EMC(true), childs(0), has_parent(false), subId(1), [Capabilities: CAPABILITY_HOLD], [Properties:], ConnTime:0, com.android.phone/com.android.services.telephony.TelephonyConnectionService]`,
			id:   "TC@1", state: Connecting, pkg: "com.android.phone", class: "com.android.services.telephony.TelephonyConnectionService",
			handle: "tel:911", video: "A", self: "false", voip: "unknown", parent: "false", hasCapability: "CAPABILITY_HOLD",
		},
		{
			name: "QTI 7: two words more and no comma",
			row:  `[TC@2, CONNECTING, com.android.phone/com.android.services.telephony.TelephonyConnectionService, tel:10086, A, childs(0), has_parent(false), unknown, unknown [Capabilities: CAPABILITY_HOLD] [Properties:]]`,
			id:   "TC@2", state: Connecting, pkg: "com.android.phone", class: "com.android.services.telephony.TelephonyConnectionService",
			handle: "tel:10086", video: "A", self: "false", voip: "unknown", parent: "false", hasCapability: "CAPABILITY_HOLD",
		},
		{
			name: "API 30 to 32",
			row:  `[Call id=TC@4, state=SIMULATED_RINGING, tpac=ComponentInfo{org.ringproof.sample/org.ringproof.sample.CallConnectionService}, ***, UserHandle{0}, cmgr=null, handle=sip:*****@***, vidst=ATP, childs(0), has_parent(false), cap=[ hld sup_hld], prop=[ self_mng]]`,
			id:   "TC@4", state: SimulatedRinging, pkg: sample, class: service, handle: "sip:*****@***", video: "ATP",
			self: "true", voip: "unknown", parent: "false", hasCapability: "sup_hld", hasProperty: "self_mng",
		},
		{
			name: "API 33 to 36, no account yet",
			row:  `[Call id=TC@5, state=SELECT_PHONE_ACCOUNT, tpac=null, cmgr=null, handle=tel:***, vidst=A, childs(0), has_parent(false), cap=[], prop=[]], voip=false`,
			id:   "TC@5", state: SelectPhoneAccount, pkg: "unknown", handle: "tel:***", video: "A", self: "false", voip: "false", parent: "false",
		},
		{
			name: "Samsung 14 to 16: more behind the row, without separators",
			row:  `[Call id=TC@6, state=ACTIVE, tpac=ComponentInfo{org.ringproof.sample/org.ringproof.sample.CallConnectionService}, ***, UserHandle{150}, cmgr=null, handle=sip:***, vidst=A, childs(0), has_parent(false), cap=[ hld sup_hld], prop=[ self_mng]]voip=truecaps=[Capabilities: CAPABILITY_HOLD], props=[Properties: PROPERTY_SELF_MANAGED], conf(false), had_child(false)`,
			id:   "TC@6", state: Active, pkg: sample, class: service, handle: "sip:***", video: "A",
			self: "true", voip: "true", parent: "false", hasCapability: "hld", hasProperty: "self_mng",
		},
		{
			name: "API 37: glued words, a second number in the id",
			row:  `[Call id=TC@1/1112, state=DISCONNECTING, tpac=ComponentInfo{com.android.phone/com.android.services.telephony.TelephonyConnectionService}, 1, UserHandle{0}, cmgr=null, handle=tel:***, vidst=A, childs(0), has_parent(false), cap=[ sup_hld mutsep_cnfdis_cnf !v2a], prop=[ HD]], voip=false`,
			id:   "TC@1", state: Disconnecting, pkg: "com.android.phone", class: "com.android.services.telephony.TelephonyConnectionService",
			handle: "tel:***", video: "A", self: "false", voip: "false", parent: "false", hasCapability: "dis_cnf", hasProperty: "HD",
		},
		{
			name: "a handle full of the row's own words",
			row:  `[Call id=TC@8, state=RINGING, tpac=ComponentInfo{org.ringproof.sample/.CallConnectionService}, a, cmgr=b}, UserHandle{0}, cmgr=null, handle=sip:x, vidst=A, childs(9), prop=[ self_mng]], vidst=ATR, childs(0), has_parent(false), cap=[], prop=[]], voip=true`,
			id:   "TC@8", state: Ringing, pkg: sample, class: service, handle: "sip:x, vidst=A, childs(9), prop=[ self_mng]]", video: "ATR",
			self: "false", voip: "true", parent: "false",
		},
		{
			name: "a maker's state and unknown fields",
			row:  `[Call id=TC@9, state=OEM_STATE_1, color=red, tpac=null, cmgr=null, handle=null, vidst=A, x=1, childs(0), has_parent(false), cap=[ new_thing], prop=[ new_thing], more=[ x]], voip=perhaps`,
			id:   "TC@9", state: "OEM_STATE_1", pkg: "unknown", video: "A, x=1", self: "false", voip: "unknown", parent: "false",
			hasCapability: "new_thing", hasProperty: "new_thing",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := parseRow(c.row, 1)
			if !ok {
				t.Fatal("the row was not understood")
			}
			a := got.Account.Or(AccountHandle{})
			if got.ID != c.id || got.State != c.state || got.Package.String() != c.pkg || a.Class != c.class ||
				got.Handle != c.handle || got.Video != c.video || got.SelfManaged.String() != c.self ||
				got.VoIP.String() != c.voip || got.HasParent.String() != c.parent || got.Children.Or(-1) != c.children {
				t.Errorf("got %+v", got)
			}
			if c.hasCapability != "" && !hasWord(got.Capabilities, c.hasCapability) {
				t.Errorf("capabilities = %v, want %s among them", got.Capabilities, c.hasCapability)
			}
			if c.hasProperty != "" && !hasWord(got.Properties, c.hasProperty) {
				t.Errorf("properties = %v, want %s among them", got.Properties, c.hasProperty)
			}
		})
	}
}

func TestRowsThatAreNone(t *testing.T) {
	for _, row := range []string{
		"", "[", "[]", "[Call id=", "[Call id=TC@1", "[Call id=TC@1, state=", "[Call id=, state=NEW, x]",
		"[TC@1]", "[TC@1, active, x, childs(0)", "[Call id=TC@1, state=ri nging, tpac=null]", "[, NEW, null, childs(0)]",
	} {
		if c, ok := parseRow(row, 3); ok || c.ID != "" || c.Line != 3 {
			t.Errorf("parseRow(%q) = %+v, %v", row, c, ok)
		}
	}
}

// Route and mute by release.
func TestRoute(t *testing.T) {
	const (
		frame = "CallsManager:\n mCalls:\n  [Call id=TC@1, state=%, tpac=null, cmgr=null, handle=null, vidst=A, childs(0), has_parent(false), cap=[], prop=[]]\n" +
			" mCallAudioManager:\n  Foreground call:\n  [Call id=TC@1, state=%, tpac=null, cmgr=null, handle=null, vidst=A, childs(0), has_parent(false), cap=[], prop=[]]\n$" +
			" mTtyManager:\nHistorical Events:\n CallTC@1 [x](MT - incoming)\n"
		speaker = "   10:00:00.000 - AUDIO_ROUTE (Entering state ActiveEarpieceRoute):a@1\n   10:00:01.000 - AUDIO_ROUTE (Leaving state ActiveEarpieceRoute)\n   10:00:01.001 - AUDIO_ROUTE (Entering state ActiveSpeakerRoute):b@2\n   10:00:02.000 - AUDIO_ROUTE_SPEAKER\n"
		new36   = "   10:00:00.000 - AUDIO_ROUTE (Entering audio route: AudioRoute[Type=TYPE_EARPIECE, Address=invalid] (active=true)):a@1\n   10:00:03.000 - AUDIO_ROUTE (Entering audio route: AudioRoute[Type=TYPE_BLUETOOTH_SCO, Address=AA:BB:CC:00:11:22] (active=true)):b@2\n   10:00:04.000 - AUDIO_ROUTE (Entering audio route: AudioRoute[Type=TYPE_SPEAKER, Address=invalid] (active=false)):c@3\n"
	)
	for _, c := range []struct {
		name, state, audio, events string
		want, address, mute        string
	}{
		{"API 26 to 32 from events", "ACTIVE", "", speaker, "SPEAKER", "", "unknown"},
		{"API 33 and 34 as a value", "ACTIVE", "   Current state: ActiveHeadsetRoute\n", speaker, "WIRED_HEADSET", "", "unknown"},
		{"API 34, no call has focus", "RINGING", "   Current state: QuiescentSpeakerRoute\n", speaker, "unknown", "", "unknown"},
		{"API 34, in-band ringing", "RINGING", "   Current state: RingingBluetoothRoute\n", "", "BLUETOOTH", "", "unknown"},
		{"API 35 and newer from events", "ACTIVE", "  mCallAudioRouteAdapter:\n", new36, "BLUETOOTH", "AA:BB:CC:00:11:22", "unknown"},
		{"API 37: pair device in the text", "ACTIVE", "", "   10:00:00.000 - AUDIO_ROUTE (Entering audio route: AudioRoute[Type=TYPE_BLUETOOTH_HA, Address=AA:BB:CC:00:11:33, HA Pair Device=invalid] (active=true)):a@1\n", "BLUETOOTH", "AA:BB:CC:00:11:33", "unknown"},
		{"a call that is over has no route", "DISCONNECTED", "", speaker, "unknown", "", "unknown"},
		{"Samsung prints it", "ACTIVE", "   SamsungCallAudioRouteController\n   Current route: AudioRoute[Type=TYPE_SPEAKER, Address=invalid]\n   Pending route: AudioRoute[Type=TYPE_EARPIECE, Address=invalid]\n", new36, "SPEAKER", "", "unknown"},
		{"start-up route without a type", "ACTIVE", "", "   10:00:00.000 - AUDIO_ROUTE (Entering audio route: AudioRoute[Type=null, Address=invalid] (active=true))\n", "unknown", "", "unknown"},
		{"muted", "ACTIVE", "", "   23:59:59.000 - UNMUTE\n   00:00:01.000 - MUTE:x@1\n", "unknown", "", "true"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := strings.ReplaceAll(frame, "%", c.state)
			f := parse(t, strings.ReplaceAll(s, "$", c.audio)+c.events)
			r, _ := f.Route.Get()
			name := "unknown"
			if f.Route.Known() {
				name = string(r.Name)
			}
			if name != c.want || r.Address != c.address || f.Muted.String() != c.mute {
				t.Errorf("route %s %q, muted %v; want %s %q, %s", name, r.Address, f.Muted, c.want, c.address, c.mute)
			}
		})
	}
}

// Two live calls: the later event decides, over midnight too.
func TestRouteOfTwoCalls(t *testing.T) {
	const frame = "CallsManager:\nmCalls:\n[Call id=TC@1, state=ON_HOLD, childs(0), x]\n[Call id=TC@2, state=ACTIVE, childs(0), x]\nmCallAudioManager:\nmTtyManager:\nHistorical Events:\n"
	for _, c := range []struct {
		first, second string
		want          RouteName
	}{
		{"10:00:00.000", "10:00:01.000", Speaker},
		{"10:00:01.000", "10:00:00.000", Earpiece},
		{"23:59:59.999", "00:00:00.500", Speaker},
		{"00:00:00.500", "23:59:59.999", Earpiece},
	} {
		f := parse(t, frame+"CallTC@1 [x](MT - incoming)\n"+c.first+" - AUDIO_ROUTE (Entering state ActiveEarpieceRoute)\n"+
			"CallTC@2 [x](MT - incoming)\n"+c.second+" - AUDIO_ROUTE (Entering state ActiveSpeakerRoute)\n")
		if got := f.Route.Or(Route{}).Name; got != c.want {
			t.Errorf("events at %s and %s: route %q, want %q", c.first, c.second, got, c.want)
		}
	}
}

func TestHistoryOfAPI28(t *testing.T) {
	f := parse(t, `CallsManager: 
  mCalls: 
    [TC@2, NEW, null, null, A, childs(0), has_parent(false), [Capabilities:], [Properties:]]
  mPendingCall:TC@2
  mCallAudioManager:
    All calls:
      TC@2
    Active dialing, or connecting calls:
    Ringing calls:
    Holding calls:
    Foreground call:
    null
    CallAudioModeStateMachine pending messages:
      Looper (CallAudioModeStateMachine, tid 33) {abc}
    CallAudioRouteStateMachine pending messages:
  mTtyManager:
PhoneAccountRegistrar: 
  phoneAccounts:
Analytics:
Historical Events:
  CallTC@2 [1/2/18 3:04 PM](MT - incoming)
  	Via PhoneAccount: ComponentInfo{org.ringproof.sample/org.ringproof.sample.CallConnectionService}, ***, UserHandle{0} (Ringproof)
  	To address: sip:*** Presentation: Allowed
    15:04:01.010 - CREATED:x@1
    15:04:01.020 - FILTERING_COMPLETED ([Allow,
second line), third):y@2
    15:04:01.030 - SET_RINGING (successful incoming call):z@3
  External CallTC@1 [1/2/18 3:00 PM](MO - outgoing)
  	Via PhoneAccount: not set
    15:00:01.010 - CREATED:x@1
`)
	calls := f.CallsOf("org.ringproof.sample").Or(nil)
	if len(calls) != 1 || calls[0].Account.Or(AccountHandle{}).User != 0 || !calls[0].Incoming.Or(false) {
		t.Errorf("the history's account did not reach the row: %+v", f.Calls)
	}
	if f.Foreground.String() != "" || !f.Foreground.Known() || len(f.Accounts.Or([]Account{{}})) != 0 {
		t.Errorf("foreground %v, accounts %v", f.Foreground, f.Accounts)
	}
	h := f.History.Or(nil)
	if len(h) != 2 || len(h[0].Events) != 3 || h[0].Label != "Ringproof" || !h[1].External || h[1].Account.Known() || h[1].User.Known() {
		t.Errorf("history = %+v", h)
	}
}

// Rows up to API 29 name the service; the account's id and user are in the
// history. An account of another app there does not replace the row's own.
func TestAccountOfOldRows(t *testing.T) {
	const frame = "CallsManager:\nmCalls:\n[TC@1, ACTIVE, a.b/.Svc, null, A, childs(0), has_parent(false), [Capabilities:], [Properties:]]\nmCallAudioManager:\nmTtyManager:\nHistorical Events:\nCallTC@1 [x](MO - outgoing)\nVia PhoneAccount: ComponentInfo{%/%.Svc}, 7, UserHandle{10} (Label)\n"
	for pkg, want := range map[string]AccountHandle{
		"a.b": {Package: "a.b", Class: "a.b.Svc", ID: "7", User: 10},
		"c.d": {Package: "a.b", Class: "a.b.Svc", User: -1},
	} {
		c := parse(t, strings.ReplaceAll(frame, "%", pkg)).Calls.Or([]Call{{}})[0]
		if got := c.Account.Or(AccountHandle{}); got != want || c.Package.String() != "a.b" {
			t.Errorf("history of %s: account %+v of package %v", pkg, got, c.Package)
		}
	}
}

// A row without an owner leaves "no call of this app" open.
func TestCallsOfDoubt(t *testing.T) {
	const frame = "CallsManager:\nmCalls:\n%mCallAudioManager:\nmTtyManager:\nNo Historical Events Logged.\n"
	const nobody = "[Call id=TC@1, state=@, tpac=null, cmgr=null, handle=null, vidst=A, childs(0), has_parent(false), cap=[], prop=[]]\n"
	if f := parse(t, strings.Replace(frame, "%", strings.Replace(nobody, "state=@", "state=RINGING", 1), 1)); f.CallsOf("a.b").Known() {
		t.Error("a call without owner: no call of a.b is known")
	}
	if f := parse(t, strings.Replace(frame, "%", strings.Replace(nobody, "state=@", "state=DISCONNECTED", 1), 1)); !f.CallsOf("a.b").Known() {
		t.Error("a call that is over and has no owner leaves a doubt")
	}
	if f := parse(t, strings.Replace(frame, "%", "", 1)); f.CallsOf("a.b").String() != "[]" {
		t.Error("no rows at all: calls of a.b are not known to be none")
	}
}

func TestSessions(t *testing.T) {
	f := parse(t, "CallsManager:\nmCalls:\nmCallAudioManager:\nmTtyManager:\nCallAudioWatchdog:\n  Active Sessions:\n"+
		"    CommSess{uid=10394, created=12:38:42, attr=phac, ap, ar, , callId=none, duration=4.1}\n"+
		"    CommSess{uid=10394, created=12:38:42, attr=phac, ap, ar, , callId=TC@3, duration=4.1}\n"+
		"  Audio sessions Sessions:\nNo Historical Events Logged.\n")
	want := []Session{{UID: 10394, Line: 7}, {UID: 10394, CallID: "TC@3", Line: 8}}
	if d := cmp.Diff(want, f.Sessions.Or(nil)); d != "" {
		t.Error(d)
	}
}

func TestProblems(t *testing.T) {
	const rows = "CallsManager:\n mCalls:\n  [Call id=TC@1, state=ACTIVE, tpac=null, childs(0)]\n"
	for _, c := range []struct {
		name, in string
		kind     text.Kind
		line     int
		calls    bool
	}{
		{"empty", " \r\n ", text.Empty, 0, false},
		{"another text", "hello\n", text.NotADump, 0, false},
		{"keys in the wrong place", "mCalls:\nmCallAudioManager:\n", text.NotADump, 0, false},
		{"no service", "Can't find service: telecom\n", text.NoService, 1, false},
		{"denied", "Permission Denial: can't dump TelecomService from from pid=1, uid=2\n", text.Denied, 1, false},
		{"cut among the rows", rows, text.Truncated, 3, false},
		{"cut before the history", rows + " mCallAudioManager:\n", text.Truncated, 4, true},
		{"time out", rows + " mCallAudioManager:\n*** SERVICE 'telecom' DUMP TIMEOUT (10000ms) EXPIRED ***\n", text.Timeout, 5, true},
		{"time out among the rows", rows + "*** SERVICE 'telecom' DUMP TIMEOUT (10000ms) EXPIRED ***\n", text.Timeout, 4, false},
		{"a row that is none", "CallsManager:\nmCalls:\n[Call id=oh\nmCallAudioManager:\nmTtyManager:\nHistorical Events:\n", text.Truncated, 3, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := Parse([]byte(c.in))
			if !text.IsProblem(err) || !errors.Is(err, &text.Problem{Kind: c.kind}) {
				t.Fatalf("error = %v, want %s", err, c.kind)
			}
			p, _ := text.AsProblem(err)
			if p.Line != c.line || p.Service != "telecom" {
				t.Errorf("problem = %+v, want line %d", p, c.line)
			}
			if f.Calls.Known() != c.calls {
				t.Errorf("calls known = %v, want %v", f.Calls.Known(), c.calls)
			}
		})
	}
}

// A dump cut anywhere, in any encoding, never says "no calls" before it said
// all of them, and never differs by line ends or shifts.
func TestDamage(t *testing.T) {
	lines := strings.SplitAfter(dump34, "\n")
	for i := range lines {
		f, _ := Parse([]byte(strings.Join(lines[:i], "")))
		calls, ok := f.Calls.Get()
		if ok != (i > 4) || ok && len(calls) != 2 {
			t.Fatalf("cut after line %d: calls %v", i, f.Calls)
		}
		if f.Accounts.Known() != (i > 51) {
			t.Fatalf("cut after line %d: accounts %v", i, f.Accounts)
		}
	}
	whole := parse(t, dump34)
	for name, in := range map[string]string{
		"CRLF":    strings.ReplaceAll(dump34, "\n", "\r\n"),
		"CRCRLF":  strings.ReplaceAll(dump34, "\n", "\r\r\n"),
		"BOM":     "\xef\xbb\xbf" + dump34,
		"UTF-16":  utf16(dump34),
		"shifted": strings.ReplaceAll("  "+dump34, "\n", "\n  "),
		"flat":    strings.ReplaceAll(strings.ReplaceAll(dump34, "\n  ", "\n"), "\n  ", "\n"),
		"framed":  "-------------------------------------------------------------------------------\nDUMP OF SERVICE CRITICAL telecom:\n" + dump34 + "--------- 0.123s was the duration of dumpsys telecom, ending at: 2026-05-23 16:00:01\n",
	} {
		f := parse(t, in)
		if name == "framed" {
			if f.Calls.Line() != 4 || len(f.History.Or(nil)) != 3 {
				t.Errorf("framed: calls at line %d, %d records", f.Calls.Line(), len(f.History.Or(nil)))
			}
			continue
		}
		if d := cmp.Diff(asJSON(t, whole), asJSON(t, f)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}
