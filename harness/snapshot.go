package harness

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ringproof/ringproof/devices"
	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/harness/dumpsys/activity"
	"github.com/ringproof/ringproof/harness/dumpsys/appops"
	"github.com/ringproof/ringproof/harness/dumpsys/audio"
	"github.com/ringproof/ringproof/harness/dumpsys/bluetooth"
	"github.com/ringproof/ringproof/harness/dumpsys/deviceidle"
	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/mediasession"
	"github.com/ringproof/ringproof/harness/dumpsys/notification"
	"github.com/ringproof/ringproof/harness/dumpsys/packages"
	"github.com/ringproof/ringproof/harness/dumpsys/power"
	"github.com/ringproof/ringproof/harness/dumpsys/standby"
	"github.com/ringproof/ringproof/harness/dumpsys/telecom"
	"github.com/ringproof/ringproof/harness/dumpsys/trust"
	"github.com/ringproof/ringproof/harness/dumpsys/users"
	"github.com/ringproof/ringproof/harness/dumpsys/window"
	"github.com/ringproof/ringproof/harness/facts"
)

// source is how one kind of facts is read.
type source struct {
	kind facts.Kind
	// script is run on the phone. Notification dumps stay redacted: nothing
	// that is asserted is hidden, and names of people stay on the phone.
	script func(api int, pkg string) string
	read   func(s *facts.Snapshot, text []byte, exit int) error
}

func dump(args string) func(int, string) string {
	return func(int, string) string { return "dumpsys " + args }
}

// parse fills one field of a snapshot.
func parse[T any](f func([]byte) (T, error), field func(*facts.Snapshot) *T) func(*facts.Snapshot, []byte, int) error {
	return func(s *facts.Snapshot, text []byte, _ int) error {
		v, err := f(text)
		*field(s) = v
		return err
	}
}

// sources is in reading order: telecom first, since a call is what changes.
func sources() []source {
	return []source{
		{facts.Telecom, dump("telecom"), parse(telecom.Parse, func(s *facts.Snapshot) *telecom.Facts { return &s.Telecom })},
		{facts.Notification, dump("notification"), parse(notification.Parse, func(s *facts.Snapshot) *notification.Facts { return &s.Notification })},
		{facts.Window, windowScript, parse(window.Parse, func(s *facts.Snapshot) *window.Facts { return &s.Window })},
		{facts.Power, dump("power"), parse(power.Parse, func(s *facts.Snapshot) *power.Facts { return &s.Power })},
		{facts.Activity, dump("activity activities"), parse(activity.Parse, func(s *facts.Snapshot) *activity.Facts { return &s.Activity })},
		{facts.Package, func(_ int, pkg string) string { return "dumpsys package " + adb.Quote(pkg) },
			parse(packages.Parse, func(s *facts.Snapshot) *packages.Facts { return &s.Packages })},
		{facts.Process, func(_ int, pkg string) string { return "pidof " + adb.Quote(pkg) }, readPIDs},
		{facts.Audio, audioScript, readAudio},
		{facts.Exits, func(_ int, pkg string) string { return "dumpsys activity exit-info " + adb.Quote(pkg) },
			parse(activity.ParseExits, func(s *facts.Snapshot) *activity.Exits { return &s.Exits })},
		{facts.AppOps, func(_ int, pkg string) string { return "cmd appops get " + adb.Quote(pkg) },
			parse(appops.Parse, func(s *facts.Snapshot) *appops.Facts { return &s.AppOps })},
		{facts.Idle, dump("deviceidle"), parse(deviceidle.Parse, func(s *facts.Snapshot) *deviceidle.Facts { return &s.Idle })},
		{facts.Standby, func(_ int, pkg string) string { return "am get-standby-bucket " + adb.Quote(pkg) },
			parse(standby.Parse, func(s *facts.Snapshot) *standby.Facts { return &s.Standby })},
		{facts.Trust, dump("trust"), parse(trust.Parse, func(s *facts.Snapshot) *trust.Facts { return &s.Trust })},
		{facts.Users, dump("user"), parse(users.Parse, func(s *facts.Snapshot) *users.Facts { return &s.Users })},
		{facts.Bluetooth, dump("bluetooth_manager"), parse(bluetooth.Parse, func(s *facts.Snapshot) *bluetooth.Facts { return &s.Bluetooth })},
		{facts.Processes, dump("activity processes"), parse(activity.ParseProcesses, func(s *facts.Snapshot) *activity.Processes { return &s.Processes })},
		{facts.Switches, func(int, string) string { return switchScript }, readSwitches},
		{facts.MediaSession, dump("media_session"), parse(mediasession.Parse, func(s *facts.Snapshot) *mediasession.Facts { return &s.Media })},
	}
}

// windowScript asks for keyguard and focus, which moved between dumps: until
// API 28 the focus is in `windows`, later in `displays`.
func windowScript(api int, _ string) string {
	if api <= 28 {
		return "dumpsys window policy; dumpsys window windows"
	}
	return "dumpsys window policy; dumpsys window displays"
}

// audioScript: before API 31 the mode is only in the log of its changes, which is
// empty until the first call and forgets (26 and 27 have none). The native policy
// service's dump has it as a value.
func audioScript(api int, _ string) string {
	if api <= 30 {
		return "dumpsys audio; dumpsys media.audio_policy"
	}
	return "dumpsys audio"
}

func readAudio(s *facts.Snapshot, text []byte, _ int) (err error) {
	s.Audio, err = audio.Parse(text)
	if !s.Audio.Mode.Known() {
		s.Audio.Mode = audio.PolicyMode(text)
	}
	return err
}

// switchScript asks for the phone's switches, a line each.
const switchScript = `for k in low_power airplane_mode_on heads_up_notifications_enabled stay_on_while_plugged_in; do echo "$k=$(settings get global $k)"; done
echo "restrict_background=$(cmd netpolicy get restrict-background)"
echo "status_bar=$(dumpsys statusbar | grep -m 1 mDisabled1=)"`

// readSwitches reads the answer of switchScript. A command that the phone does
// not know leaves its switch untold.
func readSwitches(s *facts.Snapshot, text []byte, _ int) error {
	s.Switches = map[facts.Switch]string{}
	for line := range strings.Lines(string(text)) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if !ok {
			continue
		}
		switch k := facts.Switch(name); k {
		case facts.RestrictBackground:
			// "Restrict background status: enabled"; "none" before Android 7.
			if value, ok = strings.CutPrefix(value, "Restrict background status: "); !ok {
				continue
			}
			s.Switches[k] = value
		case facts.StatusBar:
			if _, value, ok = strings.Cut(value, "mDisabled1="); !ok {
				continue
			}
			s.Switches[k] = value
		default:
			s.Switches[k] = value
		}
	}
	if len(s.Switches) == 0 {
		return fmt.Errorf("no switch in %q", shorten(string(text), 80))
	}
	return nil
}

// readPIDs reads toybox's pidof: process ids in one line, exit 1 and nothing
// when there are none.
func readPIDs(s *facts.Snapshot, text []byte, exit int) error {
	words := strings.Fields(string(text))
	if exit > 1 || exit == 1 && len(words) > 0 {
		return fmt.Errorf("pidof said %q (exit %d)", shorten(string(text), 80), exit)
	}
	pids := []int{}
	for _, w := range words {
		n, err := strconv.Atoi(w)
		if err != nil {
			return fmt.Errorf("pidof said %q: %w", shorten(string(text), 80), err)
		}
		pids = append(pids, n)
	}
	slices.Sort(pids)
	s.PIDs = fact.Of(pids, 1)
	return nil
}

// newMark makes the line that separates the parts of one answer. It is made
// anew for each phone taken into use, so that no app can print it.
func newMark() string { return "--ringproof-" + rand.Text() + "-" }

// Snapshot reads the asked kinds in one round trip.
func (a *App) Snapshot(ctx context.Context, kinds ...facts.Kind) (facts.Snapshot, error) {
	return a.lookAfter(ctx, 0, kinds...)
}

// lookAfter is a snapshot that the phone takes after wait of its own time, or as soon
// as the log tells of something that the last one did not know. The command waits
// on the phone: what wakes it is one line to its input, and nothing has to be
// started then.
func (a *App) lookAfter(ctx context.Context, wait time.Duration, kinds ...facts.Kind) (facts.Snapshot, error) {
	s := facts.Snapshot{
		Phone: a.Serial(), App: a.facts(),
		Problems: map[facts.Kind]error{}, Texts: map[facts.Kind][]byte{},
	}
	chosen := slices.DeleteFunc(sources(), func(src source) bool { return !slices.Contains(kinds, src.kind) })
	out, err := a.ask(ctx, wait, a.question(chosen))
	if err == nil {
		err = fill(&s, out.Stdout, a.mark, chosen)
	}
	if err != nil {
		return s, &Error{Kind: Infra, Op: "read a snapshot", Phone: a.Serial(), Err: err}
	}
	a.times.remember(s)
	a.watch(s)
	a.keepBefore(s)
	return s, nil
}

// question is the script of a snapshot; fill reads its answer.
func (a *App) question(chosen []source) string {
	var script strings.Builder
	script.WriteString("cat /proc/uptime; date +%s.%N\n")
	for _, src := range chosen {
		fmt.Fprintf(&script, "echo; echo %sbegin\n{ %s; } 2>&1; r=$?; echo; echo %send $r\n", a.mark, src.script(a.probe.API, a.Profile.Package), a.mark)
	}
	script.WriteString("cat /proc/uptime")
	return script.String()
}

// ask runs the script of a look. Shells that cannot wait for their input (those of
// phones without shell_v2, others than mksh) sleep instead.
func (a *App) ask(ctx context.Context, wait time.Duration, script string) (devices.Output, error) {
	if heard := a.log.heard(); wait == 0 || heard != a.heard {
		a.heard = heard
		return a.Run(ctx, script)
	}
	const timedOut = 128 + 14 // what read returns when the time is over, as if SIGALRM had ended it
	limit := strconv.FormatFloat(wait.Seconds(), 'f', -1, 64)
	script = fmt.Sprintf("read -t %s _ 2>/dev/null || [ $? = %d ] || sleep %s\n", limit, timedOut, limit) + script
	return a.runInput(ctx, script, func(input io.Writer) (stop func()) {
		return a.log.onLine(a.heard, func(told int) {
			a.heard = told
			// If it cannot be written, the wait is as long as it was said to be.
			_, _ = io.WriteString(input, "\n")
		})
	})
}

// fill reads the answer of a snapshot's script: clocks, parts, clock.
func fill(s *facts.Snapshot, text []byte, mark string, chosen []source) error {
	head, rest, _ := bytes.Cut(text, []byte("\n"+mark+"begin\n"))
	clock := strings.Fields(string(head))
	if len(clock) < 3 {
		return fmt.Errorf("the phone's clocks read %q", shorten(string(head), 80))
	}
	var err error
	if s.Began, err = uptime(string(head)); err != nil {
		return err
	}
	s.Wall = wallTime(clock[2])
	for _, src := range chosen {
		body, tail, ok := bytes.Cut(rest, []byte("\n"+mark+"end "))
		if !ok {
			return fmt.Errorf("the answer ends inside %s", src.kind)
		}
		status, after, _ := bytes.Cut(tail, []byte("\n"))
		exit, err := strconv.Atoi(strings.TrimSpace(string(status)))
		if err != nil {
			return fmt.Errorf("the exit status of %s reads %q", src.kind, shorten(string(status), 40))
		}
		s.Texts[src.kind] = body
		if err := src.read(s, body, exit); err != nil {
			s.Problems[src.kind] = err
		}
		if _, next, ok := bytes.Cut(after, []byte(mark+"begin\n")); ok {
			rest = next
		} else {
			rest = after
		}
	}
	if s.Ended, err = uptime(string(rest)); err != nil {
		return errors.Join(errors.New("the answer has no end"), err)
	}
	return nil
}

// wallTime reads `date +%s.%N`. A date that does not know %N prints it as it
// is; the seconds still count.
func wallTime(text string) time.Time {
	sec, frac, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(sec, 10, 64)
	if err != nil {
		return time.Time{}
	}
	ns, err := strconv.ParseInt(frac, 10, 64)
	if err != nil || len(frac) != 9 {
		ns = 0
	}
	return time.Unix(n, ns)
}
