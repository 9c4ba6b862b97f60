package latency_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/reports/render/latency"
)

// told is a record of calls that rang after so many milliseconds each.
func told(millis ...int) record.Told {
	var t record.Told
	for _, n := range millis {
		d := time.Duration(n) * time.Millisecond
		t.Attempts = append(t.Attempts, record.ToldAttempt{Manifest: record.Manifest{
			Verdict: record.Passed, Phone: record.Phone{Serial: "P1", Release: "14"},
			Timeline: []record.Edge{
				{Name: record.EdgePushSent},
				{Name: record.EdgeRinging, From: record.EdgePushSent, Latency: &d, Within: 6 * time.Millisecond},
			},
		}})
	}
	return t
}

func TestWrite(t *testing.T) {
	in := told(300, 100, 200, 400, 1000)
	lost := told(9000).Attempts[0]
	lost.Verdict = record.Infra
	in.Attempts = append(in.Attempts, lost)
	var b strings.Builder
	if err := latency.Write(&b, in); err != nil {
		t.Fatal(err)
	}
	want := `STEP     FROM       PHONE  ANDROID  N  P50     P95      MAX      WITHIN
ringing  push-sent  "P1"   14       5  300 ms  1000 ms  1000 ms  6 ms
`
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestCompare(t *testing.T) {
	base := told(100, 101, 102, 103, 104, 105)
	for name, c := range map[string]struct {
		is   record.Told
		want int
	}{
		"the same":                       {base, 0},
		"a bit slower, within the clock": {told(110, 111, 112, 113, 114), 0},
		"slower":                         {told(150, 151, 152, 153, 154), 1},
		"faster":                         {told(10, 11, 12, 13, 14), 0},
		"noisy":                          {told(90, 60, 130, 180, 240), 0},
		"too few":                        {told(500, 500, 500, 500), 0},
	} {
		if got := latency.Compare(base, c.is); len(got) != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	got := latency.Compare(base, told(150, 151, 152, 153, 154))[0].String()
	if got != "ringing on P1 (Android 14): median 152 ms, was 102 ms" {
		t.Error(got)
	}
}
