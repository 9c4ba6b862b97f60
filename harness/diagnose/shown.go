package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/notification"
)

// shownRules are about what a call shows and sounds like while it rings.
func shownRules() []rule {
	return []rule{
		{
			id: "app.soundless", sentence: "the channel of the call's notification has no sound: whoever does not look at the phone misses the call",
			remedy: "give the channel a ringtone when it is created, with USAGE_NOTIFICATION_RINGTONE; a ringtone that the app plays itself is silent on Android 17 without a foreground service",
			only:   []string{"notification.sound"},
			when: func(c *Case) []string {
				return c.notifications(func(r notification.Record) bool {
					ch, ok := r.Effective.Get()
					return ok && ch.Sound.Known() && ch.Sound.Or("") == ""
				})
			},
		},
		{
			id: "app.tells-twice", sentence: "the app says the same call in more than one notification",
			remedy: "let one place decide what the news of a call become, by push or over the app's own connection: they post the call's notification and nothing else",
			only:   []string{"notification.once", "notification.missed-once"},
			when: func(c *Case) []string {
				own, ok := c.Now.Notification.Of(c.Now.App.Package).Get()
				if !ok || len(own) < 2 {
					return nil
				}
				var said []string
				for _, r := range own {
					said = append(said, fmt.Sprintf("notification %s on channel %s, category %q", r.Key, r.Channel, r.Category.Or("")))
				}
				return said
			},
		},
		{
			id: "app.ends-elsewhere", sentence: "the app told its server that the call is over, and its user had only declined it on this phone",
			remedy: "send what declines a ring on this phone, which leaves alone a call that another phone has answered; send an end for a call that was answered here",
			only:   []string{"trace.declined"},
			when:   func(c *Case) []string { return c.traced("is over for all") },
		},
		{
			id: "app.declines-elsewhere", sentence: "the app told its server that its user declined a call which was over here, since they answered it on another phone",
			remedy: "look whether the call still rings before telling the server of a press: buttons and callbacks that were under way arrive after the end",
			only:   []string{"trace.late-decline"},
			when:   func(c *Case) []string { return c.traced("was told that it was declined") },
		},
		{
			id: "app.declines-silently", sentence: "the app did not tell its server that its user declined the call: the caller hears it ring on",
			remedy: "tell the server in native code that runs with the button or with onReject, not in a part of the app that a push does not start",
			only:   []string{"trace.declined"},
			when:   func(c *Case) []string { return c.traced("nothing of it") },
		},
		{
			id: "app.rings-itself", sentence: "the app plays a ringtone of its own, beside its notification's or after the ringing",
			remedy: "let the channel's sound be the only one, which ends with the notification, or give the channel none and stop the app's wherever ringing ends",
			only:   []string{"audio.one-ringtone", "audio.ringtone-over"},
			when: func(c *Case) []string {
				players, known := c.Now.Audio.Players.Get()
				pids, ok := c.Now.PIDs.Get()
				if !known || !ok {
					return nil
				}
				var said []string
				for _, p := range players {
					if p.Started() && slices.Contains(pids, p.PID) {
						said = append(said, fmt.Sprintf("audio: player %d of pid %d, %s", p.ID, p.PID, p.Usage))
					}
				}
				return said
			},
		},
		{
			id: "app.unusable-button", sentence: "a button of the call's screen cannot be used by everybody",
			remedy: "give it a contentDescription, and 48 dp by 48 dp with its padding",
			only:   []string{"screen.label", "screen.size"},
			when: func(c *Case) []string {
				if c.Finding.Seen == "" {
					return nil
				}
				return say("window tree: %s", c.Finding.Seen)
			},
		},
		{
			id: "app.proximity-early", sentence: "the app lets the screen go off at the ear before anybody answered or after the call",
			remedy: "acquire PROXIMITY_SCREEN_OFF_WAKE_LOCK when the call becomes active, and release it when it ends",
			only:   []string{"power.proximity"},
			when: func(c *Case) []string {
				var said []string
				for _, l := range c.Now.Power.WakeLocks.Or(nil) {
					if strings.HasPrefix(l.Kind, "PROXIMITY_") {
						said = append(said, fmt.Sprintf("power: %s %q of %s", l.Kind, l.Tag, l.Package))
					}
				}
				return said
			},
		},
		{
			id: "app.rings-slowly", sentence: "the push reaches the app in time, and the app announces the call late",
			remedy: "call addNewIncomingCall with what the push itself says, and ask the server afterwards: in Doze the network takes seconds",
			only:   []string{"latency.ringing"},
			when: func(c *Case) []string {
				p := c.lastPush()
				created := c.happened("CREATED")
				if p == nil || !p.Accepted || p.Normal || len(created) == 0 {
					return nil
				}
				return append(say("push %s: %s", p.Name, p.Receipt), created...)
			},
		},
	}
}

// traced is what the app's trace said, once its user had declined the call.
func (c *Case) traced(words string) []string {
	if !c.Ended || !strings.Contains(c.Finding.Seen, words) {
		return nil
	}
	return []string{"app trace: " + c.Finding.Seen}
}
