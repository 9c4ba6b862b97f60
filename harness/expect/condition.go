package expect

import (
	"fmt"
	"strconv"

	"github.com/ringproof/ringproof/harness/dumpsys/appops"
	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/standby"
	"github.com/ringproof/ringproof/harness/facts"
)

// Permission wants a runtime permission of the app granted or not.
func Permission(name string, granted bool) Condition {
	return is("permission.granted", fmt.Sprintf("%s granted=%t", name, granted), facts.Package, granted, func(s facts.Snapshot) fact.Value[bool] {
		p, ok := s.Packages.Find(s.App.Package).Get()
		if !ok {
			return fact.Unknown[bool]()
		}
		return p.Granted(name, 0)
	})
}

// Op wants the mode of an app op of the app.
func Op(name string, mode appops.Mode) Condition {
	return is("appops.mode", fmt.Sprintf("app op %s: %s", name, mode), facts.AppOps, mode,
		func(s facts.Snapshot) fact.Value[appops.Mode] { return s.AppOps.Mode(name) })
}

// Bucket wants the app in a standby bucket.
func Bucket(b standby.Bucket) Condition {
	return is("standby.bucket", "standby bucket "+b.String(), facts.Standby, b,
		func(s facts.Snapshot) fact.Value[standby.Bucket] { return s.Standby.Bucket })
}

// DeepDoze wants the phone in deep Doze.
func DeepDoze() Condition {
	return is("deviceidle.deep", "the phone in deep Doze", facts.Idle, true,
		func(s facts.Snapshot) fact.Value[bool] { return s.Idle.Idle() })
}

// LightDoze wants the phone in light Doze.
func LightDoze() Condition {
	return is("deviceidle.light", "the phone in light Doze", facts.Idle, "IDLE",
		func(s facts.Snapshot) fact.Value[string] { return s.Idle.Light })
}

// Switched wants a switch of the phone to have a value.
func Switched(k facts.Switch, value string) Condition {
	return is("switch."+string(k), string(k)+" "+value, facts.Switches, value,
		func(s facts.Snapshot) fact.Value[string] {
			v, ok := s.Switches[k]
			if !ok {
				return fact.Unknown[string]()
			}
			return fact.Of(v, 1)
		})
}

// disableExpand is StatusBarManager.DISABLE_EXPAND.
const disableExpand = 0x00010000

// NoExpanding wants a status bar that cannot be pulled down.
func NoExpanding() Condition {
	return is("switch.status_bar", "a status bar that does not expand", facts.Switches, true,
		func(s facts.Snapshot) fact.Value[bool] {
			n, err := strconv.ParseUint(s.Switches[facts.StatusBar], 0, 64)
			if err != nil {
				return fact.Unknown[bool]()
			}
			return fact.Of(n&disableExpand != 0, 1)
		})
}

// Frozen wants a process of the app, and every one frozen (API 30).
func Frozen() Condition {
	return is("process.frozen", "the app's process frozen", facts.Processes, true, func(s facts.Snapshot) fact.Value[bool] {
		own, ok := s.Processes.Of(s.App.Package).Get()
		if !ok {
			return fact.Unknown[bool]()
		}
		for _, p := range own {
			if !p.Frozen.Or(false) {
				return fact.Of(false, p.Line)
			}
		}
		return fact.Of(len(own) > 0, s.Processes.Processes.Line())
	})
}

// Zen wants a mode of Do Not Disturb, by its name in ZenModeController
// ("ZEN_MODE_NO_INTERRUPTIONS").
func Zen(mode string) Condition {
	return is("audio.zen", "Do Not Disturb "+mode, facts.Audio, mode,
		func(s facts.Snapshot) fact.Value[string] { return s.Audio.ZenMode })
}

// is wants one value to be what it shall be.
func is[T comparable](name, wanted string, kind facts.Kind, want T, value func(facts.Snapshot) fact.Value[T]) Condition {
	return condition{
		fact: name, wanted: wanted, kinds: []facts.Kind{kind},
		check: func(s facts.Snapshot) Result {
			v := value(s)
			got, ok := v.Get()
			switch {
			case !ok:
				return Result{Unknown, "a dump that does not tell"}
			case got == want:
				return Result{Met, v.String()}
			}
			return Result{NotYet, v.String()}
		},
	}
}
