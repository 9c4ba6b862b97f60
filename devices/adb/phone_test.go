package adb_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/devices/adb/adbtest"
	"github.com/ringproof/ringproof/devices/virtual/adbd"
	"github.com/ringproof/ringproof/devices/virtual/adbhost"
	"github.com/ringproof/ringproof/devices/virtual/fs"
)

// shell is all that the phone of these tests can do.
type shell struct {
	blocked, freed chan struct{}
	// lost is closed when the connection is cut: a lost phone's command sends
	// no exit status any more, and neither may this one before the cut.
	lost chan struct{}
	cut  func()
}

// legacy is how the client runs a script on a phone without shell v2.
var legacy = regexp.MustCompile(`(?s)^echo (\S+); sh -c '(.*)' </dev/null; echo (\S+)\$\?$`)

func (s *shell) Run(ctx context.Context, c adbd.Command) int {
	if m := legacy.FindStringSubmatch(c.Line); m != nil {
		fmt.Fprintln(c.Stdout, m[1])
		c.Line, c.Stdin = m[2], strings.NewReader("")
		fmt.Fprintf(c.Stdout, "%s%d\n", m[3], s.Run(ctx, c))
		return 0
	}
	words := c.Argv
	if words == nil {
		words = strings.Fields(strings.ReplaceAll(c.Line, "'", ""))
	}
	switch {
	case len(words) == 0:
		return 0
	case words[0] == "echo":
		fmt.Fprintln(c.Stdout, strings.Join(words[1:], " "))
	case words[0] == "fail":
		fmt.Fprint(c.Stdout, "out\n")
		fmt.Fprint(c.Stderr, "err\n")
		return 7
	case words[0] == "cat":
		_, _ = io.Copy(c.Stdout, c.Stdin)
	case words[0] == "bytes":
		n, _ := strconv.Atoi(words[1])
		_, _ = io.CopyN(c.Stdout, allBytes{}, int64(n))
	case words[0] == "block":
		fmt.Fprintln(c.Stdout, "blocked")
		s.blocked <- struct{}{}
		<-ctx.Done()
		s.freed <- struct{}{}
		if !errors.Is(context.Cause(ctx), adbd.ErrHostClosed) {
			<-s.lost
		}
		return 129
	case strings.Contains(strings.Join(words, " "), "package install"):
		n, _ := strconv.ParseInt(words[len(words)-1], 10, 64)
		if got, _ := io.CopyN(io.Discard, c.Stdin, n); got != n {
			fmt.Fprintf(c.Stdout, "Failure [INSTALL_PARSE_FAILED_NOT_APK: %d bytes]\n", got)
			return 1
		}
		fmt.Fprintln(c.Stdout, "Success")
	case words[0] == "pm":
		fmt.Fprintln(c.Stdout, "Failure [INSTALL_FAILED_OLDER_SDK]")
		return 1
	default:
		fmt.Fprintf(c.Stderr, "/system/bin/sh: %s: inaccessible or not found\n", words[0])
		return 127
	}
	return 0
}

// allBytes is 0, 1, ... 255, 0, ... in every read, so a reader must read in
// multiples of 256 to see the sequence; io.CopyN with 32 KiB does.
type allBytes struct{}

func (allBytes) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(i)
	}
	return len(p), nil
}

// rig is one phone behind one kind of adb server.
type rig struct {
	server *adb.Server
	phone  *adb.Device
	shell  *shell
	// lose cuts the phone's connection.
	lose func()
	// real is the private adb server, nil for the one in process.
	real *adbtest.Server
	port *adbd.Server
}

func newPhone(features ...string) (*adbd.Daemon, *shell) {
	sh := &shell{blocked: make(chan struct{}, 100), freed: make(chan struct{}, 100), lost: make(chan struct{})}
	sh.cut = sync.OnceFunc(func() { close(sh.lost) })
	banner := adbd.Banner{State: "device", Product: "vphone", Model: "Virtual Phone", Device: "vp1", Features: features}
	return adbd.NewDaemon(banner, sh, fs.NewAndroid(time.Now)), sh
}

// features of a phone of Android 14, as far as they change what the client does.
func modern() []string {
	return []string{"shell_v2", "cmd", "stat_v2", "ls_v2", "fixed_push_mkdir", "abb_exec"}
}

// open serves a phone at an adb port of its own.
func open(t testing.TB, s adbd.Services, o adbd.Options) *adbd.Server {
	t.Helper()
	port, err := adbd.Listen(context.Background(), "127.0.0.1:0", s, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = port.Close() })
	return port
}

// realRig is a phone behind the real adb server.
func realRig(t testing.TB, o adbd.Options, features ...string) rig {
	t.Helper()
	private := adbtest.Start(t)
	d, sh := newPhone(features...)
	port := open(t, d, o)
	server := adb.NewServer(private.Addr)
	phone, err := server.Connect(t.Context(), port.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sh.cut)
	lose := func() { port.Disconnect(); sh.cut() }
	return rig{server: server, phone: phone, shell: sh, lose: lose, real: private, port: port}
}

// hostRig is a phone behind the adb server in process.
func hostRig(t testing.TB, features ...string) rig {
	t.Helper()
	h := adbhost.New()
	t.Cleanup(func() { _ = h.Close() })
	d, sh := newPhone(features...)
	if err := h.Add("R58M", d); err != nil {
		t.Fatal(err)
	}
	if err := h.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	server := adb.NewServer(h.Addr().String())
	lose := func() {
		if err := h.Drop("R58M"); err != nil {
			t.Error(err)
		}
		sh.cut()
	}
	t.Cleanup(sh.cut)
	return rig{server: server, phone: server.Device("R58M"), shell: sh, lose: lose}
}

// both runs a test on a modern phone behind each kind of server.
func both(t *testing.T, test func(t *testing.T, r rig)) {
	t.Run("adb server", func(t *testing.T) { test(t, realRig(t, adbd.Options{}, modern()...)) })
	t.Run("in process", func(t *testing.T) { test(t, hostRig(t, modern()...)) })
}

func soon(t testing.TB, what string, c <-chan struct{}) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(2 * time.Minute):
		t.Fatalf("%s: not in two minutes", what)
	}
}

// closedPort is an address where nobody listens.
func closedPort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
