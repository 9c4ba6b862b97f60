package html_test

import (
	"path/filepath"
	"testing"

	"github.com/ringproof/ringproof/reports/record"
)

// What a person does with the pages, in a real browser, from a folder on disk.
func TestInABrowser(t *testing.T) {
	b := startBrowser(t)
	for name, try := range map[string]func(*testing.T, *browser){
		"filter": filters,
	} {
		t.Run(name, func(t *testing.T) { try(t, b) })
	}
}

func filters(t *testing.T, b *browser) {
	green := failed("background")
	green.Verdict, green.Finding, green.Diagnosis, green.Scenario.Labels = record.Passed, nil, nil, nil
	to := pages(t, record.Run{App: record.App{Package: "org.example"}, Chosen: 2}, nil, failed("killed"), green)
	p := b.open(t, filepath.Join(to, "index.html"))
	shown := `Array.from(document.querySelectorAll("[data-verdict]")).filter(e => e.checkVisibility()).map(e => e.querySelector("a").textContent).join("; ")`
	if got := ask[string](p, shown); got != "title of killed; title of background" {
		t.Errorf("at first, %q", got)
	}
	p.focus("#find")
	p.press("KILLED")
	if got := ask[string](p, shown); got != "title of killed" {
		t.Errorf("found %q", got)
	}
	if got := ask[string](p, `document.getElementById("shown").textContent`); got != "1 of 2 shown" {
		t.Errorf("it says %q", got)
	}
}
