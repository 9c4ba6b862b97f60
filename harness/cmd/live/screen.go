package live

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/ringproof/ringproof/reports/record"
)

// Terminal is what a Screen must know of the terminal that it draws on.
type Terminal struct {
	io.Writer
	// Size is asked before each drawing: windows are resized.
	Size func() (columns, rows int)
	// Colour may be used.
	Colour bool
}

// Screen is the View of a terminal: what ended scrolls by, and below it stands
// a block with what is under way, drawn again as things happen.
type Screen struct {
	t   Terminal
	now func() time.Time

	mu    sync.Mutex
	p     progress
	drawn []int // columns of the block's lines on the screen
	last  time.Time
	over  bool

	stop chan struct{}
	done chan struct{}
}

var _ View = (*Screen)(nil)

// often bounds how often the block is drawn, tick how long it stands still: it
// shows seconds.
const (
	often = 50 * time.Millisecond
	tick  = 500 * time.Millisecond
)

// NewScreen begins to draw.
func NewScreen(t Terminal, p Plan) *Screen {
	s := newScreen(t, p, time.Now)
	go s.watch()
	return s
}

func newScreen(t Terminal, p Plan, now func() time.Time) *Screen {
	s := &Screen{t: t, now: now, p: newProgress(p), stop: make(chan struct{}), done: make(chan struct{})}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.draw(headline(p))
	return s
}

// watch draws what changes without an event: the time.
func (s *Screen) watch() {
	defer close(s.done)
	t := time.NewTicker(tick)
	defer t.Stop()
	for {
		select {
		case <-s.stop:
			return
		case <-t.C:
			s.mu.Lock()
			if !s.over {
				s.draw()
			}
			s.mu.Unlock()
		}
	}
}

// Record implements record.Sink.
func (s *Screen) Record(e record.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	phone := ""
	if l := s.p.lane(e.Scenario); l != nil {
		phone = l.phone
	}
	s.p.take(e)
	if e.Kind == record.ScenarioEnded {
		line := fmt.Sprintf("%s %s", s.verdict(e.Verdict), Clean(e.Scenario))
		if phone != "" {
			line += " on " + Clean(phone)
		}
		if e.Took > 0 {
			line += fmt.Sprintf(", %s of phone time", e.Took.Round(100*time.Millisecond))
		}
		lines := []string{line}
		if e.Verdict != record.Passed {
			for _, l := range ended(e) {
				lines = append(lines, "        "+l)
			}
		}
		s.draw(lines...)
		return
	}
	if s.now().Sub(s.last) >= often {
		s.draw()
	}
}

// The colours of verdicts (SGR).
var colours = map[record.Verdict]string{record.Passed: "32", record.Failed: "31", record.Infra: "35", record.Skipped: "33"} // read-only table

func (s *Screen) colour(v record.Verdict, text string) string {
	if !s.t.Colour {
		return text
	}
	return "\x1b[" + colours[v] + "m" + text + "\x1b[0m"
}

func (s *Screen) verdict(v record.Verdict) string {
	return s.colour(v, pad(strings.ToUpper(string(v)), 7))
}

// draw replaces the block, after lines that stay. All goes out in one write, so
// that nothing flickers.
func (s *Screen) draw(lines ...string) {
	columns, rows := s.t.Size()
	columns, rows = max(columns, 20), max(rows, 4)
	var b strings.Builder
	s.erase(&b, columns)
	for _, l := range lines {
		b.WriteString(l)
		b.WriteByte('\n')
	}
	block := s.block(columns, rows)
	s.drawn = s.drawn[:0]
	for i, l := range block {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(l.text)
		s.drawn = append(s.drawn, l.cells)
	}
	_, _ = io.WriteString(s.t, b.String()) // a closed terminal must not decide a run
	s.last = s.now()
}

// erase goes back to where the block began. A window that became narrower has
// broken its lines.
func (s *Screen) erase(b *strings.Builder, columns int) {
	if len(s.drawn) == 0 {
		return
	}
	rows := 0
	for _, n := range s.drawn {
		rows += max(1, (n+columns-1)/columns)
	}
	b.WriteByte('\r')
	if rows > 1 {
		fmt.Fprintf(b, "\x1b[%dA", rows-1)
	}
	b.WriteString("\x1b[J")
}

// row is one line of the block and the columns that it takes.
type row struct {
	text  string
	cells int
}

// block is what is under way. No line is as wide as the terminal, where some
// break it, and all together leave a row free.
func (s *Screen) block(columns, rows int) []row {
	now, width := s.now(), columns-1
	out := []row{s.bar(now, width)}
	phone := 0
	for _, l := range s.p.lanes {
		phone = max(phone, cells(Clean(l.phone)))
	}
	phone = min(phone, width/3)
	for i, l := range s.p.lanes {
		if len(out) == rows-2 && i < len(s.p.lanes)-1 {
			text := fit(fmt.Sprintf("  ... and %d more", len(s.p.lanes)-i), width)
			return append(out, row{text, cells(text)})
		}
		what := Clean(l.scenario)
		switch {
		case l.waiting != "":
			what += ": waiting for a phone: " + Clean(l.waiting)
		case l.phase != "":
			what += ": " + Clean(l.phase)
		}
		took := short(now.Sub(l.since))
		text := "  " + pad(Clean(l.phone), phone) + "  "
		text += pad(what, max(width-cells(text)-len(took)-1, 1)) + " " + took
		text = fit(text, width)
		out = append(out, row{text, cells(text)})
	}
	return out
}

// bar is the first line of the block: how far the run is.
func (s *Screen) bar(now time.Time, width int) row {
	const length = 20
	filled := length * s.p.done / max(s.p.plan.Total, 1)
	head := fmt.Sprintf("[%s%s] %d/%d", strings.Repeat("#", filled), strings.Repeat("-", length-filled), s.p.done, s.p.plan.Total)
	tail := short(now.Sub(s.p.plan.Began))
	if left, ok := s.p.left(); ok && s.p.done < s.p.plan.Total {
		tail += ", about " + short(left) + " left"
	}
	counts := strings.Join(append(s.p.tally(nil), tail), "  ")
	plain := head + "  " + counts
	if cells(plain) > width {
		plain = fit(fmt.Sprintf("%d/%d  %s", s.p.done, s.p.plan.Total, counts), width)
		return row{plain, cells(plain)}
	}
	return row{head + "  " + strings.Join(append(s.p.tally(s.colour), tail), "  "), cells(plain)}
}

// Note implements View.
func (s *Screen) Note(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.over {
		s.draw(Clean(fmt.Sprintf(format, args...)))
	}
}

// End implements View.
func (s *Screen) End() {
	s.mu.Lock()
	if s.over {
		s.mu.Unlock()
		return
	}
	s.over = true
	columns, _ := s.t.Size()
	var b strings.Builder
	s.erase(&b, max(columns, 20))
	fmt.Fprintf(&b, "\n%s\n", s.p.summary(s.now()))
	_, _ = io.WriteString(s.t, b.String())
	s.mu.Unlock()
	close(s.stop)
	<-s.done
}

// Red implements View.
func (s *Screen) Red() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.p.red()
}
