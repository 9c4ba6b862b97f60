package gear_test

import (
	"bufio"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/harness/gear"
)

func TestParse(t *testing.T) {
	set, err := gear.Parse(
		[]string{"R58=aa:bb:cc:dd:ee:ff", "P7=02:00:00:00:00:01@127.0.0.1:7000", "P8=bumble:usb:0", "P9=bumble:android-netsim"},
		[]string{"emulator-5554=console", "R58=+491701234567@P7", "10.0.0.2:5555=console@10.0.0.2:5554"},
	)
	if err != nil {
		t.Fatal(err)
	}
	want := gear.Set{
		"R58":           {Headset: gear.HeadsetSpec{Address: "AA:BB:CC:DD:EE:FF"}, Line: gear.LineSpec{Number: "+491701234567", Caller: "P7"}},
		"P7":            {Headset: gear.HeadsetSpec{Address: "02:00:00:00:00:01", Control: "127.0.0.1:7000"}},
		"P8":            {Headset: gear.HeadsetSpec{Radio: "usb:0"}},
		"P9":            {Headset: gear.HeadsetSpec{Radio: "android-netsim"}},
		"emulator-5554": {Line: gear.LineSpec{Console: "127.0.0.1:5554"}},
		"10.0.0.2:5555": {Line: gear.LineSpec{Console: "10.0.0.2:5554"}},
	}
	if diff := cmp.Diff(want, set); diff != "" {
		t.Error(diff)
	}
	for _, c := range []struct {
		headset, line, says string
	}{
		{headset: "R58", says: "wants SERIAL=ADDRESS"},
		{headset: "R58=bumble:", says: "no Bluetooth controller"},
		{headset: "R58=bumble:--help", says: "no Bluetooth controller"},
		{headset: "R58=headset", says: "no Bluetooth address"},
		{headset: "R58=aa:bb:cc:dd:ee:ff@7000", says: "no host:port"},
		{line: "R58=console", says: "add @HOST:PORT"},
		{line: "R58=911", says: "the serial of the phone that calls"},
		{line: "R58=+4917012@R58", says: "the serial of the phone that calls"},
		{line: "=console@a:1", says: "wants SERIAL="},
	} {
		var headsets, lines []string
		if c.headset != "" {
			headsets = []string{c.headset}
		}
		if c.line != "" {
			lines = []string{c.line}
		}
		if _, err := gear.Parse(headsets, lines); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q %q: %v, want %q", c.headset, c.line, err, c.says)
		}
	}
	if _, err := gear.Parse([]string{"A=02:00:00:00:00:01", "A=02:00:00:00:00:02"}, nil); err == nil {
		t.Error("two headsets of one phone")
	}
}

// serve answers each line of one connection from a script, and returns the lines
// that it got when the connection has ended.
func serve(t *testing.T, greeting string, answers map[string]string) (addr string, got func() []string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan []string, 1)
	go func() {
		var lines []string
		defer func() { done <- lines }()
		defer func() { _ = l.Close() }()
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		_, _ = conn.Write([]byte(greeting))
		in := bufio.NewScanner(conn)
		for in.Scan() {
			line := strings.TrimSpace(in.Text())
			lines = append(lines, line)
			answer, ok := answers[line]
			if !ok {
				return // hangs up
			}
			_, _ = conn.Write([]byte(answer))
		}
	}()
	return l.Addr().String(), func() []string { return <-done }
}

func TestHeadset(t *testing.T) {
	addr, got := serve(t, "", map[string]string{
		`{"do":"hello"}`:  `{"ok":true,"address":"02:00:00:00:00:01","can":["come","answer"]}` + "\n",
		`{"do":"come"}`:   `{"ok":true}` + "\n",
		`{"do":"state"}`:  `{"ok":true,"connected":true,"audio":true,"ringing":true,"caller":"alice"}` + "\n",
		`{"do":"answer"}`: `{"ok":false,"error":"nobody calls"}` + "\n",
	})
	h, err := gear.OpenHeadset(t.Context(), "P7", gear.HeadsetSpec{Control: addr})
	if err != nil {
		t.Fatal(err)
	}
	if !h.Can(gear.Come) || h.Can(gear.Plug) {
		t.Error("what it can is told wrongly")
	}
	if err := h.Do(t.Context(), gear.Come); err != nil {
		t.Error(err)
	}
	heard, err := h.State(t.Context())
	if want := (gear.Heard{Connected: true, Audio: true, Ringing: true, Caller: "alice"}); err != nil || heard != want {
		t.Errorf("%+v, %v", heard, err)
	}
	var refused *gear.RefusedError
	if err := h.Do(t.Context(), gear.Answer); !errors.As(err, &refused) || refused.Reason != "nobody calls" {
		t.Errorf("refused: %v", err)
	}
	// A control that hangs up is an error now and from then on.
	for range 2 {
		if err := h.Do(t.Context(), gear.Vanish); err == nil || errors.As(err, &refused) {
			t.Errorf("hung up: %v", err)
		}
	}
	if err := h.Close(); err != nil {
		t.Error(err)
	}
	want := []string{`{"do":"hello"}`, `{"do":"come"}`, `{"do":"state"}`, `{"do":"answer"}`, `{"do":"vanish"}`}
	if diff := cmp.Diff(want, got()); diff != "" {
		t.Error(diff)
	}
}

// What is no headset's control is told at once.
func TestNoHeadset(t *testing.T) {
	addr, got := serve(t, "", map[string]string{`{"do":"hello"}`: "HTTP/1.1 400 Bad Request\r\n"})
	if _, err := gear.OpenHeadset(t.Context(), "P7", gear.HeadsetSpec{Control: addr}); err == nil || !strings.Contains(err.Error(), "not JSON") {
		t.Errorf("%v", err)
	}
	got()
}

func TestConsole(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	if err := os.WriteFile(filepath.Join(home, ".emulator_console_auth_token"), []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	// external/qemu, android/console.c: what a console says before it knows one.
	const asks = "Android Console: Authentication required\r\nAndroid Console: type 'auth <auth_token>' to authenticate\r\n" +
		"Android Console: you can find your <auth_token> in\r\n'/home/x/.emulator_console_auth_token'\r\nOK\r\n"
	addr, got := serve(t, asks, map[string]string{
		"auth secret":        "Android Console: type 'help' for a list of commands\r\nOK\r\n",
		"gsm call 5550199":   "OK\r\n",
		"gsm list":           "inbound from 5550199    : incoming\r\noutbound to  911        : dialing\r\nOK\r\n",
		"gsm cancel 5550199": "KO: could not cancel\r\n",
	})
	c, err := gear.DialConsole(t.Context(), addr)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Call(t.Context(), "5550199"); err != nil {
		t.Error(err)
	}
	calls, err := c.Calls(t.Context())
	want := []gear.ModemCall{{Inbound: true, Number: "5550199", State: "incoming"}, {Number: "911", State: "dialing"}}
	if diff := cmp.Diff(want, calls); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if err := c.HangUp(t.Context(), "5550199"); err == nil || !strings.Contains(err.Error(), "could not cancel") {
		t.Errorf("refused: %v", err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	got()
}

// A console whose token is not the one at hand is told, without the token.
func TestConsoleToken(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	addr, got := serve(t, "Android Console: Authentication required\r\nOK\r\n", nil)
	if _, err := gear.DialConsole(t.Context(), addr); err == nil || !strings.Contains(err.Error(), "asks for a token") {
		t.Errorf("no token: %v", err)
	}
	got()
	if err := os.WriteFile(filepath.Join(home, ".emulator_console_auth_token"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	addr, got = serve(t, "Android Console: Authentication required\r\nOK\r\n", map[string]string{"auth secret": "KO: authentication token does not match\r\n"})
	if _, err := gear.DialConsole(t.Context(), addr); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("wrong token: %v", err)
	}
	got()
}
