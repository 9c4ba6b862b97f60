package allure

import (
	"encoding/csv"
	"fmt"
	"strings"
	"time"

	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/reports/render/internal/cases"
)

// The model of Allure's results (allure-js-commons, model.ts; allure2's
// allure2-model). Times are milliseconds since 1970.
type (
	result struct {
		UUID       string      `json:"uuid"`
		HistoryID  string      `json:"historyId"`
		TestCaseID string      `json:"testCaseId"`
		FullName   string      `json:"fullName"`
		Labels     []label     `json:"labels"`
		Links      []struct{}  `json:"links"`
		Parameters []parameter `json:"parameters"`
		step
	}
	// step is what results, steps and fixtures have in common.
	step struct {
		Name        string       `json:"name"`
		Status      string       `json:"status"`
		Details     details      `json:"statusDetails"`
		Stage       string       `json:"stage"`
		Start       int64        `json:"start"`
		Stop        int64        `json:"stop"`
		Steps       []childStep  `json:"steps"`
		Attachments []attachment `json:"attachments"`
	}
	childStep struct {
		step
		Parameters []parameter `json:"parameters"`
	}
	details struct {
		Message  string `json:"message,omitempty"`
		Trace    string `json:"trace,omitempty"`
		Actual   string `json:"actual,omitempty"`
		Expected string `json:"expected,omitempty"`
		Flaky    bool   `json:"flaky,omitempty"`
	}
	label struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	parameter struct {
		Name     string `json:"name"`
		Value    string `json:"value"`
		Excluded bool   `json:"excluded"`
	}
	attachment struct {
		Name   string `json:"name"`
		Source string `json:"source"`
		Type   string `json:"type"`
	}
	container struct {
		UUID     string   `json:"uuid"`
		Name     string   `json:"name"`
		Children []string `json:"children"`
		Befores  []step   `json:"befores"`
		Afters   []step   `json:"afters"`
	}
	category struct {
		Name     string   `json:"name"`
		Statuses []string `json:"matchedStatuses"`
	}
)

func categories() []category {
	return []category{
		{"the app did the wrong thing", []string{"failed"}},
		{"the phone, the cable, adb or the farm", []string{"broken"}},
		{"the phone cannot show it", []string{"skipped"}},
	}
}

func status(v record.Verdict) string {
	switch v {
	case record.Passed:
		return "passed"
	case record.Failed:
		return "failed"
	case record.Skipped:
		return "skipped"
	}
	return "broken"
}

func resultOf(a record.ToldAttempt, run record.Run) result {
	r := result{
		TestCaseID: digest(a.Scenario.ID), FullName: "ringproof." + a.Scenario.ID, Links: []struct{}{}, Parameters: parameters(a),
		step: step{
			Name: a.Scenario.Title, Status: status(a.Verdict), Stage: "finished", Start: millis(a.Started), Stop: millis(a.Ended),
			Steps: steps(a), Attachments: []attachment{},
		},
	}
	if r.Name == "" {
		r.Name = a.Scenario.ID
	}
	if a.Ended.IsZero() {
		r.Stop = r.Start
	}
	r.Details = detailsOf(a)
	for _, l := range []label{
		{"framework", "ringproof"}, {"language", "go"}, {"parentSuite", run.App.Package}, {"suite", a.Phone.Serial},
		{"host", a.Phone.Serial}, {"thread", a.Phone.Serial}, {"package", "ringproof"}, {"testClass", a.Scenario.ID},
	} {
		if l.Value != "" {
			r.Labels = append(r.Labels, l)
		}
	}
	for _, tag := range a.Scenario.Labels {
		r.Labels = append(r.Labels, label{"tag", tag})
	}
	return r
}

func detailsOf(a record.ToldAttempt) details {
	if a.Finding == nil {
		return details{}
	}
	return details{Message: a.Finding.Sentence, Trace: cases.Explain(a), Actual: a.Finding.Seen, Expected: a.Finding.Wanted}
}

// parameters are what a person looks for first. None is part of the history:
// a scenario is the same on another phone.
func parameters(a record.ToldAttempt) []parameter {
	all := []parameter{}
	add := func(name, value string) {
		if value != "" {
			all = append(all, parameter{name, value, true})
		}
	}
	add("phone", strings.TrimSpace(a.Phone.Serial+" "+a.Phone.Maker+" "+a.Phone.Model))
	add("Android", a.Phone.Release)
	if a.Attempt > 1 {
		add("attempt", fmt.Sprint(a.Attempt))
	}
	if d, ok := a.Latency(record.EdgeRinging); ok {
		add("rang after", fmt.Sprintf("%d ms", d.Milliseconds()))
	}
	return all
}

// steps are the phases, and in them what was done and seen. The last phase of
// an attempt that is not green ended like it.
func steps(a record.ToldAttempt) []childStep {
	all := []childStep{}
	end := a.Ended
	for _, e := range a.Events {
		switch e.Kind {
		case record.ScenarioStarted, record.ScenarioEnded, record.TimelineRead:
			continue
		}
		s := childStep{step: step{
			Name: e.Text, Status: "passed", Stage: "finished", Start: millis(e.Host), Stop: millis(e.Host),
			Steps: []childStep{}, Attachments: []attachment{},
		}, Parameters: []parameter{}}
		if e.Kind == record.PhaseStarted || len(all) == 0 {
			if n := len(all); n > 0 {
				all[n-1].Stop = s.Start
			}
			all = append(all, s)
			continue
		}
		s.Name = string(e.Kind) + ": " + e.Text
		last := &all[len(all)-1]
		last.Steps, last.Stop = append(last.Steps, s), s.Stop
	}
	if n := len(all); n > 0 {
		if !end.IsZero() {
			all[n-1].Stop = max(all[n-1].Stop, millis(end))
		}
		if v := a.Verdict; v == record.Failed || v == record.Infra {
			all[n-1].Status, all[n-1].Details = status(v), detailsOf(a)
		}
	}
	return all
}

// table is the timeline as CSV, which Allure shows as a table.
func table(edges []record.Edge) []byte {
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"step", "after, ms", "from", "within, ms", "budget, ms", "source", "clock", "more"}) // a Builder takes everything
	ms := func(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d)/float64(time.Millisecond)) }
	for _, e := range edges {
		row := []string{string(e.Name), "", string(e.From), ms(e.Within), "", e.Source, string(e.Clock), strings.TrimSpace(e.Text + " " + e.Void)}
		if e.Latency != nil {
			row[1] = ms(*e.Latency)
		}
		if e.Budget > 0 {
			row[4] = ms(e.Budget)
		}
		_ = w.Write(row)
	}
	w.Flush()
	return []byte(b.String())
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
