package shell

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// am is ActivityManagerShellCommand.
func am(c *call) int {
	verb, ok := c.next()
	if !ok {
		c.Println("Activity manager (activity) commands:\n  help\n      Print this help text.")
		return 255
	}
	if !c.knows("activity", verb) {
		return c.unknownVerb(verb)
	}
	switch verb {
	case "start", "start-activity":
		return amStart(c, verb)
	case "broadcast":
		return amBroadcast(c)
	case "startservice", "start-service", "start-foreground-service", "startforegroundservice":
		return amStartService(c, verb)
	case "force-stop", "kill", "crash", "stop-app":
		return amKill(c, verb)
	case "kill-all":
		c.do(func(d *android.Device) {
			for _, p := range d.Packages.All() {
				d.Processes.KillBackground(c.caller, p.Name)
			}
		})
		return 0
	case "get-uid-state":
		uid, err := strconv.Atoi(c.arg())
		if err != nil {
			return c.threw(verb, &android.Exception{Class: "java.lang.NumberFormatException", Message: err.Error()})
		}
		return c.print(func(d *android.Device) string {
			s := d.Processes.UIDState(uid)
			return fmt.Sprintf("%d (%s)\n", int(s), s.Word())
		})
	case "get-current-user", "switch-user", "start-user", "stop-user", "get-started-user-state", "is-user-stopped", "unlock-user":
		return amUser(c, verb)
	case "set-standby-bucket", "get-standby-bucket":
		return standby(c, verb)
	case "set-inactive":
		return 0
	case "get-inactive":
		c.Println("Idle=false")
		return 0
	case "wait-for-broadcast-idle", "wait-for-broadcast-barrier":
		err := c.s.sys.Await(c.ctx, 10*time.Minute, func(d *android.Device) bool { return len(d.Broadcasts.Active) == 0 })
		if err != nil && !errors.Is(err, android.ErrTimeout) {
			return 255
		}
		c.Println("All broadcast queues are idle!")
		return 0
	case "stack", "task":
		return amTask(c)
	case "instrument":
		return instrument(c)
	case "profile", "dumpheap", "restart":
		c.errln("Error: %s is not on this phone", verb)
		return 255
	case "freeze", "unfreeze":
		return freeze(c, verb)
	case "idle-maintenance", "screen-compat", "clear-debug-app", "set-debug-app":
		return 0
	}
	c.Printf("Unknown command: %s\n", verb)
	return 255
}

// userOption eats --user N.
func (c *call) userOption(o string) bool {
	if o != "--user" {
		return false
	}
	c.asUser(c.arg())
	return true
}

func amStart(c *call, verb string) int {
	wait, stop := false, false
	i, err := c.parseIntent(func(o string) bool {
		switch o {
		case "-W":
			wait = true
		case "-S":
			stop = true
		case "-D", "-N", "--streaming", "--track-allocation", "--task-overlay", "--lock-task", "--dismiss-keyguard":
		case "-R", "-P", "--sampling", "--start-profiler", "--attach-agent", "--windowingMode", "--activityType", "--display", "--task":
			c.arg()
		default:
			return c.userOption(o)
		}
		return true
	})
	if err != nil {
		return c.threw(verb, err)
	}
	if stop {
		pkg := i.Component.Package
		if pkg == "" {
			pkg = i.Package
		}
		c.Printf("Stopping: %s\n", pkg)
	}
	c.Printf("Starting: %s\n", i)
	// Only now: what is printed has no flag of its own, what errors quote has.
	i.Flags |= android.FlagActivityNewTask
	out := c.Stderr
	if wait {
		out = c.Stdout
	}
	if number, ok := strings.CutPrefix(i.Data, "tel:"); ok && i.Component.IsZero() &&
		(i.Action == android.ActionCall || i.Action == android.ActionCallPrivileged || i.Action == android.ActionCallEmergency) {
		return c.dial(i, number)
	}
	began := c.s.uptime()
	var res *android.StartResult
	c.do(func(d *android.Device) { res, err = d.Activities.Start(c.caller, i, android.StartOptions{Stop: stop}) })
	if err != nil {
		return c.threw(verb, err)
	}
	started := true
	switch res.Code {
	case android.StartSuccess:
	case android.StartTaskToFront:
		fmt.Fprintln(out, "Warning: Activity not started, its current task has been brought to the front")
	case android.StartDeliveredToTop:
		fmt.Fprintln(out, "Warning: Activity not started, intent has been delivered to currently running top-most instance.")
	case android.StartIntentNotResolved:
		fmt.Fprintf(out, "Error: Activity not started, unable to resolve %s\n", i)
		started = false
	case android.StartClassNotFound:
		fmt.Fprintf(out, "Error type 3\nError: Activity class {%s} does not exist.\n", i.Component.Flat())
		started = false
	case android.StartPermissionDenied:
		fmt.Fprintln(out, "Error: Activity not started, you do not have permission to access it.")
		started = false
	default:
		fmt.Fprintf(out, "Error: Activity not started, unknown error code %d\n", res.Code)
		started = false
	}
	if !started {
		return 1
	}
	if !wait {
		return 0
	}
	err = c.s.sys.Await(c.ctx, 10*time.Second, func(*android.Device) bool { return res.Done })
	status := "ok"
	switch {
	case errors.Is(err, android.ErrTimeout):
		status = "timeout"
	case err != nil:
		return 129
	}
	state := res.LaunchState
	if state == "" {
		state = "UNKNOWN (0)"
	}
	c.Printf("Status: %s\n", status)
	if c.release().API >= 29 {
		c.Printf("LaunchState: %s\n", state)
	}
	if !res.Reached.IsZero() {
		c.Printf("Activity: %s\n", res.Reached.Short())
	}
	if status == "ok" && res.LaunchState != "" {
		if c.release().API <= 28 {
			c.Printf("ThisTime: %d\n", res.TotalTime.Milliseconds())
		}
		c.Printf("TotalTime: %d\n", res.TotalTime.Milliseconds())
	}
	c.Printf("WaitTime: %d\nComplete\n", (c.s.uptime() - began).Milliseconds())
	return 0
}

// amBroadcast sends an ordered broadcast and prints its result, which is the
// only receipt that there is: the exit status is 0 also when nobody got it.
func amBroadcast(c *call) int {
	o := android.BroadcastOptions{Ordered: true}
	async := false
	i, err := c.parseIntent(func(opt string) bool {
		switch opt {
		case "--receiver-permission":
			o.RequiredPermission = c.arg()
		case "--async":
			async = true
		case "--allow-background-activity-starts", "--sticky":
		case "--bundle-options", "--options":
			c.arg()
		default:
			return c.userOption(opt)
		}
		return true
	})
	if err != nil {
		return c.threw("broadcast", err)
	}
	i.Flags |= android.FlagReceiverFromShell
	c.Printf("Broadcasting: %s\n", i)
	o.Ordered = !async
	var b *android.Broadcast
	c.do(func(d *android.Device) { b, err = d.Broadcasts.Send(c.caller, i, o) })
	if err != nil {
		return c.threw("broadcast", err)
	}
	if async {
		return 0
	}
	err = c.s.sys.Await(c.ctx, time.Hour, func(*android.Device) bool { return b.Finished })
	if err != nil {
		return 129
	}
	var line string
	c.do(func(*android.Device) {
		line = fmt.Sprintf("Broadcast completed: result=%d", b.ResultCode)
		if b.HasResultData {
			line += fmt.Sprintf(", data=\"%s\"", b.ResultData)
		}
		if b.ResultExtras != nil {
			line += ", extras: " + b.ResultExtras.String()
		}
	})
	c.Println(line)
	return 0
}

func amKill(c *call, verb string) int {
	for {
		o, ok := c.option()
		if !ok {
			break
		}
		c.userOption(o)
	}
	name, ok := c.next()
	if !ok {
		return c.threw(verb, android.Throw(android.IllegalArgumentException, "Argument expected after \"%s\"", verb))
	}
	c.do(func(d *android.Device) {
		switch verb {
		case "force-stop":
			d.Processes.ForceStop(c.caller, name)
		case "stop-app":
			d.Processes.StopApp(c.caller, name)
		case "crash":
			d.Processes.Crash(c.caller, name)
		default:
			d.Processes.KillBackground(c.caller, name)
		}
	})
	return 0
}

// buckets are UsageStatsManager.STANDBY_BUCKET_* by the names of the command.
var buckets = map[string]int{"active": 10, "working_set": 20, "frequent": 30, "rare": 40, "restricted": 45, "never": 50}

// standby sets a bucket and tells it; since 13 buckets hold no pushes back.
func standby(c *call, verb string) int {
	for {
		o, ok := c.option()
		if !ok {
			break
		}
		c.userOption(o)
	}
	pkg := c.arg()
	if verb == "set-standby-bucket" {
		text := c.arg()
		n, ok := buckets[text]
		if !ok {
			if n = number(text, -1); n < 0 {
				c.errln("Error: Unknown bucket: %s", text)
				return 255
			}
		}
		c.do(func(d *android.Device) {
			if p := d.Packages.Get(pkg); p != nil {
				p.Bucket = n
			}
		})
		return 0
	}
	return c.print(func(d *android.Device) string {
		value := func(pkg string) string {
			if p := d.Packages.Get(pkg); p != nil && p.Bucket != 0 {
				return strconv.Itoa(p.Bucket)
			}
			return "10"
		}
		if pkg != "" {
			return value(pkg) + "\n"
		}
		var b strings.Builder
		for _, p := range d.Packages.All() {
			fmt.Fprintf(&b, "%s: %s\n", p.Name, value(p.Name))
		}
		return b.String()
	})
}

// freeze is am freeze and unfreeze (Android 14): a process by its name.
func freeze(c *call, verb string) int {
	for {
		if _, ok := c.option(); !ok {
			break
		}
	}
	name, found := c.arg(), false
	c.do(func(d *android.Device) {
		if p := d.Processes.ByName(name); p != nil {
			found, p.Frozen = true, verb == "freeze"
		}
	})
	if !found {
		c.errln("Error: could not find process %s", name)
		return 255
	}
	return 0
}

func amTask(c *call) int {
	switch verb := c.arg(); verb {
	case "list":
		return c.print(func(d *android.Device) string {
			var b strings.Builder
			for n := len(d.Activities.Tasks) - 1; n >= 0; n-- {
				t := d.Activities.Tasks[n]
				fmt.Fprintf(&b, "RootTask id=%d bounds=[0,0][%d,%d] displayId=0 userId=0\n configuration={winConfig={mWindowingMode=fullscreen}}\n", t.ID, android.DisplayWidth, android.DisplayHeight)
				if top := t.Top(); top != nil {
					fmt.Fprintf(&b, "  taskId=%d: %s bounds=[0,0][%d,%d] userId=0 visible=%t topActivity=%s\n", t.ID, top.Component.Flat(), android.DisplayWidth, android.DisplayHeight, top.Visible, top.Component)
				}
				b.WriteString("\n")
			}
			return b.String()
		})
	case "remove":
		id := number(c.arg(), -1)
		ok := false
		c.do(func(d *android.Device) { ok = d.Activities.RemoveTask(id) })
		if !ok {
			c.errln("Error: no task %d", id)
			return 255
		}
		return 0
	default:
		c.errln("Error: unknown command '%s'", verb)
		return 255
	}
}

// dial is what the system makes of an intent to call a number: Telecom's
// UserCallActivity takes it, and is gone before anybody sees it.
func (c *call) dial(i *android.Intent, number string) int {
	var r android.DialResult
	c.do(func(d *android.Device) { r = d.Telecom.Dial(c.caller, i.Action, number) })
	if r == android.DialDenied {
		return c.threw("start", android.Throw(android.SecurityException, "Permission Denial: starting %s from null (pid=%d, uid=%d) requires android.permission.CALL_PHONE", i, c.pid, c.UID))
	}
	return 0
}

// amStartService is runStartService: what the system throws at apps comes as a
// line here.
func amStartService(c *call, verb string) int {
	i, err := c.parseIntent(c.userOption)
	if err != nil {
		return c.threw(verb, err)
	}
	c.Printf("Starting service: %s\n", i)
	var r *android.ServiceRecord
	c.do(func(d *android.Device) {
		r, err = d.Services.StartService(c.caller, i, strings.Contains(verb, "foreground"))
	})
	switch {
	case err != nil:
		why := android.AsException(err).Message
		if _, permission, ok := strings.Cut(why, " without permission "); ok {
			why = "Requires permission " + permission
		} else if _, state, ok := strings.Cut(why, ": app is "); ok {
			why = "app is " + state
		}
		c.errln("Error: %s", why)
		return 255
	case r == nil:
		c.errln("Error: Not found; no service started.")
		return 255
	}
	return 0
}
