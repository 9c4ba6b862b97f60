package apps

import (
	"strings"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

const accountID = "ringproof"

// Channel ids.
const (
	channelIncoming = "incoming_calls"
	channelMissed   = "missed_calls"
	channelOngoing  = "ongoing_calls"
	// channelSilenced is where a ringing call goes after a volume key.
	channelSilenced = "silenced_calls"
)

// app is the code in one process of the reference or of the guide's app.
type app struct {
	has defects
	c   *android.Context
	// failing is a step of the back end that fails, "" for none.
	failing string

	// calls by session, and every session that is over with the action that
	// ended it: a push may come late, twice, or after its own cancellation.
	calls map[string]*call
	over  map[string]string
	// holder is the guide's single slot; nobody ever empties it.
	holder *call
	// recent are the last message ids, as the FCM SDK keeps them.
	recent []string
	// later are calls that wait for the service which announces them.
	later    map[string]func() error
	loggedIn bool
	// open says that the main screen exists, launched that it did once.
	open, launched bool
	// callers are the ids of whoever called, and deaf says that no call is
	// taken any more: with defects.
	callers map[string]bool
	deaf    bool
}

func newApp(has defects) *app {
	return &app{has: has, later: map[string]func() error{}, calls: map[string]*call{}, callers: map[string]bool{}, over: map[string]string{}}
}

func (a *app) component(class string) android.Component {
	if strings.HasPrefix(class, ".") {
		class = a.c.PackageName + class
	}
	return android.Component{Package: a.c.PackageName, Class: class}
}

func (a *app) is(c android.Component, class string) bool { return c == a.component(class) }

func (a *app) account() android.PhoneAccountHandle {
	return android.PhoneAccountHandle{Component: a.component(connectionService), ID: accountID}
}

// OnCreate is Application.onCreate: it runs before any component in every
// process, so here is where a push-started process becomes able to take calls.
func (a *app) OnCreate(c *android.Context) error {
	a.c = c
	a.trace("onCreate", "", nil)
	a.readDoor()
	if !a.has[NotLoggedIn] {
		a.loggedIn = true
	}
	if err := a.register(); err != nil {
		return err
	}
	if err := a.createChannels(); err != nil {
		return err
	}
	if !a.has[NoTimeout] && !a.has[KeepsZombie] {
		a.settleLostCalls()
	}
	return nil
}

// OnService is the foreground service of a call that was answered.
func (a *app) OnService(c *android.Context, s *android.ServiceRecord, event android.ServiceEvent) error {
	if event != android.ServiceStartCommand {
		return nil
	}
	session := s.Intent.Extras.Text(extraSession)
	k := a.calls[session]
	if announce := a.later[session]; announce != nil {
		delete(a.later, session)
		if err := s.StartForeground(serviceID, a.ongoing(&call{caller: "Incoming call"}), android.FGSPhoneCall); err != nil {
			return err
		}
		s.StopForeground(true)
		return announce()
	}
	if k == nil {
		// startForegroundService was a promise; a call that ended meanwhile
		// keeps it with nothing to show.
		if err := s.StartForeground(serviceID, a.ongoing(&call{caller: "Call ended"}), a.serviceTypes()); err != nil {
			return err
		}
		s.StopForeground(true)
		s.StopSelf()
		return nil
	}
	if a.has[LateForeground] {
		return nil
	}
	return k.show(s)
}

// latency is how long the back end takes: 80 to 200 ms, by session and step, so
// that equal runs are equal.
func latency(session, step string) time.Duration {
	return 80*time.Millisecond + time.Duration(hash(session+"/"+step)%120_000)*time.Microsecond
}

// hash is FNV-1a, 31 bits.
func hash(s string) int {
	h := uint32(2166136261)
	for _, c := range []byte(s) {
		h = (h ^ uint32(c)) * 16777619
	}
	return int(h & 0x7fffffff)
}

// register gives Telecom the account of the app's calls.
func (a *app) register() error {
	if a.knowsItself() {
		return nil
	}
	capabilities := android.AccountSelfManaged
	if a.has[CrashAtStart] {
		capabilities |= android.AccountCallProvider
	}
	if a.has[ManagedAccount] {
		capabilities = android.AccountCallProvider
	}
	if a.transactional() {
		capabilities |= android.AccountTransactional
	}
	scheme := "sip"
	if a.has[TelURI] {
		scheme = "tel"
	}
	return a.c.Telecom().RegisterPhoneAccount(android.PhoneAccount{
		Handle: a.account(), Label: "Ringproof", Capabilities: capabilities, Schemes: []string{scheme},
	})
}
