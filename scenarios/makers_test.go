package scenarios_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/apps"
	"github.com/ringproof/ringproof/harness/cmd/wire"
	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/scenarios"
)

// What is about one maker's phones passes there on every release, with the log
// muted too, fails with an app that does nothing, and is skipped with the reason
// on a phone of another maker and on one that keeps keys from adb's shell.
func TestMakersScenarios(t *testing.T) {
	for _, sc := range scenarios.All() {
		if sc.Needs.Maker == "" {
			continue
		}
		maker := strings.ToLower(sc.Needs.Maker)
		do := func(t *testing.T, o virtual.Options, want record.Verdict, says string) {
			t.Helper()
			bench, done := open(t, reference(), wire.Options{Virtual: func(to *virtual.Options) {
				to.API, to.Maker, to.Trusted, to.MuteLog, to.Models = o.API, o.Maker, o.Trusted, o.MuteLog, o.Models
			}})
			defer done()
			r := bench.Input().Do(t.Context(), sc)
			if r.Verdict != want || !strings.Contains(r.Finding.Sentence, says) {
				t.Errorf("%s, want %s %s: %s", r.Verdict, want, says, r.Finding.Sentence)
			}
		}
		dead := map[string]func() android.App{apps.ReferencePackage: apps.NewDead}
		for api := android.FirstAPI; api <= android.LastAPI; api++ {
			t.Run(fmt.Sprintf("%s-%d", sc.ID, api), func(t *testing.T) {
				do(t, virtual.Options{API: api, Maker: maker, Trusted: true}, record.Passed, "")
				do(t, virtual.Options{API: api, Maker: maker, Trusted: true, MuteLog: true}, record.Passed, "")
				do(t, virtual.Options{API: api, Maker: maker, Trusted: true, Models: dead}, record.Failed, "")
				do(t, virtual.Options{API: api}, record.Skipped, "it is made by Google, not by "+sc.Needs.Maker)
				do(t, virtual.Options{API: api, Maker: maker}, record.Skipped, "denies adb's shell input events")
			})
		}
	}
}
