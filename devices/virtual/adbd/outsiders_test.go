package adbd_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/ringproof/ringproof/devices/virtual"
)

// What AOSP's own test of adb and a device (packages/modules/adb,
// test_device.py) asks of a phone, with the stock client on a virtual one.

func noise(seed uint64, n int) []byte {
	b := make([]byte, n)
	for i, r := 0, rand.NewChaCha8([32]byte{byte(seed)}); i < n; i += 8 {
		v := r.Uint64()
		for j := i; j < min(i+8, n); j++ {
			b[j] = byte(v >> (8 * (j - i)))
		}
	}
	return b
}

func sum(b []byte) string {
	h := md5.Sum(b)
	return hex.EncodeToString(h[:])
}

// onPhone is the MD5 sum of a file of the phone's, as the phone computes it.
func (r *rig) onPhone(path string) string {
	r.t.Helper()
	got := r.adb("shell", "md5sum '"+path+"'")
	digest, _, _ := strings.Cut(got.stdout, " ")
	if got.exit != 0 || len(digest) != 32 {
		r.t.Fatalf("md5sum of %s: %+v", path, got)
	}
	return digest
}

func (r *rig) write(name string, data []byte) {
	r.t.Helper()
	path := filepath.Join(r.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) local(name, digest string) {
	r.t.Helper()
	b, err := os.ReadFile(filepath.Join(r.dir, name))
	if err != nil || sum(b) != digest {
		r.t.Errorf("%s has %d bytes, sum %s, want %s; %v", name, len(b), sum(b), digest, err)
	}
}

// must runs the program, which must succeed.
func (r *rig) must(args ...string) string {
	r.t.Helper()
	got := r.adb(args...)
	if got.exit != 0 {
		r.t.Fatalf("adb %q: %+v", args, got)
	}
	return got.stdout
}

func TestOutsidersShell(t *testing.T) {
	r := newRig(t, virtual.Options{Seed: 1, RealTime: true})
	for _, c := range []struct {
		args           []string
		stdout, stderr string
		exit           int
	}{
		{words("shell false"), "", "", 1},
		{words("shell echo foo"), "foo\n", "", 0},
		{words("shell echo " + strings.Repeat("x", 16384)), strings.Repeat("x", 16384) + "\n", "", 0},
		{words("shell echo -n 1"), "1", "", 0},
		{words("shell uname"), "Linux\n", "", 0},
		{words("shell getprop init.svc.adbd"), "running\n", "", 0},
		{words("shell setprop debug.foo 0.25"), "", "", 0},
		{words("shell getprop debug.foo"), "0.25\n", "", 0},
		{[]string{"shell", "sh", "-c", "echo hello; echo world"}, "\nworld\n", "", 0},
		{[]string{"shell", `echo`, `hello\;echo`, `world`}, "hello;echo world\n", "", 0},
		{[]string{"shell", "true && echo t"}, "t\n", "", 0},
		{[]string{"shell", "sh", "-c", "'true && echo t'"}, "t\n", "", 0},
		{[]string{"shell", "FOO=a BAR=b echo t"}, "t\n", "", 0},
		{[]string{"shell", "echo -n 123;uname"}, "123Linux\n", "", 0},
		{[]string{"shell", "echo 'ünïcødé 名前 😀'"}, "ünïcødé 名前 😀\n", "", 0},
		{[]string{"shell", "echo foo; echo bar >&2; exit 17"}, "foo\n", "bar\n", 17},
		{[]string{"shell", "-x", "echo foo; echo bar >&2; exit 17"}, "foo\nbar\n", "", 0},
		// A terminal if and only if one is asked for.
		{[]string{"shell", "-T", "[ -t 0 ]"}, "", "", 1},
		{[]string{"shell", "[ -t 0 ]"}, "", "", 1},
		{[]string{"shell", "-t", "-t", "[ -t 0 ]"}, "", "", 0},
		{[]string{"shell", "-tt", "[ -t 0 ]"}, "", "", 0},
		{[]string{"shell", "-ttt", "[ -t 0 ]"}, "", "", 0},
		{[]string{"shell", "-ttx", "[ -t 0 ] && echo yes"}, "yes\n", "", 0},
		{[]string{"shell", "-Ttt", "[ -t 0 ]"}, "", "", 0},
		{[]string{"shell", "-ttT", "[ -t 0 ]"}, "", "", 1},
		{words("shell id -un"), "shell\n", "", 0},
	} {
		if got, want := r.adb(c.args...), (result{c.stdout, c.stderr, c.exit}); got != want {
			t.Errorf("adb %.60q: %.200v, want %.200v", c.args, got, want)
		}
	}
	if up := strings.Fields(r.must("shell", "cat /proc/uptime")); len(up) != 2 {
		t.Errorf("uptime %q", up)
	}
	for code := range 256 {
		if code%23 == 0 || code == 255 {
			if got := r.adb("shell", fmt.Sprintf("exit %d", code)); got.exit != code {
				t.Errorf("exit %d gave %+v", code, got)
			}
		}
	}
	for _, input := range []string{"foo", "a\nb\nc\nlast"} {
		if got := r.input(input, "shell", "cat"); got != (result{stdout: input}) {
			t.Errorf("cat of %q: %+v", input, got)
		}
	}
	if got := r.input("exit 17\n", "shell"); got.exit != 17 {
		t.Errorf("interactive exit 17: %+v", got)
	}
	if got := r.input("exit 17\n", "shell", "-x"); got.exit != 0 {
		t.Errorf("interactive exit 17 without the shell protocol: %+v", got)
	}
	if got := r.plain("-s", r.serial, "tcpip"); got.exit == 0 {
		t.Errorf("tcpip without a port: %+v", got)
	}
	if got := r.adb("tcpip", "foo"); got.exit == 0 {
		t.Errorf("tcpip foo: %+v", got)
	}
	abb, cmd := r.adb("abb"), r.adb("shell", "cmd")
	if (abb.exit == 0) != (cmd.exit == 0) || abb.stdout != cmd.stdout || abb.stderr != cmd.stderr {
		t.Errorf("abb: %+v; cmd: %+v", abb, cmd)
	}
	// A file that is no APK, with a name that a shell would trip over.
	for _, name := range []string{"-text;ls;1.apk", "-Live Hold'em.apk"} {
		r.write("x"+name, nil)
		got := r.adb("install", "x"+name)
		if got.exit == 0 || !strings.Contains(got.stdout+got.stderr, name) {
			t.Errorf("install of an empty %q: %+v", name, got)
		}
	}
}

// A client that is interrupted takes its command with it, by SIGHUP.
func TestOutsidersInterrupt(t *testing.T) {
	r := newRig(t, virtual.Options{Seed: 1, RealTime: true})
	interrupt := func(script, first string) string {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		cmd := r.command(ctx, "-s", r.serial, "shell", script)
		stdin, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		defer stdin.Close()
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		if err != nil || first != "" && line != first {
			t.Errorf("%s: first line %q, %v", script, line, err)
		}
		_ = cmd.Process.Signal(syscall.SIGINT)
		_ = cmd.Wait()
		for r.phone.Commands() > 0 && ctx.Err() == nil {
			r.adb("shell", "true")
		}
		return strings.TrimSpace(line)
	}
	pid := interrupt("echo $$; sleep 60", "")
	if got := r.adb("shell", "ps -A | grep -w "+pid); got.exit != 1 {
		t.Errorf("the command lives on: %+v", got)
	}
	interrupt(`trap "echo SIGINT > /data/local/tmp/log; exit 0" SIGINT; trap "echo SIGHUP > /data/local/tmp/log; exit 0" SIGHUP; echo Waiting; read`,
		"Waiting\n")
	r.want("SIGHUP\n", "shell", "cat /data/local/tmp/log")
}

func TestOutsidersFiles(t *testing.T) {
	r := newRig(t, virtual.Options{Seed: 1})
	const tmp = "/data/local/tmp/adb_test_dir"
	fresh := func() { r.must("shell", "rm -rf "+tmp+" && mkdir -p "+tmp) }
	big := noise(1, 8<<20+123)
	r.write("big", big)
	fresh()

	// There and back, and the phone's own sum.
	r.must("push", "big", tmp+"/file")
	if got := r.onPhone(tmp + "/file"); got != sum(big) {
		t.Errorf("pushed sum %s, want %s", got, sum(big))
	}
	r.must("shell", "dd if=/dev/urandom of="+tmp+"/random bs=1024 count=512")
	r.must("pull", tmp+"/random", "random")
	r.local("random", r.onPhone(tmp+"/random"))

	// Trees.
	digests := map[string]string{}
	for i := range 32 {
		name := fmt.Sprintf("tree/sub %d/ünïcødé-%d", i%3, i)
		data := noise(uint64(i), 1024*(1+i%16))
		digests[name] = sum(data)
		r.write(name, data)
	}
	r.must("push", "tree", tmp)
	for name, digest := range digests {
		if got := r.onPhone(tmp + "/" + name); got != digest {
			t.Errorf("%s: sum %s, want %s", name, got, digest)
		}
	}
	back := func(into, at string) {
		t.Helper()
		r.must("pull", tmp+"/tree", into)
		for name, digest := range digests {
			r.local(filepath.Join(at, strings.TrimPrefix(name, "tree/")), digest)
		}
	}
	for _, err := range []error{
		os.Mkdir(filepath.Join(r.dir, "existing"), 0o755), os.Mkdir(filepath.Join(r.dir, "real"), 0o755),
		os.Symlink("real", filepath.Join(r.dir, "link")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	back("existing", "existing/tree")
	back("link", "real/tree")
	back("new", "new")
	r.must("shell", "mkdir "+tmp+"/empty")
	r.must("pull", tmp+"/empty", "existing")
	if info, err := os.Stat(filepath.Join(r.dir, "existing/empty")); err != nil || !info.IsDir() {
		t.Errorf("an empty directory: %v, %v", info, err)
	}

	// Several at once, links, directories that are not there.
	r.write("one", []byte("1"))
	r.write("two", []byte("2"))
	r.must("push", "one", "two", tmp+"/")
	r.want("12", "shell", "cat "+tmp+"/one "+tmp+"/two")
	r.must("pull", tmp+"/one", tmp+"/two", "existing")
	r.local("existing/two", sum([]byte("2")))
	if err := os.Symlink("one", filepath.Join(r.dir, "symlink")); err != nil {
		t.Fatal(err)
	}
	r.must("push", "symlink", tmp+"/")
	r.want("1", "shell", "cat "+tmp+"/symlink")
	r.must("push", "one", tmp+"/not/there/yet")
	r.want("1", "shell", "cat "+tmp+"/not/there/yet")
	r.must("push", "one", tmp+"/名前 😀")
	r.want("1", "shell", "cat '"+tmp+"/名前 😀'")

	// Errors are told.
	if got := r.adb("push", "big", "/system/"); got.exit == 0 || !strings.Contains(got.stdout+got.stderr, "Read-only file system") {
		t.Errorf("push into /system: %+v", got)
	}
	r.must("shell", "touch "+tmp+"/secret; chmod a-rwx "+tmp+"/secret")
	if got := r.adb("pull", tmp+"/secret", "x"); got.exit == 0 || !strings.Contains(got.stdout+got.stderr, "Permission denied") {
		t.Errorf("pull of a secret: %+v", got)
	}
}

// "adb sync" sends what has changed, by size and time.
func TestOutsidersSync(t *testing.T) {
	r := newRig(t, virtual.Options{Seed: 1})
	r.write("product/data/local/tmp/adb_sync/a", []byte("a"))
	r.write("product/data/local/tmp/adb_sync/sub/b", []byte("b"))
	run := func() string {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		cmd := r.command(ctx, "-s", r.serial, "sync", "data")
		cmd.Env = append(cmd.Env, "ANDROID_PRODUCT_OUT="+filepath.Join(r.dir, "product"))
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("adb sync: %v\n%s", err, out)
		}
		return string(out)
	}
	if got := run(); !strings.Contains(got, "2 files pushed, 0 skipped") {
		t.Errorf("first sync: %s", got)
	}
	r.want("ab", "shell", "cd /data/local/tmp/adb_sync; cat a sub/b")
	if got := run(); !strings.Contains(got, "0 files pushed, 2 skipped") {
		t.Errorf("second sync: %s", got)
	}
	r.write("product/data/local/tmp/adb_sync/a", []byte("longer"))
	if got := run(); !strings.Contains(got, "1 file pushed, 1 skipped") {
		t.Errorf("third sync: %s", got)
	}
}

// What goes into a forwarded port comes out of a reversed one: through the
// phone's own socket, and both adb connections.
func TestOutsidersForwardReverse(t *testing.T) {
	r := newRig(t, virtual.Options{Seed: 1})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	home := fmt.Sprintf("tcp:%d", l.Addr().(*net.TCPAddr).Port)
	r.want("", "reverse", "tcp:12345", home)
	port := strings.TrimSpace(r.must("forward", "tcp:0", "tcp:12345"))
	client, err := net.Dial("tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	accepted, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer accepted.Close()
	data := noise(7, 3_000_000)
	go func() {
		_, _ = accepted.Write([]byte("from home\n"))
	}()
	if line, err := bufio.NewReader(client).ReadString('\n'); line != "from home\n" {
		t.Errorf("the client got %q, %v", line, err)
	}
	go func() {
		_, _ = client.Write(data)
		_ = client.Close()
	}()
	if got, err := io.ReadAll(accepted); !bytes.Equal(got, data) || err != nil {
		t.Errorf("%d of %d bytes came home, %v", len(got), len(data), err)
	}

	// From the phone's side, several at once, both ways.
	for i := range 10 {
		conn, err := r.phone.Dial(t.Context(), "tcp:12345")
		if err != nil {
			t.Fatal(err)
		}
		accepted, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			_, _ = io.Copy(accepted, accepted)
			_ = accepted.Close()
		}()
		text := noise(uint64(i), 200_000)
		go func() { _, _ = conn.Write(text) }()
		got := make([]byte, len(text))
		if _, err := io.ReadFull(conn, got); err != nil || !slices.Equal(got, text) {
			t.Errorf("connection %d: not what was sent, %v", i, err)
		}
		_ = conn.Close()
	}

	// A program of the phone's behind a forward.
	stop, err := r.phone.ListenLocal("localabstract:echo", func(_ context.Context, s io.ReadWriter) error {
		_, err := io.Copy(s, s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	port = strings.TrimSpace(r.must("forward", "tcp:0", "localabstract:echo"))
	echo, err := net.Dial("tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = echo.Write([]byte("hello"))
	answer := make([]byte, 5)
	if _, err := io.ReadFull(echo, answer); string(answer) != "hello" {
		t.Errorf("the phone's program answered %q, %v", answer, err)
	}
	_ = echo.Close()
	stop()

	// Nobody home: the phone's side is told, and so is the client of a forward.
	_ = l.Close()
	if conn, err := r.phone.Dial(t.Context(), "tcp:12345"); err == nil {
		t.Errorf("connected to a host's port that is closed: %v", conn)
	}
	if conn, err := r.phone.Dial(t.Context(), "tcp:54321"); err == nil {
		t.Errorf("connected to a port that nobody listens on: %v", conn)
	}
	// With the transport its reverse connections go.
	r.must("shell", "true")
	r.plain("disconnect", r.serial)
	r.plain("connect", r.serial)
	r.want("\n", "reverse", "--list")
}
