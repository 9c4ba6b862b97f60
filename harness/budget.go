package harness

import "time"

// Budgets is how long, in the phone's own time, each part of a call may take.
// It is the one table of waits: scenarios name an entry and never a number.
type Budgets struct {
	Launch time.Duration // am start -> activity in front
	Ring   time.Duration // push accepted -> RINGING and shown
	Answer time.Duration // button pressed -> ACTIVE
	End    time.Duration // hang-up, decline or cancel -> nothing left
	Settle time.Duration // a state entered -> verified
	Quiet  time.Duration // how long "must not ring" is watched
	Missed time.Duration // the call is over -> told as missed
	// Latency is push -> RINGING of all but the slowest few of many calls.
	Latency time.Duration
	// Timeout is push -> the app itself has given up ringing and told so.
	Timeout time.Duration
}

// DefaultBudgets are generous: they tell a call that comes late from one that
// never comes, not a fast phone from a slow one.
func DefaultBudgets() Budgets {
	return Budgets{
		Launch: 15 * time.Second,
		Ring:   10 * time.Second,
		Answer: 8 * time.Second,
		End:    5 * time.Second,
		Settle: 10 * time.Second,
		Quiet:  12 * time.Second,
		Missed: 5 * time.Second,
		// Calls that users called late in public issues came after 4 s and more.
		Latency: 3 * time.Second,
		// Telecom flags a ring of more than a minute (CallAnomalyWatchdog).
		Timeout: 75 * time.Second,
	}
}
