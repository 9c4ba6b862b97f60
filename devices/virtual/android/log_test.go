package android

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func messages(lines []LogLine) []string {
	var out []string
	for _, l := range lines {
		out = append(out, l.Buffer+" "+l.Message)
	}
	return out
}

func TestFollowersSeeWhatComes(t *testing.T) {
	s := New(Options{})
	defer s.Close()
	write := func(buffer, msg string) {
		s.Do(func(d *Device) { d.Log.Write(LogLine{Buffer: buffer, Tag: "t", Message: msg}) })
	}
	write(BufferMain, "before")
	var all, events *LogFollower
	var past []LogLine
	s.Do(func(d *Device) {
		past = d.Log.Lines(BufferMain)
		all, events = d.Log.Follow(), d.Log.Follow(BufferEvents)
	})
	if diff := cmp.Diff([]string{"main before"}, messages(past)); diff != "" {
		t.Error(diff)
	}
	write(BufferMain, "one")
	write(BufferEvents, "two")
	got, err := all.Take(context.Background())
	if diff := cmp.Diff([]string{"main one", "events two"}, messages(got)); diff != "" || err != nil {
		t.Error(diff, err)
	}
	got, _ = events.Take(context.Background())
	if diff := cmp.Diff([]string{"events two"}, messages(got)); diff != "" {
		t.Error(diff)
	}
	events.Close()
	write(BufferEvents, "three")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if got, err := events.Take(ctx); err == nil {
		t.Errorf("a closed follower got %v", got)
	}
	s.Do(func(d *Device) { d.Log.Clear(BufferEvents) })
	s.Do(func(d *Device) {
		if diff := cmp.Diff([]string{"main before", "main one"}, messages(d.Log.Lines())); diff != "" {
			t.Error(diff)
		}
	})
}

// A maker that mutes the log: nothing from apps and Telecom; the rest stays
// (DESIGN.md 3: scenarios also pass with the log muted).
func TestMutedLog(t *testing.T) {
	for _, mute := range []bool{false, true} {
		ph := callApp(t, func(o *Options, _ *PackageSpec) { o.MuteLog = mute })
		ph.ring()
		ph.Do(func(*Device) { ph.p.ctx.Log(Info, "VoipTrace", "hello") })
		var apps, telecom, system int
		ph.Do(func(d *Device) {
			for _, l := range d.Log.Lines() {
				switch {
				case l.UID >= FirstAppUID:
					apps++
				case l.Tag == "Telecom":
					telecom++
				default:
					system++
				}
			}
		})
		if (apps == 0) != mute || (telecom == 0) != mute || system == 0 {
			t.Errorf("muted=%t: %d lines of apps, %d of telecom, %d others", mute, apps, telecom, system)
		}
		ph.wantCalls("TC@1 RINGING")
	}
}

// dumpsys.md 7.7: lines of a process's start and end.
func TestProcessLines(t *testing.T) {
	ph := boot(t)
	ph.push(pushIntent())
	ph.Step(time.Second)
	ph.Do(func(d *Device) { d.Processes.ForceStop(ShellCaller(4321), pkgName) })
	var got []string
	ph.Do(func(d *Device) {
		for _, l := range d.Log.Lines() {
			switch l.Tag {
			case "am_proc_start", "am_proc_bound", "am_kill", "am_proc_died", "ActivityManager":
				got = append(got, string(l.Priority)+" "+l.Tag+": "+l.Message)
			}
		}
	})
	pid := itoa(ph.p.ctx.PID)
	want := []string{
		"I am_proc_start: [0,PID,10100,org.example.voip,broadcast,{org.example.voip/org.example.voip.PushReceiver}]",
		"I ActivityManager: Start proc PID:org.example.voip/u0a100 for broadcast {org.example.voip/org.example.voip.PushReceiver}",
		"I am_proc_bound: [0,PID,org.example.voip]",
		"I ActivityManager: Force stopping org.example.voip appid=10100 user=0: from pid 4321",
		"I am_kill: [0,PID,org.example.voip,905,stop org.example.voip due to from pid 4321]",
		"I ActivityManager: Killing PID:org.example.voip/u0a100 (adj 905): stop org.example.voip due to from pid 4321",
		"I ActivityManager: Process org.example.voip (pid PID) has died: cch+0 CEM",
		"I am_proc_died: [0,PID,org.example.voip,905,19]",
	}
	for i := range want {
		want[i] = strings.ReplaceAll(want[i], "PID", pid)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestIntentText(t *testing.T) {
	for _, c := range []struct {
		i    Intent
		want string
	}{
		{Intent{}, "Intent { }"},
		{Intent{Action: "a.B", Flags: 0x400000, Package: "p.q", Extras: Bundle{"k": "v"}}, "Intent { act=a.B flg=0x400000 pkg=p.q (has extras) }"},
		{Intent{Action: ActionMain, Categories: []string{CategoryHome}}, "Intent { act=android.intent.action.MAIN cat=[android.intent.category.HOME] }"},
		{Intent{Component: Comp("p.q/.Main"), Data: "tel:555"}, "Intent { dat=tel:xxx cmp=p.q/.Main }"},
		{Intent{Component: Comp("p.q/other.Main"), Data: "https://h.example/secret"}, "Intent { dat=https://h.example/... cmp=p.q/other.Main }"},
	} {
		if got := c.i.String(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestComponentText(t *testing.T) {
	for text, want := range map[string]string{"p.q/.A": "p.q/.A", "p.q/p.q.A": "p.q/.A", "p.q/x.A": "p.q/x.A", "p.q/p.qx.A": "p.q/p.qx.A"} {
		c, ok := ParseComponent(text)
		if !ok || c.Short() != want {
			t.Errorf("%s: %s %t", text, c.Short(), ok)
		}
	}
	for _, bad := range []string{"", "p", "p/", "/A"} {
		if _, ok := ParseComponent(bad); ok {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestDozeAndBattery(t *testing.T) {
	ph := boot(t)
	ph.Do(func(d *Device) {
		d.Battery.Unplug()
		d.Input.Key(KeySleep, false)
		if d.DeviceIdle.Deep != "INACTIVE" || !d.Battery.UpdatesStopped {
			t.Errorf("unplugged and dark: %+v", d.DeviceIdle)
		}
		if got := d.DeviceIdle.Force("deep"); got != "Now forced in to deep idle mode" || d.DeviceIdle.Deep != "IDLE" {
			t.Errorf("force-idle: %q %s", got, d.DeviceIdle.Deep)
		}
		d.Input.Key(KeyWakeup, false)
		if d.DeviceIdle.Deep != "IDLE" {
			t.Error("a forced idle ended with the screen")
		}
		if got := d.DeviceIdle.Unforce(); got != "Light state: ACTIVE, deep state: ACTIVE" {
			t.Errorf("unforce: %q", got)
		}
		d.Battery.Reset()
		if !d.Battery.USB || d.Battery.UpdatesStopped {
			t.Errorf("reset: %+v", d.Battery)
		}
	})
}

func TestPropsAndSettings(t *testing.T) {
	ph := boot(t, func(o *Options, _ *PackageSpec) { o.Serial, o.Props = "X1", map[string]string{"debug.mine": "1"} })
	ph.Do(func(d *Device) {
		for k, want := range map[string]string{"ro.build.version.sdk": "34", "ro.build.version.release": "14", "ro.build.type": "userdebug",
			"ro.debuggable": "1", "ro.serialno": "X1", "sys.boot_completed": "1", "debug.mine": "1", "no.such": ""} {
			if got := d.Props.Get(k); got != want {
				t.Errorf("%s = %q, want %q", k, got, want)
			}
		}
		if d.Props.Set("ro.build.type", "user") || !d.Props.Set("debug.mine", "2") {
			t.Error("setprop")
		}
		if v, ok := d.Settings.Get(SystemNS, "screen_off_timeout"); v != "30000" || !ok {
			t.Errorf("screen_off_timeout %q", v)
		}
		if d.Settings.Delete(Secure, "no_such") != 0 || d.Settings.Int(Secure, "lock_screen_lock_after_timeout", 1) != 5000 {
			t.Error("settings")
		}
	})
}

// A reader that does not read is hung up on, instead of holding the log of days.
func TestAFollowerTooFarBehindIsLost(t *testing.T) {
	s := New(Options{Seed: 1})
	defer s.Close()
	var slow *LogFollower
	s.Do(func(d *Device) {
		slow = d.Log.Follow()
		for range maxBehind + 1 {
			d.Log.Write(LogLine{Buffer: BufferMain, Tag: "Flood"})
		}
	})
	defer slow.Close()
	if lines, err := slow.Take(t.Context()); !errors.Is(err, ErrBehind) {
		t.Errorf("it got %d lines, %v", len(lines), err)
	}
	if len(slow.pending) > 0 {
		t.Errorf("%d lines are held", len(slow.pending))
	}
}
