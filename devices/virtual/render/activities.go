package render

import (
	"fmt"
	"strings"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// taskName is Task.toString (TaskRecord.toString up to 29). The order of its
// parts on 30 is as remembered: no capture of 11 was at hand.
func taskName(d *android.Device, t *android.Task) string {
	kind, visible := "standard", false
	if t.Home {
		kind = "home"
	}
	for _, a := range t.Activities {
		visible = visible || a.Visible
	}
	affinity := "A=" + t.Affinity
	if t.Affinity == "" {
		affinity = "I=" + rootComponent(t)
	} else if top := t.Top(); top != nil && !strings.Contains(t.Affinity, ":") && d.API >= 30 {
		affinity = fmt.Sprintf("A=%d:%s", top.UID, t.Affinity)
	}
	id := hash(d, fmt.Sprint("task", t.ID))
	switch {
	case d.API <= 29:
		return fmt.Sprintf("TaskRecord{%s #%d %s U=%d StackId=%d sz=%d}", id, t.ID, affinity, t.User, t.ID, len(t.Activities))
	case d.API == 30:
		return fmt.Sprintf("Task{%s #%d visible=%t type=%s mode=fullscreen translucent=%t %s U=%d StackId=%d sz=%d}", id, t.ID, visible, kind, !visible, affinity, t.User, t.ID, len(t.Activities))
	case d.API <= 32:
		return fmt.Sprintf("Task{%s #%d type=%s %s U=%d visible=%t mode=fullscreen translucent=%t sz=%d}", id, t.ID, kind, affinity, t.User, visible, !visible, len(t.Activities))
	}
	return fmt.Sprintf("Task{%s #%d type=%s %s U=%d visible=%t visibleRequested=%t mode=fullscreen translucent=%t sz=%d}",
		id, t.ID, kind, affinity, t.User, visible, visible, !visible, len(t.Activities))
}

// taskRef is how other lines name a task: shorter since 14.
func taskRef(d *android.Device, t *android.Task) string {
	if d.API < 34 {
		return taskName(d, t)
	}
	name, _, _ := strings.Cut(taskName(d, t), " U=")
	return name + "}"
}

func rootComponent(t *android.Task) string {
	if len(t.Activities) == 0 {
		return "null"
	}
	return t.Activities[0].Component.Short()
}

// Activities is `dumpsys activity activities` (ActivityTaskManagerService.
// dumpActivitiesLocked, RootWindowContainer.dumpActivities, KeyguardController.
// dump; up to 29 ActivityStackSupervisor.dumpActivitiesLocked), after captures of
// 9, 13, 14 and 16.
func Activities(d *android.Device) string {
	p := of(d)
	p.ln("ACTIVITY MANAGER ACTIVITIES (dumpsys activity activities)")
	p.ln("Display #0 (activities from top to bottom):")
	p.level = 1
	tasks := d.Activities.Tasks
	for i := len(tasks) - 1; i >= 0; i-- {
		if p.api <= 29 {
			stack(p, d, tasks[i])
			continue
		}
		p.ln("* %s", taskName(d, tasks[i]))
		p.in(func() {
			p.since(35, "fullscreenRequestAllowMode=NONE")
			taskState(p, d, tasks[i])
			for n := len(tasks[i].Activities) - 1; n >= 0; n-- {
				a := tasks[i].Activities[n]
				p.ln("* Hist  #%d: %s", n, activityName(d, a))
				p.in(func() { activity(p, d, tasks[i], a) })
			}
		})
		p.ln("")
	}
	front := d.Activities.Resumed
	if front == nil {
		front = d.Activities.FocusedApp()
	}
	if p.api >= 33 {
		p.ln("Resumed activities in task display areas (from top to bottom):")
		p.ln("  Resumed: %s", activityName(d, front))
		p.ln("")
	}
	p.ln("ResumedActivity: %s", activityName(d, front))
	if p.api <= 29 {
		legacyEnd(p, d)
		return p.String()
	}
	p.ln("")
	p.level = 0
	p.ln("ActivityTaskSupervisor state:")
	p.level = 1
	p.ln("topDisplayFocused%s=%s", map[bool]string{true: "RootTask", false: "Stack"}[p.api >= 31], topTask(d))
	p.ln("mLastOrientationSource=null")
	p.ln("mLayoutSeq=214")
	focus(p, d)
	p.ln("")
	keyguard(p, d)
	lockTask(p, "LockTaskController:")
	p.ln("")
	p.ln("mCurTaskIdForUser={0=%d}", lastTask(d))
	p.ln("mUserRootTaskInFront={}")
	p.ln("mVisibilityTransactionDepth=0")
	p.ln("isHomeRecentsComponent=true")
	p.ln("mNoHistoryActivities=[]")
	p.ln("")
	var visible []string
	for _, t := range tasks {
		for _, a := range t.Activities {
			if a.Visible && a.Process != nil {
				visible = append(visible, " "+process(d, a.Process))
			}
		}
	}
	p.ln("VisibleActivityProcess:[%s]", strings.Join(visible, ""))
	return p.String()
}

// taskState is what a task says of itself: who was paused, who is resumed.
func taskState(p *page, d *android.Device, t *android.Task) {
	var paused *android.ActivityRecord
	for _, a := range t.Activities {
		if a.State == android.ActivityPaused || a.State == android.ActivityStopped {
			paused = a
		}
	}
	if paused != nil {
		p.ln("mLastPausedActivity: %s", activityName(d, paused))
	}
	top := t.Top()
	resumed := top != nil && top == d.Activities.Resumed
	if resumed && p.api <= 32 {
		p.ln("mResumedActivity: %s", activityName(d, top))
	}
	if p.api >= 30 {
		p.ln("isSleeping=%t", !d.Power.Interactive())
	}
	if resumed && p.api >= 33 {
		p.ln("topResumedActivity=%s", activityName(d, top))
	}
}

// stack is ActivityStack.dump of 26 to 29: each task in a stack of its own, as an
// app's is. The capture is one of 9; before it, stacks had no type.
func stack(p *page, d *android.Device, t *android.Task) {
	kind := "standard"
	if t.Home {
		kind = "home"
	}
	p.ln("")
	if p.api >= 28 {
		p.ln("Stack #%d: type=%s mode=fullscreen", t.ID, kind)
	} else {
		p.ln("Stack #%d:", t.ID)
		p.ln("mFullscreen=true")
	}
	p.ln("isSleeping=%t", !d.Power.Interactive())
	box := "mBounds=" + map[bool]string{true: "Rect(0, 0 - 0, 0)", false: "null"}[p.api >= 28]
	p.ln("%s", box)
	p.ln("")
	p.in(func() {
		p.ln("Task id #%d", t.ID)
		p.upTo(27, "mFullscreen=true")
		p.ln("%s", box)
		p.ln("mMinWidth=-1")
		p.ln("mMinHeight=-1")
		p.ln("mLastNonFullscreenBounds=null")
		p.ln("* %s", taskName(d, t))
		p.in(func() {
			p.ln("userId=0 effectiveUid=u0a0 mCallingUid=u0a0 mUserSetupComplete=true mCallingPackage=null")
			p.ln("affinity=%s", t.Affinity)
			p.ln("realActivity=%s", rootComponent(t))
			var names []string
			for _, a := range t.Activities {
				names = append(names, activityName(d, a))
			}
			p.ln("Activities=[%s]", strings.Join(names, ", "))
			p.ln("askedCompatMode=false inRecents=true isAvailable=true")
			p.ln("stackId=%d", t.ID)
			for n := len(t.Activities) - 1; n >= 0; n-- {
				a := t.Activities[n]
				p.ln("* Hist #%d: %s", n, activityName(d, a))
				p.level += 2
				activity(p, d, t, a)
				p.level -= 2
			}
		})
		p.ln("")
		p.ln("Running activities (most recent first):")
		p.in(func() {
			p.ln("%s", taskName(d, t))
			for n := len(t.Activities) - 1; n >= 0; n-- {
				p.ln("  Run #%d: %s", n, activityName(d, t.Activities[n]))
			}
		})
		p.ln("")
		taskState(p, d, t)
	})
}

// legacyEnd is the end of the dump up to 29. The KeyguardController's title stands
// on the line before it.
func legacyEnd(p *page, d *android.Device) {
	name := "null"
	if n := len(d.Activities.Tasks); n > 0 {
		name = stackName(d, d.Activities.Tasks[n-1])
	}
	p.ln("mFocusedStack=%s mLastFocusedStack=%s", name, name)
	p.ln("mCurTaskIdForUser={0=%d}", lastTask(d))
	p.ln("mUserStackInFront={}")
	p.ln("displayId=0 stacks=%d", len(d.Activities.Tasks))
	p.raw("  isHomeRecentsComponent=true")
	keyguard(p, d)
	lockTask(p, "LockTaskController")
}

func stackName(d *android.Device, t *android.Task) string {
	kind := "standard"
	if t.Home {
		kind = "home"
	}
	return fmt.Sprintf("ActivityStack{%s stackId=%d type=%s mode=fullscreen visible=true translucent=true, 1 tasks}", hash(d, fmt.Sprint("stack", t.ID)), t.ID, kind)
}

func lockTask(p *page, title string) {
	p.ln("%s", title)
	p.in(func() {
		p.ln("mLockTaskModeState=NONE")
		p.ln("mLockTaskModeTasks=")
		p.ln("mLockTaskPackages (userId:packages)=")
		p.upTo(34, "  u0:[]")
	})
}

func topTask(d *android.Device) string {
	if n := len(d.Activities.Tasks); n > 0 {
		return taskRef(d, d.Activities.Tasks[n-1])
	}
	return "null"
}

func lastTask(d *android.Device) int {
	last := 0
	for _, t := range d.Activities.Tasks {
		last = max(last, t.ID)
	}
	return last
}

// keyguard is KeyguardController.dump: one state up to 28, one a display from 29,
// all of it a display from 33.
func keyguard(p *page, d *android.Device) {
	k := d.Keyguard
	p.ln("KeyguardController:")
	p.in(func() {
		p.ln("mKeyguardShowing=%t", k.Showing)
		p.since(28, "mAodShowing=false")
		p.ln("mKeyguardGoingAway=%t", k.GoingAway)
		if p.api <= 28 {
			p.ln("mOccluded=%t", k.Occluded)
			p.ln("mDismissingKeyguardActivity=null")
		} else {
			// The line per display has its own, odd indentation.
			text := fmt.Sprintf("Occluded=%t DismissingKeyguardActivity=null", k.Occluded)
			if p.api >= 31 {
				text += " TurnScreenOnActivity=null"
			}
			if p.api >= 33 {
				text = fmt.Sprintf("KeyguardShowing=%t AodShowing=false KeyguardGoingAway=%t DismissalRequested=false  ", k.Showing, k.GoingAway) + text
			}
			p.raw("   " + text + " at display=0\n")
		}
		p.ln("mDismissalRequested=false")
		p.upTo(29, "mVisibilityTransactionDepth=0")
	})
	if p.api >= 30 {
		p.ln("")
	}
}

func activity(p *page, d *android.Device, t *android.Task, a *android.ActivityRecord) {
	name, base := a.Package, ""
	if a.Process != nil {
		name = a.Process.Name
	}
	if pk := d.Packages.Get(a.Package); pk != nil {
		base = pk.APK()
	}
	from := a.LaunchedFrom.Package
	if from == "" {
		from = "null"
	}
	old := p.api <= 29
	stopped := a.State == android.ActivityStopped
	kind := map[bool]string{true: "home", false: "standard"}[t.Home]
	p.ln("packageName=%s processName=%s", a.Package, name)
	feature := " launchedFromFeature=null"
	if old {
		feature = ""
	}
	p.ln("launchedFromUid=%d launchedFromPackage=%s%s userId=%d", a.LaunchedFrom.UID, from, feature, android.UserOf(a.UID))
	if a.Process != nil {
		p.ln("app=%s", process(d, a.Process))
	}
	p.put(a.Intent.String())
	root := "rootOfTask"
	if old {
		root = "frontOfTask"
	}
	p.ln("%s=%t task=%s", root, t.Activities[0] == a, taskRef(d, t))
	affinity := a.Package
	if !old {
		affinity = fmt.Sprintf("%d:%s", a.UID, a.Package)
	}
	p.ln("taskAffinity=%s", affinity)
	component := "mActivityComponent"
	if old {
		component = "realActivity"
	}
	p.ln("%s=%s", component, a.Component.Short())
	p.ln("baseDir=%s", base)
	p.ln("dataDir=/data/user/%d/%s", android.UserOf(a.UID), a.Package)
	p.ln("stateNotNeeded=false componentSpecified=true mActivityType=%s", kind)
	p.ln("compat={%ddpi} labelRes=0x7f0f001c icon=0x7f0d0000 theme=0x7f100112", android.DisplayDensity)
	p.ln("launchFailed=false launchCount=0 lastLaunchTime=%s", ago(a.Started-d.Elapsed()))
	if old {
		p.ln("haveState=%t icicle=null", stopped)
	} else {
		p.ln("mHaveState=%t mIcicle=null", stopped)
	}
	if p.api >= 35 {
		p.ln("state=%s finishing=%t", a.State, a.Finishing)
	} else {
		p.ln("state=%s stopped=%t delayedResume=false finishing=%t", a.State, stopped, a.Finishing)
	}
	if old {
		p.ln("keysPaused=false inHistory=true visible=%t sleeping=%t idle=true mStartingWindowState=STARTING_WINDOW_REMOVED", a.Visible, !d.Power.Interactive())
		p.ln("fullscreen=true noDisplay=false immersive=false launchMode=0")
		p.ln("frozenBeforeDestroy=false forceNewConfig=false")
		p.ln("mActivityType=%s", kind)
		p.ln("waitingVisible=false nowVisible=%t lastVisibleTime=%s", a.Visible, ago(a.Started-d.Elapsed()))
		p.ln("resizeMode=RESIZE_MODE_RESIZEABLE")
		return
	}
	p.ln("keysPaused=false inHistory=true idle=true")
	p.ln("occludesParent=true %s=false immersive=false launchMode=0", map[bool]string{true: "mNoDisplay", false: "noDisplay"}[p.api >= 35])
	p.upTo(33, "frozenBeforeDestroy=false forceNewConfig=false")
	p.ln("mActivityType=%s", kind)
	p.ln("mVisibleRequested=%t mVisible=%t mClientVisible=%t reportedDrawn=%t reportedVisible=%t", a.Visible, a.Visible, a.Visible, a.Visible, a.Visible)
	if stopped || p.api <= 34 {
		p.ln("mAppStopped=%t", stopped)
	}
	drawn := " lastAllDrawn=true"
	if p.api >= 35 {
		drawn = ""
	}
	p.ln("mNumInterestingWindows=1 mNumDrawnWindows=1 allDrawn=true%s)", drawn)
	p.ln("nowVisible=%t lastVisibleTime=%s", a.Visible, ago(a.Started-d.Elapsed()))
	if a.ShowWhenLocked || a.TurnScreenOn {
		p.ln("mShowWhenLocked=%t mInheritShownWhenLocked=false mTurnScreenOn=%t", a.ShowWhenLocked, a.TurnScreenOn)
	}
	p.ln("resizeMode=RESIZE_MODE_RESIZEABLE")
}
