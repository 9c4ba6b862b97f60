// Package battery reads `dumpsys battery` of API 26 and newer
// (BatteryService.dump): charge, and whether the phone believes to be plugged
// in, which Doze depends on. The package knows nothing of Doze.
package battery

import (
	"bytes"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

const service = "battery"

// Status is BatteryManager.BATTERY_STATUS_*.
type Status int

// The states of charging.
const (
	StatusUnknown Status = 1
	Charging      Status = 2
	Discharging   Status = 3
	NotCharging   Status = 4
	Full          Status = 5
)

// Facts is what one dump says.
type Facts struct {
	// Overridden says that the values were set by `dumpsys battery set` or
	// `unplug` and stay until `dumpsys battery reset`.
	Overridden fact.Value[bool] `json:"overridden"`
	AC         fact.Value[bool] `json:"ac"`
	USB        fact.Value[bool] `json:"usb"`
	Wireless   fact.Value[bool] `json:"wireless"`
	Dock       fact.Value[bool] `json:"dock"` // API 33
	Present    fact.Value[bool] `json:"present"`
	// Level counts in parts of Scale, which is 100 on most phones: see Percent.
	Level  fact.Value[int]    `json:"level"`
	Scale  fact.Value[int]    `json:"scale"`
	Status fact.Value[Status] `json:"status"`
	// Health is BatteryManager.BATTERY_HEALTH_*: 2 good, 3 overheated, ...
	Health fact.Value[int] `json:"health"`
	// Voltage is in millivolts, Temperature in tenths of a degree Celsius.
	Voltage     fact.Value[int] `json:"voltage"`
	Temperature fact.Value[int] `json:"temperature"`
}

// Plugged reports whether the phone believes to have a charger. It is known to
// be false only if the three chargers of all releases are.
func (f Facts) Plugged() fact.Value[bool] {
	known := true
	for _, v := range []fact.Value[bool]{f.AC, f.USB, f.Wireless, f.Dock} {
		if fact.Is(v, true) {
			return v
		}
	}
	for _, v := range []fact.Value[bool]{f.AC, f.USB, f.Wireless} {
		known = known && v.Known()
	}
	if !known {
		return fact.Unknown[bool]()
	}
	return fact.Of(false, f.AC.Line())
}

// Percent is the charge in percent.
func (f Facts) Percent() fact.Value[int] {
	level, ok1 := f.Level.Get()
	scale, ok2 := f.Scale.Get()
	if !ok1 || !ok2 || scale <= 0 || level < 0 || level > scale {
		return fact.Unknown[int]()
	}
	return fact.Of(int(int64(level)*100/int64(scale)), f.Level.Line())
}

// Parse reads a dump. The error is a *text.Problem.
func Parse(b []byte) (Facts, error) {
	body, p := text.Open(b, service)
	f, at := Facts{}, 0
	for s := body.Lines(); s.Next(); {
		l := s.Line()
		t := l.Text()
		switch {
		case len(t) == 0:
		case t[0] == 'C' && bytes.HasPrefix(t, []byte("Current Battery Service state:")):
			if at == 0 {
				at = l.N
			}
		case at == 0:
		case t[0] == '(':
			if bytes.HasPrefix(t, []byte("(UPDATES STOPPED")) {
				text.Set(&f.Overridden, fact.Of(true, l.N))
			}
		default:
			f.key(t, l.N)
		}
	}
	switch {
	case p != nil:
		return f, p
	case at == 0:
		return f, &text.Problem{Kind: text.NotADump, Service: service, Msg: "no line Current Battery Service state:"}
	case !f.Level.Known():
		return f, &text.Problem{Kind: text.Truncated, Service: service, Line: at, Msg: "the dump ends before level:"}
	}
	return f, nil
}

// key reads `key: value`. Newer releases tell in sentences when they sent a
// value, and what it was: only a key that is the whole begin of a line counts.
func (f *Facts) key(t []byte, line int) {
	i := bytes.IndexByte(t, ':')
	if i < 0 || i+2 > len(t) || t[i+1] != ' ' {
		return
	}
	v := t[i+2:]
	switch string(t[:i]) {
	case "AC powered":
		// The override is announced above the first key or not at all.
		text.Set(&f.Overridden, fact.Of(false, line))
		flag(&f.AC, v, line)
	case "USB powered":
		flag(&f.USB, v, line)
	case "Wireless powered":
		flag(&f.Wireless, v, line)
	case "Dock powered":
		flag(&f.Dock, v, line)
	case "present":
		flag(&f.Present, v, line)
	case "level":
		number(&f.Level, v, line)
	case "scale":
		number(&f.Scale, v, line)
	case "health":
		number(&f.Health, v, line)
	case "voltage":
		number(&f.Voltage, v, line)
	case "temperature":
		number(&f.Temperature, v, line)
	case "status":
		number(&f.Status, v, line)
	}
}

func flag(to *fact.Value[bool], v []byte, line int) {
	if b, ok := text.Bool(v); ok {
		text.Set(to, fact.Of(b, line))
	}
}

func number[T ~int](to *fact.Value[T], v []byte, line int) {
	if n, ok := text.Int(v); ok {
		text.Set(to, fact.Of(T(n), line))
	}
}
