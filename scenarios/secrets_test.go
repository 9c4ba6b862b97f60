package scenarios_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/scenarios"
)

// What an app, a server or a shell prints of what opens something: none of it
// is in the record, in an event or in an error, wherever it was printed.
func TestNoSecretLeavesTheRun(t *testing.T) {
	t.Setenv("RINGPROOF_PHONE_PIN", "739251")
	secrets := map[string]string{
		"APA91bHun4MxP5egoKMwt2KZFBaFUH1RYqx":  "registered dQw4w9WgXcQ_aBcDeFgHiJ:APA91bHun4MxP5egoKMwt2KZFBaFUH1RYqx",
		"eyJhbGciOiJIUzI1NiJ9eyJzdWIiOiIxMjM0": "session eyJhbGciOiJIUzI1NiJ9eyJzdWIiOiIxMjM0.dozjgNryP4J3jVmNHl0w5N",
		"abcdefghijkl1234567890":               "Authorization: Bearer abcdefghijkl1234567890",
		"3f2504e04f8911d39a0c":                 `authToken=3f2504e04f8911d39a0c`,
		"739251":                               "typed 739251 as the owner's PIN",
	}
	var mu sync.Mutex
	var told strings.Builder
	sink := record.SinkFunc(func(e record.Event) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintf(&told, "%+v\n", e)
		if e.Finding != nil {
			fmt.Fprintf(&told, "%+v\n", *e.Finding)
		}
	})
	var all []string
	for _, text := range secrets {
		all = append(all, text)
	}
	sc := scenarios.Scenario{ID: "leaks", Title: "leaks " + strings.Join(all, " "), Run: harness.StepFunc(func(ctx context.Context, a *harness.App) error {
		for _, text := range all {
			// Into the log, into a dump, into the screen's words of what was done.
			line := adb.QuoteArgs(text)
			if _, err := a.Do(ctx, "log", "log -t VoipApp "+line+"; settings put global ringproof_leak "+line); err != nil {
				return err
			}
		}
		return &expect.Failure{Fact: "test", Wanted: "no " + strings.Join(all, " "), Seen: strings.Join(all, " ")}
	})}
	dir := ""
	a, _ := evidenceOf(t, "reference", sc, func(in *scenarios.Input) { in.Sink, dir = sink, in.Book.Dir() })
	if a.Verdict != record.Failed {
		t.Fatalf("%s: %+v", a.Verdict, a.Finding)
	}
	look := func(where, text string) {
		for s := range secrets {
			if strings.Contains(text, s) {
				t.Errorf("%s has %q", where, s)
			}
		}
	}
	logged := false
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		look(path, string(text))
		logged = logged || strings.Contains(string(text), "VoipApp") && strings.Contains(string(text), "[hidden]")
		return err
	})
	if err != nil || !logged {
		t.Errorf("the app's lines are not in the record: %v", err)
	}
	mu.Lock()
	defer mu.Unlock()
	look("an event", told.String())
}
