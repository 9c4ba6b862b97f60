package adb

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"net"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/devices"
)

// answering is a fake whose phone answers every command with raw and then
// waits for the client.
func answering(t *testing.T, raw string) *fake {
	f := newFake(t, "shell_v2")
	f.on("shell,v2,raw:", func(c *call) { c.okay(); c.raw(raw); c.gone() })
	return f
}

// cutting ends the connection after raw.
func cutting(t *testing.T, raw string) *fake {
	f := newFake(t, "shell_v2")
	f.on("shell,v2,raw:", func(c *call) { c.okay(); c.raw(raw) })
	return f
}

func TestRun(t *testing.T) {
	for _, c := range []struct {
		name, raw string
		want      devices.Output
	}{
		{"both streams and a status", packet(1, "out\n") + packet(2, "err\n") + packet(1, "more") + packet(3, "\x07"),
			devices.Output{Stdout: []byte("out\nmore"), Stderr: []byte("err\n"), Exit: 7}},
		{"nothing", packet(3, "\x00"), devices.Output{}},
		{"all bytes", packet(1, "\x00\xff\r\n\x04") + packet(3, "\x00"), devices.Output{Stdout: []byte("\x00\xff\r\n\x04")}},
		{"a signal", packet(3, "\x89"), devices.Output{Exit: 137}},
		{"empty packets", packet(1, "") + packet(2, "") + packet(3, "\xff"), devices.Output{Exit: 255}},
		{"unknown packets", packet(9, "noise") + packet(255, "") + packet(0, "stdin?") + packet(1, "x") + packet(3, "\x01"),
			devices.Output{Stdout: []byte("x"), Exit: 1}},
		{"a long exit packet", packet(3, "\x02\x00\x00\x00"), devices.Output{Exit: 2}},
		{"a packet larger than any buffer", packet(1, strings.Repeat("y\n", 300_000)) + packet(3, "\x00"),
			devices.Output{Stdout: []byte(strings.Repeat("y\n", 300_000))}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := answering(t, c.raw).phone(nil).Run(t.Context(), "x")
			if err != nil {
				t.Fatal(err)
			}
			if string(got.Stdout) != string(c.want.Stdout) || string(got.Stderr) != string(c.want.Stderr) || got.Exit != c.want.Exit {
				t.Errorf("got %.200q, %.200q, exit %d", got.Stdout, got.Stderr, got.Exit)
			}
		})
	}
}

// The command goes out as it is, and its standard input is closed at once.
func TestRunSendsTheScriptAndClosesStdin(t *testing.T) {
	f := newFake(t, "shell_v2")
	got := make(chan []byte, 1)
	f.on("shell,v2,raw:", func(c *call) {
		c.okay()
		got <- c.bytes(5)
		c.packet(3, "\x00")
		c.gone()
	})
	const script = `echo "a b" 'c' | cat; exit $?`
	if _, err := f.phone(nil).Run(t.Context(), script); err != nil {
		t.Fatal(err)
	}
	if b := <-got; string(b) != "\x04\x00\x00\x00\x00" {
		t.Errorf("the phone read %q, want close-stdin", b)
	}
	if d := cmp.Diff([]string{"shell,v2,raw:" + script}, f.asked("shell")); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestRunInput(t *testing.T) {
	f := newFake(t, "shell_v2")
	f.on("shell,v2,raw:cat", func(c *call) {
		c.okay()
		for {
			b := c.bytes(5)
			if b == nil {
				return
			}
			data := c.bytes(int(binary.LittleEndian.Uint32(b[1:])))
			if b[0] == 4 {
				c.packet(3, "\x00")
				c.gone()
				return
			}
			c.packet(1, string(data))
		}
	})
	// Enough to fill both sockets' buffers unless somebody reads meanwhile.
	input := bytes.Repeat([]byte("0123456789abcdef"), 1<<20)
	out, err := f.phone(nil).RunInput(t.Context(), "cat", input)
	if err != nil || !bytes.Equal(out.Stdout, input) {
		t.Errorf("%d bytes came back of %d, %v", len(out.Stdout), len(input), err)
	}
	if _, err := newFake(t).phone(nil).RunInput(t.Context(), "cat", []byte("x")); !errors.Is(err, Refused) && !errors.Is(err, Protocol) {
		t.Errorf("a phone without shell_v2: %v", err)
	}
}

// The packets are those of adb's shell_protocol.h: an id, the length, the bytes.
// Standard input stays open between them.
func TestStartInput(t *testing.T) {
	f := newFake(t, "shell_v2")
	f.on("shell,v2,raw:read", func(c *call) {
		c.okay()
		for _, want := range []string{"\x00\x02\x00\x00\x00a\n", "\x00\x01\x00\x00\x00b"} {
			if got := c.bytes(len(want)); string(got) != want {
				t.Errorf("standard input is %q, want %q", got, want)
			}
			c.packet(1, "got ")
		}
		c.packet(3, "\x05")
		c.gone()
	})
	p, err := f.phone(nil).StartInput(t.Context(), "read")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	b := make([]byte, 4)
	for _, typed := range []string{"a\n", "b"} {
		if n, err := io.WriteString(p, typed); n != len(typed) || err != nil {
			t.Errorf("wrote %d, %v", n, err)
		}
		if _, err := io.ReadFull(p, b); err != nil || string(b) != "got " {
			t.Errorf("read %q, %v", b, err)
		}
	}
	if out, err := p.Wait(); err != nil || out.Exit != 5 {
		t.Errorf("Wait: %+v, %v", out, err)
	}

	old := newFake(t)
	old.on("shell:", func(c *call) { c.okay(); c.gone() })
	legacy, err := old.phone(nil).StartInput(t.Context(), "read")
	if err != nil {
		t.Fatal(err)
	}
	defer legacy.Close()
	if n, err := io.WriteString(legacy, "x"); n != 0 || !errors.Is(err, Refused) {
		t.Errorf("a phone without shell_v2 took %d bytes, %v", n, err)
	}
}

// The end of the stream without an exit packet is never the command's end.
func TestLostTransportIsNotTheEnd(t *testing.T) {
	for name, raw := range map[string]string{
		"before anything":      "",
		"between packets":      packet(1, "half\n"),
		"in a header":          packet(1, "half\n") + "\x01\x00",
		"in a packet":          "\x01\x64\x00\x00\x00half",
		"in an unknown packet": "\x09\x64\x00\x00\x00half",
		"in the exit packet":   "\x03\x01\x00\x00\x00",
	} {
		t.Run(name, func(t *testing.T) {
			out, err := cutting(t, raw).phone(nil).Run(t.Context(), "x")
			if !errors.Is(err, TransportLost) {
				t.Errorf("Run: %+v, %v", out, err)
			}
			p, err := cutting(t, raw).phone(nil).Start(t.Context(), "x")
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			if _, err := io.ReadAll(p); !errors.Is(err, TransportLost) {
				t.Errorf("Read: %v", err)
			}
			if _, err := p.Wait(); !errors.Is(err, TransportLost) {
				t.Errorf("Wait: %v", err)
			}
		})
	}
}

func TestExitPacketWithoutStatus(t *testing.T) {
	_, err := answering(t, packet(3, "")).phone(nil).Run(t.Context(), "x")
	var e *Error
	if !errors.As(err, &e) || e.Kind != Protocol || e.Serial != "phone" {
		t.Errorf("got %v", err)
	}
}

// Features are asked once for a connection, and again when they were wrong:
// a restarted server gives the old id to another phone.
func TestFeaturesAreRememberedUntilTheyAreWrong(t *testing.T) {
	f := answering(t, packet(3, "\x00"))
	phone := f.phone(nil)
	for range 3 {
		if _, err := phone.Run(t.Context(), "x"); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(f.asked("host-serial:phone:features")); n != 1 {
		t.Errorf("asked %d times for features", n)
	}
	f.on("shell,v2,raw:", func(c *call) { c.fail("closed") })
	f.on("host-serial:phone:features", func(c *call) { c.okay(); c.text("cmd") })
	f.on("shell:", v1Phone("old\r\n", "3", "\r\n"))
	out, err := phone.Run(t.Context(), "x")
	if err != nil || out.Exit != 3 || string(out.Stdout) != "old\n" {
		t.Errorf("got %+v, %v", out, err)
	}
}

func TestStartReadsWhileTheCommandRuns(t *testing.T) {
	f := newFake(t, "shell_v2")
	next := make(chan string)
	f.on("shell,v2,raw:", func(c *call) {
		c.okay()
		for s := range next {
			c.raw(s)
		}
		c.gone()
	})
	p, err := f.phone(nil).Start(t.Context(), "logcat")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	b := make([]byte, 3)
	next <- packet(1, "abcdef") + packet(2, "warn")
	for _, want := range []string{"abc", "def"} {
		if n, err := p.Read(b); err != nil || string(b[:n]) != want {
			t.Errorf("read %q, %v", b[:n], err)
		}
	}
	if n, err := p.Read(nil); n != 0 || err != nil {
		t.Errorf("an empty read: %d, %v", n, err)
	}
	next <- packet(1, "g") + packet(2, "ing") + packet(3, "\x04")
	close(next)
	if got, err := io.ReadAll(p); err != nil || string(got) != "g" {
		t.Errorf("read %q, %v", got, err)
	}
	out, err := p.Wait()
	if d := cmp.Diff(devices.Output{Stderr: []byte("warning"), Exit: 4}, out); err != nil || d != "" {
		t.Errorf("%v (-want +got)\n%s", err, d)
	}
	if again, err := p.Wait(); err != nil || again.Exit != 4 {
		t.Errorf("waiting again: %+v, %v", again, err)
	}
}

// Wait never loses output: it may run beside a reader or before one.
func TestWaitKeepsOutputForReaders(t *testing.T) {
	raw := strings.Repeat(packet(1, "0123456789"), 2000) + packet(3, "\x01")
	p, err := answering(t, raw).phone(nil).Start(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	first := make([]byte, 7)
	if _, err := io.ReadFull(p, first); err != nil {
		t.Fatal(err)
	}
	read := make(chan []byte)
	go func() {
		b, _ := io.ReadAll(p)
		read <- b
	}()
	if out, err := p.Wait(); err != nil || out.Exit != 1 || out.Stdout != nil {
		t.Errorf("Wait: %+v, %v", out, err)
	}
	if got := len(<-read); got != 20_000-7 {
		t.Errorf("the reader got %d bytes", got)
	}
}

func TestWaitDoesNotKeepEverything(t *testing.T) {
	p, err := answering(t, packet(1, strings.Repeat("x", 5000))).phone(func(l *Limits) { l.Output = 1000 }).Start(t.Context(), "yes")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if _, err := p.Wait(); !errors.Is(err, TooLong) {
		t.Errorf("got %v", err)
	}
}

func TestStderrIsBounded(t *testing.T) {
	p, err := answering(t, packet(2, strings.Repeat("e", keptStderr+5000))+packet(3, "\x00")).phone(nil).Start(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if out, err := p.Wait(); err != nil || len(out.Stderr) != keptStderr {
		t.Errorf("%d bytes, %v", len(out.Stderr), err)
	}
}

func TestCloseEndsABlockedReadAndWait(t *testing.T) {
	f := newFake(t, "shell_v2")
	closed := make(chan struct{})
	f.on("shell,v2,raw:", func(c *call) { c.okay(); c.packet(1, "x"); c.gone(); close(closed) })
	p, err := f.phone(nil).Start(t.Context(), "logcat")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 2)
	go func() { _, err := p.Read(make([]byte, 1)); ended <- err }()
	go func() { _, err := p.Wait(); ended <- err }()
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	for range 2 {
		if err := <-ended; !errors.Is(err, Canceled) || !errors.Is(err, net.ErrClosed) {
			t.Errorf("got %v", err)
		}
	}
	within(t, "the phone sees the end", closed)
}

func TestCancelEndsAProcess(t *testing.T) {
	f := newFake(t, "shell_v2")
	closed := make(chan struct{})
	f.on("shell,v2,raw:", func(c *call) { c.okay(); c.gone(); close(closed) })
	ctx, cancel := context.WithCancel(t.Context())
	p, err := f.phone(nil).Start(ctx, "logcat")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	cancel()
	if _, err := p.Wait(); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	within(t, "the phone sees the end", closed)
}

// Whatever the bytes are, split or not: the same pieces, no more bytes than
// came in, and an end only at an exit packet.
func FuzzShellV2(f *testing.F) {
	f.Add([]byte(packet(1, "out") + packet(2, "err") + packet(3, "\x07")))
	f.Add([]byte(packet(1, "") + packet(9, "xyz") + packet(3, "")))
	f.Add([]byte("\x01\xff\xff\xff\xffabc"))
	f.Add([]byte("\x03\x02\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		read := func(r io.Reader) (out [3][]byte, exit int, err error) {
			d := newV2Decoder(r)
			for {
				from, err := d.piece()
				if err != nil {
					return out, d.exit(), err
				}
				for {
					var b [7]byte
					n, err := d.Read(b[:])
					out[from] = append(out[from], b[:n]...)
					if err != nil {
						return out, 0, err
					}
					if n == 0 {
						break
					}
				}
			}
		}
		a, exit, err := read(bytes.NewReader(raw))
		b, exit2, err2 := read(iotest.OneByteReader(bytes.NewReader(raw)))
		if d := cmp.Diff(a, b); d != "" || exit != exit2 || (err == io.EOF) != (err2 == io.EOF) {
			t.Fatalf("split reads differ: %v %v, %d %d\n%s", err, err2, exit, exit2, d)
		}
		if len(a[1])+len(a[2]) > len(raw) {
			t.Fatal("more output than input")
		}
		if exit < 0 || exit > math.MaxUint8 {
			t.Fatalf("exit %d", exit)
		}
		if err == io.EOF && !bytes.Contains(raw, []byte{3}) {
			t.Fatal("a clean end without an exit packet")
		}
	})
}
