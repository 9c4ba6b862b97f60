package adbd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/devices/adb/adbtest"
)

// result is what a client program left behind.
type result struct {
	stdout, stderr string
	exit           int
}

const patience = 60 * time.Second

// adb runs the adb program against server.
func runADB(t *testing.T, server *adbtest.Server, stdin string, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := server.Command(ctx, args...)
	cmd.Env = append(cmd.Env, "TERM=xterm")
	var out, err bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &err
	runErr := cmd.Run()
	r := result{stdout: out.String(), stderr: err.String()}
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		t.Fatalf("adb %q did not end in %v; it said %+v", args, patience, r)
	case errors.As(runErr, &exit):
		r.exit = exit.ExitCode()
	case runErr != nil:
		t.Fatal(runErr)
	}
	return r
}

// bench is a phone that a real adb server is connected to.
type bench struct {
	server *adbtest.Server
	phone  *Server
	seen   *recorder
	shell  *tinyShell
	serial string
}

func newBench(t *testing.T, opts ...Option) *bench {
	t.Helper()
	server := adbtest.Start(t)
	d, sh, _ := tinyPhone(opts...)
	b := &bench{server: server, seen: &recorder{Services: d}, shell: sh}
	b.phone = listen(t, b.seen, Options{})
	b.serial = b.phone.Addr().String()
	if got := b.adb(t, "connect", b.serial); got.stdout != "connected to "+b.serial+"\n" {
		t.Fatalf("adb connect: %+v", got)
	}
	return b
}

func (b *bench) adb(t *testing.T, args ...string) result {
	t.Helper()
	return runADB(t, b.server, "", append([]string{"-s", b.serial}, args...)...)
}

func (b *bench) want(t *testing.T, want result, args ...string) {
	t.Helper()
	if diff := cmp.Diff(want, b.adb(t, args...), cmp.AllowUnexported(result{})); diff != "" {
		t.Errorf("adb %q (-want +got):\n%s", args, diff)
	}
}

func TestStockClientSeesAPhone(t *testing.T) {
	b := newBench(t)
	b.want(t, result{stdout: "device\n"}, "get-state")
	b.want(t, result{stdout: b.serial + "\n"}, "get-serialno")
	row := fmt.Sprintf("%-22s device product:vphone model:Virtual_Phone_1 device:vp1 transport_id:1", b.serial)
	b.want(t, result{stdout: "List of devices attached\n" + row + "\n\n"}, "devices", "-l")
	b.want(t, result{}, "wait-for-device")
	if seen := b.seen.take(); len(seen) != 0 {
		t.Errorf("the phone was asked %q", seen)
	}
	// The client prints what it knows itself; adb 29 does not know sendrecv_v2.
	features := strings.Fields(b.adb(t, "features").stdout)
	slices.Sort(features)
	want := []string{"abb", "abb_exec", "apex", "cmd", "fixed_push_mkdir", "fixed_push_symlink_timestamp",
		"ls_v2", "remount_shell", "shell_v2", "stat_v2"}
	if diff := cmp.Diff(want, features); diff != "" {
		t.Errorf("adb features (-want +got):\n%s", diff)
	}
}

func TestStockClientShell(t *testing.T) {
	b := newBench(t)
	for _, c := range []struct {
		want result
		args []string
	}{
		{result{"hi there\n", "", 0}, []string{"shell", "echo", "hi", "there"}},
		{result{"a\n", "b\n", 42}, []string{"shell", "echo a; err b; exit 42"}},
		{result{"", "", 255}, []string{"shell", "exit", "255"}},
		{result{"", "/system/bin/sh: nope: inaccessible or not found\n", 127}, []string{"shell", "nope"}},
		{result{"a\nb\n", "", 0}, []string{"shell", "-x", "echo a; err b; exit 42"}},
		{result{"a\r\nb\r\n", "", 3}, []string{"shell", "-tt", "echo a; err b; exit 3"}},
		{result{"a\nb\n", "", 0}, []string{"exec-out", "echo a; err b; exit 3"}},
	} {
		b.want(t, c.want, c.args...)
	}
	input := strings.Repeat("input of a pipe\x00\xff\r\n", 20_000)
	if got := runADB(t, b.server, input, "-s", b.serial, "shell", "cat"); got.stdout != input || got.exit != 0 {
		t.Errorf("shell cat gave %d bytes back of %d, exit %d", len(got.stdout), len(input), got.exit)
	}
	if got := b.adb(t, "exec-out", "spam 3000000"); len(got.stdout) != 3_000_000 || strings.Trim(got.stdout, "\x00") != "" {
		t.Errorf("exec-out gave %d bytes, want 3000000 zeros", len(got.stdout))
	}
	if got := runADB(t, b.server, input, "-s", b.serial, "exec-in", "keep"); got.exit != 0 {
		t.Errorf("exec-in: %+v", got)
	}
	<-b.shell.freed
	if got := b.shell.input(); got != input {
		t.Errorf("exec-in brought %d bytes, want %d", len(got), len(input))
	}
	if got := runADB(t, b.server, "echo hi\nexit 7\n", "-s", b.serial, "shell", "-T"); got.stdout != "$ hi\n$ " || got.exit != 7 {
		t.Errorf("interactive shell: %+v", got)
	}
}

// The client that goes away takes its command with it.
func TestStockClientIsKilled(t *testing.T) {
	b := newBench(t)
	ctx, cancel := context.WithCancel(t.Context())
	cmd := b.server.Command(ctx, "-s", b.serial, "shell", "block")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-b.shell.blocked
	cancel()
	_ = cmd.Wait()
	<-b.shell.freed
}

// What the phone is asked for each command of the stock client: the table of
// the protocol reference (adb 29.0.6, observed with another phone).
func TestServiceStrings(t *testing.T) {
	b := newBench(t)
	apk := filepath.Join(t.TempDir(), "a.apk")
	content := strings.Repeat("apk", 50_000)
	if err := os.WriteFile(apk, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args, want []string
	}{
		{[]string{"shell", "echo", "a b"}, []string{"shell,v2,TERM=xterm,raw:echo a b"}},
		{[]string{"shell", "-x", "echo"}, []string{"shell:echo"}},
		{[]string{"shell", "-tt", "echo"}, []string{"shell,v2,TERM=xterm,pty:echo"}},
		{[]string{"exec-out", "echo"}, []string{"exec:echo"}},
		{[]string{"logcat", "-d", "-v", "threadtime"},
			[]string{`shell,v2,TERM=xterm:export ANDROID_LOG_TAGS="''"; exec logcat '-d' '-v' 'threadtime'`}},
		{[]string{"install", "-r", "-g", apk}, []string{"abb_exec:package\x00install\x00-r\x00-g\x00-S\x00150000"}},
		{[]string{"uninstall", "x"}, []string{"shell,v2,TERM=xterm:cmd package 'uninstall' 'x'"}},
		{[]string{"install", "--no-streaming", "-r", apk}, []string{
			"sync:", "shell,v2,TERM=xterm:pm 'install' '-r' '/data/local/tmp/a.apk'",
			"shell,v2,TERM=xterm:rm '/data/local/tmp/a.apk' </dev/null"}},
		{[]string{"push", apk, "/data/local/tmp/x"}, []string{"sync:"}},
		{[]string{"pull", "/data/local/tmp/x", apk + "2"}, []string{"sync:"}},
		{[]string{"ls", "/data/local/tmp"}, []string{"sync:"}},
		{[]string{"root"}, []string{"root:"}},
		{[]string{"reboot", "recovery"}, []string{"reboot:recovery"}},
		{[]string{"remount"}, []string{"shell,v2,TERM=xterm,raw:remount"}},
		{[]string{"abb", "settings", "list", "global"}, []string{"abb:settings\x00list\x00global"}},
		{[]string{"tcpip", "5555"}, []string{"tcpip:5555"}},
		{[]string{"usb"}, []string{"usb:"}},
		{[]string{"jdwp"}, []string{"jdwp"}},
		{[]string{"disable-verity"}, []string{"disable-verity:"}},
		{[]string{"reverse", "tcp:1", "tcp:2"}, []string{"reverse:forward:tcp:1;tcp:2"}},
		{[]string{"reverse", "--list"}, []string{"reverse:list-forward"}},
		{[]string{"reverse", "--remove-all"}, []string{"reverse:killforward-all"}},
		{[]string{"bugreport", apk + ".zip"}, []string{"shell,v2,TERM=xterm:bugreportz -v"}},
		{[]string{"forward", "tcp:0", "tcp:9"}, nil},
		{[]string{"forward", "--list"}, nil},
		{[]string{"forward", "--remove-all"}, nil},
	} {
		got := b.adb(t, c.args...)
		if diff := cmp.Diff(c.want, b.seen.take()); diff != "" {
			t.Errorf("adb %q (-want +got):\n%s\nit said %+v", c.args, diff, got)
		}
		if c.args[0] == "install" && c.args[1] == "-r" && len(c.args) == 4 {
			if got.stdout != "Performing Streamed Install\nSuccess\n" || b.shell.input() != content {
				t.Errorf("adb install: %+v, and %d bytes of input, want %d", got, len(b.shell.input()), len(content))
			}
		}
	}
}

// The command that came in as logcat reaches the shell as one line.
func TestLogcatLine(t *testing.T) {
	b := newBench(t)
	b.adb(t, "logcat", "-d")
	if got, want := b.shell.last(t).Line, `export ANDROID_LOG_TAGS="''"; exec logcat '-d'`; got != want {
		t.Errorf("the shell got %q, want %q", got, want)
	}
}

func TestStockClientFiles(t *testing.T) {
	b := newBench(t)
	rng := rand.New(rand.NewPCG(1, 2))
	local := filepath.Join(t.TempDir(), "tree")
	content := func(n int) []byte {
		p := make([]byte, n)
		for i := range p {
			p[i] = byte(rng.Uint32())
		}
		return p
	}
	files := map[string][]byte{
		"empty": nil, "one": content(1), "64k-1": content(64<<10 - 1), "64k": content(64 << 10), "64k+1": content(64<<10 + 1),
		"chunk": content(65528), "big": content(5_000_000), "sub/deep/er/file": content(100),
		"with space": content(10), "ünïcødé 名前 😀": content(11), "sub/'quote\"$x": content(12), "-dash": content(13),
	}
	for i := range 200 {
		files[fmt.Sprintf("many/%03d", i)] = content(i)
	}
	for name, data := range files {
		path := filepath.Join(local, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got := b.adb(t, "push", local, "/data/local/tmp/"); got.exit != 0 || !strings.Contains(got.stdout, "212 files pushed") {
		t.Fatalf("push of a tree: %+v", got)
	}
	back := filepath.Join(t.TempDir(), "back")
	if got := b.adb(t, "pull", "/data/local/tmp/tree", back); got.exit != 0 || !strings.Contains(got.stdout, "212 files pulled") {
		t.Fatalf("pull of a tree: %+v", got)
	}
	seen := 0
	err := filepath.WalkDir(back, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, _ := filepath.Rel(back, path)
		data, err := os.ReadFile(path)
		if want, ok := files[name]; !ok || !bytes.Equal(data, want) {
			t.Errorf("%q came back with %d bytes, want %d (%v)", name, len(data), len(want), ok)
		}
		seen++
		return err
	})
	if err != nil || seen != len(files) {
		t.Errorf("%d of %d files came back, %v", seen, len(files), err)
	}
	for name, data := range files {
		if strings.HasPrefix(name, "many/") {
			continue
		}
		one := filepath.Join(t.TempDir(), "one")
		if got := b.adb(t, "pull", "/data/local/tmp/tree/"+name, one); got.exit != 0 {
			t.Errorf("pull of %q: %+v", name, got)
		} else if got, _ := os.ReadFile(one); !bytes.Equal(got, data) {
			t.Errorf("%q alone came back with %d bytes, want %d", name, len(got), len(data))
		}
	}
}

func TestStockClientFileErrors(t *testing.T) {
	b := newBench(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "f")
	if err := os.WriteFile(file, bytes.Repeat([]byte("x"), 300_000), 0o644); err != nil {
		t.Fatal(err)
	}
	for i := range 150 { // more than the client sends without an answer
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprint(i)), []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"push", file, "/system/f"}, "remote couldn't create file: Read-only file system"},
		{[]string{"push", file, "/no/such/f"}, "remote secure_mkdirs() failed: Read-only file system"},
		{[]string{"push", file, "/data/f"}, "remote couldn't create file: Permission denied"},
		{[]string{"push", dir, "/system/tree"}, "Read-only file system"},
		{[]string{"pull", "/no/such", dir}, "failed to stat remote object '/no/such': No such file or directory"},
		{[]string{"pull", "/data/property/x", dir}, "failed to stat remote object '/data/property/x': Permission denied"},
	} {
		got := b.adb(t, c.args...)
		if got.exit != 1 || !strings.Contains(got.stdout+got.stderr, c.want) {
			t.Errorf("adb %q: %+v, want %q", c.args, got, c.want)
		}
	}
	// The phone is as good as before.
	b.want(t, result{stdout: "ok\n"}, "shell", "echo ok")
}

func TestStockClientLinksAndLists(t *testing.T) {
	b := newBench(t)
	dir := filepath.Join(t.TempDir(), "l")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		os.WriteFile(filepath.Join(dir, "f"), []byte("hello"), 0o600),
		os.Chtimes(filepath.Join(dir, "f"), time.Unix(1_600_000_000, 0), time.Unix(1_600_000_000, 0)),
		os.Symlink("f", filepath.Join(dir, "link")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := b.adb(t, "push", dir, "/sdcard/Download"); got.exit != 0 {
		t.Fatalf("push: %+v", got)
	}
	// adb ls prints mode, size and time in hexadecimal. Emulated storage has
	// modes of its own.
	list := b.adb(t, "ls", "/sdcard/Download/l").stdout
	for _, want := range []string{"000081b0 00000005 5f5e1000 f\n", "0000a1b0 00000001 "} {
		if !strings.Contains(list, want) {
			t.Errorf("adb ls lacks %q:\n%s", want, list)
		}
	}
	out := filepath.Join(t.TempDir(), "x")
	if got := b.adb(t, "pull", "-a", "/sdcard/Download/l/link", out); got.exit != 0 {
		t.Fatalf("pull: %+v", got)
	}
	info, err := os.Stat(out)
	if err != nil || !info.ModTime().Equal(time.Unix(1_600_000_000, 0)) || info.Size() != 5 {
		t.Errorf("pulled %v, %v", info, err)
	}
}

func TestUnhappyPhones(t *testing.T) {
	server := adbtest.Start(t)
	d, _, _ := tinyPhone()
	phone := listen(t, d, Options{})
	serial := phone.Addr().String()
	adb := func(args ...string) result { return runADB(t, server, "", args...) }
	again := func(f Faults) string {
		t.Helper()
		adb("disconnect", serial)
		phone.SetFaults(f)
		return adb("connect", serial).stdout
	}
	for _, c := range []struct {
		name            string
		faults          Faults
		connect, device string
	}{
		{"well", Faults{}, "connected to " + serial, "device"},
		{"allowed for good", Faults{Auth: AuthKnown}, "connected to " + serial, "device"},
		{"unauthorized", Faults{Auth: AuthRefuse}, "failed to authenticate to " + serial, "unauthorized"},
		{"recovery", Faults{State: "recovery"}, "connected to " + serial, "recovery"},
		{"sideload", Faults{State: "sideload"}, "connected to " + serial, "sideload"},
	} {
		if got := again(c.faults); got != c.connect+"\n" {
			t.Errorf("%s: adb connect said %q, want %q", c.name, got, c.connect)
		}
		rows := adb("devices").stdout
		if want := "List of devices attached\n" + serial + "\t" + c.device + "\n\n"; rows != want {
			t.Errorf("%s: adb devices said %q, want %s", c.name, rows, c.device)
		}
	}
	// Sending the key counts as failed; the user's tap comes later.
	if got := again(Faults{Auth: AuthPrompt}); got != "failed to authenticate to "+serial+"\n" {
		t.Errorf("allowed by the user: adb connect said %q", got)
	}
	if got := adb("-s", serial, "wait-for-device", "get-state"); got != (result{stdout: "device\n"}) {
		t.Errorf("allowed by the user: %+v", got)
	}
	again(Faults{Auth: AuthRefuse})
	if got := adb("-s", serial, "shell", "echo"); got.exit != 1 || !strings.HasPrefix(got.stderr, "error: device unauthorized.\n") {
		t.Errorf("shell of an unauthorized phone: %+v", got)
	}
}

// Mute phones, and those that hang up, keep "adb connect" waiting for ten
// seconds.
func TestDownPhone(t *testing.T) {
	if testing.Short() {
		t.Skip("takes ten seconds")
	}
	t.Parallel()
	server := adbtest.Start(t)
	d, _, _ := tinyPhone()
	phone := listen(t, d, Options{Faults: Faults{Down: true}})
	serial := phone.Addr().String()
	if got := runADB(t, server, "", "connect", serial); got.stdout != "failed to connect to "+serial+"\n" {
		t.Errorf("connect: %+v", got)
	}
	phone.SetFaults(Faults{})
	runADB(t, server, "", "disconnect", serial)
	if got := runADB(t, server, "", "connect", serial); got.stdout != "connected to "+serial+"\n" {
		t.Errorf("connect to a phone that is up again: %+v", got)
	}
}

func TestMutePhone(t *testing.T) {
	if testing.Short() {
		t.Skip("takes ten seconds")
	}
	t.Parallel()
	server := adbtest.Start(t)
	d, _, _ := tinyPhone()
	phone := listen(t, d, Options{Faults: Faults{Mute: true}})
	serial := phone.Addr().String()
	adb := func(args ...string) result { return runADB(t, server, "", args...) }
	if got := adb("connect", serial); got.stdout != "failed to connect to "+serial+"\n" {
		t.Errorf("connect: %+v", got)
	}
	if got := adb("devices"); got.stdout != "List of devices attached\n"+serial+"\toffline\n\n" {
		t.Errorf("devices: %+v", got)
	}
	if got := adb("-s", serial, "shell", "echo"); got.stderr != "error: device offline\n" || got.exit != 1 {
		t.Errorf("shell: %+v", got)
	}
}

// adb 29 itself takes a command without exit status for a success; what counts
// here is that it ends, and the phone's command with it.
func TestLostCommands(t *testing.T) {
	b := newBench(t, WithoutExitPacket())
	if got := b.adb(t, "shell", "echo hi;exit 3"); got != (result{stdout: "hi\n"}) {
		t.Errorf("without an exit packet: %+v", got)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := b.server.Command(ctx, "-s", b.serial, "shell", "block")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-b.shell.blocked
	b.phone.Disconnect()
	<-b.shell.freed
	if err := cmd.Wait(); ctx.Err() != nil {
		t.Errorf("the client did not notice the lost phone: %v", err)
	}
}

// adb notices that a phone has dropped its connection and dials again, by itself
// or when asked; whichever is first, the phone serves as before.
func TestPhoneComesBack(t *testing.T) {
	b := newBench(t)
	b.phone.Disconnect()
	var got result
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for ctx.Err() == nil {
		b.adb(t, "disconnect", b.serial)
		b.adb(t, "connect", b.serial)
		if got = b.adb(t, "shell", "echo hi;exit 5"); got.exit == 5 {
			break
		}
	}
	if got.stdout != "hi\n" {
		t.Errorf("shell: %+v", got)
	}
}

// A phone that reboots goes away, and is another boot later.
func TestReboot(t *testing.T) {
	server := adbtest.Start(t)
	port, asked := make(chan *Server, 1), make(chan string, 1)
	d, _, _ := tinyPhone(WithService("reboot:", func(mode string) (Service, error) {
		return func(context.Context, io.ReadWriter) error {
			asked <- mode
			phone := <-port
			phone.SetFaults(Faults{State: mode})
			phone.Disconnect()
			return nil
		}, nil
	}))
	phone := listen(t, d, Options{})
	port <- phone
	serial := phone.Addr().String()
	runADB(t, server, "", "connect", serial)
	runADB(t, server, "", "-s", serial, "reboot", "recovery")
	if mode := <-asked; mode != "recovery" {
		t.Errorf("reboot to %q", mode)
	}
	if got := runADB(t, server, "", "-s", serial, "wait-for-recovery", "get-state"); got.stdout != "recovery\n" {
		t.Errorf("after the reboot: %+v", got)
	}
}

// Two adb servers on one phone, and one that is restarted.
func TestSeveralServers(t *testing.T) {
	b := newBench(t)
	second := adbtest.Start(t)
	for round := range 2 {
		if got := runADB(t, second, "", "connect", b.serial); got.exit != 0 || !strings.HasPrefix(got.stdout, "connected") {
			t.Fatalf("second server, round %d: %+v", round, got)
		}
		var wg sync.WaitGroup
		for _, server := range []*adbtest.Server{b.server, second} {
			for i := range 5 {
				wg.Go(func() {
					want := fmt.Sprintf("%d\n", i)
					if got := runADB(t, server, "", "-s", b.serial, "shell", "echo", fmt.Sprint(i)); got.stdout != want {
						t.Errorf("shell: %+v, want %q", got, want)
					}
				})
			}
		}
		wg.Wait()
		if round == 0 {
			if err := second.Kill(); err != nil {
				t.Fatal(err)
			}
			second = adbtest.Start(t)
		}
	}
}

// Sixty-four phones are asked at the same time. They come one after the other:
// Debian's server dies now and then when many come at a time.
func TestManyPhones(t *testing.T) {
	server := adbtest.Start(t)
	const phones = 64
	serials := make([]string, phones)
	var wg sync.WaitGroup
	for i := range phones {
		d, _, _ := tinyPhone()
		serials[i] = listen(t, d, Options{}).Addr().String()
		if got, err := server.Ask(t.Context(), "host:connect:"+serials[i]); !strings.HasSuffix(got, "connected to "+serials[i]) {
			t.Fatalf("connect: %q, %v; %v", got, err, server.Died())
		}
	}
	for i := range phones {
		wg.Go(func() {
			if got := runADB(t, server, "", "-s", serials[i], "shell", fmt.Sprintf("echo %d;exit %d", i, i)); got != (result{stdout: fmt.Sprintf("%d\n", i), exit: i}) {
				t.Errorf("phone %d: %+v", i, got)
			}
		})
	}
	wg.Wait()
	if rows := strings.Count(runADB(t, server, "", "devices").stdout, "\tdevice\n"); rows != phones {
		t.Errorf("%d phones are listed, want %d", rows, phones)
	}
}
