package virtual_test

import (
	"bufio"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/devices/virtual/android"
)

// gsmPhone is a phone with a console, and what the console says to a line.
func gsmPhone(t *testing.T) (*virtual.Phone, func(line string) string) {
	t.Helper()
	p, err := virtual.New(virtual.Options{Serial: "gsm", Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	addr, err := p.ListenConsole(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = conn.Close()
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	in := bufio.NewScanner(conn)
	read := func() string {
		var lines []string
		for in.Scan() {
			l := strings.TrimRight(in.Text(), "\r")
			lines = append(lines, l)
			if l == "OK" || strings.HasPrefix(l, "KO") {
				break
			}
		}
		return strings.Join(lines, "|")
	}
	read()
	return p, func(line string) string {
		if _, err := conn.Write([]byte(line + "\r\n")); err != nil {
			t.Fatal(err)
		}
		return read()
	}
}

// A call over the console rings as a managed call of the SIM, is answered with the
// call key, and ends when the other side hangs up.
func TestConsoleCalls(t *testing.T) {
	p, console := gsmPhone(t)
	states := func(want ...string) {
		t.Helper()
		p.System().Do(func(d *android.Device) {
			var got []string
			for _, c := range d.Telecom.Calls {
				got = append(got, c.State.String()+" "+c.Handle+" "+d.Audio.Mode)
			}
			if strings.Join(got, ", ") != strings.Join(want, ", ") {
				t.Errorf("calls %q, want %q", got, want)
			}
		})
	}
	for _, say := range [][2]string{
		{"gsm list", "OK"},
		{"gsm call", "KO: missing argument, try 'gsm call <phonenumber>'"},
		{"gsm call alice", "KO: bad phone number format, use digits, # and + only"},
		{"gsm cancel 5551234", "KO: no current call to/from number '5551234'"},
		{"gsm call 5551234", "OK"},
		{"gsm list", "inbound from 5551234    : incoming|OK"},
	} {
		if got := console(say[0]); got != say[1] {
			t.Errorf("%s: %q, want %q", say[0], got, say[1])
		}
	}
	p.System().Step(3 * time.Second)
	states("RINGING tel:5551234 MODE_RINGTONE")
	p.System().Do(func(d *android.Device) {
		if n := d.Notifications.Posted(); len(n) != 1 || n[0].Package != "com.android.dialer" {
			t.Errorf("the dialer does not show the call: %v", n)
		}
		d.Input.Key(android.KeyCall, false)
	})
	p.System().Step(2 * time.Second)
	states("ACTIVE tel:5551234 MODE_IN_CALL")
	if got := console("gsm list"); got != "inbound from 5551234    : active|OK" {
		t.Errorf("gsm list: %q", got)
	}
	console("gsm call 5556789")
	p.System().Step(2 * time.Second)
	states("ACTIVE tel:5551234 MODE_IN_CALL", "RINGING tel:5556789 MODE_IN_CALL")
	if got := console("gsm cancel 5556789"); got != "OK" {
		t.Errorf("gsm cancel: %q", got)
	}
	if got := console("gsm cancel 5551234"); got != "OK" {
		t.Errorf("gsm cancel: %q", got)
	}
	p.System().Step(2 * time.Second)
	states()
	p.System().Do(func(d *android.Device) {
		if d.Audio.Mode != "MODE_NORMAL" || len(d.Notifications.Posted()) != 0 {
			t.Errorf("after the calls: %s, %d notifications", d.Audio.Mode, len(d.Notifications.Posted()))
		}
		causes := ""
		for _, c := range d.Telecom.History {
			causes += c.Cause.Code.String() + " "
		}
		if causes != "REMOTE MISSED " {
			t.Errorf("causes %s", causes)
		}
	})
}
