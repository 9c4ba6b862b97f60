// Package text holds what every reader of a phone's text needs before it looks
// at a service's own keys: one encoding, lines with numbers, the answers that
// dumpsys gives instead of a dump, and a few ways to read fields, never by column.
//
// It knows dumpsys itself (frameworks/native/cmds/dumpsys) but no service: no
// key, section or value of any dump may be named here.
package text

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says why a text is not the whole dump that was asked for.
type Kind string

const (
	// NotADump: the text is something else, or lacks the frame of the dump.
	NotADump Kind = "not a dump"
	// Denied: the caller may not dump the service.
	Denied Kind = "denied"
	// NoService: the phone has no such service.
	NoService Kind = "no service"
	// Timeout: the service did not finish its dump in time.
	Timeout Kind = "timeout"
	// Truncated: the dump starts well and ends early or has a hole.
	Truncated Kind = "truncated"
	// Empty: there was no text at all.
	Empty Kind = "empty"
)

// Problem is the error of every reader: it says what is wrong with the text.
// The facts beside it hold whatever could still be read with certainty.
type Problem struct {
	Kind Kind `json:"kind"`
	// Service is the name given to dumpsys, "" when the text names none.
	Service string `json:"service,omitempty"`
	// Line is the 1-based line that shows the problem, 0 for the whole text.
	Line int `json:"line,omitempty"`
	// Msg is the phone's own line, or what was missed.
	Msg string `json:"msg,omitempty"`
}

// Error implements error.
func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString("read dump")
	if p.Service != "" {
		b.WriteString(" of ")
		b.WriteString(p.Service)
	}
	b.WriteString(": ")
	b.WriteString(string(p.Kind))
	if p.Line > 0 {
		fmt.Fprintf(&b, " at line %d", p.Line)
	}
	if p.Msg != "" {
		b.WriteString(": ")
		b.WriteString(p.Msg)
	}
	return b.String()
}

// Is lets errors.Is compare with a Problem that holds only a Kind.
func (p *Problem) Is(target error) bool {
	t, ok := target.(*Problem)
	return ok && t.Kind == p.Kind && t.Service == "" && t.Line == 0 && t.Msg == ""
}

// IsProblem reports whether err only says that a text was damaged: the facts
// that came with it may still be shown.
func IsProblem(err error) bool {
	_, ok := AsProblem(err)
	return ok
}

// AsProblem returns the Problem in err's chain.
func AsProblem(err error) (*Problem, bool) {
	var p *Problem
	if errors.As(err, &p) && p != nil {
		return p, true
	}
	return nil, false
}

// Err returns p as an error, and a plain nil for a nil p.
func (p *Problem) Err() error {
	if p == nil {
		return nil
	}
	return p
}
