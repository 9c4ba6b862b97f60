package scenarios_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/apps"
	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/cmd/wire"
	"github.com/ringproof/ringproof/harness/config"
	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/scenarios"
)

// only is the guide's app with all but one of its flaws mended.
func only(flaw apps.Flaw) func() android.App {
	var fixed []apps.Flaw
	for _, f := range apps.Flaws() {
		if f.Flaw != flaw {
			fixed = append(fixed, f.Flaw)
		}
	}
	return apps.NewGuide(fixed...)
}

// bite is one of them.
type bite struct {
	scenario    string
	defect      string
	app         func() android.App
	fact, cause string
}

// bites has, for every scenario that is no smoke test, something wrong with an
// app that it must catch: by which fact, and to which cause the phone's facts
// lead first ("" for none).
var bites = []bite{
	{"ring-timeout", "no-timeout", only(apps.NoTimeout), "telecom.no-call", "app.no-ring-timeout"},
	{"missed-told", "no-timeout", only(apps.NoTimeout), "notification.missed", ""},
	{"missed-told", "missed after decline", apps.NewDefective(apps.MissedAfterDecline), "notification.no-missed", ""},
	{"stale-push", "no-timeout", only(apps.NoTimeout), "telecom.no-call", "app.rings-late"},
	{"answered-elsewhere", "ignores-call-action", only(apps.IgnoresCallAction), "telecom.no-call", "app.ignores-stop"},
	{"answered-elsewhere", "missed elsewhere", apps.NewDefective(apps.MissedElsewhere), "notification.no-missed", ""},
	{"elsewhere-after-answer", "stop ends active", apps.NewDefective(apps.StopEndsActive), "telecom.call", "app.ends-answered"},
	{"cancel-at-once", "ignores-call-action", only(apps.IgnoresCallAction), "telecom.no-call", "app.ignores-stop"},
	{"cancel-first", "no-dedupe", only(apps.NoDedupe), "telecom.no-call", "app.rings-again"},
	{"cancel-first", "loses early cancel", apps.NewDefective(apps.LosesEarlyCancel), "telecom.no-call", "app.rings-again"},
	{"same-call-again", "no-dedupe", only(apps.NoDedupe), "telecom.no-call", "app.rings-again"},
	{"second-while-ringing", "silent-failure", only(apps.SilentFailure), "notification.missed", "telecom.second-ringing-call"},
	{"second-while-ringing", "single-slot", only(apps.SingleSlot), "notification.call", "telecom.second-ringing-call"},
	{"second-while-ringing", "replaces ringing", apps.NewDefective(apps.ReplacesRinging), "notification.missed", ""},
	{"second-while-active", "decline ends all", apps.NewDefective(apps.DeclineEndsAll), "telecom.call", ""},
	{"second-while-active", "single-slot", only(apps.SingleSlot), "telecom.no-call", ""},
	{"second-answered", "hang up ends all", apps.NewDefective(apps.HangUpEndsAll), "telecom.call", ""},
	{"locked-killed", "not-logged-in", only(apps.NotLoggedIn), "telecom.call", "telecom.dropped"},
	{"locked-in-front", "drops while open", apps.NewDefective(apps.DropsWhileOpen), "telecom.call", "app.ignored-push-in-front"},
	{"locked-cancelled", "keeps screen", apps.NewDefective(apps.KeepsScreen), "activity.no-call-screen", "app.leftover-screen"},
	{"foreground-answer", "drops-in-foreground", only(apps.DropsInForeground), "telecom.call", "app.ignored-push-in-front"},
	{"heads-up", "takes screen", apps.NewDefective(apps.TakesScreen), "app.background", "app.takes-screen"},
	{"heads-up", "no buttons", apps.NewDefective(apps.NoButtons), "notification.buttons", "app.no-call-style"},
	{"total-silence", "takes screen", apps.NewDefective(apps.TakesScreen), "app.background", "dnd.on"},
	{"total-silence", "no-incoming-ui", only(apps.NoIncomingUI), "notification.buttons", "dnd.on"},
	{"volume-key", "missing-callbacks", only(apps.MissingCallbacks), "notification.hushed", "app.not-silenced"},
	{"fsi-denied", "only full screen", apps.NewDefective(apps.OnlyFullScreen), "telecom.call", "crash.callstyle"},
	{"fsi-denied", "no buttons", apps.NewDefective(apps.NoButtons), "notification.buttons", "permission.full-screen-intent-denied"},
	{"fsi-denied-locked", "only full screen", apps.NewDefective(apps.OnlyFullScreen), "telecom.call", "crash.callstyle"},
	{"fsi-denied-locked", "no buttons", apps.NewDefective(apps.NoButtons), "notification.buttons", "permission.full-screen-intent-denied"},
	{"notifications-denied", "silent-notification", only(apps.SilentNotification), "notification.call", "permission.post-notifications"},
	{"microphone-denied", "crash without microphone", apps.NewDefective(apps.CrashWithoutMicrophone), "process.same", "crash.permission"},
	{"bluetooth-denied", "crash without bluetooth", apps.NewDefective(apps.CrashWithoutBluetooth), "telecom.call", "crash.permission"},
	{"doze", "rings from a job", apps.NewDefective(apps.RingsFromJob), "telecom.call", "doze.deep"},
	{"standby-rare", "rings from a job", apps.NewDefective(apps.RingsFromJob), "telecom.call", "battery.standby-bucket"},
	{"background-restricted", "rings from a service", apps.NewDefective(apps.RingsFromService), "telecom.call", "battery.background-restricted"},
	{"normal-priority", "rings from a service", apps.NewDefective(apps.RingsFromService), "telecom.call", "crash.foreground-service-start"},
	{"home-in-call", "no-foreground-service", only(apps.NoForegroundService), "notification.ongoing", "app.no-foreground-service"},
	{"dark-mode-in-call", "leaves-on-destroy", only(apps.LeavesOnDestroy), "telecom.call", ""},
	{"swiped-in-call", "no-foreground-service", only(apps.NoForegroundService), "notification.ongoing", "app.no-foreground-service"},
	{"swiped-answer", "not-logged-in", only(apps.NotLoggedIn), "telecom.call", "telecom.dropped"},
	{"zombie-buttons", "keeps zombie", apps.NewDefective(apps.KeepsZombie), "notification.none", "app.leftover-notification"},
	{"killed-while-ringing", "keeps zombie", apps.NewDefective(apps.KeepsZombie), "notification.none", "app.leftover-notification"},
}

// Every scenario catches what it is for, tells the fact and leads to the cause.
func TestEachScenarioBites(t *testing.T) { bitesIn(t, bites) }

func bitesIn(t *testing.T, bites []bite) {
	for _, b := range bites {
		t.Run(b.scenario+"/"+b.defect, func(t *testing.T) {
			r := one(t, b.scenario, b.app)
			if r.Verdict != record.Failed || r.Finding.Fact != b.fact {
				t.Fatalf("%s by %s: %s; want %s", r.Verdict, r.Finding.Fact, r.Finding.Sentence, b.fact)
			}
			first := ""
			if len(r.Causes) > 0 {
				first = r.Causes[0].ID
			}
			if first != b.cause {
				t.Errorf("first cause %q, want %q: %+v", first, b.cause, r.Causes)
			}
		})
	}
}

// Nothing is in the catalogue that was never seen to catch anything: the smoke
// scenarios are seen by the guide's app, the others by the table.
func TestEveryScenarioBites(t *testing.T) {
	caught := map[string]bool{}
	for _, b := range slices.Concat(bites, radioBites) {
		caught[b.scenario] = true
	}
	smoke, err := scenarios.Select(scenarios.All(), []string{"smoke"}, "")
	if err != nil {
		t.Fatal(err)
	}
	if len(smoke) != 8 {
		t.Errorf("%d smoke scenarios", len(smoke))
	}
	for _, sc := range smoke {
		caught[sc.ID] = true
	}
	for _, sc := range scenarios.All() {
		if !caught[sc.ID] {
			t.Errorf("nothing is known that %s catches", sc.ID)
		}
	}
}

// one runs a scenario on a virtual phone with an app's behaviour.
func one(t *testing.T, id string, model func() android.App) scenarios.Result {
	t.Helper()
	bench, err := wire.Open(t.Context(), config.Settings{
		Devices: config.Devices{Virtual: true}, App: config.App{Builtin: "reference"}, Seed: 1,
	}, wire.Options{Virtual: func(o *virtual.Options) {
		o.Models = map[string]func() android.App{apps.ReferencePackage: model}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := bench.Close(); err != nil {
			t.Error(err)
		}
	}()
	for _, sc := range scenarios.All() {
		if sc.ID == id {
			return (scenarios.Input{Phones: bench.Pool, Profile: bench.Profile, Install: bench.Install, Gear: bench.Gear}).Do(t.Context(), sc)
		}
	}
	t.Fatalf("no scenario %s", id)
	return scenarios.Result{}
}

// rest runs all but the smoke scenarios on one phone, and wants the phone left
// as it was found.
func rest(t *testing.T, s config.Settings, model func() android.App, door harness.Door) map[string]scenarios.Result {
	t.Helper()
	s.Devices, s.App = config.Devices{Virtual: true}, config.App{Builtin: "reference"}
	bench, err := wire.Open(t.Context(), s, wire.Options{Virtual: func(o *virtual.Options) {
		o.Models = map[string]func() android.App{apps.ReferencePackage: model}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := bench.Close(); err != nil {
			t.Error(err)
		}
	}()
	chosen, err := scenarios.Select(scenarios.All(), nil, "!smoke")
	if err != nil {
		t.Fatal(err)
	}
	in := scenarios.Input{Phones: bench.Pool, Profile: bench.Profile, Install: bench.Install, Gear: bench.Gear, Door: door}
	// The app comes with the first scenario, and stays.
	in.Do(t.Context(), scenarios.Scenario{ID: "first", Title: "first", Run: harness.Steps()})
	phone := bench.Fleet.Phones()[0]
	// A screen that nobody touched for 30 s goes off by itself.
	left := func() []string {
		return slices.DeleteFunc(found(phone), func(l string) bool { return strings.HasPrefix(l, "credential NONE, wakefulness") })
	}
	before := left()
	out := map[string]scenarios.Result{}
	for _, sc := range chosen {
		out[sc.ID] = in.Do(t.Context(), sc)
		if diff := cmp.Diff(before, left()); diff != "" {
			t.Errorf("%s did not leave the phone as it was found (-before +after):\n%s", sc.ID, diff)
			before = left()
		}
	}
	return out
}

// What passes does so on a phone that muted its log, too, through either door,
// and with other jitter.
func TestRestOfTheCatalogue(t *testing.T) {
	for _, c := range []struct {
		name string
		s    config.Settings
		door harness.Door
	}{
		{"muted log", config.Settings{Seed: 2, MuteLog: true}, harness.AnyDoor},
		{"root broadcast", config.Settings{Seed: 3}, harness.RootDoor},
	} {
		t.Run(c.name, func(t *testing.T) {
			for id, r := range rest(t, c.s, apps.NewReference, c.door) {
				if r.Verdict != record.Passed {
					t.Errorf("%s: %s: %s", id, r.Verdict, r.Finding.Sentence)
				}
			}
		})
	}
}

// A dead app passes none of them either, and is blamed for it.
func TestDeadAppPassesNothingElse(t *testing.T) {
	for id, r := range rest(t, config.Settings{Seed: 4}, apps.NewDead, harness.AnyDoor) {
		if r.Verdict != record.Failed {
			t.Errorf("%s: %s: %s", id, r.Verdict, r.Finding.Sentence)
		}
	}
}
