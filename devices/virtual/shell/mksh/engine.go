package mksh

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"

	"github.com/ringproof/ringproof/devices/virtual/fs"
)

// Clock is the phone's time as running commands see it.
type Clock interface {
	// Begin says that one more thread of a command is running; the phone's time
	// stands still while any does. end says that it is over.
	Begin() (end func())
	// Idle runs fn, which blocks, as waiting instead of running.
	Idle(fn func())
	// Sleep lets phone time pass for a thread that began.
	Sleep(ctx context.Context, d time.Duration) error
}

// Options is what an Engine is made of.
type Options struct {
	Clock Clock
	Tree  *fs.Tree
	// Groups are the supplementary groups of a user, for file permissions.
	Groups func(uid int) []int
	// Tool finds the program at an absolute path without symbolic links.
	Tool func(path string) Tool
	// PID makes process ids for the shells and their background jobs.
	PID func() int
	// Random is $RANDOM, 0 to 32767.
	Random func() int
	// Name is the phone's name in the interactive prompt (ro.product.device).
	Name func() string
}

// Tool is one program. It returns its exit status when it is done or soon after
// ctx is.
type Tool func(ctx context.Context, p *Proc) int

// Engine runs command texts. It keeps nothing from one to the next.
type Engine struct{ o Options }

// New makes an engine.
func New(o Options) *Engine { return &Engine{o: o} }

// Job is one command text with its surroundings.
type Job struct {
	// Text is the command text. Empty, with no Argv, the shell is interactive
	// and reads its commands from Stdin.
	Text string
	// Argv runs one program without a shell instead.
	Argv []string

	UID            int
	Dir            string
	Env            []string // KEY=value
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Terminal says that the streams are a terminal: an interactive shell
	// prompts. Echo, editing and line ends are the terminal's business.
	Terminal bool
	// OnInterrupt asks the terminal to call do at each Ctrl-C, before it hands
	// over what is typed later; nil without a terminal that knows Ctrl-C.
	OnInterrupt func(do func())
	// Size is the terminal's, nil or zero if unknown.
	Size func() (rows, cols int)
}

// Run runs a job to its end and returns the exit status. When ctx is done it
// returns at once with 129, as a process does that got SIGHUP.
func (e *Engine) Run(ctx context.Context, j Job) int {
	host := ctx
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &session{e: e, ctx: ctx, cancel: cancel, jobs: map[string]*job{}, traps: map[string]string{}, defined: map[string]bool{}, pid: e.o.PID()}
	s.terminal, s.size = j.Terminal, j.Size
	s.threads.clock = e.o.Clock
	s.threads.fork()

	s.stdout = newPump(ctx, e.o.Clock, j.Stdout)
	s.stderr = s.stdout
	if !same(j.Stdout, j.Stderr) {
		s.stderr = newPump(ctx, e.o.Clock, j.Stderr)
	}
	in, err := newInput(j.Stdin)
	if err != nil {
		fmt.Fprintf(s.stderr, "/system/bin/sh: %v\n", err)
		return 126
	}
	s.in = in
	defer in.close()

	p := &Proc{
		UID: j.UID, Dir: j.Dir, env: j.Env, s: s,
		Stdin: s.reader(in.r), Stdout: s.stdout, Stderr: s.stderr,
	}
	p.FS = p.view()
	turn := ctx
	if j.OnInterrupt != nil {
		// Not the whole: what was printed before Ctrl-C still goes out.
		turn, s.turn = context.WithCancel(ctx)
		defer s.turn()
		j.OnInterrupt(s.interrupt)
	}
	var status int
	switch {
	case len(j.Argv) > 0:
		status = p.Exec(turn, j.Argv...)
	case j.Text == "":
		status = s.interactive(ctx, p, j.Terminal)
	default:
		status = p.Shell(turn, j.Text, "/system/bin/sh")
	}
	// Jobs in the background end with their shell. The clock must not jump to
	// something that one of them waits for.
	s.stopJobs()
	s.tools.Wait()
	s.threads.end()
	s.stdout.close()
	s.stderr.close()
	if host.Err() != nil {
		e.trapped(host, j, s.trapOn("HUP"))
		return 129
	}
	if s.interrupted.Load() && len(j.Argv)+len(j.Text) > 0 {
		status = interrupted
		if action := s.trapOn("INT"); action != "" {
			j.Stdin = strings.NewReader("")
			status = e.trapped(host, j, action)
		}
	}
	return status
}

// session is what all threads of one job share.
type session struct {
	e      *Engine
	ctx    context.Context
	cancel context.CancelFunc
	pid    int
	stdout *pump
	stderr *pump
	in     *input
	// terminal says that standard input and outputs are one, as long as they are
	// not redirected.
	terminal bool
	size     func() (rows, cols int)
	threads  threads
	tools    sync.WaitGroup // programs that are running

	mu      sync.Mutex
	jobs    map[string]*job   // background jobs by pid
	skipped int               // waits that did not block
	waited  int               // signal that killed the job of the last wait
	names   int               // internal variables used so far
	defined map[string]bool   // functions of the script, which hide our builtins
	traps   map[string]string // actions on signals, without SIG
	turn    func()            // ends what Ctrl-C ends

	interrupted atomic.Bool
}

// same says whether two writers are one, so that the order of writing between
// them must be kept.
func same(a, b io.Writer) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	t := reflect.TypeOf(a)
	return t == reflect.TypeOf(b) && t.Comparable() && a == b
}

// exitCode is the status that an interpreter's result stands for.
func exitCode(err error) int {
	var status interp.ExitStatus
	switch {
	case err == nil:
		return 0
	case errors.As(err, &status):
		return int(status)
	case errors.Is(err, errKilled):
		return 128 + 15
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return 129
	}
	return 1
}

func parser() *syntax.Parser { return syntax.NewParser(syntax.Variant(syntax.LangMirBSDKorn)) }

// syntaxError says it as mksh does: which word was unexpected.
func syntaxError(err error) string {
	var pe syntax.ParseError
	if !errors.As(err, &pe) {
		return err.Error()
	}
	if pe.Incomplete {
		return "syntax error: unexpected 'newline'"
	}
	if _, rest, ok := strings.Cut(pe.Text, "`"); ok {
		if word, _, ok := strings.Cut(rest, "`"); ok {
			return "syntax error: unexpected '" + word + "'"
		}
	}
	return "syntax error: " + pe.Text
}
