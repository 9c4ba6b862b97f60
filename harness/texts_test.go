package harness

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/facts"
	"github.com/ringproof/ringproof/harness/push"
	"github.com/ringproof/ringproof/reports/record"
)

func TestClassify(t *testing.T) {
	product := &expect.Failure{Fact: "x"}
	for _, c := range []struct {
		name string
		err  error
		want record.Verdict
	}{
		{"nothing", nil, record.Passed},
		{"wrong fact", fmt.Errorf("step: %w", product), record.Failed},
		{"unknown fact", &expect.Failure{Fact: "x", Unknown: true}, record.Infra},
		{"wrong fact before the test", &Error{Kind: Infra, Err: product}, record.Infra},
		{"the phone cannot", &Error{Kind: Unsupported, Err: errors.New("no")}, record.Skipped},
		{"payload", fmt.Errorf("%w: x", push.ErrPayload), record.Infra},
		{"a bug of ours", errors.New("boom"), record.Infra},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Classify(c.err); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// Texts of dumpsys.md 0.9 and 7: refusals come with exit 0 as well.
func TestComplaint(t *testing.T) {
	for _, c := range []struct {
		exit int
		said string
		want string
	}{
		{0, "", ""},
		{0, "Success", ""},
		{0, "java.lang.SecurityException: Injecting to another application requires INJECT_EVENTS permission", "INJECT_EVENTS"},
		{255, "Exception occurred while executing 'grant':\njava.lang.SecurityException: Neither user 2000", "Exception occurred"},
		{0, "Security exception: no\n\njava.lang...", "Security exception: no"},
		{1, "Error: Activity class {a/b} does not exist.", "does not exist"},
		{20, "cmd: Can't find service: x", "exit 20: cmd: Can't find service: x"},
	} {
		got := complaint(c.exit, c.said)
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("exit %d, %q: got %q, want %q", c.exit, c.said, got, c.want)
		}
	}
}

func TestOpMode(t *testing.T) {
	for text, want := range map[string]string{
		"No operations.\nDefault mode: default\n":                             "default",
		"USE_FULL_SCREEN_INTENT: allow\n":                                     "allow",
		"USE_FULL_SCREEN_INTENT: deny; time=+3d2h1m0s0ms ago\n":               "deny",
		"Uid mode: POST_NOTIFICATION: ignore\nUSE_FULL_SCREEN_INTENT: ignore": "ignore",
		"USE_FULL_SCREEN_INTENT: mode=9\n":                                    "default",
		"":                                                                    "default",
	} {
		if got := opMode(text); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

func TestClocks(t *testing.T) {
	if d, err := uptime("754.20 2900.11\n"); err != nil || d != 754200*time.Millisecond {
		t.Errorf("got %v, %v", d, err)
	}
	if _, err := uptime("cat: /proc/uptime: Permission denied"); err == nil {
		t.Error("read a clock from an error")
	}
	for text, want := range map[string]time.Time{
		"1772442000.250000000": time.Unix(1772442000, 250000000),
		"1772442000.%N":        time.Unix(1772442000, 0),
		"date: bad":            {},
	} {
		if got := wallTime(text); !got.Equal(want) {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}

// An answer that ends early is an error, never a snapshot with less in it.
func TestSnapshotCut(t *testing.T) {
	a, f := fakeApp(t, func(time.Duration) string { return telecomWith(ringingRow) })
	whole, err := a.Snapshot(t.Context(), facts.Telecom)
	if err != nil {
		t.Fatal(err)
	}
	if calls, ok := whole.Calls().Get(); !ok || len(calls) != 1 || whole.Ended <= whole.Began {
		t.Fatalf("calls %v, from %s to %s", calls, whole.Began, whole.Ended)
	}
	out, err := f.Run(t.Context(), f.scripts[0])
	if err != nil {
		t.Fatal(err)
	}
	chosen := sources()[:1]
	for n := range out.Stdout {
		var s facts.Snapshot
		s.Problems, s.Texts = map[facts.Kind]error{}, map[facts.Kind][]byte{}
		if err := fill(&s, out.Stdout[:n], a.mark, chosen); err == nil && !strings.HasPrefix(string(out.Stdout[n:]), "0") &&
			strings.TrimLeft(string(out.Stdout[n:]), "0.\n 123456789") != "" {
			t.Fatalf("cut at byte %d of %d read as whole", n, len(out.Stdout))
		}
	}
}

func TestReadPIDs(t *testing.T) {
	for _, c := range []struct {
		text string
		exit int
		want string
	}{
		{"4711\n", 0, "[4711]"},
		{"5000 4711\n", 0, "[4711 5000]"},
		{"\n", 1, "[]"},
		{"sh: pidof: not found", 127, "error"},
		{"usage", 0, "error"},
	} {
		var s facts.Snapshot
		err := readPIDs(&s, []byte(c.text), c.exit)
		got := fmt.Sprint(s.PIDs.Or(nil))
		if err != nil {
			got = "error"
			if s.PIDs.Known() {
				t.Errorf("%q: known after an error", c.text)
			}
		}
		if got != c.want {
			t.Errorf("%q: got %s, want %s", c.text, got, c.want)
		}
	}
}
