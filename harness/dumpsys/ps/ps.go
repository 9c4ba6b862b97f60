// Package ps reads `ps` of API 26 and newer (toybox): the processes that run,
// by the titles above the columns, so that `-A`, `-ef` and `-o` of any choice
// are read alike. It knows no app.
package ps

import (
	"encoding/binary"
	"math/bits"
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
	rest := string(body.Text)
	for rest != "" {
		line, left := rest, len(rest)
		if i := strings.IndexByte(rest, '\n'); i >= 0 {
			line, rest = rest[:i], rest[i+1:]
		} else {
			rest = ""
		}
		n++
		if at != 0 {
			all = all[:len(all)+1] // made for all lines, and empty
			if last := &all[len(all)-1]; !last.read(line, body.Text[len(body.Text)-left:], n, cols) {
				*last = Process{}
				all = all[:len(all)-1]
			}
		} else if c, ok := titles(line); ok {
			at, cols = n, c
			all = make([]Process, 0, strings.Count(rest, "\n")+1)
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

// read takes a row apart, which text begins with, too. Most of its cells are
// none of ours, so the blanks are looked for many bytes at a time and the cells
// begin where they end.
func (p *Process) read(line string, text []byte, n int, c columns) bool {
	for line != "" && (line[0] == ' ' || line[0] == '\t') {
		line, text = line[1:], text[1:]
	}
	p.Line = n
	cell, before := 0, uint64(1) // the line's begin counts as a blank
	for from := 0; from < len(line); from += chunk {
		blank := blanks(text[from:])
		begins := ^blank & (blank<<1 | before) & (1<<min(chunk, len(line)-from) - 1)
		for ; begins != 0; begins &= begins - 1 {
			rest := line[from+bits.TrailingZeros64(begins):]
			if cell == c.count-1 {
				for rest != "" && (rest[len(rest)-1] == ' ' || rest[len(rest)-1] == '\t') {
					rest = rest[:len(rest)-1]
				}
				p.Name = rest
				return rest != ""
			}
			if !p.cell(rest, cell, n, c) {
				return false
			}
			cell++
		}
		before = blank >> (chunk - 1)
	}
	return false
}

// cell reads the one that the rest of a row begins with.
func (p *Process) cell(rest string, i, n int, c columns) bool {
	switch i {
	case c.pid:
		pid, ok := number(rest)
		p.PID = pid
		return ok
	case c.ppid:
		if ppid, ok := number(rest); ok {
			p.PPID = fact.Of(ppid, n)
		}
	case c.user:
		p.User = fact.Of(word(rest), n)
	case c.state:
		p.State = fact.Of(word(rest), n)
	}
	return true
}

func word(s string) string {
	for i := range len(s) {
		if s[i] == ' ' {
			return s[:i]
		}
	}
	return s
}

// number reads a cell that is a number from 0 up and nothing else.
func number(s string) (int, bool) {
	n := 0
	for i := range len(s) {
		d := s[i] - '0'
		if s[i] == ' ' && i > 0 {
			return n, true
		}
		if d > 9 || i >= 18 {
			return 0, false
		}
		n = n*10 + int(d)
	}
	return n, s != ""
}

// chunk is a number of bytes whose blanks are bits of one word: three of them
// reach from a row's begin to its name.
const chunk = 24

// blanks has a bit for each byte of a chunk that is a blank.
func blanks(b []byte) (set uint64) {
	const low, high = 0x7f7f7f7f7f7f7f7f, 0x8080808080808080
	if len(b) < chunk {
		b = append(make([]byte, 0, chunk), b...)[:chunk]
	}
	b = b[:chunk]
	for i := 0; i < chunk; i += 8 {
		x := binary.LittleEndian.Uint64(b[i:]) ^ 0x2020202020202020
		zero := ^(x&low + low | x) & high // the high bit of each byte that is none
		set |= zero >> 7 * 0x0102040810204080 >> 56 << i
	}
	return set
}
