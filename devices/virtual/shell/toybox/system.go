package toybox

import (
	"context"
	"fmt"
	"path"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/shell/mksh"
)

var system = map[string]applet{
	"id": id, "whoami": whoami, "groups": groupsTool, "uname": uname, "date": date, "sleep": sleep, "usleep": sleep, "ps": ps, "pidof": pidof,
	"pgrep": pgrep, "kill": kill, "killall": pkill, "pkill": pkill, "uptime": uptime, "nproc": nproc, "hostname": hostname,
	"free": free, "tty": tty, "clear": nothing, "logname": whoami, "pwd": pwd,
}

func userName(sys System, id int) string {
	if n, ok := sys.UserName(id); ok {
		return n
	}
	return strconv.Itoa(id)
}

func id(_ context.Context, sys System, p *mksh.Proc) int {
	flags, args, ok := options(p, "ugGnrZ", "")
	if !ok {
		return 1
	}
	uid := p.UID
	if len(args) > 0 {
		n, ok := sys.UserID(args[0])
		if !ok {
			if v, err := strconv.Atoi(args[0]); err == nil {
				n, ok = v, true
			}
		}
		if !ok {
			return p.Complain("no '%s'", args[0])
		}
		uid = n
	}
	show := func(n int) string {
		if has(flags, 'n') {
			return userName(sys, n)
		}
		return strconv.Itoa(n)
	}
	switch {
	case has(flags, 'Z'):
		p.Println(context3(uid))
		return 0
	case has(flags, 'u'), has(flags, 'g'):
		p.Println(show(uid))
		return 0
	case has(flags, 'G'):
		list := []string{show(uid)}
		for _, g := range sys.Groups(uid) {
			list = append(list, show(g))
		}
		p.Println(strings.Join(list, " "))
		return 0
	}
	pair := func(n int) string { return fmt.Sprintf("%d(%s)", n, userName(sys, n)) }
	groups := []string{pair(uid)}
	for _, g := range sys.Groups(uid) {
		groups = append(groups, pair(g))
	}
	p.Printf("uid=%s gid=%s groups=%s context=%s\n", pair(uid), pair(uid), strings.Join(groups, ","), context3(uid))
	return 0
}

// context3 is the SELinux context of a user's shell.
func context3(uid int) string {
	switch {
	case uid == 0:
		return "u:r:su:s0"
	case uid >= 10000:
		return "u:r:runas_app:s0:c512,c768"
	}
	return "u:r:shell:s0"
}

func whoami(_ context.Context, sys System, p *mksh.Proc) int {
	p.Println(userName(sys, p.UID))
	return 0
}

func groupsTool(_ context.Context, sys System, p *mksh.Proc) int {
	list := []string{userName(sys, p.UID)}
	for _, g := range sys.Groups(p.UID) {
		list = append(list, userName(sys, g))
	}
	p.Println(strings.Join(list, " "))
	return 0
}

func uname(_ context.Context, _ System, p *mksh.Proc) int {
	flags, _, ok := options(p, "asnrvmopi", "")
	if !ok {
		return 1
	}
	all := []struct {
		flag rune
		text string
	}{
		{'s', "Linux"}, {'n', "localhost"}, {'r', Kernel},
		{'v', "#1 SMP PREEMPT Fri Jan 12 10:18:42 UTC 2024"}, {'m', "aarch64"}, {'o', "Toybox"},
	}
	var out []string
	for _, e := range all {
		if has(flags, 'a') || has(flags, e.flag) || len(flags) == 0 && e.flag == 's' {
			out = append(out, e.text)
		}
	}
	p.Println(strings.Join(out, " "))
	return 0
}

// Kernel is the phone's kernel release.
const Kernel = "5.15.123-android14-11-g5a5a5a5a5a5a-ab11224499"

func date(_ context.Context, sys System, p *mksh.Proc) int {
	flags, args, ok := options(p, "un", "drDsI")
	if !ok {
		return 1
	}
	now := sys.Now()
	if d, set := flags['d']; set {
		t, err := parseTime(d, now)
		if err != nil {
			return p.Complain("bad date '%s'", d)
		}
		now = t
	}
	if r, set := flags['r']; set {
		info, err := p.FS.Stat(p.Path(r))
		if err != nil {
			return p.Complain("%s: %s", r, mksh.Errno(err))
		}
		now = info.ModTime()
	}
	loc := time.UTC
	if tz := sys.Property("persist.sys.timezone"); tz != "" && !has(flags, 'u') {
		if l, err := time.LoadLocation(tz); err == nil {
			loc = l
		}
	}
	format := "%a %b %e %H:%M:%S %Z %Y"
	if len(args) > 0 {
		if !strings.HasPrefix(args[0], "+") {
			return p.Complain("cannot set date: Operation not permitted")
		}
		format = args[0][1:]
	}
	p.Println(strftime(format, now.In(loc)))
	return 0
}

func strftime(format string, t time.Time) string {
	layouts := map[byte]string{
		'a': "Mon", 'A': "Monday", 'b': "Jan", 'B': "January", 'h': "Jan", 'd': "02", 'e': "_2", 'm': "01", 'y': "06", 'Y': "2006",
		'H': "15", 'I': "03", 'M': "04", 'S': "05", 'p': "PM", 'Z': "MST", 'z': "-0700", 'F': "2006-01-02", 'T': "15:04:05",
		'D': "01/02/06", 'R': "15:04", 'c': "Mon Jan _2 15:04:05 2006", 'j': "002", 'x': "01/02/06", 'X': "15:04:05",
	}
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			b.WriteByte(format[i])
			continue
		}
		i++
		width := 9
		if format[i] >= '1' && format[i] <= '9' && i+1 < len(format) && format[i+1] == 'N' {
			width = int(format[i] - '0')
			i++
		}
		switch c := format[i]; c {
		case 's':
			b.WriteString(strconv.FormatInt(t.Unix(), 10))
		case 'N':
			b.WriteString(fmt.Sprintf("%09d", t.Nanosecond())[:width])
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case '%':
			b.WriteByte('%')
		default:
			if l, ok := layouts[c]; ok {
				b.WriteString(t.Format(l))
			} else {
				b.WriteString("%" + string(c))
			}
		}
	}
	return b.String()
}

func sleep(ctx context.Context, sys System, p *mksh.Proc) int {
	if len(p.Args) < 2 {
		return p.Complain(`Needs 1 argument (see "%s --help")`, p.Name())
	}
	total := 0.0
	for _, a := range p.Args[1:] {
		unit := map[byte]float64{'s': 1, 'm': 60, 'h': 3600, 'd': 86400}[a[max(len(a)-1, 0)]]
		text := a
		if unit == 0 {
			unit = 1
		} else {
			text = a[:len(a)-1]
		}
		f, err := strconv.ParseFloat(text, 64)
		if err != nil || f < 0 {
			return p.Complain("not a float: %s", a)
		}
		total += f * unit
	}
	if p.Name() == "usleep" {
		total /= 1e6
	}
	if sys.Sleep(ctx, time.Duration(total*float64(time.Second))) != nil {
		return 130
	}
	return 0
}

var psColumns = map[string]struct {
	head  string
	right bool
	width int
	get   func(sys System, pr Process) string
}{
	"USER":    {"USER", false, -12, func(s System, pr Process) string { return userName(s, pr.UID) }},
	"UID":     {"UID", true, 5, func(_ System, pr Process) string { return strconv.Itoa(pr.UID) }},
	"PID":     {"PID", true, 5, func(_ System, pr Process) string { return strconv.Itoa(pr.PID) }},
	"PPID":    {"PPID", true, 5, func(_ System, pr Process) string { return strconv.Itoa(pr.PPID) }},
	"VSZ":     {"VSZ", true, 7, func(_ System, pr Process) string { return strconv.Itoa(pr.VSZ) }},
	"RSS":     {"RSS", true, 6, func(_ System, pr Process) string { return strconv.Itoa(pr.RSS) }},
	"WCHAN":   {"WCHAN", false, -10, func(System, Process) string { return "0" }},
	"ADDR":    {"ADDR", true, 8, func(System, Process) string { return "0" }},
	"S":       {"S", false, -1, func(_ System, pr Process) string { return pr.State }},
	"STAT":    {"STAT", false, -4, func(_ System, pr Process) string { return pr.State }},
	"NAME":    {"NAME", false, -27, func(_ System, pr Process) string { return pr.Name }},
	"CMD":     {"CMD", false, -27, func(_ System, pr Process) string { return path.Base(pr.Name) }},
	"COMM":    {"COMMAND", false, -15, func(_ System, pr Process) string { return pr.Name[max(0, len(pr.Name)-15):] }},
	"ARGS":    {"ARGS", false, -27, func(_ System, pr Process) string { return pr.Name }},
	"CMDLINE": {"CMDLINE", false, -27, func(_ System, pr Process) string { return pr.Name }},
	"TTY":     {"TTY", false, -8, func(System, Process) string { return "?" }},
	"TIME":    {"TIME", true, 8, func(System, Process) string { return "00:00:00" }},
}

func ps(_ context.Context, sys System, p *mksh.Proc) int {
	if len(p.Args) > 1 && p.Args[1] == "--help" {
		p.Println("usage: ps [-AadefLlnwZ] [-fl] [-gG GROUP,] [-k FIELD,] [-o FIELD,] [-p PID,] [-t TTY,] [-uU USER,]\n\nList processes.")
		return 0
	}
	flags, rest, ok := options(p, "AadeflnwTLZM", "okpuUgGt")
	if !ok {
		return 1
	}
	if len(rest) > 0 { // numbers are pids
		flags['p'] = strings.Join(rest, ",")
	}
	columns := []string{"USER", "PID", "PPID", "VSZ", "RSS", "WCHAN", "ADDR", "S", "NAME"}
	if o, set := flags['o']; set {
		columns = nil
		for _, c := range strings.Split(strings.ToUpper(o), ",") {
			c, _, _ = strings.Cut(strings.TrimSpace(c), "=")
			if _, known := psColumns[c]; !known {
				return p.Complain("bad -o %s", o)
			}
			columns = append(columns, c)
		}
	}
	row := func(get func(c string) string) {
		var b strings.Builder
		for i, c := range columns {
			w := psColumns[c].width
			if i == len(columns)-1 && w < 0 {
				b.WriteString(get(c))
				break
			}
			fmt.Fprintf(&b, "%*s ", w, get(c))
		}
		p.Println(strings.TrimRight(b.String(), " "))
	}
	row(func(c string) string { return psColumns[c].head })
	for _, pr := range sys.Processes() {
		if !has(flags, 'A') && !has(flags, 'e') && !has(flags, 'p') && !has(flags, 'u') && pr.UID != p.UID {
			continue
		}
		if want, set := flags['p']; set && !listed(want, strconv.Itoa(pr.PID)) {
			continue
		}
		if want, set := flags['u']; set && !listed(want, userName(sys, pr.UID)) && !listed(want, strconv.Itoa(pr.UID)) {
			continue
		}
		row(func(c string) string { return psColumns[c].get(sys, pr) })
	}
	return 0
}

func listed(list, one string) bool {
	for _, e := range strings.Split(list, ",") {
		if e == one {
			return true
		}
	}
	return false
}

func pidof(_ context.Context, sys System, p *mksh.Proc) int {
	flags, args, ok := options(p, "sx", "o")
	if !ok {
		return 1
	}
	var pids []int
	for _, pr := range sys.Processes() {
		for _, a := range args {
			if (pr.Name == a || path.Base(pr.Name) == a) && flags['o'] != strconv.Itoa(pr.PID) {
				pids = append(pids, pr.PID)
			}
		}
	}
	if len(pids) == 0 {
		return 1
	}
	sort.Sort(sort.Reverse(sort.IntSlice(pids)))
	if has(flags, 's') {
		pids = pids[:1]
	}
	p.Println(strings.Trim(fmt.Sprint(pids), "[]"))
	return 0
}

func pgrep(_ context.Context, sys System, p *mksh.Proc) int {
	flags, args, ok := options(p, "flxovn", "usPg")
	if !ok || len(args) != 1 {
		return 2
	}
	code := 1
	for _, pr := range sys.Processes() {
		if strings.Contains(pr.Name, args[0]) && (!has(flags, 'x') || pr.Name == args[0]) {
			code = 0
			if has(flags, 'l') {
				p.Println(pr.PID, pr.Name)
			} else {
				p.Println(pr.PID)
			}
		}
	}
	return code
}

var signals = map[string]int{"HUP": 1, "INT": 2, "QUIT": 3, "KILL": 9, "USR1": 10, "USR2": 12, "TERM": 15, "CONT": 18, "STOP": 19}

func signalArg(args []string) (sig int, rest []string) {
	sig = 15
	if len(args) > 1 && args[0] == "-s" {
		args = append([]string{"-" + args[1]}, args[2:]...)
	}
	if len(args) > 0 && strings.HasPrefix(args[0], "-") && len(args[0]) > 1 {
		name := strings.TrimPrefix(strings.ToUpper(args[0][1:]), "SIG")
		if n, err := strconv.Atoi(name); err == nil {
			sig = n
		} else if n, ok := signals[name]; ok {
			sig = n
		}
		args = args[1:]
	}
	return sig, args
}

func kill(_ context.Context, sys System, p *mksh.Proc) int {
	if len(p.Args) == 2 && p.Args[1] == "-l" {
		p.Println("HUP INT QUIT KILL USR1 USR2 TERM CONT STOP")
		return 0
	}
	sig, args := signalArg(p.Args[1:])
	if len(args) == 0 {
		return p.Complain(`Needs 1 argument (see "kill --help")`)
	}
	code := 0
	for _, a := range args {
		pid, err := strconv.Atoi(a)
		if err != nil {
			code = p.Complain("unknown pid '%s'", a)
			continue
		}
		if err := sys.Kill(p.UID, pid, sig); err != nil {
			code = p.Complain("pid %s: %s", a, mksh.Errno(err))
		}
	}
	return code
}

func pkill(_ context.Context, sys System, p *mksh.Proc) int {
	sig, args := signalArg(p.Args[1:])
	code := 1
	for _, a := range args {
		if strings.HasPrefix(a, "-") {
			continue
		}
		for _, pr := range sys.Processes() {
			if pr.Name == a || p.Name() == "pkill" && strings.Contains(pr.Name, a) {
				if err := sys.Kill(p.UID, pr.PID, sig); err != nil {
					p.Complain("pid %d: %s", pr.PID, mksh.Errno(err))
					continue
				}
				code = 0
			}
		}
	}
	return code
}

func uptime(_ context.Context, sys System, p *mksh.Proc) int {
	up := sys.Uptime()
	minutes := int(up.Minutes())
	text := fmt.Sprintf("%d min", minutes)
	if minutes >= 60 {
		text = fmt.Sprintf("%2d:%02d", minutes/60%24, minutes%60)
	}
	if days := minutes / 1440; days > 0 {
		text = fmt.Sprintf("%d days, %s", days, text)
	}
	p.Printf(" %s up %s,  0 users,  load average: 0.42, 0.37, 0.31\n", sys.Now().UTC().Format("15:04:05"), text)
	return 0
}

func nproc(_ context.Context, _ System, p *mksh.Proc) int { p.Println(8); return 0 }

func hostname(_ context.Context, _ System, p *mksh.Proc) int { p.Println("localhost"); return 0 }

func free(_ context.Context, _ System, p *mksh.Proc) int {
	p.Println("\t\ttotal        used        free      shared     buffers\nMem:       8045056000  6241792000  1803264000   25165824    5242880\n-/+ buffers/cache:   6236549120  1808506880\nSwap:      4294963200           0  4294963200")
	return 0
}

func pwd(_ context.Context, _ System, p *mksh.Proc) int { p.Println(p.Dir); return 0 }
