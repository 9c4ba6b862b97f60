package adb

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"
)

// FileInfo describes a file on a phone.
type FileInfo struct {
	// Name is the last part of the path.
	Name string
	// Mode has Go's bits for type and permissions.
	Mode fs.FileMode
	// Size is in bytes; ModTime is the phone's, to the second.
	Size    int64
	ModTime time.Time
	// UID, GID, Inode and Links are 0 on phones without the features stat_v2
	// and ls_v2.
	UID, GID, Links uint32
	Inode           uint64
}

// IsDir reports whether the file is a folder.
func (i FileInfo) IsDir() bool { return i.Mode.IsDir() }

// unixMode turns st_mode into Go's bits.
func unixMode(m uint32) fs.FileMode {
	mode := fs.FileMode(m & 0o777)
	for _, b := range []struct {
		bit uint32
		is  fs.FileMode
	}{{0o4000, fs.ModeSetuid}, {0o2000, fs.ModeSetgid}, {0o1000, fs.ModeSticky}} {
		if m&b.bit != 0 {
			mode |= b.is
		}
	}
	switch m & 0o170000 {
	case unixRegular:
	case 0o040000:
		mode |= fs.ModeDir
	case 0o120000:
		mode |= fs.ModeSymlink
	case 0o060000:
		mode |= fs.ModeDevice
	case 0o020000:
		mode |= fs.ModeDevice | fs.ModeCharDevice
	case 0o010000:
		mode |= fs.ModeNamedPipe
	case 0o140000:
		mode |= fs.ModeSocket
	default:
		mode |= fs.ModeIrregular
	}
	return mode
}

// errno explains Linux's error numbers, which are not this machine's.
func errno(n uint32) (string, error) {
	switch n {
	case 1:
		return "operation not permitted", fs.ErrPermission
	case 2:
		return "no such file or directory", fs.ErrNotExist
	case 13:
		return "permission denied", fs.ErrPermission
	case 20:
		return "not a directory", fs.ErrNotExist
	case 36:
		return "file name too long", nil
	case 40:
		return "too many levels of symbolic links", nil
	}
	return fmt.Sprintf("error number %d", n), nil
}

// Stat describes the file at name, behind symbolic links. A phone without the
// feature stat_v2 describes the link itself.
func (d *Device) Stat(ctx context.Context, name string) (FileInfo, error) {
	return d.stat(ctx, "STA2", name)
}

// Lstat describes the file at name and does not follow a symbolic link.
func (d *Device) Lstat(ctx context.Context, name string) (FileInfo, error) {
	return d.stat(ctx, "LST2", name)
}

func (d *Device) stat(ctx context.Context, id, name string) (FileInfo, error) {
	op := "stat " + name
	if err := checkPath(op, d.serial, name); err != nil {
		return FileInfo{}, err
	}
	c, err := d.sync(ctx, op)
	if err != nil {
		return FileInfo{}, err
	}
	defer c.Close()
	if !c.features.Has("stat_v2") {
		id = "STAT"
	}
	if _, err := c.Write(append(syncHead(id, len(name)), name...)); err != nil {
		return FileInfo{}, err
	}
	i, err := readStat(c.conn, c.r, id)
	i.Name = path.Base(name)
	return i, err
}

// readStat reads the answer to a STAT, STA2 or LST2.
func readStat(c *conn, r io.Reader, want string) (FileInfo, error) {
	var id [4]byte
	if _, err := io.ReadFull(r, id[:]); err != nil {
		return FileInfo{}, c.fromIO(lostInside(err))
	}
	switch string(id[:]) {
	case want:
	case "FAIL":
		var n [4]byte
		if _, err := io.ReadFull(r, n[:]); err != nil {
			return FileInfo{}, c.fromIO(lostInside(err))
		}
		return FileInfo{}, syncMessage(c, r, binary.LittleEndian.Uint32(n[:]))
	default:
		return FileInfo{}, c.fail(Protocol, fmt.Sprintf("answer %q to %s", id, want), nil)
	}
	if want == "STAT" {
		i, err := readV1(r)
		if err != nil {
			return i, c.fromIO(lostInside(err))
		}
		if i.Mode == fs.ModeIrregular && i.Size == 0 && i.ModTime.Unix() == 0 {
			return FileInfo{}, c.fail(Rejected, "no such file, or no permission to see it", fs.ErrNotExist)
		}
		return i, nil
	}
	i, n, err := readV2(r)
	if err != nil {
		return i, c.fromIO(lostInside(err))
	}
	if n != 0 {
		msg, err := errno(n)
		return FileInfo{}, c.fail(Rejected, msg, err)
	}
	return i, nil
}

// readV1 reads mode, size and time, three uint32.
func readV1(r io.Reader) (FileInfo, error) {
	var b [12]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return FileInfo{}, err
	}
	le := binary.LittleEndian
	return FileInfo{
		Mode:    unixMode(le.Uint32(b[0:])),
		Size:    int64(le.Uint32(b[4:])),
		ModTime: time.Unix(int64(le.Uint32(b[8:])), 0),
	}, nil
}

// readV2 reads the 68 bytes behind the id of a sync_stat_v2: error u32, dev
// u64, ino u64, mode, nlink, uid, gid u32, size u64, atime, mtime, ctime i64.
func readV2(r io.Reader) (FileInfo, uint32, error) {
	var b [68]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return FileInfo{}, 0, err
	}
	le := binary.LittleEndian
	return FileInfo{
		Inode:   le.Uint64(b[12:]),
		Mode:    unixMode(le.Uint32(b[20:])),
		Links:   le.Uint32(b[24:]),
		UID:     le.Uint32(b[28:]),
		GID:     le.Uint32(b[32:]),
		Size:    int64(le.Uint64(b[36:])),
		ModTime: time.Unix(int64(le.Uint64(b[52:])), 0),
	}, le.Uint32(b[0:]), nil
}

// List lists the folder at name, without "." and "..". The sync service says
// nothing about a folder that is missing or may not be read; an empty answer
// is therefore followed by a Stat.
func (d *Device) List(ctx context.Context, name string) ([]FileInfo, error) {
	op := "list " + name
	if err := checkPath(op, d.serial, name); err != nil {
		return nil, err
	}
	c, err := d.sync(ctx, op)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	id := "LIST"
	if c.features.Has("ls_v2") {
		id = "LIS2"
	}
	if _, err := c.Write(append(syncHead(id, len(name)), name...)); err != nil {
		return nil, err
	}
	list, rows, err := readList(c.conn, c.r, id == "LIS2")
	if err != nil || rows > 0 {
		return list, err
	}
	i, err := d.Stat(ctx, name)
	var e *Error
	switch {
	case errors.As(err, &e):
		e.Op = op
		return nil, e
	case !i.IsDir() && i.Mode&fs.ModeSymlink == 0:
		return nil, c.fail(Rejected, "not a directory", nil)
	}
	return list, nil
}

// maxNames bounds what is believed of a name's length.
const maxNames = 4096

// readList reads entries until DONE. rows also counts "." and "..".
func readList(c *conn, r io.Reader, v2 bool) (list []FileInfo, rows int, err error) {
	entry := "DENT"
	if v2 {
		entry = "DNT2"
	}
	for {
		var id [4]byte
		if _, err := io.ReadFull(r, id[:]); err != nil {
			return nil, rows, c.fromIO(lostInside(err))
		}
		if string(id[:]) != entry {
			switch string(id[:]) {
			case "DONE":
				return list, rows, nil
			case "FAIL":
				var n [4]byte
				if _, err := io.ReadFull(r, n[:]); err != nil {
					return nil, rows, c.fromIO(lostInside(err))
				}
				return nil, rows, syncMessage(c, r, binary.LittleEndian.Uint32(n[:]))
			}
			return nil, rows, c.fail(Protocol, fmt.Sprintf("entry %q", id), nil)
		}
		i, err := readEntry(r, v2)
		if errors.Is(err, errName) {
			return nil, rows, c.fail(Protocol, err.Error(), nil)
		} else if err != nil {
			return nil, rows, c.fromIO(lostInside(err))
		}
		rows++
		if i.Name != "." && i.Name != ".." {
			list = append(list, i)
		}
	}
}

var errName = errors.New("impossible file name")

// readEntry reads one entry behind its id. A name that is no single part of a
// path is refused: callers join names to paths.
func readEntry(r io.Reader, v2 bool) (i FileInfo, err error) {
	if v2 {
		i, _, err = readV2(r) // an entry with an error keeps its name
	} else {
		i, err = readV1(r)
	}
	if err != nil {
		return i, err
	}
	var b [4]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return i, err
	}
	n := binary.LittleEndian.Uint32(b[:])
	if n == 0 || n > maxNames {
		return i, fmt.Errorf("%w of %d bytes", errName, n)
	}
	name := make([]byte, n)
	if _, err := io.ReadFull(r, name); err != nil {
		return i, err
	}
	i.Name = string(name)
	if strings.ContainsAny(i.Name, "/\x00") {
		return i, fmt.Errorf("%w %q", errName, i.Name)
	}
	return i, nil
}
