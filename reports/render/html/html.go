// Package html writes a record as pages that open from disk: an overview with
// a lane for each phone, and a page for each attempt with the finding, its
// likely causes, the timeline of the call and the evidence.
//
// The pages load nothing from anywhere, work without a script, and are for
// keyboards and screen readers too. The package knows no phone; what it shows
// may be anybody's text and is never markup.
package html

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/ringproof/ringproof/reports/record"
)

//go:embed page
var files embed.FS

// inline is the longest evidence that a page shows itself; longer ones are
// linked.
const inline = 64 << 10

// Write writes the pages of the record in folder from into folder to, which
// must be new or empty, and copies the evidence there.
func Write(to, from string, t record.Told) error {
	if entries, err := os.ReadDir(to); err == nil && len(entries) > 0 {
		return fmt.Errorf("write the pages: %s is not empty: name another folder", to)
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return fmt.Errorf("write the pages: %w", err)
	}
	pages, err := template.New("").Funcs(funcs()).ParseFS(files, "page/*.html")
	if err != nil {
		return fmt.Errorf("read the page templates: %w", err)
	}
	for _, asset := range []string{"style.css", "filter.js"} {
		text, err := files.ReadFile("page/" + asset)
		if err != nil {
			return fmt.Errorf("write the pages: %w", err)
		}
		if err := os.WriteFile(filepath.Join(to, asset), text, 0o644); err != nil {
			return fmt.Errorf("write the pages: %w", err)
		}
	}
	o := overview(t)
	if err := render(pages, filepath.Join(to, "index.html"), "index.html", o); err != nil {
		return err
	}
	for _, r := range o.Rows {
		if err := attempt(pages, to, from, r); err != nil {
			return err
		}
	}
	return nil
}

func render(pages *template.Template, file, name string, data any) (err error) {
	f, err := os.Create(file)
	if err != nil {
		return fmt.Errorf("write a page: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := pages.ExecuteTemplate(f, name, data); err != nil {
		return fmt.Errorf("write page %s: %w", filepath.Base(file), err)
	}
	return nil
}

// Overview is what index.html shows.
type Overview struct {
	Run    record.Run
	Counts []Count
	Lanes  []Lane
	Rows   []Row
	// Cut says that the run did not end as it should.
	Cut bool
}

// Count is how many attempts ended one way.
type Count struct {
	Verdict record.Verdict
	N       int
}

// Lane is one phone, its attempts laid out in time.
type Lane struct {
	Phone record.Phone
	Bars  []Bar
	// Sick says that most of what ran here could not be judged: look at the
	// phone before the app.
	Sick bool
}

// Bar is one attempt in a lane; Left and Width are percentages of the run.
type Bar struct {
	Row
	Left, Width float64
}

// Row is one attempt and its page.
type Row struct {
	record.ToldAttempt
	Page string
}

// Ringing is how long after the push the phone rang, "" if it is not known.
func (r Row) Ringing() string {
	if d, ok := r.Latency(record.EdgeRinging); ok {
		return short(d)
	}
	return ""
}

func overview(t record.Told) Overview {
	o := Overview{Run: t.Run, Cut: t.Run.Interrupted || t.Run.Ended.IsZero() || len(t.Attempts) < t.Run.Chosen}
	counts := map[record.Verdict]int{}
	end := t.Run.Ended
	for i, a := range t.Attempts {
		o.Rows = append(o.Rows, Row{ToldAttempt: a, Page: fmt.Sprintf("attempt-%d.html", i+1)})
		counts[a.Verdict]++
		if a.Ended.After(end) {
			end = a.Ended
		}
	}
	for _, v := range verdicts() {
		if counts[v] > 0 {
			o.Counts = append(o.Counts, Count{v, counts[v]})
		}
	}
	whole := max(end.Sub(t.Run.Started), time.Millisecond)
	for _, r := range o.Rows {
		i := slices.IndexFunc(o.Lanes, func(l Lane) bool { return l.Phone.Serial == r.Phone.Serial })
		if i < 0 {
			o.Lanes = append(o.Lanes, Lane{Phone: r.Phone})
			i = len(o.Lanes) - 1
		}
		took := max(r.Ended.Sub(r.Started), 0)
		left := float64(r.Started.Sub(t.Run.Started)) / float64(whole) * 100
		o.Lanes[i].Bars = append(o.Lanes[i].Bars, Bar{
			Row: r, Left: min(max(left, 0), 100), Width: min(max(float64(took)/float64(whole)*100, 0.15), 100),
		})
	}
	slices.SortFunc(o.Lanes, func(a, b Lane) int { return cmp.Compare(a.Phone.Serial, b.Phone.Serial) })
	for i, l := range o.Lanes {
		infra := 0
		for _, b := range l.Bars {
			if b.Verdict == record.Infra {
				infra++
			}
		}
		o.Lanes[i].Sick = infra*2 > len(l.Bars)
	}
	// What is red is read first; time decides among equals.
	slices.SortStableFunc(o.Rows, func(a, b Row) int {
		return slices.Index(verdicts(), a.Verdict) - slices.Index(verdicts(), b.Verdict)
	})
	return o
}

// verdicts is the order in which a person wants to see them.
func verdicts() []record.Verdict {
	return []record.Verdict{record.Failed, record.Infra, record.Skipped, record.Passed}
}

// Attempt is what an attempt's page shows.
type Attempt struct {
	Row
	Edges    []Edge
	Pictures []Evidence
	Evidence []Evidence
}

// Edge is one event of the timeline with its place on the bar.
type Edge struct {
	record.Edge
	Left, Width float64
	// Late says that the latency is over its budget by more than it may be off.
	Late bool
}

// Evidence is one kept file. Text is shown when the file is short.
type Evidence struct {
	record.File
	Href string
	Text string
}

func attempt(pages *template.Template, to, from string, r Row) error {
	a := Attempt{Row: r, Edges: place(r.Timeline)}
	for _, f := range r.Files {
		// A record may come from another machine: a name must not lead out.
		if !filepath.IsLocal(f.Name) || !filepath.IsLocal(filepath.FromSlash(r.Dir)) {
			continue
		}
		href := path.Join("evidence", strings.TrimSuffix(r.Page, ".html"), f.Name)
		text, err := copyFile(filepath.Join(to, filepath.FromSlash(href)), filepath.Join(from, filepath.FromSlash(r.Dir), f.Name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // the record lost it; the page shows the rest
		} else if err != nil {
			return err
		}
		e := Evidence{File: f, Href: href}
		switch {
		case f.Kind == record.Screenshot:
			a.Pictures = append(a.Pictures, e)
			continue
		case f.Kind != record.Video && len(text) <= inline:
			e.Text = strings.ToValidUTF8(string(text), "\ufffd")
		}
		a.Evidence = append(a.Evidence, e)
	}
	return render(pages, filepath.Join(to, r.Page), "attempt.html", a)
}

func copyFile(to, from string) ([]byte, error) {
	in, err := os.Open(from)
	if err != nil {
		return nil, fmt.Errorf("copy evidence: %w", err)
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, 1<<30))
	if err != nil {
		return nil, fmt.Errorf("copy evidence: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return nil, fmt.Errorf("copy evidence: %w", err)
	}
	if err := os.WriteFile(to, text, 0o644); err != nil {
		return nil, fmt.Errorf("copy evidence: %w", err)
	}
	return text, nil
}

// place lays the edges out from the first to the last.
func place(edges []record.Edge) []Edge {
	var first, last time.Duration
	known := 0
	for _, e := range edges {
		if e.Void != "" {
			continue
		}
		if known == 0 || e.At-e.Within < first {
			first = e.At - e.Within
		}
		last = max(last, e.At+e.Within)
		known++
	}
	whole := float64(max(last-first, time.Millisecond))
	var out []Edge
	for _, e := range edges {
		p := Edge{Edge: e, Late: e.Latency != nil && e.Budget > 0 && *e.Latency-e.Within > e.Budget}
		if e.Void == "" {
			p.Left = float64(e.At-e.Within-first) / whole * 100
			p.Width = max(float64(2*e.Within)/whole*100, 0.6)
		}
		out = append(out, p)
	}
	return out
}

func funcs() template.FuncMap {
	return template.FuncMap{
		"short": short,
		"clock": func(t time.Time) string { return t.Format("2006-01-02 15:04:05 MST") },
		"words": func(v any) string { return strings.ReplaceAll(fmt.Sprint(v), "-", " ") },
		"join":  strings.Join,
		"pct":   func(f float64) template.CSS { return template.CSS(fmt.Sprintf("%.2f%%", f)) }, // a number of ours
		"kib":   func(n int) string { return fmt.Sprintf("%.1f KiB", float64(n)/1024) },
		"kib64": func(n int64) string { return fmt.Sprintf("%.1f KiB", float64(n)/1024) },
		"mark":  mark,
	}
}

// mark is a verdict as a sign: colour alone tells some people nothing.
func mark(v record.Verdict) string {
	return map[record.Verdict]string{record.Passed: "✓", record.Failed: "✗", record.Infra: "!", record.Skipped: "–"}[v]
}

// short words a duration with as many digits as a person wants.
func short(d time.Duration) string {
	switch ms := float64(d) / float64(time.Millisecond); {
	case d.Abs() < 10*time.Millisecond:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", ms), ".0") + " ms"
	case d.Abs() < time.Second:
		return fmt.Sprintf("%.0f ms", ms)
	case d.Abs() < time.Minute:
		return strings.TrimSuffix(fmt.Sprintf("%.2f", d.Seconds()), ".00") + " s"
	}
	return d.Round(time.Second).String()
}
