package state

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/harness/dumpsys/standby"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/facts"
)

// ErrUnsupported says that a phone cannot be put into a state, for a reason
// that is neither the app's fault nor anything broken.
var ErrUnsupported = errors.New("this phone cannot be put into the state")

// The standby buckets that a user's habits put apps into. Opening an app makes
// it active again, so they come after that.
func StandbyWorkingSet() State { return bucket(standby.WorkingSet) }
func StandbyFrequent() State   { return bucket(standby.Frequent) }
func StandbyRare() State       { return bucket(standby.Rare) }
func StandbyRestricted() State { return bucket(standby.Restricted) } // API 30

func bucket(b standby.Bucket) State {
	since := 28
	if b == standby.Restricted {
		since = 30
	}
	return State{
		Since: since,
		Name:  "standby-" + strings.ReplaceAll(b.String(), "_", "-"), Order: 40, Again: true,
		Enter: func(ctx context.Context, t Target) error {
			pkg := adb.Quote(t.Package())
			out, err := t.Do(ctx, "read the standby bucket", "am get-standby-bucket "+pkg)
			if err != nil {
				return err
			}
			was := strings.TrimSpace(out)
			if was == strconv.Itoa(int(b)) {
				return nil
			}
			if _, err := strconv.Atoi(was); err != nil {
				was = "active"
			}
			return t.Change(ctx, "set the standby bucket", "am set-standby-bucket "+pkg+" "+b.String(), IfInstalled(t.Package(), "am set-standby-bucket "+pkg+" "+was))
		},
		Verify: expect.Bucket(b),
	}
}

// unplug takes the phone off its charger, as far as it knows. It wakes many
// phones, so the screen goes off after it.
const unplug, plug = "dumpsys battery unplug", "dumpsys battery reset"

// DeepDoze: the phone lies still, off the charger and dark, and sleeps deeply.
func DeepDoze() State { return doze("deep", expect.DeepDoze()) }

// LightDoze: the same for some minutes, after which the phone sleeps lightly.
func LightDoze() State { return doze("light", expect.LightDoze()) }

func doze(kind string, verify expect.Condition) State {
	return State{
		Name: kind + "-doze", Order: 95,
		Enter: func(ctx context.Context, t Target) error {
			return t.Change(ctx, "force "+kind+" Doze", unplug+"\ninput keyevent 223\ncmd deviceidle force-idle "+kind,
				"cmd deviceidle unforce\n"+plug+"\n"+wake)
		},
		Verify: expect.All(verify, expect.ScreenOff()),
	}
}

// BatterySaver: the user, or a low battery, switched it on. A phone on its
// charger refuses it, and learns a while after it that it is unplugged.
func BatterySaver() State {
	return State{
		Name: "battery-saver", Order: 70, Since: 28, Again: true,
		Enter: func(ctx context.Context, t Target) error {
			out, err := t.Do(ctx, "read low_power", "settings get global low_power")
			if err != nil || strings.TrimSpace(out) == "1" {
				return err
			}
			return t.Change(ctx, "switch battery saver on", unplug+"\ncmd power set-mode 1", "cmd power set-mode 0\n"+plug)
		},
		Verify: expect.Switched(facts.LowPower, "1"),
	}
}

// DataSaver: apps in the background get no data on metered networks.
func DataSaver() State {
	const set, get = "cmd netpolicy set restrict-background ", "cmd netpolicy get restrict-background"
	return State{
		Name: "data-saver", Order: 60,
		Enter: func(ctx context.Context, t Target) error {
			out, err := t.Do(ctx, "read data saver", get)
			if err != nil || strings.Contains(out, "enabled") {
				return err
			}
			return t.Change(ctx, "switch data saver on", set+"true", set+"false")
		},
		Verify: expect.Switched(facts.RestrictBackground, "enabled"),
	}
}

// Airplane: all radios are off. A phone that adb reaches over them would be
// lost, so it takes a cable (API 30).
func Airplane() State {
	return State{
		Name: "airplane", Order: 65, Since: 30,
		Enter: func(ctx context.Context, t Target) error {
			if strings.Contains(t.Serial(), ":") {
				return fmt.Errorf("%w: adb reaches it over the network that would be switched off", ErrUnsupported)
			}
			out, err := t.Do(ctx, "read airplane_mode_on", "settings get global airplane_mode_on")
			if err != nil || strings.TrimSpace(out) == "1" {
				return err
			}
			return t.Change(ctx, "switch airplane mode on", "cmd connectivity airplane-mode enable", "cmd connectivity airplane-mode disable")
		},
		Verify: expect.Switched(facts.Airplane, "1"),
	}
}

// Frozen: the process is cached and gets no time to run until something is
// sent to it (API 34 has the command). Whatever is sent to it ends the state.
func Frozen() State {
	return State{
		Name: "frozen", Order: 30, Since: 34, Stays: true,
		Enter: func(ctx context.Context, t Target) error {
			pkg := adb.Quote(t.Package())
			return t.Change(ctx, "freeze the app's process", "am freeze "+pkg, "am unfreeze "+pkg+" >/dev/null 2>&1 || true")
		},
		Verify: expect.Frozen(),
	}
}
