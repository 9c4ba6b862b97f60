package diagnose

import (
	"fmt"
	"strings"
	"time"

	"github.com/ringproof/ringproof/harness/dumpsys/notification"
	"github.com/ringproof/ringproof/harness/dumpsys/telecom"
	"github.com/ringproof/ringproof/harness/dumpsys/window"
)

// callRules go from how the app's calls went, one beside the other, to what
// the app makes of them.
func callRules() []rule {
	return []rule{
		{
			id: "app.ends-others", sentence: "the app ended one call because of what happened to another",
			remedy: "keep calls apart by session: what ends or begins one must not touch another",
			only:   []string{"telecom.call", "telecom.same-call", "notification.missed", "notification.call", "telecom.swapped"},
			when: func(c *Case) []string {
				mine := c.records()
				for i, r := range mine {
					end, ok := r.Event("SET_DISCONNECTED").Get()
					if why, known := r.Cause().Get(); !ok || !known || why.Code != "LOCAL" {
						continue
					}
					for j, o := range mine {
						if i == j {
							continue
						}
						for _, name := range []string{"CREATED", "SET_DISCONNECTED"} {
							if e, ok := o.Event(name).Get(); ok && e.At.Round(time.Second) == end.At.Round(time.Second) {
								return []string{
									fmt.Sprintf("telecom: %s ended LOCAL at %s", r.ID, clock(end.At)),
									fmt.Sprintf("telecom: %s: %s at %s", o.ID, e.Name, clock(e.At)),
								}
							}
						}
					}
				}
				return nil
			},
		},
		{
			id: "app.shows-others", sentence: "the app shows a call for a push that announces none",
			remedy: "look at type and callAction before anything is shown",
			only:   []string{"notification.none"},
			when: func(c *Case) []string {
				if !c.noCall() || len(c.Pushes) == 0 {
					return nil
				}
				var said []string
				for _, p := range c.Pushes {
					switch {
					case p.Kind == Ring:
						return nil
					case p.Accepted:
						said = append(said, fmt.Sprintf("push %s: %s", p.Name, p.Receipt))
					}
				}
				posted := c.notifications(func(notification.Record) bool { return true })
				if len(said) == 0 || len(posted) == 0 {
					return nil
				}
				return append(said[len(said)-1:], posted...)
			},
		},
		{
			id: "app.tells-missed", sentence: "the app tells of a missed call that nobody missed: it was declined or answered, here or on another phone of the user",
			remedy: "tell of a missed call only when a ring ended by cancelled, unanswered or its own time-out",
			only:   []string{"notification.no-missed"},
			when: func(c *Case) []string {
				var said []string
				for _, r := range c.Now.MissedNotifications().Or(nil) {
					said = append(said, fmt.Sprintf("notification %s: channel %s", r.Key, r.Channel))
				}
				if len(said) == 0 {
					return nil
				}
				return append(said, c.happened("SET_DISCONNECTED")...)
			},
		},
		{
			id: "app.not-ended", sentence: "somebody ended or declined the call and it lives on: the app did not act on what Telecom told it",
			remedy: "onReject and onDisconnect must end the session, then setDisconnected and destroy",
			only:   []string{"telecom.no-call", "notification.none", "audio.mode"},
			when: func(c *Case) []string {
				r := c.Now.LastRecord()
				live := c.others(telecom.Call.Live)
				if r == nil || r.Over() || len(live) == 0 {
					return nil
				}
				for _, name := range []string{"REQUEST_REJECT", "REQUEST_DISCONNECT"} {
					if said := c.happened(name); said != nil {
						return append(said, live...)
					}
				}
				if c.Ended {
					return append(say("act: somebody pressed what declines or ends it"), live...)
				}
				return nil
			},
		},
		{
			id: "app.ignores-speaker", sentence: "somebody pressed the app's button for the loudspeaker and the call stays where it was",
			remedy: "route by Connection.setAudioRoute or requestCallEndpointChange: Telecom takes back what AudioManager is told beside it",
			only:   []string{"audio.route"},
			when: func(c *Case) []string {
				active := c.others(func(t telecom.Call) bool { return t.State == telecom.Active })
				if !c.Routed || len(active) == 0 {
					return nil
				}
				return append(say("act: somebody pressed the button for the loudspeaker"), active...)
			},
		},
		{
			id: "app.moves-route", sentence: "the call was on a headset and was moved away from it, and the headset did not go",
			remedy: "leave the route to Telecom and to the user: call setAudioRoute or requestCallEndpointChange only for a button of yours",
			only:   []string{"audio.route"},
			when: func(c *Case) []string {
				r := c.Now.LastRecord()
				if r == nil {
					return nil
				}
				var on *telecom.Event
				var said []string
				for _, e := range r.Events {
					switch to, routed := strings.CutPrefix(e.Name, "AUDIO_ROUTE_"); {
					case strings.Contains(e.Data, "disconnected"):
						on, said = nil, nil
					case routed && (to == "BT" || to == "HEADSET"):
						on, said = &e, nil
					case routed && on != nil:
						said = []string{
							fmt.Sprintf("telecom: %s: %s at %s", r.ID, on.Name, clock(on.At)),
							fmt.Sprintf("telecom: %s: %s at %s", r.ID, e.Name, clock(e.At)),
						}
					}
				}
				return said
			},
		},
		{
			id: "app.focus-left", sentence: "no call is left and the app still holds the audio focus: music does not go on",
			remedy: "abandon every focus request when the call ends; a self-managed call needs none of its own",
			only:   []string{"media.", "audio."},
			when: func(c *Case) []string {
				if !c.noCall() {
					return nil
				}
				for _, f := range c.Now.Audio.FocusStack.Or(nil) {
					if f.Package == c.Now.App.Package {
						return say("audio: focus %s of %s", f.Gain, f.Package)
					}
				}
				return nil
			},
		},
	}
}

// lostRules explain a call that is gone, or is not told of, when nothing else
// does.
func lostRules() []rule {
	return []rule{
		{
			id: "app.answer-declines", sentence: "somebody pressed Answer and the call was declined: the buttons do each other's work",
			remedy: "look at the PendingIntents of the two buttons: their actions, request codes and extras must differ",
			only:   []string{"telecom.call"},
			when: func(c *Case) []string {
				if r := c.Now.LastRecord(); r != nil && c.Answered && c.noCall() && r.Cause().Or(telecom.Cause{}).Code == "REJECTED" {
					return append(say("act: somebody pressed what answers it"), c.happened("SET_DISCONNECTED")...)
				}
				return nil
			},
		},
		{
			id: "app.drops-ring", sentence: "the app ended the call while it rang, and nobody asked it to",
			remedy: "ring for 30 to 60 s, and end the ring only when its user, its caller or that time does",
			only:   []string{"telecom.call", "telecom.same-call"},
			when: func(c *Case) []string {
				p, r := c.lastPush(), c.Now.LastRecord()
				if p == nil || p.Kind != Ring || r == nil || !c.noCall() || c.Answered || c.Ended || r.Event("SET_ACTIVE").Known() {
					return nil
				}
				why, ok := r.Cause().Get()
				if !ok || why.Code == "ERROR" || why.Code == "UNKNOWN" {
					return nil
				}
				return append(c.happened("SET_RINGING"), c.happened("SET_DISCONNECTED")...)
			},
		},
		{
			id: "app.loses-waiting", sentence: "the app took the push of a second call and did nothing: the caller hears it ring and nobody knows",
			remedy: "announce it to Telecom, which lets it wait, or tell the caller busy and the user of a missed call",
			only:   []string{"telecom.waiting"},
			when: func(c *Case) []string {
				p := c.lastPush()
				live := c.others(telecom.Call.Live)
				if p == nil || p.Kind != Ring || !p.Accepted || len(live) != 1 {
					return nil
				}
				return append(say("push %s: %s", p.Name, p.Receipt), live...)
			},
		},
		{
			id: "app.no-missed", sentence: "nobody took the call and the app does not say so: Telecom tells of no missed call of a self-managed app",
			remedy: "post a notification of your own when a ring ends by cancelled, unanswered or its time-out, and for a push that came too late",
			only:   []string{"notification.missed"},
			when: func(c *Case) []string {
				told, ok := c.Now.MissedNotifications().Get()
				p := c.lastPush()
				if !ok || len(told) > 0 || p == nil || !p.Accepted {
					return nil
				}
				return append(say("push %s: %s; notification: none of a missed call", p.Name, p.Receipt), c.happened("SET_DISCONNECTED")...)
			},
		},
		{
			id: "app.rings-unasked", sentence: "the app rings and no push told it to: it fetched a call that is over",
			remedy: "ask the server whether a call still rings before you show it",
			only:   []string{"telecom.no-call", "notification.none"},
			when: func(c *Case) []string {
				ringing := c.others(telecom.Call.Rings)
				if len(ringing) == 0 {
					return nil
				}
				for _, p := range c.Pushes {
					if p.Accepted {
						return nil
					}
				}
				return append(ringing, "push: none was accepted")
			},
		},
		{
			id: "app.wake-lock-left", sentence: "no call is left and the app still holds a wake lock",
			remedy: "give every wake lock a time-out, and release it wherever a call ends",
			only:   []string{"power.wake-lock"},
			when: func(c *Case) []string {
				var said []string
				for _, l := range c.Now.Power.WakeLocks.Or(nil) {
					if l.Package.Or("") == c.Now.App.Package {
						said = append(said, fmt.Sprintf("power: %s %q", l.Kind, l.Tag))
					}
				}
				return said
			},
		},
		{
			id: "app.over-keyguard", sentence: "the app shows more than its call over the lock screen",
			remedy: "setShowWhenLocked on the call's activities alone, and only while there is a call",
			only:   []string{"keyguard.covers"},
			when: func(c *Case) []string {
				f, ok := c.Now.Window.Focus.Get()
				if !ok || f.Kind != window.Activity || f.Package != c.Now.App.Package || !c.Now.Window.Keyguard.Showing.Or(false) {
					return nil
				}
				return say("window: keyguard showing, occluded %s, in front: %s", c.Now.Window.Keyguard.Occluded, f.Title)
			},
		},
		{
			id: "app.ended-itself", sentence: "the app ended a call that was answered, and nobody asked it to",
			remedy: "end a call when its user or its other side does: not when a screen is destroyed, hidden or swiped away",
			only:   []string{"telecom.call", "telecom.same-call"},
			when: func(c *Case) []string {
				p, r := c.lastPush(), c.Now.LastRecord()
				if p == nil || p.Kind == Stop || r == nil || !c.noCall() || !r.Event("SET_ACTIVE").Known() {
					return nil
				}
				why, ok := r.Cause().Get()
				if !ok || why.Code == "ERROR" || why.Code == "UNKNOWN" {
					return nil
				}
				return append(c.happened("SET_ACTIVE"), c.happened("SET_DISCONNECTED")...)
			},
		},
	}
}

// records are Telecom's records of the app's calls, oldest first.
func (c *Case) records() []telecom.Record {
	var mine []telecom.Record
	for _, r := range c.Now.Telecom.History.Or(nil) {
		if a, ok := r.Account.Get(); ok && a.Package == c.Now.App.Package {
			mine = append(mine, r)
		}
	}
	return mine
}

// clock is a time of day as Telecom prints it.
func clock(at time.Duration) string {
	return fmt.Sprintf("%02d:%02d:%06.3f", int(at.Hours()), int(at.Minutes())%60, (at % time.Minute).Seconds())
}
