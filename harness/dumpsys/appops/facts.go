// Package appops reads what a phone says of app operations: the answer of
// `cmd appops get PKG [OP]`, which is `appops get` too (Parse), and
// `dumpsys appops` (ParseDump), of API 26 and newer.
//
// Source: AppOpsService, its Shell and its dump. An operation that the release
// does not have is not a denied one, and a mode that nobody set is the
// release's default, which only the command with an operation's name prints.
// The package knows no app and no operation's meaning.
package appops

import (
	"slices"
	"time"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
)

// Mode is what an operation does when it is asked for.
type Mode string

// The modes. A maker's own mode is kept as it was printed.
const (
	Allow   Mode = "allow"
	Ignore  Mode = "ignore"
	Deny    Mode = "deny"
	Default Mode = "default"
	// Foreground allows while the app is in front (API 29).
	Foreground Mode = "foreground"
)

// Scope says whose mode it is.
type Scope uint8

// The scopes. A uid's mode beats the package's.
const (
	// UnknownScope: the command titles only the first of the uid's lines.
	UnknownScope Scope = iota
	UIDScope
	PackageScope
)

// String is "uid", "package", or "".
func (s Scope) String() string {
	switch s {
	case UIDScope:
		return "uid"
	case PackageScope:
		return "package"
	}
	return ""
}

// MarshalText writes the word.
func (s Scope) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Facts is what one answer of `cmd appops get` says.
type Facts struct {
	// Ops are the operations in the order printed: the uid's, then the package's.
	Ops fact.Value[[]Op] `json:"ops"`
	// Default is the mode of the operation that was asked for and never set
	// (API 28).
	Default fact.Value[Mode] `json:"default"`
	// NoPackage is the package that is not installed for the user.
	NoPackage fact.Value[string] `json:"noPackage"`
	// NoOp is the operation that this release does not have.
	NoOp fact.Value[string] `json:"noOp"`
}

// Op is the mode of one operation.
type Op struct {
	// Name is the operation's, "MIUIOP(10020)" for one of Xiaomi's own.
	Name string `json:"name"`
	Mode Mode   `json:"mode"`
	// Access and Reject say how long ago the app last used the operation, and
	// was last refused it. Unknown if never, or not printed.
	Access fact.Value[time.Duration] `json:"access"`
	Reject fact.Value[time.Duration] `json:"reject"`
	Scope  Scope                     `json:"scope"`
	// Running is true while the app uses the operation.
	Running bool `json:"running"`
	Line    int  `json:"line"`
}

// Mode is the mode in force for an operation: the uid's if there is one, else
// the package's, else the default that an answer for this very operation names.
// Any other operation is unknown: unset is not denied.
func (f Facts) Mode(op string) fact.Value[Mode] {
	for _, o := range f.Ops.Or(nil) {
		// The uid's lines stand before the package's: the first one counts.
		if o.Name == op {
			return fact.Of(o.Mode, o.Line)
		}
	}
	return f.Default
}

// Dump is what `dumpsys appops` says.
type Dump struct {
	UIDs fact.Value[[]UID] `json:"uids"`
	// Fragments are the uids of a text that lacks the begin of the dump: what it
	// shows, and no word on any other. They are unknown for a dump.
	Fragments fact.Value[[]UID] `json:"fragments"`
}

// UID is one uid with its packages.
type UID struct {
	UID  int `json:"uid"`
	User int `json:"user"`
	// State is top, fgsvc, fg, bg, cch, pers, ...
	State    fact.Value[string] `json:"state"`
	Ops      []Op               `json:"ops"`
	Packages []Package          `json:"packages"`
	Line     int                `json:"line"`
}

// Package is one package of a uid.
type Package struct {
	Name string `json:"name"`
	Ops  []Op   `json:"ops"`
	Line int    `json:"line"`
}

// Mode is the mode in force for a package of a user. The dump prints only what
// was set or used: any other operation is unknown.
func (d Dump) Mode(pkg string, user int, op string) fact.Value[Mode] {
	for _, u := range slices.Concat(d.UIDs.Or(nil), d.Fragments.Or(nil)) {
		if u.User != user {
			continue
		}
		for _, p := range u.Packages {
			if p.Name != pkg {
				continue
			}
			for _, ops := range [][]Op{u.Ops, p.Ops} {
				for _, o := range ops {
					if o.Name == op {
						return fact.Of(o.Mode, o.Line)
					}
				}
			}
		}
	}
	return fact.Unknown[Mode]()
}
