package mksh

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// The parser takes a carriage return before a newline for the line end of
// another system and drops it. mksh keeps it, and so must a phone that is sent
// one inside quotes. It travels through the parser as two characters that the
// parser leaves alone; the first of them, where a text has it already, does too.
const escape = "\ue00d"

func hideCR(text string) string {
	if !strings.Contains(text, "\r") && !strings.Contains(text, escape) {
		return text
	}
	return strings.NewReplacer(escape, escape+"e", "\r", escape+"r").Replace(text)
}

// showCR puts the carriage returns back into a parsed text.
func showCR(node syntax.Node) {
	back := strings.NewReplacer(escape+"e", escape, escape+"r", "\r")
	syntax.Walk(node, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Lit:
			n.Value = back.Replace(n.Value)
		case *syntax.SglQuoted:
			n.Value = back.Replace(n.Value)
		}
		return true
	})
}
