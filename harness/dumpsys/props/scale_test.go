package props

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/readertest"
)

func generated(size int) []byte {
	return readertest.Text(size, "", func(i int) string {
		return fmt.Sprintf("[persist.sys.boot.%d.reason]: [kernel_panic_%d]\n[ro.vendor.empty.%d]: []\n", i, i*7, i)
	}, "[sys.boot_completed]: [1]\n")
}

func BenchmarkSettings(b *testing.B) {
	readertest.Ratio(b, readertest.Of(ParseSettings), func(size int) []byte {
		return readertest.Text(size, "", func(i int) string { return fmt.Sprintf("accessibility_button_mode_%d=a=%d\n", i, i) }, "")
	})
}

func FuzzSettings(f *testing.F) {
	readertest.Fuzz(f, readertest.Of(ParseSettings), settings26, denied, "Invalid namespace 'x'\n")
}

func BenchmarkParse(b *testing.B) { readertest.Ratio(b, readertest.Of(Parse), generated) }

func TestLinear(t *testing.T) {
	texts := readertest.Hostile(map[string]string{"property": "[a]: [b\n", "none": "x\n"})
	texts["generated"] = generated
	readertest.Linear(t, readertest.Of(Parse), texts)
}

func FuzzParse(f *testing.F) {
	readertest.Fuzz(f, readertest.Of(Parse), getprop26, "[a]: [b\nc]\n]d]: [e\n")
}
