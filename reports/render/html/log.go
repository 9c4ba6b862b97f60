package html

import (
	"regexp"
	"strings"

	"github.com/ringproof/ringproof/reports/record"
)

// Log is a log in pieces: what matters is shown, what lies between is folded.
type Log struct {
	Evidence
	Pieces []Piece
	Lines  int
	// Marked counts the lines that are marked.
	Marked int
}

// Piece is lines that belong together.
type Piece struct {
	Lines []LogLine
	// Folded pieces have no marked line; Left lines of one that is too long
	// are in the file only.
	Folded bool
	Left   int
}

// LogLine is one line; Mark says in a word why it matters.
type LogLine struct {
	Text, Mark, Sign string
}

const (
	around   = 2    // lines shown before and after a marked one
	fold     = 6    // fewer unmarked lines than this are shown
	longFold = 400  // lines of a folded piece that a page holds
	maxMarks = 1000 // marked lines of a log; the rest is in the file
	maxWidth = 2000 // bytes of a line
)

// threadtime is how logcat prints a line: date, time, perhaps a zone and a uid,
// pid, tid, priority, tag (`logcat -v threadtime`, Android's liblog).
var threadtime = regexp.MustCompile(`^(?:\d{4}-)?\d\d-\d\d \d\d:\d\d:\d\d\.\d+ +(?:[+-]\d{4} +)?(?:\S+ +)?(\d+) +\d+ ([VDIWEFA]) (.*?) *: (.*)$`)

// born is how the system tells that a process was started ("Start proc
// PID:NAME/UID for ...", ActivityManager's ProcessList).
var born = regexp.MustCompile(`Start proc (\d+):([^/: ]+)`)

// citations are the facts that causes name, as far as a log line may be one.
func citations(causes []record.Cause) []string {
	var all []string
	for _, c := range causes {
		for _, f := range c.Facts {
			// "log: TEXT" and the bare text are both in use.
			if _, said, ok := strings.Cut(f, ": "); ok && len(said) >= 12 {
				all = append(all, said)
			}
			if len(f) >= 12 {
				all = append(all, f)
			}
		}
	}
	return all
}

// logOf reads a log that logcat printed; false if it is none. pkg is the app's
// package.
func logOf(e Evidence, text, pkg string, cited []string) (Log, bool) {
	l := Log{Evidence: e}
	own := map[string]bool{} // the app's pids
	for _, m := range born.FindAllStringSubmatch(text, -1) {
		if pkg != "" && m[2] == pkg {
			own[m[1]] = true
		}
	}
	var lines []LogLine
	known := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if len(line) > maxWidth {
			line = strings.ToValidUTF8(line[:maxWidth], "") + " ..."
		}
		x := LogLine{Text: line}
		if m := threadtime.FindStringSubmatch(line); m != nil && l.Marked < maxMarks {
			known = true
			if x.Mark = markOf(m[2], m[3], m[4], cited); x.Mark == "" && own[m[1]] {
				x.Mark = "app"
			}
		}
		if x.Mark != "" {
			l.Marked++
			x.Sign = signs()[x.Mark]
		}
		lines = append(lines, x)
	}
	l.Lines = len(lines)
	l.Pieces = pieces(lines)
	return l, known
}

// signs stand beside marked lines.
func signs() map[string]string {
	return map[string]string{"cited": "★", "error": "▲", "telecom": "●", "app": "○"}
}

// markOf says why a line matters: a cause names it, something failed, or
// Telecom speaks.
func markOf(priority, tag, message string, cited []string) string {
	for _, c := range cited {
		if strings.Contains(message, c) || len(message) >= 12 && strings.Contains(c, message) {
			return "cited"
		}
	}
	switch {
	case priority == "E" || priority == "F" || tag == "am_crash" || tag == "am_anr":
		return "error"
	case strings.HasPrefix(tag, "Telecom"):
		return "telecom"
	}
	return ""
}

// pieces shows marked lines with those around them and folds what is between.
func pieces(lines []LogLine) []Piece {
	show := make([]bool, len(lines))
	for i, l := range lines {
		if l.Mark != "" {
			for j := max(0, i-around); j <= min(len(lines)-1, i+around); j++ {
				show[j] = true
			}
		}
	}
	var all []Piece
	for i := 0; i < len(lines); {
		j := i
		for j < len(lines) && show[j] == show[i] {
			j++
		}
		folded := !show[i] && j-i >= fold
		if n := len(all); n > 0 && !all[n-1].Folded && !folded {
			all[n-1].Lines = append(all[n-1].Lines, lines[i:j]...)
		} else {
			p := Piece{Lines: lines[i:j:j], Folded: folded}
			if folded && len(p.Lines) > longFold {
				p.Left, p.Lines = len(p.Lines)-longFold, p.Lines[:longFold]
			}
			all = append(all, p)
		}
		i = j
	}
	return all
}
