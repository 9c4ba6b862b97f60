package state

import (
	"context"

	"github.com/ringproof/ringproof/harness/expect"
)

// Commands that switch the adapter. `svc` is there on every release: a program of
// its own up to 12, the service's command since.
const (
	BluetoothEnable  = "svc bluetooth enable"
	BluetoothDisable = "svc bluetooth disable"
)

// BluetoothOff: the user switched Bluetooth off.
func BluetoothOff() State {
	return State{
		Name: "bluetooth-off", Order: 7,
		Enter: func(ctx context.Context, t Target) error {
			out, err := t.Do(ctx, "read bluetooth_on", "settings get global bluetooth_on")
			if err != nil || out == "0\n" {
				return err
			}
			return t.Change(ctx, "switch Bluetooth off", BluetoothDisable, BluetoothEnable)
		},
		Verify: expect.Adapter(false),
	}
}
