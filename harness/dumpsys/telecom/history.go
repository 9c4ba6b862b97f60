package telecom

import (
	"bytes"
	"strings"
	"time"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
)

// readHistory reads all records of the section that ends the dump.
func (r *reader) readHistory() []Record {
	all := make([]Record, 0, 10) // the number that most phones keep
	var block []Event            // room for the events of several records
	first := 0                   // of the last record
	closed := func() {
		if len(all) > 0 && len(block) > first {
			rec := &all[len(all)-1]
			rec.Events = block[first:len(block):len(block)]
			rec.Disconnect = rec.Cause()
		}
		first = len(block)
	}
	for r.next() {
		s := r.text()
		if len(s) == 0 {
			continue
		}
		if isTime(s) {
			if len(all) > 0 {
				if len(block) == cap(block) {
					own := block[first:]
					block, first = append(make([]Event, 0, max(256, 2*len(own))), own...), 0
				}
				block = block[:len(block)+1]
				r.event(&block[len(block)-1], s, r.lastLine)
			}
			continue
		}
		switch s[0] {
		case 'C', 'S', 'E':
			if rec, ok := parseHeader(string(s), r.lastLine); ok {
				closed()
				all = append(all, rec)
			}
		case '>', 'T', 'V':
			if len(all) > 0 {
				r.party(&all[len(all)-1], s)
			}
		}
	}
	closed()
	return all
}

// isTime reports whether a line begins like an event: `HH:mm:ss.SSS - `. Data of
// makers' events may run over several lines, so nothing else begins an event.
func isTime(s []byte) bool {
	return len(s) > 15 && s[12] == ' ' && s[13] == '-' && s[14] == ' ' && isClock(s)
}

// isClock reports whether s begins with `HH:mm:ss.SSS`.
func isClock(s []byte) bool {
	return len(s) >= 12 && s[2] == ':' && s[5] == ':' && (s[8] == '.' || s[8] == ',') &&
		digit(s[0]) && digit(s[1]) && digit(s[3]) && digit(s[4]) && digit(s[6]) && digit(s[7]) &&
		digit(s[9]) && digit(s[10]) && digit(s[11])
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// timeOfDay reads `HH:mm:ss.SSS`.
func timeOfDay(s []byte) time.Duration {
	d := func(i int) time.Duration { return time.Duration(s[i] - '0') }
	return (d(0)*10+d(1))*time.Hour + (d(3)*10+d(4))*time.Minute +
		(d(6)*10+d(7))*time.Second + (d(9)*100+d(10)*10+d(11))*time.Millisecond
}

// event reads `HH:mm:ss.SSS - NAME (data):session`; data and session are
// optional and data may hold parentheses and whole rows.
func (r *reader) event(e *Event, s []byte, line int) {
	e.Line, e.At = line, timeOfDay(s)
	s = s[15:]
	i := 0
	for i < len(s) && s[i] != ' ' && s[i] != ':' {
		i++
	}
	e.Name = r.recent.Word(s[:i])
	switch s = s[i:]; {
	case len(s) > 1 && s[0] == ' ' && s[1] == '(':
		s = s[2:]
		if i := lastClose(s); i >= 0 {
			e.Data, e.Session = r.recent.Word(s[:i]), r.recent.Word(s[i+2:])
		} else {
			e.Data = r.recent.Word(bytes.TrimSuffix(s, []byte{')'}))
		}
	case len(s) > 0 && s[0] == ':':
		e.Session = r.recent.Word(s[1:])
	}
}

// lastClose is the index of the last "):" in s. Sessions are short, and a loop
// from the end beats the general search by far.
func lastClose(s []byte) int {
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
func (r *reader) party(rec *Record, s []byte) {
	if rec.Account.Known() {
		return
	}
	s = bytes.TrimPrefix(s, []byte(">>>"))
	v, ok := bytes.CutPrefix(s, []byte("Target PhoneAccount:"))
	if !ok {
		if v, ok = bytes.CutPrefix(s, []byte("Via PhoneAccount:")); !ok {
			return
		}
	}
	h, rest, ok := parseHandle(r.recent.Word(bytes.TrimSpace(v)))
	if !ok {
		return // "not set"
	}
	rec.Account = fact.Of(h, r.lastLine)
	rest = strings.TrimSuffix(strings.TrimSpace(rest), "(remote)")
	if strings.HasPrefix(rest, "(") && strings.HasSuffix(rest, ")") {
		rec.Label = rest[1 : len(rest)-1]
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
