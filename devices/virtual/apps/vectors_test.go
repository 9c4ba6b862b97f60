package apps_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/apps"
	"github.com/ringproof/ringproof/fixtures"
)

// The model answers every vector exactly as the Java app does, which has the same
// vectors in its own tests.
func TestVectors(t *testing.T) {
	vectors, err := fixtures.Vectors()
	if err != nil {
		t.Fatal(err)
	}
	if len(vectors) < 50 {
		t.Errorf("there are only %d vectors", len(vectors))
	}
	for api := android.FirstAPI; api <= android.LastAPI; api++ {
		for _, v := range vectors {
			if v.Given.NoFullScreen && api < 34 {
				continue // nobody can be denied it yet
			}
			t.Run(fmt.Sprint(v.Name, "-", api), func(t *testing.T) {
				r := given(t, v.Given, api)
				for i, s := range v.Steps {
					r.do(t, s)
					if s.AtOnce {
						continue
					}
					if d := cmp.Diff(slices.Concat([]string{}, asOf(api, s.Calls)), r.take()); d != "" {
						t.Errorf("step %d (-vector +model):\n%s", i+1, d)
					}
				}
			})
		}
	}
}

// asOf are a vector's calls as the Java app makes them on a release: without
// CallStyle before 12, the same buttons by hand (CallNotifications.style); without
// the microphone's type before 11, and without any before 10 (CallService.foreground).
func asOf(api int, calls []string) []string {
	var out []string
	for _, c := range calls {
		if api < 31 {
			c = incomingStyle.ReplaceAllString(c, "style=none title='$1' text='Incoming call' Decline=$3 Answer=$2")
			c = ongoingStyle.ReplaceAllString(c, "style=none title='$1' text='Ongoing call' End=$2")
		}
		if api < 30 {
			c = strings.Replace(c, "type=phoneCall,microphone", "type=phoneCall", 1)
		}
		out = append(out, c)
	}
	return out
}

var (
	incomingStyle = regexp.MustCompile(`style=incoming person='(.*?)' answer=(\S+) decline=(\S+)`)
	ongoingStyle  = regexp.MustCompile(`style=ongoing person='(.*?)' hangUp=(\S+)`)
)

// recorder plays vectors on a phone.
type recorder struct {
	*phone
	lines         []string
	notifications []int
	shown         map[int]bool
	connections   []*android.Connection
	contexts      map[*android.Connection]*android.Context
}

func given(t *testing.T, g fixtures.Given, api int) *recorder {
	t.Helper()
	spec := apps.Reference()
	if g.BackendFails != "" {
		spec.NewApp = apps.NewFailing(g.BackendFails)
	}
	for _, p := range []string{"POST_NOTIFICATIONS", "RECORD_AUDIO", "CAMERA", "BLUETOOTH_CONNECT"} {
		if !slices.Contains(g.Denied, p) {
			spec.Granted = append(spec.Granted, "android.permission."+p)
		}
	}
	r := &recorder{phone: bootOn(t, spec, api), shown: map[int]bool{}, contexts: map[*android.Connection]*android.Context{}}
	if g.Locked {
		r.lock()
	}
	r.phone.do(func(d *android.Device) {
		if g.NoFullScreen {
			if err := d.AppOps.Set(r.pkg, "USE_FULL_SCREEN_INTENT", android.OpDeny); err != nil {
				t.Error(err)
			}
		}
		if g.NoAccount {
			d.Telecom.Unregister(android.PhoneAccountHandle{Component: r.class(".CallConnectionService"), ID: "ringproof"})
		}
		if g.Process == "cold" {
			d.Processes.KillBackground(android.ShellCaller(shellPID), r.pkg)
		}
	})
	r.sys.Step(time.Second)
	if g.Open {
		r.launch()
	}
	r.phone.do(func(d *android.Device) { d.Observe(r.observe) })
	return r
}

func (r *recorder) do(t *testing.T, s fixtures.Step) {
	t.Helper()
	switch {
	case s.Push != "" || s.Signal != "":
		var now time.Time
		r.phone.do(func(d *android.Device) { now = d.Now() })
		payload, err := fixtures.Payload(s.Push+s.Signal).With(s.Session, now.Add(-time.Duration(s.AgoMS)*time.Millisecond))
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range s.With {
			payload[k] = v
		}
		maps.DeleteFunc(payload, func(_, v string) bool { return v == "" })
		if i := r.intent(payload); s.AtOnce || s.Signal != "" {
			if s.Signal != "" {
				i = r.signal(payload)
			}
			r.phone.do(func(d *android.Device) {
				if _, err := d.Broadcasts.Send(android.ShellCaller(shellPID), i, android.BroadcastOptions{Ordered: true}); err != nil {
					t.Error(err)
				}
			})
			if !s.AtOnce {
				r.sys.Step(3 * time.Second)
			}
			return
		}
		r.deliver(payload)
	case s.Place != "":
		r.place(s.Place, s.Session)
	case s.Telecom != "":
		if s.Call > len(r.connections) {
			t.Fatalf("there is no connection %d", s.Call)
		}
		r.telecom(s.Telecom, r.connections[s.Call-1])
	case s.Press != "":
		if !r.tap(s.Press) {
			r.phone.do(func(d *android.Device) { d.StatusBar.Expand() })
			r.sys.Step(time.Second)
			// Before CallStyle the button that ends a call has the app's own title.
			if !r.tap(s.Press) && (s.Press != "Hang Up" || !r.tap("End")) {
				t.Errorf("no notification has a button %s", s.Press)
			}
			r.phone.do(func(d *android.Device) { d.StatusBar.Collapse() })
		}
	case s.Tap != "":
		if !r.tap(s.Tap) {
			t.Errorf("there is no view %s", s.Tap)
		}
	case s.PassMS > 0:
		r.sys.Step(time.Duration(s.PassMS) * time.Millisecond)
	default:
		t.Fatalf("a step without a deed: %+v", s)
	}
}

// telecom makes a callback on a connection, as ConnectionService does.
func (r *recorder) telecom(callback string, conn *android.Connection) {
	c := r.contexts[conn]
	r.phone.do(func(d *android.Device) {
		if callback == "onAnswer" && conn.State() == android.CallRinging {
			d.Telecom.HeadsetButton(false) // Telecom holds the other call, then tells
			return
		}
		c.Post(0, func() error {
			b := conn.Callbacks
			switch callback {
			case "onAnswer":
				return b.OnAnswer(c, conn, 0)
			case "onAnswerVideo":
				return b.OnAnswer(c, conn, 3)
			case "onReject":
				return b.OnReject(c, conn)
			case "onDisconnect":
				return b.OnDisconnect(c, conn)
			case "onHold":
				return b.OnHold(c, conn)
			case "onUnhold":
				return b.OnUnhold(c, conn)
			case "onSilence":
				return b.OnSilence(c, conn)
			case "onAbort":
				return b.OnAbort(c, conn)
			}
			return fmt.Errorf("no callback %s", callback)
		})
	})
	r.sys.Step(3 * time.Second)
}

func (r *recorder) take() []string {
	out := slices.Concat([]string{}, r.lines)
	r.lines = nil
	return out
}

func (r *recorder) notification(id int) string {
	i := slices.Index(r.notifications, id)
	if i < 0 {
		i = len(r.notifications)
		r.notifications = append(r.notifications, id)
	}
	return fmt.Sprintf("n%d", i+1)
}

// observe words a call on the framework as vectors/README.md has it.
func (r *recorder) observe(o android.Observation) {
	line := r.word(o)
	if line == "" {
		return
	}
	if e := android.AsException(o.Err); o.Err != nil {
		line += " throws=" + e.Class[strings.LastIndexByte(e.Class, '.')+1:]
	}
	r.lines = append(r.lines, line)
}

func (r *recorder) word(o android.Observation) string {
	_, name, _ := strings.Cut(o.Call, ".")
	switch o.Call {
	case "TelecomManager.registerPhoneAccount":
		a := o.Args[0].(android.PhoneAccount)
		return name + " " + a.Handle.ID + " capabilities=" + bits(a.Capabilities, accountBits) + " schemes=" + strings.Join(a.Schemes, ",")
	case "TelecomManager.addNewIncomingCall":
		extras := o.Args[1].(android.Bundle)
		return name + " " + o.Args[0].(android.PhoneAccountHandle).ID + " address=" + extras.Text(android.ExtraIncomingCallAddress) + session(extras)
	case "TelecomManager.placeCall":
		return name + " address=" + o.Args[1].(string) + session(o.Args[2].(android.Bundle))
	case "ConnectionService.onCreateIncomingConnection", "ConnectionService.onCreateOutgoingConnection":
		return name + " " + r.returned(o)
	case "NotificationManager.createNotificationChannel":
		return name + " " + channel(o.Args[0].(android.Channel))
	case "NotificationManager.notify":
		id := o.Args[0].(int)
		r.shown[id] = true
		return name + " " + r.notification(id) + " " + notification(o.Args[1].(*android.Notification))
	case "NotificationManager.cancel":
		id := o.Args[0].(int)
		if !r.shown[id] {
			return "" // nothing is there: nothing happens
		}
		delete(r.shown, id)
		return name + " " + r.notification(id)
	case "Service.startForeground":
		return name + " " + r.notification(o.Args[1].(int)) + " type=" + bits(o.Args[3].(uint32), map[uint32]string{android.FGSPhoneCall: "phoneCall", android.FGSMicrophone: "microphone"}) +
			" " + notification(o.Args[2].(*android.Notification))
	case "Service.stopForeground":
		if o.Args[1].(bool) {
			return name + " remove"
		}
		return name + " keep"
	case "Service.stopSelf":
		return name
	case "Context.startForegroundService":
		return name + " " + short(o.Args[0].(*android.Intent).Component)
	case "Context.stopService":
		return name + " " + short(o.Args[0].(android.Component))
	case "Context.startActivity":
		i := o.Args[0].(*android.Intent)
		if i.Flags&android.FlagActivityNewTask != 0 {
			return name + " " + short(i.Component) + " newTask"
		}
		return name + " " + short(i.Component)
	case "Activity.finish":
		return name + " " + short(o.Args[0].(*android.ActivityRecord).Component)
	}
	conn, ok := o.Args[0].(*android.Connection)
	if !ok {
		return "unknown " + o.Call
	}
	line := "connection." + name + " " + r.connection(conn)
	if len(o.Args) > 1 {
		line += " " + o.Args[1].(android.DisconnectCode).String()
	}
	return line
}

func (r *recorder) connection(c *android.Connection) string {
	return fmt.Sprintf("c%d", slices.Index(r.connections, c)+1)
}

// returned words a connection as the app gave it to Telecom.
func (r *recorder) returned(o android.Observation) string {
	c := o.Args[0].(*android.Connection)
	r.connections = append(r.connections, c)
	r.contexts[c] = o.Context
	line := r.connection(c) + " state=" + c.State().String()
	if c.State() == android.CallDisconnected {
		return line + " " + c.Cause().Code.String()
	}
	line += " capabilities=" + bits(c.Capabilities, map[uint32]string{android.CapHold: "HOLD", android.CapSupportHold: "SUPPORT_HOLD", android.CapMute: "MUTE"})
	if c.Properties&android.PropSelfManaged != 0 {
		line += " self_managed"
	}
	line += " address=" + c.Address + " name='" + c.CallerDisplayName + "'"
	if c.AudioModeIsVoIP {
		line += " voip"
	}
	return line
}

var accountBits = map[uint32]string{
	android.AccountConnectionManager: "CONNECTION_MANAGER", android.AccountCallProvider: "CALL_PROVIDER",
	android.AccountSimSubscription: "SIM_SUBSCRIPTION", android.AccountVideoCalling: "VIDEO_CALLING",
	android.AccountSupportsVideo: "SUPPORTS_VIDEO_CALLING", android.AccountSelfManaged: "SELF_MANAGED",
}

// bits names the bits of a mask, lowest first.
func bits(mask uint32, names map[uint32]string) string {
	var out []string
	for _, b := range slices.Sorted(maps.Keys(names)) {
		if mask&b != 0 {
			out = append(out, names[b])
		}
	}
	return strings.Join(out, ",")
}

func short(c android.Component) string { return c.Class[strings.LastIndexByte(c.Class, '.')+1:] }

// session is the call that a bundle names.
func session(b android.Bundle) string {
	var found []string
	for _, k := range slices.Sorted(maps.Keys(b)) {
		switch v := b[k].(type) {
		case android.Bundle:
			if s := session(v); s != "" {
				return s
			}
		case string:
			if len(v) == 2 && v[0] == 's' && !slices.Contains(found, v) {
				found = append(found, v)
			}
		}
	}
	if found == nil {
		return ""
	}
	return " call=" + strings.Join(found, ",")
}

func channel(c android.Channel) string {
	line := c.ID + " importance=" + map[android.Importance]string{android.ImportanceLow: "LOW", android.ImportanceDefault: "DEFAULT",
		android.ImportanceHigh: "HIGH"}[c.Importance]
	line += " sound=" + map[string]string{"": "none", "content://settings/system/ringtone": "ringtone",
		"content://settings/system/notification_sound": "notification"}[c.Sound]
	if c.Vibration {
		line += " vibration"
	}
	return line
}

func notification(n *android.Notification) string {
	line := "channel=" + n.ChannelID + " category=" + n.Category
	var intents []*android.PendingIntent
	button := func(name string, p *android.PendingIntent) {
		if p != nil {
			kind := map[android.PendingIntentKind]string{android.PendingActivity: "activity", android.PendingBroadcast: "broadcast"}[p.Kind]
			line += " " + name + "=" + kind + ":" + short(p.Intent.Component)
			intents = append(intents, p)
		}
	}
	if s := n.CallStyle; s != nil {
		line += " style=" + map[int]string{android.CallStyleIncoming: "incoming", android.CallStyleOngoing: "ongoing"}[s.Type] + " person='" + s.Person + "'"
		button("answer", s.AnswerIntent)
		button("decline", s.DeclineIntent)
		button("hangUp", s.HangUpIntent)
	} else {
		line += " style=none title='" + n.Title + "' text='" + n.Text + "'"
		for _, a := range n.Actions {
			button(a.Title, a.Intent)
		}
	}
	button("fullScreen", n.FullScreenIntent)
	button("content", n.ContentIntent)
	if f := bits(n.Flags&^android.FlagForegroundService, map[uint32]string{android.FlagOngoing: "ongoing", android.FlagInsistent: "insistent",
		android.FlagOnlyAlertOnce: "onlyAlertOnce", android.FlagAutoCancel: "autoCancel"}); f != "" {
		line += " flags=" + f
	}
	if n.Visibility == 1 {
		line += " public"
	}
	called := ""
	for _, p := range intents {
		if s := session(p.Intent.Extras); !strings.Contains(called, s) || called == "" {
			called += s
		}
	}
	return line + called
}
