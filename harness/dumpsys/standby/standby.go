// Package standby reads how much the system lets an app do that is not used
// (AppStandbyController): what `am get-standby-bucket [PKG]` (API 28) and
// `am get-inactive PKG` answer (Parse), and the standby states in
// `dumpsys usagestats` (ParseDump). The package knows no app.
package standby

import (
	"bytes"
	"strconv"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// The answers come from one service, the dump from another.
const (
	answering = "activity"
	dumping   = "usagestats"
)

// Bucket is UsageStatsManager.STANDBY_BUCKET_*: the higher, the less the app
// may do. Makers and releases have numbers between these.
type Bucket int

// The buckets.
const (
	Exempted   Bucket = 5
	Active     Bucket = 10
	WorkingSet Bucket = 20
	Frequent   Bucket = 30
	Rare       Bucket = 40
	Restricted Bucket = 45 // API 30
	Never      Bucket = 50
)

// String is the word that `am set-standby-bucket` takes, else the number.
func (b Bucket) String() string {
	for _, n := range [...]struct {
		bucket Bucket
		word   string
	}{
		{Exempted, "exempted"}, {Active, "active"}, {WorkingSet, "working_set"}, {Frequent, "frequent"},
		{Rare, "rare"}, {Restricted, "restricted"}, {Never, "never"},
	} {
		if b == n.bucket {
			return n.word
		}
	}
	return strconv.Itoa(int(b))
}

// MarshalText writes the word.
func (b Bucket) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

// Facts is what one answer says.
type Facts struct {
	// Bucket is the answer for one package. The answer does not name it.
	Bucket fact.Value[Bucket] `json:"bucket"`
	// Packages is the answer without a package's name.
	Packages fact.Value[[]Package] `json:"packages"`
	// Idle is the answer of `am get-inactive`.
	Idle fact.Value[bool] `json:"idle"`
}

// Package is one line of the list.
type Package struct {
	Name   string `json:"name"`
	Bucket Bucket `json:"bucket"`
	Line   int    `json:"line"`
}

// Of is the bucket of a package in the list. A package that is not listed is
// unknown.
func (f Facts) Of(pkg string) fact.Value[Bucket] {
	for _, p := range f.Packages.Or(nil) {
		if p.Name == pkg {
			return fact.Of(p.Bucket, p.Line)
		}
	}
	return fact.Unknown[Bucket]()
}

// Parse reads an answer. The error is a *text.Problem.
func Parse(b []byte) (Facts, error) {
	body, p := text.Open(b, answering)
	var (
		f   Facts
		all []Package
	)
	for s := body.Lines(); s.Next(); {
		l := s.Line()
		t := l.Text()
		if len(t) == 0 {
			continue
		}
		name, n, ok := row(t)
		switch {
		case ok && len(name) == 0:
			text.Set(&f.Bucket, fact.Of(n, l.N))
		case ok:
			all = text.Append(all, Package{Name: string(name), Bucket: n, Line: l.N}, len(body.Text)-len(s.Rest()), len(body.Text))
		case text.Has(t, "Idle="):
			text.Set(&f.Idle, text.BoolFact(l, "Idle="))
		case bytes.Contains(t, []byte("SecurityException")), text.Has(t, "Security exception: "):
			return Facts{}, &text.Problem{Kind: text.Denied, Service: answering, Line: l.N, Msg: text.Clip(t)}
		}
	}
	if all != nil {
		f.Packages = fact.Of(all, all[0].Line)
	}
	switch {
	case p != nil:
		return f, p
	case !f.Bucket.Known() && !f.Packages.Known() && !f.Idle.Known():
		return f, &text.Problem{Kind: text.NotADump, Service: answering, Msg: "no number of a standby bucket"}
	}
	return f, nil
}

// row reads `a.b: 10`, and the number alone.
func row(t []byte) (name []byte, n Bucket, ok bool) {
	i := len(t)
	for i > 0 && t[i-1] >= '0' && t[i-1] <= '9' {
		i--
	}
	if n, ok = bucket(t[i:]); !ok || i == 0 {
		return nil, n, ok
	}
	if i < 3 || t[i-1] != ' ' || t[i-2] != ':' {
		return nil, 0, false
	}
	name = t[:i-2]
	for _, c := range name {
		if c == ' ' || c == '\t' || c == ':' {
			return nil, 0, false
		}
	}
	return name, n, string(name) != "Error"
}

// bucket reads a number that is a whole text.
func bucket(t []byte) (Bucket, bool) {
	n := 0
	for _, c := range t {
		if c < '0' || c > '9' || n > 1<<20 {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return Bucket(n), len(t) > 0
}
