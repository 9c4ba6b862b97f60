// Package replies reads the short texts with which commands of a phone answer:
// am start, am broadcast, pm install and uninstall, pm grant, settings,
// locksettings, input, svc and cmd in general, of API 26 and newer.
//
// Such commands tell failures in words, often with exit status 0 and on either
// stream: give both, joined. The package knows the commands' words, and no app.
// Sources: ActivityManagerShellCommand, PackageManagerShellCommand,
// LockSettingsShellCommand, Input, SettingsService, BasicShellCommandHandler.
package replies

import (
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
)

// Kind says why a command was refused.
type Kind string

// The kinds of refusals.
const (
	Denied         Kind = "permission denied"
	NotInstalled   Kind = "not installed"
	NotFound       Kind = "not found" // an activity, a permission, a key, ...
	UnknownCommand Kind = "unknown command"
	NoService      Kind = "no service"
	BadArgument    Kind = "bad argument"
	NotRequested   Kind = "not requested" // a permission that the manifest lacks
	BadCredential  Kind = "bad credential"
	Throttled      Kind = "throttled" // too many wrong credentials
	Policy         Kind = "policy"    // the device's owner forbids it
	Restricted     Kind = "restricted by the user or the maker"
	Incompatible   Kind = "incompatible"
	BadPackage     Kind = "bad package"
	NoSpace        Kind = "no space"
	Unsupported    Kind = "unsupported"
	Died           Kind = "service died"
	// Other refusals carry the phone's words only.
	Other Kind = "other"
)

// Refusal is why the phone did not do what it was told.
type Refusal struct {
	Kind Kind `json:"kind"`
	// Code is the phone's own: INSTALL_FAILED_TEST_ONLY, or the number of an
	// error of am start. "" if it has none.
	Code string `json:"code,omitempty"`
	// Message are the phone's words, of bounded length. Credentials that it
	// repeats are hidden.
	Message string `json:"message"`
	Line    int    `json:"line"`
}

// Outcome is the part that all answers have. Both are unknown for a text that
// is no answer of the command.
type Outcome struct {
	// Accepted rests on line 0 if the command tells success by saying nothing.
	Accepted fact.Value[bool]    `json:"accepted"`
	Refusal  fact.Value[Refusal] `json:"refusal"`
}

func (o *Outcome) accept(line int) { o.Accepted = fact.Of(true, line) }

func (o *Outcome) refuse(r Refusal) {
	if !o.Refusal.Known() {
		o.Accepted, o.Refusal = fact.Of(false, r.Line), fact.Of(r, r.Line)
	}
}

// Start is the answer of `am start`.
type Start struct {
	Outcome
	// Status is ok or timeout (-W). A timeout means that the activity was started
	// and did not come to rest in 10 s.
	Status fact.Value[string] `json:"status"`
	// Launch is COLD, WARM, HOT or UNKNOWN (-W, API 29).
	Launch fact.Value[string] `json:"launch"`
	// Activity is what came to the front, pkg/.Class; not always what was asked for.
	Activity fact.Value[string] `json:"activity"`
	// Total and Wait are milliseconds (-W).
	Total fact.Value[int] `json:"total"`
	Wait  fact.Value[int] `json:"wait"`
	// Warning says that an activity that was there before got the intent.
	Warning fact.Value[string] `json:"warning"`
}

// Broadcast is the answer of `am broadcast`.
type Broadcast struct {
	Outcome
	// Result is what the receivers of an ordered broadcast left: 0 unless one of
	// them set it, so that 0 says nothing about a receiver.
	Result fact.Value[int]    `json:"result"`
	Data   fact.Value[string] `json:"data"`
	// Extras is the printed bundle.
	Extras fact.Value[string] `json:"extras"`
	// Sent is true for --async (API 34), which waits for no receiver.
	Sent fact.Value[bool] `json:"sent"`
}

// Install is the answer of pm install, uninstall and clear, and of the steps
// of an install session.
type Install struct {
	Outcome
	Session fact.Value[int] `json:"session"`
}

// Setting is the answer of `settings get`.
type Setting struct {
	Outcome
	// Value is unknown for a setting that does not exist.
	Value fact.Value[string] `json:"value"`
	// Exists is false for the word null, which no command tells from a setting
	// with that value.
	Exists fact.Value[bool] `json:"exists"`
}

// Lock is the answer of locksettings.
type Lock struct {
	Outcome
	// Disabled is the answer of get-disabled: true is no lock screen at all,
	// false is a swipe or a credential. A refusal as BadCredential says that
	// there is a credential.
	Disabled fact.Value[bool] `json:"disabled"`
}

// hide puts stars for what the phone repeats between quotes: it may be a PIN.
// An apostrophe within a word is no quote.
func hide(s string) string {
	from := strings.Index(s, " '")
	if from < 0 {
		return s
	}
	head, tail := s[:from+2], ""
	if to := strings.LastIndex(s, "' "); to >= from+2 {
		tail = s[to:]
	}
	return head + "***" + tail
}
