package shell

import (
	"strings"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// radios are the verbs of "cmd phone" (TelephonyShellCommand) and "cmd location"
// (LocationShellCommand) that switch something on and off.
func radios(c *call) int {
	service := c.Args[len(c.Args)-len(c.rest)-1]
	line := strings.Join(c.rest, " ")
	put := func(ns, key, value string) int {
		c.do(func(d *android.Device) { d.Settings.Put(ns, key, value) })
		return 0
	}
	switch {
	case line == "":
		c.Printf("%s commands:\n  help\n    Print this help text.\n", service)
		return 0
	case service == "phone" && line == "data enable":
		return put(android.Global, "mobile_data", "1")
	case service == "phone" && line == "data disable":
		return put(android.Global, "mobile_data", "0")
	case service == "location" && strings.HasPrefix(line, "set-location-enabled "):
		mode := "0"
		if strings.HasSuffix(line, " true") {
			mode = "3"
		}
		return put(android.Secure, "location_mode", mode)
	case service == "location" && strings.HasPrefix(line, "is-location-enabled"):
		return c.print(func(d *android.Device) string {
			if mode, _ := d.Settings.Get(android.Secure, "location_mode"); mode == "0" {
				return "false\n"
			}
			return "true\n"
		})
	}
	c.errln("Unknown command: %s", c.rest[0])
	return 255
}
