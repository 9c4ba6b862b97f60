package apps

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// Result codes of the FCM SDK's receiver (CloudMessagingReceiver, ServiceStarter),
// and of the test door to the app's own connection.
const (
	resultAccepted     = -1
	resultError        = 500
	resultNoConnection = 503
)

// message is a push as FirebaseMessagingService gets it, or a signal: the same
// over the app's own connection.
type message struct {
	data   map[string]string
	signal bool
	// sent and ttl are the transport's; zero if it did not tell.
	sent time.Time
	ttl  time.Duration
}

// OnReceive is every manifest receiver of the app.
func (a *app) OnReceive(c *android.Context, component android.Component, intent *android.Intent, result *android.PendingResult) error {
	switch {
	case a.is(component, actionReceiver):
		return a.onButton(intent)
	case a.is(component, firebaseReceiver):
		a.receive(intent.Extras, result, false)
	case a.is(component, pushReceiver) && intent.Action == actionCall:
		return a.onCallDoor(intent, result)
	case a.is(component, pushReceiver):
		texts, err := testTexts(intent.Extras, "payload_b64")
		if err != nil {
			a.refuse(result, resultError, err.Error())
			return nil
		}
		a.receive(bundle(texts), result, true)
	case a.is(component, signalReceiver):
		texts, err := testTexts(intent.Extras, "message_b64")
		switch {
		case err != nil:
			a.refuse(result, resultError, err.Error())
		case !a.loggedIn:
			a.refuse(result, resultNoConnection, "not connected")
		default:
			a.accept(result, true)
			a.c.Post(5*time.Millisecond, func() error { return a.onSignal(message{data: texts, signal: true}) })
		}
	}
	return nil
}

// refuse is a test door's no.
func (a *app) refuse(result *android.PendingResult, code int, why string) {
	result.SetCode(code)
	result.SetData(fmt.Sprintf(`{"pid":%d,"error":%q}`, a.c.PID, why))
}

// accept is a yes, which test doors put into words.
func (a *app) accept(result *android.PendingResult, test bool) {
	result.GoAsync()
	a.c.Post(2*time.Millisecond, func() error {
		result.SetCode(resultAccepted)
		if test {
			result.SetData(a.receipt())
		}
		result.Finish()
		return nil
	})
}

// testTexts are what a test door is told: base64 of a JSON object of strings.
func testTexts(extras android.Bundle, extra string) (map[string]string, error) {
	raw, err := base64.StdEncoding.DecodeString(extras.Text(extra))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", extra, err)
	}
	var texts map[string]string
	if err := json.Unmarshal(raw, &texts); err != nil {
		return nil, fmt.Errorf("%s: %w", extra, err)
	}
	return texts, nil
}

func bundle(texts map[string]string) android.Bundle {
	out := android.Bundle{}
	for k, v := range texts {
		out[k] = v
	}
	return out
}

// receive is the path of the FCM SDK from its receiver to onMessageReceived. It
// is the same for a test push.
func (a *app) receive(extras android.Bundle, result *android.PendingResult, test bool) {
	if len(extras) == 0 && !test {
		result.SetCode(resultError)
		return
	}
	if a.has[DirectBootUnaware] && !a.c.UserUnlocked() || a.has[LeavesToCopy] && a.c.Profiles() > 1 {
		return // unaware ones are not run at all: nobody sets a result
	}
	a.accept(result, test)
	a.c.Post(5*time.Millisecond, func() error { return a.handleIntent(extras) })
}

// receipt is what a test broadcast is answered with.
func (a *app) receipt() string { return fmt.Sprintf(`{"pid":%d}`, a.c.PID) }

// handleIntent is FirebaseMessagingService.handleIntent: duplicates by message
// id, message types and the transport's own keys end here.
func (a *app) handleIntent(extras android.Bundle) error {
	if id := extras.Text("google.message_id"); id != "" {
		if slices.Contains(a.recent, id) {
			a.c.Log('D', "FirebaseMessaging", "Received duplicate message: "+id)
			return nil
		}
		if a.recent = append(a.recent, id); len(a.recent) > 10 {
			a.recent = a.recent[1:]
		}
	}
	if t := extras.Text("message_type"); t != "" && t != "gcm" {
		return nil
	}
	m := message{data: map[string]string{}}
	for k, v := range extras {
		s, ok := v.(string)
		if !ok || strings.HasPrefix(k, "google.") || strings.HasPrefix(k, "gcm.") ||
			k == "from" || k == "message_type" || k == "collapse_key" {
			continue
		}
		m.data[k] = s
	}
	if ms := number(extras["google.sent_time"]); ms > 0 {
		m.sent = time.UnixMilli(ms)
	}
	m.ttl = time.Duration(number(extras["google.ttl"])) * time.Second
	return a.onMessageReceived(m)
}

// number reads an extra that is a number or the text of one, 0 if neither.
func number(v any) int64 {
	switch v := v.(type) {
	case int:
		return int64(v)
	case int64:
		return v
	case string:
		n, err := strconv.ParseInt(v, 10, 64)
		if err == nil {
			return n
		}
	}
	return 0
}

// onMessageReceived is a push at the app's own code.
func (a *app) onMessageReceived(m message) error {
	a.trace("onMessageReceived", m.data["sessionId"], m.data)
	return a.decide(m)
}

// decide says what a push or a signal means: one place for both, so that the
// second to come finds what the first made of the call.
func (a *app) decide(m message) error {
	session := m.data["sessionId"]
	if a.has[ShowsChats] && m.data["type"] == "chat" {
		return a.showIncoming(&call{app: a, session: session, caller: m.data["senderName"]})
	}
	if m.data["type"] != "call" && !a.has[RingsForEverything] || session == "" {
		return nil
	}
	key := "sender"
	if a.has[WrongCallerKey] {
		key = "senderUid"
	}
	caller := m.data[key]
	if a.has[IgnoresCallAction] {
		if caller == "" {
			return nil
		}
		return a.ring(m, session, caller)
	}
	switch action := m.data["callAction"]; action {
	case "initiated":
		if a.has[CrashWithoutName] && m.data["senderName"] == "" {
			return android.Throw(android.NullPointerException, "Attempt to invoke virtual method 'int java.lang.String.length()' on a null object reference")
		}
		if caller == "" {
			return nil
		}
		announce := func() error { return a.ring(m, session, caller) }
		switch {
		case a.has[SlowPush]:
			a.c.Post(slowWork, announce)
			return nil
		case a.has[SlowStart] && !a.launched:
			a.c.Post(coldStart, announce)
			return nil
		case a.has[RingsFromJob]:
			a.c.Post(jobDelay, announce)
			return nil
		case a.has[RingsFromService]:
			a.later[session] = announce
			return a.c.StartForegroundService(&android.Intent{
				Component: a.component(callService), Extras: android.Bundle{extraSession: session},
			})
		}
		return announce()
	case "cancelled", "unanswered", "ongoing", "rejected", "ended", "busy":
		return a.stop(session, action)
	}
	return nil
}

// ringWindow is how long after it was sent a call still rings, and how long it
// rings at most.
const (
	ringWindow  = 60 * time.Second
	ringTimeout = 45 * time.Second
)

// jobDelay is how long JobScheduler may keep a job that nobody marked as
// urgent.
const jobDelay = 20 * time.Second

// slowWork is what an app does that asks its server for the call first, over a
// network that has to wake up.
const slowWork = 4 * time.Second

// coldStart is how long an app takes that makes everything before it looks at
// its first push.
const coldStart = 12 * time.Second

// stale says that nobody can be calling any more.
func (a *app) stale(m message) bool {
	window := ringWindow
	if m.ttl > 0 && m.ttl < window {
		window = m.ttl
	}
	if ms := number(m.data["sentAt"]); ms > 0 && a.c.Now().Sub(time.UnixMilli(ms)) > ringWindow {
		return true
	}
	return !m.sent.IsZero() && a.c.Now().Sub(m.sent) > window
}

// ring announces a new call to Telecom.
func (a *app) ring(m message, session, caller string) error {
	k := &call{app: a, session: session, uid: caller, caller: m.data["senderName"], video: m.data["callType"] == "video"}
	if k.caller == "" {
		k.caller = caller
	}
	if a.has[DropsInForeground] && a.c.Importance() == importanceForeground {
		a.traceDetail("dropped", session, "the app is in the foreground")
		return nil
	}
	if a.has[DropsWhileBusy] && a.c.AudioMode() != android.ModeNormal {
		a.traceDetail("dropped", session, "somebody is on the phone")
		return nil
	}
	if a.has[DropsWhileOpen] && a.open {
		a.traceDetail("dropped", session, "the app is open")
		return nil
	}
	if why := a.refuses(k); why != "" {
		a.traceDetail("dropped", session, why)
		return nil
	}
	if !a.has[NoDedupe] {
		if action, over := a.over[session]; over {
			a.traceDetail("duplicate", session, action)
			a.over[session] = ""
			if missedBy(action) {
				return a.missed(k)
			}
			return nil
		}
		if old := a.calls[session]; old != nil && a.has[KnowsWhatIsShown] && !a.shows(old) {
			session += "/again"
			k.session = session
		} else if old != nil && a.has[RestartsRing] {
			if err := old.end(android.DisconnectLocal, false); err != nil {
				return err
			}
			delete(a.over, session)
		} else if old != nil {
			a.traceDetail("duplicate", session, "the call is there")
			return nil
		}
	}
	if !a.has[NoTimeout] && !a.has[IgnoresAge] && a.stale(m) {
		a.traceDetail("stale", session, "")
		a.over[session] = ""
		if a.has[LosesLateCalls] {
			return nil
		}
		return a.missed(k)
	}
	if a.has[ReplacesRinging] {
		if err := a.endOthers(k); err != nil {
			return err
		}
	}
	a.calls[session] = k
	if !a.has[NoTimeout] {
		k.timeout = a.c.Post(a.patience(), func() error { return k.end(android.DisconnectMissed, !a.has[NoMissedOnTimeout]) })
	}
	if err := a.announce(k); err != nil {
		a.traceDetail("addNewIncomingCallFailed", session, err.Error())
		return a.showIncoming(k)
	}
	return nil
}

// importanceForeground is RunningAppProcessInfo.IMPORTANCE_FOREGROUND.
const importanceForeground = 100
