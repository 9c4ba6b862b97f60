package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

func TestVirtualRefusesFaultsItDoesNotKnow(t *testing.T) {
	alone(t)
	for fault, want := range map[string]string{
		"bogus":    `no fault is called "bogus"; the known ones are refuse-auth, `,
		"cut=much": `fault "cut=much": the argument is not understood; it is written cut[=BYTES]`,
	} {
		if got := ringproof(t, "", "virtual", "--fault", fault); got.code != 2 || !strings.Contains(got.errout, want) || got.out != "" {
			t.Errorf("--fault %s: %+v, want %q", fault, got, want)
		}
	}
	if help := ringproof(t, "", "virtual", "--help"); !strings.Contains(help.out, "stall-install[=BYTES]") {
		t.Errorf("the help does not list the faults:\n%s", help.out)
	}
}

// The fault is in the phone that is served, and so is the emulator's port.
func TestVirtualWithAFault(t *testing.T) {
	alone(t)
	ctx, stop := context.WithCancel(t.Context())
	out, w := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- execute(ctx, []string{"virtual", "--emulator", "--fault", "down"}, strings.NewReader(""), w, io.Discard)
		_ = w.Close()
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	ports, ok := strings.CutPrefix(strings.TrimSpace(line), "adb connect emu:")
	_, port, _ := strings.Cut(ports, ",")
	if err != nil || !ok {
		t.Fatalf("it said %q, %v", line, err)
	}
	conn, err := net.Dial("tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	if n, err := conn.Read(make([]byte, 1)); n != 0 || err == nil || strings.Contains(err.Error(), "timeout") {
		t.Errorf("a phone that is down said %d bytes, %v", n, err)
	}
	_ = conn.Close()
	stop()
	if code := <-ended; code != 0 {
		t.Errorf("it ended with %d", code)
	}
}
