package replies

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/grammar"
)

// answer is an outcome as this table has it.
func answer(o Outcome) string {
	r, refused := o.Refusal.Get()
	yes, known := o.Accepted.Get()
	switch {
	case !known || refused == yes:
		return "unclear"
	case yes:
		return "yes"
	case r.Code != "":
		return fmt.Sprintf("no: %s (%s) line %d", r.Kind, r.Code, r.Line)
	}
	return fmt.Sprintf("no: %s line %d", r.Kind, r.Line)
}

// Each answer and the releases that give it. Composed rows are typed from
// dumpsys.md 0.9, 3.6 and 7.1 to 7.5.
func grammars() []grammar.Row {
	row := func(from, to int, maker, text string, check func(testing.TB, []byte)) grammar.Row {
		return grammar.Row{From: from, To: to, Maker: maker, Mark: grammar.Composed, Text: text, Check: check}
	}
	outcome := func(want string) func(testing.TB, []byte) {
		return func(t testing.TB, b []byte) {
			o, err := Parse(b)
			if err != nil || answer(o) != want || want == "yes" && o.Accepted.Line() != 1 {
				t.Errorf("%s, %v; want %s", answer(o), err, want)
			}
		}
	}
	start := func(want, status, launch, activity, total string) func(testing.TB, []byte) {
		return func(t testing.TB, b []byte) {
			f, err := ParseStart(b)
			if err != nil || answer(f.Outcome) != want || f.Status.String() != status || f.Launch.String() != launch || f.Activity.String() != activity || f.Total.String() != total {
				t.Errorf("%s %+v, %v", answer(f.Outcome), f, err)
			}
		}
	}
	cast := func(want, result, data string) func(testing.TB, []byte) {
		return func(t testing.TB, b []byte) {
			f, err := ParseBroadcast(b)
			if err != nil || answer(f.Outcome) != want || f.Result.String() != result || f.Data.String() != data {
				t.Errorf("%s %+v, %v", answer(f.Outcome), f, err)
			}
		}
	}
	install := func(want string) func(testing.TB, []byte) {
		return func(t testing.TB, b []byte) {
			f, err := ParseInstall(b)
			if err != nil || answer(f.Outcome) != want {
				t.Errorf("%s, %v; want %s", answer(f.Outcome), err, want)
			}
		}
	}
	lock := func(want, disabled string) func(testing.TB, []byte) {
		return func(t testing.TB, b []byte) {
			f, err := ParseLock(b)
			if err != nil || answer(f.Outcome) != want || f.Disabled.String() != disabled {
				t.Errorf("%s %v, %v; want %s", answer(f.Outcome), f.Disabled, err, want)
			}
		}
	}
	const intent = "Starting: Intent { act=android.intent.action.MAIN cmp=com.app/.Main }\n"
	return []grammar.Row{
		// am start -W: ThisTime up to 28, LaunchState from 29.
		row(26, 28, "", intent+"Status: ok\nActivity: com.app/.Other\nThisTime: 1131\nTotalTime: 4171\nWaitTime: 4190\nComplete\n", start("yes", "ok", "unknown", "com.app/.Other", "4171")),
		row(29, 36, "", intent+"Status: ok\nLaunchState: COLD\nActivity: com.app/.Main\nTotalTime: 4171\nWaitTime: 4190\nComplete\n", start("yes", "ok", "COLD", "com.app/.Main", "4171")),
		row(29, 36, "", intent+"Warning: Activity not started, its current task has been brought to the front\nStatus: ok\nLaunchState: UNKNOWN (0)\nActivity: com.app/.Main\nWaitTime: 12\nComplete\n",
			start("yes", "ok", "UNKNOWN", "com.app/.Main", "unknown")),
		row(26, 36, "", intent+"Error type 3\nError: Activity class {com.app/com.app.Main} does not exist.\n", start("no: not found (3) line 3", "unknown", "unknown", "unknown", "unknown")),
		// An exception of the server: two forms of its announcement.
		row(26, 29, "", "Security exception: Permission Denial: not allowed\n\njava.lang.SecurityException: Permission Denial: not allowed\n\tat android.os.Parcel.x(Parcel.java:1)\n", outcome("no: permission denied line 1")),
		row(30, 36, "", "\nException occurred while executing 'grant':\njava.lang.SecurityException: Package a.b has not requested permission c.D\n\tat com.android.server.pm.X.y(X.java:1)\n", outcome("no: not requested line 3")),
		row(26, 27, "", "Operation not allowed: java.lang.SecurityException: x\n", outcome("no: permission denied line 1")),
		row(26, 36, "", "cmd: Can't find service: phone2\n", outcome("no: no service line 1")),
		row(26, 36, "", "No shell command implementation.\n", outcome("no: unknown command line 1")),
		// am broadcast
		row(26, 36, "", "Broadcasting: Intent { act=X flg=0x400000 pkg=com.app (has extras) }\nBroadcast completed: result=-1, data=\"{\"pid\":12}\", extras: Bundle[{a=b}]\n", cast("yes", "-1", `{"pid":12}`)),
		row(34, 36, "", "Broadcasting: Intent { act=X flg=0x400000 }\nBroadcasted \"Intent { act=X flg=0x400000 }\": result\n", cast("yes", "unknown", "unknown")),
		row(26, 36, "", "Broadcasting: Intent { act=X }\n\nException occurred while executing 'broadcast':\njava.lang.SecurityException: Permission Denial: not allowed to send broadcast X from pid=1, uid=2000\n",
			cast("no: permission denied line 4", "unknown", "unknown")),
		// pm install and uninstall
		row(26, 36, "", "Success\n", install("yes")),
		row(26, 36, "", "Performing Streamed Install\nadb: failed to install a.apk: Failure [INSTALL_FAILED_VERSION_DOWNGRADE: Downgrade detected]\n", install("no: incompatible (INSTALL_FAILED_VERSION_DOWNGRADE) line 2")),
		row(26, 36, "Xiaomi", "Failure [INSTALL_FAILED_USER_RESTRICTED: Install canceled by user]\n", install("no: restricted by the user or the maker (INSTALL_FAILED_USER_RESTRICTED) line 1")),
		row(34, 36, "", "Failure [INSTALL_FAILED_DEPRECATED_SDK_VERSION: App package must target at least SDK version 23, but found 22]\n", install("no: incompatible (INSTALL_FAILED_DEPRECATED_SDK_VERSION) line 1")),
		row(26, 36, "", "Failure [not installed for 0]\n", install("no: not installed line 1")),
		// locksettings
		row(26, 36, "", "Pin set to '1234'\n", lock("yes", "unknown")),
		row(26, 36, "", "Old password '9' didn't match\n", lock("no: bad credential line 1", "unknown")),
		row(26, 36, "", "false\n", lock("yes", "false")),
		row(29, 36, "", "Old password provided but user has no password\n", lock("no: bad credential line 1", "unknown")),
		row(29, 36, "", "The device does not support lock screen - ignoring the command.\n", lock("no: unsupported line 1", "unknown")),
		row(30, 36, "", "New credential doesn't satisfy admin policies: too short\n", lock("no: policy line 1", "unknown")),
		row(26, 36, "", "Request throttled\n", lock("no: throttled line 1", "unknown")),
		// input
		row(26, 30, "", "java.lang.SecurityException: Injecting to another application requires INJECT_EVENTS permission\n", outcome("no: permission denied line 1")),
		row(31, 36, "Xiaomi", "java.lang.SecurityException: Injecting input events requires the caller (pid=1, uid=2000) to have the INJECT_EVENTS permission.\n", outcome("no: permission denied line 1")),
		row(26, 36, "", "Error: Invalid arguments for command: tap\n", outcome("no: bad argument line 1")),
		// settings
		row(26, 36, "", "Deleted 1 rows\n", outcome("yes")),
		row(26, 36, "", "Invalid namespace 'x'\n", outcome("no: bad argument line 1")),
	}
}

func TestGrammars(t *testing.T) { grammar.Check(t, grammars()) }
