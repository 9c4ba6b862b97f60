package adbtest

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestStartServesAndLeavesNothing(t *testing.T) {
	var s *Server
	t.Run("while it lives", func(t *testing.T) {
		s = Start(t)
		out, err := s.Command(t.Context(), "devices", "-l").CombinedOutput()
		if err != nil {
			t.Fatalf("adb devices: %v\n%s", err, out)
		}
		if got, want := strings.TrimSpace(string(out)), "List of devices attached"; got != want {
			t.Errorf("a private server lists %q, want %q", got, want)
		}
		if strings.Contains(string(out), "daemon") {
			t.Errorf("the client started a server of its own: %s", out)
		}
		if _, err := os.Stat(filepath.Join(s.Home, ".android", "adbkey")); err != nil {
			t.Errorf("the server keeps its key elsewhere: %v", err)
		}
	})
	if s == nil {
		t.Skip("needs the adb program")
	}
	if c, err := net.Dial("tcp", s.Addr); err == nil {
		c.Close()
		t.Errorf("a server still listens at %s", s.Addr)
	}
	if s.cmd.ProcessState == nil {
		t.Error("the process was not waited for")
	}
}

func TestServersDoNotShareAnything(t *testing.T) {
	a, b := Start(t), Start(t)
	if a.Port == b.Port || a.Home == b.Home {
		t.Errorf("two servers at %s in %s", a.Addr, a.Home)
	}
	if err := a.Kill(); err != nil {
		t.Fatal(err)
	}
	if out, err := b.Command(t.Context(), "devices").CombinedOutput(); err != nil {
		t.Errorf("the other server went down with it: %v\n%s", err, out)
	}
}

func TestStartTellsWhyAServerIsNotReady(t *testing.T) {
	program, err := exec.LookPath("false")
	if err != nil {
		t.Skipf("needs a program that fails: %v", err)
	}
	begin := time.Now()
	if s, err := start(program, t.TempDir()); err == nil {
		t.Errorf("a program that fails became the server %v", s.Addr)
	}
	if took := time.Since(begin); took > startLimit/2 {
		t.Errorf("noticed after %v", took)
	}
}

// A client that meets a dead server starts one in the background, if it thinks
// that the server is its own machine's. Ours do not; one with an environment of
// its own is found, told of and ended.
func TestASuccessorIsFoundAndEnded(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("servers are told apart by their environment, which only Linux shows")
	}
	s := Start(t)
	if err := s.Kill(); err != nil {
		t.Fatal(err)
	}
	if out, err := s.Command(t.Context(), "devices").CombinedOutput(); err == nil || !strings.Contains(string(out), "cannot start server on remote host") {
		t.Errorf("a client of a dead server: %v, %s", err, out)
	}
	if c, err := net.Dial("tcp", s.Addr); err == nil {
		c.Close()
		t.Fatal("a client has started a server")
	}
	own := exec.CommandContext(t.Context(), s.program, "-P", strconv.Itoa(s.Port), "start-server")
	own.Env = s.environment()
	if out, err := own.CombinedOutput(); err != nil {
		t.Fatalf("start a successor: %v, %s", err, out)
	}
	if err := s.end(); err == nil || !strings.Contains(err.Error(), strconv.Itoa(s.Port)+" fork-server") {
		t.Errorf("end said %v of a server in its server's place", err)
	}
	// It is dying; its port says when it is dead.
	for ctx := t.Context(); ctx.Err() == nil; {
		c, err := net.Dial("tcp", s.Addr)
		if err != nil {
			break
		}
		c.Close()
	}
	if err := s.end(); err != nil {
		t.Errorf("after that: %v", err)
	}
}

func TestDeathIsTold(t *testing.T) {
	for signal, want := range map[syscall.Signal]bool{syscall.SIGSEGV: true, syscall.SIGABRT: false} {
		s := Start(t)
		if err := s.Died(); err != nil {
			t.Fatalf("it lives: %v", err)
		}
		if got, err := s.Ask(t.Context(), "host:version"); got != "OKAY00040029" || err != nil {
			t.Errorf("version: %q, %v", got, err)
		}
		if err := s.cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		<-s.Gone()
		var c *Crash
		if err := s.Died(); !errors.As(err, &c) || c.Signal != want || c.How == "" {
			t.Errorf("after signal %v it died of %+v", signal, c)
		}
		if _, err := s.Ask(t.Context(), "host:version"); err == nil {
			t.Error("a dead server answers")
		}
	}
	s := Start(t)
	if err := s.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := s.Died(); err != nil {
		t.Errorf("who was killed on purpose did not die by itself: %v", err)
	}
}

func TestRequired(t *testing.T) {
	for list, want := range map[string]bool{"": false, "adb": true, "java,adb": true, "java adb": true, "adbd": false} {
		if got := required(list, "adb"); got != want {
			t.Errorf("required(%q) = %v", list, got)
		}
	}
}

func TestCommandEndsWithItsContext(t *testing.T) {
	s := Start(t)
	ctx, cancel := context.WithCancel(t.Context())
	cmd := s.Command(ctx, "-s", "nobody", "wait-for-device")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	cancel()
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) {
		t.Errorf("wait-for-device of a phone that does not exist ended with %v", err)
	}
}
