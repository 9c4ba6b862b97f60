package adb

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fake is a scripted smart-socket server: per request, by the longest prefix
// that fits, a function that answers. It is written from the protocol's text
// and shares nothing with the client.
type fake struct {
	t  testing.TB
	ln net.Listener
	wg sync.WaitGroup

	mu       sync.Mutex
	answers  map[string]func(*call)
	requests []string
	open     map[net.Conn]bool
}

// call is one request on its way through the fake.
type call struct {
	*fake
	net.Conn
	request string
	r       *bufio.Reader
	// stay keeps the connection for another request.
	stay bool
}

// newFake has one ready phone: "phone", transport 7, with the given features.
func newFake(t testing.TB, features ...string) *fake {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &fake{t: t, ln: ln, answers: map[string]func(*call){}, open: map[net.Conn]bool{}}
	f.on("host:tport:serial:phone", func(c *call) {
		c.okay()
		c.raw("\x07\x00\x00\x00\x00\x00\x00\x00")
		c.stay = true
	})
	f.on("host-serial:phone:features", func(c *call) {
		c.okay()
		c.text(strings.Join(features, ","))
	})
	f.wg.Add(1)
	go f.serve()
	t.Cleanup(f.stop)
	return f
}

func (f *fake) addr() string { return f.ln.Addr().String() }

func (f *fake) server(opts ...Option) *Server { return NewServer(f.addr(), opts...) }

// phone is the fake's one phone, under the limits that change makes.
func (f *fake) phone(change func(*Limits)) *Device {
	l := DefaultLimits()
	if change != nil {
		change(&l)
	}
	return f.server(WithLimits(l)).Device("phone")
}

func (f *fake) on(prefix string, answer func(*call)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answers[prefix] = answer
}

func (f *fake) stop() {
	f.ln.Close()
	f.mu.Lock()
	for c := range f.open {
		c.Close()
	}
	f.mu.Unlock()
	f.wg.Wait()
}

func (f *fake) serve() {
	defer f.wg.Done()
	for {
		c, err := f.ln.Accept()
		if err != nil {
			return
		}
		f.mu.Lock()
		f.open[c] = true
		f.mu.Unlock()
		f.wg.Add(1)
		go func() {
			defer f.wg.Done()
			defer func() {
				c.Close()
				f.mu.Lock()
				delete(f.open, c)
				f.mu.Unlock()
			}()
			r := bufio.NewReader(c)
			for f.answer(c, r) {
			}
		}()
	}
}

func (f *fake) answer(c net.Conn, r *bufio.Reader) bool {
	var size [4]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return false
	}
	n, err := strconv.ParseUint(string(size[:]), 16, 32)
	if err != nil {
		f.t.Errorf("fake: request begins with %q", size)
		return false
	}
	request := make([]byte, n)
	if _, err := io.ReadFull(r, request); err != nil {
		return false
	}
	k := &call{fake: f, Conn: c, request: string(request), r: r}
	f.mu.Lock()
	f.requests = append(f.requests, k.request)
	best := ""
	for p := range f.answers {
		if strings.HasPrefix(k.request, p) && len(p) >= len(best) {
			best = p
		}
	}
	fn := f.answers[best]
	f.mu.Unlock()
	if fn == nil {
		k.fail("unknown host service")
		return false
	}
	fn(k)
	return k.stay
}

// asked lists the requests with the prefix.
func (f *fake) asked(prefix string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []string
	for _, r := range f.requests {
		if strings.HasPrefix(r, prefix) {
			list = append(list, r)
		}
	}
	return list
}

func (c *call) raw(s string)    { _, _ = io.WriteString(c.Conn, s) }
func (c *call) okay()           { c.raw("OKAY") }
func (c *call) text(s string)   { c.raw(fmt.Sprintf("%04x%s", len(s), s)) }
func (c *call) fail(msg string) { c.raw("FAIL"); c.text(msg) }

// gone waits until the client has closed the connection.
func (c *call) gone() { _, _ = io.Copy(io.Discard, c.r) }

// packet writes one packet of the shell protocol.
func (c *call) packet(id byte, data string) { c.raw(packet(id, data)) }

func packet(id byte, data string) string {
	return string(binary.LittleEndian.AppendUint32([]byte{id}, uint32(len(data)))) + data
}

// frame is a sync packet: an id and a length or value.
func frame(id string, n int) string {
	return string(binary.LittleEndian.AppendUint32([]byte(id), uint32(n)))
}

// readFrame reads the id and the length of a sync packet.
func (c *call) readFrame() (string, int) {
	var b [8]byte
	if _, err := io.ReadFull(c.r, b[:]); err != nil {
		return "", 0
	}
	return string(b[:4]), int(binary.LittleEndian.Uint32(b[4:]))
}

// bytes reads exactly n bytes.
func (c *call) bytes(n int) []byte {
	b := make([]byte, n)
	if _, err := io.ReadFull(c.r, b); err != nil {
		return nil
	}
	return b
}

// within fails the test if c is not closed soon.
func within(t testing.TB, what string, c <-chan struct{}) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(time.Minute):
		t.Fatalf("%s: not in a minute", what)
	}
}

// sockets counts this process's open descriptors.
func sockets(t testing.TB) int {
	t.Helper()
	// The first socket of a process opens files of the runtime's own, which stay.
	if l, err := net.Listen("tcp", "127.0.0.1:0"); err == nil {
		_ = l.Close()
	}
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skipf("counts open files in /proc/self/fd: %v", err)
	}
	return len(list)
}
