package adbd

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// Whatever a host sends, its connection ends when it hangs up, and everything
// that was started for it.
func FuzzTransport(f *testing.F) {
	hello := string(raw("CNXN", 0x01000001, 1<<20, hostHello))
	for _, more := range []string{
		"", "OPENgarbage",
		string(raw("OPEN", 1, 0, "exec:echo hi\x00")) + string(raw("OKAY", 1, 1, "")),
		string(raw("OPEN", 1, 0, "shell,v2,raw:cat\x00")) + string(raw("WRTE", 1, 1, packet(0, "x")+packet(4, ""))),
		string(raw("OPEN", 1, 0, "sync:\x00")) + string(raw("WRTE", 1, 1, "STAT\x01\x00\x00\x00/")) + string(raw("CLSE", 1, 1, "")),
		string(raw("OPEN", 1, 0, "reverse:forward:tcp:0;tcp:1\x00")) + string(raw("OPEN", 2, 0, "tcp:32768\x00")),
		string(raw("AUTH", 3, 0, "key")) + string(raw("CNXN", 0, 0, "")) + string(raw("SYNC", 1, 1, "")),
		string(raw("OPEN", 0, 0, "")) + string(raw("WRTE", 0, 0, "x")) + string(raw("CLSE", 0, 0, "")),
	} {
		f.Add([]byte(hello+more), false, false)
		f.Add([]byte(strings.Replace(hello, hostHello, delayedHello+"aaaaaa", 1)+more), true, true)
	}
	f.Add([]byte{0, 1, 2}, true, false)
	f.Fuzz(func(t *testing.T, b []byte, legacy, ask bool) {
		d, _, _ := tinyPhone()
		faults := Faults{Legacy: legacy}
		if ask {
			faults.Auth = AuthAsk
		}
		host, phone := net.Pipe()
		served := make(chan error, 1)
		go func() { served <- Serve(context.Background(), phone, d, Options{Faults: faults}) }()
		go func() { _, _ = io.Copy(io.Discard, host) }()
		_, _ = host.Write(b)
		_ = host.Close()
		select {
		case <-served:
		case <-time.After(time.Minute):
			t.Fatal("the connection does not end")
		}
	})
}

// A thousand connections of all bad kinds leave no goroutine and no file.
func TestBadHostsLeaveNothing(t *testing.T) {
	running := goleak.IgnoreCurrent()
	files := openFiles(t)
	d, _, _ := tinyPhone()
	srv, err := Listen(context.Background(), "127.0.0.1:0", d, Options{})
	if err != nil {
		t.Fatal(err)
	}
	hello := raw("CNXN", 0x01000001, 1<<20, hostHello)
	long := binary.LittleEndian.AppendUint32(nil, 0xffffffff)
	for i, bad := range [][]byte{
		nil, []byte("GET / HTTP/1.1\r\n\r\n"), hello[:10], append(hello[:12:12], long...), hello,
		append(hello, raw("OPEN", 1, 0, "exec:block")...), append(hello, raw("OPEN", 1, 0, "sync:")...),
		append(hello, append(raw("OPEN", 1, 0, "shell,v2,pty:"), raw("WRTE", 1, 1, packet(0, "block\r"))...)...),
		append(hello, append(raw("OPEN", 1, 0, "reverse:forward:tcp:99;tcp:1"), raw("OPEN", 2, 0, "tcp:99")...)...),
		raw("OPEN", 1, 0, "exec:block"), raw("WRTE", 1, 1, strings.Repeat("x", 5000)),
	} {
		for range 100 {
			conn, err := net.Dial("tcp", srv.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := conn.Write(bad); err != nil && i != 10 && i != 3 && i != 1 {
				t.Errorf("kind %d: %v", i, err)
			}
			_ = conn.Close()
		}
	}
	// The phone is as good as before.
	conn, err := net.Dial("tcp", srv.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	p := &peer{t: t, conn: conn}
	p.hello()
	p.send("OPEN", 7, 0, "exec:echo fine")
	p.want("OKAY 1 7", "")
	p.want("WRTE 1 7", "fine\n")
	_ = conn.Close()
	if err := srv.Close(); err != nil {
		t.Error(err)
	}
	if err := goleak.Find(running); err != nil {
		t.Error(err)
	}
	runtime.GC()
	if after := openFiles(t); after > files {
		t.Errorf("%d open files before, %d after", files, after)
	}
}

// tinyMachine is a phone around a daemon that remembers what it was told.
type tinyMachine struct {
	debuggable bool
	told       chan string
	pids       chan []int
	now        []int
}

func (m *tinyMachine) Debuggable() bool { return m.debuggable }
func (m *tinyMachine) Restart(root bool) {
	m.told <- map[bool]string{true: "restart as root", false: "restart as shell"}[root]
}
func (m *tinyMachine) Reboot(mode string) { m.told <- "reboot " + mode }
func (m *tinyMachine) Debuggees() []int {
	select {
	case m.now = <-m.pids:
	default:
	}
	return m.now
}

// Texts are those of daemon/restart_service.cpp.
func TestMachineServices(t *testing.T) {
	for _, c := range []struct {
		service          string
		root, production bool
		says, does       string
	}{
		{"root:", false, false, "restarting adbd as root\n", "restart as root"},
		{"root:", true, false, "adbd is already running as root\n", ""},
		{"root:", false, true, "adbd cannot run as root in production builds\n", ""},
		{"unroot:", true, false, "restarting adbd as non root\n", "restart as shell"},
		{"unroot:", false, false, "adbd not running as root\n", ""},
		{"tcpip:5555", false, false, "restarting in TCP mode port: 5555\n", "restart as shell"},
		{"tcpip:5555", true, false, "restarting in TCP mode port: 5555\n", "restart as root"},
		{"tcpip:-1", false, false, "invalid port -1\n", ""},
		{"usb:", false, false, "restarting in USB mode\n", "restart as shell"},
		{"reboot:", false, false, "", "reboot "},
		{"reboot:recovery", false, false, "", "reboot recovery"},
		{"jdwp", false, false, "12\n345\n", ""},
		{"remount:", false, false, "/system/bin/sh: remount: inaccessible or not found\n", ""},
		{"enable-verity:", false, false, "/system/bin/sh: enable-verity: inaccessible or not found\n", ""},
	} {
		m := &tinyMachine{debuggable: !c.production, told: make(chan string, 1), now: []int{12, 345}}
		d, _, _ := tinyPhone(WithMachine(m))
		if c.root {
			d.SetUser(0)
		}
		host, done := open(t, d, c.service)
		if got, err := io.ReadAll(host); string(got) != c.says || err != nil {
			t.Errorf("%s said %q, %v; want %q", c.service, got, err, c.says)
		}
		if err := <-done; err != nil {
			t.Errorf("%s: %v", c.service, err)
		}
		did := ""
		select {
		case did = <-m.told:
		default:
		}
		if did != c.does {
			t.Errorf("%s did %q, want %q", c.service, did, c.does)
		}
	}
	d, _, _ := tinyPhone(WithMachine(&tinyMachine{}))
	for _, service := range []string{"tcpip:", "tcpip:x", "jdwp:12", "reconnect", "dev:/dev/null"} {
		if _, err := d.Open(service); err == nil {
			t.Errorf("%s was not refused", service)
		}
	}
}

func TestTrackJDWP(t *testing.T) {
	m := &tinyMachine{now: []int{12}, pids: make(chan []int)}
	d, _, _ := tinyPhone(WithMachine(m))
	host, _ := open(t, d, "track-jdwp")
	want := func(text string) {
		t.Helper()
		b := make([]byte, len(text))
		if _, err := io.ReadFull(host, b); err != nil || string(b) != text {
			t.Errorf("got %q, %v; want %q", b, err, text)
		}
	}
	want("000312\n")
	m.pids <- []int{12, 77}
	want("000612\n77\n")
	m.pids <- nil
	want("0000")
}
