package harness

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/facts"
	"github.com/ringproof/ringproof/reports/record"
)

// rings is a phone that begins to ring at a time of its own clock.
func rings(from time.Duration) func(time.Duration) string {
	return func(at time.Duration) string {
		if at < from {
			return telecomWith()
		}
		return telecomWith(ringingRow)
	}
}

func never(time.Duration) string { return telecomWith() }

func TestAwaitSeesTheCallThatComesLate(t *testing.T) {
	a, _ := fakeApp(t, rings(103*time.Second))
	s, err := a.Await(t.Context(), expect.Ringing(), 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if s.Began < 103*time.Second || s.Began > 104*time.Second {
		t.Errorf("seen at %s of the phone's time, it rang at 1m43s", s.Began)
	}
}

// What the log tells while the phone is looked at is not slept over: the answer
// may be from before it.
func TestAwaitHearsWhileItLooks(t *testing.T) {
	log := &logWatch{waiters: map[int]func(int){}}
	a, _ := fakeApp(t, func(at time.Duration) string {
		if at == 100*time.Second {
			log.wake() // it begins to ring just after it was asked
			return telecomWith()
		}
		return telecomWith(ringingRow)
	})
	a.log = log
	s, err := a.Await(t.Context(), expect.Ringing(), 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if s.Began != 100*time.Second+100*time.Millisecond {
		t.Errorf("seen at %s, which is not the next look", s.Began)
	}
}

// What the log tells while the phone waits ends the wait.
func TestAwaitIsWoken(t *testing.T) {
	log := &logWatch{waiters: map[int]func(int){}}
	a, f := fakeApp(t, rings(100*time.Second+100*time.Millisecond))
	a.log, f.waiting = log, log.wake
	s, err := a.Await(t.Context(), expect.Ringing(), 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if s.Began != 100*time.Second+100*time.Millisecond {
		t.Errorf("seen at %s, which is not when it was told", s.Began)
	}
	if len(f.scripts) != 2 {
		t.Errorf("%d commands for two looks", len(f.scripts))
	}
}

// A phone that cannot be woken is looked at every now and then, and a wait that
// nobody cut short leaves nothing to catch up with.
func TestAwaitWithoutALog(t *testing.T) {
	a, f := fakeApp(t, rings(100*time.Second+300*time.Millisecond))
	s, err := a.Await(t.Context(), expect.Ringing(), 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if s.Began != 100*time.Second+350*time.Millisecond || len(f.scripts) != 3 { // a look, a wait, a look
		t.Errorf("seen at %s after %q", s.Began, f.scripts)
	}
}

// The budget is the phone's own time, counted from what was done last.
func TestAwaitBudget(t *testing.T) {
	a, f := fakeApp(t, rings(200*time.Second))
	a.since = 98 * time.Second
	_, err := a.Await(t.Context(), expect.Ringing(), 5*time.Second)
	var failure *expect.Failure
	if !errors.As(err, &failure) {
		t.Fatalf("got %v", err)
	}
	if failure.Fact != "telecom.call" || failure.Budget != 5*time.Second || failure.Elapsed <= 5*time.Second || failure.Elapsed > 6*time.Second {
		t.Errorf("got %+v", failure)
	}
	if !strings.Contains(err.Error(), "wanted the app's one call RINGING in Telecom, saw no call of the app") {
		t.Errorf("the sentence is %q", err)
	}
	if Classify(err) != record.Failed {
		t.Errorf("verdict %s", Classify(err))
	}
	if f.elapsed > 105*time.Second {
		t.Errorf("waited until %s of the phone's time", f.elapsed)
	}
}

// A terminal wrong state is not waited out.
func TestAwaitStopsAtNever(t *testing.T) {
	a, f := fakeApp(t, never)
	c := expect.Func("test.never", "what cannot be", func(facts.Snapshot) expect.Result {
		return expect.Result{Outcome: expect.Never, Seen: "the end"}
	}, facts.Telecom)
	if _, err := a.Await(t.Context(), c, time.Hour); err == nil {
		t.Fatal("passed")
	}
	if f.elapsed > 101*time.Second {
		t.Errorf("waited until %s", f.elapsed)
	}
}

// What the phone does not tell is nobody's failure, and no pass.
func TestAwaitUnknown(t *testing.T) {
	a, _ := fakeApp(t, func(time.Duration) string { return "Can't find service: telecom\n" })
	_, err := a.Await(t.Context(), expect.NoCall(), 2*time.Second)
	if Classify(err) != record.Infra {
		t.Errorf("verdict %s of %v", Classify(err), err)
	}
}

func TestStay(t *testing.T) {
	a, f := fakeApp(t, never)
	if err := a.Stay(t.Context(), expect.NoCall(), 12*time.Second); err != nil {
		t.Fatal(err)
	}
	if f.elapsed < 112*time.Second {
		t.Errorf("watched only until %s", f.elapsed)
	}
	a, f = fakeApp(t, rings(107*time.Second))
	err := a.Stay(t.Context(), expect.NoCall(), 12*time.Second)
	if Classify(err) != record.Failed {
		t.Errorf("a call that came late was missed: %v", err)
	}
	if f.elapsed > 110*time.Second {
		t.Errorf("saw it only at %s", f.elapsed)
	}
	a, _ = fakeApp(t, func(time.Duration) string { return "" })
	if err := a.Stay(t.Context(), expect.NoCall(), 2*time.Second); Classify(err) != record.Infra {
		t.Errorf("silence that nobody saw: %v", err)
	}
}

// A lost phone says nothing of the app.
func TestTransportFaultIsInfra(t *testing.T) {
	a, f := fakeApp(t, never)
	f.fail = &adb.Error{Op: "run a command", Serial: "FAKE", Kind: adb.TransportLost}
	_, err := a.Await(t.Context(), expect.Ringing(), time.Second)
	if Classify(err) != record.Infra || !errors.Is(err, adb.TransportLost) {
		t.Errorf("verdict %s of %v", Classify(err), err)
	}
	if a.Fault() == nil {
		t.Error("the phone forgot its first fault")
	}
	if FindingOf(err).Advice == "" {
		t.Error("no advice")
	}
}

func TestAwaitEndsWithItsContext(t *testing.T) {
	a, _ := fakeApp(t, never)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := a.Await(ctx, expect.Ringing(), time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if a.Fault() != nil {
		t.Errorf("a wait that its owner ended is a fault of the phone: %v", a.Fault())
	}
}
