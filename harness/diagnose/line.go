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
