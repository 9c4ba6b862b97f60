package scenarios_test

import (
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/devices/adb/adbtest"
	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/harness/cmd/wire"
	"github.com/ringproof/ringproof/harness/config"
	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/scenarios"
)

// The same eight pass on a phone that a real adb server reaches over TCP, as on
// an attached one, also when the phone's maker muted the log; and nothing is
// left behind.
func TestThroughRealADB(t *testing.T) {
	for _, c := range []struct {
		name string
		mute bool
	}{{"log", false}, {"muted log", true}} {
		t.Run(c.name, func(t *testing.T) {
			private := adbtest.Start(t)
			phone, err := virtual.New(virtual.Options{Seed: 7, MuteLog: c.mute})
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := phone.Close(); err != nil {
					t.Error(err)
				}
			}()
			addr, err := phone.Listen(t.Context(), "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			server := adb.NewServer(private.Addr)
			if _, err := server.Connect(t.Context(), addr); err != nil {
				t.Fatal(err)
			}
			files, routines := openFiles(t), runtime.NumGoroutine()

			s := config.Settings{
				Devices: config.Devices{Attached: true, Serials: []string{addr}},
				App:     config.App{Builtin: "reference"}, ADB: private.Addr, State: t.TempDir(),
			}
			bench, err := wire.Open(t.Context(), s, wire.Options{})
			if err != nil {
				t.Fatal(err)
			}
			chosen, err := scenarios.Select(scenarios.All(), []string{"smoke"}, "")
			if err != nil {
				t.Fatal(err)
			}
			if len(chosen) != 8 {
				t.Fatalf("%d smoke scenarios", len(chosen))
			}
			for _, sc := range chosen {
				if r := bench.Input().Do(t.Context(), sc); r.Verdict != record.Passed {
					t.Errorf("%s: %s: %s", sc.ID, r.Verdict, r.Finding.Sentence)
				}
			}
			if err := bench.Close(); err != nil {
				t.Error(err)
			}

			forwards, err := server.ForwardList(t.Context())
			if err != nil || len(forwards) > 0 {
				t.Errorf("forwards left: %v, %v", forwards, err)
			}
			settles(t, "files", func() int { return openFiles(t) }, files)
			settles(t, "goroutines", runtime.NumGoroutine, routines)
			settles(t, "commands on the phone", phone.Commands, 0)
		})
	}
}

// A phone without the app is told so, with what to do, before anything is done
// to it.
func TestAppNotInstalledThroughRealADB(t *testing.T) {
	private := adbtest.Start(t)
	phone, err := virtual.New(virtual.Options{Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := phone.Close(); err != nil {
			t.Error(err)
		}
	}()
	addr, err := phone.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := adb.NewServer(private.Addr).Connect(t.Context(), addr); err != nil {
		t.Fatal(err)
	}
	bench, err := wire.Open(t.Context(), config.Settings{
		Devices: config.Devices{Attached: true}, App: config.App{Builtin: "reference"}, ADB: private.Addr, State: t.TempDir(),
	}, wire.Options{})
	if err != nil {
		t.Fatal(err)
	}
	before := phone.Fingerprint()
	err = bench.Preflight(t.Context())
	for _, says := range []string{"app not installed: org.ringproof.sample", "--device " + addr, "adb -s " + addr + " install"} {
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("the error does not say %q: %v", says, err)
		}
	}
	if after := phone.Fingerprint(); after != before {
		t.Errorf("the phone was changed:\n%s\n%s", before, after)
	}
}

// openFiles counts this process's files and sockets.
func openFiles(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Logf("cannot count open files here: %v", err)
		return 0
	}
	return len(entries)
}

// settles waits until a count is down to what it was: a closed connection is
// noticed by its other end a moment later.
func settles(t *testing.T, what string, count func() int, want int) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for count() > want {
		if time.Now().After(deadline) {
			buf := make([]byte, 1<<20)
			t.Errorf("%d %s left, %d before\n%s", count(), what, want, buf[:runtime.Stack(buf, true)])
			return
		}
		runtime.Gosched()
	}
}
