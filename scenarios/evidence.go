package scenarios

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/reports/record"
)

// Pictures says when pictures of the screen are taken.
type Pictures string

// The times of pictures.
const (
	Phases   Pictures = "phases"   // at the end of each phase, and of a failure
	Failures Pictures = "failures" // of a failure only
	Never    Pictures = "never"
)

// Told is a scenario in the record's words.
func Told(sc Scenario) record.Scenario {
	return record.Scenario{ID: sc.ID, Title: sc.Title, Labels: sc.Labels, Needs: sc.Needs.String(), Origin: sc.Origin}
}

// photograph keeps pictures of the phases. Without a record nobody would look
// at them, and none are taken.
func (t *try) photograph(app *harness.App) {
	if t.attempt == nil || t.in.Pictures != "" && t.in.Pictures != Phases {
		return
	}
	app.Camera = func(picture []byte) {
		t.attempt.Keep(record.Screenshot, "phase.png", "at the end of the phase", picture)
	}
}

// record begins a film of the scenario proper.
func (t *try) record(ctx context.Context, app *harness.App) error {
	if t.attempt == nil || !t.in.Video {
		return nil
	}
	app.Aside(func() {
		var err error
		if t.film, err = app.StartFilm(ctx); err != nil {
			t.attempt.Lack("film", err.Error())
		}
	})
	return nil
}

// drop forgets the film of a scenario that went well.
func (t *try) drop() {
	if t.film != nil {
		t.film.Drop()
	}
}

// keep reads all that a phone tells before anything is cleaned up, and what
// may have been the cause.
func (t *try) keep(ctx context.Context, app *harness.App, finding record.Finding) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	app.Aside(func() {
		// The screen first: what is read next may light or change it.
		if t.in.Pictures != Never {
			t.lacking("screen.png", t.screen(ctx, app))
		}
		e, err := app.Evidence(ctx)
		if err != nil {
			t.attempt.Keep(record.Report, "error.txt", "why there is no evidence", []byte(err.Error()+"\n"))
			return
		}
		t.dumps(e)
		changed := app.Changed(e)
		for _, kind := range slices.Sorted(maps.Keys(changed)) {
			t.attempt.Keep(record.Diff, string(kind)+".diff", string(kind)+": what changed since before the first push", changed[kind])
		}
		t.facts = app.FactsOf(e)
		t.causes = app.Diagnose(ctx, e, finding)
		t.edges(ctx, app, e)
		t.lacking("windows.xml", t.tree(ctx, app))
		t.lacking("hangs.txt", t.hangs(ctx, app))
		t.lacking("film.mp4", t.filmed(ctx))
	})
}

// lacking tells of evidence that could not be had.
func (t *try) lacking(what string, err error) {
	if err != nil {
		t.attempt.Lack(what, err.Error())
	}
}

func (t *try) screen(ctx context.Context, app *harness.App) error {
	picture, err := app.Picture(ctx)
	if err == nil {
		t.attempt.Keep(record.Screenshot, "screen.png", "when it failed", picture)
	}
	return err
}

func (t *try) dumps(e harness.Evidence) {
	for _, kind := range slices.Sorted(maps.Keys(e.Texts)) {
		as := record.Dump
		if kind == "exits" {
			as = record.Crash
		}
		t.attempt.Keep(as, string(kind)+".txt", string(kind), e.Texts[kind])
	}
	t.attempt.Keep(record.Log, "logcat.txt", "log", e.LogText)
}

func (t *try) tree(ctx context.Context, app *harness.App) error {
	tree, err := app.Tree(ctx)
	if err == nil {
		t.attempt.Keep(record.Tree, "windows.xml", "windows", []byte(tree))
	}
	return err
}

func (t *try) hangs(ctx context.Context, app *harness.App) error {
	text, err := app.Hangs(ctx)
	if err == nil && text != nil {
		t.attempt.Keep(record.Crash, "hangs.txt", "apps that did not respond", text)
	}
	return err
}

func (t *try) filmed(ctx context.Context) error {
	if t.film == nil {
		return nil
	}
	film, err := t.film.Stop(ctx, record.MaxFile)
	if err == nil {
		t.attempt.Keep(record.Video, "film.mp4", "from the first state to the failure", film)
	}
	return err
}

// told records the timeline of a call with which nothing was wrong. A phone
// that is lost now has shown all that was asked of it.
func (t *try) told(ctx context.Context, app *harness.App) {
	if e, err := app.Traces(ctx); err == nil {
		t.edges(ctx, app, e)
	}
}

func (t *try) edges(ctx context.Context, app *harness.App, e harness.Evidence) {
	edges, err := app.Timeline(ctx, e)
	if err != nil || len(edges) == 0 {
		return
	}
	t.timeline = edges
	t.sink.Record(record.Event{Kind: record.TimelineRead, Scenario: t.sc.ID, Phone: t.serial, Host: time.Now(), Edges: edges})
}
