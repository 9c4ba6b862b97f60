package shell

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/render"
)

// dump is one service's dump for arguments.
type dump func(c *call, args []string) string

// on makes a dump of a renderer that takes no arguments.
func on(r func(d *android.Device) string) dump {
	return func(c *call, _ []string) (text string) {
		c.do(func(d *android.Device) { text = r(d) })
		return text
	}
}

func dumps() map[string]dump {
	return map[string]dump{
		"telecom": on(render.Telecom), "power": on(render.Power), "display": on(render.Display), "audio": on(render.Audio),
		"trust": on(render.Trust), "media_session": on(render.MediaSessions), "user": on(render.Users),
		"bluetooth_manager": on(render.Bluetooth), "appops": on(render.AppOps), "usagestats": on(render.UsageStats),
		"notification": dumpNotification, "window": dumpWindow, "activity": dumpActivity, "activity_task": dumpActivity, "package": dumpPackage,
		"deviceidle": dumpDeviceIdle, "battery": dumpBattery, "input_method": on(inputMethod), "SurfaceFlinger": on(surfaceFlinger),
		"media.audio_policy": on(audioPolicy), "statusbar": on(render.StatusBar), "dropbox": dumpDropBox, "gfxinfo": noProcess, "meminfo": noProcess,
	}
}

// dumpsys is frameworks/native/cmds/dumpsys.
func dumpsys(c *call) int {
	skip := map[string]bool{}
	owner := 0
	c.user = &owner
	for {
		o, ok := c.option()
		if !ok {
			break
		}
		switch o {
		case "-l", "--list":
			c.Println("Currently running services:")
			for _, s := range serviceNames() {
				c.Println("  " + s)
			}
			return 0
		case "-t", "-T", "--priority":
			c.arg()
		case "--skip":
			for _, s := range c.rest {
				skip[s] = true
			}
			c.rest = nil
		case "--help":
			c.Println("usage: dumpsys\n         To dump all services.")
			return 0
		}
	}
	name, ok := c.next()
	if ok {
		return dumpOne(c, name)
	}
	c.Println("Currently running services:")
	for _, s := range serviceNames() {
		c.Println("  " + s)
	}
	table := dumps()
	for _, s := range serviceNames() {
		if skip[s] || table[s] == nil {
			continue
		}
		began := c.s.uptime()
		c.Printf("-------------------------------------------------------------------------------\nDUMP OF SERVICE %s:\n", s)
		if _, err := fmt.Fprint(c.Stdout, table[s](c, nil)); err != nil || c.ctx.Err() != nil {
			return 1
		}
		var end time.Time
		c.do(func(d *android.Device) { end = d.Now() })
		c.Printf("--------- %.3fs was the duration of dumpsys %s, ending at: %s\n", (c.s.uptime() - began).Seconds(), s, end.UTC().Format("2006-01-02 15:04:05"))
	}
	return 0
}

func dumpOne(c *call, name string) int {
	do := dumps()[name]
	if do == nil {
		if contains(serviceNames(), name) {
			return 0 // services that say nothing
		}
		c.errln("Can't find service: %s", name)
		return 0
	}
	if c.UID >= android.FirstAppUID {
		c.Printf("Permission Denial: can't dump %s from from pid=%d, uid=%d due to missing android.permission.DUMP permission\n", name, c.pid, c.UID)
		return 0
	}
	if _, err := fmt.Fprint(c.Stdout, do(c, c.rest)); err != nil {
		return 1
	}
	return 0
}

func dumpDropBox(c *call, args []string) string {
	tag, whole := "", false
	for _, a := range args {
		switch {
		case a == "--print" || a == "-p":
			whole = true
		case !strings.HasPrefix(a, "-"):
			tag = a
		}
	}
	return on(func(d *android.Device) string { return render.DropBox(d, tag, whole) })(c, nil)
}

func dumpNotification(c *call, args []string) (text string) {
	clear, pkg := false, ""
	for i := 0; i < len(args); i++ {
		switch args[i] {
		case "--noredact", "--reveal":
			clear = true
		case "-p", "pkg", "--package":
			if i+1 < len(args) {
				i++
				pkg = args[i]
			}
		}
	}
	c.do(func(d *android.Device) { text = render.Notification(d, clear, pkg) })
	return text
}

func dumpWindow(c *call, args []string) string {
	what := ""
	for _, a := range args {
		if !strings.HasPrefix(a, "-") {
			what = a
			break
		}
	}
	parts := map[string]func(*android.Device) string{
		"": render.Window, "all": render.Window, "policy": render.WindowPolicy, "p": render.WindowPolicy,
		"displays": render.WindowDisplays, "d": render.WindowDisplays, "windows": render.Windows, "w": render.Windows,
		"visible": render.Windows, "tokens": render.WindowTokens, "t": render.WindowTokens,
		"lastanr": func(*android.Device) string {
			return "WINDOW MANAGER LAST ANR (dumpsys window lastanr)\n  <no ANR has occurred since boot>\n"
		},
	}
	if r := parts[what]; r != nil {
		return on(r)(c, nil)
	}
	return fmt.Sprintf("Bad window command, or no windows match: %s\nUse -h for help.\n", what)
}

func dumpActivity(c *call, args []string) string {
	var words []string
	for _, a := range args {
		if !strings.HasPrefix(a, "-") {
			words = append(words, a)
		}
	}
	what, arg := "", ""
	if len(words) > 0 {
		what = words[0]
	}
	if len(words) > 1 {
		arg = words[1]
	}
	with := func(r func(*android.Device, string) string) func(*android.Device) string {
		return func(d *android.Device) string { return r(d, arg) }
	}
	oom := func(d *android.Device) string {
		return "ACTIVITY MANAGER OOM (dumpsys activity oom)\n" + render.LRU(d)
	}
	lru := func(d *android.Device) string {
		return "ACTIVITY MANAGER LRU PROCESSES (dumpsys activity lru)\n" + render.LRU(d)
	}
	parts := map[string]func(*android.Device) string{
		"activities": render.Activities, "a": render.Activities, "processes": with(render.Processes), "p": with(render.Processes),
		"exit-info": exitInfo(arg), "broadcasts": render.Broadcasts, "b": render.Broadcasts, "services": with(render.Services),
		"s": with(render.Services), "service": with(render.Services), "recents": render.Recents, "r": render.Recents, "lastanr": render.LastANR,
		"top": render.ActivityTop, "intents": render.PendingIntents, "i": render.PendingIntents, "oom": oom, "o": oom, "lru": lru,
		"containers": render.Activities, "lastanr-traces": render.LastANR,
	}
	if r := parts[what]; r != nil {
		return on(r)(c, nil)
	}
	if what == "" {
		const rule = "-------------------------------------------------------------------------------\n"
		var b strings.Builder
		for i, part := range []string{"intents", "broadcasts", "services", "recents", "lastanr", "activities", "exit-info", "processes"} {
			if i > 0 {
				b.WriteString(rule)
			}
			b.WriteString(on(parts[part])(c, nil))
		}
		return b.String()
	}
	return fmt.Sprintf("Unknown command: %s\nBad activity command, or no activities match: %s\nUse -h for help.\n", what, what)
}

func dumpPackage(c *call, args []string) string {
	var words []string
	for _, a := range args {
		if !strings.HasPrefix(a, "-") {
			words = append(words, a)
		}
	}
	return on(func(d *android.Device) string {
		switch {
		case len(words) == 0 || words[0] == "packages" || words[0] == "p":
			return render.Packages(d)
		case words[0] == "package" && len(words) > 1:
			return render.Package(d, words[1])
		}
		return render.Package(d, words[0])
	})(c, nil)
}

// dumpDeviceIdle: the dump takes the service's shell commands too.
func dumpDeviceIdle(c *call, args []string) string {
	if len(args) > 0 && args[0] != "-a" && args[0] != "all" {
		if args[0] == "tempwhitelist" && len(args) == 1 {
			return on(render.TempAllowlist)(c, nil)
		}
		q := *c
		var b strings.Builder
		q.Proc = c.With(nil, &b, &b)
		q.rest = args
		deviceidle(&q)
		return b.String()
	}
	return on(render.DeviceIdle)(c, nil)
}

func dumpBattery(c *call, args []string) string {
	if len(args) > 0 && args[0] != "-a" {
		q := *c
		var b strings.Builder
		q.Proc = c.With(nil, &b, &b)
		q.rest = args
		battery(&q)
		return b.String()
	}
	return on(render.Battery)(c, nil)
}

func noProcess(_ *call, args []string) string {
	if len(args) == 0 {
		return ""
	}
	return "No process found for: " + args[len(args)-1] + "\n"
}

func inputMethod(d *android.Device) string {
	shown := false
	for _, w := range d.Windows.All() {
		shown = shown || w.Type == android.WindowInputMethod && w.Visible
	}
	id, _ := d.Settings.Get(android.Secure, "default_input_method")
	return fmt.Sprintf("Current Input Method Manager state:\n  mCurMethodId=%s\n  mInputShown=%t\n  mInteractive=%t\n", id, shown, d.Power.Interactive())
}

func surfaceFlinger(d *android.Device) string {
	list := d.Windows.All()
	sort.SliceStable(list, func(i, j int) bool { return list[i].Layer > list[j].Layer })
	var b strings.Builder
	for _, w := range list {
		if w.Visible {
			fmt.Fprintf(&b, "%s#%d\n", w.Title, w.PID)
		}
	}
	return b.String()
}
