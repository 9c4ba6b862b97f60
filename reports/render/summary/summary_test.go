package summary_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/reports/render/summary"
)

func write(t *testing.T, told record.Told) string {
	t.Helper()
	var b strings.Builder
	if err := summary.Write(&b, told); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func attempt(id string, v record.Verdict, sentence string) record.ToldAttempt {
	return record.ToldAttempt{Manifest: record.Manifest{
		Scenario: record.Scenario{ID: id, Title: "title of " + id}, Phone: record.Phone{Serial: "P1", API: 34},
		Verdict: v, Finding: &record.Finding{Sentence: sentence},
	}}
}

// What is red comes first, with its cause and its remedy.
func TestWrite(t *testing.T) {
	latency := 120 * time.Millisecond
	red := attempt("killed", record.Failed, "it did not ring")
	red.Diagnosis = []record.Cause{{Sentence: "the app is stopped", Facts: []string{"stopped=true"}, Remedy: "open it"}}
	green := attempt("background", record.Passed, "")
	green.Timeline = []record.Edge{{Name: record.EdgeRinging, Latency: &latency}}
	got := write(t, record.Told{Run: record.Run{Ended: time.Unix(1, 0), App: record.App{Package: "org.example"}}, Attempts: []record.ToldAttempt{green, red}})
	want := `## Ringproof: org.example

1 failed, 1 passed.

### FAILED: title of killed

it did not ring

- **Likely: the app is stopped**
  - because stopped=true
  - remedy: open it

| scenario | phone | verdict | ringing after | why |
|---|---|---|---|---|
| background | P1 &#40;API 34&#41; | passed | 120 ms |  |
| killed | P1 &#40;API 34&#41; | failed |  | it did not ring |
`
	if got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestCutShort(t *testing.T) {
	if got := write(t, record.Told{}); !strings.Contains(got, "nothing ran") || !strings.Contains(got, "cut short") {
		t.Error(got)
	}
}

// Thousands of long failures still fit, and the rest is counted.
func TestLimit(t *testing.T) {
	var told record.Told
	for i := range 6000 {
		told.Attempts = append(told.Attempts, attempt(fmt.Sprintf("s%d", i), record.Failed, strings.Repeat("long ", 60)))
	}
	got := write(t, told)
	if len(got) > summary.Limit || !strings.Contains(got, "more attempts did not fit") {
		t.Errorf("%d bytes", len(got))
	}
	if !strings.Contains(got, "| scenario | phone |") {
		t.Error("no room was left for the table")
	}
}

// A text of an app is never Markdown.
func TestHostileText(t *testing.T) {
	for _, text := range []string{"<img src=x onerror=alert(1)>", "a | b\n| c |", "[x](http://x)", "# head", "`code`", "**b**", "@everyone", "\u202egnp.exe", "\x00\x1b[31m", "![x](y)"} {
		a := attempt(text, record.Failed, text)
		a.Scenario.Title = text
		got := write(t, record.Told{Run: record.Run{Ended: time.Unix(1, 0)}, Attempts: []record.ToldAttempt{a}})
		lines := strings.Split(strings.TrimSpace(got), "\n")
		row := lines[len(lines)-1]
		if strings.Count(row, "|") != 6 {
			t.Errorf("%q makes the row %q", text, row)
		}
		for _, bad := range []string{"<", "](", "`", "@everyone", "\u202e", "\x1b", "\x00"} {
			if strings.Contains(row, bad) {
				t.Errorf("%q lets %q into %q", text, bad, row)
			}
		}
	}
}
