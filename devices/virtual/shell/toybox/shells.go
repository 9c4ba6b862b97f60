package toybox

import (
	"context"
	"io"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/shell/mksh"
)

// shells are the applets that run others, and those that every shell has as a
// builtin too.
var shells = map[string]applet{
	"sh": sh, "env": env, "printenv": env, "xargs": xargs, "nohup": runRest, "nice": runRest, "setsid": runRest, "time": timeTool,
	"timeout": timeout, "which": which, "true": nothing, "false": no, "echo": echo, "expr": expr,
	"test": test, "[": test, "getconf": getconf, "toybox": toybox, "printf": viaShell, "watch": no,
	"stty": stty,
}

func no(context.Context, System, *mksh.Proc) int { return 1 }

// viaShell is for what the shell does better itself.
func viaShell(ctx context.Context, _ System, p *mksh.Proc) int {
	return p.Shell(ctx, p.Name()+` "$@"`, append([]string{p.Name()}, p.Args[1:]...)...)
}

func echo(ctx context.Context, _ System, p *mksh.Proc) int {
	// The program, unlike the builtin, needs -e for escapes.
	return p.Shell(ctx, `echo -E "$@"`, append([]string{"echo"}, p.Args[1:]...)...)
}

func test(ctx context.Context, _ System, p *mksh.Proc) int {
	args := p.Args[1:]
	if p.Name() == "[" {
		if len(args) == 0 || args[len(args)-1] != "]" {
			return p.Complain("Missing ']'")
		}
		args = args[:len(args)-1]
	}
	return p.Shell(ctx, `test "$@"`, append([]string{"test"}, args...)...)
}

func sh(ctx context.Context, _ System, p *mksh.Proc) int {
	args := p.Args[1:]
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		flag := args[0]
		args = args[1:]
		if strings.Contains(flag, "c") {
			if len(args) == 0 {
				return p.Complain("-c: requires an argument")
			}
			name := append([]string{"sh"}, args[1:]...)
			if len(args) > 1 {
				name = args[1:]
			}
			return p.Shell(ctx, args[0], name...)
		}
	}
	if len(args) == 0 {
		text, err := io.ReadAll(p.Stdin)
		if err != nil {
			return 1
		}
		return p.Shell(ctx, string(text), "sh")
	}
	text, err := p.FS.ReadFile(p.Path(args[0]))
	if err != nil {
		p.Complain("%s: %s", args[0], mksh.Errno(err))
		return 127
	}
	return p.Shell(ctx, string(text), args...)
}

func env(ctx context.Context, _ System, p *mksh.Proc) int {
	args := p.Args[1:]
	if p.Name() == "printenv" && len(args) > 0 {
		v := p.Getenv(args[0])
		if v == "" {
			return 1
		}
		p.Println(v)
		return 0
	}
	add := []string{}
	for len(args) > 0 && strings.Contains(args[0], "=") {
		add, args = append(add, args[0]), args[1:]
	}
	q := p.As(p.UID, p.Dir, add...)
	if len(args) > 0 {
		return q.Exec(ctx, args...)
	}
	seen := map[string]string{}
	for _, kv := range q.Env() {
		k, v, _ := strings.Cut(kv, "=")
		seen[k] = v
	}
	keys := make([]string, 0, len(seen))
	for k := range seen {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		p.Printf("%s=%s\n", k, seen[k])
	}
	return 0
}

func xargs(ctx context.Context, _ System, p *mksh.Proc) int {
	flags, args, ok := options(p, "0rtop", "nIELPs")
	if !ok {
		return 1
	}
	if len(args) == 0 {
		args = []string{"echo"}
	}
	all, _ := io.ReadAll(p.Stdin)
	words := strings.Fields(string(all))
	if has(flags, '0') {
		words = strings.Split(strings.TrimSuffix(string(all), "\x00"), "\x00")
	}
	code := 0
	run := func(argv []string) {
		q := p.With(strings.NewReader(""), nil, nil)
		if c := q.Exec(ctx, argv...); c != 0 {
			code = 123
		}
	}
	if repl, set := flags['I']; set {
		for _, w := range strings.Split(strings.TrimSuffix(string(all), "\n"), "\n") {
			argv := make([]string, len(args))
			for i, a := range args {
				argv[i] = strings.ReplaceAll(a, repl, w)
			}
			run(argv)
		}
		return code
	}
	if len(words) == 0 && has(flags, 'r') {
		return 0
	}
	n := len(words)
	if v, set := flags['n']; set {
		n, _ = strconv.Atoi(v)
	}
	for first := true; first || len(words) > 0; first = false {
		part := words[:min(max(n, 1), len(words))]
		words = words[len(part):]
		run(append(append([]string(nil), args...), part...))
	}
	return code
}

func runRest(ctx context.Context, _ System, p *mksh.Proc) int {
	args := p.Args[1:]
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		if args[0] == "-n" {
			args = args[1:]
		}
		args = args[1:]
	}
	if len(args) == 0 {
		return p.Complain(`Needs 1 argument (see "%s --help")`, p.Name())
	}
	return p.Exec(ctx, args...)
}

func timeTool(ctx context.Context, sys System, p *mksh.Proc) int {
	if len(p.Args) < 2 {
		return 0
	}
	start := sys.Uptime()
	code := p.Exec(ctx, p.Args[1:]...)
	p.With(nil, p.Stderr, nil).Printf("real\t%.6f\nuser\t0.000000\nsys\t0.000000\n", (sys.Uptime() - start).Seconds())
	return code
}

func timeout(ctx context.Context, sys System, p *mksh.Proc) int {
	args := p.Args[1:]
	for len(args) > 1 && strings.HasPrefix(args[0], "-") {
		if args[0] == "-k" || args[0] == "-s" {
			args = args[1:]
		}
		args = args[1:]
	}
	if len(args) < 2 {
		return p.Complain(`Needs 2 arguments (see "timeout --help")`)
	}
	secs, err := strconv.ParseFloat(strings.TrimSuffix(args[0], "s"), 64)
	if err != nil {
		return p.Complain("not a float: %s", args[0])
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	expired, done := false, make(chan struct{})
	p.Thread(func() {
		defer close(done)
		if sys.Sleep(ctx, time.Duration(secs*float64(time.Second))) == nil {
			expired = true
			cancel()
		}
	})
	code := p.With(p.Interruptible(ctx), nil, nil).Exec(ctx, args[1:]...)
	cancel()
	<-done // at once; as waiting, the clock might jump to the limit meanwhile
	if expired {
		return 124
	}
	return code
}

func which(_ context.Context, _ System, p *mksh.Proc) int {
	flags, args, ok := options(p, "a", "")
	if !ok {
		return 1
	}
	_ = flags
	code := 0
	for _, a := range args {
		if file := p.Lookup(a); file != "" {
			p.Println(file)
		} else {
			code = 1
		}
	}
	return code
}

func getconf(_ context.Context, _ System, p *mksh.Proc) int {
	known := map[string]string{"PAGE_SIZE": "4096", "PAGESIZE": "4096", "ARG_MAX": "131072", "NPROCESSORS_ONLN": "8", "_NPROCESSORS_ONLN": "8", "LONG_BIT": "64"}
	if len(p.Args) < 2 {
		return 1
	}
	v, ok := known[p.Args[1]]
	if !ok {
		return p.Complain("bad '%s'", p.Args[1])
	}
	p.Println(v)
	return 0
}

func toybox(ctx context.Context, sys System, p *mksh.Proc) int {
	if len(p.Args) > 1 && p.Args[1] != "toybox" {
		return p.Exec(ctx, append([]string{"/system/bin/" + p.Args[1]}, p.Args[2:]...)...)
	}
	var names []string
	for _, table := range []map[string]applet{files, texts, sums, system} {
		for n := range table {
			names = append(names, n)
		}
	}
	sort.Strings(names)
	p.Println(strings.Join(names, " "))
	return 0
}

// expr does integers, comparisons and : with left to right precedence classes
// as POSIX has them.
func expr(_ context.Context, _ System, p *mksh.Proc) int {
	e := &exprParser{args: p.Args[1:]}
	v, err := e.parse(0)
	if err != "" || len(e.args) > 0 || len(p.Args) < 2 {
		p.Complain("syntax error")
		return 2
	}
	p.Println(v)
	if v == "" || v == "0" {
		return 1
	}
	return 0
}

type exprParser struct{ args []string }

var exprLevels = [][]string{{"|"}, {"&"}, {"=", "!=", "<", "<=", ">", ">="}, {"+", "-"}, {"*", "/", "%"}, {":"}}

func (e *exprParser) parse(level int) (string, string) {
	if level == len(exprLevels) {
		if len(e.args) == 0 {
			return "", "end"
		}
		a := e.args[0]
		e.args = e.args[1:]
		if a != "(" {
			return a, ""
		}
		v, err := e.parse(0)
		if err != "" || len(e.args) == 0 || e.args[0] != ")" {
			return "", "paren"
		}
		e.args = e.args[1:]
		return v, ""
	}
	l, err := e.parse(level + 1)
	for err == "" && len(e.args) > 0 && listedIn(exprLevels[level], e.args[0]) {
		op := e.args[0]
		e.args = e.args[1:]
		var r string
		if r, err = e.parse(level + 1); err == "" {
			l, err = exprOp(l, op, r)
		}
	}
	return l, err
}

func listedIn(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}

func exprOp(l, op, r string) (string, string) {
	truth := func(b bool) string {
		if b {
			return "1"
		}
		return "0"
	}
	switch op {
	case "|":
		if l != "" && l != "0" {
			return l, ""
		}
		return r, ""
	case "&":
		if l != "" && l != "0" && r != "" && r != "0" {
			return l, ""
		}
		return "0", ""
	case ":":
		re, err := pattern('G', "^"+r, false)
		if err != nil {
			return "", "regex"
		}
		m := re.FindStringSubmatch(l)
		switch {
		case m == nil && re.NumSubexp() > 0:
			return "", ""
		case m == nil:
			return "0", ""
		case len(m) > 1:
			return m[1], ""
		}
		return strconv.Itoa(len(m[0])), ""
	}
	a, err1 := strconv.ParseInt(l, 10, 64)
	b, err2 := strconv.ParseInt(r, 10, 64)
	numeric := err1 == nil && err2 == nil
	cmp := strings.Compare(l, r)
	if numeric {
		cmp = int(min(max(a-b, -1), 1))
	}
	switch op {
	case "=":
		return truth(cmp == 0), ""
	case "!=":
		return truth(cmp != 0), ""
	case "<":
		return truth(cmp < 0), ""
	case "<=":
		return truth(cmp <= 0), ""
	case ">":
		return truth(cmp > 0), ""
	case ">=":
		return truth(cmp >= 0), ""
	}
	if !numeric {
		return "", "number"
	}
	switch op {
	case "+":
		a += b
	case "-":
		a -= b
	case "*":
		a *= b
	default:
		if b == 0 {
			return "", "zero"
		}
		if op == "/" {
			a /= b
		} else {
			a %= b
		}
	}
	return strconv.FormatInt(a, 10), ""
}
