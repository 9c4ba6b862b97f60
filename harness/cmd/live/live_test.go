package live

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/ringproof/ringproof/reports/record"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// glass is a terminal as far as a Screen uses one. It knows carriage return,
// line feed, cursor up, erase to the end and colours, and takes anything else
// that is a control for a broken terminal.
type glass struct {
	t       *testing.T
	columns int
	lines   [][]rune
	row     int
	col     int
	colours int
}

var sequence = regexp.MustCompile(`^\x1b\[(\d*)([AJm])`)

func (g *glass) Write(b []byte) (int, error) {
	s := string(b)
	for s != "" {
		if m := sequence.FindStringSubmatch(s); m != nil {
			n, _ := strconv.Atoi(m[1])
			switch m[2] {
			case "A":
				g.row = max(g.row-n, 0)
			case "J":
				g.lines = g.lines[:min(g.row+1, len(g.lines))]
				if g.row < len(g.lines) {
					g.lines[g.row] = g.lines[g.row][:min(g.col, len(g.lines[g.row]))]
				}
			case "m":
				g.colours++
			}
			s = s[len(m[0]):]
			continue
		}
		r := []rune(s)[0]
		s = s[len(string(r)):]
		switch {
		case r == '\r':
			g.col = 0
		case r == '\n':
			g.row, g.col = g.row+1, 0
		case r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0x202e:
			g.t.Errorf("the terminal was sent the control %U before %.40q", r, s)
		default:
			if g.col >= g.columns { // a line that is too long breaks
				g.row, g.col = g.row+1, 0
			}
			for len(g.lines) <= g.row {
				g.lines = append(g.lines, nil)
			}
			line := g.lines[g.row]
			for len(line) <= g.col {
				line = append(line, ' ')
			}
			line[g.col] = r
			g.lines[g.row] = line
			g.col += width(r)
		}
	}
	return len(b), nil
}

func (g *glass) shows() string {
	var out []string
	for _, l := range g.lines {
		out = append(out, strings.TrimRight(string(l), " \x00"))
	}
	return strings.Join(out, "\n")
}

// stage is a Screen whose clock stands still.
type stage struct {
	*Screen
	glass *glass
	now   time.Time
}

func newStage(t *testing.T, columns, rows int, p Plan) *stage {
	st := &stage{glass: &glass{t: t, columns: columns}, now: time.Unix(1_772_442_000, 0)}
	p.Began = st.now
	st.Screen = newScreen(Terminal{Writer: st.glass, Size: func() (int, int) { return st.glass.columns, rows }}, p, func() time.Time { return st.now })
	close(st.done) // nobody watches
	return st
}

func (st *stage) tell(after time.Duration, e record.Event) {
	st.now = st.now.Add(after)
	e.Host = st.now
	st.Record(e)
}

func TestScreen(t *testing.T) {
	st := newStage(t, 72, 24, Plan{App: "reference", Package: "org.example", Where: "2 phones", Total: 4, Lanes: 2, Report: "out"})
	st.tell(0, record.Event{Kind: record.ScenarioStarted, Scenario: "background-answer", Text: "a"})
	st.tell(time.Second, record.Event{Kind: record.PhoneTaken, Scenario: "background-answer", Phone: "P1"})
	st.tell(0, record.Event{Kind: record.ScenarioStarted, Scenario: "killed-answer", Text: "b"})
	st.tell(time.Second, record.Event{Kind: record.Waiting, Scenario: "killed-answer", Text: "P2 is held by process 12"})
	st.tell(time.Second, record.Event{Kind: record.PhaseStarted, Scenario: "background-answer", Text: "push a call"})
	want := `ringproof: app reference (org.example), 4 scenarios on 2 phones, 2 side by side
[--------------------] 0/4  3s
  P1  background-answer: push a call                                 3s
      killed-answer: waiting for a phone: P2 is held by process 12   2s`
	// The headline is wider than the terminal and breaks, as any line of a log.
	want = want[:71] + "\n" + want[72:] // a blank at the end does not show
	if d := cmp.Diff(want, st.glass.shows()); d != "" {
		t.Errorf("under way (-want +got):\n%s", d)
	}
	st.tell(57*time.Second, record.Event{
		Kind: record.ScenarioEnded, Scenario: "background-answer", Verdict: record.Failed, Took: 3500 * time.Millisecond,
		Finding: &record.Finding{Sentence: "it did not ring"},
		Causes:  []record.Cause{{Sentence: "the app is stopped", Facts: []string{"stopped=true"}, Remedy: "open it"}},
	})
	st.now = st.now.Add(time.Second)
	st.draw()
	want = want[:strings.Index(want, "[---")] + `FAILED  background-answer on P1, 3.5s of phone time
        it did not ring
        likely: the app is stopped
          because stopped=true
          remedy: open it
[#####---------------] 1/4  1 failed  1m01s, about 1m30s left
    killed-answer: waiting for a phone: P2 is held by process 12  1m00s`
	if d := cmp.Diff(want, st.glass.shows()); d != "" {
		t.Errorf("after one (-want +got):\n%s", d)
	}
	st.End()
	if got := st.glass.shows(); !strings.HasSuffix(got, "          remedy: open it\n\n1 failed, 3 not run, in 1m1s; record in out") {
		t.Errorf("the end:\n%s", got)
	}
	if st.glass.colours != 0 || !st.Red() {
		t.Errorf("%d colours, red %v", st.glass.colours, st.Red())
	}
}

// Whatever phones and apps say stays text, in every field of every event, and
// the block never breaks a line, however narrow the window becomes.
func TestHostileText(t *testing.T) {
	const evil = "\x1b[2J\x1b]0;owned\x07\r\n\x00\u009b31m\u202eabc\xff::error::x ##[command]y \u2028 漢字🙂"
	plan := Plan{App: evil, Package: evil, Where: evil, Total: 2, Lanes: 2, Report: evil}
	events := []record.Event{
		{Kind: record.ScenarioStarted, Scenario: evil, Text: evil},
		{Kind: record.Waiting, Scenario: evil, Text: evil},
		{Kind: record.PhoneTaken, Scenario: evil, Phone: evil},
		{Kind: record.PhaseStarted, Scenario: evil, Text: strings.Repeat(evil, 10)},
		{Kind: record.PushSent, Scenario: evil, Text: evil}, {Kind: record.Acted, Scenario: evil, Text: evil},
		{Kind: record.Noted, Scenario: evil, Text: evil}, {Kind: record.FactSeen, Scenario: evil, Text: evil},
		{Kind: "a kind of another time", Scenario: evil, Text: evil},
	}
	end := record.Event{
		Kind: record.ScenarioEnded, Scenario: evil, Text: evil, Verdict: record.Failed, Finding: &record.Finding{Sentence: evil},
		Causes: []record.Cause{{Sentence: evil, Remedy: evil, Facts: []string{evil}}, {}},
	}
	for _, columns := range []int{200, 80, 33, 20} {
		st := newStage(t, columns, 24, plan)
		for _, e := range events {
			st.tell(time.Second, e)
			for _, n := range st.drawn {
				if n >= max(columns, 20) {
					t.Errorf("a line of %d cells on %d columns", n, columns)
				}
			}
		}
		st.Note("%s", evil)
		st.tell(time.Second, end)
		st.End()
	}
	var b bytes.Buffer
	l := NewLines(&b, plan)
	for _, e := range append(events, end) {
		l.Record(e)
	}
	l.Note("%s", evil)
	l.End()
	for line := range strings.Lines(b.String()) {
		if strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##[") {
			t.Errorf("a CI system would obey %q", line)
		}
		for _, r := range strings.TrimSuffix(line, "\n") {
			if r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0x202e || r == 0x2028 {
				t.Errorf("%U in %q", r, line)
			}
		}
	}
}

// A window that became narrower has broken the block's lines: all of them go.
func TestResize(t *testing.T) {
	st := newStage(t, 100, 24, Plan{App: "a", Package: "p", Where: "w", Total: 1, Report: "out"})
	st.tell(0, record.Event{Kind: record.ScenarioStarted, Scenario: "s"})
	st.tell(time.Second, record.Event{Kind: record.PhaseStarted, Scenario: "s", Text: "phase one"})
	g := st.glass
	// What a terminal does with lines of 99 cells on 40 columns.
	var broken [][]rune
	for _, l := range g.lines {
		for len(l) > 40 {
			broken, l = append(broken, l[:40]), l[40:]
		}
		broken = append(broken, l)
	}
	g.lines, g.columns, g.row, g.col = broken, 40, len(broken)-1, len(broken[len(broken)-1])
	st.tell(time.Second, record.Event{Kind: record.PhaseStarted, Scenario: "s", Text: "phase two"})
	if got := g.shows(); strings.Contains(got, "phase one") || strings.Count(got, "0/1") != 1 {
		t.Errorf("the old block is still there:\n%s", got)
	}
}

// More lanes than a window has rows are summed up.
func TestManyLanes(t *testing.T) {
	st := newStage(t, 80, 10, Plan{Total: 40, Lanes: 40})
	for i := range 40 {
		st.tell(time.Second, record.Event{Kind: record.ScenarioStarted, Scenario: fmt.Sprintf("s%d", i)})
	}
	if got := st.glass.shows(); len(st.drawn) != 9 || !strings.Contains(got, "... and 33 more") {
		t.Errorf("%d lines:\n%s", len(st.drawn), got)
	}
}

// Colours are for terminals whose owner did not say no.
func TestColours(t *testing.T) {
	st := newStage(t, 80, 24, Plan{Total: 1})
	st.t.Colour = true
	st.tell(0, record.Event{Kind: record.ScenarioStarted, Scenario: "s"})
	st.tell(0, record.Event{Kind: record.ScenarioEnded, Scenario: "s", Verdict: record.Passed})
	if st.glass.colours == 0 {
		t.Error("no colour")
	}
}

// Only a terminal that can be drawn on gets a Screen.
func TestNew(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	for _, to := range []io.Writer{w, &bytes.Buffer{}} {
		if _, ok := New(to, Plan{}, func(string) string { return "xterm" }).(*Lines); !ok {
			t.Errorf("%T got a screen", to)
		}
	}
}

// Scenarios that run side by side are told one after the other.
func TestLinesSideBySide(t *testing.T) {
	var b bytes.Buffer
	l := NewLines(&b, Plan{App: "a", Package: "p", Where: "w", Total: 2, Lanes: 2, Began: time.Now()})
	for _, e := range []record.Event{
		{Kind: record.ScenarioStarted, Scenario: "one", Text: "1"}, {Kind: record.ScenarioStarted, Scenario: "two", Text: "2"},
		{Kind: record.PhaseStarted, Scenario: "one", Text: "of one"}, {Kind: record.PhaseStarted, Scenario: "two", Text: "of two"},
		{Kind: record.ScenarioEnded, Scenario: "two", Verdict: record.Passed}, {Kind: record.ScenarioEnded, Scenario: "one", Verdict: record.Passed},
	} {
		l.Record(e)
	}
	want := "ringproof: app a (p), 2 scenarios on w, 2 side by side\n\ntwo: 2\n  - of two\n  PASSED [1/2]\n\none: 1\n  - of one\n  PASSED [2/2]\n"
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func FuzzClean(f *testing.F) {
	f.Add("\x1b[2J")
	f.Add("  ::set-output name=x::y")
	f.Add("\xff\u202e漢")
	f.Fuzz(func(t *testing.T, s string) {
		got := Clean(s)
		for _, r := range got {
			if r < 0x20 || r >= 0x7f && r < 0xa0 {
				t.Fatalf("%q has %U", got, r)
			}
		}
		if n := cells(fit(got, 10)); n > 10 {
			t.Fatalf("%q takes %d cells of 10", fit(got, 10), n)
		}
	})
}
