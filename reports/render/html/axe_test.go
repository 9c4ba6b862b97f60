package html_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/runtime"
	"github.com/ringproof/ringproof/reports/record"
)

// axe-core, a judge of others, finds nothing to say of the pages: names, roles,
// landmarks, order of headings, contrast, in light and in dark.
func TestAxeFindsNothing(t *testing.T) {
	const file = "../internal/outside/node_modules/axe-core/axe.min.js"
	axe, err := os.ReadFile(file)
	if err != nil {
		if slices.Contains(strings.Split(os.Getenv("RINGPROOF_REQUIRE"), ","), "readers") {
			t.Fatalf("axe-core is missing (../internal/outside/setup.sh), and RINGPROOF_REQUIRE says that it must be there: %v", err)
		}
		t.Skip("axe-core is missing (../internal/outside/setup.sh)")
	}
	b := startBrowser(t)
	m := failed("killed")
	m.Facts = []record.Fact{{About: "package", Name: "stopped", Value: "true"}}
	infra, skipped := failed("infra"), failed("skipped")
	infra.Verdict, skipped.Verdict = record.Infra, record.Skipped
	green := failed("green")
	green.Verdict, green.Finding, green.Diagnosis = record.Passed, nil, nil
	to := pages(t, record.Run{App: record.App{Package: "org.example"}, Chosen: 9, Again: []string{"ringproof", "run"}}, func(a *record.Attempt) {
		a.Record(record.Event{Kind: record.PhaseStarted, Text: "prepare"})
		a.Record(record.Event{Kind: record.FactSeen, Text: "the screen on"})
		a.Keep(record.Screenshot, "phase.png", "at the end of the phase", onePixel)
		a.Keep(record.Diff, "telecom.diff", "telecom", []byte("--- a\n+++ b\n@@ -1 +1 @@\n-gone\n+come\n same\n"))
		a.Keep(record.Log, "logcat.txt", "log", []byte(strings.Repeat("03-02 09:00:00.000  1  1 D A: b\n", 20)+"03-02 09:00:00.000  1  1 E A: b\n03-02 09:00:00.000  1  1 I Telecom: b\n"))
		a.Keep(record.Dump, "telecom.txt", "telecom", []byte("mCalls:\n"))
		a.Lack("video", "none")
	}, m, infra, skipped, green, m)
	for _, page := range []string{"index.html", "attempt-1.html", "attempt-2.html", "attempt-3.html", "attempt-4.html"} {
		for _, like := range []string{"light", "dark"} {
			p := b.open(t, filepath.Join(to, page), like)
			yes := true
			call(p, runtime.Evaluate, runtime.EvaluateParams{Expression: string(axe)})
			r := call(p, runtime.Evaluate, runtime.EvaluateParams{
				Expression: `axe.run(document, {preload: false, resultTypes: ["violations", "passes"]}).then(r => JSON.stringify({
					passes: r.passes.length,
					violations: r.violations.map(v => v.id + ": " + v.help + " " + v.nodes.map(n => n.target.join(" ") + " (" + n.any.concat(n.all).map(c => c.message).join("; ").slice(0, 200) + ")").slice(0, 4).join(", ")),
				}))`,
				AwaitPromise: &yes, ReturnByValue: &yes,
			})
			var said string
			var verdict struct {
				Passes     int
				Violations []string
			}
			if err := json.Unmarshal(r.Result.Value, &said); err != nil {
				t.Fatalf("%v: %+v", err, r.ExceptionDetails)
			}
			if err := json.Unmarshal([]byte(said), &verdict); err != nil {
				t.Fatal(err)
			}
			for _, v := range verdict.Violations {
				t.Errorf("%s, %s: %s", page, like, v)
			}
			if verdict.Passes < 20 {
				t.Errorf("%s, %s: only %d rules had something to look at", page, like, verdict.Passes)
			}
		}
	}
}
