package record_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/reports/record"
)

func join(t *testing.T, dir string) *record.Book {
	t.Helper()
	b, err := record.Join(dir)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Several processes add to one record, also with the same scenario; only the
// one that began it ends it.
func TestJoin(t *testing.T) {
	dir := t.TempDir()
	whole := create(t, dir, record.Run{Chosen: 8})
	var all sync.WaitGroup
	for range 4 {
		b := join(t, dir)
		all.Go(func() {
			for range 2 {
				b.Begin(record.Scenario{ID: "x"}).End(record.Manifest{Verdict: record.Passed})
			}
			if err := b.Close(true); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	told := read(t, dir)
	if !told.Run.Ended.IsZero() || told.Run.Interrupted || len(told.Attempts) != 8 {
		t.Errorf("%+v, %d attempts", told.Run, len(told.Attempts))
	}
	if err := whole.Close(false); err != nil {
		t.Fatal(err)
	}
	if told := read(t, dir); told.Run.Ended.IsZero() {
		t.Error("the record has no end")
	}
	join(t, dir).Begin(record.Scenario{ID: "x"}).End(record.Manifest{Verdict: record.Passed})
	last := read(t, dir).Attempts[8]
	if last.Attempt < 2 || last.Dir != "attempts/x.9" {
		t.Errorf("attempt %d in %s", last.Attempt, last.Dir)
	}
	if _, err := record.Join(t.TempDir()); err == nil {
		t.Error("a folder without a record was joined")
	}
}

// A scenario whose process died gets a verdict that says so, in the attempt
// that it had begun, with the evidence that it had kept.
func TestBury(t *testing.T) {
	dir := t.TempDir()
	whole := create(t, dir, record.Run{})
	dead := join(t, dir)
	x := record.Scenario{ID: "x", Title: "t"}
	a := dead.Begin(x)
	a.On(record.Phone{Serial: "P1"})
	a.Keep(record.Screenshot, "phase.png", "", []byte("png"))
	finding := record.Finding{Sentence: "the process died"}
	for _, s := range []record.Scenario{x, {ID: "never begun", Title: "u"}} {
		if err := whole.Bury(s, finding, []byte("panic: boom\n")); err != nil {
			t.Fatal(err)
		}
	}
	told := read(t, dir)
	if len(told.Attempts) != 2 {
		t.Fatalf("%d attempts", len(told.Attempts))
	}
	for _, a := range told.Attempts {
		text, err := os.ReadFile(filepath.Join(dir, a.Dir, "process.txt"))
		if a.Cut || a.Verdict != record.Infra || a.Ended.IsZero() || err != nil || string(text) != "panic: boom\n" {
			t.Errorf("%+v, %v", a.Manifest, err)
		}
		if d := cmp.Diff(&finding, a.Finding); d != "" {
			t.Error(d)
		}
	}
	if a := told.Attempts[0]; a.Phone.Serial != "P1" || len(a.Files) != 2 || a.Attempt != 1 {
		t.Errorf("%+v", a.Manifest)
	}
}
