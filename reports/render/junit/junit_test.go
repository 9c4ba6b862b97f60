package junit_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/reports/render/junit"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// attempt is one of a scenario, a second long, begun i seconds into the run.
func attempt(i int, id string, n int, v record.Verdict, f *record.Finding) record.ToldAttempt {
	began := start.Add(time.Duration(i) * time.Second)
	return record.ToldAttempt{
		Dir: "attempts/" + id + string(rune('0'+i)),
		Manifest: record.Manifest{
			Scenario: record.Scenario{ID: id, Title: "title of " + id, Labels: []string{"smoke"}}, Attempt: n,
			Phone: record.Phone{Serial: "P1", API: 34}, Started: began, Ended: began.Add(time.Second), Verdict: v, Finding: f,
		},
	}
}

func write(t *testing.T, told record.Told) string {
	t.Helper()
	var b bytes.Buffer
	if err := junit.Write(&b, told); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWrite(t *testing.T) {
	latency := 120 * time.Millisecond
	failed := attempt(0, "fails", 1, record.Failed, &record.Finding{Fact: "telecom.call", Sentence: "it did not ring", Advice: "look"})
	failed.Diagnosis = []record.Cause{{ID: "app.stopped", Sentence: "it is stopped", Remedy: "open it", Facts: []string{"stopped=true"}}}
	failed.Timeline = []record.Edge{{Name: record.EdgeRinging, Latency: &latency, Within: 1500 * time.Microsecond, Source: "log"}}
	got := write(t, record.Told{
		Run: record.Run{Started: start, App: record.App{Profile: "reference", Package: "org.example"}},
		Attempts: []record.ToldAttempt{
			failed,
			attempt(1, "infra", 1, record.Infra, &record.Finding{Sentence: "the cable"}),
			attempt(2, "skips", 1, record.Skipped, &record.Finding{Sentence: "no SIM"}),
			attempt(3, "passes", 1, record.Passed, nil),
		},
	})
	want := `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="ringproof" time="4.000" tests="4" failures="1" errors="1">
  <testsuite name="P1" tests="4" failures="1" errors="1" skipped="1" time="4.000" timestamp="2026-03-02T09:00:00">
    <properties>
      <property name="app.package" value="org.example"></property>
      <property name="app.profile" value="reference"></property>
      <property name="device.serial" value="P1"></property>
      <property name="device.api" value="34"></property>
    </properties>
    <testcase name="title of fails" classname="ringproof.fails" time="1.000">
      <failure message="it did not ring" type="telecom.call">it did not ring&#xA;look&#xA;&#xA;likely: it is stopped&#xA;  because stopped=true&#xA;  remedy: open it&#xA;</failure>
      <system-out>labels: smoke&#xA;attempt 1 on P1: failed, record attempts/fails0&#xA;latency.ringing_ms=120 within 2 ms, from log&#xA;</system-out>
    </testcase>
    <testcase name="title of infra" classname="ringproof.infra" time="1.000">
      <error message="the cable" type="infra">the cable&#xA;</error>
      <system-out>labels: smoke&#xA;attempt 1 on P1: infra, record attempts/infra1&#xA;</system-out>
    </testcase>
    <testcase name="title of skips" classname="ringproof.skips" time="1.000">
      <skipped message="no SIM"></skipped>
      <system-out>labels: smoke&#xA;attempt 1 on P1: skipped, record attempts/skips2&#xA;</system-out>
    </testcase>
    <testcase name="title of passes" classname="ringproof.passes" time="1.000">
      <system-out>labels: smoke&#xA;attempt 1 on P1: passed, record attempts/passes3&#xA;</system-out>
    </testcase>
  </testsuite>
</testsuites>
`
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// Infra may be retried into green and is then flaky; a failure never is.
func TestRetries(t *testing.T) {
	lost := &record.Finding{Sentence: "lost"}
	flaky := write(t, record.Told{Attempts: []record.ToldAttempt{
		attempt(0, "x", 1, record.Infra, lost), attempt(1, "x", 2, record.Passed, nil),
	}})
	for _, want := range []string{`tests="1" failures="0" errors="0"`, `<flakyError message="lost" type="infra">`, `time="2.000"`} {
		if !strings.Contains(flaky, want) {
			t.Errorf("%s is missing in\n%s", want, flaky)
		}
	}
	red := write(t, record.Told{Attempts: []record.ToldAttempt{
		attempt(0, "x", 1, record.Failed, &record.Finding{Sentence: "wrong"}), attempt(1, "x", 2, record.Passed, nil),
	}})
	if !strings.Contains(red, `<failure message="wrong"`) || strings.Contains(red, "flaky") {
		t.Errorf("a failure was retried into green:\n%s", red)
	}
	// Two shards that ran the same scenario are two cases.
	two := write(t, record.Told{Attempts: []record.ToldAttempt{
		attempt(0, "x", 1, record.Passed, nil), attempt(1, "x", 1, record.Passed, nil),
	}})
	if !strings.Contains(two, `tests="2"`) {
		t.Errorf("two shards became one:\n%s", two)
	}
}

// Whatever stands in names and texts, the document stays one.
func TestHostileText(t *testing.T) {
	for _, text := range []string{"]]>", `"><script>alert(1)</script>`, "\x00\x1b[31m\ufffe", "<!--", "&amp;&#0;", "\xff\xfe", "é\u202e日本"} {
		a := attempt(0, "x", 1, record.Failed, &record.Finding{Sentence: text, Fact: text})
		a.Scenario.Title, a.Scenario.ID, a.Phone.Serial, a.Phone.Model = text, text, text, text
		a.Diagnosis = []record.Cause{{Sentence: text, Facts: []string{text}}}
		doc := write(t, record.Told{Attempts: []record.ToldAttempt{a}})
		depth, elements := 0, 0
		for d := xml.NewDecoder(strings.NewReader(doc)); ; {
			tok, err := d.Token()
			if err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			switch tok.(type) {
			case xml.StartElement:
				depth++
				elements++
			case xml.EndElement:
				depth--
			}
		}
		// testsuites, testsuite, properties with serial, model and API, testcase, failure, system-out.
		if depth != 0 || elements != 9 {
			t.Errorf("%q: depth %d, %d elements in\n%s", text, depth, elements, doc)
		}
	}
}
