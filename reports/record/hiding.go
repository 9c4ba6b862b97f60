package record

import (
	"os"
	"slices"
)

// HideText takes secrets out of a text that is shown to people beside a record:
// on a terminal, in the log of a CI system.
func HideText(text string) string { return string(maskOf(os.Environ()).hide([]byte(text))) }

// Hiding is a Sink that takes secrets out of what it hands on.
func Hiding(to Sink) Sink {
	m := maskOf(os.Environ())
	return SinkFunc(func(e Event) { to.Record(m.event(e)) })
}

func (m mask) text(s string) string { return string(m.hide([]byte(s))) }

// event is e without secrets; what e shares with others is left alone.
func (m mask) event(e Event) Event {
	e.Text = m.text(e.Text)
	if e.Finding != nil {
		f := *e.Finding
		f.Sentence, f.Wanted, f.Seen, f.Advice = m.text(f.Sentence), m.text(f.Wanted), m.text(f.Seen), m.text(f.Advice)
		e.Finding = &f
	}
	e.Causes, e.Edges = slices.Clone(e.Causes), slices.Clone(e.Edges)
	for i := range e.Causes {
		c := &e.Causes[i]
		c.Sentence, c.Remedy, c.Facts = m.text(c.Sentence), m.text(c.Remedy), slices.Clone(c.Facts)
		for j, f := range c.Facts {
			c.Facts[j] = m.text(f)
		}
	}
	for i := range e.Edges {
		e.Edges[i].Text, e.Edges[i].Void = m.text(e.Edges[i].Text), m.text(e.Edges[i].Void)
	}
	return e
}
