package telecom

import (
	"bytes"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
)

// readAccounts reads the lines below phoneAccounts:. The list is known only if
// something stands behind it: a list that ends the text may have been cut.
func (r *reader) readAccounts() {
	at, all := r.lastLine, []Account{}
	for {
		l, ok := r.lines.Peek()
		if !ok {
			return
		}
		if endsAccounts(l.Text()) {
			break
		}
		r.next()
		t := l.Text()
		if len(t) < 4 || t[0] != '[' || t[1] != '[' {
			continue // the rest of an account whose extras hold line breaks
		}
		if a, ok := parseAccount(string(r.whole(t, " Capabilities: ")), l.N); ok {
			all = append(all, a)
		}
	}
	r.facts.Accounts = fact.Of(all, at)
}

func endsAccounts(t []byte) bool {
	for _, title := range [...]string{
		"test emergency PhoneAccount filter:", "localVoicemailTimeouts:", "Analytics:", "Flag Configurations",
		"TransactionManager:", "Historical Events", "No Historical Events Logged.",
	} {
		if bytes.HasPrefix(t, []byte(title)) {
			return true
		}
	}
	return false
}

// parseAccount reads one line (PhoneAccount.toString):
//
//	[[X] PhoneAccount: <handle> Capabilities: <words >Audio Routes: <letters> Schemes: <words> Extras: ...
//
// The extras are an app's text and stand last: nothing is read behind them but
// the mark of core-telecom.
func parseAccount(s string, line int) (a Account, ok bool) {
	a.Line = line
	a.Enabled = strings.HasPrefix(s, "[[X]")
	if !a.Enabled && !strings.HasPrefix(s, "[[ ]") {
		return a, false
	}
	_, s, ok = strings.Cut(s, "PhoneAccount: ")
	if !ok {
		return a, false
	}
	handle, s, ok := strings.Cut(s, " Capabilities: ")
	if !ok {
		return a, false
	}
	if a.AccountHandle, _, ok = parseHandle(handle); !ok {
		return a, false
	}
	s, extras, _ := strings.Cut(s, " Extras: ")
	a.CoreTelecom = strings.Contains(extras, "isCoreTelecomAccount=true")
	s, schemes, _ := strings.Cut(s, " Schemes: ")
	a.Schemes = strings.Fields(schemes)
	caps, routes, _ := strings.Cut(s, "Audio Routes: ")
	a.Capabilities = strings.Fields(caps)
	a.Routes = strings.TrimSpace(routes)
	return a, true
}
