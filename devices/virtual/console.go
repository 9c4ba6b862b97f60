package virtual

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// console is the little of an emulator's console (emulator/main-common.c,
// android/console.c) that "adb emu" and device lists ask for, and its modem: a phone
// with a console is one with a SIM. It wants no
// token: the file of tokens belongs to whoever owns the machine.
type console struct {
	p *Phone
	*loopback
}

func listenConsole(ctx context.Context, p *Phone, port int) (*console, error) {
	l, err := listenLoopback(ctx, port)
	if err != nil {
		return nil, err
	}
	p.sys.Do(func(d *android.Device) { d.Modem.InsertSIM() })
	c := &console{p, l}
	c.accept(c.serve)
	return c, nil
}

func (c *console) serve(conn net.Conn) {
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
