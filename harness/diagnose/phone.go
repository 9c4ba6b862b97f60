package diagnose

import (
	"fmt"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/notification"
)

// phoneRules are settings and states of the phone that change what a person
// sees and hears.
func phoneRules() []rule {
	return []rule{
		{
			id: "dnd.intercepted", sentence: "Do Not Disturb holds the call's notification back",
			remedy: "switch Do Not Disturb off, or let calls of this app through: its channel may ask to bypass it",
			only:   []string{"notification.", "screen.", "window.", "audio."},
			when: func(c *Case) []string {
				var said []string
				for _, r := range c.Now.CallNotifications().Or(nil) {
					if r.Intercepted.Or(false) {
						said = append(said, fmt.Sprintf("notification %s: intercepted", r.Key))
					}
				}
				return said
			},
		},
		{
			id: "dnd.on", sentence: "Do Not Disturb is on",
			remedy: "switch it off for the test, or test with it on purpose",
			when: func(c *Case) []string {
				z, ok := c.Now.Audio.ZenMode.Get()
				if !ok || z == "" || z == "0" || strings.Contains(strings.ToUpper(z), "OFF") {
					return nil
				}
				return say("zen mode: %s", z)
			},
		},
		{
			id: "ringer.silent", sentence: "the phone is silent: a call only vibrates, or not even that",
			remedy: "turn the ringer on for the test",
			only:   []string{"audio."},
			when: func(c *Case) []string {
				if m, ok := c.Now.Audio.RingerModeExternal.Get(); ok && m != "NORMAL" {
					return say("ringer mode: %s", m)
				}
				return nil
			},
		},
		{
			id: "channel.quiet", sentence: "the channel of the app's calls is too unimportant to pop up: the user lowered it, or the app made it so",
			remedy: "create the channel with IMPORTANCE_HIGH from the start; an app cannot raise it later, only the user can",
			only:   []string{"notification.", "screen.", "window."},
			when: func(c *Case) []string {
				var said []string
				for _, r := range c.Now.CallNotifications().Or(nil) {
					i, ok := r.Importance.Get()
					if ok && i < notification.ImportanceHigh && r.Channel.Or("") != c.Now.App.OngoingChannel {
						said = append(said, fmt.Sprintf("notification %s: channel %s has importance %d", r.Key, r.Channel, i))
					}
				}
				return said
			},
		},
		{
			id: "screen.kept-on", sentence: "something keeps the screen on: a locked phone cannot be shown",
			remedy: "switch off Stay awake in the developer options, and close the app that holds the screen",
			only:   []string{"keyguard.", "window."},
			when: func(c *Case) []string {
				var said []string
				if v, ok := c.Now.Power.StayOnPlugged.Get(); ok && v > 0 && c.Now.Power.Powered.Or(true) {
					said = append(said, fmt.Sprintf("power: stay_on_while_plugged_in=%d", v))
				}
				for _, l := range c.Now.Power.WakeLocks.Or(nil) {
					if l.Screen() && !l.Disabled && l.Package.Or("") != c.Now.App.Package {
						said = append(said, fmt.Sprintf("power: %s %q of uid %s", l.Kind, l.Tag, l.UID))
					}
				}
				return said
			},
		},
		{
			id: "trust.agent", sentence: "a trust agent keeps the phone unlocked",
			remedy: "switch off Smart Lock (Extend Unlock) for the test",
			only:   []string{"keyguard.", "window."},
			when: func(c *Case) []string {
				for _, u := range c.Now.Trust.Users.Or(nil) {
					if u.Current && u.Trusted.Or(false) {
						return say("trust: user %d is trusted, agents %s", u.ID, strings.Join(u.Agents, " "))
					}
				}
				return nil
			},
		},
	}
}
