package adbhost

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/devices/virtual/adbd"
	"github.com/ringproof/ringproof/devices/virtual/fs"
)

// tinyShell runs "echo X", "exit N", "cat" and "block".
type tinyShell struct{ blocked, freed chan struct{} }

func (s tinyShell) Run(ctx context.Context, c adbd.Command) int {
	status := 0
	for part := range strings.SplitSeq(c.Line, ";") {
		word, rest, _ := strings.Cut(strings.TrimSpace(part), " ")
		switch word {
		case "echo":
			fmt.Fprintln(c.Stdout, rest)
		case "cat":
			_, _ = io.Copy(c.Stdout, c.Stdin)
		case "block":
			s.blocked <- struct{}{}
			<-ctx.Done()
			s.freed <- struct{}{}
		case "exit":
			_, _ = fmt.Sscan(rest, &status)
		default:
			fmt.Fprintf(c.Stderr, "%s: inaccessible or not found\n", word)
			status = 127
		}
	}
	return status
}

func tinyPhone(model string) (*adbd.Daemon, tinyShell) {
	sh := tinyShell{make(chan struct{}, 100), make(chan struct{}, 100)}
	now := func() time.Time { return time.Unix(1_700_000_000, 0) }
	b := adbd.Banner{State: "device", Product: "vphone", Model: model, Device: "vp1"}
	return adbd.NewDaemon(b, sh, fs.NewAndroid(now)), sh
}

// newHost has a phone for each serial, model "Virtual Phone".
func newHost(t *testing.T, serials ...string) (*Host, map[string]tinyShell) {
	t.Helper()
	h := New()
	t.Cleanup(func() { _ = h.Close() })
	shells := map[string]tinyShell{}
	for _, serial := range serials {
		d, sh := tinyPhone("Virtual Phone")
		if err := h.Add(serial, d); err != nil {
			t.Fatal(err)
		}
		shells[serial] = sh
	}
	if err := h.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	return h, shells
}

func dial(t *testing.T, addr string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	return c
}

func ask(t *testing.T, c net.Conn, service string) {
	t.Helper()
	if _, err := fmt.Fprintf(c, "%04x%s", len(service), service); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, c net.Conn, n int) string {
	t.Helper()
	b := make([]byte, n)
	if got, err := io.ReadFull(c, b); err != nil {
		t.Fatalf("got %q, %v", b[:got], err)
	}
	return string(b)
}

// whole sends one request and returns all of the answer.
func whole(t *testing.T, addr, service string) string {
	t.Helper()
	c := dial(t, addr)
	ask(t, c, service)
	b, err := io.ReadAll(c)
	if err != nil {
		t.Fatalf("%s: got %q, %v", service, b, err)
	}
	return string(b)
}

// Answers are typed from what adb 29.0.6 answered to the same requests.
func TestAnswers(t *testing.T) {
	const a, b = "127.0.0.1:5001", "127.0.0.1:5002"
	for _, c := range []struct{ states, request, want string }{
		{"", "host:version", "OKAY00040029"},
		{"", "host:bogus", "FAIL0014unknown host service"},
		{"", "bogus:", "FAIL001ddevice offline (no transport)"},
		{"", "shell:id", "FAIL001ddevice offline (no transport)"},
		{"", "host:devices", "OKAY0000"},
		{"", "host:devices-l", "OKAY0000"},
		{"", "host:transport-any", "FAIL001ano devices/emulators found"},
		{"", "host:transport:xx", "FAIL0015device 'xx' not found"},
		{"", "host:transport-id:9", "FAIL001fno device with transport id '9'"},
		{"", "host:transport-id:abc", "FAIL0014invalid transport id"},
		{"", "host:tport:any", "FAIL001ano devices/emulators found"},
		{"", "host:tport:serial:zz", "FAIL0015device 'zz' not found"},
		{"", "host:tport:usb", "FAIL0010no devices found"},
		{"", "host:transport-usb", "FAIL0010no devices found"},
		{"", "host:transport-local", "FAIL0012no emulators found"},
		{"", "host-serial:zz:get-state", "FAIL0015device 'zz' not found"},
		{"", "host:get-serialno", "FAIL001ano devices/emulators found"},
		{"", "host-serial:zz:features", "FAIL0015device 'zz' not found"},
		{"", "host-transport-id:9:get-state", "FAIL001fno device with transport id '9'"},
		{"", "host-serial:zz:bogus", "FAIL0014unknown host service"},
		{"", "host:disconnect:", "OKAY0017disconnected everything"},
		{"", "host:disconnect:127.0.0.1:9", "FAIL001cno such device '127.0.0.1:9'"},
		{"", "host:disconnect:xx", "FAIL0018no such device 'xx:5555'"},
		{"", "host:connect:127.0.0.1:9", "OKAY0036failed to connect to '127.0.0.1:9': Connection refused"},
		{"", "host:connect:foo:99999", "OKAY0026bad port number '99999' in 'foo:99999'"},
		{"", "host:connect:", "OKAY000dempty address"},
		{"", "host:list-forward", "OKAY0000"},
		{"", "host-serial:zz:list-forward", "OKAY0000"},
		{"", "host:killforward-all", "OKAYOKAY"},
		{"", "host:wait-for-any-disconnect", "OKAYOKAY"},
		{"", "host:wait-for-any-bogus", "FAIL0014unknown host service"},
		{"", "host:reconnect-offline", "OKAY0000"},
		{"", "host-serial:zz:reconnect", "OKAY0015device 'zz' not found"},
		{"", "host:host-features", "OKAY0072push_sync,remount_shell,abb_exec,abb,apex,fixed_push_mkdir,ls_v2,stat_v2," +
			"fixed_push_symlink_timestamp,cmd,shell_v2"},
		{"device", "host:devices", "OKAY0016127.0.0.1:5001\tdevice\n"},
		{"device", "host:devices-l", "OKAY005b127.0.0.1:5001         device product:vphone model:Virtual_Phone device:vp1 transport_id:1\n"},
		{"device", "host-serial:127.0.0.1:5001:get-state", "OKAY0006device"},
		{"device", "host:get-state", "OKAY0006device"},
		{"device", "host-serial:127.0.0.1:5001:get-serialno", "OKAY000e127.0.0.1:5001"},
		{"device", "host-transport-id:1:get-serialno", "OKAY000e127.0.0.1:5001"},
		{"device", "host-local:get-serialno", "OKAY000e127.0.0.1:5001"},
		{"device", "host-usb:get-serialno", "FAIL0010no devices found"},
		{"device", "host:wait-for-any-device", "OKAYOKAY"},
		{"device", "host-serial:127.0.0.1:5001:wait-for-any-device", "OKAYOKAY"},
		{"device", "host:connect:127.0.0.1:5001", "OKAY0023already connected to 127.0.0.1:5001"},
		{"device", "host:disconnect:127.0.0.1:5001", "OKAY001bdisconnected 127.0.0.1:5001"},
		{"recovery", "host:get-state", "OKAY0008recovery"},
		{"offline", "host:devices", "OKAY0017127.0.0.1:5001\toffline\n"},
		{"offline", "host:get-state", "FAIL000edevice offline"},
		{"offline", "host:transport:127.0.0.1:5001", "FAIL000edevice offline"},
		{"offline", "host:features", "FAIL000edevice offline"},
		{"offline", "host:connect:127.0.0.1:5001", "OKAY0023already connected to 127.0.0.1:5001"},
		{"connecting", "host:get-state", "FAIL0017device still connecting"},
		{"authorizing", "host:get-state", "FAIL0018device still authorizing"},
		{"unauthorized", "host:devices-l", "OKAY0033127.0.0.1:5001         unauthorized transport_id:1\n"},
		{"unauthorized", "host:tport:any", "FAIL00a7device unauthorized.\nThis adb server's $ADB_VENDOR_KEYS is not set\n" +
			"Try 'adb kill-server' if that seems wrong.\nOtherwise check for a confirmation dialog on your device."},
		{"device device", "host:get-state", "FAIL001dmore than one device/emulator"},
		{"device device", "host:tport:local", "FAIL0016more than one emulator"},
		{"device device", "host:wait-for-any-device", "OKAYFAIL001dmore than one device/emulator"},
		{"device offline", "host:get-state", "FAIL001dmore than one device/emulator"},
		{"offline device", "host:devices", "OKAY002d127.0.0.1:5001\toffline\n127.0.0.1:5002\tdevice\n"},
	} {
		t.Run(c.states+" "+c.request, func(t *testing.T) {
			states := strings.Fields(c.states)
			h, _ := newHost(t, []string{a, b}[:len(states)]...)
			for i, state := range states {
				if err := h.SetState([]string{a, b}[i], state); err != nil {
					t.Fatal(err)
				}
			}
			if got := whole(t, h.Addr().String(), c.request); got != c.want {
				t.Errorf("answer\n%q, want\n%q", got, c.want)
			}
		})
	}
}

func TestSwitchedSockets(t *testing.T) {
	const serial = "127.0.0.1:5001"
	h, _ := newHost(t, serial, "R58M123")
	addr := h.Addr().String()
	for _, c := range []struct{ request, answer string }{
		{"host:transport:" + serial, "OKAY"},
		{"host:transport-id:1", "OKAY"},
		{"host:transport-local", "OKAY"},
		{"host:transport-usb", "OKAY"},
		{"host:tport:serial:" + serial, "OKAY\x01\x00\x00\x00\x00\x00\x00\x00"},
		{"host:tport:usb", "OKAY\x02\x00\x00\x00\x00\x00\x00\x00"},
	} {
		conn := dial(t, addr)
		ask(t, conn, c.request)
		if got := read(t, conn, len(c.answer)); got != c.answer {
			t.Errorf("%s: %q, want %q", c.request, got, c.answer)
		}
		ask(t, conn, "shell:echo hi")
		if got, err := io.ReadAll(conn); string(got) != "OKAYhi\n" || err != nil {
			t.Errorf("%s, then shell: %q, %v", c.request, got, err)
		}
	}
	conn := dial(t, addr)
	ask(t, conn, "host:transport:"+serial)
	read(t, conn, 4)
	ask(t, conn, "tcp:9")
	if got, _ := io.ReadAll(conn); string(got) != "FAIL0006closed" {
		t.Errorf("a refused service: %q", got)
	}
	// Of length 0: not a word.
	conn = dial(t, addr)
	_, _ = io.WriteString(conn, "0000")
	if got, _ := io.ReadAll(conn); len(got) != 0 {
		t.Errorf("empty request: %q", got)
	}
	// Lost between the switch and the service.
	conn = dial(t, addr)
	ask(t, conn, "host:transport:"+serial)
	read(t, conn, 4)
	if err := h.SetState(serial, "offline"); err != nil {
		t.Fatal(err)
	}
	ask(t, conn, "shell:echo hi")
	if got, _ := io.ReadAll(conn); string(got) != "FAIL0022device offline (transport offline)" {
		t.Errorf("a phone lost after the switch: %q", got)
	}
	usb := "OKAY0068127.0.0.1:5001         offline product:vphone model:Virtual_Phone device:vp1 transport_id:1\n"
	if got := whole(t, addr, "host:devices-l"); !strings.Contains(got, "R58M123                device usb:1-2 product:vphone") {
		t.Errorf("devices-l: %q, want a USB phone and %q", got, usb)
	}
}

func TestTracking(t *testing.T) {
	const a, b = "127.0.0.1:5001", "127.0.0.1:5002"
	h, _ := newHost(t, a)
	short, long := dial(t, h.Addr().String()), dial(t, h.Addr().String())
	ask(t, short, "host:track-devices")
	ask(t, long, "host:track-devices-l")
	wantShort := func(want string) {
		t.Helper()
		if got := read(t, short, len(want)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	wantShort("OKAY0016" + a + "\tdevice\n")
	read(t, long, 4+4+0x5b)
	if err := h.SetState(a, "offline"); err != nil {
		t.Fatal(err)
	}
	wantShort("0017" + a + "\toffline\n")
	if got := read(t, long, 4+0x5c); !strings.HasSuffix(got, "offline product:vphone model:Virtual_Phone device:vp1 transport_id:1\n") {
		t.Errorf("long: %q", got)
	}
	d, _ := tinyPhone("x")
	if err := h.Add(b, d); err != nil {
		t.Fatal(err)
	}
	wantShort("002d" + a + "\toffline\n" + b + "\tdevice\n")
	if err := h.Remove(a); err != nil {
		t.Fatal(err)
	}
	wantShort("0016" + b + "\tdevice\n")
	if err := h.Remove(b); err != nil {
		t.Fatal(err)
	}
	wantShort("0000")
}

func TestWaitFor(t *testing.T) {
	const a = "127.0.0.1:5001"
	h, _ := newHost(t, a)
	for _, c := range []struct{ from, request, to string }{
		{"offline", "host-serial:" + a + ":wait-for-any-device", "device"},
		{"device", "host-serial:" + a + ":wait-for-local-recovery", "recovery"},
		{"device", "host-serial:" + a + ":wait-for-any-disconnect", ""},
	} {
		if err := h.SetState(a, c.from); err != nil {
			t.Fatal(err)
		}
		conn := dial(t, h.Addr().String())
		ask(t, conn, c.request)
		if got := read(t, conn, 4); got != "OKAY" {
			t.Fatalf("%s: %q", c.request, got)
		}
		_ = conn.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
		if n, err := conn.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("%s was answered in state %s: %d, %v", c.request, c.from, n, err)
		}
		_ = conn.SetReadDeadline(time.Now().Add(20 * time.Second))
		if c.to == "" {
			if err := h.Remove(a); err != nil {
				t.Fatal(err)
			}
		} else if err := h.SetState(a, c.to); err != nil {
			t.Fatal(err)
		}
		if got := read(t, conn, 4); got != "OKAY" {
			t.Errorf("%s in state %s: %q", c.request, c.to, got)
		}
	}
}

func TestConnectGivesANewTransport(t *testing.T) {
	const a = "127.0.0.1:5001"
	h, _ := newHost(t, a)
	addr := h.Addr().String()
	whole(t, addr, "host:disconnect:"+a)
	if got := whole(t, addr, "host:devices"); got != "OKAY0000" {
		t.Errorf("devices after disconnect: %q", got)
	}
	if got := whole(t, addr, "host:connect:"+a); got != "OKAY001b"+"connected to "+a {
		t.Errorf("connect: %q", got)
	}
	if got := whole(t, addr, "host-transport-id:2:get-serialno"); got != "OKAY000e"+a {
		t.Errorf("transport 2: %q", got)
	}
	whole(t, addr, "host:disconnect:")
	if err := h.SetState(a, "unauthorized"); err != nil {
		t.Fatal(err)
	}
	if got := whole(t, addr, "host:connect:"+a); got != "OKAY0028failed to authenticate to "+a {
		t.Errorf("connect to an unauthorized phone: %q", got)
	}
}

// Losing a phone ends what runs on it, without an exit packet; so does the
// client's going.
func TestLostPhone(t *testing.T) {
	const a = "127.0.0.1:5001"
	h, shells := newHost(t, a)
	for _, c := range []struct {
		name string
		lose func(conn net.Conn) error
	}{
		{"offline", func(net.Conn) error { return errors.Join(h.SetState(a, "offline"), h.SetState(a, "device")) }},
		{"drop", func(net.Conn) error { return h.Drop(a) }},
		{"reconnect", func(net.Conn) error { whole(t, h.Addr().String(), "host:reconnect"); return nil }},
		{"client", func(conn net.Conn) error { return conn.Close() }},
		{"remove", func(net.Conn) error { return h.Remove(a) }},
	} {
		conn := dial(t, h.Addr().String())
		ask(t, conn, "host:transport:"+a)
		read(t, conn, 4)
		ask(t, conn, "shell,v2,raw:block")
		read(t, conn, 4)
		<-shells[a].blocked
		if err := c.lose(conn); err != nil {
			t.Fatal(err)
		}
		<-shells[a].freed
		if c.name == "client" {
			continue
		}
		if got, _ := io.ReadAll(conn); len(got) != 0 {
			t.Errorf("%s: the client still got %q", c.name, got)
		}
	}
}

func TestForwards(t *testing.T) {
	const a = "127.0.0.1:5001"
	d, _ := tinyPhone("x")
	h := New()
	defer h.Close()
	echo := adbd.WithService("tcp:", func(port string) (adbd.Service, error) {
		return func(_ context.Context, s io.ReadWriter) error {
			b := make([]byte, 2)
			_, _ = io.ReadFull(s, b)
			_, err := io.WriteString(s, port+" got "+string(b))
			return err
		}, nil
	})
	d = adbd.NewDaemon(d.Banner(), tinyShell{}, fs.NewAndroid(time.Now), echo)
	if err := errors.Join(h.Add(a, d), h.Listen("127.0.0.1:0")); err != nil {
		t.Fatal(err)
	}
	addr := h.Addr().String()
	got := whole(t, addr, "host-serial:"+a+":forward:tcp:0;tcp:77")
	var length, port int
	if n, err := fmt.Sscanf(got, "OKAYOKAY%04x%d", &length, &port); n != 2 || err != nil || length != len(got)-12 {
		t.Fatalf("forward: %q", got)
	}
	list := fmt.Sprintf("%s tcp:%d tcp:77\n", a, port)
	if got, want := whole(t, addr, "host:list-forward"), fmt.Sprintf("OKAY%04x%s", len(list), list); got != want {
		t.Errorf("list %q, want %q", got, want)
	}
	conn := dial(t, fmt.Sprintf("127.0.0.1:%d", port))
	_, _ = io.WriteString(conn, "hi")
	if got, err := io.ReadAll(conn); string(got) != "77 got hi" || err != nil {
		t.Errorf("through the forward: %q, %v", got, err)
	}
	if got := whole(t, addr, fmt.Sprintf("host:forward:norebind:tcp:%d;tcp:1", port)); !strings.HasPrefix(got, "FAIL") {
		t.Errorf("norebind: %q", got)
	}
	if got := whole(t, addr, fmt.Sprintf("host:killforward:tcp:%d", port)); got != "OKAYOKAY" {
		t.Errorf("killforward: %q", got)
	}
	if c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
		_ = c.Close()
		t.Error("the forward's port is still open")
	}
}

// Input that nobody reads does not eat the output.
func TestUnreadInput(t *testing.T) {
	const a = "127.0.0.1:5001"
	h, _ := newHost(t, a)
	for range 20 {
		conn := dial(t, h.Addr().String())
		ask(t, conn, "host:transport-any")
		read(t, conn, 4)
		ask(t, conn, "exec:echo hello")
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = conn.Write(make([]byte, 3<<20)) })
		if got, err := io.ReadAll(conn); string(got) != "OKAYhello\n" || err != nil {
			t.Fatalf("got %q, %v", got, err)
		}
		_ = conn.Close()
		wg.Wait()
	}
}

func TestCloseLeavesNothing(t *testing.T) {
	before := openFiles(t)
	h, shells := newHost(t, "127.0.0.1:5001", "usb1")
	for serial, sh := range shells {
		for _, service := range []string{"shell:block", "shell,v2,pty:block", "exec:block"} {
			conn := dial(t, h.Addr().String())
			ask(t, conn, "host:transport:"+serial)
			read(t, conn, 4)
			ask(t, conn, service)
			<-sh.blocked
		}
	}
	for _, request := range []string{"host:track-devices", "host-serial:no:wait-for-any-device", "host-serial:usb1:forward:tcp:0;tcp:1"} {
		conn := dial(t, h.Addr().String())
		ask(t, conn, request)
		read(t, conn, 4)
		defer conn.Close()
	}
	dial(t, h.Addr().String())
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if len(shells["usb1"].freed) != 3 {
		t.Errorf("%d of 3 commands have ended", len(shells["usb1"].freed))
	}
	// What is left are the clients' ten sockets.
	if after := openFiles(t); after > before+10 {
		t.Errorf("%d open files before, %d after", before, after)
	}
	if err := h.Listen("127.0.0.1:0"); err == nil {
		t.Error("a closed server listens again")
	}
}

func openFiles(t *testing.T) int {
	t.Helper()
	// The first socket of a process opens files of the runtime's own, which stay.
	if l, err := net.Listen("tcp", "127.0.0.1:0"); err == nil {
		_ = l.Close()
	}
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skipf("cannot count open files here: %v", err)
	}
	return len(list)
}

func TestMisuse(t *testing.T) {
	h, _ := newHost(t, "a")
	d, _ := tinyPhone("x")
	for what, err := range map[string]error{
		"two phones of one name": h.Add("a", d), "no name": h.Add("", d), "a blank": h.Add("a b", d),
		"state of nobody": h.SetState("z", "device"), "no state": h.SetState("a", ""), "remove nobody": h.Remove("z"),
		"drop nobody": h.Drop("z"), "listen twice": h.Listen("127.0.0.1:0"), "everywhere": New().Listen("0.0.0.0:0"),
	} {
		if err == nil {
			t.Errorf("%s: no error", what)
		}
	}
}

func TestTrace(t *testing.T) {
	var mu sync.Mutex
	var seen []Request
	h := New(WithTrace(func(r Request) { mu.Lock(); defer mu.Unlock(); seen = append(seen, r) }))
	defer h.Close()
	d, _ := tinyPhone("x")
	if err := errors.Join(h.Add("s1", d), h.Listen("127.0.0.1:0")); err != nil {
		t.Fatal(err)
	}
	conn := dial(t, h.Addr().String())
	ask(t, conn, "host:transport:s1")
	read(t, conn, 4)
	ask(t, conn, "shell:echo")
	_, _ = io.ReadAll(conn)
	mu.Lock()
	defer mu.Unlock()
	if diff := cmp.Diff([]Request{{"", "host:transport:s1"}, {"s1", "shell:echo"}}, seen); diff != "" {
		t.Error(diff)
	}
}

func FuzzRequest(f *testing.F) {
	for _, s := range []string{"000chost:version", "0000", "ffffx", "zzzz", "+001a", "0029host-serial:127.0.0.1:5001:wait-for-any-x"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		service, err := readRequest(strings.NewReader(string(b)))
		if err != nil {
			return
		}
		if want := fmt.Sprintf("%04x%s", len(service), service); !strings.EqualFold(string(b[:4]), want[:4]) || string(b[4:len(want)]) != want[4:] {
			t.Fatalf("read %q of %q", service, b)
		}
		// Taking a prefix off loses nothing.
		if _, request, ok := splitTarget(service); ok && !strings.HasSuffix(service, request) {
			t.Fatalf("%q asks for %q", service, request)
		}
	})
}

func TestSplitSerial(t *testing.T) {
	for rest, want := range map[string][2]string{
		"abc:get-state":                {"abc", "get-state"},
		"127.0.0.1:5555:get-state":     {"127.0.0.1:5555", "get-state"},
		"abc:forward:tcp:1;tcp:2":      {"abc", "forward:tcp:1;tcp:2"},
		"h:5555:forward:tcp:0;tcp:2":   {"h:5555", "forward:tcp:0;tcp:2"},
		"usb:1-2:get-state":            {"usb:1-2", "get-state"},
		"emulator-5554:wait-for-any-x": {"emulator-5554", "wait-for-any-x"},
	} {
		if serial, request := splitSerial(rest); serial != want[0] || request != want[1] {
			t.Errorf("%q is %q and %q, want %q", rest, serial, request, want)
		}
	}
}
