// Package state is the table of conditions that a phone and its app are put
// into before a push: how each is entered, how one verifies that it holds, and
// how it is left again.
//
// A state that cannot be verified is not entered. States know phones and
// expectations, and no scenario.
package state

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/harness/expect"
)

// Target is what a state needs of a phone and the app on it.
type Target interface {
	Serial() string
	// Do runs a script that must succeed.
	Do(ctx context.Context, what, script string) (string, error)
	// Change runs do after undo was written to the phone's journal.
	Change(ctx context.Context, what, do, undo string) error
	// Package and LaunchComponent name the app and the activity that opens it.
	Package() string
	LaunchComponent() string
}

// State is one row of the table.
type State struct {
	Name string
	// Order is the place in which states are entered when several are wanted:
	// what a later one does may undo an earlier one, never the other way round.
	// Unplugging wakes phones, revoking kills apps, so the screen comes last.
	Order int
	// Since is the first API level that has the state, 0 for all that there are
	// harnesses for. A refused change leaves an undo that is refused as well, so
	// that nobody could use the phone any more: it is not even tried.
	Since int
	// Maker is the only maker whose phones have the state, as in
	// ro.product.manufacturer; "" for what Android has.
	Maker string
	// Enter puts the phone into the state. It is called again before every
	// look if Again, for what Android does only when it is ready for it.
	Enter func(ctx context.Context, t Target) error
	Again bool
	// Stays says that nobody puts it back: where the app is, until somebody
	// opens it again. So does what the phone's owner may have had all along and
	// preparing the app lifted: the end of the lease brings it back. Every other
	// state is gone when the lease ends.
	Stays bool
	// Settles is how long the phone may go on acting on it once it is seen, with
	// nothing that would tell of the end.
	Settles time.Duration
	// Verify is how one sees that the state holds.
	Verify expect.Condition
}

// TestPIN is the one credential that the harness ever sets, on phones without
// one of their own. It is public: it protects nothing.
const TestPIN = "1234"

// All is the table, in the canonical order.
func All() []State {
	return Sorted([]State{
		Denied(PostNotifications)(), Denied(RecordAudio)(), Denied(BluetoothConnect)(), FullScreenDenied(), BackgroundRestricted(), XiaomiLockScreenDenied(), XiaomiPopUpDenied(),
		Foreground(), Background(), SwipedAway(), Killed(), Frozen(), ForceStopped(),
		StandbyWorkingSet(), StandbyFrequent(), StandbyRare(), StandbyRestricted(),
		TotalSilence(), PriorityOnly(), RingerVibrates(), WorkProfile(), OtherUser(), PIN(), DataSaver(), HeadsUpOff(), StatusBarOff(), Airplane(), BatterySaver(), StayAwakeOff(),
		LockedSwipe(), LockedSecure(), LightDoze(), DeepDoze(),
	})
}

// Foreground: the app is in front.
func Foreground() State {
	return State{
		Name: "foreground", Order: 10, Stays: true,
		Enter: func(ctx context.Context, t Target) error {
			_, err := t.Do(ctx, "open the app", open(t))
			return err
		},
		Verify: expect.All(expect.InFront(), expect.Process()),
	}
}

// Background: the app's process lives behind the home screen.
func Background() State {
	return State{
		Name: "background", Order: 20, Stays: true,
		Enter: func(ctx context.Context, t Target) error {
			_, err := t.Do(ctx, "open the app and go home", open(t)+"\n"+home)
			return err
		},
		Verify: expect.All(expect.NotInFront(), expect.Process(), expect.Stopped(false)),
	}
}

// Killed: Android reclaimed the process of the cached app. am kill does
// nothing while the process is more than cached, so it is asked again.
func Killed() State {
	return State{
		Name: "killed", Order: 30, Again: true, Stays: true,
		Enter: func(ctx context.Context, t Target) error {
			_, err := t.Do(ctx, "kill the cached process", home+"\nam kill "+adb.Quote(t.Package()))
			return err
		},
		Verify: expect.All(expect.NoProcess(), expect.Stopped(false), expect.NotInFront()),
	}
}

// ForceStopped: the user stopped the app; only the user opens it again.
func ForceStopped() State {
	return State{
		Name: "force-stopped", Order: 30,
		Enter: func(ctx context.Context, t Target) error {
			return t.Change(ctx, "force-stop the app", "am force-stop "+adb.Quote(t.Package()), IfInstalled(t.Package(), open(t)+"\n"+home))
		},
		Verify: expect.All(expect.NoProcess(), expect.Stopped(true)),
	}
}

// LockedSecure: the screen is off behind a keyguard that wants the test PIN.
// The phone must have no credential of its own.
func LockedSecure() State {
	return State{
		Name: "locked-secure", Order: 90,
		Enter: func(ctx context.Context, t Target) error {
			if err := dark(ctx, t); err != nil {
				return err
			}
			if err := t.Change(ctx, "set the test PIN", "locksettings set-pin "+TestPIN, clearPIN); err != nil {
				return err
			}
			return t.Change(ctx, "turn the screen off", "input keyevent 223", wake)
		},
		Verify: expect.Locked(),
	}
}

// clearPIN is safe to repeat: it fails only when a credential is still set
// afterwards. get-disabled prints true or false on a phone without one and an
// error about the old credential on a phone with one.
const clearPIN = `input keyevent 224
said=$(locksettings clear --old ` + TestPIN + ` 2>&1)
case "$(locksettings get-disabled 2>/dev/null)" in
true|false) wm dismiss-keyguard;;
*) echo "Error: the test PIN is still set: $said"; exit 1;;
esac`

const (
	home = "input keyevent 3"
	wake = "input keyevent 224; wm dismiss-keyguard"
)

// IfInstalled is an undo that has nothing to do once the app is gone: a phone
// must not stay unusable because somebody uninstalled what was changed.
func IfInstalled(pkg, undo string) string {
	return "pm path " + adb.Quote(pkg) + " >/dev/null 2>&1 || exit 0\n" + undo
}

func open(t Target) string { return "am start -W -n " + adb.Quote(t.LaunchComponent()) }

// setting puts a setting and remembers how it was.
func setting(ctx context.Context, t Target, what, ns, key, value string) error {
	old, err := t.Do(ctx, "read "+key, "settings get "+ns+" "+key)
	if err != nil {
		return err
	}
	old = strings.TrimSpace(old)
	if old == value {
		return nil
	}
	undo := fmt.Sprintf("settings put %s %s %s", ns, key, adb.Quote(old))
	if old == "null" {
		undo = fmt.Sprintf("settings delete %s %s", ns, key)
	}
	return t.Change(ctx, what, fmt.Sprintf("settings put %s %s %s", ns, key, adb.Quote(value)), undo)
}

// Sorted puts states into the canonical order.
func Sorted(states []State) []State {
	s := slices.Clone(states)
	slices.SortStableFunc(s, func(a, b State) int { return a.Order - b.Order })
	return s
}
