package android

import (
	"testing"
	"time"
)

// No link to a headset outlives a restart; one that is near comes back to a phone
// whose Bluetooth was on, and not to one where it was off.
func TestHeadsetAfterReboot(t *testing.T) {
	for _, on := range []bool{true, false} {
		ph, h := headset(t)
		ph.Do(func(d *Device) {
			if !on {
				d.Bluetooth.Disable("com.android.shell")
			}
		})
		ph.Step(10 * time.Second)
		ph.Do(func(d *Device) {
			d.Reboot()
			if d.Bluetooth.Active() != nil || h.HFP != HFPDisconnected || h.A2DP || d.Bluetooth.State != BluetoothOff {
				t.Errorf("just restarted: %s, active %v, adapter %v", h.HFP, d.Bluetooth.Active(), d.Bluetooth.State)
			}
		})
		ph.Step(time.Minute)
		ph.Do(func(d *Device) {
			if back := d.Bluetooth.Active() == h; back != on || h.Connected() != on {
				t.Errorf("a minute later, Bluetooth on %t: %s, active %t", on, h.HFP, back)
			}
		})
	}
}
