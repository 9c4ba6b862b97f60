package state

import (
	"context"
	"strings"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/harness/dumpsys/appops"
	"github.com/ringproof/ringproof/harness/expect"
)

// Runtime permissions that calls ask for, and that a user may refuse.
const (
	PostNotifications = "android.permission.POST_NOTIFICATIONS"
	RecordAudio       = "android.permission.RECORD_AUDIO"
	BluetoothConnect  = "android.permission.BLUETOOTH_CONNECT"
)

// asked is since when users are asked for a permission, if that is newer than
// what there are harnesses for.
var asked = map[string]int{PostNotifications: 33, BluetoothConnect: 31} // read-only table

// Denied makes the state in which the user refused a runtime permission of the
// app. Revoking kills the app, so it comes before the app is opened.
func Denied(permission string) func() State {
	return func() State {
		return State{
			Name: "denied " + strings.TrimPrefix(permission, "android.permission."), Order: 5, Since: asked[permission],
			Enter: func(ctx context.Context, t Target) error {
				args := adb.QuoteArgs(t.Package(), permission)
				return t.Change(ctx, "revoke "+permission, "pm revoke "+args, IfInstalled(t.Package(), "pm grant "+args))
			},
			Verify: expect.Permission(permission, false),
		}
	}
}

// FullScreenDenied: the user does not let the app take the screen (API 34).
func FullScreenDenied() State {
	return op("full-screen-denied", "USE_FULL_SCREEN_INTENT", appops.Deny, 34)
}

// BackgroundRestricted: the user chose "restricted" for the app's battery use.
func BackgroundRestricted() State {
	return op("background-restricted", "RUN_ANY_IN_BACKGROUND", appops.Ignore, 28)
}

// op is a state made of one app op.
func op(name, op string, mode appops.Mode, since int) State {
	return State{
		Name: name, Order: 6, Since: since,
		Enter: func(ctx context.Context, t Target) error {
			pkg := adb.Quote(t.Package())
			out, err := t.Do(ctx, "read an app op", "cmd appops get "+pkg+" "+op)
			if err != nil {
				return err
			}
			was := appops.Default
			if said, err := appops.Parse([]byte(out)); err == nil {
				was = said.Mode(op).Or(was)
			}
			set := "cmd appops set " + pkg + " " + op + " "
			return t.Change(ctx, "set the app op "+op, set+string(mode), IfInstalled(t.Package(), set+string(was)))
		},
		Verify: expect.Op(op, mode),
	}
}

// zenCommand is the word of `cmd notification set_dnd` for a value of the
// setting zen_mode (NotificationShellCmd).
var zenCommand = map[string]string{"0": "off", "1": "priority", "2": "none", "3": "alarms"} // read-only table

// TotalSilence: Do Not Disturb lets nothing through.
func TotalSilence() State {
	return doNotDisturb("total-silence", "switch Do Not Disturb on", "none", "ZEN_MODE_NO_INTERRUPTIONS")
}

// PriorityOnly: Do Not Disturb lets through what the user's rules name.
func PriorityOnly() State {
	return doNotDisturb("priority-only", "let only priorities through", "priority", "ZEN_MODE_IMPORTANT_INTERRUPTIONS")
}

func doNotDisturb(name, what, word, mode string) State {
	return State{
		Name: name, Order: 60, Since: 30, // NotificationShellCmd
		Enter: func(ctx context.Context, t Target) error {
			out, err := t.Do(ctx, "read zen_mode", "settings get global zen_mode")
			if err != nil {
				return err
			}
			was, ok := zenCommand[strings.TrimSpace(out)]
			if !ok {
				was = "off"
			}
			return t.Change(ctx, what, "cmd notification set_dnd "+word, "cmd notification set_dnd "+was)
		},
		Verify: expect.Zen(mode),
	}
}
