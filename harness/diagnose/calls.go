package diagnose

import (
	"fmt"
	"strings"
	"time"

	"github.com/ringproof/ringproof/harness/dumpsys/telecom"
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
				return nil
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

// lostRules explain an answered call that is gone when nothing else does.
func lostRules() []rule {
	return []rule{
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
