package battery

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/readertest"
)

const keys = `  AC powered: false
  USB powered: true
  Wireless powered: false
  Dock powered: false
  Max charging current: 500000
  Max charging voltage: 5000000
  Charge counter: 4020000
  status: 2
  health: 2
  present: true
  level: 87
  scale: 100
  voltage: 4326
  temperature: 337
  technology: Li-ion
  Charging state: 0
  Charging policy: 1
`

// generated is a dump with a log behind it, as some makers print one.
func generated(size int) []byte {
	return readertest.Text(size, "Current Battery Service state:\n"+keys, func(i int) string {
		return fmt.Sprintf("  SEC Battery: online: %d\n  LogTime: 05-04 15:49:%02d.123, level: 87, status: 2, voltage: 4326, plugged: 1\n", i, i%60)
	}, "")
}

func BenchmarkRatio(b *testing.B) { readertest.Ratio(b, readertest.Of(Parse), generated) }

func TestMemory(t *testing.T) { readertest.Memory(t, readertest.Of(Parse), generated) }

func TestLinear(t *testing.T) {
	readertest.Linear(t, readertest.Of(Parse), readertest.Hostile(map[string]string{"nothing": "", "title": "Current Battery Service state:\n"},
		"level: 1\n", "level: ", ": ", "Current Battery Service state:\n", "(UPDATES STOPPED\n", "AC powered: "))
}
