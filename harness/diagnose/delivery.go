package diagnose

import (
	"fmt"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/appops"
	"github.com/ringproof/ringproof/harness/dumpsys/standby"
)

// deliveryRules explain a push that did not arrive, or not in time.
func deliveryRules() []rule {
	return []rule{
		{
			id: "push.no-receiver", sentence: "the system found nobody to hand the push to",
			remedy: "the receiver must be declared, enabled and exported, with the action in its filter, and the app not in the stopped state",
			only:   []string{"push.receipt", "signalling.receipt", "telecom.call", "notification.call"},
			when: func(c *Case) []string {
				if p := c.lastPush(); p != nil && !p.Accepted && len(c.denials()) == 0 {
					return say("push %s: %s", p.Name, p.Receipt)
				}
				return nil
			},
		},
		{
			id: "push.denied", sentence: "the system refused to hand the push to the app's receiver",
			remedy: "the root broadcast needs a shell that is root; the debug receiver must be guarded by android.permission.DUMP, which adb's shell holds",
			only:   []string{"push.receipt", "signalling.receipt", "telecom.call", "notification.call"},
			when: func(c *Case) []string {
				if p := c.lastPush(); p != nil && !p.Accepted {
					return c.denials()
				}
				return nil
			},
		},
		{
			id: "push.deprioritised", sentence: "the push came with normal priority: a phone that sleeps holds it back, and the app may not start a foreground service for it",
			remedy: "send calls with android.priority HIGH and no notification block; FCM lowers the priority of apps that show nothing for their pushes",
			only:   []string{"push.receipt", "telecom.call", "notification.call", "latency."},
			when: func(c *Case) []string {
				if p := c.lastPush(); p != nil && p.Normal {
					return say("push %s: sent with normal priority", p.Name)
				}
				return nil
			},
		},
		{
			id: "battery.background-restricted", sentence: "the user restricted the app in the background: it may not start services there",
			remedy: "set the app's battery use to unrestricted or optimised",
			when: func(c *Case) []string {
				for _, name := range []string{"RUN_ANY_IN_BACKGROUND", "RUN_IN_BACKGROUND"} {
					if m, ok := c.op(name).Get(); ok && (m == appops.Ignore || m == appops.Deny) {
						return say("app op %s: %s", name, m)
					}
				}
				return nil
			},
		},
		{
			id: "battery.standby-bucket", sentence: "the system counts the app as hardly used and delays what it does",
			remedy: "open the app now and then, or exempt it from battery optimisation",
			when: func(c *Case) []string {
				if b, ok := c.Now.Standby.Bucket.Get(); ok && b >= standby.Rare {
					return say("standby bucket: %s", b)
				}
				return nil
			},
		},
		{
			id: "doze.deep", sentence: "the phone is in deep Doze: only high-priority pushes come through",
			remedy: "send calls with high priority",
			only:   []string{"push.receipt", "telecom.call", "notification.call", "latency."},
			when: func(c *Case) []string {
				if v, ok := c.Now.Idle.Idle().Get(); ok && v {
					return say("deviceidle: deep %s", c.Now.Idle.Deep)
				}
				return nil
			},
		},
	}
}

func (c *Case) lastPush() *Push {
	if len(c.Pushes) == 0 {
		return nil
	}
	return &c.Pushes[len(c.Pushes)-1]
}

// denials are the system's words about a broadcast that it did not hand over
// (BroadcastSkipPolicy, BroadcastQueue).
func (c *Case) denials() []string {
	var all []string
	for _, l := range c.Log {
		if strings.Contains(l.Msg, "Permission Denial: broadcasting") && strings.Contains(l.Msg, c.Now.App.Package) {
			all = append(all, fmt.Sprintf("log: %s: %s", l.Tag, clip(l.Msg, 300)))
		}
	}
	return all[:min(len(all), 3)]
}
