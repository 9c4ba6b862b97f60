package replies

import (
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// walk normalises a text and offers its lines that are not blank, until take
// returns false. Refusals are found on the way; the lines of a stack are none.
func walk(b []byte, own []sign, o *Outcome, take func(l text.Line, t string) bool) (lines int) {
	for s := text.NewLines(text.Normalise(b), 1); s.Next(); {
		l := s.Line()
		if l.Blank() {
			continue
		}
		lines++
		if !take(l, string(l.Text())) {
			break
		}
		if r, ok := refusalOn(l, own); ok {
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
	lines := walk(b, nil, &o, func(l text.Line, t string) bool {
		if o.Refusal.Known() {
			return true
		}
		if t == "Success" || strings.HasSuffix(t, ": Success") {
			o.accept(l.N)
		}
		for _, yes := range [...]string{"Deleted ", "Added: ", "Removed: "} {
			if strings.HasPrefix(t, yes) {
				o.accept(l.N)
			}
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
	lines := walk(b, starts[:], &f.Outcome, func(l text.Line, t string) bool {
		key, v, _ := strings.Cut(t, ": ")
		switch key {
		case "Starting":
			starting = l.N
		case "Status":
			text.Set(&f.Status, fact.Of(v, l.N))
		case "LaunchState":
			v, _, _ = strings.Cut(v, " ") // UNKNOWN (-1)
			text.Set(&f.Launch, fact.Of(v, l.N))
		case "Activity":
			text.Set(&f.Activity, fact.Of(v, l.N))
		case "TotalTime":
			text.Set(&f.Total, text.IntFact(l, "TotalTime: "))
		case "WaitTime":
			text.Set(&f.Wait, text.IntFact(l, "WaitTime: "))
		case "Warning":
			text.Set(&f.Warning, fact.Of(text.Clip([]byte(v)), l.N))
		}
		if v, ok := strings.CutPrefix(t, "Error type "); ok {
			code = v
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
	lines := walk(b, nil, &f.Outcome, func(l text.Line, t string) bool {
		switch {
		case strings.HasPrefix(t, "Broadcasted \""):
			// The rest of the line is the sender's.
			text.Set(&f.Sent, fact.Of(true, l.N))
			f.Outcome = Outcome{}
			f.accept(l.N)
			return false
		case strings.HasPrefix(t, "Broadcast completed: result="):
			done = l.N
			return false
		}
		return true
	})
	if done != 0 {
		s := text.NewLines(b, 1)
		for s.Next() && s.Line().N < done {
		}
		f.completed(s.Line(), string(s.Rest()))
	}
	return f, f.problem("am broadcast", lines)
}

// completed reads `Broadcast completed: result=-1, data="text", extras: Bundle[...]`.
// The data may hold quotes and line breaks: it ends at the last quote of the
// text, or before the extras.
func (f *Broadcast) completed(l text.Line, rest string) {
	f.Outcome = Outcome{}
	all := string(l.Text())
	if rest != "" {
		all += "\n" + strings.TrimRight(rest, "\n")
	}
	all = all[len("Broadcast completed: result="):]
	n, ok := text.Int([]byte(all))
	if !ok {
		return
	}
	f.accept(l.N)
	f.Result = fact.Of(int(n), l.N)
	if i := strings.LastIndex(all, ", extras: Bundle["); i >= 0 {
		f.Extras, all = fact.Of(all[i+len(", extras: "):], l.N), all[:i]
	}
	if _, v, ok := strings.Cut(all, ", data=\""); ok {
		if i := strings.LastIndexByte(v, '"'); i >= 0 {
			f.Data = fact.Of(v[:i], l.N)
		}
	}
}

// ParseInstall reads the answer of pm install, uninstall and clear, of a
// session's steps, and of adb install, which repeats them. The error is a
// *text.Problem.
func ParseInstall(b []byte) (Install, error) {
	var f Install
	b = text.Normalise(b)
	lines := walk(b, nil, &f.Outcome, func(l text.Line, t string) bool {
		switch {
		case strings.Contains(t, "Failure [") && (strings.HasPrefix(t, "Failure [") || strings.HasPrefix(t, "adb: ")):
			return false // below: the reason may take several lines
		case t == "Failed", t == "Failure":
			f.refuse(Refusal{Kind: Other, Message: t, Line: l.N})
		case t == "Success", strings.HasPrefix(t, "Success: "):
			if !f.Refusal.Known() {
				f.accept(l.N)
			}
			if _, v, ok := strings.Cut(t, "created install session ["); ok {
				if n, ok := text.Int([]byte(v)); ok {
					text.Set(&f.Session, fact.Of(int(n), l.N))
				}
			}
		}
		return true
	})
	f.failure(b)
	return f, f.problem("pm install", lines)
}

// failure reads `Failure [CODE: reason]` or `Failure [reason]`. The reason may
// hold brackets and line breaks: it ends at the last bracket.
func (f *Install) failure(b []byte) {
	for s := text.NewLines(b, 1); s.Next(); {
		l := s.Line()
		t := string(l.Text())
		i := strings.Index(t, "Failure [")
		if i < 0 || i > 0 && !strings.HasPrefix(t, "adb: ") {
			continue
		}
		all := t[i+len("Failure ["):] + "\n" + string(s.Rest())
		if j := strings.LastIndexByte(all, ']'); j >= 0 {
			all = all[:j]
		}
		all = strings.TrimRight(all, "\n")
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

// ParseSetting reads the answer of `settings get`. The error is a *text.Problem.
func ParseSetting(b []byte) (Setting, error) {
	var f Setting
	b = text.Normalise(b)
	first := 0
	lines := walk(b, nil, &f.Outcome, func(l text.Line, _ string) bool {
		if first == 0 {
			first = l.N
		}
		// A refusal begins the answer, behind its announcement at most.
		return l.N < first+2
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
	lines := walk(b, locks[:], &f.Outcome, func(l text.Line, t string) bool {
		if f.Refusal.Known() {
			return false
		}
		for _, yes := range [...]string{
			"Pin set to '", "Password set to '", "Pattern set to '", "Lock credential cleared",
			"Lock credential verified successfully", "Lock screen disabled set to ",
		} {
			if strings.HasPrefix(t, yes) {
				f.accept(l.N)
			}
		}
		if t == "true" || t == "false" {
			f.accept(l.N)
			text.Set(&f.Disabled, fact.Of(t == "true", l.N))
		}
		return true
	})
	if r, ok := f.Refusal.Get(); ok {
		r.Message = hide(r.Message)
		f.Refusal = fact.Of(r, r.Line)
	}
	return f, f.problem("locksettings", lines)
}
