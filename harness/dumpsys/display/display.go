// Package display reads the state of the screen from `dumpsys display` of API
// 26 and newer (DisplayManagerService.dump).
//
// It knows displays and no lock screen: a screen that is on may be locked.
package display

import (
	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

const service = "display"

// Facts is what one dump says of the default display.
type Facts struct {
	// State is ON, OFF, DOZE, DOZE_SUSPEND, VR or UNKNOWN.
	State fact.Value[string] `json:"state"`
	// Interactive is the display mapper's copy of it (API 31).
	Interactive fact.Value[bool] `json:"interactive"`
}

// Parse reads a dump. Of several displays the first counts, which is the
// built-in one. The error is a *text.Problem.
func Parse(b []byte) (Facts, error) {
	body, p := text.Open(b, service)
	var (
		f               Facts
		screen, devices fact.Value[string]
		states, global  fact.Value[string]
		seen            bool
	)
	for s := body.Lines(); s.Next(); {
		l := s.Line()
		t := l.Text()
		if _, ok := text.After(t, "DISPLAY MANAGER"); ok {
			seen = true
		}
		for _, k := range [...]struct {
			key string
			to  *fact.Value[string]
		}{
			{"mScreenState=", &screen}, {"mGlobalDisplayState=", &global}, {"mState=", &devices}, {"Display State=", &states},
		} {
			if _, ok := text.After(t, k.key); ok {
				text.Set(k.to, text.WordFact(l, k.key))
			}
		}
		if _, ok := text.After(t, "mInteractive="); ok {
			text.Set(&f.Interactive, text.BoolFact(l, "mInteractive="))
		}
	}
	// The display power state is the one that the screen is in; the device's and
	// the global state are what it was told.
	for _, v := range []fact.Value[string]{screen, devices, states, global} {
		text.Set(&f.State, v)
	}
	switch {
	case p != nil:
		return f, p
	case !seen && !f.State.Known():
		return f, &text.Problem{Kind: text.NotADump, Service: service, Msg: "no line DISPLAY MANAGER"}
	case !f.State.Known():
		return f, &text.Problem{Kind: text.Truncated, Service: service, Msg: "no state of a display"}
	}
	return f, nil
}
