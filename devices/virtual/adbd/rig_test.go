package adbd_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringproof/ringproof/devices/adb/adbtest"
	"github.com/ringproof/ringproof/devices/virtual"
)

const patience = 60 * time.Second

// proxy stands between the adb program and its server and writes down the
// service strings that the program sends.
type proxy struct {
	listener net.Listener
	server   string
	serial   string
	running  sync.WaitGroup

	mu   sync.Mutex
	seen []string
}

func newProxy(t *testing.T, server, serial string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: l, server: server, serial: serial}
	p.running.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			p.running.Go(func() { p.serve(client) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		p.running.Wait()
	})
	return p
}

func (p *proxy) port() string {
	_, port, _ := net.SplitHostPort(p.listener.Addr().String())
	return port
}

func (p *proxy) serve(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", p.server)
	if err != nil {
		return
	}
	defer server.Close()
	p.running.Go(func() {
		_, _ = io.Copy(client, server)
		_ = client.Close()
	})
	for more := true; more; {
		request, err := p.request(client)
		if err != nil {
			return
		}
		more = strings.HasPrefix(request, "host:tport:") || strings.HasPrefix(request, "host:transport")
		p.mu.Lock()
		p.seen = append(p.seen, strings.ReplaceAll(request, p.serial, "S"))
		p.mu.Unlock()
		if _, err := io.WriteString(server, hex4(len(request))+request); err != nil {
			return
		}
	}
	_, _ = io.Copy(server, client)
	_ = server.Close()
}

func hex4(n int) string {
	s := strconv.FormatInt(int64(n), 16)
	return strings.Repeat("0", 4-len(s)) + s
}

func (p *proxy) request(client io.Reader) (string, error) {
	length := make([]byte, 4)
	if _, err := io.ReadFull(client, length); err != nil {
		return "", err
	}
	n, err := strconv.ParseInt(string(length), 16, 32)
	if err != nil {
		return "", err
	}
	request := make([]byte, n)
	_, err = io.ReadFull(client, request)
	return string(request), err
}

func (p *proxy) take() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	seen := p.seen
	p.seen = nil
	return seen
}

// rig is a whole virtual phone, a private adb server that is connected to it,
// and the adb program behind a proxy.
type rig struct {
	t      *testing.T
	server *adbtest.Server
	phone  *virtual.Phone
	serial string
	proxy  *proxy
	dir    string // where the program runs
}

func newPhone(t *testing.T, o virtual.Options) (*virtual.Phone, string) {
	t.Helper()
	p, err := virtual.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	addr, err := p.Listen(context.Background(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return p, addr
}

func newRig(t *testing.T, o virtual.Options) *rig {
	t.Helper()
	r := &rig{t: t, server: adbtest.Start(t), dir: t.TempDir()}
	r.phone, r.serial = newPhone(t, o)
	r.proxy = newProxy(t, r.server.Addr, r.serial)
	if got := r.plain("connect", r.serial); got.stdout != "connected to "+r.serial+"\n" {
		t.Fatalf("adb connect: %+v", got)
	}
	r.proxy.take()
	return r
}

// result is what the adb program left behind.
type result struct {
	stdout, stderr string
	exit           int
}

// adb runs the program for the rig's phone.
func (r *rig) adb(args ...string) result { return r.input("", args...) }

// input is adb with standard input.
func (r *rig) input(stdin string, args ...string) result {
	return r.run(stdin, append([]string{"-s", r.serial}, args...))
}

// plain is adb without a phone.
func (r *rig) plain(args ...string) result { return r.run("", args) }

func (r *rig) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := r.server.Command(ctx)
	// The last of two -P counts.
	cmd.Args = append(cmd.Args, slices.Concat([]string{"-P", r.proxy.port()}, args)...)
	cmd.Env = append(cmd.Env, "TERM=xterm")
	cmd.Dir = r.dir
	return cmd
}

func (r *rig) run(stdin string, args []string) result {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	cmd := r.command(ctx, args...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &errs
	err := cmd.Run()
	got := result{stdout: out.String(), stderr: errs.String()}
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		r.t.Fatalf("adb %q did not end in %v; it said %+v\nit asked for %q", args, patience, got, r.proxy.take())
	case errors.As(err, &exit):
		got.exit = exit.ExitCode()
	case err != nil:
		r.t.Fatal(err)
	}
	return got
}

// want runs the program and compares all that it leaves behind.
func (r *rig) want(stdout string, args ...string) {
	r.t.Helper()
	if got := r.adb(args...); got != (result{stdout: stdout}) {
		r.t.Errorf("adb %q: %+v, want %q and no error", args, got, stdout)
	}
}
