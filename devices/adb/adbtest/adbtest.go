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
	"io"
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
	ended   bool          // by us
	told    bool          // somebody knows that it died by itself
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
// with the test, which fails if anything is left of it, or if it died by itself
// and nobody asked (Died): what a test saw after that was no server's word.
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
		known := s.told
		if err := s.Died(); err != nil && !known {
			t.Error(err)
		}
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
	s.cmd.Env = s.environment()
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

// Env is the environment for clients of the server. It holds nothing of the
// caller's but PATH and the library path, so that no setting of a developer
// leads to a phone or to another server. The address makes the adb program take
// the server for a remote one: it starts none of its own when ours is dead
// (is_local_socket_spec of socket_spec.cpp knows "localhost" only).
func (s *Server) Env() []string {
	return append(s.environment(), "ANDROID_ADB_SERVER_ADDRESS="+host)
}

const host = "127.0.0.1"

// environment is that of the server itself, which must be local.
func (s *Server) environment() []string {
	env := []string{
		s.home(),
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

func (s *Server) home() string { return "HOME=" + s.Home }

func (s *Server) logPath() string { return filepath.Join(s.Home, "adb.log") }

// Log is what the server has logged so far.
func (s *Server) Log() string {
	b, err := os.ReadFile(s.logPath())
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// Command is the adb program, talking to this server and to no other: where the
// server is dead the command fails ("cannot start server on remote host").
func (s *Server) Command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, s.program, append([]string{"-H", host, "-P", strconv.Itoa(s.Port)}, args...)...)
	cmd.Env = s.Env()
	return cmd
}

// Ask sends one request to the server's socket and returns all that it answers,
// up to its end.
func (s *Server) Ask(ctx context.Context, request string) (string, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", s.Addr)
	if err != nil {
		return "", fmt.Errorf("ask the adb server for %s: %w", request, err)
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Now()) })
	defer stop()
	_, err = fmt.Fprintf(conn, "%04x%s", len(request), request)
	answer, readErr := io.ReadAll(conn)
	if err = errors.Join(err, readErr); err != nil {
		return string(answer), fmt.Errorf("ask the adb server for %s: %w", request, err)
	}
	return string(answer), nil
}

// Kill ends the server at once, as a crash would.
func (s *Server) Kill() error { return s.end() }

// Gone is closed when the server's process has ended.
func (s *Server) Gone() <-chan struct{} { return s.gone }

// Crash is a server that ended by itself.
type Crash struct {
	Addr string
	// Signal says that a signal killed it, other than by its own abort(3),
	// with which adb ends when a peer breaks the protocol.
	Signal bool
	// How is the exit status or the signal.
	How string
}

func (c *Crash) Error() string {
	return fmt.Sprintf("the private adb server at %s died by itself: %s", c.Addr, c.How)
}

// Died is a *Crash if the server has ended and nobody here ended it. Who asks
// takes the answer over: the end of the test does not report it again.
func (s *Server) Died() error {
	if s.ended {
		return nil
	}
	select {
	case <-s.gone:
	default:
		return nil
	}
	s.told = true
	c := &Crash{Addr: s.Addr, How: "it was not waited for"}
	if state := s.cmd.ProcessState; state != nil {
		c.How = state.String()
		c.Signal = state.ExitCode() == -1 && !strings.Contains(c.How, "abort")
	}
	return c
}

// end kills the process that start started, and what is left of it: a client
// with an environment of its own that met a dead server may have started
// another one, which would stay. That one is killed, and is an error.
func (s *Server) end() error {
	select {
	case <-s.gone:
	default:
		s.ended = true
		if err := s.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return err
		}
		<-s.gone
	}
	if left := successors(s.home()); len(left) > 0 {
		return fmt.Errorf("other adb servers were started in its place, and are ended now: %s", strings.Join(left, ", "))
	}
	return nil
}
