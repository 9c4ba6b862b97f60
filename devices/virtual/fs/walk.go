package fs

import (
	"slices"
	"strings"
	"syscall"
)

// Bounds of Linux: PATH_MAX, NAME_MAX and the number of symbolic links that
// one resolution follows (MAXSYMLINKS, see path_resolution(7)).
const (
	maxPath  = 4095
	maxName  = 255
	maxLinks = 40
)

// Permission bits for Access and permission checks, as in access(2).
const (
	MayExecute = 1
	MayWrite   = 2
	MayRead    = 4
)

// place is where a path leads to: a name in a directory, and what is there.
type place struct {
	parent *node
	name   string
	node   *node // nil: the name is free
	slash  bool  // the path ended in "/": only a directory will do
}

// walk resolves path with the rights of the view; the core is locked. Relative
// paths start at the root. Links are followed on the way, and at the end if
// follow.
func (v *View) walk(path string, follow bool) (place, syscall.Errno) {
	switch {
	case path == "":
		return place{}, syscall.ENOENT
	case len(path) > maxPath:
		return place{}, syscall.ENAMETOOLONG
	case strings.IndexByte(path, 0) >= 0:
		return place{}, syscall.EINVAL
	}
	root := v.c.root
	at := place{name: "/", node: root}
	dir, rest, links := root, path, 0
	for {
		rest = strings.TrimLeft(rest, "/")
		if rest == "" {
			return at, 0
		}
		name, after, slash := strings.Cut(rest, "/")
		rest = after
		last := strings.Trim(rest, "/") == ""
		if !dir.isDir() {
			return place{}, syscall.ENOTDIR
		}
		if !v.may(dir, MayExecute) {
			return place{}, syscall.EACCES
		}
		if len(name) > maxName {
			return place{}, syscall.ENAMETOOLONG
		}
		switch name {
		case ".":
			at = place{name: ".", node: dir}
			continue
		case "..":
			dir = dir.parent
			at = place{name: "..", node: dir}
			continue
		}
		child := dir.children[name]
		switch {
		case child == nil && last:
			return place{parent: dir, name: name, slash: slash}, 0
		case child == nil:
			return place{}, syscall.ENOENT
		case child.isLink() && (follow || slash):
			if links++; links > maxLinks {
				return place{}, syscall.ELOOP
			}
			if slash {
				rest = child.target + "/" + rest
			} else {
				rest = child.target
			}
			if strings.HasPrefix(child.target, "/") {
				dir = root
			}
			at = place{name: "/", node: dir}
			continue
		case slash && !child.isDir():
			return place{}, syscall.ENOTDIR
		}
		at = place{parent: dir, name: name, node: child, slash: slash}
		dir = child
	}
}

// existing is walk to something that must be there.
func (v *View) existing(path string, follow bool) (place, syscall.Errno) {
	at, errno := v.walk(path, follow)
	if errno == 0 && at.node == nil {
		errno = syscall.ENOENT
	}
	return at, errno
}

// may says whether the view's user has all of bits on n.
func (v *View) may(n *node, bits uint32) bool {
	if v.uid == UIDRoot {
		return bits&MayExecute == 0 || n.isDir() || n.mode&0o111 != 0
	}
	if n.mnt.Shared {
		return v.uid == UIDShell || v.uid == UIDSystem || slices.Contains(v.groups, UIDSdcard)
	}
	have := n.mode
	switch {
	case v.uid == n.uid:
		have >>= 6
	case v.uid == n.gid || slices.Contains(v.groups, n.gid):
		have >>= 3
	}
	return have&bits == bits
}

func (v *View) readOnly(n *node) bool { return n.mnt.ReadOnly && !v.image }

// mayChange says whether names may be added to or taken from dir.
func (v *View) mayChange(dir *node) syscall.Errno {
	switch {
	case v.readOnly(dir):
		return syscall.EROFS
	case !v.may(dir, MayWrite|MayExecute):
		return syscall.EACCES
	}
	return 0
}

// mayRemove is mayChange plus the sticky bit.
func (v *View) mayRemove(at place) syscall.Errno {
	if at.parent == nil {
		if at.name == "/" {
			return syscall.EBUSY
		}
		return syscall.EINVAL
	}
	if at.node.mnt.top == at.node {
		return syscall.EBUSY
	}
	if errno := v.mayChange(at.parent); errno != 0 {
		return errno
	}
	if at.parent.mode&S_ISVTX != 0 && v.uid != UIDRoot && v.uid != at.node.uid && v.uid != at.parent.uid {
		return syscall.EPERM
	}
	return 0
}

// mayOwn says whether the view's user may change mode and times of n.
func (v *View) mayOwn(n *node) syscall.Errno {
	switch {
	case v.readOnly(n):
		return syscall.EROFS
	case v.uid != UIDRoot && v.uid != n.uid && !n.mnt.Shared:
		return syscall.EPERM
	}
	return 0
}
