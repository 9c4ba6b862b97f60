package diagnose_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness/diagnose"
	"github.com/ringproof/ringproof/harness/dumpsys/audio"
	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/telecom"
)

// The troubleshooting table of CometChat's guide to VoIP calling on Android
// (calls/android/voip-calling), row by row: what its reader sees has a rule,
// the remedy is the one that helps where the guide's does not, and a phone that
// is nearly the same does not get it.
func TestGuideTroubleshooting(t *testing.T) {
	accounts := func(a ...telecom.Account) func(*diagnose.Case) {
		return func(c *diagnose.Case) { c.Now.Telecom.Accounts = fact.Of(a, 1) }
	}
	account := func(enabled bool, can ...string) telecom.Account {
		return telecom.Account{AccountHandle: telecom.AccountHandle{Package: pkg, Class: pkg + ".Service", ID: "***"}, Enabled: enabled, Capabilities: can}
	}
	requested := func(names ...string) func(*diagnose.Case) {
		return func(c *diagnose.Case) { c.Now.Packages.Packages.Or(nil)[0].Requested = fact.Of(names, 1) }
	}
	mode := func(m audio.Mode) func(*diagnose.Case) {
		return func(c *diagnose.Case) { c.Now.Audio.Mode = fact.Of(m, 1) }
	}
	answered := func(c *diagnose.Case) { c.Answered = true }
	normal := func(c *diagnose.Case) { c.Pushes[0].Normal = true }
	for _, row := range []struct {
		issue, finding string
		change         []func(*diagnose.Case)
		want, remedy   string
		// near is the same with something added that makes the rule wrong.
		near func(*diagnose.Case)
	}{
		{"System call UI not showing", "telecom.call", []func(*diagnose.Case){noCall, noNotification, accounts()},
			"telecom.account-missing", "Application.onCreate", accounts(account(true, "SelfManaged"))},
		// A self-managed call has no system UI, whatever the settings say.
		{"System call UI not showing", "notification.call", []func(*diagnose.Case){noNotification},
			"app.no-incoming-ui", "onShowIncomingCallUi", noCall},
		{"Calls not received in background", "telecom.call", []func(*diagnose.Case){refusedPush},
			"push.no-receiver", "exported", func(c *diagnose.Case) { c.Pushes[0].Accepted = true }},
		{"Calls not received in background", "telecom.call", []func(*diagnose.Case){noCall, noNotification, normal},
			"push.deprioritised", "HIGH", func(c *diagnose.Case) { c.Pushes[0].Normal = false }},
		{"Calls not received in background", "telecom.call", []func(*diagnose.Case){refusedPush, func(c *diagnose.Case) { user(c).Stopped = fact.Of(true, 1) }},
			"app.stopped", "open the app", func(c *diagnose.Case) { user(c).Stopped = fact.Of(false, 1) }},
		// MANAGE_OWN_CALLS is granted at installation: asking for it does nothing.
		{"Permission denied errors", "telecom.call", []func(*diagnose.Case){noCall, requested("android.permission.POST_NOTIFICATIONS", "android.permission.USE_FULL_SCREEN_INTENT", "android.permission.RECORD_AUDIO")},
			"permission.manage-own-calls", "granted at installation", requested("android.permission.MANAGE_OWN_CALLS", "android.permission.USE_FULL_SCREEN_INTENT")},
		{"Permission denied errors", "process.alive", []func(*diagnose.Case){crashed("java.lang.SecurityException: Neither user 10123 nor current process has android.permission.MANAGE_OWN_CALLS.")},
			"crash.manage-own-calls", "cannot be asked for at run time", crashed("java.lang.NullPointerException")},
		{"Call drops immediately", "telecom.call", []func(*diagnose.Case){noCall, noNotification, answered, event("SET_DISCONNECTED", "disconnected set explicitly> DisconnectCause [ Code: (ERROR) Label: () Description: () Reason: (not logged in) Tone: (-1) ]")},
			"telecom.dropped", "logged in", func(c *diagnose.Case) { c.Answered = false }},
		{"Audio routing issues", "audio.mode", []func(*diagnose.Case){state(telecom.Active), mode(audio.Normal)},
			"app.audio-mode", "setAudioModeIsVoip(true)", mode(audio.InCommunication)},
		// Only managed accounts are listed under Calling accounts.
		{"PhoneAccount not enabled", "telecom.call", []func(*diagnose.Case){noCall, accounts(account(false, "CallProvider"))},
			"telecom.account-disabled", "self-managed", accounts(account(true, "CallProvider"))},
	} {
		t.Run(row.issue+"/"+row.want, func(t *testing.T) {
			c := healthy()
			c.Finding.Fact = row.finding
			for _, change := range row.change {
				change(&c)
			}
			causes := diagnose.Causes(c)
			i := slices.Index(ids(causes), row.want)
			if i < 0 {
				t.Fatalf("not among %v", ids(causes))
			}
			if !strings.Contains(causes[i].Remedy, row.remedy) || len(causes[i].Facts) == 0 {
				t.Errorf("remedy %q, facts %q", causes[i].Remedy, causes[i].Facts)
			}
			row.near(&c)
			if got := ids(diagnose.Causes(c)); slices.Contains(got, row.want) {
				t.Errorf("a near miss got %v", got)
			}
		})
	}
}
