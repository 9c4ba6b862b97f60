package html

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/ringproof/ringproof/reports/record"
)

// inline is the longest evidence that a page shows itself; longer ones are
// linked.
const inline = 64 << 10

// Attempt is what an attempt's page shows.
type Attempt struct {
	Row
	// Before and After are the neighbours with the same verdict, "" for none.
	Before, After string
	// Others are the other attempts at the same scenario.
	Others []Row
	// Again is the command line that runs this scenario once more.
	Again []string
	// Package is the app's.
	Package string

	Call     Call
	Phases   []Phase
	Facts    []Facts
	Pictures []Evidence
	Videos   []Evidence
	Diffs    []Diff
	Logs     []Log
	Evidence []Evidence
	// Own is what the harness itself cost, without what was kept of it.
	Own record.Cost
}

// Phase is a phase of the scenario and what was done and seen in it.
type Phase struct {
	Name   string
	After  time.Duration // since the attempt began, in host time
	Events []Happening
}

// Happening is one event of a phase.
type Happening struct {
	Verb, Text string
}

// Facts are rows about one thing.
type Facts struct {
	About string
	Rows  []record.Fact
}

// Evidence is one kept file. Text is shown when the file is short.
type Evidence struct {
	record.File
	Href string
	Text string
}

// Said is the text for those who do not see a picture.
func (e Evidence) Said() string {
	said := e.Title
	if said == "" {
		said = e.Name
	}
	if e.Phase != "" {
		said = e.Phase + ": " + said
	}
	return "the phone's screen, " + said
}

func attempts(o Overview) []*Attempt {
	var all []*Attempt
	same := map[string][]Row{}
	for _, g := range o.Groups {
		for i, r := range g.Rows {
			a := &Attempt{Row: r, Package: o.Run.App.Package, Call: place(r.Timeline), Phases: phases(r.ToldAttempt), Facts: factsOf(r.Manifest.Facts), Own: r.Cost.Less(r.Manifest.Evidence)}
			if i > 0 {
				a.Before = g.Rows[i-1].Page
			}
			if i+1 < len(g.Rows) {
				a.After = g.Rows[i+1].Page
			}
			if len(o.Run.Again) > 0 {
				a.Again = append(slices.Clone(o.Run.Again), "--scenario", r.Scenario.ID)
			}
			same[r.Scenario.ID] = append(same[r.Scenario.ID], r)
			all = append(all, a)
		}
	}
	const most = 50 // a soak runs one scenario thousands of times
	for _, a := range all {
		for _, r := range same[a.Scenario.ID] {
			if r.Page != a.Page && len(a.Others) < most {
				a.Others = append(a.Others, r)
			}
		}
	}
	return all
}

// verbs say what an event is.
func verb(k record.EventKind) string {
	if v, ok := map[record.EventKind]string{
		record.PushSent: "pushed", record.FactSeen: "saw", record.Acted: "did", record.Noted: "noted",
	}[k]; ok {
		return v
	}
	return string(k)
}

// phases puts the events in their phases. Those that the page shows elsewhere
// are left out.
func phases(a record.ToldAttempt) []Phase {
	var all []Phase
	for _, e := range a.Events {
		switch e.Kind {
		case record.ScenarioStarted, record.ScenarioEnded, record.TimelineRead:
			continue
		case record.PhaseStarted:
			all = append(all, Phase{Name: e.Text, After: max(e.Host.Sub(a.Started), 0)})
			continue
		}
		if e.Text == "" {
			continue
		}
		if len(all) == 0 {
			all = append(all, Phase{Name: "before the first phase"})
		}
		last := &all[len(all)-1]
		last.Events = append(last.Events, Happening{verb(e.Kind), e.Text})
	}
	return all
}

func factsOf(rows []record.Fact) []Facts {
	var all []Facts
	for _, r := range rows {
		i := slices.IndexFunc(all, func(f Facts) bool { return f.About == r.About })
		if i < 0 {
			all = append(all, Facts{About: r.About})
			i = len(all) - 1
		}
		all[i].Rows = append(all[i].Rows, r)
	}
	return all
}

// gather copies the evidence and sorts it by what it shows.
func (a *Attempt) gather(to, from string) error {
	cited := citations(a.Diagnosis)
	for _, f := range a.Files {
		text, ok, err := a.ReadFile(from, f)
		if err != nil {
			return fmt.Errorf("copy evidence: %w", err)
		} else if !ok {
			continue
		}
		href := path.Join("evidence", strings.TrimSuffix(a.Page, ".html"), f.Name)
		if err := put(filepath.Join(to, filepath.FromSlash(href)), text); err != nil {
			return err
		}
		e := Evidence{File: f, Href: href}
		words := func() string { return strings.ToValidUTF8(string(text), "\ufffd") }
		switch f.Kind {
		case record.Screenshot:
			a.Pictures = append(a.Pictures, e)
			continue
		case record.Video:
			a.Videos = append(a.Videos, e)
			continue
		case record.Diff:
			a.Diffs = append(a.Diffs, diffOf(e, words()))
			continue
		case record.Log:
			if l, ok := logOf(e, words(), a.Package, cited); ok {
				a.Logs = append(a.Logs, l)
				continue
			}
		}
		if len(text) <= inline {
			e.Text = words()
		}
		a.Evidence = append(a.Evidence, e)
	}
	return nil
}

// put writes a file into a folder that may have to be made.
func put(file string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return fmt.Errorf("copy evidence: %w", err)
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return fmt.Errorf("copy evidence: %w", err)
	}
	return nil
}
