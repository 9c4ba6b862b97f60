// Package diagnose goes from what a phone said to the likely reason why a call
// did not ring, and to what a person can do about it.
//
// It is a table of rules over facts: it reads no phone, knows no scenario and
// no particular app. A rule speaks only when the facts that support it are
// there: an unknown fact supports nothing.
package diagnose

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ringproof/ringproof/harness/dumpsys/appops"
	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/logcat"
	"github.com/ringproof/ringproof/harness/dumpsys/packages"
	"github.com/ringproof/ringproof/harness/facts"
	"github.com/ringproof/ringproof/reports/record"
)

// Case is what is known when something went wrong, or when a phone is looked
// at before a test.
type Case struct {
	// Now is the snapshot of the moment.
	Now facts.Snapshot
	// API is the phone's release, Maker its ro.product.manufacturer.
	API   int
	Maker string
	// Finding is what went wrong; its zero value is a look before a test.
	Finding record.Finding
	// Wanted are the runtime permissions that the app needs.
	Wanted []string
	// FullScreen says that the app wants full-screen intents.
	FullScreen bool
	// Pushes are the pushes so far, oldest first.
	Pushes []Push
	// Answered says that somebody pressed what answers the call.
	Answered bool
	// Ended says that somebody pressed what declines or ends it.
	Ended bool
	// Routed says that somebody pressed the app's button for the loudspeaker.
	Routed bool
	// Placed says that the app was had to call somebody: the call is its own.
	Placed bool
	// Log are the log's lines since the app was prepared. A phone may have
	// muted them: their absence says nothing.
	Log []logcat.Line
	// Crashed is the app's crash since then, as the phone words it, or "".
	Crashed string
	// Since is when the last push was sent or the app was had to call somebody, on the phone's wall clock and in
	// its zone; zero if none was.
	Since time.Time
}

// Kind says what a push is meant to do.
type Kind string

// The kinds of pushes; the zero Kind is one that nobody told.
const (
	Ring  Kind = "ring"
	Stop  Kind = "stop"
	Other Kind = "other" // announces no call
)

// Push is what became of one push.
type Push struct {
	Name     string
	Kind     Kind
	Accepted bool
	Receipt  string
	Normal   bool // sent with normal priority
	// Again says that an earlier push was about the same call; Late how old it
	// was when it was delivered.
	Again bool
	Late  time.Duration
}

// Causes are the likely causes, the likeliest first. A cause that explains
// another one comes before it.
func Causes(c Case) []record.Cause {
	var causes []record.Cause
	for _, r := range rules() {
		if r.only != nil && !slices.ContainsFunc(r.only, c.failed) {
			continue
		}
		supporting := r.when(&c)
		if len(supporting) == 0 {
			continue
		}
		causes = append(causes, record.Cause{ID: r.id, Sentence: r.sentence, Remedy: r.remedy, Facts: supporting})
	}
	return causes
}

// rule is one row of the table.
type rule struct {
	id       string
	sentence string
	remedy   string
	// only are the findings that the rule may explain, by the begin of their
	// fact's name; nil is a condition of the phone that is worth telling at any
	// time, also before a test.
	only []string
	// when gives the facts that support the rule, in words; none if it does not
	// apply.
	when func(*Case) []string
}

// rules is in the order of likelihood: what makes everything else impossible
// comes first, what only a look at the code can tell comes last.
func rules() []rule {
	return slices.Concat(appRules(), beforeRules(), deliveryRules(), telecomRules(), lineRules(), permissionRules(), phoneRules(), outgoingRules(), callRules(), behaviourRules(), shownRules(), lostRules())
}

// failed reports whether the finding's fact begins with a name. A snapshot's
// fact may be joined of several names.
func (c *Case) failed(name string) bool {
	return slices.ContainsFunc(strings.Split(c.Finding.Fact, "+"), func(f string) bool { return strings.HasPrefix(f, name) })
}

// pkg is the app's package as the phone has it.
func (c *Case) pkg() (packages.Package, bool) {
	return c.Now.Packages.Find(c.Now.App.Package).Get()
}

// op is the mode of an app op of the app.
func (c *Case) op(name string) fact.Value[appops.Mode] { return c.Now.AppOps.Mode(name) }

// logged finds the log's lines whose message has all words.
func (c *Case) logged(words ...string) []string {
	var found []string
	for _, l := range c.Log {
		has := true
		for _, w := range words {
			has = has && strings.Contains(l.Msg, w)
		}
		if has {
			found = append(found, fmt.Sprintf("log: %s: %s", l.Tag, clip(l.Msg, 300)))
		}
	}
	return found[:min(len(found), 3)]
}

// clip keeps a line readable.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "..."
}

// say is one supporting fact, as a list of one.
func say(format string, args ...any) []string { return []string{fmt.Sprintf(format, args...)} }

// IDs lists what Causes can say.
func IDs() []string {
	var ids []string
	for _, r := range rules() {
		ids = append(ids, r.id)
	}
	return ids
}
