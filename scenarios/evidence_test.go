package scenarios_test

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/devices/virtual/apps"
	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/cmd/wire"
	"github.com/ringproof/ringproof/harness/config"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/state"
	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/scenarios"
)

// evidenceOf runs one scenario and reads what the record has of it.
func evidenceOf(t *testing.T, app string, sc scenarios.Scenario, change func(*scenarios.Input), fixed ...int) (record.ToldAttempt, func(name string) string) {
	t.Helper()
	mended, err := apps.Numbered(fixed)
	if err != nil {
		t.Fatal(err)
	}
	bench, err := wire.Open(t.Context(), config.Settings{Devices: config.Devices{Virtual: true}, App: config.App{Builtin: app}, Seed: 1},
		wire.Options{Virtual: func(o *virtual.Options) { o.Models = apps.Models(mended...) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := bench.Close(); err != nil {
			t.Error(err)
		}
	})
	dir := t.TempDir()
	book, err := record.Create(dir, record.Run{})
	if err != nil {
		t.Fatal(err)
	}
	in := bench.Input()
	in.Book = book
	if change != nil {
		change(&in)
	}
	in.Do(t.Context(), sc)
	if err := book.Close(false); err != nil {
		t.Error(err)
	}
	told, err := record.Read(dir)
	if err != nil || len(told.Attempts) != 1 {
		t.Fatalf("%d attempts, %v", len(told.Attempts), err)
	}
	return told.Attempts[0], func(name string) string {
		text, err := os.ReadFile(filepath.Join(dir, told.Attempts[0].Dir, name))
		if err != nil {
			t.Error(err)
		}
		return string(text)
	}
}

func scenario(t *testing.T, id string) scenarios.Scenario {
	t.Helper()
	chosen, err := scenarios.ByID(scenarios.All(), []string{id})
	if err != nil {
		t.Fatal(err)
	}
	return chosen[0]
}

// The evidence of a red scenario: what changed in Telecom, who the app is and
// what it may do, a picture of each phase, and why a film is missing.
func TestEvidenceOfAFailure(t *testing.T) {
	a, read := evidenceOf(t, "guide", scenario(t, "locked-fullscreen"), func(in *scenarios.Input) { in.Video = true }, 1, 2)
	if a.Verdict != record.Failed {
		t.Fatalf("%s: %+v", a.Verdict, a.Finding)
	}
	diff := read("telecom.diff")
	for _, line := range []string{
		"--- telecom before the first push\n+++ telecom when it failed\n",
		"\n-No Historical Events Logged.\n+Historical Events:\n",
		"SET_DISCONNECTED (disconnected set explicitly> DisconnectCause [ Code: (ERROR)",
	} {
		if !strings.Contains(diff, line) {
			t.Errorf("the difference does not have %q:\n%s", line, diff)
		}
	}
	facts := map[string]string{}
	for _, f := range a.Facts {
		facts[f.About+"/"+f.Name] = f.Value
	}
	for name, want := range map[string]string{
		"package/stopped": "false", "package/targetSdk": "34", "permission/android.permission.MANAGE_OWN_CALLS": "true",
		"app op/USE_FULL_SCREEN_INTENT": "allow", "keyguard/secure": "true", "power/wakefulness": "Asleep",
	} {
		if facts[name] != want {
			t.Errorf("%s is %q, want %q", name, facts[name], want)
		}
	}
	want := []record.Lack{{What: "film.mp4", Why: "record the screen on phone virtual-1: screenrecord made no file: Unable to get display info"}}
	if d := cmp.Diff(want, a.Lacks); d != "" {
		t.Errorf("lacks (-want +got):\n%s", d)
	}
	if a.Evidence.Trips < 5 || a.Evidence.Trips >= a.Cost.Trips || a.Evidence.Received < 10_000 {
		t.Errorf("evidence cost %+v of %+v", a.Evidence, a.Cost)
	}
	exits := slices.IndexFunc(a.Files, func(f record.File) bool { return f.Kind == record.Crash && f.Name == "exits.txt" })
	if exits < 0 || !strings.Contains(read("exits.txt"), "APP CRASH(EXCEPTION)") {
		t.Errorf("files %v", a.Files)
	}
}

// A picture is taken at the end of each phase in which the screen is on, and
// belongs to that phase. Taking them is the record's business: without one
// nothing is asked of the phone.
func TestPicturesOfPhases(t *testing.T) {
	dark := harness.Phase("dark", harness.Enter(state.LockedSecure))
	lit := harness.Phase("lit", harness.Holds(expect.Unlocked()))
	sc := scenarios.Scenario{ID: "x", Title: "x", Run: harness.Steps(
		lit, harness.Phase("around", lit), harness.Unseen(lit), dark,
	)}
	var trips []int
	for _, c := range []struct {
		when scenarios.Pictures
		want []string
	}{
		{scenarios.Phases, []string{"prepare", "lit", "lit"}}, // "around" ends with the picture of what is in it
		{scenarios.Failures, nil},
	} {
		a, read := evidenceOf(t, "reference", sc, func(in *scenarios.Input) { in.Pictures = c.when })
		if a.Verdict != record.Passed {
			t.Fatalf("%s: %+v", a.Verdict, a.Finding)
		}
		var got []string
		for _, f := range a.Files {
			got = append(got, f.Phase)
			if _, err := png.Decode(bytes.NewReader([]byte(read(f.Name)))); err != nil || f.Host.IsZero() {
				t.Errorf("%+v: %v", f, err)
			}
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.when, d)
		}
		trips = append(trips, a.Cost.Trips-a.Evidence.Trips)
	}
	if trips[0] != trips[1] {
		t.Errorf("beside the pictures the two cost %v round trips", trips)
	}
}
