package replies

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/readertest"
)

// All texts of these tests are composed, from the sources of the commands and
// from what people report of makers' phones; none was captured.

// say is an outcome in one line: yes, unknown, or the refusal.
func say(o Outcome) string {
	r, refused := o.Refusal.Get()
	switch {
	case refused && fact.Is(o.Accepted, false) && o.Accepted.Line() == r.Line:
		return fmt.Sprintf("%d %s/%s", r.Line, r.Kind, r.Code)
	case fact.Is(o.Accepted, true) && !refused:
		return fmt.Sprintf("%d yes", o.Accepted.Line())
	}
	return o.Accepted.String()
}

const stack = "\tat android.os.Parcel.createExceptionOrNull(Parcel.java:3011)\n\tat com.android.x.SecurityException.y(Native Method)\nCaused by: android.os.RemoteException: Remote stack trace:\n"

func TestParse(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"silent", "", "0 yes"},
		{"silent, with a line end", "\r\n", "0 yes"},
		{"pm clear", "Success\n", "1 yes"},
		{"settings delete", "Deleted 1 rows\n", "1 yes"},
		{"deviceidle", "Added: org.ringproof.sample\n", "1 yes"},
		{"deviceidle, unknown", "Unknown package: org.other\n", "1 not installed/"},
		{"no service", "cmd: Can't find service: nosuch\n", "1 no service/"},
		{"no command", "Unknown command: nosuch\n", "1 unknown command/"},
		{"no commands at all", "No shell command implementation.\n", "1 unknown command/"},
		{"appops", "Error: No UID for org.other in user 0\n", "1 not installed/"},
		{"grant, not requested", "\nException occurred while executing 'grant':\njava.lang.SecurityException: Package org.ringproof.sample has not requested permission android.permission.CAMERA\n" + stack, "3 not requested/"},
		{"grant, no such permission", "Exception occurred while executing 'grant':\njava.lang.IllegalArgumentException: Unknown permission: x\n" + stack, "2 not found/"},
		{"grant, fixed", "Exception occurred while executing 'grant':\njava.lang.SecurityException: Permission android.permission.INTERNET requested by org.ringproof.sample is not a changeable permission type\n", "2 bad argument/"},
		{"grant, not installed", "Exception occurred while executing 'grant':\njava.lang.IllegalArgumentException: Unknown package: org.other\n", "2 not installed/"},
		{"grant, Xiaomi", "Exception occurred while executing 'grant':\njava.lang.SecurityException: grantRuntimePermission: Neither user 2000 nor current process has android.permission.GRANT_RUNTIME_PERMISSIONS.\n" + stack, "2 permission denied/"},
		{"grant, API 26", "Operation not allowed: java.lang.SecurityException: Package x has not requested permission\n", "1 permission denied/"},
		{"API 28", "Security exception: Shell cannot change component state\n\njava.lang.SecurityException: Shell cannot\n" + stack, "1 permission denied/"},
		{"settings, Xiaomi", "Exception occurred while executing 'put':\njava.lang.SecurityException: Permission denial: writing to settings requires:android.permission.WRITE_SECURE_SETTINGS\n" + stack, "2 permission denied/"},
		{"settings, namespace", "Invalid namespace 'x'\n", "1 bad argument/"},
		{"input, arguments", "Error: Invalid arguments for command: tap\nUsage: input\n", "1 bad argument/"},
		{"input, command", "Error: Unknown command: tup\n", "1 unknown command/"},
		{"input, key", "Exception occurred while executing 'keyevent':\njava.lang.IllegalArgumentException: Unknown keycode: KEYCODE_X\n", "2 not found/"},
		{"input, API 30", "java.lang.SecurityException: Injecting to another application requires INJECT_EVENTS permission\n" + stack, "1 permission denied/"},
		{"input, API 33", "Exception in thread \"main\" java.lang.SecurityException: Injecting input events requires the caller (uid=2000) to have the INJECT_EVENTS permission.\n", "1 permission denied/"},
		{"bluetooth", "BluetoothShellCommand: Exec enable\nenable: Success\n", "2 yes"},
		{"bluetooth, API 33", "BluetoothShellCommand: Execenable\nBluetoothShellCommand: enable: Failed with status=3\n", "2 other/3"},
		{"bluetooth, denied", "SecurityException: Uid 2000 does not have access to factoryReset bluetooth command\n", "1 permission denied/"},
		{"bluetooth, state", "wait-for-state: Invalid state format: x\n", "1 bad argument/"},
		{"media_session", "Error: unknown dispatch code 'x'\n", "1 bad argument/"},
		{"the server died", "android.os.DeadObjectException\n" + stack, "1 service died/"},
		{"another exception", "java.lang.NullPointerException: x\n" + stack, "1 other/"},
		{"words", "hello\n", "unknown"},
		{"a stack alone", stack, "unknown"},
		{"an announcement alone", "Exception occurred while executing 'grant':\n", "unknown"},
	} {
		o, err := Parse([]byte(c.in))
		if got := say(o); got != c.want || (c.want == "unknown") != text.IsProblem(err) || err != nil && !text.IsProblem(err) {
			t.Errorf("%s: %s, want %s, %v", c.name, got, c.want, err)
		}
	}
}

func TestParseStart(t *testing.T) {
	const starting = "Starting: Intent { act=android.intent.action.MAIN cmp=org.ringproof.sample/.MainActivity }\n"
	for _, c := range []struct{ name, in, outcome, rest string }{
		{"without -W", starting, "1 yes", "unknown unknown unknown unknown unknown unknown"},
		{"API 34", "Stopping: org.ringproof.sample\n" + starting + "Status: ok\nLaunchState: COLD\nActivity: org.ringproof.sample/.SplashActivity\nTotalTime: 4171\nWaitTime: 4190\nComplete\n",
			"3 yes", "ok COLD org.ringproof.sample/.SplashActivity 4171 4190 unknown"},
		{"API 28", starting + "Status: ok\nActivity: org.ringproof.sample/.MainActivity\nThisTime: 1131\nTotalTime: 1132\nWaitTime: 1140\nComplete\n",
			"2 yes", "ok unknown org.ringproof.sample/.MainActivity 1132 1140 unknown"},
		{"to the front", starting + "Warning: Activity not started, its current task has been brought to the front\nStatus: ok\nLaunchState: UNKNOWN (0)\nActivity: org.ringproof.sample/.MainActivity\nWaitTime: 7\nComplete\n",
			"3 yes", "ok UNKNOWN org.ringproof.sample/.MainActivity unknown 7 Activity not started, its current task has been brought to the front"},
		{"time out", starting + "Status: timeout\nLaunchState: UNKNOWN (-1)\nActivity: org.ringproof.sample/.MainActivity\nWaitTime: 10017\nComplete\n", "2 yes", "timeout UNKNOWN org.ringproof.sample/.MainActivity unknown 10017 unknown"},
		{"no such class", starting + "Error type 3\nError: Activity class {org.other/org.other.X} does not exist.\n", "3 not found/3", "unknown unknown unknown unknown unknown unknown"},
		{"nobody", starting + "Error: Activity not started, unable to resolve Intent { act=x }\n", "2 not found/", "unknown unknown unknown unknown unknown unknown"},
		{"not allowed", starting + "Error: Activity not started, you do not have permission to access it.\n", "2 permission denied/", "unknown unknown unknown unknown unknown unknown"},
		{"blocked", starting + "Error: Activity not started, unknown error code 102\n", "2 other/102", "unknown unknown unknown unknown unknown unknown"},
		{"not exported", starting + "java.lang.SecurityException: Permission Denial: starting Intent { x } from null (pid=1, uid=2000) not exported from uid 10234\n" + stack, "2 permission denied/", "unknown unknown unknown unknown unknown unknown"},
		{"cut within an error", starting + "Error type 3\n", "unknown", "unknown unknown unknown unknown unknown unknown"},
		{"nothing", "", "unknown", "unknown unknown unknown unknown unknown unknown"},
		{"words", "hello\n", "unknown", "unknown unknown unknown unknown unknown unknown"},
	} {
		f, err := ParseStart([]byte(c.in))
		rest := fmt.Sprint(f.Status, " ", f.Launch, " ", f.Activity, " ", f.Total, " ", f.Wait, " ", f.Warning)
		if got := say(f.Outcome); got != c.outcome || rest != c.rest || (c.outcome == "unknown") != text.IsProblem(err) {
			t.Errorf("%s: %s, %s, %v\nwant %s, %s", c.name, got, rest, err, c.outcome, c.rest)
		}
	}
}

func TestParseBroadcast(t *testing.T) {
	const sending = "Broadcasting: Intent { act=org.ringproof.devicetest.PUSH flg=0x400000 pkg=org.ringproof.sample (has extras) }\n"
	for _, c := range []struct{ name, in, outcome, rest string }{
		{"nobody set a result", sending + "Broadcast completed: result=0\n", "2 yes", "0 unknown unknown unknown"},
		{"a receipt", sending + "Broadcast completed: result=-1, data=\"{\"pid\":4711}\"\n", "2 yes", `-1 {"pid":4711} unknown unknown`},
		{"data of several lines", sending + "Broadcast completed: result=1, data=\"java.lang.SecurityException: x\n\", data=\"y\", extras: Bundle[{a=\"b\"}]\n", "2 yes",
			"1 java.lang.SecurityException: x\n\", data=\"y Bundle[{a=\"b\"}] unknown"},
		{"data like extras", "Broadcast completed: result=1, data=\"x, extras: Bundle[\", extras: Bundle[y]\n", "1 yes", "1 x, extras: Bundle[ Bundle[y] unknown"},
		{"behind a complaint", "Error: x\nBroadcast completed: result=0\n", "2 yes", "0 unknown unknown unknown"},
		{"empty data", "Broadcast completed: result=1, data=\"\"\n", "1 yes", "1  unknown unknown"},
		{"--async", sending + "Broadcasted \"Intent { act=x }\": OK\n", "2 yes", "unknown unknown unknown true"},
		{"protected", sending + "\nException occurred while executing 'broadcast':\njava.lang.SecurityException: Permission Denial: not allowed to send broadcast android.intent.action.BOOT_COMPLETED from pid=1, uid=2000\n" + stack, "4 permission denied/", "unknown unknown unknown unknown"},
		{"cut", sending, "unknown", "unknown unknown unknown unknown"},
		{"cut in the result", sending + "Broadcast completed: result=\n", "unknown", "unknown unknown unknown unknown"},
		{"nothing", "", "unknown", "unknown unknown unknown unknown"},
	} {
		f, err := ParseBroadcast([]byte(c.in))
		rest := fmt.Sprint(f.Result, " ", f.Data, " ", f.Extras, " ", f.Sent)
		if got := say(f.Outcome); got != c.outcome || rest != c.rest || (c.outcome == "unknown") != text.IsProblem(err) {
			t.Errorf("%s: %s, %q, %v\nwant %s, %q", c.name, got, rest, err, c.outcome, c.rest)
		}
	}
}

func TestParseInstall(t *testing.T) {
	for _, c := range []struct{ name, in, outcome, message string }{
		{"installed", "Success\n", "1 yes", ""},
		{"streamed", "Performing Streamed Install\nSuccess\n", "2 yes", ""},
		{"session", "Success: created install session [1437]\n", "1 yes", ""},
		{"test only", "Failure [INSTALL_FAILED_TEST_ONLY: installPackageLI]\n", "1 incompatible/INSTALL_FAILED_TEST_ONLY", "installPackageLI"},
		{"brackets and lines", "Failure [INSTALL_FAILED_UPDATE_INCOMPATIBLE: a [b]\nSuccess]\n", "1 incompatible/INSTALL_FAILED_UPDATE_INCOMPATIBLE", "a [b] Success"},
		{"through adb", "Performing Streamed Install\nadb: failed to install a.apk: Failure [INSTALL_FAILED_USER_RESTRICTED: Install canceled by user]\n", "2 restricted by the user or the maker/INSTALL_FAILED_USER_RESTRICTED", "Install canceled by user"},
		{"blocked", "Failure [INSTALL_FAILED_ABORTED]\n", "1 restricted by the user or the maker/INSTALL_FAILED_ABORTED", ""},
		{"no space", "Failure [INSTALL_FAILED_INSUFFICIENT_STORAGE]\n", "1 no space/INSTALL_FAILED_INSUFFICIENT_STORAGE", ""},
		{"unsigned", "Failure [INSTALL_PARSE_FAILED_NO_CERTIFICATES: x]\n", "1 bad package/INSTALL_PARSE_FAILED_NO_CERTIFICATES", "x"},
		{"old target", "Failure [INSTALL_FAILED_DEPRECATED_SDK_VERSION: App package must target at least SDK version 23]\n", "1 incompatible/INSTALL_FAILED_DEPRECATED_SDK_VERSION", "App package must target at least SDK version 23"},
		{"a code to come", "Failure [INSTALL_FAILED_NEW]\n", "1 other/INSTALL_FAILED_NEW", ""},
		{"not installed", "Failure [not installed for 0]\n", "1 not installed/", "not installed for 0"},
		{"device owner", "Failure [DELETE_FAILED_DEVICE_POLICY_MANAGER]\n", "1 policy/DELETE_FAILED_DEVICE_POLICY_MANAGER", ""},
		{"clear", "Failed\n", "1 other/", "Failed"},
		{"cut", "Failure [INSTALL_FAILED_TEST", "1 other/INSTALL_FAILED_TEST", ""},
		{"not a success", "Successfully nothing\n", "unknown", ""},
		{"an exception", "Exception occurred while executing 'install':\njava.lang.SecurityException: User restriction prevents installing\n" + stack, "2 permission denied/", "java.lang.SecurityException: User restriction prevents installing"},
	} {
		f, err := ParseInstall([]byte(c.in))
		if got := say(f.Outcome); got != c.outcome || f.Refusal.Or(Refusal{}).Message != c.message || (c.outcome == "unknown") != text.IsProblem(err) {
			t.Errorf("%s: %s, %q, %v\nwant %s, %q", c.name, got, f.Refusal.Or(Refusal{}).Message, err, c.outcome, c.message)
		}
		if (c.name == "session") != fact.Is(f.Session, 1437) {
			t.Errorf("%s: session %v", c.name, f.Session)
		}
	}
}

func TestParseSetting(t *testing.T) {
	for _, c := range []struct{ name, in, outcome, value, exists string }{
		{"a number", "1\n", "1 yes", "1", "true"},
		{"none", "null\r\n", "1 yes", "unknown", "false"},
		{"empty", "\n", "1 yes", "", "true"},
		{"lines", "a=b\nc: d\n\n", "1 yes", "a=b\nc: d\n", "true"},
		{"namespace", "Invalid namespace 'x'\n", "1 bad argument/", "unknown", "unknown"},
		{"denied", "Exception occurred while executing 'get':\njava.lang.SecurityException: x requires android.permission.Y\n" + stack, "2 permission denied/", "unknown", "unknown"},
		{"no service", "cmd: Can't find service: settings\n", "1 no service/", "unknown", "unknown"},
		{"nothing at all", "", "unknown", "unknown", "unknown"},
	} {
		f, err := ParseSetting([]byte(c.in))
		if got := say(f.Outcome); got != c.outcome || f.Value.String() != c.value || f.Exists.String() != c.exists || (c.outcome == "unknown") != text.IsProblem(err) {
			t.Errorf("%s: %s %q %v, %v", c.name, got, f.Value, f.Exists, err)
		}
	}
}

func TestParseLock(t *testing.T) {
	for _, c := range []struct{ name, in, outcome, message, disabled string }{
		{"pin", "Pin set to '1234'\n", "1 yes", "", "unknown"},
		{"password", "Password set to 'x'\n", "1 yes", "", "unknown"},
		{"pattern", "Pattern set to '1'\n", "1 yes", "", "unknown"},
		{"cleared", "Lock credential cleared\n", "1 yes", "", "unknown"},
		{"verified", "Lock credential verified successfully\n", "1 yes", "", "unknown"},
		{"set-disabled", "Lock screen disabled set to true\n", "1 yes", "", "unknown"},
		{"none", "true\n", "1 yes", "", "true"},
		{"a lock screen", "false\n", "1 yes", "", "false"},
		{"wrong", "Old password '12'34' didn't match\n", "1 bad credential/", "Old password '***' didn't match", "unknown"},
		{"none set", "Old password provided but user has no password\n", "1 bad credential/", "Old password provided but user has no password", "unknown"},
		{"API 30", "Exception occurred while executing 'get-disabled':\njava.lang.IllegalArgumentException: Credential can't be null or empty\n", "2 bad credential/", "java.lang.IllegalArgumentException: Credential can't be null or empty", "unknown"},
		{"policy", "New credential doesn't satisfy admin policies: TOO_SHORT\n", "1 policy/", "New credential doesn't satisfy admin policies: TOO_SHORT", "unknown"},
		{"too often", "Request throttled\n", "1 throttled/", "Request throttled", "unknown"},
		{"no keyguard", "The device does not support lock screen - ignoring the command.\n", "1 unsupported/", "The device does not support lock screen - ignoring the command.", "unknown"},
		{"died", "android.os.DeadObjectException\n" + stack, "1 service died/", "android.os.DeadObjectException", "unknown"},
		{"too short", "Error while executing command: set-pin\njava.lang.IllegalArgumentException: PIN must be at least 4 digits\n", "2 bad argument/", "java.lang.IllegalArgumentException: PIN must be at least 4 digits", "unknown"},
		{"nothing", "", "unknown", "", "unknown"},
	} {
		f, err := ParseLock([]byte(c.in))
		if got := say(f.Outcome); got != c.outcome || f.Refusal.Or(Refusal{}).Message != c.message || f.Disabled.String() != c.disabled || (c.outcome == "unknown") != text.IsProblem(err) {
			t.Errorf("%s: %s %q %v, %v", c.name, got, f.Refusal.Or(Refusal{}).Message, f.Disabled, err)
		}
	}
	// A credential longer than a message, whose closing quote is cut off.
	f, _ := ParseLock([]byte("Old password '" + strings.Repeat("1", 500) + "' didn't match\n"))
	if m := f.Refusal.Or(Refusal{}).Message; strings.Contains(m, "1") || m == "" {
		t.Errorf("message %q", m)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"Starting: Intent\nError type 3\nError: Activity not started, unknown error code \nStatus: ",
		"Broadcast completed: result=1, data=\", extras: Bundle[", "Broadcast completed: result=-1, data=\"\nBroadcast completed: result=2", "Failure [", "Failure [:]\nFailure [x]", "adb: Failure []",
		"Old password ' didn't match", " '", "Exception in thread \"main\" :\nX.Exception\n.Error: \n", "null", "\xff\xfea\x00",
	} {
		f.Add([]byte(s))
	}
	for _, r := range grammars() {
		for _, b := range readertest.Damaged(r.Text) {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, r := range readers {
			readertest.Check(t, r.parse, in)
		}
		o, err0 := Parse(in)
		start, err1 := ParseStart(in)
		cast, err2 := ParseBroadcast(in)
		inst, err3 := ParseInstall(in)
		set, err4 := ParseSetting(in)
		lock, err5 := ParseLock(in)
		for i, err := range []error{err0, err1, err2, err3, err4, err5} {
			if err != nil && !text.IsProblem(err) {
				t.Fatal(err)
			}
			// Refused and accepted exclude each other, and an answer is one of them.
			o := []Outcome{o, start.Outcome, cast.Outcome, inst.Outcome, set.Outcome, lock.Outcome}[i]
			yes, known := o.Accepted.Get()
			if known == (err != nil) || o.Refusal.Known() != (known && !yes) {
				t.Fatalf("reader %d: %+v, %v", i, o, err)
			}
		}
	})
}
