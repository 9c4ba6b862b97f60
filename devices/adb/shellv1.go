package adb

import (
	"bytes"
	"crypto/rand"
	"io"
	"strconv"
)

// marker finds the exit status in the output of a phone without shell v2,
// which gives one stream of bytes and nothing else. One line before the
// script's output tells how the phone's terminal ends lines, one behind it
// carries the status. Without the second the transport was lost.
type marker struct{ begin, end string }

func newMarker() *marker {
	id := rand.Text() // must not occur in the output by chance
	return &marker{begin: "begin-" + id, end: "exit-" + id + "-"}
}

// wrap runs script in a shell of its own so that neither `exit` nor a broken
// quote in it can swallow the marker. Its standard input is empty: the
// terminal would never end it.
func (m *marker) wrap(script string) string {
	return "echo " + m.begin + "; sh -c " + Quote(script) + " </dev/null; echo " + m.end + "$?"
}

func (m *marker) decoder(r io.Reader) *v1Decoder {
	return &v1Decoder{m: m, r: r}
}

// v1Decoder takes the markers out of the output.
type v1Decoder struct {
	m       *marker
	r       io.Reader
	raw     []byte // read, not yet known to be the script's
	ready   []byte // the script's output
	begun   bool
	crlf    bool // the phone's terminal writes \r\n for \n
	ended   bool
	status  int
	scratch [4096]byte
}

func (d *v1Decoder) piece() (stream, error) {
	for {
		if len(d.ready) > 0 {
			return stdout, nil
		}
		if d.ended {
			return 0, io.EOF
		}
		n, err := d.r.Read(d.scratch[:])
		d.raw = append(d.raw, d.scratch[:n]...)
		if !d.begun {
			d.begin()
		}
		switch {
		case err == io.EOF:
			if !d.finish() {
				return 0, io.ErrUnexpectedEOF
			}
		case err != nil:
			return 0, err
		case d.begun:
			// The longest tail that may still turn out to be the marker.
			d.release(len(d.raw) - len(d.m.end) - len("255\r\n"))
		}
	}
}

// begin looks for the first marker. What stands before it, such as a login
// message, is not the script's.
func (d *v1Decoder) begin() {
	at := bytes.Index(d.raw, []byte(d.m.begin))
	if at < 0 {
		return
	}
	rest := d.raw[at+len(d.m.begin):]
	switch {
	case bytes.HasPrefix(rest, []byte("\n")):
		rest = rest[1:]
	case bytes.HasPrefix(rest, []byte("\r\n")):
		rest, d.crlf = rest[2:], true
	default:
		return
	}
	d.begun, d.raw = true, append([]byte(nil), rest...)
}

// release hands out the first n bytes.
func (d *v1Decoder) release(n int) {
	if n > 0 && d.crlf && d.raw[n-1] == '\r' {
		n-- // the \n may follow
	}
	if n <= 0 {
		return
	}
	d.ready = append(d.ready, d.raw[:n]...)
	d.raw = append(d.raw[:0], d.raw[n:]...)
	if d.crlf {
		d.ready = bytes.ReplaceAll(d.ready, []byte("\r\n"), []byte("\n"))
	}
}

// finish reads the last marker at the end of everything.
func (d *v1Decoder) finish() bool {
	at := bytes.LastIndex(d.raw, []byte(d.m.end))
	if !d.begun || at < 0 {
		return false
	}
	digits, whole := bytes.CutSuffix(d.raw[at+len(d.m.end):], []byte("\n"))
	if !whole {
		return false // cut inside the number
	}
	digits = bytes.TrimSuffix(digits, []byte("\r"))
	status, err := strconv.ParseUint(string(digits), 10, 8)
	if err != nil {
		return false
	}
	d.raw = d.raw[:at]
	d.release(at)
	if len(d.raw) > 0 { // a lone \r at the very end of the output
		d.ready = append(d.ready, d.raw...)
	}
	d.ended, d.status = true, int(status)
	return true
}

func (d *v1Decoder) Read(p []byte) (int, error) {
	n := copy(p, d.ready)
	d.ready = d.ready[n:]
	return n, nil
}

func (d *v1Decoder) exit() int { return d.status }
