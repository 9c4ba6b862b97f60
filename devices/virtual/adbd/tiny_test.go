package adbd

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/fs"
)

// tinyShell knows echo, err (echo to standard error), cat, count (prints how
// many bytes of input it got), block (until the host has gone), exit, spam and
// install; it remembers what it was asked. Commands are separated by ";".
type tinyShell struct {
	mu       sync.Mutex
	commands []Command
	inputs   []string
	blocked  chan struct{} // one value for each "block" that has begun
	freed    chan struct{} // one value for each that has ended
}

func newTinyShell() *tinyShell {
	return &tinyShell{blocked: make(chan struct{}, 100), freed: make(chan struct{}, 100)}
}

func (s *tinyShell) Run(ctx context.Context, c Command) int {
	s.mu.Lock()
	s.commands = append(s.commands, c)
	s.mu.Unlock()
	if c.Argv != nil {
		return s.service(c)
	}
	if c.Line == "" {
		return s.interactive(ctx, c)
	}
	return s.line(ctx, c, c.Line)
}

func (s *tinyShell) line(ctx context.Context, c Command, line string) int {
	status := 0
	for part := range strings.SplitSeq(line, ";") {
		word, rest, _ := strings.Cut(strings.TrimSpace(part), " ")
		status = 0
		switch word {
		case "echo":
			fmt.Fprintln(c.Stdout, rest)
		case "err":
			fmt.Fprintln(c.Stderr, rest)
		case "cat":
			_, _ = io.Copy(c.Stdout, c.Stdin)
		case "count":
			n, _ := io.Copy(io.Discard, c.Stdin)
			fmt.Fprintln(c.Stdout, n)
		case "keep":
			b, _ := io.ReadAll(c.Stdin)
			if ctx.Err() != nil {
				b = []byte("the command was ended")
			}
			s.mu.Lock()
			s.inputs = append(s.inputs, string(b))
			s.mu.Unlock()
			s.freed <- struct{}{}
		case "block":
			s.blocked <- struct{}{}
			<-ctx.Done()
			s.freed <- struct{}{}
			status = 129
		case "spam":
			n, _ := strconv.Atoi(rest)
			_, _ = io.CopyN(c.Stdout, zeros{}, int64(n))
		case "exit":
			status, _ = strconv.Atoi(rest)
			return status
		case "":
		default:
			fmt.Fprintf(c.Stderr, "/system/bin/sh: %s: inaccessible or not found\n", word)
			status = 127
		}
	}
	return status
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func (s *tinyShell) interactive(ctx context.Context, c Command) int {
	fmt.Fprint(c.Stdout, "$ ")
	lines := bufio.NewScanner(c.Stdin)
	for lines.Scan() {
		if line, ok := strings.CutPrefix(lines.Text(), "exit"); ok {
			status, _ := strconv.Atoi(strings.TrimSpace(line))
			return status
		}
		s.line(ctx, c, lines.Text())
		fmt.Fprint(c.Stdout, "$ ")
	}
	return 0
}

// service answers "package install ... -S N" after N bytes.
func (s *tinyShell) service(c Command) int {
	for i, arg := range c.Argv {
		if arg == "-S" {
			n, _ := strconv.ParseInt(c.Argv[i+1], 10, 64)
			b := make([]byte, n)
			_, _ = io.ReadFull(c.Stdin, b)
			s.mu.Lock()
			s.inputs = append(s.inputs, string(b))
			s.mu.Unlock()
		}
	}
	fmt.Fprintln(c.Stdout, "Success")
	return 0
}

// input is the last input that was kept; empty without one.
func (s *tinyShell) input() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.inputs) == 0 {
		return ""
	}
	return s.inputs[len(s.inputs)-1]
}

func (s *tinyShell) last(t *testing.T) Command {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.commands) == 0 {
		t.Fatal("the shell was asked nothing")
	}
	return s.commands[len(s.commands)-1]
}

// recorder keeps the service strings that a phone was asked for.
type recorder struct {
	Services
	mu   sync.Mutex
	seen []string
}

func (r *recorder) Open(service string) (Service, error) {
	r.mu.Lock()
	r.seen = append(r.seen, service)
	r.mu.Unlock()
	return r.Services.Open(service)
}

func (r *recorder) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	seen := r.seen
	r.seen = nil
	return seen
}

func fixedTime() time.Time { return time.Unix(1_700_000_000, 0) }

func tinyBanner() Banner {
	return Banner{State: "device", Product: "vphone", Model: "Virtual Phone 1", Device: "vp1"}
}

func tinyPhone(opts ...Option) (*Daemon, *tinyShell, *fs.Tree) {
	sh, tree := newTinyShell(), fs.NewAndroid(fixedTime)
	return NewDaemon(tinyBanner(), sh, tree, opts...), sh, tree
}

func listen(t *testing.T, s Services, o Options) *Server {
	t.Helper()
	srv, err := Listen(t.Context(), "127.0.0.1:0", s, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	})
	return srv
}
