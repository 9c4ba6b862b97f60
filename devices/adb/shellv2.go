package adb

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Packets of the shell protocol, from adb's shell_protocol.h: one byte id, the
// length as a little-endian uint32, then that many bytes.
const (
	v2Stdin      = 0
	v2Stdout     = 1
	v2Stderr     = 2
	v2Exit       = 3
	v2CloseStdin = 4
)

// v2Decoder reads the packets of one shell. Packets may be split anywhere and
// be of any length; unknown ones are passed over, as adb itself does.
type v2Decoder struct {
	r      *bufio.Reader
	left   uint32 // bytes of the current piece
	status int
	ended  bool
}

func newV2Decoder(r io.Reader) *v2Decoder {
	return &v2Decoder{r: bufio.NewReader(r)}
}

// lostInside turns the end of the bytes into a loss: a shell that has ended
// says so with an exit packet, everything else is the transport's end.
func lostInside(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func (d *v2Decoder) piece() (stream, error) {
	if d.ended {
		return 0, io.EOF
	}
	if err := d.skip(); err != nil {
		return 0, err
	}
	for {
		var head [5]byte
		if _, err := io.ReadFull(d.r, head[:]); err != nil {
			return 0, lostInside(err)
		}
		d.left = binary.LittleEndian.Uint32(head[1:])
		switch head[0] {
		case v2Stdout, v2Stderr:
			if d.left > 0 {
				return stream(head[0]), nil
			}
		case v2Exit:
			if d.left == 0 {
				return 0, &Error{Kind: Protocol, Msg: "exit packet without a status"}
			}
			b, err := d.r.ReadByte()
			if err != nil {
				return 0, lostInside(err)
			}
			d.status, d.left, d.ended = int(b), 0, true
			return 0, io.EOF
		default:
			if err := d.skip(); err != nil {
				return 0, err
			}
		}
	}
}

// skip passes over what is left of the current packet.
func (d *v2Decoder) skip() error {
	n, err := io.CopyN(io.Discard, d.r, int64(d.left))
	d.left -= uint32(n)
	return lostInside(err)
}

func (d *v2Decoder) Read(p []byte) (int, error) {
	if d.left == 0 || len(p) == 0 {
		return 0, nil
	}
	if uint64(len(p)) > uint64(d.left) {
		p = p[:d.left]
	}
	n, err := d.r.Read(p)
	d.left -= uint32(n)
	if n > 0 {
		return n, nil // an error comes again with the next read
	}
	return 0, lostInside(err)
}

func (d *v2Decoder) exit() int { return d.status }

// inputChunk is how much of the standard input one packet carries.
const inputChunk = 32 << 10

// feed writes standard input and closes it.
func (d *v2Decoder) feed(w io.Writer, input []byte) error {
	b := make([]byte, 0, 5+min(len(input), inputChunk)+5)
	for {
		b = b[:0]
		if n := min(len(input), inputChunk); n > 0 {
			b = appendPacket(b, v2Stdin, input[:n])
			input = input[n:]
		}
		if len(input) == 0 {
			b = appendPacket(b, v2CloseStdin, nil)
		}
		if _, err := w.Write(b); err != nil {
			return fmt.Errorf("write standard input: %w", err)
		}
		if len(input) == 0 {
			return nil
		}
	}
}

func appendPacket(b []byte, id byte, data []byte) []byte {
	b = append(b, id)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
	return append(b, data...)
}
