package shell

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// intentFlags are the long options of Intent.parseCommandArgs that set a flag.
var intentFlags = map[string]uint32{
	"--receiver-foreground": android.FlagReceiverForeground, "--include-stopped-packages": android.FlagIncludeStoppedPackages,
	"--exclude-stopped-packages": android.FlagExcludeStoppedPackages, "--receiver-include-background": android.FlagReceiverIncludeBackground,
	"--receiver-registered-only": 0x40000000, "--receiver-replace-pending": 0x20000000, "--receiver-no-abort": 0x08000000,
	"--activity-clear-top": android.FlagActivityClearTop, "--activity-single-top": android.FlagActivitySingleTop,
	"--activity-clear-task": android.FlagActivityClearTask, "--activity-no-animation": android.FlagActivityNoAnimation,
	"--activity-no-user-action": android.FlagActivityNoUserAction, "--activity-reorder-to-front": android.FlagActivityReorderToFront,
	"--activity-exclude-from-recents": android.FlagActivityExcludeRecents, "--activity-brought-to-front": android.FlagActivityBroughtToFront,
	"--activity-reset-task-if-needed": android.FlagActivityResetTask, "--activity-task-on-home": 0x00004000,
	"--activity-multiple-task": 0x08000000, "--activity-no-history": 0x40000000, "--activity-launched-from-history": 0x00100000,
	"--activity-previous-is-top": 0x01000000, "--activity-match-external": 0x00000800, "--debug-log-resolution": 0x8,
	"--grant-read-uri-permission": 0x1, "--grant-write-uri-permission": 0x2,
}

// parseIntent reads intent arguments as Intent.parseCommandArgs does. own is
// asked first for options that belong to the command; it returns false for those
// that it does not know.
func (c *call) parseIntent(own func(option string) bool) (*android.Intent, error) {
	i := &android.Intent{}
	bad := func(format string, args ...any) error {
		return android.Throw(android.IllegalArgumentException, format, args...)
	}
	need := func(option string) (string, error) {
		v, ok := c.next()
		if !ok {
			return "", bad("Argument expected after \"%s\"", option)
		}
		return v, nil
	}
	put := func(option string, convert func(string) (any, error)) error {
		key, err := need(option)
		if err != nil {
			return err
		}
		text, err := need(option)
		if err != nil {
			return err
		}
		v, err := convert(text)
		if err != nil {
			return bad("Invalid value for %s: %s", option, text)
		}
		if i.Extras == nil {
			i.Extras = android.Bundle{}
		}
		i.Extras[key] = v
		return nil
	}
	plain := func(s string) (any, error) { return s, nil }
	for {
		o, ok := c.option()
		if !ok {
			if len(c.rest) == 0 {
				break
			}
			if err := target(i, c.arg()); err != nil {
				return nil, err
			}
			continue
		}
		var err error
		var v string
		switch o {
		case "-a":
			i.Action, err = need(o)
		case "-d":
			i.Data, err = need(o)
		case "-t":
			i.Type, err = need(o)
		case "-i":
			_, err = need(o)
		case "-p":
			i.Package, err = need(o)
		case "-c":
			if v, err = need(o); err == nil {
				i.Categories = append(i.Categories, v)
			}
		case "-n":
			if v, err = need(o); err == nil {
				comp, ok := android.ParseComponent(v)
				if !ok {
					return nil, bad("Bad component name: %s", v)
				}
				i.Component = comp
			}
		case "-f":
			if v, err = need(o); err == nil {
				n, perr := strconv.ParseUint(v, 0, 32)
				if perr != nil {
					return nil, &android.Exception{Class: "java.lang.NumberFormatException", Message: fmt.Sprintf("For input string: %q", v)}
				}
				i.Flags |= uint32(n)
			}
		case "-e", "--es":
			err = put(o, plain)
		case "--esn":
			if v, err = need(o); err == nil {
				if i.Extras == nil {
					i.Extras = android.Bundle{}
				}
				i.Extras[v] = nil
			}
		case "--ez":
			err = put(o, func(s string) (any, error) { return parseBool(s) })
		case "--ei":
			err = put(o, func(s string) (any, error) { n, e := strconv.ParseInt(s, 0, 32); return int(n), e })
		case "--el":
			err = put(o, func(s string) (any, error) { return strconv.ParseInt(s, 10, 64) })
		case "--ef", "--ed":
			err = put(o, func(s string) (any, error) { return strconv.ParseFloat(s, 64) })
		case "--eu", "--ecn":
			err = put(o, plain)
		case "--esa", "--esal":
			err = put(o, func(s string) (any, error) { return strings.Split(s, ","), nil })
		default:
			if flag, known := intentFlags[o]; known {
				i.Flags |= flag
				continue
			}
			if own == nil || !own(o) {
				return nil, bad("Unknown option: %s", o)
			}
		}
		if err != nil {
			return nil, err
		}
	}
	return i, nil
}

func parseBool(s string) (bool, error) {
	switch strings.ToLower(s) {
	case "true", "t", "1":
		return true, nil
	case "false", "f", "0":
		return false, nil
	}
	return false, fmt.Errorf("no boolean: %q", s)
}

// target is the argument without option: a URI, a component or a package.
func target(i *android.Intent, s string) error {
	switch {
	case strings.Contains(s, ":"):
		i.Data = s
		if i.Action == "" {
			i.Action = "android.intent.action.VIEW"
		}
	case strings.Contains(s, "/"):
		comp, ok := android.ParseComponent(s)
		if !ok {
			return android.Throw(android.IllegalArgumentException, "Bad component name: %s", s)
		}
		i.Component = comp
	default:
		i.Package = s
		if i.Action == "" {
			i.Action = android.ActionMain
			i.Categories = append(i.Categories, android.CategoryLauncher)
		}
	}
	return nil
}
