package render

import (
	"fmt"
	"strings"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// ActivityTop is `dumpsys activity top`: the topmost activity of every task, the
// front one last (ActivityTaskManagerService.dumpActivity and the first lines of
// Activity.dumpInner, Android 14).
func ActivityTop(d *android.Device) string {
	var b strings.Builder
	for _, t := range d.Activities.Tasks {
		a := t.Top()
		if a == nil {
			continue
		}
		affinity := t.Affinity
		if affinity != "" && d.API >= 30 && !strings.Contains(affinity, ":") {
			affinity = fmt.Sprintf("%d:%s", a.UID, affinity)
		}
		fmt.Fprintf(&b, "TASK %s id=%d userId=%d\n", affinity, t.ID, t.User)
		if a.Process == nil {
			fmt.Fprintf(&b, "  ACTIVITY %s %s pid=(not running)\n", a.Component.Short(), a.Hash)
			continue
		}
		resumed := a == d.Activities.Resumed
		fmt.Fprintf(&b, "  ACTIVITY %s %s pid=%d\n    Local Activity %s State:\n      mResumed=%t mStopped=%t mFinished=%t\n      mIsInMultiWindowMode=false mIsInPictureInPictureMode=false\n      mChangingConfigurations=false\n",
			a.Component.Short(), a.Hash, a.Process.PID, hash(d, "local"+a.Hash), resumed, !a.Visible, a.Finishing)
	}
	return b.String()
}
