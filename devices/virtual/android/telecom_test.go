package android

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var ringAccount = PhoneAccountHandle{Component: Comp(pkgName + "/.Calls"), ID: "ringproof"}

func selfManaged(schemes ...string) PhoneAccount {
	return PhoneAccount{Handle: ringAccount, Label: "Not the app's label", Capabilities: AccountSelfManaged, Schemes: schemes}
}

// callApp registers its account in Application.onCreate and adds a call for each push.
func callApp(t *testing.T, change ...func(o *Options, s *PackageSpec)) *phone {
	ph := boot(t, change...)
	ph.p.onCreate = func(c *Context) error { return c.Telecom().RegisterPhoneAccount(selfManaged("sip")) }
	ph.p.onReceive = func(c *Context, i *Intent, r *PendingResult) error {
		r.SetCode(-1)
		return c.Telecom().AddNewIncomingCall(ringAccount, Bundle{ExtraIncomingCallAddress: "sip:alice@example.org"})
	}
	return ph
}

func (ph *phone) calls() []string {
	var out []string
	ph.Do(func(d *Device) {
		for _, c := range d.Telecom.Calls {
			out = append(out, c.ID+" "+c.State.String())
		}
	})
	return out
}

func (ph *phone) wantCalls(want ...string) {
	ph.t.Helper()
	if diff := cmp.Diff(want, ph.calls()); diff != "" {
		ph.t.Errorf("live calls (-want +got)\n%s", diff)
	}
}

func (ph *phone) events(n int) []string {
	var out []string
	ph.Do(func(d *Device) {
		for _, e := range d.Telecom.History[n].Events {
			out = append(out, e.Name)
		}
	})
	return out
}

func (ph *phone) ring() {
	ph.t.Helper()
	ph.push(pushIntent())
	ph.Step(2 * time.Second)
}

// push.md D.1, telecom.md 3.6: a push to a killed app ends in a ringing call and
// onShowIncomingCallUi; telecom.md 8 names the events.
func TestIncomingSelfManagedCall(t *testing.T) {
	ph := callApp(t)
	b := ph.push(pushIntent())
	if b.ResultCode != -1 {
		t.Errorf("receipt %d, want -1", b.ResultCode)
	}
	ph.Step(2 * time.Second)
	ph.wantCalls("TC@1 RINGING")
	want := []string{"app", "receive .PushReceiver", "service create", "incoming", "showUi"}
	if diff := cmp.Diff(want, ph.p.trace); diff != "" {
		t.Error(diff)
	}
	wantEvents := []string{"CREATED", "BIND_CS", "CS_BOUND", "START_CONNECTION", "SET_RINGING"}
	if diff := cmp.Diff(wantEvents, ph.events(0)); diff != "" {
		t.Error(diff)
	}
	ph.Do(func(d *Device) {
		c := d.Telecom.Calls[0]
		if !c.SelfManaged || !c.VoIP || c.Package != pkgName {
			t.Errorf("call %+v", c)
		}
		// Telecom does not ring self-managed calls: no mode, no focus.
		if d.Audio.Mode != ModeNormal {
			t.Errorf("mode %s while ringing", d.Audio.Mode)
		}
		if got := d.Telecom.RouteState(); got != "QuiescentEarpieceRoute" {
			t.Errorf("route %s while ringing", got)
		}
		if d.Telecom.ModeState != "RINGING" {
			t.Errorf("mode state %s", d.Telecom.ModeState)
		}
		if d.Telecom.Foreground() != c {
			t.Error("the ringing call is not in front")
		}
		if !d.MediaSessions.Global.Active {
			t.Error("HeadsetMediaButton is not active during a call")
		}
		// Bound with BIND_FOREGROUND_SERVICE by a persistent process.
		if st := d.Processes.ByName(pkgName).State; st != ProcBoundFGS {
			t.Errorf("process is %s, want BFGS", st.Token())
		}
	})
	if !ph.logged("CallsManager: setCallState NEW -> RINGING, call: [Call id=TC@1, state=NEW, tpac=ComponentInfo{org.example.voip/org.example.voip.Calls}, ***, UserHandle{0}, cmgr=null, handle=sip:*****@*******.***, vidst=A, childs(0), has_parent(false), cap=[ hld sup_hld mut], prop=[ self_mng]], voip=true") {
		t.Error("no setCallState line with the row of telecom.md 3.3")
	}
	if !ph.logged("Event: RecordEntry TC@1: SET_RINGING, successful incoming call") {
		t.Error("no RecordEntry line (telecom.md 11)")
	}
}

// push.md D.1: no hardware needed, HEADSETHOOK answers and ends.
func TestHeadsetHookAnswersAndEnds(t *testing.T) {
	ph := callApp(t)
	ph.p.onCall = func(_ *Context, conn *Connection, what string) error {
		switch what {
		case "answer":
			conn.SetActive()
		case "disconnect":
			conn.SetDisconnected(DisconnectCause{Code: DisconnectLocal})
			conn.Destroy()
		}
		return nil
	}
	ph.ring()
	ph.Do(func(d *Device) { d.Input.Key(KeyHeadsetHook, false) })
	ph.Step(time.Second)
	ph.wantCalls("TC@1 ACTIVE")
	ph.Do(func(d *Device) {
		if d.Audio.Mode != ModeInCommunication || d.Audio.Owners[0].Package != "com.android.server.telecom" {
			t.Errorf("mode %s of %+v", d.Audio.Mode, d.Audio.Owners)
		}
		if got := d.Telecom.RouteState(); got != "ActiveEarpieceRoute" {
			t.Errorf("route %s", got)
		}
		var history []string
		for _, l := range d.Telecom.ModeHistory {
			history = append(history, l.Text)
		}
		// telecom.md 4.2; an ANSWERED call is in none of 4.1's lists, so nothing has
		// the focus until it is active.
		want := []string{"Enter UNFOCUSED", "Enter RINGING", "Enter UNFOCUSED", "Mode MODE_NORMAL", "Enter VOIP_CALL", "Mode MODE_IN_COMMUNICATION"}
		if diff := cmp.Diff(want, history); diff != "" {
			t.Error(diff)
		}
	})
	ph.Do(func(d *Device) { d.Input.Key(KeyHeadsetHook, false) })
	ph.Step(time.Second)
	ph.wantCalls()
	wantTail := []string{"SET_RINGING", "REQUEST_ACCEPT", "SET_ANSWERED", "SET_ACTIVE", "AUDIO_ROUTE", "AUDIO_ROUTE", "AUDIO_ROUTE_EARPIECE",
		"REQUEST_DISCONNECT", "SET_DISCONNECTED", "DESTROYED"}
	if diff := cmp.Diff(wantTail, ph.events(0)[4:]); diff != "" {
		t.Error(diff)
	}
	ph.Do(func(d *Device) {
		if d.Audio.Mode != ModeNormal || d.Telecom.RouteState() != "QuiescentEarpieceRoute" || d.MediaSessions.Global.Active {
			t.Errorf("after the call: %s %s %v", d.Audio.Mode, d.Telecom.RouteState(), d.MediaSessions.Global.Active)
		}
		if c := d.Telecom.History[0].Cause.Code; c != DisconnectLocal {
			t.Errorf("cause %s", c)
		}
	})
}

// A long press rejects the ringing call (push.md D.1).
func TestHeadsetHookLongPressRejects(t *testing.T) {
	ph := callApp(t)
	ph.p.onCall = func(_ *Context, conn *Connection, what string) error {
		if what == "reject" {
			conn.SetDisconnected(DisconnectCause{Code: DisconnectRejected})
			conn.Destroy()
		}
		return nil
	}
	ph.ring()
	ph.Do(func(d *Device) { d.Input.Key(KeyHeadsetHook, true) })
	ph.Step(time.Second)
	ph.wantCalls()
	if !ph.p.saw("reject") || ph.p.saw("answer") {
		t.Errorf("trace %v", ph.p.trace)
	}
}

// The key goes to the media session that Telecom holds; without a call it does
// nothing, and KEYCODE_CALL never touches a self-managed call (push.md D.1).
func TestKeysThatDoNotAnswer(t *testing.T) {
	ph := callApp(t)
	ph.Do(func(d *Device) { d.Input.Key(KeyHeadsetHook, false) })
	ph.ring()
	ph.Do(func(d *Device) { d.Input.Key(KeyCall, false) })
	ph.Step(time.Second)
	ph.wantCalls("TC@1 RINGING")
	ph.Do(func(d *Device) { d.Input.Key(KeyVolumeDown, false) })
	ph.Step(time.Second)
	if !ph.p.saw("silence") || ph.p.saw("answer") {
		t.Errorf("trace %v", ph.p.trace)
	}
	ph.Do(func(d *Device) {
		if d.Audio.Volumes["STREAM_RING"] != 5 {
			t.Error("a volume key that silences a call also changed the volume")
		}
	})
}

// push.md D.1: what registerPhoneAccount and addNewIncomingCall throw at once.
func TestTelecomRefusesAtOnce(t *testing.T) {
	const combo = "Self-managed ConnectionServices cannot also be call capable, connection managers, or SIM accounts."
	register := func(a PhoneAccount) func(c *Context) error {
		return func(c *Context) error { return c.Telecom().RegisterPhoneAccount(a) }
	}
	with := func(change func(a *PhoneAccount)) PhoneAccount { a := selfManaged(); change(&a); return a }
	noOwnCalls := func(_ *Options, s *PackageSpec) { s.Permissions = s.Permissions[1:] }
	for _, c := range []struct {
		name   string
		do     func(c *Context) error
		change func(o *Options, s *PackageSpec)
		want   string
	}{
		{"call provider", register(with(func(a *PhoneAccount) { a.Capabilities |= AccountCallProvider })), nil, combo},
		{"connection manager", register(with(func(a *PhoneAccount) { a.Capabilities |= AccountConnectionManager })), nil, combo},
		{"sim", register(with(func(a *PhoneAccount) { a.Capabilities |= AccountSimSubscription })), nil, combo},
		{"no permission", register(selfManaged()), noOwnCalls, "Neither user 10100 nor current process has android.permission.MANAGE_OWN_CALLS."},
		{"not a connection service", register(with(func(a *PhoneAccount) { a.Handle.Component = Comp(pkgName + "/.CallService") })), nil,
			"PhoneAccount connection service requires BIND_TELECOM_CONNECTION_SERVICE permission."},
		{"not registered", func(c *Context) error { return c.Telecom().AddNewIncomingCall(ringAccount, nil) }, nil,
			"This PhoneAccountHandle is not registered for this user!"},
		{"not enabled", func(c *Context) error {
			managed := PhoneAccount{Handle: ringAccount, Capabilities: AccountCallProvider}
			if err := c.Telecom().RegisterPhoneAccount(managed); err != nil {
				return err
			}
			return c.Telecom().AddNewIncomingCall(ringAccount, nil)
		}, nil, "This PhoneAccountHandle is not enabled for this user!"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var ph *phone
			if c.change != nil {
				ph = boot(t, c.change)
			} else {
				ph = boot(t)
			}
			wantException(t, ph.inApp(c.do), SecurityException, c.want)
			ph.wantCalls()
		})
	}
}

// push.md D.1 and telecom.md 5: enabled at once, with the app's label; it survives
// process death and force-stop.
func TestSelfManagedAccount(t *testing.T) {
	ph := callApp(t)
	if err := ph.inApp(func(*Context) error { return nil }); err != nil {
		t.Fatal(err)
	}
	check := func(when string) {
		ph.Do(func(d *Device) {
			if len(d.Telecom.Accounts) != 1 {
				t.Fatalf("%s: %d accounts", when, len(d.Telecom.Accounts))
			}
			a := d.Telecom.Accounts[0]
			if !a.Enabled || a.Label != "Example Voip" || !a.SelfManaged() {
				t.Errorf("%s: %+v", when, a)
			}
		})
	}
	check("registered")
	ph.Do(func(d *Device) { d.Processes.ForceStop(ShellCaller(1), pkgName) })
	check("force-stopped")
	if !ph.logged("Telecom: PhoneAccountRegistrar: New phone account registered: [[ ] PhoneAccount: ComponentInfo{org.example.voip/org.example.voip.Calls}, ***, UserHandle{0} Capabilities: SelfManaged  Audio Routes: BESW Schemes: sip  Extras: null GroupId: ***]") {
		t.Error("the registration is not in the log as telecom.md 5 and 11 have it")
	}
	ph.Do(func(d *Device) { d.Packages.Clear(pkgName) })
	ph.Do(func(d *Device) {
		if len(d.Telecom.Accounts) != 0 {
			t.Error("the account outlived the app's data")
		}
	})
}

// push.md D.1: a second call while one rings on the account is refused, and the
// app learns it only from onCreateIncomingConnectionFailed.
func TestSecondRingingCallIsRefused(t *testing.T) {
	ph := callApp(t)
	ph.ring()
	ph.ring()
	ph.wantCalls("TC@1 RINGING")
	if !ph.p.saw("incoming failed") || ph.p.count("incoming") != 1 {
		t.Errorf("trace %v", ph.p.trace)
	}
	// A call that is active is no reason to refuse another.
	ph.Do(func(*Device) { ph.p.conn.SetActive() })
	ph.Step(time.Second)
	ph.ring()
	ph.wantCalls("TC@1 ACTIVE", "TC@3 RINGING")
}

// push.md D.1: ten self-managed calls are the limit.
func TestTenCallsAreTheLimit(t *testing.T) {
	ph := callApp(t)
	for range 10 {
		ph.ring()
		ph.Do(func(*Device) { ph.p.conn.SetActive() })
		ph.Step(time.Second)
		ph.Do(func(*Device) { ph.p.conn.SetOnHold() })
		ph.Step(time.Second)
	}
	if n := len(ph.calls()); n != 10 {
		t.Fatalf("%d calls", n)
	}
	ph.ring()
	if n := len(ph.calls()); n != 10 || ph.p.count("incoming failed") != 1 {
		t.Errorf("%d calls, %d refusals", n, ph.p.count("incoming failed"))
	}
}

// push.md D.1: 15 s for a connection, then CREATE_CONNECTION_TIMEOUT and no call.
func TestCreateConnectionTimeout(t *testing.T) {
	ph := callApp(t, func(_ *Options, s *PackageSpec) {})
	block := false
	ph.p.onService = func(c *Context, s *ServiceRecord, ev ServiceEvent) error {
		// An app whose main thread is busy: nothing else is handled meanwhile.
		if block && ev == ServiceCreate {
			c.Proc.ready = c.Elapsed() + time.Minute
		}
		return nil
	}
	block = true
	ph.push(pushIntent())
	ph.Step(14 * time.Second)
	if got := ph.events(0); got[len(got)-1] == "CREATE_CONNECTION_TIMEOUT" {
		t.Fatalf("timed out too early: %v", got)
	}
	ph.Step(3 * time.Second)
	want := []string{"CREATED", "BIND_CS", "CS_BOUND", "START_CONNECTION", "CREATE_CONNECTION_TIMEOUT", "CREATE_CONNECTION_FAILED", "SET_DISCONNECTED", "DESTROYED"}
	if diff := cmp.Diff(want, ph.events(0)); diff != "" {
		t.Error(diff)
	}
	ph.wantCalls()
	ph.Step(2 * time.Minute)
	if ph.p.saw("showUi") {
		t.Error("a call that timed out showed its UI")
	}
}

func TestNullConnectionFails(t *testing.T) {
	ph := callApp(t)
	ph.p.onIncoming = func(*Context, *ConnectionRequest) (*Connection, error) { return nil, nil }
	ph.ring()
	ph.wantCalls()
	ph.Do(func(d *Device) {
		if r := d.Telecom.History[0].Cause.Reason; r != "IMPL_RETURNED_NULL_CONNECTION" {
			t.Errorf("cause %q", r)
		}
		if len(d.Services.All()) != 0 {
			t.Error("the connection service is still bound")
		}
	})
}

// A dead connection service ends its calls with ERROR; nothing of them stays.
func TestProcessDeathEndsTheCall(t *testing.T) {
	ph := callApp(t)
	ph.ring()
	ph.Do(func(d *Device) { d.Processes.KillBackground(ShellCaller(1), pkgName) })
	ph.wantCalls("TC@1 RINGING") // am kill does nothing while Telecom is bound (push.md C)
	ph.Do(func(d *Device) {
		if err := d.Processes.KillPID(RootCaller(1), d.Processes.ByName(pkgName).PID); err != nil {
			t.Fatal(err)
		}
	})
	ph.Step(time.Second)
	ph.wantCalls()
	ph.Do(func(d *Device) {
		c := d.Telecom.History[0]
		if c.Cause.Code != DisconnectError || c.Cause.Reason != "CS_DEATH" {
			t.Errorf("cause %s", c.Cause)
		}
		if d.MediaSessions.Global.Active {
			t.Error("the media session outlived the call")
		}
	})
	if !strings.Contains(strings.Join(ph.events(0), " "), "SET_DISCONNECTED DESTROYED") {
		t.Errorf("events %v", ph.events(0))
	}
}

// The call lingers as DISCONNECTED until the app destroys it (telecom.md 3.6).
func TestDisconnectedCallLingersUntilDestroyed(t *testing.T) {
	ph := callApp(t)
	ph.ring()
	ph.Do(func(*Device) { ph.p.conn.SetDisconnected(DisconnectCause{Code: DisconnectMissed}) })
	ph.Step(time.Minute)
	ph.wantCalls("TC@1 DISCONNECTED")
	ph.Do(func(d *Device) { d.Telecom.CleanupStuckCalls() })
	ph.wantCalls()
}

// push.md D.3.5: a custom Parcelable in Telecom's extras cannot be read with the
// loader it arrives with; the strings beside it can (Android 13 and newer).
func TestParcelableInExtras(t *testing.T) {
	ph := callApp(t)
	ph.p.onReceive = func(c *Context, i *Intent, r *PendingResult) error {
		return c.Telecom().AddNewIncomingCall(ringAccount, Bundle{ExtraIncomingCallExtras: Bundle{
			"session": "s1", "call": Parcelable{Class: "org.example.voip.CallData", Fields: map[string]string{"id": "s1"}}}})
	}
	var boot, loaded error
	var text string
	var value Parcelable
	ph.p.onIncoming = func(_ *Context, req *ConnectionRequest) (*Connection, error) {
		in := req.Extras.Bundle(ExtraIncomingCallExtras)
		text = in.Text("session")
		_, _, boot = in.Parcelable("call", BootClassLoader)
		value, _, loaded = in.Parcelable("call", AppClassLoader)
		return nil, nil
	}
	ph.ring()
	wantException(t, boot, "android.os.BadParcelableException", "ClassNotFoundException when unmarshalling: org.example.voip.CallData")
	if loaded != nil || value.Fields["id"] != "s1" || text != "s1" {
		t.Errorf("with the app's loader: %v %v, string %q", value, loaded, text)
	}
}

// Another user who has the phone gets no calls of the owner: Telecom tells the
// owner's app that it has no place for one, and nothing of it heads up.
func TestCallsAreForTheUserInFront(t *testing.T) {
	ph := callApp(t)
	ph.Do(func(d *Device) {
		d.Users.Switch(d.Users.Create("guest", -1).ID)
	})
	ph.Step(5 * time.Second)
	ph.ring()
	ph.wantCalls()
	if !ph.p.saw("incoming failed") {
		t.Errorf("the app was told nothing: %v", ph.p.trace)
	}
	ph.Do(func(d *Device) { d.Users.Switch(0) })
	ph.ring()
	ph.wantCalls("TC@2 RINGING")
}

// An exception in the connection service crashes the app and ends the call.
func TestConnectionServiceCrash(t *testing.T) {
	ph := callApp(t)
	ph.p.onIncoming = func(*Context, *ConnectionRequest) (*Connection, error) {
		return nil, Throw(NullPointerException, "boom")
	}
	ph.ring()
	ph.wantCalls()
	ph.Do(func(d *Device) {
		if d.Processes.ByName(pkgName) != nil {
			t.Error("the process survived an uncaught exception")
		}
		if r := d.Telecom.History[0].Cause.Reason; r != "CS_DEATH" {
			t.Errorf("cause %q", r)
		}
	})
}

// The active call is held when another is answered (push.md D.1).
func TestAnsweringHoldsTheActiveCall(t *testing.T) {
	ph := callApp(t)
	ph.ring()
	first := ph.p.conn
	ph.Do(func(*Device) { first.SetActive() })
	ph.Step(time.Second)
	ph.ring()
	ph.p.onCall = func(_ *Context, conn *Connection, what string) error {
		switch what {
		case "hold":
			conn.SetOnHold()
		case "answer":
			conn.SetActive()
		}
		return nil
	}
	ph.Do(func(d *Device) { d.Input.Key(KeyHeadsetHook, false) })
	ph.Step(time.Second)
	ph.wantCalls("TC@1 ON_HOLD", "TC@2 ACTIVE")
}

func TestHistoryKeepsTenCalls(t *testing.T) {
	ph := callApp(t)
	for range 12 {
		ph.ring()
		ph.Do(func(*Device) {
			ph.p.conn.SetDisconnected(DisconnectCause{Code: DisconnectRemote})
			ph.p.conn.Destroy()
		})
		ph.Step(time.Second)
	}
	ph.Do(func(d *Device) {
		if n := len(d.Telecom.History); n != 10 || d.Telecom.History[0].ID != "TC@3" {
			t.Errorf("%d calls from %s", n, d.Telecom.History[0].ID)
		}
	})
	ph.wantCalls()
}

func TestSpeakerRoute(t *testing.T) {
	ph := callApp(t)
	ph.ring()
	ph.Do(func(*Device) { ph.p.conn.SetActive() })
	ph.Step(time.Second)
	ph.Do(func(*Device) { ph.p.conn.SetAudioRoute(RouteSpeaker) })
	ph.Step(time.Second)
	ph.Do(func(d *Device) {
		if got := d.Telecom.RouteState(); got != "ActiveSpeakerRoute" || !d.Audio.Speakerphone || d.Audio.CommunicationDevice != "speaker" {
			t.Errorf("route %s, %+v", got, d.Audio)
		}
	})
	ph.Do(func(*Device) { ph.p.conn.SetAudioRoute(RouteBluetooth) })
	ph.Step(time.Second)
	ph.Do(func(d *Device) {
		if got := d.Telecom.RouteState(); got != "ActiveSpeakerRoute" {
			t.Errorf("route %s without a headset", got)
		}
	})
}

// One-way calls of an app arrive in their order, whatever each one's latency, and
// nothing follows DISCONNECTED.
func TestConnectionCallsStayInOrder(t *testing.T) {
	for seed := range int64(30) {
		ph := callApp(t, func(o *Options, _ *PackageSpec) { o.Seed = seed })
		ph.ring()
		ph.Do(func(*Device) {
			ph.p.conn.SetActive()
			ph.p.conn.SetDisconnected(DisconnectCause{Code: DisconnectRemote})
			ph.p.conn.SetActive()
			ph.p.conn.Destroy()
		})
		ph.Step(time.Second)
		ph.Do(func(d *Device) {
			var got []string
			for _, e := range d.Telecom.History[0].Events[5:] {
				if !strings.HasPrefix(e.Name, "AUDIO_ROUTE") {
					got = append(got, e.Name)
				}
			}
			if diff := cmp.Diff([]string{"SET_ACTIVE", "SET_DISCONNECTED", "DESTROYED"}, got); diff != "" {
				t.Fatalf("seed %d: %s", seed, diff)
			}
			if ph.p.conn.State() != CallDisconnected {
				t.Error("a disconnected connection changed its state")
			}
		})
	}
}

// The data of the events as telecom.md 8 gives them.
func TestEventData(t *testing.T) {
	ph := callApp(t)
	ph.ring()
	ph.Do(func(*Device) {
		ph.p.conn.SetActive()
		ph.p.conn.SetDisconnected(DisconnectCause{Code: DisconnectRemote, Reason: "gone"})
	})
	ph.Step(time.Second)
	got := map[string]string{}
	ph.Do(func(d *Device) {
		for _, e := range d.Telecom.History[0].Events {
			got[e.Name] = e.Data
		}
	})
	for name, want := range map[string]string{
		"CREATED":          "org.example.voip;requestedAcct:ComponentInfo{org.example.voip/org.example.voip.Calls}, ***, UserHandle{0}, selfMgd:true",
		"BIND_CS":          "ComponentInfo{org.example.voip/org.example.voip.Calls}",
		"SET_RINGING":      "successful incoming call",
		"SET_ACTIVE":       "active set explicitly for self-managed",
		"SET_DISCONNECTED": "disconnected set explicitly> DisconnectCause [ Code: (REMOTE) Label: () Description: () Reason: (gone) Tone: (-1)  TelephonyCause: 36/65535 ImsReasonInfo: null]",
	} {
		if got[name] != want {
			t.Errorf("%s (%s)\n want (%s)", name, got[name], want)
		}
	}
}

// The power key silences a ringing call and turns the screen off all the same.
func TestPowerKeySilences(t *testing.T) {
	ph := callApp(t)
	ph.ring()
	ph.Do(func(d *Device) { d.Input.Key(KeyPower, false) })
	ph.Step(time.Second)
	if !ph.p.saw("silence") || ph.lock().Awake {
		t.Errorf("trace %v, awake %t", ph.p.trace, ph.lock().Awake)
	}
	ph.wantCalls("TC@1 RINGING")
}
