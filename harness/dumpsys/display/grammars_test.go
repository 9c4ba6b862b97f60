package display

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/grammar"
)

func TestGrammars(t *testing.T) { grammar.Check(t, grammars) }

// The composed rows follow section 3.5 of the format description
// (DisplayManagerService.dumpInternal, DisplayPowerState.dump).
var grammars = []grammar.Row{
	{From: 26, To: 29, Mark: grammar.Composed, Check: says("DOZE interactive unknown"), Text: `DISPLAY MANAGER (dumpsys display)
  mOnlyCode=false
  mGlobalDisplayState=ON
Display Devices: size=1
  DisplayDeviceInfo{"Built-in Screen": uniqueId="local:0", 1080 x 2160, state OFF}
    mState=OFF
Display Power Controller Locked State:
  mScreenState=DOZE
`},
	{From: 30, To: 33, Mark: grammar.Composed, Check: says("OFF interactive false"), Text: `DISPLAY MANAGER (dumpsys display)
  mSafeMode=false
Display States: size=1
  Display Id=0
  Display State=OFF
Display Devices: size=1
    mState=OFF
Logical Displays: size=1
  Display 0:
    mInteractive=false
Display Power State:
  mStopped=false
  mScreenState=OFF
`},
	{From: 34, To: 36, Mark: grammar.Composed, Unsure: "whether mScreenState= is printed", Check: says("DOZE_SUSPEND interactive unknown"), Text: `DISPLAY MANAGER (dumpsys display)
Display States: size=1
  Display Id=0
  Display State=ON
Display Power State:
  mScreenState=DOZE_SUSPEND
`},
	{From: 34, To: 36, Mark: grammar.Composed, Unsure: "whether mScreenState= is printed", Check: says("ON interactive unknown"), Text: `DISPLAY MANAGER (dumpsys display)
Display States: size=2
  Display Id=0
  Display State=ON
  Display Brightness=0.5
  Display Id=2
  Display State=OFF
`},
	// Samsung prints the state once a display: the first is the built-in one.
	{From: 31, To: 36, Maker: "Samsung", Mark: grammar.Composed, Check: says("ON interactive unknown"), Text: `DISPLAY MANAGER (dumpsys display)
Display Power State:
  mScreenState=ON
Display Power State:
  mScreenState=OFF
`},
	{From: 34, To: 34, Maker: "Xiaomi", Mark: grammar.Captured, File: "power/004-a14-hyperos-pad6-display.txt", Check: says("ON interactive true")},
}

// says compares the facts, in words, with what a person sees in the text.
func says(want string) func(testing.TB, []byte) {
	return func(t testing.TB, in []byte) {
		f, err := Parse(in)
		if err != nil {
			t.Errorf("Parse: %v", err)
		}
		if got := inWords(f); got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
}

func inWords(f Facts) string { return fmt.Sprintf("%v interactive %v", f.State, f.Interactive) }
