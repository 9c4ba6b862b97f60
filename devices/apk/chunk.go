package apk

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// Chunk types of ResourceTypes.h.
const (
	chunkStrings  = 0x0001
	chunkTable    = 0x0002
	chunkXML      = 0x0003
	chunkXMLStart = 0x0102
	chunkXMLEnd   = 0x0103
	chunkXMLMap   = 0x0180
	chunkPackage  = 0x0200
	chunkType     = 0x0201
)

var errShort = errors.New("it ends in the middle")

func u16(b []byte) int    { return int(binary.LittleEndian.Uint16(b)) }
func u32(b []byte) uint32 { return binary.LittleEndian.Uint32(b) }

// chunk is a ResChunk_header with what belongs to it.
type chunk struct {
	kind int
	// head is the header, with the 8 bytes that all have; body what follows.
	head, body []byte
}

// nextChunk cuts the first chunk off b.
func nextChunk(b []byte) (c chunk, rest []byte, err error) {
	if len(b) < 8 {
		return chunk{}, nil, errShort
	}
	head, size := u16(b[2:]), u32(b[4:])
	if head < 8 || uint64(size) < uint64(head) || uint64(size) > uint64(len(b)) {
		return chunk{}, nil, fmt.Errorf("a chunk 0x%04x of %d bytes with a header of %d, in %d", u16(b), size, head, len(b))
	}
	return chunk{kind: u16(b), head: b[:head], body: b[head:size]}, b[size:], nil
}

// pool is a ResStringPool: strings are decoded when they are asked for, so that
// a small file cannot make many large ones.
type pool struct {
	utf8  bool
	index []byte // u32 each
	data  []byte
}

func newPool(c chunk) (*pool, error) {
	if c.kind != chunkStrings || len(c.head) < 28 {
		return nil, fmt.Errorf("a chunk 0x%04x instead of strings", c.kind)
	}
	count, flags, start := u32(c.head[8:]), u32(c.head[16:]), u32(c.head[20:])
	if uint64(count)*4 > uint64(len(c.body)) {
		return nil, fmt.Errorf("%d strings in %d bytes", count, len(c.body))
	}
	from := int64(start) - int64(len(c.head))
	if from < 0 || from > int64(len(c.body)) {
		if count > 0 {
			return nil, fmt.Errorf("strings begin at %d of %d", from, len(c.body))
		}
		from = int64(len(c.body))
	}
	return &pool{utf8: flags&0x100 != 0, index: c.body[:count*4], data: c.body[from:]}, nil
}

const noString = 0xffffffff

// maxString bounds one string: Android's own limit of one in a pool.
const maxString = 0x7fff

// at is the string with a number; ok is false when there is none.
func (p *pool) at(i uint32) (s string, ok bool) {
	if p == nil || i == noString || uint64(i)*4+4 > uint64(len(p.index)) {
		return "", false
	}
	off := u32(p.index[i*4:])
	if uint64(off) >= uint64(len(p.data)) {
		return "", false
	}
	b := p.data[off:]
	if p.utf8 {
		if _, b, ok = length8(b); !ok { // in characters
			return "", false
		}
		n, b, ok := length8(b) // in bytes
		if !ok || n > len(b) || n > maxString {
			return "", false
		}
		return modified(b[:n])
	}
	if len(b) < 2 {
		return "", false
	}
	n := u16(b)
	b = b[2:]
	if n&0x8000 != 0 {
		if len(b) < 2 {
			return "", false
		}
		n, b = (n&0x7fff)<<16|u16(b), b[2:]
	}
	if n > maxString || 2*n > len(b) {
		return "", false
	}
	units := make([]uint16, n)
	for i := range units {
		units[i] = uint16(u16(b[2*i:]))
	}
	return string(utf16.Decode(units)), true
}

// modified decodes UTF-8 as aapt2 writes it since 2018: characters beyond the
// first 65536 are two surrogates of three bytes each, as in Java's class files.
func modified(b []byte) (string, bool) {
	if utf8.Valid(b) {
		return string(b), true
	}
	var units []uint16
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r != utf8.RuneError || n > 1:
			units = utf16.AppendRune(units, r)
		case len(b) >= 3 && b[0] == 0xed && b[1]&0xe0 == 0xa0 && b[2]&0xc0 == 0x80: // a surrogate
			units = append(units, 0xd000|uint16(b[1]&0x3f)<<6|uint16(b[2]&0x3f))
			n = 3
		default:
			return "", false
		}
		b = b[n:]
	}
	return string(utf16.Decode(units)), true
}

// length8 reads a length of a UTF-8 pool: one byte, or two with the top bit.
func length8(b []byte) (n int, rest []byte, ok bool) {
	if len(b) < 1 {
		return 0, nil, false
	}
	n = int(b[0])
	if n&0x80 == 0 {
		return n, b[1:], true
	}
	if len(b) < 2 {
		return 0, nil, false
	}
	return (n&0x7f)<<8 | int(b[1]), b[2:], true
}

// value is a Res_value.
type value struct {
	kind byte
	data uint32
}

// Types of a Res_value.
const (
	typeReference = 0x01
	typeString    = 0x03
	typeDec       = 0x10
	typeHex       = 0x11
	typeBool      = 0x12
)

// readValue reads the 8 bytes of a Res_value.
func readValue(b []byte) value { return value{kind: b[3], data: u32(b[4:])} }
