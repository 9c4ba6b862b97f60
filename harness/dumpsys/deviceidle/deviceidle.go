// Package deviceidle reads `dumpsys deviceidle` of API 26 and newer
// (DeviceIdleController.dump): Doze, deep and light, and who is exempt from it.
package deviceidle

import (
	"bytes"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

const service = "deviceidle"

// Facts is what one dump says.
type Facts struct {
	// Deep is ACTIVE, INACTIVE, IDLE_PENDING, SENSING, LOCATING, IDLE,
	// IDLE_MAINTENANCE or QUICK_DOZE_DELAY.
	Deep fact.Value[string] `json:"deep"`
	// Light is ACTIVE, INACTIVE, PRE_IDLE, IDLE, WAITING_FOR_NETWORK,
	// IDLE_MAINTENANCE or OVERRIDE.
	Light        fact.Value[string] `json:"light"`
	Forced       fact.Value[bool]   `json:"forced"`
	ScreenOn     fact.Value[bool]   `json:"screenOn"`
	ScreenLocked fact.Value[bool]   `json:"screenLocked"` // API 28
	Charging     fact.Value[bool]   `json:"charging"`
	// Exempt are the apps that the user took out of battery optimisation.
	Exempt fact.Value[[]string] `json:"exempt"`
}

// Idle reports whether deep Doze is on.
func (f Facts) Idle() fact.Value[bool] {
	v, ok := f.Deep.Get()
	if !ok {
		return fact.Unknown[bool]()
	}
	return fact.Of(v == "IDLE", f.Deep.Line())
}

// Parse reads a dump. The error is a *text.Problem.
func Parse(b []byte) (Facts, error) {
	body, p := text.Open(b, service)
	var (
		f      Facts
		seen   bool
		exempt []string
		at     int
	)
	for s := body.Lines(); s.Next(); {
		l := s.Line()
		t := l.Text()
		if at != 0 && !f.Exempt.Known() {
			// A list of packages, one a line, up to the next title.
			if len(t) > 0 && bytes.IndexByte(t, ':') < 0 && bytes.IndexByte(t, '=') < 0 {
				exempt = append(exempt, string(t))
				continue
			}
			f.Exempt = fact.Of(exempt, at)
		}
		switch {
		case bytes.HasPrefix(t, []byte("Whitelist user apps:")), bytes.HasPrefix(t, []byte("Allowlist user apps:")):
			if at == 0 {
				at, exempt = l.N, []string{}
			}
		case bytes.HasPrefix(t, []byte("Settings:")), bytes.HasPrefix(t, []byte("Idling history:")):
			seen = true
		}
		text.Set(&f.Deep, text.WordFact(l, "mState="))
		text.Set(&f.Light, text.WordFact(l, "mLightState="))
		text.Set(&f.Forced, text.BoolFact(l, "mForceIdle="))
		text.Set(&f.ScreenOn, text.BoolFact(l, "mScreenOn="))
		text.Set(&f.ScreenLocked, text.BoolFact(l, "mScreenLocked="))
		text.Set(&f.Charging, text.BoolFact(l, "mCharging="))
	}
	switch {
	case p != nil:
		return f, p
	case !seen && !f.Deep.Known():
		return f, &text.Problem{Kind: text.NotADump, Service: service, Msg: "no line mState="}
	case !f.Deep.Known():
		return f, &text.Problem{Kind: text.Truncated, Service: service, Msg: "the dump ends before mState="}
	}
	if !f.Exempt.Known() {
		// The title stands only above at least one app.
		f.Exempt = fact.Of([]string{}, f.Deep.Line())
	}
	return f, nil
}
