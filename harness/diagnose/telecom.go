package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/telecom"
)

// telecomRules explain a call that Telecom does not have.
func telecomRules() []rule {
	return []rule{
		{
			id: "telecom.account-missing", sentence: "the app has no PhoneAccount: Telecom takes no call of it",
			remedy: "register the account in Application.onCreate, each time: a push may start the process, and an account may have been removed",
			when: func(c *Case) []string {
				if accounts, ok := c.Now.Telecom.AccountsOf(c.Now.App.Package).Get(); ok && len(accounts) == 0 {
					return say("telecom: no account of %s", c.Now.App.Package)
				}
				return nil
			},
		},
		{
			id: "telecom.account-disabled", sentence: "the app's PhoneAccount is not enabled",
			remedy: "use a self-managed account, which needs no enabling; a managed one must be switched on under Calling accounts",
			when: func(c *Case) []string {
				return c.accounts(func(a telecom.Account) bool { return !a.Enabled }, "enabled=false")
			},
		},
		{
			id: "telecom.account-managed", sentence: "the app's PhoneAccount is not self-managed: the phone's own dialer would ring, and only when the user enabled the account",
			remedy: "register it with PhoneAccount.CAPABILITY_SELF_MANAGED",
			when: func(c *Case) []string {
				return c.accounts(func(a telecom.Account) bool {
					return !a.SelfManaged() && !slices.Contains(a.Capabilities, "TransactOps")
				}, "not self-managed")
			},
		},
		{
			id: "app.announces-twice", sentence: "the app announced one call to Telecom twice, and Telecom refused the second",
			remedy: "keep one registry of sessions for pushes and for the app's own connection, and enter a call there before anything is shown",
			only:   []string{"telecom.call", "notification."},
			when: func(c *Case) []string {
				p, ringing := c.lastPush(), c.others(telecom.Call.Rings)
				if p == nil || p.Kind != Ring || !p.Again || len(ringing) == 0 || c.refused() == nil {
					return nil
				}
				return slices.Concat(say("push %s: about a call of which an earlier push told", p.Name), c.refused(), ringing)
			},
		},
		{
			id: "telecom.second-ringing-call", sentence: "Telecom refused the call because the app has another one ringing",
			remedy: "answer onCreateIncomingConnectionFailed: tell the caller busy, and the user of a missed call",
			only:   []string{"telecom.call", "notification."},
			when: func(c *Case) []string {
				if ringing := c.others(telecom.Call.Rings); len(ringing) > 0 && c.refused() != nil {
					return slices.Concat(c.refused(), ringing)
				}
				return nil
			},
		},
		{
			id: "telecom.connection-timeout", sentence: "the app's ConnectionService did not make a Connection in time",
			remedy: "return from onCreateIncomingConnection at once; Telecom gives it 15 s",
			only:   []string{"telecom.call"},
			when: func(c *Case) []string {
				return c.happened("CREATE_CONNECTION_TIMEOUT")
			},
		},
		{
			id: "telecom.connection-failed", sentence: "the app's ConnectionService refused the call or could not be reached",
			remedy: "look at onCreateIncomingConnection: it returned null or a failed Connection, or the service is not declared with BIND_TELECOM_CONNECTION_SERVICE",
			only:   []string{"telecom.call"},
			when: func(c *Case) []string {
				return c.happened("CREATE_CONNECTION_FAILED")
			},
		},
		{
			id: "telecom.stuck-call", sentence: "a call of another time or app is still there",
			remedy: "end it, or clean up with `cmd telecom cleanup-stuck-calls` (Android 12 and newer)",
			when: func(c *Case) []string {
				calls, ok := c.Now.Telecom.Calls.Get()
				if !ok {
					return nil
				}
				var stuck []string
				for _, call := range calls {
					if p, known := call.Package.Get(); call.Live() && known && p != c.Now.App.Package && !fact.Is(call.SelfManaged, false) {
						stuck = append(stuck, fmt.Sprintf("telecom: %s of %s is %s", call.ID, p, call.State))
					}
				}
				return stuck
			},
		},
		{
			id: "telecom.dropped", sentence: "the app ended the call with an error right after it was answered",
			remedy: "join the session before setActive, and make sure that the app is logged in in a process that a push started",
			only:   []string{"telecom.call", "activity.call-screen", "audio.mode"},
			when: func(c *Case) []string {
				r := c.Now.LastRecord()
				if r == nil {
					return nil
				}
				why, ok := r.Cause().Get()
				answered := c.Answered || r.Event("REQUEST_ACCEPT").Known() || r.Event("SET_ACTIVE").Known() || r.Event("SET_ANSWERED").Known()
				if ok && answered && (why.Code == "ERROR" || why.Code == "UNKNOWN") {
					return say("telecom: %s was answered and ended with %s", r.ID, strings.TrimSpace(why.Code+" "+why.Reason))
				}
				return nil
			},
		},
	}
}

// accounts are the app's accounts of a kind, in words.
func (c *Case) accounts(is func(telecom.Account) bool, word string) []string {
	accounts, ok := c.Now.Telecom.AccountsOf(c.Now.App.Package).Get()
	if !ok {
		return nil
	}
	var said []string
	for _, a := range accounts {
		if !is(a) {
			return nil // one good account is enough
		}
		said = append(said, fmt.Sprintf("telecom: account %s of %s: %s, capabilities %s", a.ID, a.Class, word, strings.Join(a.Capabilities, " ")))
	}
	return said
}

// others are the app's live calls of a kind, in words.
func (c *Case) others(is func(telecom.Call) bool) []string {
	var said []string
	for _, call := range c.Now.Calls().Or(nil) {
		if is(call) {
			said = append(said, fmt.Sprintf("telecom: %s is %s", call.ID, call.State))
		}
	}
	return said
}

// refused is Telecom's word that it did not let a call of the app in
// (CallsManager.processIncomingCallIntent).
func (c *Case) refused() []string {
	if r := c.Now.LastRecord(); r != nil {
		for _, e := range r.Events {
			if strings.Contains(e.Data, "MAX_") || e.Name == "CREATE_CONNECTION_FAILED" {
				return say("telecom: %s: %s %s", r.ID, e.Name, e.Data)
			}
		}
	}
	if l := c.logged("onCreateIncomingConnectionFailed"); len(l) > 0 {
		return l
	}
	return c.logged("incoming call not permitted")
}

// happened is an event of the app's last call, in words.
func (c *Case) happened(name string) []string {
	r := c.Now.LastRecord()
	if r == nil {
		return nil
	}
	if e, ok := r.Event(name).Get(); ok {
		return say("telecom: %s: %s %s", r.ID, e.Name, e.Data)
	}
	return nil
}
