package adbtest

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
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

// A client that meets a dead server starts one in the background; end must
// notice. The squatter here stands for it.
func TestEndNoticesASuccessor(t *testing.T) {
	s := Start(t)
	if err := s.Kill(); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", s.Addr)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.end(); err == nil {
		t.Error("end is content although something listens at the server's port")
	}
	l.Close()
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
