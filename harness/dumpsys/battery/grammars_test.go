package battery

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/grammar"
	"github.com/ringproof/ringproof/harness/internal/readertest"
)

// The composed texts are BatteryService.dumpInternal of the releases, section
// 7.6 of the reference for the dock and the override.
var grammars = []grammar.Row{
	{From: 26, To: 32, Mark: grammar.Composed, Text: `Current Battery Service state:
  AC powered: false
  USB powered: true
  Wireless powered: false
  Max charging current: 500000
  Max charging voltage: 5000000
  Charge counter: 4020000
  status: 2
  health: 2
  present: true
  level: 87
  scale: 100
  voltage: 4326
  temperature: 251
  technology: Li-ion
`, Check: sees("override false, plugged true of line 3, dock unknown, 87 %, status 2, health 2, 4326 mV, 251")},
	{From: 33, To: 36, Mark: grammar.Composed, Text: `Current Battery Service state:
  AC powered: false
  USB powered: false
  Wireless powered: false
  Dock powered: true
  Max charging current: 0
  Max charging voltage: 0
  Charge counter: 4020000
  status: 5
  health: 2
  present: true
  level: 100
  scale: 100
  voltage: 4326
  temperature: -5
  technology: Li-ion
`, Check: sees("override false, plugged true of line 5, dock true, 100 %, status 5, health 2, 4326 mV, -5")},
	{From: 26, To: 36, Mark: grammar.Composed, Text: `Current Battery Service state:
  (UPDATES STOPPED -- use 'reset' to restart)
  AC powered: false
  USB powered: false
  Wireless powered: false
  status: 3
  health: 3
  present: true
  level: 9
  scale: 100
  voltage: 3500
  temperature: 450
`, Check: sees("override true, plugged false of line 3, dock unknown, 9 %, status 3, health 3, 3500 mV, 450")},
	{From: 34, To: 34, Maker: "Xiaomi", Mark: grammar.Captured, File: "misc/001-a14-hyperos-pad6-battery.txt",
		Check: sees("override false, plugged true of line 2, dock false, 22 %, status 2, health 2, 3826 mV, 337")},
	{From: 35, To: 36, Mark: grammar.Captured, File: "misc/015-battery-emulator.txt",
		Check: sees("override false, plugged true of line 2, dock false, 100 %, status 2, health 2, 5000 mV, 250")},
}

func sees(want string) func(testing.TB, []byte) {
	return func(t testing.TB, b []byte) {
		t.Helper()
		f, err := Parse(b)
		got := fmt.Sprintf("override %v, plugged %v of line %d, dock %v, %v %%, status %v, health %v, %v mV, %v",
			f.Overridden, f.Plugged(), f.Plugged().Line(), f.Dock, f.Percent(), f.Status, f.Health, f.Voltage, f.Temperature)
		if err != nil || got != want {
			t.Errorf("%s, %v\nwant %s", got, err, want)
		}
	}
}

func TestGrammars(t *testing.T) { grammar.Check(t, grammars) }

func FuzzParse(f *testing.F) {
	for _, s := range []string{grammars[0].Text, grammars[1].Text, grammars[2].Text,
		"Current Battery Service state:\nlevel: \nlevel: -\nscale: 99999999999999999999\nstatus: x\n: \nlevel: 1\nscale: 9223372036854775807\n",
		"Current Battery Service state:\nlevel: 0\nscale: 0\n"} {
		for _, b := range readertest.Damaged(s) {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		readertest.Check(t, readertest.Of(Parse), in)
		facts, _ := Parse(in)
		if n := facts.Percent().Or(0); n < 0 || n > 100 {
			t.Fatalf("%d %%", n)
		}
	})
}
