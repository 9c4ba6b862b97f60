package apps

import "fmt"

// Flaw is one flaw of CometChat's guide "VoIP Calling" for Android
// (calls/android/voip-calling.mdx at commit 1c20ecf of cometchat/docs), by its
// number in the project's list.
type Flaw int

// The flaws. What each does is in its FlawInfo.
const (
	CrashAtStart Flaw = iota + 1
	WrongCallerKey
	IgnoresCallAction
	NoIncomingUI
	ParcelableExtras
	SilentFailure
	Trampoline
	HiddenByKeyguard
	ActiveBeforeJoin
	NoForegroundService
	SingleSlot
	NoTimeout
	DropsInForeground
	NoDedupe
	TelURI
	MissingCallbacks
	RepeatedEnd
	LeavesOnDestroy
	SilentNotification
	WrongAdvice
	NotLoggedIn
	DirectBootUnaware
)

// FlawInfo describes a flaw.
type FlawInfo struct {
	Flaw Flaw
	// Name is short, for labels and switches.
	Name string
	// Sentence says what goes wrong on the phone.
	Sentence string
	// Shows says that the simulated phone behaves differently with the flaw.
	// The others are wrong texts, or need what is not simulated.
	Shows bool
}

// Flaws lists all flaws by number.
func Flaws() []FlawInfo {
	return []FlawInfo{
		{CrashAtStart, "crash-at-start", "the process crashes at every start: CALL_PROVIDER with SELF_MANAGED is a SecurityException", true},
		{WrongCallerKey, "wrong-caller-key", "every real push is dropped: it reads senderUid, the server sends sender", true},
		{IgnoresCallAction, "ignores-call-action", "every call push rings, also cancelled and ended; nothing stops a ring", true},
		{NoIncomingUI, "no-incoming-ui", "Telecom rings and nobody sees it: onShowIncomingCallUi is not implemented", true},
		{ParcelableExtras, "parcelable-extras", "the process crashes when the call arrives from Telecom: a class of the app cannot be read from extras that were in system_server", true},
		{SilentFailure, "silent-failure", "a call that Telecom refuses is lost: onCreateIncomingConnectionFailed only logs", true},
		{Trampoline, "trampoline", "Accept does not open the call: a receiver behind the button may not start an activity", true},
		{HiddenByKeyguard, "hidden-by-keyguard", "the call screens stay behind the lock screen: showOnLockScreen is deprecated and does nothing", true},
		{ActiveBeforeJoin, "active-before-join", "Telecom says active before anybody is joined, and only the call screen joins", true},
		{NoForegroundService, "no-foreground-service", "nothing keeps the process alive during the call, and nothing leads back to it", true},
		{SingleSlot, "single-slot", "one slot holds the call, whatever its session: buttons and stops hit the wrong call", true},
		{NoTimeout, "no-timeout", "it rings for ever, rings for calls that are over, and never tells of a missed call", true},
		{DropsInForeground, "drops-in-foreground", "a push is dropped while the app is in front, even under the lock screen", true},
		{NoDedupe, "no-dedupe", "a second push of the same session is a second call", true},
		{TelURI, "tel-uri", "the caller's id becomes a telephone number: tel: instead of sip:", true},
		{MissingCallbacks, "missing-callbacks", "a video answer, silence and abort do nothing: the callbacks are not implemented", true},
		{RepeatedEnd, "repeated-end", "the end of the call is sent to the server three times", true},
		{LeavesOnDestroy, "leaves-on-destroy", "the call drops when its screen is destroyed", true},
		{SilentNotification, "silent-notification", "the notification is silent, without CallStyle, and gone when notifications are not allowed", true},
		{WrongAdvice, "wrong-advice", "the troubleshooting text is wrong; no behaviour", false},
		{NotLoggedIn, "not-logged-in", "answering fails in a process that a push started: only the main screen logs in", true},
		{DirectBootUnaware, "direct-boot-unaware", "no call before the first unlock; direct boot is not simulated", false},
	}
}

// String is the flaw's name.
func (f Flaw) String() string {
	for _, i := range Flaws() {
		if i.Flaw == f {
			return i.Name
		}
	}
	return fmt.Sprintf("flaw %d", int(f))
}

// Numbered are the flaws with the given numbers.
func Numbered(numbers []int) ([]Flaw, error) {
	all := len(Flaws())
	out := make([]Flaw, len(numbers))
	for i, n := range numbers {
		if n < 1 || n > all {
			return nil, fmt.Errorf("the guide's flaws have the numbers 1 to %d, not %d", all, n)
		}
		out[i] = Flaw(n)
	}
	return out, nil
}

// flaws is the set that an app has; nil for none.
type flaws map[Flaw]bool

func allBut(fixed []Flaw) flaws {
	set := flaws{}
	for _, i := range Flaws() {
		set[i.Flaw] = true
	}
	for _, f := range fixed {
		delete(set, f)
	}
	return set
}
