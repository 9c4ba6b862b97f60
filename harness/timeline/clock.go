// Package timeline puts the events of one call in order: when the push was
// sent, when the phone rang, who answered, how it ended. Each event says where
// its time comes from, on which clock it was read, and how far it may be off.
//
// Times come from the phone's own records first (Telecom's history, the log,
// the app's trace) and from looks at the phone last. The package reads no
// phone and judges nothing.
package timeline

import (
	"time"
)

// uptimeStep is the resolution of /proc/uptime (fs/proc/uptime.c prints
// hundredths of a second, cut off).
const uptimeStep = 10 * time.Millisecond

// Sample is the phone's wall clock, read between two readings of its time
// since boot.
type Sample struct {
	Before, After time.Duration
	Wall          time.Time
}

// Clock is how the phone's wall clock and its time since boot lie to each
// other during a call.
type Clock struct {
	// boot is the wall clock's time at boot; it may be off by Uncertainty.
	boot        time.Time
	Uncertainty time.Duration
	// Jumped says that the wall clock was set in the middle: a time read from
	// it cannot be placed.
	Jumped bool
	known  bool
}

// Known reports whether the clocks could be compared at all.
func (c Clock) Known() bool { return c.known && !c.Jumped }

// slew is how fast a clock may be drawn to the right time without a jump: the
// kernel's limit for adjtime is 500 ppm.
const slew = 500e-6

// Align compares the clocks by samples from before and from after the call.
// Each sample brackets the time at boot; all brackets of one side must hold at
// once. Two sides that cannot both hold are a jump.
func Align(before, after []Sample) Clock {
	lo1, hi1, ok1 := bracket(before)
	lo2, hi2, ok2 := bracket(after)
	switch {
	case !ok1 || !ok2:
		// A side that contradicts itself is a jump, one without samples is
		// nothing known.
		return Clock{Jumped: len(before) > 0 && len(after) > 0}
	}
	drift := time.Duration(float64(max(0, after[0].Before-before[0].Before)) * slew)
	lo, hi := later(lo1.Add(-drift), lo2), earlier(hi1.Add(drift), hi2)
	if lo.After(hi) {
		return Clock{Jumped: true}
	}
	return Clock{boot: lo.Add(hi.Sub(lo) / 2), Uncertainty: hi.Sub(lo) / 2, known: true}
}

// bracket is the earliest and the latest wall time at which the phone can have
// booted by all samples.
func bracket(samples []Sample) (lo, hi time.Time, ok bool) {
	for i, s := range samples {
		l, h := s.Wall.Add(-s.After-uptimeStep), s.Wall.Add(-s.Before)
		if i == 0 {
			lo, hi = l, h
			continue
		}
		lo, hi = later(lo, l), earlier(hi, h)
	}
	return lo, hi, len(samples) > 0 && !lo.After(hi)
}

// Elapsed is the time since boot at a moment of the wall clock.
func (c Clock) Elapsed(wall time.Time) time.Duration { return wall.Sub(c.boot) }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
