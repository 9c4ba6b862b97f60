package html_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/reports/record"
)

// The kept evidence is shown for what it is: pictures in the order of their
// phases, a difference line by line with signs, a log with its marks.
func evidence(t *testing.T, b *browser) {
	m := failed("killed")
	m.Diagnosis = []record.Cause{{ID: "x", Sentence: "the service was denied", Remedy: "r", Facts: []string{"log: Background start not allowed: service"}}}
	m.Facts = []record.Fact{{About: "package", Name: "stopped", Value: "true"}, {About: "power", Name: "interactive", Value: "unknown"}, {About: "package", Name: "installed", Value: "true"}}
	log := strings.Repeat("03-02 09:00:00.000  1000  1000 D Other: nothing\n", 30) +
		"03-02 09:00:01.000  1000  1000 I ActivityManager: Start proc 4321:org.example/u0a77 for broadcast\n" +
		"03-02 09:00:01.100  4321  4321 I Sample: hello\n" +
		"03-02 09:00:01.200  1000  1000 W ActivityManager: Background start not allowed: service Intent { }\n" +
		"03-02 09:00:01.300  1000  1000 I Telecom : CallsManager: added\n" +
		"03-02 09:00:01.400  1000  1000 E AndroidRuntime: FATAL\n"
	to := pages(t, record.Run{App: record.App{Package: "org.example"}}, func(a *record.Attempt) {
		a.Record(record.Event{Kind: record.PhaseStarted, Text: "prepare"})
		a.Keep(record.Screenshot, "phase.png", "at the end of the phase", onePixel)
		a.Record(record.Event{Kind: record.PhaseStarted, Text: "push a call"})
		a.Keep(record.Screenshot, "phase.png", "when it failed", onePixel)
		a.Keep(record.Diff, "telecom.diff", "telecom", []byte("--- before\n+++ after\n@@ -1 +1 @@\n same\n-gone\n+come <b>\n+++ not a header\n"))
		a.Keep(record.Log, "logcat.txt", "log", []byte(log))
		a.Lack("video", "the phone makes none")
	}, m)
	p := b.open(t, filepath.Join(to, "attempt-1.html"))
	// A lazy picture is loaded after the page, and only near the eye.
	p.wait(`Array.from(document.querySelectorAll(".film img")).every(e => (e.scrollIntoView(), e.complete))`)
	for what, c := range map[string]struct{ ask, want string }{
		"pictures": {`Array.from(document.querySelectorAll(".film li")).map(e => e.querySelector("strong").textContent + ": " + e.querySelector("img").naturalWidth).join("; ")`, "prepare: 1; push a call: 1"},
		"words for them": {
			`Array.from(document.querySelectorAll(".film img")).map(e => e.alt).join("; ")`,
			"the phone's screen, prepare: at the end of the phase; the phone's screen, push a call: when it failed",
		},
		"difference": {
			`Array.from(document.querySelectorAll("#changes ~ details .code > *")).map(e => e.localName + " " + e.textContent).join("; ")`,
			"span -1 +1; span same; del −gone; ins +come <b>; ins +++ not a header",
		},
		"its sum": {`document.querySelector("#changes ~ details summary small").textContent`, "2 added, 1 gone"},
		"marks": {
			`Array.from(document.querySelectorAll(".log .marked")).map(e => e.className.replace("marked ", "") + e.querySelector("[aria-hidden]").textContent).join(" ")`,
			"app○ cited★ telecom● error▲",
		},
		"folded": {`document.querySelector(".gap summary").textContent + ", " + document.querySelector(".gap").open`, "29 lines between, false"},
		"facts":  {`Array.from(document.querySelectorAll(".tables table")).map(e => e.innerText.replace(/\s+/g, " ").trim()).join("; ")`, "package stopped true installed true; power interactive unknown"},
		"lacks":  {`document.querySelector(".lacks").textContent`, "video is missing: the phone makes none"},
	} {
		if got := ask[string](p, c.ask); got != c.want {
			t.Errorf("%s: got %q, want %q", what, got, c.want)
		}
	}
}
