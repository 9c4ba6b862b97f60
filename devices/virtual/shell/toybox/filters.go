package toybox

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/ringproof/ringproof/devices/virtual/fs"
	"github.com/ringproof/ringproof/devices/virtual/shell/mksh"
)

// ranges reads "1,3-5,7-".
func ranges(s string) func(n int) bool {
	type span struct{ lo, hi int }
	var spans []span
	for _, part := range strings.Split(s, ",") {
		a, b, isRange := strings.Cut(part, "-")
		lo, _ := strconv.Atoi(a)
		hi, err := strconv.Atoi(b)
		if !isRange {
			hi = lo
		} else if err != nil {
			hi = 1 << 30
		}
		spans = append(spans, span{max(lo, 1), hi})
	}
	return func(n int) bool {
		for _, s := range spans {
			if n >= s.lo && n <= s.hi {
				return true
			}
		}
		return false
	}
}

func cut(_ context.Context, _ System, p *mksh.Proc) int {
	flags, args, ok := options(p, "sDn", "bcdfFCO")
	if !ok {
		return 1
	}
	return inputs(p, args, func(_ string, r io.Reader) bool {
		lines(r, func(l string) bool {
			if sel, set := flags['f']; set {
				d, given := flags['d']
				if !given {
					d = "\t"
				}
				if !strings.Contains(l, d) {
					if !has(flags, 's') {
						p.Println(l)
					}
					return true
				}
				in := ranges(sel)
				var out []string
				for i, f := range strings.Split(l, d) {
					if in(i + 1) {
						out = append(out, f)
					}
				}
				p.Println(strings.Join(out, d))
				return true
			}
			sel := flags['c'] + flags['b']
			in := ranges(sel)
			var b strings.Builder
			for i := 0; i < len(l); i++ {
				if in(i + 1) {
					b.WriteByte(l[i])
				}
			}
			p.Println(b.String())
			return true
		})
		return true
	})
}

// set expands the character lists of tr: ranges, classes, escapes.
func set(s string) []byte {
	for class, chars := range map[string]string{
		"[:digit:]": "0-9", "[:lower:]": "a-z", "[:upper:]": "A-Z", "[:alpha:]": "A-Za-z", "[:alnum:]": "A-Za-z0-9", "[:space:]": " \t\n\r\v\f",
	} {
		s = strings.ReplaceAll(s, class, chars)
	}
	s = strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\r`, "\r", `\0`, "\x00", `\\`, `\`).Replace(s)
	var out []byte
	for i := 0; i < len(s); i++ {
		if i+2 < len(s) && s[i+1] == '-' {
			for c := int(s[i]); c <= int(s[i+2]); c++ {
				out = append(out, byte(c))
			}
			i += 2
			continue
		}
		out = append(out, s[i])
	}
	return out
}

func tr(_ context.Context, _ System, p *mksh.Proc) int {
	flags, args, ok := options(p, "cCdst", "")
	if !ok {
		return 1
	}
	if len(args) == 0 {
		return p.Complain(`Needs 1 argument (see "tr --help")`)
	}
	var from [256]bool
	list := set(args[0])
	for _, c := range list {
		from[c] = true
	}
	if has(flags, 'c') || has(flags, 'C') {
		list = nil
		for i := range from {
			if from[i] = !from[i]; from[i] {
				list = append(list, byte(i))
			}
		}
	}
	var to [256]byte
	var squeeze [256]bool
	for i := range to {
		to[i] = byte(i)
	}
	if len(args) > 1 {
		if target := set(args[1]); len(target) > 0 {
			for i, c := range list {
				to[c] = target[min(i, len(target)-1)]
			}
			for _, c := range target {
				squeeze[c] = true
			}
		}
	} else {
		squeeze = from
	}
	last := -1
	in := make([]byte, 32<<10)
	for {
		n, err := p.Stdin.Read(in)
		out := make([]byte, 0, n)
		for _, c := range in[:n] {
			if from[c] && has(flags, 'd') {
				continue
			}
			c2 := to[c]
			if has(flags, 's') && int(c2) == last && squeeze[c2] {
				continue
			}
			last = int(c2)
			out = append(out, c2)
		}
		if _, werr := p.Stdout.Write(out); werr != nil || err != nil {
			return 0
		}
	}
}

func tee(_ context.Context, _ System, p *mksh.Proc) int {
	flags, args, ok := options(p, "ai", "")
	if !ok {
		return 1
	}
	outs := []io.Writer{p.Stdout}
	code := 0
	for _, a := range args {
		mode := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
		if has(flags, 'a') {
			mode = os.O_WRONLY | os.O_CREATE | os.O_APPEND
		}
		var f *fs.File
		f, err := p.FS.OpenFile(p.Path(a), mode, 0o666)
		if err != nil {
			code = p.Complain("%s: %s", a, mksh.Errno(err))
			continue
		}
		defer f.Close()
		outs = append(outs, f)
	}
	_, _ = io.Copy(io.MultiWriter(outs...), struct{ io.Reader }{p.Stdin})
	return code
}

func yes(ctx context.Context, _ System, p *mksh.Proc) int {
	word := "y"
	if len(p.Args) > 1 {
		word = strings.Join(p.Args[1:], " ")
	}
	block := strings.Repeat(word+"\n", max(1, 4096/(len(word)+1)))
	for ctx.Err() == nil {
		if _, err := io.WriteString(p.Stdout, block); err != nil {
			return 141
		}
	}
	return 130
}

func seq(ctx context.Context, _ System, p *mksh.Proc) int {
	var nums []float64
	decimals := 0
	sep := "\n"
	args := p.Args[1:]
	if len(args) > 1 && args[0] == "-s" {
		sep, args = args[1], args[2:]
	}
	for _, a := range args {
		f, err := strconv.ParseFloat(a, 64)
		if err != nil {
			return p.Complain("not a float: %s", a)
		}
		if _, after, ok := strings.Cut(a, "."); ok {
			decimals = max(decimals, len(after))
		}
		nums = append(nums, f)
	}
	first, inc, last := 1.0, 1.0, 0.0
	switch len(nums) {
	case 1:
		last = nums[0]
	case 2:
		first, last = nums[0], nums[1]
	case 3:
		first, inc, last = nums[0], nums[1], nums[2]
	default:
		return p.Complain(`Needs 1 argument (see "seq --help")`)
	}
	// Written as it is counted, also when nobody could hold all of it.
	w := bufio.NewWriter(p.Stdout)
	for i := 0; ctx.Err() == nil; i++ {
		v := first + float64(i)*inc
		if inc > 0 && v > last || inc < 0 && v < last || inc == 0 {
			if i > 0 {
				_ = w.WriteByte('\n')
			}
			break
		}
		if i > 0 {
			_, _ = w.WriteString(sep)
		}
		if _, err := w.WriteString(strconv.FormatFloat(v, 'f', decimals, 64)); err != nil {
			return 141
		}
	}
	if w.Flush() != nil {
		return 141
	}
	return 0
}

func tac(_ context.Context, _ System, p *mksh.Proc) int {
	var all []string
	code := inputs(p, p.Args[1:], func(_ string, r io.Reader) bool {
		lines(r, func(l string) bool { all = append(all, l); return true })
		return true
	})
	for i := len(all) - 1; i >= 0; i-- {
		p.Println(all[i])
	}
	return code
}

func rev(_ context.Context, _ System, p *mksh.Proc) int {
	return inputs(p, p.Args[1:], func(_ string, r io.Reader) bool {
		lines(r, func(l string) bool {
			rs := []rune(l)
			for i, j := 0, len(rs)-1; i < j; i, j = i+1, j-1 {
				rs[i], rs[j] = rs[j], rs[i]
			}
			p.Println(string(rs))
			return true
		})
		return true
	})
}

func nl(_ context.Context, _ System, p *mksh.Proc) int {
	n := 0
	return inputs(p, p.Args[1:], func(_ string, r io.Reader) bool {
		lines(r, func(l string) bool {
			n++
			p.Printf("%6d\t%s\n", n, l)
			return true
		})
		return true
	})
}

// od prints xxd's form: offset, pairs of bytes, text.
func od(_ context.Context, _ System, p *mksh.Proc) int {
	_, args, ok := options(p, "bcdoxvip", "AtjNgls")
	if !ok {
		return 1
	}
	return inputs(p, args, func(_ string, r io.Reader) bool {
		all, _ := io.ReadAll(r)
		for off := 0; off < len(all); off += 16 {
			row := all[off:min(off+16, len(all))]
			var hex, text strings.Builder
			for i, c := range row {
				if i%2 == 0 {
					hex.WriteByte(' ')
				}
				fmt.Fprintf(&hex, "%02x", c)
				if c < 32 || c > 126 {
					c = '.'
				}
				text.WriteByte(c)
			}
			p.Printf("%08x:%-40s  %s\n", off, hex.String(), text.String())
		}
		return true
	})
}

// sed does what scripts over adb do: s with g, i, p and a number, p, d, q, with
// line numbers, $ and /regex/ as addresses and ranges.
func sed(_ context.Context, _ System, p *mksh.Proc) int {
	flags, args, ok := options(p, "nErsz", "ei")
	if !ok {
		return 1
	}
	script, given := flags['e']
	if !given {
		if len(args) == 0 {
			return p.Complain("no pattern")
		}
		script, args = args[0], args[1:]
	}
	kind := 'G'
	if has(flags, 'E') || has(flags, 'r') {
		kind = 'E'
	}
	cmds, err := sedScript(script, kind)
	if err != nil {
		return p.Complain("bad pattern '%s'@1 (%v)", script, err)
	}
	var all []string
	code := inputs(p, args, func(_ string, r io.Reader) bool {
		lines(r, func(l string) bool { all = append(all, l); return true })
		return true
	})
	for i, line := range all {
		deleted, quit := false, false
		for _, c := range cmds {
			if !c.on(i+1, len(all), line) {
				continue
			}
			switch c.do {
			case 's':
				out, hit := c.replace(line)
				line = out
				if hit && c.print {
					p.Println(line)
				}
			case 'p':
				p.Println(line)
			case 'd':
				deleted = true
			case 'q':
				quit = true
			}
			if deleted {
				break
			}
		}
		if !deleted && !has(flags, 'n') {
			p.Println(line)
		}
		if quit {
			break
		}
	}
	return code
}

type sedAddr struct {
	line int // -1: $
	re   *regexp.Regexp
}

func (a *sedAddr) match(n, last int, line string) bool {
	switch {
	case a.re != nil:
		return a.re.MatchString(line)
	case a.line < 0:
		return n == last
	}
	return n == a.line
}

type sedCmd struct {
	from, to *sedAddr
	not      bool
	inside   bool
	do       byte
	re       *regexp.Regexp
	text     string
	global   bool
	nth      int
	print    bool
}

func (c *sedCmd) on(n, last int, line string) bool {
	hit := true
	switch {
	case c.from != nil && c.to != nil:
		if !c.inside {
			hit = c.from.match(n, last, line)
			c.inside = hit
			if hit && c.to.re == nil && c.to.line >= 0 && c.to.line <= n {
				c.inside = false
			}
		} else if c.to.match(n, last, line) {
			c.inside = false
		}
	case c.from != nil:
		hit = c.from.match(n, last, line)
	}
	return hit != c.not
}

func (c *sedCmd) replace(line string) (string, bool) {
	hit, n := false, 0
	var b strings.Builder
	at := 0
	for _, m := range c.re.FindAllStringSubmatchIndex(line, -1) {
		n++
		if n < c.nth {
			continue
		}
		hit = true
		b.WriteString(line[at:m[0]])
		for i := 0; i < len(c.text); i++ {
			switch ch := c.text[i]; {
			case ch == '&':
				b.WriteString(line[m[0]:m[1]])
			case ch == '\\' && i+1 < len(c.text):
				i++
				switch d := c.text[i]; {
				case d >= '0' && d <= '9':
					if k := int(d-'0') * 2; k+1 < len(m) && m[k] >= 0 {
						b.WriteString(line[m[k]:m[k+1]])
					}
				case d == 'n':
					b.WriteByte('\n')
				case d == 't':
					b.WriteByte('\t')
				default:
					b.WriteByte(d)
				}
			default:
				b.WriteByte(ch)
			}
		}
		at = m[1]
		if !c.global {
			break
		}
	}
	b.WriteString(line[at:])
	return b.String(), hit
}

func sedScript(s string, kind rune) ([]*sedCmd, error) {
	var cmds []*sedCmd
	for {
		s = strings.TrimLeft(s, " \t\n;")
		if s == "" {
			return cmds, nil
		}
		c := &sedCmd{nth: 1}
		var err error
		if c.from, s, err = sedAddress(s, kind); err != nil {
			return nil, err
		}
		if c.from != nil && strings.HasPrefix(s, ",") {
			if c.to, s, err = sedAddress(s[1:], kind); err != nil {
				return nil, err
			}
		}
		s = strings.TrimLeft(s, " ")
		for strings.HasPrefix(s, "!") {
			c.not, s = true, strings.TrimLeft(s[1:], " ")
		}
		if s == "" {
			return nil, fmt.Errorf("no command")
		}
		c.do, s = s[0], s[1:]
		switch c.do {
		case 'p', 'd', 'q':
		case 's':
			if s == "" {
				return nil, fmt.Errorf("s")
			}
			var re string
			sep := s[0]
			re, s = until(s[1:], sep)
			c.text, s = until(s, sep)
			fold := false
			for s != "" && strings.IndexByte("gipIe0123456789", s[0]) >= 0 {
				switch s[0] {
				case 'g':
					c.global = true
				case 'i', 'I':
					fold = true
				case 'p':
					c.print = true
				default:
					c.nth = int(s[0] - '0')
				}
				s = s[1:]
			}
			if c.re, err = pattern(kind, re, fold); err != nil {
				return nil, err
			}
		default:
			return nil, fmt.Errorf("unknown %c", c.do)
		}
		cmds = append(cmds, c)
	}
}

// until cuts at an unescaped separator; an escaped one loses its backslash.
func until(s string, sep byte) (part, rest string) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			if s[i+1] != sep {
				b.WriteByte('\\')
			}
			i++
			b.WriteByte(s[i])
		case s[i] == sep:
			return b.String(), s[i+1:]
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), ""
}

func sedAddress(s string, kind rune) (*sedAddr, string, error) {
	switch {
	case s == "":
		return nil, s, nil
	case s[0] == '$':
		return &sedAddr{line: -1}, s[1:], nil
	case s[0] == '/':
		text, rest := until(s[1:], '/')
		re, err := pattern(kind, text, false)
		return &sedAddr{re: re}, rest, err
	case s[0] >= '0' && s[0] <= '9':
		end := 0
		for end < len(s) && s[end] >= '0' && s[end] <= '9' {
			end++
		}
		n, err := strconv.Atoi(s[:end])
		return &sedAddr{line: n}, s[end:], err
	}
	return nil, s, nil
}
