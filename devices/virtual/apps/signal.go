package apps

import (
	"slices"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// onSignal is what the server tells over the app's own connection. It pushes the
// same, before or after.
func (a *app) onSignal(m message) error {
	session, action := m.data["sessionId"], m.data["callAction"]
	a.trace("onSignal", session, m.data)
	k := a.calls[session]
	switch offered := action == "initiated" && k != nil && k.phase == ringing; {
	case a.has[DoorsApart]:
		m.data["sessionId"] = "signal/" + session
	case a.has[SignalNotifies] && offered:
		n, err := a.incoming(k)
		if err != nil {
			return err
		}
		return a.c.Notify(k.incomingID()+1, n)
	case a.has[SignalTakesOver] && offered:
		a.c.CancelNotification(k.incomingID())
		return a.c.StartActivity(k.intent(incomingActivity, ""))
	case a.has[IgnoresSignalledEnd] && action != "initiated":
		return nil
	case a.has[ForgetsSignalledEnd] && action != "initiated":
		err := a.decide(m)
		delete(a.over, session)
		return err
	}
	return a.decide(m)
}

// shows reports whether the call's notification is up.
func (a *app) shows(k *call) bool {
	return slices.ContainsFunc(a.c.ActiveNotifications(), func(r *android.NotificationRecord) bool { return r.ID == k.incomingID() })
}

// tellAgain tells of a missed call once more for the second door that says so,
// with a defect.
func (a *app) tellAgain(session, action string) error {
	if !a.has[MissedPerDoor] || !missedBy(action) {
		return nil
	}
	return a.c.Notify(a.missedID(session)^1, &android.Notification{
		ChannelID: channelMissed, Category: "missed_call", Visibility: 1, Title: "Missed call", Text: "Somebody called", Flags: android.FlagAutoCancel,
	})
}
