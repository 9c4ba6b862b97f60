package fs

import (
	"io"
	"math/rand/v2"
	"os"
	"sync"
	"syscall"
)

// File is an open file. All methods are safe for concurrent use; the position
// is shared, as that of a unix descriptor is.
type File struct {
	v    *View
	name string
	flag int
	n    *node

	mu     sync.Mutex // guards what follows; taken before the tree's lock
	pos    int64
	closed bool
	fixed  []byte // content of a dynamic file at the time of opening
}

// Open opens a file, or a directory for Stat, for reading.
func (v *View) Open(path string) (*File, error) { return v.OpenFile(path, os.O_RDONLY, 0) }

// Create makes a file of mode 0666 (adbd runs without a umask) or empties an
// existing one, open for reading and writing.
func (v *View) Create(path string) (*File, error) {
	return v.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o666)
}

// OpenFile opens path. flag is os.O_RDONLY, O_WRONLY or O_RDWR with O_APPEND,
// O_CREATE, O_EXCL and O_TRUNC; mode is used, as it is, for a file that is
// created.
func (v *View) OpenFile(path string, flag int, mode uint32) (*File, error) {
	now := v.c.now()
	f, errno := func() (*File, syscall.Errno) {
		v.c.mu.Lock()
		defer v.c.mu.Unlock()
		exclusive := flag&os.O_CREATE != 0 && flag&os.O_EXCL != 0
		at, errno := v.walk(path, !exclusive)
		if errno != 0 {
			return nil, errno
		}
		write := flag&(os.O_WRONLY|os.O_RDWR) != 0
		n := at.node
		switch {
		case n == nil && flag&os.O_CREATE == 0:
			return nil, syscall.ENOENT
		case n == nil && at.slash:
			return nil, syscall.EISDIR
		case n == nil:
			if errno := v.mayChange(at.parent); errno != 0 {
				return nil, errno
			}
			n = &node{mode: S_IFREG | mode&0o7777, uid: v.uid, gid: v.uid}
			v.c.attach(at, n, now)
		case exclusive:
			return nil, syscall.EEXIST
		default:
			if errno := v.mayOpen(n, flag, write); errno != 0 {
				return nil, errno
			}
			if flag&os.O_TRUNC != 0 && write && n.kind() == S_IFREG && n.dynamic == nil {
				_ = v.c.resize(n, 0) // there is always room for less
				n.mtime, n.ctime = now, now
			}
		}
		n.open++
		return &File{v: v, name: path, flag: flag, n: n}, 0
	}()
	if errno != 0 {
		return nil, fail("open", path, errno)
	}
	if f.n.dynamic != nil {
		f.fixed = f.n.dynamic()
	}
	return f, nil
}

func (v *View) mayOpen(n *node, flag int, write bool) syscall.Errno {
	bits := uint32(0)
	if write {
		bits |= MayWrite
	}
	if flag&os.O_WRONLY == 0 {
		bits |= MayRead
	}
	switch {
	case n.isLink():
		return syscall.ELOOP
	case n.isDir() && (write || flag&os.O_CREATE != 0):
		return syscall.EISDIR
	case !v.may(n, bits):
		return syscall.EACCES
	case write && v.readOnly(n) && n.kind() == S_IFREG:
		return syscall.EROFS
	case write && n.dynamic != nil:
		return syscall.EACCES
	}
	return 0
}

// Name is the path that was opened.
func (f *File) Name() string { return f.name }

// Stat describes the open file, also after its name was removed.
func (f *File) Stat() (Info, error) {
	f.v.c.mu.Lock()
	defer f.v.c.mu.Unlock()
	return f.n.info(f.name[lastSlash(f.name)+1:]), nil
}

func lastSlash(s string) int {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == '/' {
			return i
		}
	}
	return -1
}

// Read reads from the position on.
func (f *File) Read(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := f.readAt(p, f.pos)
	f.pos += int64(n)
	return n, err
}

// ReadAt reads from offset off and leaves the position alone.
func (f *File) ReadAt(p []byte, off int64) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := f.readAt(p, off)
	if err == nil && n < len(p) {
		err = io.EOF
	}
	return n, err
}

func (f *File) readAt(p []byte, off int64) (int, error) {
	switch {
	case f.closed:
		return 0, fail("read", f.name, syscall.EBADF)
	case f.flag&os.O_WRONLY != 0:
		return 0, fail("read", f.name, syscall.EBADF)
	case off < 0:
		return 0, fail("read", f.name, syscall.EINVAL)
	case f.n.isDir():
		return 0, fail("read", f.name, syscall.EISDIR)
	case f.n.device != nil:
		return f.n.device.read(p)
	}
	data := f.fixed
	if f.n.dynamic == nil {
		f.v.c.mu.Lock()
		defer f.v.c.mu.Unlock()
		data = f.n.data
	}
	if len(p) == 0 {
		return 0, nil
	}
	if off >= int64(len(data)) {
		return 0, io.EOF
	}
	return copy(p, data[off:]), nil
}

// Write writes at the position, or at the end if the file was opened with
// O_APPEND.
func (f *File) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, end, err := f.writeAt(p, f.pos, f.flag&os.O_APPEND != 0)
	if err == nil {
		f.pos = end
	}
	return n, err
}

// WriteAt writes at offset off and leaves the position alone.
func (f *File) WriteAt(p []byte, off int64) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, _, err := f.writeAt(p, off, false)
	return n, err
}

func (f *File) writeAt(p []byte, off int64, atEnd bool) (int, int64, error) {
	now := f.v.c.now()
	switch {
	case f.closed || f.flag&(os.O_WRONLY|os.O_RDWR) == 0:
		return 0, 0, fail("write", f.name, syscall.EBADF)
	case off < 0:
		return 0, 0, fail("write", f.name, syscall.EINVAL)
	case f.n.device != nil:
		n, errno := f.n.device.write(p)
		if errno != 0 {
			return n, 0, fail("write", f.name, errno)
		}
		return n, off, nil
	}
	f.v.c.mu.Lock()
	defer f.v.c.mu.Unlock()
	if atEnd {
		off = int64(len(f.n.data))
	}
	end := off + int64(len(p))
	if end < off {
		return 0, 0, fail("write", f.name, syscall.EFBIG)
	}
	if end > int64(len(f.n.data)) && len(p) > 0 {
		if errno := f.v.c.resize(f.n, end); errno != 0 {
			return 0, 0, fail("write", f.name, errno)
		}
	}
	if len(p) > 0 {
		copy(f.n.data[off:], p)
		f.n.mtime, f.n.ctime = now, now
	}
	return len(p), end, nil
}

// Seek sets the position.
func (f *File) Seek(offset int64, whence int) (int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return 0, fail("seek", f.name, syscall.EBADF)
	}
	base := int64(0)
	switch whence {
	case io.SeekStart:
	case io.SeekCurrent:
		base = f.pos
	case io.SeekEnd:
		f.v.c.mu.Lock()
		base = int64(len(f.n.data) + len(f.fixed))
		f.v.c.mu.Unlock()
	default:
		return 0, fail("seek", f.name, syscall.EINVAL)
	}
	if base+offset < 0 {
		return 0, fail("seek", f.name, syscall.EINVAL)
	}
	f.pos = base + offset
	return f.pos, nil
}

// Truncate sets the length of the file.
func (f *File) Truncate(size int64) error {
	now := f.v.c.now()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed || f.flag&(os.O_WRONLY|os.O_RDWR) == 0 || f.n.kind() != S_IFREG {
		return fail("truncate", f.name, syscall.EINVAL)
	}
	f.v.c.mu.Lock()
	defer f.v.c.mu.Unlock()
	if errno := f.v.c.resize(f.n, size); errno != 0 {
		return fail("truncate", f.name, errno)
	}
	f.n.mtime, f.n.ctime = now, now
	return nil
}

// Close gives the file back. A second Close is EBADF.
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return fail("close", f.name, syscall.EBADF)
	}
	f.closed = true
	f.v.c.mu.Lock()
	defer f.v.c.mu.Unlock()
	f.n.open--
	f.v.c.release(f.n)
	return nil
}

// device is what a character device does.
type device interface {
	read(p []byte) (int, error)
	write(p []byte) (int, syscall.Errno)
}

type nullDevice struct{}

func (nullDevice) read([]byte) (int, error)            { return 0, io.EOF }
func (nullDevice) write(p []byte) (int, syscall.Errno) { return len(p), 0 }

type zeroDevice struct{ nullDevice }

func (zeroDevice) read(p []byte) (int, error) { clear(p); return len(p), nil }

type fullDevice struct{ zeroDevice }

func (fullDevice) write([]byte) (int, syscall.Errno) { return 0, syscall.ENOSPC }

// randomDevice is not random: a phone with the same past gives the same bytes.
type randomDevice struct {
	nullDevice
	mu  *sync.Mutex
	gen *rand.ChaCha8
}

func (d randomDevice) read(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.gen.Read(p)
}
