package apps

import (
	"net/url"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// Ids of notifications. A call's own are made from its session; the guide has
// one for all.
const (
	guideID   = 1001
	serviceID = 1002
)

func incomingID(session string) int { return hash("incoming/"+session)&^1 | 1<<20 }

func (k *call) incomingID() int {
	if k.app.has[SingleSlot] {
		return guideID
	}
	return incomingID(k.session)
}

func (k *call) ongoingID() int { return k.app.idOf("ongoing", k.session, serviceID) }

func (a *app) idOf(what, session string, constant int) int {
	if a.has[SingleSlot] {
		return constant
	}
	return hash(what+"/"+session) | 1<<20
}

// Actions of intents that buttons carry.
const (
	actionAnswer  = "action_accept_call"
	actionDecline = "action_reject_call"
	actionHangUp  = "action_end_call"
	actionNothing = "action_nothing" // of a button that is dead by a defect
)

// intent names one of the app's components and the call. The data makes intents
// of different calls different for the system, which otherwise gives the second
// call the first one's PendingIntent.
func (k *call) intent(class, action string) *android.Intent {
	i := &android.Intent{
		Action: action, Component: k.app.component(class), Extras: android.Bundle{extraSession: k.session},
	}
	if class == callActivity || class == incomingActivity {
		i.Flags = android.FlagActivityNewTask
	}
	if !k.app.has[SingleSlot] {
		i.Data = "ringproof:" + url.PathEscape(k.session)
	}
	return i
}

func (k *call) pending(kind android.PendingIntentKind, requestCode int, class, action string) (*android.PendingIntent, error) {
	return k.app.c.PendingIntent(kind, requestCode, k.intent(class, action), android.PendingUpdateCurrent|android.PendingImmutable)
}

func (a *app) createChannels() error {
	const ringtone = "content://settings/system/ringtone"
	channels := []android.Channel{
		{ID: channelIncoming, Name: "Incoming calls", Importance: android.ImportanceHigh, Sound: ringtone, Vibration: true,
			Visibility: 1, ShowBadge: true},
		{ID: channelMissed, Name: "Missed calls", Importance: android.ImportanceDefault,
			Sound: "content://settings/system/notification_sound", Visibility: 1, ShowBadge: true},
		{ID: channelOngoing, Name: "Ongoing calls", Importance: android.ImportanceDefault, Visibility: 1},
		{ID: channelSilenced, Name: "Silenced calls", Importance: android.ImportanceHigh, Visibility: 1},
	}
	if a.has[SilenceHides] {
		channels[3].Importance = android.ImportanceLow
	}
	if a.has[QuietChannel] {
		channels[0].Importance = android.ImportanceDefault
	}
	if a.has[SilentNotification] || a.has[RingsOn] {
		channels[0].Sound = "" // "we'll play our own ringtone"; nothing does
	}
	for _, ch := range channels {
		if err := a.c.CreateChannel(ch); err != nil {
			return err
		}
	}
	return nil
}

// showIncoming tells the user of a ringing call: full screen if the phone lies
// there locked, a heads-up otherwise. The system decides.
func (a *app) showIncoming(k *call) error {
	a.c.CancelNotification(a.missedID(k.session))
	n, err := a.incoming(k)
	if err != nil {
		return err
	}
	if a.has[EarlyProximity] {
		if _, err := a.c.AcquireWakeLock(android.ProximityScreenOffWakeLock, a.c.PackageName+":proximity", 0); err != nil {
			return err
		}
	}
	if a.has[ChatBesideCall] {
		if err := a.c.Notify(k.incomingID()+1, &android.Notification{
			ChannelID: channelMissed, Category: "msg", Visibility: 1, Title: k.caller, Text: "Incoming call", Flags: android.FlagAutoCancel,
		}); err != nil {
			return err
		}
	}
	if err := a.c.Notify(k.incomingID(), n); err != nil || !a.has[TakesScreen] {
		return err
	}
	return a.c.StartActivity(k.intent(incomingActivity, ""))
}

func (a *app) incoming(k *call) (*android.Notification, error) {
	screen, err := k.pending(android.PendingActivity, 2, incomingActivity, "")
	if err != nil {
		return nil, err
	}
	// A receiver may not start an activity for a notification's button, so
	// Answer is the activity itself. Decline starts none.
	answer, err := k.pending(android.PendingActivity, 0, callActivity, actionAnswer)
	if a.has[Trampoline] {
		answer, err = k.pending(android.PendingBroadcast, 0, actionReceiver, actionAnswer)
	}
	if err != nil {
		return nil, err
	}
	decline, err := k.pending(android.PendingBroadcast, 1, actionReceiver, actionDecline)
	if err != nil {
		return nil, err
	}
	switch {
	case a.has[SwappedButtons]:
		answer, decline = decline, answer
	case a.has[DeadAnswer]:
		answer, err = k.pending(android.PendingBroadcast, 6, actionReceiver, actionNothing)
	case a.has[NoCallScreen]:
		answer, err = k.pending(android.PendingBroadcast, 0, actionReceiver, actionAnswer)
	case a.has[DeadDecline]:
		decline, err = k.pending(android.PendingBroadcast, 6, actionReceiver, actionNothing)
	}
	if err != nil {
		return nil, err
	}
	n := &android.Notification{
		ChannelID: channelIncoming, Category: "call", Visibility: 1, FullScreenIntent: screen, ContentIntent: screen,
		Flags: android.FlagOngoing, Extras: android.Bundle{extraSession: k.session},
	}
	if a.has[SilentNotification] {
		n.Title, n.Text = "Incoming "+k.kind()+" call", k.caller+" is calling..."
		n.Flags |= android.FlagAutoCancel
		n.Actions = []android.NotificationAction{{Title: "Decline", Intent: decline}, {Title: "Accept", Intent: answer}}
		n.ContentIntent = nil
		return n, nil
	}
	n.Title, n.Text = k.caller, "Incoming call"
	buttons := []android.NotificationAction{{Title: "Decline", Intent: decline}, {Title: "Answer", Intent: answer}}
	switch {
	case a.has[NoButtons]:
		return n, nil
	case a.has[OnlyDecline]:
		n.Actions = buttons[:1]
		return n, nil
	case a.has[NoFullScreenIntent]:
		n.FullScreenIntent = nil
		n.Actions = buttons
		return n, nil
	case a.has[FleetingNotification]:
		n.Timeout = fleeting
	}
	if a.has[OnlyFullScreen] && !a.c.CanUseFullScreenIntent() {
		n.FullScreenIntent = nil
	}
	n.Flags |= android.FlagInsistent
	if a.c.API() < 31 { // no CallStyle yet: the same two buttons by hand
		n.Actions = buttons
		return n, nil
	}
	n.CallStyle = &android.CallStyle{
		Type: android.CallStyleIncoming, Person: k.caller, Video: k.video, AnswerIntent: answer, DeclineIntent: decline,
	}
	return n, nil
}

func (k *call) kind() string {
	if k.video {
		return "video"
	}
	return "audio"
}

// silence posts the notification again without its insistent sound.
func (a *app) silence(k *call) error {
	if k.phase != ringing {
		return nil
	}
	n, err := a.incoming(k)
	if err != nil {
		return err
	}
	n.ChannelID = channelSilenced
	n.Flags = n.Flags&^android.FlagInsistent | android.FlagOnlyAlertOnce
	return a.c.Notify(k.incomingID(), n)
}

// ongoing is the notification of the foreground service.
func (a *app) ongoing(k *call) *android.Notification {
	n := &android.Notification{
		ChannelID: channelOngoing, Category: "call", Visibility: 1, Title: k.caller, Text: "Ongoing call",
		Flags: android.FlagOngoing,
	}
	if k.app == nil {
		return n
	}
	back, err := k.pending(android.PendingActivity, 3, callActivity, "")
	if err == nil {
		n.ContentIntent = back
	}
	action := actionHangUp
	if k.app.has[DeadHangUp] {
		action = actionNothing
	}
	if k.app.has[OngoingWithoutButton] {
		return n
	}
	hangUp, err := k.pending(android.PendingBroadcast, 4, actionReceiver, action)
	if err == nil && (a.c.API() < 31 || k.app.has[OngoingDismissible]) {
		n.Actions = []android.NotificationAction{{Title: "End", Intent: hangUp}}
	} else if err == nil {
		n.CallStyle = &android.CallStyle{Type: android.CallStyleOngoing, Person: k.caller, Video: k.video, HangUpIntent: hangUp}
	}
	return n
}

func (a *app) missedID(session string) int { return a.idOf("missed", session, guideID+2) }

// missed tells of a call that nobody took.
func (a *app) missed(k *call) error {
	a.trace("missed", k.session, nil)
	if a.has[NoTimeout] {
		return nil
	}
	app, err := a.c.PendingIntent(android.PendingActivity, 5, &android.Intent{
		Action: android.ActionMain, Component: a.component(mainActivity), Flags: android.FlagActivityNewTask,
	}, android.PendingUpdateCurrent|android.PendingImmutable)
	if err != nil {
		return err
	}
	return a.c.Notify(a.missedID(k.session), &android.Notification{
		ChannelID: channelMissed, Category: "missed_call", Visibility: 1, Title: "Missed call", Text: k.caller, ContentIntent: app,
		Flags: android.FlagAutoCancel,
	})
}

// settleLostCalls removes what an earlier process of the app left on the
// screen: it died while it rang, its call died with it.
func (a *app) settleLostCalls() {
	for _, r := range a.c.ActiveNotifications() {
		if ch := r.Notification.ChannelID; ch != channelIncoming && ch != channelSilenced {
			continue
		}
		a.c.CancelNotification(r.ID)
		if a.has[RestoresRing] {
			a.restore(r.Notification.Extras.Text(extraSession), r.Notification.Title)
			continue
		}
		lost := &call{app: a, session: r.Notification.Extras.Text(extraSession), caller: r.Notification.Title}
		if err := a.missed(lost); err != nil {
			a.traceDetail("missedFailed", lost.session, err.Error())
		}
	}
}

// onButton is a button of a notification.
func (a *app) onButton(intent *android.Intent) error {
	session := intent.Extras.Text(extraSession)
	k := a.find(session)
	if k == nil {
		if a.has[DeclineToldLate] && intent.Action == actionDecline {
			a.trace("backendReject", session, nil)
		}
		// The process that rang is dead; so is the call.
		if a.has[KeepsZombie] {
			return nil
		}
		a.c.CancelNotification(incomingID(session))
		return nil
	}
	switch intent.Action {
	case actionAnswer:
		return k.answer()
	case actionDecline:
		return k.reject()
	case actionHangUp:
		return k.hangUp()
	}
	return nil
}
