package virtual

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"

	"github.com/ringproof/ringproof/devices/virtual/adbd"
	"github.com/ringproof/ringproof/devices/virtual/android"
)

// console is the little of an emulator's console (emulator/main-common.c,
// android/console.c) that "adb emu" and device lists ask for, and its modem: a phone
// with a console is one with a SIM. It wants no
// token: the file of tokens belongs to whoever owns the machine.
type console struct {
	p        *Phone
	listener net.Listener
	running  sync.WaitGroup

	mu    sync.Mutex
	conns map[net.Conn]bool
	ended bool
}

// maxLine bounds what a client may send as one command.
const maxLine = 4096

func listenConsole(ctx context.Context, p *Phone, port int) (*console, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:"+strconv.Itoa(port))
	if err != nil {
		return nil, err
	}
	p.sys.Do(func(d *android.Device) { d.Modem.InsertSIM() })
	c := &console{p: p, listener: l, conns: map[net.Conn]bool{}}
	c.running.Go(c.accept)
	return c, nil
}

func (c *console) accept() {
	for {
		conn, err := c.listener.Accept()
		if err != nil {
			return
		}
		c.mu.Lock()
		ended := c.ended
		if !ended {
			c.conns[conn] = true
			c.running.Go(func() { c.serve(conn) })
		}
		c.mu.Unlock()
		if ended {
			_ = conn.Close()
		}
	}
}

func (c *console) serve(conn net.Conn) {
	defer func() {
		_ = conn.Close()
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.conns, conn)
	}()
	_, _ = io.WriteString(conn, "Android Console: type 'help' for a list of commands\r\nOK\r\n")
	lines := bufio.NewScanner(conn)
	lines.Buffer(make([]byte, 256), maxLine)
	for lines.Scan() {
		answer, done := c.answer(strings.Fields(lines.Text()))
		if done {
			return
		}
		if _, err := io.WriteString(conn, answer); err != nil {
			return
		}
	}
}

func (c *console) answer(words []string) (answer string, done bool) {
	switch strings.Join(words, " ") {
	case "":
		return "", false
	case "quit", "exit":
		return "", true
	case "help":
		return "Android console commands:\r\n    help|h|?         Prints a list of commands\r\n    ping             Check if the emulator is alive\r\n" +
			"    avd              Control virtual device execution\r\n    gsm              GSM related commands\r\n    quit|exit        Quits control session\r\nOK\r\n", false
	case "ping":
		return "I am alive!\r\nOK\r\n", false
	case "avd name":
		return fmt.Sprintf("%s\r\nOK\r\n", c.p.Serial()), false
	case "avd status":
		return "virtual device is running\r\nOK\r\n", false
	}
	switch words[0] {
	case "auth":
		return "OK\r\n", false
	case "gsm":
		return c.gsm(words[1:]), false
	}
	return "KO: unknown command, try 'help'\r\n", false
}

// set implements front: the console is there whatever adbd does.
func (c *console) set(adbd.Faults) {}

func (c *console) close() error {
	err := c.listener.Close()
	c.mu.Lock()
	c.ended = true
	for conn := range c.conns {
		_ = conn.Close()
	}
	c.mu.Unlock()
	c.running.Wait()
	return err
}
