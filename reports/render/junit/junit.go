// Package junit writes a record as JUnit XML, which every CI reads: a failure
// is the app's, an error is the phone's, the cable's or the farm's, and what
// was skipped says why.
//
// The elements and their order are those that Jenkins' schema and Surefire's
// share. It knows no phone and no scenario's meaning.
package junit

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/reports/render/internal/cases"
)

// Write writes the record: a suite for each phone, a case for each scenario on
// it. Several attempts of one scenario are one case.
func Write(w io.Writer, t record.Told) error {
	doc := suites{Name: "ringproof"}
	for _, g := range cases.Of(t.Attempts) {
		s := doc.suite(g, t.Run)
		c := testcase(g)
		s.Cases = append(s.Cases, c)
		s.Tests++
		switch {
		case c.Failure != nil:
			s.Failures++
		case c.Error != nil:
			s.Errors++
		case c.Skipped != nil:
			s.Skipped++
		}
		s.seconds += took(g)
	}
	for _, s := range doc.Suites {
		s.Time = seconds(s.seconds)
		doc.Tests, doc.Failures, doc.Errors = doc.Tests+s.Tests, doc.Failures+s.Failures, doc.Errors+s.Errors
		doc.seconds += s.seconds
	}
	doc.Time = seconds(doc.seconds)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("write JUnit XML: %w", err)
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return fmt.Errorf("write JUnit XML: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

type suites struct {
	XMLName  xml.Name `xml:"testsuites"`
	Name     string   `xml:"name,attr"`
	Time     string   `xml:"time,attr"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"`
	Suites   []*suite `xml:"testsuite"`

	seconds float64
}

type suite struct {
	Name       string     `xml:"name,attr"`
	Tests      int        `xml:"tests,attr"`
	Failures   int        `xml:"failures,attr"`
	Errors     int        `xml:"errors,attr"`
	Skipped    int        `xml:"skipped,attr"`
	Time       string     `xml:"time,attr"`
	Timestamp  string     `xml:"timestamp,attr"`
	Properties []property `xml:"properties>property"`
	Cases      []tcase    `xml:"testcase"`

	seconds float64
}

type property struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type tcase struct {
	Name      string `xml:"name,attr"`
	Classname string `xml:"classname,attr"`
	Time      string `xml:"time,attr"`
	// The order is the schema's.
	Skipped   *message  `xml:"skipped"`
	Error     *message  `xml:"error"`
	Failure   *message  `xml:"failure"`
	Flaky     []message `xml:"flakyError"`
	SystemOut string    `xml:"system-out,omitempty"`
}

type message struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// took is how long all attempts of a case took, in seconds.
func took(c cases.Case) float64 {
	total := 0.0
	for _, a := range c {
		if !a.Ended.IsZero() {
			total += a.Ended.Sub(a.Started).Seconds()
		}
	}
	return total
}

// suite is the suite of the phone that decided.
func (d *suites) suite(g cases.Case, run record.Run) *suite {
	p := g.Judged().Phone
	name := p.Serial
	if name == "" {
		name = "no phone"
	}
	for _, s := range d.Suites {
		if s.Name == name {
			return s
		}
	}
	s := &suite{Name: name, Timestamp: run.Started.UTC().Format("2006-01-02T15:04:05")}
	for _, x := range []property{
		{"app.package", run.App.Package}, {"app.profile", run.App.Profile},
		{"device.serial", p.Serial}, {"device.maker", p.Maker}, {"device.model", p.Model},
		{"device.release", p.Release}, {"device.build", p.Build},
	} {
		if x.Value != "" {
			s.Properties = append(s.Properties, x)
		}
	}
	if p.API > 0 {
		s.Properties = append(s.Properties, property{"device.api", fmt.Sprint(p.API)})
	}
	d.Suites = append(d.Suites, s)
	return s
}

func testcase(g cases.Case) tcase {
	a := g.Judged()
	c := tcase{Name: a.Scenario.Title, Classname: "ringproof." + a.Scenario.ID, Time: seconds(took(g)), SystemOut: story(g)}
	if c.Name == "" {
		c.Name = a.Scenario.ID
	}
	m := &message{Message: cases.Sentence(a), Type: factOf(a), Text: cases.Explain(a)}
	switch a.Verdict {
	case record.Passed:
		for _, before := range g.Flaky() {
			c.Flaky = append(c.Flaky, message{Message: cases.Sentence(before), Type: string(record.Infra), Text: cases.Explain(before)})
		}
	case record.Failed:
		c.Failure = m
	case record.Skipped:
		m.Type, m.Text = "", ""
		c.Skipped = m
	default:
		m.Type = string(record.Infra)
		c.Error = m
	}
	return c
}

func factOf(a record.ToldAttempt) string {
	if a.Finding == nil {
		return ""
	}
	return a.Finding.Fact
}

// story tells labels, latencies and where the evidence is, for every attempt.
func story(g cases.Case) string {
	var b strings.Builder
	if l := g.Judged().Scenario.Labels; len(l) > 0 {
		fmt.Fprintf(&b, "labels: %s\n", strings.Join(l, " "))
	}
	for _, a := range g {
		fmt.Fprintf(&b, "attempt %d on %s: %s, record %s\n", a.Attempt, a.Phone.Serial, a.Verdict, a.Dir)
		for _, e := range a.Timeline {
			if e.Latency != nil {
				fmt.Fprintf(&b, "latency.%s_ms=%d within %d ms, from %s\n", e.Name, e.Latency.Milliseconds(), ceilMS(e.Within), e.Source)
			}
		}
	}
	return b.String()
}

func ceilMS(d time.Duration) int64 { return (d + time.Millisecond - 1).Milliseconds() }

func seconds(s float64) string { return fmt.Sprintf("%.3f", s) }
