package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ringproof/ringproof/harness/config"
	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/scenarios"
)

// supervisor runs scenarios in child processes, some side by side. A child that
// dies takes one scenario with it: that one gets the verdict infra, and another
// child goes on with the rest. The record is written by the children, and what
// a person sees is made from the events that they tell.
type supervisor struct {
	// settings are the children's.
	settings config.Settings
	lanes    int
	book     *record.Book
	sink     record.Sink
	// command makes a child that waits for its batch.
	command func() *exec.Cmd

	mu       sync.Mutex
	queue    []scenarios.Scenario
	running  map[*exec.Cmd]bool
	holding  map[string]string // serials by scenario: of phones in use
	died     bool
	left     bool // no child may be started any more
	problems []error
}

// run runs the scenarios and returns when no child is left. After ctx's end
// nothing new is begun, and what is under way puts its phones back.
func (s *supervisor) run(ctx context.Context, chosen []scenarios.Scenario) error {
	s.queue = slices.Clone(chosen)
	s.running, s.holding = map[*exec.Cmd]bool{}, map[string]string{}
	var lanes sync.WaitGroup
	for range min(s.lanes, len(chosen)) {
		lanes.Go(func() {
			for todo := s.take(); len(todo) > 0 && ctx.Err() == nil; {
				todo = s.child(ctx, todo)
				if len(todo) == 0 {
					todo = s.take()
				}
			}
		})
	}
	lanes.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	return errors.Join(s.problems...)
}

// take gives a lane its next scenarios. One lane takes them all; several take
// half of their share each time, so that none has much left when the others
// are done.
func (s *supervisor) take() []scenarios.Scenario {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.queue)
	if s.lanes > 1 {
		n = (n + 2*s.lanes - 1) / (2 * s.lanes)
	}
	taken := s.queue[:n:n]
	s.queue = s.queue[n:]
	return taken
}

// child runs a batch and returns what of it is still to be run. It always gets
// on: a child that died in, or before, a scenario has cost that one.
func (s *supervisor) child(ctx context.Context, todo []scenarios.Scenario) []scenarios.Scenario {
	b := batch{Settings: s.settings}
	for _, sc := range todo {
		b.IDs = append(b.IDs, sc.ID)
	}
	ended, during := map[string]bool{}, ""
	said, err := s.spawn(ctx, b, func(e record.Event) {
		switch e.Kind {
		case record.ScenarioStarted:
			during = e.Scenario
		case record.ScenarioEnded:
			ended[e.Scenario], during = true, ""
		}
		s.tell(e)
	})
	if s.leaving() {
		return nil // it was killed on purpose: what it was at stays cut short
	}
	rest := slices.DeleteFunc(slices.Clone(todo), func(sc scenarios.Scenario) bool { return ended[sc.ID] || s.written(sc) })
	if ended[during] || !slices.ContainsFunc(rest, func(sc scenarios.Scenario) bool { return sc.ID == during }) {
		during = ""
	}
	if len(rest) == 0 || ctx.Err() != nil && during == "" {
		return nil
	}
	// The child is gone, and something of its batch has no end.
	i := max(slices.IndexFunc(rest, func(sc scenarios.Scenario) bool { return sc.ID == during }), 0)
	lost := rest[i]
	finding := record.Finding{Sentence: "the process that ran this scenario ended in the middle of it: " + why(err, said),
		Advice: "run it again; if it ends like this every time, the last lines of the process are in the record"}
	s.mu.Lock()
	s.died = true
	s.mu.Unlock()
	if during == "" {
		s.tell(record.Event{Kind: record.ScenarioStarted, Scenario: lost.ID, Text: lost.Title, Host: time.Now()})
		finding.Sentence = "the process that was to run this scenario ended before it: " + why(err, said)
	}
	if err := s.book.Bury(scenarios.Told(lost), finding, said); err != nil {
		s.problem(err)
	}
	s.tell(record.Event{
		Kind: record.ScenarioEnded, Scenario: lost.ID, Host: time.Now(), Text: lost.Title, Verdict: record.Infra, Finding: &finding,
	})
	return slices.Delete(rest, i, i+1)
}

// written tells the end of a scenario that a child recorded and could not tell
// any more. It reports whether there is one.
func (s *supervisor) written(sc scenarios.Scenario) bool {
	m, ok := s.book.Last(sc.ID)
	if !ok || m.Verdict == "" {
		return false
	}
	s.tell(record.Event{
		Kind: record.ScenarioEnded, Scenario: sc.ID, Phone: m.Phone.Serial, Host: m.Ended, Text: sc.Title,
		Verdict: m.Verdict, Finding: m.Finding, Causes: m.Diagnosis, Took: m.Took,
	})
	return true
}

// tell hands an event on and keeps which phones are in use.
func (s *supervisor) tell(e record.Event) {
	s.mu.Lock()
	switch e.Kind {
	case record.PhoneTaken:
		s.holding[e.Scenario] = e.Phone
	case record.ScenarioEnded:
		delete(s.holding, e.Scenario)
	}
	s.mu.Unlock()
	s.sink.Record(e)
}

func (s *supervisor) problem(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.problems = append(s.problems, err)
}

// why words the end of a process: how it ended, and the line that tells most.
func why(err error, said []byte) string {
	how := "it left without having run it"
	if err != nil {
		how = err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(said)), "\n")
	for _, l := range lines {
		if strings.HasPrefix(l, "panic:") || strings.HasPrefix(l, "fatal error:") || strings.HasPrefix(l, "ringproof:") {
			return how + " (" + l + ")"
		}
	}
	return how
}

// errLeft says that the run was left at once.
var errLeft = errors.New("the run was left")

// maxSaid bounds what is kept of what a child says.
const maxSaid = 64 << 10

// spawn runs one child to its end and hands on its events. It returns what the
// child wrote to its standard error.
func (s *supervisor) spawn(ctx context.Context, b batch, event func(record.Event)) (said []byte, err error) {
	cmd := s.command()
	tail := &tail{}
	cmd.Stderr = tail
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start a child: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start a child: %w", err)
	}
	if err := s.start(cmd); err != nil {
		return nil, fmt.Errorf("start a child: %w", err)
	}
	// Its input is what keeps a child going: closing it asks it to put its
	// phones back and to end. A Ctrl-C does not reach it otherwise.
	closeInput := context.AfterFunc(ctx, func() { _ = in.Close() })
	if err := json.NewEncoder(in).Encode(b); err != nil && ctx.Err() == nil {
		s.problem(fmt.Errorf("hand a batch to a child: %w", err))
	}
	readErr := record.ReadLines(out, event)
	if readErr != nil {
		readErr = fmt.Errorf("what a child tells: %w", readErr)
	}
	_, _ = io.Copy(io.Discard, out) // a child must not wait for a reader who gave up
	err = cmd.Wait()
	closeInput()
	s.mu.Lock()
	delete(s.running, cmd)
	s.mu.Unlock()
	return []byte(record.HideText(string(tail.text()))), errors.Join(err, readErr)
}

// start starts a child unless the run is being left.
func (s *supervisor) start(cmd *exec.Cmd) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.left {
		return errLeft
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	s.running[cmd] = true
	return nil
}

// leaving reports whether the run is being left at once.
func (s *supervisor) leaving() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.left
}

// leave ends all children at once and tells which phones they had. Nothing is
// put back.
func (s *supervisor) leave() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left = true
	for cmd := range s.running {
		_ = cmd.Process.Kill() // it may have ended by itself
	}
	var serials []string
	for _, serial := range s.holding {
		serials = append(serials, serial)
	}
	slices.Sort(serials)
	return slices.Compact(serials)
}

// tail keeps the begin and the end of what is written to it: a panic says what
// it is first, and a log says last what happened.
type tail struct {
	mu         sync.Mutex
	head, last []byte
}

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(b)
	if room := maxSaid/2 - len(t.head); room > 0 {
		cut := min(room, len(b))
		t.head, b = append(t.head, b[:cut]...), b[cut:]
	}
	t.last = append(t.last, b...)
	if over := len(t.last) - maxSaid/2; over > 0 {
		t.last = slices.Delete(t.last, 0, over)
	}
	return n, nil
}

func (t *tail) text() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Concat(t.head, t.last)
}
