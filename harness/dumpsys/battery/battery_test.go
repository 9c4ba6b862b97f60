package battery

import (
	"errors"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// Composed from BatteryService of API 28, after `dumpsys battery unplug`.
const dump28 = `Current Battery Service state:
  (UPDATES STOPPED -- use 'reset' to restart)
  AC powered: false
  USB powered: false
  Wireless powered: false
  Max charging current: 500000
  status: 3
  health: 2
  present: true
  level: 42
  scale: 200
  voltage: 3826
  temperature: -15
  technology: Li-ion
`

func TestParse(t *testing.T) {
	f, err := Parse([]byte(dump28))
	if err != nil || f.Overridden.String() != "true" || f.Overridden.Line() != 2 || f.Plugged().String() != "false" || f.Dock.Known() || f.Percent().String() != "21" ||
		!fact.Is(f.Status, Discharging) || f.Health.String() != "2" || f.Present.String() != "true" || f.Voltage.String() != "3826" || f.Temperature.String() != "-15" || f.Level.Line() != 10 {
		t.Errorf("facts = %+v, %v", f, err)
	}
	// A charger of a release to come would not be known to be absent.
	f, err = Parse([]byte(strings.Replace(dump28, "  USB powered: false\n", "", 1)))
	if err != nil || f.Plugged().Known() {
		t.Errorf("plugged = %v, %v", f.Plugged(), err)
	}
	f, _ = Parse([]byte(strings.Replace(dump28, "USB powered: false", "USB powered: true", 1)))
	if f.Plugged().String() != "true" || f.Plugged().Line() != 4 {
		t.Errorf("plugged = %v", f.Plugged())
	}
	// Composed from API 33: a phone in its dock.
	f, _ = Parse([]byte(strings.Replace(dump28, "  Max", "  Dock powered: true\n  Max", 1)))
	if f.Plugged().String() != "true" || f.Plugged().Line() != 6 {
		t.Errorf("in the dock: plugged = %v", f.Plugged())
	}
	f, _ = Parse([]byte(strings.Replace(dump28, "scale: 200", "scale: 0", 1)))
	if f.Percent().Known() {
		t.Errorf("percent = %v of nothing", f.Percent())
	}
}

func TestProblems(t *testing.T) {
	for in, kind := range map[string]text.Kind{
		"": text.Empty, "  level: 5\n": text.NotADump, dump28[:100]: text.Truncated, "Can't find service: battery\n": text.NoService,
	} {
		if f, err := Parse([]byte(in)); !errors.Is(err, &text.Problem{Kind: kind}) || f.Level.Known() {
			t.Errorf("%.20q: %+v, %v", in, f, err)
		}
	}
}
