package android

import (
	"container/heap"
	"context"
	"time"
)

// event is something due at an instant. Events of one instant run in the order
// in which they were made.
type event struct {
	at    time.Duration
	seq   uint64
	fn    func()
	index int
	dead  bool
}

type eventQueue []*event

func (q eventQueue) Len() int { return len(q) }
func (q eventQueue) Less(i, j int) bool {
	if q[i].at != q[j].at {
		return q[i].at < q[j].at
	}
	return q[i].seq < q[j].seq
}
func (q eventQueue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}
func (q *eventQueue) Push(x any) {
	e := x.(*event)
	e.index = len(*q)
	*q = append(*q, e)
}
func (q *eventQueue) Pop() any {
	old := *q
	e := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	e.index = -1
	return e
}

// Timer is a pending event that can be taken back.
type Timer struct {
	s *System
	e *event
}

// Stop takes the event back. It does nothing when it already ran.
func (t *Timer) Stop() {
	if t == nil || t.e == nil {
		return
	}
	t.e.dead = true
	if t.e.index >= 0 && t.e.index < len(t.s.queue) && t.s.queue[t.e.index] == t.e {
		heap.Remove(&t.s.queue, t.e.index)
	}
}

// waiter is a Sleep, Await or Step in progress.
type waiter struct {
	wake  time.Duration
	cond  func(d *Device) bool
	began bool
	ready chan error
}

func (w *waiter) finish(err error) { w.ready <- err }

// after schedules fn. Caller holds the lock.
func (s *System) after(delay time.Duration, fn func()) *Timer {
	if delay < 0 {
		delay = 0
	}
	s.nextEvent++
	e := &event{at: s.now + delay, seq: s.nextEvent, fn: fn}
	if !s.closed {
		heap.Push(&s.queue, e)
	}
	return &Timer{s: s, e: e}
}

// refresh reads the host's clock in RealTime mode. The clock never goes back and
// never passes an event that has not run yet.
func (s *System) refresh() {
	if s.opts.Clock != RealTime || s.closed {
		return
	}
	now := s.opts.Uptime + time.Since(s.origin)
	if !s.advancing {
		s.runUntil(now)
	}
	if now > s.now {
		s.now = now
	}
}

// runUntil runs the events due up to t, and checks conditions after each.
func (s *System) runUntil(t time.Duration) {
	s.advancing = true
	defer func() { s.advancing = false }()
	for len(s.queue) > 0 && s.queue[0].at <= t {
		s.runNext()
		s.checkConds()
	}
}

func (s *System) runNext() {
	e := heap.Pop(&s.queue).(*event)
	if e.at > s.now {
		s.now = e.at
	}
	if !e.dead {
		e.dead = true
		e.fn()
		s.dev.Processes.updateStates()
	}
}

// changed is called with the lock held whenever the state, the queue or the
// number of running commands changed.
func (s *System) changed() {
	if s.closed || s.advancing {
		return
	}
	if s.opts.Clock == RealTime {
		s.checkConds()
		select {
		case s.kick <- struct{}{}:
		default:
		}
		return
	}
	s.advance()
}

// advance moves the stepped clock as far as it may: event by event up to the
// earliest waiter's wake. It wakes one waiter at a time, so that two commands due
// at the same instant act one after the other, in the order they went to sleep.
func (s *System) advance() {
	s.advancing = true
	defer func() { s.advancing = false }()
	for s.running <= 0 && len(s.waiters) > 0 {
		if s.checkConds() {
			continue
		}
		w := s.earliest()
		if len(s.queue) > 0 && s.queue[0].at <= w.wake {
			s.runNext()
			continue
		}
		if w.wake > s.now {
			s.now = w.wake
		}
		s.release(w, ErrTimeout)
	}
}

func (s *System) earliest() *waiter {
	best := s.waiters[0]
	for _, w := range s.waiters[1:] {
		if w.wake < best.wake { // equal ones: the list is in order of arrival
			best = w
		}
	}
	return best
}

// checkConds releases waiters whose condition holds: all of them by the host's
// clock, the longest waiting one on the stepped clock, where commands act one
// after the other.
func (s *System) checkConds() (released bool) {
	for i := 0; i < len(s.waiters); i++ {
		w := s.waiters[i]
		if w.cond == nil || !w.cond(s.dev) {
			continue
		}
		s.release(w, nil)
		if s.opts.Clock == Stepped {
			return true
		}
		released = true
		i--
	}
	return released
}

func (s *System) release(w *waiter, err error) {
	for i, o := range s.waiters {
		if o == w {
			s.waiters = append(s.waiters[:i], s.waiters[i+1:]...)
			break
		}
	}
	if w.began {
		s.running++
	}
	w.finish(err)
}

func (s *System) wait(ctx context.Context, d time.Duration, cond func(*Device) bool, began bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return ErrClosed
	}
	s.refresh()
	if cond != nil && cond(s.dev) {
		s.mu.Unlock()
		return nil
	}
	if d < 0 {
		d = 0
	}
	w := &waiter{wake: s.now + d, cond: cond, began: began, ready: make(chan error, 1)}
	s.waiters = append(s.waiters, w)
	if began {
		s.running--
	}
	s.changed()
	s.mu.Unlock()

	select {
	case err := <-w.ready:
		return err
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case err := <-w.ready: // it was released while ctx ended
		return err
	default:
	}
	s.release(w, nil)
	<-w.ready //nolint:errcheck // the nil of the line before
	return ctx.Err()
}

// realTimeLoop fires events and wakes waiters by the host's clock.
func (s *System) realTimeLoop() {
	defer s.loop.Done()
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		s.mu.Lock()
		s.refresh()
		for _, w := range append([]*waiter(nil), s.waiters...) {
			if w.wake <= s.now {
				s.release(w, ErrTimeout)
			}
		}
		next := time.Hour
		if len(s.queue) > 0 {
			next = s.queue[0].at - s.now
		}
		for _, w := range s.waiters {
			next = min(next, w.wake-s.now)
		}
		s.mu.Unlock()
		timer.Reset(max(next, 0))
		select {
		case <-s.done:
			return
		case <-s.kick:
		case <-timer.C:
		}
	}
}
