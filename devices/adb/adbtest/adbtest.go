// Package adbtest starts private adb servers for tests: the real program, on a
// port of its own, with a home of its own, blind to USB, to emulators and to
// the network. It is for tests only, and the one place of the project that may
// run the adb program or end a server: the ones that it started itself.
//
// It knows no phone; a test connects its own.
package adbtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Require is the environment variable that lists, separated by commas or
// blanks, the programs without which tests fail instead of being skipped.
const Require = "RINGPROOF_REQUIRE"

// Server is a private adb server.
type Server struct {
	// Addr is "127.0.0.1:PORT" and Port its port.
	Addr string
	Port int
	// Home holds the server's keys and its log.
	Home string

	program string
	cmd     *exec.Cmd
	gone    chan struct{} // closed when the process has ended
}

// Program is the path of the adb program. Without one the test is skipped, or
// fails if RINGPROOF_REQUIRE names adb.
func Program(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("adb")
	if err == nil {
		return path
	}
	if required(os.Getenv(Require), "adb") {
		t.Fatalf("%s asks for adb: %v", Require, err)
	}
	t.Skipf("needs the adb program: %v", err)
	return ""
}

func required(list, name string) bool {
	return slices.Contains(strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }), name)
}

// Start starts a private adb server and waits until it answers. It is ended
// with the test, which fails if anything is left of it.
func Start(t testing.TB) *Server {
	t.Helper()
	return StartProgram(t, Program(t))
}

// StartProgram is Start with an adb program of the caller's choice.
func StartProgram(t testing.TB, program string) *Server {
	t.Helper()
	var s *Server
	var err error
	// Somebody else may take a free port before the server does.
	for range 5 {
		if s, err = start(program, t.TempDir()); err == nil {
			break
		}
	}
	if err != nil {
		t.Fatalf("start a private adb server: %v", err)
	}
	t.Cleanup(func() {
		if err := s.end(); err != nil {
			t.Errorf("end the private adb server: %v", err)
		}
		if t.Failed() {
			t.Logf("log of the adb server at %s:\n%s", s.Addr, s.Log())
		}
	})
	return s
}

// startLimit bounds how long a server may take to say that it is ready.
const startLimit = 20 * time.Second

func start(program, home string) (*Server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	ready, tell, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer ready.Close()
	s := &Server{
		Addr:    net.JoinHostPort("127.0.0.1", strconv.Itoa(port)),
		Port:    port,
		Home:    home,
		program: program,
		gone:    make(chan struct{}),
	}
	// The form in which adb starts its own servers: it stays our child and
	// writes "OK\n" to the descriptor when it listens.
	s.cmd = exec.CommandContext(context.Background(), program, "-P", strconv.Itoa(port), "fork-server", "server", "--reply-fd", "3")
	s.cmd.Env = s.Env()
	s.cmd.ExtraFiles = []*os.File{tell}
	var noise bytes.Buffer
	s.cmd.Stdout, s.cmd.Stderr = &noise, &noise
	dieWithUs(s.cmd)

	started := make(chan error)
	go func() {
		// The server is bound to this thread's life, see dieWithUs.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := s.cmd.Start()
		started <- err
		if err == nil {
			_ = s.cmd.Wait()
		}
		close(s.gone)
	}()
	err = <-started
	_ = tell.Close()
	if err != nil {
		return nil, err
	}
	_ = ready.SetReadDeadline(time.Now().Add(startLimit))
	word := make([]byte, 3)
	if n, err := ready.Read(word); string(word[:n]) != "OK\n" {
		err = errors.Join(err, s.end())
		return nil, fmt.Errorf("the server at %s is not ready: %q, %w\n%s", s.Addr, word[:n], err, noise.String())
	}
	return s, nil
}

func freePort() (int, error) {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(port)
}

// Env is the environment for the server and for clients of it. It holds
// nothing of the caller's but PATH and the library path, so that no setting of
// a developer leads to a phone or to another server.
func (s *Server) Env() []string {
	env := []string{
		"HOME=" + s.Home,
		"TMPDIR=" + s.Home,
		"ANDROID_ADB_LOG_PATH=" + s.logPath(),
		"ANDROID_ADB_SERVER_PORT=" + strconv.Itoa(s.Port),
		"ADB_USB=0", "ADB_EMU=0", "ADB_MDNS=0",
	}
	for _, name := range []string{"PATH", "LD_LIBRARY_PATH"} {
		if v, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+v)
		}
	}
	return env
}

func (s *Server) logPath() string { return filepath.Join(s.Home, "adb.log") }

// Log is what the server has logged so far.
func (s *Server) Log() string {
	b, err := os.ReadFile(s.logPath())
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// Command is the adb program, talking to this server.
func (s *Server) Command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, s.program, append([]string{"-P", strconv.Itoa(s.Port)}, args...)...)
	cmd.Env = s.Env()
	return cmd
}

// Kill ends the server at once, as a crash would.
func (s *Server) Kill() error { return s.end() }

// end kills the process that start started, and only it, and checks that
// nobody listens at its port any more: a client of a dead server starts
// another one, which would stay.
func (s *Server) end() error {
	select {
	case <-s.gone:
	default:
		if err := s.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return err
		}
		<-s.gone
	}
	c, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", s.Addr)
	if err != nil {
		return nil
	}
	_ = c.Close()
	return fmt.Errorf("something still listens at %s", s.Addr)
}
