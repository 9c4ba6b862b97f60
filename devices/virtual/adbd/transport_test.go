package adbd

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// peer is an adb server's side of a transport, message by message.
type peer struct {
	t    *testing.T
	conn net.Conn
	done chan error // result of Serve
}

func connect(t *testing.T, s Services, o Options) *peer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	host, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	phone, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	p := &peer{t: t, conn: host, done: make(chan error, 1)}
	go func() { p.done <- Serve(context.Background(), phone, s, o) }()
	t.Cleanup(func() {
		_ = host.Close()
		<-p.done
	})
	return p
}

// raw is a message as bytes, put together without the code under test.
func raw(command string, arg0, arg1 uint32, data string) []byte {
	var b bytes.Buffer
	b.WriteString(command)
	for _, v := range []uint32{arg0, arg1, uint32(len(data)), 0} {
		_ = binary.Write(&b, binary.LittleEndian, v)
	}
	for _, c := range []byte(command) {
		b.WriteByte(^c)
	}
	b.WriteString(data)
	return b.Bytes()
}

func (p *peer) send(command string, arg0, arg1 uint32, data string) {
	p.t.Helper()
	if _, err := p.conn.Write(raw(command, arg0, arg1, data)); err != nil {
		p.t.Fatal(err)
	}
}

// next is the next message of the phone as "CMD arg0 arg1 data".
func (p *peer) next() (text, data string, arg0 uint32) {
	p.t.Helper()
	_ = p.conn.SetReadDeadline(time.Now().Add(time.Minute))
	var h [24]byte
	if _, err := io.ReadFull(p.conn, h[:]); err != nil {
		p.t.Fatalf("wait for a message: %v", err)
	}
	b := make([]byte, binary.LittleEndian.Uint32(h[12:]))
	if _, err := io.ReadFull(p.conn, b); err != nil {
		p.t.Fatal(err)
	}
	sum := uint32(0)
	for _, c := range b {
		sum += uint32(c)
	}
	if got := binary.LittleEndian.Uint32(h[16:]); got != sum {
		p.t.Fatalf("checksum %d, want %d", got, sum)
	}
	for i := range 4 {
		if h[20+i] != ^h[i] {
			p.t.Fatalf("bad magic in % x", h)
		}
	}
	arg0 = binary.LittleEndian.Uint32(h[4:])
	return fmt.Sprintf("%s %d %d", h[:4], arg0, binary.LittleEndian.Uint32(h[8:])), string(b), arg0
}

func (p *peer) want(text, data string) {
	p.t.Helper()
	gotText, gotData, _ := p.next()
	if gotText != text || gotData != data {
		p.t.Fatalf("phone sent %q %q, want %q %q", gotText, gotData, text, data)
	}
}

const hostHello = "host::features=shell_v2,cmd,stat_v2,ls_v2"

func (p *peer) hello() {
	p.t.Helper()
	p.send("CNXN", 0x01000001, 1<<20, hostHello)
	p.want("CNXN 16777217 1048576", "device::ro.product.name=vphone;ro.product.model=Virtual Phone 1;"+
		"ro.product.device=vp1;features=shell_v2,cmd,stat_v2,ls_v2,fixed_push_mkdir,apex,abb,"+
		"fixed_push_symlink_timestamp,abb_exec,remount_shell,sendrecv_v2,sendrecv_v2_brotli,sendrecv_v2_lz4,sendrecv_v2_zstd,sendrecv_v2_dry_run_send,delayed_ack")
}

// The whole life of one command, as adb.md 2.4 and 3.2 have it: eight messages.
func TestOneCommand(t *testing.T) {
	d, _, _ := tinyPhone()
	p := connect(t, d, Options{})
	p.hello()
	p.send("OPEN", 7, 0, "shell,v2,TERM=xterm,raw:echo hi;err no;exit 3\x00")
	p.want("OKAY 1 7", "")
	// One WRTE as a rule; a busy machine may need more.
	got := ""
	for {
		text, data, _ := p.next()
		if text == "CLSE 1 7" {
			break
		}
		if text != "WRTE 1 7" {
			t.Fatalf("phone sent %q", text)
		}
		got += data
		p.send("OKAY", 7, 1, "")
	}
	if want := "\x01\x03\x00\x00\x00hi\n\x02\x03\x00\x00\x00no\n\x03\x01\x00\x00\x00\x03"; got != want {
		t.Fatalf("output %q, want %q", got, want)
	}
	p.send("CLSE", 7, 1, "")
	// Nothing of this is answered; the next stream gets the next id.
	p.send("OPEN", 8, 0, "shell:echo hi")
	p.want("OKAY 2 8", "")
	p.want("WRTE 2 8", "hi\n")
	p.want("CLSE 2 8", "")
}

func TestTraceTellsEverything(t *testing.T) {
	var mu sync.Mutex
	var seen []string
	d, _, _ := tinyPhone()
	p := connect(t, d, Options{Trace: func(e Event) {
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, fmt.Sprintf("%v %s %d %d %s", e.Sent, e.Command, e.Arg0, e.Arg1, e.Service))
	}})
	p.hello()
	p.send("OPEN", 7, 0, "jdwp\x00")
	p.want("CLSE 0 7", "")
	mu.Lock()
	defer mu.Unlock()
	want := []string{"false CNXN 16777217 1048576 ", "true CNXN 16777217 1048576 ", "false OPEN 7 0 jdwp", "true CLSE 0 7 "}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Error(diff)
	}
}

func TestRefusedServices(t *testing.T) {
	d, _, _ := tinyPhone()
	p := connect(t, d, Options{})
	p.hello()
	for i, service := range []string{
		"tcp:80", "localabstract:x", "jdwp", "root:", "shell,v2", "",
	} {
		p.send("OPEN", uint32(i+1), 0, service+"\x00")
		p.want(fmt.Sprintf("CLSE 0 %d", i+1), "")
	}
}

func TestOneWriteInFlight(t *testing.T) {
	d, _, _ := tinyPhone()
	p := connect(t, d, Options{MaxPayload: 1000})
	p.send("CNXN", 0x01000001, 600, hostHello)
	if text, _, _ := p.next(); text != "CNXN 16777217 1000" {
		t.Fatalf("phone sent %q", text)
	}
	p.send("OPEN", 7, 0, "exec:spam 1500")
	p.want("OKAY 1 7", "")
	got := 0
	for _, want := range []int{600, 600, 300} {
		text, data, _ := p.next()
		if text != "WRTE 1 7" || len(data) != want {
			t.Fatalf("phone sent %q with %d bytes, want %d", text, len(data), want)
		}
		got += len(data)
		if got == 1500 {
			break
		}
		// Another stream still moves, and this one waits for its OKAY.
		p.send("OPEN", 100+uint32(got), 0, "tcp:1")
		p.want(fmt.Sprintf("CLSE 0 %d", 100+got), "")
		p.send("OKAY", 7, 1, "")
	}
	p.want("CLSE 1 7", "")
}

func TestAcknowledgedWhenConsumed(t *testing.T) {
	read, ended := make(chan int), make(chan error, 1)
	s := serviceFunc(func(_ context.Context, stream io.ReadWriter) (err error) {
		defer func() { ended <- err }()
		for n := range read {
			if _, err := io.ReadFull(stream, make([]byte, n)); err != nil {
				return err
			}
		}
		return nil
	})
	p := connect(t, s, Options{})
	p.send("CNXN", 0x01000001, 1<<20, hostHello)
	p.next()
	p.send("OPEN", 7, 0, "x")
	p.want("OKAY 1 7", "")
	p.send("WRTE", 7, 1, "abcd")
	read <- 3
	p.send("OPEN", 9, 0, "refuse") // no OKAY may come before this answer
	p.want("CLSE 0 9", "")
	read <- 1
	p.want("OKAY 1 7", "")
	// An adb server whose client has gone does not wait any more: nothing of
	// what it sends may be lost.
	p.send("WRTE", 7, 1, "1")
	p.send("WRTE", 7, 1, "2")
	p.send("WRTE", 7, 1, "3")
	p.send("CLSE", 7, 1, "")
	p.want("CLSE 1 7", "")
	read <- 3
	close(read)
	if err := <-ended; err != nil {
		t.Errorf("the last words were lost: %v", err)
	}
}

// serviceFunc serves every service but "refuse".
type serviceFunc Service

func (serviceFunc) Banner() Banner { return tinyBanner() }
func (f serviceFunc) Open(service string) (Service, error) {
	if service == "refuse" {
		return nil, errors.New("no")
	}
	return Service(f), nil
}

func TestHostCloses(t *testing.T) {
	d, sh, _ := tinyPhone()
	p := connect(t, d, Options{})
	p.hello()
	p.send("OPEN", 7, 0, "shell,v2,raw:block")
	p.want("OKAY 1 7", "")
	<-sh.blocked
	p.send("CLSE", 7, 1, "")
	p.want("CLSE 1 7", "")
	<-sh.freed
	// Ids that nobody knows: no answer, no harm.
	p.send("CLSE", 7, 1, "")
	p.send("WRTE", 7, 1, "x")
	p.send("OKAY", 44, 55, "")
	p.send("SYNC", 1, 1, "")
	p.send("OPEN", 8, 0, "tcp:1")
	p.want("CLSE 0 8", "")
}

// A host may give up before it has learned our id.
func TestHostClosesEarly(t *testing.T) {
	opened, release := make(chan struct{}), make(chan struct{})
	s := slowOpen{opened, release}
	p := connect(t, s, Options{})
	p.send("CNXN", 0x01000001, 1<<20, hostHello)
	p.next()
	p.send("OPEN", 7, 0, "x")
	<-opened
	p.send("CLSE", 7, 0, "")
	p.want("CLSE 1 7", "")
	close(release)
	p.send("OPEN", 8, 0, "x")
	<-opened
	p.want("OKAY 2 8", "")
}

type slowOpen struct{ opened, release chan struct{} }

func (slowOpen) Banner() Banner { return tinyBanner() }
func (s slowOpen) Open(string) (Service, error) {
	s.opened <- struct{}{}
	<-s.release
	return func(ctx context.Context, _ io.ReadWriter) error { <-ctx.Done(); return nil }, nil
}

// exec-in sends its last bytes and goes; the command still gets all of them.
func TestInputOutlivesTheHost(t *testing.T) {
	d, sh, _ := tinyPhone()
	p := connect(t, d, Options{})
	p.hello()
	p.send("OPEN", 7, 0, "exec:keep")
	p.want("OKAY 1 7", "")
	p.send("WRTE", 7, 1, "last words")
	p.send("CLSE", 7, 1, "")
	<-sh.freed
	if got := sh.input(); got != "last words" {
		t.Errorf("the command got %q", got)
	}
}

func TestFaults(t *testing.T) {
	rest := func(p *peer) int {
		_ = p.conn.SetReadDeadline(time.Now().Add(time.Minute))
		n, err := io.Copy(io.Discard, p.conn)
		if err != nil {
			t.Fatalf("wait for the end: %v", err)
		}
		return int(n)
	}
	d, _, _ := tinyPhone()
	t.Run("down", func(t *testing.T) {
		if n := rest(connect(t, d, Options{Faults: Faults{Down: true}})); n != 0 {
			t.Errorf("a phone that is down said %d bytes", n)
		}
	})
	t.Run("cut", func(t *testing.T) {
		p := connect(t, d, Options{Faults: Faults{CutAfter: 100}})
		p.send("CNXN", 0x01000001, 1<<20, hostHello)
		if n := rest(p); n != 100 {
			t.Errorf("cut after %d bytes, want 100", n)
		}
	})
	t.Run("recovery", func(t *testing.T) {
		p := connect(t, d, Options{Faults: Faults{State: "recovery"}})
		p.send("CNXN", 0x01000001, 1<<20, hostHello)
		if _, banner, _ := p.next(); !strings.HasPrefix(banner, "recovery::") {
			t.Errorf("banner %q", banner)
		}
	})
	t.Run("mute", func(t *testing.T) {
		p := connect(t, d, Options{Faults: Faults{Mute: true}})
		p.send("CNXN", 0x01000001, 1<<20, hostHello)
		_ = p.conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		if _, err := p.conn.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("a mute phone said something: %v", err)
		}
	})
	t.Run("no exit packet", func(t *testing.T) {
		d, _, _ := tinyPhone(WithoutExitPacket())
		p := connect(t, d, Options{})
		p.hello()
		p.send("OPEN", 7, 0, "shell,v2,raw:echo hi")
		p.want("OKAY 1 7", "")
		p.want("WRTE 1 7", "\x01\x03\x00\x00\x00hi\n")
		p.want("CLSE 1 7", "")
	})
}

func TestListenOnLoopbackOnly(t *testing.T) {
	d, _, _ := tinyPhone()
	for _, addr := range []string{"0.0.0.0:0", ":0", "192.168.1.1:0", "example.org:0", "127.0.0.1", "[::]:0"} {
		if srv, err := Listen(t.Context(), addr, d, Options{}); err == nil {
			_ = srv.Close()
			t.Errorf("listening on %s was allowed", addr)
		}
	}
}

// Close ends running commands and leaves nothing; goleak watches the rest.
func TestCloseEndsEverything(t *testing.T) {
	// A machine that is busy may once take as long as a wait for orphans does;
	// a wait for them takes that long every time.
	took := orphaned
	for range 3 {
		if took = closes(t); took < orphaned {
			return
		}
	}
	t.Errorf("closing took %v: it waited for orphans", took)
}

// closes is how long it takes to close a port on which 15 commands run.
func closes(t *testing.T) time.Duration {
	t.Helper()
	before := openFiles(t)
	d, sh, _ := tinyPhone()
	srv, err := Listen(context.Background(), "127.0.0.1:0", d, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var conns []net.Conn
	for range 5 {
		conn, err := net.Dial("tcp", srv.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		conns = append(conns, conn)
		p := &peer{t: t, conn: conn}
		p.hello()
		for id, service := range []string{"shell,v2,raw:block", "exec:block", "shell:block", "sync:", "shell,v2,pty:"} {
			p.send("OPEN", uint32(id+1), 0, service)
		}
		for range 3 {
			<-sh.blocked
		}
	}
	start := time.Now()
	if err := srv.Close(); err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	if len(sh.freed) != 15 {
		t.Errorf("%d of 15 commands have ended", len(sh.freed))
	}
	for _, c := range conns {
		_ = c.Close()
	}
	if after := openFiles(t); after > before {
		t.Errorf("%d open files before, %d after", before, after)
	}
	return took
}

func openFiles(t *testing.T) int {
	t.Helper()
	// The first socket of a process opens files of the runtime's own, which stay.
	if l, err := net.Listen("tcp", "127.0.0.1:0"); err == nil {
		_ = l.Close()
	}
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skipf("cannot count open files here: %v", err)
	}
	return len(list)
}

func TestReadMessage(t *testing.T) {
	good := raw("WRTE", 1, 2, "data")
	m, sum, err := readMessage(bytes.NewReader(good), 4)
	if err != nil {
		t.Fatal(err)
	}
	if sum != 0 {
		t.Errorf("checksum %d, want 0", sum)
	}
	want := message{command: 0x45545257, arg0: 1, arg1: 2, data: []byte("data")}
	if diff := cmp.Diff(want, m, cmp.AllowUnexported(message{})); diff != "" {
		t.Error(diff)
	}
	if _, _, err := readMessage(bytes.NewReader(good), 3); err == nil {
		t.Error("a payload over the limit was read")
	}
	if _, _, err := readMessage(bytes.NewReader(good[:26]), 4); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("short payload: %v", err)
	}
	good[21] ^= 1
	if _, _, err := readMessage(bytes.NewReader(good), 4); !errors.Is(err, errMagic) {
		t.Errorf("wrong magic: %v", err)
	}
}

func FuzzReadMessage(f *testing.F) {
	f.Add(raw("CNXN", 0x01000001, 1<<20, hostHello))
	f.Add(raw("WRTE", 1, 2, ""))
	f.Add([]byte("WRTE\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, _, err := readMessage(bytes.NewReader(b), 1<<16)
		if err != nil {
			return
		}
		h := m.header()
		again := append(h[:], m.data...)
		// All but the checksum survives.
		copy(again[16:20], b[16:20])
		if !bytes.Equal(again, b[:len(again)]) {
			t.Fatalf("read % x, wrote % x", b, again)
		}
	})
}
