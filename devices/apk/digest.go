package apk

import (
	"crypto"
	"encoding/binary"
	"hash"
)

// chunkSize is what one part of the contents' digest is made of.
const chunkSize = 1 << 20

// digest is the digest of the contents that the schemes sign: what is before
// the signing block at `at`, the zip directory, and the record at the end as it
// would be without the block, each in chunks of 1 MiB.
func (c *container) digest(kind crypto.Hash, at int64) ([]byte, error) {
	end, err := c.section(c.end, c.size-c.end)
	if err != nil {
		return nil, err
	}
	binary.LittleEndian.PutUint32(end[16:], uint32(at))
	d := &chunked{kind: kind, buf: make([]byte, chunkSize)}
	if err := d.file(c, 0, at); err != nil {
		return nil, err
	}
	if err := d.file(c, c.directory, c.end-c.directory); err != nil {
		return nil, err
	}
	d.add(end)
	return d.sum(), nil
}

type chunked struct {
	kind  crypto.Hash
	buf   []byte
	sums  []byte
	count uint32
	h     hash.Hash
}

func (d *chunked) file(c *container, off, n int64) error {
	for n > 0 {
		part := d.buf[:min(n, chunkSize)]
		if _, err := c.r.ReadAt(part, off); err != nil {
			return err
		}
		d.add(part)
		off, n = off+int64(len(part)), n-int64(len(part))
	}
	return nil
}

func (d *chunked) add(b []byte) {
	if d.h == nil {
		d.h = d.kind.New()
	}
	d.h.Reset()
	d.h.Write(prefix(0xa5, uint32(len(b))))
	d.h.Write(b)
	d.sums = d.h.Sum(d.sums)
	d.count++
}

func (d *chunked) sum() []byte {
	d.h.Reset()
	d.h.Write(prefix(0x5a, d.count))
	d.h.Write(d.sums)
	return d.h.Sum(nil)
}

func prefix(kind byte, n uint32) []byte { return binary.LittleEndian.AppendUint32([]byte{kind}, n) }
