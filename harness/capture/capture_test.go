package capture

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/devices"
)

// phone is made of answers: by command for dumps, by word for questions.
type phone struct {
	props   map[string]string
	answers map[string]answer
	asked   []string
}

type answer struct {
	text string
	exit int
	err  error // instead of the end
	hang bool  // never ends
}

var errLost = errors.New("the cable is gone")

func (p *phone) Serial() string { return "R58M12ABCDE" }

func (p *phone) Run(_ context.Context, script string) (devices.Output, error) {
	p.asked = append(p.asked, script)
	var out strings.Builder
	for line := range strings.Lines(script) {
		question, ok := strings.CutPrefix(line, `echo "$(`)
		if !ok {
			continue
		}
		question, _, _ = strings.Cut(question, " 2>/dev/null")
		out.WriteString(p.props[strings.TrimPrefix(strings.TrimPrefix(question, "getprop "), "settings get ")] + "\n")
	}
	return devices.Output{Stdout: []byte(out.String())}, nil
}

func (p *phone) Start(ctx context.Context, script string) (devices.Process, error) {
	p.asked = append(p.asked, script)
	command := strings.TrimSuffix(strings.TrimPrefix(script, "{ "), "; } 2>&1 </dev/null")
	a, ok := p.answers[command]
	if !ok {
		a = answer{text: "Can't find service: " + command + "\n"}
	}
	return &process{ctx: ctx, Reader: strings.NewReader(a.text), a: a}, nil
}

func (p *phone) StartInput(context.Context, string) (devices.InputProcess, error) {
	return nil, errLost
}

func (p *phone) Upload(context.Context, string, fs.FileMode, io.Reader) error { return errLost }
func (p *phone) Download(context.Context, string, io.Writer) error            { return errLost }

type process struct {
	ctx context.Context
	io.Reader
	a      answer
	closed bool
}

func (p *process) Read(b []byte) (int, error) {
	n, err := p.Reader.Read(b)
	if !errors.Is(err, io.EOF) {
		return n, err
	}
	switch {
	case p.a.hang:
		<-p.ctx.Done()
		return n, p.ctx.Err()
	case p.a.err != nil:
		return n, p.a.err
	}
	return n, err
}

func (p *process) Wait() (devices.Output, error) { return devices.Output{Exit: p.a.exit}, nil }
func (p *process) Close() error                  { p.closed = true; return nil }

func pixel() *phone {
	return &phone{
		props: map[string]string{
			"ro.build.version.release": "14", "ro.build.version.sdk": "34", "ro.product.manufacturer": "Google",
			"ro.product.brand": "google", "ro.product.model": "Pixel 8", "ro.build.fingerprint": "google/shiba/shiba:14/UQ1A/1:user/release-keys",
			"ro.serialno": "R58M12ABCDE", "secure android_id": "0123456789abcdef", "secure bluetooth_name": "My spare phone", "global device_name": "Pixel 8",
		},
		answers: map[string]answer{
			"dumpsys telecom":           {text: "CallsManager: \n  mCalls: \n"},
			"dumpsys account":           {text: "Accounts: 1\n  Account {name=Alice Liddell, type=com.example}\n"},
			"dumpsys bluetooth_manager": {text: "Bluetooth Status\n  name: Alice's Pixel\n  Bonded devices:\n    F4:B6:2D:12:AB:CD [BR/EDR] Wonderbuds 3\n"},
			"dumpsys power":             {text: "Power Manager State:\n  owner Alice Liddell of R58M12ABCDE and Wonderbuds 3, a Pixel 8\n  id 0123456789abcdef of My spare phone\n", exit: 1},
		},
	}
}

func now() func() time.Time {
	t := time.Date(2026, 5, 23, 16, 0, 0, 0, time.UTC)
	return func() time.Time { t = t.Add(time.Second); return t }
}

func manifest(t *testing.T, dir string) Manifest {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, ManifestName))
	if err != nil {
		t.Fatal(err)
	}
	var m Manifest
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func file(t *testing.T, dir, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTake(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder")
	p := pixel()
	got, err := Take(t.Context(), p, dir, Options{Tool: "v1", Now: now()})
	if err != nil {
		t.Fatal(err)
	}
	m := manifest(t, dir)
	if d := cmp.Diff(got, m); d != "" {
		t.Errorf("the manifest is not what was returned: %s", d)
	}
	want := About{
		Release: "14", API: 34, Maker: "Google", Brand: "google", Model: "Pixel 8",
		Fingerprint: "google/shiba/shiba:14/UQ1A/1:user/release-keys",
	}
	if m.Phone != want || m.Schema != "ringproof.capture/1" || m.Tool != "v1" || !m.Masked || !m.Taken.Equal(time.Date(2026, 5, 23, 16, 0, 1, 0, time.UTC)) {
		t.Errorf("the manifest is %+v", m)
	}
	byName := map[string]File{}
	for _, f := range m.Files {
		byName[f.Name] = f
		if text := file(t, dir, f.Name); len(text) != f.Bytes {
			t.Errorf("%s has %d bytes, the manifest says %d", f.Name, len(text), f.Bytes)
		}
	}
	one := 1
	if d := cmp.Diff(File{Name: "power.txt", Kind: "power", Command: "dumpsys power", Bytes: 126, Exit: &one, Milliseconds: 1000}, byName["power.txt"]); d != "" {
		t.Error(d)
	}
	// Names that were learned from accounts, headsets and properties are
	// hidden in every other dump; the model is not.
	if got, want := file(t, dir, "power.txt"), "Power Manager State:\n  owner xxxxx xxxxxxx of xxxxxxxxxxx and xxxxxxxxxx x, a Pixel 8\n  id xxxxxxxxxxxxxxxx of xx xxxxx xxxxx\n"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := file(t, dir, "telecom.txt"); got != "CallsManager: \n  mCalls: \n" {
		t.Errorf("the dump is %q", got)
	}
	left := map[string]bool{}
	for _, l := range m.Left {
		left[l.Name] = true
	}
	if d := cmp.Diff(map[string]bool{"exit-info": true, "broadcasts": true, "services": true, "package": true, "app-ops": true, "standby": true}, left); d != "" {
		t.Errorf("left out without a package: %s", d)
	}
	if len(m.Files)+len(m.Left) != len(Dumps()) {
		t.Errorf("%d files and %d left of %d dumps", len(m.Files), len(m.Left), len(Dumps()))
	}
	everything, err := os.ReadDir(dir)
	if err != nil || len(everything) != len(m.Files)+1 {
		t.Errorf("%d files in the folder, %d in the manifest: %v", len(everything), len(m.Files), err)
	}
	for _, name := range everything {
		for _, secret := range []string{"Alice", "R58M12ABCDE", "0123456789abcdef", "Wonderbuds", "spare", "F4:B6"} {
			if strings.Contains(file(t, dir, name.Name()), secret) {
				t.Errorf("%s holds %s", name.Name(), secret)
			}
		}
	}
}

func TestClearText(t *testing.T) {
	dir := t.TempDir()
	p := pixel()
	if _, err := Take(t.Context(), p, dir, Options{Clear: true, Package: "a'b", Now: now()}); err != nil {
		t.Fatal(err)
	}
	if m := manifest(t, dir); m.Masked || m.App != "a'b" || len(m.Left) != 0 {
		t.Errorf("the manifest is %+v", m)
	}
	if !strings.Contains(file(t, dir, "power.txt"), "Alice Liddell") {
		t.Error("it was masked")
	}
	if !strings.Contains(strings.Join(p.asked, "\n"), `dumpsys package 'a'"'"'b';`) {
		t.Errorf("the package was not quoted: %q", p.asked)
	}
	if strings.Contains(strings.Join(p.asked, "\n"), "dumpsys account") {
		t.Error("accounts were read for nothing")
	}
}

// An old phone is not asked for what it does not have.
func TestOldRelease(t *testing.T) {
	dir := t.TempDir()
	p := pixel()
	p.props["ro.build.version.sdk"] = "27"
	m, err := Take(t.Context(), p, dir, Options{Package: "p", Now: now()})
	if err != nil {
		t.Fatal(err)
	}
	want := []Left{
		{"exit-info", "API 27 does not have it: it is there from 30"},
		{"standby", "API 27 does not have it: it is there from 28"},
		{"uiautomator-windows", "API 27 does not have it: it is there from 31"},
	}
	if d := cmp.Diff(want, m.Left); d != "" {
		t.Error(d)
	}
}

// A dump that goes on and on, or never ends, does not keep the others out.
func TestBounds(t *testing.T) {
	dir := t.TempDir()
	p := pixel()
	p.answers["dumpsys window windows"] = answer{text: strings.Repeat("w", 400)}
	p.answers["dumpsys audio"] = answer{text: "Audio", hang: true}
	p.answers["dumpsys display"] = answer{text: strings.Repeat("d", 300)}
	m, err := Take(t.Context(), p, dir, Options{Limit: 300, Patience: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	zero := 0
	for _, f := range m.Files {
		switch f.Name {
		case "window-windows.txt":
			if f.Bytes != 300 || !f.Truncated || f.Exit != nil || f.Error != "cut at 300 bytes" {
				t.Errorf("%+v", f)
			}
		case "audio.txt":
			if f.Bytes != 5 || !f.Truncated || f.Exit != nil || f.Error != "did not end within 50ms" {
				t.Errorf("%+v", f)
			}
		case "display.txt": // just fits
			if f.Bytes != 300 || f.Truncated || !cmp.Equal(f.Exit, &zero) {
				t.Errorf("%+v", f)
			}
		}
	}
	if len(m.Files) < 10 {
		t.Errorf("only %d files", len(m.Files))
	}
}

func TestFolderMustBeEmpty(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "mine"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p := pixel()
	if _, err := Take(t.Context(), p, dir, Options{}); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("got %v", err)
	}
	if len(p.asked) > 0 {
		t.Error("the phone was asked for nothing")
	}
	if names, _ := os.ReadDir(dir); len(names) != 1 {
		t.Errorf("something was written: %v", names)
	}
}

// A lost phone is an error; what was taken stays, with its manifest.
func TestLostPhone(t *testing.T) {
	dir := t.TempDir()
	p := pixel()
	p.answers["dumpsys window policy"] = answer{text: "WINDOW", err: errLost}
	_, err := Take(t.Context(), p, dir, Options{Now: now()})
	if !errors.Is(err, errLost) || !strings.Contains(err.Error(), "R58M12ABCDE") {
		t.Errorf("got %v", err)
	}
	if m := manifest(t, dir); len(m.Files) != 2 {
		t.Errorf("%d files, telecom and notification came before", len(m.Files))
	}
}

func TestNotAPhone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "x")
	p := pixel()
	p.props = nil
	if _, err := Take(t.Context(), p, dir, Options{}); err == nil || !strings.Contains(err.Error(), "ro.build.version.sdk") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder was made: %v", err)
	}
}

// The dumps have names of their own, and none writes to the phone.
func TestDumps(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range Dumps() {
		if seen[d.Name] || d.Name == "" || d.Kind == "" {
			t.Errorf("%+v: the name is taken or missing", d)
		}
		seen[d.Name] = true
		for _, word := range []string{">", "noredact", " put ", " set", "/sdcard", "reset", "-c "} {
			if strings.Contains(d.Command, word) {
				t.Errorf("%s: the command holds %q", d.Name, word)
			}
		}
	}
}
