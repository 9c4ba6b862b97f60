package clients

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringproof/ringproof/devices/adb/adbtest"
	"github.com/ringproof/ringproof/devices/virtual"
	sampleapp "github.com/ringproof/ringproof/sample-app"
)

// patience bounds all calls of one list together.
const patience = 5 * time.Minute

// client is somebody else's program and its list of calls.
type client struct {
	name string
	// program and script, below this folder.
	program []string
	// calls is how many calls the list has: it may grow, and not shrink.
	calls int
	// fronts are the ways in that the client knows.
	fronts []string
}

var (
	servers = []string{"debian", "newer", "inprocess"}
	clients = []client{
		{"adbkit", node("adbkit.mjs"), 51, servers},
		{"yume", node("yume.mjs"), 59, servers},
		{"yume", node("yume.mjs", "direct"), 55, []string{"direct"}},
		{"appium", node("appium.mjs"), 116, servers},
		{"adbutils", []string{python, "python/with_adbutils.py"}, 87, servers},
		{"mobly", []string{python, "python/with_mobly.py"}, 41, servers},
	}
)

func node(script string, args ...string) []string {
	return append([]string{"node", "node/" + script}, args...)
}

// python is the interpreter of the folder's own environment.
const python = "python/.venv/bin/python"

// newer is the adb program that the adbutils package carries.
func newer(t *testing.T) string {
	t.Helper()
	all, err := filepath.Glob("python/.venv/lib/python3*/site-packages/adbutils/binaries/adb")
	if err != nil || len(all) != 1 {
		missing(t, "the Python clients are not installed: make clients")
	}
	return all[0]
}

// missing skips, or fails where the clients are required.
func missing(t *testing.T, why string) {
	t.Helper()
	required := strings.FieldsFunc(os.Getenv(adbtest.Require), func(r rune) bool { return r == ',' || r == ' ' })
	if slices.Contains(required, "clients") {
		t.Fatal(why)
	}
	t.Skip(why)
}

func TestClients(t *testing.T) {
	for _, c := range clients {
		for _, name := range c.fronts {
			t.Run(c.name+"/"+name, func(t *testing.T) {
				switch c.program[0] {
				case "node":
					if _, err := exec.LookPath("node"); err != nil {
						missing(t, "there is no node")
					}
					if _, err := os.Stat("node/node_modules"); err != nil {
						missing(t, "the npm clients are not installed: make clients")
					}
				case python:
					if _, err := os.Stat(python); err != nil {
						missing(t, "the Python clients are not installed: make clients")
					}
				}
				c.check(t, open(t, name).env)
			})
		}
	}
}

// front is a way to a phone, as environment of a client.
type front struct{ env []string }

func open(t *testing.T, name string) front {
	t.Helper()
	folder := t.TempDir()
	apk := filepath.Join(folder, "app.apk")
	if err := os.WriteFile(apk, sampleapp.Reference().Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	program := adbtest.Program(t)
	if name == "newer" {
		program = newer(t)
	}
	// Clients that look for an SDK find the one program there.
	tools := filepath.Join(folder, "sdk/platform-tools")
	absolute, err := filepath.Abs(program)
	if err == nil {
		err = errors.Join(os.MkdirAll(tools, 0o755), os.Symlink(absolute, filepath.Join(tools, "adb")))
	}
	if err != nil {
		t.Fatal(err)
	}

	o := virtual.Options{Serial: "VIRTUAL1", Seed: 1, RealTime: true}
	var env []string
	if name == "inprocess" {
		fleet, err := virtual.NewFleet(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { closed(t, fleet.Close()) })
		_, port, _ := net.SplitHostPort(fleet.Addr())
		env = append(env, "HOME="+folder, "TMPDIR="+folder, "ANDROID_ADB_SERVER_PORT="+port, "PHONE_SERIAL="+o.Serial)
	} else {
		phone, err := virtual.New(o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { closed(t, phone.Close()) })
		adbd, err := phone.Listen(t.Context(), "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		env = append(env, "PHONE_ADBD="+adbd, "PHONE_SERIAL="+adbd)
		if name != "direct" {
			server := adbtest.StartProgram(t, program)
			env = append(env, server.Env()...)
			if out, err := server.Command(t.Context(), "connect", adbd).CombinedOutput(); err != nil || !strings.HasPrefix(string(out), "connected") {
				t.Fatalf("connect: %q, %v", out, err)
			}
		}
	}
	env = append(env, "PATH="+tools+string(os.PathListSeparator)+os.Getenv("PATH"),
		"ANDROID_HOME="+filepath.Join(folder, "sdk"), "PHONE_APK="+apk, "PHONE_FOLDER="+folder)
	return front{env}
}

func closed(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

// check makes the calls and reads what became of them.
func (c client) check(t *testing.T, env []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.program[0], c.program[1:]...)
	cmd.Env = env
	if p := os.Getenv("PATIENCE"); p != "" {
		cmd.Env = append(cmd.Env, "PATIENCE="+p)
	}
	var out, noise bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &noise
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	seen := map[string]bool{}
	for line := range strings.Lines(out.String()) {
		var answer struct{ Call, Error string }
		if json.Unmarshal([]byte(line), &answer) != nil || answer.Call == "" {
			noise.WriteString(line) // a client's own talk
			continue
		}
		if answer.Error != "" {
			t.Errorf("%s: %.2000s", answer.Call, answer.Error)
		}
		if seen[answer.Call] {
			t.Errorf("%s: twice in the list", answer.Call)
		}
		seen[answer.Call] = true
	}
	if err != nil || len(seen) < c.calls {
		t.Errorf("%d calls were made, there have been %d: %v; it said:\n%s", len(seen), c.calls, err, tail(noise.String()))
	}
	t.Logf("%d calls", len(seen))
}

func tail(s string) string { return fmt.Sprintf("%.4000s", s[max(0, len(s)-4000):]) }
