package capture

import (
	"strings"

	"github.com/ringproof/ringproof/devices/adb"
)

// Dump is one thing that a phone can be asked to print.
type Dump struct {
	// Name is the file's name without its ending.
	Name string
	// Kind is the reader that reads it, in the words of `ringproof inspect`.
	Kind string
	// Command is what the phone's shell runs. PKG stands for the package that
	// the capture is about.
	Command string
	// Since is the API level from which the command exists, 0 for all.
	Since int
}

// pkg is the place of a package's name in a command.
const pkg = "PKG"

// Dumps lists what is captured, the fast changing first. Nothing here changes
// the phone: notifications stay redacted, and the tree of windows goes to
// standard output instead of a file.
//
// Left out, although there are readers for them, is what tells of its owner
// and not of calls: properties and settings, lists of packages and processes,
// usage statistics, alarms, the drop box and the whole log.
func Dumps() []Dump {
	return []Dump{
		{Name: "telecom", Kind: "telecom", Command: "dumpsys telecom"},
		{Name: "notification", Kind: "notification", Command: "dumpsys notification"},
		{Name: "window-policy", Kind: "window", Command: "dumpsys window policy"},
		{Name: "window-displays", Kind: "window", Command: "dumpsys window displays"},
		{Name: "window-windows", Kind: "window", Command: "dumpsys window windows"},
		{Name: "power", Kind: "power", Command: "dumpsys power"},
		{Name: "display", Kind: "display", Command: "dumpsys display"},
		{Name: "trust", Kind: "trust", Command: "dumpsys trust"},
		{Name: "activity", Kind: "activity", Command: "dumpsys activity activities"},
		{Name: "processes", Kind: "processes", Command: "dumpsys activity processes"},
		{Name: "audio", Kind: "audio", Command: "dumpsys audio"},
		{Name: "media-session", Kind: "media-session", Command: "dumpsys media_session"},
		{Name: "bluetooth", Kind: "bluetooth", Command: "dumpsys bluetooth_manager"},
		{Name: "deviceidle", Kind: "deviceidle", Command: "dumpsys deviceidle"},
		{Name: "battery", Kind: "battery", Command: "dumpsys battery"},
		{Name: "users", Kind: "users", Command: "dumpsys user"},
		{Name: "user-list", Kind: "user-list", Command: "pm list users"},
		{Name: "app-ops-dump", Kind: "app-ops-dump", Command: "dumpsys appops"},
		{Name: "locksettings", Kind: "locksettings", Command: "locksettings get-disabled"},
		{Name: "exit-info", Kind: "exit-info", Command: "dumpsys activity exit-info PKG", Since: 30},
		{Name: "broadcasts", Kind: "broadcasts", Command: "dumpsys activity broadcasts PKG"},
		{Name: "services", Kind: "services", Command: "dumpsys activity services PKG"},
		{Name: "package", Kind: "package", Command: "dumpsys package PKG"},
		{Name: "app-ops", Kind: "app-ops", Command: "cmd appops get PKG"},
		{Name: "standby", Kind: "standby", Command: "am get-standby-bucket PKG", Since: 28},
		{Name: "uiautomator", Kind: "uiautomator", Command: "uiautomator dump /dev/tty"},
		{Name: "uiautomator-windows", Kind: "uiautomator", Command: "uiautomator dump --windows /dev/tty", Since: 31},
		// Only Telecom's own tags: the rest of a log is full of other people's
		// business in words that no rule knows.
		{Name: "telecom-log", Kind: "telecom-log", Command: "logcat -d -v threadtime -b main,system,events -s Telecom TelecomFramework Telecom-Call MotoCallsManager"},
	}
}

// command is the dump's command for a package. Without one, dumps that need it
// are left out.
func (d Dump) command(name string, api int) (string, bool) {
	if d.Since > api {
		return "", false
	}
	if !strings.HasSuffix(d.Command, " "+pkg) {
		return d.Command, true
	}
	return strings.TrimSuffix(d.Command, pkg) + adb.Quote(name), name != ""
}
