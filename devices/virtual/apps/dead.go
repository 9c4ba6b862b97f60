package apps

import "github.com/ringproof/ringproof/devices/virtual/android"

// dead is an app that starts, shows its screen and does nothing else. Its
// receivers return at once, so that nobody accepts a push.
type dead struct{}

func (dead) OnCreate(*android.Context) error { return nil }

func (dead) OnActivity(c *android.Context, a *android.ActivityRecord, event android.ActivityEvent) error {
	if event == android.ActivityCreate {
		a.SetContent(screen(text("Ringproof Sample", "")))
	}
	return nil
}

func (dead) OnReceive(*android.Context, android.Component, *android.Intent, *android.PendingResult) error {
	return nil
}
