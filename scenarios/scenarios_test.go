package scenarios_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"

	"github.com/ringproof/ringproof/harness/cmd/wire"
	"github.com/ringproof/ringproof/harness/config"
	"github.com/ringproof/ringproof/scenarios"
)

// TestScenarios runs the catalogue on what RINGPROOF_DEVICES names, a virtual
// phone unless set, and the app that RINGPROOF_APP names.
func TestScenarios(t *testing.T) {
	s, err := config.Load(config.Source{})
	if err != nil {
		t.Fatal(err)
	}
	chosen, err := scenarios.Choose(s.Scenarios, s.Tags, s.Filter)
	if err != nil {
		t.Fatal(err)
	}
	if !s.Devices.Virtual {
		forgetCache(t)
		enoughTime(t, chosen)
	}
	bench, err := wire.Open(t.Context(), s, wire.Options{Phones: scenarios.Phones(chosen)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := bench.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := bench.Preflight(t.Context()); err != nil {
		t.Fatal(err)
	}
	scenarios.Describe(bench.Input, chosen...)
	gomega.RegisterFailHandler(ginkgo.Fail)
	suite, reporter := ginkgo.GinkgoConfiguration()
	suite.FailOnEmpty = true
	ginkgo.RunSpecs(t, "scenarios", suite, reporter)
}

// forgetCache keeps go test from showing an old result: phones change without
// any file of ours doing so, and a test that looks at a file which was just
// written is never taken from the cache.
func forgetCache(t *testing.T) {
	t.Helper()
	now := filepath.Join(t.TempDir(), "now")
	if err := os.WriteFile(now, []byte(time.Now().String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(now); err != nil {
		t.Fatal(err)
	}
}

// enoughTime refuses to start what go test would cut short: a phone must not
// be left in the middle of a scenario.
func enoughTime(t *testing.T, chosen []scenarios.Scenario) {
	t.Helper()
	deadline, ok := t.Deadline()
	if !ok {
		return
	}
	var need time.Duration
	for _, sc := range chosen {
		need += sc.Budget
	}
	if left := time.Until(deadline); left < need {
		t.Fatalf("go test stops this suite in %s, and its budgets are %s: run it with -timeout 0", left.Round(time.Second), need)
	}
}

// The catalogue is well formed: ids are unique, tags are known, every scenario
// says where it comes from and how long it may take.
func TestCatalogue(t *testing.T) {
	seen := map[string]bool{}
	known := scenarios.Tags()
	for _, sc := range scenarios.All() {
		if seen[sc.ID] {
			t.Errorf("the id %s is given twice", sc.ID)
		}
		seen[sc.ID] = true
		if sc.Title == "" || sc.Origin == "" || sc.Budget <= 0 || sc.Run == nil || len(sc.Labels) == 0 {
			t.Errorf("%s is incomplete: %+v", sc.ID, sc)
		}
		for _, l := range sc.Labels {
			if known[l] == "" {
				t.Errorf("%s has the unknown tag %s", sc.ID, l)
			}
		}
	}
}

func TestSelect(t *testing.T) {
	ids := func(tags []string, filter string) []string {
		chosen, err := scenarios.Select(scenarios.All(), tags, filter)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, sc := range chosen {
			out = append(out, sc.ID)
		}
		slices.Sort(out)
		return out
	}
	want := []string{"background-answer", "cancelled", "declined", "headset-hook", "killed-answer", "locked-fullscreen", "not-a-call", "stopped-silent"}
	if got := ids([]string{"smoke"}, ""); !slices.Equal(got, want) {
		t.Errorf("smoke is %q", got)
	}
	if got := ids(nil, "lockscreen && !bluetooth"); !slices.Equal(got, []string{"direct-boot", "fsi-denied-locked", "locked-cancelled", "locked-fullscreen", "locked-in-front", "locked-killed", "swipe-locked", "ui-labels", "xiaomi-lock-denied"}) {
		t.Errorf("the filter chose %q", got)
	}
	if got := ids([]string{"stopped", "killed"}, ""); !slices.Equal(got, []string{"audible", "background-restricted", "callcontrol-headset", "direct-boot", "headset-answers-locked", "killed-answer", "killed-declined", "killed-while-ringing", "locked-killed", "normal-priority", "stopped-silent", "swiped-answer", "zombie-buttons"}) {
		t.Errorf("two tags chose %q", got)
	}
	// What Ginkgo reads otherwise than word by word, and the matrix's own labels.
	for filter, want := range map[string]int{"SMOKE": 8, "/^smo/": 8, "smoke && !api30": 8} {
		if got := ids(nil, filter); len(got) != want {
			t.Errorf("%s chose %q", filter, got)
		}
	}
	for name, f := range map[string]func() error{
		"unknown in a filter": func() error {
			_, err := scenarios.Select(scenarios.All(), nil, "smoke || (!doze && lokscreen)")
			return err
		},
		"unknown tag": func() error { _, err := scenarios.Select(scenarios.All(), []string{"smok"}, ""); return err },
		"bad filter":  func() error { _, err := scenarios.Select(scenarios.All(), nil, "&&"); return err },
		"nothing":     func() error { _, err := scenarios.Select(scenarios.All(), nil, "users && stress"); return err },
	} {
		if f() == nil {
			t.Errorf("%s is no error", name)
		}
	}
}
