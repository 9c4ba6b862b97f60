package live

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/ringproof/ringproof/reports/record"
)

// View tells a run. Its methods may be called from several goroutines.
type View interface {
	record.Sink
	// Note tells something that belongs to no scenario.
	Note(format string, args ...any)
	// End tells the summary; nothing may come after it.
	End()
	// Red reports whether the run must not look green.
	Red() bool
}

// Lines is the View of everything that is no terminal: what happens, in the
// order in which it happens. Scenarios that run side by side are told one after
// the other, each when it has ended.
type Lines struct {
	mu   sync.Mutex
	w    io.Writer
	p    progress
	held map[string]*bytes.Buffer
}

var _ View = (*Lines)(nil)

// NewLines begins with what is planned.
func NewLines(w io.Writer, p Plan) *Lines {
	fmt.Fprintf(w, "%s\n", headline(p))
	return &Lines{w: w, p: newProgress(p), held: map[string]*bytes.Buffer{}}
}

func headline(p Plan) string {
	s := fmt.Sprintf("ringproof: app %s (%s), %d scenarios on %s", Clean(p.App), Clean(p.Package), p.Total, Clean(p.Where))
	if p.Lanes > 1 {
		s += fmt.Sprintf(", %d side by side", p.Lanes)
	}
	return s
}

// Record implements record.Sink.
func (t *Lines) Record(e record.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.p.take(e)
	w := t.w
	if t.p.plan.Lanes > 1 {
		if t.held[e.Scenario] == nil {
			t.held[e.Scenario] = &bytes.Buffer{}
		}
		w = t.held[e.Scenario]
	}
	text := Clean(e.Text)
	switch e.Kind {
	case record.ScenarioStarted:
		fmt.Fprintf(w, "\n%s: %s\n", Clean(e.Scenario), text)
	case record.Waiting:
		fmt.Fprintf(w, "  waiting for a phone: %s\n", text)
	case record.PhoneTaken:
		if t.p.plan.Lanes > 1 {
			fmt.Fprintf(w, "  on %s\n", Clean(e.Phone))
		}
	case record.PhaseStarted:
		fmt.Fprintf(w, "  - %s\n", text)
	case record.PushSent:
		fmt.Fprintf(w, "    push %s\n", text)
	case record.Acted, record.Noted:
		fmt.Fprintf(w, "    %s\n", text)
	case record.FactSeen:
		fmt.Fprintf(w, "    saw %s\n", text)
	case record.TimelineRead:
		fmt.Fprintf(w, "    %s\n", latencies(e.Edges))
	case record.ScenarioEnded:
		fmt.Fprintf(w, "  %s [%d/%d]", strings.ToUpper(string(e.Verdict)), t.p.done, t.p.plan.Total)
		if e.Took > 0 {
			fmt.Fprintf(w, " in %s of phone time", e.Took.Round(100*time.Millisecond))
		}
		fmt.Fprintln(w)
		for _, line := range ended(e) {
			fmt.Fprintf(w, "    %s\n", line)
		}
		t.flush(e.Scenario)
	}
}

// flush tells what was held back of a scenario.
func (t *Lines) flush(scenario string) {
	if held := t.held[scenario]; held != nil {
		_, _ = t.w.Write(held.Bytes()) // a closed pipe must not decide a run
		delete(t.held, scenario)
	}
}

// Note implements View.
func (t *Lines) Note(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	fmt.Fprintf(t.w, "ringproof: %s\n", Clean(fmt.Sprintf(format, args...)))
}

// End implements View.
func (t *Lines) End() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for scenario := range t.held {
		t.flush(scenario)
	}
	fmt.Fprintf(t.w, "\n%s\n", t.p.summary(time.Now()))
}

// Red implements View.
func (t *Lines) Red() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.p.red()
}
