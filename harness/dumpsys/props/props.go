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

// list collects named values. They are parts of one copy of the text, of which
// they are nearly all.
type list struct {
	all   []Named
	value strings.Builder // of the last one, if it has many lines
	ended bool            // the bracket of the last one stands at its begin
	open  *text.Problem   // of a value that has not ended
}

// parse reads the begin of each named value, and its end when the next begins.
func parse(b []byte, command string, begin func(string) (name, value string, ok bool), end func(string) (string, bool)) (Facts, error) {
	body, p := text.Open(b, command)
	var (
		l list
		n = body.First - 1
	)
	for line := range strings.Lines(string(body.Text)) {
		n++
		line = strings.TrimRight(line, " \t\n")
		name, value, ok := begin(line)
		switch {
		case ok:
			l.finish(command, end)
			l.ended = line[0] == ']'
			if l.all == nil {
				l.all = make([]Named, 0, bytes.Count(body.Text, []byte{'\n'})+1)
			}
			l.all = append(l.all, Named{name, value, n})
		case len(l.all) > 0:
			if l.value.Len() == 0 {
				l.value.WriteString(l.all[len(l.all)-1].Value)
			}
			l.value.WriteByte('\n')
			l.value.WriteString(line)
		case p == nil:
			if kind := refused(line); kind != "" {
				p = &text.Problem{Kind: kind, Service: command, Line: n, Msg: text.Clip([]byte(line))}
			}
		}
	}
	l.finish(command, end)
	f := Facts{}
	if len(l.all) > 0 {
		f.Values = fact.Of(l.all, l.all[0].Line)
	}
	switch {
	case p != nil:
		return f, p
	case len(l.all) == 0:
		return f, &text.Problem{Kind: text.NotADump, Service: command, Msg: "no named value"}
	case l.open != nil:
		return f, l.open
	}
	return f, nil
}

// finish ends the last value.
func (l *list) finish(command string, end func(string) (string, bool)) {
	if len(l.all) == 0 {
		return
	}
	last := &l.all[len(l.all)-1]
	if l.value.Len() > 0 {
		last.Value = l.value.String()
		l.value.Reset()
	}
	v, whole := end(last.Value)
	if last.Value = v; !whole && !l.ended {
		l.open = &text.Problem{Kind: text.Truncated, Service: command, Line: last.Line, Msg: "the value has no end"}
	}
}

// property also takes a line that begins with the closing bracket: a terminal
// writes it there when the value ends with a carriage return.
func property(line string) (name, value string, ok bool) {
	if len(line) < 2 || line[0] != '[' && line[0] != ']' {
		return "", "", false
	}
	i := strings.IndexByte(line, ':')
	if i < 3 || line[i-1] != ']' || !strings.HasPrefix(line[i:], ": [") {
		// A name may hold a colon.
		if i = strings.Index(line, "]: ["); i < 2 {
			return "", "", false
		}
		i++
	}
	name = line[1 : i-1]
	return name, line[i+3:], isName(name)
}

func setting(line string) (name, value string, ok bool) {
	name, value, ok = strings.Cut(line, "=")
	return name, value, ok && isName(name)
}

// isName tells a name from words with a sign in them.
func isName(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c == '[' || c == ']' {
			return false
		}
	}
	return s != ""
}

// refused is why there is no list, "" for other lines.
func refused(line string) text.Kind {
	switch {
	case strings.Contains(line, "SecurityException"), strings.Contains(line, "Security exception: "):
		return text.Denied
	case strings.HasPrefix(line, "Invalid namespace"):
		return text.NotADump
	}
	return ""
}
