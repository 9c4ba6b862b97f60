package ps

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/grammar"
)

// toybox ps of Android 8 and newer, with -A and with -o of the caller's choice
// (dumpsys.md 4.2).
const (
	all26 = `USER           PID  PPID     VSZ    RSS WCHAN            ADDR S NAME
root             1     0   68696   2864 0                   0 S init
root             2     0       0      0 0                   0 S [kworker/u16:0 mm]
u10_a123      4251  1301 1349112  95432 ep_poll             0 S org.ringproof.sample:remote
shell         9999  2000   10000   2000 0                   0 R ps
`
	chosen = `  PID  PPID USER         STAT NAME
 4251  1301 u0_a123      Sl   org.ringproof.sample
`
	old = `USER           PID  PPID     VSIZE    RSS WCHAN            PC  NAME
root      1     0     8896   820   ffffffff 00000000 S /init
`
)

func check(want ...Process) func(testing.TB, []byte) {
	return func(t testing.TB, b []byte) {
		f, err := Parse(b)
		if err != nil {
			t.Error(err)
		}
		if d := cmp.Diff(want, f.Processes.Or(nil), cmp.Comparer(func(a, b fact.Value[string]) bool { return a == b }), cmp.Comparer(func(a, b fact.Value[int]) bool { return a == b })); d != "" {
			t.Error(d)
		}
	}
}

func proc(line, pid, ppid int, user, state, name string) Process {
	return Process{PID: pid, PPID: fact.Of(ppid, line), User: fact.Of(user, line), State: fact.Of(state, line), Name: name, Line: line}
}

func TestGrammars(t *testing.T) {
	grammar.Check(t, []grammar.Row{
		{From: 26, To: 36, Mark: grammar.Composed, Text: all26, Check: check(
			proc(2, 1, 0, "root", "S", "init"), proc(3, 2, 0, "root", "S", "[kworker/u16:0 mm]"),
			proc(4, 4251, 1301, "u10_a123", "S", "org.ringproof.sample:remote"), proc(5, 9999, 2000, "shell", "R", "ps"))},
		{From: 26, To: 36, Mark: grammar.Composed, Text: chosen, Check: check(proc(2, 4251, 1301, "u0_a123", "Sl", "org.ringproof.sample"))},
		{From: 23, To: 25, Mark: grammar.Composed, Text: old, Check: check(proc(2, 1, 0, "root", "S", "/init"))},
		{From: 30, To: 33, Mark: grammar.Captured, File: "misc/010-mvt-fixture-ps.txt", Check: func(t testing.TB, b []byte) {
			f, err := Parse(b)
			all := f.Processes.Or(nil)
			if err != nil || len(all) != 17 || all[0] != proc(2, 1, 0, "root", "S", "init") || all[16] != proc(18, 18, 2, "root", "S", "[ksoftirqd/1]") {
				t.Errorf("%v: %d: %+v", err, len(all), all)
			}
		}},
	})
}

func TestNamed(t *testing.T) {
	f, _ := Parse([]byte(all26))
	if got := f.Named("org.ringproof.sample:remote"); len(got) != 1 || got[0].PID != 4251 {
		t.Errorf("%+v", got)
	}
	if got := f.Named("org.ringproof.sample"); got != nil {
		t.Errorf("%+v", got)
	}
}

func TestProblems(t *testing.T) {
	for in, want := range map[string]text.Kind{
		"":                text.Empty,
		"bad pid '-A'\n":  text.NotADump,
		"PID NAME\n":      text.Truncated,
		"NAME PID\na 1\n": text.NotADump, // a name in front could not hold blanks
	} {
		f, err := Parse([]byte(in))
		if p, ok := text.AsProblem(err); !ok || p.Kind != want || f.Processes.Known() {
			t.Errorf("%q: %v, %v", in, err, f)
		}
	}
}
