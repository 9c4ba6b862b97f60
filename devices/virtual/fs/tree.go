// Package fs is the one file tree of a virtual phone: what its shell lists and
// what the sync service uploads to and downloads from are the same files.
//
// It knows unix: directories, regular files, symbolic links, owners, modes,
// inode numbers, errno. It knows no adb, no command and no Android service; the
// Android layout (android.go) is nothing but a table of paths. Nothing in it
// ever touches the file system of the machine.
//
// Errors are *io/fs.PathError (or *os.LinkError for two paths) around a
// syscall.Errno, so errors.Is(err, io/fs.ErrNotExist) and friends work.
package fs

import (
	iofs "io/fs"
	"sort"
	"sync"
	"syscall"
	"time"
)

// Unix file types and bits as in <linux/stat.h>. They are spelled out because
// the phone is always a Linux, whatever the machine is.
const (
	S_IFMT   = 0o170000
	S_IFSOCK = 0o140000
	S_IFLNK  = 0o120000
	S_IFREG  = 0o100000
	S_IFBLK  = 0o060000
	S_IFDIR  = 0o040000
	S_IFCHR  = 0o020000
	S_IFIFO  = 0o010000
	S_ISUID  = 0o4000
	S_ISGID  = 0o2000
	S_ISVTX  = 0o1000
)

// Users of an Android system, from android_filesystem_config.h.
const (
	UIDRoot    = 0
	UIDSystem  = 1000
	UIDLog     = 1007
	UIDSdcard  = 1015 // AID_SDCARD_RW
	UIDMediaRW = 1023
	UIDShell   = 2000
	UIDFirst   = 10000 // first uid of installed apps
)

// DefaultLimit is the number of content bytes that a tree holds unless told
// otherwise.
const DefaultLimit = 1 << 30

// Tree is a file tree. Its own methods are those of a View as root; As gives
// the view of another user. All are safe for concurrent use.
type Tree struct {
	View
}

// New makes a tree with nothing but a root directory. now is the phone's wall
// clock; it is called without the tree's lock, and it must not wait for a lock
// that is held by somebody who uses the tree.
func New(now func() time.Time) *Tree {
	c := &core{now: now, limit: DefaultLimit}
	m := c.newMount()
	c.root = &node{mode: S_IFDIR | 0o755, children: map[string]*node{}, mnt: m}
	c.root.parent = c.root
	c.adopt(c.root, now())
	return &Tree{View{c: c, uid: UIDRoot}}
}

// As returns the tree as uid sees it. The primary group is the uid, as it is
// for Android's users; groups are the supplementary ones. Uid 0 bypasses
// permissions but not read-only file systems.
func (t *Tree) As(uid int, groups ...int) *View {
	return &View{c: t.c, uid: uid, groups: append([]int(nil), groups...)}
}

// Image returns the tree as the maker of its read-only images saw it: root,
// with nothing read-only. It is for what a phone is built from, not for what
// runs on it.
func (t *Tree) Image() *View {
	return &View{c: t.c, uid: UIDRoot, image: true}
}

// SetLimit bounds the content of all files together, in bytes. Writing beyond
// it is ENOSPC.
func (t *Tree) SetLimit(bytes int64) {
	t.c.mu.Lock()
	defer t.c.mu.Unlock()
	t.c.limit = bytes
}

// Usage returns the bytes in use by file contents and their bound.
func (t *Tree) Usage() (used, limit int64) {
	t.c.mu.Lock()
	defer t.c.mu.Unlock()
	return t.c.used, t.c.limit
}

// Provide makes path a dynamic file, as those of /proc are: read-only, size 0,
// with content that is asked for anew each time it is opened. Missing folders
// are made. content is called without the tree's lock.
func (t *Tree) Provide(path string, content func() []byte) error {
	if err := t.Image().parents(path); err != nil {
		return err
	}
	now := t.c.now()
	t.c.mu.Lock()
	defer t.c.mu.Unlock()
	at, errno := t.walk(path, false)
	if errno != 0 {
		return fail("provide", path, errno)
	}
	if at.node != nil {
		if at.node.isDir() {
			return fail("provide", path, syscall.EISDIR)
		}
		t.c.unlink(at, now)
	}
	n := &node{mode: S_IFREG | 0o444, dynamic: content}
	t.c.attach(at, n, now)
	return nil
}

// Mount makes the existing directory at path a file system of its own: another
// device number, and renames across its border are EXDEV.
func (t *Tree) Mount(path string, o MountOptions) error {
	t.c.mu.Lock()
	defer t.c.mu.Unlock()
	at, errno := t.walk(path, true)
	switch {
	case errno != 0:
		return fail("mount", path, errno)
	case at.node == nil:
		return fail("mount", path, syscall.ENOENT)
	case !at.node.isDir():
		return fail("mount", path, syscall.ENOTDIR)
	}
	m := at.node.mnt
	if m.top != at.node {
		m = t.c.newMount()
		m.top = at.node
		at.node.setMount(at.node.mnt, m)
	}
	m.MountOptions = o
	return nil
}

// MountOptions is how one file system of the tree behaves.
type MountOptions struct {
	// ReadOnly refuses every change with EROFS, root's too.
	ReadOnly bool
	// Shared is Android's emulated storage: the system decides who may come in
	// (the shell and members of group sdcard_rw), what is created gets fixed
	// owners and modes, and chmod and chown are accepted and ignored.
	Shared bool
}

// Stat is what stat(2) says of a file.
type Stat struct {
	Dev, Ino            uint64
	Mode                uint32 // type and permission bits, S_IF...
	Nlink               uint32
	UID, GID            int
	Size                int64
	Atime, Mtime, Ctime time.Time
}

// Info is a Stat with a name. It is an io/fs.FileInfo.
type Info struct {
	name string
	stat Stat
}

// Name is the last element of the path that was asked for.
func (i Info) Name() string { return i.name }

// Size is the length in bytes.
func (i Info) Size() int64 { return i.stat.Size }

// ModTime is the time of the last change of content.
func (i Info) ModTime() time.Time { return i.stat.Mtime }

// IsDir says whether it is a directory.
func (i Info) IsDir() bool { return i.stat.Mode&S_IFMT == S_IFDIR }

// Unix gives all that stat(2) gives, with the unix mode.
func (i Info) Unix() Stat { return i.stat }

// Sys returns a *Stat.
func (i Info) Sys() any { s := i.stat; return &s }

// Mode is the mode in Go's bits; Unix has unix' own.
func (i Info) Mode() iofs.FileMode {
	m := iofs.FileMode(i.stat.Mode & 0o777)
	switch i.stat.Mode & S_IFMT {
	case S_IFDIR:
		m |= iofs.ModeDir
	case S_IFLNK:
		m |= iofs.ModeSymlink
	case S_IFCHR:
		m |= iofs.ModeDevice | iofs.ModeCharDevice
	case S_IFBLK:
		m |= iofs.ModeDevice
	case S_IFIFO:
		m |= iofs.ModeNamedPipe
	case S_IFSOCK:
		m |= iofs.ModeSocket
	}
	for bit, mode := range map[uint32]iofs.FileMode{
		S_ISUID: iofs.ModeSetuid, S_ISGID: iofs.ModeSetgid, S_ISVTX: iofs.ModeSticky,
	} {
		if i.stat.Mode&bit != 0 {
			m |= mode
		}
	}
	return m
}

// core is what all views share.
type core struct {
	now func() time.Time

	mu     sync.Mutex
	root   *node
	used   int64
	limit  int64
	inodes uint64
	mounts uint64
}

type mount struct {
	MountOptions
	dev uint64
	top *node
}

type node struct {
	mode                uint32
	uid, gid            int
	ino                 uint64
	nlink               int
	atime, mtime, ctime time.Time
	mnt                 *mount

	parent   *node            // of a directory
	children map[string]*node // of a directory
	target   string           // of a symbolic link
	data     []byte           // of a regular file
	dynamic  func() []byte    // of a dynamic file
	device   device           // of a character device
	open     int              // handles on a regular file
}

func (n *node) kind() uint32 { return n.mode & S_IFMT }
func (n *node) isDir() bool  { return n.kind() == S_IFDIR }
func (n *node) isLink() bool { return n.kind() == S_IFLNK }
func (n *node) names() []string {
	names := make([]string, 0, len(n.children))
	for name := range n.children {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func (n *node) setMount(from, to *mount) {
	if n.mnt != from {
		return
	}
	n.mnt = to
	for _, child := range n.children {
		child.setMount(from, to)
	}
}

func (n *node) info(name string) Info {
	s := Stat{
		Dev: n.mnt.dev, Ino: n.ino, Mode: n.mode, Nlink: uint32(n.nlink), UID: n.uid, GID: n.gid,
		Atime: n.atime, Mtime: n.mtime, Ctime: n.ctime,
	}
	switch n.kind() {
	case S_IFDIR:
		s.Size = 4096
	case S_IFLNK:
		s.Size = int64(len(n.target))
	case S_IFREG:
		s.Size = int64(len(n.data))
	}
	return Info{name: name, stat: s}
}

func (c *core) newMount() *mount {
	c.mounts++
	return &mount{dev: 0xfd00 + c.mounts}
}

// adopt gives a new node what every node has.
func (c *core) adopt(n *node, now time.Time) {
	c.inodes++
	n.ino = c.inodes
	n.atime, n.mtime, n.ctime = now, now, now
	n.nlink = 1
	if n.isDir() {
		n.nlink = 2
	}
}

// attach puts a new node to a free place.
func (c *core) attach(at place, n *node, now time.Time) {
	n.mnt = at.parent.mnt
	if at.parent.mode&S_ISGID != 0 {
		n.gid = at.parent.gid
		if n.isDir() {
			n.mode |= S_ISGID
		}
	}
	if n.mnt.Shared {
		n.uid, n.gid = UIDMediaRW, UIDMediaRW
		n.mode = n.kind() | 0o660
		if n.isDir() {
			n.mode = S_IFDIR | S_ISGID | 0o770
		}
	}
	c.adopt(n, now)
	c.link(at, n, now)
}

// link gives an existing node a (further) name.
func (c *core) link(at place, n *node, now time.Time) {
	at.parent.children[at.name] = n
	at.parent.mtime, at.parent.ctime = now, now
	if n.isDir() {
		n.parent = at.parent
		at.parent.nlink++
	}
}

// unlink takes a name away; content without name and handle is freed.
func (c *core) unlink(at place, now time.Time) {
	delete(at.parent.children, at.name)
	at.parent.mtime, at.parent.ctime = now, now
	at.node.ctime = now
	if at.node.isDir() {
		at.parent.nlink--
		at.node.nlink = 0
		return
	}
	at.node.nlink--
	c.release(at.node)
}

func (c *core) release(n *node) {
	if n.nlink == 0 && n.open == 0 {
		c.used -= int64(len(n.data))
		n.data = nil
	}
}

// resize sets the length of a file, within the bound.
func (c *core) resize(n *node, size int64) syscall.Errno {
	grow := size - int64(len(n.data))
	if size < 0 {
		return syscall.EINVAL
	}
	if grow > 0 && c.used+grow > c.limit {
		return syscall.ENOSPC
	}
	switch {
	case grow <= 0:
		n.data = n.data[:size]
		if size == 0 {
			n.data = nil
		}
	case size <= int64(cap(n.data)):
		old := len(n.data)
		n.data = n.data[:size]
		clear(n.data[old:])
	default:
		n.data = append(n.data, make([]byte, grow)...)
	}
	c.used += grow
	return 0
}

func fail(op, path string, errno syscall.Errno) error {
	return &iofs.PathError{Op: op, Path: path, Err: errno}
}
