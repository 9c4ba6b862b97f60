package adbd

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/devices/virtual/fs"
)

// open starts a service of d on one end of a pipe and returns the other.
func open(t *testing.T, d *Daemon, service string) (host net.Conn, done <-chan error) {
	t.Helper()
	serve, err := d.Open(service)
	if err != nil {
		t.Fatal(err)
	}
	host, phone := net.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := serve(t.Context(), phone)
		_ = phone.Close()
		ended <- err
	}()
	t.Cleanup(func() { _ = host.Close() })
	_ = host.SetDeadline(time.Now().Add(time.Minute))
	return host, ended
}

func packet(id byte, data string) string {
	return string(id) + string(binary.LittleEndian.AppendUint32(nil, uint32(len(data)))) + data
}

// What a host sends, and all that the phone answers until it closes. Streams
// are joined: how output is cut into packets is not part of the promise.
func TestShellProtocol(t *testing.T) {
	for _, c := range []struct {
		name, service, input string
		stdout, stderr, exit string
		pty                  bool
		term                 string
	}{
		{"both streams", "shell,v2,raw:echo a;err b;exit 9", "\x04\x00\x00\x00\x00", "a\n", "b\n", "\x09", false, "dumb"},
		{"no word for the terminal", "shell,v2,TERM=xterm:echo a", "", "a\n", "", "\x00", false, "xterm"},
		{"not found", "shell,v2,raw:foo", "", "", "/system/bin/sh: foo: inaccessible or not found\n", "\x7f", false, "dumb"},
		{"input", "shell,v2,TERM=vt100,raw:cat", packet(0, "one ") + packet(5, "24x80,0x0") + packet(0, "") + packet(0, "two") + packet(4, ""),
			"one two", "", "\x00", false, "vt100"},
		{"unread input", "shell,v2,raw:echo x", packet(0, "ignored") + packet(4, ""), "x\n", "", "\x00", false, "dumb"},
		{"unknown packets", "shell,v2,raw:cat", packet(77, "what") + packet(0, "x") + packet(4, ""), "x", "", "\x00", false, "dumb"},
		{"colons and commas in the line", "shell,v2,raw:echo a:b,pty:c", "", "a:b,pty:c\n", "", "\x00", false, "dumb"},
		{"terminal", "shell,v2,TERM=xterm,pty:echo a;err b", "", "a\r\nb\r\n", "", "\x00", true, "xterm"},
		{"interactive", "shell,v2,TERM=xterm,pty:", packet(5, "24x80,0x0") + packet(0, "zz\x15ehj\x7f\x7fxit 4\r"),
			"$ zz\b \b\b \behj\b \b\b \bxit 4\r\n", "", "\x04", true, "xterm"},
		{"interactive, interrupted, ended", "shell,v2,pty:", packet(0, "abc\x03\x04"), "$ abc^C", "", "\x00", true, "dumb"},
		{"interactive by default", "shell,v2:", packet(0, "exit 4\r"), "$ exit 4\r\n", "", "\x04", true, "dumb"},
		{"interactive without terminal", "shell,v2,raw:", packet(0, "echo hi\n") + packet(4, ""), "$ hi\n$ ", "", "\x00", false, "dumb"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, sh, _ := tinyPhone()
			host, done := open(t, d, c.service)
			wrote := make(chan struct{})
			go func() {
				defer close(wrote)
				_, _ = io.WriteString(host, c.input)
			}()
			got := map[byte]string{}
			for {
				var h [5]byte
				if _, err := io.ReadFull(host, h[:]); err == io.EOF {
					break
				} else if err != nil {
					t.Fatal(err)
				}
				data := make([]byte, binary.LittleEndian.Uint32(h[1:]))
				if _, err := io.ReadFull(host, data); err != nil {
					t.Fatal(err)
				}
				if _, ok := got[3]; ok {
					t.Errorf("packet %d after the exit status", h[0])
				}
				got[h[0]] += string(data)
			}
			<-wrote
			if err := <-done; err != nil {
				t.Error(err)
			}
			want := map[byte]string{3: c.exit}
			if c.stdout != "" {
				want[1] = c.stdout
			}
			if c.stderr != "" {
				want[2] = c.stderr
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("packets (-want +got):\n%s", diff)
			}
			if last := sh.last(t); last.PTY != c.pty || last.Env["TERM"] != c.term {
				t.Errorf("command has PTY %v TERM %q, want %v %q", last.PTY, last.Env["TERM"], c.pty, c.term)
			}
		})
	}
}

func TestPlainServices(t *testing.T) {
	for _, c := range []struct {
		service, want string
		pty           bool
		argv          []string
	}{
		{"shell:echo a;err b;exit 9", "a\nb\n", true, nil},
		{"shell,TERM=xterm:echo a", "a\n", true, nil},
		{"exec:echo a;err b", "a\nb\n", false, nil},
		{"abb_exec:package\x00list\x00\x00x y", "Success\n", false, []string{"package", "list", "", "x y"}},
		{"abb:settings\x00get\x00global\x00x", packet(1, "Success\n") + packet(3, "\x00"), false, []string{"settings", "get", "global", "x"}},
	} {
		d, sh, _ := tinyPhone()
		host, done := open(t, d, c.service)
		got, err := io.ReadAll(host)
		if err != nil || string(got) != c.want {
			t.Errorf("%q answered %q, %v; want %q", c.service, got, err, c.want)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		last := sh.last(t)
		if diff := cmp.Diff(c.argv, last.Argv); diff != "" || last.PTY != c.pty {
			t.Errorf("%q: PTY %v, argv %s", c.service, last.PTY, diff)
		}
	}
}

// Output appears while the command runs, and a command whose output nobody
// takes waits.
func TestOutputFlows(t *testing.T) {
	d, sh, _ := tinyPhone()
	host, _ := open(t, d, "exec:echo first;block")
	line := make([]byte, 6)
	if _, err := io.ReadFull(host, line); err != nil || string(line) != "first\n" {
		t.Fatalf("got %q, %v", line, err)
	}
	<-sh.blocked

	wrote := make(chan int, 1)
	busy := runFunc(func(_ context.Context, c Command) int {
		n := 0
		for range 100 {
			k, err := c.Stdout.Write(make([]byte, 40<<10))
			n += k
			if err != nil {
				break
			}
			if n == 5*40<<10 {
				wrote <- n
			}
		}
		wrote <- n
		return 0
	})
	host, done := open(t, NewDaemon(tinyBanner(), busy, fs.NewAndroid(fixedTime)), "exec:x")
	<-wrote
	select {
	case n := <-wrote:
		t.Fatalf("%d bytes were written to a host that takes none", n)
	case <-time.After(100 * time.Millisecond):
	}
	_ = host.Close()
	if n := <-wrote; n >= 100*40<<10 {
		t.Errorf("writing to a host that has gone went on to the end")
	}
	if err := <-done; err == nil {
		t.Error("the service did not say that output was lost")
	}
}

// What comes close together travels together.
func TestOutputIsGathered(t *testing.T) {
	together := 0
	for range 50 {
		w := &countingWriter{}
		o := newOutput(w)
		for _, part := range []string{"a", "b"} {
			_, _ = io.WriteString(o, part)
			for start := time.Now(); time.Since(start) < 100*time.Microsecond; {
				runtime.Gosched()
			}
		}
		if err := o.Close(); err != nil {
			t.Fatal(err)
		}
		if w.writes == 1 {
			together++
		}
	}
	// A busy machine may part some.
	if together == 0 {
		t.Error("two writes 100 µs apart never shared a message")
	}
}

type runFunc func(context.Context, Command) int

func (f runFunc) Run(ctx context.Context, c Command) int { return f(ctx, c) }

func TestHooks(t *testing.T) {
	d, _, _ := tinyPhone(WithService("reboot:", func(arg string) (Service, error) {
		return func(_ context.Context, s io.ReadWriter) error {
			_, err := io.WriteString(s, "to "+arg)
			return err
		}, nil
	}))
	host, _ := open(t, d, "reboot:recovery")
	if got, err := io.ReadAll(host); string(got) != "to recovery" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

func FuzzShellPackets(f *testing.F) {
	f.Add([]byte(packet(0, "hello") + packet(4, "")))
	f.Add([]byte{0, 0xff, 0xff, 0xff, 0xff, 1})
	f.Add([]byte(packet(5, "24x80,0x0")))
	f.Fuzz(func(t *testing.T, b []byte) {
		// A second reader, one packet at a time, must see the same data.
		var got, want []byte
		_ = readPackets(bytes.NewReader(b), func(id byte, part []byte) error {
			got = append(append(got, id), part...)
			return nil
		})
		for rest := b; len(rest) >= 5; {
			n := binary.LittleEndian.Uint32(rest[1:])
			if uint64(n) > 32<<10 || uint64(n) > uint64(len(rest)-5) {
				return // cut off, or long enough to come in pieces
			}
			want = append(append(want, rest[0]), rest[5:5+n]...)
			rest = rest[5+n:]
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("read % x, want % x", got, want)
		}
	})
}

// A long packet comes in pieces, all under its id.
func TestLongPacket(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	var got, ids []byte
	err := readPackets(strings.NewReader(packet(0, long)+packet(4, "")), func(id byte, data []byte) error {
		got, ids = append(got, data...), append(ids, id)
		return nil
	})
	if err != io.EOF || string(got) != long || !bytes.Equal(ids, []byte{0, 0, 0, 0, 4}) {
		t.Errorf("%d bytes, ids %v, %v; want 100000 bytes of packet 0 in four pieces, then 4", len(got), ids, err)
	}
}
