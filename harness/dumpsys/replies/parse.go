package replies

import (
	"bytes"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// walk normalises a text and offers its lines that are not blank, until take
// returns false. Refusals are found on the way; the lines of a stack are none.
func walk(b []byte, own *table, o *Outcome, take func(n int, t []byte) bool) (lines int) {
	for s := text.NewLines(text.Normalise(b), 1); s.Next(); {
		t := s.Text()
		if len(t) == 0 {
			continue
		}
		lines++
		if !take(s.N(), t) {
			break
		}
		if o.Refusal.Known() {
			continue // the first one says why
		}
		if r, ok := refusalOn(s.N(), t, own); ok {
			o.refuse(r)
		}
	}
	return lines
}

// problem of a text that says neither yes nor no.
func (o Outcome) problem(command string, lines int) error {
	switch {
	case o.Accepted.Known():
		return nil
	case lines == 0:
		return &text.Problem{Kind: text.Empty, Msg: "no answer of " + command}
	}
	return &text.Problem{Kind: text.NotADump, Msg: "no answer of " + command}
}

// Parse reads the answer of a command that tells success by saying nothing or
// with one word: pm grant and revoke, settings put and delete, appops set,
// deviceidle, input, svc, am force-stop, cmd bluetooth_manager. The exit status,
// where there is one, counts beside it. The error is a *text.Problem: words that
// are no known refusal leave the outcome unknown.
func Parse(b []byte) (Outcome, error) {
	var o Outcome
	lines := walk(b, nil, &o, func(n int, t []byte) bool {
		if o.Refusal.Known() {
			return true
		}
		if string(t) == "Success" || bytes.HasSuffix(t, []byte(": Success")) || begins(t, "Deleted ", "Added: ", "Removed: ") {
			o.accept(n)
		}
		return true
	})
	if lines == 0 {
		o.accept(0)
	}
	return o, o.problem("a command that is silent when it works", lines)
}

// ParseStart reads the answer of `am start`, with -W or without. Warnings are
// successes: an activity was there and got the intent. The error is a
// *text.Problem.
func ParseStart(b []byte) (Start, error) {
	var (
		f        Start
		starting int
		code     string
	)
	lines := walk(b, starts, &f.Outcome, func(n int, t []byte) bool {
		if v, ok := text.After(t, "Error type "); ok {
			code = text.Clip(v)
		}
		key, v, ok := bytes.Cut(t, []byte(": "))
		if !ok {
			return true
		}
		switch string(key) {
		case "Starting":
			starting = n
		case "Status":
			text.Set(&f.Status, fact.Of(string(v), n))
		case "LaunchState":
			v, _, _ = bytes.Cut(v, []byte{' '}) // UNKNOWN (-1)
			text.Set(&f.Launch, fact.Of(string(v), n))
		case "Activity":
			text.Set(&f.Activity, fact.Of(string(v), n))
		case "TotalTime":
			text.Set(&f.Total, text.IntFact(text.Line{N: n, Raw: t}, "TotalTime: "))
		case "WaitTime":
			text.Set(&f.Wait, text.IntFact(text.Line{N: n, Raw: t}, "WaitTime: "))
		case "Warning":
			text.Set(&f.Warning, fact.Of(text.Clip(v), n))
		}
		return true
	})
	if r, ok := f.Refusal.Get(); ok {
		if r.Code == "" {
			r.Code = code
			f.Refusal = fact.Of(r, r.Line)
		}
	} else if s, ok := f.Status.Get(); ok && (s == "ok" || s == "timeout") {
		f.accept(f.Status.Line())
	} else if starting != 0 && !ok && code == "" {
		// Without -W nothing but the intent is printed.
		f.accept(starting)
	}
	return f, f.problem("am start", lines)
}

// ParseBroadcast reads the answer of `am broadcast`. Accepted means that the
// broadcast was sent, not that anybody received it. The error is a *text.Problem.
func ParseBroadcast(b []byte) (Broadcast, error) {
	var f Broadcast
	b = text.Normalise(b)
	done := 0
	lines := walk(b, nil, &f.Outcome, func(n int, t []byte) bool {
		switch {
		case begins(t, "Broadcasted \""):
			// The rest of the line is the sender's.
			text.Set(&f.Sent, fact.Of(true, n))
			f.Outcome = Outcome{}
			f.accept(n)
			return false
		case begins(t, "Broadcast completed: result="):
			done = n
			return false
		}
		return true
	})
	if done != 0 {
		from := 0
		s := text.NewLines(b, 1)
		for s.N() < done-1 && s.Next() {
			from = len(b) - len(s.Rest())
		}
		f.completed(b[from:], done)
	}
	return f, f.problem("am broadcast", lines)
}

// completed reads `Broadcast completed: result=-1, data="text", extras: Bundle[...]`.
// The data may hold quotes and line breaks: it ends at the last quote of the
// text, or before the extras.
func (f *Broadcast) completed(all []byte, line int) {
	f.Outcome = Outcome{}
	_, all, _ = bytes.Cut(all, []byte("Broadcast completed: result="))
	all = bytes.TrimRight(all, "\n\r\t ")
	n, ok := text.Int(all)
	if !ok {
		return
	}
	f.accept(line)
	f.Result = fact.Of(int(n), line)
	if i := bytes.LastIndex(all, []byte(", extras: Bundle[")); i >= 0 {
		f.Extras, all = fact.Of(string(all[i+len(", extras: "):]), line), all[:i]
	}
	if _, v, ok := bytes.Cut(all, []byte(", data=\"")); ok {
		if i := bytes.LastIndexByte(v, '"'); i >= 0 {
			f.Data = fact.Of(string(v[:i]), line)
		}
	}
}

// ParseInstall reads the answer of pm install, uninstall and clear, of a
// session's steps, and of adb install, which repeats them. The error is a
// *text.Problem.
func ParseInstall(b []byte) (Install, error) {
	var f Install
	failed := false
	b = text.Normalise(b)
	lines := walk(b, nil, &f.Outcome, func(n int, t []byte) bool {
		switch {
		case failureAt(t) >= 0:
			failed = true
			return false // below: the reason may take several lines
		case string(t) == "Failed", string(t) == "Failure":
			f.refuse(Refusal{Kind: Other, Message: string(t), Line: n})
		case string(t) == "Success", begins(t, "Success: "):
			if !f.Refusal.Known() {
				f.accept(n)
			}
			if _, v, ok := bytes.Cut(t, []byte("created install session [")); ok {
				if id, ok := text.Int(v); ok {
					text.Set(&f.Session, fact.Of(int(id), n))
				}
			}
		}
		return true
	})
	if failed {
		f.failure(b)
	}
	return f, f.problem("pm install", lines)
}

// failure reads `Failure [CODE: reason]` or `Failure [reason]`. The reason may
// hold brackets and line breaks: it ends at the last bracket.
func (f *Install) failure(b []byte) {
	for s := text.NewLines(b, 1); s.Next(); {
		l := s.Line()
		t := l.Text()
		i := failureAt(t)
		if i < 0 {
			continue
		}
		at := len(b) - len(s.Rest()) // behind the line, of which the reason may be the rest
		at -= len(b[:at]) - bytes.LastIndex(b[:at], t[i:])
		why := b[at+len("Failure ["):]
		if j := bytes.LastIndexByte(why, ']'); j >= 0 {
			why = why[:j]
		}
		const limit = 4 << 10 // far more than is shown of it
		all := strings.TrimRight(strings.ToValidUTF8(string(why[:min(len(why), limit)]), ""), "\n")
		r := Refusal{Kind: Other, Line: l.N}
		code, reason, _ := strings.Cut(all, ":")
		if strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == "" {
			r.Code, r.Kind, all = code, codeKind(code), reason
		} else if strings.HasPrefix(all, "not installed for ") {
			r.Kind = NotInstalled
		}
		r.Message = text.Clip([]byte(strings.TrimSpace(all)))
		f.Outcome = Outcome{}
		f.refuse(r)
		return
	}
}

// failureAt is where `Failure [` stands in a line of pm, or of adb which repeats
// it; -1 if it does not.
func failureAt(t []byte) int {
	switch {
	case begins(t, "Failure ["):
		return 0
	case begins(t, "adb: "):
		return bytes.Index(t, []byte("Failure ["))
	}
	return -1
}

func begins(t []byte, with ...string) bool {
	for _, w := range with {
		if len(t) >= len(w) && t[0] == w[0] && string(t[:len(w)]) == w {
			return true
		}
	}
	return false
}

// ParseSetting reads the answer of `settings get`. The error is a *text.Problem.
func ParseSetting(b []byte) (Setting, error) {
	var f Setting
	b = text.Normalise(b)
	first := 0
	lines := walk(b, nil, &f.Outcome, func(n int, _ []byte) bool {
		if first == 0 {
			first = n
		}
		// A refusal begins the answer, behind its announcement at most.
		return n < first+2
	})
	if f.Refusal.Known() {
		return f, nil
	}
	v := strings.TrimSuffix(string(b), "\n")
	if lines == 0 && !strings.HasSuffix(string(b), "\n") {
		return f, f.problem("settings get", 0)
	}
	f.accept(1)
	f.Exists = fact.Of(v != "null", 1)
	if v != "null" {
		f.Value = fact.Of(v, 1)
	}
	return f, nil
}

// ParseLock reads the answer of locksettings. The error is a *text.Problem.
func ParseLock(b []byte) (Lock, error) {
	var f Lock
	lines := walk(b, locks, &f.Outcome, func(n int, t []byte) bool {
		if f.Refusal.Known() {
			return false
		}
		if begins(t, "Pin set to '", "Password set to '", "Pattern set to '", "Lock credential cleared",
			"Lock credential verified successfully", "Lock screen disabled set to ") {
			f.accept(n)
		}
		if yes := string(t) == "true"; yes || string(t) == "false" {
			f.accept(n)
			text.Set(&f.Disabled, fact.Of(yes, n))
		}
		return true
	})
	if r, ok := f.Refusal.Get(); ok {
		r.Message = hide(r.Message)
		f.Refusal = fact.Of(r, r.Line)
	}
	return f, f.problem("locksettings", lines)
}
