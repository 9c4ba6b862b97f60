package appops

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/grammar"
	"github.com/ringproof/ringproof/harness/internal/readertest"
)

// Section 4.6 of the reference: the answers of `cmd appops get`.
var answers = []grammar.Row{
	{From: 26, To: 26, Mark: grammar.Composed, Text: "VIBRATE: mode=0; time=+7ms ago; duration=+1s0ms\nRUN_IN_BACKGROUND: ignore; rejectTime=+3d2h1m0s0ms ago\nWAKE_LOCK: allow; time=+5s0ms ago (running)\n",
		Check: answered("VIBRATE allow package 7ms unknown false; RUN_IN_BACKGROUND ignore package unknown 74h1m0s false; WAKE_LOCK allow package 5s unknown true; default unknown")},
	{From: 27, To: 27, Mark: grammar.Composed, Text: "No operations.\n", Check: answered("; default unknown")},
	{From: 28, To: 36, Mark: grammar.Composed, Text: "No operations.\nDefault mode: deny\n", Check: answered("; default deny")},
	{From: 28, To: 28, Mark: grammar.Composed, Text: "COARSE_LOCATION: ignore\nSYSTEM_ALERT_WINDOW: default; rejectTime=+1d0h0m0s0ms ago\n",
		Check: answered("COARSE_LOCATION ignore package unknown unknown false; SYSTEM_ALERT_WINDOW default package unknown 24h0m0s false; default unknown")},
	{From: 29, To: 33, Mark: grammar.Composed, Text: "Uid mode: COARSE_LOCATION: foreground\nLEGACY_STORAGE: allow\nCOARSE_LOCATION: allow; time=+1m0s0ms ago\nMANAGE_ONGOING_CALLS: allow\n",
		Check: answered("COARSE_LOCATION foreground uid unknown unknown false; LEGACY_STORAGE allow ? unknown unknown false; COARSE_LOCATION allow package 1m0s unknown false; MANAGE_ONGOING_CALLS allow package unknown unknown false; default unknown")},
	{From: 34, To: 36, Mark: grammar.Composed, Text: "Uid mode: POST_NOTIFICATION: ignore\nUSE_FULL_SCREEN_INTENT: allow; time=+3d2h1m0s0ms ago; rejectTime=+5s0ms ago (running); duration=+2s0ms\n",
		Check: answered("POST_NOTIFICATION ignore uid unknown unknown false; USE_FULL_SCREEN_INTENT allow package 74h1m0s 5s true; default unknown")},
	{From: 30, To: 36, Maker: "Xiaomi", Mark: grammar.Composed, Text: "MIUIOP(10020): ignore\nMIUIOP(10008): allow; rejectTime=+2h0m0s0ms ago\n",
		Check: answered("MIUIOP(10020) ignore package unknown unknown false; MIUIOP(10008) allow package unknown 2h0m0s false; default unknown")},
}

// The dump, composed from AppOpsService.dump unless captured.
var dumps = []grammar.Row{
	{From: 26, To: 27, Mark: grammar.Composed, Text: dump26,
		Check: dumped("1: u1010234 unknown [COARSE_LOCATION ignore uid unknown unknown false] org.ringproof.sample [RUN_IN_BACKGROUND deny package 1h0m0s 2s false, WAKE_LOCK allow package 5s unknown true]")},
	{From: 28, To: 28, Mark: grammar.Composed, Unsure: "the form of the times of API 28 is from memory; the row after this one has the other plausible form", Text: `Current AppOps Service state:
  Uid u0a234:
    state=cch
    Package org.ringproof.sample:
      VIBRATE (allow):
          Access: pers = 2018-08-15 18:49:52 (-4m0s0ms)
          Reject: bg = 2018-08-15 18:50:52 (-3m0s0ms)
`, Check: dumped("1: u10234 cch [] org.ringproof.sample [VIBRATE allow package 4m0s 3m0s false]")},
	{From: 28, To: 29, Mark: grammar.Composed, Text: `Current AppOps Service state:
  Uid 1000:
    state=pers
      START_FOREGROUND: mode=ignore
    Package android:
      VIBRATE (allow):
          Access: [pers-s] 2019-09-03 18:49:52.429 (-4m0s0ms)
          Access: [top-s] 2019-09-03 18:53:51.429 (-1s0ms) duration=+20ms
`, Check: dumped("1: u1000 pers [START_FOREGROUND ignore uid unknown unknown false] android [VIBRATE allow package 1s unknown false]")},
	{From: 30, To: 36, Mark: grammar.Composed, Unsure: "API 35 and 36 were not read in source", Text: dump30,
		Check: dumped("1: u1000 pers [] android [WAKE_LOCK allow package 2s 55h31m48.085s false]; u10234 cch [LEGACY_STORAGE ignore uid unknown unknown false] org.ringproof.sample [MIUIOP(10020) deny package unknown unknown false, RECORD_AUDIO allow package unknown unknown true, LEGACY_STORAGE allow package unknown unknown false]")},
	{From: 30, To: 33, Mark: grammar.Captured, File: "package/007-mvt-fixture-dumpsys-appops.txt", Check: func(t testing.TB, b []byte) {
		d, err := ParseDump(b)
		if err != nil || len(d.UIDs.Or(nil)) != 8 || d.Mode("org.fdroid.fdroid", 0, "SYSTEM_ALERT_WINDOW").String() != "default" {
			t.Errorf("%d uids, %v", len(d.UIDs.Or(nil)), err)
		}
	}},
	{From: 34, To: 34, Maker: "Xiaomi", Mark: grammar.Captured, File: "package/006-a14-hyperos-dumpsys-appops-head.txt", Check: func(t testing.TB, b []byte) {
		d, err := ParseDump(b) // it begins within the dump
		if p, ok := text.AsProblem(err); !ok || p.Kind != text.NotADump || len(d.Fragments.Or(nil)) != 2 || d.Mode("com.miui.daemon", 0, "RUN_ANY_IN_BACKGROUND").Line() != 255 {
			t.Errorf("%d uids, %v", len(d.Fragments.Or(nil)), err)
		}
	}},
}

func show(o Op) string {
	scope := o.Scope.String()
	if scope == "" {
		scope = "?"
	}
	return fmt.Sprintf("%s %s %s %v %v %v", o.Name, o.Mode, scope, o.Access, o.Reject, o.Running)
}

func all(ops []Op, sep string) string {
	s := make([]string, len(ops))
	for i, o := range ops {
		s[i] = show(o)
	}
	return strings.Join(s, sep)
}

func answered(want string) func(testing.TB, []byte) {
	return func(t testing.TB, b []byte) {
		t.Helper()
		f, err := Parse(b)
		if got := all(f.Ops.Or(nil), "; ") + "; default " + f.Default.String(); err != nil || got != want {
			t.Errorf("%s, %v\nwant %s", got, err, want)
		}
	}
}

func dumped(want string) func(testing.TB, []byte) {
	return func(t testing.TB, b []byte) {
		t.Helper()
		d, err := ParseDump(b)
		got := fmt.Sprintf("%d:", d.UIDs.Line())
		for i, u := range d.UIDs.Or(nil) {
			if i > 0 {
				got += ";"
			}
			got += fmt.Sprintf(" u%d %v [%s]", u.UID, u.State, all(u.Ops, ", "))
			for _, p := range u.Packages {
				got += fmt.Sprintf(" %s [%s]", p.Name, all(p.Ops, ", "))
			}
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

func FuzzParse(f *testing.F) {
	texts := []string{get34, "Uid mode: : \nUid mode: A: ;\nA: b; time= ago\nError: No UID for \n"}
	for _, r := range answers {
		texts = append(texts, r.Text)
	}
	for _, s := range texts {
		for _, b := range readertest.Damaged(s) {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		readertest.Check(t, readertest.Of(Parse), in)
		facts, _ := Parse(in)
		for _, o := range facts.Ops.Or(nil) {
			if !strings.Contains(string(text.Normalise(in)), o.Name) || o.Access.Or(0) < 0 || o.Reject.Or(0) < 0 {
				t.Fatalf("operation %+v is not in the text", o)
			}
		}
	})
}

func FuzzParseDump(f *testing.F) {
	readertest.Fuzz(f, readertest.Of(ParseDump), dump26, dump30, dumps[1].Text, dumps[2].Text,
		"Current AppOps Service state:\nUid :\nUid u0a1:\n A (:\n A ():\n  ( (a):\n : mode=\n Access: (-\n Package :\n Reject:  (-1d)\n")
}
