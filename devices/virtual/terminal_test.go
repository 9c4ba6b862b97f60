package virtual_test

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/ringproof/ringproof/devices/virtual"
)

// terminal is a host's side of a shell on a terminal.
type terminal struct {
	t    *testing.T
	conn net.Conn
	seen string
	exit int // -1 while it runs
}

func openTerminal(t *testing.T, line string) *terminal {
	t.Helper()
	p, err := virtual.New(virtual.Options{Seed: 1, RealTime: true})
	if err != nil {
		t.Fatal(err)
	}
	serve, err := p.Open("shell,v2,TERM=xterm,pty:" + line)
	if err != nil {
		t.Fatal(err)
	}
	near, far := net.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = serve(ctx, far)
		_ = far.Close()
	}()
	t.Cleanup(func() {
		cancel()
		_ = near.Close()
		<-done
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	_ = near.SetDeadline(time.Now().Add(patience))
	return &terminal{t: t, conn: near, exit: -1}
}

func (m *terminal) send(id byte, text string) {
	m.t.Helper()
	b := binary.LittleEndian.AppendUint32([]byte{id}, uint32(len(text)))
	if _, err := m.conn.Write(append(b, text...)); err != nil {
		m.t.Fatalf("after %q: %v", m.seen, err)
	}
}

func (m *terminal) next() {
	m.t.Helper()
	var h [5]byte
	_, err := io.ReadFull(m.conn, h[:])
	data := make([]byte, binary.LittleEndian.Uint32(h[1:]))
	if err == nil {
		_, err = io.ReadFull(m.conn, data)
	}
	if err != nil {
		m.t.Fatalf("after %q: %v", m.seen, err)
	}
	if h[0] == 3 {
		m.exit = int(data[0])
		return
	}
	m.seen += string(data)
}

// await waits for a text and takes all up to its end.
func (m *terminal) await(text string) string {
	m.t.Helper()
	for !strings.Contains(m.seen, text) {
		if m.exit >= 0 {
			m.t.Fatalf("ended with %d before %q came: %q", m.exit, text, m.seen)
		}
		m.next()
	}
	before, after, _ := strings.Cut(m.seen, text)
	m.seen = after
	return before + text
}

func (m *terminal) end(want int) {
	m.t.Helper()
	for m.exit < 0 {
		m.next()
	}
	if m.exit != want {
		m.t.Errorf("exit %d, want %d; last words %q", m.exit, want, m.seen)
	}
}

const prompt = "virtual:/ $ "

// Ctrl-C ends what runs and what is being typed, and not the shell (mksh).
func TestInterrupt(t *testing.T) {
	for _, c := range []struct{ name, typed string }{
		{"a program that waits", "sleep 1000\n"},
		{"one that reads", "cat\n"},
		{"one that never stops", "while true; do :; done\n"},
		{"a pipeline", "logcat -s Nothing | grep x\n"},
		{"half a line", "echo half"},
		{"half a construct", "for i in 1 2\ndo\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := openTerminal(t, "")
			m.await(prompt)
			m.send(0, c.typed)
			m.await(strings.ReplaceAll(c.typed, "\n", "\r\n"))
			m.send(0, "\x03")
			if got := m.await(prompt); got != "^C\r\n130|"+prompt {
				t.Errorf("the answer to Ctrl-C is %q", got)
			}
			m.send(0, "echo still t\"here\"; exit 7\n")
			m.await("still there\r\n")
			m.end(7)
		})
	}
}

// All at once: what was typed before Ctrl-C is gone, what came after is done.
func TestInterruptInOrder(t *testing.T) {
	for range 20 {
		m := openTerminal(t, "")
		m.send(0, "sleep 1000\n\x03exit 7\n")
		m.end(7)
	}
}

// A command that is no shell ends with Ctrl-C, by its own word if it has one.
func TestInterruptCommand(t *testing.T) {
	for _, c := range []struct {
		line, first, last string
		exit              int
	}{
		{"echo here; sleep 1000; echo never", "here", "^C", 130},
		{"trap 'echo caught; exit 3' INT; echo here; sleep 1000", "here", "^Ccaught\r\n", 3},
	} {
		m := openTerminal(t, c.line)
		m.await(c.first + "\r\n")
		m.send(0, "\x03")
		m.end(c.exit)
		if m.seen != c.last {
			t.Errorf("%s: said %q, want %q", c.line, m.seen, c.last)
		}
	}
}

func TestTerminal(t *testing.T) {
	m := openTerminal(t, "")
	m.await(prompt)
	m.send(5, "33x77,0x0")
	for _, c := range []struct{ line, out, prompt string }{
		{"stty size", "33 77\r\n", prompt},
		{"tty", "/dev/pts/0\r\n", prompt},
		{"echo x | tty", "not a tty\r\n", "1|" + prompt},
		{"[ -t 0 ] && echo yes", "yes\r\n", prompt},
		{"false", "", "1|" + prompt},
		{"sleep 1000 & kill $!; wait $!; echo $?", "143\r\n", prompt},
		{"(sleep 1000; echo x) & kill -9 $!; wait $!", "", "137|" + prompt},
		{"(exit 3) & wait $!", "", "3|" + prompt},
	} {
		m.send(0, c.line+"\n")
		if got, want := m.await(prompt), c.line+"\r\n"+c.out+c.prompt; got != want {
			t.Errorf("%s: %q, want %q", c.line, got, want)
		}
	}
	m.send(0, "exit\n")
	m.end(3) // the status of the last one
}
