package adbd

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Commands of the transport protocol, from adb's protocol.txt: four letters
// read as a little-endian number.
const (
	cmdCNXN = 0x4e584e43
	cmdAUTH = 0x48545541
	cmdOPEN = 0x4e45504f
	cmdOKAY = 0x59414b4f
	cmdCLSE = 0x45534c43
	cmdWRTE = 0x45545257
)

const (
	// protocolVersion is A_VERSION_SKIP_CHECKSUM: data_check is not used.
	protocolVersion = 0x01000001
	// legacyVersion is A_VERSION_MIN, in which checksums count.
	legacyVersion = 0x01000000
	// MaxPayload is the largest payload of a message, in bytes, as phones since
	// Android 9 offer it. An adb server aborts if a client's service string is
	// longer than what the phone offered, so a phone should not offer less.
	MaxPayload = 1 << 20
	// maxHello bounds a payload until both sides know each other's limits
	// (MAX_PAYLOAD_V1).
	maxHello  = 4096
	headerLen = 24
)

// message is one unit of the transport protocol.
type message struct {
	command, arg0, arg1 uint32
	data                []byte
}

var errMagic = errors.New("wrong magic number")

// readMessage reads one message with at most limit bytes of payload, and the
// checksum that it carries. Whether that counts is the caller's business: a
// host that has once seen version 0x01000001 sends zero there, even in the CNXN
// of a next connection.
func readMessage(r io.Reader, limit uint32) (m message, sum uint32, err error) {
	var h [headerLen]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return message{}, 0, err
	}
	m = message{
		command: binary.LittleEndian.Uint32(h[0:]),
		arg0:    binary.LittleEndian.Uint32(h[4:]),
		arg1:    binary.LittleEndian.Uint32(h[8:]),
	}
	length := binary.LittleEndian.Uint32(h[12:])
	if binary.LittleEndian.Uint32(h[20:]) != m.command^0xffffffff {
		return message{}, 0, fmt.Errorf("read message %#x: %w", m.command, errMagic)
	}
	if length > limit {
		return message{}, 0, fmt.Errorf("read message %#x: payload of %d bytes, at most %d are allowed", m.command, length, limit)
	}
	if length > 0 {
		m.data = make([]byte, length)
		if _, err := io.ReadFull(r, m.data); err != nil {
			return message{}, 0, fmt.Errorf("read payload of message %#x: %w", m.command, err)
		}
	}
	return m, binary.LittleEndian.Uint32(h[16:]), nil
}

// header is the wire form of a message without its payload.
func (m message) header() [headerLen]byte {
	var h [headerLen]byte
	binary.LittleEndian.PutUint32(h[0:], m.command)
	binary.LittleEndian.PutUint32(h[4:], m.arg0)
	binary.LittleEndian.PutUint32(h[8:], m.arg1)
	binary.LittleEndian.PutUint32(h[12:], uint32(len(m.data)))
	binary.LittleEndian.PutUint32(h[16:], checksum(m.data))
	binary.LittleEndian.PutUint32(h[20:], m.command^0xffffffff)
	return h
}

// checksum is what the protocol calls one: the sum of all bytes.
func checksum(data []byte) uint32 {
	sum := uint32(0)
	for _, b := range data {
		sum += uint32(b)
	}
	return sum
}
