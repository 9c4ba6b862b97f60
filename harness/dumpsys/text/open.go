package text

import (
	"bytes"
	"strings"
)

// Body is a dump of one service, ready to be read line by line.
type Body struct {
	// Text is the normalised text of the dump.
	Text []byte
	// First is the number of Text's first line in the text that was given.
	First int
}

// Lines walks over the body.
func (b Body) Lines() Lines { return NewLines(b.Text, b.First) }

const (
	frameRule  = "----------------------------------------" // dumpsys prints 79 of them
	frameTitle = "DUMP OF SERVICE "
	frameEnd   = "s was the duration of dumpsys "
)

// Open normalises a text, cuts the service's part out of a bug report or a
// dump of several services, and recognises the answers of dumpsys that are no
// dump (frameworks/native/cmds/dumpsys/dumpsys.cpp).
//
// service is the name given to dumpsys. With a Timeout or Truncated problem
// the body holds what came before; with the others it is empty.
func Open(b []byte, service string) (Body, *Problem) {
	body := Body{Text: Normalise(b), First: 1}
	if len(bytes.TrimSpace(body.Text)) == 0 {
		return Body{First: 1}, &Problem{Kind: Empty, Service: service}
	}
	body, p := unframe(body, service)
	if p != nil {
		return body, p
	}
	if p := refusal(body, service); p != nil {
		return Body{First: 1}, p
	}
	return expiry(body, service)
}

// unframe finds the service among several. Only a text that begins with a
// frame is searched for frames: inside a dump such lines may be an app's words.
func unframe(body Body, service string) (Body, *Problem) {
	s := body.Lines()
	framed := false
	for s.Next() {
		if l := s.Line(); !l.Blank() {
			t := l.Text()
			framed = bytes.HasPrefix(t, []byte(frameRule)) || bytes.HasPrefix(t, []byte(frameTitle)) ||
				bytes.HasPrefix(t, []byte("Currently running services:"))
			break
		}
	}
	if !framed {
		return body, nil
	}
	found := false
	for s = body.Lines(); !found && s.Next(); {
		found = frameService(s.Line().Raw) == service
	}
	if !found {
		return Body{First: 1}, &Problem{Kind: NotADump, Service: service, Msg: "the text frames other services only"}
	}
	out := Body{Text: s.Rest(), First: s.Line().N + 1}
	size := 0
	for s = out.Lines(); s.Next(); {
		raw := s.Line().Raw
		if bytes.HasPrefix(raw, []byte("---------")) &&
			(bytes.Contains(raw, []byte(frameEnd)) || nextIsFrame(s)) {
			break
		}
		size = len(out.Text) - len(s.Rest())
	}
	out.Text = out.Text[:size]
	return out, nil
}

func nextIsFrame(s Lines) bool {
	l, ok := s.Peek()
	return !ok || frameService(l.Raw) != ""
}

// frameService is the service named by a frame's title line, "" for others.
func frameService(raw []byte) string {
	t, ok := bytes.CutPrefix(raw, []byte(frameTitle))
	if !ok {
		return ""
	}
	for _, prio := range []string{"CRITICAL ", "HIGH ", "NORMAL "} {
		t = bytes.TrimPrefix(t, []byte(prio))
	}
	t, ok = bytes.CutSuffix(t, []byte(":"))
	if !ok {
		return ""
	}
	return string(t)
}

// refusals are what dumpsys, cmd or a service prints in place of a dump, by the
// begin of a line (frameworks/native/cmds/{dumpsys,cmd}).
var refusals = [...]struct {
	prefix string
	kind   Kind
}{
	{"Can't find service: ", NoService},
	{"cmd: Can't find service: ", NoService},
	{"cmd: Failure calling service ", NotADump},
	{"Permission Denial: can't dump ", Denied},
	{"Permission Denial: ", Denied},
	{"Failed to dump service ", NotADump},
	{"Error dumping service info", NotADump},
	{"Error with service ", NotADump},
}

// refusal looks at the first lines only: further down such words are content.
func refusal(body Body, service string) *Problem {
	s := body.Lines()
	for seen := 0; seen < 3 && s.Next(); {
		l := s.Line()
		if l.Blank() {
			continue
		}
		seen++
		for _, r := range refusals {
			if bytes.HasPrefix(l.Text(), []byte(r.prefix)) {
				return &Problem{Kind: r.kind, Service: service, Line: l.N, Msg: Clip(l.Text())}
			}
		}
	}
	return nil
}

// expiry finds the mark of a dump that ran out of time. It is the last thing
// dumpsys prints of the service.
func expiry(body Body, service string) (Body, *Problem) {
	tail := max(0, len(body.Text)-512)
	mark := []byte("*** SERVICE '" + service + "' DUMP TIMEOUT (")
	i := bytes.LastIndex(body.Text[tail:], mark)
	if i < 0 {
		return body, nil
	}
	i += tail
	if i > 0 && body.Text[i-1] != '\n' {
		return body, nil
	}
	n := body.First + bytes.Count(body.Text[:i], []byte{'\n'})
	msg, _, _ := bytes.Cut(body.Text[i:], []byte{'\n'})
	body.Text = body.Text[:i]
	return body, &Problem{Kind: Timeout, Service: service, Line: n, Msg: Clip(msg)}
}

// Clip is a phone's line as part of a message: one line of bounded length.
func Clip(b []byte) string {
	const limit = 200
	s := strings.ToValidUTF8(string(b[:min(len(b), limit)]), "")
	if len(b) > limit {
		s += "..."
	}
	return strings.ReplaceAll(s, "\n", " ")
}
