// Package ps reads `ps` of API 26 and newer (toybox): the processes that run,
// by the titles above the columns, so that `-A`, `-ef` and `-o` of any choice
// are read alike. It knows no app.
package ps

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

const command = "ps"

// Facts is what one list says.
type Facts struct {
	Processes fact.Value[[]Process] `json:"processes"`
}

// Process is one row. What has no column is unknown.
type Process struct {
	PID  int                `json:"pid"`
	PPID fact.Value[int]    `json:"ppid"`
	User fact.Value[string] `json:"user"` // u0_a123, root, shell
	// State is R, S, D, T, Z, ..., with more letters under the title STAT.
	State fact.Value[string] `json:"state"`
	// Name is the process's own: an app's package or package:part, a kernel
	// thread in brackets. It may hold blanks.
	Name string `json:"name"`
	Line int    `json:"line"`
}

// Named lists the processes of a name.
func (f Facts) Named(name string) []Process {
	var out []Process
	for _, p := range f.Processes.Or(nil) {
		if p.Name == name {
			out = append(out, p)
		}
	}
	return out
}

// columns are the places of what is read; -1 is a column that is not there.
type columns struct{ pid, ppid, user, state, name, count int }

// Parse reads a list. The error is a *text.Problem.
func Parse(b []byte) (Facts, error) {
	body, p := text.Open(b, command)
	var (
		f    Facts
		all  []Process
		at   int
		cols columns
		n    = body.First - 1
	)
	// The rows are parts of one copy of the text, of which they are half.
	for line := range strings.Lines(string(body.Text)) {
		n++
		line = strings.Trim(line, " \t\n")
		switch {
		case line == "":
		case at == 0:
			if c, ok := titles(line); ok {
				at, cols = n, c
				all = make([]Process, 0, bytes.Count(body.Text, []byte{'\n'}))
			}
		default:
			if proc, ok := row(line, n, cols); ok {
				all = append(all, proc)
			}
		}
	}
	switch {
	case p != nil:
		return f, p
	case at == 0:
		return f, &text.Problem{Kind: text.NotADump, Service: command, Msg: "no titles with PID and NAME"}
	case len(all) == 0:
		// There is always ps itself.
		return f, &text.Problem{Kind: text.Truncated, Service: command, Line: at, Msg: "no process below the titles"}
	}
	f.Processes = fact.Of(all, at)
	return f, nil
}

// titles reads the first line. The name is the last column, or it could not
// hold blanks.
func titles(t string) (columns, bool) {
	c := columns{-1, -1, -1, -1, -1, 0}
	all := strings.Fields(t)
	for i, title := range all {
		switch title {
		case "PID":
			c.pid = i
		case "PPID":
			c.ppid = i
		case "USER", "UID":
			c.user = i
		case "S", "STAT":
			c.state = i
		case "NAME", "CMD", "ARGS", "CMDLINE":
			c.name = i
		}
	}
	c.count = len(all)
	if n := len(all); n > 1 && all[n-2] == "PC" && c.name == n-1 {
		// Before API 26 the state stands between the two without a title.
		c.state, c.name, c.count = n-1, n, n+1
	}
	return c, c.pid >= 0 && c.name == c.count-1
}

func row(rest string, n int, c columns) (Process, bool) {
	p := Process{Line: n}
	for i := range c.count - 1 {
		end := strings.IndexByte(rest, ' ')
		if end < 0 {
			return p, false
		}
		cell := rest[:end]
		for rest = rest[end+1:]; rest[0] == ' '; { // it was trimmed: the last is none
			rest = rest[1:]
		}
		switch i {
		case c.pid:
			pid, err := strconv.Atoi(cell)
			if err != nil || pid < 0 {
				return p, false
			}
			p.PID = pid
		case c.ppid:
			if ppid, err := strconv.Atoi(cell); err == nil {
				p.PPID = fact.Of(ppid, n)
			}
		case c.user:
			p.User = fact.Of(cell, n)
		case c.state:
			p.State = fact.Of(cell, n)
		}
	}
	p.Name = rest
	return p, true
}
