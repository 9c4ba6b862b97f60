package html

import "strings"

// Diff is what a dump lost and got, from the unified form (`diff -u`).
type Diff struct {
	Evidence
	Lines       []DiffLine
	Added, Gone int
	Cut         bool
}

// DiffLine is one line. Sign is "+", "-", "@" for the place of a hunk, or "".
type DiffLine struct {
	Sign, Text string
}

// maxDiff is how many lines of a difference a page shows.
const maxDiff = 600

func diffOf(e Evidence, text string) Diff {
	d := Diff{Evidence: e}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		var l DiffLine
		switch {
		case len(d.Lines) == 0 && (strings.HasPrefix(line, "--- ") || strings.HasPrefix(line, "+++ ")):
			continue // the title says it
		case strings.HasPrefix(line, "+"):
			l = DiffLine{"+", line[1:]}
			d.Added++
		case strings.HasPrefix(line, "-"):
			l = DiffLine{"-", line[1:]}
			d.Gone++
		case strings.HasPrefix(line, "@@"):
			l = DiffLine{"@", strings.TrimSpace(strings.Trim(line, "@"))}
		default:
			l = DiffLine{"", strings.TrimPrefix(line, " ")}
		}
		if len(d.Lines) < maxDiff {
			d.Lines = append(d.Lines, l)
		} else {
			d.Cut = true
		}
	}
	return d
}
