// Package assume tries on one phone whether what Ringproof takes for granted of
// phones is so: that every state can be entered, seen and left, that pushes
// travel by both doors and stop before a stopped app, that a headset's key
// answers, that a heads-up is in the window tree, that the log tells.
//
// What is expected is one typed table by release. Virtual phones are tested
// against the same table, so that a first real phone tells where they, or the
// table, are wrong. The package knows no kind of phone.
package assume

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/capture"
	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/scenarios"
)

// SchemaID is the version of the JSON that is written, Schema its JSON Schema.
const SchemaID = "ringproof/assumptions/1"

//go:embed assumptions.schema.json
var schema []byte

// Schema is the JSON Schema of a Report.
func Schema() []byte { return schema }

// Seen is what a row saw, in one word.
type Seen string

// The words.
const (
	Holds       Seen = "holds"       // a state was entered, seen, and left
	NotEntered  Seen = "not entered" // the phone refused, or nobody could see that it holds
	NotLeft     Seen = "not left"    // it was entered and could not be put back
	Rings       Seen = "rings"       // a push arrived, rang, and was called off
	Nobody      Seen = "nobody"      // a push was taken by nobody
	Answers     Seen = "answers"
	Present     Seen = "present"
	Absent      Seen = "absent"
	Wrong       Seen = "wrong"       // anything else: Detail tells
	Unsupported Seen = "unsupported" // the phone cannot show it
	NotTried    Seen = "not tried"   // the phone was lost, or the run was interrupted
)

// Report is what came of all rows, without anything that tells whose phone it
// is.
type Report struct {
	Schema string `json:"$schema"`
	Tool   string `json:"tool"`
	Phone  Phone  `json:"phone"`
	App    string `json:"app"` // package
	// Interrupted says that rows were not tried.
	Interrupted bool  `json:"interrupted,omitempty"`
	Rows        []Row `json:"rows"`
}

// Phone is what the phone is, and what it permits adb's shell.
type Phone struct {
	Maker    string `json:"maker"`
	Model    string `json:"model"`
	Release  string `json:"release"`
	API      int    `json:"api"`
	Build    string `json:"build"` // ro.build.fingerprint
	Root     bool   `json:"root"`
	Inject   bool   `json:"inject"`   // key events
	Settings bool   `json:"settings"` // writing settings
	Keyguard bool   `json:"keyguard"` // locksettings answers
	// Credential: the owner has set one, which keeps the lock screen's rows
	// from being tried.
	Credential bool `json:"credential"`
}

// Row is one assumption and what the phone made of it.
type Row struct {
	ID       string `json:"id"`
	About    string `json:"about"`
	Expected Seen   `json:"expected"`
	Seen     Seen   `json:"seen"`
	Agrees   bool   `json:"agrees"`
	// Detail is what the phone said, with personal data hidden.
	Detail string `json:"detail,omitempty"`
	// Millis is how long it took here.
	Millis int64 `json:"millis"`
}

// Differs counts the rows that were tried and are not as expected.
func (r Report) Differs() int {
	n := 0
	for _, row := range r.Rows {
		if !row.Agrees && row.Seen != NotTried {
			n++
		}
	}
	return n
}

// JSON is the report as it is written.
func (r Report) JSON() ([]byte, error) {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the assumptions: %w", err)
	}
	return append(text, '\n'), nil
}

// Try tries every row, one after the other, each on a phone that was put back
// after the one before. After ctx's end the rest is told as not tried. told, if
// not nil, gets each row as it ends.
//
// The scenarios' frame is what a row runs in: it leases, prepares and undoes.
func Try(ctx context.Context, in scenarios.Input, tool string, told func(Row)) (Report, error) {
	r := Report{Schema: SchemaID, Tool: tool, App: in.Profile.Package}
	var mask hider
	probe, err := examine(ctx, in, &mask, &r)
	if err != nil {
		return r, err
	}
	in.Book, in.Pictures = nil, scenarios.Never
	for _, a := range table() {
		row := Row{ID: a.id, About: a.about, Expected: a.expect(probe), Seen: NotTried}
		if ctx.Err() == nil {
			began := time.Now()
			a.try(ctx, in, &row)
			row.Millis = time.Since(began).Milliseconds()
			row.Detail = mask.hide(row.Detail)
		}
		r.Interrupted = r.Interrupted || row.Seen == NotTried && ctx.Err() != nil
		row.Agrees = row.Seen == row.Expected
		r.Rows = append(r.Rows, row)
		if told != nil {
			told(row)
		}
	}
	return r, nil
}

// examine asks the phone what it is.
func examine(ctx context.Context, in scenarios.Input, mask *hider, r *Report) (harness.Probe, error) {
	var probe harness.Probe
	var serial string
	result := in.Until(ctx).Do(ctx, scenarios.Scenario{
		ID: "examine", Title: "what the phone is", Needs: scenarios.Needs{Credential: false}, Budget: 3 * time.Minute,
		Run: harness.StepFunc(func(_ context.Context, a *harness.App) error {
			probe, serial = a.Probe(), a.Serial()
			return nil
		}),
	})
	if result.Verdict != record.Passed {
		return probe, fmt.Errorf("look at the phone: %s", result.Finding.Sentence)
	}
	*mask = hider{serial: serial, masker: capture.NewMasker()}
	r.Phone = Phone{
		Maker: probe.Maker, Model: probe.Model, Release: probe.Release, API: probe.API, Build: probe.Fingerprint, Root: probe.Root,
		Inject: probe.Inject, Settings: probe.Settings, Keyguard: probe.Keyguard, Credential: probe.Credential,
	}
	return probe, nil
}

// hider leaves out of a text whose phone it is about.
type hider struct {
	serial string
	masker *capture.Masker
}

func (h hider) hide(text string) string {
	// The serial also stands within other words, such as a journal's path.
	return string(h.masker.Mask([]byte(strings.ReplaceAll(text, h.serial, "SERIAL"))))
}

// try runs one row in the frame and words what came of it.
func (a assumption) try(ctx context.Context, in scenarios.Input, row *Row) {
	if a.door != "" {
		in.Door = a.door
	}
	var seen Seen
	result := in.Until(ctx).Do(ctx, scenarios.Scenario{
		ID: a.id, Title: a.about, Needs: a.needs, Budget: 4 * time.Minute, Run: a.run(func(s Seen) { seen = s }),
	})
	row.Detail = result.Finding.Sentence
	switch {
	case result.Verdict == record.Passed:
		row.Seen, row.Detail = seen, ""
	case ctx.Err() != nil:
		row.Seen = NotTried
	case result.Verdict == record.Skipped:
		row.Seen = Unsupported
	case isLeaving(result.Err) && seen == Holds:
		row.Seen = NotLeft
	case seen == NotEntered || seen == Absent || seen == Nobody:
		row.Seen = seen
	default:
		row.Seen = Wrong
	}
}

// isLeaving reports whether only putting the phone back went wrong.
func isLeaving(err error) bool {
	var e *harness.Error
	return errors.As(err, &e) && e.Op == "put the phone back"
}
