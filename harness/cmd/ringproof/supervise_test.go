package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/scenarios"
)

// asChild makes the test binary a child that behaves as told; see behave.
const asChild = "RINGPROOF_TEST_AS_CHILD"

// behave is a child of a supervisor: it runs each scenario of its batch by
// saying so, and does what the scenario's id tells.
func behave() {
	var b batch
	in := json.NewDecoder(os.Stdin)
	if err := in.Decode(&b); err != nil {
		fmt.Fprintln(os.Stderr, "ringproof:", err)
		os.Exit(2)
	}
	book, err := record.Join(b.Settings.Report)
	if err != nil {
		fmt.Fprintln(os.Stderr, "ringproof:", err)
		os.Exit(2)
	}
	events := record.NewLines(os.Stdout)
	for _, id := range b.IDs {
		if strings.HasPrefix(id, "unborn") {
			os.Exit(3)
		}
		a := book.Begin(record.Scenario{ID: id})
		events.Record(record.Event{Kind: record.ScenarioStarted, Scenario: id, Host: time.Now()})
		events.Record(record.Event{Kind: record.PhoneTaken, Scenario: id, Phone: "P1", Host: time.Now()})
		switch {
		case strings.HasPrefix(id, "panics"):
			panic("boom in " + id)
		case strings.HasPrefix(id, "torn"):
			fmt.Print(`{"kind":"phase","text":"half of a`)
			os.Exit(1)
		case strings.HasPrefix(id, "babbles"):
			fmt.Println("this is no event")
			fmt.Fprintln(os.Stderr, strings.Repeat("noise ", 100_000))
		case strings.HasPrefix(id, "stays"):
			_ = in.Decode(&b) // until the supervisor closes the input
			a.End(record.Manifest{Verdict: record.Infra})
			events.Record(record.Event{Kind: record.ScenarioEnded, Scenario: id, Verdict: record.Infra, Host: time.Now()})
			return
		}
		a.End(record.Manifest{Verdict: record.Passed})
		events.Record(record.Event{Kind: record.ScenarioEnded, Scenario: id, Verdict: record.Passed, Host: time.Now()})
	}
}

// supervise runs scenarios of those names under a supervisor.
func supervise(t *testing.T, ctx context.Context, lanes int, ids ...string) (s *supervisor, seen func() []record.Event, dir string, run func() error) {
	t.Helper()
	dir = t.TempDir()
	book, err := record.Create(dir, record.Run{Chosen: len(ids)})
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var events []record.Event
	s = &supervisor{lanes: lanes, book: book, command: func() *exec.Cmd {
		cmd := exec.Command(self)
		cmd.Env = append(os.Environ(), asChild+"=1")
		return cmd
	}, sink: record.SinkFunc(func(e record.Event) {
		mu.Lock()
		defer mu.Unlock()
		events = append(events, e)
	})}
	s.settings.Report = dir
	var chosen []scenarios.Scenario
	for _, id := range ids {
		chosen = append(chosen, scenarios.Scenario{ID: id, Title: id})
	}
	seen = func() []record.Event {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(events)
	}
	return s, seen, dir, func() error { return errors.Join(s.run(ctx, chosen), book.Close(ctx.Err() != nil)) }
}

// Whatever a child does, each scenario gets one verdict, those that a child
// took with it are infra with the reason, and the others run.
func TestSupervisor(t *testing.T) {
	ids := []string{"a", "panics", "b", "torn", "unborn", "babbles", "c", "d"}
	for _, lanes := range []int{1, 3} {
		t.Run(fmt.Sprintf("%d lanes", lanes), func(t *testing.T) {
			_, seen, dir, run := supervise(t, t.Context(), lanes, ids...)
			if err := run(); err != nil {
				t.Error(err)
			}
			told, err := record.Read(dir)
			if err != nil {
				t.Fatal(err)
			}
			got, events := map[string]record.Verdict{}, map[string]record.Verdict{}
			for _, a := range told.Attempts {
				got[a.Scenario.ID] = a.Verdict
				if a.Cut {
					t.Errorf("%s has no end", a.Scenario.ID)
				}
				says := map[string]string{
					"panics": "in the middle of it: exit status 2 (panic: boom in panics)", "torn": "in the middle of it: exit status 1",
					"unborn": "before it: exit status 3",
				}[a.Scenario.ID]
				if says != "" && !strings.Contains(a.Finding.Sentence, says) {
					t.Errorf("%s: %s", a.Scenario.ID, a.Finding.Sentence)
				}
			}
			for _, e := range seen() {
				if e.Kind == record.ScenarioEnded {
					events[e.Scenario] = e.Verdict
				}
			}
			want := map[string]record.Verdict{
				"a": record.Passed, "panics": record.Infra, "b": record.Passed, "torn": record.Infra, "unborn": record.Infra,
				// What it says is no event; what it recorded stands.
				"babbles": record.Passed, "c": record.Passed, "d": record.Passed,
			}
			if d := cmp.Diff(want, events); d != "" {
				t.Errorf("events (-want +got):\n%s", d)
			}
			if d := cmp.Diff(want, got); d != "" || len(told.Attempts) != len(ids) {
				t.Errorf("%d attempts (-want +got):\n%s", len(told.Attempts), d)
			}
			text, err := os.ReadFile(filepath.Join(dir, "attempts", "panics.1", "process.txt"))
			if err != nil || !strings.Contains(string(text), "goroutine 1 [running]") {
				t.Errorf("the panic is not kept: %v", err)
			}
		})
	}
}

// Children are asked to end, and nothing new is begun.
func TestSupervisorIsInterrupted(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	s, seen, dir, run := supervise(t, ctx, 2, "stays-1", "stays-2", "c", "d", "e", "f", "g", "h")
	interrupt := s.sink
	s.sink = record.SinkFunc(func(e record.Event) {
		interrupt.Record(e)
		if taken := slices.DeleteFunc(seen(), func(e record.Event) bool { return e.Kind != record.PhoneTaken }); len(taken) == 2 {
			stop()
		}
	})
	if err := run(); err != nil {
		t.Error(err)
	}
	told, err := record.Read(dir)
	if err != nil || !told.Run.Interrupted || len(told.Attempts) > 4 {
		t.Errorf("%+v, %d attempts, %v", told.Run, len(told.Attempts), err)
	}
	for _, a := range told.Attempts {
		if a.Cut {
			t.Errorf("%s was cut", a.Scenario.ID)
		}
	}
}

// Left at once, no child lives on, none is started, and the phones in use are
// named.
func TestSupervisorLeaves(t *testing.T) {
	s, seen, _, run := supervise(t, t.Context(), 1, "stays", "b")
	done := make(chan error, 1)
	go func() { done <- run() }()
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for !slices.ContainsFunc(seen(), func(e record.Event) bool { return e.Kind == record.PhoneTaken }) {
		<-again.C
	}
	if d := cmp.Diff([]string{"P1"}, s.leave()); d != "" {
		t.Error(d)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	for _, e := range seen() {
		if e.Scenario == "b" && e.Verdict == record.Passed {
			t.Error("a child was started after the run was left")
		}
	}
}

// Nothing of a run is in its children's command lines, which everybody on the
// machine can read.
func TestChildsCommandLine(t *testing.T) {
	if got := childCommand().Args[1:]; !slices.Equal(got, []string{batchName}) {
		t.Errorf("a child is started with %q", got)
	}
}
