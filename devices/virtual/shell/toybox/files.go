package toybox

import (
	"context"
	"fmt"
	"io"
	"os"
	"path"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/fs"
	"github.com/ringproof/ringproof/devices/virtual/shell/mksh"
)

var files = map[string]applet{
	"ls": ls, "rm": rm, "mkdir": mkdir, "rmdir": rmdir, "cp": cp, "mv": mv, "ln": ln, "touch": touch,
	"chmod": chmod, "chown": chown, "chgrp": chown, "stat": stat, "du": du, "df": df, "find": find,
	"readlink": readlink, "realpath": realpath, "basename": basename, "dirname": dirname, "mktemp": mktemp,
	"dd": dd, "sync": nothing, "restorecon": nothing,
}

func nothing(context.Context, System, *mksh.Proc) int { return 0 }

func ls(_ context.Context, sys System, p *mksh.Proc) int {
	flags, args, ok := options(p, "ladR1AFhinStrZCmpx", "")
	if !ok {
		return 1
	}
	if len(args) == 0 {
		args = []string{"."}
	}
	l := &lister{p: p, sys: sys, flags: flags}
	type entry struct {
		name string
		info fs.Info
	}
	var single, dirs []entry
	for _, a := range args {
		info, err := p.FS.Lstat(p.Path(a))
		if err == nil && info.Mode()&os.ModeSymlink != 0 && !has(flags, 'l') && !has(flags, 'd') {
			if to, err := p.FS.Stat(p.Path(a)); err == nil && to.IsDir() {
				info = to
			}
		}
		if err == nil && strings.HasSuffix(a, "/") {
			info, err = p.FS.Stat(p.Path(a))
		}
		switch {
		case err != nil:
			l.code = p.Complain("%s: %s", a, mksh.Errno(err))
		case info.IsDir() && !has(flags, 'd'):
			dirs = append(dirs, entry{a, info})
		default:
			single = append(single, entry{a, info})
		}
	}
	for _, e := range single {
		l.line(p.Path(e.name), e.name, e.info)
	}
	for i, e := range dirs {
		header := len(args) > 1 || has(flags, 'R')
		l.dir(e.name, header, i > 0 || len(single) > 0)
	}
	return l.code
}

type lister struct {
	p     *mksh.Proc
	sys   System
	flags map[rune]string
	code  int
}

func (l *lister) dir(name string, header, gap bool) {
	full := l.p.Path(name)
	list, err := l.p.FS.ReadDir(full)
	if err != nil {
		l.code = l.p.Complain("%s: %s", name, mksh.Errno(err))
		return
	}
	if gap {
		l.p.Println()
	}
	if header {
		l.p.Printf("%s:\n", name)
	}
	shown := list[:0:0]
	for _, info := range list {
		if strings.HasPrefix(info.Name(), ".") && !has(l.flags, 'a') && !has(l.flags, 'A') {
			continue
		}
		shown = append(shown, info)
	}
	switch {
	case has(l.flags, 't'):
		sort.SliceStable(shown, func(i, j int) bool { return shown[i].ModTime().After(shown[j].ModTime()) })
	case has(l.flags, 'S'):
		sort.SliceStable(shown, func(i, j int) bool { return shown[i].Size() > shown[j].Size() })
	}
	if has(l.flags, 'r') {
		for i, j := 0, len(shown)-1; i < j; i, j = i+1, j-1 {
			shown[i], shown[j] = shown[j], shown[i]
		}
	}
	if has(l.flags, 'l') {
		blocks := int64(0)
		for _, info := range shown {
			blocks += (info.Size() + 4095) / 4096 * 4
		}
		l.p.Printf("total %d\n", blocks)
	}
	if has(l.flags, 'a') {
		for _, dot := range []string{".", ".."} {
			if info, err := l.p.FS.Stat(path.Join(full, dot)); err == nil {
				l.line(full, dot, info)
			}
		}
	}
	for _, info := range shown {
		l.line(full+"/"+info.Name(), info.Name(), info)
	}
	if has(l.flags, 'R') {
		for _, info := range shown {
			if info.IsDir() {
				l.dir(strings.TrimSuffix(name, "/")+"/"+info.Name(), true, true)
			}
		}
	}
}

func (l *lister) line(full, name string, info fs.Info) {
	u := info.Unix()
	if has(l.flags, 'i') {
		l.p.Printf("%d ", u.Ino)
	}
	if !has(l.flags, 'l') {
		if has(l.flags, 'F') && info.IsDir() || has(l.flags, 'p') && info.IsDir() {
			name += "/"
		}
		l.p.Println(name)
		return
	}
	owner := func(id int) string {
		if n, ok := l.sys.UserName(id); ok && !has(l.flags, 'n') {
			return n
		}
		return strconv.Itoa(id)
	}
	size := strconv.FormatInt(info.Size(), 10)
	if has(l.flags, 'h') {
		size = human(info.Size())
	}
	if info.Mode()&os.ModeSymlink != 0 {
		if to, err := l.p.FS.Readlink(full); err == nil {
			name += " -> " + to
		}
	}
	l.p.Printf("%s %d %s %s %s %s %s\n", modeString(u.Mode), u.Nlink, owner(u.UID), owner(u.GID), size,
		info.ModTime().UTC().Format("2006-01-02 15:04"), name)
}

func human(n int64) string {
	if n < 1024 {
		return strconv.FormatInt(n, 10)
	}
	f, unit := float64(n), 0
	for f >= 1024 && unit < 4 {
		f /= 1024
		unit++
	}
	if f < 10 {
		return fmt.Sprintf("%.1f%c", f, " KMGT"[unit])
	}
	return fmt.Sprintf("%.0f%c", f, " KMGT"[unit])
}

// modeString is the ten letters of ls -l.
func modeString(mode uint32) string {
	kind := map[uint32]byte{
		fs.S_IFDIR: 'd', fs.S_IFLNK: 'l', fs.S_IFREG: '-', fs.S_IFCHR: 'c', fs.S_IFBLK: 'b', fs.S_IFIFO: 'p', fs.S_IFSOCK: 's',
	}[mode&fs.S_IFMT]
	b := []byte{kind}
	for i := 8; i >= 0; i-- {
		c := "rwxrwxrwx"[8-i]
		if mode>>i&1 == 0 {
			c = '-'
		}
		b = append(b, c)
	}
	special := func(at int, bit uint32, set, unset byte) {
		if mode&bit == 0 {
			return
		}
		if b[at] == 'x' {
			b[at] = set
		} else {
			b[at] = unset
		}
	}
	special(3, fs.S_ISUID, 's', 'S')
	special(6, fs.S_ISGID, 's', 'S')
	special(9, fs.S_ISVTX, 't', 'T')
	return string(b)
}

func rm(_ context.Context, _ System, p *mksh.Proc) int {
	flags, args, ok := options(p, "rRfiv", "")
	if !ok {
		return 1
	}
	if len(args) == 0 && !has(flags, 'f') {
		return p.Complain(`Needs 1 argument (see "rm --help")`)
	}
	code := 0
	for _, a := range args {
		full := p.Path(a)
		info, err := p.FS.Lstat(full)
		switch {
		case err != nil && has(flags, 'f') && os.IsNotExist(err):
			continue
		case err != nil:
		case info.IsDir() && !has(flags, 'r') && !has(flags, 'R'):
			code = p.Complain("%s: is directory", a)
			continue
		case info.IsDir():
			err = p.FS.RemoveAll(full)
		default:
			err = p.FS.Remove(full)
		}
		if err != nil {
			code = p.Complain("%s: %s", a, mksh.Errno(err))
		}
	}
	return code
}

// each runs do for every operand and reports its errors as toybox does.
func each(p *mksh.Proc, args []string, what string, do func(full string) error) int {
	if len(args) == 0 {
		return p.Complain(`Needs 1 argument (see "%s --help")`, p.Name())
	}
	code := 0
	for _, a := range args {
		if err := do(p.Path(a)); err != nil {
			code = p.Complain("%s'%s': %s", what, a, mksh.Errno(err))
		}
	}
	return code
}

func mkdir(_ context.Context, _ System, p *mksh.Proc) int {
	flags, args, ok := options(p, "pv", "m")
	if !ok {
		return 1
	}
	mode := uint32(0o777)
	if m, set := flags['m']; set {
		n, err := strconv.ParseUint(m, 8, 32)
		if err != nil {
			return p.Complain("bad mode '%s'", m)
		}
		mode = uint32(n)
	}
	return each(p, args, "", func(full string) error {
		if has(flags, 'p') {
			return p.FS.MkdirAll(full, mode)
		}
		return p.FS.Mkdir(full, mode)
	})
}

func rmdir(_ context.Context, _ System, p *mksh.Proc) int {
	_, args, ok := options(p, "p", "")
	if !ok {
		return 1
	}
	return each(p, args, "", func(full string) error {
		info, err := p.FS.Lstat(full)
		if err == nil && !info.IsDir() {
			return fmt.Errorf("Not a directory")
		}
		if err != nil {
			return err
		}
		return p.FS.Remove(full)
	})
}

// target is where cp and mv put one source.
func target(p *mksh.Proc, dst, src string) string {
	full := p.Path(dst)
	if info, err := p.FS.Stat(full); err == nil && info.IsDir() {
		return full + "/" + path.Base(src)
	}
	return full
}

func cp(_ context.Context, _ System, p *mksh.Proc) int {
	flags, args, ok := options(p, "rRafpvdT", "")
	if !ok {
		return 1
	}
	if len(args) < 2 {
		return p.Complain(`Needs 2 arguments (see "cp --help")`)
	}
	code := 0
	dst := args[len(args)-1]
	for _, src := range args[:len(args)-1] {
		recurse := has(flags, 'r') || has(flags, 'R') || has(flags, 'a')
		if err := copyTo(p, p.Path(src), target(p, dst, src), recurse); err != nil {
			code = p.Complain("bad '%s': %s", src, mksh.Errno(err))
		}
	}
	return code
}

func copyTo(p *mksh.Proc, src, dst string, recurse bool) error {
	info, err := p.FS.Stat(src)
	if err != nil {
		return err
	}
	if info.IsDir() {
		if !recurse {
			return fmt.Errorf("Is a directory")
		}
		if err := p.FS.MkdirAll(dst, info.Unix().Mode&0o777); err != nil {
			return err
		}
		list, err := p.FS.ReadDir(src)
		if err != nil {
			return err
		}
		for _, e := range list {
			if err := copyTo(p, src+"/"+e.Name(), dst+"/"+e.Name(), true); err != nil {
				return err
			}
		}
		return nil
	}
	in, err := p.FS.Open(src)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := p.FS.OpenFile(dst, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, info.Unix().Mode&0o777)
	if err != nil {
		return err
	}
	defer out.Close()
	_, err = io.Copy(out, in)
	return err
}

func mv(_ context.Context, _ System, p *mksh.Proc) int {
	_, args, ok := options(p, "finvT", "")
	if !ok {
		return 1
	}
	if len(args) < 2 {
		return p.Complain(`Needs 2 arguments (see "mv --help")`)
	}
	code := 0
	dst := args[len(args)-1]
	for _, src := range args[:len(args)-1] {
		from, to := p.Path(src), target(p, dst, src)
		err := p.FS.Rename(from, to)
		if err != nil && mksh.Errno(err) == "Cross-device link" {
			if err = copyTo(p, from, to, true); err == nil {
				err = p.FS.RemoveAll(from)
			}
		}
		if err != nil {
			code = p.Complain("bad '%s': %s", src, mksh.Errno(err))
		}
	}
	return code
}

func ln(_ context.Context, _ System, p *mksh.Proc) int {
	flags, args, ok := options(p, "sfnvr", "")
	if !ok {
		return 1
	}
	if len(args) == 1 {
		args = append(args, path.Base(args[0]))
	}
	if len(args) < 2 {
		return p.Complain(`Needs 1 argument (see "ln --help")`)
	}
	code := 0
	dst := args[len(args)-1]
	for _, src := range args[:len(args)-1] {
		to := target(p, dst, src)
		if has(flags, 'f') {
			_ = p.FS.Remove(to)
		}
		var err error
		if has(flags, 's') {
			err = p.FS.Symlink(src, to)
		} else {
			err = p.FS.Link(p.Path(src), to)
		}
		if err != nil {
			kind := "hard"
			if has(flags, 's') {
				kind = "symbolic"
			}
			code = p.Complain("cannot create %s link from '%s' to '%s': %s", kind, src, dst, mksh.Errno(err))
		}
	}
	return code
}

func touch(_ context.Context, sys System, p *mksh.Proc) int {
	flags, args, ok := options(p, "acmh", "drt")
	if !ok {
		return 1
	}
	when := sys.Now()
	if d, set := flags['d']; set {
		t, err := parseTime(d, when)
		if err != nil {
			return p.Complain("bad '%s'", d)
		}
		when = t
	}
	if r, set := flags['r']; set {
		info, err := p.FS.Stat(p.Path(r))
		if err != nil {
			return p.Complain("%s: %s", r, mksh.Errno(err))
		}
		when = info.ModTime()
	}
	return each(p, args, "", func(full string) error {
		if _, err := p.FS.Stat(full); err != nil {
			if has(flags, 'c') {
				return nil
			}
			f, err := p.FS.OpenFile(full, os.O_WRONLY|os.O_CREATE, 0o666)
			if err != nil {
				return err
			}
			f.Close()
		}
		return p.FS.Chtimes(full, when, when)
	})
}

func parseTime(s string, now time.Time) (time.Time, error) {
	if sec, ok := strings.CutPrefix(s, "@"); ok {
		f, err := strconv.ParseFloat(sec, 64)
		return time.Unix(0, int64(f*1e9)).UTC(), err
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return now, fmt.Errorf("bad date %q", s)
}

func walkTree(p *mksh.Proc, full string, do func(full string, info fs.Info) error) error {
	info, err := p.FS.Lstat(full)
	if err != nil {
		return err
	}
	if err := do(full, info); err != nil {
		return err
	}
	if !info.IsDir() {
		return nil
	}
	list, err := p.FS.ReadDir(full)
	if err != nil {
		return err
	}
	for _, e := range list {
		if err := walkTree(p, strings.TrimSuffix(full, "/")+"/"+e.Name(), do); err != nil {
			return err
		}
	}
	return nil
}

func chmod(_ context.Context, _ System, p *mksh.Proc) int {
	args := p.Args[1:]
	recurse := false
	for len(args) > 0 && (args[0] == "-R" || args[0] == "-v" || args[0] == "-f") {
		recurse = recurse || args[0] == "-R"
		args = args[1:]
	}
	if len(args) < 2 {
		return p.Complain(`Needs 2 arguments (see "chmod --help")`)
	}
	return each(p, args[1:], "", func(full string) error {
		change := func(full string, info fs.Info) error {
			mode, err := parseMode(args[0], info.Unix().Mode)
			if err != nil {
				return err
			}
			return p.FS.Chmod(full, mode)
		}
		if recurse {
			return walkTree(p, full, change)
		}
		info, err := p.FS.Stat(full)
		if err != nil {
			return err
		}
		return change(full, info)
	})
}

// parseMode reads "755" and "u+x,go-w".
func parseMode(s string, old uint32) (uint32, error) {
	if n, err := strconv.ParseUint(s, 8, 32); err == nil {
		return uint32(n), nil
	}
	mode := old & 0o7777
	for _, clause := range strings.Split(s, ",") {
		i := strings.IndexAny(clause, "+-=")
		if i < 0 {
			return 0, fmt.Errorf("bad mode '%s'", s)
		}
		who := uint32(0)
		for _, c := range clause[:i] {
			who |= map[rune]uint32{'u': 0o700, 'g': 0o070, 'o': 0o007, 'a': 0o777}[c]
		}
		if who == 0 {
			who = 0o777
		}
		bits := uint32(0)
		for _, c := range clause[i+1:] {
			bits |= map[rune]uint32{'r': 0o444, 'w': 0o222, 'x': 0o111, 'X': 0o111}[c] & who
			if c == 's' && who&0o700 != 0 {
				bits |= fs.S_ISUID
			}
			if c == 't' {
				bits |= fs.S_ISVTX
			}
		}
		switch clause[i] {
		case '+':
			mode |= bits
		case '-':
			mode &^= bits
		case '=':
			mode = mode&^who | bits
		}
	}
	return mode, nil
}

func chown(_ context.Context, sys System, p *mksh.Proc) int {
	flags, args, ok := options(p, "Rhvf", "")
	if !ok {
		return 1
	}
	if len(args) < 2 {
		return p.Complain(`Needs 2 arguments (see "%s --help")`, p.Name())
	}
	id := func(s string) (int, bool) {
		if s == "" {
			return -1, true
		}
		if n, err := strconv.Atoi(s); err == nil {
			return n, true
		}
		return sys.UserID(s)
	}
	owner, group, _ := strings.Cut(args[0], ":")
	if p.Name() == "chgrp" {
		owner, group = "", args[0]
	}
	uid, ok1 := id(owner)
	gid, ok2 := id(group)
	if !ok1 || !ok2 {
		return p.Complain("bad user '%s'", args[0])
	}
	return each(p, args[1:], "", func(full string) error {
		if has(flags, 'R') {
			return walkTree(p, full, func(f string, _ fs.Info) error { return p.FS.Lchown(f, uid, gid) })
		}
		return p.FS.Chown(full, uid, gid)
	})
}
