// Package packagelist reads `pm list packages` (`cmd package list packages`)
// of API 26 and newer: which packages a user has, with what -U, -f, -i and
// --show-versioncode add. It knows nothing else of packages.
//
// Source: PackageManagerShellCommand.runListPackages.
package packagelist

import (
	"bytes"
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
	for line := range strings.Lines(string(body.Text)) {
		n++
		line = strings.Trim(line, " \t\n")
		t, ok := strings.CutPrefix(line, "package:")
		switch {
		case ok:
			if all == nil {
				all = make([]Package, 0, bytes.Count(body.Text, []byte{'\n'})+1)
			}
			all = append(all, Package{})
			all[len(all)-1].read(n, t, &uids)
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

// read takes `[PATH=]NAME [versionCode:N] [installer=P] [uid:N,N]` apart. A path
// may hold `=` (its random part does), a name cannot.
func (p *Package) read(n int, t string, uids *[]string) {
	t, rest, _ := strings.Cut(t, " ")
	p.Name, p.Line = t, n
	if i := strings.LastIndexByte(t, '='); i >= 0 {
		p.Path, p.Name = fact.Of(t[:i], n), t[i+1:]
	}
	for rest != "" {
		var w string
		w, rest, _ = strings.Cut(rest, " ")
		switch {
		case strings.HasPrefix(w, "versionCode:"):
			if v, err := strconv.Atoi(w[len("versionCode:"):]); err == nil {
				p.Version = fact.Of(v, n)
			}
		case strings.HasPrefix(w, "installer="):
			p.Installer = fact.Of(w[len("installer="):], n)
		case strings.HasPrefix(w, "uid:"):
			from := len(*uids)
			for uid := range strings.SplitSeq(w[len("uid:"):], ",") {
				*uids = append(*uids, uid)
			}
			p.UIDs = fact.Of((*uids)[from:len(*uids):len(*uids)], n)
		}
	}
}
