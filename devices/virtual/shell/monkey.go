package shell

import (
	"strconv"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// monkey is development/cmds/monkey as people use it over adb: to start an app
// by its package's name. Random events it does not make.
func monkey(c *call) int {
	pkg, category, count := "", "android.intent.category.LAUNCHER", -1
	for _, a := range c.rest {
		c.errln("  bash arg: %s", a)
	}
	for {
		o, ok := c.next()
		if !ok {
			break
		}
		switch o {
		case "-p":
			pkg = c.arg()
		case "-c":
			category = c.arg()
		case "--pct-syskeys", "--pct-touch", "--pct-motion", "--throttle", "-s":
			c.arg()
		default:
			if n, err := strconv.Atoi(o); err == nil {
				count = n
			}
		}
	}
	if count < 0 {
		c.errln("** Error: Count not specified")
		return 255
	}
	var res *android.StartResult
	i := &android.Intent{Action: "android.intent.action.MAIN", Categories: []string{category}, Package: pkg, Flags: android.FlagActivityNewTask}
	c.do(func(d *android.Device) {
		if pkg == "" || d.Packages.Get(pkg) == nil {
			return
		}
		if r, err := d.Activities.Start(c.caller, i, android.StartOptions{}); err == nil && r.Code >= android.StartSuccess {
			res = r
		}
	})
	if res == nil {
		c.errln("** No activities found to run, monkey aborted.")
		return 252
	}
	c.Printf("Events injected: %d\n## Network stats: elapsed time=12ms (0ms mobile, 0ms wifi, 12ms not connected)\n", count)
	return 0
}

// instrument is Instrument.run of am for an instrumentation that is not
// installed: no package of a virtual phone has one.
func instrument(c *call) int {
	component, raw := "", false
	for {
		a, ok := c.next()
		if !ok {
			break
		}
		switch a {
		case "-r":
			raw = true
		case "-e":
			c.arg()
			c.arg()
		case "-p", "-f", "--user", "--abi":
			c.arg()
		default:
			if a[:1] != "-" {
				component = a
			}
		}
	}
	if component == "" {
		c.errln("Error: Argument expected after \"instrument\"")
		return 1
	}
	if raw {
		c.Printf("INSTRUMENTATION_STATUS: id=ActivityManagerService\n")
	}
	c.Printf("INSTRUMENTATION_STATUS: Error=Unable to find instrumentation info for: ComponentInfo{%s}\nINSTRUMENTATION_STATUS_CODE: -1\n", component)
	c.errln("android.util.AndroidException: INSTRUMENTATION_FAILED: %s\n\tat com.android.commands.am.Instrument.run(Instrument.java:557)\n\tat com.android.commands.am.Am.runInstrument(Am.java:212)\n\tat com.android.commands.am.Am.onRun(Am.java:81)\n\tat com.android.internal.os.BaseCommand.run(BaseCommand.java:60)\n\tat com.android.commands.am.Am.main(Am.java:54)", component)
	return 1
}
