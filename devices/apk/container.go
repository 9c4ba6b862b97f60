package apk

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
)

// Bounds of what is unpacked or read at once. Real manifests are a few
// kilobytes; the largest tables of shipped apps are some ten megabytes.
const (
	maxManifest  = 4 << 20
	maxTable     = 64 << 20
	maxDirectory = 8 << 20  // 65535 entries of a hundred bytes
	maxBlock     = 32 << 20 // the APK Signing Block
)

const (
	manifestName = "AndroidManifest.xml"
	tableName    = "resources.arsc"
)

// container is the zip file, as far as Android looks at it.
type container struct {
	r    io.ReaderAt
	size int64
	// directory is where the central directory begins, end where the record
	// after it does.
	directory, end int64
	zip            *zip.Reader
}

const (
	endMagic = 0x06054b50
	endSize  = 22
)

// openContainer is as strict as libziparchive: the record at the end ends the
// file, the directory ends at that record, and no name is there twice.
func openContainer(r io.ReaderAt, size int64) (*container, error) {
	c := &container{r: r, size: size}
	if size < endSize {
		return nil, notAPK(nil, "%d bytes are too few for a zip file", size)
	}
	tail := make([]byte, min(size, endSize+1<<16))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return nil, notAPK(err, "read the end of the file")
	}
	at := -1
	for i := len(tail) - endSize; i >= 0; i-- {
		comment := int(binary.LittleEndian.Uint16(tail[i+20:]))
		if binary.LittleEndian.Uint32(tail[i:]) == endMagic && i+endSize+comment == len(tail) {
			at = i
			break
		}
	}
	if at < 0 {
		return nil, notAPK(nil, "no zip directory at its end")
	}
	c.end = size - int64(len(tail)) + int64(at)
	length := int64(binary.LittleEndian.Uint32(tail[at+12:]))
	c.directory = int64(binary.LittleEndian.Uint32(tail[at+16:]))
	if c.directory+length != c.end || length > maxDirectory {
		return nil, notAPK(nil, "the zip directory at %d with %d bytes does not end at %d", c.directory, length, c.end)
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, notAPK(err, "read the zip directory")
	}
	seen := make(map[string]bool, len(z.File))
	for _, f := range z.File {
		if seen[f.Name] {
			return nil, notAPK(nil, "%.80q is in it twice", f.Name)
		}
		seen[f.Name] = true
	}
	c.zip = z
	return c, nil
}

func (c *container) find(name string) *zip.File {
	for _, f := range c.zip.File {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// unpack reads one entry of at most limit bytes; nil when there is none.
func (c *container) unpack(name string, limit int64) ([]byte, error) {
	f := c.find(name)
	if f == nil {
		return nil, nil
	}
	if f.UncompressedSize64 > uint64(limit) {
		return nil, fmt.Errorf("%s has %d bytes, more than %d", name, f.UncompressedSize64, limit)
	}
	rc, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("unpack %s: %w", name, err)
	}
	var b bytes.Buffer
	// A header may lie about the size: one byte more shows it.
	n, err := io.Copy(&b, io.LimitReader(rc, limit+1))
	if cerr := rc.Close(); err == nil {
		err = cerr
	}
	if err == nil && n > limit {
		err = fmt.Errorf("more than %d bytes", limit)
	}
	if err != nil {
		return nil, fmt.Errorf("unpack %s: %w", name, err)
	}
	return b.Bytes(), nil
}

// section reads n bytes at off.
func (c *container) section(off, n int64) ([]byte, error) {
	if off < 0 || n < 0 || off+n > c.size {
		return nil, fmt.Errorf("%d bytes at %d are not in a file of %d", n, off, c.size)
	}
	b := make([]byte, n)
	if _, err := c.r.ReadAt(b, off); err != nil && err != io.EOF {
		return nil, err
	}
	return b, nil
}
