// Package packagelist reads `pm list packages` (`cmd package list packages`)
// of API 26 and newer: which packages a user has, with what -U, -f, -i and
// --show-versioncode add. It knows nothing else of packages.
//
// Source: PackageManagerShellCommand.runListPackages.
package packagelist

import (
	"strconv"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

const command = "pm list packages"

// Facts is what one list says.
type Facts struct {
	// Packages is unknown for a text that is no list. A list without entries
	// prints nothing at all, which is not told from no answer.
	Packages fact.Value[[]Package] `json:"packages"`
}

// Package is one entry.
type Package struct {
	Name      string               `json:"name"`
	Path      fact.Value[string]   `json:"path"`      // -f
	UIDs      fact.Value[[]string] `json:"uids"`      // -U, one a user
	Version   fact.Value[int]      `json:"version"`   // --show-versioncode, API 28
	Installer fact.Value[string]   `json:"installer"` // -i; "null" is none
	Line      int                  `json:"line"`
}

// Has reports whether a package is listed; unknown without a list.
func (f Facts) Has(name string) fact.Value[bool] {
	all, ok := f.Packages.Get()
	if !ok {
		return fact.Unknown[bool]()
	}
	for _, p := range all {
		if p.Name == name {
			return fact.Of(true, p.Line)
		}
	}
	return fact.Of(false, 0)
}

// Parse reads a list. The error is a *text.Problem.
func Parse(b []byte) (Facts, error) {
	body, p := text.Open(b, command)
	var (
		f     Facts
		all   []Package
		wrong *text.Problem
		n     = body.First - 1
		uids  []string // of all packages, one behind the other
	)
	// The entries are parts of one copy of the text, of which they are all.
	rest := string(body.Text)
	for rest != "" {
		line := rest
		if i := strings.IndexByte(rest, '\n'); i >= 0 {
			line, rest = rest[:i], rest[i+1:]
		} else {
			rest = ""
		}
		n++
		line = trim(line)
		t, ok := strings.CutPrefix(line, "package:")
		switch {
		case ok:
			if all == nil {
				all = make([]Package, 0, 2+strings.Count(rest, "\n"))
			}
			all = all[:len(all)+1] // empty: made for all lines
			all[len(all)-1].read(n, t, &uids, cap(all))
		case line == "" || wrong != nil:
		case strings.Contains(line, "SecurityException"), strings.Contains(line, "Security exception: "):
			wrong = &text.Problem{Kind: text.Denied, Service: command, Line: n, Msg: text.Clip([]byte(line))}
		}
	}
	if len(all) > 0 {
		f.Packages = fact.Of(all, all[0].Line)
	}
	switch {
	case p != nil:
		return f, p
	case wrong != nil:
		return f, wrong
	case len(all) == 0:
		return f, &text.Problem{Kind: text.NotADump, Service: command, Msg: "no line package:"}
	}
	return f, nil
}

// trim takes blanks off both ends.
func trim(s string) string {
	for s != "" && (s[0] == ' ' || s[0] == '\t') {
		s = s[1:]
	}
	for s != "" && (s[len(s)-1] == ' ' || s[len(s)-1] == '\t') {
		s = s[:len(s)-1]
	}
	return s
}

// read takes `[PATH=]NAME [versionCode:N] [installer=P] [uid:N,N]` apart. A path
// may hold `=` (its random part does), a name cannot. Most lists have one uid
// each, or none at all.
func (p *Package) read(n int, t string, uids *[]string, lines int) {
	p.Line = n
	name, rest := word(t)
	p.Name = name
	for i := len(name) - 1; i >= 0; i-- {
		if name[i] == '=' {
			p.Path, p.Name = fact.Of(name[:i], n), name[i+1:]
			break
		}
	}
	for rest != "" {
		var w string
		w, rest = word(rest)
		switch {
		case w == "":
		case w[0] == 'v' && strings.HasPrefix(w, "versionCode:"):
			if v, err := strconv.Atoi(w[len("versionCode:"):]); err == nil {
				p.Version = fact.Of(v, n)
			}
		case w[0] == 'i' && strings.HasPrefix(w, "installer="):
			p.Installer = fact.Of(w[len("installer="):], n)
		case w[0] == 'u' && strings.HasPrefix(w, "uid:"):
			if *uids == nil {
				*uids = make([]string, 0, lines)
			}
			from := len(*uids)
			for uid, more := w[len("uid:"):], true; more; {
				var one string
				one, uid, more = strings.Cut(uid, ",")
				*uids = append(*uids, one)
			}
			p.UIDs = fact.Of((*uids)[from:len(*uids):len(*uids)], n)
		}
	}
}

// word splits s at its first blank.
func word(s string) (first, rest string) {
	if i := strings.IndexByte(s, ' '); i >= 0 {
		return s[:i], s[i+1:]
	}
	return s, ""
}
