package adb_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"testing"

	"github.com/ringproof/ringproof/devices/virtual/adbd"
)

// benchTarget is a phone that answers at once behind a real adb server: what is
// measured is the way.
func benchTarget(b *testing.B) rig {
	b.Helper()
	return realRig(b, adbd.Options{}, modern()...)
}

// BenchmarkShell is one command with one line of output: by this package, by
// the least that the protocol allows, and by the adb program.
func BenchmarkShell(b *testing.B) {
	r := benchTarget(b)
	b.Run("client", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			out, err := r.phone.Run(b.Context(), "echo hello")
			if err != nil || string(out.Stdout) != "hello\n" {
				b.Fatalf("got %q, %v", out.Stdout, err)
			}
		}
	})
	b.Run("floor", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if out, err := floor(r.real.Addr, r.phone.Serial(), "echo hello"); err != nil || out != "hello\n" {
				b.Fatalf("got %q, %v", out, err)
			}
		}
	})
	b.Run("program", func(b *testing.B) {
		for b.Loop() {
			out, err := r.real.Command(b.Context(), "-s", r.phone.Serial(), "shell", "echo hello").Output()
			if err != nil || string(out) != "hello\n" {
				b.Fatalf("got %q, %v", out, err)
			}
		}
	})
}

// floor runs a command with the fewest bytes and system calls: no limits, no
// context, no typed errors, features taken for granted.
func floor(addr, serial, script string) (string, error) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return "", err
	}
	defer c.Close()
	buf := make([]byte, 512)
	request := func(service string, answer int) error {
		if _, err := fmt.Fprintf(c, "%04x%s", len(service), service); err != nil {
			return err
		}
		_, err := io.ReadFull(c, buf[:answer])
		if err == nil && string(buf[:4]) != "OKAY" {
			err = fmt.Errorf("answer %q", buf[:answer])
		}
		return err
	}
	if err := request("host:tport:serial:"+serial, 12); err != nil {
		return "", err
	}
	if err := request("shell,v2,raw:"+script, 4); err != nil {
		return "", err
	}
	if _, err := c.Write([]byte{4, 0, 0, 0, 0}); err != nil {
		return "", err
	}
	var out []byte
	for have := 0; ; {
		n, err := c.Read(buf[have:])
		if err != nil {
			return "", err
		}
		have += n
		for have >= 5 {
			size := 5 + int(binary.LittleEndian.Uint32(buf[1:]))
			if have < size {
				break
			}
			if buf[0] == 3 {
				return string(out), nil
			}
			out = append(out, buf[5:size]...)
			have = copy(buf, buf[size:have])
		}
	}
}

// BenchmarkFiles moves 8 MiB, and lists a folder of five files, which is slow
// where small answers wait for delayed acknowledgements.
func BenchmarkFiles(b *testing.B) {
	r := benchTarget(b)
	content := bytes.Repeat([]byte("0123456789abcdef"), 512<<10)
	b.Run("upload", func(b *testing.B) {
		b.SetBytes(int64(len(content)))
		for b.Loop() {
			if err := r.phone.Upload(b.Context(), "/data/local/tmp/bench/big", 0o644, bytes.NewReader(content)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("download", func(b *testing.B) {
		b.SetBytes(int64(len(content)))
		for b.Loop() {
			if err := r.phone.Download(b.Context(), "/data/local/tmp/bench/big", io.Discard); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("list", func(b *testing.B) {
		for i := range 5 {
			if err := r.phone.Upload(b.Context(), fmt.Sprintf("/data/local/tmp/few/%d", i), 0o644, bytes.NewReader(nil)); err != nil {
				b.Fatal(err)
			}
		}
		for b.Loop() {
			if l, err := r.phone.List(b.Context(), "/data/local/tmp/few"); err != nil || len(l) != 5 {
				b.Fatalf("got %v, %v", l, err)
			}
		}
	})
}
