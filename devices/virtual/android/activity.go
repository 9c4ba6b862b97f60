package android

import "time"

// ActivityState is an activity's lifecycle state as the system sees it.
type ActivityState string

// States as dumpsys activity activities words them.
const (
	ActivityInitializing ActivityState = "INITIALIZING"
	ActivityResumed      ActivityState = "RESUMED"
	ActivityPausing      ActivityState = "PAUSING"
	ActivityPaused       ActivityState = "PAUSED"
	ActivityStopping     ActivityState = "STOPPING"
	ActivityStopped      ActivityState = "STOPPED"
	ActivityFinishing    ActivityState = "FINISHING"
	ActivityDestroyed    ActivityState = "DESTROYED"
)

// Task is a stack of activities as the user sees it in recents.
type Task struct {
	ID       int
	Affinity string
	// User is whose task it is.
	User int
	// Home marks the launcher's task.
	Home bool
	// Activities are bottom first.
	Activities []*ActivityRecord
	// Intent is the one that the task was made with.
	Intent     *Intent
	LastActive time.Duration
}

// Top is the task's uppermost activity that is not finishing; nil without one.
func (t *Task) Top() *ActivityRecord {
	for i := len(t.Activities) - 1; i >= 0; i-- {
		if !t.Activities[i].Finishing {
			return t.Activities[i]
		}
	}
	return nil
}

// ActivityRecord is one activity instance.
type ActivityRecord struct {
	Hash      string
	Component Component
	Package   string
	UID       int
	Task      *Task
	// Intent is the one last given to the activity.
	Intent  *Intent
	State   ActivityState
	Process *Process
	// Finishing is set by finish() and when the task goes.
	Finishing bool
	// Visible: it is on top and neither the keyguard nor sleep hides it.
	Visible bool
	Started time.Duration
	// LaunchedFrom is the caller.
	LaunchedFrom Caller

	// Window flags; from the manifest, changed by the setters.
	ShowWhenLocked, TurnScreenOn, KeepScreenOn bool
	// Secure is FLAG_SECURE: screenshots are black.
	Secure bool
	// Content is the activity's view tree as the app set it; nil before onCreate.
	Content *View
	// OnBack replaces the default of finishing on BACK.
	OnBack func(c *Context) error

	d          *Device
	onBack     func() // the system's own screen
	created    bool
	turnedOn   bool // turn-screen-on was used up for this launch
	busy       bool // a callback is under way
	fresh      bool // started and not created yet
	pendingNew []*Intent
	launch     *StartResult
	windowHash string
}

// Start result codes (android.app.ActivityManager.START_*).
const (
	StartSuccess           = 0
	StartTaskToFront       = 2
	StartDeliveredToTop    = 3
	StartAborted           = 102
	StartIntentNotResolved = -91
	StartClassNotFound     = -92
	StartPermissionDenied  = -94
)

// StartResult is what `am start -W` waits for.
type StartResult struct {
	// Code is one of the Start constants.
	Code int
	// Intent is the intent as it was started, with its resolved component.
	Intent   *Intent
	Activity *ActivityRecord
	// Done: the activity is resumed, or nothing needed to start.
	Done bool
	// LaunchState is COLD, WARM or HOT, "" when nothing was launched.
	LaunchState string
	// Began is when the start was asked for; TotalTime is from there to the
	// activity's first frame, valid when Done and something was launched.
	Began, TotalTime time.Duration
	// Reached is the component that ended up on top.
	Reached Component
}

// StartOptions belong to one start.
type StartOptions struct {
	// Stop force-stops the target first (am start -S).
	Stop bool
	// balAllowed: the start carries the sender's right (the user tapped).
	balAllowed bool
}

// Activities is the activity task manager.
type Activities struct {
	d *Device
	// Tasks are bottom first; the last one is in front.
	Tasks []*Task
	// Resumed is the activity that has the user's attention; nil while asleep,
	// locked, or in a transition.
	Resumed *ActivityRecord

	nextTask int
	pausing  *ActivityRecord
	lastStop time.Duration // when HOME was last pressed: earlier launches give no grace
}

// FocusedApp is the top activity whatever hides it (mFocusedApp).
func (a *Activities) FocusedApp() *ActivityRecord {
	for i := len(a.Tasks) - 1; i >= 0; i-- {
		if r := a.Tasks[i].Top(); r != nil && a.d.Users.InFront(a.Tasks[i].User) {
			return r
		}
	}
	return nil
}
