package power

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/grammar"
)

func TestGrammars(t *testing.T) { grammar.Check(t, grammars) }

// The composed rows follow section 3.5 of the format description
// (PowerManagerService.dumpInternal).
var grammars = []grammar.Row{
	// Up to 30 the display's power state stands in this dump.
	{From: 26, To: 30, Mark: grammar.Composed, Check: says("Asleep interactive false powered true stay on false plugged 3 display OFF locks PARTIAL_WAKE_LOCK/*alarm*:TIME_TICK/1000/1932/unknown/false"),
		Text: `POWER MANAGER (dumpsys power)

Power Manager State:
  mDirty=0x0
  mWakefulness=Asleep
  mWakefulnessChanging=false
  mIsPowered=true
  mStayOn=false
  mHalInteractiveModeEnabled=false
  mWakeLockSummary=0x1

Settings and Configuration:
  mStayOnWhilePluggedInSetting=3

Wake Locks: size=1
  PARTIAL_WAKE_LOCK              '*alarm*:TIME_TICK' ACQ=-1s664ms (uid=1000 pid=1932 ws=WorkSource{1000})

Suspend Blockers: size=4
  PowerManagerService.WakeLocks: ref count=1

Display Power: state=OFF
`},
	// From 31 on only an object's id is left of it.
	{From: 31, To: 33, Mark: grammar.Composed, Check: says("Awake interactive true powered false stay on false plugged 0 display unknown locks SCREEN_BRIGHT_WAKE_LOCK/WindowManager/displayId:0/1000/1932/unknown/false"),
		Text: `POWER MANAGER (dumpsys power)

Power Manager State:
  Settings power_manager_constants:
    no_cached_wake_locks=true
  mDirty=0x0
  mWakefulness=Awake
  mIsPowered=false
  mStayOn=false
  mHalInteractiveModeEnabled=true
Settings and Configuration:
  mStayOnWhilePluggedInSetting=0
Wake Locks: size=1
  SCREEN_BRIGHT_WAKE_LOCK        'WindowManager/displayId:0' ON_AFTER_RELEASE ACQ=-7m2s118ms (uid=1000 pid=1932 ws=WorkSource{10234})
Display Power: com.android.server.power.PowerManagerService$1@8f2c1d3
`},
	// 34 names the package of a lock; groups have a wakefulness of their own.
	{From: 34, To: 36, Mark: grammar.Composed, Unsure: "whether a group's mWakefulness= stands before or behind the phone's", Check: says("Dozing interactive false powered true stay on true plugged 7 display unknown locks PROXIMITY_SCREEN_OFF_WAKE_LOCK/org.app.calls:ear/10234/77/org.app.calls/true"),
		Text: `POWER MANAGER (dumpsys power)

Power Manager State:
  mDirty=0x0
  mWakefulness=Dozing
  mIsPowered=true
  mStayOn=true
  mHalInteractiveModeEnabled=true
Settings and Configuration:
  mStayOnWhilePluggedInSetting=7
Wake Locks: size=1
  PROXIMITY_SCREEN_OFF_WAKE_LOCK 'org.app.calls:ear' DISABLED ACQ=-238ms LONG (uid=10234 pid=77 pkg=org.app.calls)
PowerGroup 0:
  mWakefulness=Awake
Display Power: com.android.server.power.PowerManagerService$1@8f2c1d3
`},
	{From: 33, To: 33, Maker: "MediaTek", Mark: grammar.Captured, File: "power/001-a13-mtk-tablet-asleep-power.txt", Check: says("Asleep interactive false powered true stay on false plugged 0 display unknown locks")},
	{From: 34, To: 34, Maker: "Xiaomi", Mark: grammar.Captured, File: "power/003-a14-hyperos-pad6-power.txt", Check: says("Awake interactive true powered true stay on false plugged 0 display unknown locks PARTIAL_WAKE_LOCK/termux:service-wakelock/10322/9190/com.termux/false PARTIAL_WAKE_LOCK/AudioMix/1041/unknown/audioserver/false SCREEN_BRIGHT_WAKE_LOCK/WindowManager/displayId:0/1000/1932/android/false")},
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

func inWords(f Facts) string {
	s := fmt.Sprintf("%v interactive %v powered %v stay on %v plugged %v display %v locks", f.Wakefulness, f.Interactive, f.Powered, f.StayOn, f.StayOnPlugged, f.DisplayPower)
	for _, w := range f.WakeLocks.Or(nil) {
		s += fmt.Sprintf(" %s/%s/%v/%v/%v/%v", w.Kind, w.Tag, w.UID, w.PID, w.Package, w.Disabled)
	}
	return s
}
