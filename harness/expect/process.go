package expect

import (
	"fmt"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/activity"
	"github.com/ringproof/ringproof/harness/facts"
)

// Process wants the app's process to live.
func Process() Condition {
	return process("process.alive", "a living process of the app", func(n int) bool { return n > 0 })
}

// NoProcess wants no process of the app.
func NoProcess() Condition {
	return process("process.none", "no process of the app", func(n int) bool { return n == 0 })
}

func process(fact, wanted string, ok func(n int) bool) Condition {
	return condition{
		fact: fact, wanted: wanted, kinds: []facts.Kind{facts.Process},
		check: func(s facts.Snapshot) Result {
			pids, known := s.PIDs.Get()
			switch {
			case !known:
				return Result{Unknown, "a process table that does not tell"}
			case ok(len(pids)):
				return Result{Met, seenPIDs(pids)}
			}
			return Result{NotYet, seenPIDs(pids)}
		},
	}
}

func seenPIDs(pids []int) string {
	if len(pids) == 0 {
		return "no process of the app"
	}
	return "process " + strings.Trim(fmt.Sprint(pids), "[]")
}

// PID wants exactly the process that lived before: the app did not crash and
// start again in between.
func PID(pids []int) Condition {
	return condition{
		fact: "process.same", wanted: "the same " + seenPIDs(pids) + " as before", kinds: []facts.Kind{facts.Process},
		check: func(s facts.Snapshot) Result {
			now, known := s.PIDs.Get()
			switch {
			case !known:
				return Result{Unknown, "a process table that does not tell"}
			case fmt.Sprint(now) == fmt.Sprint(pids):
				return Result{Met, seenPIDs(now)}
			}
			return Result{Never, seenPIDs(now)}
		},
	}
}

// Stopped wants the app's stopped state as PackageManager has it.
func Stopped(want bool) Condition {
	return condition{
		fact: "package.stopped", wanted: fmt.Sprintf("stopped=%t for the app", want), kinds: []facts.Kind{facts.Package},
		check: func(s facts.Snapshot) Result {
			u, _ := s.User().Get()
			v, known := u.Stopped.Get()
			switch {
			case !known:
				return Result{Unknown, "a dump that does not tell the stopped state"}
			case v == want:
				return Result{Met, fmt.Sprintf("stopped=%t", v)}
			}
			return Result{NotYet, fmt.Sprintf("stopped=%t", v)}
		},
	}
}

// BadExit says that a process ended as no process should: by a crash, or
// because it did not answer.
func BadExit(e activity.Exit) bool {
	return strings.Contains(e.Reason, "CRASH") || strings.HasPrefix(e.Reason, "ANR")
}

// SeenExit is a bad exit in words.
func SeenExit(e activity.Exit) string {
	if strings.HasPrefix(e.Reason, "ANR") {
		return "the app did not respond at " + e.Timestamp
	}
	return "the app crashed at " + e.Timestamp
}

// NoExits wants no crash and no ANR of the app but those that were known
// before, by their time stamps (API 30).
func NoExits(known map[string]bool) Condition {
	return condition{
		fact: "process.exits", wanted: "no crash and no ANR of the app", kinds: []facts.Kind{facts.Exits},
		check: func(s facts.Snapshot) Result {
			exits, ok := s.Exits.Exits.Get()
			if !ok {
				return Result{Unknown, "a dump that does not tell how processes ended"}
			}
			for _, e := range exits {
				if e.Package == s.App.Package && BadExit(e) && !known[e.Timestamp] {
					seen := SeenExit(e)
					if e.Description != "" {
						seen += ": " + e.Description
					}
					return Result{Never, seen}
				}
			}
			return Result{Met, "none"}
		},
	}
}

// NoWakeLock wants the app to hold no wake lock.
func NoWakeLock() Condition {
	return noWakeLock("power.wake-lock", "no wake lock of the app", "")
}

// NoProximity wants no wake lock of the app that turns the screen off at the ear
// (the dump names packages from API 34).
func NoProximity() Condition {
	return noWakeLock("power.proximity", "no proximity wake lock of the app", "PROXIMITY_")
}

// noWakeLock wants the app to hold no wake lock of a kind that begins so.
func noWakeLock(fact, wanted, kind string) Condition {
	return condition{
		fact: fact, wanted: wanted, kinds: []facts.Kind{facts.Power},
		check: func(s facts.Snapshot) Result {
			locks, known := s.Power.WakeLocks.Get()
			if !known {
				return Result{Unknown, "a dump that does not tell the wake locks"}
			}
			for _, l := range locks {
				if strings.HasPrefix(l.Kind, kind) && l.Package.Or("") == s.App.Package {
					return Result{NotYet, fmt.Sprintf("%s %q", l.Kind, l.Tag)}
				}
			}
			return Result{Met, wanted}
		},
	}
}
