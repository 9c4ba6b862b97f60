package apk

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// The APK Signing Block lies before the zip directory: its size, pairs of id
// and value, the size again and a magic word
// (https://source.android.com/docs/security/features/apksigning/v2).
const blockMagic = "APK Sig Block 42"

// Ids of the values that are signatures.
const (
	blockV2  = 0x7109871a
	blockV3  = 0xf05368c0
	blockV31 = 0x1b93ad61
)

var errNotSigned = errors.New("no such signature")

// signingBlock finds the block: its offset and its pairs.
func (c *container) signingBlock() (at int64, pairs []byte, err error) {
	const foot, head = 24, 8
	if c.directory < foot+head {
		return 0, nil, errNotSigned
	}
	b, err := c.section(c.directory-foot, foot)
	if err != nil {
		return 0, nil, err
	}
	if string(b[8:]) != blockMagic {
		return 0, nil, errNotSigned
	}
	size := binary.LittleEndian.Uint64(b)
	if size < foot || size > maxBlock || size+head > uint64(c.directory) {
		return 0, nil, fmt.Errorf("APK Signing Block size out of range: %d", size)
	}
	at = c.directory - int64(size) - head
	b, err = c.section(at, int64(size)+head)
	if err != nil {
		return 0, nil, err
	}
	if again := binary.LittleEndian.Uint64(b); again != size {
		return 0, nil, fmt.Errorf("APK Signing Block sizes in header and footer do not match: %d vs %d", again, size)
	}
	return at, b[head : len(b)-foot], nil
}

// findBlock finds the value with an id.
func findBlock(pairs []byte, id uint32) ([]byte, error) {
	for n := 1; len(pairs) > 0; n++ {
		if len(pairs) < 8 {
			return nil, fmt.Errorf("insufficient data to read size of APK Signing Block entry #%d", n)
		}
		size := binary.LittleEndian.Uint64(pairs)
		pairs = pairs[8:]
		if size < 4 || size > uint64(len(pairs)) {
			return nil, fmt.Errorf("APK Signing Block entry #%d size out of range: %d", n, size)
		}
		if u32(pairs) == id {
			return pairs[4:size], nil
		}
		pairs = pairs[size:]
	}
	return nil, errNotSigned
}

// field cuts a value with a 32-bit length before it off b.
func field(b []byte) (v, rest []byte, err error) {
	if len(b) < 4 {
		return nil, nil, errShort
	}
	n := u32(b)
	if uint64(n) > uint64(len(b)-4) {
		return nil, nil, fmt.Errorf("length-prefixed field longer than remaining buffer: %d of %d", n, len(b)-4)
	}
	return b[4 : 4+n], b[4+n:], nil
}

// fields cuts all of b into values with lengths.
func fields(b []byte) (list [][]byte, err error) {
	for len(b) > 0 {
		var v []byte
		if v, b, err = field(b); err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// number cuts 32 bits off b.
func number(b []byte) (uint32, []byte, error) {
	if len(b) < 4 {
		return 0, nil, errShort
	}
	return u32(b), b[4:], nil
}
