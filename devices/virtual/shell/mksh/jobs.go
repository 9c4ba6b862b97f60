package mksh

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"mvdan.cc/sh/v3/interp"
)

var errKilled = errors.New("terminated")

// job is a background job, known by the pid that $! gives.
type job struct {
	ctx    context.Context
	cancel context.CancelFunc
	ref    string // the interpreter's own name for it
	joined bool
	signal int // that killed it, 0 for none
}

// fork makes a thread and gives it a name that no script can guess wrong: a pid.
func (s *session) fork() string {
	s.threads.fork()
	ctx, cancel := context.WithCancel(s.ctx)
	pid := strconv.Itoa(s.e.o.PID())
	s.mu.Lock()
	defer s.mu.Unlock()
	s.jobs[pid] = &job{ctx: ctx, cancel: cancel}
	return pid
}

// join ends the thread of that name. A pipeline has two ends and one extra
// thread, so only the first end counts.
func (s *session) join(pid string) {
	s.mu.Lock()
	j := s.jobs[pid]
	first := j != nil && !j.joined
	if first {
		j.joined = true
	}
	s.mu.Unlock()
	if first {
		s.threads.join()
	}
}

// kill ends a background job; ok is false when there is none.
func (s *session) kill(pid string, signal int) (ok bool) {
	s.mu.Lock()
	j := s.jobs[pid]
	live := j != nil && j.ref != "" && !j.joined
	if live {
		j.signal = signal
	}
	s.mu.Unlock()
	if live {
		j.cancel()
		s.join(pid)
	}
	return live
}

func (s *session) stopJobs() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, j := range s.jobs {
		j.cancel()
	}
}

// jobContext is the context of a program in the background job that hc is in.
func (s *session) jobContext(ctx context.Context, hc interp.HandlerContext) (context.Context, func()) {
	self := hc.Env.Get(prefix + "self").Str
	s.mu.Lock()
	j := s.jobs[self]
	s.mu.Unlock()
	if j == nil {
		return ctx, func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(j.ctx, cancel)
	return ctx, func() { stop(); cancel() }
}

func (s *session) killed(hc interp.HandlerContext) bool {
	self := hc.Env.Get(prefix + "self").Str
	s.mu.Lock()
	j := s.jobs[self]
	s.mu.Unlock()
	return j != nil && j.ctx.Err() != nil && s.ctx.Err() == nil
}

// idle and busy frame the builtin wait. It waits for background jobs only, so
// without any it does not block at all.
func (s *session) idle() {
	s.mu.Lock()
	live := false
	for _, j := range s.jobs {
		live = live || j.ref != "" && !j.joined
	}
	if !live {
		s.skipped++
	}
	s.mu.Unlock()
	if live {
		s.threads.drop()
	}
}

// busy gives the status of the wait that it follows, which was last.
func (s *session) busy(last int) int {
	s.mu.Lock()
	skip := s.skipped > 0
	if s.waited > 0 { // the interpreter knows no signals
		last = 128 + s.waited
		s.waited = 0
	}
	if skip {
		s.skipped--
	}
	s.mu.Unlock()
	if !skip {
		s.threads.fork()
	}
	return last
}

// waitArgs turns the pids of $! into the interpreter's names.
func (s *session) waitArgs(args []string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []string{"wait"}
	s.waited = 0
	for _, a := range args[1:] {
		s.waited = 0
		if j := s.jobs[a]; j != nil && j.ref != "" {
			a, s.waited = j.ref, j.signal
		}
		out = append(out, a)
	}
	return out
}

// noteTrap notes what `trap ACTION SIGNAL...` asks for on the signals that a
// shell gets from adbd: SIGHUP when its host goes, SIGINT from its terminal.
func (s *session) noteTrap(args []string) {
	rest := args[1:]
	if len(rest) > 0 && rest[0] == "--" {
		rest = rest[1:]
	}
	if len(rest) < 2 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sig := range rest[1:] {
		switch name := strings.TrimPrefix(strings.ToUpper(sig), "SIG"); name {
		case "HUP", "1":
			s.traps["HUP"] = rest[0]
		case "INT", "2":
			s.traps["INT"] = rest[0]
		}
	}
}

// trapOn is the action on a signal, "" for none.
func (s *session) trapOn(signal string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if action := s.traps[signal]; action != "-" {
		return action
	}
	return ""
}

// trapped runs what was trapped, without the script's variables: the
// interpreter that had them has ended.
func (e *Engine) trapped(host context.Context, j Job, action string) int {
	if action == "" {
		return 0
	}
	if host.Err() != nil {
		j.Stdin, j.Stdout, j.Stderr = strings.NewReader(""), io.Discard, io.Discard
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(host), lastWords)
	defer cancel()
	return e.Run(ctx, Job{Text: action, UID: j.UID, Dir: j.Dir, Env: j.Env, Stdin: j.Stdin, Stdout: j.Stdout, Stderr: j.Stderr})
}

// lastWords is how long a trap may run, in the host's time.
const lastWords = 2 * time.Second

// trapArgs keeps what the interpreter can do of a trap: EXIT and ERR.
func trapArgs(args []string, rewrite func(string) (string, error)) ([]string, error) {
	rest := args[1:]
	if len(rest) > 0 && rest[0] == "--" {
		rest = rest[1:]
	}
	if len(rest) < 2 {
		return []string{"trap"}, nil
	}
	action, signals := rest[0], rest[1:]
	if action != "-" && action != "" {
		text, err := rewrite(action)
		if err != nil {
			return nil, err
		}
		action = text
	}
	out := []string{"trap", "--", action}
	for _, sig := range signals {
		switch strings.TrimPrefix(strings.ToUpper(sig), "SIG") {
		case "0", "EXIT":
			out = append(out, "EXIT")
		case "ERR":
			out = append(out, "ERR")
		}
	}
	if len(out) == 3 {
		return []string{":"}, nil
	}
	return out, nil
}
