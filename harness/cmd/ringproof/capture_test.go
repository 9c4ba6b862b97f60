package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/devices/pool"
	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/harness/capture"
	"github.com/ringproof/ringproof/harness/inspect/kinds"
	sampleapp "github.com/ringproof/ringproof/sample-app"
)

// A capture of a whole phone, as a person takes it: every dump is there, every
// reader reads it, its answers follow their schemas, and nothing on the phone
// was changed.
func TestCapture(t *testing.T) {
	dir := alone(t)
	f := fleet(t, virtual.Options{Serial: "R58M12ABCDE", Seed: 1})
	app := sampleapp.Reference()
	if r, err := adb.NewServer(f.Addr()).Device("R58M12ABCDE").Install(t.Context(), app.Open(), app.Size, adb.InstallOptions{}); err != nil || !r.Success {
		t.Fatalf("install: %+v, %v", r, err)
	}
	before := f.Phones()[0].Fingerprint()
	r := ringproof(t, "", "capture", "--device", "R58M12ABCDE", "--adb", f.Addr(), "--state", filepath.Join(dir, "state"),
		"--package", "org.ringproof.sample", "mine")
	if r.code != 0 || r.errout != "" || !strings.Contains(r.out, "Android 14") || !strings.Contains(r.out, "in mine; personal data is hidden") {
		t.Fatalf("%+v", r)
	}
	if after := f.Phones()[0].Fingerprint(); after != before {
		t.Errorf("the phone was changed:\n%s\n%s", before, after)
	}
	b, err := os.ReadFile(filepath.Join("mine", capture.ManifestName))
	if err != nil {
		t.Fatal(err)
	}
	var m capture.Manifest
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	if m.Phone.API != 34 || m.Phone.Release != "14" || m.Phone.Fingerprint == "" || m.Phone.Maker == "" || m.Tool == "" || len(m.Left) != 0 {
		t.Errorf("the manifest says %s", b)
	}
	all := kinds.All()
	read := map[string]bool{}
	for _, file := range m.Files {
		if file.Error != "" || file.Exit == nil || *file.Exit != 0 || file.Bytes == 0 && file.Kind != "telecom-log" {
			t.Errorf("%+v", file)
		}
		path := filepath.Join("mine", file.Name)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "R58M12ABCDE") {
			t.Errorf("%s names the phone", file.Name)
		}
		if _, ok := all[file.Kind]; !ok {
			t.Errorf("%s: inspect has no kind %s", file.Name, file.Kind)
			continue
		}
		read[file.Kind] = true
		answer := ringproof(t, "", "inspect", file.Kind, path)
		if answer.code != 0 {
			t.Errorf("%s: %+v", file.Name, answer)
			continue
		}
		problems, ok := valid(t, file.Kind, answer.out)["problems"].([]any)
		for _, p := range problems {
			// An end that the reader missed is between it and the phone; here
			// it counts that the dump is there and was understood.
			if kind := p.(map[string]any)["kind"]; kind != "truncated" && (kind != "empty" || file.Bytes > 0) {
				t.Errorf("%s: %v", file.Name, p)
			}
		}
		if !ok {
			t.Errorf("%s: no list of problems in %s", file.Name, answer.out)
		}
		if e := ringproof(t, "", "inspect", file.Kind, "--explain", path); e.code != 0 || !strings.Contains(e.out, "  ") {
			t.Errorf("%s: --explain: %+v", file.Name, e)
		}
	}
	// The answers to the first commands come from changing the phone, or say
	// nothing of its kind; the others tell of its owner and not of calls.
	left := []string{
		"reply", "am-start", "am-broadcast", "install", "setting",
		"getprop", "settings", "package-list", "ps", "usage-events", "standby-dump", "alarm", "dropbox", "logcat",
	}
	for kind := range all {
		if !read[kind] && !slices.Contains(left, kind) {
			t.Errorf("inspect reads %s, and nothing of it is captured", kind)
		}
	}
}

// A phone that a run holds is waited for, not disturbed.
func TestCaptureTakesTheLease(t *testing.T) {
	dir := alone(t)
	f := fleet(t, virtual.Options{Serial: "virtual-1", Seed: 1})
	state := filepath.Join(dir, "state")
	p, err := pool.New(pool.Options{Sources: []pool.Source{pool.ADB{Server: adb.NewServer(f.Addr())}}, StateDir: state, Serials: []string{"virtual-1"}})
	if err != nil {
		t.Fatal(err)
	}
	lease, err := p.Lease(t.Context(), pool.Needs{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	var out, errout bytes.Buffer
	args := []string{"capture", "--adb", f.Addr(), "--state", state, "--device", "virtual-1", "mine"}
	if code := execute(ctx, args, strings.NewReader(""), &out, &errout); code != exitWrong || !strings.Contains(errout.String(), "virtual-1 is held by") {
		t.Errorf("exit %d: %s", code, errout.String())
	}
	if err := lease.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r := ringproof(t, "", args...); r.code != 0 {
		t.Errorf("after the run: %+v", r)
	}
}

// Bad input: one clear line, and nothing is asked of a phone or written.
func TestCaptureRefuses(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		says []string
	}{
		{"no phone named", []string{"mine"}, []string{"--device", "ringproof devices"}},
		{"every phone", []string{"--device", "attached", "mine"}, []string{"--device", "one phone"}},
		{"two phones", []string{"--device", "virtual-1,virtual-2", "mine"}, []string{"one phone"}},
		{"another phone", []string{"--device", "virtual-9", "mine"}, []string{"virtual-9", "adb devices -l"}},
		{"a full folder", []string{"--device", "virtual-1", "full"}, []string{"full is not empty", "new folder"}},
		{"no folder", []string{"--device", "virtual-1"}, []string{"accepts 1 arg"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := alone(t)
			if err := os.MkdirAll(filepath.Join("full", "of"), 0o755); err != nil {
				t.Fatal(err)
			}
			f := fleet(t, virtual.Options{Serial: "virtual-1", Seed: 1})
			r := ringproof(t, "", slices.Concat([]string{"capture", "--adb", f.Addr(), "--state", filepath.Join(dir, "state")}, c.args)...)
			if r.code != exitWrong || r.out != "" {
				t.Errorf("%+v", r)
			}
			for _, s := range c.says {
				if !strings.Contains(r.errout, s) {
					t.Errorf("the error does not say %q: %s", s, r.errout)
				}
			}
			if _, err := os.Stat("mine"); err == nil {
				t.Error("the folder was made")
			}
		})
	}
}
