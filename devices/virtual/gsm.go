package virtual

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/ringproof/ringproof/devices/virtual/adbd"
	"github.com/ringproof/ringproof/devices/virtual/android"
)

// ListenConsole opens an emulator's console for the phone, which then has a line,
// on a free loopback port until it is switched off.
func (p *Phone) ListenConsole(ctx context.Context) (string, error) {
	c, err := listenConsole(ctx, p, 0)
	if err != nil {
		return "", err
	}
	if err := p.adb.add(func(adbd.Faults, *adbd.Keys) (front, error) { return c, nil }); err != nil {
		_ = c.close()
		return "", err
	}
	return c.addr(), nil
}

// gsmNumber is what the emulator takes for a number.
var gsmNumber = regexp.MustCompile(`^[0-9+#]{1,40}$`)

const gsmHelp = "allows you to change GSM-related settings, or to make a new inbound phone call\r\n\r\navailable sub-commands:\r\n" +
	"    gsm list             list current phone calls\r\n    gsm call             create inbound phone call\r\n" +
	"    gsm busy             close waiting outbound call as busy\r\n    gsm hold             change the state of an oubtound call to 'held'\r\n" +
	"    gsm accept           change the state of an outbound call to 'active'\r\n    gsm cancel           disconnect an inbound or outbound phone call\r\n" +
	"    gsm status           display GSM status\r\n\r\n"

// gsm is the console's command for the modem (external/qemu, android/console.c). The
// misspelling in its help is its own.
func (c *console) gsm(args []string) string {
	if len(args) == 0 {
		return gsmHelp + "KO: missing sub-command\r\n"
	}
	switch args[0] {
	case "list":
		return c.modem(func(m *android.Modem) string {
			var b strings.Builder
			for _, call := range m.Calls {
				dir := "outbound to "
				if call.Inbound {
					dir = "inbound from"
				}
				fmt.Fprintf(&b, "%s %-10s : %s\r\n", dir, call.Number, call.State)
			}
			return b.String() + "OK\r\n"
		})
	case "status":
		return "gsm voice state: home\r\ngsm data state:  home\r\nOK\r\n"
	case "call", "busy", "hold", "accept", "cancel":
	default:
		return gsmHelp + "KO:  bad sub-command\r\n"
	}
	if len(args) < 2 {
		return "KO: missing argument, try 'gsm " + args[0] + " <phonenumber>'\r\n"
	}
	number := args[1]
	if !gsmNumber.MatchString(number) {
		return "KO: bad phone number format, use digits, # and + only\r\n"
	}
	return c.modem(func(m *android.Modem) string {
		call := m.Find(number)
		switch {
		case args[0] == "call":
			// The modem of the emulator has one call with a number at most.
			if call == nil {
				m.Ring(number)
			}
			return "OK\r\n"
		case call == nil:
			return "KO: no current call to/from number '" + number + "'\r\n"
		case args[0] == "busy" && (call.Inbound || call.State != android.ModemDialing && call.State != android.ModemAlerting):
			return "KO: no current outbound call to number '" + number + "' (call 'gsm list' for the list)\r\n"
		}
		switch args[0] {
		case "accept":
			m.Answered(call)
		case "hold":
			m.Hold(call)
		default:
			m.HungUp(call, args[0] == "busy")
		}
		return "OK\r\n"
	})
}

func (c *console) modem(fn func(m *android.Modem) string) (said string) {
	c.p.sys.Do(func(d *android.Device) { said = fn(d.Modem) })
	return said
}
