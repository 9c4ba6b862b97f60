package adbd

import (
	"context"
	"io"
)

// Shell is what runs commands on a phone.
type Shell interface {
	// Run runs one command and returns its exit status, 0 to 255. It returns
	// when the command ended or ctx is done; ctx is done when the host has gone,
	// which on a phone is SIGHUP for the command.
	Run(ctx context.Context, c Command) int
}

// Command is one command for a Shell.
type Command struct {
	// Line is the shell text. Empty together with Argv it asks for an
	// interactive shell that reads Stdin.
	Line string
	// Argv is used instead of Line by abb and abb_exec: a service and its
	// arguments ("package", "install", ...), with no shell in between.
	Argv []string

	// Stdin is never nil. It ends when the host closes its side; it is also cut
	// when ctx is done.
	Stdin io.Reader
	// Stdout and Stderr are never nil and safe to write to from several
	// goroutines. With a PTY, and in protocols without separate streams, both
	// end in the same place in the order of writing. What is written appears at
	// the host soon, also while the command runs. After the host has gone
	// writing is an error.
	Stdout, Stderr io.Writer

	// PTY says that standard input and output are a terminal.
	PTY bool
	// Terminal is the terminal where it does more than pass bytes, else nil.
	Terminal Terminal
	// Env holds what the host asked for: TERM.
	Env map[string]string
}
