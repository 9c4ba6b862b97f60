package shell

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// logOptions are what a logcat command line asks for.
type logOptions struct {
	buffers  []string
	format   string
	modifier map[string]bool
	dump     bool
	clear    bool
	sizes    bool
	tail     int
	since    time.Time
	most     int
	pid      int
	regex    *regexp.Regexp
	filters  []logFilter
	silent   bool // -s: nothing but what is named
	binary   bool
	uids     []int
}

type logFilter struct {
	tag  string // "*" = all others
	prio byte
}

const priorities = "VDIWEFS"

// logcat is system/logging/logcat.
func logcat(c *call) int {
	o, err := parseLogcat(c)
	if err != nil {
		c.errln("logcat: %v", err)
		return 1
	}
	switch {
	case o.clear:
		c.do(func(d *android.Device) { d.Log.Clear(o.buffers...) })
		return 0
	case o.sizes:
		for _, b := range o.buffers {
			c.Printf("%s: ring buffer is 256 KiB (64 KiB consumed, 64 KiB readable), max entry is 5120 B, max payload is 4068 B\n", b)
		}
		return 0
	}
	var lines []android.LogLine
	var follow *android.LogFollower
	c.do(func(d *android.Device) {
		lines = d.Log.Lines(o.buffers...)
		if !o.dump {
			follow = d.Log.Follow(o.buffers...)
		}
	})
	if follow != nil {
		defer follow.Close()
	}
	p := &logPrinter{c: c, o: o, seen: map[string]bool{}}
	for _, l := range o.start(lines) {
		if !p.line(l) {
			return 0
		}
	}
	for follow != nil {
		var more []android.LogLine
		var err error
		c.Wait(func() { more, err = follow.Take(c.ctx) })
		for _, l := range more {
			if !p.line(l) {
				return 0
			}
		}
		if errors.Is(err, android.ErrBehind) { // words of logcat.cpp, Android 11, from memory
			c.errln("logcat: Unexpected EOF!\n\nThis means that either the device shut down, logd crashed, or this instance of logcat was unable to read log messages as quickly as they were being produced.\n\nIf you have enabled significant logging, look into using the -G option to increase log buffer sizes.")
			return 1
		}
		if err != nil {
			return 130
		}
	}
	return 0
}

func parseLogcat(c *call) (*logOptions, error) {
	o := &logOptions{format: "threadtime", modifier: map[string]bool{}, tail: -1, most: -1}
	value := func(flag, inline string) (string, error) {
		if inline != "" {
			return inline, nil
		}
		v, ok := c.next()
		if !ok {
			return "", fmt.Errorf("option requires an argument -- '%s'", strings.TrimLeft(flag, "-"))
		}
		return v, nil
	}
	for len(c.rest) > 0 {
		a := c.arg()
		if !strings.HasPrefix(a, "-") || a == "-" {
			if err := o.filter(a); err != nil {
				return nil, err
			}
			continue
		}
		flag, inline := a, ""
		if strings.HasPrefix(a, "--") {
			flag, inline, _ = strings.Cut(a, "=")
		} else if len(a) > 2 {
			flag, inline = a[:2], a[2:]
		}
		var v string
		var err error
		switch flag {
		case "-d", "--dump":
			o.dump = true
			if inline != "" && !strings.HasPrefix(a, "--") { // -dv threadtime
				c.rest = append([]string{"-" + inline}, c.rest...)
			}
		case "-c", "--clear":
			o.clear = true
		case "-g", "--buffer-size", "-S", "--statistics", "-G", "-P", "--prune", "-p":
			o.sizes = flag == "-g" || flag == "-S" || flag == "-p"
			if flag == "-G" || flag == "-P" {
				_, err = value(flag, inline)
				o.dump, o.tail = true, 0
			}
		case "-s":
			o.silent = true
		case "-b", "--buffer":
			if v, err = value(flag, inline); err == nil {
				for _, b := range strings.Split(v, ",") {
					switch b {
					case "all":
						o.buffers = append(o.buffers, "main", "system", "crash", "events", "radio")
					case "default":
						o.buffers = append(o.buffers, "main", "system", "crash")
					case "main", "system", "crash", "events", "radio", "kernel", "security":
						o.buffers = append(o.buffers, b)
					default:
						return nil, fmt.Errorf("unknown buffer %s", b)
					}
				}
			}
		case "-v", "--format":
			if v, err = value(flag, inline); err == nil {
				err = o.formats(v)
			}
		case "-t", "-T", "--tail":
			if v, err = value(flag, inline); err == nil {
				o.dump = o.dump || flag == "-t"
				err = o.from(c, v)
			}
		case "-m", "--max-count":
			if v, err = value(flag, inline); err == nil {
				o.most = number(v, -1)
			}
		case "-e", "--regex":
			if v, err = value(flag, inline); err == nil {
				o.regex, err = regexp.Compile(v)
			}
		case "--pid":
			if v, err = value(flag, inline); err == nil {
				o.pid = number(v, 0)
			}
		case "--uid":
			if v, err = value(flag, inline); err == nil {
				for u := range strings.SplitSeq(v, ",") {
					o.uids = append(o.uids, number(u, -1))
				}
			}
		case "--id":
			_, err = value(flag, inline)
		case "-B", "--binary":
			o.binary = true
		case "-D", "--dividers", "-L", "--last", "--print", "--wrap":
		case "-f", "-r", "-n":
			_, err = value(flag, inline)
		default:
			return nil, fmt.Errorf("unrecognized option '%s'\nTry \"logcat --help\" for more information", a)
		}
		if err != nil {
			return nil, err
		}
	}
	if len(o.buffers) == 0 {
		o.buffers = []string{"main", "system", "crash"}
	}
	if len(o.filters) == 0 {
		for _, f := range strings.Fields(c.Getenv("ANDROID_LOG_TAGS")) {
			_ = o.filter(f) // an unreadable variable changes nothing
		}
	}
	return o, nil
}

// filter reads TAG[:PRIO] expressions, several in one argument too.
func (o *logOptions) filter(s string) error {
	for _, one := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' }) {
		if one == "''" {
			continue
		}
		tag, prio, given := one, "V", false
		if i := strings.LastIndexByte(one, ':'); i >= 0 {
			tag, prio, given = one[:i], strings.ToUpper(one[i+1:]), true
		}
		if prio == "*" || prio == "" {
			prio = "V"
		}
		if !given && tag == "*" {
			prio = "D"
		}
		if len(prio) != 1 || !strings.Contains(priorities, prio) {
			return fmt.Errorf("Invalid filter expression '%s'", s)
		}
		o.filters = append(o.filters, logFilter{tag, prio[0]})
	}
	return nil
}

func (o *logOptions) formats(s string) error {
	for _, f := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' }) {
		switch f {
		case "brief", "process", "tag", "thread", "raw", "time", "threadtime", "long":
			o.format = f
		case "year", "usec", "nsec", "epoch", "monotonic", "UTC", "zone", "uid", "color", "colour", "printable", "descriptive":
			o.modifier[f] = true
		default:
			return fmt.Errorf("Invalid parameter \"%s\" to -v", f)
		}
	}
	return nil
}

// from reads the argument of -t and -T: a count or a time.
func (o *logOptions) from(c *call, s string) error {
	if n, err := strconv.Atoi(s); err == nil {
		o.tail = max(n, 0)
		return nil
	}
	var now time.Time
	c.do(func(d *android.Device) { now = d.Now() })
	for _, layout := range []string{"2006-01-02 15:04:05.999999999", "01-02 15:04:05.999999999"} {
		if t, err := time.Parse(layout, s); err == nil {
			if t.Year() == 0 {
				t = t.AddDate(now.UTC().Year(), 0, 0)
			}
			o.since = t
			return nil
		}
	}
	sec, frac, _ := strings.Cut(s, ".")
	if n, err := strconv.ParseInt(sec, 10, 64); err == nil {
		nano, _ := strconv.ParseInt((frac + "000000000")[:9], 10, 64)
		o.since = time.Unix(n, nano)
		return nil
	}
	return fmt.Errorf("-t \"%s\" not in time format", s)
}

// start picks the lines of the past that are printed.
func (o *logOptions) start(lines []android.LogLine) []android.LogLine {
	if !o.since.IsZero() {
		for i, l := range lines {
			if !l.Time.Before(o.since) {
				return lines[i:]
			}
		}
		return nil
	}
	if o.tail >= 0 {
		return lines[max(len(lines)-o.tail, 0):]
	}
	return lines
}

func (o *logOptions) wants(l android.LogLine) bool {
	if len(o.uids) > 0 && !slices.Contains(o.uids, l.UID) {
		return false
	}
	if o.pid != 0 && l.PID != o.pid || o.regex != nil && !o.regex.MatchString(l.Message) {
		return false
	}
	least := byte('V')
	if o.silent {
		least = 'S'
	}
	for _, f := range o.filters {
		if f.tag == "*" {
			least = f.prio
		}
	}
	for _, f := range o.filters {
		if f.tag == l.Tag {
			least = f.prio
		}
	}
	return strings.IndexByte(priorities, l.Priority) >= strings.IndexByte(priorities, least)
}

type logPrinter struct {
	c     *call
	o     *logOptions
	seen  map[string]bool
	count int
}

// line prints one entry; false ends the command.
func (p *logPrinter) line(l android.LogLine) bool {
	if !p.o.wants(l) {
		return true
	}
	var b strings.Builder
	switch {
	case p.o.binary:
		b.Write(binaryEntry(l))
	case !p.seen[l.Buffer]:
		p.seen[l.Buffer] = true
		fmt.Fprintf(&b, "--------- beginning of %s\n", l.Buffer)
		fallthrough
	default:
		for _, m := range strings.Split(strings.TrimSuffix(l.Message, "\n"), "\n") {
			p.o.write(&b, l, m)
		}
	}
	if _, err := fmt.Fprint(p.c.Stdout, b.String()); err != nil {
		return false
	}
	p.count++
	return p.o.most < 0 || p.count < p.o.most
}

func (o *logOptions) time(l android.LogLine) string {
	digits := 3
	switch {
	case o.modifier["nsec"]:
		digits = 9
	case o.modifier["usec"]:
		digits = 6
	}
	t := l.Time.UTC()
	frac := fmt.Sprintf("%09d", t.Nanosecond())[:digits]
	switch {
	case o.modifier["epoch"]:
		return fmt.Sprintf("%19d.%s", t.Unix(), frac)
	case o.modifier["monotonic"]:
		return fmt.Sprintf("%6d.%s", int64(l.Elapsed/time.Second), fmt.Sprintf("%09d", l.Elapsed%time.Second)[:digits])
	}
	layout := "01-02 15:04:05."
	if o.modifier["year"] {
		layout = "2006-" + layout
	}
	s := t.Format(layout) + frac
	if o.modifier["UTC"] || o.modifier["zone"] {
		s += " +0000"
	}
	return s
}

// write formats one line of a message (liblog, android_log_formatLogLine).
func (o *logOptions) write(b *strings.Builder, l android.LogLine, msg string) {
	uid := ""
	if o.modifier["uid"] {
		uid = fmt.Sprintf("%5s:", owner(l.UID))
	}
	switch o.format {
	case "brief":
		fmt.Fprintf(b, "%c/%s(%s%5d): %s\n", l.Priority, tagged(l.Tag), uid, l.PID, msg)
	case "tag":
		fmt.Fprintf(b, "%c/%s: %s\n", l.Priority, tagged(l.Tag), msg)
	case "process":
		fmt.Fprintf(b, "%c(%s%5d) %s  (%s)\n", l.Priority, uid, l.PID, msg, l.Tag)
	case "thread":
		fmt.Fprintf(b, "%c(%s%5d:%5d) %s\n", l.Priority, uid, l.PID, l.TID, msg)
	case "raw":
		fmt.Fprintf(b, "%s\n", msg)
	case "time":
		fmt.Fprintf(b, "%s %c/%s(%s%5d): %s\n", o.time(l), l.Priority, tagged(l.Tag), uid, l.PID, msg)
	case "long":
		fmt.Fprintf(b, "[ %s %s%5d:%5d %c/%s ]\n%s\n\n", o.time(l), uid, l.PID, l.TID, l.Priority, tagged(l.Tag), msg)
	default:
		if uid != "" {
			uid = fmt.Sprintf("%5s ", owner(l.UID))
		}
		fmt.Fprintf(b, "%s %s%5d %5d %c %s: %s\n", o.time(l), uid, l.PID, l.TID, l.Priority, tagged(l.Tag), msg)
	}
}

func owner(uid int) string {
	if n, ok := (box{}).UserName(uid); ok && uid < android.FirstAppUID {
		return n
	}
	return strconv.Itoa(uid)
}

// logTool is system/logging/logwrapper's neighbour `log`.
func logTool(c *call) int {
	prio, tag := byte(android.Info), "log"
	for {
		o, ok := c.option()
		if !ok {
			break
		}
		switch o {
		case "-p":
			v := strings.ToUpper(c.arg())
			if v == "" || !strings.Contains("VDIWEFS", v[:1]) {
				c.errln("log: bad -p '%s'", v)
				return 1
			}
			prio = v[0]
		case "-t":
			tag = c.arg()
		}
	}
	c.do(func(d *android.Device) {
		d.Log.Write(android.LogLine{UID: c.UID, PID: c.pid, TID: c.pid, Priority: prio, Tag: tag, Message: strings.Join(c.rest, " ")})
	})
	return 0
}

// tagged is %-8s as the log pads its tags.
func tagged(tag string) string { return fmt.Sprintf("%-8s", tag) }
