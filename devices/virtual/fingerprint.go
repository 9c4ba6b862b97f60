package virtual

import (
	"fmt"
	"strings"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// fingerprint writes down what outlives a command.
func fingerprint(d *android.Device) string {
	var b strings.Builder
	for _, ns := range []string{"global", "secure", "system"} {
		for _, key := range d.Settings.Keys(ns) {
			if key == "boot_count" {
				continue // what was booted stays booted
			}
			value, _ := d.Settings.Get(ns, key)
			fmt.Fprintf(&b, "setting %s %s=%s\n", ns, key, value)
		}
	}
	for _, u := range d.Users.List {
		fmt.Fprintf(&b, "user %d %s %x %s\n", u.ID, u.Name, u.Flags, u.State)
	}
	fmt.Fprintf(&b, "ringer %s, ring volume %d\n", d.Audio.Ringer, d.Audio.Volumes["STREAM_RING"])
	for _, p := range d.Packages.All() {
		fmt.Fprintf(&b, "package %s stopped=%t", p.Name, p.Stopped)
		for _, perm := range p.Runtime {
			fmt.Fprintf(&b, " %s=%t", perm.Name, perm.Granted)
		}
		op, _ := d.AppOps.Get(p.Name, "USE_FULL_SCREEN_INTENT")
		fmt.Fprintf(&b, " full-screen intent %s", op)
		op, _ = d.AppOps.Get(p.Name, "RUN_ANY_IN_BACKGROUND")
		fmt.Fprintf(&b, " background %s, bucket %d", op, max(p.Bucket, 10))
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "data saver %t, status bar without %#x\n", d.DataSaver, d.StatusBar.Disabled)
	fmt.Fprintf(&b, "doze forced %t, USB %t, battery by hand %t\n", d.DeviceIdle.Forced, d.Battery.USB, d.Battery.UpdatesStopped)
	fmt.Fprintf(&b, "credential %v, wakefulness %v, keyguard showing %t\n", d.Keyguard.Credential, d.Power.Wakefulness, d.Keyguard.Showing)
	return b.String()
}
