package logcat

import (
	"bytes"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// Facts is what a saved log says.
type Facts struct {
	Lines fact.Value[[]Line] `json:"lines"`
	// Lost is true if the log says that lines are missing from its middle.
	Lost fact.Value[bool] `json:"lost"`
}

// Parse reads a saved log. All its lines are kept, which takes up to twice the
// log again: Scanner is for one that does not fit. The error is a *text.Problem.
func Parse(b []byte, clock Clock) (Facts, error) {
	body := text.Normalise(b)
	if len(bytes.TrimSpace(body)) == 0 {
		return Facts{}, &text.Problem{Kind: text.Empty, Service: "logcat"}
	}
	var (
		all  = make([]Line, 0, lineCount(body))
		t    = newTaker(clock)
		msgs text.Recent
		e    entry
		log  bool
		lost = fact.Of(false, 0)
	)
	for n := 1; len(body) > 0; n++ {
		line := body
		if i := bytes.IndexByte(body, '\n'); i >= 0 {
			line, body = body[:i], body[i+1:]
		} else {
			body = nil
		}
		if !t.take(line, &e) {
			continue
		}
		log = log || e.kind == Message || e.kind == Buffer
		if e.kind == Lost {
			lost = fact.Of(true, n)
		}
		if len(all) < cap(all) {
			all = all[:len(all)+1] // fill sets all of it
		} else {
			all = append(all, Line{})
		}
		t.fill(&all[len(all)-1], &e, n)
		all[len(all)-1].Msg = msgs.Word(e.msg)
	}
	if !log {
		return Facts{}, &text.Problem{Kind: text.NotADump, Service: "logcat", Msg: "no line in any form of logcat"}
	}
	return Facts{Lines: fact.Of(all, 1), Lost: lost}, nil
}

// lineCount is about the number of lines that will be kept: too many is memory
// that nothing uses, too few is a copy of all of them.
func lineCount(body []byte) int {
	n := bytes.Count(body, []byte{'\n'}) + 1
	head := body[:min(len(body), 4<<10)]
	switch {
	case bytes.HasPrefix(head, []byte("[ ")) || bytes.Contains(head, []byte("\n[ ")):
		return n/3 + 1 // -v long: a header, a message, a blank line
	case n < len(body)/32:
		return n
	}
	// No log that a phone printed. Blank lines are not kept.
	n = 0
	for len(body) > 0 {
		i := bytes.IndexByte(body, '\n')
		if i < 0 {
			i = len(body) - 1
		} else if i > 0 {
			n++
		}
		body = body[i+1:]
	}
	return n + 1
}
