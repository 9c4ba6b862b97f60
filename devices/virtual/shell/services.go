package shell

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/render"
)

// settings is SettingsService's shell command.
func settings(c *call) int {
	verb := c.arg()
	c.flags()
	ns := strings.ToLower(c.arg())
	switch verb {
	case "get", "put", "delete", "list", "reset":
	default:
		c.errln("Invalid command: %s", verb)
		return 255
	}
	valid := false
	c.do(func(d *android.Device) { valid = d.Settings.ValidNamespace(ns) })
	if !valid {
		c.errln("Error: Invalid namespace '%s'", ns)
		return 255
	}
	if verb == "list" {
		return c.print(func(d *android.Device) string {
			var b strings.Builder
			for _, k := range d.Settings.Keys(ns) {
				v, _ := d.Settings.Get(ns, k)
				fmt.Fprintf(&b, "%s=%s\n", k, v)
			}
			return b.String()
		})
	}
	key, ok := c.next()
	if !ok {
		c.errln("Error: Bad arguments")
		return 255
	}
	switch verb {
	case "get":
		return c.print(func(d *android.Device) string {
			if v, ok := d.Settings.Get(ns, key); ok {
				return v + "\n"
			}
			return "null\n"
		})
	case "put":
		value, ok := c.next()
		if !ok {
			c.errln("Error: Bad arguments")
			return 255
		}
		if c.UID >= android.FirstAppUID || c.guarded().Settings && ns != android.SystemNS {
			return c.threw("put", android.Throw(android.SecurityException, "Permission denial: writing to settings requires:android.permission.WRITE_SECURE_SETTINGS"))
		}
		c.do(func(d *android.Device) {
			old, _ := d.Settings.Get(ns, key)
			d.Settings.Put(ns, key, value)
			if old != value && ns == android.SystemNS && (key == "font_scale" || key == "user_rotation") {
				d.Activities.ConfigurationChanged()
			}
		})
	case "delete":
		if c.guarded().Settings && ns != android.SystemNS {
			return c.threw("delete", android.Throw(android.SecurityException, "Permission denial: writing to settings requires:android.permission.WRITE_SECURE_SETTINGS"))
		}
		return c.print(func(d *android.Device) string { return fmt.Sprintf("Deleted %d rows\n", d.Settings.Delete(ns, key)) })
	}
	return 0
}

// wm is WindowManagerShellCommand.
func wm(c *call) int {
	switch verb := c.arg(); verb {
	case "size":
		c.Printf("Physical size: %dx%d\n", android.DisplayWidth, android.DisplayHeight)
	case "density":
		c.Printf("Physical density: %d\n", android.DisplayDensity)
	case "dismiss-keyguard":
		c.do(func(d *android.Device) { d.Keyguard.Dismiss() })
	case "user-rotation", "fixed-to-user-rotation", "folded-area", "scaling", "set-ignore-orientation-request":
	default:
		c.Printf("Unknown command: %s\n", verb)
		return 255
	}
	return 0
}

// svc is frameworks/base/cmds/svc.
func svc(c *call) int {
	what, verb := c.arg(), c.arg()
	set := func(ns, key, value string) int {
		c.do(func(d *android.Device) { d.Settings.Put(ns, key, value) })
		return 0
	}
	on := map[string]string{"enable": "1", "disable": "0"}[verb]
	switch {
	case what == "power" && verb == "stayon":
		mode, ok := map[string]string{"true": "15", "false": "0", "ac": "1", "usb": "2", "wireless": "4", "dock": "8"}[c.arg()]
		if ok {
			return set(android.Global, "stay_on_while_plugged_in", mode)
		}
	case what == "power" && (verb == "reboot" || verb == "shutdown"):
		return 0
	case what == "wifi" && on != "":
		return set(android.Global, "wifi_on", on)
	case what == "data" && on != "":
		return set(android.Global, "mobile_data", on)
	case what == "bluetooth" && on != "":
		return svcBluetooth(c, verb)
	case (what == "nfc" || what == "usb") && verb != "":
		return 0
	}
	c.errln("Available commands:\n    help     Show information about the subcommands\n    power    Control the power manager\n    data     Control mobile data connectivity\n    wifi     Control the Wi-Fi manager\n    bluetooth Control Bluetooth service")
	return 1
}

// appops is AppOpsService's shell command.
func appops(c *call) int {
	verb := c.arg()
	f := c.flags("--attribution")
	_, perUID := f["--uid"]
	pkg, _ := c.next()
	uid := 0
	c.do(func(d *android.Device) {
		if pk := d.Packages.Get(pkg); pk != nil {
			uid = pk.UID
		}
	})
	known := func(op string) bool {
		ok := false
		c.do(func(d *android.Device) { ok = d.AppOps.Known(d.AppOps.Name(op)) })
		if !ok {
			c.errln("Error: Unknown operation string: %s", op)
		}
		return ok
	}
	switch verb {
	case "get", "set", "reset":
	case "query-op":
		c.Println("No operations.")
		return 0
	case "start", "stop", "write-settings", "read-settings":
		return 0
	default:
		c.Printf("Unknown command: %s\n", verb)
		return 255
	}
	if verb == "reset" {
		c.do(func(d *android.Device) { d.AppOps.Reset(pkg) })
		return 0
	}
	if uid == 0 {
		c.errln("Error: No UID for %s in user 0", pkg)
		return 1
	}
	op, given := c.next()
	if given && !known(op) {
		return 255
	}
	if given {
		c.do(func(d *android.Device) { op = d.AppOps.Name(op) })
	}
	if verb == "get" {
		return c.print(func(d *android.Device) string { return opsText(d, pkg, uid, op) })
	}
	mode := android.OpMode(c.arg())
	switch mode {
	case android.OpAllow, android.OpIgnore, android.OpDeny, android.OpDefault, android.OpForeground:
	default:
		c.errln("Error: Mode %s is not valid", mode)
		return 255
	}
	var err error
	c.do(func(d *android.Device) {
		if perUID {
			err = d.AppOps.SetUID(uid, op, mode)
		} else {
			err = d.AppOps.Set(pkg, op, mode)
		}
	})
	if err != nil {
		return c.threw("set", err)
	}
	return 0
}

func opsText(d *android.Device, pkg string, uid int, op string) string {
	var b strings.Builder
	prefix := "Uid mode: "
	for _, e := range d.AppOps.UIDEntries(uid) {
		if d.API >= 29 && (op == "" || e.Op == op) { // older ones print the package's only
			fmt.Fprintf(&b, "%s%s: %s\n", prefix, e.Op, e.Mode)
			prefix = ""
		}
	}
	for _, e := range d.AppOps.Entries(pkg) {
		if op == "" || e.Op == op {
			fmt.Fprintf(&b, "%s: %s\n", e.Op, e.Mode)
		}
	}
	if b.Len() == 0 {
		b.WriteString("No operations.\n")
		if op != "" && d.API >= 28 {
			fmt.Fprintf(&b, "Default mode: %s\n", d.AppOps.DefaultMode(op))
		}
	}
	return b.String()
}

// notification is NotificationShellCmd.
func notification(c *call) int {
	verb := c.arg()
	if !c.knows("notification", verb) {
		return c.unknownVerb(verb)
	}
	switch verb {
	case "list":
		return c.print(render.NotificationList)
	case "get":
		key := strings.Join(c.rest, " ")
		return c.print(func(d *android.Device) string {
			if r := d.Notifications.Get(key); r != nil {
				return render.NotificationRecord(d, r)
			}
			return "No active notification matching key: " + key + "\n"
		})
	case "set_dnd":
		mode, ok := map[string]string{"off": "0", "all": "0", "priority": "1", "on": "1", "none": "2", "alarms": "3"}[c.arg()]
		if !ok {
			c.errln("usage: cmd notification set_dnd [on|none (same as on)|priority|alarms|all|off (same as all)]")
			return 255
		}
		c.do(func(d *android.Device) { d.Settings.Put(android.Global, "zen_mode", mode) })
	case "allow_listener", "disallow_listener", "allow_assistant", "remove_assistant", "allow_dnd", "disallow_dnd", "suspend_package", "unsuspend_package", "reset_assistant_user_set":
	case "get_approved_assistant":
		c.Println("null")
	default:
		c.Printf("Unknown command: %s\n", verb)
		return 255
	}
	return 0
}

// disableFlags are the words of send-disable-flag that the simulation knows.
var disableFlags = map[string]uint32{ // read-only table
	"statusbar-expansion": android.DisableExpand, "notification-icons": android.DisableIcons, "notification-alerts": android.DisableAlerts,
}

// netpolicy is NetworkPolicyManagerShellCommand, of data saver alone.
func netpolicy(c *call) int {
	verb, what := c.arg(), c.arg()
	switch {
	case verb == "get" && what == "restrict-background":
		return c.print(func(d *android.Device) string {
			return "Restrict background status: " + map[bool]string{true: "enabled", false: "disabled"}[d.DataSaver] + "\n"
		})
	case verb == "set" && what == "restrict-background":
		on := c.arg()
		if on != "true" && on != "false" {
			c.Println("Error: didn't specify BOOLEAN")
			return 255
		}
		c.do(func(d *android.Device) { d.DataSaver = on == "true" })
	default:
		c.Printf("Unknown command: %s\n", verb)
		return 255
	}
	return 0
}

// connectivity is ConnectivityService's shell command, of airplane mode alone.
func connectivity(c *call) int {
	verb, mode := c.arg(), c.arg()
	on := map[string]string{"enable": "1", "disable": "0"}[mode]
	switch {
	case verb != "airplane-mode":
		c.Printf("Unknown command: %s\n", verb)
		return 255
	case mode == "":
		return c.print(func(d *android.Device) string {
			return map[bool]string{true: "enabled", false: "disabled"}[d.Settings.Int(android.Global, "airplane_mode_on", 0) == 1] + "\n"
		})
	case on == "":
		c.errln("connectivity service commands:")
		return 255
	}
	c.do(func(d *android.Device) { d.Settings.Put(android.Global, "airplane_mode_on", on) })
	return 0
}

// statusbar is StatusBarShellCommand.
func statusbar(c *call) int {
	switch verb := c.arg(); verb {
	case "expand-notifications", "expand-settings":
		c.do(func(d *android.Device) { d.StatusBar.Expand() })
	case "collapse":
		c.do(func(d *android.Device) { d.StatusBar.Collapse() })
	case "get-status-icons":
		c.Println("clock\nwifi\nbattery")
	case "disable-for-setup":
		off := uint32(0)
		if c.arg() == "true" {
			off = android.DisableExpand | android.DisableIcons | android.DisableAlerts
		}
		c.do(func(d *android.Device) { d.StatusBar.Disabled = off })
	case "send-disable-flag":
		off := uint32(0)
		for _, flag := range c.rest {
			off |= disableFlags[flag] // what it does not know it passes over
		}
		c.do(func(d *android.Device) { d.StatusBar.Disabled = off })
	case "add-tile", "remove-tile", "click-tile", "tracing":
	default:
		c.Printf("Unknown command: %s\n", verb)
		return 255
	}
	return 0
}

// locksettings is LockSettingsShellCommand.
func locksettings(c *call) int {
	args := c.rest
	if len(args) == 0 {
		c.Println("lockSettings service commands:")
		return 255
	}
	// Checking a credential goes through the gatekeeper and takes its time.
	var cost time.Duration
	c.do(func(d *android.Device) { cost = d.Jitter(400 * time.Millisecond) })
	if c.s.sys.Sleep(c.ctx, cost) != nil {
		return 129
	}
	var r android.LockReply
	c.do(func(d *android.Device) { r = d.Keyguard.LockSettings(args) })
	c.Printf("%s", r.Out)
	fmt.Fprint(c.Stderr, r.Err)
	return r.Exit
}

// mediaSession is MediaShellCommand; media is its older program.
func mediaSession(c *call) int {
	verb := c.arg()
	switch verb {
	case "dispatch":
		return dispatch(c)
	case "list-sessions":
		return c.print(func(d *android.Device) string {
			var b strings.Builder
			b.WriteString("Sessions:\n")
			for _, s := range append([]*android.MediaSession{d.MediaSessions.Global}, d.MediaSessions.Stack...) {
				if s != nil {
					fmt.Fprintf(&b, "  tag=%s, package=%s\n", s.Tag, s.Package)
				}
			}
			return b.String()
		})
	case "volume":
		return volume(c)
	}
	c.errln("Error: unknown command '%s'\nusage: media_session [subcommand] [options]", verb)
	return 255
}

func media(c *call) int {
	if len(c.rest) > 0 && c.rest[0] == "dispatch" {
		c.next()
		return dispatch(c)
	}
	c.errln("usage: media [subcommand] [options]")
	return 1
}

// mediaKeys are the codes of dispatch, with their key codes.
var mediaKeys = map[string]int{
	"play": 126, "pause": 127, "play-pause": 85, "mute": 91, "headsethook": 79, "stop": 86, "next": 87, "previous": 88,
	"rewind": 89, "record": 130, "fast-forward": 90,
}

func dispatch(c *call) int {
	name := c.arg()
	code, ok := mediaKeys[name]
	if !ok {
		c.errln("Error: unknown dispatch code '%s'", name)
		return 255
	}
	c.do(func(d *android.Device) {
		// It goes to the session, past the windows: to Telecom's while it is active.
		d.MediaSessions.Dispatch(code)
	})
	return 0
}

// power is PowerManagerShellCommand.
func power(c *call) int {
	switch verb := c.arg(); verb {
	case "set-mode":
		mode := c.arg()
		if mode != "0" && mode != "1" {
			c.errln("Error: invalid mode")
			return 255
		}
		c.do(func(d *android.Device) { d.Settings.Put(android.Global, "low_power", mode) })
	case "set-adaptive-power-saver-enabled", "set-prox", "suppress-ambient-display", "list-ambient-display-suppression-tokens":
	default:
		c.Printf("Unknown command: %s\n", verb)
		return 255
	}
	return 0
}

// battery is BatteryService's shell command.
func battery(c *call) int {
	verb := c.arg()
	c.flags()
	switch verb {
	case "unplug":
		c.do(func(d *android.Device) { d.Battery.Unplug() })
	case "reset":
		c.do(func(d *android.Device) { d.Battery.Reset() })
	case "set":
		key, value := c.arg(), c.arg()
		n, err := strconv.Atoi(value)
		ok := err == nil
		if ok {
			c.do(func(d *android.Device) { ok = d.Battery.Set(key, n) })
		}
		switch {
		case value == "":
			c.errln("No value specified")
			return 255
		case err != nil:
			c.errln("Bad value: %s", value)
			return 255
		case !ok:
			c.errln("Unknown set option: %s", key)
			return 255
		}
	case "get":
		key := c.arg()
		return c.print(func(d *android.Device) string {
			b := d.Battery
			v, ok := map[string]string{
				"ac": fmt.Sprint(b.AC), "usb": fmt.Sprint(b.USB), "wireless": fmt.Sprint(b.Wireless), "status": fmt.Sprint(b.Status),
				"level": fmt.Sprint(b.Level), "temp": fmt.Sprint(b.Temperature), "present": "true", "counter": fmt.Sprint(b.Level * 45000),
			}[key]
			if !ok {
				return "Unknown get option: " + key + "\n"
			}
			return v + "\n"
		})
	default:
		c.Printf("Unknown command: %s\n", verb)
		return 255
	}
	return 0
}

func uimode(c *call) int {
	if c.arg() != "night" {
		c.Println("UiModeManager service (uimode) commands:")
		return 255
	}
	if mode, ok := map[string]int{"yes": 2, "no": 1}[c.arg()]; ok {
		c.do(func(d *android.Device) {
			changed := d.Settings.Int(android.Secure, "ui_night_mode", 1) != mode
			d.Settings.Put(android.Secure, "ui_night_mode", strconv.Itoa(mode))
			if changed {
				d.Activities.ConfigurationChanged()
			}
		})
	}
	return c.print(func(d *android.Device) string {
		if d.Settings.Int(android.Secure, "ui_night_mode", 1) == 2 {
			return "Night mode: yes\n"
		}
		return "Night mode: no\n"
	})
}

func wifi(c *call) int {
	switch verb := c.arg(); verb {
	case "set-wifi-enabled":
		v := map[string]string{"enabled": "1", "disabled": "0"}[c.arg()]
		if v == "" {
			c.errln("Invalid args to set-wifi-enabled: Expected 'enabled' or 'disabled' as next arg")
			return 255
		}
		c.do(func(d *android.Device) { d.Settings.Put(android.Global, "wifi_on", v) })
	case "status":
		return c.print(func(d *android.Device) string {
			if d.Settings.Int(android.Global, "wifi_on", 0) == 1 {
				return "Wifi is enabled\nWifi scanning is only available when wifi is enabled\n"
			}
			return "Wifi is disabled\n"
		})
	default:
		c.Printf("Unknown command: %s\n", verb)
		return 255
	}
	return 0
}

// ime answers what people ask of the input method.
func ime(c *call) int {
	switch c.arg() {
	case "list":
		return c.print(func(d *android.Device) string {
			id, _ := d.Settings.Get(android.Secure, "default_input_method")
			return id + "\n"
		})
	case "enable", "set", "disable", "reset":
		return 0
	}
	c.errln("Unknown command")
	return 255
}

// telecom is frameworks/base/cmds/telecom, and since 15 a wrapper of the service's
// own shell command.
func telecom(c *call) int {
	verb := c.arg()
	if !c.knows("telecom", verb) {
		return c.unknownTelecom(verb)
	}
	account := func() (android.PhoneAccountHandle, bool) {
		comp, ok := android.ParseComponent(c.arg())
		id := c.arg()
		user := number(c.arg(), 0)
		return android.PhoneAccountHandle{Component: comp, ID: id, UserID: user}, ok && id != ""
	}
	text := func(h android.PhoneAccountHandle) (text string) {
		c.do(func(d *android.Device) { text = render.AccountHandle(d, h) })
		return text
	}
	switch verb {
	case "set-phone-account-enabled", "set-phone-account-disabled":
		h, ok := account()
		if !ok {
			c.errln("Error: No component specified")
			return 1
		}
		on := verb == "set-phone-account-enabled"
		found := false
		c.do(func(d *android.Device) { found = d.Telecom.SetAccountEnabled(h, on) })
		if !found {
			c.Printf("Error - is %s a valid PhoneAccount?\n", text(h))
			return 0
		}
		c.Printf("Success - %s %s.\n", text(h), map[bool]string{true: "enabled", false: "disabled"}[on])
	case "unregister-phone-account":
		h, _ := account()
		c.do(func(d *android.Device) { d.Telecom.Unregister(h) })
		c.Printf("Success - %s unregistered.\n", text(h))
	case "get-default-dialer", "get-system-dialer":
		return c.print(func(d *android.Device) string { return render.DefaultDialer(d) + "\n" })
	case "set-default-dialer":
		c.Printf("Success - %s set as override default dialer.\n", c.arg())
	case "cleanup-stuck-calls":
		c.do(func(d *android.Device) { d.Telecom.CleanupStuckCalls() })
	case "log-mark":
		c.do(func(d *android.Device) {
			d.Log.System(android.Info, "Telecom", "LogMark: %s", strings.Join(c.rest, " "))
		})
	case "get-max-phones":
		c.Println("1")
	case "get-sim-config":
		c.Println("SSSS")
	case "wait-on-handlers", "reset-car-mode", "stop-block-suppression", "cleanup-orphan-phone-accounts", "set-call-diagnostic-service",
		"set-system-dialer", "set-test-emergency-phone-account-package-filter", "set-user-selected-outgoing-phone-account",
		"set-test-call-redirection-app", "set-test-call-screening-app", "add-or-remove-call-companion-app", "set-phone-acct-suggestion-component":
	case "is-non-ui-in-call-service-bound":
		c.Println("false")
	case "set-metrics-test-enabled", "set-metrics-test-disabled", "wait-for-audio-ops-complete", "wait-for-audio-active", "set-test-auto-mode-app":
	default:
		return c.unknownTelecom(verb)
	}
	return 0
}

func (c *call) unknownTelecom(verb string) int {
	if c.release().TelecomService {
		return c.unknownVerb(verb)
	}
	c.errln("Error: unknown command '%s'\nusage: telecom [subcommand] [options]", verb)
	return 1
}
