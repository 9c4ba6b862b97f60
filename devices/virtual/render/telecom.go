package render

import (
	"crypto/sha1" // Telecom's own way to hide ids, up to 27
	"fmt"
	"strings"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// Telecom is `dumpsys telecom` (TelecomServiceImpl.dump, CallsManager.dump,
// PhoneAccountRegistrar.dump, EventManager.dumpEvents), of the first build of a
// release: what the quarterly updates of 14 and 15 changed comes with the release
// after them.
func Telecom(d *android.Device) string {
	t := &telecomPage{page: *of(d), d: d, tc: d.Telecom}
	if t.by("samsung") {
		t.ln("telecom: %s", d.Props.Get("ro.build.fingerprint"))
	}
	t.ln("CallsManager: ")
	t.in(t.calls)
	t.ln("PhoneAccountRegistrar: ")
	t.in(t.accounts)
	t.ln("Analytics:")
	t.in(t.analytics)
	if t.api >= 35 {
		t.flags()
		t.ln("TransactionManager: ")
		t.in(func() { t.ln("<<Flag not enabled>>") })
	}
	t.history()
	return t.String()
}

type telecomPage struct {
	page
	d  *android.Device
	tc *android.Telecom
}

func (t *telecomPage) calls() {
	t.ln("mCalls: ")
	t.in(func() {
		for _, c := range t.tc.Calls {
			t.put(t.row(c))
		}
	})
	t.ln("mCallAudioManager:")
	t.in(t.audio)
	t.ln("mTtyManager:")
	t.in(func() { t.ln("mCurrentTtyMode: 0") })
	t.ln("mInCallController:")
	t.in(t.inCall)
	if t.api >= 31 {
		t.ln("mCallDiagnosticServiceController:")
		t.in(func() {
			t.ln("activeCallDiagnosticService: ")
			t.ln("isConnected: false")
		})
	}
	if t.d.Release.CallWatchdog {
		t.ln("mCallAnomalyWatchdog:")
		t.in(func() {
			t.ln("Anomaly log:")
			t.in(func() { t.log(t.tc.AnomalyLog) })
			t.ln("Pending timeouts: ")
			t.ln("Pending destruction: ")
		})
		t.ln("mEmergencyCallDiagnosticLogger:")
		t.level += 2 // its body is one level too deep
		t.ln("PERSISTED DIAGNOSTIC DATA FROM DROP BOX")
		t.ln("END OF PERSISTED DIAGNOSTIC DATA FROM DROP BOX")
		t.level -= 2
	}
	t.ln("mDefaultDialerCache:")
	t.in(func() { t.ln("User 0: %s", DefaultDialer(t.d)) })
	t.ln("mConnectionServiceRepository:")
	t.in(func() {
		t.ln("mServiceCache:")
		t.in(func() {
			for _, s := range t.tc.Services {
				t.put(s.Component.String())
			}
		})
	})
	if t.api >= 29 {
		t.ln("mRoleManager:")
		t.in(func() {
			t.ln("DefaultCallRedirectionApp: null")
			t.ln("DefaultCallScreeningApp: null")
			if t.api == 29 {
				t.ln("DefaultCarModeDialerApp: null")
			}
			t.ln("DefaultCallCompanionApps: ")
		})
	}
	if t.api >= 34 {
		t.ln("mConnectionSvrFocusMgr:")
		t.in(func() {
			t.ln("Call Focus History:")
			t.in(func() { t.log(t.tc.FocusHistory) })
		})
	}
	if t.api >= 36 {
		t.watchdog()
	}
}

// watchdog is CallAudioWatchdog.dump: apps that play or record as in a call.
// What it logs of sessions that ended is not known.
func (t *telecomPage) watchdog() {
	t.ln("CallAudioWatchdog:")
	t.in(func() {
		t.ln("Active Sessions:")
		t.in(func() {
			for _, c := range t.tc.Calls {
				if c.ActiveSince > 0 && !c.Terminal() {
					t.ln("CommSess{uid=%d, created=%s, attr=phac, ap, ar, , callId=%s, duration=%d}", c.UID,
						t.localTime(t.d.WallAt(c.ActiveSince)), c.ID, int((t.d.Elapsed() - c.ActiveSince).Seconds()))
				}
			}
		})
		t.ln("Audio sessions Sessions:")
	})
}

// flags are a few of the feature flags; phones print them all, in no order.
func (t *telecomPage) flags() {
	t.ln("Flag Configurations: ")
	for _, f := range []struct {
		on          bool
		camel, name string
	}{
		{true, "useRefactoredAudioRouteSwitching", "use_refactored_audio_route_switching"},
		{false, "enableCallSequencing", "enable_call_sequencing"},
		{false, "separatelyBindToBtIncallService", "separately_bind_to_bt_incall_service"},
	} {
		t.ln("\t[%s]: %-40s %s", map[bool]string{true: "\u2705", false: "\u274c"}[f.on], f.camel, f.name)
	}
}

// DefaultDialer is the package of the default dialer.
func DefaultDialer(d *android.Device) string {
	for _, p := range d.Packages.All() {
		if strings.HasSuffix(p.Name, ".dialer") {
			return p.Name
		}
	}
	return "com.android.dialer"
}

func (t *telecomPage) audio() {
	list := func(title string, in func(s android.CallState) bool) {
		t.put(title)
		t.in(func() {
			for _, c := range t.tc.Calls {
				if in(c.State) {
					t.put(c.ID)
				}
			}
		})
	}
	list("All calls:", func(android.CallState) bool { return true })
	list("Active dialing, or connecting calls:", func(s android.CallState) bool {
		return s == android.CallActive || s == android.CallConnecting || s == android.CallDialing || s == android.CallPulling
	})
	list("Ringing calls:", func(s android.CallState) bool {
		return s == android.CallRinging || s == android.CallSimulatedRinging || s == android.CallAnswered
	})
	list("Holding calls:", func(s android.CallState) bool { return s == android.CallOnHold })
	if t.by("samsung") {
		list("AudioProcessing calls:", func(s android.CallState) bool { return s == android.CallAudioProcessing })
	}
	t.ln("Foreground call:")
	if fg := t.tc.Foreground(); fg != nil {
		t.put(t.row(fg))
	} else {
		t.ln("null")
	}
	if t.api <= 32 {
		for i, name := range []string{"CallAudioModeStateMachine", "CallAudioRouteStateMachine"} {
			t.ln("%s pending messages:", name)
			t.in(func() { t.looper(name, 183+i) })
		}
	} else {
		t.ln("CallAudioModeStateMachine:")
		t.in(func() {
			t.ln("History:")
			t.log(t.tc.ModeHistory)
			t.ln("Pending Msg:")
			t.looper("CallAudioModeStateMachine", 183)
		})
		t.route()
	}
	t.since(30, "BluetoothDeviceManager:")
}

// route is the one place where a current route is a value: the state of the old
// state machine, on 33 and 34. The controller that came after it prints nothing
// there, except a maker's.
func (t *telecomPage) route() {
	if t.d.Release.RouteController {
		t.ln("mCallAudioRouteAdapter:")
		if t.by("samsung") {
			t.in(func() {
				t.ln("SamsungCallAudioRouteController")
				t.ln("Current route: %s", t.tc.AudioRoute())
				t.ln("Pending route: %s", t.tc.AudioRoute())
			})
		}
		return
	}
	t.ln("CallAudioRouteStateMachine:")
	t.in(func() {
		t.ln("Current state: %s", t.tc.RouteState())
		t.ln("Pending messages:")
		t.looper("CallAudioRouteStateMachine", 184)
	})
}

func (t *telecomPage) looper(name string, tid int) {
	t.ln("Looper (%s, tid %d) {%s}", name, tid, hash(t.d, name))
	t.in(func() { t.ln("(Total messages: 0, polling=true, quitting=false)") })
}

// log is android.util.LocalLog.
func (t *telecomPage) log(lines []android.HistoryLine) {
	for _, l := range lines {
		t.ln("%s - %s", l.Time.UTC().Format("2006-01-02T15:04:05.000000"), l.Text)
	}
}

func (t *telecomPage) inCall() {
	t.upTo(34, "mInCallServices (InCalls registered):")
	t.since(35, "combinedInCallServiceMap (InCalls registered):")
	t.ln("ServiceConnections (InCalls bound):")
	if len(t.tc.Calls) > 0 {
		// The un-indent at the end of this block is missing in every release: all
		// that follows stands one level deeper as long as there is a session.
		t.level++
		dialer := android.Component{Package: DefaultDialer(t.d), Class: DefaultDialer(t.d) + ".InCallServiceImpl"}
		bound := "not connected, not bound"
		t.ln("Car Swapping ICS [not connected]")
		t.level++
		t.ln("Dialer: Emergency ICS Connection [not proxying, not connected]")
		binding := func(name, service string) {
			if t.api <= 29 {
				t.ln("%s: BindingConnection [%s]", name, bound)
				return
			}
			// The bracket is not closed, and an empty line follows.
			t.ln("%s: BindingConnection [%s, [%s", name, bound, service)
			t.ln("")
		}
		t.in(func() {
			binding("Emergency", dialer.String()+" supportsExternal? false supportsSelfMg?false]")
			binding("Default-Dialer", dialer.String()+" supportsExternal? false supportsSelfMg?false]")
		})
		binding("Car Mode", "null")
		t.level--
	}
	if t.api >= 30 {
		t.ln("CarModeTracker:")
		t.in(func() {
			t.ln("Current car mode apps:")
			t.ln("Car mode history:")
		})
	}
}

// row is Call.toString: no handle, no account id in clear. Up to 29 it is a list
// of values with the connection service and no account in it, and its state is
// the raw one.
func (t *telecomPage) row(c *android.Call) string {
	state := c.State.String()
	if t.api <= 29 {
		service := "null"
		if !c.ConnectionService.IsZero() {
			service = c.ConnectionService.Short()
		}
		own := ""
		if t.by("samsung") {
			own = "conf(false), had_child(false), "
		}
		return fmt.Sprintf("[%s, %s, %s, %s, %s, %schilds(0), has_parent(false), [Capabilities:%s], [Properties:%s]]",
			c.ID, state, service, Redact(t.d, c.Handle), video(c.VideoState), own, tokens(c.Capabilities, longCaps), tokens(c.Properties, longProps))
	}
	if c.Disconnecting && !c.Terminal() {
		state = "DISCONNECTING"
	}
	row := fmt.Sprintf("[Call id=%s, state=%s, tpac=%s, cmgr=null, handle=%s, vidst=%s, childs(0), has_parent(false), cap=[%s], prop=[%s]]",
		c.ID, state, accountHandle(t.d, c.Account), Redact(t.d, c.Handle), video(c.VideoState), tokens(c.Capabilities, capTokens),
		tokens(c.Properties, propTokens))
	if t.api >= 33 {
		row += fmt.Sprintf(", voip=%t", c.VoIP)
	}
	if t.by("samsung") && t.api >= 34 { // there is nothing between
		row += fmt.Sprintf("caps=[Capabilities:%s], props=[Properties:%s], conf(false), had_child(false)", tokens(c.Capabilities, longCaps), tokens(c.Properties, longProps))
	}
	return row
}

// AccountHandle is PhoneAccountHandle.toString.
func AccountHandle(d *android.Device, h android.PhoneAccountHandle) string {
	return accountHandle(d, h)
}

func accountHandle(d *android.Device, h android.PhoneAccountHandle) string {
	if h.Component.IsZero() {
		return "null"
	}
	id := hidden(d, h.ID)
	if d.API >= 33 && strings.HasSuffix(h.Component.Class, ".TelephonyConnectionService") {
		id = h.ID // the subscription's
	}
	return fmt.Sprintf("%s, %s, UserHandle{%d}", h.Component, id, h.UserID)
}

// hidden is Log.pii of what is no address: a hash up to 27.
func hidden(d *android.Device, text string) string {
	if d.API <= 27 {
		return fmt.Sprintf("[%x]", sha1.Sum([]byte(text)))
	}
	return "***"
}

type token struct {
	bit  uint32
	name string
}

// Short forms of Connection.capabilitiesToStringShort and propertiesToStringShort.
var (
	capTokens = []token{
		{0x1, "hld"}, {0x2, "sup_hld"}, {0x4, "mrg_cnf"}, {0x8, "swp_cnf"}, {0x20, "txt"}, {0x40, "mut"}, {0x80, "mng_cnf"},
		{0x100, "VTlrx"}, {0x200, "VTltx"}, {0x400, "VTrrx"}, {0x800, "VTrtx"}, {0x800000, "!v2a"}, {0x40000, "spd_aud"},
		{0x80000, "a2v"}, {0x100000, "paus_VT"}, {0x400000, "rsp_by_con"}, {0x1000000, "pull"},
	}
	propTokens = []token{
		{0x80, "self_mng"}, {0x1, "ecbm"}, {0x4, "HD"}, {0x8, "wifi"}, {0x2, "gen_conf"}, {0x10, "xtrnl"}, {0x20, "priv"},
		{0x100, "rtt"}, {0x400, "ecall"}, {0x800, "remote_hst"}, {0x1000, "adhoc_conf"},
	}
)

// Long forms, of Connection.capabilitiesToString and propertiesToString. Only
// those that a self-managed call can have are known for sure.
var (
	longCaps  = []token{{0x1, "CAPABILITY_HOLD"}, {0x2, "CAPABILITY_SUPPORT_HOLD"}, {0x40, "CAPABILITY_MUTE"}}
	longProps = []token{{0x80, "PROPERTY_SELF_MANAGED"}, {0x4, "PROPERTY_HIGH_DEF_AUDIO"}, {0x8, "PROPERTY_WIFI"}}
)

func tokens(bits uint32, table []token) string {
	var b strings.Builder
	for _, t := range table {
		if bits&t.bit != 0 {
			b.WriteByte(' ')
			b.WriteString(t.name)
		}
	}
	return b.String()
}

func video(state int) string {
	s := "A"
	for i, c := range "TRP" {
		if state&(1<<i) != 0 {
			s += string(c)
		}
	}
	return s
}

// Redact is Log.pii of a handle: tel keeps its length, and on debuggable builds
// from 29 on its last two digits; sip keeps @ and dots; others keep their scheme.
func Redact(d *android.Device, handle string) string {
	if handle == "" {
		return "null"
	}
	scheme, rest, ok := strings.Cut(handle, ":")
	if !ok {
		return hidden(d, handle)
	}
	switch scheme {
	case "tel":
		keep := 0
		if d.API >= 29 && d.Props.Get("ro.build.type") != "user" {
			keep = 2
		}
		rs := []rune(rest)
		digits := 0
		for _, r := range rs {
			if dialable(r) {
				digits++
			}
		}
		for i, r := range rs {
			if dialable(r) {
				if digits > keep {
					rs[i] = '*'
				}
				digits--
			}
		}
		return "tel:" + string(rs)
	case "sip":
		return "sip:" + strings.Map(func(r rune) rune {
			if r == '@' || r == '.' {
				return r
			}
			return '*'
		}, rest)
	}
	return scheme + ":" + hidden(d, rest)
}

func dialable(r rune) bool { return r >= '0' && r <= '9' || strings.ContainsRune("*#+N", r) }

func (t *telecomPage) accounts() {
	t.ln("xmlVersion: 9")
	t.ln("defaultOutgoing: none")
	t.since(33, "outgoingPhoneAccountForTelScheme: none")
	t.since(35, "defaultVoiceSubId: -1") // there is no SIM
	t.ln("simCallManager: null")
	t.ln("phoneAccounts:")
	t.in(func() {
		for _, a := range t.tc.Accounts {
			t.put(t.account(a))
		}
		t.since(30, "test emergency PhoneAccount filter: %s", map[bool]string{true: "[]", false: "null"}[t.api >= 36])
	})
}

var accountCaps = []token{
	{android.AccountSelfManaged, "SelfManaged"}, {android.AccountSupportsVideo, "SuppVideo"}, {android.AccountVideoCalling, "Video"},
	{0x100, "Presence"}, {android.AccountCallProvider, "CallProvider"}, {0x40, "CallSubject"},
	{android.AccountConnectionManager, "ConnectionMgr"}, {0x20, "MultiUser"}, {0x10, "PlaceEmerg"}, {android.AccountSimSubscription, "SimSub"},
	{android.AccountTransactional, "TransactOps"},
}

// account is PhoneAccount.toString: each list ends in a blank of its own.
func (t *telecomPage) account(a *android.PhoneAccount) string {
	on := " "
	if a.Enabled {
		on = "X"
	}
	caps := strings.TrimPrefix(tokens(a.Capabilities, accountCaps)+" ", " ")
	schemes := ""
	for _, s := range a.Schemes {
		schemes += s + " "
	}
	extras := "null"
	if a.Extras != nil {
		extras = a.Extras.String()
	}
	return fmt.Sprintf("[[%s] PhoneAccount: %s Capabilities: %s Audio Routes: BESW Schemes: %s Extras: %s GroupId: ***]",
		on, accountHandle(t.d, a.Handle), caps, schemes, extras)
}

func (t *telecomPage) analytics() {
	for _, c := range t.tc.History {
		t.ln("Call %s: {", c.ID)
		t.in(func() {
			end := int64(0)
			if c.EndedAt > 0 {
				end = millis(t.d.WallAt(c.EndedAt))
			}
			reason := "NOT SET"
			if c.Terminal() || c.Removed {
				reason = c.Cause.String()
			}
			t.ln("startTime: %d", millis(t.d.WallAt(c.Created)))
			t.ln("endTime: %d", end)
			t.ln("direction: %s", map[bool]string{true: "INCOMING", false: "OUTGOING"}[c.Incoming])
			t.ln("isAdditionalCall: false")
			t.ln("isInterrupted: false")
			t.since(29, "isEmergency: false")
			t.ln("callTechnologies: [THIRD_PARTY ]")
			t.ln("callTerminationReason: %s", reason)
			t.since(31, "missedReason: []")
			t.ln("connectionService: %s", c.Account.Component.Flat())
			t.ln("isVideoCall: %t", c.VideoState != 0)
			t.ln("inCallServices: [")
			t.ln("]")
			t.ln("callProperties: [%s]", tokens(c.Properties, propTokens))
			t.since(29, "callSource: 0")
		})
		t.ln("}")
		t.ln("")
	}
	t.since(29, "Hardware Version: %s", t.d.Props.Get("ro.boot.revision"))
	t.since(29, "Past analytics dumps: ")
}

func (t *telecomPage) history() {
	if len(t.tc.History) == 0 {
		t.ln("No Historical Events Logged.")
		return
	}
	t.ln("Historical Events:")
	t.in(func() {
		for _, c := range t.tc.History {
			kind, direction := "Call", "MO - outgoing"
			if c.SelfManaged {
				kind = "SelfMgd Call"
			}
			if c.Incoming {
				direction = "MT - incoming"
			}
			user := ""
			if t.api >= 34 {
				user = fmt.Sprintf("(User=UserHandle{%d})", c.Account.UserID)
			}
			t.ln("%s%s [%s](%s)%s", kind, c.ID, t.localTime(t.d.WallAt(c.Created)), direction, user)
			label := ""
			if a := t.tc.Account(c.Account); a != nil {
				label = " (" + a.Label + ")"
			}
			t.upTo(29, "\tVia PhoneAccount: %s%s", accountHandle(t.d, c.Account), label)
			t.since(30, "\t>>>Target PhoneAccount: %s%s", accountHandle(t.d, c.Account), label)
			address := "\tTo address: " + Redact(t.d, c.Handle)
			if t.api >= 30 && c.Incoming {
				address += " Verstat: not"
			}
			if t.api >= 28 {
				address += " Presentation: Allowed"
			}
			t.put(address)
			t.in(func() {
				for _, e := range c.Events {
					data, session := "", ""
					if e.Data != "" {
						data = " (" + e.Data + ")"
					}
					if e.Session != "" {
						session = ":" + e.Session
					}
					t.ln("%s - %s%s%s", e.Time.UTC().Format("15:04:05.000"), e.Name, data, session)
				}
				t.ln("Timings (average for this call, milliseconds):")
			})
		}
	})
}

// localTime is DateFormat's medium form in English. The ICU of 14 puts a narrow
// no-break space before AM and PM.
func (t *telecomPage) localTime(at time.Time) string {
	blank := " "
	if t.api >= 34 {
		blank = "\u202f"
	}
	return at.UTC().Format("Jan 2, 2006, 3:04:05" + blank + "PM")
}
