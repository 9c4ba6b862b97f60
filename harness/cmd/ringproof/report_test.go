package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ringproof/ringproof/reports/record"
)

// written is a record of one failed scenario.
func written(t *testing.T, sentence string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "record")
	b, err := record.Create(dir, record.Run{App: record.App{Package: "org.example"}, Chosen: 1})
	if err != nil {
		t.Fatal(err)
	}
	b.Begin(record.Scenario{ID: "killed", Title: "rings"}).End(record.Manifest{Verdict: record.Failed, Finding: &record.Finding{Sentence: sentence}})
	if err := b.Close(false); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestReportShow(t *testing.T) {
	alone(t)
	dir := written(t, "it did not ring")
	for form, want := range map[string]string{
		"junit": `<failure message="it did not ring"`, "summary": "### FAILED: rings", "latency": "STEP", "perfetto": "killed: failed",
	} {
		if r := ringproof(t, "", "report", "show", form, dir); r.code != 0 || !strings.Contains(r.out, want) {
			t.Errorf("%s: %+v", form, r)
		}
		file := filepath.Join(t.TempDir(), "out")
		if r := ringproof(t, "", "report", "show", form, dir, "-o", file); r.code != 0 || r.out != "" {
			t.Errorf("%s to a file: %+v", form, r)
		}
		if text, err := os.ReadFile(file); err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s in the file: %q, %v", form, text, err)
		}
	}
	for want, args := range map[string][]string{
		`unknown form "pdf"`: {"pdf", dir}, "read the record": {"junit", filepath.Join(dir, "attempts")},
	} {
		if r := ringproof(t, "", append([]string{"report", "show"}, args...)...); r.code != 2 || r.out != "" || !strings.Contains(r.errout, want) {
			t.Errorf("%v: %+v", args, r)
		}
	}
}

// What a phone or a person let slip is in no form of a report.
func TestReportsHaveNoSecrets(t *testing.T) {
	alone(t)
	t.Setenv("FARM_TOKEN", "qx-114-farm-word")
	secrets := []string{
		"qx-114-farm-word", "cXk3vT9pQe2:APA91bHun4MxP5egoKMwt2KZFBaFUH-1RYqx7hVQxkQ8w_ab12", "ya29.a0AfB_byC1234567890abcdef",
		"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.dBjftJeZ4CVP-mB92K27uhbUJU1p1r", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7", "480215",
	}
	text := fmt.Sprintf("%s %s Bearer %s %s -----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY----- locksettings set-pin %s",
		secrets[0], secrets[1], secrets[2], secrets[3], secrets[4], secrets[5])
	dir := filepath.Join(t.TempDir(), "record")
	b, err := record.Create(dir, record.Run{App: record.App{Package: text, Profile: text}, Chosen: 1, Again: []string{"ringproof", "run", text}})
	if err != nil {
		t.Fatal(err)
	}
	a := b.Begin(record.Scenario{ID: "killed", Title: text, Labels: []string{text}, Origin: text})
	a.On(record.Phone{Serial: "P1", Maker: text, Model: text, Release: text})
	a.Record(record.Event{Kind: record.PhaseStarted, Text: text})
	a.Record(record.Event{Kind: record.FactSeen, Text: text})
	a.Keep(record.Log, "logcat.txt", text, []byte("03-02 09:00:00.000  1  1 E A: "+text+"\n"))
	a.Keep(record.Diff, "telecom.diff", text, []byte("+"+text+"\n"))
	a.Keep(record.Dump, "telecom.txt", text, []byte(text))
	latency := time.Second
	a.End(record.Manifest{
		Verdict: record.Failed, Finding: &record.Finding{Fact: text, Sentence: text, Wanted: text, Seen: text, Advice: text},
		Diagnosis: []record.Cause{{ID: text, Sentence: text, Remedy: text, Facts: []string{text}}},
		Timeline:  []record.Edge{{Name: record.EdgePushSent}, {Name: record.EdgeRinging, From: record.EdgePushSent, Latency: &latency, Text: text, Source: text}},
	})
	if err := b.Close(false); err != nil {
		t.Fatal(err)
	}
	out := t.TempDir()
	for form := range renderers() {
		ringproof(t, "", "report", "show", form, dir, "-o", filepath.Join(out, form))
	}
	for form := range folders() {
		ringproof(t, "", "report", "show", form, dir, "-o", filepath.Join(out, form))
	}
	ringproof(t, "", "report", "merge", filepath.Join(out, "merged"), dir)
	seen := 0
	for _, root := range []string{dir, out} {
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			seen++
			said, err := os.ReadFile(path)
			for _, s := range secrets {
				if bytes.Contains(said, []byte(s)) {
					t.Errorf("%s has %s", path, s)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if seen < 25 {
		t.Errorf("only %d files were looked at", seen)
	}
}

func TestReportMerge(t *testing.T) {
	alone(t)
	one, two := written(t, "first"), written(t, "second")
	whole := filepath.Join(t.TempDir(), "whole")
	if r := ringproof(t, "", "report", "merge", whole, one, two); r.code != 0 {
		t.Fatalf("%+v", r)
	}
	r := ringproof(t, "", "report", "show", "junit", whole)
	if !strings.Contains(r.out, `tests="2" failures="2"`) || !strings.Contains(r.out, "first") || !strings.Contains(r.out, "second") {
		t.Errorf("%+v", r)
	}
	if r := ringproof(t, "", "report", "merge", whole, filepath.Join(one, "none")); r.code != 2 || !strings.Contains(r.errout, "read the record") {
		t.Errorf("a shard that is none: %+v", r)
	}
}

func TestReportCompare(t *testing.T) {
	alone(t)
	dir := written(t, "x")
	if r := ringproof(t, "", "report", "compare", dir, dir); r.code != 0 || !strings.Contains(r.out, "nothing became slower") {
		t.Errorf("%+v", r)
	}
	if r := ringproof(t, "", "report", "compare", dir, filepath.Join(dir, "none")); r.code != 2 {
		t.Errorf("%+v", r)
	}
}

func TestReportPages(t *testing.T) {
	alone(t)
	dir := written(t, "it did not ring")
	to := filepath.Join(t.TempDir(), "pages")
	if r := ringproof(t, "", "report", "show", "html", dir, "-o", to); r.code != 0 {
		t.Fatalf("%+v", r)
	}
	if text, err := os.ReadFile(filepath.Join(to, "index.html")); err != nil || !strings.Contains(string(text), "it did not ring") {
		t.Errorf("%v", err)
	}
	if r := ringproof(t, "", "report", "show", "html", dir); r.code != 2 || !strings.Contains(r.errout, "name it with -o") {
		t.Errorf("%+v", r)
	}
}

func TestReportSchema(t *testing.T) {
	alone(t)
	for _, name := range []string{"run", "manifest", "event"} {
		if r := ringproof(t, "", "report", "schema", name); r.code != 0 || !strings.Contains(r.out, `"$defs"`) && name != "run" {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if r := ringproof(t, "", "report", "schema", "x"); r.code != 2 || r.out != "" {
		t.Errorf("%+v", r)
	}
}
