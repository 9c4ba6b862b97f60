// Package kinds has the kinds of text that a phone prints and the reader of
// each. It is the one place that knows every reader; it knows no phone and
// nothing of what a text says.
package kinds

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/ringproof/ringproof/harness/dumpsys/activity"
	"github.com/ringproof/ringproof/harness/dumpsys/alarm"
	"github.com/ringproof/ringproof/harness/dumpsys/appops"
	"github.com/ringproof/ringproof/harness/dumpsys/audio"
	"github.com/ringproof/ringproof/harness/dumpsys/battery"
	"github.com/ringproof/ringproof/harness/dumpsys/bluetooth"
	"github.com/ringproof/ringproof/harness/dumpsys/deviceidle"
	"github.com/ringproof/ringproof/harness/dumpsys/display"
	"github.com/ringproof/ringproof/harness/dumpsys/dropbox"
	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/logcat"
	"github.com/ringproof/ringproof/harness/dumpsys/mediasession"
	"github.com/ringproof/ringproof/harness/dumpsys/notification"
	"github.com/ringproof/ringproof/harness/dumpsys/packagelist"
	"github.com/ringproof/ringproof/harness/dumpsys/packages"
	"github.com/ringproof/ringproof/harness/dumpsys/power"
	"github.com/ringproof/ringproof/harness/dumpsys/props"
	"github.com/ringproof/ringproof/harness/dumpsys/ps"
	"github.com/ringproof/ringproof/harness/dumpsys/replies"
	"github.com/ringproof/ringproof/harness/dumpsys/standby"
	"github.com/ringproof/ringproof/harness/dumpsys/telecom"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/dumpsys/trust"
	"github.com/ringproof/ringproof/harness/dumpsys/usagestats"
	"github.com/ringproof/ringproof/harness/dumpsys/users"
	"github.com/ringproof/ringproof/harness/dumpsys/window"
	"github.com/ringproof/ringproof/harness/inspect"
	"github.com/ringproof/ringproof/harness/uiautomator"
)

// Reader reads one kind of text.
type Reader struct {
	Of    string       // the command whose output it reads
	Facts reflect.Type // what it returns
	Read  func([]byte) (any, error)
}

func reads[T any](of string, parse func([]byte) (T, error)) Reader {
	return Reader{of, reflect.TypeFor[T](), func(b []byte) (any, error) { return parse(b) }}
}

// All are the readers by the name of their kind.
func All() map[string]Reader {
	return map[string]Reader{
		"telecom":       reads("dumpsys telecom", telecom.Parse),
		"notification":  reads("dumpsys notification", notification.Parse),
		"window":        reads("dumpsys window", window.Parse),
		"power":         reads("dumpsys power", power.Parse),
		"activity":      reads("dumpsys activity activities", activity.Parse),
		"processes":     reads("dumpsys activity processes", activity.ParseProcesses),
		"exit-info":     reads("dumpsys activity exit-info", activity.ParseExits),
		"package":       reads("dumpsys package PKG", packages.Parse),
		"audio":         reads("dumpsys audio", audio.Parse),
		"display":       reads("dumpsys display", display.Parse),
		"trust":         reads("dumpsys trust", trust.Parse),
		"deviceidle":    reads("dumpsys deviceidle", deviceidle.Parse),
		"media-session": reads("dumpsys media_session", mediasession.Parse),
		"uiautomator":   reads("uiautomator dump", uiautomator.Parse),
		"broadcasts":    reads("dumpsys activity broadcasts [PKG]", activity.ParseBroadcasts),
		"services":      reads("dumpsys activity services", activity.ParseServices),
		"app-ops":       reads("cmd appops get PKG [OP]", appops.Parse),
		"app-ops-dump":  reads("dumpsys appops", appops.ParseDump),
		"battery":       reads("dumpsys battery", battery.Parse),
		"bluetooth":     reads("dumpsys bluetooth_manager", bluetooth.Parse),
		"standby":       reads("am get-standby-bucket [PKG]", standby.Parse),
		"standby-dump":  reads("dumpsys usagestats, its states of standby", standby.ParseDump),
		"users":         reads("dumpsys user", users.Parse),
		"user-list":     reads("pm list users", users.ParseList),
		"logcat":        reads("logcat, all forms of -v", messages),
		"telecom-log":   reads("logcat, the lines of Telecom", telecomLog),
		"reply":         reads("pm grant, settings put, input, cmd: any command", replies.Parse),
		"am-start":      reads("am start [-W]", replies.ParseStart),
		"am-broadcast":  reads("am broadcast", replies.ParseBroadcast),
		"install":       reads("pm install, uninstall or clear", replies.ParseInstall),
		"setting":       reads("settings get", replies.ParseSetting),
		"locksettings":  reads("locksettings", replies.ParseLock),
		"getprop":       reads("getprop", props.Parse),
		"settings":      reads("settings list NAMESPACE", props.ParseSettings),
		"package-list":  reads("pm list packages", packagelist.Parse),
		"ps":            reads("ps -A", ps.Parse),
		"dropbox":       reads("dumpsys dropbox [--print] [TAG]", dropbox.Parse),
		"usage-events":  reads("dumpsys usagestats, its events", usagestats.Parse),
		"alarm":         reads("dumpsys alarm", alarm.Parse),
	}
}

// messages leaves times without year and zone as they were printed, and lines
// that belong to no form of a log out.
func messages(b []byte) (logcat.Facts, error) {
	f, err := logcat.Parse(b, logcat.Clock{})
	if all, ok := f.Lines.Get(); ok {
		all = slices.DeleteFunc(all, func(l logcat.Line) bool { return l.Kind == logcat.Other })
		f.Lines = fact.Of(all, f.Lines.Line())
	}
	return f, err
}

// telecomLog leaves times without year and zone as they were printed.
func telecomLog(b []byte) (telecom.Log, error) { return telecom.ParseLog(b, logcat.Clock{}) }

// Answer reads b. A damaged text is no error: its problem is in the answer.
func (r Reader) Answer(kind, source string, b []byte) (inspect.Answer, error) {
	a := inspect.Answer{Schema: inspect.Version, Kind: kind, Source: source, Problems: []*text.Problem{}}
	facts, err := r.Read(b)
	if p, ok := text.AsProblem(err); ok {
		a.Problems = append(a.Problems, p)
	} else if err != nil {
		return a, fmt.Errorf("inspect %s: %w", source, err)
	}
	if a.Facts, err = inspect.Of(facts); err != nil {
		return a, fmt.Errorf("inspect %s: %w", source, err)
	}
	return a, nil
}
