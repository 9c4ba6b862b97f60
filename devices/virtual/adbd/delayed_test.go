package adbd

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
)

const delayedHello = "host::features=shell_v2,delayed_ack"

func credit(n int32) string { return string(binary.LittleEndian.AppendUint32(nil, uint32(n))) }

// With delayed acknowledgements both sides count bytes: docs/dev/delayed_ack.md.
func TestDelayedAcks(t *testing.T) {
	d, _, _ := tinyPhone()
	p := connect(t, d, Options{})
	p.send("CNXN", 0x01000001, 1000, delayedHello)
	p.next()

	// An OPEN without a window is refused.
	p.send("OPEN", 6, 0, "exec:echo")
	p.want("CLSE 0 6", "")

	// The phone sends until the window is used up, overdrawing it by one message
	// at most, and goes on by as much as was consumed.
	p.send("OPEN", 7, 2500, "exec:spam 5000")
	p.want("OKAY 1 7", credit(1<<20))
	got := func(sizes ...int) {
		t.Helper()
		for _, want := range sizes {
			if text, data, _ := p.next(); text != "WRTE 1 7" || len(data) != want {
				t.Fatalf("phone sent %q with %d bytes, want %d", text, len(data), want)
			}
		}
	}
	got(1000, 1000, 1000) // 2500 - 3000 = -500
	p.silent()
	p.send("OKAY", 7, 1, credit(500)) // 0: not yet
	p.send("OKAY", 7, 1, "")          // malformed: dropped
	p.silent()
	p.send("OKAY", 7, 1, credit(1))
	got(1000)
	p.send("OKAY", 7, 1, credit(2500))
	got(1000)
	p.want("CLSE 1 7", "")

	// The other way: nothing is acknowledged before it was consumed, and then by
	// its length.
	p.send("OPEN", 8, 1<<20, "exec:keep")
	p.want("OKAY 2 8", credit(1<<20))
	p.send("WRTE", 8, 2, "abc")
	p.send("WRTE", 8, 2, strings.Repeat("x", 1000))
	p.want("OKAY 2 8", credit(3))
	p.want("OKAY 2 8", credit(1000))
	p.send("CLSE", 8, 2, "")
	p.want("CLSE 2 8", "")
}

// A host that does not know them gets none, whatever the phone can do; and one
// that sends a window all the same is refused, as adbd does.
func TestDelayedAcksAreNegotiated(t *testing.T) {
	plain, _, _ := tinyPhone()
	b := tinyBanner()
	b.Features = []string{"shell_v2"}
	unable := NewDaemon(b, newTinyShell(), plain.tree)
	for _, c := range []struct {
		phone *Daemon
		hello string
	}{{plain, hostHello}, {unable, delayedHello}, {plain, "host::"}, {plain, "host::features=delayed_acks"}} {
		p := connect(t, c.phone, Options{})
		p.send("CNXN", 0x01000001, 1<<20, c.hello)
		p.next()
		p.send("OPEN", 7, 1000, "exec:echo")
		p.want("CLSE 0 7", "")
		p.send("OPEN", 7, 0, "exec:echo hi")
		p.want("OKAY 1 7", "")
		p.want("WRTE 1 7", "hi\n")
	}
}

// The phone opens a stream to what was reversed, with a window or without.
func TestReverseOnTheWire(t *testing.T) {
	for _, delayed := range []bool{false, true} {
		d, _, _ := tinyPhone()
		p := connect(t, d, Options{})
		hello, ack, window, first := hostHello, "", uint32(0), ""
		if delayed {
			hello, ack, window, first = delayedHello, credit(5), 1<<20, credit(1<<20)
		}
		p.send("CNXN", 0x01000001, 1<<20, hello)
		p.next()
		p.send("OPEN", 7, window, "reverse:forward:tcp:8081;tcp:9000\x00")
		p.want("OKAY 1 7", first)
		p.want("WRTE 1 7", "OKAY")
		p.want("CLSE 1 7", "")
		p.send("CLSE", 7, 1, "")

		said := make(chan string, 1)
		go func() {
			conn, err := d.Dial(context.Background(), "tcp:8081")
			if err != nil {
				said <- err.Error()
				return
			}
			_, _ = io.WriteString(conn, "hello")
			b := make([]byte, 5)
			_, err = io.ReadFull(conn, b)
			_ = conn.Close()
			said <- fmt.Sprint(string(b), err)
		}()
		p.want(fmt.Sprintf("OPEN 2 %d", window), "tcp:9000\x00")
		p.send("OKAY", 70, 2, first)
		p.want("WRTE 2 70", "hello")
		p.send("OKAY", 70, 2, ack)
		p.send("WRTE", 70, 2, "there")
		p.want("OKAY 2 70", ack)
		p.want("CLSE 2 70", "")
		if got := <-said; got != "there<nil>" {
			t.Errorf("the phone's program got %q", got)
		}
		// Refused: the host answers with CLSE, which is not answered.
		go func() {
			_, err := d.Dial(context.Background(), "tcp:8081")
			said <- fmt.Sprint(err)
		}()
		p.want(fmt.Sprintf("OPEN 3 %d", window), "tcp:9000\x00")
		p.send("CLSE", 0, 3, "")
		if got := <-said; !strings.Contains(got, "the host closed the stream") {
			t.Errorf("a refused connection: %s", got)
		}
		p.silent()
	}
}

// A host that sends what nobody reads loses its connection, and no other.
func TestHostileHost(t *testing.T) {
	d, sh, _ := tinyPhone()
	good := connect(t, d, Options{})
	good.hello()
	bad := connect(t, d, Options{})
	bad.hello()
	bad.send("OPEN", 7, 0, "exec:block")
	bad.want("OKAY 1 7", "")
	<-sh.blocked
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	message := raw("WRTE", 7, 1, strings.Repeat("x", 1<<20))
	sent := 0
	for ; sent < 1000; sent++ {
		if _, err := bad.conn.Write(message); err != nil {
			break
		}
	}
	if sent < 100 || sent > 200 {
		t.Errorf("the phone took %d MiB that nobody read, want about 128", sent)
	}
	_ = bad.conn.Close()
	<-sh.freed
	bad.done <- <-bad.done
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 16<<20 {
		t.Errorf("%d MiB are left behind", grown>>20)
	}

	// Too many streams are refused, one by one.
	many := connect(t, serviceFunc(func(ctx context.Context, _ io.ReadWriter) error { <-ctx.Done(); return nil }), Options{})
	many.send("CNXN", 0x01000001, 1<<20, hostHello)
	many.next()
	for id := uint32(1); id <= maxStreams; id++ {
		many.send("OPEN", id, 0, "x")
		if text, _, _ := many.next(); !strings.HasPrefix(text, "OKAY") {
			t.Fatalf("stream %d: %q", id, text)
		}
	}
	many.send("OPEN", 5000, 0, "x")
	many.want("CLSE 0 5000", "")

	good.send("OPEN", 9, 0, "exec:echo fine")
	good.want("OKAY 1 9", "")
	good.want("WRTE 1 9", "fine\n")
}
