package scenarios_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/devices/adb/adbtest"
	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/harness/cmd/wire"
	"github.com/ringproof/ringproof/harness/config"
	"github.com/ringproof/ringproof/reports/record"
	sampleapp "github.com/ringproof/ringproof/sample-app"
	"github.com/ringproof/ringproof/scenarios"
)

// What a newcomer does with a phone: adb install, then run. The reference app
// passes, the guide's does not, and the harness has nothing to install.
func TestInstalledByADB(t *testing.T) {
	for _, c := range []struct {
		app     string
		apk     sampleapp.APK
		verdict record.Verdict
	}{
		{"reference", sampleapp.Reference(), record.Passed},
		{"guide", sampleapp.Guide(), record.Failed},
	} {
		t.Run(c.app, func(t *testing.T) {
			private := adbtest.Start(t)
			phone, err := virtual.New(virtual.Options{Seed: 7})
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := phone.Close(); err != nil {
					t.Error(err)
				}
			}()
			addr, err := phone.Listen(t.Context(), "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := adb.NewServer(private.Addr).Connect(t.Context(), addr); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(t.TempDir(), c.app+".apk")
			if err := os.WriteFile(file, c.apk.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			if out, err := private.Command(t.Context(), "-s", addr, "install", file).CombinedOutput(); err != nil || !strings.Contains(string(out), "Success") {
				t.Fatalf("adb install: %v\n%s", err, out)
			}

			bench, done := open(t, config.Settings{
				Devices: config.Devices{Attached: true, Serials: []string{addr}}, App: config.App{Builtin: c.app}, ADB: private.Addr, State: t.TempDir(),
			}, wire.Options{})
			defer done()
			if err := bench.Preflight(t.Context()); err != nil {
				t.Fatal(err)
			}
			sink := record.SinkFunc(func(e record.Event) {
				if e.Kind == record.Noted {
					t.Errorf("noted: %s", e.Text)
				}
			})
			chosen, err := scenarios.Select(scenarios.All(), []string{"smoke"}, "")
			if err != nil {
				t.Fatal(err)
			}
			if len(chosen) < 8 {
				t.Fatalf("%d smoke scenarios", len(chosen))
			}
			for _, sc := range chosen {
				in := bench.Input()
				in.Sink = sink
				if r := in.Do(t.Context(), sc); r.Verdict != c.verdict || c.verdict == record.Failed && r.Finding.Fact == "" {
					t.Errorf("%s: %s: %s", sc.ID, r.Verdict, r.Finding.Sentence)
				}
			}
		})
	}
}

// A phone that was named gets the build that the run is for, once.
func TestInstalledByTheRun(t *testing.T) {
	bench, done := open(t, config.Settings{
		Devices: config.Devices{Virtual: true}, App: config.App{Builtin: "reference"}, Seed: 1, State: t.TempDir(),
	}, wire.Options{})
	defer done()
	var notes []string
	sink := record.SinkFunc(func(e record.Event) {
		if e.Kind == record.Noted {
			notes = append(notes, e.Text)
		}
	})
	chosen, err := scenarios.Select(scenarios.All(), []string{"smoke"}, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, sc := range chosen[:2] {
		in := bench.Input()
		in.Sink = sink
		if r := in.Do(t.Context(), sc); r.Verdict != record.Passed {
			t.Errorf("%s: %s: %s", sc.ID, r.Verdict, r.Finding.Sentence)
		}
	}
	if len(notes) != 1 || !strings.HasPrefix(notes[0], "installed org.ringproof.sample") {
		t.Errorf("notes %q", notes)
	}
	var at string
	if err := onPhone(t, bench, "pm path org.ringproof.sample | sed s/package://", &at); err != nil {
		t.Fatal(err)
	}
	var sum string
	if err := onPhone(t, bench, "sha256sum "+at, &sum); err != nil || !strings.HasPrefix(sum, sampleapp.Reference().SHA256) {
		t.Errorf("%s: %s, %v", at, sum, err)
	}
}

func onPhone(t *testing.T, b *wire.Bench, script string, said *string) error {
	t.Helper()
	out, err := b.Server.Device("virtual-1").Run(t.Context(), script)
	*said = strings.TrimSpace(string(out.Stdout))
	return err
}
