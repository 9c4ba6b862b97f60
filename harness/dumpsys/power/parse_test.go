package power

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/captures"
	"github.com/ringproof/ringproof/harness/internal/readertest"
)

const dump28 = `POWER MANAGER (dumpsys power)

Power Manager State:
  mDirty=0x0
  mWakefulness=Dozing
  mIsPowered=true
  mStayOn=true
  mHalInteractiveModeEnabled=true
Settings and Configuration:
  mStayOnWhilePluggedInSetting=3
Wake Locks: size=2
  PARTIAL_WAKE_LOCK              '*job*/it's a (tag) ACQ=' DISABLED ACQ=-2h25m53s700ms LONG (uid=10322 pid=9190 ws=WorkSource{1000})
  PROXIMITY_SCREEN_OFF_WAKE_LOCK 'org.ringproof.sample:ear' ACQ=-238ms (uid=10234 pid=77 pkg=org.ringproof.sample)

Display Power: state=DOZE
  mIsPowered=false
`

func TestParse(t *testing.T) {
	f, err := Parse([]byte(dump28))
	if err != nil {
		t.Fatal(err)
	}
	if f.Wakefulness.Or("") != Dozing || f.Interactive.String() != "false" || f.Powered.String() != "true" || f.StayOn.String() != "true" ||
		f.StayOnPlugged.String() != "3" || f.DisplayPower.String() != "DOZE" || f.Wakefulness.Line() != 5 {
		t.Errorf("facts = %+v", f)
	}
	w := f.WakeLocks.Or(nil)
	if len(w) != 2 {
		t.Fatalf("wake locks = %v", f.WakeLocks)
	}
	if w[0].Tag != "*job*/it's a (tag) ACQ=" || !w[0].Disabled || w[0].UID.String() != "10322" || w[0].PID.String() != "9190" || w[0].Package.Known() {
		t.Errorf("first = %+v", w[0])
	}
	if w[1].Kind != "PROXIMITY_SCREEN_OFF_WAKE_LOCK" || w[1].Package.String() != "org.ringproof.sample" || w[1].Disabled || w[1].Line != 13 || w[1].Screen() {
		t.Errorf("second = %+v", w[1])
	}
}

func TestInteractive(t *testing.T) {
	for in, want := range map[string]string{
		"mWakefulness=Awake\nmHalInteractiveModeEnabled=false": "true",
		"mWakefulness=Dreaming":                                "true",
		"mWakefulness=Asleep\nmHalInteractiveModeEnabled=true": "false",
		"mWakefulness=Sleepwalking":                            "unknown",
		"mHalInteractiveModeEnabled=true":                      "true",
	} {
		f, err := Parse([]byte(in + "\nWake Locks: size=0\n"))
		if err != nil || f.Interactive.String() != want {
			t.Errorf("%q: %v, %v, want %s", in, f.Interactive, err, want)
		}
	}
}

func TestProblems(t *testing.T) {
	for in, kind := range map[string]text.Kind{
		"": text.Empty, "hello": text.NotADump, "Can't find service: power": text.NoService,
		strings.Split(dump28, "  PROX")[0]:             text.Truncated,
		dump28[:strings.Index(dump28, "(uid=10234")+8]: text.Truncated,
	} {
		f, err := Parse([]byte(in))
		if !errors.Is(err, &text.Problem{Kind: kind}) || f.WakeLocks.Known() {
			t.Errorf("%.30q: %v, wake locks %v; want %s", in, err, f.WakeLocks, kind)
		}
	}
}

func FuzzParse(f *testing.F) {
	readertest.Fuzz(f, readertest.Of(Parse), readertest.Texts(grammars,
		dump28,
		"Wake Locks: size=99999999999999999999\nWake Locks: size=9\n ' ACQ=\nmWakefulness=\n",
	)...)
}

func TestCorpus(t *testing.T) {
	dir := captures.Dir(t)
	for _, c := range []struct {
		name, wakefulness, interactive, powered, stayOn, plugged string
		locks                                                    []string
	}{
		{"001-a13-mtk-tablet-asleep-power.txt", "Asleep", "false", "true", "false", "0", nil},
		{"003-a14-hyperos-pad6-power.txt", "Awake", "true", "true", "false", "0", []string{
			"PARTIAL_WAKE_LOCK termux:service-wakelock 10322 9190 com.termux",
			"PARTIAL_WAKE_LOCK AudioMix 1041 unknown audioserver",
			"SCREEN_BRIGHT_WAKE_LOCK WindowManager/displayId:0 1000 1932 android",
		}},
	} {
		b, err := os.ReadFile(filepath.Join(dir, "power", c.name))
		if err != nil {
			t.Fatal(err)
		}
		f, err := Parse(b)
		if err != nil {
			t.Fatal(err)
		}
		var locks []string
		for _, w := range f.WakeLocks.Or(nil) {
			locks = append(locks, strings.Join([]string{w.Kind, w.Tag, w.UID.String(), w.PID.String(), w.Package.String()}, " "))
		}
		if f.Wakefulness.String() != c.wakefulness || f.Interactive.String() != c.interactive || f.Powered.String() != c.powered ||
			f.StayOn.String() != c.stayOn || f.StayOnPlugged.String() != c.plugged || f.DisplayPower.Known() || !f.WakeLocks.Known() {
			t.Errorf("%s: %+v", c.name, f)
		}
		if d := cmp.Diff(c.locks, locks); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

// A work source names others than the owner.
func TestWorkSource(t *testing.T) {
	f, err := Parse([]byte("mWakefulness=Awake\nWake Locks: size=1\n  PARTIAL_WAKE_LOCK 'a' ACQ=-1s (pid=7 ws=WorkSource{1000 uid=5 pkg=com.other})\n"))
	if w := f.WakeLocks.Or([]WakeLock{{}})[0]; err != nil || w.UID.Known() || w.Package.Known() || w.PID.String() != "7" {
		t.Errorf("%+v, %v", w, err)
	}
	// A size that no text could hold asks for no memory.
	if f, err := Parse([]byte("mWakefulness=Awake\nWake Locks: size=900000000000000000\n")); !text.IsProblem(err) || f.WakeLocks.Known() {
		t.Errorf("%v, %v", f.WakeLocks, err)
	}
}
