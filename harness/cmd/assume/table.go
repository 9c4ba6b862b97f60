package assume

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/dumpsys/logcat"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/state"
	"github.com/ringproof/ringproof/scenarios"
)

// assumption is one row: what is tried, and what a phone is expected to make of
// it.
type assumption struct {
	id, about string
	needs     scenarios.Needs
	door      harness.Door
	expect    func(harness.Probe) Seen
	// run tries it and tells what it sees; a row that sees nothing new before
	// it fails is wrong.
	run func(see func(Seen)) harness.Step
}

// since is the first API level on which a state can be entered from adb's
// shell; a state that is not named can be from 26 on.
//
// Sources: AppOpsManager, PackageManager and the shell commands of ActivityManager,
// NotificationManager, StatusBar, Connectivity, Power and LockSettings services,
// release by release.
var since = map[string]int{ // read-only table
	"denied POST_NOTIFICATIONS": 33, // the permission is new
	"denied BLUETOOTH_CONNECT":  31,
	"full-screen-denied":        34, // the app op is new
	"background-restricted":     28, // RUN_ANY_IN_BACKGROUND
	"frozen":                    34, // am freeze
	"standby-working-set":       28, // app standby buckets
	"standby-frequent":          28,
	"standby-rare":              28,
	"standby-restricted":        30,
	"total-silence":             30, // cmd notification set_dnd
	"priority-only":             30,
	"ringer-vibrates":           28, // cmd media_session volume
	"status-bar-off":            30, // cmd statusbar send-disable-flag
	"airplane":                  30, // cmd connectivity airplane-mode
	"battery-saver":             28, // cmd power set-mode
}

// screened are the states of the lock screen, which a phone with a credential
// of its own is spared.
var screened = map[string]bool{"locked-swipe": true, "locked-secure": true} // read-only table

func stateExpected(name, maker string) func(harness.Probe) Seen {
	return func(p harness.Probe) Seen {
		switch {
		case screened[name] && (p.Credential || !p.Keyguard):
			return Unsupported
		case maker != "" && !strings.EqualFold(p.Maker, maker):
			return Unsupported
		case p.API < since[name]:
			return Unsupported
		}
		return Holds
	}
}

// always expects the same of every phone.
func always(s Seen) func(harness.Probe) Seen { return func(harness.Probe) Seen { return s } }

// table is every assumption: the states' own table first.
func table() []assumption {
	var rows []assumption
	for _, s := range state.All() {
		needs := scenarios.Needs{Inject: true}
		if screened[s.Name] {
			needs.Credential = true
		}
		rows = append(rows, assumption{
			id: "state/" + strings.ReplaceAll(s.Name, " ", "-"), about: "the state " + s.Name + " is entered, seen and left",
			needs: needs, expect: stateExpected(s.Name, s.Maker),
			run: func(see func(Seen)) harness.Step {
				return harness.StepFunc(func(ctx context.Context, a *harness.App) error {
					see(NotEntered)
					if err := harness.Enter(func() state.State { return s }).Do(ctx, a); err != nil {
						if errors.Is(err, state.ErrUnsupported) {
							see(Unsupported)
						}
						return err
					}
					see(Holds)
					return nil
				})
			},
		})
	}
	return append(rows, others()...)
}

// others are the assumptions about pushes, keys, windows and the log.
func others() []assumption {
	inject := scenarios.Needs{Inject: true}
	return []assumption{
		{
			id: "push/debug", about: "a push through the debug receiver rings, and stops ringing when it is called off",
			needs: inject, door: harness.DebugDoor, expect: always(Rings), run: rings,
		},
		{
			id: "push/root", about: "a push through Firebase's own receiver, sent as root, rings and stops",
			needs: inject, door: harness.RootDoor, run: rings,
			expect: func(p harness.Probe) Seen {
				if p.Root {
					return Rings
				}
				return Unsupported
			},
		},
		{
			id: "push/stopped", about: "a push to a force-stopped app is taken by nobody, and starts nothing",
			needs: inject, expect: always(Nobody),
			run: func(see func(Seen)) harness.Step {
				return harness.Steps(
					harness.Enter(state.ForceStopped),
					harness.PushRefused(harness.Initiated),
					harness.Stays(expect.All(expect.NoCall(), expect.NoProcess(), expect.Stopped(true))),
					saw(see, Nobody),
				)
			},
		},
		{
			id: "headset-key", about: "the key of a headset answers a ringing call and ends it",
			needs: inject, expect: always(Answers),
			run: func(see func(Seen)) harness.Step {
				return harness.Steps(
					ringing(),
					harness.PressHook(),
					answered(see, Answers),
				)
			},
		},
		{
			id: "heads-up-tree", about: "the heads-up of a call is in the window tree, with its buttons",
			needs: inject,
			expect: func(p harness.Probe) Seen {
				if p.API >= 31 { // uiautomator dump --windows
					return Present
				}
				return Absent
			},
			run: func(see func(Seen)) harness.Step {
				return harness.Steps(
					ringing(),
					saw(see, Absent),
					harness.PressAnswerOnTop(),
					answered(see, Present),
				)
			},
		},
		{
			id: "log/telecom", about: "adb's shell reads Telecom's lines about a call in the log",
			needs: inject, expect: always(Present), run: logged("Telecom", "TelecomFramework"),
		},
		{
			id: "log/events", about: "adb's shell reads in the log of events that a process started and a notification was posted",
			needs: inject, expect: always(Present), run: logged("am_proc_start", "notification_enqueue"),
		},
	}
}

// logged has a call ring and looks for its traces in the log.
func logged(tags ...string) func(func(Seen)) harness.Step {
	return func(see func(Seen)) harness.Step {
		return harness.Steps(
			ringing(),
			harness.StepFunc(func(ctx context.Context, a *harness.App) error {
				e, err := a.Evidence(ctx)
				if err != nil {
					return err
				}
				if slices.ContainsFunc(e.Log, func(l logcat.Line) bool { return slices.Contains(tags, l.Tag) }) {
					see(Present)
					return nil
				}
				see(Absent)
				return fmt.Errorf("none of %d lines is tagged %s", len(e.Log), strings.Join(tags, " or "))
			}),
			calledOff(),
		)
	}
}

// saw tells what was shown by then.
func saw(see func(Seen), s Seen) harness.Step {
	return harness.StepFunc(func(context.Context, *harness.App) error { see(s); return nil })
}

// ringing has a call ring while another app has the screen.
func ringing() harness.Step {
	return harness.Steps(
		harness.Enter(state.Background),
		harness.Push(harness.Initiated),
		harness.Await(expect.All(expect.Ringing(), expect.CallNotification()), harness.ByRing),
	)
}

// answered waits for the call to be answered, tells what that showed, and ends
// the call by the key.
func answered(see func(Seen), s Seen) harness.Step {
	return harness.Steps(
		harness.Await(expect.Active(), harness.ByAnswer),
		saw(see, s),
		harness.PressHook(),
		harness.Await(expect.Silent(), harness.ByEnd),
	)
}

func calledOff() harness.Step {
	return harness.Steps(harness.Push(harness.Cancelled), harness.Await(expect.Silent(), harness.ByEnd))
}

func rings(see func(Seen)) harness.Step {
	return harness.Steps(ringing(), calledOff(), saw(see, Rings))
}
