package android

import (
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	pkgName = "org.example.voip"
	pushAct = "org.example.PUSH"
)

// probe is the code of the test app: it writes down every callback and does what
// its hooks say.
type probe struct {
	trace    []string
	launches int

	onCreate   func(c *Context) error
	onReceive  func(c *Context, i *Intent, r *PendingResult) error
	onActivity func(c *Context, a *ActivityRecord, ev ActivityEvent) error
	onService  func(c *Context, s *ServiceRecord, ev ServiceEvent) error
	onIncoming func(c *Context, req *ConnectionRequest) (*Connection, error)
	onCall     func(c *Context, conn *Connection, what string) error
	conn       *Connection
	ctx        *Context
}

func (p *probe) note(s string) { p.trace = append(p.trace, s) }

func (p *probe) saw(s string) bool { return slices.Contains(p.trace, s) }

func (p *probe) count(s string) int {
	n := 0
	for _, x := range p.trace {
		if x == s {
			n++
		}
	}
	return n
}

// process is one process's App over the probe that all of them share.
type process struct {
	p *probe
	NoCallbacks
}

func (a *process) OnCreate(c *Context) error {
	a.p.launches++
	a.p.ctx = c
	a.p.note("app")
	if a.p.onCreate != nil {
		return a.p.onCreate(c)
	}
	return nil
}

func (a *process) OnReceive(c *Context, comp Component, i *Intent, r *PendingResult) error {
	a.p.note("receive " + strings.TrimPrefix(comp.Class, pkgName))
	if a.p.onReceive != nil {
		return a.p.onReceive(c, i, r)
	}
	return nil
}

func (a *process) OnActivity(c *Context, r *ActivityRecord, ev ActivityEvent) error {
	a.p.note(strings.TrimPrefix(r.Component.Class, pkgName+".") + " " + ev.String())
	if a.p.onActivity != nil {
		return a.p.onActivity(c, r, ev)
	}
	return nil
}

func (a *process) OnService(c *Context, s *ServiceRecord, ev ServiceEvent) error {
	a.p.note("service " + [...]string{"create", "start", "destroy"}[ev])
	if a.p.onService != nil {
		return a.p.onService(c, s, ev)
	}
	return nil
}

func (a *process) OnCreateIncomingConnection(c *Context, _ PhoneAccountHandle, req *ConnectionRequest) (*Connection, error) {
	a.p.note("incoming")
	if a.p.onIncoming != nil {
		return a.p.onIncoming(c, req)
	}
	a.p.conn = &Connection{Callbacks: &calls{a.p, NoCallbacks{}}, Capabilities: CapHold | CapSupportHold | CapMute, Properties: PropSelfManaged, Address: req.Address}
	a.p.conn.SetRinging()
	return a.p.conn, nil
}

func (a *process) OnCreateIncomingConnectionFailed(*Context, PhoneAccountHandle, *ConnectionRequest) error {
	a.p.note("incoming failed")
	return nil
}

type calls struct {
	p *probe
	NoCallbacks
}

func (k *calls) tell(c *Context, conn *Connection, what string) error {
	k.p.note(what)
	if k.p.onCall != nil {
		return k.p.onCall(c, conn, what)
	}
	return nil
}

func (k *calls) OnShowIncomingCallUi(c *Context, conn *Connection) error {
	return k.tell(c, conn, "showUi")
}
func (k *calls) OnAnswer(c *Context, conn *Connection, _ int) error { return k.tell(c, conn, "answer") }
func (k *calls) OnReject(c *Context, conn *Connection) error        { return k.tell(c, conn, "reject") }
func (k *calls) OnDisconnect(c *Context, conn *Connection) error {
	return k.tell(c, conn, "disconnect")
}
func (k *calls) OnHold(c *Context, conn *Connection) error    { return k.tell(c, conn, "hold") }
func (k *calls) OnSilence(c *Context, conn *Connection) error { return k.tell(c, conn, "silence") }

// spec is the test app's manifest.
func spec(p *probe) PackageSpec {
	push := []Filter{{Actions: []string{pushAct}}}
	return PackageSpec{
		Name: pkgName, Label: "Example Voip", Debuggable: true, Application: pkgName + ".App",
		Permissions: []string{
			permManageOwnCalls, "android.permission.USE_FULL_SCREEN_INTENT", "android.permission.POST_NOTIFICATIONS",
			"android.permission.FOREGROUND_SERVICE", "android.permission.FOREGROUND_SERVICE_PHONE_CALL", "android.permission.WAKE_LOCK",
			"android.permission.RECORD_AUDIO", "android.permission.DUMP",
		},
		Granted: []string{"android.permission.POST_NOTIFICATIONS"},
		Components: []ComponentSpec{
			{Kind: KindActivity, Class: ".MainActivity", Exported: true, Filters: []Filter{{Actions: []string{ActionMain}, Categories: []string{CategoryLauncher}}}},
			{Kind: KindActivity, Class: ".RingActivity", ShowWhenLocked: true, TurnScreenOn: true, LaunchMode: LaunchSingleTop},
			{Kind: KindActivity, Class: ".PlainActivity"},
			{Kind: KindReceiver, Class: ".PushReceiver", Exported: true, Permission: "android.permission.DUMP", Filters: push},
			{Kind: KindReceiver, Class: ".FcmReceiver", Exported: true, Permission: "com.google.android.c2dm.permission.SEND",
				Filters: []Filter{{Actions: []string{"com.google.android.c2dm.intent.RECEIVE"}}}},
			{Kind: KindReceiver, Class: ".ButtonReceiver"},
			{Kind: KindService, Class: ".Calls", Exported: true, Permission: "android.permission.BIND_TELECOM_CONNECTION_SERVICE"},
			{Kind: KindService, Class: ".CallService", ForegroundServiceType: FGSPhoneCall},
			{Kind: KindService, Class: ".PlainService"},
		},
		NewApp: func() App { return &process{p: p} },
	}
}

// phone is a system with the test app installed and no longer stopped.
type phone struct {
	*System
	t *testing.T
	p *probe
}

func boot(t *testing.T, change ...func(o *Options, s *PackageSpec)) *phone {
	t.Helper()
	p := &probe{}
	s := spec(p)
	o := Options{Seed: 1}
	for _, fn := range change {
		fn(&o, &s)
	}
	o.Packages = append(o.Packages, s)
	ph := &phone{System: New(o), t: t, p: p}
	t.Cleanup(ph.Close)
	ph.Do(func(d *Device) {
		pk := d.Packages.Get(pkgName)
		pk.Stopped, pk.NotLaunched = false, false
	})
	return ph
}

// push sends the test app's push as adb's shell does and returns the finished
// broadcast.
func (ph *phone) push(i *Intent) *Broadcast {
	ph.t.Helper()
	return ph.send(ShellCaller(5000), i)
}

func pushIntent() *Intent {
	return &Intent{Action: pushAct, Package: pkgName, Flags: FlagReceiverForeground}
}

func (ph *phone) send(by Caller, i *Intent) *Broadcast {
	ph.t.Helper()
	var b *Broadcast
	ph.Do(func(d *Device) {
		var err error
		b, err = d.Broadcasts.Send(by, i, BroadcastOptions{Ordered: true})
		if err != nil {
			ph.t.Fatalf("send %s: %v", i, err)
		}
	})
	if !ph.StepUntil(2*time.Minute, func(*Device) bool { return b.Finished }) {
		ph.t.Fatalf("broadcast %s did not finish", i)
	}
	return b
}

// start starts an activity of the test app as the shell and waits for it.
func (ph *phone) start(class string) *StartResult {
	ph.t.Helper()
	var r *StartResult
	ph.Do(func(d *Device) {
		var err error
		r, err = d.Activities.Start(ShellCaller(5000), &Intent{Action: ActionMain, Component: Comp(pkgName + "/" + class)}, StartOptions{})
		if err != nil {
			ph.t.Fatalf("start %s: %v", class, err)
		}
	})
	if !ph.StepUntil(10*time.Second, func(*Device) bool { return r.Done }) {
		ph.t.Fatalf("start of %s did not end", class)
	}
	return r
}

// inApp runs fn as the app's code, in its running process; a cold start by a push
// comes first when there is none.
func (ph *phone) inApp(fn func(c *Context) error) error {
	ph.t.Helper()
	var alive bool
	ph.Do(func(d *Device) { alive = d.Processes.ByName(pkgName) != nil })
	if !alive {
		ph.push(pushIntent())
	}
	var err error
	ph.Do(func(*Device) { err = fn(ph.p.ctx) })
	ph.Step(200 * time.Millisecond)
	return err
}

func (ph *phone) sleepScreen() {
	ph.Do(func(d *Device) { d.Input.Key(KeySleep, false) })
	ph.Step(time.Second)
}

func (ph *phone) setPIN() {
	ph.t.Helper()
	ph.Do(func(d *Device) {
		if r := d.Keyguard.LockSettings([]string{"set-pin", "1234"}); r.Exit != 0 {
			ph.t.Fatalf("set-pin: %+v", r)
		}
	})
}

// logged reports whether a log message contains the text.
func (ph *phone) logged(text string) bool {
	found := false
	ph.Do(func(d *Device) {
		for _, l := range d.Log.Lines() {
			found = found || strings.Contains(l.Tag+": "+l.Message, text)
		}
	})
	return found
}

func wantException(t *testing.T, err error, class, message string) {
	t.Helper()
	e := AsException(err)
	if e == nil {
		t.Fatalf("no exception, want %s: %s", class, message)
	}
	if e.Class != class || e.Message != message {
		t.Fatalf("exception\n got %s: %s\nwant %s: %s", e.Class, e.Message, class, message)
	}
}
