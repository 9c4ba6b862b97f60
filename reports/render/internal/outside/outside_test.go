package outside

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/reports/render/allure"
	"github.com/ringproof/ringproof/reports/render/junit"
	"github.com/ringproof/ringproof/reports/render/perfetto"
)

// need skips a test whose reader is not here, or fails it where
// RINGPROOF_REQUIRE has "readers". A path is of this folder, a bare name is a
// program.
func need(t *testing.T, what ...string) {
	t.Helper()
	for _, w := range what {
		_, err := os.Stat(w)
		if !strings.Contains(w, "/") && !strings.Contains(w, ".") {
			_, err = exec.LookPath(w)
		}
		if err == nil {
			continue
		}
		if slices.Contains(strings.Split(os.Getenv("RINGPROOF_REQUIRE"), ","), "readers") {
			t.Fatalf("%s is missing (./setup.sh; Debian: apt install libxml2-utils nodejs python3-venv), and RINGPROOF_REQUIRE says that it must be there", w)
		}
		t.Skipf("%s is missing (./setup.sh; Debian: apt install libxml2-utils nodejs python3-venv)", w)
	}
}

// run runs a program of others and returns what it printed.
func run(t *testing.T, program string, args ...string) ([]byte, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		err = fmt.Errorf("%s: %w: %.3000s %.3000s", program, err, errs.String(), out)
	}
	return out, err
}

func read[T any](t *testing.T, program string, args ...string) (v T) {
	t.Helper()
	out, err := run(t, program, args...)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &v); err != nil {
		t.Fatalf("%s: %v: %.1000s", program, err, out)
	}
	return v
}

const hostile = "]]>\"'<b>&amp;\x00\x1b[31m\u202e\xff\ufffe é日本 -- | `x`"

// dir is a record with every verdict, a retry that became green, evidence, and
// texts that mean harm.
func dir(t *testing.T) (string, record.Told) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "record")
	b, err := record.Create(folder, record.Run{App: record.App{Profile: "p", Package: "org.example"}, Chosen: 5})
	if err != nil {
		t.Fatal(err)
	}
	latency := 120 * time.Millisecond
	edges := []record.Edge{
		{Name: record.EdgePushSent, At: 7 * time.Second, Within: 5 * time.Millisecond, Source: "command", Clock: record.BootClock},
		{Name: record.EdgeRinging, At: 7120 * time.Millisecond, Within: time.Millisecond, Source: "log", Clock: record.WallClock, From: record.EdgePushSent, Latency: &latency, Budget: time.Second, Text: hostile},
	}
	finding := func(s string) *record.Finding {
		return &record.Finding{Fact: "telecom.call", Sentence: s, Wanted: "a call", Seen: "none", Advice: "look"}
	}
	for _, m := range []record.Manifest{
		{Scenario: record.Scenario{ID: "fails", Title: "it fails"}, Verdict: record.Failed, Finding: finding("it did not ring"), Timeline: edges},
		{Scenario: record.Scenario{ID: "infra", Title: "it breaks"}, Verdict: record.Infra, Finding: finding("the cable")},
		{Scenario: record.Scenario{ID: "skips", Title: "it is skipped"}, Verdict: record.Skipped, Finding: finding("no SIM")},
		{Scenario: record.Scenario{ID: "flaky", Title: "it passes at last"}, Verdict: record.Infra, Finding: finding("adb was lost")},
		{Scenario: record.Scenario{ID: "flaky", Title: "it passes at last"}, Verdict: record.Passed, Timeline: edges},
		{Scenario: record.Scenario{ID: hostile, Title: hostile, Labels: []string{hostile}}, Verdict: record.Failed, Finding: finding(hostile)},
	} {
		a := b.Begin(m.Scenario)
		a.On(record.Phone{Serial: "P1", Model: "Pixel 7", API: 34, Release: "14"})
		a.Record(record.Event{Kind: record.PhaseStarted, Text: "prepare " + m.Scenario.Title, Host: time.Now()})
		a.Record(record.Event{Kind: record.FactSeen, Text: hostile, Host: time.Now()})
		a.Keep(record.Dump, "telecom.txt", hostile, []byte(hostile))
		m.Diagnosis = []record.Cause{{ID: "x", Sentence: hostile, Remedy: hostile, Facts: []string{hostile}}}
		a.End(m)
	}
	if err := b.Close(false); err != nil {
		t.Fatal(err)
	}
	told, err := record.Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	// Real tries do not begin within a millisecond, by which Allure orders them.
	for i := range told.Attempts {
		a := &told.Attempts[i]
		a.Started, a.Ended = a.Started.Add(time.Duration(i)*time.Minute), a.Ended.Add(time.Duration(i)*time.Minute)
	}
	return folder, told
}

// file writes what a renderer writes.
func file(t *testing.T, name string, write func(io.Writer, record.Told) error, told record.Told) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, told); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestJUnitFollowsTheSchema(t *testing.T) {
	need(t, "xmllint", "junit-10.xsd")
	_, told := dir(t)
	for name, told := range map[string]record.Told{"all verdicts": told, "nothing ran": {}, "cut short": {Attempts: []record.ToldAttempt{{Cut: true}}}} {
		path := file(t, "junit.xml", junit.Write, told)
		if _, err := run(t, "xmllint", "--noout", "--nonet", "--schema", "junit-10.xsd", path); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// The schema bites.
	path := file(t, "junit.xml", junit.Write, told)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, bent := range [][2]string{{` tests="`, ` test="`}, {"<flakyError", "<flaky"}, {` type="infra"`, ""}, {`time="`, `time="soon `}} {
		if !bytes.Contains(text, []byte(bent[0])) {
			t.Fatalf("no %s in %s", bent[0], text)
		}
		broken := bytes.ReplaceAll(text, []byte(bent[0]), []byte(bent[1]))
		broken = bytes.ReplaceAll(broken, []byte("</flakyError"), []byte("</"+strings.TrimPrefix(map[bool]string{true: "<flaky", false: "<flakyError"}[bent[1] == "<flaky"], "<")))
		if err := os.WriteFile(path, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := run(t, "xmllint", "--noout", "--nonet", "--schema", "junit-10.xsd", path); err == nil {
			t.Errorf("the schema allows %q for %q", bent[1], bent[0])
		}
	}
}

// outcome is how a reader of JUnit XML understands a case.
type outcome struct{ Name, Kind, Message, Flaky string }

func wantOutcomes() []outcome {
	return []outcome{
		{"it fails", "Failure", "it did not ring", ""},
		{"it breaks", "Error", "the cable", ""},
		{"it is skipped", "Skipped", "no SIM", ""},
		{"it passes at last", "", "", "adb was lost"},
	}
}

func TestJUnitIsReadByJunitparser(t *testing.T) {
	need(t, ".venv/bin/python")
	_, told := dir(t)
	type answer struct {
		Tests, Failures, Errors int
		Cases                   []struct {
			Suite, Name string
			Class       string
			Result      []struct{ Kind, Message, Text string }
			Flaky       []string
		}
	}
	got := read[answer](t, ".venv/bin/python", "read_junit.py", file(t, "junit.xml", junit.Write, told))
	if got.Tests != 5 || got.Failures != 2 || got.Errors != 1 || len(got.Cases) != 5 {
		t.Fatalf("%+v", got)
	}
	var outcomes []outcome
	for _, c := range got.Cases[:4] {
		o := outcome{Name: c.Name, Flaky: strings.Join(c.Flaky, " ")}
		for _, r := range c.Result {
			o.Kind, o.Message = o.Kind+r.Kind, o.Message+r.Message
		}
		if c.Suite != "P1" {
			t.Errorf("%s is in suite %q", c.Name, c.Suite)
		}
		outcomes = append(outcomes, o)
	}
	if d := cmp.Diff(wantOutcomes(), outcomes); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	// What XML cannot hold is replaced, the rest is the same text.
	want := strings.NewReplacer("\x00", "\ufffd", "\x1b", "\ufffd", "\xff", "\ufffd", "\ufffe", "\ufffd").Replace(hostile)
	if got := got.Cases[4].Name; got != want {
		t.Errorf("a name became %q, want %q", got, want)
	}
}

func TestJUnitIsReadByJunit2json(t *testing.T) {
	need(t, "node", "node_modules/junit2json/package.json")
	_, told := dir(t)
	type entry struct{ Message, Inner string }
	type answer struct {
		Tests, Failures, Errors int
		Testsuite               []struct {
			Testcase []struct {
				Name                    string
				Failure, Error, Skipped []entry
			}
		}
	}
	got := read[answer](t, "node", "read_junit.mjs", file(t, "junit.xml", junit.Write, told))
	if got.Tests != 5 || len(got.Testsuite) != 1 || len(got.Testsuite[0].Testcase) != 5 {
		t.Fatalf("%+v", got)
	}
	for i, want := range wantOutcomes() {
		c := got.Testsuite[0].Testcase[i]
		o := outcome{Name: c.Name, Flaky: want.Flaky} // it knows no flaky cases
		for kind, all := range map[string][]entry{"Failure": c.Failure, "Error": c.Error, "Skipped": c.Skipped} {
			for _, e := range all {
				o.Kind, o.Message = kind, e.Message
			}
		}
		if o != want {
			t.Errorf("got %+v, want %+v", o, want)
		}
	}
}

func TestAllureMakesAReport(t *testing.T) {
	need(t, "node", "node_modules/allure/cli.js")
	from, told := dir(t)
	results, out := filepath.Join(t.TempDir(), "allure-results"), filepath.Join(t.TempDir(), "report")
	if err := allure.Write(results, from, told); err != nil {
		t.Fatal(err)
	}
	if _, err := run(t, "node", "node_modules/allure/cli.js", "generate", results, "-o", out, "--cwd", t.TempDir()); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(out, "data", "test-results", "*.json"))
	if err != nil || len(files) != 6 {
		t.Fatalf("the report has %d results: %v", len(files), err)
	}
	type entry struct {
		Name, Status, Error string
		Flaky, Retry        bool
		Attachments         int
		Missing             bool
	}
	got := map[string][]entry{}
	for _, f := range files {
		var r struct {
			Name, Status   string
			Flaky, IsRetry bool
			Error          struct{ Message string }
			Attachments    []struct {
				Link struct{ Missing bool }
			}
		}
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &r); err != nil {
			t.Fatal(err)
		}
		e := entry{Name: r.Name, Status: r.Status, Error: r.Error.Message, Flaky: r.Flaky, Retry: r.IsRetry, Attachments: len(r.Attachments)}
		for _, a := range r.Attachments {
			e.Missing = e.Missing || a.Link.Missing
		}
		got[r.Name] = append(got[r.Name], e)
	}
	for _, all := range got {
		slices.SortFunc(all, func(a, b entry) int { return strings.Compare(a.Status, b.Status) })
	}
	delete(got, hostileName(got))
	want := map[string][]entry{
		"it fails":      {{Name: "it fails", Status: "failed", Error: "it did not ring", Attachments: 2}},
		"it breaks":     {{Name: "it breaks", Status: "broken", Error: "the cable", Attachments: 1}},
		"it is skipped": {{Name: "it is skipped", Status: "skipped", Error: "no SIM", Attachments: 1}},
		"it passes at last": {
			{Name: "it passes at last", Status: "broken", Error: "adb was lost", Retry: true, Attachments: 1},
			{Name: "it passes at last", Status: "passed", Flaky: true, Attachments: 2},
		},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func hostileName[T any](all map[string]T) string {
	for name := range all {
		if strings.Contains(name, "]]>") {
			return name
		}
	}
	return ""
}

// The files have the types that Allure's own adapters write, and nothing else:
// TypeScript refuses a member of a literal that its type does not have.
func TestAllureResultsHaveTheTypesOfAllure(t *testing.T) {
	need(t, "node", "node_modules/typescript/bin/tsc", "node_modules/allure-js-commons/package.json")
	from, told := dir(t)
	results := filepath.Join(t.TempDir(), "allure-results")
	if err := allure.Write(results, from, told); err != nil {
		t.Fatal(err)
	}
	var source strings.Builder
	source.WriteString("import type { TestResult, TestResultContainer } from \"allure-js-commons\";\n")
	n := 0
	for pattern, kind := range map[string]string{"*-result.json": "TestResult", "*-container.json": "TestResultContainer"} {
		files, err := filepath.Glob(filepath.Join(results, pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("no %s: %v", pattern, err)
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			// Allure's readers know it (allure2-model, StatusDetails), this adapter
			// writes it never.
			text = bytes.ReplaceAll(text, []byte(`,"flaky":true`), nil)
			text = bytes.ReplaceAll(text, []byte(`"flaky":true`), nil)
			n++
			fmt.Fprintf(&source, "export const v%d: Written<%s> = %s;\n", n, kind, text)
		}
	}
	// Their enums are the strings that stand in the files.
	source.WriteString("type Written<T> = T extends string ? `${T}` : T extends (infer E)[] ? Written<E>[] : T extends object ? { [K in keyof T]: Written<T[K]> } : T;\n")
	check := func(source string) error {
		// Types are found from the file's folder upwards.
		folder, err := os.MkdirTemp("node_modules", ".typed-")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(folder)
		path := filepath.Join(folder, "results.ts")
		if err := os.WriteFile(path, []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err = run(t, "node", "node_modules/typescript/bin/tsc", "--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2022", path)
		return err
	}
	if err := check(source.String()); err != nil {
		t.Error(err)
	}
	for _, bent := range [][2]string{{`"status":"broken"`, `"status":"infra"`}, {`"fullName":`, `"fulName":`}, {`"start":`, `"start":"x"+`}} {
		if err := check(strings.Replace(source.String(), bent[0], bent[1], 1)); err == nil {
			t.Errorf("the types allow %s", bent[1])
		}
	}
}

func TestPerfettosProtocolReadsTheTrace(t *testing.T) {
	need(t, ".venv/bin/python")
	_, told := dir(t)
	type slice struct {
		Track    []string
		Name     string
		At, Ns   int64
		Args     map[string]string
		Category string
	}
	type answer struct {
		Slices []slice
		Bad    []string
	}
	got := read[answer](t, ".venv/bin/python", "read_trace.py", file(t, "trace.pftrace", perfetto.Write, told))
	if len(got.Bad) > 0 {
		t.Error(got.Bad)
	}
	more := strings.ToValidUTF8(hostile, "\ufffd")
	var want []slice
	for _, attempt := range []string{"fails: failed", "flaky: passed"} {
		want = append(want,
			slice{Track: []string{"P1 Pixel 7", attempt, "push-sent"}, Name: "push-sent", At: 7e9, Args: map[string]string{"source": "command", "clock": "boot", "within": "5ms"}},
			slice{Track: []string{"P1 Pixel 7", attempt, "ringing"}, Name: "ringing", At: 7e9, Ns: 120e6, Args: map[string]string{
				"source": "log", "clock": "wall", "within": "1ms", "budget": "1s", "from": "push-sent", "more": more,
			}})
	}
	if d := cmp.Diff(want, got.Slices); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
