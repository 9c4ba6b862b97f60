package apps

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ringproof/ringproof/devices/virtual/android"
	table "github.com/ringproof/ringproof/fixtures/defects"
)

// Defect is one behaviour of an app that is wrong, by its name in the table of
// defects (package fixtures/defects), which says what goes wrong with each. The
// reference app has none; the guide's app has Flaws.
type Defect string

// The flaws of CometChat's guide "VoIP Calling" for Android
// (calls/android/voip-calling.mdx at commit 1c20ecf of cometchat/docs).
const (
	CrashAtStart        Defect = "crash-at-start"
	WrongCallerKey      Defect = "wrong-caller-key"
	IgnoresCallAction   Defect = "ignores-call-action"
	NoIncomingUI        Defect = "no-incoming-ui"
	ParcelableExtras    Defect = "parcelable-extras"
	SilentFailure       Defect = "silent-failure"
	Trampoline          Defect = "trampoline"
	HiddenByKeyguard    Defect = "hidden-by-keyguard"
	ActiveBeforeJoin    Defect = "active-before-join"
	NoForegroundService Defect = "no-foreground-service"
	SingleSlot          Defect = "single-slot"
	NoTimeout           Defect = "no-timeout"
	DropsInForeground   Defect = "drops-in-foreground"
	NoDedupe            Defect = "no-dedupe"
	TelURI              Defect = "tel-uri"
	MissingCallbacks    Defect = "missing-callbacks"
	RepeatedEnd         Defect = "repeated-end"
	LeavesOnDestroy     Defect = "leaves-on-destroy"
	SilentNotification  Defect = "silent-notification"
	WrongAdvice         Defect = "wrong-advice"
	NotLoggedIn         Defect = "not-logged-in"
	DirectBootUnaware   Defect = "direct-boot-unaware"
)

// What people reported of other apps.
const (
	MissedAfterDecline     Defect = "missed-after-decline"
	MissedElsewhere        Defect = "missed-elsewhere"
	ReplacesRinging        Defect = "replaces-ringing"
	DeclineEndsAll         Defect = "decline-ends-all"
	DeclineTellsEnd        Defect = "decline-tells-end"
	DeclineUntold          Defect = "decline-untold"
	DeclineToldLate        Defect = "decline-told-late"
	LosesEarlyCancel       Defect = "loses-early-cancel"
	StopEndsActive         Defect = "stop-ends-active"
	TakesScreen            Defect = "takes-screen"
	OnlyFullScreen         Defect = "only-full-screen"
	NoButtons              Defect = "no-buttons"
	CrashWithoutBluetooth  Defect = "crash-without-bluetooth"
	CrashWithoutMicrophone Defect = "crash-without-microphone"
	RingsFromService       Defect = "rings-from-service"
	RingsFromJob           Defect = "rings-from-job"
	HangUpEndsAll          Defect = "hang-up-ends-all"
	KeepsScreen            Defect = "keeps-screen"
	DropsWhileOpen         Defect = "drops-while-open"
	KeepsZombie            Defect = "keeps-zombie"
)

// What keeps a call from being seen, heard or told once.
const (
	NoFullScreenIntent Defect = "no-full-screen-intent"
	ChatBesideCall     Defect = "chat-beside-call"
	SlowPush           Defect = "slow-push"
	TwoRingtones       Defect = "two-ringtones"
	RingsOn            Defect = "rings-on"
)

// What an app makes of a push.
const (
	CrashWithoutName     Defect = "crash-without-name"
	RingsForEverything   Defect = "rings-for-everything"
	ShowsChats           Defect = "shows-chats"
	OnceForACaller       Defect = "once-for-a-caller"
	DeafAfterEarlyCancel Defect = "deaf-after-early-cancel"
	LateNotification     Defect = "late-notification"
	IgnoresAge           Defect = "ignores-age"
	LosesLateCalls       Defect = "loses-late-calls"
	GhostRing            Defect = "ghost-ring"
	SlowStart            Defect = "slow-start"
	RestartsRing         Defect = "restarts-ring"
	RestoresRing         Defect = "restores-ring"
	ManagedAccount       Defect = "managed-account"
	NeedsFreedom         Defect = "needs-freedom"
	NeedsNotifications   Defect = "needs-notifications"
	NeedsFullScreen      Defect = "needs-full-screen"
	NeedsScreenOn        Defect = "needs-screen-on"
	DropsInSilence       Defect = "drops-in-silence"
	LosesWaiting         Defect = "loses-waiting"
	RegistersOnce        Defect = "registers-once"
)

// What an app makes of a call of which push and its own connection tell.
const (
	DoorsApart          Defect = "doors-apart"
	SignalNotifies      Defect = "signal-notifies"
	SignalTakesOver     Defect = "signal-takes-over"
	IgnoresSignalledEnd Defect = "ignores-signalled-end"
	ForgetsSignalledEnd Defect = "forgets-signalled-end"
	MissedPerDoor       Defect = "missed-per-door"
	KnowsWhatIsShown    Defect = "knows-what-is-shown"
)

// What is shown, and what its buttons do.
const (
	QuietChannel         Defect = "quiet-channel"
	OnlyDecline          Defect = "only-decline"
	FleetingNotification Defect = "fleeting-notification"
	SwappedButtons       Defect = "swapped-buttons"
	DeadAnswer           Defect = "dead-answer"
	DeadDecline          Defect = "dead-decline"
	DeclineAnswers       Defect = "decline-answers"
	SilenceEndsCall      Defect = "silence-ends-call"
	SilenceHides         Defect = "silence-hides"
	HidesWaiting         Defect = "hides-waiting"
	CallScreenHidden     Defect = "call-screen-hidden"
	LeaksBehindKeyguard  Defect = "leaks-behind-keyguard"
	ZombieScreen         Defect = "zombie-screen"
)

// What becomes of a call that was answered.
const (
	NoCallScreen           Defect = "no-call-screen"
	NeverActive            Defect = "never-active"
	SlowAnswer             Defect = "slow-answer"
	WrongServiceType       Defect = "wrong-service-type"
	LateForeground         Defect = "late-foreground"
	EndsAtHome             Defect = "ends-at-home"
	EndsWhenSwiped         Defect = "ends-when-swiped"
	ServiceStopsWhenSwiped Defect = "service-stops-when-swiped"
	LostOnRecreate         Defect = "lost-on-recreate"
	OngoingWithoutButton   Defect = "ongoing-without-button"
	OngoingDismissible     Defect = "ongoing-dismissible"
	DeadHangUp             Defect = "dead-hang-up"
	DeadEnd                Defect = "dead-end"
	RejectedEndsActive     Defect = "rejected-ends-active"
)

// How a call ends, and what is left of it.
const (
	GivesUpEarly             Defect = "gives-up-early"
	SlowStop                 Defect = "slow-stop"
	NoMissedOnCancel         Defect = "no-missed-on-cancel"
	NoMissedOnTimeout        Defect = "no-missed-on-timeout"
	MissedAfterAnswer        Defect = "missed-after-answer"
	DeclineKeepsNotification Defect = "decline-keeps-notification"
	DeclineKeepsAudio        Defect = "decline-keeps-audio"
	DeclineKeepsScreen       Defect = "decline-keeps-screen"
	DeclineWrongCause        Defect = "decline-wrong-cause"
	CancelKeepsNotification  Defect = "cancel-keeps-notification"
	CancelKeepsCall          Defect = "cancel-keeps-call"
	CancelKeepsAudio         Defect = "cancel-keeps-audio"
	ElsewhereKeepsNotify     Defect = "elsewhere-keeps-notification"
	TimeoutKeepsNotification Defect = "timeout-keeps-notification"
	TimeoutKeepsAudio        Defect = "timeout-keeps-audio"
	HangUpKeepsAudio         Defect = "hang-up-keeps-audio"
	HangUpKeepsNotification  Defect = "hang-up-keeps-notification"
	HangUpKeepsScreen        Defect = "hang-up-keeps-screen"
	KeepsWakeLock            Defect = "keeps-wake-lock"
)

// What the call's screen does to its user.
const (
	NamelessButtons Defect = "nameless-buttons"
	SmallButtons    Defect = "small-buttons"
	EarlyProximity  Defect = "early-proximity"
)

// What people reported of calls with headsets and of the audio around them.
const (
	IgnoresHeadset       Defect = "ignores-headset"
	NeedsUnlock          Defect = "needs-unlock"
	IgnoresHeadsetHangUp Defect = "ignores-headset-hang-up"
	IgnoresHeadsetReject Defect = "ignores-headset-reject"
	ForcesEarpiece       Defect = "forces-earpiece"
	EndsWithHeadset      Defect = "ends-with-headset"
	NeverReturns         Defect = "never-returns"
	KeepsFocus           Defect = "keeps-focus"
	ReadsHeadsetName     Defect = "reads-headset-name"
	ForcesSpeaker        Defect = "forces-speaker"
	DeadSpeaker          Defect = "dead-speaker"
	StuckSpeaker         Defect = "stuck-speaker"
)

// What people reported of calls beside those of the phone's own line.
const (
	DropsWhileBusy Defect = "drops-while-busy"
	EndsByHook     Defect = "ends-by-hook"
	EndsOnHold     Defect = "ends-on-hold"
	IgnoresHold    Defect = "ignores-hold"
)

// What can go wrong with transactional calls.
const (
	KeepsTransaction Defect = "keeps-transaction"
)

// What keeps a call from the user who is there.
const (
	RingsItself    Defect = "rings-itself"
	LeavesToCopy   Defect = "leaves-to-copy"
	OwnerOnly      Defect = "owner-only"
	ForgetsRefused Defect = "forgets-refused"
)

// What can go wrong with a call that the user makes.
const (
	IgnoresCalleeAnswer  Defect = "ignores-callee-answer"
	IgnoresCalleeDecline Defect = "ignores-callee-decline"
	ActiveWhileDialing   Defect = "active-while-dialing"
	CallsOutsideTelecom  Defect = "calls-outside-telecom"
	KeepsDialing         Defect = "keeps-dialing"
	MissedOwnCall        Defect = "missed-own-call"
	ServiceAfterAnswer   Defect = "service-after-answer"
)

// Flaws lists the guide's flaws by their numbers, from 1.
func Flaws() []Defect {
	return []Defect{
		CrashAtStart, WrongCallerKey, IgnoresCallAction, NoIncomingUI, ParcelableExtras, SilentFailure, Trampoline,
		HiddenByKeyguard, ActiveBeforeJoin, NoForegroundService, SingleSlot, NoTimeout, DropsInForeground, NoDedupe,
		TelURI, MissingCallbacks, RepeatedEnd, LeavesOnDestroy, SilentNotification, WrongAdvice, NotLoggedIn, DirectBootUnaware,
	}
}

// Numbered are the flaws with the given numbers.
func Numbered(numbers []int) ([]Defect, error) {
	all := Flaws()
	out := make([]Defect, len(numbers))
	for i, n := range numbers {
		if n < 1 || n > len(all) {
			return nil, fmt.Errorf("the guide's flaws have the numbers 1 to %d, not %d", len(all), n)
		}
		out[i] = all[n-1]
	}
	return out, nil
}

// defects is the set that an app has; nil for none.
type defects map[Defect]bool

func allBut(fixed []Defect) defects {
	set := defects{}
	for _, f := range Flaws() {
		set[f] = true
	}
	for _, f := range fixed {
		delete(set, f)
	}
	return set
}

// NewDefective makes the reference app with defects.
func NewDefective(has ...Defect) func() android.App {
	set := defects{}
	for _, d := range has {
		set[d] = true
	}
	return func() android.App { return newApp(set) }
}

// Seeded are the models of which the reference app has defects.
func Seeded(has ...Defect) map[string]func() android.App {
	models := Models()
	models[ReferencePackage] = NewDefective(has...)
	return models
}

// doorFile is the sample app's test door: names of defects, one a line, "#"
// before a remark.
const doorFile = "files/ringproof-defects"

// readDoor adds the defects that the test door names, as the sample app does
// when its process starts. A name that took is traced, and one that did not.
func (a *app) readDoor() {
	files := a.c.Files()
	if files == nil {
		return
	}
	text, err := files.ReadFile(doorFile)
	if err != nil {
		return // nobody opened the door
	}
	a.has = maps.Clone(a.has)
	if a.has == nil {
		a.has = defects{}
	}
	rows, _ := table.All() // of a table that cannot be read no name takes
	for line := range strings.Lines(string(text)) {
		name, _, _ := strings.Cut(line, "#")
		name = strings.TrimSpace(name)
		switch {
		case name == "":
		case !slices.ContainsFunc(rows, func(d table.Defect) bool { return d.Name == name && d.Carried(table.Model) }):
			a.traceDetail("defect.unknown", "", name)
		default:
			a.has[Defect(name)] = true
			a.traceDetail("defect", "", name)
		}
	}
}
