package diagnose

import (
	"github.com/ringproof/ringproof/harness/dumpsys/telecom"
)

// outgoingRules are about calls that the user makes.
func outgoingRules() []rule {
	dialing := func(t telecom.Call) bool { return t.State == telecom.Dialing }
	return []rule{
		{
			id: "app.calls-outside-telecom", sentence: "the app took the wish to call somebody, and Telecom has no call of it: other calls and headsets do not know of it",
			remedy: "place the call by TelecomManager.placeCall with the app's own account, and give it its connection in onCreateOutgoingConnection",
			only:   []string{"telecom.call"},
			when: func(c *Case) []string {
				r := c.Now.LastRecord()
				if !c.Placed || !c.noCall() || c.Ended || len(c.Pushes) > 0 || r != nil && len(r.Events) > 0 && r.Events[0].At >= timeOfDay(c.Since) {
					return nil
				}
				return say("telecom: no call since the app was had to make one")
			},
		},
		{
			id: "app.active-unanswered", sentence: "the app calls its outgoing call active before anybody took it",
			remedy: "set the connection dialing, and active only when the server says that the callee is there",
			only:   []string{"telecom.call"},
			when: func(c *Case) []string {
				if !c.Placed || c.told() != nil {
					return nil
				}
				return c.others(func(t telecom.Call) bool { return t.State == telecom.Active })
			},
		},
		{
			id: "app.ignores-callee", sentence: "the app was told what its callee did, and its call still dials",
			remedy: "handle what the server says of outgoing calls, also while the app's screen is away: active when the callee took it, disconnected when they declined",
			only:   []string{"telecom.call", "telecom.no-call", "telecom.cause", "notification.none"},
			when: func(c *Case) []string {
				p, still := c.told(), c.others(dialing)
				if !c.Placed || p == nil || len(still) == 0 {
					return nil
				}
				return append(say("push %s: %s", p.Name, p.Receipt), still...)
			},
		},
	}
}

// told is the last push that told of what happened to a call, if the app took it.
func (c *Case) told() *Push {
	if p := c.lastPush(); p != nil && p.Accepted && p.Kind == Stop {
		return p
	}
	return nil
}
