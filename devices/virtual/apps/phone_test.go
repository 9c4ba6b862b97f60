package apps_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/apps"
	"github.com/ringproof/ringproof/fixtures"
)

// phone is a simulated phone with one app, launched once and left for HOME.
type phone struct {
	t   *testing.T
	sys *android.System
	pkg string
}

const shellPID = 4321

func boot(t *testing.T, spec android.PackageSpec) *phone {
	t.Helper()
	spec.Granted = []string{
		"android.permission.POST_NOTIFICATIONS", "android.permission.RECORD_AUDIO",
		"android.permission.CAMERA", "android.permission.BLUETOOTH_CONNECT",
	}
	return bootWith(t, spec)
}

func bootWith(t *testing.T, spec android.PackageSpec) *phone {
	t.Helper()
	return bootOn(t, spec, android.DefaultAPI)
}

func bootOn(t *testing.T, spec android.PackageSpec, api int) *phone {
	t.Helper()
	p := &phone{t: t, sys: android.New(android.Options{Seed: 7, API: api, Packages: []android.PackageSpec{spec}}), pkg: spec.Name}
	t.Cleanup(p.sys.Close)
	// The screen stays on until a test turns it off.
	p.do(func(d *android.Device) {
		d.Settings.Put(android.SystemNS, "screen_off_timeout", "1800000")
		d.Power.UserActivity()
	})
	p.launch()
	p.home()
	return p
}

func (p *phone) do(fn func(d *android.Device)) { p.sys.Do(fn) }

func (p *phone) launch() {
	p.do(func(d *android.Device) {
		_, err := d.Activities.Start(android.ShellCaller(shellPID), &android.Intent{Component: p.class(".MainActivity"),
			Flags: android.FlagActivityNewTask}, android.StartOptions{})
		if err != nil {
			p.t.Errorf("launch: %v", err)
		}
	})
	p.sys.Step(3 * time.Second)
}

func (p *phone) home() {
	p.do(func(d *android.Device) { d.Input.Key(3, false) })
	// Long enough for the right to start activities to expire.
	p.sys.Step(30 * time.Second)
}

func (p *phone) class(class string) android.Component {
	return android.Component{Package: p.pkg, Class: p.pkg + class}
}

// push delivers a payload through the test receiver, with the allowlist entry of
// a high-priority push, and returns the result that the sender sees.
func (p *phone) push(name, session string) (code int, data string) {
	return p.pushSent(name, session, 0)
}

func (p *phone) pushSent(name, session string, ago time.Duration) (code int, data string) {
	p.t.Helper()
	var now time.Time
	p.do(func(d *android.Device) { now = d.Now() })
	payload, err := fixtures.Payload(name).With(session, now.Add(-ago))
	if err != nil {
		p.t.Fatal(err)
	}
	return p.deliver(payload)
}

func (p *phone) deliver(payload map[string]string) (code int, data string) {
	p.t.Helper()
	return p.broadcast(android.ShellCaller(shellPID), p.intent(payload))
}

// place has the app call somebody, through its test door.
func (p *phone) place(callee, session string) (code int) {
	p.t.Helper()
	code, _ = p.broadcast(android.ShellCaller(shellPID), &android.Intent{
		Action: "org.ringproof.devicetest.CALL", Package: p.pkg, Extras: android.Bundle{"callee": callee, "session": session},
	})
	return code
}

// intent is the test push of a payload.
func (p *phone) intent(payload map[string]string) *android.Intent {
	p.t.Helper()
	raw, err := json.Marshal(payload)
	if err != nil {
		p.t.Fatal(err)
	}
	return &android.Intent{
		Action: "org.ringproof.devicetest.PUSH", Package: p.pkg, Flags: android.FlagReceiverForeground,
		Extras: android.Bundle{"payload_b64": base64.StdEncoding.EncodeToString(raw)},
	}
}

// signal has the app's own connection tell what a payload says.
func (p *phone) signal(payload map[string]string) *android.Intent {
	p.t.Helper()
	raw, err := json.Marshal(payload)
	if err != nil {
		p.t.Fatal(err)
	}
	return &android.Intent{
		Action: "org.ringproof.devicetest.SIGNAL", Package: p.pkg,
		Extras: android.Bundle{"message_b64": base64.StdEncoding.EncodeToString(raw)},
	}
}

func (p *phone) broadcast(by android.Caller, i *android.Intent) (code int, data string) {
	p.t.Helper()
	var b *android.Broadcast
	p.do(func(d *android.Device) {
		if err := d.DeviceIdle.AddTemp(p.pkg, 10*time.Second, "shell"); err != nil {
			p.t.Errorf("allowlist: %v", err)
		}
		var err error
		if b, err = d.Broadcasts.Send(by, i, android.BroadcastOptions{Ordered: true}); err != nil {
			p.t.Errorf("broadcast: %v", err)
		}
	})
	if b == nil || !p.sys.StepUntil(time.Minute, func(*android.Device) bool { return b.Finished }) {
		p.t.Fatal("the broadcast did not finish")
	}
	// What the push starts is a matter of a second or so.
	p.sys.Step(3 * time.Second)
	return b.ResultCode, b.ResultData
}

// calls are Telecom's live calls, as "STATE address".
func (p *phone) calls() string {
	var out []string
	p.do(func(d *android.Device) {
		for _, c := range d.Telecom.Calls {
			out = append(out, c.State.String()+" "+c.Handle)
		}
	})
	return strings.Join(out, ", ")
}

// ended is how the call number n of the phone's life (from 1) ended.
func (p *phone) ended(n int) string {
	out := "there was no such call"
	p.do(func(d *android.Device) {
		if n <= len(d.Telecom.History) {
			out = "it lives"
			if c := d.Telecom.History[n-1]; c.Removed || c.Terminal() {
				out = c.Cause.Code.String()
			}
		}
	})
	return out
}

// notes are the live notifications of a channel, as their texts.
func (p *phone) notes(channel string) []*android.NotificationRecord {
	var out []*android.NotificationRecord
	p.do(func(d *android.Device) {
		for _, r := range d.Notifications.Posted() {
			if r.Package == p.pkg && r.Notification.ChannelID == channel {
				out = append(out, r)
			}
		}
	})
	return out
}

// top is the resumed activity's class without the package, "" for none.
func (p *phone) top() string {
	out := ""
	p.do(func(d *android.Device) {
		if r := d.Activities.Resumed; r != nil {
			out = strings.TrimPrefix(r.Component.Class, p.pkg)
		}
	})
	return out
}

// foreground says whether the app has a foreground service.
func (p *phone) foreground() bool {
	var on bool
	p.do(func(d *android.Device) {
		s := d.Services.Get(p.class(".CallService"))
		on = s != nil && s.Foreground
	})
	return on
}

// crashes counts the crashes of the app's processes.
func (p *phone) crashes() int {
	n := 0
	p.do(func(d *android.Device) {
		for _, e := range d.Processes.Exits(p.pkg) {
			if e.Reason == android.ReasonCrash {
				n++
			}
		}
	})
	return n
}

// tap touches the first clickable thing with the text or the id, wherever on the
// display it is, as a finger would.
func (p *phone) tap(what string) bool {
	found := false
	p.do(func(d *android.Device) {
		for _, w := range d.Windows.All() {
			if !w.Visible || found {
				continue
			}
			w.Root.Walk(func(v *android.View) bool {
				if (v.Text == what || v.ID == p.pkg+":id/"+what) && v.Clickable && !found {
					found = true
					d.Input.Tap(v.Bounds.Center())
				}
				return true
			})
		}
	})
	p.sys.Step(3 * time.Second)
	return found
}

// answer taps the notification's button; the guide calls it Accept.
func (p *phone) answer() {
	p.t.Helper()
	if !p.tap("Answer") && !p.tap("Accept") {
		p.t.Fatalf("there is no button to answer; calls: %s", p.calls())
	}
}

func (p *phone) key(code int) {
	p.do(func(d *android.Device) { d.Input.Key(code, false) })
	p.sys.Step(3 * time.Second)
}

// lock turns the screen off on a phone with a PIN.
func (p *phone) lock() {
	p.do(func(d *android.Device) { d.Keyguard.LockSettings([]string{"set-pin", "1234"}) })
	p.key(223) // KEYCODE_SLEEP
	p.sys.Step(30 * time.Second)
}

// ringAndThen pushes a call and does something as soon as Telecom rings.
func (p *phone) ringAndThen(fn func(d *android.Device)) {
	p.t.Helper()
	var now time.Time
	p.do(func(d *android.Device) { now = d.Now() })
	payload, err := fixtures.Payload("cometchat/initiated").With("s1", now)
	if err != nil {
		p.t.Fatal(err)
	}
	i := p.intent(payload)
	p.do(func(d *android.Device) {
		if _, err := d.Broadcasts.Send(android.ShellCaller(shellPID), i, android.BroadcastOptions{}); err != nil {
			p.t.Error(err)
		}
	})
	if !p.sys.StepUntil(5*time.Second, func(d *android.Device) bool {
		return len(d.Telecom.Calls) == 1 && d.Telecom.Calls[0].State == android.CallRinging
	}) {
		p.t.Fatal("it does not ring")
	}
	p.do(fn)
}

type traceLine struct {
	Event   string            `json:"event"`
	Elapsed int64             `json:"elapsed"`
	Session string            `json:"session"`
	Detail  string            `json:"detail"`
	Data    map[string]string `json:"data"`
}

func (p *phone) trace() []traceLine {
	p.t.Helper()
	var text []byte
	var err error
	p.do(func(d *android.Device) { text, err = d.Files(p.pkg).ReadFile("files/ringproof-trace.jsonl") })
	if err != nil {
		p.t.Fatalf("read the trace: %v", err)
	}
	var out []traceLine
	for line := range strings.Lines(string(text)) {
		var l traceLine
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			p.t.Fatalf("trace line %q: %v", line, err)
		}
		out = append(out, l)
	}
	return out
}

// events are the names in the trace, without the many of the kinds left out.
func (p *phone) events(without ...string) []string {
	var out []string
next:
	for _, l := range p.trace() {
		for _, w := range without {
			if l.Event == w {
				continue next
			}
		}
		out = append(out, l.Event)
	}
	return out
}

func count(events []string, name string) int {
	n := 0
	for _, e := range events {
		if e == name {
			n++
		}
	}
	return n
}

func all() []apps.Defect { return apps.Flaws() }

// only is the guide's app with one flaw left.
func only(flaw apps.Defect) android.PackageSpec {
	var fixed []apps.Defect
	for _, f := range all() {
		if f != flaw {
			fixed = append(fixed, f)
		}
	}
	return apps.Guide(fixed...)
}
