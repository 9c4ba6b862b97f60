package adbhost

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/electricbubble/gadb"
	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/devices/adb/adbtest"
	"github.com/ringproof/ringproof/devices/virtual/adbd"
)

// The same phones behind a real adb server and behind a Host: the same requests
// must get the same answers.
func TestAnswersAreThoseOfARealServer(t *testing.T) {
	server := adbtest.Start(t)
	for _, c := range []struct {
		name     string
		faults   adbd.Faults
		state    string
		requests []string // SERIAL stands for the phone's
	}{
		{"nobody", adbd.Faults{}, "", []string{
			"host:version", "host:bogus", "bogus:", "host:devices", "host:devices-l", "host:transport-any",
			"host:transport:xx", "host:transport-id:9", "host:transport-id:x", "host:tport:any", "host:tport:usb",
			"host:tport:local", "host:tport:serial:x:1", "host-serial:x:1:get-state", "host-serial:usb:1-1:features",
			"host:features", "host:host-features", "host:disconnect:", "host:disconnect:x", "host:connect:", "host:connect:127.0.0.1:1",
			"host:list-forward", "host:killforward-all", "host:wait-for-usb-disconnect", "host:wait-for-x-device",
			"host-transport-id:4:get-state", "host-usb:get-state", "host-local:get-state", "host:reconnect-offline",
			"host-serial:zz:reconnect", "host:", "host-serial:zz", "host:transport:", "host:tport:", "host:tport:bogus",
			"host:connect:127.0.0.1:99999", "host:killforward:tcp:1",
		}},
		{"one", adbd.Faults{}, "device", []string{
			"host:devices", "host:devices-l", "host:get-state", "host-serial:SERIAL:get-state", "host-serial:SERIAL:get-serialno",
			"host-serial:SERIAL:get-devpath", "host:get-devpath", "host-local:get-serialno", "host-usb:get-serialno", "host:connect:SERIAL",
			"host:wait-for-any-device", "host-serial:SERIAL:wait-for-local-any", "host-serial:SERIAL:wait-for-any-device",
			"host-serial:SERIAL:bogus", "host-serial:SERIAL:list-forward", "host-serial:SERIAL:killforward-all",
			"host-serial:product:vphone:get-state", "host-serial:tcp:SERIAL:get-state",
			"host-serial:model:Virtual_Phone:get-state", "host-serial:device:vp2:get-state",
			"host-serial:SERIAL:forward:bogus", "host-serial:SERIAL:forward:tcp:0", "host-serial:SERIAL:forward:foo:1;tcp:2",
			"host-serial:SERIAL:forward:tcp:0;", "host-serial:SERIAL:forward:;tcp:1", "host-serial:SERIAL:forward:tcp:99999;tcp:2",
			"host-serial:SERIAL:killforward:tcp:1", "host-serial:SERIAL:reconnect-offline", "host-serial:SERIAL:devices",
			"host-serial:SERIAL:version", "host:wait-for-any-disconnect",
		}},
		{"recovery", adbd.Faults{State: "recovery"}, "recovery", []string{
			"host:devices", "host:devices-l", "host:get-state", "host:get-serialno", "host:wait-for-any-recovery",
		}},
		{"unauthorized", adbd.Faults{Auth: adbd.AuthRefuse}, "unauthorized", []string{
			"host:devices", "host:devices-l", "host:get-state", "host:get-serialno", "host:get-devpath", "host:features", "host:transport-any",
			"host:tport:any", "host:transport:SERIAL", "host-serial:SERIAL:get-state", "host-serial:SERIAL:forward:tcp:0;tcp:1",
			"host:connect:SERIAL", "host:wait-for-any-any", "host:wait-for-any-disconnect", "host-serial:SERIAL:killforward:tcp:1",
			"host:forward:tcp:0;tcp:1",
		}},
		// The last one: adb dials a lost phone again by itself, and a disconnect
		// in just that moment does not take it off the list.
		{"lost", adbd.Faults{}, "offline", []string{
			"host:devices", "host:devices-l", "host:get-state", "host-serial:SERIAL:features", "host:transport:SERIAL",
			"host:wait-for-any-any", "host:wait-for-any-disconnect", "host-serial:product:vphone:get-state",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, _ := tinyPhone("Virtual Phone")
			h := New()
			defer h.Close()
			serial := ""
			// Transport ids go on counting in a server.
			id := func(s string) string {
				_, after, found := strings.Cut(s, "transport_id:")
				if !found {
					return s
				}
				number, _, _ := strings.Cut(after, "\n")
				return strings.Replace(s[8:], "transport_id:"+number, "transport_id:N", 1)
			}
			if c.state != "" {
				phone, err := adbd.Listen(t.Context(), "127.0.0.1:0", d, adbd.Options{Faults: c.faults})
				if err != nil {
					t.Fatal(err)
				}
				defer phone.Close()
				serial = phone.Addr().String()
				whole(t, server.Addr, "host:connect:"+serial)
				defer whole(t, server.Addr, "host:disconnect:"+serial)
				if err := errors.Join(h.Add(serial, d), h.SetState(serial, c.state)); err != nil {
					t.Fatal(err)
				}
				if c.state == "offline" {
					_ = phone.Close()
					ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
					defer cancel()
					for ctx.Err() == nil && !strings.HasSuffix(whole(t, server.Addr, "host:devices"), "\toffline\n") {
					}
				}
			}
			if err := h.Listen("127.0.0.1:0"); err != nil {
				t.Fatal(err)
			}
			for _, request := range c.requests {
				request = strings.ReplaceAll(request, "SERIAL", serial)
				both := [2]string{}
				var wg sync.WaitGroup
				for i, addr := range []string{server.Addr, h.Addr().String()} {
					wg.Go(func() { both[i] = id(firstAnswer(t, addr, request)) })
				}
				wg.Wait()
				if both[0] != both[1] {
					t.Errorf("%s:\nadb  %q\nours %q", request, both[0], both[1])
				}
			}
			features := func(addr string) []string {
				list := strings.FieldsFunc(whole(t, addr, "host:features"), func(r rune) bool { return r == ',' })
				if len(list) > 0 {
					list[0] = strings.TrimPrefix(list[0], "OKAY")[min(4, len(list[0])-4):]
				}
				slices.Sort(list)
				return list
			}
			if c.state == "device" {
				if diff := cmp.Diff(features(server.Addr), features(h.Addr().String())); diff != "" {
					t.Errorf("features (-adb +ours):\n%s", diff)
				}
			}
		})
	}
}

func TestTwoPhonesAsInARealServer(t *testing.T) {
	server, h := adbtest.Start(t), New()
	defer h.Close()
	var serial string
	for range 2 {
		d, _ := tinyPhone("Virtual Phone")
		phone, err := adbd.Listen(t.Context(), "127.0.0.1:0", d, adbd.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer phone.Close()
		serial = phone.Addr().String()
		whole(t, server.Addr, "host:connect:"+serial)
		if err := h.Add(serial, d); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	// A free port, the same for both, one after the other.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	_ = l.Close()
	local := "tcp:" + port
	requests := []string{
		"host:devices", "host:devices-l", "host:get-state", "host:transport-any", "host:tport:local", "host:transport-usb",
		"host:transport-id:2", "host:tport:serial:" + serial, "host-serial:product:vphone:get-state",
		"host:wait-for-any-device", "host:wait-for-any-disconnect", "host:forward:tcp:0;tcp:1",
		"host-serial:" + serial + ":forward:" + local + ";tcp:1", "host-serial:" + serial + ":forward:norebind:" + local + ";tcp:2",
		"host:list-forward", "host-serial:" + serial + ":forward:" + local + ";tcp:2", "host:list-forward",
		"host-serial:" + serial + ":killforward:" + local, "host:list-forward",
		"host-serial:" + serial + ":forward:norebind:" + local + ";tcp:3", "host:killforward-all", "host:list-forward",
		"host:disconnect:" + serial, "host:devices", "host:connect:" + serial, "host:devices-l", "host:disconnect:", "host:devices",
	}
	answers := func(addr string) (list []string) {
		for _, request := range requests {
			answer := firstAnswer(t, addr, request)
			// A phone that was just disconnected is listed as offline until its
			// threads have ended, for as long as that takes.
			for tries := 0; request == "host:devices" && strings.Contains(answer, "\toffline") && tries < 1000; tries++ {
				answer = firstAnswer(t, addr, request)
			}
			list = append(list, request+": "+answer)
		}
		return list
	}
	if diff := cmp.Diff(answers(server.Addr), answers(h.Addr().String())); diff != "" {
		t.Errorf("answers (-adb +ours):\n%s", diff)
	}
}

// firstAnswer is what comes within a while: after a switch the socket stays open.
func firstAnswer(t *testing.T, addr, request string) string {
	c := dial(t, addr)
	ask(t, c, request)
	head := make([]byte, 4) // OKAY or FAIL, whenever it comes; some are only hung up on
	_ = c.SetReadDeadline(time.Now().Add(time.Minute))
	if n, err := io.ReadFull(c, head); err != nil {
		if errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: %q, %v", request, head[:n], err)
		}
		return string(head[:n])
	}
	if strings.Contains(request, "transport") || strings.Contains(request, "tport") || strings.Contains(request, "wait-for") {
		_ = c.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
	}
	b, err := io.ReadAll(c)
	b = append(head, b...)
	if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("%s: %v", request, err)
	}
	return string(b)
}

// The stock client takes a Host for an adb server.
func TestStockClient(t *testing.T) {
	program := adbtest.Program(t)
	const serial = "127.0.0.1:5001"
	h, shells := newHost(t, serial)
	_, port, _ := strings.Cut(h.Addr().String(), ":")
	home := t.TempDir()
	adb := func(stdin string, args ...string) string {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, program, append([]string{"-P", port}, args...)...)
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "ANDROID_ADB_LOG_PATH=" + home + "/log", "TERM=xterm"}
		cmd.Stdin = strings.NewReader(stdin)
		var out, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &stderr
		err := cmd.Run()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		return fmt.Sprintf("%s|%s|%d", out.String(), stderr.String(), cmd.ProcessState.ExitCode())
	}
	file := filepath.Join(home, "file")
	content := bytes.Repeat([]byte("0123456789"), 500_000)
	if err := os.WriteFile(file, content, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		want, stdin string
		args        []string
	}{
		{"List of devices attached\n127.0.0.1:5001\tdevice\n\n||0", "", []string{"devices"}},
		{"device\n||0", "", []string{"get-state"}},
		{"||0", "", []string{"wait-for-device"}},
		{"a\n|zz: inaccessible or not found\n|127", "", []string{"-s", serial, "shell", "echo a;zz"}},
		{"||3", "", []string{"shell", "exit 3"}},
		{"a\n||0", "", []string{"exec-out", "echo a"}},
		{"in\r\n\x00put||0", "in\r\n\x00put", []string{"shell", "cat"}},
		{"|error: device 'x' not found\n|1", "", []string{"-s", "x", "shell", "echo a"}},
		{"already connected to 127.0.0.1:5001\n||0", "", []string{"connect", serial}},
	} {
		if got := adb(c.stdin, c.args...); got != c.want {
			t.Errorf("adb %q: %q, want %q", c.args, got, c.want)
		}
	}
	if got := adb("", "push", file, "/data/local/tmp/x"); !strings.HasSuffix(got, "||0") {
		t.Errorf("push: %s", got)
	}
	if got := adb("", "pull", "/data/local/tmp/x", file+"2"); !strings.HasSuffix(got, "||0") {
		t.Errorf("pull: %s", got)
	}
	if back, err := os.ReadFile(file + "2"); err != nil || !bytes.Equal(back, content) {
		t.Errorf("%d bytes came back, %v", len(back), err)
	}
	got := adb("", "forward", "tcp:0", "tcp:9")
	if number, _, _ := strings.Cut(got, "\n"); adb("", "forward", "--list") != serial+" tcp:"+number+" tcp:9\n\n||0" {
		t.Errorf("forward said %q, the list is %q", got, adb("", "forward", "--list"))
	}
	// Ctrl-C at the client.
	ctx, cancel := context.WithCancel(t.Context())
	cmd := exec.CommandContext(ctx, program, "-P", port, "shell", "block")
	cmd.Env = []string{"HOME=" + home, "ANDROID_ADB_LOG_PATH=" + home + "/log"}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-shells[serial].blocked
	cancel()
	_ = cmd.Wait()
	<-shells[serial].freed
	// The client does not even say that it was refused.
	adb("", "kill-server")
	if got := adb("", "get-state"); got != "device\n||0" {
		t.Errorf("after kill-server: %s", got)
	}
}

// gadb is the product's own client; it works on a Host, and on a phone behind a
// real server, alike.
func TestGadb(t *testing.T) {
	const serial = "127.0.0.1:5001"
	t.Run("host", func(t *testing.T) {
		h, _ := newHost(t, serial)
		useGadb(t, h.Addr().String(), serial)
	})
	t.Run("adb", func(t *testing.T) {
		server := adbtest.Start(t)
		d, _ := tinyPhone("Virtual Phone")
		phone, err := adbd.Listen(t.Context(), "127.0.0.1:0", d, adbd.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer phone.Close()
		whole(t, server.Addr, "host:connect:"+phone.Addr().String())
		useGadb(t, server.Addr, phone.Addr().String())
	})
}

func useGadb(t *testing.T, addr, serial string) {
	t.Helper()
	host, portText, _ := strings.Cut(addr, ":")
	port, err := strconv.Atoi(portText)
	if err != nil {
		t.Fatal(err)
	}
	client, err := gadb.NewClientWith(host, port)
	if err != nil {
		t.Fatal(err)
	}
	if version, err := client.ServerVersion(); version != 41 || err != nil {
		t.Errorf("version %d, %v", version, err)
	}
	list, err := client.DeviceList()
	if err != nil || len(list) != 1 || list[0].Serial() != serial {
		t.Fatalf("devices %v, %v", list, err)
	}
	d := list[0]
	if model, err := d.Model(); model != "Virtual_Phone" || err != nil {
		t.Errorf("model %q, %v", model, err)
	}
	if state, err := d.State(); state != gadb.StateOnline || err != nil {
		t.Errorf("state %v, %v", state, err)
	}
	if out, err := d.RunShellCommand("echo", "hi"); out != "hi\n" || err != nil {
		t.Errorf("shell %q, %v", out, err)
	}
	content := bytes.Repeat([]byte("gadb"), 50_000)
	at := time.Unix(1_600_000_000, 0)
	if err := d.Push(bytes.NewReader(content), "/data/local/tmp/new/x", at, 0o644); err != nil {
		t.Errorf("push: %v", err)
	}
	var back bytes.Buffer
	if err := d.Pull("/data/local/tmp/new/x", &back); err != nil || !bytes.Equal(back.Bytes(), content) {
		t.Errorf("pull: %d bytes, %v", back.Len(), err)
	}
	files, err := d.List("/data/local/tmp/new")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(files, func(f gadb.DeviceFileInfo) bool { return f.Name == "x" })
	if i < 0 || files[i].Size != 200_000 || !files[i].LastModified.Equal(at) {
		t.Errorf("list: %+v", files)
	}
	if err := d.Pull("/no/such", io.Discard); err == nil || !strings.Contains(err.Error(), "No such file") {
		t.Errorf("pull of nothing: %v", err)
	}
	if forwards, err := client.ForwardList(); err != nil || len(forwards) != 0 {
		t.Errorf("forwards %v, %v", forwards, err)
	}
}
