package virtual_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/ringproof/ringproof/devices/virtual"
)

// Beside a client that breaks the rules, each in its turn, a good one has its
// answers, within bounds and right to the byte; then nothing of all that is left.
func TestHostileClientsHarmOnlyThemselves(t *testing.T) {
	for name, front := range map[string]struct {
		foes func() map[string]attack
		open func(t *testing.T, o virtual.Options) (addr string, good way, closed func() error)
	}{
		"transport":  {transportFoes, overTransport},
		"smart host": {smartFoes, overSmartHost},
	} {
		t.Run(name, func(t *testing.T) {
			running := goleak.IgnoreCurrent()
			addr, good, closed := front.open(t, virtual.Options{Seed: 1, Serial: "virtual-1", RealTime: true})
			foesHere := front.foes()
			before := heap()
			for _, name := range slices.Sorted(maps.Keys(foesHere)) {
				t.Run(name, func(t *testing.T) {
					ctx, cancel := context.WithCancel(t.Context())
					ended := make(chan struct{})
					go func() { defer close(ended); besiege(ctx, addr, 1, foesHere[name]) }()
					goodClient(t, good)
					cancel()
					within(t, "the hostile client ends", ended)
				})
			}

			// What they held is given back while the phone lives.
			deadline := time.Now().Add(bound)
			for left := heap() - before; left > 32<<20; left = heap() - before {
				if time.Now().After(deadline) {
					t.Errorf("%d MiB are left behind", left>>20)
					break
				}
			}
			off := make(chan struct{})
			go func() {
				defer close(off)
				if err := closed(); err != nil {
					t.Error(err)
				}
			}()
			within(t, "the phone is switched off", off)
			if err := goleak.Find(running); err != nil {
				t.Error(err)
			}
		})
	}
}

func overTransport(t *testing.T, o virtual.Options) (string, way, func() error) {
	t.Helper()
	p, err := virtual.New(o)
	if err != nil {
		t.Fatal(err)
	}
	addr, err := p.Listen(context.Background(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return addr, wire{addr}, p.Close
}

func overSmartHost(t *testing.T, o virtual.Options) (string, way, func() error) {
	t.Helper()
	f, err := virtual.NewFleet(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return f.Addr(), smart{f.Addr(), o.Serial}, f.Close
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

func within(t *testing.T, what string, done <-chan struct{}) {
	t.Helper()
	select {
	case <-done:
	case <-time.After(3 * bound):
		stacks := make([]byte, 1<<20)
		t.Fatalf("not within %v: %s\n%s", 3*bound, what, stacks[:runtime.Stack(stacks, true)])
	}
}

// goodClient runs commands, sends files there and back and follows the log.
func goodClient(t *testing.T, w way) {
	t.Helper()
	const rounds = 2
	stream, err := w.open("exec:logcat -v raw -s Good:I")
	if err != nil {
		t.Fatalf("open the log: %v", err)
	}
	stream.(interface{ patient() }).patient() // the wait for a line is bounded below
	lines := make(chan string, rounds)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(stream); s.Scan(); {
			lines <- s.Text()
		}
	}()
	defer func() {
		_ = stream.Close()
		for range lines {
		}
	}()
	var peak int64
	var slowest time.Duration
	random := rand.New(rand.NewPCG(1, 2))
	for round := range rounds {
		began := time.Now()
		want := fmt.Sprintf("round %d\n", round)
		if got, status, err := say(w, fmt.Sprintf("echo round %d; sleep 0.05; sh -c 'exit %d'", round, round)); got != want || status != round || err != nil {
			t.Fatalf("round %d: the command said %q, %d, %v", round, got, status, err)
		}
		data := make([]byte, 300_000+round)
		for i := range data {
			data[i] = byte(random.Uint32())
		}
		if err := pushTo(w, "/data/local/tmp/good", data); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if got, err := pullFrom(w, "/data/local/tmp/good"); err != nil || !bytes.Equal(got, data) {
			t.Fatalf("round %d: %d bytes came back of %d, %v", round, len(got), len(data), err)
		}
		if _, status, err := say(w, fmt.Sprintf("log -p i -t Good line %d", round)); status != 0 || err != nil {
			t.Fatalf("round %d: log: %d, %v", round, status, err)
		}
		for want := fmt.Sprintf("line %d", round); ; {
			var got string
			select {
			case got = <-lines:
			case <-time.After(bound):
				t.Fatalf("round %d: the log does not come", round)
			}
			if got == want {
				break
			}
			if got == "" || !strings.HasPrefix(got, "--------- ") {
				t.Fatalf("round %d: the log says %q", round, got)
			}
		}
		slowest = max(slowest, time.Since(began))
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		peak = max(peak, int64(m.HeapAlloc+m.StackInuse))
	}
	t.Logf("slowest of %d rounds: %v; at most %d MiB, %d goroutines", rounds, slowest, peak>>20, runtime.NumGoroutine())
	if slowest > bound {
		t.Errorf("a round took %v", slowest)
	}
	if peak > 512<<20 {
		t.Errorf("%d MiB were held", peak>>20)
	}
}

// attack does its evil on one connection until that breaks, or ctx is done and
// closes it.
type attack func(ctx context.Context, conn net.Conn, random *rand.Rand)

// besiege attacks on connection after connection until ctx is done.
func besiege(ctx context.Context, addr string, seed uint64, a attack) {
	random := rand.New(rand.NewPCG(seed, 7))
	for ctx.Err() == nil {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
		if err != nil {
			continue
		}
		turn, cancel := context.WithTimeout(ctx, 3*time.Second)
		stop := context.AfterFunc(turn, func() { _ = conn.Close() })
		a(turn, conn, random)
		stop()
		cancel()
		_ = conn.Close()
		// The cores are for the phone, too.
		pause, done := context.WithTimeout(ctx, 100*time.Millisecond)
		<-pause.Done()
		done()
	}
}

// sent says whether all parts were taken.
func sent(conn net.Conn, parts [][]byte) bool {
	for _, b := range parts {
		if _, err := conn.Write(b); err != nil {
			return false
		}
	}
	return true
}

// leaves sends things and hangs up at once.
func leaves(parts ...[]byte) attack {
	return func(_ context.Context, conn net.Conn, _ *rand.Rand) { sent(conn, parts) }
}

// stays sends things and reads what comes for as long as it may.
func stays(parts ...[]byte) attack {
	return func(_ context.Context, conn net.Conn, _ *rand.Rand) {
		if sent(conn, parts) {
			_, _ = io.Copy(io.Discard, conn)
		}
	}
}

// deaf sends things, never reads and does not go.
func deaf(parts ...[]byte) attack {
	return func(ctx context.Context, conn net.Conn, _ *rand.Rand) {
		if sent(conn, parts) {
			<-ctx.Done()
		}
	}
}

// noisy sends things and random bytes after them.
func noisy(parts ...[]byte) attack {
	return func(_ context.Context, conn net.Conn, random *rand.Rand) {
		b := make([]byte, 1<<16)
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		for sent(conn, parts) {
			parts = [][]byte{b[random.IntN(len(b)):]}
		}
	}
}

// again is a part several times over, held once.
func again(part []byte, n int) [][]byte { return slices.Repeat([][]byte{part}, n) }

// many is one message for each number.
func many(n int, one func(i uint32) []byte) []byte {
	var b []byte
	for i := range n {
		b = append(b, one(uint32(i+1))...)
	}
	return b
}

const gush = "exec:dd if=/dev/zero bs=1000000 count=100000"

func transportFoes() map[string]attack {
	hello := message("CNXN", 0x01000001, 1<<20, greeting)
	wrong := message("OPEN", 1, 0, "sync:")
	wrong[20] ^= 0xff
	long := message("WRTE", 1, 1, "")
	binary.LittleEndian.PutUint32(long[12:], 0xffffffff)
	half := message("OPEN", 1, 0, strings.Repeat("x", 1<<20))
	opens := func(n int, service string) []byte {
		return many(n, func(i uint32) []byte { return message("OPEN", i, 0, service) })
	}
	packet := "\x00\xff\xff\xff\xff" + strings.Repeat("x", 100)
	return map[string]attack{
		"random bytes":             noisy(),
		"random bytes after hello": noisy(hello),
		"nothing":                  stays(),
		"another protocol":         stays([]byte("GET / HTTP/1.1\r\n\r\n")),
		"half a hello":             stays(hello[:10]),
		"wrong magic":              leaves(hello, wrong),
		"huge length":              stays(hello, long),
		"half a message":           stays(hello, half[:1<<19]),
		"hello again and again":    leaves(bytes.Repeat(hello, 1000)),
		"never reads":              deaf(hello, opens(20, gush)),
		"never reads, asks on":     deaf(hello, opens(5, "exec:cat"), bytes.Repeat(message("WRTE", 1, 1, ""), 200_000)),
		"never acknowledges":       stays(hello, opens(50, gush), opens(50, "exec:logcat")),
		"never waits":              stays(slices.Concat([][]byte{hello, message("OPEN", 1, 0, "exec:logcat -b radio")}, again(message("WRTE", 1, 1, strings.Repeat("x", 1<<20)), 200))...),
		"opens and opens":          stays(hello, opens(3000, "exec:cat")),
		"opens terminals":          leaves(hello, opens(300, "shell,v2,TERM=xterm,pty:"), bytes.Repeat(message("WRTE", 1, 1, packet), 10)),
		"long services":            stays(append([][]byte{hello}, again(opens(1, strings.Repeat("y", 1<<20)), 300)...)...),
		"long commands":            stays(append([][]byte{hello}, again(opens(1, "exec:cat "+strings.Repeat("y", 1<<20-10)), 4)...)...),
		"opens and hangs up":       leaves(hello, opens(20, "exec:cat"), opens(20, "sync:"), opens(20, gush)),
		"trust me": leaves(bytes.Repeat(message("AUTH", 3, 0, "QAAAAA== me@here\x00"), 1000), hello,
			bytes.Repeat(message("AUTH", 2, 0, strings.Repeat("s", 256)), 5000), bytes.Repeat(message("AUTH", 3, 0, strings.Repeat("k", 4000)), 1000)),
		"foreign ids": leaves(hello, many(3000, func(i uint32) []byte {
			return append(append(message("CLSE", i, i%50, ""), message("OKAY", i, i%50, "abcd")...), message("WRTE", i, i%50, "z")...)
		})),
		"closes with 0": leaves(hello, many(500, func(i uint32) []byte {
			return append(message("OPEN", i, 0, "exec:cat"), message("CLSE", i, 0, "")...)
		})),
		"reverses everything": stays(hello, opens(2000, "reverse:forward:tcp:0;tcp:1")),
		"broken sync": stays(hello, opens(1, "sync:"), message("WRTE", 1, 1, "SEND\xff\xff\xff\xffxxxx"),
			opens(3, "sync:"), message("WRTE", 2, 2, "SEND\x10\x00\x00\x00/sdcard/x,33188 DATA\xff\xff\xff\xff"), message("WRTE", 3, 3, "LIST\x01\x00\x00\x00/")),
		"delayed, without end": stays(message("CNXN", 0x01000001, 1<<20, "host::features=delayed_ack"),
			many(30, func(i uint32) []byte { return message("OPEN", i, 0x7fffffff, gush) }),
			many(1000, func(i uint32) []byte { return message("OKAY", i%30, i%30, "\xff\xff\xff\x7f") })),
	}
}

func smartFoes() map[string]attack {
	ask := func(requests ...string) []byte {
		var b []byte
		for _, r := range requests {
			b = fmt.Appendf(b, "%04x%s", len(r), r)
		}
		return b
	}
	to := "host:transport:virtual-1"
	return map[string]attack{
		"random bytes":          noisy(),
		"nothing":               stays(),
		"half a length":         stays([]byte("00")),
		"half a request":        stays([]byte("ffffhost:")),
		"no length":             stays([]byte("zzzz")),
		"empty":                 stays([]byte("0000")),
		"long":                  stays(ask("host:" + strings.Repeat("x", 65_000))),
		"never reads":           deaf(ask(to, gush)),
		"never reads the list":  deaf(ask("host:track-devices")),
		"never reads the log":   deaf(ask(to, "exec:logcat -b all")),
		"never reads, writes":   deaf(ask(to, "exec:cat"), make([]byte, 4<<20)),
		"a sleeper's input":     deaf(ask(to, "exec:logcat -b radio"), make([]byte, 8<<20)),
		"hangs up":              leaves(ask(to, gush)),
		"hangs up at once":      leaves(ask(to)),
		"waits for nobody":      stays(ask("host-serial:nobody:wait-for-any-device")),
		"waits and talks":       stays(ask("host-serial:nobody:wait-for-any-device"), make([]byte, 8<<20)),
		"broken sync":           stays(ask(to, "sync:"), []byte("SEND\xff\xff\xff\xffxxxx")),
		"endless data":          stays(ask(to, "sync:"), []byte("SEND\x10\x00\x00\x00/sdcard/x,33188 DATA\xff\xff\xff\xff"), make([]byte, 8<<20)),
		"broken shell":          stays(ask(to, "shell,v2,pty:"), bytes.Repeat([]byte("\x00\xff\xff\xff\x7f"), 1000)),
		"nobody's transport":    stays(ask("host:transport:nobody")),
		"no service":            stays(ask(to, "")),
		"another server's port": stays([]byte("CNXN\x00\x00\x00\x01")),
		"long command":          stays(ask(to, "exec:cat "+strings.Repeat("y", 65_000))),
	}
}
