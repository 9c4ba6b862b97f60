package android

// ConfigurationChanged is what a change of the configuration, such as dark
// mode, does to what is in front: without android:configChanges in its
// manifest an activity is destroyed and made anew
// (ActivityRecord.ensureActivityConfiguration). Activities behind it would be
// when they come to the front; that is not simulated.
func (a *Activities) ConfigurationChanged() {
	r := a.Resumed
	if r == nil || r.Task.Home || r.busy || r.Process == nil || r.Process.Dead {
		return
	}
	a.Resumed, a.pausing = nil, r
	r.State = ActivityPausing
	a.d.Log.Event("wm_relaunch_resume_activity", 0, r.Hash, r.Task.ID, r.Component.Short())
	a.callback(r, ActivityPause, 0, func() {
		a.callback(r, ActivityStop, 0, func() {
			a.callback(r, ActivityDestroy, 0, func() {
				if a.pausing == r {
					a.pausing = nil
				}
				r.created, r.Content = false, nil
				if r.State = ActivityInitializing; r.Finishing {
					r.State = ActivityDestroyed
				}
				a.reconcile()
			})
		})
	})
}
