package virtual_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/devices/adb/adbtest"
	"github.com/ringproof/ringproof/devices/apk/apktest"
	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/devices/virtual/android"
	sampleapp "github.com/ringproof/ringproof/sample-app"
)

const testApp = "org.example.app"

// version is a test app.
func version(code int) apktest.Manifest {
	m := apktest.App(testApp)
	m.VersionCode = code
	return m
}

// put installs bytes through the phone's adb server and returns its answer.
func put(t *testing.T, d *adb.Device, b []byte, flags ...string) string {
	t.Helper()
	r, err := d.Install(t.Context(), bytes.NewReader(b), int64(len(b)), adb.InstallOptions{Extra: flags})
	if err != nil {
		t.Fatal(err)
	}
	// Sessions are numbered as they come.
	return regexp.MustCompile(`vmdl\d+|Session: \d+`).ReplaceAllString(r.Output, "vmdlN")
}

// What a phone refuses, in its words: reports of people who met them, and the
// source of Android 14 where they come from (see devices/virtual/installer).
func TestRefusals(t *testing.T) {
	key, other := apktest.NewKey(t), apktest.NewKey(t)
	with := func(change func(*apktest.Manifest)) []byte {
		m := version(1)
		change(&m)
		return m.APK(t, key)
	}
	good := version(2).APK(t, key)
	signed := func(s apktest.Signing) []byte { return apktest.Sign(t, version(2).Zip(t), s) }
	release := version(2)
	release.Debuggable = false
	for _, c := range []struct {
		name  string
		first []byte // installed before, nil for nothing
		file  []byte
		flags []string
		says  string
	}{
		{"no APK", nil, []byte(strings.Repeat("no package", 99)), nil,
			"Failure [INSTALL_PARSE_FAILED_NOT_APK: Failed to parse /data/app/vmdlN.tmp/base.apk: Failed to load asset path /data/app/vmdlN.tmp/base.apk]\n"},
		{"not signed", nil, version(1).Zip(t), nil,
			"Failure [INSTALL_PARSE_FAILED_NO_CERTIFICATES: Failed to collect certificates from /data/app/vmdlN.tmp/base.apk: Attempt to get length of null array]\n"},
		{"v1 alone", nil, version(1).Zip(t, apktest.File{Name: "META-INF/CERT.SF"}), nil,
			"Failure [INSTALL_PARSE_FAILED_NO_CERTIFICATES: Scanning Failed.: No signature found in package of version 2 or newer for package org.example.app]\n"},
		{"changed", nil, signed(apktest.Signing{Key: key, V2: true, V3: true, Break: apktest.Sum}), nil,
			"Failure [INSTALL_PARSE_FAILED_NO_CERTIFICATES: Failed to collect certificates from /data/app/vmdlN.tmp/base.apk using APK Signature Scheme v3: SHA-256 digest of contents did not verify]\n"},
		{"wrong signature", nil, signed(apktest.Signing{Key: key, V2: true, Break: apktest.Bits}), nil,
			"Failure [INSTALL_PARSE_FAILED_NO_CERTIFICATES: Failed to collect certificates from /data/app/vmdlN.tmp/base.apk using APK Signature Scheme v2: SHA256withECDSA signature did not verify]\n"},
		{"for a newer release", nil, with(func(m *apktest.Manifest) { m.MinSDK = 35 }), nil,
			"Failure [INSTALL_FAILED_OLDER_SDK: Failed parse during installPackageLI: /data/app/vmdlN.tmp/base.apk (at Binary XML file line #2): Requires newer sdk version #35 (current version is #34)]\n"},
		{"for an old release", nil, with(func(m *apktest.Manifest) { m.MinSDK, m.TargetSDK = 16, 22 }), nil,
			"Failure [INSTALL_FAILED_DEPRECATED_SDK_VERSION: App package must target at least SDK version 23, but found 22]\n"},
		{"for an old release, bypassed", nil, with(func(m *apktest.Manifest) { m.MinSDK, m.TargetSDK = 16, 22 }), []string{"--bypass-low-target-sdk-block"}, "Success\n"},
		{"test only", nil, with(func(m *apktest.Manifest) { m.TestOnly = true }), nil,
			"Failure [INSTALL_FAILED_TEST_ONLY: Failed to install test-only apk. Did you forget to add -t?]\n"},
		{"test only with -t", nil, with(func(m *apktest.Manifest) { m.TestOnly = true }), []string{"-t"}, "Success\n"},
		{"filters and no word on exported", nil, with(func(m *apktest.Manifest) {
			m.Components = []apktest.Component{{Kind: "receiver", Name: ".R", Actions: []string{"x"}}}
		}), nil, "Failure [INSTALL_PARSE_FAILED_MANIFEST_MALFORMED: Failed parse during installPackageLI: /data/app/vmdlN.tmp/base.apk (at Binary XML file line #6): " +
			"org.example.app.R: Targeting S+ (version 31 and above) requires that an explicit value for android:exported be defined when intent filters are present]\n"},
		{"a name without a dot", nil, with(func(m *apktest.Manifest) { m.Package = "app" }), nil,
			"Failure [INSTALL_PARSE_FAILED_BAD_PACKAGE_NAME: Invalid manifest package: must have at least one '.' separator]\n"},
		{"packed resources", nil, apktest.Sign(t, version(1).Zip(t, apktest.File{Name: "resources.arsc", Data: []byte{2, 0, 12, 0, 12, 0, 0, 0, 0, 0, 0, 0}, Packed: true}), apktest.Signing{Key: key, V2: true}), nil,
			"Failure [-124: Failed parse during installPackageLI: Targeting R+ (version 30 and above) requires the resources.arsc of installed APKs to be stored uncompressed and aligned on a 4-byte boundary]\n"},
		{"a split alone", nil, with(func(m *apktest.Manifest) { m.Split = "config.en" }), nil,
			"Failure [INSTALL_FAILED_INVALID_APK: Full install must include a base package]\n"},
		{"another package than said", nil, good, []string{"--pkg", "org.example.other"},
			"Failure [INSTALL_FAILED_INVALID_APK: /data/app/vmdlN.tmp/base.apk specified package org.example.other inconsistent with org.example.app]\n"},
		// Since Android 9 an installed package is replaced unless -R.
		{"again", good, good, nil, "Success\n"},
		{"again with -R", good, good, []string{"-R"}, "Failure [INSTALL_FAILED_ALREADY_EXISTS: Attempt to re-install org.example.app without first uninstalling.]\n"},
		{"older", good, version(1).APK(t, key), []string{"-r"}, "Failure [INSTALL_FAILED_VERSION_DOWNGRADE: Downgrade detected: Update version code 1 is older than current 2]\n"},
		{"older with -d", good, version(1).APK(t, key), []string{"-r", "-d"}, "Success\n"},
		{"another key", good, version(3).APK(t, other), []string{"-r"},
			"Failure [INSTALL_FAILED_UPDATE_INCOMPATIBLE: Existing package org.example.app signatures do not match newer version; ignoring!]\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, p := phone(t, virtual.Options{Seed: 1})
			if c.first != nil {
				if said := put(t, d, c.first); said != "Success\n" {
					t.Fatal(said)
				}
			}
			before := p.Fingerprint()
			said := put(t, d, c.file, c.flags...)
			if said != c.says {
				t.Errorf("%s", said)
			}
			if !strings.HasPrefix(said, "Success") {
				if after := p.Fingerprint(); after != before {
					t.Errorf("it was refused and changed the phone:\n%s\n%s", before, after)
				}
				if left := run(t, d, "su 0 ls /data/app"); strings.Contains(left, "vmdl") {
					t.Errorf("left in /data/app: %s", left)
				}
			}
		})
	}
}

// What pm says that is no Failure.
func TestInstallCommandLine(t *testing.T) {
	d, _ := phone(t, virtual.Options{Seed: 1})
	b := version(1).APK(t, apktest.NewKey(t))
	if err := d.Upload(t.Context(), "/data/local/tmp/a.apk", 0o644, bytes.NewReader(b)); err != nil {
		t.Fatal(err)
	}
	if err := d.Upload(t.Context(), "/data/local/tmp/x.apk", 0o644, strings.NewReader("no package")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ line, says string }{
		{"pm install", "Error: must either specify a package size or an APK file\nrc=1\n"},
		{"pm install -S 0", "IllegalArgumentException: Size must be positive\n"},
		{"pm install --nope /data/local/tmp/a.apk", "IllegalArgumentException: Unknown option --nope\n"},
		{"pm install /data/local/tmp/nope.apk", "Error: Unable to open file: /data/local/tmp/nope.apk\nError: Can't open file: /data/local/tmp/nope.apk\n"},
		{"pm install /sdcard/nope.apk", "Consider using a file under /data/local/tmp/\n"},
		{"pm install /data/local/tmp/x.apk", "java.lang.IllegalArgumentException: Error: Failed to parse APK file: /data/local/tmp/x.apk: Failed to parse /data/local/tmp/x.apk\n"},
		{"pm install-commit 1", "java.lang.SecurityException"},
		{"pm install-commit $(pm install-create | grep -o '[0-9]*')", "No packages staged in /data/app/vmdl"},
		{"s=$(pm install-create -r | grep -o '[0-9]*'); pm install-write -S 9 $s ../x - </dev/null", "IllegalArgumentException: Invalid name: ../x\n"},
		{"s=$(pm install-create -r | grep -o '[0-9]*'); pm install-abandon $s; pm install-abandon $s", "Success\n\nException occurred"},
		{"s=$(pm install-create -r | grep -o '[0-9]*'); pm install-write $s base.apk /data/local/tmp/a.apk; pm install-commit $s",
			fmt.Sprintf("Success: streamed %d bytes\nSuccess\nrc=0\n", len(b))},
		{"pm install -i com.example.store -r -g -t --user 0 /data/local/tmp/a.apk; pm list packages -i " + testApp, "Success\npackage:org.example.app  installer=com.example.store\nrc=0\n"},
		{"cmd package install -r -S " + fmt.Sprint(len(b)) + " < /data/local/tmp/a.apk", "Success\nrc=0\n"},
		{"cmd package install -S " + fmt.Sprint(len(b)+1) + " < /data/local/tmp/a.apk", "Success\nrc=0\n"},
		{"cmd package install -S " + fmt.Sprint(len(b)-1) + " < /data/local/tmp/a.apk", "Failure [INSTALL_PARSE_FAILED_NOT_APK"},
		{"cmd package install -S 99999999999 < /data/local/tmp/a.apk", "Error: failed to write; "},
		{"pm uninstall org.example.nope", "Failure [DELETE_FAILED_INTERNAL_ERROR]\nrc=1\n"},
		{"pm uninstall --user 0 org.example.nope", "Failure [not installed for 0]\nrc=1\n"},
		{"pm uninstall com.android.settings", "Failure [DELETE_FAILED_INTERNAL_ERROR]\nrc=1\n"},
		{"pm uninstall", "Error: package name not specified\nrc=1\n"},
		{"pm uninstall " + testApp + "; pm path " + testApp, "Success\nrc=1\n"},
	} {
		if said := run(t, d, "("+c.line+") 2>&1; echo rc=$?"); !strings.Contains(said, c.says) {
			t.Errorf("%s: %s", c.line, said)
		}
	}
}

// The APK on the phone is the APK, readable by shell where pm path says; an
// update moves it, removing it leaves nothing.
func TestInstalledAPK(t *testing.T) {
	d, _ := phone(t, virtual.Options{Seed: 1})
	key := apktest.NewKey(t)
	var old string
	for code := 1; code <= 2; code++ {
		b := version(code).APK(t, key)
		if said := put(t, d, b); said != "Success\n" {
			t.Fatal(said)
		}
		at := strings.TrimSpace(strings.TrimPrefix(run(t, d, "pm path "+testApp), "package:"))
		if !regexp.MustCompile(`^/data/app/~~[^/]+==/org\.example\.app-[^/]+==/base\.apk$`).MatchString(at) || at == old {
			t.Errorf("version %d is at %q", code, at)
		}
		sum := sha256.Sum256(b)
		if said := run(t, d, "sha256sum "+at); said != hex.EncodeToString(sum[:])+"  "+at+"\n" {
			t.Errorf("sha256sum: %s", said)
		}
		if said := run(t, d, "ls -l "+at); !strings.HasPrefix(said, "-rw-r--r-- 1 system system ") {
			t.Errorf("ls: %s", said)
		}
		if said := run(t, d, "ls /data/app"); !strings.Contains(said, "Permission denied") {
			t.Errorf("shell lists /data/app: %s", said)
		}
		if old != "" {
			if said := run(t, d, "ls "+old); !strings.Contains(said, "No such file") {
				t.Errorf("the old version is still there: %s", said)
			}
		}
		old = at
	}
	if said := run(t, d, "pm uninstall "+testApp); said != "Success\n" {
		t.Error(said)
	}
	if left := run(t, d, "su 0 ls /data/app; su 0 ls /data/data/"+testApp); strings.Contains(left, "~~") || !strings.Contains(left, "No such file") {
		t.Errorf("left: %s", left)
	}
}

// A fresh app is stopped, was never launched and holds no runtime permission
// unless -g; an update keeps what the user made of it, and its data.
func TestUpdateKeeps(t *testing.T) {
	d, _ := phone(t, virtual.Options{Seed: 1})
	key := apktest.NewKey(t)
	state := func() string {
		return run(t, d, "dumpsys package "+testApp+" | grep -oE 'versionCode=[0-9]+|stopped=[a-z]+|notLaunched=[a-z]+|permission.[A-Z_]+: granted=[a-z]+'")
	}
	put(t, d, version(1).APK(t, key))
	if got, want := state(), "versionCode=1\npermission.INTERNET: granted=true\nstopped=true\nnotLaunched=true\npermission.RECORD_AUDIO: granted=false\n"; got != want {
		t.Errorf("fresh:\n%s", got)
	}
	run(t, d, "am start -W -n "+testApp+"/.MainActivity; run-as "+testApp+" sh -c 'mkdir -p files; echo kept > files/x'; pm grant "+testApp+" android.permission.RECORD_AUDIO")
	if said := run(t, d, "pidof "+testApp); said == "" {
		t.Error("no process")
	}
	put(t, d, version(2).APK(t, key))
	if got, want := state(), "versionCode=2\npermission.INTERNET: granted=true\nstopped=false\nnotLaunched=false\npermission.RECORD_AUDIO: granted=true\n"; got != want {
		t.Errorf("updated:\n%s", got)
	}
	if said := run(t, d, "pidof "+testApp+"; run-as "+testApp+" cat files/x"); said != "kept\n" {
		t.Errorf("after the update: %q", said)
	}
	if said := run(t, d, "dumpsys activity exit-info "+testApp); !strings.Contains(said, "reason=16 (PACKAGE UPDATED)") {
		t.Errorf("why its process ended: %s", said)
	}
	run(t, d, "am force-stop "+testApp)
	put(t, d, version(3).APK(t, key))
	if got := state(); !strings.Contains(got, "stopped=true\nnotLaunched=false\n") {
		t.Errorf("updated while stopped:\n%s", got)
	}
	// With -k the data stays, and so does whose they are.
	run(t, d, "pm uninstall -k "+testApp)
	if said := put(t, d, version(1).APK(t, key)); said != "Failure [INSTALL_FAILED_VERSION_DOWNGRADE: Downgrade detected on app uninstalled with DELETE_KEEP_DATA: Update version code 1 is older than current 3]\n" {
		t.Error(said)
	}
	if said := put(t, d, version(4).APK(t, apktest.NewKey(t))); !strings.Contains(said, "INSTALL_FAILED_UPDATE_INCOMPATIBLE") {
		t.Error(said)
	}
	put(t, d, version(4).APK(t, key), "-g")
	if said := run(t, d, "run-as "+testApp+" cat files/x"); said != "kept\n" {
		t.Errorf("after -k: %q", said)
	}
	if got := state(); !strings.Contains(got, "RECORD_AUDIO: granted=true") {
		t.Errorf("-g:\n%s", got)
	}
	run(t, d, "pm uninstall "+testApp)
	put(t, d, version(1).APK(t, apktest.NewKey(t)))
	if said := run(t, d, "run-as "+testApp+" cat files/x"); !strings.Contains(said, "No such file") {
		t.Errorf("after uninstalling: %q", said)
	}
}

// Components are as the manifest says: who may reach which receiver, and an app
// without a model is there and does nothing.
func TestManifestRules(t *testing.T) {
	reached := map[string]int{}
	d, _ := phone(t, virtual.Options{Seed: 1, Models: map[string]func() android.App{testApp: func() android.App { return counter(reached) }}})
	key := apktest.NewKey(t)
	put(t, d, version(1).APK(t, key))
	inert := apktest.App("org.example.inert")
	put(t, d, inert.APK(t, key))
	for _, pkg := range []string{testApp, inert.Package} {
		if said := run(t, d, "am start -W -n "+pkg+"/.MainActivity"); !strings.Contains(said, "Status: ok") {
			t.Errorf("start %s: %s", pkg, said)
		}
	}
	if said := run(t, d, "pidof "+inert.Package+"; dumpsys activity activities | grep topResumedActivity"); !strings.Contains(said, inert.Package+"/.MainActivity") {
		t.Errorf("the inert app: %s", said)
	}
	if said := run(t, d, "uiautomator dump /data/local/tmp/u.xml && cat /data/local/tmp/u.xml"); !strings.Contains(said, "<hierarchy") {
		t.Errorf("its screen: %s", said)
	}
	for action, want := range map[string]int{"OPEN": 1, "GUARDED": 0, "INSIDE": 0} {
		for _, pkg := range []string{testApp, inert.Package} {
			run(t, d, "am broadcast -a "+pkg+"."+action+" -p "+pkg)
		}
		if got := reached[testApp+"."+action]; got != want {
			t.Errorf("%s was reached %d times", action, got)
		}
	}
	if said := run(t, d, "pidof "+inert.Package); said == "" {
		t.Error("the inert app's process died")
	}
	if said := run(t, d, "su 0 am broadcast -a "+testApp+".GUARDED -p "+testApp); reached[testApp+".GUARDED"] != 1 {
		t.Errorf("root does not reach the guarded one: %s", said)
	}
}

// counter is an app that counts what its receivers get.
type counter map[string]int

func (counter) OnCreate(*android.Context) error { return nil }
func (c counter) OnReceive(_ *android.Context, _ android.Component, i *android.Intent, _ *android.PendingResult) error {
	c[i.Action]++
	return nil
}

// adb itself, through a real server: each of its ways to install.
func TestRealADBInstalls(t *testing.T) {
	server := adbtest.Start(t)
	p, err := virtual.New(virtual.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}()
	addr, err := p.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := adb.NewServer(server.Addr).Connect(t.Context(), addr); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := func(name string, b []byte) string {
		at := filepath.Join(dir, name)
		if err := os.WriteFile(at, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return at
	}
	key := apktest.NewKey(t)
	one, two := file("one.apk", version(1).APK(t, key)), file("two.apk", version(2).APK(t, key))
	foreign, reference := file("foreign.apk", version(9).APK(t, apktest.NewKey(t))), file("reference.apk", sampleapp.Reference().Bytes())
	// A path that a shell would take apart.
	odd, three := file("o'dd $name.apk", version(3).APK(t, key)), file("three.apk", version(3).APK(t, key))
	for _, c := range []struct {
		args []string
		says string
		code int
	}{
		{[]string{"install", reference}, "Performing Streamed Install\nSuccess\n", 0},
		{[]string{"install", one}, "Success\n", 0},
		{[]string{"install", "-r", "-g", "-t", two}, "Success\n", 0},
		{[]string{"install", "-r", one}, "Failure [INSTALL_FAILED_VERSION_DOWNGRADE: Downgrade detected: Update version code 1 is older than current 2]", 1},
		{[]string{"install", "-r", foreign}, "Failure [INSTALL_FAILED_UPDATE_INCOMPATIBLE: Existing package org.example.app signatures do not match newer version; ignoring!]", 1},
		{[]string{"install", "-R", two}, "Failure [INSTALL_FAILED_ALREADY_EXISTS: Attempt to re-install org.example.app without first uninstalling.]", 1},
		{[]string{"install", "--no-streaming", "-r", two}, "Success\n", 0},
		{[]string{"install", "--no-streaming", "-r", odd}, "Success\n", 0},
		{[]string{"install-multiple", "-r", three}, "Success\n", 0}, // whose names adb does not quote
		{[]string{"install-multiple", "-r", one}, "INSTALL_FAILED_VERSION_DOWNGRADE", 1},
		{[]string{"shell", "pm", "list", "packages", "-3"}, "package:org.ringproof.sample\npackage:org.example.app\n", 0},
		{[]string{"abb", "package", "install-create", "-r"}, "Success: created install session [", 0},
		{[]string{"shell", "dumpsys", "package", "org.ringproof.sample"}, "apkSigningVersion=3\n", 0},
		{[]string{"uninstall", testApp}, "Success\n", 0},
		{[]string{"uninstall", testApp}, "Failure [DELETE_FAILED_INTERNAL_ERROR]\n", 1},
	} {
		out, err := server.Command(t.Context(), append([]string{"-s", addr}, c.args...)...).CombinedOutput()
		code := 0
		if exit, ok := err.(*exec.ExitError); ok {
			code = exit.ExitCode()
		} else if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(strings.ReplaceAll(string(out), "\r\n", "\n"), c.says) || code != c.code {
			t.Errorf("adb %s: exit %d\n%s", strings.Join(c.args, " "), code, out)
		}
	}
}

// An app is told that it was updated, if it wants to know and was not stopped.
func TestToldOfUpdate(t *testing.T) {
	const replaced = "android.intent.action.MY_PACKAGE_REPLACED"
	got := counter{}
	d, _ := phone(t, virtual.Options{Seed: 1, Models: map[string]func() android.App{testApp: func() android.App { return got }}})
	key := apktest.NewKey(t)
	build := func(code int) []byte {
		m := version(code)
		m.Components = append(m.Components, apktest.Component{Kind: "receiver", Name: ".Boot", Exported: apktest.Is(false), Actions: []string{replaced}})
		return m.APK(t, key)
	}
	put(t, d, build(1))
	put(t, d, build(2)) // never launched
	run(t, d, "sleep 1")
	if got[replaced] != 0 {
		t.Error("told while stopped")
	}
	run(t, d, "am start -W -n "+testApp+"/.MainActivity")
	put(t, d, build(3))
	if said := run(t, d, "sleep 1; pidof "+testApp); got[replaced] != 1 || said == "" {
		t.Errorf("told %d times, process %q", got[replaced], said)
	}
	if said := run(t, d, "am broadcast -a "+replaced+" -p "+testApp); !strings.Contains(said, "Security") || got[replaced] != 1 {
		t.Errorf("shell may tell it: %s", said)
	}
}
