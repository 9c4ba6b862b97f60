package main

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/devices/pool"
	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/cmd/wire"
	"github.com/ringproof/ringproof/harness/config"
	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/scenarios"
)

// asCommand lets the test binary be ringproof: a run and its children are then
// processes of their own, which can be interrupted and killed.
const asCommand = "RINGPROOF_TEST_AS_COMMAND"

// process is a ringproof of its own.
type process struct {
	cmd *exec.Cmd

	mu  sync.Mutex
	out bytes.Buffer
	// seen gets every line of the output.
	seen chan string
}

func (p *process) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.String()
}

func start(t *testing.T, args ...string) *process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: exec.Command(self, args...), seen: make(chan string, 10_000)}
	p.cmd.Env = append(os.Environ(), asCommand+"=1")
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.cmd.Stderr = p.cmd.Stdout
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	go func() {
		defer close(p.seen)
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			p.mu.Lock()
			p.out.WriteString(lines.Text() + "\n")
			p.mu.Unlock()
			p.seen <- lines.Text()
		}
	}()
	return p
}

// until waits for a line that has a text.
func (p *process) until(t *testing.T, text string) {
	t.Helper()
	deadline := time.After(2 * time.Minute)
	for {
		select {
		case line, ok := <-p.seen:
			if !ok {
				t.Fatalf("it ended before it said %q:\n%s", text, p.text())
			}
			if strings.Contains(line, text) {
				return
			}
		case <-deadline:
			t.Fatalf("it did not say %q:\n%s", text, p.text())
		}
	}
}

// ends waits for the end and returns the exit code.
func (p *process) ends(t *testing.T) int {
	t.Helper()
	for range p.seen { // until the output ends
		continue
	}
	_ = p.cmd.Wait() // the state tells
	return p.cmd.ProcessState.ExitCode()
}

// home is a virtual phone of this test at the speed of the clock on the wall,
// on which the app is installed, and where a run finds it.
type home struct {
	phone  *virtual.Phone
	fleet  *virtual.Fleet
	before []string
	report string
	state  string
}

func newHome(t *testing.T) home {
	t.Helper()
	dir := t.TempDir()
	h := home{report: filepath.Join(dir, "out"), state: filepath.Join(dir, "state")}
	h.fleet = fleet(t, virtual.Options{Serial: "virtual-1", Seed: 1, RealTime: true})
	h.phone = h.fleet.Phones()[0]
	bench, err := wire.Open(t.Context(), config.Settings{
		Devices: config.Devices{Attached: true, Serials: []string{"virtual-1"}}, ADB: h.fleet.Addr(), App: config.App{Builtin: "reference"}, State: h.state,
	}, wire.Options{})
	if err != nil {
		t.Fatal(err)
	}
	in := bench.Input()
	if r := in.Do(t.Context(), scenarios.Scenario{ID: "first", Title: "first", Run: harness.Steps()}); r.Verdict != record.Passed {
		t.Fatal(r.Finding.Sentence)
	}
	if err := bench.Close(); err != nil {
		t.Fatal(err)
	}
	h.before = h.found()
	return h
}

// args are a run on the phone.
func (h home) args(ids ...string) []string {
	args := []string{"run", "--device", "virtual-1", "--adb", h.fleet.Addr(), "--state", h.state, "--report", h.report}
	for _, id := range ids {
		args = append(args, "--scenario", id)
	}
	return args
}

// found is how the phone is found: all of its fingerprint but that the app has
// been opened since.
func (h home) found() []string {
	return strings.Split(strings.ReplaceAll(h.phone.Fingerprint(), "stopped=true", "stopped=false"), "\n")
}

// same wants the phone to be what it was; a keyguard that was sent away takes
// its second to go.
func (h home) same(t *testing.T) {
	t.Helper()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for range 60 {
		if slices.Equal(h.before, h.found()) {
			return
		}
		<-again.C
	}
	t.Errorf("the phone was not put back (-before +after):\n%s", cmp.Diff(h.before, h.found()))
}

// restored waits until nobody holds the phone and compares it with what it was.
func (h home) restored(t *testing.T) {
	t.Helper()
	p, err := pool.New(pool.Options{
		Sources: []pool.Source{pool.ADB{Server: adb.NewServer(h.fleet.Addr())}}, StateDir: h.state, Serials: []string{"virtual-1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	lease, err := p.Lease(ctx, pool.Needs{})
	if err != nil {
		t.Fatal(err)
	}
	h.same(t)
	if err := lease.Release(ctx); err != nil {
		t.Error(err)
	}
}

// A Ctrl-C, or a SIGTERM as CI systems send it, at any point of a run puts the
// phone back and leaves a valid record of what there was.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		signal syscall.Signal
		// at is a line of the output at which it is interrupted.
		at string
	}{
		{"at the begin", syscall.SIGINT, "locked-fullscreen: "},
		{"while the app is prepared", syscall.SIGTERM, "- prepare"},
		{"behind a PIN", syscall.SIGINT, "- enter locked-secure"},
		{"while it rings", syscall.SIGTERM, "push cometchat/initiated"},
		{"in the second scenario", syscall.SIGINT, "stopped-silent: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			ids := []string{"locked-fullscreen"}
			if strings.HasPrefix(c.at, "stopped") {
				ids = []string{"cancelled", "stopped-silent", "declined"}
			}
			p := start(t, h.args(ids...)...)
			p.until(t, c.at)
			if err := p.cmd.Process.Signal(c.signal); err != nil {
				t.Fatal(err)
			}
			if code := p.ends(t); code != exitWrong || !strings.Contains(p.text(), "interrupted; what was changed on phones was put back") {
				t.Errorf("exit code %d:\n%s", code, p.text())
			}
			// Before anybody else leases the phone, which would put it back.
			h.same(t)
			told, err := record.Read(h.report)
			if err != nil {
				t.Fatal(err)
			}
			if !told.Run.Interrupted || told.Run.Ended.IsZero() || told.Run.Chosen != len(ids) || len(told.Attempts) == 0 || len(told.Attempts) > len(ids) {
				t.Errorf("%+v, %d attempts", told.Run, len(told.Attempts))
			}
			last := told.Attempts[len(told.Attempts)-1]
			if last.Cut || last.Verdict != record.Infra || !strings.Contains(last.Finding.Sentence, "interrupted") {
				t.Errorf("the last attempt is %s: %+v", last.Verdict, last.Finding)
			}
		})
	}
}

// A second Ctrl-C ends the run at once and tells what is left on the phone;
// whoever leases it next puts it back.
func TestSecondInterrupt(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	p := start(t, h.args("locked-fullscreen")...)
	p.until(t, "push cometchat/initiated")
	// A phone that is away is waited for: that is when a person loses patience.
	if err := h.fleet.Host().SetState("virtual-1", "offline"); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	p.until(t, "Ctrl-C once more leaves them as they are")
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if code := p.ends(t); code != exitLeft { // whoever waited for the phone ends otherwise
		t.Errorf("exit code %d", code)
	}
	for _, line := range []string{"left at once; the next run on a phone puts it back first", "still changed on virtual-1: set the test PIN"} {
		if !strings.Contains(p.text(), line) {
			t.Errorf("it does not say %q:\n%s", line, p.text())
		}
	}
	if told, err := record.Read(h.report); err != nil || !told.Run.Interrupted || len(told.Attempts) != 1 || !told.Attempts[0].Cut {
		t.Errorf("%+v, %v", told, err)
	}
	if err := h.fleet.Host().SetState("virtual-1", "device"); err != nil {
		t.Fatal(err)
	}
	if slices.Equal(h.before, h.found()) {
		t.Error("nothing was left: the test shows nothing")
	}
	h.restored(t)
}

// A run that is killed leaves a readable record, and its child puts the phone
// back without it.
func TestKilled(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	p := start(t, h.args("locked-fullscreen")...)
	p.until(t, "push cometchat/initiated")
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	p.ends(t)
	told, err := record.Read(h.report)
	if err != nil || !told.Run.Ended.IsZero() || len(told.Attempts) != 1 {
		t.Fatalf("%+v, %v", told.Run, err)
	}
	if a := told.Attempts[0]; a.Verdict != record.Infra || len(a.Events) < 5 {
		t.Errorf("%+v, %d events", a.Manifest, len(a.Events))
	}
	h.restored(t)
}

// A child that is killed costs one scenario, which is nobody's fault; another
// child goes on with the rest, on a phone that was put back.
func TestChildKilled(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	p := start(t, h.args("cancelled", "declined", "stopped-silent")...)
	p.until(t, "saw the app's one call RINGING")
	killed := 0
	tasks, err := filepath.Glob("/proc/" + strconv.Itoa(p.cmd.Process.Pid) + "/task/*/children")
	if err != nil {
		t.Fatal(err)
	}
	if len(tasks) == 0 {
		t.Skip("this system does not tell a process's children")
	}
	for _, file := range tasks {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // a thread that has ended
		}
		for _, word := range strings.Fields(string(text)) {
			pid, err := strconv.Atoi(word)
			if err != nil {
				t.Fatal(err)
			}
			if err := syscall.Kill(pid, syscall.SIGKILL); err == nil {
				killed++
			}
		}
	}
	if killed != 1 {
		t.Fatalf("%d children", killed)
	}
	if code := p.ends(t); code != exitRed {
		t.Errorf("exit code %d:\n%s", code, p.text())
	}
	told, err := record.Read(h.report)
	if err != nil {
		t.Fatal(err)
	}
	got := map[record.Verdict]int{}
	for _, a := range told.Attempts {
		got[a.Verdict]++
		if a.Verdict == record.Infra && !strings.Contains(a.Finding.Sentence, "ended in the middle of it: signal: killed") {
			t.Error(a.Finding.Sentence)
		}
	}
	if d := cmp.Diff(map[record.Verdict]int{record.Infra: 1, record.Passed: 2}, got); d != "" || told.Run.Interrupted {
		t.Errorf("verdicts (-want +got):\n%s\n%s", d, p.text())
	}
	h.same(t)
}
