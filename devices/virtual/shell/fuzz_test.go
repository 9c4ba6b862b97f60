package shell

import (
	"bytes"
	"context"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/adbd"
)

// hostBuffer is a host that stops taking output: a command that never ends would
// fill the machine's memory before its time is over.
type hostBuffer struct{ bytes.Buffer }

func (h *hostBuffer) Write(b []byte) (int, error) {
	if h.Len() > 1<<20 {
		return 0, syscall.EPIPE
	}
	return h.Buffer.Write(b)
}

// Whatever a host sends as a command text, the shell answers and ends: no panic,
// no hang, nothing of the machine in the output.
func FuzzCommandText(f *testing.F) {
	for _, s := range []string{
		"echo a | cat & wait", "cat <<E\n$(id)\nE", "am broadcast --es", "am start -n", "input keyevent", "logcat -t", "dumpsys -t",
		"cmd", "settings put", "sed 's/", "grep -E '('", "find / -size", "expr 1 /", "tr a-", "cut -f", "date -d @", "[ a", "trap", "kill -",
		"echo ${x:=y} $((1/0))", "run-as", "su 0", "pm install -S 9999999", "ps -o", "stat -c %", "head -n -1", "seq 1 0 5", "xargs -n x", ". /proc/version",
		"uiautomator dump /x/y", "screencap /x/y", "dd bs=0 if=/dev/zero count=1", "cmd appops set", "printf %d x", "wm", "for ((;;)); do break; done",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if len(line) > 200 || strings.Contains(line, "\x00") {
			t.Skip("no adb service string")
		}
		p := newPhone(t)
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		var out, errs hostBuffer
		done := make(chan int, 1)
		go func() {
			done <- p.sh.Run(ctx, adbd.Command{Line: line + "\n:", Stdin: strings.NewReader("x\n"), Stdout: &out, Stderr: &errs})
		}()
		select {
		case code := <-done:
			if code < 0 || code > 255 {
				t.Errorf("%q: exit %d", line, code)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("%q: the host has gone, the command has not", line)
		}
	})
}
