package apps

import "github.com/ringproof/ringproof/devices/virtual/android"

// NewFailing makes the reference app with a back end that fails at a step, "accept"
// or "join".
func NewFailing(step string) func() android.App {
	return func() android.App {
		a := newApp(nil)
		a.failing = step
		return a
	}
}
