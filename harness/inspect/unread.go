package inspect

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// Unread tells how much of a text no fact rests on.
type Unread struct {
	// Lines counts the lines that say something: those that hold a letter or
	// a digit. Blank lines, rules and lone brackets are not counted.
	Lines int
	// Nobodys are those of them that neither a fact nor a problem names as the
	// line that it came from, in order. A heading counts as read when the list
	// below it is a fact, and a record's first line when the record is one; of
	// a record that spans lines, the others count by the facts on them.
	Nobodys []Unsaid
}

// Unsaid is a line that no fact came from.
type Unsaid struct {
	N    int // 1-based
	Text string
}

// UnreadOf finds the lines of b, the text that a answers for, that no fact in a
// rests on. That a line is read does not say that all of it is.
func UnreadOf(a Answer, b []byte) Unread {
	read := map[int]bool{}
	a.Facts.root.lines(read)
	for _, p := range a.Problems {
		read[p.Line] = true
	}
	var u Unread
	for i, line := range linesOf(b) {
		if !strings.ContainsFunc(line, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			continue
		}
		u.Lines++
		if !read[i+1] {
			u.Nobodys = append(u.Nobodys, Unsaid{i + 1, line})
		}
	}
	return u
}

// lines notes the lines of all known facts at and below n.
func (n node) lines(read map[int]bool) {
	if n.shape == unknown {
		return
	}
	read[n.line] = true
	for _, k := range n.kids {
		k.lines(read)
	}
}

// WriteUnread writes the lines that no fact came from, and how many of how
// many they are.
func WriteUnread(w io.Writer, a Answer, b []byte) error {
	out := bufio.NewWriter(w)
	u := UnreadOf(a, b)
	for _, l := range u.Nobodys {
		fmt.Fprintf(out, "%d\t%s\n", l.N, clean(l.Text, 200))
	}
	fmt.Fprintf(out, "unread: %d of %d lines\n", len(u.Nobodys), u.Lines)
	if err := out.Flush(); err != nil {
		return fmt.Errorf("list what is unread of %s: %w", a.Kind, err)
	}
	return nil
}
