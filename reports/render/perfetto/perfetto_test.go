package perfetto_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/reports/render/perfetto"
)

func TestWrite(t *testing.T) {
	d := 120 * time.Millisecond
	told := record.Told{
		Run: record.Run{App: record.App{Package: "org.example"}},
		Attempts: []record.ToldAttempt{{Manifest: record.Manifest{
			Scenario: record.Scenario{ID: "killed"}, Verdict: record.Passed, Phone: record.Phone{Serial: "P1", Model: "Pixel"},
			Timeline: []record.Edge{
				{Name: record.EdgePushSent, At: time.Second, Within: 5 * time.Millisecond, Source: "command", Clock: record.BootClock},
				{Name: record.EdgeRinging, At: 1120 * time.Millisecond, From: record.EdgePushSent, Latency: &d, Source: "log", Clock: record.WallClock, Text: "x"},
				{Name: record.EdgeActive, Void: "the clock was set"},
			},
		}}},
	}
	var b bytes.Buffer
	if err := perfetto.Write(&b, told); err != nil {
		t.Fatal(err)
	}
	var got, want any
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(`{"displayTimeUnit":"ms","otherData":{"app":"org.example"},"traceEvents":[
		{"name":"process_name","ph":"M","ts":0,"pid":1,"tid":0,"args":{"name":"P1 Pixel"}},
		{"name":"thread_name","ph":"M","ts":0,"pid":1,"tid":1,"args":{"name":"killed: passed"}},
		{"name":"push-sent","ph":"i","ts":1000000,"pid":1,"tid":1,"args":{"source":"command","clock":"boot","within_us":5000}},
		{"name":"ringing","cat":"call","ph":"b","ts":1000000,"pid":1,"tid":1,"id":"0.1","args":{"source":"log","clock":"wall","within_us":0,"text":"x"}},
		{"name":"ringing","cat":"call","ph":"e","ts":1120000,"pid":1,"tid":1,"id":"0.1"}
	]}`), &want); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A record of nothing is still a trace.
func TestEmpty(t *testing.T) {
	var b bytes.Buffer
	if err := perfetto.Write(&b, record.Told{}); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Events []any `json:"traceEvents"`
	}
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil || doc.Events == nil {
		t.Errorf("%s, %v", b.String(), err)
	}
}
