package shell

import (
	"errors"
	"strings"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// bluetooth is BluetoothShellCommand; before it `cmd bluetooth_manager` says that
// the service takes no commands, and svc has a program of its own. It answers when
// the change is asked for; the adapter takes its time.
func bluetooth(c *call) int {
	if !c.release().BluetoothCommand {
		c.errln("cmd: Failure calling service bluetooth_manager: Failed transaction (2147483646)")
		return 20
	}
	verb := c.arg()
	name, arg, waits := strings.Cut(verb, ":")
	exec := "Exec "
	if c.release().API == 33 {
		exec = "Exec" // 13 forgot the blank
	}
	say := func() { c.Printf("BluetoothShellCommand: %s%s\n", exec, verb) }
	switch name {
	case "enable", "disable":
		say()
		switchBluetooth(c, name == "enable")
	case "wait-for-state":
		if !waits {
			c.errln("wait-for-state: Invalid state format: %s", verb)
			return 255
		}
		want, ok := map[string]android.BluetoothState{"STATE_ON": android.BluetoothOn, "STATE_OFF": android.BluetoothOff}[arg]
		if !ok {
			c.errln("wait-for-state: Invalid state value: %s. From: %s", arg, verb)
			return 255
		}
		say()
		err := c.s.sys.Await(c.ctx, 10*time.Second, func(d *android.Device) bool { return d.Bluetooth.State == want })
		if errors.Is(err, android.ErrTimeout) {
			c.errln("BluetoothShellCommand: wait-for-state: Failed with status=-1")
			return 255
		}
		if err != nil {
			return 129
		}
	default:
		c.Printf("Unknown command: %s\n", verb)
		return 255
	}
	c.Printf("%s: Success\n", name)
	return 0
}

// svcBluetooth is `svc bluetooth enable|disable`: a program that prints nothing up
// to 12, the service's own command since 13.
func svcBluetooth(c *call, verb string) int {
	if c.release().BluetoothCommand {
		c.rest = []string{verb}
		return bluetooth(c)
	}
	switchBluetooth(c, verb == "enable")
	return 0
}

func switchBluetooth(c *call, on bool) {
	c.do(func(d *android.Device) {
		if on {
			d.Bluetooth.Enable("com.android.shell")
		} else {
			d.Bluetooth.Disable("com.android.shell")
		}
	})
}

// release is the phone's row of data.
func (c *call) release() (r android.Release) {
	c.do(func(d *android.Device) { r = d.Release })
	return r
}
