package android

import (
	"slices"
	"time"
)

// reconcile brings the activities to where the tasks, the keyguard and the screen
// want them: at most one is resumed, the one before it pauses first. It is called
// after every change of those and again as each step completes.
func (a *Activities) reconcile() {
	a.prune()
	top := a.FocusedApp()
	a.occlude(top)
	if top != nil {
		a.turnScreenOn(top)
	}
	want := top
	if !a.d.Power.Interactive() || (a.d.Keyguard.Showing && (top == nil || !top.showsWhenLocked())) {
		want = nil
	}
	for _, t := range a.Tasks {
		for _, r := range t.Activities {
			r.Visible = r == want
		}
	}
	if a.Resumed != nil && a.Resumed != want {
		a.pause(a.Resumed)
		return
	}
	if a.pausing != nil {
		return
	}
	if want != nil && a.Resumed == nil && !want.busy {
		a.resume(want)
	} else if want != nil && a.Resumed == want {
		a.deliverNew(want)
	} else if want == nil && top != nil && top.fresh && !top.busy {
		// A new activity is created even where nobody sees it, so that its
		// onCreate may ask to show over the keyguard or to turn the screen on.
		a.resume(top)
		return
	}
	for _, t := range slices.Clone(a.Tasks) {
		for _, r := range slices.Clone(t.Activities) {
			if r != want && r != a.Resumed && !r.busy {
				a.settleHidden(r)
			}
		}
	}
}

// occlude recomputes whether the activity in front covers the keyguard.
func (a *Activities) occlude(top *ActivityRecord) {
	k := a.d.Keyguard
	was := k.Occluded
	k.Occluded = k.Showing && top != nil && top.showsWhenLocked()
	if was != k.Occluded {
		a.d.Power.rearm()
	}
	if k.Occluded {
		k.Bouncer = k.Bouncer && len(k.onDismiss) > 0
	}
}

// turnScreenOn wakes the phone for an activity that asks for it, once per launch,
// when it may be seen: no keyguard, or it shows over it.
func (a *Activities) turnScreenOn(r *ActivityRecord) {
	if !r.TurnScreenOn || r.turnedOn || a.d.Power.Interactive() || (a.d.Keyguard.Showing && !r.showsWhenLocked()) {
		return
	}
	r.turnedOn = true
	a.d.Power.Wake("WAKE_REASON_APPLICATION", "android.server.wm:TURN_ON")
}

func (a *Activities) pause(r *ActivityRecord) {
	a.Resumed, a.pausing = nil, r
	r.State = ActivityPausing
	a.callback(r, ActivityPause, 0, func() {
		a.pausing = nil
		if r.State == ActivityPausing {
			r.State = ActivityPaused
		}
		r.Visible = false
		if r.launch != nil { // it never drew: am start -W learns no more
			r.launch.Done, r.launch.LaunchState = true, "UNKNOWN (0)"
			r.launch = nil
		}
		a.reconcile()
	})
}

// settleHidden stops what is paused and hidden, and destroys what finishes.
func (a *Activities) settleHidden(r *ActivityRecord) {
	switch {
	case r.State == ActivityPaused:
		r.State = ActivityStopping
		r.busy = true
		a.d.After(a.d.Jitter(60*time.Millisecond), func() {
			r.busy = false
			if r.State != ActivityStopping {
				return
			}
			a.callback(r, ActivityStop, 0, func() {
				if r.State == ActivityStopping {
					r.State = ActivityStopped
				}
				a.reconcile()
			})
		})
	case r.Finishing && r.State == ActivityStopped:
		r.State = ActivityFinishing
		a.callback(r, ActivityDestroy, 0, func() {
			r.State = ActivityDestroyed
			if r.Process != nil {
				r.Process.lastAct = a.d.Elapsed()
			}
			a.reconcile()
		})
	case r.Finishing && (r.State == ActivityInitializing || r.Process == nil):
		r.State = ActivityDestroyed
		a.prune()
	}
}

// prune drops destroyed activities and empty tasks.
func (a *Activities) prune() {
	for _, t := range a.Tasks {
		t.Activities = slices.DeleteFunc(t.Activities, func(r *ActivityRecord) bool { return r.State == ActivityDestroyed })
	}
	a.Tasks = slices.DeleteFunc(a.Tasks, func(t *Task) bool { return len(t.Activities) == 0 && !t.Home })
}

// callback runs a lifecycle callback in the activity's process and then done, which
// runs even when the process has gone.
func (a *Activities) callback(r *ActivityRecord, ev ActivityEvent, extra time.Duration, done func()) {
	pr := r.Process
	if pr == nil || pr.Dead {
		a.d.After(0, done)
		return
	}
	r.busy = true
	finish := func() {
		r.busy = false
		done()
	}
	pr.post(a.d, func() error {
		err := a.tell(r, ev)
		if err != nil {
			r.busy = false
			return err
		}
		if extra > 0 {
			a.d.After(extra, finish)
		} else {
			finish()
		}
		return nil
	})
}

var lifecycleVerbs = [...]string{"create", "start", "resume", "pause", "stop", "destroy", "deliver new intent to"} // read-only table

func (a *Activities) tell(r *ActivityRecord, ev ActivityEvent) error {
	a.d.Log.Event("wm_on_"+[...]string{"create", "start", "resume", "paused", "stop", "destroy", "new_intent"}[ev]+"_called", r.Hash, r.Component.Flat(), "perform"+ev.String())
	if h, ok := r.Process.app.(ActivityHandler); ok {
		verb := "Unable to " + lifecycleVerbs[ev] + " activity %s"
		if ev == ActivityCreate {
			verb = "Unable to start activity %s"
		}
		return wrap(h.OnActivity(r.Process.ctx, r, ev), verb, r.Component)
	}
	return nil
}

// resume creates or restarts the activity and resumes it.
func (a *Activities) resume(r *ActivityRecord) {
	user := UserOf(r.UID)
	if user != a.d.user {
		a.d.AsUser(user, func() { a.resume(r) })
		return
	}
	pk := a.d.Packages.Get(r.Package)
	r.busy, r.fresh = true, false
	cold := r.Process == nil || r.Process.Dead
	state := "HOT"
	switch {
	case cold && a.d.Processes.ByName(r.Package) == nil:
		state = "COLD"
	case !r.created:
		state = "WARM"
	}
	if cold {
		r.Process = a.d.Processes.start(pk, "pre-top-activity", "{"+r.Component.Flat()+"}")
		r.created = false
	}
	if r.launch != nil && r.launch.LaunchState == "" {
		r.launch.LaunchState = state
	}
	pr := r.Process
	pr.whenBound(func() {
		steps := a.steps(r)
		pr.post(a.d, func() error {
			for _, ev := range steps {
				if r.Finishing || r.Process != pr {
					break
				}
				if ev == ActivityResume {
					if err := a.newIntents(r); err != nil {
						return err
					}
				}
				if err := a.tell(r, ev); err != nil {
					return err
				}
				r.created = true
			}
			r.busy = false
			if a.Resumed == nil && a.pausing == nil {
				r.State, a.Resumed = ActivityResumed, r
			} else {
				r.State = ActivityPaused
			}
			pr.lastAct = a.d.Elapsed()
			a.reconcile()
			a.drawn(r)
			return nil
		})
	})
}

func (a *Activities) steps(r *ActivityRecord) []ActivityEvent {
	switch {
	case !r.created:
		return []ActivityEvent{ActivityCreate, ActivityStart, ActivityResume}
	case r.State == ActivityStopped:
		return []ActivityEvent{ActivityStart, ActivityResume}
	default:
		return []ActivityEvent{ActivityResume}
	}
}

// newIntents delivers what singleTop launches brought.
func (a *Activities) newIntents(r *ActivityRecord) error {
	for len(r.pendingNew) > 0 {
		r.Intent = r.pendingNew[0]
		r.pendingNew = r.pendingNew[1:]
		if !r.created {
			continue
		}
		if err := a.tell(r, ActivityNewIntent); err != nil {
			return err
		}
	}
	return nil
}

func (a *Activities) deliverNew(r *ActivityRecord) {
	if len(r.pendingNew) == 0 || r.busy {
		a.drawn(r)
		return
	}
	r.busy = true
	r.Process.post(a.d, func() error {
		r.busy = false
		err := a.newIntents(r)
		if err == nil {
			a.drawn(r)
		}
		return err
	})
}

// drawn reports the first frame to whoever waits for the launch.
func (a *Activities) drawn(r *ActivityRecord) {
	res := r.launch
	if res == nil || r != a.Resumed {
		return
	}
	r.launch = nil
	a.d.After(a.d.Jitter(25*time.Millisecond), func() {
		res.Done = true
		res.TotalTime = a.d.Elapsed() - res.Began
		if top := a.FocusedApp(); top != nil {
			res.Reached = top.Component
		}
		if res.LaunchState != "" && res.Code == StartSuccess {
			a.d.Log.System(Info, "ActivityTaskManager", "Displayed %s for user 0: +%dms", r.Component.Short(), res.TotalTime.Milliseconds())
		}
	})
}

// Finish is Activity.finish.
func (r *ActivityRecord) Finish() {
	if r.Finishing {
		return
	}
	r.Finishing = true
	if r.Process != nil {
		_ = r.Process.ctx.told(nil, "Activity.finish", r)
		r.Process.lastAct = r.d.Elapsed()
	}
	r.d.Log.Event("wm_finish_activity", 0, r.Hash, r.Task.ID, r.Component.Short(), "app-request")
	r.d.Activities.reconcile()
}

// SetContent sets the view tree; nil bounds of the root become the display's.
func (r *ActivityRecord) SetContent(v *View) {
	if v != nil && v.Bounds.Empty() {
		v.Bounds = Rect{0, 0, DisplayWidth, DisplayHeight}
	}
	r.Content = v
}

// SetShowWhenLocked is Activity.setShowWhenLocked.
func (r *ActivityRecord) SetShowWhenLocked(on bool) {
	r.ShowWhenLocked = on
	r.d.Activities.reconcile()
}

// SetTurnScreenOn is Activity.setTurnScreenOn.
func (r *ActivityRecord) SetTurnScreenOn(on bool) {
	r.TurnScreenOn = on
	r.d.Activities.reconcile()
}

// SetKeepScreenOn is the window flag FLAG_KEEP_SCREEN_ON.
func (r *ActivityRecord) SetKeepScreenOn(on bool) {
	r.KeepScreenOn = on
	r.d.Power.UserActivity()
}

// previous is the activity that was in front before the one that is now.
func (a *Activities) previous() *ActivityRecord {
	seen := false
	for _, t := range slices.Backward(a.Tasks) {
		r := t.Top()
		if r == nil {
			continue
		}
		if seen && !t.Home {
			return r
		}
		seen = true
	}
	return nil
}

// procDied takes the activities of a dead process: what was in front of a crash
// goes, the rest stays in its task without a process and is created again later.
func (a *Activities) procDied(pr *Process, crashed bool) {
	for _, t := range a.Tasks {
		for _, r := range t.Activities {
			if r.Process != pr {
				continue
			}
			if crashed && (r == t.Top() || r.busy) {
				r.State = ActivityDestroyed
			}
			r.lost()
			if a.Resumed == r {
				a.Resumed = nil
			}
			if a.pausing == r {
				a.pausing = nil
			}
		}
	}
	a.reconcile()
}

// lost forgets what lived in the process.
func (r *ActivityRecord) lost() {
	r.Process, r.created, r.busy, r.Visible, r.Content = nil, false, false, false, nil
	if r.State != ActivityDestroyed {
		r.State = ActivityInitializing
	}
	if r.launch != nil {
		r.launch.Done = true
		r.launch = nil
	}
}

// finishPackage marks the activities of a package whose process is about to be
// ended, so that none of them is started again (finishDisabledPackageActivities).
func (a *Activities) finishPackage(pkg string) {
	for _, t := range a.Tasks {
		for _, r := range t.Activities {
			r.Finishing = r.Finishing || r.Package == pkg && UserOf(r.UID) == a.d.user
		}
	}
}

// removePackage takes every activity of a package away.
func (a *Activities) removePackage(pkg string) {
	for _, t := range a.Tasks {
		for _, r := range t.Activities {
			if r.Package == pkg && UserOf(r.UID) == a.d.user {
				r.State, r.Finishing = ActivityDestroyed, true
				r.lost()
				if a.Resumed == r {
					a.Resumed = nil
				}
				if a.pausing == r {
					a.pausing = nil
				}
			}
		}
	}
	a.reconcile()
}
