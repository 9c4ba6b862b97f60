package shell

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/render"
)

// pm is PackageManagerShellCommand of Android 14.
func pm(c *call) int {
	verb, ok := c.next()
	if !ok {
		c.Println("Package manager (package) commands:\n  help\n    Print this help text.")
		return 255
	}
	switch verb {
	case "path":
		return pmPath(c)
	case "list":
		return pmList(c)
	case "grant", "revoke":
		return pmGrant(c, verb)
	case "dump":
		name := c.arg()
		return c.print(func(d *android.Device) string { return render.Package(d, name) })
	case "resolve-activity", "query-activities", "query-receivers":
		return pmResolve(c, verb)
	case "uninstall":
		return pmUninstall(c)
	case "clear", "enable", "disable", "disable-user", "disable-until-used", "default-state", "suspend", "unsuspend":
		return pmChange(c, verb)
	case "install", "install-create", "install-write", "install-commit", "install-abandon", "install-streaming", "install-existing", "install-incremental":
		return pmInstall(c, verb)
	case "get-install-location":
		c.Println("0[auto]")
		return 0
	case "has-feature":
		name := c.arg()
		for _, f := range features {
			if f == name {
				c.Println("true")
				return 0
			}
		}
		c.Println("false")
		return 1
	case "create-user":
		return pmCreateUser(c)
	case "remove-user":
		return pmRemoveUser(c)
	case "get-max-users":
		c.Println("Maximum supported users: 4")
		return 0
	case "set-permission-flags", "clear-permission-flags", "reset-permissions", "compile", "bg-dexopt-job", "trim-caches", "wait-for-handler", "wait-for-background-handler":
		return 0
	case "get-privapp-permissions":
		return 0
	}
	c.Printf("Unknown command: %s\n", verb)
	return 255
}

var features = []string{
	"android.hardware.audio.output", "android.hardware.bluetooth", "android.hardware.bluetooth_le", "android.hardware.camera",
	"android.hardware.microphone", "android.hardware.screen.portrait", "android.hardware.telephony", "android.hardware.telephony.calling",
	"android.hardware.touchscreen", "android.hardware.wifi", "android.software.connectionservice", "android.software.home_screen",
	"android.software.input_methods", "android.software.secure_lock_screen", "android.software.telecom", "android.software.webview",
}

// flags eats options; those in values take an argument.
func (c *call) flags(values ...string) map[string]string {
	got := map[string]string{}
	for {
		o, ok := c.option()
		if !ok || o == "--" {
			return got
		}
		got[o] = "1"
		for _, v := range append(values, "--user") {
			if v == o {
				got[o] = c.arg()
				if o == "--user" {
					c.asUser(got[o])
				}
			}
		}
	}
}

func pmPath(c *call) int {
	c.flags()
	name := c.arg()
	code := 1
	c.print(func(d *android.Device) string {
		if pk := d.Packages.Get(name); pk != nil {
			code = 0
			return "package:" + pk.APK() + "\n"
		}
		return ""
	})
	return code
}

func pmList(c *call) int {
	what := c.arg()
	f := c.flags("--uid")
	filter := c.arg()
	has := func(o string) bool { _, ok := f[o]; return ok }
	switch what {
	case "packages", "package":
		return c.print(func(d *android.Device) string {
			var b strings.Builder
			for _, pk := range d.Packages.All() {
				disabled := pk.Enabled >= android.Disabled
				switch {
				case has("-3") && pk.System, has("-s") && !pk.System, has("-d") && !disabled, has("-e") && disabled,
					filter != "" && !strings.Contains(pk.Name, filter), has("--uid") && f["--uid"] != strconv.Itoa(pk.UID):
					continue
				}
				b.WriteString("package:")
				if has("-f") {
					b.WriteString(pk.APK() + "=")
				}
				b.WriteString(pk.Name)
				if has("--show-versioncode") {
					fmt.Fprintf(&b, " versionCode:%d", pk.VersionCode)
				}
				if has("-i") {
					installer := pk.Installer
					if installer == "" {
						installer = "null"
					}
					b.WriteString("  installer=" + installer)
				}
				if has("-U") || has("--uid") {
					fmt.Fprintf(&b, " uid:%d", pk.UID)
				}
				b.WriteString("\n")
			}
			return b.String()
		})
	case "users":
		return c.print(render.UserList)
	case "features":
		for _, x := range features {
			c.Println("feature:" + x)
		}
		return 0
	case "libraries":
		c.Println("library:android.test.base\nlibrary:android.test.mock\nlibrary:android.test.runner")
		return 0
	case "instrumentation", "permission-groups", "permissions":
		return 0
	}
	c.errln("Error: unknown list type '%s'", what)
	return 255
}

func pmGrant(c *call, verb string) int {
	c.flags()
	pkg, ok := c.next()
	if !ok {
		c.errln("Error: no package specified")
		return 1
	}
	permission, ok := c.next()
	if !ok {
		c.errln("Error: no permission specified")
		return 1
	}
	var err error
	c.do(func(d *android.Device) {
		if verb == "grant" {
			err = d.Packages.Grant(c.caller, pkg, permission)
		} else {
			err = d.Packages.Revoke(c.caller, pkg, permission)
		}
	})
	if err != nil {
		return c.threw(verb, err)
	}
	return 0
}

func pmResolve(c *call, verb string) int {
	brief := false
	i, err := c.parseIntent(func(o string) bool {
		switch o {
		case "--brief":
			brief = true
		case "--components":
			brief = true
		case "--query-flags":
			c.arg()
		default:
			return c.userOption(o)
		}
		return true
	})
	if err != nil {
		return c.threw(verb, err)
	}
	kind := android.KindActivity
	if verb == "query-receivers" {
		kind = android.KindReceiver
	}
	return c.print(func(d *android.Device) string {
		var found []android.Component
		for _, pk := range d.Packages.All() {
			for n := range pk.Components {
				s := &pk.Components[n]
				name := pk.ComponentName(s)
				if s.Kind == kind && !s.Disabled && pk.Enabled < android.Disabled && resolves(i, s, name) {
					found = append(found, name)
				}
			}
		}
		if len(found) == 0 {
			return "No activity found\n"
		}
		if verb == "resolve-activity" {
			found = found[:1]
		}
		var b strings.Builder
		for _, f := range found {
			b.WriteString("priority=0 preferredOrder=0 match=0x108000 specificIndex=-1 isDefault=true\n")
			if brief {
				b.WriteString(f.Short() + "\n")
			} else {
				fmt.Fprintf(&b, "ActivityInfo:\n  name=%s\n  packageName=%s\n", f.Class, f.Package)
			}
		}
		return b.String()
	})
}

func resolves(i *android.Intent, s *android.ComponentSpec, name android.Component) bool {
	if !i.Component.IsZero() {
		return i.Component == name
	}
	if i.Package != "" && i.Package != name.Package {
		return false
	}
	for _, f := range s.Filters {
		if i.Action != "" && !contains(f.Actions, i.Action) {
			continue
		}
		all := true
		for _, cat := range i.Categories {
			all = all && contains(f.Categories, cat)
		}
		scheme, _, hasData := strings.Cut(i.Data, ":")
		if all && (hasData == (len(f.Schemes) > 0)) && (!hasData || contains(f.Schemes, scheme)) {
			return true
		}
	}
	return false
}

func contains(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}

func pmChange(c *call, verb string) int {
	c.flags()
	name, ok := c.next()
	if !ok {
		c.errln("Error: no package specified")
		return 1
	}
	state, isState := map[string]android.EnabledState{
		"enable": android.Enabled, "disable": android.Disabled, "disable-user": android.DisabledUser,
		"disable-until-used": android.DisabledUntilUsed, "default-state": android.EnabledDefault,
	}[verb]
	var err error
	done := false
	c.do(func(d *android.Device) {
		switch {
		case isState:
			err = d.Packages.SetEnabled(name, state)
		case verb == "clear":
		default:
			if pk := d.Packages.Get(name); pk != nil {
				pk.Suspended, done = verb == "suspend", true
			}
		}
	})
	if verb == "clear" {
		done = c.s.pm.Clear(name)
	}
	switch {
	case err != nil:
		return c.threw(verb, err)
	case isState:
		c.Printf("Package %s new state: %s\n", name, map[android.EnabledState]string{
			android.Enabled: "enabled", android.Disabled: "disabled", android.DisabledUser: "disabled-user",
			android.DisabledUntilUsed: "disabled-until-used", android.EnabledDefault: "default",
		}[state])
		return 0
	case verb == "clear" && !done:
		c.Println("Failed")
		return 1
	case verb == "suspend" || verb == "unsuspend":
		c.Printf("Package %s new suspended state: %t\n", name, verb == "suspend")
		return 0
	}
	c.Println("Success")
	return 0
}

// user is `cmd user`.
func user(c *call) int {
	if c.arg() == "list" {
		return c.print(render.UserList)
	}
	c.errln("Unknown command")
	return 255
}
