package android

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestStepRunsEventsInOrder(t *testing.T) {
	s := New(Options{})
	defer s.Close()
	var got []string
	s.Do(func(d *Device) {
		at := d.Elapsed()
		mark := func(name string) func() {
			return func() { got = append(got, fmt.Sprintf("%s@%v", name, d.Elapsed()-at)) }
		}
		d.After(2*time.Second, mark("second"))
		d.After(time.Second, mark("first"))
		d.After(time.Second, mark("first too"))
		d.After(time.Minute, mark("late"))
		d.After(500*time.Millisecond, mark("taken back")).Stop()
	})
	s.Step(10 * time.Second)
	want := []string{"first@1s", "first too@1s", "second@2s"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestClockStandsWhileACommandRuns(t *testing.T) {
	s := New(Options{})
	defer s.Close()
	fired := make(chan struct{})
	s.Do(func(d *Device) { d.After(time.Second, func() { close(fired) }) })
	end := s.Begin()
	slept := make(chan error, 1)
	endSleeper := s.Begin()
	go func() {
		defer endSleeper()
		slept <- s.Sleep(context.Background(), 5*time.Second)
	}()
	// The other command runs on: whatever it does, no phone time passes.
	var before, after time.Duration
	for range 100 {
		s.Do(func(d *Device) {
			if before == 0 {
				before = d.Elapsed()
			}
			after = d.Elapsed()
		})
	}
	if before != after {
		t.Errorf("the clock moved from %v to %v while a command ran", before, after)
	}
	select {
	case <-fired:
		t.Error("an event fired while a command ran")
	default:
	}
	end()
	if err := <-slept; err != nil {
		t.Fatal(err)
	}
	<-fired
	s.Do(func(d *Device) {
		if got := d.Elapsed() - before; got != 5*time.Second {
			t.Errorf("sleeping 5s took %v", got)
		}
	})
}

func TestIdleCommandLetsTheClockGo(t *testing.T) {
	s := New(Options{})
	defer s.Close()
	stdin := make(chan struct{})
	idle := make(chan struct{})
	endIdle := s.Begin()
	go func() {
		defer close(idle)
		defer endIdle()
		s.Idle(func() { <-stdin })
	}()
	end := s.Begin()
	defer end()
	if err := s.Sleep(context.Background(), time.Hour); err != nil {
		t.Fatal(err)
	}
	close(stdin)
	<-idle
}

// Two commands due at the same instant act one after the other, in the order in
// which they fell asleep.
func TestSleepersWakeOneAtATime(t *testing.T) {
	s := New(Options{})
	defer s.Close()
	var mu sync.Mutex
	var got []string
	var wg sync.WaitGroup
	hold := s.Begin()
	asleep := make(chan struct{})
	for _, name := range []string{"a", "b", "c"} {
		end := s.Begin()
		wg.Go(func() {
			defer end()
			for i := range 3 {
				if i == 0 {
					asleep <- struct{}{}
				}
				if err := s.Sleep(context.Background(), time.Second); err != nil {
					t.Error(err)
				}
				mu.Lock()
				got = append(got, fmt.Sprint(name, i))
				mu.Unlock()
			}
		})
		<-asleep
		// It counts as asleep once it waits; until then the clock cannot move.
		for {
			s.mu.Lock()
			n := len(s.waiters)
			s.mu.Unlock()
			if n == map[string]int{"a": 1, "b": 2, "c": 3}[name] {
				break
			}
		}
	}
	hold()
	wg.Wait()
	want := []string{"a0", "b0", "c0", "a1", "b1", "c1", "a2", "b2", "c2"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAwaitEndsWithItsCondition(t *testing.T) {
	s := New(Options{})
	defer s.Close()
	ready := false
	s.Do(func(d *Device) { d.After(3*time.Second, func() { ready = true }) })
	end := s.Begin()
	defer end()
	var from time.Duration
	s.Do(func(d *Device) { from = d.Elapsed() })
	if err := s.Await(context.Background(), time.Minute, func(*Device) bool { return ready }); err != nil {
		t.Fatal(err)
	}
	s.Do(func(d *Device) {
		if got := d.Elapsed() - from; got != 3*time.Second {
			t.Errorf("awaiting took %v, want 3s", got)
		}
	})
	if err := s.Await(context.Background(), time.Second, func(*Device) bool { return false }); !errors.Is(err, ErrTimeout) {
		t.Errorf("awaiting the impossible: %v, want ErrTimeout", err)
	}
}

func TestSleepEndsWithItsContext(t *testing.T) {
	s := New(Options{})
	defer s.Close()
	end := s.Begin()
	defer end()
	busy := s.Begin() // keeps the clock still
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Sleep(ctx, time.Hour) }()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	busy()
}

func TestCloseWakesSleepers(t *testing.T) {
	for _, mode := range []Mode{Stepped, RealTime} {
		s := New(Options{Clock: mode})
		end := s.Begin()
		busy := s.Begin()
		done := make(chan error, 1)
		go func() { done <- s.Sleep(context.Background(), time.Hour) }()
		var f *LogFollower
		s.Do(func(d *Device) { f = d.Log.Follow() })
		s.Close()
		if err := <-done; !errors.Is(err, ErrClosed) {
			t.Errorf("mode %d: sleeper got %v", mode, err)
		}
		if _, err := f.Take(context.Background()); !errors.Is(err, ErrClosed) {
			t.Errorf("mode %d: follower got %v", mode, err)
		}
		if err := s.Sleep(context.Background(), 0); !errors.Is(err, ErrClosed) {
			t.Errorf("mode %d: sleep on a closed phone: %v", mode, err)
		}
		end()
		busy()
		s.Close()
	}
}

func TestRealTimeFollowsTheHost(t *testing.T) {
	s := New(Options{Clock: RealTime})
	defer s.Close()
	fired := make(chan struct{})
	from := time.Now()
	s.Do(func(d *Device) { d.After(30*time.Millisecond, func() { close(fired) }) })
	<-fired
	if took := time.Since(from); took < 30*time.Millisecond {
		t.Errorf("an event due in 30ms fired after %v", took)
	}
	end := s.Begin()
	defer end()
	from = time.Now()
	if err := s.Sleep(context.Background(), 20*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(from); took < 20*time.Millisecond {
		t.Errorf("sleeping 20ms took %v", took)
	}
}

// The defaults: 2026-03-02 09:00 UTC, some minutes after boot.
func TestClocksAgree(t *testing.T) {
	s := New(Options{})
	defer s.Close()
	s.Step(90 * time.Second)
	s.Do(func(d *Device) {
		if got, want := d.Now(), time.Date(2026, 3, 2, 9, 1, 30, 0, time.UTC); !got.Equal(want) {
			t.Errorf("wall clock %v, want %v", got, want)
		}
		if got, want := d.Elapsed(), 14*time.Minute+4*time.Second; got != want {
			t.Errorf("elapsed %v, want %v", got, want)
		}
	})
}

// Jitter spreads from -20 % to +30 % and comes from the seed.
func TestJitter(t *testing.T) {
	draw := func(seed int64) (out []time.Duration) {
		s := New(Options{Seed: seed})
		defer s.Close()
		s.Do(func(d *Device) {
			for range 200 {
				out = append(out, d.Jitter(100*time.Millisecond))
			}
		})
		return out
	}
	a := draw(7)
	lo, hi := a[0], a[0]
	for _, v := range a {
		lo, hi = min(lo, v), max(hi, v)
	}
	if lo < 80*time.Millisecond || hi > 130*time.Millisecond || lo > 85*time.Millisecond || hi < 125*time.Millisecond {
		t.Errorf("from %v to %v", lo, hi)
	}
	if diff := cmp.Diff(a, draw(7)); diff != "" {
		t.Error(diff)
	}
	if cmp.Equal(a, draw(8)) {
		t.Error("another seed, the same jitter")
	}
}
