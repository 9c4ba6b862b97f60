package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Told is a record read back: all that a report is made from.
type Told struct {
	Run      Run
	Attempts []ToldAttempt
}

// ToldAttempt is one attempt and its events. Dir is relative to the record.
type ToldAttempt struct {
	Manifest
	Dir    string
	Events []Event
	// Cut says that the attempt has no end: the run died in it. Its verdict
	// is then infra, which is what a scenario that was not judged is.
	Cut bool
}

// Read reads the record in dir. What a crash left unfinished is read as far
// as it goes; what is no record, or has a schema of another time, is an error.
func Read(dir string) (Told, error) {
	var t Told
	if err := readJSON(filepath.Join(dir, runFile), &t.Run); err != nil {
		return t, fmt.Errorf("read the record in %s: %w", dir, err)
	}
	if t.Run.Schema != RunSchema {
		return t, fmt.Errorf("read the record in %s: its schema is %q, and this program reads %q", dir, t.Run.Schema, RunSchema)
	}
	entries, err := os.ReadDir(filepath.Join(dir, attemptsDir))
	if err != nil {
		return t, fmt.Errorf("read the record: %w", err)
	}
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		a, err := readAttempt(dir, filepath.Join(attemptsDir, e.Name()))
		if err != nil {
			return t, err
		}
		t.Attempts = append(t.Attempts, a)
	}
	slices.SortStableFunc(t.Attempts, func(a, b ToldAttempt) int { return a.Started.Compare(b.Started) })
	return t, nil
}

func readAttempt(root, dir string) (ToldAttempt, error) {
	a := ToldAttempt{Dir: filepath.ToSlash(dir)}
	if err := readJSON(filepath.Join(root, dir, manifestFile), &a.Manifest); err != nil {
		return a, fmt.Errorf("read the record: %s: %w", dir, err)
	}
	if a.Schema != ManifestSchema {
		return a, fmt.Errorf("read the record: %s: its schema is %q, and this program reads %q", dir, a.Schema, ManifestSchema)
	}
	if a.Verdict == "" {
		a.Cut, a.Verdict = true, Infra
		a.Finding = &Finding{Sentence: "the run ended in the middle of this scenario"}
	}
	f, err := os.Open(filepath.Join(root, dir, eventsFile))
	if err != nil {
		return a, fmt.Errorf("read the record: %w", err)
	}
	defer f.Close()
	if err := ReadLines(f, func(e Event) { a.Events = append(a.Events, e) }); err != nil {
		return a, fmt.Errorf("read the record: %s: %s: %w", dir, eventsFile, err)
	}
	return a, nil
}

// ReadFile reads a piece of evidence of the attempt from the record in root;
// false if it is not there. A record may come from another machine: a name that
// leads out of it names nothing.
func (a ToldAttempt) ReadFile(root string, f File) (data []byte, ok bool, err error) {
	dir, name := filepath.FromSlash(a.Dir), filepath.FromSlash(f.Name)
	if !filepath.IsLocal(dir) || !filepath.IsLocal(name) {
		return nil, false, nil
	}
	in, err := os.Open(filepath.Join(root, dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil // the record lost it, and tells the rest
	} else if err != nil {
		return nil, false, err
	}
	defer in.Close()
	data, err = io.ReadAll(io.LimitReader(in, 1<<30))
	return data, err == nil, err
}

func readJSON(path string, into any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return nil
}

// Merge joins the records of several shards into one in dir. An attempt keeps
// its number in its manifest; its folder gets another name where two shards
// ran the same scenario.
func Merge(dir string, shards ...string) (err error) {
	if len(shards) == 0 {
		return errors.New("merge records: none is named")
	}
	var told []Told
	for _, s := range shards {
		if same(dir, s) {
			return fmt.Errorf("merge records: %s cannot be both a shard and the result", dir)
		}
		t, err := Read(s)
		if err != nil {
			return err
		}
		told = append(told, t)
	}
	whole := told[0].Run
	whole.ID, whole.Again, whole.Merged = "", nil, nil
	whole.Chosen, whole.Interrupted = 0, false
	for _, t := range told {
		if t.Run.App != whole.App {
			return fmt.Errorf("merge records: they are of two apps, %s and %s", whole.App.Package, t.Run.App.Package)
		}
		whole.Chosen += t.Run.Chosen
		whole.Interrupted = whole.Interrupted || t.Run.Interrupted || t.Run.Ended.IsZero()
		whole.Merged = append(whole.Merged, t.Run.ID)
		if t.Run.Started.Before(whole.Started) {
			whole.Started = t.Run.Started
		}
		if t.Run.Ended.After(whole.Ended) {
			whole.Ended = t.Run.Ended
		}
	}
	b, err := Create(dir, whole)
	if err != nil {
		return err
	}
	for i, t := range told {
		for _, a := range t.Attempts {
			to := filepath.Join(dir, filepath.FromSlash(a.Dir))
			if _, err := os.Stat(to); err == nil {
				to += fmt.Sprintf(".shard%d", i+1)
			}
			if err := os.CopyFS(to, os.DirFS(filepath.Join(shards[i], filepath.FromSlash(a.Dir)))); err != nil {
				return fmt.Errorf("merge records: %w", err)
			}
		}
	}
	return b.writeJSON(filepath.Join(b.dir, runFile), b.run)
}

func same(a, b string) bool {
	aa, err1 := filepath.Abs(a)
	bb, err2 := filepath.Abs(b)
	return err1 == nil && err2 == nil && strings.EqualFold(aa, bb)
}
