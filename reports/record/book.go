package record

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// The names in a record's folder:
//
//	run.json
//	attempts/<scenario>.<n>/manifest.json
//	                       /events.jsonl
//	                       /<evidence>
const (
	runFile      = "run.json"
	attemptsDir  = "attempts"
	manifestFile = "manifest.json"
	eventsFile   = "events.jsonl"
)

// MaxFile bounds one piece of evidence, MaxKept all of an attempt's: a text
// that is longer loses its middle, anything else is left out and told as
// lacking. MaxPictures bounds the pictures of an attempt.
const (
	MaxFile     = 8 << 20
	MaxKept     = 64 << 20
	MaxPictures = 24
)

// Book is the record of a run that is being written. Everything is on disk as
// soon as it happened, so that a crash of the run loses nothing. The methods
// are safe for concurrent use.
type Book struct {
	dir string

	mu       sync.Mutex
	run      Run
	mask     mask
	joined   bool           // somebody else began it and will end it
	attempts map[string]int // by scenario
	err      error
}

// Create begins a record in dir, which is made if it is not there. An older
// record in it is removed; a folder that holds anything else is refused.
func Create(dir string, run Run) (*Book, error) {
	if err := clear(dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(dir, attemptsDir), 0o755); err != nil {
		return nil, fmt.Errorf("make the record's folder: %w", err)
	}
	run.Schema = RunSchema
	if run.ID == "" {
		run.ID = rand.Text()
	}
	if run.Started.IsZero() {
		run.Started = time.Now()
	}
	b := &Book{dir: dir, run: run, mask: maskOf(os.Environ()), attempts: map[string]int{}}
	if err := b.writeJSON(filepath.Join(dir, runFile), run); err != nil {
		return nil, err
	}
	return b, nil
}

// Join adds attempts to a record that another process began and will end.
// Several may do so at once.
func Join(dir string) (*Book, error) {
	b := &Book{dir: dir, joined: true, mask: maskOf(os.Environ()), attempts: map[string]int{}}
	if err := readJSON(filepath.Join(dir, runFile), &b.run); err != nil {
		return nil, fmt.Errorf("join the record in %s: %w", dir, err)
	}
	return b, nil
}

// clear removes an older record, and nothing that is not one.
func clear(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return fmt.Errorf("look into the record's folder: %w", err)
	}
	ours := len(entries) == 0
	for _, e := range entries {
		ours = ours || e.Name() == runFile
	}
	if !ours {
		return fmt.Errorf("the folder %s holds files that are no record: name another one", dir)
	}
	// run.json goes first: a folder without it is no record any more.
	return errors.Join(os.RemoveAll(filepath.Join(dir, runFile)), os.RemoveAll(filepath.Join(dir, attemptsDir)))
}

// Dir is the folder of the record.
func (b *Book) Dir() string { return b.dir }

// Begin opens an attempt of a scenario. A nil Book gives a nil Attempt.
func (b *Book) Begin(s Scenario) *Attempt {
	if b == nil {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	a := &Attempt{book: b, m: Manifest{Schema: ManifestSchema, Scenario: s, Started: time.Now()}, kept: map[string]bool{}}
	err := a.folder()
	if err == nil {
		err = b.writeJSON(filepath.Join(a.dir, manifestFile), a.m)
	}
	if err == nil {
		a.events, err = os.Create(filepath.Join(a.dir, eventsFile))
	}
	if err != nil {
		b.keep(fmt.Errorf("begin the record of %s: %w", s.ID, err))
		return a
	}
	a.lines = NewLines(masked{a.events, b.mask})
	return a
}

// folder makes the attempt's folder and counts which attempt it is. Making it
// is what gives it to this process: others may run the same scenario. Two ids
// may make one name.
func (a *Attempt) folder() error {
	b := a.book
	name := safe(a.m.Scenario.ID)
	for n := 1; ; n++ {
		a.dir = filepath.Join(b.dir, attemptsDir, fmt.Sprintf("%s.%d", name, n))
		err := os.Mkdir(a.dir, 0o755)
		if err == nil {
			b.attempts[a.m.Scenario.ID]++
			a.m.Attempt = b.attempts[a.m.Scenario.ID]
			return nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return err
		}
		var m Manifest
		if readJSON(filepath.Join(a.dir, manifestFile), &m) == nil && m.Scenario.ID == a.m.Scenario.ID {
			b.attempts[m.Scenario.ID] = max(b.attempts[m.Scenario.ID], m.Attempt)
		}
	}
}

// Last reads the last attempt of a scenario, whichever process wrote it; false
// if there is none.
func (b *Book) Last(id string) (Manifest, bool) {
	m, dir := b.last(id)
	return m, dir != ""
}

func (b *Book) last(id string) (last Manifest, at string) {
	for n := 1; ; n++ {
		dir := filepath.Join(b.dir, attemptsDir, fmt.Sprintf("%s.%d", safe(id), n))
		if _, err := os.Stat(dir); err != nil {
			return last, at
		}
		var m Manifest
		if readJSON(filepath.Join(dir, manifestFile), &m) == nil && m.Scenario.ID == id {
			last, at = m, dir
		}
	}
}

// Bury gives the verdict infra to the last attempt of a scenario whose process
// died in it, or begins one if it had none. report is what is left of that
// process.
func (b *Book) Bury(s Scenario, finding Finding, report []byte) error {
	m, dir := b.last(s.ID)
	a := &Attempt{book: b, dir: dir, m: m, kept: map[string]bool{}}
	if dir == "" || m.Verdict != "" {
		a = b.Begin(s)
	}
	for _, f := range a.m.Files {
		a.kept[f.Name], a.size = true, a.size+f.Bytes
	}
	if len(report) > 0 {
		a.Keep(Report, "process.txt", "what the process that ran it said last", report)
	}
	end := a.m
	end.Verdict, end.Finding = Infra, &finding
	a.End(end)
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err
}

// Close ends the record and returns the first error of writing it.
func (b *Book) Close(interrupted bool) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.joined {
		return b.err
	}
	b.run.Ended, b.run.Interrupted = time.Now(), interrupted
	b.keep(b.writeJSON(filepath.Join(b.dir, runFile), b.run))
	return b.err
}

// keep remembers the first error: a record that cannot be written must not
// decide a scenario. b.mu is held.
func (b *Book) keep(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *Book) failed(err error) {
	if err != nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.keep(err)
	}
}

// Attempt is one try of a scenario that is being written. A nil Attempt keeps
// nothing, so that a run without a record needs no second way.
type Attempt struct {
	book *Book
	dir  string

	mu       sync.Mutex
	m        Manifest
	kept     map[string]bool
	size     int // of all that was kept
	pictures int
	phase    string
	events   *os.File
	lines    *Lines
}

// Record implements Sink.
func (a *Attempt) Record(e Event) {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if e.Kind == PhaseStarted {
		a.phase = e.Text
	}
	if a.lines != nil {
		a.lines.Record(e)
	}
}

// Keep writes evidence, without secrets, under a name such as "telecom.txt". A name that is
// taken gets a number. A text that is too long loses its middle; a picture or
// a video that is too long, or one picture too many, is told as lacking.
//
// The manifest is written anew each time, so that evidence of an attempt that
// was cut short is found.
func (a *Attempt) Keep(kind FileKind, name, title string, data []byte) {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	f := File{Kind: kind, Title: title}
	if kind != Screenshot && kind != Video {
		data = a.book.mask.hide(data)
	}
	limit := min(MaxFile, MaxKept-a.size)
	if kind == Screenshot || kind == Video {
		f.Phase, f.Host = a.phase, time.Now()
		switch {
		case kind == Screenshot && a.pictures >= MaxPictures:
			a.lack(name, fmt.Sprintf("%d pictures of the attempt are kept already", MaxPictures))
			return
		case len(data) > limit:
			a.lack(name, fmt.Sprintf("it has %d bytes, and %d are left", len(data), limit))
			return
		}
	}
	cut := data
	if len(data) > limit {
		if limit < 1<<10 {
			a.lack(name, fmt.Sprintf("%d bytes of the attempt are kept already", a.size))
			return
		}
		cut, f.Whole = middle(data, limit), len(data)
	}
	f.Name, f.Bytes = a.free(safe(name)), len(cut)
	if err := os.WriteFile(filepath.Join(a.dir, f.Name), cut, 0o644); err != nil {
		a.book.failed(fmt.Errorf("keep evidence: %w", err))
		return
	}
	a.size += len(cut)
	if kind == Screenshot {
		a.pictures++
	}
	a.m.Files = append(a.m.Files, f)
	a.save()
}

// Lack tells that a piece of evidence could not be had.
func (a *Attempt) Lack(what, why string) {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.lack(what, why)
}

func (a *Attempt) lack(what, why string) {
	a.m.Lacks = append(a.m.Lacks, Lack{What: what, Why: why})
}

// save writes the manifest as it is now.
func (a *Attempt) save() { a.book.failed(a.book.writeJSON(filepath.Join(a.dir, manifestFile), a.m)) }

func (a *Attempt) free(name string) string {
	stem, ext := strings.TrimSuffix(name, filepath.Ext(name)), filepath.Ext(name)
	for n := 2; a.kept[name] || name == manifestFile || name == eventsFile; n++ {
		name = fmt.Sprintf("%s-%d%s", stem, n, ext)
	}
	a.kept[name] = true
	return name
}

// On tells on which phone the attempt runs.
func (a *Attempt) On(p Phone) {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.m.Phone = p
	a.save()
}

// End closes the attempt. m gives the verdict, the finding, the causes, the
// timeline, the phone time, the facts and the costs; the rest of it is known.
func (a *Attempt) End(m Manifest) {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.m.Ended = time.Now()
	a.m.Verdict, a.m.Finding, a.m.Took, a.m.Cost = m.Verdict, m.Finding, m.Took, m.Cost
	a.m.Diagnosis, a.m.Timeline, a.m.Facts, a.m.Evidence = m.Diagnosis, m.Timeline, m.Facts, m.Evidence
	if a.lines != nil {
		a.book.failed(errors.Join(a.lines.Err(), a.events.Close()))
		a.lines = nil
	}
	a.save()
}

// middle leaves the middle of a text out: how it begins tells what it is, and
// how it ends tells what happened last.
func middle(data []byte, limit int) []byte {
	note := fmt.Appendf(nil, "\n[... %d bytes left out ...]\n", len(data)-limit)
	half := (limit - len(note)) / 2
	out := make([]byte, 0, limit)
	out = append(out, data[:half]...)
	out = append(out, note...)
	return append(out, data[len(data)-half:]...)
}

// safe makes a file name of any text: a scenario's id may come from a suite
// that is not ours.
func safe(name string) string {
	s := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-', r == '_':
			return r
		}
		return '_'
	}, name)
	s = strings.TrimLeft(s, ".")
	if len(s) > 100 {
		s = s[:100]
	}
	if s == "" {
		return "_"
	}
	return s
}

// writeJSON replaces a file in one step: a reader, or a crash, sees the old
// text or the new one. No secret is in it.
func (b *Book) writeJSON(path string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	text = b.mask.hide(text)
	tmp := path + ".new"
	if err := os.WriteFile(tmp, append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("write the record: %w", err)
	}
	if err := os.Rename(tmp, path); err != nil {
		return fmt.Errorf("write the record: %w", err)
	}
	return nil
}
