// Package html writes a record as pages that open from disk: an overview with
// the likely causes, a lane for each phone and every scenario, and a page for
// each attempt with the finding, its causes, the timeline of the call, the
// screens, what changed, the log and the rest of the evidence.
//
// The pages load nothing from anywhere, work without a script, and are for
// keyboards and screen readers too: nothing is told by colour alone. The
// package knows no phone; what it shows may be anybody's text and is never
// markup.
package html

import (
	"embed"
	"errors"
	"fmt"
	"html/template"
	"os"
	"path/filepath"

	"github.com/ringproof/ringproof/reports/record"
)

//go:embed page
var files embed.FS

// assets are copied as they are.
func assets() []string { return []string{"style.css", "theme.js", "filter.js", "attempt.js"} }

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
	for _, asset := range assets() {
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
	for _, a := range attempts(o) {
		if err := a.gather(to, from); err != nil {
			return err
		}
		if err := render(pages, filepath.Join(to, a.Page), "attempt.html", a); err != nil {
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
