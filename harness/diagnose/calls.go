package diagnose

import (
	"fmt"
	"time"

	"github.com/ringproof/ringproof/harness/dumpsys/telecom"
)

// callRules go from how the app's calls went, one beside the other, to what
// the app makes of them.
func callRules() []rule {
	return []rule{
		{
			id: "app.ends-others", sentence: "the app ended one call because of what happened to another",
			remedy: "keep calls apart by session: what ends or begins one must not touch another",
			only:   []string{"telecom.call", "telecom.same-call", "notification.missed", "notification.call", "telecom.swapped"},
			when: func(c *Case) []string {
				mine := c.records()
				for i, r := range mine {
					end, ok := r.Event("SET_DISCONNECTED").Get()
					if why, known := r.Cause().Get(); !ok || !known || why.Code != "LOCAL" {
						continue
					}
					for j, o := range mine {
						if i == j {
							continue
						}
						for _, name := range []string{"CREATED", "SET_DISCONNECTED"} {
							if e, ok := o.Event(name).Get(); ok && e.At.Round(time.Second) == end.At.Round(time.Second) {
								return []string{
									fmt.Sprintf("telecom: %s ended LOCAL at %s", r.ID, clock(end.At)),
									fmt.Sprintf("telecom: %s: %s at %s", o.ID, e.Name, clock(e.At)),
								}
							}
						}
					}
				}
				return nil
			},
		},
		{
			id: "app.tells-missed", sentence: "the app tells of a missed call that nobody missed: it was declined or answered, here or on another phone of the user",
			remedy: "tell of a missed call only when a ring ended by cancelled, unanswered or its own time-out",
			only:   []string{"notification.no-missed"},
			when: func(c *Case) []string {
				var said []string
				for _, r := range c.Now.MissedNotifications().Or(nil) {
					said = append(said, fmt.Sprintf("notification %s: channel %s", r.Key, r.Channel))
				}
				if len(said) == 0 {
					return nil
				}
				return append(said, c.happened("SET_DISCONNECTED")...)
			},
		},
	}
}

// lostRules explain an answered call that is gone when nothing else does.
func lostRules() []rule {
	return []rule{
		{
			id: "app.ended-itself", sentence: "the app ended a call that was answered, and nobody asked it to",
			remedy: "end a call when its user or its other side does: not when a screen is destroyed, hidden or swiped away",
			only:   []string{"telecom.call", "telecom.same-call"},
			when: func(c *Case) []string {
				p, r := c.lastPush(), c.Now.LastRecord()
				if p == nil || p.Kind == Stop || r == nil || !c.noCall() || !r.Event("SET_ACTIVE").Known() {
					return nil
				}
				why, ok := r.Cause().Get()
				if !ok || why.Code == "ERROR" || why.Code == "UNKNOWN" {
					return nil
				}
				return append(c.happened("SET_ACTIVE"), c.happened("SET_DISCONNECTED")...)
			},
		},
	}
}

// records are Telecom's records of the app's calls, oldest first.
func (c *Case) records() []telecom.Record {
	var mine []telecom.Record
	for _, r := range c.Now.Telecom.History.Or(nil) {
		if a, ok := r.Account.Get(); ok && a.Package == c.Now.App.Package {
			mine = append(mine, r)
		}
	}
	return mine
}

// clock is a time of day as Telecom prints it.
func clock(at time.Duration) string {
	return fmt.Sprintf("%02d:%02d:%06.3f", int(at.Hours()), int(at.Minutes())%60, (at % time.Minute).Seconds())
}
