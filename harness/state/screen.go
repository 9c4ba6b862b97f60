package state

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ringproof/ringproof/harness/dumpsys/activity"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/facts"
)

// SwipedAway: the user swiped the app out of the recents. Its process may live
// on or not; a maker that force-stops it is told by the flag. The system ends a
// process a while after its task ("remove task"), and a push that comes in between
// would be lost with it.
func SwipedAway() State {
	return State{
		Name: "swiped-away", Order: 25, Again: true, Stays: true, Settles: 3 * time.Second,
		Enter: func(ctx context.Context, t Target) error {
			out, err := t.Do(ctx, "look for the app's tasks", "dumpsys activity activities")
			if err != nil {
				return err
			}
			// A dump with a gap tells what it can: the verification decides.
			said, _ := activity.Parse([]byte(out))
			var tasks []int
			for _, a := range said.ActivitiesOf(t.Package()).Or(nil) {
				tasks = append(tasks, a.Task)
			}
			slices.Sort(tasks)
			for _, id := range slices.Compact(tasks) {
				// A task that ended meanwhile is an error there; the verification decides.
				if _, err := t.Do(ctx, "remove a task", fmt.Sprintf("am stack remove %d >/dev/null 2>&1 || true", id)); err != nil {
					return err
				}
			}
			return nil
		},
		Verify: expect.All(expect.NoTask(), expect.NotInFront()),
	}
}

// StayAwakeOff: the developer option that keeps a charging phone awake is off.
func StayAwakeOff() State {
	return State{
		Name: "stay-awake-off", Order: 80,
		Enter: func(ctx context.Context, t Target) error {
			return setting(ctx, t, "let the screen go off on the charger", "global", "stay_on_while_plugged_in", "0")
		},
		Verify: expect.Switched(facts.StayOn, "0"),
	}
}

// HeadsUpOff: nothing peeks from the top of the screen.
//
// There is no such state for a channel that its user lowered. `cmd notification`
// has set_bubbles_channel and nothing for importance (NotificationShellCmd), the
// binder call behind Settings is for the system alone, and what an app lowers
// itself is not the user's choice. A walk through Settings would be another one
// for each maker and language.
func HeadsUpOff() State {
	return State{
		Name: "heads-up-off", Order: 60,
		Enter: func(ctx context.Context, t Target) error {
			return setting(ctx, t, "switch heads-ups off", "global", "heads_up_notifications_enabled", "0")
		},
		Verify: expect.Switched(facts.HeadsUp, "0"),
	}
}

// StatusBarOff: the status bar cannot be pulled down, as on phones in lock task
// mode or under a device policy (API 30 has the command).
func StatusBarOff() State {
	return State{
		Name: "status-bar-off", Order: 62, Since: 30,
		Enter: func(ctx context.Context, t Target) error {
			return t.Change(ctx, "keep the status bar from expanding", "cmd statusbar send-disable-flag statusbar-expansion",
				"cmd statusbar send-disable-flag none")
		},
		Verify: expect.NoExpanding(),
	}
}

// LockedSwipe: the screen is off behind a keyguard that a swipe sends away.
func LockedSwipe() State {
	return State{
		Name: "locked-swipe", Order: 90,
		Enter: func(ctx context.Context, t Target) error {
			if err := dark(ctx, t); err != nil {
				return err
			}
			out, err := t.Do(ctx, "ask for the lock screen", "locksettings get-disabled")
			if err != nil {
				return err
			}
			if strings.TrimSpace(out) == "true" {
				if err := t.Change(ctx, "have a lock screen", "locksettings set-disabled false", "locksettings set-disabled true"); err != nil {
					return err
				}
			}
			return t.Change(ctx, "turn the screen off", "input keyevent 223", wake)
		},
		Verify: expect.SwipeLocked(),
	}
}

// dark lets the screen go off, and locks the phone at once when it does.
func dark(ctx context.Context, t Target) error {
	for _, s := range [][4]string{
		{"lock at once when the screen goes off", "secure", "lock_screen_lock_after_timeout", "0"},
		{"let the screen go off on the charger", "global", "stay_on_while_plugged_in", "0"},
	} {
		if err := setting(ctx, t, s[0], s[1], s[2], s[3]); err != nil {
			return err
		}
	}
	return nil
}
