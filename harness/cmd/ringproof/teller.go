package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/harness/config"
	"github.com/ringproof/ringproof/harness/profile"
	"github.com/ringproof/ringproof/reports/record"
)

// teller tells a run to a person, in plain lines, as it happens.
type teller struct {
	mu     sync.Mutex
	w      io.Writer
	total  int
	done   int
	counts map[record.Verdict]int
	began  time.Time
}

func newTeller(w io.Writer, total int) *teller {
	return &teller{w: w, total: total, counts: map[record.Verdict]int{}, began: time.Now()}
}

func (t *teller) begin(s config.Settings, p profile.Profile) {
	where := virtualPhone(s) + ", in phone time"
	switch {
	case s.Devices.Virtual && s.RealTime:
		where = virtualPhone(s) + ", at the speed of the clock on the wall"
	case len(s.Devices.Serials) > 0:
		where = strings.Join(s.Devices.Serials, ", ")
	case s.Devices.Attached:
		where = "the attached phones"
	}
	fmt.Fprintf(t.w, "ringproof: app %s (%s), %d scenarios on %s\n", p.Name, p.Package, t.total, where)
}

// virtualPhone names the release and, if one was asked for, the maker.
func virtualPhone(s config.Settings) string {
	text := "a virtual phone"
	if r, err := android.ReleaseOf(s.API); err == nil {
		text += " (Android " + r.Version + ")"
	}
	if s.Maker != "" {
		text += " as of " + s.Maker
	}
	return text
}

// Record implements record.Sink.
func (t *teller) Record(e record.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch e.Kind {
	case record.ScenarioStarted:
		fmt.Fprintf(t.w, "\n%s: %s\n", e.Scenario, e.Text)
	case record.PhaseStarted:
		fmt.Fprintf(t.w, "  - %s\n", e.Text)
	case record.PushSent:
		fmt.Fprintf(t.w, "    push %s\n", e.Text)
	case record.Acted, record.Noted:
		fmt.Fprintf(t.w, "    %s\n", e.Text)
	case record.FactSeen:
		fmt.Fprintf(t.w, "    saw %s\n", e.Text)
	case record.TimelineRead:
		fmt.Fprintf(t.w, "    %s\n", latencies(e.Edges))
	case record.ScenarioEnded:
		t.done++
		t.counts[e.Verdict]++
		fmt.Fprintf(t.w, "  %s [%d/%d]", strings.ToUpper(string(e.Verdict)), t.done, t.total)
		if e.Took > 0 {
			fmt.Fprintf(t.w, " in %s of phone time", e.Took.Round(100*time.Millisecond))
		}
		fmt.Fprintln(t.w)
		if e.Finding != nil && e.Finding.Sentence != "" {
			fmt.Fprintf(t.w, "    %s\n", e.Finding.Sentence)
		}
		for _, c := range e.Causes[:min(len(e.Causes), 3)] {
			fmt.Fprintf(t.w, "    likely: %s\n      because %s\n      remedy: %s\n", c.Sentence, c.Facts[0], c.Remedy)
		}
	}
}

func (t *teller) end(report string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var parts []string
	for _, v := range []record.Verdict{record.Passed, record.Failed, record.Infra, record.Skipped} {
		if n := t.counts[v]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, v))
		}
	}
	if n := t.total - t.done; n > 0 {
		parts = append(parts, fmt.Sprintf("%d not run", n))
	}
	fmt.Fprintf(t.w, "\n%s, in %s; record in %s\n", strings.Join(parts, ", "), time.Since(t.began).Round(100*time.Millisecond), report)
}

// red reports whether the run must not look green: something failed, was cut
// short, or nothing at all was shown.
func (t *teller) red() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.counts[record.Failed]+t.counts[record.Infra] > 0 || t.done < t.total || t.counts[record.Passed] == 0
}

// latencies words the edges that have one.
func latencies(edges []record.Edge) string {
	var parts []string
	for _, e := range edges {
		if e.Latency != nil {
			parts = append(parts, fmt.Sprintf("%s +%d ms", e.Name, e.Latency.Milliseconds()))
		}
	}
	if len(parts) == 0 {
		return "no timeline"
	}
	return strings.Join(parts, ", ")
}
