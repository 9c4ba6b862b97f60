package expect

import (
	"fmt"

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
