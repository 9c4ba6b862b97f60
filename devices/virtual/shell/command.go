package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/shell/mksh"
)

// call is one running Android command.
type call struct {
	*mksh.Proc
	ctx    context.Context
	s      *Shell
	pid    int
	rest   []string // arguments not read yet
	caller android.Caller
	user   *int // --user, nil without one
}

// command is one Android command.
type command func(c *call) int

// vm says that a command starts a Java machine (am, pm, input, ...), or asks
// system_server for something: it takes the time that a phone takes.
func (s *Shell) vm(do command) mksh.Tool {
	return func(ctx context.Context, p *mksh.Proc) int {
		var cost time.Duration
		s.sys.Do(func(d *android.Device) { cost = d.Between(10*time.Millisecond, 80*time.Millisecond) })
		if s.sys.Sleep(ctx, cost) != nil {
			return 129
		}
		return s.plain(do)(ctx, p)
	}
}

// plain is for native programs that answer at once.
func (s *Shell) plain(do command) mksh.Tool {
	return func(ctx context.Context, p *mksh.Proc) int {
		c := &call{Proc: p, ctx: ctx, s: s, pid: s.pid(), rest: p.Args[1:]}
		switch {
		case p.UID == android.RootUID:
			c.caller = android.RootCaller(c.pid)
		case p.UID == android.ShellUID:
			c.caller = android.ShellCaller(c.pid)
		default:
			c.caller = android.Caller{UID: p.UID, PID: c.pid}
			s.sys.Do(func(d *android.Device) {
				for _, pk := range d.Packages.ByUID(p.UID) {
					c.caller.Package = pk.Name
				}
			})
		}
		return do(c)
	}
}

// commands is the table of Android's own commands.
func (s *Shell) commands() map[string]mksh.Tool {
	tools := map[string]mksh.Tool{}
	for name, do := range map[string]command{
		"am": am, "pm": pm, "cmd": cmd, "input": input, "settings": settings, "appops": service("appops"),
		"locksettings": service("lock_settings"), "wm": wm, "svc": svc, "uiautomator": uiautomator, "telecom": telecom,
		"media": media, "monkey": monkey, "bmgr": refuse("Backup Manager is not activated for user 0", 0),
		"ime": ime, "content": refuse("[ERROR] Unsupported operation", 0), "dpm": refuse("Error: unknown command", 255),
	} {
		tools[name] = s.vm(do)
	}
	for name, do := range map[string]command{
		"dumpsys": dumpsys, "getprop": getprop, "setprop": setprop, "logcat": logcat, "log": logTool, "screencap": screencap,
		"screenrecord": refuse("Unable to get display info", 1), "bugreportz": bugreportz, "bugreport": bugreportText, "su": su, "run-as": runAs,
		"service": serviceTool, "dumpstate": refuse("dumpstate: not on this phone", 1), "getenforce": getenforce, "setenforce": refuse("setenforce: Couldn't set enforcing status: Permission denied", 1),
		"start": nothing, "stop": nothing, "reboot": reboot, "remount": remount, "disable-verity": verity, "enable-verity": verity,
	} {
		tools[name] = s.plain(do)
	}
	return tools
}

func refuse(text string, code int) command {
	return func(c *call) int {
		fmt.Fprintln(c.Stderr, text)
		return code
	}
}

func nothing(*call) int { return 0 }

func getenforce(c *call) int { c.Println("Enforcing"); return 0 }

// print runs a renderer on the locked device and prints outside the lock.
func (c *call) print(render func(d *android.Device) string) int {
	var text string
	c.do(func(d *android.Device) { text = render(d) })
	if _, err := io.WriteString(c.Stdout, text); err != nil {
		return 1
	}
	return 0
}

// next takes the next argument; ok is false at the end.
func (c *call) next() (string, bool) {
	if len(c.rest) == 0 {
		return "", false
	}
	a := c.rest[0]
	c.rest = c.rest[1:]
	return a, true
}

// arg takes the next argument, or "".
func (c *call) arg() string { a, _ := c.next(); return a }

// option takes the next argument if it is an option.
func (c *call) option() (string, bool) {
	if len(c.rest) == 0 || len(c.rest[0]) < 2 || c.rest[0][0] != '-' {
		return "", false
	}
	return c.next()
}

// errln writes a line to standard error.
func (c *call) errln(format string, args ...any) { fmt.Fprintf(c.Stderr, format+"\n", args...) }

// threw prints an exception as ShellCommand.exec does, and gives its exit status.
// Up to 10 it named no command, and had words of its own for a SecurityException.
func (c *call) threw(verb string, err error) int {
	e := android.AsException(err)
	switch old := c.release().API <= 29; {
	case old && e.Class == android.SecurityException:
		c.errln("Security exception: %s", e.Message)
		c.errln("")
		c.errln("%s", e.Error())
	case old:
		c.errln("")
		c.errln("Exception occurred while executing:")
		c.errln("%s", e.Error())
	default:
		c.errln("")
		c.errln("Exception occurred while executing '%s':", verb)
		c.errln("%s", e.Error())
	}
	frames := e.Frames
	if len(frames) == 0 {
		frames = []string{
			"android.os.Parcel.createExceptionOrNull(Parcel.java:3057)", "android.os.ShellCommand.exec(ShellCommand.java:38)",
			"android.os.Binder.shellCommand(Binder.java:1092)", "android.os.Binder.onTransact(Binder.java:912)",
			"android.os.Binder.execTransactInternal(Binder.java:1339)", "android.os.Binder.execTransact(Binder.java:1275)",
		}
	}
	for _, f := range frames {
		c.errln("\tat %s", f)
	}
	return 255
}

// service is a program that is a short name for a service's shell command.
func service(name string) command {
	return func(c *call) int { return runService(c, name) }
}

// services are the shell commands of services, by name.
func services(name string) (command, bool) {
	switch name {
	case "activity":
		return am, true
	case "package":
		return pm, true
	case "appops":
		return appops, true
	case "deviceidle":
		return deviceidle, true
	case "notification":
		return notification, true
	case "statusbar":
		return statusbar, true
	case "lock_settings":
		return locksettings, true
	case "media_session":
		return cmdMediaSession, true
	case "telecom":
		return cmdTelecom, true
	case "settings":
		return settings, true
	case "window":
		return wm, true
	case "power":
		return power, true
	case "battery":
		return battery, true
	case "uimode":
		return uimode, true
	case "wifi":
		return wifi, true
	case "bluetooth_manager":
		return bluetooth, true
	case "input":
		return input, true
	case "user":
		return user, true
	case "audio":
		return audio, true
	case "netpolicy":
		return netpolicy, true
	case "connectivity":
		return connectivity, true
	case "phone", "location":
		return radios, true
	case "jobscheduler", "role", "overlay", "usb", "shortcut":
		return func(c *call) int {
			if c.arg() == "" {
				c.Printf("%s commands:\n  help\n    Print this help text.\n", name)
				return 0
			}
			c.errln("Unknown command: %s", c.Args[len(c.Args)-1])
			return 255
		}, true
	}
	return nil, false
}

func runService(c *call, name string) int {
	if do, ok := services(name); ok {
		return do(c)
	}
	for _, s := range serviceNames() {
		if s == name {
			c.errln("No shell command implementation.")
			return 255
		}
	}
	c.errln("cmd: Can't find service: %s", name)
	return 20
}

// cmd is frameworks/native/cmds/cmd.
func cmd(c *call) int {
	if c.rest = c.rest[:len(c.rest):len(c.rest)]; len(c.rest) > 0 && c.rest[0] == "-w" {
		c.next()
	}
	name, ok := c.next()
	if !ok {
		c.errln("cmd: No service specified; use -l to list all running services. Use -w to start and wait for the service.")
		return 20
	}
	if name == "-l" {
		c.Println("Currently running services:")
		for _, s := range serviceNames() {
			c.Println("  " + s)
		}
		return 0
	}
	return runService(c, name)
}

// serviceNames are the services of this phone, sorted.
func serviceNames() []string {
	list := []string{
		"SurfaceFlinger", "accessibility", "account", "activity", "activity_task", "alarm", "appops", "audio", "battery",
		"batterystats", "bluetooth_manager", "clipboard", "connectivity", "content", "cpuinfo", "deviceidle", "device_policy",
		"display", "dropbox", "gfxinfo", "input", "input_method", "jobscheduler", "location", "lock_settings", "media.audio_flinger",
		"media.audio_policy", "media_session", "meminfo", "netpolicy", "notification", "overlay", "package", "permissionmgr", "phone",
		"power", "procstats", "role", "sensorservice", "settings", "shortcut", "statusbar", "telecom", "thermalservice", "trust",
		"uimode", "usagestats", "usb", "user", "vibrator_manager", "wallpaper", "wifi", "window",
	}
	sort.Strings(list)
	return list
}

// serviceTool is `service`: list and check.
func serviceTool(c *call) int {
	switch c.arg() {
	case "list":
		c.Printf("Found %d services:\n", len(serviceNames()))
		for i, s := range serviceNames() {
			c.Printf("%d\t%s: []\n", i, s)
		}
		return 0
	case "check":
		name := c.arg()
		for _, s := range serviceNames() {
			if s == name {
				c.Printf("Service %s: found\n", name)
				return 0
			}
		}
		c.Printf("Service %s: not found\n", name)
		return 0
	}
	c.errln("service: No service specified")
	return 10
}

// su is system/extras/su of debuggable builds: su [WHO [COMMAND...]], without a
// shell in between.
func su(c *call) int {
	if c.UID != android.RootUID && c.UID != android.ShellUID {
		c.errln("su: uid %d not allowed to su", c.UID)
		return 1
	}
	uid := android.RootUID
	if who, ok := c.next(); ok {
		first, _, _ := strings.Cut(who, ",")
		id, known := box{c.s}.UserID(first)
		if !known {
			c.errln("su: invalid uid/gid '%s'", first)
			return 1
		}
		uid = id
	}
	args := c.rest
	if len(args) == 0 {
		args = []string{"sh"}
	}
	name, _ := box{c.s}.UserName(uid)
	return c.As(uid, c.Dir, "USER="+name, "LOGNAME="+name, "HOME=/").Exec(c.ctx, args...)
}

// runAs is system/core/run-as.
func runAs(c *call) int {
	name, ok := c.next()
	if !ok {
		c.errln("run-as: usage: run-as <package-name> [--user <uid>] <command> [<args>]")
		return 1
	}
	owner := 0
	c.user = &owner
	if len(c.rest) > 1 && c.rest[0] == "--user" {
		c.asUser(c.rest[1])
		c.rest = c.rest[2:]
	}
	uid, debuggable := 0, false
	c.do(func(d *android.Device) {
		if pk := d.Packages.Get(name); pk != nil {
			uid, debuggable = pk.UID, pk.Debuggable
		}
	})
	switch {
	case uid == 0:
		c.errln("run-as: unknown package: %s", name)
		return 1
	case uid < android.FirstAppUID:
		c.errln("run-as: package not an application: %s", name)
		return 1
	case !debuggable:
		c.errln("run-as: package not debuggable: %s", name)
		return 1
	}
	dir := "/data/user/" + strconv.Itoa(*c.user) + "/" + name
	if _, err := c.s.tree.Stat(dir); err != nil {
		c.errln("run-as: couldn't stat %s: %s", dir, mksh.Errno(err))
		return 1
	}
	args := c.rest
	if len(args) == 0 {
		args = []string{"sh"}
	}
	return c.As(uid, dir, "HOME="+dir).Exec(c.ctx, args...)
}

func getprop(c *call) int {
	kinds := false
	for {
		o, ok := c.option()
		if !ok {
			break
		}
		kinds = kinds || o == "-T"
	}
	name, ok := c.next()
	if ok {
		value := c.s.prop(name)
		if value == "" && len(c.rest) > 0 {
			value = c.rest[0]
		}
		if kinds {
			value = "string"
		}
		c.Println(value)
		return 0
	}
	return c.print(func(d *android.Device) string {
		var b strings.Builder
		for _, n := range d.Props.Names() {
			v := d.Props.Get(n)
			if kinds {
				v = "string"
			}
			fmt.Fprintf(&b, "[%s]: [%s]\n", n, v)
		}
		return b.String()
	})
}

func setprop(c *call) int {
	if len(c.rest) != 2 {
		c.errln(`setprop: Needs 2 arguments (see "setprop --help")`)
		return 1
	}
	name, value := c.rest[0], c.rest[1]
	if len(value) >= 92 && !strings.HasPrefix(name, "ro.") {
		c.errln("setprop: value '%s' too long; try '%.91s'", value, value)
		return 1
	}
	free := c.UID == android.RootUID || strings.HasPrefix(name, "debug.") || strings.HasPrefix(name, "log.tag") || strings.HasPrefix(name, "persist.log.tag")
	ok := false
	if free {
		c.do(func(d *android.Device) { ok = d.Props.Set(name, value) })
	}
	if !ok {
		c.errln("Failed to set property '%s' to '%s'.\nSee dmesg for error reason.", name, value)
		return 1
	}
	return 0
}

// wrongFile is the errno text of a failed write to a path.
func wrongFile(err error) string {
	if errors.Is(err, syscall.EACCES) {
		return "EACCES (Permission denied)"
	}
	return mksh.Errno(err)
}

// number reads an int, or def.
func number(s string, def int) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	return def
}
