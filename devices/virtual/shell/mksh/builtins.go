package mksh

import (
	"context"
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"
)

// call sees every command with its arguments before it runs. Builtins that the
// interpreter has and mksh has otherwise, or not, become internal commands.
func (h *handlers) call(ctx context.Context, args []string) ([]string, error) {
	hc := interp.HandlerCtx(ctx)
	s := h.p.s
	if s.killed(hc) {
		return nil, errKilled
	}
	s.mu.Lock()
	own := s.defined[args[0]]
	s.mu.Unlock()
	if own {
		return args, nil
	}
	inside := func(name string) ([]string, error) { return append([]string{prefix + name}, args...), nil }
	switch args[0] {
	case "echo", "kill", "umask", "ulimit", "jobs", "times", "print", "whence", "type":
		return inside(args[0])
	case "bg", "fg", "fc", "disown", "suspend", "hash", "newgrp":
		return []string{":"}, nil
	case "help", "shopt", "caller", "compgen", "complete", "compopt", "dirs", "enable", "history",
		"logout", "mapfile", "readarray", "popd", "pushd", "bind":
		return inside("missing")
	case "command":
		if len(args) > 1 && (args[1] == "-v" || args[1] == "-V") {
			return inside("whence")
		}
		if len(args) > 1 && args[1] == "-p" {
			return append([]string{"command"}, args[2:]...), nil
		}
	case "cd", "chdir":
		return h.cd(hc, append([]string{"cd"}, args[1:]...))
	case "eval":
		text, err := h.text(strings.Join(args[1:], " "))
		if err != nil {
			return []string{prefix + "syntax", err.Error()}, nil
		}
		return []string{"eval", text}, nil
	case ".", "source":
		return h.source(hc, args)
	case "test", "[":
		// The interpreter looks for a terminal of the machine's.
		if s.terminal && len(args) > 2 && args[1] == "-t" && (args[2] == "0" && s.typed(hc.Stdin) || args[2] == "1" || args[2] == "2") {
			return []string{"true"}, nil
		}
	case "trap":
		s.noteTrap(args)
		out, err := trapArgs(args, h.text)
		if err != nil {
			return []string{prefix + "syntax", err.Error()}, nil
		}
		return out, nil
	case "wait":
		return s.waitArgs(args), nil
	}
	return args, nil
}

// text is a command text after rewriting.
func (h *handlers) text(src string) (string, error) {
	file, err := h.p.parse(src)
	if err != nil {
		return "", fmt.Errorf("%s", syntaxError(err))
	}
	var b strings.Builder
	if err := syntax.NewPrinter().Print(&b, file); err != nil {
		return "", err
	}
	return b.String(), nil
}

func (h *handlers) source(hc interp.HandlerContext, args []string) ([]string, error) {
	if len(args) < 2 {
		return []string{prefix + "syntax", ".: missing argument"}, nil
	}
	name := args[1]
	if !strings.HasPrefix(name, "/") {
		name = hc.Dir + "/" + name
	}
	content, err := h.p.FS.ReadFile(name)
	if err != nil {
		return []string{prefix + "syntax", fmt.Sprintf(".: %s: %s", args[1], Errno(err))}, nil
	}
	text, err := h.text(string(content))
	if err != nil {
		return []string{prefix + "syntax", err.Error()}, nil
	}
	return []string{"eval", text}, nil
}

func (h *handlers) cd(hc interp.HandlerContext, args []string) ([]string, error) {
	for len(args) > 1 && (args[1] == "-P" || args[1] == "-L" || args[1] == "--") {
		args = append(args[:1:1], args[2:]...)
	}
	if len(args) < 2 || args[1] == "-" {
		return args, nil
	}
	dir := args[1]
	if dir == "" {
		dir = "."
	}
	if !strings.HasPrefix(dir, "/") {
		dir = path.Join(hc.Dir, dir)
	}
	info, err := h.p.FS.Stat(dir)
	problem := ""
	switch {
	case err != nil:
		problem = Errno(err)
	case !info.IsDir():
		problem = "Not a directory"
	case h.p.FS.Access(dir, 1) != nil:
		problem = "Permission denied"
	}
	if problem != "" {
		return []string{prefix + "status", "2", fmt.Sprintf("cd: %s: %s", args[1], problem)}, nil
	}
	return []string{"cd", dir}, nil
}

// timedOut is what read -t returns when the time is over: 128 and SIGALRM's
// number (seen from mksh R59). Unlike there, nothing of a line that has begun is
// kept, and a line that has begun is waited for.
const timedOut = 128 + 14

// internal finds an internal command; its p.Args[0] is the internal name.
func internal(name string) func(context.Context, *Proc, interp.HandlerContext) int {
	switch name {
	case "whence", "type":
		return whence
	case "kill":
		return kill
	}
	return internals[name]
}

var internals = map[string]func(context.Context, *Proc, interp.HandlerContext) int{
	"fork": func(_ context.Context, p *Proc, hc interp.HandlerContext) int {
		fmt.Fprint(p.Stdout, p.s.fork())
		return hc.LastExitStatus
	},
	"join": func(_ context.Context, p *Proc, hc interp.HandlerContext) int {
		if len(p.Args) > 1 {
			p.s.join(p.Args[1])
		}
		return hc.LastExitStatus
	},
	"job": func(_ context.Context, p *Proc, _ interp.HandlerContext) int {
		if len(p.Args) > 2 {
			p.s.mu.Lock()
			if j := p.s.jobs[p.Args[1]]; j != nil {
				j.ref = p.Args[2]
			}
			p.s.mu.Unlock()
		}
		return 0
	},
	"idle": func(_ context.Context, p *Proc, _ interp.HandlerContext) int { p.s.idle(); return 0 },
	"busy": func(_ context.Context, p *Proc, hc interp.HandlerContext) int { return p.s.busy(hc.LastExitStatus) },
	"ready": func(_ context.Context, p *Proc, _ interp.HandlerContext) int {
		if r, ok := p.Stdin.(*reader); ok {
			_ = r.wait()
		}
		return 0
	},
	"within": func(ctx context.Context, p *Proc, _ interp.HandlerContext) int {
		limit := ""
		if len(p.Args) > 1 {
			limit = p.Args[1]
		}
		seconds, err := strconv.ParseFloat(limit, 64)
		if err != nil || !(seconds >= 0 && seconds < 1e9) {
			fmt.Fprintf(p.Stderr, "/system/bin/sh: read: syntax error: Invalid argument '%s'\n", limit)
			return 2
		}
		if r, ok := p.Stdin.(*reader); ok && !r.within(time.Duration(seconds*float64(time.Second))) {
			return timedOut
		}
		return 0
	},
	"status": func(_ context.Context, p *Proc, _ interp.HandlerContext) int {
		fmt.Fprintf(p.Stderr, "/system/bin/sh: %s\n", p.Args[2])
		n, _ := strconv.Atoi(p.Args[1])
		return n
	},
	"syntax": func(_ context.Context, p *Proc, _ interp.HandlerContext) int {
		fmt.Fprintf(p.Stderr, "/system/bin/sh: %s\n", p.Args[1])
		return 1
	},
	"missing": func(_ context.Context, p *Proc, _ interp.HandlerContext) int {
		fmt.Fprintf(p.Stderr, "/system/bin/sh: %s: inaccessible or not found\n", p.Args[1])
		return 127
	},
	"echo":   func(_ context.Context, p *Proc, _ interp.HandlerContext) int { return echo(p, p.Args[2:], true) },
	"print":  func(_ context.Context, p *Proc, _ interp.HandlerContext) int { return echo(p, p.Args[2:], true) },
	"umask":  func(_ context.Context, p *Proc, _ interp.HandlerContext) int { p.Println("000"); return 0 },
	"ulimit": func(_ context.Context, p *Proc, _ interp.HandlerContext) int { p.Println("unlimited"); return 0 },
	"jobs":   func(context.Context, *Proc, interp.HandlerContext) int { return 0 },
	"times": func(_ context.Context, p *Proc, _ interp.HandlerContext) int {
		p.Println("0m0.00s 0m0.00s\n0m0.00s 0m0.00s")
		return 0
	},
}

// echo is mksh's: backslashes mean something unless -E is given. The flags -n
// and -e exist as well.
func echo(p *Proc, args []string, escapes bool) int {
	newline := true
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && strings.Trim(args[0][1:], "neEr") == "" {
		for _, c := range args[0][1:] {
			switch c {
			case 'n':
				newline = false
			case 'e':
				escapes = true
			case 'E', 'r':
				escapes = false
			}
		}
		args = args[1:]
	}
	text := strings.Join(args, " ")
	if escapes {
		var stop bool
		text, stop = unescape(text)
		newline = newline && !stop
	}
	if newline {
		text += "\n"
	}
	if _, err := fmt.Fprint(p.Stdout, text); err != nil {
		return 1
	}
	return 0
}

// unescape does the backslashes of echo; stop is \c.
func unescape(s string) (text string, stop bool) {
	if !strings.Contains(s, `\`) {
		return s, false
	}
	simple := map[byte]byte{'a': 7, 'b': 8, 'e': 27, 'f': 12, 'n': 10, 'r': 13, 't': 9, 'v': 11, '\\': '\\'}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		if c, ok := simple[s[i]]; ok {
			b.WriteByte(c)
			continue
		}
		base, most := 0, 0
		j := i + 1
		switch s[i] {
		case 'c':
			return b.String(), true
		case '0':
			base, most = 8, 3
		case 'x':
			base, most = 16, 2
		}
		k := j
		for k < len(s) && k-j < most && strings.IndexByte("0123456789abcdefABCDEF"[:map[int]int{8: 8, 16: 22}[base]], s[k]) >= 0 {
			k++
		}
		switch n, err := strconv.ParseUint("0"+s[j:k], max(base, 8), 8); {
		case base != 0 && err == nil && (k > j || base == 8):
			b.WriteByte(byte(n))
			i = k - 1
		default:
			b.WriteByte('\\')
			b.WriteByte(s[i])
		}
	}
	return b.String(), false
}

func whence(_ context.Context, p *Proc, _ interp.HandlerContext) int {
	long := p.Args[1] == "type" || len(p.Args) > 2 && p.Args[2] == "-V"
	code := 0
	for _, name := range p.Args[2:] {
		if strings.HasPrefix(name, "-") {
			continue
		}
		p.s.mu.Lock()
		function := p.s.defined[name]
		p.s.mu.Unlock()
		file := p.Lookup(name)
		switch {
		case function && long:
			p.Printf("%s is a function\n", name)
		case interp.IsBuiltin(name) && long:
			p.Printf("%s is a shell builtin\n", name)
		case function || interp.IsBuiltin(name):
			p.Println(name)
		case file != "" && long:
			p.Printf("%s is %s\n", name, file)
		case file != "":
			p.Println(file)
		default:
			if long {
				p.Printf("%s not found\n", name)
			}
			code = 1
		}
	}
	return code
}

// signals are those that end a job, by name and by number.
var signals = map[string]int{
	"HUP": 1, "INT": 2, "QUIT": 3, "ABRT": 6, "KILL": 9, "TERM": 15,
	"1": 1, "2": 2, "3": 3, "6": 6, "9": 9, "15": 15,
}

// kill ends background jobs of this shell itself and hands all other pids to
// the program of that name.
func kill(ctx context.Context, p *Proc, _ interp.HandlerContext) int {
	args := []string{"/system/bin/kill"}
	others, signal := 0, 15
	for _, a := range p.Args[2:] {
		if n, ok := signals[strings.TrimPrefix(strings.TrimLeft(strings.ToUpper(a), "-"), "SIG")]; ok {
			signal = n
		}
		if p.s.kill(a, signal) {
			continue
		}
		if !strings.HasPrefix(a, "-") {
			others++
		}
		args = append(args, a)
	}
	if others == 0 && len(args) < len(p.Args)-1 {
		return 0
	}
	return p.Exec(ctx, args...)
}
