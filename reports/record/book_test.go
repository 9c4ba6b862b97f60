package record_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/reports/record"
)

func create(t testing.TB, dir string, run record.Run) *record.Book {
	t.Helper()
	b, err := record.Create(dir, run)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func read(t *testing.T, dir string) record.Told {
	t.Helper()
	told, err := record.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	return told
}

// What was written is what a report is made from.
func TestBook(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	b := create(t, dir, record.Run{App: record.App{Profile: "reference", Package: "org.example"}, Chosen: 2})
	sc := record.Scenario{ID: "killed/rings", Title: "a killed app rings", Labels: []string{"killed"}, Origin: "somewhere#1"}
	a := b.Begin(sc)
	a.On(record.Phone{Serial: "P1", API: 34})
	a.Record(record.Event{Kind: record.PushSent, Text: "initiated"})
	a.Keep(record.Dump, "telecom.txt", "telecom", []byte("mCalls:\n"))
	a.Keep(record.Dump, "telecom.txt", "telecom, later", []byte("none\n"))
	finding := &record.Finding{Fact: "telecom.call", Sentence: "it did not ring"}
	a.End(record.Manifest{Verdict: record.Failed, Finding: finding, Took: 3 * time.Second, Cost: record.Cost{Trips: 7}})
	again := b.Begin(sc)
	again.End(record.Manifest{Verdict: record.Passed})
	if err := b.Close(false); err != nil {
		t.Fatal(err)
	}

	told := read(t, dir)
	if told.Run.Ended.IsZero() || told.Run.Interrupted || told.Run.App.Package != "org.example" || len(told.Run.ID) < 20 {
		t.Errorf("the run %+v", told.Run)
	}
	if len(told.Attempts) != 2 {
		t.Fatalf("%d attempts", len(told.Attempts))
	}
	first, second := told.Attempts[0], told.Attempts[1]
	if second.Attempt != 2 || second.Verdict != record.Passed || second.Cut {
		t.Errorf("the second attempt %+v", second.Manifest)
	}
	first.Started, first.Ended = time.Time{}, time.Time{}
	want := record.Manifest{
		Schema: "ringproof/manifest/1", Scenario: sc, Attempt: 1, Phone: record.Phone{Serial: "P1", API: 34},
		Verdict: record.Failed, Finding: finding, Took: 3 * time.Second, Cost: record.Cost{Trips: 7},
		Files: []record.File{
			{Name: "telecom.txt", Kind: record.Dump, Title: "telecom", Bytes: 8},
			{Name: "telecom-2.txt", Kind: record.Dump, Title: "telecom, later", Bytes: 5},
		},
	}
	if d := cmp.Diff(want, first.Manifest); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if len(first.Events) != 1 || first.Events[0].Text != "initiated" {
		t.Errorf("events %+v", first.Events)
	}
	text, err := os.ReadFile(filepath.Join(dir, first.Dir, "telecom-2.txt"))
	if err != nil || string(text) != "none\n" {
		t.Errorf("%q, %v", text, err)
	}
}

// A run that dies leaves all that had happened, and nobody takes it for an end.
func TestBookAfterACrash(t *testing.T) {
	dir := t.TempDir()
	b := create(t, dir, record.Run{})
	a := b.Begin(record.Scenario{ID: "x"})
	a.Record(record.Event{Kind: record.PushSent, Text: "one"})
	a.Keep(record.Log, "logcat.txt", "log", []byte("line\n"))
	f, err := os.OpenFile(filepath.Join(dir, "attempts", "x.1", "events.jsonl"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"kind":"fact","te`); err != nil {
		t.Fatal(err)
	}
	f.Close()

	told := read(t, dir)
	if !told.Run.Ended.IsZero() {
		t.Error("the run has an end")
	}
	got := told.Attempts[0]
	if !got.Cut || got.Verdict != record.Infra || len(got.Events) != 1 || len(got.Files) != 1 {
		t.Errorf("the attempt %+v, %d events", got.Manifest, len(got.Events))
	}
}

// Evidence is bounded: each text, each picture, and all of an attempt; what is
// left out is told. A dump of a phone that prints without end fills no disk.
func TestEvidenceIsBounded(t *testing.T) {
	dir := t.TempDir()
	b := create(t, dir, record.Run{})
	a := b.Begin(record.Scenario{ID: "x"})
	a.Record(record.Event{Kind: record.PhaseStarted, Text: "push a call"})
	huge := bytes.Repeat([]byte("a line of a dump\n"), record.MaxFile/8)
	for range 12 {
		a.Keep(record.Dump, "telecom.txt", "telecom", huge)
	}
	a.Keep(record.Screenshot, "big.png", "", make([]byte, record.MaxFile+1))
	a.End(record.Manifest{Verdict: record.Failed})

	c := b.Begin(record.Scenario{ID: "y"})
	c.Record(record.Event{Kind: record.PhaseStarted, Text: "push a call"})
	for range record.MaxPictures + 1 {
		c.Keep(record.Screenshot, "screen.png", "", []byte("png"))
	}
	c.End(record.Manifest{Verdict: record.Passed})

	told := read(t, dir)
	x, y := told.Attempts[0], told.Attempts[1]
	sum := 0
	for _, f := range x.Files {
		sum += f.Bytes
		if f.Bytes > record.MaxFile || f.Whole != len(huge) || f.Phase != "" {
			t.Errorf("%+v", f)
		}
	}
	if sum > record.MaxKept || len(x.Files) != 8 || len(x.Lacks) != 5 {
		t.Errorf("%d bytes in %d files, lacks %v", sum, len(x.Files), x.Lacks)
	}
	if len(y.Files) != record.MaxPictures || y.Files[0].Phase != "push a call" || y.Files[0].Host.IsZero() {
		t.Errorf("%d pictures, the first %+v", len(y.Files), y.Files[0])
	}
	want := []record.Lack{{What: "screen.png", Why: "24 pictures of the attempt are kept already"}}
	if d := cmp.Diff(want, y.Lacks); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A nil Book is a run without a record.
func TestNoBook(t *testing.T) {
	var b *record.Book
	a := b.Begin(record.Scenario{ID: "x"})
	a.On(record.Phone{})
	a.Record(record.Event{})
	a.Keep(record.Dump, "a", "a", nil)
	a.Lack("a", "b")
	a.End(record.Manifest{})
}

// Only a record is ever removed.
func TestCreateRemovesOnlyARecord(t *testing.T) {
	dir := t.TempDir()
	create(t, dir, record.Run{}).Begin(record.Scenario{ID: "old"}).End(record.Manifest{Verdict: record.Passed})
	notes := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(notes, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	create(t, dir, record.Run{})
	if _, err := os.Stat(notes); err != nil {
		t.Error("a file that is not the record's is gone")
	}
	if told := read(t, dir); len(told.Attempts) != 0 {
		t.Errorf("%d attempts of the older record", len(told.Attempts))
	}
	other := t.TempDir()
	if err := os.WriteFile(filepath.Join(other, "thesis.doc"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := record.Create(other, record.Run{}); err == nil || !strings.Contains(err.Error(), "name another one") {
		t.Errorf("a folder that is no record: %v", err)
	}
}

// A name from a suite that is not ours stays within the folder.
func TestNamesStayInside(t *testing.T) {
	dir := t.TempDir()
	b := create(t, dir, record.Run{})
	for _, id := range []string{"../../etc/x", "..", "", "a b\x00\n/ü", strings.Repeat("x", 300)} {
		a := b.Begin(record.Scenario{ID: id})
		a.Keep(record.Dump, "../"+id, "", []byte("x"))
		a.Keep(record.Dump, "manifest.json", "", []byte("no manifest"))
		a.End(record.Manifest{Verdict: record.Passed})
	}
	if err := b.Close(false); err != nil {
		t.Fatal(err)
	}
	told := read(t, dir)
	if len(told.Attempts) != 5 {
		t.Fatalf("%d attempts", len(told.Attempts))
	}
	for _, a := range told.Attempts {
		if len(a.Files) != 2 {
			t.Errorf("%q kept %v", a.Scenario.ID, a.Files)
		}
		for _, f := range a.Files {
			if _, err := os.Stat(filepath.Join(dir, a.Dir, f.Name)); err != nil || !filepath.IsLocal(f.Name) {
				t.Errorf("%q kept %q: %v", a.Scenario.ID, f.Name, err)
			}
		}
	}
	around, err := os.ReadDir(filepath.Dir(dir))
	if err != nil || len(around) != 1 {
		t.Errorf("beside the record: %v, %v", around, err)
	}
}

// A long text keeps its beginning and its end.
func TestKeepIsBounded(t *testing.T) {
	dir := t.TempDir()
	a := create(t, dir, record.Run{}).Begin(record.Scenario{ID: "x"})
	text := append([]byte("first"), bytes.Repeat([]byte("."), record.MaxFile)...)
	text = append(text, "last"...)
	a.Keep(record.Log, "log.txt", "", text)
	a.End(record.Manifest{Verdict: record.Passed})
	f := read(t, dir).Attempts[0].Files[0]
	got, err := os.ReadFile(filepath.Join(dir, "attempts", "x.1", "log.txt"))
	if err != nil || f.Whole != len(text) || f.Bytes != len(got) || len(got) > record.MaxFile {
		t.Fatalf("%+v, %d bytes, %v", f, len(got), err)
	}
	if !bytes.HasPrefix(got, []byte("first")) || !bytes.HasSuffix(got, []byte("last")) || !bytes.Contains(got, []byte("bytes left out")) {
		t.Error("the beginning, the end or the note is missing")
	}
}

func TestReadRefuses(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"nothing":         {},
		"another schema":  {"run.json": `{"$schema":"ringproof/run/99"}`},
		"another attempt": {"run.json": `{"$schema":"ringproof/run/1"}`, "attempts/x.1/manifest.json": `{"$schema":"ringproof/manifest/99"}`, "attempts/x.1/events.jsonl": ""},
		"broken json":     {"run.json": `{`},
		"broken event":    {"run.json": `{"$schema":"ringproof/run/1"}`, "attempts/x.1/manifest.json": `{"$schema":"ringproof/manifest/1"}`, "attempts/x.1/events.jsonl": "{\n"},
	} {
		dir := t.TempDir()
		for f, text := range files {
			if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, f)), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, f), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := record.Read(dir); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// Shards that ran the same scenario are both told.
func TestMerge(t *testing.T) {
	app := record.App{Package: "org.example"}
	var shards []string
	for i, verdict := range []record.Verdict{record.Passed, record.Failed} {
		dir := filepath.Join(t.TempDir(), "shard")
		b := create(t, dir, record.Run{App: app, Chosen: 1})
		a := b.Begin(record.Scenario{ID: "same"})
		a.Keep(record.Dump, "telecom.txt", "", []byte{byte('0' + i)})
		a.End(record.Manifest{Verdict: verdict})
		if err := b.Close(i == 1); err != nil {
			t.Fatal(err)
		}
		shards = append(shards, dir)
	}
	out := filepath.Join(t.TempDir(), "out")
	if err := record.Merge(out, shards...); err != nil {
		t.Fatal(err)
	}
	told := read(t, out)
	if len(told.Attempts) != 2 || told.Run.Chosen != 2 || !told.Run.Interrupted || len(told.Run.Merged) != 2 || told.Run.Ended.IsZero() {
		t.Fatalf("merged %+v, %d attempts", told.Run, len(told.Attempts))
	}
	for i, want := range []record.Verdict{record.Passed, record.Failed} {
		a := told.Attempts[i]
		text, err := os.ReadFile(filepath.Join(out, a.Dir, "telecom.txt"))
		if a.Verdict != want || err != nil || string(text) != string(rune('0'+i)) {
			t.Errorf("attempt %d: %s, %q, %v", i, a.Verdict, text, err)
		}
	}

	if err := record.Merge(out); err == nil {
		t.Error("merged nothing")
	}
	if err := record.Merge(shards[0], shards...); err == nil {
		t.Error("a shard was overwritten")
	}
	other := filepath.Join(t.TempDir(), "other")
	create(t, other, record.Run{App: record.App{Package: "org.other"}})
	if err := record.Merge(filepath.Join(t.TempDir(), "o"), shards[0], other); err == nil || !strings.Contains(err.Error(), "two apps") {
		t.Errorf("two apps: %v", err)
	}
}
