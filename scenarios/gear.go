package scenarios

import (
	"github.com/ringproof/ringproof/harness/gear"
)

// Headset is what a scenario asks of the headset beside its phone.
type Headset int

const (
	// NoHeadset: it does without.
	NoHeadset Headset = iota
	// Bonded: one that is bonded, switched on and connected.
	Bonded
	// Controlled: one that does what it is told.
	Controlled
)

// missing tells what of the needs a phone's gear lacks, "" if nothing.
func (n Needs) missing(g gear.Gear) string {
	switch {
	case n.Headset > NoHeadset && !g.Headset.Known():
		return "no headset stands beside it: name one in the setting headsets"
	case n.Headset == Controlled && g.Headset.Control == "":
		return "nobody can tell its headset what to do: the setting headsets names no control for it"
	case n.Line && !g.Line.Known():
		return "it has no second line: name one in the setting lines"
	case n.Console && g.Line.Console == "":
		return "its second line is a real one: this takes an emulator's console"
	}
	return ""
}
