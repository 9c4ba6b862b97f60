package scenarios_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/apps"
	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/scenarios"
)

// skipReason is what a skip on a release or a maker's phone has to say; "" where
// nothing may be skipped.
func skipReason(o virtual.Options, id string) string {
	switch {
	case id == "locked-fullscreen" && o.API < 27:
		return "API 26 is below 27" // activities cannot say yet that they show over the lock screen
	case o.Trusted:
	case o.Maker == "xiaomi":
		return "denies adb's shell input events"
	case o.Maker == "oneplus" && id == "locked-fullscreen":
		return "denies adb's shell writing settings"
	}
	return ""
}

// The smoke scenarios on every release and every maker's phone: they pass, and
// what a phone does not permit is skipped with the reason.
func TestSmokeOnEveryLevelAndMaker(t *testing.T) {
	for api := android.FirstAPI; api <= android.LastAPI; api++ {
		for _, maker := range android.Makers() {
			for _, trusted := range []bool{false, true} {
				if trusted && maker != "xiaomi" && maker != "oneplus" {
					continue // nothing to be switched on
				}
				// Every release as a Pixel; the makers where what they print changes,
				// or everywhere if RINGPROOF_LEVELS says so.
				if os.Getenv("RINGPROOF_LEVELS") != "all" && maker != "pixel" && !slices.Contains([]int{26, 30, 34, 36}, api) {
					continue
				}
				o := virtual.Options{API: api, Maker: maker, Trusted: trusted}
				t.Run(fmt.Sprintf("%d-%s-%t", api, maker, trusted), func(t *testing.T) {
					t.Parallel()
					passed := 0
					for id, r := range results(t, "reference", on(o)) {
						want := record.Passed
						reason := skipReason(o, id)
						if reason != "" {
							want = record.Skipped
						}
						if r.Verdict != want || !strings.Contains(r.Finding.Sentence, reason) {
							t.Errorf("%s is %s, want %s %s: %s", id, r.Verdict, want, reason, r.Finding.Sentence)
						}
						if r.Verdict == record.Passed {
							passed++
						}
					}
					if guarded := maker == "xiaomi" && !trusted; passed < 7 && !guarded {
						t.Errorf("only %d passed", passed)
					}
				})
			}
		}
	}
}

func on(o virtual.Options) func(*virtual.Options) {
	return func(to *virtual.Options) { to.API, to.Maker, to.Trusted = o.API, o.Maker, o.Trusted }
}

// On no release is the app built literally from the guide green, nor one that
// does nothing.
func TestRedOnEveryLevel(t *testing.T) {
	dead := map[string]func() android.App{apps.ReferencePackage: apps.NewDead}
	for api := android.FirstAPI; api <= android.LastAPI; api++ {
		t.Run(fmt.Sprint(api), func(t *testing.T) {
			t.Parallel()
			for name, became := range map[string]map[string]scenarios.Result{
				"guide": results(t, "guide", on(virtual.Options{API: api})),
				"dead": results(t, "reference", func(o *virtual.Options) {
					o.API, o.Models = api, dead
				}),
			} {
				for _, id := range slices.Sorted(maps.Keys(became)) {
					r := became[id]
					if skipReason(virtual.Options{API: api}, id) != "" {
						continue
					}
					if r.Verdict != record.Failed || r.Finding.Fact == "" {
						t.Errorf("%s: %s: %s: %s", name, id, r.Verdict, r.Finding.Sentence)
					}
				}
			}
		})
	}
}
