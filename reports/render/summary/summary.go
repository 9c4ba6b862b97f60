// Package summary writes a record as Markdown for a person who opens a CI job:
// what is red and why, first. GitHub aborts the upload of a step summary over
// 1024 KiB, so what does not fit is left out and counted.
package summary

import (
	"fmt"
	"io"
	"strings"

	"github.com/ringproof/ringproof/reports/record"
)

// Limit is the most that Write writes, a little under GitHub's limit.
const Limit = 1000 << 10

// Write writes the summary.
func Write(w io.Writer, t record.Told) error {
	var b strings.Builder
	counts := map[record.Verdict]int{}
	for _, a := range t.Attempts {
		counts[a.Verdict]++
	}
	fmt.Fprintf(&b, "## Ringproof: %s\n\n", words(t.Run.App.Package))
	var parts []string
	for _, v := range []record.Verdict{record.Failed, record.Infra, record.Skipped, record.Passed} {
		if n := counts[v]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, v))
		}
	}
	if len(parts) == 0 {
		parts = []string{"nothing ran"}
	}
	fmt.Fprintf(&b, "%s.", strings.Join(parts, ", "))
	if t.Run.Interrupted || t.Run.Ended.IsZero() {
		b.WriteString(" **The run was cut short.**")
	}
	b.WriteString("\n\n")
	tail := "\n_%d more attempts did not fit here: see the record._\n"
	left := 0
	for _, v := range []record.Verdict{record.Failed, record.Infra} {
		for _, a := range t.Attempts {
			if a.Verdict != v {
				continue
			}
			if s := story(a); b.Len()+len(s)+len(tail)+20 < Limit*3/4 {
				b.WriteString(s)
			} else {
				left++
			}
		}
	}
	b.WriteString("| scenario | phone | verdict | ringing after | why |\n|---|---|---|---|---|\n")
	for _, a := range t.Attempts {
		if r := row(a); b.Len()+len(r)+len(tail)+20 < Limit {
			b.WriteString(r)
		} else {
			left++
		}
	}
	if left > 0 {
		fmt.Fprintf(&b, tail, left)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// story is one red attempt: the finding, the likeliest cause and its remedy.
func story(a record.ToldAttempt) string {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s: %s\n\n", strings.ToUpper(string(a.Verdict)), words(a.Scenario.Title))
	if a.Finding != nil {
		fmt.Fprintf(&b, "%s\n\n", words(a.Finding.Sentence))
	}
	for _, c := range a.Diagnosis[:min(len(a.Diagnosis), 2)] {
		fmt.Fprintf(&b, "- **Likely: %s**\n", words(c.Sentence))
		for _, f := range c.Facts[:min(len(c.Facts), 3)] {
			fmt.Fprintf(&b, "  - because %s\n", words(f))
		}
		fmt.Fprintf(&b, "  - remedy: %s\n", words(c.Remedy))
	}
	b.WriteString("\n")
	return b.String()
}

func row(a record.ToldAttempt) string {
	ringing, why := "", ""
	if d, ok := a.Latency(record.EdgeRinging); ok {
		ringing = fmt.Sprintf("%d ms", d.Milliseconds())
	}
	if a.Finding != nil {
		why = a.Finding.Sentence
	}
	phone := a.Phone.Serial
	if a.Phone.API > 0 {
		phone += fmt.Sprintf(" (API %d)", a.Phone.API)
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s |\n", words(a.Scenario.ID), words(phone), a.Verdict, ringing, words(why))
}

// words makes a text of anybody's into words of ours: one line, nothing that
// Markdown or HTML would take for its own.
func words(s string) string {
	const limit = 400
	if len(s) > limit {
		s = s[:limit] + "..."
	}
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(s, "\ufffd") {
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '&':
			b.WriteString("&amp;")
		case strings.ContainsRune("\\`*_{}[]()#+!|~$@", r):
			// A numeric reference is text wherever it stands, also in tables.
			fmt.Fprintf(&b, "&#%d;", r)
		case r < ' ' || r == 0x7f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	return strings.TrimSpace(b.String())
}
