package adb

import (
	"bytes"
	"errors"
	"io"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/ringproof/ringproof/devices"
)

var wrapped = regexp.MustCompile(`(?s)^shell:echo (begin-\w+); sh -c '.*' </dev/null; echo (exit-\w+-)\$\?$`)

// v1Phone answers as a phone without the shell protocol does: one stream, one
// kind of line ends, then nothing. An empty status: it dies before.
func v1Phone(output, status, newline string) func(*call) {
	return func(c *call) {
		m := wrapped.FindStringSubmatch(c.request)
		if m == nil {
			c.fail("closed")
			return
		}
		c.okay()
		c.raw(m[1] + newline + output)
		if status != "" {
			c.raw(m[2] + status + newline)
		}
	}
}

func TestRunWithoutShellV2(t *testing.T) {
	for _, c := range []struct {
		name, output, status, newline string
		want                          devices.Output
	}{
		{"raw terminal", "out\nerr\n", "7", "\n", devices.Output{Stdout: []byte("out\nerr\n"), Exit: 7}},
		{"cooked terminal", "out\r\nerr\r\n", "0", "\r\n", devices.Output{Stdout: []byte("out\nerr\n")}},
		{"a raw terminal keeps carriage returns", "a\r\nb", "0", "\n", devices.Output{Stdout: []byte("a\r\nb")}},
		{"no line end before the marker", "no newline", "255", "\n", devices.Output{Stdout: []byte("no newline"), Exit: 255}},
		{"a lone carriage return at the end", "50%\r", "0", "\r\n", devices.Output{Stdout: []byte("50%\r")}},
		{"nothing", "", "1", "\n", devices.Output{Exit: 1}},
		{"output like a marker", "exit-0\nbegin-\n", "0", "\n", devices.Output{Stdout: []byte("exit-0\nbegin-\n")}},
		{"much", strings.Repeat("line\r\n", 50_000), "2", "\r\n", devices.Output{Stdout: []byte(strings.Repeat("line\n", 50_000)), Exit: 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFake(t, "cmd")
			f.on("shell:", v1Phone(c.output, c.status, c.newline))
			got, err := f.phone(nil).Run(t.Context(), "x")
			if err != nil {
				t.Fatal(err)
			}
			if string(got.Stdout) != string(c.want.Stdout) || len(got.Stderr) != 0 || got.Exit != c.want.Exit {
				t.Errorf("got %.200q, %.200q, exit %d", got.Stdout, got.Stderr, got.Exit)
			}
		})
	}
}

func TestLostTransportWithoutShellV2(t *testing.T) {
	f := newFake(t)
	f.on("shell:", v1Phone("half the out", "", "\n"))
	if out, err := f.phone(nil).Run(t.Context(), "x"); !errors.Is(err, TransportLost) {
		t.Errorf("got %+v, %v", out, err)
	}
	f.on("shell:", func(c *call) {
		m := wrapped.FindStringSubmatch(c.request)
		c.okay()
		c.raw(m[1] + "\nout\n" + m[2] + "12") // of 127
	})
	if out, err := f.phone(nil).Run(t.Context(), "x"); !errors.Is(err, TransportLost) {
		t.Errorf("cut inside the status: %+v, %v", out, err)
	}
	f.on("shell:", func(c *call) { c.okay() })
	if out, err := f.phone(nil).Run(t.Context(), "x"); !errors.Is(err, TransportLost) {
		t.Errorf("got %+v, %v", out, err)
	}
}

// The wrapping is tried on a real shell: neither exit nor a syntax error nor a
// reader of standard input takes the status away.
func TestMarkerInARealShell(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skipf("needs a shell: %v", err)
	}
	for script, want := range map[string]struct {
		out  string
		exit int
	}{
		"echo hi; exit 3":           {"hi\n", 3},
		"echo 'it'\"'\"'s'":         {"it's\n", 0},
		"cat":                       {"", 0},
		"if true; then exit 9; fi":  {"", 9},
		"echo a\necho b # comment":  {"a\nb\n", 0},
		"echo half; kill -9 $$":     {"half\n", 137},
		"printf 'exit-%s-0\n' FAKE": {"exit-FAKE-0\n", 0},
	} {
		m := newMarker()
		raw, err := exec.Command(sh, "-c", m.wrap(script)).Output()
		if err != nil {
			t.Fatalf("%q: %v", script, err)
		}
		out, exit, err := readAll(m.decoder(bytes.NewReader(raw)))
		if err != nil || out != want.out || exit != want.exit {
			t.Errorf("%q: %q, exit %d, %v", script, out, exit, err)
		}
	}
	m := newMarker()
	raw, _ := exec.Command(sh, "-c", m.wrap("echo 'open quote")).Output()
	if _, exit, err := readAll(m.decoder(bytes.NewReader(raw))); err != nil || exit == 0 {
		t.Errorf("a syntax error: exit %d, %v", exit, err)
	}
}

func readAll(d decoder) (out string, exit int, err error) {
	for {
		if _, err := d.piece(); err == io.EOF {
			return out, d.exit(), nil
		} else if err != nil {
			return out, 0, err
		}
		var b [5]byte
		n, _ := d.Read(b[:])
		out += string(b[:n])
	}
}

// Any output survives the markers, however the bytes are split.
func FuzzShellV1(f *testing.F) {
	f.Add("out\r\n", byte(7), true)
	f.Add("\r", byte(0), true)
	f.Add("\r\r\n\n", byte(255), false)
	f.Fuzz(func(t *testing.T, output string, status byte, crlf bool) {
		m := &marker{begin: "begin-M", end: "exit-M-"}
		if strings.Contains(output, m.end) {
			t.Skip("by chance")
		}
		newline, sent := "\n", output
		if crlf {
			// What a cooked terminal does.
			newline, sent = "\r\n", strings.ReplaceAll(output, "\n", "\r\n")
		}
		raw := m.begin + newline + sent + m.end + itoa(status) + newline
		for name, r := range map[string]io.Reader{
			"whole": strings.NewReader(raw), "split": iotest.OneByteReader(strings.NewReader(raw)), "data with EOF": iotest.DataErrReader(strings.NewReader(raw)),
		} {
			got, exit, err := readAll(m.decoder(r))
			if err != nil || got != output || exit != int(status) {
				t.Fatalf("%s: %q, exit %d, %v; want %q, %d", name, got, exit, err, output, status)
			}
		}
		if _, _, err := readAll(m.decoder(strings.NewReader(raw[:len(raw)-len(newline)]))); err == nil {
			t.Fatal("a status was read that never came")
		}
	})
}

func itoa(b byte) string {
	s := ""
	for n := int(b); ; n /= 10 {
		s = string(rune('0'+n%10)) + s
		if n < 10 {
			return s
		}
	}
}
