package scenarios_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/devices/pool"
	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/profile"
	"github.com/ringproof/ringproof/reports/record"
	sampleapp "github.com/ringproof/ringproof/sample-app"
	"github.com/ringproof/ringproof/scenarios"
)

// Whoever owns a phone that could not be put back is told, whatever the
// scenario says of the app.
func TestPhoneNotPutBackIsTold(t *testing.T) {
	prof, err := profile.Builtin("reference")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		run     error
		verdict record.Verdict
	}{
		{"after a pass", nil, record.Infra},
		{"after a wrong fact", &expect.Failure{Fact: "test.fact"}, record.Failed},
	} {
		t.Run(c.name, func(t *testing.T) {
			fleet, err := virtual.NewFleet(t.Context(), virtual.Options{Serial: "virtual-1", Seed: 1})
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := fleet.Close(); err != nil {
					t.Error(err)
				}
			}()
			dir := t.TempDir()
			phones, err := pool.New(pool.Options{
				Sources: []pool.Source{pool.ADB{Server: adb.NewServer(fleet.Addr()), Owned: true}}, StateDir: dir,
			})
			if err != nil {
				t.Fatal(err)
			}
			// The way back is lost: the journal cannot be read any more.
			spoil := harness.StepFunc(func(context.Context, *harness.App) error {
				journals, err := filepath.Glob(filepath.Join(dir, "*.journal"))
				if err != nil || len(journals) != 1 {
					t.Fatalf("journals %q, %v", journals, err)
				}
				if err := os.WriteFile(journals[0], []byte("not a journal\n"), 0o600); err != nil {
					t.Fatal(err)
				}
				return c.run
			})
			app := sampleapp.Reference()
			build, err := harness.ReadAPK(app.Open(), app.Size)
			if err != nil {
				t.Fatal(err)
			}
			in := scenarios.Input{Phones: phones, Profile: *prof, Install: harness.Installation{APK: build}}
			r := in.Do(t.Context(), scenarios.Scenario{ID: "x", Title: "x", Run: spoil})
			if r.Verdict != c.verdict || !strings.Contains(r.Finding.Sentence, "put") || !strings.Contains(r.Finding.Sentence, "back by hand") {
				t.Errorf("verdict %s: %s", r.Verdict, r.Finding.Sentence)
			}
		})
	}
}
