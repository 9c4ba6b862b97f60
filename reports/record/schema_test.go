package record_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/ringproof/ringproof/reports/record"
)

func schema(t *testing.T, name string) (*jsonschema.Schema, map[string]any) {
	t.Helper()
	text, err := record.Schema(name)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(name, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return s, doc.(map[string]any)
}

func valid(t *testing.T, s *jsonschema.Schema, text []byte) error {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(v)
}

// complete is a record with every member of every file.
func complete(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	latency := time.Second
	finding := &record.Finding{Fact: "telecom.call", Sentence: "s", Wanted: "w", Seen: "n", Advice: "a"}
	causes := []record.Cause{{ID: "app.stopped", Sentence: "s", Remedy: "r", Facts: []string{"f"}}}
	edges := []record.Edge{{
		Name: record.EdgeRinging, At: 1, Within: 1, Source: "log", Clock: record.WallClock, Text: "t", From: record.EdgePushSent, Latency: &latency, Budget: 1, Void: "v",
	}}
	b := create(t, dir, record.Run{App: record.App{Profile: "p", Package: "org.example"}, Chosen: 1, Again: []string{"ringproof"}, Merged: []string{"x"}})
	a := b.Begin(record.Scenario{ID: "x", Title: "t", Labels: []string{"l"}, Needs: "n", Origin: "o"})
	a.On(record.Phone{Serial: "P1", Maker: "m", Model: "m", API: 34, Release: "14", Build: "b"})
	a.Keep(record.Log, "log.txt", "log", bytes.Repeat([]byte("x"), record.MaxFile+1))
	a.Keep(record.Screenshot, "screen.png", "screen", []byte("png"))
	a.Lack("video", "none")
	a.Record(record.Event{
		Kind: record.ScenarioEnded, Scenario: "x", Phone: "P1", Text: "t", Host: time.Unix(1, 0), Elapsed: 1,
		Verdict: record.Failed, Finding: finding, Causes: causes, Took: 1, Edges: edges,
	})
	a.End(record.Manifest{
		Verdict: record.Failed, Finding: finding, Diagnosis: causes, Timeline: edges, Took: 1, Cost: record.Cost{Trips: 1, Sent: 1, Received: 1, Busy: 1},
		Evidence: record.Cost{Trips: 1}, Facts: []record.Fact{{About: "package", Name: "stopped", Value: "false"}},
	})
	if err := b.Close(true); err != nil {
		t.Fatal(err)
	}
	return dir
}

// What is written is what the published schemas say, and they know every
// member: one that is not described is found here.
func TestSchemas(t *testing.T) {
	dir := complete(t)
	for _, c := range []struct {
		name, file string
		of         any
	}{
		{"run", "run.json", record.Run{}},
		{"manifest", "attempts/x.1/manifest.json", record.Manifest{}},
		{"event", "attempts/x.1/events.jsonl", record.Event{}},
	} {
		s, doc := schema(t, c.name)
		text, err := os.ReadFile(filepath.Join(dir, c.file))
		if err != nil {
			t.Fatal(err)
		}
		if err := valid(t, s, text); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		properties := doc["properties"].(map[string]any)
		members := 0
		for f := range fields(reflect.TypeOf(c.of)) {
			if _, ok := properties[f]; !ok {
				t.Errorf("%s: the schema does not describe %q", c.name, f)
			}
			members++
		}
		if members != len(properties) {
			t.Errorf("%s: %d members, %d in the schema", c.name, members, len(properties))
		}
	}
}

func fields(t reflect.Type) map[string]bool {
	names := map[string]bool{}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		names[name] = true
	}
	return names
}

// The schemas refuse what is no record.
func TestSchemasRefuse(t *testing.T) {
	for name, texts := range map[string][]string{
		"run":      {`{}`, `{"$schema":"ringproof/run/2","id":"x","started":"2026-03-02T09:00:00Z","app":{"profile":"","package":""},"chosen":1}`},
		"manifest": {`{}`, `{"$schema":"ringproof/manifest/1","scenario":{"id":"x","title":"t"},"attempt":1,"started":"yesterday"}`, `{"$schema":"ringproof/manifest/1","scenario":{"id":"x","title":"t"},"attempt":1,"started":"2026-03-02T09:00:00Z","verdict":"fine"}`},
		"event":    {`{}`, `{"kind":"push","host":"2026-03-02T09:00:00Z","edges":[{}]}`},
	} {
		s, _ := schema(t, name)
		for _, text := range texts {
			if valid(t, s, []byte(text)) == nil {
				t.Errorf("%s takes %s", name, text)
			}
		}
	}
}

// An attempt that was cut short is within the schema, too.
func TestSchemaOfACutAttempt(t *testing.T) {
	dir := t.TempDir()
	create(t, dir, record.Run{}).Begin(record.Scenario{ID: "x"})
	s, _ := schema(t, "manifest")
	text, err := os.ReadFile(filepath.Join(dir, "attempts/x.1/manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := valid(t, s, text); err != nil {
		t.Error(err)
	}
}
