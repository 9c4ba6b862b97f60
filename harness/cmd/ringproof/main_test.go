package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/fixtures"
	"github.com/ringproof/ringproof/harness/internal/captures"
	"github.com/ringproof/ringproof/reports/record"
	sampleapp "github.com/ringproof/ringproof/sample-app"
)

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" || len(os.Args) > 1 && os.Args[1] == batchName {
		main() // a child of a test; it does not come back
	}
	if os.Getenv(asChild) != "" {
		behave()
		return
	}
	goleak.VerifyTestMain(m)
}

// ran is what a command did.
type ran struct {
	code        int
	out, errout string
}

// ringproof runs the command as a person would, in a folder of its own, so
// that no settings file of this machine is found.
func ringproof(t *testing.T, stdin string, args ...string) ran {
	t.Helper()
	var out, errout bytes.Buffer
	code := execute(t.Context(), args, strings.NewReader(stdin), &out, &errout)
	return ran{code, out.String(), errout.String()}
}

// alone moves the test into an empty folder.
func alone(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	return dir
}

// fleet is an adb server with one virtual phone, as adb's clients see it.
func fleet(t *testing.T, o virtual.Options) *virtual.Fleet {
	t.Helper()
	f, err := virtual.NewFleet(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

// reference is the text of a valid profile.
func reference(t *testing.T) string {
	t.Helper()
	b, err := fixtures.Profile("reference")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Bad input is told plainly: one clear error, exit code 2, and the phone as it
// was found.
func TestBadInput(t *testing.T) {
	for _, c := range []struct {
		name  string
		state string // the phone's state in the server's list; "" is online
		args  []string
		file  string // ringproof.yaml
		// profile is mine.yaml
		profile string
		apk     []byte // mine.apk
		says    []string
	}{
		{name: "no server", args: []string{"run", "--device", "attached", "--adb", "127.0.0.1:1"}, says: []string{"no adb server", "adb start-server"}},
		{name: "unknown serial", args: []string{"run", "--device", "nope"}, says: []string{"nope", "adb devices -l"}},
		{name: "not opted in", args: []string{"run", "--device", "other"}, says: []string{"other"}},
		{name: "unauthorized", state: "unauthorized", args: []string{"run", "--device", "virtual-1"}, says: []string{"virtual-1", "unauthorized", "accept the debugging prompt"}},
		{name: "offline", state: "offline", args: []string{"run", "--device", "virtual-1"}, says: []string{"virtual-1", "offline", "adb reconnect offline"}},
		{name: "app not installed", profile: reference(t), args: []string{"run", "--device", "virtual-1", "--app", "mine.yaml"},
			says: []string{"app not installed: org.ringproof.sample", "virtual-1", "adb -s virtual-1 install", "--apk"}},
		{name: "may not install", args: []string{"run", "--device", "attached"}, says: []string{"app not installed: org.ringproof.sample", "--device virtual-1", "adb -s virtual-1 install"}},
		{name: "no such APK", args: []string{"run", "--device", "virtual-1", "--apk", "nowhere.apk"}, says: []string{"nowhere.apk"}},
		{name: "no APK", profile: reference(t), args: []string{"run", "--device", "virtual-1", "--apk", "mine.yaml"}, says: []string{"mine.yaml", "not an APK"}},
		{name: "another app's APK", apk: sampleapp.Guide().Bytes(), args: []string{"run", "--device", "virtual-1", "--apk", "mine.apk"}, says: []string{"mine.apk", "org.ringproof.sample.guide", "the profile reference is of org.ringproof.sample"}},
		{name: "unknown flaw", args: []string{"run", "--app", "guide", "--guide-fixed", "23"}, says: []string{"--guide-fixed", "1 to 22"}},
		{name: "unknown tag", args: []string{"run", "--device", "virtual-1", "--tag", "smok"}, says: []string{`unknown tag "smok"`, "smoke"}},
		{name: "a scenario misspelt beside a right one", args: []string{"run", "--device", "virtual-1", "--scenario", "cancelled,stopped-slient"},
			says: []string{`unknown scenario "stopped-slient"`, "stopped-silent"}},
		{name: "the same for the matrix", args: []string{"defects", "matrix", "--expected", "--scenario", "cancelled,stopped-slient"}, says: []string{`unknown scenario "stopped-slient"`}},
		{name: "the same for the soak", args: []string{"soak", "--seeds", "1", "--scenario", "cancelled,stopped-slient"}, says: []string{`unknown scenario "stopped-slient"`}},
		{name: "a tag misspelt beside a right one", args: []string{"run", "--device", "virtual-1", "--tag", "smoke,lokscreen"}, says: []string{`unknown tag "lokscreen"`, "lockscreen"}},
		{name: "a tag misspelt in a filter", args: []string{"run", "--device", "virtual-1", "--filter", "smoke || lokscreen"}, says: []string{`unknown tag "lokscreen"`, "lockscreen"}},
		{name: "bad filter", args: []string{"run", "--device", "virtual-1", "--filter", "&&"}, says: []string{`label filter "&&"`}},
		{name: "unknown setting", file: "device: virtual\n", args: []string{"run"}, says: []string{"ringproof.yaml", "device", "unknown setting"}},
		{name: "bad value", file: "seed: soon\n", args: []string{"run"}, says: []string{"ringproof.yaml", "seed", "whole number"}},
		{name: "unknown app", args: []string{"run", "--app", "whatsapp"}, says: []string{"--app", "reference, guide"}},
		{name: "no such profile", args: []string{"run", "--app", "mine.yaml"}, says: []string{"mine.yaml"}},
		{name: "bad profile", profile: "name: mine\npakage: com.example\n", args: []string{"run", "--app", "mine.yaml"}, says: []string{"mine.yaml", "2", "pakage"}},
		{name: "bad payload", profile: strings.Replace(reference(t), "vendor: cometchat", "vendor: nobody", 1), args: []string{"run", "--app", "mine.yaml"}, says: []string{"mine.yaml:17", "payload.vendor", "nobody", "cometchat"}},
		{name: "a payload is missing", profile: strings.Replace(reference(t), "vendor: cometchat", "vendor: malformed", 1), args: []string{"run", "--app", "mine.yaml"}, says: []string{"mine.yaml", "payload.vendor", "malformed/initiated"}},
		{name: "unknown kind", args: []string{"inspect", "telekom"}, says: []string{`unknown kind "telekom"`, "telecom"}},
		{name: "no such file", args: []string{"inspect", "telecom", "nowhere.txt"}, says: []string{"nowhere.txt"}},
		{name: "too many phones", args: []string{"virtual", "--count", "100000"}, says: []string{"--count"}},
		{name: "another release", args: []string{"virtual", "--api", "19"}, says: []string{"API level 19 is not simulated: 26 to 36 are"}},
		{name: "unknown command", args: []string{"rnu"}, says: []string{"rnu"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := alone(t)
			f := fleet(t, virtual.Options{Serial: "virtual-1", Seed: 1})
			if c.state != "" {
				if err := f.Host().SetState("virtual-1", c.state); err != nil {
					t.Fatal(err)
				}
			}
			if c.file != "" {
				if err := os.WriteFile(filepath.Join(dir, "ringproof.yaml"), []byte(c.file), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if c.profile != "" {
				if err := os.WriteFile(filepath.Join(dir, "mine.yaml"), []byte(c.profile), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if c.apk != nil {
				if err := os.WriteFile(filepath.Join(dir, "mine.apk"), c.apk, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			args := c.args
			if args[0] == "run" && !strings.Contains(strings.Join(args, " "), "--adb") {
				args = append(args, "--adb", f.Addr(), "--state", filepath.Join(dir, "state"))
			}
			before := f.Phones()[0].Fingerprint()
			r := ringproof(t, "", args...)
			if r.code != exitWrong {
				t.Errorf("exit code %d", r.code)
			}
			for _, s := range c.says {
				if !strings.Contains(r.errout, s) {
					t.Errorf("the error does not say %q:\n%s", s, r.errout)
				}
			}
			if n := strings.Count(strings.TrimSpace(r.errout), "\n"); n > 0 {
				t.Errorf("not one line but %d:\n%s", n+1, r.errout)
			}
			if r.out != "" {
				t.Errorf("something was printed as if it had begun:\n%s", r.out)
			}
			if after := f.Phones()[0].Fingerprint(); after != before {
				t.Errorf("the phone was changed:\n%s\n%s", before, after)
			}
		})
	}
}

// What a phone, an app or a file says cannot steer the terminal.
func TestHostileTextIsShownAsText(t *testing.T) {
	var out bytes.Buffer
	tellCauses(&out, []record.Cause{{Sentence: "org.evil\x1b[2J crashed", Facts: []string{"::error::boo"}, Remedy: "mend\nit"}})
	if want := "\norg.evil\\x1b[2J crashed\n  because : :error::boo\n  remedy: mend it\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
	if r := ringproof(t, "", "inspect", "telecom", "\x1b[2J.txt"); r.code != exitWrong || !strings.Contains(r.errout, `\x1b[2J.txt`) || strings.Contains(r.errout, "\x1b") {
		t.Errorf("%+v", r)
	}
}

func TestDevicesListsEveryState(t *testing.T) {
	alone(t)
	f := fleet(t, virtual.Options{Serial: "virtual-1", Seed: 1})
	if err := f.Host().SetState("virtual-1", "unauthorized"); err != nil {
		t.Fatal(err)
	}
	r := ringproof(t, "", "devices", "--adb", f.Addr())
	if r.code != 0 || !strings.Contains(r.out, "virtual-1") || !strings.Contains(r.out, "unauthorized") || !strings.Contains(r.out, "accept the debugging prompt") {
		t.Errorf("%+v", r)
	}
}

// Virtual phones are there until the command is interrupted, and nothing of
// them afterwards.
func TestVirtual(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	r, w := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- execute(ctx, []string{"virtual", "--count", "2", "--api", "34"}, strings.NewReader(""), w, io.Discard)
		_ = w.Close()
	}()
	lines := bufio.NewScanner(r)
	var addrs []string
	for len(addrs) < 2 && lines.Scan() {
		addr, ok := strings.CutPrefix(lines.Text(), "adb connect 127.0.0.1:")
		if !ok {
			t.Errorf("printed %q", lines.Text())
		}
		addrs = append(addrs, "127.0.0.1:"+addr)
	}
	for _, addr := range addrs {
		c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		_ = c.Close()
	}
	interrupt()
	if code := <-ended; code != 0 {
		t.Errorf("exit code %d", code)
	}
	for _, addr := range addrs {
		if c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", addr); err == nil {
			_ = c.Close()
			t.Errorf("%s still answers", addr)
		}
	}
}

func TestScenariosAreListed(t *testing.T) {
	r := ringproof(t, "", "scenarios", "--tag", "smoke")
	if r.code != 0 || strings.Count(r.out, "\n") != 9 { // a heading and eight rows
		t.Errorf("%+v", r)
	}
}

// The list can be read by a program, chosen by id as well as by tag, and what
// nobody has is an error with the names that come near.
func TestScenariosAreChosenAndToldToPrograms(t *testing.T) {
	r := ringproof(t, "", "scenarios", "--json", "--scenario", "killed-answer,stopped-silent", "--tag", "stopped")
	var rows []map[string]any
	if err := json.Unmarshal([]byte(r.out), &rows); err != nil || r.code != 0 {
		t.Fatalf("%v: %+v", err, r)
	}
	want := []map[string]any{{
		"id": "stopped-silent", "title": "a force-stopped app is not woken by a push, and does not ring for it later",
		"tags": []any{"smoke", "stopped", "push"}, "needs": "key events", "budget": "3m", "origin": "help.rongcloud.io/t/176",
	}}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, c := range []struct{ args, says string }{
		{"scenarios --tag smok", `unknown tag "smok"`},
		{"scenarios --scenario stoped", `unknown scenario "stoped"`},
		{"scenarios --scenario killed", "did you mean killed-answer"},
		{"run --scenario killed", "did you mean killed-answer"},
		{"scenarios --scenario declined --tag stopped", "no scenario is chosen"},
	} {
		if r := ringproof(t, "", strings.Fields(c.args)...); r.code != exitWrong || !strings.Contains(r.errout, c.says) {
			t.Errorf("%s: %+v; want %q", c.args, r, c.says)
		}
	}
}

// Null is what the text does not tell; an empty list is what it tells.
func TestInspect(t *testing.T) {
	idle := "CallsManager: \n  mCalls: \n  mCallAudioManager:\n    All calls:\n    Foreground call:\n    null\n"
	r := ringproof(t, idle, "inspect", "telecom")
	var got struct {
		Schema   string
		Problems []map[string]any
		Facts    map[string]any
	}
	if err := json.Unmarshal([]byte(r.out), &got); err != nil || r.code != 0 {
		t.Fatalf("%v: %+v", err, r)
	}
	if calls, ok := got.Facts["calls"].([]any); !ok || len(calls) != 0 {
		t.Errorf("calls are %v, the dump says there are none", got.Facts["calls"])
	}
	if got.Facts["accounts"] != nil {
		t.Errorf("accounts are %v, the dump does not tell", got.Facts["accounts"])
	}
	r = ringproof(t, "Can't find service: telecom\n", "inspect", "telecom", "-")
	if err := json.Unmarshal([]byte(r.out), &got); err != nil || r.code != 0 {
		t.Fatalf("%v: %+v", err, r)
	}
	if len(got.Problems) != 1 || got.Facts["calls"] != nil {
		t.Errorf("problems %v, calls %v", got.Problems, got.Facts["calls"])
	}
}

// Every telecom text that a real phone printed is read: partial facts, and no
// error exit.
func TestInspectReadsTheCorpus(t *testing.T) {
	dir := filepath.Join(captures.Dir(t), "telecom")
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no texts in %s: %v", dir, err)
	}
	for _, f := range files {
		if r := ringproof(t, "", "inspect", "telecom", f); r.code != 0 || r.errout != "" {
			t.Errorf("%s: %+v", f, r)
		}
	}
	t.Logf("%d files read", len(files))
}
