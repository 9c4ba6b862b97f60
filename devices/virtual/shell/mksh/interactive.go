package mksh

import (
	"context"
	"fmt"
	"io"
)

// interrupted is the status of what Ctrl-C ended.
const interrupted = 128 + 2

// interrupt ends what runs: the whole job, or what an interactive shell does at
// the moment.
func (s *session) interrupt() {
	s.mu.Lock()
	end := s.turn
	s.mu.Unlock()
	s.interrupted.Store(true)
	end()
	s.in.drain()
}

// typed says whether in is what comes from the terminal.
func (s *session) typed(in io.Reader) bool {
	if r, ok := in.(*reader); ok {
		return r.f == s.in.r
	}
	return in == io.Reader(s.in.r)
}

// Terminal says whether the program's standard input is a terminal.
func (p *Proc) Terminal() bool { return p.s.terminal && p.s.typed(p.Stdin) }

// Window is the size of the terminal, zero where nobody has told it.
func (p *Proc) Window() (rows, cols int) {
	if p.s.size == nil {
		return 0, 0
	}
	return p.s.size()
}

// interactive reads commands from standard input, one line at a time. Ctrl-C
// ends a line, typed or running, and not the shell.
func (s *session) interactive(ctx context.Context, p *Proc, tty bool) int {
	r, err := p.runner(nil)
	if err != nil {
		fmt.Fprintf(p.Stderr, "/system/bin/sh: %v\n", err)
		return 126
	}
	status := 0
	// The prompt of Android's mkshrc.
	prompt := func() {
		if !tty || s.e.o.Name == nil {
			return
		}
		if status != 0 {
			fmt.Fprintf(p.Stdout, "%d|", status)
		}
		sign := "$"
		if p.UID == 0 {
			sign = "#"
		}
		fmt.Fprintf(p.Stdout, "%s:%s %s ", s.e.o.Name(), r.Dir, sign)
	}
	// turn is what Ctrl-C ends: reading one line and doing it.
	var turn context.Context
	lines := &lineReader{}
	next := func() {
		var end func()
		turn, end = context.WithCancel(ctx)
		s.mu.Lock()
		s.turn = end
		s.mu.Unlock()
		lines.r = s.readerIn(turn, s.in.r)
	}
	next()
	prompt()
	for {
		parse := parser()
		for stmts, err := range parse.InteractiveSeq(lines) {
			if turn.Err() != nil {
				break
			}
			if err != nil {
				fmt.Fprintf(p.Stderr, "/system/bin/sh: %s\n", syntaxError(err))
				return 1
			}
			if parse.Incomplete() {
				continue
			}
			for _, st := range stmts {
				if refused := s.rewrite(st); refused != "" {
					fmt.Fprintf(p.Stderr, "/system/bin/sh: syntax error: unexpected %s\n", refused)
					status = 1
					continue
				}
				status = exitCode(guard(func() error { return r.Run(turn, st) }))
				if turn.Err() != nil {
					break
				}
				if r.Exited() {
					return status
				}
			}
			if turn.Err() != nil {
				break
			}
			next()
			prompt()
		}
		if ctx.Err() != nil || turn.Err() == nil { // the host has gone, or the input has ended
			return status
		}
		status = interrupted
		fmt.Fprintln(p.Stdout)
		next()
		prompt()
	}
}

// lineReader never takes more than one line, so that the commands of a session
// can read what follows theirs.
type lineReader struct{ r io.Reader }

func (l *lineReader) Read(b []byte) (int, error) {
	for n := range b {
		if _, err := io.ReadFull(l.r, b[n:n+1]); err != nil {
			return n, io.EOF
		}
		if b[n] == '\n' {
			return n + 1, nil
		}
	}
	return len(b), nil
}
