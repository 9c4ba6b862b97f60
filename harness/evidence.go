package harness

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/ringproof/ringproof/harness/facts"
	"github.com/ringproof/ringproof/reports/record"
)

// diffed are the dumps that are kept from before the first push, to be compared
// with those of a failure: where a call leaves its traces.
func diffed() []facts.Kind { return []facts.Kind{facts.Telecom, facts.Notification} }

// keepBefore remembers what the phone printed before anything was pushed. It
// asks for nothing: preparing the app reads both dumps.
func (a *App) keepBefore(s facts.Snapshot) {
	if len(a.sent) > 0 {
		return
	}
	for _, kind := range diffed() {
		if text, ok := s.Texts[kind]; ok {
			if a.before == nil {
				a.before = map[facts.Kind][]byte{}
			}
			a.before[kind] = text
		}
	}
}

// Changed tells how dumps differ from before the first push, by kind. Times
// and counters that run by themselves do not count.
func (a *App) Changed(e Evidence) map[facts.Kind][]byte {
	changed := map[facts.Kind][]byte{}
	for kind, was := range a.before {
		now, ok := e.Texts[kind]
		if !ok {
			continue
		}
		d := record.Unified(record.Side{Name: string(kind) + " before the first push", Text: was},
			record.Side{Name: string(kind) + " when it failed", Text: now}, steady)
		if len(d) > 0 {
			changed[kind] = d
		}
	}
	return changed
}

// running is what changes in a dump although nothing happened: times of day,
// durations, time stamps in milliseconds, identities of objects.
var running = regexp.MustCompile(`\d{4}-\d\d-\d\d|\d\d-\d\d \d\d:\d\d|\d\d?:\d\d:\d\d(\.\d+)?|[+-]?(\d+d)?(\d+h)?(\d+m)?(\d+s)?\d+ms\b|\b\d{10,}\b|\b0x[0-9a-f]+\b|@[0-9a-f]{5,8}\b`)

// steady is a line without what runs by itself.
func steady(line []byte) string { return string(running.ReplaceAll(line, []byte("*"))) }

// aside does what is only for the record, and keeps what it cost apart.
func (p *Phone) aside(do func()) {
	before := p.Cost()
	do()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.evidence = p.evidence.Plus(p.Cost().Less(before))
}

// EvidenceCost is the part of Cost that went into pictures and evidence.
func (p *Phone) EvidenceCost() record.Cost {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.evidence
}

// Aside does what is only for the record and counts its cost as evidence's.
func (a *App) Aside(do func()) { a.aside(do) }

// pictured hands a picture of the screen to whoever wants the phases' pictures.
// It is never what decides: without one the phase is as good.
func (a *App) pictured(ctx context.Context) {
	if a.Camera == nil || a.unseen > 0 || a.meter.trips.Load() == a.lastPicture {
		return // the second: nothing was done since the last one
	}
	a.aside(func() {
		if picture, err := a.litPicture(ctx); err == nil && picture != nil {
			a.Camera(picture)
		}
	})
	a.lastPicture = a.meter.trips.Load()
}

// Unseen does steps of whose phases no pictures are taken: taking one lasts up
// to a second on a phone, which some things must not wait for.
func Unseen(steps ...Step) Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		a.unseen++
		defer func() { a.unseen-- }()
		return Steps(steps...).Do(ctx, a)
	})
}

// Hangs is what the system kept of apps that did not respond. It is not asked
// for in a snapshot: the traces are long, and only a failure wants them.
func (a *App) Hangs(ctx context.Context) ([]byte, error) {
	out, err := a.Run(ctx, "dumpsys activity lastanr 2>&1 | tail -c 400000; dumpsys dropbox --print data_app_anr 2>&1 | tail -c 400000")
	if err != nil {
		return nil, &Error{Kind: Infra, Op: "read what apps hung", Phone: a.Serial(), Err: err}
	}
	if !strings.Contains(string(out.Stdout), a.Package()) {
		return nil, nil // others' hangs are nobody's business
	}
	return out.Stdout, nil
}

// FactsOf words what evidence tells of the app and the phone, as rows.
func (a *App) FactsOf(e Evidence) []record.Fact {
	var rows []record.Fact
	add := func(about, name string, value fmt.Stringer) {
		rows = append(rows, record.Fact{About: about, Name: name, Value: value.String()})
	}
	p, _ := e.Packages.Find(a.Package()).Get()
	u, _ := p.User(0).Get()
	for _, f := range []struct {
		name  string
		value fmt.Stringer
	}{
		{"versionName", p.VersionName}, {"versionCode", p.VersionCode}, {"targetSdk", p.TargetSDK}, {"installer", p.Installer},
		{"installed", u.Installed}, {"stopped", u.Stopped}, {"never launched", u.NotLaunched}, {"enabled", u.Enabled},
		{"hidden", u.Hidden}, {"suspended", u.Suspended}, {"processes", e.PIDs}, {"standby bucket", e.Standby.Bucket},
	} {
		add("package", f.name, f.value)
	}
	for _, perm := range callPermissions(a.Profile.PermissionsFor(a.probe.API), p.Requested.Or(nil)) {
		add("permission", perm, p.Granted(perm, 0))
	}
	for _, op := range e.AppOps.Ops.Or(nil) {
		rows = append(rows, record.Fact{About: "app op", Name: op.Name, Value: string(op.Mode)})
	}
	k := e.Window.Keyguard
	add("keyguard", "showing", k.Showing)
	add("keyguard", "occluded", k.Occluded)
	add("keyguard", "secure", k.Secure)
	add("keyguard", "device locked", e.Trust.DeviceLocked)
	add("power", "interactive", e.Power.Interactive)
	add("power", "wakefulness", e.Power.Wakefulness)
	add("power", "charging", e.Power.Powered)
	add("power", "deep Doze", e.Idle.Deep)
	add("power", "light Doze", e.Idle.Light)
	add("power", "zen mode", e.Audio.ZenMode)
	for _, l := range e.Power.WakeLocks.Or(nil) {
		rows = append(rows, record.Fact{About: "wake lock", Name: l.Tag, Value: fmt.Sprintf("%s of uid %s", l.Kind, l.UID)})
	}
	for _, x := range e.Exits.Exits.Or(nil) {
		if x.Package == a.Package() {
			rows = append(rows, record.Fact{About: "exit", Name: x.Timestamp, Value: strings.TrimSpace(x.Reason + " " + x.Subreason + " " + shorten(x.Description, 200))})
		}
	}
	return rows[:min(len(rows), maxFacts)]
}

// maxFacts bounds a table that a person reads: some makers hold hundreds of
// wake locks.
const maxFacts = 200

// callPermissions are those that the profile names, and those without which no
// call rings, as far as the app wants them.
func callPermissions(wanted, requested []string) []string {
	all := slices.Clone(wanted)
	for _, name := range []string{
		"MANAGE_OWN_CALLS", "USE_FULL_SCREEN_INTENT", "POST_NOTIFICATIONS", "FOREGROUND_SERVICE", "FOREGROUND_SERVICE_PHONE_CALL",
		"RECORD_AUDIO", "BLUETOOTH_CONNECT", "WAKE_LOCK", "REQUEST_IGNORE_BATTERY_OPTIMIZATIONS",
	} {
		if name = "android.permission." + name; slices.Contains(requested, name) {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
