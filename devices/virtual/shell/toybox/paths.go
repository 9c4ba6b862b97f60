package toybox

import (
	"context"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/ringproof/ringproof/devices/virtual/fs"
	"github.com/ringproof/ringproof/devices/virtual/shell/mksh"
)

func stat(_ context.Context, sys System, p *mksh.Proc) int {
	flags, args, ok := options(p, "Lft", "c")
	if !ok {
		return 1
	}
	look := p.FS.Lstat
	if has(flags, 'L') {
		look = p.FS.Stat
	}
	code := 0
	for _, a := range args {
		info, err := look(p.Path(a))
		if err != nil {
			code = p.Complain("'%s': %s", a, mksh.Errno(err))
			continue
		}
		format, set := flags['c']
		if !set {
			format = "  File: %N\n  Size: %s\t Blocks: %b\t IO Blocks: 4096\t%F\nDevice: %D\t Inode: %i\t Links: %h\n" +
				"Access: (%a/%A)\tUid: (%5u/%8U)\tGid: (%5g/%8G)\nAccess: %x\nModify: %y\nChange: %z"
			format = strings.NewReplacer("%5u", "%u", "%8U", "%U", "%5g", "%g", "%8G", "%G").Replace(format)
		}
		p.Println(statFormat(sys, p, format, a, info))
	}
	return code
}

func statFormat(sys System, p *mksh.Proc, format, name string, info fs.Info) string {
	u := info.Unix()
	user := func(id int) string {
		if n, ok := sys.UserName(id); ok {
			return n
		}
		return strconv.Itoa(id)
	}
	kind := map[uint32]string{
		fs.S_IFDIR: "directory", fs.S_IFLNK: "symbolic link", fs.S_IFREG: "regular file", fs.S_IFCHR: "character device",
		fs.S_IFBLK: "block device", fs.S_IFIFO: "FIFO", fs.S_IFSOCK: "socket",
	}[u.Mode&fs.S_IFMT]
	if kind == "regular file" && u.Size == 0 {
		kind = "regular empty file"
	}
	quoted := name
	if to, err := p.FS.Readlink(p.Path(name)); err == nil {
		quoted = fmt.Sprintf("%s -> '%s'", name, to)
	}
	const stamp = "2006-01-02 15:04:05.000000000 -0700"
	val := map[byte]string{
		'n': name, 'N': "'" + quoted + "'", 's': strconv.FormatInt(u.Size, 10), 'F': kind,
		'a': strconv.FormatUint(uint64(u.Mode&0o7777), 8), 'A': modeString(u.Mode), 'f': strconv.FormatUint(uint64(u.Mode), 16),
		'u': strconv.Itoa(u.UID), 'U': user(u.UID), 'g': strconv.Itoa(u.GID), 'G': user(u.GID),
		'i': strconv.FormatUint(u.Ino, 10), 'h': strconv.FormatUint(uint64(u.Nlink), 10), 'b': strconv.FormatInt((u.Size+511)/512, 10),
		'd': strconv.FormatUint(u.Dev, 10), 'D': strconv.FormatUint(u.Dev, 16) + "h",
		'x': u.Atime.UTC().Format(stamp), 'y': u.Mtime.UTC().Format(stamp), 'z': u.Ctime.UTC().Format(stamp),
		'X': strconv.FormatInt(u.Atime.Unix(), 10), 'Y': strconv.FormatInt(u.Mtime.Unix(), 10), 'Z': strconv.FormatInt(u.Ctime.Unix(), 10),
		'%': "%",
	}
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			b.WriteByte(format[i])
			continue
		}
		i++
		b.WriteString(val[format[i]])
	}
	return b.String()
}

func du(_ context.Context, _ System, p *mksh.Proc) int {
	flags, args, ok := options(p, "shkmabc", "d")
	if !ok {
		return 1
	}
	if len(args) == 0 {
		args = []string{"."}
	}
	code := 0
	for _, a := range args {
		sum := int64(0)
		err := walkTree(p, p.Path(a), func(_ string, info fs.Info) error {
			sum += (info.Size() + 4095) / 4096 * 4096
			return nil
		})
		if err != nil {
			code = p.Complain("%s: %s", a, mksh.Errno(err))
		}
		size := strconv.FormatInt(sum/1024, 10)
		if has(flags, 'h') {
			size = human(sum)
		}
		p.Printf("%s\t%s\n", size, a)
	}
	return code
}

func df(_ context.Context, _ System, p *mksh.Proc) int {
	flags, args, ok := options(p, "hkaPH", "t")
	if !ok {
		return 1
	}
	const total, used = 112 << 30, 9 << 30
	size := func(n int64) string {
		if has(flags, 'h') {
			return human(n)
		}
		return strconv.FormatInt(n/1024, 10)
	}
	head := "1K-blocks"
	if has(flags, 'h') {
		head = "Size"
	}
	p.Printf("%-17s %10s %10s %10s %s %s\n", "Filesystem", head, "Used", "Available", "Use%", "Mounted on")
	for _, a := range args {
		if _, err := p.FS.Stat(p.Path(a)); err != nil {
			return p.Complain("%s: %s", a, mksh.Errno(err))
		}
	}
	p.Printf("%-17s %10s %10s %10s %3d%% %s\n", "/dev/block/dm-40", size(total), size(used), size(total-used), used*100/total, "/data")
	return 0
}

func find(_ context.Context, _ System, p *mksh.Proc) int {
	args := p.Args[1:]
	var roots []string
	for len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		roots, args = append(roots, args[0]), args[1:]
	}
	if len(roots) == 0 {
		roots = []string{"."}
	}
	var tests []func(depth int, name string, info fs.Info) bool
	del, maxDepth, minDepth := false, 1<<30, 0
	for len(args) > 0 {
		test := args[0]
		value := ""
		if len(args) > 1 {
			value = args[1]
		}
		takes := 2
		switch test {
		case "-name", "-iname":
			fold := test == "-iname"
			tests = append(tests, func(_ int, name string, _ fs.Info) bool {
				n, v := path.Base(name), value
				if fold {
					n, v = strings.ToLower(n), strings.ToLower(v)
				}
				ok, _ := path.Match(v, n)
				return ok
			})
		case "-type":
			tests = append(tests, func(_ int, _ string, info fs.Info) bool {
				return value != "" && modeString(info.Unix().Mode)[:1] == map[string]string{"f": "-"}[value] || value != "f" && modeString(info.Unix().Mode)[:1] == value
			})
		case "-size":
			tests = append(tests, func(_ int, _ string, info fs.Info) bool {
				n, _ := strconv.ParseInt(strings.Trim(value, "+-ck"), 10, 64)
				size := (info.Size() + 511) / 512
				switch {
				case strings.HasSuffix(value, "c"):
					size = info.Size()
				case strings.HasSuffix(value, "k"):
					size = (info.Size() + 1023) / 1024
				}
				switch value[0] {
				case '+':
					return size > n
				case '-':
					return size < n
				}
				return size == n
			})
		case "-maxdepth":
			maxDepth, _ = strconv.Atoi(value)
		case "-mindepth":
			minDepth, _ = strconv.Atoi(value)
		case "-delete":
			del, takes = true, 1
		case "-print":
			takes = 1
		default:
			return p.Complain("bad arg '%s'", test)
		}
		args = args[min(takes, len(args)):]
	}
	code := 0
	for _, root := range roots {
		var walk func(full, shown string, depth int)
		walk = func(full, shown string, depth int) {
			info, err := p.FS.Lstat(full)
			if err != nil {
				code = p.Complain("'%s': %s", shown, mksh.Errno(err))
				return
			}
			visit := func() {
				if depth < minDepth {
					return
				}
				for _, t := range tests {
					if !t(depth, shown, info) {
						return
					}
				}
				if del {
					if err := p.FS.Remove(full); err != nil {
						code = p.Complain("%s: %s", shown, mksh.Errno(err))
					}
					return
				}
				p.Println(shown)
			}
			if !del {
				visit()
			}
			if info.IsDir() && depth < maxDepth {
				list, err := p.FS.ReadDir(full)
				if err != nil {
					code = p.Complain("'%s': %s", shown, mksh.Errno(err))
				}
				for _, e := range list {
					walk(strings.TrimSuffix(full, "/")+"/"+e.Name(), strings.TrimSuffix(shown, "/")+"/"+e.Name(), depth+1)
				}
			}
			if del {
				visit()
			}
		}
		walk(p.Path(root), root, 0)
	}
	return code
}

func readlink(_ context.Context, _ System, p *mksh.Proc) int {
	flags, args, ok := options(p, "fnqem", "")
	if !ok {
		return 1
	}
	code := 0
	for _, a := range args {
		var out string
		var err error
		if has(flags, 'f') || has(flags, 'e') || has(flags, 'm') {
			out, err = p.FS.Resolve(p.Path(a))
		} else {
			out, err = p.FS.Readlink(p.Path(a))
		}
		if err != nil {
			code = 1
			continue
		}
		if has(flags, 'n') {
			p.Printf("%s", out)
		} else {
			p.Println(out)
		}
	}
	return code
}

func realpath(_ context.Context, _ System, p *mksh.Proc) int {
	code := 0
	for _, a := range p.Args[1:] {
		out, err := p.FS.Resolve(p.Path(a))
		if err == nil {
			_, err = p.FS.Stat(out)
		}
		if err != nil {
			code = p.Complain("%s: %s", a, mksh.Errno(err))
			continue
		}
		p.Println(out)
	}
	return code
}

func basename(_ context.Context, _ System, p *mksh.Proc) int {
	if len(p.Args) < 2 {
		return p.Complain(`Needs 1 argument (see "basename --help")`)
	}
	b := path.Base(p.Args[1])
	if len(p.Args) > 2 && b != p.Args[2] {
		b = strings.TrimSuffix(b, p.Args[2])
	}
	p.Println(b)
	return 0
}

func dirname(_ context.Context, _ System, p *mksh.Proc) int {
	for _, a := range p.Args[1:] {
		p.Println(path.Dir(strings.TrimRight(a, "/")))
	}
	return 0
}

func mktemp(_ context.Context, _ System, p *mksh.Proc) int {
	flags, args, ok := options(p, "dqu", "pt")
	if !ok {
		return 1
	}
	dir := p.Getenv("TMPDIR")
	if d, set := flags['p']; set {
		dir = d
	}
	template := "tmp.XXXXXXXXXX"
	if len(args) > 0 {
		template = args[0]
	}
	if !strings.Contains(template, "/") {
		template = dir + "/" + template
	}
	stem := strings.TrimRight(template, "X")
	for n := 1; n < 1000; n++ {
		name := fmt.Sprintf("%s%0*d", stem, len(template)-len(stem), n)
		var err error
		if has(flags, 'd') {
			err = p.FS.Mkdir(p.Path(name), 0o700)
		} else {
			var f *fs.File
			if f, err = p.FS.OpenFile(p.Path(name), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600); err == nil {
				f.Close()
			}
		}
		if err == nil {
			p.Println(name)
			return 0
		}
		if !os.IsExist(err) {
			return p.Complain("Failed to create %s %s: %s", map[bool]string{true: "directory", false: "file"}[has(flags, 'd')], template, mksh.Errno(err))
		}
	}
	return 1
}

func dd(_ context.Context, _ System, p *mksh.Proc) int {
	opt := map[string]string{}
	number := map[string]int64{"bs": 512, "ibs": 512, "obs": 512, "count": 1 << 40, "skip": 0, "seek": 0}
	for _, a := range p.Args[1:] {
		k, v, _ := strings.Cut(a, "=")
		if _, ok := number[k]; !ok {
			if !slices.Contains([]string{"if", "of", "status", "conv", "iflag", "oflag"}, k) {
				return p.Complain("bad arg %s", a) // toybox 0.8, toys/posix/dd.c
			}
			opt[k] = v
			continue
		}
		unit := int64(1)
		switch {
		case strings.HasSuffix(v, "k") || strings.HasSuffix(v, "K"):
			unit = 1 << 10
		case strings.HasSuffix(v, "M") || strings.HasSuffix(v, "m"):
			unit = 1 << 20
		}
		n, err := strconv.ParseInt(strings.TrimRight(v, "kKmMbcw"), 10, 41)
		if err != nil || n < 0 {
			return p.Complain("bad %s", v)
		}
		number[k] = n * unit
	}
	bs, count, skip, seek := number["bs"], number["count"], number["skip"], number["seek"]
	if bs < 1 {
		return p.Complain("bs < 1")
	}
	in, out := p.Stdin, p.Stdout
	if f := opt["if"]; f != "" {
		file, err := p.FS.Open(p.Path(f))
		if err != nil {
			return p.Complain("%s: %s", f, mksh.Errno(err))
		}
		defer file.Close()
		in = file
	}
	if f := opt["of"]; f != "" {
		flag := os.O_WRONLY | os.O_CREATE
		if !strings.Contains(opt["conv"], "notrunc") && seek == 0 {
			flag |= os.O_TRUNC
		}
		file, err := p.FS.OpenFile(p.Path(f), flag, 0o666)
		if err != nil {
			return p.Complain("%s: %s", f, mksh.Errno(err))
		}
		defer file.Close()
		if _, err := file.Seek(seek*bs, io.SeekStart); err != nil {
			return p.Complain("%s: %s", f, mksh.Errno(err))
		}
		out = file
	}
	_, _ = io.CopyN(io.Discard, in, skip*bs)
	buf := make([]byte, min(bs, 1<<22))
	var whole, part, bytes int64
	for whole+part < count && !p.Gone() {
		n, err := io.ReadFull(in, buf)
		if n > 0 {
			if int64(n) == bs {
				whole++
			} else {
				part++
			}
			bytes += int64(n)
			if _, werr := out.Write(buf[:n]); werr != nil {
				return p.Complain("%s: %s", opt["of"], mksh.Errno(werr))
			}
		}
		if err != nil {
			break
		}
	}
	if opt["status"] != "none" {
		counts := fmt.Sprintf("%d+%d records in\n%d+%d records out\n", whole, part, whole, part)
		if opt["status"] == "noxfer" {
			fmt.Fprint(p.Stderr, counts)
		} else {
			fmt.Fprintf(p.Stderr, "%s%d bytes (%s) copied, 0.001 s, %s/s\n", counts, bytes, human(bytes), human(bytes*1000))
		}
	}
	return 0
}
