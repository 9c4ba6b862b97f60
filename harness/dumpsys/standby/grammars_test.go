package standby

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/captures"
	"github.com/ringproof/ringproof/harness/internal/grammar"
	"github.com/ringproof/ringproof/harness/internal/readertest"
)

// Section 4.5 of the reference: the answers of `am`.
var answers = []grammar.Row{
	{From: 26, To: 36, Mark: grammar.Composed, Text: "Idle=false\n", Check: answered("bucket unknown, packages unknown, idle false")},
	{From: 28, To: 29, Mark: grammar.Composed, Text: "40\n", Check: answered("bucket rare, packages unknown, idle unknown")},
	{From: 30, To: 36, Mark: grammar.Composed, Text: "45\n", Check: answered("bucket restricted, packages unknown, idle unknown")},
	{From: 28, To: 36, Mark: grammar.Composed, Text: "com.android.phone: 5\norg.ringproof.sample: 10\n",
		Check: answered("bucket unknown, packages [{com.android.phone exempted 1} {org.ringproof.sample active 2}], idle unknown")},
}

// The states in `dumpsys usagestats`, composed from AppIdleHistory.dump.
var dumps = []grammar.Row{
	{From: 26, To: 27, Mark: grammar.Composed, Unsure: "the title is of a later source", Text: `user=0
  Last 24 hour events (timeRange="8/4/2026, 6:30 PM")
    time="2026-08-04 18:48:32" type=MOVE_TO_FOREGROUND package=com.other class=com.other.Main

  Package idle stats:
    package=org.ringproof.sample lastUsedElapsed=+1h2m3s4ms lastUsedScreenOn=+2m3s4ms idle=y
    package=com.other lastUsedElapsed=+7ms lastUsedScreenOn=+3ms idle=n

    totalElapsedTime=+2d3h
    totalScreenOnTime=+1h
user=10
  Package idle stats:
    package=com.other lastUsedElapsed=+8ms lastUsedScreenOn=+3ms idle=n
`, Check: states("5: org.ringproof.sample u0 unknown unknown +1h2m3s4ms idle true; com.other u0 unknown unknown +7ms idle false; com.other u10 unknown unknown +8ms idle false")},
	{From: 28, To: 29, Mark: grammar.Composed, Text: `user=0
  Last 24 hour events (timeRange="8/4/2026, 6:30 PM")
    time="2026-08-04 18:48:32" type=STANDBY_BUCKET_CHANGED package=com.other standbyBucket=20 reason=u

App Standby States:
  package=org.ringproof.sample u=0 bucket=40 reason=t used=+1h2m3s4ms usedByUser=+1h2m3s4ms usedScr=+2m3s4ms lastPred=<uninitialized> activeLeft=-4m wsLeft=-2m lastJob=-24855d3h23m29s809ms idle=y
  package=com.other u=0 bucket=10 reason=u-mf used=+7ms usedScr=+3ms idle=n

  totalElapsedTime=+2d3h
  totalScreenOnTime=+1h
user=10
App Standby States:
  package=com.other u=10 bucket=50 reason=d used=<uninitialized> idle=y
`, Check: states("5: org.ringproof.sample u0 rare t +1h2m3s4ms idle true; com.other u0 active u-mf +7ms idle false; com.other u10 never d <uninitialized> idle true")},
	{From: 30, To: 36, Mark: grammar.Composed, Unsure: "API 35 and 36 were not read in source", Text: `user=0
  Last 24 hour events (timeRange="8/4/2026, 6:30 PM")
    package=com.other u=0 bucket=99 reason=an-event

User 0 App Standby States:
  package=org.ringproof.sample u=0 bucket=45 reason=f-buw used=+1h2m3s4ms usedByUser=<uninitialized> usedScr=+2m3s4ms lastPred=<uninitialized> expiryTimes=(10:-1h2m,20:-2m) lastJob=+1h lastInformedBucket=45 lastRestrictAttempt=+3m lastRestrictReason=f nextEstimatedLaunchTime=+3d idle=y

  totalElapsedTime=+2d3h
  totalScreenOnTime=+1h
  package=com.other u=0 bucket=98 reason=later

User 10 App Standby States:
  package=com.other u=10 bucket=5 reason=d used=+3s usedByUser=+3s expiryTimes=<none> idle=n
`, Check: states("5: org.ringproof.sample u0 restricted f-buw +1h2m3s4ms idle true; com.other u10 exempted d +3s idle false")},
}

func answered(want string) func(testing.TB, []byte) {
	return func(t testing.TB, b []byte) {
		t.Helper()
		f, err := Parse(b)
		if got := fmt.Sprintf("bucket %v, packages %v, idle %v", f.Bucket, f.Packages, f.Idle); err != nil || got != want {
			t.Errorf("%s, %v\nwant %s", got, err, want)
		}
	}
}

func states(want string) func(testing.TB, []byte) {
	return func(t testing.TB, b []byte) {
		t.Helper()
		d, err := ParseDump(b)
		got := fmt.Sprintf("%d:", d.States.Line())
		for i, s := range d.States.Or(nil) {
			if i > 0 {
				got += ";"
			}
			got += fmt.Sprintf(" %s u%d %v %v %v idle %v", s.Package, s.User, s.Bucket, s.Reason, s.Used, s.Idle)
		}
		if err != nil || got != want {
			t.Errorf("%s, %v\nwant %s", got, err, want)
		}
	}
}

func TestGrammars(t *testing.T) {
	t.Run("answers", func(t *testing.T) { grammar.Check(t, answers) })
	t.Run("dumps", func(t *testing.T) { grammar.Check(t, dumps) })
}

func TestDumpProblems(t *testing.T) {
	for in, kind := range map[string]text.Kind{
		"": text.Empty, "Current Alarm Manager state:\n": text.NotADump,
		"user=0\n  Last 24 hour events (timeRange=\"x\")\n    time=\"x\" type=KEYGUARD_SHOWN flags=0x0\n": text.Truncated,
		"Can't find service: usagestats\n":                          text.NoService,
		"User 0 App Standby States:\n  package= u=0 bucket=10\n":    "",
		"User 0 App Standby States:\n  package=a.b u=0 bucket=-1\n": "",
	} {
		d, err := ParseDump([]byte(in))
		p, damaged := text.AsProblem(err)
		if kind != "" && (!damaged || p.Kind != kind || d.States.Known()) || kind == "" && (damaged || !d.States.Known()) {
			t.Errorf("%q: %+v, %v", in, d, err)
		}
		if d.Of("a.b", 0).Or(State{}).Bucket.Known() {
			t.Errorf("%q: a bucket below zero", in)
		}
	}
}

// The heads of usage events in the corpus end before the states.
func TestCorpusDumps(t *testing.T) {
	for name, kind := range map[string]text.Kind{
		"002-a14-hyperos-alarms-head.txt": text.NotADump, "003-a14-hyperos-usagestats-head.txt": text.Truncated, "004-a9-automotive-alarm.txt": text.NotADump,
	} {
		d, err := ParseDump(captures.File(t, "deviceidle/"+name))
		if p, ok := text.AsProblem(err); !ok || p.Kind != kind || d.States.Known() {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	readertest.Fuzz(f, readertest.Of(Parse), answers[0].Text+answers[1].Text+answers[3].Text, "org.ringproof.sample: 45\n40\nIdle=false\n",
		": 1\n99999999999999999999\na: -1\nIdle=\n")
}

func FuzzParseDump(f *testing.F) {
	readertest.Fuzz(f, readertest.Of(ParseDump), dumps[0].Text, dumps[1].Text, dumps[2].Text, "User  App Standby States:\npackage=\npackage= u= bucket= reason= used= idle=\n")
}
