package adbd

import (
	"encoding/binary"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

// summed is raw with the checksum that the protocol had before 0x01000001: the
// sum of all bytes.
func summed(command string, arg0, arg1 uint32, data string) []byte {
	b := raw(command, arg0, arg1, data)
	sum := uint32(0)
	for _, c := range []byte(data) {
		sum += uint32(c)
	}
	binary.LittleEndian.PutUint32(b[16:], sum)
	return b
}

// A phone of Android 5, message by message.
func TestLegacyOnTheWire(t *testing.T) {
	d, _, _ := tinyPhone()
	faults := Faults{Legacy: true}
	d.SetFaults(faults)
	legacy := func() *peer {
		p := connect(t, d, Options{Faults: faults})
		p.send("CNXN", 0x01000001, 1<<20, hostHello) // its checksum is never looked at
		p.want("CNXN 16777216 4096", "device::ro.product.name=vphone;ro.product.model=Virtual Phone 1;ro.product.device=vp1;")
		return p
	}
	p := legacy()
	for i, service := range []string{"shell,v2,raw:echo", "abb:x", "abb_exec:x"} {
		_, _ = p.conn.Write(summed("OPEN", uint32(i+1), 0, service))
		p.want("CLSE 0 "+string(rune('1'+i)), "")
	}
	_, _ = p.conn.Write(summed("OPEN", 7, 0, "exec:spam 5000\x00"))
	p.want("OKAY 4 7", "")
	for _, want := range []int{4096, 904} {
		if text, data, _ := p.next(); text != "WRTE 4 7" || len(data) != want {
			t.Fatalf("phone sent %q with %d bytes, want %d", text, len(data), want)
		}
		_, _ = p.conn.Write(summed("OKAY", 7, 4, ""))
	}
	p.want("CLSE 4 7", "")

	// A wrong sum, and a message that is too long, end the connection.
	for _, bad := range [][]byte{raw("OPEN", 8, 0, "exec:echo"), summed("OPEN", 8, 0, "exec:echo "+strings.Repeat("x", 4096))} {
		p := legacy()
		_, _ = p.conn.Write(bad)
		_ = p.conn.SetReadDeadline(time.Now().Add(time.Minute))
		if answer, err := io.ReadAll(p.conn); len(answer) > 0 || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("% x... was answered % x, %v", bad[:24], answer, err)
		}
	}

	// Sync requests of later releases are none.
	for request, want := range map[string]string{
		"STAT": "STAT", "STA2": "FAIL\x18\x00\x00\x00unknown command 32415453", "LST2": "FAIL\x18\x00\x00\x00unknown command 3254534c",
		"LIS2": "FAIL\x18\x00\x00\x00unknown command 3253494c", "SND2": "FAIL\x18\x00\x00\x00unknown command 32444e53",
		"RCV2": "FAIL\x18\x00\x00\x00unknown command 32564352",
	} {
		host, _ := open(t, d, "sync:")
		_, _ = io.WriteString(host, request+"\x01\x00\x00\x00/")
		got := make([]byte, len(want))
		if _, err := io.ReadFull(host, got); err != nil || string(got) != want {
			t.Errorf("%s was answered %q, %v; want %q", request, got, err, want)
		}
		_ = host.Close()
	}
}
