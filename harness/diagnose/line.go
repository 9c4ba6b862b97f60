package diagnose

import (
	"fmt"
	"slices"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/telecom"
)

// lineRules explain what goes wrong between the app's calls and those of the
// phone's own line.
func lineRules() []rule {
	return []rule{
		{
			id: "telecom.emergency-call", sentence: "Telecom refused the call: the phone is in a call that no app may disturb",
			remedy: "answer onCreateIncomingConnectionFailed: show the call without Telecom, or tell of a missed one",
			only:   []string{"telecom.call", "notification."},
			when: func(c *Case) []string {
				line := c.line(func(k telecom.Call) bool {
					can, known := k.Capabilities.Get()
					return known && !slices.Contains(can, "sup_hld") && !slices.Contains(can, "CAPABILITY_SUPPORT_HOLD")
				})
				if refused := c.refused(); len(line) > 0 && len(refused) > 0 {
					return append(line, refused...)
				}
				return nil
			},
		},
		{
			id: "app.touches-line", sentence: "something on the phone ended or answered the cellular call while the app had a call of its own",
			remedy: "end and answer through the app's own Connection: key events and TelecomManager.endCall hit whatever call there is",
			only:   []string{"telecom.cellular"},
			when: func(c *Case) []string {
				for _, r := range slices.Backward(c.Now.Telecom.History.Or(nil)) {
					if r.SelfManaged {
						continue
					}
					var said []string
					for _, name := range []string{"REQUEST_ACCEPT", "REQUEST_REJECT", "REQUEST_DISCONNECT"} {
						if e, ok := r.Event(name).Get(); ok {
							said = append(said, fmt.Sprintf("telecom: %s: %s %s", r.ID, e.Name, e.Data))
						}
					}
					return said
				}
				return nil
			},
		},
		{
			id: "app.not-held", sentence: "Telecom asked the app to hold its call, and the call is still active: its other side hears the second call",
			remedy: "implement Connection.onHold: stop the media, and call setOnHold",
			only:   []string{"telecom.call", "telecom.swapped", "telecom.cellular"},
			when: func(c *Case) []string {
				active := c.others(func(k telecom.Call) bool { return k.State == telecom.Active })
				for _, r := range c.records() {
					if r.Event("REQUEST_HOLD").Known() && !r.Event("SET_HOLD").Known() && !r.Over() && len(active) > 0 {
						return append(say("telecom: %s: REQUEST_HOLD and no SET_HOLD", r.ID), active...)
					}
				}
				return nil
			},
		},
		{
			id: "app.refuses-answer", sentence: "somebody answered the call by a headset, a car or a watch, and the app did not complete it: Telecom ended the call",
			remedy: "complete CallControlCallback.onAnswer with true at once, and join the session after it; on other calls, do not reject in onAnswer",
			only:   []string{"telecom.call"},
			when: func(c *Case) []string {
				r := c.Now.LastRecord()
				if r == nil || !c.noCall() || r.Event("SET_ACTIVE").Known() || r.Event("REQUEST_REJECT").Known() {
					return nil
				}
				if why, ok := r.Cause().Get(); !ok || why.Code != "REJECTED" {
					return nil
				}
				if asked := c.happened("REQUEST_ACCEPT"); asked != nil {
					return append(asked, c.happened("SET_DISCONNECTED")...)
				}
				return nil
			},
		},
		{
			id: "app.keeps-call", sentence: "the app shows no call any more, and Telecom still has its call: headset, car and other apps take the phone for busy",
			remedy: "disconnect the call in Telecom when it ends: Connection.setDisconnected and destroy, or CallControl.disconnect",
			only:   []string{"telecom.no-call"},
			when: func(c *Case) []string {
				posted, ok := c.Now.CallNotifications().Get()
				active := c.others(func(k telecom.Call) bool { return k.State == telecom.Active || k.State == telecom.OnHold })
				if !ok || len(posted) > 0 || len(c.screens()) > 0 {
					return nil
				}
				return active
			},
		},
	}
}

// line are the live cellular calls of a kind, in words.
func (c *Case) line(is func(telecom.Call) bool) []string {
	var said []string
	for _, call := range c.Now.Telecom.Calls.Or(nil) {
		if call.Live() && fact.Is(call.SelfManaged, false) && is(call) {
			said = append(said, fmt.Sprintf("telecom: %s, a cellular call, is %s", call.ID, call.State))
		}
	}
	return said
}
