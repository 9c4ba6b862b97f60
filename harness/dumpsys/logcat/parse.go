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

// Parse reads a saved log. The error is a *text.Problem.
func Parse(b []byte, clock Clock) (Facts, error) {
	body := text.Normalise(b)
	if len(bytes.TrimSpace(body)) == 0 {
		return Facts{}, &text.Problem{Kind: text.Empty, Service: "logcat"}
	}
	var (
		all      []Line
		messages bool
		lost     = fact.Of(false, 0)
	)
	s := NewScanner(bytes.NewReader(body), clock)
	for s.Scan() {
		l := s.Line()
		all = append(all, l)
		messages = messages || l.Kind == Message || l.Kind == Buffer
		if l.Kind == Lost {
			lost = fact.Of(true, l.N)
		}
	}
	if !messages {
		return Facts{}, &text.Problem{Kind: text.NotADump, Service: "logcat", Msg: "no line in any form of logcat"}
	}
	return Facts{Lines: fact.Of(all, 1), Lost: lost}, nil
}
