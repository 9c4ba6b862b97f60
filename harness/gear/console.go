package gear

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Console is the console of an emulator, over which calls of its modem are made
// (the commands gsm of external/qemu, android/console.c).
type Console struct {
	conn net.Conn
	in   *bufio.Reader
}

// ModemCall is one call as the modem of an emulator knows it.
type ModemCall struct {
	Inbound bool
	Number  string
	// State is "incoming", "active", "held", "dialing", "alerting" or "waiting".
	State string
}

// tokenFile is where an emulator keeps the word that its console asks for.
const tokenFile = ".emulator_console_auth_token"

// DialConsole connects, and shows the token of the user's home if the console asks
// for one.
func DialConsole(ctx context.Context, address string) (*Console, error) {
	conn, err := (&net.Dialer{Timeout: answerTime}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("reach the emulator's console: %w", err)
	}
	c := &Console{conn: conn, in: bufio.NewReaderSize(conn, answerLimit)}
	if err := c.greet(ctx); err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("open the console at %s: %w", address, err)
	}
	return c, nil
}

func (c *Console) greet(ctx context.Context) error {
	hello, err := c.answer(ctx)
	if err != nil {
		return err
	}
	if !strings.Contains(strings.Join(hello, "\n"), "Authentication required") {
		return nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return fmt.Errorf("it asks for a token: %w", err)
	}
	token, err := os.ReadFile(filepath.Join(home, tokenFile)) // #nosec G304 -- the emulator's own file
	if err != nil {
		return fmt.Errorf("it asks for a token: %w", err)
	}
	_, err = c.do(ctx, "auth "+strings.TrimSpace(string(token)))
	if err != nil {
		return errors.New("it does not take the token of the home folder")
	}
	return nil
}

// Call has number call the emulator.
func (c *Console) Call(ctx context.Context, number string) error {
	_, err := c.do(ctx, "gsm call "+number)
	return err
}

// Accept makes the call with number active: the other side has answered.
func (c *Console) Accept(ctx context.Context, number string) error {
	_, err := c.do(ctx, "gsm accept "+number)
	return err
}

// HangUp ends the call with number: the other side has hung up.
func (c *Console) HangUp(ctx context.Context, number string) error {
	_, err := c.do(ctx, "gsm cancel "+number)
	return err
}

// Calls lists the modem's calls.
func (c *Console) Calls(ctx context.Context) ([]ModemCall, error) {
	lines, err := c.do(ctx, "gsm list")
	if err != nil {
		return nil, err
	}
	var calls []ModemCall
	for _, l := range lines {
		// "inbound from  5551234 : active", "outbound to 911 : dialing"
		way, state, ok := strings.Cut(l, " : ")
		words := strings.Fields(way)
		if !ok || len(words) != 3 {
			continue
		}
		calls = append(calls, ModemCall{Inbound: words[0] == "inbound", Number: words[2], State: strings.TrimSpace(state)})
	}
	return calls, nil
}

// Close ends the connection. Calls go on.
func (c *Console) Close() error { return c.conn.Close() }

func (c *Console) do(ctx context.Context, line string) ([]string, error) {
	if err := c.conn.SetDeadline(deadline(ctx)); err != nil {
		return nil, err
	}
	if _, err := c.conn.Write([]byte(line + "\r\n")); err != nil {
		return nil, fmt.Errorf("ask the console: %w", err)
	}
	return c.answer(ctx)
}

func deadline(ctx context.Context) time.Time {
	at := time.Now().Add(answerTime)
	if end, ok := ctx.Deadline(); ok && end.Before(at) {
		return end
	}
	return at
}

// answer reads lines up to OK, or the one that says KO.
func (c *Console) answer(ctx context.Context) ([]string, error) {
	if err := c.conn.SetDeadline(deadline(ctx)); err != nil {
		return nil, err
	}
	var lines []string
	for size := 0; size < answerLimit; {
		b, err := c.in.ReadSlice('\n')
		if err != nil {
			return lines, fmt.Errorf("read the console: %w", err)
		}
		size += len(b)
		switch l := strings.TrimRight(string(b), "\r\n"); {
		case l == "OK":
			return lines, nil
		case strings.HasPrefix(l, "KO"):
			return lines, fmt.Errorf("the console refuses: %s", strings.TrimLeft(l[2:], ": "))
		default:
			lines = append(lines, l)
		}
	}
	return lines, errors.New("the console does not stop talking")
}
