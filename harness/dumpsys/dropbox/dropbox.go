// Package dropbox reads `dumpsys dropbox [--print] [TAG]` of API 26 and newer:
// what the phone kept of crashes and of apps that did not respond, which
// outlives the log. It knows no app and no log.
//
// Source: DropBoxManagerService.dump, ActivityManagerService.addErrorToDropBox.
package dropbox

import (
	"strings"

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
	)
	for s := body.Lines(); s.Next(); {
		l := s.Line()
		t := l.Text()
		if at == 0 {
			if v, ok := text.After(t, "Drop box contents: "); ok {
				at = l.N
				f.Total = text.IntFact(text.Line{N: l.N, Raw: append([]byte("n="), v...)}, "n=")
			}
			continue
		}
		if len(l.Raw) >= 8 && string(l.Raw[:8]) == "========" {
			printed, ruled, part = true, true, content
			continue
		}
		if e, ok := title(l); ok && (ruled || !printed) {
			all, part, ruled = append(all, e), head, false
			continue
		}
		ruled = false
		if len(all) == 0 {
			if v, ok := text.After(t, "Searching for: "); ok {
				text.Set(&f.Search, fact.Of(string(v), l.N))
			}
			continue
		}
		part = all[len(all)-1].take(l, part, printed)
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

// title reads `2025-10-24 14:11:11 data_app_anr (compressed text, 22175 bytes)`.
func title(l text.Line) (Entry, bool) {
	if l.Indent > 0 || len(l.Raw) < 21 || l.Raw[4] != '-' || l.Raw[7] != '-' || l.Raw[10] != ' ' || l.Raw[13] != ':' || l.Raw[19] != ' ' {
		return Entry{}, false
	}
	raw := string(l.Raw)
	tag, rest, ok := strings.Cut(raw[20:], " (")
	if !ok || tag == "" || strings.ContainsRune(tag, ' ') {
		return Entry{}, false
	}
	e := Entry{Time: raw[:19], Tag: tag, Line: l.N}
	if i := strings.LastIndex(rest, ", "); i >= 0 && strings.HasSuffix(rest, " bytes)") {
		if n, ok := text.Int([]byte(rest[i+2:])); ok {
			e.Bytes = fact.Of(int(n), l.N)
		}
	}
	return e, true
}

// take reads one line below the title and says what comes next.
func (e *Entry) take(l text.Line, at part, printed bool) part {
	switch {
	case at == head && !printed && !l.Blank():
		// The summary has the first lines in one, with slashes between.
		first, _, _ := strings.Cut(string(l.Text()), "/")
		e.key(text.Line{N: l.N, Raw: []byte(first)})
		return content
	case at == head && l.Blank():
		return cause
	case at == head:
		if !e.key(l) && !strings.Contains(string(l.Text()), ": ") {
			text.Set(&e.Cause, fact.Of(text.Clip(l.Text()), l.N)) // no head at all
			return content
		}
	case at == cause && !l.Blank():
		text.Set(&e.Cause, fact.Of(text.Clip(l.Text()), l.N))
		return content
	}
	return at
}

func (e *Entry) key(l text.Line) bool {
	key, v, ok := strings.Cut(string(l.Text()), ": ")
	if !ok {
		return false
	}
	word := fact.Of(v, l.N)
	number := text.IntFact(text.Line{N: l.N, Raw: []byte("n=" + v)}, "n=")
	switch key {
	case "Process":
		text.Set(&e.Process, word)
	case "PID":
		text.Set(&e.PID, number)
	case "UID":
		text.Set(&e.UID, number)
	case "Package":
		name, version, ok := strings.Cut(v, " v")
		text.Set(&e.Package, fact.Of(name, l.N))
		if n, isNumber := text.Int([]byte(version)); ok && isNumber {
			text.Set(&e.Version, fact.Of(int(n), l.N))
		}
	case "Foreground":
		if v == "Yes" || v == "No" {
			text.Set(&e.Foreground, fact.Of(v == "Yes", l.N))
		}
	case "Subject":
		text.Set(&e.Subject, word)
	case "Build":
		text.Set(&e.Build, word)
	default:
		return false
	}
	return true
}
