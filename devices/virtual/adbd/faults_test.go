package adbd

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseFaults(t *testing.T) {
	for _, c := range []struct {
		list string
		want Faults
	}{
		{"", Faults{}},
		{"refuse-auth", Faults{Auth: AuthRefuse}},
		{"ask-auth", Faults{Auth: AuthAsk}},
		{"mute", Faults{Mute: true}},
		{"down", Faults{Down: true}},
		{"cut", Faults{CutAfter: 65536}},
		{"cut=100", Faults{CutAfter: 100}},
		{"drop-exit", Faults{DropExit: true}},
		{"stall-install", Faults{StallInstall: 65536}},
		{"stall-install=7", Faults{StallInstall: 7}},
		{"slow", Faults{Slow: 65536}},
		{"slow=1000", Faults{Slow: 1000}},
		{"reboot", Faults{RebootEvery: 30 * time.Second}},
		{"reboot=1m30s", Faults{RebootEvery: 90 * time.Second}},
		{"wrong-magic", Faults{WrongMagic: 3}},
		{"wrong-magic=1", Faults{WrongMagic: 1}},
		{"refuse=sync:", Faults{Refuse: "sync:"}},
		{"state=recovery", Faults{State: "recovery"}},
		{"legacy", Faults{Legacy: true}},
		{"legacy cut=100 drop-exit", Faults{Legacy: true, CutAfter: 100, DropExit: true}},
	} {
		got, err := ParseFaults(strings.Fields(c.list)...)
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%q: %v\n%s", c.list, err, diff)
		}
	}
	for text, want := range map[string]string{
		"bogus":          `no fault is called "bogus"; the known ones are refuse-auth, ask-auth, mute, down, cut[=BYTES], drop-exit, stall-install[=BYTES], slow[=BYTES], reboot[=DURATION], wrong-magic[=MESSAGE], refuse=SERVICE, state=STATE, legacy`,
		"":               "no fault is called",
		"cut=much":       `fault "cut=much": the argument is not understood; it is written cut[=BYTES]`,
		"cut=-1":         "the argument is not understood",
		"mute=yes":       `fault "mute=yes": the argument is not understood; it is written mute`,
		"refuse":         "it is written refuse=SERVICE",
		"state=wherever": "it is written state=STATE",
		"reboot=soon":    "it is written reboot[=DURATION]",
	} {
		if got, err := ParseFaults("mute", text); err == nil || !strings.Contains(err.Error(), want) || got != (Faults{}) {
			t.Errorf("%q: %+v, %v; want an error with %q", text, got, err, want)
		}
	}
	for _, k := range faultTable() {
		if !strings.Contains(FaultHelp(), "  "+k.usage()+" ") || k.help == "" {
			t.Errorf("the help does not explain %s", k.name)
		}
	}
}
