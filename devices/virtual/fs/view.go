package fs

import (
	"errors"
	"io"
	iofs "io/fs"
	"os"
	"path"
	"strings"
	"syscall"
	"time"
)

// View is a tree as one user sees it: every call checks that user's rights.
// Paths are slash-separated and absolute; a relative path starts at the root,
// because a tree has no working directory.
type View struct {
	c      *core
	uid    int
	groups []int
	image  bool // read-only file systems are not
}

// UID is the user whose rights the view has.
func (v *View) UID() int { return v.uid }

// Stat describes what path leads to, following symbolic links.
func (v *View) Stat(path string) (Info, error) { return v.stat("stat", path, true) }

// Lstat is Stat of the symbolic link itself.
func (v *View) Lstat(path string) (Info, error) { return v.stat("lstat", path, false) }

func (v *View) stat(op, name string, follow bool) (Info, error) {
	v.c.mu.Lock()
	defer v.c.mu.Unlock()
	at, errno := v.existing(name, follow)
	if errno != 0 {
		return Info{}, fail(op, name, errno)
	}
	return at.node.info(path.Base(name)), nil
}

// Access says whether the user has all of bits (MayRead, MayWrite, MayExecute;
// 0 asks only whether it exists) on what path leads to.
func (v *View) Access(path string, bits uint32) error {
	v.c.mu.Lock()
	defer v.c.mu.Unlock()
	at, errno := v.existing(path, true)
	switch {
	case errno != 0:
	case bits&MayWrite != 0 && v.readOnly(at.node) && at.node.kind() != S_IFCHR:
		errno = syscall.EROFS
	case !v.may(at.node, bits):
		errno = syscall.EACCES
	default:
		return nil
	}
	return fail("access", path, errno)
}

// ReadDir lists a directory by name, without "." and "..".
func (v *View) ReadDir(path string) ([]Info, error) {
	v.c.mu.Lock()
	defer v.c.mu.Unlock()
	at, errno := v.existing(path, true)
	switch {
	case errno != 0:
		return nil, fail("readdir", path, errno)
	case !at.node.isDir():
		return nil, fail("readdir", path, syscall.ENOTDIR)
	case !v.may(at.node, MayRead):
		return nil, fail("readdir", path, syscall.EACCES)
	}
	list := make([]Info, 0, len(at.node.children))
	for _, name := range at.node.names() {
		list = append(list, at.node.children[name].info(name))
	}
	return list, nil
}

// Readlink returns the target of a symbolic link as it was written.
func (v *View) Readlink(path string) (string, error) {
	v.c.mu.Lock()
	defer v.c.mu.Unlock()
	at, errno := v.existing(path, false)
	if errno == 0 && !at.node.isLink() {
		errno = syscall.EINVAL
	}
	if errno != 0 {
		return "", fail("readlink", path, errno)
	}
	return at.node.target, nil
}

// Resolve returns path without symbolic links, "." and "..", as realpath(3)
// does. The last element need not exist.
func (v *View) Resolve(path string) (string, error) {
	v.c.mu.Lock()
	defer v.c.mu.Unlock()
	at, errno := v.walk(path, true)
	if errno != 0 {
		return "", fail("realpath", path, errno)
	}
	dir, tail := at.node, ""
	if at.node == nil || !at.node.isDir() {
		dir, tail = at.parent, "/"+at.name
	}
	for dir != v.c.root {
		tail = "/" + dir.nameInParent() + tail
		dir = dir.parent
	}
	if tail == "" {
		tail = "/"
	}
	return tail, nil
}

func (n *node) nameInParent() string {
	for name, child := range n.parent.children {
		if child == n {
			return name
		}
	}
	return "" // removed meanwhile
}

// Mkdir makes one directory with the permission bits of mode.
func (v *View) Mkdir(path string, mode uint32) error {
	return v.create("mkdir", path, &node{mode: S_IFDIR | mode&0o7777, children: map[string]*node{}})
}

// Symlink makes path a symbolic link to target.
func (v *View) Symlink(target, path string) error {
	if target == "" {
		return fail("symlink", path, syscall.ENOENT)
	}
	return v.create("symlink", path, &node{mode: S_IFLNK | 0o777, target: target})
}

// create puts n, which is no regular file, to a free place.
func (v *View) create(op, path string, n *node) error {
	now := v.c.now()
	v.c.mu.Lock()
	defer v.c.mu.Unlock()
	at, errno := v.walk(path, false)
	switch {
	case errno != 0:
	case at.node != nil:
		errno = syscall.EEXIST
	case at.slash && !n.isDir():
		errno = syscall.ENOENT
	default:
		errno = v.mayChange(at.parent)
	}
	if errno != 0 {
		return fail(op, path, errno)
	}
	n.uid, n.gid = v.uid, v.uid
	v.c.attach(at, n, now)
	return nil
}

// MkdirAll makes a directory and the missing ones above it.
func (v *View) MkdirAll(name string, mode uint32) error {
	if info, err := v.Stat(name); err == nil {
		if info.IsDir() {
			return nil
		}
		return fail("mkdir", name, syscall.ENOTDIR)
	}
	clean := path.Clean("/" + name)
	for i, r := range clean + "/" {
		if r != '/' || i == 0 {
			continue
		}
		part := clean[:i]
		if info, err := v.Stat(part); err == nil && info.IsDir() {
			continue
		}
		// A racing maker of the same folder is not an error.
		if err := v.Mkdir(part, mode); err != nil && !errors.Is(err, syscall.EEXIST) {
			return err
		}
	}
	if info, err := v.Stat(name); err != nil {
		return err
	} else if !info.IsDir() {
		return fail("mkdir", name, syscall.ENOTDIR)
	}
	return nil
}

// parents makes the missing folders above name.
func (v *View) parents(name string) error {
	dir := path.Dir(strings.TrimRight(path.Join("/", name), "/"))
	return v.MkdirAll(dir, 0o755)
}

// Link gives the file at old a second name.
func (v *View) Link(old, new string) error {
	return v.two("link", old, new, func(now time.Time) syscall.Errno {
		from, errno := v.existing(old, false)
		if errno != 0 {
			return errno
		}
		to, errno := v.walk(new, false)
		switch {
		case errno != 0:
			return errno
		case from.node.isDir():
			return syscall.EPERM
		case to.node != nil:
			return syscall.EEXIST
		case to.slash:
			return syscall.ENOENT
		case from.node.mnt != to.parent.mnt:
			return syscall.EXDEV
		}
		if errno := v.mayChange(to.parent); errno != 0 {
			return errno
		}
		from.node.nlink++
		from.node.ctime = now
		v.c.link(to, from.node, now)
		return 0
	})
}

// Rename moves what is at old to new, replacing a file or an empty directory.
func (v *View) Rename(old, new string) error {
	return v.two("rename", old, new, func(now time.Time) syscall.Errno {
		from, errno := v.existing(old, false)
		if errno != 0 {
			return errno
		}
		to, errno := v.walk(new, false)
		if errno != 0 {
			return errno
		}
		if errno := v.mayRemove(from); errno != 0 {
			return errno
		}
		if to.parent == nil {
			return syscall.EBUSY
		}
		if errno := v.mayChange(to.parent); errno != 0 {
			return errno
		}
		if to.node == nil && to.slash && !from.node.isDir() {
			return syscall.ENOTDIR
		}
		if from.node.mnt != to.parent.mnt {
			return syscall.EXDEV
		}
		if to.node == from.node {
			return 0
		}
		if from.node.isDir() {
			for dir := to.parent; ; dir = dir.parent {
				if dir == from.node {
					return syscall.EINVAL
				}
				if dir == dir.parent {
					break
				}
			}
		}
		if to.node != nil {
			if errno := v.mayRemove(to); errno != 0 {
				return errno
			}
			switch {
			case to.node.isDir() && !from.node.isDir():
				return syscall.EISDIR
			case !to.node.isDir() && from.node.isDir():
				return syscall.ENOTDIR
			case len(to.node.children) > 0:
				return syscall.ENOTEMPTY
			}
			v.c.unlink(to, now)
		}
		delete(from.parent.children, from.name)
		from.parent.mtime, from.parent.ctime = now, now
		if from.node.isDir() {
			from.parent.nlink--
		}
		from.node.ctime = now
		v.c.link(to, from.node, now)
		return 0
	})
}

func (v *View) two(op, old, new string, do func(now time.Time) syscall.Errno) error {
	now := v.c.now()
	v.c.mu.Lock()
	defer v.c.mu.Unlock()
	if errno := do(now); errno != 0 {
		return &os.LinkError{Op: op, Old: old, New: new, Err: errno}
	}
	return nil
}

// Remove removes a file, a symbolic link or an empty directory.
func (v *View) Remove(path string) error {
	now := v.c.now()
	v.c.mu.Lock()
	defer v.c.mu.Unlock()
	at, errno := v.existing(path, false)
	if errno == 0 {
		errno = v.mayRemove(at)
	}
	if errno == 0 && len(at.node.children) > 0 {
		errno = syscall.ENOTEMPTY
	}
	if errno != 0 {
		return fail("remove", path, errno)
	}
	v.c.unlink(at, now)
	return nil
}

// RemoveAll removes path and what is below it. A missing path is no error; the
// first thing that cannot be removed is.
func (v *View) RemoveAll(path string) error {
	now := v.c.now()
	v.c.mu.Lock()
	defer v.c.mu.Unlock()
	at, errno := v.walk(path, false)
	if errno == syscall.ENOENT || errno == 0 && at.node == nil {
		return nil
	}
	if errno == 0 {
		errno = v.removeAll(at, now)
	}
	if errno != 0 {
		return fail("remove", path, errno)
	}
	return nil
}

func (v *View) removeAll(at place, now time.Time) syscall.Errno {
	if errno := v.mayRemove(at); errno != 0 {
		return errno
	}
	if at.node.isDir() && len(at.node.children) > 0 {
		if !v.may(at.node, MayRead|MayExecute) {
			return syscall.EACCES
		}
		for _, name := range at.node.names() {
			child := place{parent: at.node, name: name, node: at.node.children[name]}
			if errno := v.removeAll(child, now); errno != 0 {
				return errno
			}
		}
	}
	v.c.unlink(at, now)
	return 0
}

// Chmod sets the permission bits of what path leads to.
func (v *View) Chmod(path string, mode uint32) error {
	return v.change("chmod", path, true, func(n *node, now time.Time) syscall.Errno {
		if errno := v.mayOwn(n); errno != 0 || n.mnt.Shared {
			return errno
		}
		n.mode = n.kind() | mode&0o7777
		n.ctime = now
		return 0
	})
}

// Chown sets the owner of what path leads to; -1 leaves uid or gid alone. Only
// root may give files away; an owner may change the group to one of his own.
func (v *View) Chown(path string, uid, gid int) error { return v.chown("chown", path, true, uid, gid) }

// Lchown is Chown of the symbolic link itself.
func (v *View) Lchown(path string, uid, gid int) error {
	return v.chown("lchown", path, false, uid, gid)
}

func (v *View) chown(op, path string, follow bool, uid, gid int) error {
	return v.change(op, path, follow, func(n *node, now time.Time) syscall.Errno {
		if errno := v.mayOwn(n); errno != 0 || n.mnt.Shared {
			return errno
		}
		if v.uid != UIDRoot && (uid >= 0 && uid != n.uid || gid >= 0 && gid != n.gid && gid != v.uid && !v.member(gid)) {
			return syscall.EPERM
		}
		if uid >= 0 {
			n.uid = uid
		}
		if gid >= 0 {
			n.gid = gid
		}
		n.ctime = now
		return 0
	})
}

func (v *View) member(gid int) bool {
	for _, g := range v.groups {
		if g == gid {
			return true
		}
	}
	return false
}

// Chtimes sets the times of what path leads to; a zero time leaves it alone.
func (v *View) Chtimes(path string, atime, mtime time.Time) error {
	return v.chtimes("chtimes", path, true, atime, mtime)
}

// Lchtimes is Chtimes of the symbolic link itself.
func (v *View) Lchtimes(path string, atime, mtime time.Time) error {
	return v.chtimes("lchtimes", path, false, atime, mtime)
}

func (v *View) chtimes(op, path string, follow bool, atime, mtime time.Time) error {
	return v.change(op, path, follow, func(n *node, now time.Time) syscall.Errno {
		if errno := v.mayOwn(n); errno != 0 && (errno != syscall.EPERM || !v.may(n, MayWrite)) {
			return errno
		}
		if !atime.IsZero() {
			n.atime = atime
		}
		if !mtime.IsZero() {
			n.mtime = mtime
		}
		n.ctime = now
		return 0
	})
}

func (v *View) change(op, path string, follow bool, do func(*node, time.Time) syscall.Errno) error {
	now := v.c.now()
	v.c.mu.Lock()
	defer v.c.mu.Unlock()
	at, errno := v.existing(path, follow)
	if errno == 0 {
		errno = do(at.node, now)
	}
	if errno != 0 {
		return fail(op, path, errno)
	}
	return nil
}

// ReadFile returns the whole content of a file.
func (v *View) ReadFile(path string) ([]byte, error) {
	f, err := v.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// WriteFile makes content the whole content of the file at path. mode is used
// if the file is new.
func (v *View) WriteFile(path string, content []byte, mode uint32) error {
	f, err := v.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.Write(content)
	return err
}

var _ iofs.FileInfo = Info{}
