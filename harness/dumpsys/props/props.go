// Package props reads lists of named values: the system properties that
// `getprop` prints (Parse) and the settings that `settings list NAMESPACE`
// prints (ParseSettings), of API 26 and newer. Only strings come out: what a
// property or a setting means is known to whoever asks for it.
//
// Sources: toybox getprop, SettingsService.MyShellCommand (frameworks/base).
package props

import (
	"bytes"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// Facts is what one list says.
type Facts struct {
	Values fact.Value[[]Named] `json:"values"`
}

// Named is one property or setting.
type Named struct {
	Name string `json:"name"`
	// Value may hold line feeds. Settings print null for a value that is not
	// there, which nothing tells from the word.
	Value string `json:"value"`
	Line  int    `json:"line"`
}

// Get is the value of a name: of the last one, should a name stand there twice.
// A name that is not listed is unknown, which for a whole list means not set.
func (f Facts) Get(name string) fact.Value[string] {
	all := f.Values.Or(nil)
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Name == name {
			return fact.Of(all[i].Value, all[i].Line)
		}
	}
	return fact.Unknown[string]()
}

// Parse reads `getprop`: lines `[name]: [value]`. A value may have more lines;
// it ends where the next name begins. The error is a *text.Problem.
func Parse(b []byte) (Facts, error) {
	return parse(b, "getprop", property, func(v string) (string, bool) { return strings.CutSuffix(v, "]") })
}

// ParseSettings reads `settings list`: lines `name=value`, whose values may hold
// `=`. A line without one continues the value before it. The error is a
// *text.Problem.
func ParseSettings(b []byte) (Facts, error) {
	return parse(b, "settings list", setting, func(v string) (string, bool) { return v, true })
}

// parse reads the begin of each named value, and its end when the next begins.
func parse(b []byte, command string, begin func([]byte) (name, value []byte, ok bool), end func(string) (string, bool)) (Facts, error) {
	body, p := text.Open(b, command)
	var (
		f    Facts
		all  []Named
		more strings.Builder // the value of the last one, if it has many lines
		open *text.Problem   // of a value that has not ended

		ended bool // the bracket of the last one stands at its begin
	)
	finish := func() {
		if len(all) == 0 {
			return
		}
		last := &all[len(all)-1]
		if more.Len() > 0 {
			last.Value = more.String()
			more.Reset()
		}
		v, whole := end(last.Value)
		if last.Value = v; !whole && !ended {
			open = &text.Problem{Kind: text.Truncated, Service: command, Line: last.Line, Msg: "the value has no end"}
		}
	}
	for s := body.Lines(); s.Next(); {
		l := s.Line()
		name, value, ok := begin(l.Raw)
		switch {
		case ok:
			finish()
			ended = l.Raw[0] == ']'
			both := string(l.Raw) // one copy for the two
			at := bytes.Index(l.Raw, name)
			all = append(all, Named{both[at : at+len(name)], both[len(both)-len(value):], l.N})
		case len(all) == 0:
			if r := refused(l.Text()); r != "" && p == nil {
				p = &text.Problem{Kind: r, Service: command, Line: l.N, Msg: text.Clip(l.Text())}
			}
		default:
			if more.Len() == 0 {
				more.WriteString(all[len(all)-1].Value)
			}
			more.WriteByte('\n')
			more.Write(l.Raw)
		}
	}
	finish()
	if len(all) > 0 {
		f.Values = fact.Of(all, all[0].Line)
	}
	switch {
	case p != nil:
		return f, p
	case len(all) == 0:
		return f, &text.Problem{Kind: text.NotADump, Service: command, Msg: "no named value"}
	case open != nil:
		return f, open
	}
	return f, nil
}

// property also takes a line that begins with the closing bracket: a terminal
// writes it there when the value ends with a carriage return.
func property(raw []byte) (name, value []byte, ok bool) {
	if len(raw) < 2 || raw[0] != '[' && raw[0] != ']' {
		return nil, nil, false
	}
	name, value, ok = bytes.Cut(raw[1:], []byte("]: ["))
	if !ok || len(name) == 0 || bytes.ContainsAny(name, " []") {
		return nil, nil, false
	}
	return name, value, true
}

func setting(raw []byte) (name, value []byte, ok bool) {
	name, value, ok = bytes.Cut(raw, []byte("="))
	if !ok || len(name) == 0 || bytes.ContainsAny(name, " \t") {
		return nil, nil, false
	}
	return name, value, true
}

// refused is why there is no list, "" for other lines.
func refused(t []byte) text.Kind {
	switch {
	case bytes.Contains(t, []byte("SecurityException")), bytes.Contains(t, []byte("Security exception: ")):
		return text.Denied
	case bytes.HasPrefix(t, []byte("Invalid namespace")):
		return text.NotADump
	}
	return ""
}
