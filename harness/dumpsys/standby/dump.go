package standby

import (
	"bytes"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// Dump is what `dumpsys usagestats` says of standby.
type Dump struct {
	States fact.Value[[]State] `json:"states"`
}

// State is one app of one user.
type State struct {
	Package string `json:"package"`
	User    int    `json:"user"`
	// Bucket is unknown before API 28.
	Bucket fact.Value[Bucket] `json:"bucket"`
	// Reason is UsageStatsManager.reasonToString: "d" for the default, "p" and
	// "p-r" for predicted, "u" used, "t" timed out, "f" forced, with details.
	Reason fact.Value[string] `json:"reason"`
	// Used is how long ago the app was last used, as printed: "+1h2m3s4ms", and
	// "<uninitialized>" for never.
	Used fact.Value[string] `json:"used"`
	Idle fact.Value[bool]   `json:"idle"`
	Line int                `json:"line"`
}

// Of is the state of an app for a user.
func (d Dump) Of(pkg string, user int) fact.Value[State] {
	for _, s := range d.States.Or(nil) {
		if s.Package == pkg && s.User == user {
			return fact.Of(s, s.Line)
		}
	}
	return fact.Unknown[State]()
}

// ParseDump reads the standby states in `dumpsys usagestats`
// (AppIdleHistory.dump), which stand behind all events. A dump that was cut or
// filtered before them says nothing of standby. The error is a *text.Problem.
func ParseDump(b []byte) (Dump, error) {
	body, p := text.Open(b, dumping)
	var (
		all    []State
		words  text.Words
		at     int
		user   int  // of the section
		in     bool // the section
		events int  // line of what shows that the dump is the right one
	)
	for s := body.Lines(); s.Next(); {
		t, line := s.Text(), s.N()
		switch {
		case len(t) == 0:
		case in && text.Has(t, "package="):
			all = text.Fresh(all, len(body.Text)-len(s.Rest()), len(body.Text))
			if last := len(all) - 1; !all[last].read(t, line, user, &words) {
				all[last] = State{}
				all = all[:last]
			}
		case text.Has(t, "User ") && bytes.HasSuffix(t, []byte(" App Standby States:")):
			if n, ok := text.Int(t[len("User "):]); ok {
				user, in = int(n), true
				at = first(at, line)
			}
		case string(t) == "App Standby States:", text.Has(t, "Package idle stats:"):
			// Up to API 30 the user is named by the block around it.
			in = true
			at = first(at, line)
		case text.Has(t, "user="):
			if n, ok := text.Int(t[len("user="):]); ok {
				user, in = int(n), false
				if events == 0 {
					events = line
				}
			}
		case text.Has(t, "totalElapsedTime="):
			in = false
		}
	}
	d := Dump{}
	if at != 0 {
		if all == nil {
			all = []State{}
		}
		d.States = fact.Of(all, at)
	}
	switch {
	case p != nil:
		return d, p
	case at == 0 && events != 0:
		return d, &text.Problem{Kind: text.Truncated, Service: dumping, Line: events, Msg: "the dump ends before its App Standby States"}
	case at == 0:
		return d, &text.Problem{Kind: text.NotADump, Service: dumping, Msg: "no line App Standby States:"}
	}
	return d, nil
}

func first(at, line int) int {
	if at == 0 {
		return line
	}
	return at
}

// read reads `package=a.b u=0 bucket=10 reason=d used=+1h2m ... idle=n`, and
// `package=a.b lastUsedElapsed=+1h2m lastUsedScreenOn=+2m idle=n` of API 26 and 27.
func (s *State) read(t []byte, line, user int, words *text.Words) bool {
	s.User, s.Line = user, line
	// The last word, and all up to the first of the many times.
	if i := len(t) - len(" idle=n"); i >= 0 && text.Has(t[i:], " idle=") {
		s.Idle = fact.Of(t[len(t)-1] == 'y', line)
	} else if i := bytes.LastIndexByte(t, ' '); i >= 0 {
		if v, ok := text.After(t[i+1:], "idle="); ok {
			s.Idle = fact.Of(len(v) > 0 && v[0] == 'y', line)
		}
	}
	for rest := t; len(rest) > 0 && !s.Used.Known(); {
		word := rest
		if i := bytes.IndexByte(rest, ' '); i >= 0 {
			word, rest = rest[:i], rest[i+1:]
		} else {
			rest = nil
		}
		switch {
		case text.Has(word, "package="):
			s.Package = words.Word(word[len("package="):])
		case text.Has(word, "u="):
			if n, ok := text.Int(word[len("u="):]); ok {
				s.User = int(n)
			}
		case text.Has(word, "bucket="):
			if n, ok := bucket(word[len("bucket="):]); ok {
				s.Bucket = fact.Of(n, line)
			}
		case text.Has(word, "reason="):
			s.Reason = fact.Of(words.Word(word[len("reason="):]), line)
		case text.Has(word, "used="):
			s.Used = fact.Of(words.Word(word[len("used="):]), line)
		case text.Has(word, "lastUsedElapsed="):
			s.Used = fact.Of(words.Word(word[len("lastUsedElapsed="):]), line)
		}
	}
	return s.Package != ""
}
