package diagnose

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ringproof/ringproof/harness/dumpsys/audio"
	"github.com/ringproof/ringproof/harness/dumpsys/notification"
	"github.com/ringproof/ringproof/harness/dumpsys/telecom"
	"github.com/ringproof/ringproof/harness/facts"
)

// behaviourRules are what the app's code did or left undone.
func behaviourRules() []rule {
	return []rule{
		{
			id: "app.trampoline", sentence: "a button of the notification opens the call through a receiver or service: Android 12 and newer block that",
			remedy: "give the button PendingIntent.getActivity, or let CallStyle do it",
			only:   []string{"telecom.call", "activity.call-screen", "screen.", "audio.mode"},
			when: func(c *Case) []string {
				if said := c.logged("Indirect notification activity start (trampoline)", c.Now.App.Package); len(said) > 0 {
					return said
				}
				if !c.failed("activity.call-screen") || c.API < 31 {
					return nil
				}
				// Decline may be a broadcast: only if no button opens anything, the
				// answer does not.
				for _, r := range c.Now.CallNotifications().Or(nil) {
					var said []string
					for _, a := range r.Actions.Or(nil) {
						if a.Starts == "startActivity" {
							said = nil
							break
						}
						said = append(said, fmt.Sprintf("notification %s: the button %q does %s", r.Key, a.Title, a.Starts))
					}
					if r.Channel.Or("") != c.Now.App.OngoingChannel && len(said) > 0 {
						return said
					}
				}
				return nil
			},
		},
		{
			id: "app.background-start", sentence: "the system blocked an activity that the app started from the background",
			remedy: "do not call startActivity from a push or a service: use a full-screen intent, and activity PendingIntents for buttons",
			only:   []string{"telecom.call", "activity.call-screen", "screen.", "window.", "notification."},
			when: func(c *Case) []string {
				if said := c.logged("Background activity launch blocked", c.Now.App.Package); len(said) > 0 {
					return said
				}
				if p, ok := c.pkg(); ok && p.UID.Known() {
					// Android 10 to 13 name the uid alone (ActivityStarter).
					return c.logged(fmt.Sprintf("Abort background activity starts from %d", p.UID.Or(0)))
				}
				return nil
			},
		},
		{
			id: "app.foreground-service-blocked", sentence: "the system did not let the app start its foreground service from the background",
			remedy: "start it within the ten seconds after a high-priority push, or from the call's activity",
			when: func(c *Case) []string {
				return c.logged("startForegroundService() not allowed", c.Now.App.Package)
			},
		},
		{
			id: "app.restarted", sentence: "the app's process ended and started again: it has lost its calls",
			remedy: "look for a crash, or for a process that nothing protected while it had a call",
			only:   []string{"process.same"},
			when: func(c *Case) []string {
				if pids, ok := c.Now.PIDs.Get(); ok && len(pids) > 0 {
					return say("processes now: %v", pids)
				}
				return nil
			},
		},
		{
			id: "app.two-calls", sentence: "the app has more than one call where there should be one: it takes each push for a call of its own",
			remedy: "keep a registry of sessions and drop a push whose session is known",
			when: func(c *Case) []string {
				if c.Finding.Fact == "" || c.failed("telecom.waiting") || c.failed("telecom.swapped") {
					return nil // two calls are what was wanted
				}
				if said := c.others(telecom.Call.Live); len(said) > 1 {
					return said
				}
				return nil
			},
		},
		{
			id: "app.ignores-stop", sentence: "the app took the push that ends the call and rings on",
			remedy: "handle callAction: cancelled, unanswered, rejected, ended and ongoing must end a ring of the same session",
			only:   []string{"telecom.no-call", "telecom.cause", "notification.none", "activity.no-call-screen", "telecom.call"},
			when: func(c *Case) []string {
				p := c.lastPush()
				ringing := c.others(telecom.Call.Rings)
				if p == nil || !p.Accepted || p.Kind != Stop || len(ringing) == 0 {
					return nil
				}
				return append(say("push %s: %s", p.Name, p.Receipt), ringing...)
			},
		},
		{
			id: "app.rings-for-others", sentence: "the app rings for a push that announces no call",
			remedy: "look at type and callAction before anything is shown",
			only:   []string{"telecom.no-call", "notification.none"},
			when: func(c *Case) []string {
				ringing := c.others(telecom.Call.Rings)
				if len(ringing) == 0 || len(c.Pushes) == 0 {
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
				return append(said, ringing...)
			},
		},
		{
			id: "app.rings-again", sentence: "the app rings for a call that it was told of before: it is over, or was answered",
			remedy: "remember the sessions that ended, and that were cancelled before they rang, and drop a push of one of them",
			only:   []string{"telecom.no-call", "notification.none"},
			when: func(c *Case) []string {
				p := c.lastPush()
				ringing := c.others(telecom.Call.Rings)
				if p == nil || !p.Accepted || p.Kind != Ring || !p.Again || len(ringing) == 0 {
					return nil
				}
				return append(say("push %s: about a call of which an earlier push told", p.Name), ringing...)
			},
		},
		{
			id: "app.rings-late", sentence: "the app rings for a push that came long after its call",
			remedy: "compare google.sent_time and the payload's own time with now: a late call is a missed call",
			only:   []string{"telecom.no-call", "notification.none"},
			when: func(c *Case) []string {
				p := c.lastPush()
				ringing := c.others(telecom.Call.Rings)
				if p == nil || !p.Accepted || p.Late < time.Minute || len(ringing) == 0 {
					return nil
				}
				return append(say("push %s: sent %s before it came", p.Name, p.Late), ringing...)
			},
		},
		{
			id: "app.no-ring-timeout", sentence: "the app rings for more than a minute, and nobody told it to stop: it has no time-out of its own",
			remedy: "end the call with MISSED when nobody has answered after 30 to 60 s; a cancel push may never come",
			only:   []string{"telecom.no-call", "notification.none"},
			when: func(c *Case) []string {
				p := c.lastPush()
				ringing := c.others(telecom.Call.Rings)
				since := c.Now.Wall.Sub(c.Since)
				if p == nil || p.Kind != Ring || p.Again || p.Late > 0 || len(ringing) == 0 || c.Since.IsZero() || since < time.Minute {
					return nil
				}
				return append(say("push %s: %s ago", p.Name, since.Round(time.Second)), ringing...)
			},
		},
		{
			id: "app.ends-answered", sentence: "the app ended the call that was answered here because of what another phone of the user did",
			remedy: "let ongoing and rejected end a ring only: the first is the echo of the user's own answer",
			only:   []string{"telecom.call"},
			when: func(c *Case) []string {
				p, r := c.lastPush(), c.Now.LastRecord()
				if p == nil || !p.Accepted || p.Kind != Stop || r == nil || !c.noCall() || !r.Event("SET_ACTIVE").Known() || !r.Event("SET_DISCONNECTED").Known() {
					return nil
				}
				return append(say("push %s: %s", p.Name, p.Receipt), c.happened("SET_DISCONNECTED")...)
			},
		},
		{
			id: "app.takes-screen", sentence: "the app starts its call screen over whatever the user is doing",
			remedy: "leave the screen to the full-screen intent: the system shows a heads-up while the phone is in use",
			only:   []string{"app.background"},
			when: func(c *Case) []string {
				a, ok := c.Now.Activity.Resumed.Get()
				ringing := c.others(telecom.Call.Rings)
				if !ok || a.Package != c.Now.App.Package || !slices.Contains(callScreens(c.Now.App), a.Class) || len(ringing) == 0 {
					return nil
				}
				return append(ringing, "activity: "+a.Class+" in front")
			},
		},
		{
			id: "app.not-silenced", sentence: "Telecom told the app to be silent and its notification sounds on",
			remedy: "implement Connection.onSilence: post the call's notification again on a channel without a sound",
			only:   []string{"notification.hushed"},
			when: func(c *Case) []string {
				told := c.happened("SILENCE")
				if len(told) == 0 {
					return nil
				}
				return append(told, c.notifications(func(notification.Record) bool { return true })...)
			},
		},
		{
			id: "app.dismissible-ongoing", sentence: "the call is under way and its user swiped its notification away: nothing leads back to it",
			remedy: "make it a CallStyle.forOngoingCall notification, which Android 14 and newer do not let go, or post it again from its delete intent",
			only:   []string{"notification.ongoing"},
			when: func(c *Case) []string {
				active := c.others(func(t telecom.Call) bool { return t.State == telecom.Active })
				// [key,reason,...]; reason 2 is NotificationListenerService.REASON_CANCEL, the user's.
				swiped := c.logged("|"+c.Now.App.Package+"|", ",2,")
				swiped = slices.DeleteFunc(swiped, func(l string) bool { return !strings.HasPrefix(l, "log: notification_canceled: ") })
				if len(active) == 0 || len(swiped) == 0 {
					return nil
				}
				return append(active, swiped...)
			},
		},
		{
			id: "app.no-foreground-service", sentence: "the call is under way and no foreground service holds it: the system may end the process at any time, and nothing leads back",
			remedy: "start a foreground service of type phoneCall when the call is answered or made, with a CallStyle.forOngoingCall notification",
			only:   []string{"notification.ongoing"},
			when: func(c *Case) []string {
				active := c.others(func(t telecom.Call) bool { return t.State == telecom.Active || t.State == telecom.Dialing })
				posted, ok := c.Now.CallNotifications().Get()
				if len(active) == 0 || !ok {
					return nil
				}
				for _, r := range posted {
					if f, known := r.Flags.Get(); !known || f.Has(notification.ForegroundService) {
						return nil
					}
				}
				return append(active, "notification: none of a foreground service of the app")
			},
		},
		{
			id: "app.leftover-notification", sentence: "the call is over and its notification stays",
			remedy: "cancel the notification wherever a call ends, in onDisconnect, onReject, onAbort and on a stop push",
			only:   []string{"notification.none"},
			when: func(c *Case) []string {
				if !c.noCall() {
					return nil
				}
				return c.notifications(func(notification.Record) bool { return true })
			},
		},
		{
			id: "app.leftover-screen", sentence: "the call is over and its screen stays",
			remedy: "finish the call's activities wherever a call ends",
			only:   []string{"activity.no-call-screen"},
			when: func(c *Case) []string {
				if !c.noCall() {
					return nil
				}
				return c.screens()
			},
		},
		{
			id: "app.ignored-push-in-front", sentence: "the app took the push and did nothing, with its own screen in front: it leaves calls to a connection that may not be there",
			remedy: "ring whether or not the app is in front, and drop the second announcement of the same session",
			only:   []string{"telecom.call", "notification.call"},
			when: func(c *Case) []string {
				a, ok := c.Now.Activity.Resumed.Get()
				if !c.pushIgnored() || !ok || a.Package != c.Now.App.Package {
					return nil
				}
				p := c.lastPush()
				return say("push %s: %s; in front: %s; no call and no notification of the app", p.Name, p.Receipt, a.Class)
			},
		},
		{
			id: "app.ignored-push", sentence: "the app took the push and did nothing: it did not take it for a call",
			remedy: "compare the keys that it reads with those of the payload (CometChat sends sender, not senderUid), and see that it is logged in in a process that a push started",
			only:   []string{"telecom.call", "notification.call"},
			when: func(c *Case) []string {
				if !c.pushIgnored() {
					return nil
				}
				p := c.lastPush()
				return say("push %s: %s; no call and no notification of the app", p.Name, p.Receipt)
			},
		},
		{
			id: "app.no-incoming-ui", sentence: "Telecom rings for the app and nobody sees it: for a self-managed call the app itself must show it",
			remedy: "implement Connection.onShowIncomingCallUi and post the call's notification there",
			only:   []string{"notification.", "screen.", "window.", "activity."},
			when: func(c *Case) []string {
				posted, ok := c.Now.CallNotifications().Get()
				ringing := c.others(telecom.Call.Rings)
				shown := slices.ContainsFunc(posted, func(r notification.Record) bool { return r.Channel.Or("") != c.Now.App.OngoingChannel })
				if !ok || shown || len(ringing) == 0 {
					return nil
				}
				return append(ringing, "notification: none of a call of the app")
			},
		},
		{
			id: "app.no-full-screen-intent", sentence: "the call's notification has no full-screen intent: it cannot wake a locked phone",
			remedy: "setFullScreenIntent with an activity PendingIntent, and high priority",
			only:   []string{"window.", "screen.", "power.awake", "notification.button", "notification.heads-up"},
			when: func(c *Case) []string {
				return c.notifications(func(r notification.Record) bool {
					v, ok := r.FullScreen.Get()
					return ok && v == notification.FullScreenAbsent && r.Channel.Or("") != c.Now.App.OngoingChannel
				})
			},
		},
		{
			id: "app.hidden-by-keyguard", sentence: "the app's call screen is there, behind the lock screen",
			remedy: "setShowWhenLocked(true) and setTurnScreenOn(true) in onCreate of both call activities, or the manifest attributes; showOnLockScreen does nothing since Android 5",
			only:   []string{"window.", "screen.", "activity.call-screen"},
			when: func(c *Case) []string {
				showing, ok1 := c.Now.Window.Keyguard.Showing.Get()
				occluded, ok2 := c.Now.Window.Keyguard.Occluded.Get()
				screens := c.screens()
				if !ok1 || !ok2 || !showing || occluded || len(screens) == 0 {
					return nil
				}
				return append(say("window: keyguard showing, not occluded"), screens...)
			},
		},
		{
			id: "app.no-call-style", sentence: "the call's notification is not in CallStyle: newer Androids hide it when notifications are not allowed, and put no buttons on it",
			remedy: "use NotificationCompat.CallStyle.forIncomingCall, with a full-screen intent",
			only:   []string{"notification."},
			when: func(c *Case) []string {
				if c.API < 31 || c.failed("notification.sound") {
					return nil
				}
				return c.notifications(func(r notification.Record) bool {
					v, ok := r.CallStyle().Get()
					return ok && !v
				})
			},
		},
		{
			id: "app.not-answered", sentence: "somebody answered and the call still rings: the app did not act on the answer",
			remedy: "onAnswer(int) must accept the call and then setActive; the button must reach the Connection",
			only:   []string{"telecom.call"},
			when: func(c *Case) []string {
				r := c.Now.LastRecord()
				if r == nil || r.Over() || r.Event("SET_ACTIVE").Known() {
					return nil
				}
				if e, ok := r.Event("REQUEST_ACCEPT").Get(); ok {
					return append(say("telecom: %s: %s", r.ID, e.Name), c.others(telecom.Call.Live)...)
				}
				if rings := c.others(telecom.Call.Rings); c.Answered && len(rings) > 0 {
					return append(say("act: somebody pressed what answers it"), rings...)
				}
				return nil
			},
		},
		{
			id: "app.no-call-screen", sentence: "the call is active and the app does not show it",
			remedy: "start the call's activity from the answer's PendingIntent, not from a callback in the background",
			only:   []string{"activity.call-screen", "screen."},
			when: func(c *Case) []string {
				active := c.others(func(t telecom.Call) bool { return t.State == telecom.Active })
				tasks := c.Now.Activity.Tasks.Known()
				if len(active) == 0 || !tasks || len(c.screens()) > 0 {
					return nil
				}
				return append(active, "activity: no call screen of the app in any task")
			},
		},
		{
			id: "app.audio-mode", sentence: "the call is active and the phone's audio is not in communication mode",
			remedy: "call setAudioModeIsVoip(true) on the Connection before setActive",
			only:   []string{"audio.mode"},
			when: func(c *Case) []string {
				m, ok := c.Now.Audio.Mode.Get()
				active := c.others(func(t telecom.Call) bool { return t.State == telecom.Active })
				if !ok || m == audio.InCommunication || len(active) == 0 {
					return nil
				}
				return append(active, fmt.Sprintf("audio: %s", m))
			},
		},
		{
			id: "app.audio-left", sentence: "no call is left and the phone's audio is still in communication mode",
			remedy: "destroy the Connection, and give back the mode and the focus that the app asked for itself",
			only:   []string{"audio.mode"},
			when: func(c *Case) []string {
				m, ok := c.Now.Audio.Mode.Get()
				if !ok || m != audio.InCommunication || !c.noCall() {
					return nil
				}
				o, _ := c.Now.Audio.ModeOwner.Get()
				return say("audio: %s, owner %s pid %d", m, o.Package, o.PID)
			},
		},
		{
			id: "app.wrong-cause", sentence: "the call ended with the wrong cause: call log, watch and car tell it wrongly",
			remedy: "setDisconnected with REJECTED, LOCAL, REMOTE, MISSED or CANCELED as it was, then destroy",
			only:   []string{"telecom.cause"},
			when: func(c *Case) []string {
				r := c.Now.LastRecord()
				if r == nil {
					return nil
				}
				if why, ok := r.Cause().Get(); ok {
					return say("telecom: %s ended with %s", r.ID, why.Code)
				}
				return nil
			},
		},
	}
}

// noCall reports whether the phone says that the app has no live call.
func (c *Case) noCall() bool {
	calls, ok := c.Now.Calls().Get()
	return ok && len(calls) == 0
}

// pushIgnored reports whether the app took the last push and nothing came of
// it: no call, no notification, and no word of Telecom since.
func (c *Case) pushIgnored() bool {
	p := c.lastPush()
	posted, ok := c.Now.CallNotifications().Get()
	if p == nil || !p.Accepted || !ok || len(posted) > 0 || !c.noCall() || c.Crashed != "" {
		return false
	}
	r := c.Now.LastRecord()
	return r == nil || len(r.Events) == 0 || r.Events[0].At < timeOfDay(c.Since)
}

// timeOfDay is how Telecom dates its events.
func timeOfDay(t time.Time) time.Duration {
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute +
		time.Duration(t.Second())*time.Second + time.Duration(t.Nanosecond())
}

// notifications are the app's call notifications of a kind, in words.
func (c *Case) notifications(is func(notification.Record) bool) []string {
	var said []string
	for _, r := range c.Now.CallNotifications().Or(nil) {
		if is(r) {
			said = append(said, fmt.Sprintf("notification %s: channel %s, importance %s, full-screen intent %s, template %q",
				r.Key, r.Channel, r.Importance, r.FullScreen, r.Template.Or("")))
		}
	}
	return said
}

// screens are the app's call screens that exist in some task, in words.
func (c *Case) screens() []string {
	var said []string
	for _, a := range c.Now.Activity.ActivitiesOf(c.Now.App.Package).Or(nil) {
		if slices.Contains(callScreens(c.Now.App), a.Class) {
			said = append(said, "activity: "+a.Class)
		}
	}
	return said
}

func callScreens(a facts.App) []string {
	if a.Incoming == "" {
		return []string{a.Call}
	}
	return []string{a.Incoming, a.Call}
}
