package inspect

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// Row is one fact for a person.
type Row struct {
	// Path leads to the fact in the JSON: calls[0].state.
	Path string
	// Value is the fact in words; texts are quoted. "" when it is unknown.
	Value string
	// Line is the 1-based line that the fact came from; 0 if it rests on the
	// shape of the whole text, or is unknown.
	Line  int
	Known bool
}

// Rows lists all facts, in the order of the JSON. A list of records has a row
// of its own: that it was told, and how long it is, is a fact.
func (f Facts) Rows() []Row { return f.root.rows("", nil) }

func (n node) rows(path string, out []Row) []Row {
	row := Row{Path: path, Line: n.line, Known: true}
	switch {
	case n.shape == unknown:
		return append(out, Row{Path: path})
	case n.shape == scalar:
		row.Value = n.words
		return append(out, row)
	case n.shape == list && (n.flat || len(n.kids) == 0):
		words := make([]string, len(n.kids))
		for i, k := range n.kids {
			words[i] = k.words
		}
		row.Value = "[" + strings.Join(words, " ") + "]"
		return append(out, row)
	case n.shape == list:
		row.Value = strconv.Itoa(len(n.kids)) + " of them"
		out = append(out, row)
		for i, k := range n.kids {
			out = k.rows(path+"["+strconv.Itoa(i)+"]", out)
		}
		return out
	case n.shape == table:
		row.Value = strconv.Itoa(len(n.kids)) + " of them"
		out = append(out, row)
		for i, k := range n.kids {
			out = k.rows(path+"["+strconv.Quote(n.names[i])+"]", out)
		}
		return out
	}
	for i, k := range n.kids {
		switch {
		case n.names[i] == "line" && k.shape == scalar:
			continue // it stands beside every fact of the record
		case path == "":
			out = k.rows(n.names[i], out)
		default:
			out = k.rows(path+"."+n.names[i], out)
		}
	}
	return out
}

const (
	maxValue = 48 // characters of a value that are shown
	maxText  = 72 // characters of a line
)

// Explain writes every known fact with its value and the line of b that it
// came from, and then the facts that b did not tell.
func Explain(w io.Writer, a Answer, b []byte) error {
	out := bufio.NewWriter(w)
	for _, p := range a.Problems {
		fmt.Fprintf(out, "problem: %s\n", clean(p.Error(), 400))
	}
	lines := linesOf(b)
	columns := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	var dark []string
	for _, r := range a.Facts.Rows() {
		if !r.Known {
			dark = append(dark, r.Path)
			continue
		}
		where, said := "-", "(the text as a whole)"
		if r.Line > 0 && r.Line <= len(lines) {
			where, said = strconv.Itoa(r.Line), excerpt(strings.TrimSpace(lines[r.Line-1]), r.Value)
		} else if r.Line > 0 {
			where, said = strconv.Itoa(r.Line), "(no such line)"
		}
		fmt.Fprintf(columns, "%s\t%s\t%s\t%s\n", clean(r.Path, 200), clean(r.Value, maxValue), where, said)
	}
	if err := columns.Flush(); err != nil {
		return fmt.Errorf("explain %s: %w", a.Kind, err)
	}
	if len(dark) > 0 {
		fmt.Fprintln(out, "unknown:")
		for _, path := range dark {
			fmt.Fprintf(out, "  %s\n", clean(path, 200))
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("explain %s: %w", a.Kind, err)
	}
	return nil
}

// linesOf splits as the readers do, so that their numbers fit.
func linesOf(b []byte) []string {
	var out []string
	for s := text.NewLines(text.Normalise(b), 1); s.Next(); {
		out = append(out, string(s.Line().Raw))
	}
	return out
}

// excerpt is the part of a line that shows the value: lines have hundreds of
// fields. Only texts are looked for; a number or a truth value is in a line
// many times.
func excerpt(line, value string) string {
	const before = 24
	said, err := strconv.Unquote(value)
	if err != nil || said == "" {
		return clean(line, maxText)
	}
	i := strings.Index(line, said)
	if i <= before || i+len(said) <= maxText {
		return clean(line, maxText)
	}
	return "..." + clean(strings.ToValidUTF8(line[i-before:], ""), maxText-3)
}

// clean is a phone's text as a part of one line of ours: no control characters
// reach the terminal, and no tab the columns.
func clean(s string, limit int) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > limit {
			b.WriteString("...")
			break
		}
		if !unicode.IsPrint(r) {
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String()
}
