// Package allure writes a record as Allure results: a folder of the JSON files
// that Allure 2 and 3 read, with the evidence as attachments.
//
// One attempt is one result; attempts of one scenario share a history, so that
// Allure shows them as retries. A failure of the app is "failed", what the
// phone, the cable or the farm did is "broken". Whatever a record says is
// written as plain text, never as the Markdown or HTML that Allure would show.
package allure

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/reports/render/internal/cases"
)

// Write writes the results of the record in folder from into folder to, which
// must be new or empty, and copies the evidence there.
func Write(to, from string, t record.Told) error {
	if entries, err := os.ReadDir(to); err == nil && len(entries) > 0 {
		return fmt.Errorf("write Allure results: %s is not empty: name another folder", to)
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return fmt.Errorf("write Allure results: %w", err)
	}
	w := writer{to: to, from: from, run: t.Run}
	ids := map[string]int{}
	all := cases.Of(t.Attempts)
	for _, c := range all {
		ids[c.Judged().Scenario.ID]++
	}
	for _, c := range all {
		// Phones of a matrix have a history each. Allure 3 makes it of the
		// parameters, Allure 2 takes ours.
		matrix := ""
		if ids[c.Judged().Scenario.ID] > 1 {
			matrix = c[0].Phone.Serial
		}
		for _, a := range c {
			if err := w.attempt(c, a, matrix); err != nil {
				return err
			}
		}
	}
	if err := w.containers(); err != nil {
		return err
	}
	if err := w.file("environment.properties", properties(t.Run)); err != nil {
		return err
	}
	return w.json("categories.json", categories())
}

// writer writes the files of one folder.
type writer struct {
	to, from string
	run      record.Run
	phones   []string
	children map[string][]string // results by phone
}

func (w *writer) file(name string, data []byte) error {
	if err := os.WriteFile(filepath.Join(w.to, name), data, 0o644); err != nil {
		return fmt.Errorf("write Allure results: %w", err)
	}
	return nil
}

func (w *writer) json(name string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write Allure results: %w", err)
	}
	return w.file(name, text)
}

func (w *writer) attempt(c cases.Case, a record.ToldAttempt, matrix string) error {
	r := resultOf(a, w.run)
	r.UUID, r.HistoryID = uuid(w.run.ID, a.Dir), digest(w.run.App.Package, a.Scenario.ID, matrix)
	if matrix != "" {
		r.Parameters = append(r.Parameters, parameter{Name: "first on", Value: matrix})
	}
	r.Details.Flaky = a.Dir == c.Last().Dir && len(c.Flaky()) > 0
	var err error
	if r.Attachments, err = w.attach(a, r.UUID); err != nil {
		return err
	}
	if w.children == nil {
		w.children = map[string][]string{}
	}
	if _, ok := w.children[a.Phone.Serial]; !ok {
		w.phones = append(w.phones, a.Phone.Serial)
	}
	w.children[a.Phone.Serial] = append(w.children[a.Phone.Serial], r.UUID)
	return w.json(r.UUID+"-result.json", r)
}

// attach copies the evidence. Its files have names of ours: a record may come
// from anywhere.
func (w *writer) attach(a record.ToldAttempt, id string) ([]attachment, error) {
	var all []attachment
	add := func(title, kind, ext string, data []byte) error {
		source := fmt.Sprintf("%s-%d-attachment%s", id, len(all)+1, ext)
		all = append(all, attachment{Name: title, Source: source, Type: kind})
		return w.file(source, data)
	}
	if len(a.Timeline) > 0 {
		if err := add("the call, step by step", "text/csv", ".csv", table(a.Timeline)); err != nil {
			return nil, err
		}
	}
	for _, f := range a.Files {
		data, ok, err := a.ReadFile(w.from, f)
		if err != nil {
			return nil, fmt.Errorf("attach evidence: %w", err)
		} else if !ok {
			continue
		}
		title := f.Title
		if title == "" {
			title = f.Name
		}
		if f.Phase != "" {
			title = f.Phase + ": " + title
		}
		kind, ext := mediaOf(f)
		if err := add(title, kind, ext, data); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// mediaOf is the media type of a kept file, and how its name ends. Only what is
// known is shown as anything but text.
func mediaOf(f record.File) (kind, ext string) {
	switch f.Kind {
	case record.Screenshot:
		return "image/png", ".png"
	case record.Video:
		return "video/mp4", ".mp4"
	case record.Tree:
		return "application/xml", ".xml"
	}
	return "text/plain", ".txt"
}

// containers tells which results ran on which phone.
func (w *writer) containers() error {
	for _, serial := range w.phones {
		c := container{UUID: uuid(w.run.ID, "phone\x00"+serial), Name: serial, Children: w.children[serial], Befores: []step{}, Afters: []step{}}
		if err := w.json(c.UUID+"-container.json", c); err != nil {
			return err
		}
	}
	return nil
}

// properties is environment.properties, in the form of java.util.Properties:
// Latin-1, with escapes.
func properties(run record.Run) []byte {
	var b strings.Builder
	for _, p := range [][2]string{{"app.package", run.App.Package}, {"app.profile", run.App.Profile}, {"run", run.ID}} {
		if p[1] == "" {
			continue
		}
		b.WriteString(p[0] + "=")
		for i, r := range p[1] {
			switch {
			case r == '\\' || r == '#' || r == '!' || r == '=' || r == ':' || i == 0 && r == ' ':
				b.WriteString(`\` + string(r))
			case r < ' ' || r > '~':
				if r > 0xffff {
					r = 0xfffd
				}
				fmt.Fprintf(&b, `\u%04x`, r)
			default:
				b.WriteRune(r)
			}
		}
		b.WriteString("\n")
	}
	return []byte(b.String())
}

func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return fmt.Sprintf("%x", sum[:16])
}

// uuid is a UUID of version 8 (RFC 9562): the same record makes the same names.
func uuid(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}
