package record_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/reports/record"
)

// One event is one line, whatever text is in it, also from many goroutines.
func TestLines(t *testing.T) {
	var b bytes.Buffer
	l := record.NewLines(&b)
	want := record.Event{
		Kind: record.ScenarioEnded, Scenario: "s", Phone: "P1", Host: time.Unix(1772442000, 0).UTC(), Verdict: record.Failed,
		Finding: &record.Finding{Fact: "telecom.call", Sentence: "a\nb <i> \"c\""}, Took: 1500 * time.Millisecond,
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { l.Record(want) })
	}
	all.Wait()
	lines := bytes.Split(bytes.TrimSuffix(b.Bytes(), []byte("\n")), []byte("\n"))
	if len(lines) != 20 || l.Err() != nil {
		t.Fatalf("%d lines, %v", len(lines), l.Err())
	}
	for _, line := range lines {
		var got record.Event
		if err := json.Unmarshal(line, &got); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("(-want +got):\n%s", d)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

// A record that cannot be written is told at the end and decides nothing.
func TestLinesKeepsItsFirstError(t *testing.T) {
	l := record.NewLines(full{})
	l.Record(record.Event{})
	if l.Err() == nil {
		t.Error("the error is lost")
	}
}

func TestTee(t *testing.T) {
	var got []string
	add := func(name string) record.Sink {
		return record.SinkFunc(func(record.Event) { got = append(got, name) })
	}
	record.Tee(add("a"), nil, add("b")).Record(record.Event{})
	if d := cmp.Diff([]string{"a", "b"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
