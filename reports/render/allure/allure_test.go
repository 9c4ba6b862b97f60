package allure_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/reports/render/allure"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) // 1772442000000 ms since 1970

func attempt(dir, id string, n int, v record.Verdict) record.ToldAttempt {
	return record.ToldAttempt{Dir: "attempts/" + dir, Manifest: record.Manifest{
		Scenario: record.Scenario{ID: id, Title: "title of " + id, Labels: []string{"smoke"}}, Attempt: n,
		Phone: record.Phone{Serial: "P1", Maker: "Google", Model: "Pixel 7", Release: "14"}, Started: start, Ended: start.Add(2 * time.Second), Verdict: v,
	}}
}

// write writes the results and reads them back: files by the end of their
// names, JSON as values.
func write(t *testing.T, from string, told record.Told) (dir string, results, containers []map[string]any) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "allure-results")
	if err := allure.Write(dir, from, told); err != nil {
		t.Fatal(err)
	}
	read := func(pattern string) (all []map[string]any) {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			var v map[string]any
			if err := json.Unmarshal(text, &v); err != nil {
				t.Fatalf("%s: %v", f, err)
			}
			all = append(all, v)
		}
		return all
	}
	return dir, read("*-result.json"), read("*-container.json")
}

func TestWrite(t *testing.T) {
	from := t.TempDir()
	latency := 120 * time.Millisecond
	a := attempt("x.1", "x", 1, record.Failed)
	a.Finding = &record.Finding{Fact: "telecom.call", Sentence: "it did not ring", Wanted: "a call", Seen: "none"}
	a.Diagnosis = []record.Cause{{Sentence: "it is stopped", Facts: []string{"stopped=true"}, Remedy: "open it"}}
	a.Timeline = []record.Edge{
		{Name: record.EdgePushSent, Within: 5 * time.Millisecond, Source: "command", Clock: record.BootClock},
		{Name: record.EdgeRinging, Within: time.Millisecond, Source: "log", Clock: record.WallClock, From: record.EdgePushSent, Latency: &latency, Budget: 10 * time.Second},
	}
	a.Events = []record.Event{
		{Kind: record.ScenarioStarted, Text: "t", Host: start},
		{Kind: record.PhaseStarted, Text: "prepare", Host: start.Add(100 * time.Millisecond)},
		{Kind: record.FactSeen, Text: "the screen on", Host: start.Add(200 * time.Millisecond)},
		{Kind: record.PhaseStarted, Text: "push a call", Host: start.Add(300 * time.Millisecond)},
		{Kind: record.ScenarioEnded, Text: "t", Host: start.Add(2 * time.Second)},
	}
	a.Files = []record.File{
		{Name: "phase.png", Kind: record.Screenshot, Title: "at the end", Phase: "prepare"}, {Name: "telecom.txt", Kind: record.Dump, Title: "telecom"},
		{Name: "gone.txt", Kind: record.Dump}, {Name: "../secret.txt", Kind: record.Dump},
	}
	if err := os.MkdirAll(filepath.Join(from, "attempts", "x.1"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"attempts/x.1/phase.png": "png", "attempts/x.1/telecom.txt": "mCalls:\n", "attempts/secret.txt": "secret"} {
		if err := os.WriteFile(filepath.Join(from, filepath.FromSlash(name)), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	dir, results, containers := write(t, from, record.Told{Run: record.Run{ID: "R", App: record.App{Package: "org.example"}}, Attempts: []record.ToldAttempt{a}})
	if len(results) != 1 || len(containers) != 1 {
		t.Fatalf("%d results, %d containers", len(results), len(containers))
	}
	got := results[0]
	id, _ := got["uuid"].(string)
	if len(id) != 36 || got["historyId"] == "" || got["historyId"] == got["uuid"] {
		t.Errorf("uuid %q, historyId %q", id, got["historyId"])
	}
	for _, k := range []string{"uuid", "historyId", "testCaseId"} {
		delete(got, k)
	}
	var want map[string]any
	if err := json.Unmarshal([]byte(strings.ReplaceAll(`{
		"name": "title of x", "fullName": "ringproof.x", "status": "failed", "stage": "finished", "start": 1772442000000, "stop": 1772442002000,
		"statusDetails": {"message": "it did not ring", "trace": "it did not ring\n\nlikely: it is stopped\n  because stopped=true\n  remedy: open it\n", "actual": "none", "expected": "a call"},
		"labels": [{"name": "framework", "value": "ringproof"}, {"name": "language", "value": "go"}, {"name": "parentSuite", "value": "org.example"},
			{"name": "suite", "value": "P1"}, {"name": "host", "value": "P1"}, {"name": "thread", "value": "P1"}, {"name": "package", "value": "ringproof"},
			{"name": "testClass", "value": "x"}, {"name": "tag", "value": "smoke"}],
		"links": [],
		"parameters": [{"name": "phone", "value": "P1 Google Pixel 7", "excluded": true}, {"name": "Android", "value": "14", "excluded": true},
			{"name": "rang after", "value": "120 ms", "excluded": true}],
		"steps": [
			{"name": "prepare", "status": "passed", "statusDetails": {}, "stage": "finished", "start": 1772442000100, "stop": 1772442000300, "attachments": [], "parameters": [],
				"steps": [{"name": "fact: the screen on", "status": "passed", "statusDetails": {}, "stage": "finished", "start": 1772442000200, "stop": 1772442000200, "steps": [], "attachments": [], "parameters": []}]},
			{"name": "push a call", "status": "failed", "stage": "finished", "start": 1772442000300, "stop": 1772442002000, "steps": [], "attachments": [], "parameters": [],
				"statusDetails": {"message": "it did not ring", "trace": "it did not ring\n\nlikely: it is stopped\n  because stopped=true\n  remedy: open it\n", "actual": "none", "expected": "a call"}}],
		"attachments": [{"name": "the call, step by step", "source": "ID-1-attachment.csv", "type": "text/csv"},
			{"name": "prepare: at the end", "source": "ID-2-attachment.png", "type": "image/png"}, {"name": "telecom", "source": "ID-3-attachment.txt", "type": "text/plain"}]
	}`, "ID", id)), &want); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	for name, want := range map[string]string{
		id + "-1-attachment.csv": "step,\"after, ms\",from,\"within, ms\",\"budget, ms\",source,clock,more\npush-sent,,,5.0,,command,boot,\nringing,120.0,push-sent,1.0,10000.0,log,wall,\n",
		id + "-2-attachment.png": "png", id + "-3-attachment.txt": "mCalls:\n", "environment.properties": "app.package=org.example\nrun=R\n",
	} {
		if text, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(text) != want {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
	if d := cmp.Diff([]any{id}, containers[0]["children"]); d != "" || containers[0]["name"] != "P1" {
		t.Errorf("the phone's container: %v", containers[0])
	}
}

// Attempts of one scenario share a history; phones of a matrix do not.
func TestHistory(t *testing.T) {
	infra, again := attempt("x.1", "x", 1, record.Infra), attempt("x.2", "x", 2, record.Passed)
	_, results, _ := write(t, "", record.Told{Attempts: []record.ToldAttempt{infra, again}})
	if results[0]["historyId"] != results[1]["historyId"] {
		t.Error("a retry has another history")
	}
	flaky := map[any]any{}
	for _, r := range results {
		d, _ := r["statusDetails"].(map[string]any)
		flaky[r["status"]] = d["flaky"]
	}
	if d := cmp.Diff(map[any]any{"broken": nil, "passed": true}, flaky); d != "" {
		t.Errorf("flaky (-want +got):\n%s", d)
	}
	other := attempt("x.2", "x", 1, record.Passed)
	other.Phone.Serial = "P2"
	_, results, _ = write(t, "", record.Told{Attempts: []record.ToldAttempt{infra, other}})
	if results[0]["historyId"] == results[1]["historyId"] {
		t.Error("two phones of a matrix share a history")
	}
}

// No text of a record names a file, and the folder is the only one written to.
func TestHostileText(t *testing.T) {
	const bad = "../../x\x00\"<script>\\u0000#=\n"
	from := t.TempDir()
	a := attempt("../"+bad, bad, 1, record.Verdict(bad))
	a.Phone, a.Scenario.Title, a.Finding = record.Phone{Serial: bad}, bad, &record.Finding{Sentence: bad}
	a.Files = []record.File{{Name: bad, Title: bad, Kind: bad}}
	dir, results, _ := write(t, from, record.Told{Run: record.Run{ID: bad, App: record.App{Package: bad}}, Attempts: []record.ToldAttempt{a}})
	if len(results) != 1 || results[0]["status"] != "broken" || results[0]["name"] != bad {
		t.Errorf("%v", results)
	}
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "environment.properties"))
	if err != nil || strings.Count(string(text), "\n") != 2 {
		t.Errorf("%q, %v", text, err)
	}
}

func TestWriteRefusesAFolderInUse(t *testing.T) {
	to := t.TempDir()
	if err := os.WriteFile(filepath.Join(to, "mine"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := allure.Write(to, "", record.Told{}); err == nil || !strings.Contains(err.Error(), "name another folder") {
		t.Errorf("%v", err)
	}
}
