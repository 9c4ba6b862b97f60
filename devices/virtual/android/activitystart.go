package android

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Start is startActivity. The error is what the caller's call throws; a start that
// the system quietly refuses (background activity start) is Code StartAborted.
func (a *Activities) Start(by Caller, intent *Intent, o StartOptions) (*StartResult, error) {
	i := intent.Clone()
	res := &StartResult{Intent: i, Began: a.d.Elapsed()}
	if i.HasCategory(CategoryHome) && i.Action == ActionMain && i.Component.IsZero() {
		res.Code, res.Done = StartSuccess, true
		a.Home()
		res.Activity = a.FocusedApp()
		if res.Activity != nil {
			res.Reached = res.Activity.Component
		}
		return res, nil
	}
	comp, ok := a.d.Packages.resolveActivity(i)
	if !ok {
		res.Done = true
		res.Code = StartIntentNotResolved
		if !i.Component.IsZero() {
			res.Code = StartClassNotFound
		}
		return res, nil
	}
	i.Component = comp
	pk := a.d.Packages.Get(comp.Package)
	spec := pk.Component(comp)
	privileged := by.UID == RootUID || by.UID == SystemUID
	if by.UID != pk.UID && !privileged {
		if !spec.Exported {
			return nil, Throw(SecurityException, "Permission Denial: starting %s from null (pid=%d, uid=%d) not exported from uid %d", i, by.PID, by.UID, pk.UID)
		}
		if spec.Permission != "" && !a.d.Packages.CheckPermission(by, spec.Permission) {
			return nil, Throw(SecurityException, "Permission Denial: starting %s from null (pid=%d, uid=%d) requires %s", i, by.PID, by.UID, spec.Permission)
		}
	}
	if !o.balAllowed && !a.mayStart(by) {
		res.Code, res.Done = StartAborted, true
		return res, nil
	}
	if o.Stop {
		a.d.Processes.ForceStop(by, pk.Name)
	}
	a.d.Packages.started(pk)
	a.d.Log.Event("wm_task_to_front", 0, pk.Name)
	a.d.Log.System(Info, "ActivityTaskManager", "START u0 {%s} from uid %d", strings.TrimSuffix(strings.TrimPrefix(i.String(), "Intent { "), " }"), by.UID)
	a.place(pk, spec, i, by, res)
	if pr := a.d.Processes.ByPID(by.PID); pr != nil {
		pr.lastAct = a.d.Elapsed()
	}
	a.reconcile()
	return res, nil
}

// StartActivity is Context.startActivity. A start from outside an activity needs
// FLAG_ACTIVITY_NEW_TASK. A start that Android blocks in the background returns
// no error; only the log tells.
func (c *Context) StartActivity(intent *Intent) error {
	return c.told(c.startActivity(intent), "Context.startActivity", intent)
}

func (c *Context) startActivity(intent *Intent) error {
	i := intent.Clone()
	top := c.d.Activities.FocusedApp()
	fromActivity := top != nil && top.Process == c.Proc
	if i.Flags&FlagActivityNewTask == 0 && !fromActivity {
		return Throw("android.util.AndroidRuntimeException", "Calling startActivity() from outside of an Activity context requires the FLAG_ACTIVITY_NEW_TASK flag. Is this really what you want?")
	}
	res, err := c.d.Activities.Start(c.caller(), i, StartOptions{})
	if err != nil {
		return err
	}
	switch res.Code {
	case StartIntentNotResolved:
		return Throw(ActivityNotFoundException, "No Activity found to handle %s", intent)
	case StartClassNotFound:
		return Throw(ActivityNotFoundException, "Unable to find explicit activity class %s; have you declared this activity in your AndroidManifest.xml, or does your intent not match its declared <intent-filter>?", intent.Component.brace())
	}
	return nil
}

// brace is ComponentName.toShortString: "{pkg/cls}".
func (c Component) brace() string { return "{" + c.Flat() + "}" }

// mayStart is BackgroundActivityStartController.shouldAbortBackgroundActivityStart:
// an app without a visible activity may not start one, unless something gives it
// the right.
func (a *Activities) mayStart(by Caller) bool {
	if by.UID < FirstAppUID || !a.d.Release.BackgroundActivityLimits { // root, system, shell hold START_ACTIVITIES_FROM_BACKGROUND
		return true
	}
	if a.uidVisible(by.UID) {
		return true
	}
	if !a.d.makerLets(a.d.Maker.PopUpOp, by.Package) {
		return false // what a phone of theirs logs of it was not seen
	}
	for _, pk := range a.d.Packages.ByUID(by.UID) {
		if pk.Holds("android.permission.START_ACTIVITIES_FROM_BACKGROUND") ||
			a.d.AppOps.Effective(pk, "SYSTEM_ALERT_WINDOW") == OpAllow {
			return true
		}
	}
	notification := false
	for _, pr := range a.d.Processes.list {
		if pr.UID != by.UID {
			continue
		}
		if a.inGrace(pr) {
			return true
		}
		for _, t := range pr.tokens {
			if !t.notification {
				return true
			}
			notification = true
		}
	}
	if notification && a.d.Release.TrampolineBlock {
		// A right that comes only from a notification's receiver or service is a
		// trampoline (NotificationManagerService, compat change 167676448).
		pk := a.d.Packages.Get(by.Package)
		msg := "Indirect notification activity start (trampoline) from " + by.Package
		if pk == nil || pk.TargetSDK < 31 {
			a.d.Log.System(Warn, "NotificationService", "%s, this should be avoided for performance reasons", msg)
			return true
		}
		a.d.Log.System(Error, "NotificationService", "%s blocked", msg)
	} else if notification {
		return true
	}
	a.d.Log.System(Warn, "ActivityTaskManager", "Background activity launch blocked [callingPackage: %s; callingUid: %d; appSwitchState: %d; callingUidHasAnyVisibleWindow: false]", by.Package, by.UID, map[bool]int{true: 1, false: 2}[a.lastStop > 0])
	a.d.Log.System(Error, "ActivityTaskManager", "Abort background activity starts from %d", by.UID)
	return false
}

// inGrace: the process started or finished an activity within the last 10 s, and
// HOME was not pressed since.
func (a *Activities) inGrace(pr *Process) bool {
	return pr.lastAct >= 0 && pr.lastAct > a.lastStop && a.d.Elapsed()-pr.lastAct < balGrace
}

// uidVisible reports whether the uid has a visible activity.
func (a *Activities) uidVisible(uid int) bool {
	for _, t := range a.Tasks {
		for _, r := range t.Activities {
			if r.UID == uid && r.Visible {
				return true
			}
		}
	}
	return false
}

// place finds or makes the task and the record for a resolved start.
func (a *Activities) place(pk *Package, spec *ComponentSpec, i *Intent, by Caller, res *StartResult) {
	affinity := spec.TaskAffinity
	if affinity == "" {
		affinity = pk.Name
	}
	newTask := i.Flags&FlagActivityNewTask != 0 || by.UID < FirstAppUID ||
		spec.LaunchMode == LaunchSingleTask || spec.LaunchMode == LaunchSingleInstance
	var task *Task
	if newTask {
		for _, t := range a.Tasks {
			if t.Affinity == affinity && t.User == a.d.user && !t.Home && t.Top() != nil {
				task = t
			}
		}
	} else if top := a.FocusedApp(); top != nil {
		task = top.Task
	}
	comp := i.Component
	wasFront := len(a.Tasks) > 0 && task == a.Tasks[len(a.Tasks)-1]
	if task != nil {
		top := task.Top()
		singleTop := spec.LaunchMode != LaunchStandard || i.Flags&(FlagActivitySingleTop|FlagActivityClearTop) != 0
		if at := task.find(comp); at != nil && (i.Flags&FlagActivityClearTop != 0 || spec.LaunchMode == LaunchSingleTask) {
			for _, r := range slices.Backward(task.Activities) {
				if r == at {
					break
				}
				r.Finishing = true
			}
			top = at
		}
		switch {
		case top != nil && top.Component == comp && singleTop:
			a.front(task)
			top.pendingNew = append(top.pendingNew, i)
			top.launch, top.turnedOn = res, false
			res.Activity, res.Reached, res.Code = top, comp, StartDeliveredToTop
			if !wasFront {
				res.Code = StartTaskToFront
			}
			return
		case top != nil && newTask && sameLaunch(task.Intent, i):
			// The launcher's or am's intent for a task that exists only brings
			// it to the front, whatever is on top of it.
			a.front(task)
			top.launch = res
			res.Activity, res.Reached, res.Code = top, top.Component, StartTaskToFront
			if wasFront && top == a.Resumed {
				res.Code, res.Done = StartDeliveredToTop, true
			}
			return
		}
	} else {
		a.nextTask++
		task = &Task{ID: a.nextTask, Affinity: affinity, Intent: i, User: a.d.user}
		a.Tasks = append(a.Tasks, task)
	}
	r := &ActivityRecord{
		Hash: a.d.hash(), windowHash: a.d.hash(), Component: comp, Package: pk.Name, UID: pk.UID, Task: task, Intent: i,
		State: ActivityInitializing, Started: a.d.Elapsed(), LaunchedFrom: by,
		ShowWhenLocked: spec.ShowWhenLocked && a.d.Release.ScreenOnAttributes, TurnScreenOn: spec.TurnScreenOn && a.d.Release.ScreenOnAttributes, d: a.d, launch: res, fresh: true,
	}
	task.Activities = append(task.Activities, r)
	a.front(task)
	a.d.Log.Event("wm_create_activity", 0, r.Hash, task.ID, comp.Short(), i.Action, "NULL", "NULL", i.Flags)
	res.Activity, res.Reached, res.Code = r, comp, StartSuccess
}

// sameLaunch reports whether i is the intent that the task was made with, as far
// as bringing it to the front goes.
func sameLaunch(t, i *Intent) bool {
	return t != nil && t.Component == i.Component && (t.Action == i.Action || i.Action == "" || t.Action == "")
}

func (t *Task) find(c Component) *ActivityRecord {
	for _, r := range slices.Backward(t.Activities) {
		if r.Component == c && !r.Finishing {
			return r
		}
	}
	return nil
}

func (a *Activities) front(t *Task) {
	a.Tasks = append(slices.DeleteFunc(a.Tasks, func(o *Task) bool { return o == t }), t)
	t.LastActive = a.d.Elapsed()
}

// Home is the HOME key: the launcher comes to the front. App switches by apps in
// the background lose their grace.
func (a *Activities) Home() {
	a.lastStop = a.d.Elapsed()
	for _, t := range a.Tasks {
		if t.Home && t.User == a.d.Users.Current {
			a.front(t)
			break
		}
	}
	a.reconcile()
}

// Back is the BACK key on the activity in front: its own handler, or finish. The
// root activity of a launcher task goes to the back instead (Android 12).
func (a *Activities) Back() {
	r := a.Resumed
	if r == nil || r.Task.Home {
		return
	}
	if r.onBack != nil {
		r.onBack()
		return
	}
	if r.OnBack != nil && r.Process != nil {
		r.Process.post(a.d, func() error { return r.OnBack(r.Process.ctx) })
		return
	}
	if a.d.Release.RootTaskToBack && r == r.Task.Activities[0] && r.Task.Intent.HasCategory(CategoryLauncher) {
		a.toBack(r.Task)
		return
	}
	r.Finish()
}

func (a *Activities) toBack(t *Task) {
	a.Tasks = append([]*Task{t}, slices.DeleteFunc(a.Tasks, func(o *Task) bool { return o == t })...)
	a.reconcile()
}

// MoveTaskToBack is Activity.moveTaskToBack(true).
func (r *ActivityRecord) MoveTaskToBack() { r.d.Activities.toBack(r.Task) }

// RemoveTask removes a task as by a swipe in recents; false when there is none.
// AOSP ends the process when it is not kept by anything else, and does not set
// the package stopped.
func (a *Activities) RemoveTask(id int) bool {
	for _, t := range a.Tasks {
		if t.ID != id || t.Home {
			continue
		}
		var procs []*Process
		pkg := ""
		for _, r := range t.Activities {
			pkg = r.Package
			r.Finishing = true
			if r.Process != nil && !slices.Contains(procs, r.Process) {
				procs = append(procs, r.Process)
			}
		}
		a.reconcile()
		if pk := a.d.Packages.Get(pkg); pk != nil && a.d.Maker.StopsOnSwipe {
			a.d.Processes.ForceStop(SystemCaller(), pk.Name)
			return true
		}
		a.d.After(a.d.Jitter(400*time.Millisecond), func() {
			a.d.Processes.updateStates()
			for _, pr := range procs {
				if !pr.Dead && pr.State >= ProcService && pr.State != ProcReceiver {
					a.d.Processes.kill(pr, ReasonUserRequested, SubReasonRemoveTask, 0, "remove task")
				}
			}
		})
		return true
	}
	return false
}

// Recents lists the tasks in recents, newest first.
func (a *Activities) Recents() []*Task {
	var out []*Task
	for _, t := range slices.Backward(a.Tasks) {
		if t.Home || t.Top() == nil {
			continue
		}
		if pk := a.d.Packages.Get(t.Activities[0].Package); pk != nil {
			if s := pk.Component(t.Activities[0].Component); s != nil && s.ExcludeFromRecents {
				continue
			}
		}
		out = append(out, t)
	}
	return out
}

// String is ActivityRecord.toString: "ActivityRecord{H u0 pkg/.Cls tN}".
func (r *ActivityRecord) String() string {
	if r == nil {
		return "null"
	}
	f := ""
	if r.Finishing {
		f = " f}"
	}
	return fmt.Sprintf("ActivityRecord{%s u%d %s t%d%s}", r.Hash, UserOf(r.UID), r.Component.Short(), r.Task.ID, f)
}
