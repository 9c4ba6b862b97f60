// Package record has the words in which a run is told: verdicts, findings and
// events. Whatever is shown to a person is made from these values alone.
//
// It is a leaf: it knows no phone, no reader and no renderer.
package record

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// Verdict is how a scenario ended on one phone.
type Verdict string

// The four verdicts. A scenario that could not be judged is never passed.
const (
	Passed  Verdict = "passed"
	Failed  Verdict = "failed"  // the app did the wrong thing
	Infra   Verdict = "infra"   // the phone, the cable, adb or the farm did
	Skipped Verdict = "skipped" // the phone cannot show it; Finding says why
)

// Finding is why a scenario ended as it did, in words that stand alone.
type Finding struct {
	// Fact names what was judged, such as "telecom.call"; empty when no fact
	// of the phone decided.
	Fact string `json:"fact,omitempty"`
	// Sentence says it to a person who was not there.
	Sentence string `json:"sentence"`
	// Wanted and Seen are the two sides of a wrong fact.
	Wanted string `json:"wanted,omitempty"`
	Seen   string `json:"seen,omitempty"`
	// Advice is what that person can do next.
	Advice string `json:"advice,omitempty"`
}

// EventKind says what an Event tells.
type EventKind string

// The kinds of events, in the order in which a scenario shows them.
const (
	ScenarioStarted EventKind = "scenario-started"
	Waiting         EventKind = "waiting" // for a phone; Text says who holds it
	PhoneTaken      EventKind = "phone"
	PhaseStarted    EventKind = "phase"
	PushSent        EventKind = "push"
	FactSeen        EventKind = "fact"
	Acted           EventKind = "act"
	Noted           EventKind = "note"
	TimelineRead    EventKind = "timeline"
	ScenarioEnded   EventKind = "scenario-ended"
)

// Event is one thing that happened during a run, in the order it happened.
type Event struct {
	Kind     EventKind `json:"kind"`
	Scenario string    `json:"scenario,omitempty"`
	Phone    string    `json:"phone,omitempty"`
	Text     string    `json:"text,omitempty"`
	// Host is the time on the machine that drives the phones.
	Host time.Time `json:"host"`
	// Elapsed is the phone's time since boot, 0 if it was not read.
	Elapsed time.Duration `json:"elapsed,omitempty"`
	// Verdict, Finding, Causes and Took belong to ScenarioEnded. Took is phone
	// time.
	Verdict Verdict       `json:"verdict,omitempty"`
	Finding *Finding      `json:"finding,omitempty"`
	Causes  []Cause       `json:"causes,omitempty"`
	Took    time.Duration `json:"took,omitempty"`
	// Edges belong to TimelineRead.
	Edges []Edge `json:"edges,omitempty"`
}

// Sink takes events as they happen. It must be safe for concurrent use.
type Sink interface{ Record(Event) }

// SinkFunc lets a function be a Sink.
type SinkFunc func(Event)

// Record calls f.
func (f SinkFunc) Record(e Event) { f(e) }

// Tee hands each event to all sinks in turn; nil sinks are left out.
func Tee(sinks ...Sink) Sink {
	return SinkFunc(func(e Event) {
		for _, s := range sinks {
			if s != nil {
				s.Record(e)
			}
		}
	})
}

// Lines is a Sink that writes one JSON object a line, the format of
// events.jsonl. A write error is kept for Err: a record that cannot be written
// must not decide a scenario.
type Lines struct {
	mu  sync.Mutex
	enc *json.Encoder
	err error
}

// NewLines writes to w, unbuffered, so that a crash loses nothing.
func NewLines(w io.Writer) *Lines {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return &Lines{enc: enc}
}

// Record writes e.
func (l *Lines) Record(e Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.enc.Encode(e); err != nil && l.err == nil {
		l.err = err
	}
}

// Err is the first error of writing.
func (l *Lines) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// ReadLines hands on what a Lines wrote, as it comes, until r ends. A last line
// without an end is what a crash left of it, and is passed over.
func ReadLines(r io.Reader, event func(Event)) error {
	lines := bufio.NewReaderSize(r, 64<<10)
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var e Event
		if err := json.Unmarshal(line, &e); err != nil {
			return fmt.Errorf("line %d reads %.80q: %w", n, line, err)
		}
		event(e)
	}
}
