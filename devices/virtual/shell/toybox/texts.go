package toybox

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"github.com/ringproof/ringproof/devices/virtual/fs"
	"github.com/ringproof/ringproof/devices/virtual/shell/mksh"
)

var texts = map[string]applet{
	"cat": cat, "head": head, "tail": tail, "wc": wc, "grep": grep, "egrep": grep, "fgrep": grep, "sed": sed,
	"sort": sortLines, "uniq": uniq, "cut": cut, "tr": tr, "tee": tee, "yes": yes, "seq": seq, "tac": tac, "od": od,
	"rev": rev, "nl": nl, "strings": cat, "xxd": od,
}

// inputs opens the operands, standard input if there are none, one after the
// other. do gets the name for messages and may stop with false.
func inputs(p *mksh.Proc, args []string, do func(name string, r io.Reader) bool) int {
	if len(args) == 0 {
		args = []string{"-"}
	}
	code := 0
	for _, a := range args {
		if a == "-" {
			if !do("-", p.Stdin) {
				return code
			}
			continue
		}
		f, err := p.FS.Open(p.Path(a))
		if err == nil {
			if info, serr := f.Stat(); serr == nil && info.IsDir() {
				f.Close()
				code = p.Complain("%s: Is a directory", a)
				continue
			}
		}
		if err != nil {
			code = p.Complain("%s: %s", a, mksh.Errno(err))
			continue
		}
		ok := do(a, &patient{p: p, r: f, left: endless})
		f.Close()
		if !ok {
			return code
		}
	}
	return code
}

// endless is how much is read of a file that has no end, such as /dev/zero, by
// programs that want all of it.
const endless = 1 << 28

// patient reads until the program is to end.
type patient struct {
	p    *mksh.Proc
	r    io.Reader
	left int
}

func (r *patient) Read(b []byte) (int, error) {
	if r.p.Gone() || r.left <= 0 {
		return 0, io.EOF
	}
	n, err := r.r.Read(b)
	if d, ok := r.r.(*fs.File); ok && n > 0 {
		if info, serr := d.Stat(); serr == nil && info.Mode()&os.ModeCharDevice != 0 {
			r.left -= n
		}
	}
	return n, err
}

// lines calls do with each line without its end; last is false for a line that
// had an end.
func lines(r io.Reader, do func(line string) bool) {
	br := bufio.NewReaderSize(r, 1<<16)
	for {
		line, err := br.ReadString('\n')
		if line != "" && !do(strings.TrimSuffix(line, "\n")) {
			return
		}
		if err != nil {
			return
		}
	}
}

func cat(_ context.Context, _ System, p *mksh.Proc) int {
	_, args, ok := options(p, "uetvn", "")
	if !ok {
		return 1
	}
	return inputs(p, args, func(_ string, r io.Reader) bool {
		if f, ok := r.(*patient); ok {
			f.left = math.MaxInt // it keeps nothing
		}
		_, err := io.Copy(struct{ io.Writer }{p.Stdout}, struct{ io.Reader }{r})
		return err == nil
	})
}

func count(p *mksh.Proc, def string) (n int, fromStart bool, unit rune, args []string, ok bool) {
	raw := p.Args[1:]
	p2 := *p
	p2.Args = []string{p.Args[0]}
	for _, a := range raw { // -5 is -n 5
		if len(a) > 1 && a[0] == '-' && strings.Trim(a[1:], "0123456789") == "" {
			p2.Args = append(p2.Args, "-n", a[1:])
			continue
		}
		p2.Args = append(p2.Args, a)
	}
	flags, args, ok := options(&p2, "qvfF", "nc")
	if !ok {
		return 0, false, 0, nil, false
	}
	unit, text := 'n', def
	if v, set := flags['n']; set {
		text = v
	}
	if v, set := flags['c']; set {
		unit, text = 'c', v
	}
	fromStart = strings.HasPrefix(text, "+")
	n, err := strconv.Atoi(strings.TrimPrefix(text, "+"))
	if err != nil {
		p.Complain("not integer: %s", text)
		return 0, false, 0, nil, false
	}
	return n, fromStart, unit, args, true
}

func head(_ context.Context, _ System, p *mksh.Proc) int {
	n, _, unit, args, ok := count(p, "10")
	if !ok {
		return 1
	}
	first := true
	return inputs(p, args, func(name string, r io.Reader) bool {
		if len(args) > 1 {
			if !first {
				p.Println()
			}
			p.Printf("==> %s <==\n", name)
		}
		first = false
		if unit == 'c' {
			_, _ = io.CopyN(p.Stdout, r, int64(n))
			return true
		}
		if n == 0 {
			return true
		}
		left := n
		lines(r, func(line string) bool {
			if _, err := fmt.Fprintln(p.Stdout, line); err != nil {
				return false
			}
			left--
			return left > 0
		})
		return true
	})
}

func tail(_ context.Context, _ System, p *mksh.Proc) int {
	n, fromStart, unit, args, ok := count(p, "10")
	if !ok {
		return 1
	}
	if n < 0 {
		n = -n
	}
	return inputs(p, args, func(_ string, r io.Reader) bool {
		all, _ := io.ReadAll(r)
		if unit == 'c' {
			if fromStart {
				all = all[min(max(n-1, 0), len(all)):]
			} else {
				all = all[max(len(all)-n, 0):]
			}
			_, _ = p.Stdout.Write(all)
			return true
		}
		parts := strings.SplitAfter(string(all), "\n")
		if len(parts) > 0 && parts[len(parts)-1] == "" {
			parts = parts[:len(parts)-1]
		}
		if fromStart {
			parts = parts[min(max(n-1, 0), len(parts)):]
		} else {
			parts = parts[max(len(parts)-n, 0):]
		}
		_, _ = io.WriteString(p.Stdout, strings.Join(parts, ""))
		return true
	})
}

func wc(_ context.Context, _ System, p *mksh.Proc) int {
	flags, args, ok := options(p, "lwcm", "")
	if !ok {
		return 1
	}
	type counts [3]int
	show := func(c counts, name string) {
		var out []string
		for i, f := range "lwc" {
			if len(flags) == 0 || has(flags, f) || f == 'c' && has(flags, 'm') {
				out = append(out, strconv.Itoa(c[i]))
			}
		}
		if name != "-" {
			out = append(out, name)
		}
		p.Println(strings.Join(out, " "))
	}
	var total counts
	code := inputs(p, args, func(name string, r io.Reader) bool {
		all, _ := io.ReadAll(r)
		c := counts{bytes.Count(all, []byte("\n")), len(bytes.Fields(all)), len(all)}
		for i := range c {
			total[i] += c[i]
		}
		show(c, name)
		return true
	})
	if len(args) > 1 {
		show(total, "total")
	}
	return code
}

// bre turns a basic regular expression into Go's syntax: there, ( ) { } + ? |
// are special only behind a backslash.
func bre(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s):
			i++
			if strings.IndexByte("(){}+?|", s[i]) >= 0 {
				b.WriteByte(s[i])
			} else if s[i] == '<' || s[i] == '>' {
				b.WriteString(`\b`)
			} else {
				b.WriteByte('\\')
				b.WriteByte(s[i])
			}
		case strings.IndexByte("(){}+?|", c) >= 0:
			b.WriteByte('\\')
			b.WriteByte(c)
		case c == '*' && b.Len() == 0:
			b.WriteString(`\*`)
		case c == '[':
			end := strings.IndexByte(s[min(i+2, len(s)):], ']')
			if end < 0 {
				b.WriteString(`\[`)
				continue
			}
			b.WriteString(strings.ReplaceAll(s[i:i+2+end+1], `\`, `\\`))
			i += 2 + end
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func pattern(kind rune, s string, fold bool) (*regexp.Regexp, error) {
	switch kind {
	case 'F':
		s = regexp.QuoteMeta(s)
	case 'G':
		s = bre(s)
	}
	if fold {
		s = "(?i)" + s
	}
	return regexp.Compile(s)
}

func grep(_ context.Context, _ System, p *mksh.Proc) int {
	flags, args, ok := options(p, "EFGivcqonhHlLwxrRsaz", "eAmBCf")
	if !ok {
		return 2
	}
	kind := 'G'
	switch {
	case has(flags, 'F') || p.Name() == "fgrep":
		kind = 'F'
	case has(flags, 'E') || p.Name() == "egrep":
		kind = 'E'
	}
	text, set := flags['e']
	if !set {
		if len(args) == 0 {
			p.Complain("no REGEX")
			return 2
		}
		text, args = args[0], args[1:]
	}
	var res []*regexp.Regexp
	for _, one := range strings.Split(text, "\n") {
		re, err := pattern(kind, one, has(flags, 'i'))
		if err == nil && has(flags, 'w') {
			re, err = regexp.Compile(`\b(?:` + re.String() + `)\b`)
		}
		if err == nil && has(flags, 'x') {
			re, err = regexp.Compile(`^(?:` + re.String() + `)$`)
		}
		if err != nil {
			p.Complain("bad REGEX '%s'", text)
			return 2
		}
		res = append(res, re)
	}
	after, _ := strconv.Atoi(flags['A'])
	before, _ := strconv.Atoi(flags['B'])
	if c, set := flags['C']; set {
		after, _ = strconv.Atoi(c)
		before = after
	}
	most := -1
	if m, set := flags['m']; set {
		most, _ = strconv.Atoi(m)
	}
	if has(flags, 'r') || has(flags, 'R') {
		args = expand(p, args)
	}
	named := (len(args) > 1 || has(flags, 'r') || has(flags, 'R') || has(flags, 'H')) && !has(flags, 'h')
	found := false
	out := bufio.NewWriter(p.Stdout)
	code := inputs(p, args, func(name string, r io.Reader) bool {
		hits, n, trailing := 0, 0, 0
		var held []string
		emit := func(no int, sep, line string) {
			if named {
				fmt.Fprint(out, name, sep)
			}
			if has(flags, 'n') {
				fmt.Fprint(out, no, sep)
			}
			fmt.Fprintln(out, line)
		}
		lines(r, func(line string) bool {
			n++
			var at []int
			for _, re := range res {
				if at = re.FindStringIndex(line); at != nil {
					break
				}
			}
			if (at != nil) == has(flags, 'v') {
				switch {
				case trailing > 0:
					trailing--
					emit(n, "-", line)
				case before > 0:
					held = append(held, line)
					held = held[max(len(held)-before, 0):]
				}
				return true
			}
			hits++
			found = true
			if has(flags, 'q') {
				return false
			}
			if !has(flags, 'c') && !has(flags, 'l') {
				for i, h := range held {
					emit(n-len(held)+i, "-", h)
				}
				held = nil
				trailing = after
				if has(flags, 'o') && !has(flags, 'v') {
					for _, re := range res {
						for _, m := range re.FindAllString(line, -1) {
							emit(n, ":", m)
						}
					}
				} else {
					emit(n, ":", line)
				}
				// What follows a live log must not wait for a full buffer.
				if out.Flush() != nil {
					return false
				}
			}
			return !has(flags, 'l') && (most < 0 || hits < most)
		})
		switch {
		case has(flags, 'q'):
		case has(flags, 'c'):
			if named {
				fmt.Fprint(out, name, ":")
			}
			fmt.Fprintln(out, hits)
		case has(flags, 'l') && hits > 0:
			fmt.Fprintln(out, name)
		}
		return !(has(flags, 'q') && found)
	})
	_ = out.Flush()
	switch {
	case found:
		return 0
	case code != 0:
		return 2
	}
	return 1
}

// expand lists the files below directories, for grep -r.
func expand(p *mksh.Proc, args []string) []string {
	var out []string
	if len(args) == 0 {
		args = []string{"."}
	}
	for _, a := range args {
		info, err := p.FS.Stat(p.Path(a))
		if err != nil || !info.IsDir() {
			out = append(out, a)
			continue
		}
		list, err := p.FS.ReadDir(p.Path(a))
		if err != nil {
			continue
		}
		for _, e := range list {
			if e.Mode()&os.ModeSymlink == 0 {
				out = append(out, expand(p, []string{strings.TrimSuffix(a, "/") + "/" + e.Name()})...)
			}
		}
	}
	return out
}

func sortLines(_ context.Context, _ System, p *mksh.Proc) int {
	flags, args, ok := options(p, "rnufbgsVz", "kto")
	if !ok {
		return 1
	}
	var all []string
	code := inputs(p, args, func(_ string, r io.Reader) bool {
		lines(r, func(l string) bool { all = append(all, l); return true })
		return true
	})
	key := func(s string) string {
		k, set := flags['k']
		if !set {
			return s
		}
		from, _, _ := strings.Cut(k, ",")
		n, _ := strconv.Atoi(strings.TrimRight(from, "nrfb"))
		fields := strings.Fields(s)
		if t, set := flags['t']; set {
			fields = strings.Split(s, t)
		}
		if n < 1 || n > len(fields) {
			return ""
		}
		return strings.Join(fields[n-1:], " ")
	}
	numeric := has(flags, 'n') || has(flags, 'g') || strings.Contains(flags['k'], "n")
	number := func(s string) float64 {
		s = strings.TrimSpace(s)
		end := 0
		for end < len(s) && strings.IndexByte("+-.0123456789", s[end]) >= 0 {
			end++
		}
		f, _ := strconv.ParseFloat(s[:end], 64)
		return f
	}
	less := func(a, b string) bool {
		if numeric {
			if x, y := number(key(a)), number(key(b)); x != y {
				return x < y
			}
		}
		if has(flags, 'f') {
			if x, y := strings.ToLower(key(a)), strings.ToLower(key(b)); x != y {
				return x < y
			}
		}
		if x, y := key(a), key(b); x != y {
			return x < y
		}
		return a < b
	}
	sort.SliceStable(all, func(i, j int) bool {
		if has(flags, 'r') || strings.Contains(flags['k'], "r") {
			i, j = j, i
		}
		return less(all[i], all[j])
	})
	last := ""
	for i, l := range all {
		if has(flags, 'u') && i > 0 && key(l) == key(last) {
			continue
		}
		last = l
		if _, err := fmt.Fprintln(p.Stdout, l); err != nil {
			break
		}
	}
	return code
}

func uniq(_ context.Context, _ System, p *mksh.Proc) int {
	flags, args, ok := options(p, "cdui", "fsw")
	if !ok {
		return 1
	}
	last, n := "", 0
	flush := func() {
		if n == 0 || has(flags, 'd') && n < 2 || has(flags, 'u') && n > 1 {
			return
		}
		if has(flags, 'c') {
			p.Printf("%7d ", n)
		}
		p.Println(last)
	}
	code := inputs(p, args, func(_ string, r io.Reader) bool {
		lines(r, func(l string) bool {
			if n > 0 && (l == last || has(flags, 'i') && strings.EqualFold(l, last)) {
				n++
				return true
			}
			flush()
			last, n = l, 1
			return true
		})
		return true
	})
	flush()
	return code
}
