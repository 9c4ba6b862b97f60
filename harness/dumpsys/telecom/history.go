package telecom

import (
	"bytes"
	"strings"
	"time"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
)

// readHistory reads all records of the section that ends the dump. The whole
// section becomes one string that the events point into: it is the one large
// part of a dump, and a string for each field would cost more than reading it.
func readHistory(b []byte, first int) []Record {
	rest := string(b)
	// Ten calls are kept on most phones. Events go into one list that is handed
	// out in parts; no event line is shorter than what the estimate divides by.
	all := make([]Record, 0, 10)
	events := make([]Event, 0, min(bytes.Count(b, []byte{'\n'}), len(b)/48))
	var starts []int
	for n := first; rest != ""; n++ {
		var s string
		if i := strings.IndexByte(rest, '\n'); i >= 0 {
			s, rest = rest[:i], rest[i+1:]
		} else {
			s, rest = rest, ""
		}
		i := 0
		for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
			i++
		}
		if s = s[i:]; s == "" {
			continue
		}
		if isTime(s) {
			if len(all) > 0 {
				events = append(events, parseEvent(s, n))
			}
			continue
		}
		switch s[0] {
		case 'C', 'S', 'E':
			if r, ok := parseHeader(s, n); ok {
				all, starts = append(all, r), append(starts, len(events))
			}
		case '>', 'T', 'V':
			if len(all) > 0 {
				all[len(all)-1].party(s, n)
			}
		}
	}
	for i, end := len(all)-1, len(events); i >= 0; i-- {
		all[i].Events = events[starts[i]:end:end]
		end = starts[i]
	}
	return all
}

// isTime reports whether a line begins like an event: `HH:mm:ss.SSS - `. Data of
// makers' events may run over several lines, so nothing else begins an event.
func isTime(s string) bool {
	return len(s) > 15 && s[2] == ':' && s[5] == ':' && (s[8] == '.' || s[8] == ',') &&
		s[12] == ' ' && s[13] == '-' && s[14] == ' ' &&
		digit(s[0]) && digit(s[1]) && digit(s[3]) && digit(s[4]) && digit(s[6]) && digit(s[7]) &&
		digit(s[9]) && digit(s[10]) && digit(s[11])
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// parseEvent reads `HH:mm:ss.SSS - NAME (data):session`; data and session are
// optional and data may hold parentheses and whole rows.
func parseEvent(s string, line int) Event {
	d := func(i int) time.Duration { return time.Duration(s[i] - '0') }
	e := Event{Line: line, At: (d(0)*10+d(1))*time.Hour + (d(3)*10+d(4))*time.Minute +
		(d(6)*10+d(7))*time.Second + (d(9)*100+d(10)*10+d(11))*time.Millisecond}
	s = s[15:]
	for s != "" && (s[len(s)-1] == ' ' || s[len(s)-1] == '\t') {
		s = s[:len(s)-1]
	}
	i := 0
	for i < len(s) && s[i] != ' ' && s[i] != ':' {
		i++
	}
	e.Name, s = s[:i], s[i:]
	switch {
	case strings.HasPrefix(s, " ("):
		s = s[2:]
		if i := lastClose(s); i >= 0 {
			e.Data, e.Session = s[:i], s[i+2:]
		} else {
			e.Data = strings.TrimSuffix(s, ")")
		}
	case strings.HasPrefix(s, ":"):
		e.Session = s[1:]
	}
	return e
}

// lastClose is the index of the last "):" in s. Sessions are short, and a loop
// from the end beats the general search by far.
func lastClose(s string) int {
	for i := len(s) - 1; i > 0; i-- {
		if s[i] == ':' && s[i-1] == ')' {
			return i - 1
		}
	}
	return -1
}

// parseHeader reads a record's first line:
//
//	<SelfMgd |External >Call<id> [<date>](MT - incoming)(User=UserHandle{0})
func parseHeader(s string, line int) (r Record, ok bool) {
	r.Line = line
	switch {
	case strings.HasPrefix(s, "SelfMgd Call"):
		r.SelfManaged, s = true, s[len("SelfMgd Call"):]
	case strings.HasPrefix(s, "External Call"):
		r.External, s = true, s[len("External Call"):]
	case strings.HasPrefix(s, "Call"):
		s = s[len("Call"):]
	default:
		return r, false
	}
	id, s, ok := strings.Cut(s, " [")
	if !ok {
		return r, false
	}
	i := strings.LastIndex(s, "](M")
	if i < 0 {
		return r, false
	}
	r.ID = callID(strings.TrimSpace(id))
	r.Created, s = s[:i], s[i+2:]
	switch {
	case strings.HasPrefix(s, "MT"):
		r.Incoming = fact.Of(true, line)
	case strings.HasPrefix(s, "MO"):
		r.Incoming = fact.Of(false, line)
	}
	if _, u, ok := strings.Cut(s, "(User=UserHandle{"); ok {
		if n, ok := number(u); ok {
			r.User = fact.Of(n, line)
		}
	}
	return r, r.ID != ""
}

// party reads the account line: `Via PhoneAccount:` up to API 29, then
// `Target PhoneAccount:`, with ">>>" before the one that carries the call.
func (r *Record) party(s string, line int) {
	if r.Account.Known() {
		return
	}
	s = strings.TrimPrefix(s, ">>>")
	v, ok := strings.CutPrefix(s, "Target PhoneAccount:")
	if !ok {
		if v, ok = strings.CutPrefix(s, "Via PhoneAccount:"); !ok {
			return
		}
	}
	h, rest, ok := parseHandle(strings.TrimSpace(v))
	if !ok {
		return // "not set"
	}
	r.Account = fact.Of(h, line)
	rest = strings.TrimSuffix(strings.TrimSpace(rest), "(remote)")
	if strings.HasPrefix(rest, "(") && strings.HasSuffix(rest, ")") {
		r.Label = rest[1 : len(rest)-1]
	}
}

// Cause is why the record's call ended, from its last SET_DISCONNECTED.
func (r Record) Cause() fact.Value[Cause] {
	e, ok := r.Event("SET_DISCONNECTED").Get()
	if !ok {
		return fact.Unknown[Cause]()
	}
	code, ok := inParens(e.Data, "DisconnectCause [ Code: (")
	if !ok || code == "" {
		return fact.Unknown[Cause]()
	}
	_, reason, _ := strings.Cut(e.Data, " Reason: (") // an app's text: it may hold parentheses
	reason, _, _ = strings.Cut(reason, ") Tone: (")
	return fact.Of(Cause{Code: code, Reason: reason}, e.Line)
}

func number(s string) (int, bool) {
	n, i := 0, 0
	for ; i < len(s) && i < 9 && digit(s[i]); i++ {
		n = n*10 + int(s[i]-'0')
	}
	return n, i > 0
}
