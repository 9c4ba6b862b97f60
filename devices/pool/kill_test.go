package pool_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/devices/pool"
)

// The helper is this test binary, run again. It uses phone "A", announces when
// it is in the wanted stage, and stays there until it is killed.
const (
	helperStage = "RINGPROOF_POOL_TEST_STAGE"
	helperState = "RINGPROOF_POOL_TEST_STATE"
	helperPhone = "RINGPROOF_POOL_TEST_PHONE"
)

// stages: where the helper dies, and what the phone is like at that moment.
var stages = []struct {
	name string
	x, y string // values on the phone when the helper is dead
}{
	{"holding the lock", "", ""},
	{"in the middle of writing", "1", ""},
	{"after writing, before the change", "1", ""},
	{"after the change", "1", "1"},
	{"in the first undo", "1", "1"},
	{"between two undos", "1", "0"},
	{"after the last undo, before the journal is empty", "0", "0"},
}

func help(stage string) int {
	ctx := context.Background()
	a := &phone{serial: "A", dir: os.Getenv(helperPhone), api: "34", booted: "1"}
	announce := func(string) {
		fmt.Println("ready")
		select {} // until killed
	}
	fail := func(err error) int {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	p, err := pool.New(pool.Options{Sources: []pool.Source{of(a)}, StateDir: os.Getenv(helperState)})
	if err != nil {
		return fail(err)
	}
	if stage == "contend" {
		return contend(ctx, p, a, fail)
	}
	l, err := p.Lease(ctx, pool.Needs{})
	if err != nil {
		return fail(err)
	}
	if stage == "holding the lock" {
		announce("")
	}
	if _, err := l.Journal().Change(ctx, pool.Change{What: "x", Do: "set x 1", Undo: "set x 0"}); err != nil {
		return fail(err)
	}
	on := func(line string) func(string) {
		return func(ran string) {
			if ran == line {
				announce("")
			}
		}
	}
	switch stage {
	case "in the middle of writing":
		f, err := os.OpenFile(filepath.Join(os.Getenv(helperState), "_a.journal"), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			return fail(err)
		}
		if _, err := f.WriteString(`{"id":2,"what":"y","und`); err != nil {
			return fail(err)
		}
		announce("")
	case "after writing, before the change":
		a.before = on("set y 1")
	case "after the change":
		a.after = on("set y 1")
	case "in the first undo":
		a.before = on("set y 0")
	case "between two undos":
		a.before = on("set x 0")
	case "after the last undo, before the journal is empty":
		a.after = on("set x 0")
	}
	if _, err := l.Journal().Change(ctx, pool.Change{What: "y", Do: "set y 1", Undo: "set y 0"}); err != nil {
		return fail(err)
	}
	_ = l.Release(ctx)
	return fail(errors.New("the stage was never reached"))
}

// contend takes the phone again and again; a file that only one may create
// shows two holders.
func contend(ctx context.Context, p *pool.Pool, a *phone, fail func(error) int) int {
	for range 25 {
		l, err := p.Lease(ctx, pool.Needs{})
		if err != nil {
			return fail(err)
		}
		mark := filepath.Join(a.dir, "holder")
		f, err := os.OpenFile(mark, os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return fail(fmt.Errorf("two holders: %w", err))
		}
		if _, err := l.Journal().Change(ctx, pool.Change{What: "x", Do: "set x 1", Undo: "set x 0"}); err != nil {
			return fail(err)
		}
		if err := errors.Join(f.Close(), os.Remove(mark), l.Release(ctx)); err != nil {
			return fail(err)
		}
	}
	return 0
}

func helper(t *testing.T, stage, state, phoneDir string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), helperStage+"="+stage, helperState+"="+state, helperPhone+"="+phoneDir)
	return cmd
}

func TestKilled(t *testing.T) {
	for _, s := range stages {
		t.Run(s.name, func(t *testing.T) {
			state, a := t.TempDir(), newPhone(t, "A")
			cmd := helper(t, s.name, state, a.dir)
			var stderr strings.Builder
			cmd.Stderr = &stderr
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(out).ReadString('\n')
			if err != nil || line != "ready\n" {
				_ = cmd.Process.Kill()
				_ = cmd.Wait()
				t.Fatalf("the helper said %q, %v: %s", line, err, stderr.String())
			}
			p := newPool(t, pool.Options{Sources: []pool.Source{of(a)}, StateDir: state})
			var held *pool.BusyError
			if err := busy(t, of(a), state); !errors.As(err, &held) || !strings.Contains(held.Holders[0], fmt.Sprintf("process %d", cmd.Process.Pid)) {
				t.Errorf("while the helper lives, a lease gives %v", err)
			}
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, out)
			_ = cmd.Wait()
			if x, y := a.get("x"), a.get("y"); x != s.x || y != s.y {
				t.Fatalf("the helper left x=%q y=%q: it did not die where it should (x=%q y=%q)", x, y, s.x, s.y)
			}
			l := lease(t, p, pool.Needs{})
			if x, y := a.get("x"), a.get("y"); x == "1" || y == "1" {
				t.Errorf("the next holder got x=%q y=%q", x, y)
			}
			if e, err := l.Journal().Entries(); err != nil || len(e) != 0 {
				t.Errorf("the next holder's journal has %+v, %v", e, err)
			}
			if err := l.Release(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestProcessesContend(t *testing.T) {
	state, a := t.TempDir(), newPhone(t, "A")
	var cmds []*exec.Cmd
	var said []*strings.Builder
	for range 3 {
		cmd := helper(t, "contend", state, a.dir)
		var stderr strings.Builder
		cmd.Stderr = &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		cmds, said = append(cmds, cmd), append(said, &stderr)
	}
	for i, cmd := range cmds {
		if err := cmd.Wait(); err != nil {
			t.Errorf("contender %d: %v: %s", i, err, said[i])
		}
	}
	if x := a.get("x"); x != "0" {
		t.Errorf("x=%q after the last release", x)
	}
}
