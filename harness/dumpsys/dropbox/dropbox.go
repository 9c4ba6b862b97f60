// Package dropbox reads `dumpsys dropbox [--print] [TAG]` of API 26 and newer:
// what the phone kept of crashes and of apps that did not respond, which
// outlives the log. It knows no app and no log.
//
// Source: DropBoxManagerService.dump, ActivityManagerService.addErrorToDropBox.
package dropbox

import (
	"bytes"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

const service = "dropbox"

// Facts is what one dump says.
type Facts struct {
	// Total counts all entries that the phone keeps, listed or not.
	Total fact.Value[int] `json:"total"`
	// Search is the tag that was asked for.
	Search  fact.Value[string]  `json:"search"`
	Entries fact.Value[[]Entry] `json:"entries"`
}

// Entry is one of them.
type Entry struct {
	// Time is the phone's wall clock as printed, without a zone.
	Time string `json:"time"`
	// Tag is data_app_crash, data_app_anr, data_app_native_crash,
	// system_server_crash, SYSTEM_BOOT, ...
	Tag     string             `json:"tag"`
	Bytes   fact.Value[int]    `json:"bytes"` // unknown for one that was lost
	Process fact.Value[string] `json:"process"`
	PID     fact.Value[int]    `json:"pid"`
	UID     fact.Value[int]    `json:"uid"` // API 30
	// Package is the name, Version the code behind it.
	Package    fact.Value[string] `json:"package"`
	Version    fact.Value[int]    `json:"version"`
	Foreground fact.Value[bool]   `json:"foreground"`
	// Subject is what an app did not respond to.
	Subject fact.Value[string] `json:"subject"`
	Build   fact.Value[string] `json:"build"`
	// Cause is the first line below the head: of a crash, the exception.
	Cause fact.Value[string] `json:"cause"`
	Line  int                `json:"line"`
}

// Of lists the entries of a process, or of its package.
func (f Facts) Of(name string) []Entry {
	var out []Entry
	for _, e := range f.Entries.Or(nil) {
		if fact.Is(e.Process, name) || fact.Is(e.Package, name) {
			out = append(out, e)
		}
	}
	return out
}

// Parse reads a dump. The error is a *text.Problem.
func Parse(b []byte) (Facts, error) {
	body, p := text.Open(b, service)
	var (
		f       Facts
		all     = []Entry{}
		at      int
		printed bool // --print: a rule stands above each entry
		ruled   bool // the last line was one
		part    = content
		words   text.Recent
		size    = len(body.Text)
	)
	for s := body.Lines(); s.Next(); {
		l := s.Line()
		if at == 0 {
			if v, ok := text.After(l.Text(), "Drop box contents: "); ok {
				at = l.N
				if n, ok := text.Int(v); ok {
					f.Total = fact.Of(int(n), l.N)
				}
			}
			continue
		}
		// Most lines are those of a stack.
		if l.Indent == 0 && len(l.Raw) >= 8 {
			if l.Raw[0] == '=' && string(l.Raw[:8]) == "========" {
				printed, ruled, part = true, true, content
				continue
			}
			if isTitle(l.Raw) && (ruled || !printed) {
				all = text.Extend(all, size-len(s.Rest()), size)
				if all[len(all)-1].title(l, &words) {
					part, ruled = head, false
					continue
				}
				all = all[:len(all)-1]
			}
		}
		ruled = false
		switch {
		case len(all) == 0:
			if v, ok := text.After(l.Text(), "Searching for: "); ok {
				text.Set(&f.Search, fact.Of(string(v), l.N))
			}
		case part != content:
			part = all[len(all)-1].take(l, part, printed, &words)
		}
	}
	if at != 0 {
		f.Entries = fact.Of(all, at)
	}
	switch {
	case p != nil:
		return f, p
	case at == 0:
		return f, &text.Problem{Kind: text.NotADump, Service: service, Msg: "no line Drop box contents:"}
	}
	return f, nil
}

// What of an entry comes next.
type part int

const (
	head    part = iota // keys, up to a blank line
	cause               // the next line that is not blank
	content             // a stack, a trace: not read
)

// isTitle tells a title by the time that it begins with.
func isTitle(t []byte) bool {
	return len(t) >= 21 && t[4] == '-' && t[7] == '-' && t[10] == ' ' && t[13] == ':' && t[19] == ' '
}

// title reads `2025-10-24 14:11:11 data_app_anr (compressed text, 22175 bytes)`.
func (e *Entry) title(l text.Line, words *text.Recent) bool {
	tag, rest, ok := bytes.Cut(l.Raw[20:], []byte(" ("))
	if !ok || len(tag) == 0 || bytes.IndexByte(tag, ' ') >= 0 {
		return false
	}
	e.Time, e.Tag, e.Line = words.Word(l.Raw[:19]), words.Word(tag), l.N
	if i := bytes.LastIndex(rest, []byte(", ")); i >= 0 && bytes.HasSuffix(rest, []byte(" bytes)")) {
		if n, ok := text.Int(rest[i+2:]); ok {
			e.Bytes = fact.Of(int(n), l.N)
		}
	}
	return true
}

// take reads one line below the title and says what comes next.
func (e *Entry) take(l text.Line, at part, printed bool, words *text.Recent) part {
	t := l.Text()
	switch {
	case at == head && !printed && len(t) > 0:
		// The summary has the first lines in one, with slashes between.
		first, _, _ := bytes.Cut(t, []byte{'/'})
		e.key(first, l.N, words)
		return content
	case at == head && len(t) == 0:
		return cause
	case at == head:
		if !e.key(t, l.N, words) && !bytes.Contains(t, []byte(": ")) {
			text.Set(&e.Cause, fact.Of(text.Clip(t), l.N)) // no head at all
			return content
		}
	case at == cause && len(t) > 0:
		text.Set(&e.Cause, fact.Of(text.Clip(t), l.N))
		return content
	}
	return at
}

func (e *Entry) key(t []byte, line int, words *text.Recent) bool {
	i := bytes.IndexByte(t, ':')
	if i < 0 || i+1 == len(t) || t[i+1] != ' ' {
		return false
	}
	v := t[i+2:]
	word := func(to *fact.Value[string]) {
		if !to.Known() {
			*to = fact.Of(words.Word(v), line)
		}
	}
	number := func(to *fact.Value[int], v []byte) {
		if n, ok := text.Int(v); ok {
			text.Set(to, fact.Of(int(n), line))
		}
	}
	switch string(t[:i]) {
	case "Process":
		word(&e.Process)
	case "PID":
		number(&e.PID, v)
	case "UID":
		number(&e.UID, v)
	case "Package":
		var version []byte
		v, version, _ = bytes.Cut(v, []byte(" v"))
		word(&e.Package)
		number(&e.Version, version)
	case "Foreground":
		if string(v) == "Yes" || string(v) == "No" {
			text.Set(&e.Foreground, fact.Of(v[0] == 'Y', line))
		}
	case "Subject":
		word(&e.Subject)
	case "Build":
		word(&e.Build)
	default:
		return false
	}
	return true
}
