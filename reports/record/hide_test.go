package record_test

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

// The secrets are made up: none of them opens anything.
const (
	fcmToken = "cXk3vT9pQe2:APA91bHun4MxP5egoKMwt2KZFBaFUH-1RYqx7hVQxkQ8w_ab12"
	jwt      = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSIsImV4cCI6MX0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	access   = "ya29.a0AfB_byC1234567890abcdef"
	pem      = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7"
	pin      = "480215"
)

// leaks are texts that phones, apps and people print, with what must be gone
// from each, and what must stay.
var leaks = []struct{ text, gone, stays string }{
	{"D Sample: token " + fcmToken + " registered", fcmToken, "registered"},
	{"I Sample: auth=" + jwt + " ok", jwt, "I Sample: "},
	{"I Sample: " + "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.dBjftJeZ4CVP-mB92K27uhbUJU1p1r" + " short", "dBjftJeZ4CVP", "short"},
	{`-----BEGIN PRIVATE KEY-----` + "\n" + pem + "\n" + pem + "\n-----END PRIVATE KEY-----\nafter", pem, "after"},
	{`{"private_key_id": "0123456789abcdef0123", "client_id": "77"}`, "0123456789abcdef0123", `"client_id": "77"`},
	{"POST /v1/messages:send Authorization: Bearer " + access, access, "POST /v1/messages:send"},
	{"Authorization: Basic YWxpY2U6c2VjcmV0MQ==", "YWxpY2U6c2VjcmV0MQ", "Authorization"},
	{"locksettings set-pin " + pin + " failed", pin, "failed"},
	{"locksettings set-pin --old 480216 " + pin, "480216", "set-pin"},
	{"locksettings verify --old " + pin, pin, "verify"},
	{"input keyboard text " + pin, pin, "input keyboard text"},
	{"Pin set to '" + pin + "'", pin, "Pin set to '"},
	{"Old password '" + pin + "' didn't match", pin, "didn't match"},
	{"03-02 09:00:01.200  1000  1000 I LockSettingsService: credential " + pin + " of user 0 changed at 09:17:39.173912", pin, "  1000  1000 I LockSettingsService: credential [hidden] of user 0 changed at 09:17:39.173912"},
	{"cmd lock_settings: no such PIN: " + pin + ".", pin, "no such PIN"},
	{"password=hunter2x", "hunter2x", "password="},
	{"am broadcast --es payload_b64 eyJzZXNzaW9uSWQiOiJ2MS4xIiwidG9rZW4iOiJ4In0= -a X", "eyJzZXNzaW9uSWQ", "-a X"},
	{"key AIzaSyA1234567890abcdefghijklmnopqrstuv", "AIzaSyA1234567890", "key"},
	{"the key of the farm is qx-114-farm-word", "qx-114-farm-word", "the farm"},
	{"typed 7391 at 09:17:39.173912", "typed 7391", "09:17:39.173912"},
}

// harmless looks like a secret and is what a person needs.
var harmless = []string{
	"token=android.os.BinderProxy@8f1c2d3", "WindowToken{a1b2c3d4 type=2011}", "mToken=Token{5d6e7f8 ActivityRecord{99ab u0 org.example/.CallActivity t17}}",
	`<node text="" class="android.widget.EditText" password="false" bounds="[0,0][1,1]" />`, "Lock credential verified successfully",
	"android.permission.USE_FULL_SCREEN_INTENT: granted=true", "NotificationRecord(0x0a1b2c3d: key=0|org.example.call|77|null|10234: Notification())",
	"03-02 09:00:01.200  1000  1000 W ActivityManager: Background start not allowed", "the text 1234 of a heading", "remove the test PIN 1234 by hand",
	"03-02 09:00:01.200  1000  1000 I LockSettingsService: user 10 unlocked at 2026-03-02 09:17:39.1739, build 14.0.0.1234", "set-pin is not supported",
}

// seeded writes a record in which every text that anybody can give is text.
func seeded(t *testing.T, text string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "record")
	b := create(t, dir, record.Run{App: record.App{Profile: text, Package: text}, Again: []string{"ringproof", text}, Merged: []string{text}})
	a := b.Begin(record.Scenario{ID: "x", Title: text, Labels: []string{text}, Needs: text, Origin: text})
	a.On(record.Phone{Serial: "P1", Maker: text, Model: text, Release: text, Build: text})
	finding := &record.Finding{Fact: text, Sentence: text, Wanted: text, Seen: text, Advice: text}
	causes := []record.Cause{{ID: text, Sentence: text, Remedy: text, Facts: []string{text}}}
	edges := []record.Edge{{Name: record.EdgeRinging, Source: text, Text: text, Void: text}}
	a.Record(record.Event{Kind: record.PhaseStarted, Text: text, Host: time.Unix(1, 0)})
	a.Record(record.Event{Kind: record.ScenarioEnded, Scenario: text, Phone: text, Text: text, Finding: finding, Causes: causes, Edges: edges})
	for _, kind := range []record.FileKind{record.Dump, record.Diff, record.Log, record.Tree, record.Crash, record.Report} {
		a.Keep(kind, string(kind)+".txt", text, []byte("before\n"+text+"\nafter\n"))
	}
	a.Lack(text, text)
	a.End(record.Manifest{Verdict: record.Failed, Finding: finding, Diagnosis: causes, Timeline: edges, Facts: []record.Fact{{About: text, Name: text, Value: text}}})
	if err := b.Close(false); err != nil {
		t.Fatal(err)
	}
	return dir
}

// all is what stands in the files of a record, with their names.
func all(t *testing.T, dir string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		texts[strings.TrimPrefix(path, dir)] = path + "\n" + string(text)
		return err
	})
	if err != nil || len(texts) < 9 {
		t.Fatalf("%d files, %v", len(texts), err)
	}
	return texts
}

// Whatever a secret stands in, no file of a record has it.
func TestNoSecretIsWritten(t *testing.T) {
	t.Setenv("FARM_TOKEN", "qx-114-farm-word")
	t.Setenv("RINGPROOF_PIN", "7391")
	for _, l := range leaks {
		if !strings.Contains(l.text, l.gone) {
			t.Fatalf("%q has no %q", l.text, l.gone)
		}
		dir := seeded(t, l.text)
		for name, text := range all(t, dir) {
			if strings.Contains(text, l.gone) {
				t.Errorf("%s has %q", name, l.gone)
			}
			if filepath.Ext(name) == ".txt" && (!strings.Contains(text, l.stays) || !strings.Contains(text, "\nbefore\n") || !strings.HasSuffix(text, "\nafter\n")) {
				t.Errorf("%s lost too much of %q: %q", name, l.text, text)
			}
		}
		read(t, dir) // what was hidden broke nothing
	}
}

func TestHarmlessTextStays(t *testing.T) {
	for _, text := range harmless {
		dir := seeded(t, text)
		if got, err := os.ReadFile(filepath.Join(dir, "attempts", "x.1", "dump.txt")); err != nil || string(got) != "before\n"+text+"\nafter\n" {
			t.Errorf("%q became %q, %v", text, got, err)
		}
	}
}

// BenchmarkHiding keeps a log in which every line has to be looked at, beside
// copying the same bytes to a file. Ten times the log should cost ten times as
// much.
func BenchmarkHiding(b *testing.B) {
	line := []byte("03-02 09:00:01.200  1000  1000 D SomeTag: key=0|org.example|77|null WindowToken{a1b2c3d4} text of a log line as it is usual\n")
	for _, size := range []int{400 << 10, 4 << 20} {
		log := bytes.Repeat(line, size/len(line))
		b.Run(fmt.Sprintf("keep/%dk", size>>10), func(b *testing.B) {
			a := create(b, b.TempDir(), record.Run{}).Begin(record.Scenario{ID: "x"})
			b.SetBytes(int64(len(log)))
			for i := 0; b.Loop(); i++ {
				a.Keep(record.Log, fmt.Sprintf("log%d.txt", i), "", log)
			}
		})
		b.Run(fmt.Sprintf("write/%dk", size>>10), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "log.txt")
			b.SetBytes(int64(len(log)))
			for b.Loop() {
				if err := os.WriteFile(path, log, 0o600); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
