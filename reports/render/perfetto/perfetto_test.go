package perfetto_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/reports/render/perfetto"
)

// nested are the fields of perfetto_trace.proto that hold messages, by the
// path of their numbers.
var nested = map[string]bool{"1": true, "1.11": true, "1.60": true, "1.60.3": true, "1.11.4": true}

// read prints a protobuf, a line a packet: numbers of fields and their values.
func read(t *testing.T, data []byte, path string) string {
	t.Helper()
	var parts []string
	for len(data) > 0 {
		key, n := binary.Uvarint(data)
		if n <= 0 {
			t.Fatalf("no key at %q in %s", data, path)
		}
		data = data[n:]
		value, n := binary.Uvarint(data)
		if n <= 0 {
			t.Fatalf("no value at %q in %s", data, path)
		}
		data = data[n:]
		at := strings.TrimPrefix(fmt.Sprintf("%s.%d", path, key>>3), ".")
		switch {
		case key&7 == 0:
			parts = append(parts, fmt.Sprintf("%d=%d", key>>3, value))
		case key&7 != 2 || value > uint64(len(data)):
			t.Fatalf("field %s has kind %d and length %d", at, key&7, value)
		default:
			if nested[at] {
				parts = append(parts, fmt.Sprintf("%d{%s}", key>>3, read(t, data[:value], at)))
			} else {
				parts = append(parts, fmt.Sprintf("%d=%q", key>>3, data[:value]))
			}
			data = data[value:]
		}
	}
	if path == "" {
		return strings.Join(parts, "\n")
	}
	return strings.Join(parts, " ")
}

func TestWrite(t *testing.T) {
	d := 120 * time.Millisecond
	told := record.Told{Attempts: []record.ToldAttempt{{Manifest: record.Manifest{
		Scenario: record.Scenario{ID: "killed"}, Verdict: record.Passed, Phone: record.Phone{Serial: "P1", Model: "Pixel"},
		Timeline: []record.Edge{
			{Name: record.EdgePushSent, At: time.Second, Within: 5 * time.Millisecond, Source: "command", Clock: record.BootClock},
			{Name: record.EdgeRinging, At: 1120 * time.Millisecond, From: record.EdgePushSent, Latency: &d, Budget: 10 * time.Second, Source: "log", Clock: record.WallClock, Text: "x\xff"},
			{Name: record.EdgeActive, Void: "the clock was set"},
		},
	}}}}
	var b bytes.Buffer
	if err := perfetto.Write(&b, told); err != nil {
		t.Fatal(err)
	}
	// Typed from perfetto_trace.proto: 60 a track, 11 an event of it, 8 the time.
	want := `1{10=1 13=1 60{1=1 2="P1 Pixel" 3{1=1 6="P1 Pixel"} 11=2 12=1}}
1{10=1 60{1=2 2="killed: passed" 5=1 11=3 12=0}}
1{10=1 60{1=3 2="push-sent" 5=2 12=0}}
1{8=1000000000 58=6 10=1 11{9=3 11=3 22="call" 23="push-sent" 4{10="source" 6="command"} 4{10="clock" 6="boot"} 4{10="within" 6="5ms"}}}
1{10=1 60{1=4 2="ringing" 5=2 12=1}}
1{8=1000000000 58=6 10=1 11{9=1 11=4 22="call" 23="ringing" 4{10="source" 6="log"} 4{10="clock" 6="wall"} 4{10="within" 6="0s"} 4{10="from" 6="push-sent"} 4{10="more" 6="x�"} 4{10="budget" 6="10s"}}}
1{8=1120000000 58=6 10=1 11{9=2 11=4}}`
	if d := cmp.Diff(want, read(t, b.Bytes(), "")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A record of nothing is a trace of nothing.
func TestEmpty(t *testing.T) {
	var b bytes.Buffer
	if err := perfetto.Write(&b, record.Told{}); err != nil || b.Len() != 0 {
		t.Errorf("%d bytes, %v", b.Len(), err)
	}
}
