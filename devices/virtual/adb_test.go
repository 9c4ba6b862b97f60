package virtual_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/devices/virtual/adbd"
)

const patience = 30 * time.Second

// request is one request to a phone through a fleet's adb server: the answer
// to its end.
func request(t *testing.T, f *virtual.Fleet, service string) string {
	t.Helper()
	conn, err := net.Dial("tcp", f.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	status := make([]byte, 4)
	for _, s := range []string{"host:transport:" + f.Phones()[0].Serial(), service} {
		fmt.Fprintf(conn, "%04x%s", len(s), s)
		if _, err := io.ReadFull(conn, status); err != nil {
			t.Fatal(err)
		}
		if string(status) != "OKAY" {
			rest, _ := io.ReadAll(conn)
			return string(status) + string(rest)
		}
	}
	rest, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	return string(rest)
}

func fleet(t *testing.T, o virtual.Options) *virtual.Fleet {
	t.Helper()
	o.Serial = "virtual-1"
	f, err := virtual.NewFleet(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

func online(t *testing.T, f *virtual.Fleet) {
	t.Helper()
	conn, err := net.Dial("tcp", f.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	const wait = "host-serial:virtual-1:wait-for-any-device"
	fmt.Fprintf(conn, "%04x%s", len(wait), wait)
	answer := make([]byte, 8)
	if _, err := io.ReadFull(conn, answer); err != nil || string(answer) != "OKAYOKAY" {
		t.Fatalf("wait for the phone: %q, %v", answer, err)
	}
}

// The server in process serves what the transport serves: root, reboot and
// reverse.
func TestAdbdInProcess(t *testing.T) {
	f := fleet(t, virtual.Options{Seed: 1})
	p := f.Phones()[0]
	id := func() string { return request(t, f, "exec:id -u") }

	if got := request(t, f, "root:"); got != "restarting adbd as root\n" {
		t.Errorf("root: said %q", got)
	}
	online(t, f)
	if got := id(); got != "0\n" {
		t.Errorf("after root: uid %q", got)
	}
	if got := request(t, f, "exec:getprop service.adb.root"); got != "1\n" {
		t.Errorf("service.adb.root is %q", got)
	}
	if got := request(t, f, "exec:remount && touch /system/x && ls /system/x"); got != "Remount succeeded\n/system/x\n" {
		t.Errorf("remount: %q", got)
	}
	if got := request(t, f, "root:"); got != "adbd is already running as root\n" {
		t.Errorf("root: again said %q", got)
	}
	if got := request(t, f, "unroot:"); got != "restarting adbd as non root\n" {
		t.Errorf("unroot: said %q", got)
	}
	online(t, f)
	if got := id(); got != "2000\n" {
		t.Errorf("after unroot: uid %q", got)
	}

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	home := fmt.Sprintf("tcp:%d", l.Addr().(*net.TCPAddr).Port)
	if got := request(t, f, "reverse:forward:tcp:8081;"+home); got != "OKAY" {
		t.Errorf("reverse said %q", got)
	}
	list := request(t, f, "reverse:list-forward")
	if !strings.HasSuffix(list, " tcp:8081 "+home+"\n") {
		t.Errorf("the list is %q", list)
	}
	conn, err := p.Dial(t.Context(), "tcp:8081")
	if err != nil {
		t.Fatal(err)
	}
	accepted, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(conn, "from the phone\n")
	if line, err := bufio.NewReader(accepted).ReadString('\n'); line != "from the phone\n" {
		t.Errorf("home got %q, %v", line, err)
	}

	// A reboot ends all that.
	if got := request(t, f, "reboot:"); got != "" {
		t.Errorf("reboot: said %q", got)
	}
	if c, ok := conn.(interface{ SetReadDeadline(time.Time) error }); ok {
		_ = c.SetReadDeadline(time.Now().Add(time.Minute))
	}
	if n, err := conn.Read(make([]byte, 1)); n != 0 || err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a reversed connection outlives a reboot: %d, %v", n, err)
	}
	_ = conn.Close()
	_ = accepted.Close()
	online(t, f)
	if got := request(t, f, "reverse:list-forward"); got != "0000" {
		t.Errorf("after a reboot the list is %q", got)
	}
	if got := id(); got != "2000\n" || p.Boots() != 1 {
		t.Errorf("after a reboot: uid %q, %d reboots", got, p.Boots())
	}
}

// Faults of the transport show in the list; those of services are in the answers.
func TestFaultsInProcess(t *testing.T) {
	f := fleet(t, virtual.Options{Seed: 1, Faults: adbd.Faults{Mute: true}})
	p := f.Phones()[0]
	state := func() string {
		t.Helper()
		conn, err := net.Dial("tcp", f.Addr())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprint(conn, "000chost:devices")
		rest, err := io.ReadAll(conn)
		if err != nil {
			t.Fatal(err)
		}
		_, state, _ := strings.Cut(strings.TrimSpace(string(rest)), "\t")
		return state
	}
	for _, c := range []struct {
		faults adbd.Faults
		want   string
	}{
		{adbd.Faults{Mute: true}, "offline"}, {adbd.Faults{Auth: adbd.AuthAsk}, "unauthorized"},
		{adbd.Faults{State: "recovery"}, "recovery"}, {adbd.Faults{Down: true}, "offline"}, {adbd.Faults{}, "device"},
	} {
		if p.SetFaults(c.faults); state() != c.want {
			t.Errorf("%+v is %s, want %s", c.faults, state(), c.want)
		}
	}
	p.SetFaults(adbd.Faults{DropExit: true, Refuse: "sync:"})
	if got := request(t, f, "sync:"); got != "FAIL0006closed" {
		t.Errorf("refused sync: %q", got)
	}
	d := adb.NewServer(f.Addr()).Device("virtual-1")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if out, err := d.Run(ctx, "echo hi"); err == nil {
		t.Errorf("a command without exit status gave %+v and no error", out)
	}
}
