package adbd_test

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/devices/virtual"
	sampleapp "github.com/ringproof/ringproof/sample-app"
)

// golden is one command of the stock client (adb 29.0.6): the service strings
// that it sends to its server, S for the phone's serial, and what it leaves
// behind. The table is that of the protocol reference, typed by hand.
type golden struct {
	args   []string
	stdin  string
	asks   []string // behind host:version, with which every command begins
	stdout string
	stderr string
	exit   int
	mask   string // a pattern of stdout that is taken out before it is compared
}

const (
	features = "host-serial:S:features"
	tport    = "host:tport:serial:S"
)

func TestGoldenTraces(t *testing.T) {
	r := newRig(t, virtual.Options{Seed: 1})
	app := sampleapp.Reference()
	content, err := io.ReadAll(app.Open())
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"a.apk": content, "hello": []byte("hello\n")} {
		if err := os.WriteFile(filepath.Join(r.dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	size := strconv.Itoa(len(content))
	abb := strings.NewReplacer("|", "\x00")
	table := []golden{
		// Questions that the server answers.
		{args: words("get-state"), asks: []string{"host-serial:S:get-state"}, stdout: "device\n"},
		{args: words("get-serialno"), asks: []string{"host-serial:S:get-serialno"}, stdout: "S\n"},
		{args: words("wait-for-device"), asks: []string{"host-serial:S:wait-for-any-device"}},
		{args: words("devices"), asks: []string{"host:devices"}, stdout: "List of devices attached\nS\tdevice\n\n"},

		// Shells.
		{args: words("shell echo hi"), asks: []string{features, tport, "shell,v2,TERM=xterm,raw:echo hi"}, stdout: "hi\n"},
		{args: []string{"shell", "echo out; echo err >&2; exit 42"}, asks: []string{features, tport, "shell,v2,TERM=xterm,raw:echo out; echo err >&2; exit 42"},
			stdout: "out\n", stderr: "err\n", exit: 42},
		{args: []string{"shell", "-x", "echo out; echo err >&2; exit 42"}, asks: []string{features, tport, "shell:echo out; echo err >&2; exit 42"},
			stdout: "out\nerr\n"},
		{args: []string{"shell", "-tt", "echo hi; exit 3"}, asks: []string{features, tport, "shell,v2,TERM=xterm,pty:echo hi; exit 3"},
			stdout: "hi\r\n", exit: 3},
		{args: words("shell -T"), stdin: "echo in; exit 5\n", asks: []string{features, tport, "shell,v2,TERM=xterm,raw:"}, stdout: "in\n", exit: 5},
		{args: words("exec-out echo hi"), asks: []string{tport, "exec:echo 'hi'"}, stdout: "hi\n"},
		{args: []string{"exec-in", "cat > /data/local/tmp/in"}, stdin: "fed\n", asks: []string{tport, "exec:cat > /data/local/tmp/in"}},
		{args: words("logcat -d -v threadtime -s Nobody"),
			asks:   []string{features, tport, `shell,v2,TERM=xterm:export ANDROID_LOG_TAGS="''"; exec logcat '-d' '-v' 'threadtime' '-s' 'Nobody'`},
			stdout: "--------- beginning of main\n", mask: `(?m)^--------- .*\n`},

		// Files.
		{args: words("push hello /data/local/tmp/"), asks: []string{features, tport, "sync:"},
			stdout: "hello: 1 file pushed, 0 skipped. \n", mask: `[0-9.]+ [KM]B/s \(6 bytes in [0-9.]+s\)`},
		{args: words("pull /data/local/tmp/hello back"), asks: []string{features, tport, "sync:"},
			stdout: "/data/local/tmp/hello: 1 file pulled, 0 skipped. \n", mask: `[0-9.]+ [KM]B/s \(6 bytes in [0-9.]+s\)`},
		{args: words("ls /data/local/tmp"), asks: []string{features, tport, "sync:"},
			stdout: "000041f9 00001000 TIME .\n000041e9 00001000 TIME ..\n000081b6 00000006 TIME hello\n000081b6 00000004 TIME in\n"},
		{args: words("pull /no/such back"), asks: []string{features, tport, "sync:"},
			stdout: "adb: error: failed to stat remote object '/no/such': No such file or directory\n", exit: 1},

		// Apps.
		{args: words("install -r -g a.apk"), asks: []string{features, tport, abb.Replace("abb_exec:package|install|-r|-g|-S|" + size)},
			stdout: "Performing Streamed Install\nSuccess\n"},
		{args: words("install --no-streaming -r a.apk"),
			asks: []string{features, tport, "sync:", tport, "shell,v2,TERM=xterm:pm 'install' '-r' '/data/local/tmp/a.apk'",
				tport, "shell,v2,TERM=xterm:rm '/data/local/tmp/a.apk' </dev/null"},
			stdout: "Performing Push Install\na.apk: 1 file pushed, 0 skipped. \nSuccess\n",
			mask:   `[0-9.]+ [KM]B/s \([0-9]+ bytes in [0-9.]+s\)`},
		{args: words("install-multiple -r a.apk"),
			asks: []string{features, tport, "exec:cmd package install-create -S " + size + " '-r'",
				tport, "exec:cmd package install-write -S " + size + " ID a.apk -", tport, "exec:cmd package install-commit ID"},
			stdout: "Success\n"},
		{args: words("uninstall org.ringproof.sample"), asks: []string{features, tport, "shell,v2,TERM=xterm:cmd package 'uninstall' 'org.ringproof.sample'"},
			stdout: "Success\n"},
		{args: words("uninstall no.such.app"), asks: []string{features, tport, "shell,v2,TERM=xterm:cmd package 'uninstall' 'no.such.app'"},
			stdout: "Failure [DELETE_FAILED_INTERNAL_ERROR]\n", exit: 1},
		{args: words("abb settings get global nothing"), asks: []string{features, tport, abb.Replace("abb:settings|get|global|nothing")}, stdout: "null\n"},

		// Sockets.
		{args: words("reverse tcp:8081 tcp:9"), asks: []string{tport, "reverse:forward:tcp:8081;tcp:9"}},
		{args: words("reverse --no-rebind tcp:8081 tcp:10"), asks: []string{tport, "reverse:forward:norebind:tcp:8081;tcp:10"},
			stderr: "adb: error: cannot rebind existing socket\n", exit: 1},
		{args: words("reverse tcp:0 tcp:9"), asks: []string{tport, "reverse:forward:tcp:0;tcp:9"}, stdout: "32768\n"},
		{args: words("reverse --list"), asks: []string{tport, "reverse:list-forward"}, stdout: "host-1 tcp:8081 tcp:9\nhost-1 tcp:32768 tcp:9\n\n"},
		{args: words("reverse --remove tcp:8081"), asks: []string{tport, "reverse:killforward:tcp:8081"}},
		{args: words("reverse --remove tcp:8081"), asks: []string{tport, "reverse:killforward:tcp:8081"},
			stderr: "adb: error: listener 'tcp:8081' not found\n", exit: 1},
		{args: words("reverse --remove-all"), asks: []string{tport, "reverse:killforward-all"}},
		{args: words("reverse --list"), asks: []string{tport, "reverse:list-forward"}, stdout: "\n"},
		{args: words("forward --list"), asks: []string{"host:list-forward"}, stdout: "\n"},
		{args: words("forward --remove-all"), asks: []string{tport, "host:killforward-all"}},

		{args: words("bugreport report.zip"), asks: []string{features, tport, "shell,v2,TERM=xterm:bugreportz -v", tport,
			"shell,v2,TERM=xterm:bugreportz -p", tport, "sync:"}, mask: `-20[-\d]+\.zip|[\d.]+ [KM]B/s .*`,
			stdout: "/data/user_de/0/com.android.shell/files/bugreports/bugreport-ringproof_virtual-UQ1A.240205.004: 1 file pulled, 0 skipped. \n"},

		// The phone as a whole.
		{args: words("jdwp"), asks: []string{tport, "jdwp"}, stdout: "1287\n1602\n1659\n1711\n1893\n"},
		{args: words("remount"), asks: []string{features, tport, "shell,v2,TERM=xterm,raw:remount"},
			stderr: "Not running as root. Try \"adb root\" first.\n", exit: 1},
		{args: words("disable-verity"), asks: []string{tport, "disable-verity:"}, stdout: "Must be running as root (adb root)\n"},
		{args: words("unroot"), asks: []string{tport, "unroot:"}, stdout: "adbd not running as root\n"},
		{args: words("root"), asks: []string{tport, "root:", "host-transport-id:N:wait-for-any-disconnect", "host-serial:S:wait-for-any-device"},
			stdout: "restarting adbd as root\n"},
		{args: words("root"), asks: []string{tport, "root:"}, stdout: "adbd is already running as root\n"},
		{args: words("shell id -u"), asks: []string{features, tport, "shell,v2,TERM=xterm,raw:id -u"}, stdout: "0\n"},
		{args: words("unroot"), asks: []string{tport, "unroot:", "host-transport-id:N:wait-for-any-disconnect", "host-serial:S:wait-for-any-device"},
			stdout: "restarting adbd as non root\n"},
		{args: words("tcpip 0"), stderr: "adb: tcpip: invalid port: 0\n", exit: 1},
		{args: words("tcpip 5555"), asks: []string{tport, "tcpip:5555"}, stdout: "restarting in TCP mode port: 5555\n"},
		{args: words("wait-for-device shell id -u"), asks: []string{"host-serial:S:wait-for-any-device", features, tport, "shell,v2,TERM=xterm,raw:id -u"}, stdout: "2000\n"},
		{args: words("usb"), asks: []string{tport, "usb:"}, stdout: "restarting in USB mode\n"},
		{args: words("wait-for-device"), asks: []string{"host-serial:S:wait-for-any-device"}},
		{args: words("reboot"), asks: []string{tport, "reboot:"}},
		{args: words("wait-for-device shell id -u"), asks: []string{"host-serial:S:wait-for-any-device", features, tport, "shell,v2,TERM=xterm,raw:id -u"}, stdout: "2000\n"},
	}
	ids := regexp.MustCompile(`(install-write -S \d+|install-commit) \d+`)
	for _, g := range table {
		r.proxy.take()
		got := r.input(g.stdin, g.args...)
		got.stdout = strings.ReplaceAll(got.stdout, r.serial, "S")
		if g.mask != "" {
			pattern := regexp.MustCompile(g.mask)
			got.stdout, g.stdout = pattern.ReplaceAllString(got.stdout, ""), pattern.ReplaceAllString(g.stdout, "")
		}
		if g.args[0] == "ls" {
			got.stdout = regexp.MustCompile(`(?m)^(\S+ \S+) \S+ `).ReplaceAllString(got.stdout, "$1 TIME ")
		}
		var asked []string
		for _, request := range r.proxy.take() {
			request = ids.ReplaceAllString(request, "$1 ID")
			request = regexp.MustCompile(`^host-transport-id:[0-9]+:`).ReplaceAllString(request, "host-transport-id:N:")
			if request != "host:version" {
				asked = append(asked, request)
			}
		}
		if diff := cmp.Diff(g.asks, asked); diff != "" {
			t.Errorf("adb %q asked its server (-want +got):\n%s", g.args, diff)
		}
		want := result{stdout: g.stdout, stderr: g.stderr, exit: g.exit}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(result{})); diff != "" {
			t.Errorf("adb %q (-want +got):\n%s", g.args, diff)
		}
	}
	if n := r.phone.Boots(); n != 1 {
		t.Errorf("the phone was rebooted %d times, want 1", n)
	}
}

func words(line string) []string { return strings.Fields(line) }
