package shell

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/render"
)

// deviceidle is DeviceIdleController's shell command.
func deviceidle(c *call) int {
	switch verb := c.arg(); verb {
	case "get":
		what := c.arg()
		if !c.knows("deviceidle", "get "+what) {
			c.Printf("Unknown get option: %s\n", what)
			return 0
		}
		return c.print(func(d *android.Device) string {
			v, ok := map[string]string{
				"deep": d.DeviceIdle.Deep, "light": d.DeviceIdle.Light, "force": fmt.Sprint(d.DeviceIdle.Forced), "quick": "false",
				"screen": fmt.Sprint(d.Power.ScreenOn()), "charging": fmt.Sprint(d.Battery.AC || d.Battery.USB || d.Battery.Wireless), "network": "true",
			}[what]
			if !ok {
				return "Unknown get option: " + what + "\n"
			}
			return v + "\n"
		})
	case "force-idle":
		kind := c.arg()
		if kind == "" {
			kind = "deep"
		}
		return c.print(func(d *android.Device) string { return line(d.DeviceIdle.Force(kind)) })
	case "unforce":
		return c.print(func(d *android.Device) string {
			d.DeviceIdle.Unforce()
			return fmt.Sprintf("Light state: %s, deep state: %s\n", d.DeviceIdle.Light, d.DeviceIdle.Deep)
		})
	case "step":
		return c.print(func(d *android.Device) string { return "Stepped to deep: " + d.DeviceIdle.Deep + "\n" })
	case "enabled":
		c.Println("1")
	case "enable", "disable":
		what := c.arg()
		if what == "" {
			what = "all"
		}
		c.Printf("%s idle mode %sd\n", strings.ToUpper(what[:1])+what[1:], verb)
	case "whitelist", "allowlist", "sys-whitelist", "except-idle-whitelist":
		return allowlist(c)
	case "tempwhitelist", "tempallowlist":
		return tempAllowlist(c)
	case "motion", "force-inactive", "pre-idle-factor", "reset-pre-idle-factor", "force-modemanager-offbody", "force-modemanager-quickdoze":
	default:
		c.Printf("Unknown command: %s\n", verb)
		return 255
	}
	return 0
}

func line(s string) string { return strings.TrimSuffix(s, "\n") + "\n" }

func allowlist(c *call) int {
	if len(c.rest) == 0 {
		return c.print(func(d *android.Device) string {
			var b strings.Builder
			b.WriteString("system-excidle,com.android.shell,2000\nsystem,com.android.shell,2000\n")
			for _, p := range d.DeviceIdle.Allowlist {
				if pk := d.Packages.Get(p); pk != nil {
					fmt.Fprintf(&b, "user,%s,%d\n", p, pk.UID)
				}
			}
			return b.String()
		})
	}
	for _, a := range c.rest {
		if len(a) < 2 || !strings.Contains("+-=", a[:1]) {
			c.Println("Package must be prefixed with +, -, or =: " + a)
			return 255
		}
		sign, pkg := a[0], a[1:]
		c.print(func(d *android.Device) string {
			list := d.DeviceIdle.Allowlist
			at := -1
			for i, p := range list {
				if p == pkg {
					at = i
				}
			}
			switch {
			case sign == '=':
				return fmt.Sprintln(at >= 0)
			case sign == '+' && d.Packages.Get(pkg) == nil:
				return "Unknown package: " + pkg + "\n"
			case sign == '+':
				if at < 0 {
					d.DeviceIdle.Allowlist = append(list, pkg)
				}
				return "Added: " + pkg + "\n"
			case at < 0:
				return ""
			}
			d.DeviceIdle.Allowlist = append(list[:at:at], list[at+1:]...)
			return "Removed: " + pkg + "\n"
		})
	}
	return 0
}

func tempAllowlist(c *call) int {
	duration, remove := 10*time.Second, false
	for {
		o, ok := c.option()
		if !ok {
			break
		}
		switch o {
		case "-u":
			c.asUser(c.arg())
		case "-r":
			remove = true
		case "-d":
			v, ok := c.next()
			if !ok {
				c.Println("-d requires a duration")
				return 255
			}
			n, err := strconv.ParseInt(v, 10, 64)
			if err != nil {
				return c.threw("tempwhitelist", &android.Exception{Class: "java.lang.NumberFormatException", Message: fmt.Sprintf("For input string: %q", v)})
			}
			duration = time.Duration(n) * time.Millisecond
		}
	}
	pkg, ok := c.next()
	if !ok {
		return c.print(render.TempAllowlist)
	}
	var err error
	c.do(func(d *android.Device) {
		if remove {
			d.DeviceIdle.RemoveTemp(pkg)
		} else {
			err = d.DeviceIdle.AddTemp(pkg, duration, "shell")
		}
	})
	if err != nil {
		c.Printf("Failed: %v\n", err)
		return 255
	}
	return 0
}
