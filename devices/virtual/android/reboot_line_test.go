package android

import (
	"testing"
	"time"
)

// A phone that was restarted still has its line: the telephony process is a new
// one, and takes the calls of the same SIM.
func TestLineAfterReboot(t *testing.T) {
	ph := boot(t)
	ph.Do(func(d *Device) {
		d.Modem.InsertSIM()
		d.Reboot()
	})
	ph.Step(time.Minute)
	ph.Do(func(d *Device) { d.Modem.Ring("+15550100") })
	if !ph.StepUntil(time.Minute, func(d *Device) bool { return len(d.Telecom.Calls) == 1 && d.Telecom.Calls[0].State == CallRinging }) {
		t.Error("a call to the SIM of a restarted phone does not ring")
	}
}
