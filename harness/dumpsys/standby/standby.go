// Package standby reads what `am get-standby-bucket [PKG]` (API 28) and
// `am get-inactive PKG` answer: how much the system lets an app do that is not
// used (AppStandbyController). The package knows no app.
package standby

import (
	"strconv"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

const service = "activity"

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
	body, p := text.Open(b, service)
	var (
		f   Facts
		all []Package
	)
	for s := body.Lines(); s.Next(); {
		l := s.Line()
		t := string(l.Text())
		switch {
		case t == "":
			continue
		case strings.Contains(t, "SecurityException") || strings.HasPrefix(t, "Security exception: "):
			return Facts{}, &text.Problem{Kind: text.Denied, Service: service, Line: l.N, Msg: text.Clip(l.Text())}
		case strings.HasPrefix(t, "Error: "), strings.HasPrefix(t, "Exception occurred while executing"):
			continue // no package has such a name; an exception is named below
		}
		text.Set(&f.Idle, text.BoolFact(l, "Idle="))
		name, number, listed := strings.Cut(t, ": ")
		if !listed {
			name, number = "", t
		}
		n, err := strconv.Atoi(number)
		switch {
		case err != nil || n < 0:
		case !listed:
			text.Set(&f.Bucket, fact.Of(Bucket(n), l.N))
		case name != "" && !strings.ContainsAny(name, " \t:"):
			all = append(all, Package{Name: name, Bucket: Bucket(n), Line: l.N})
		}
	}
	if all != nil {
		f.Packages = fact.Of(all, all[0].Line)
	}
	switch {
	case p != nil:
		return f, p
	case !f.Bucket.Known() && !f.Packages.Known() && !f.Idle.Known():
		return f, &text.Problem{Kind: text.NotADump, Service: service, Msg: "no number of a standby bucket"}
	}
	return f, nil
}
