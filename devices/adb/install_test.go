package adb

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The answers are those of PackageManagerShellCommand and of pm of Android 4
// to 15; the constants stand in PackageManager.java.
func TestParseInstall(t *testing.T) {
	for _, c := range []struct {
		text  string
		want  InstallResult
		known bool
	}{
		{"Success\n", InstallResult{Success: true}, true},
		{"\tpkg: /data/local/tmp/a.apk\r\nSuccess\r\n", InstallResult{Success: true}, true},
		{"Success: created install session [12]\n", InstallResult{Success: true}, true},
		{"Failure [INSTALL_FAILED_VERSION_DOWNGRADE]\n", InstallResult{Code: "INSTALL_FAILED_VERSION_DOWNGRADE"}, true},
		{"Failure [INSTALL_FAILED_UPDATE_INCOMPATIBLE: Existing package org.ringproof.sample signatures do not match newer version; ignoring!]\n",
			InstallResult{Code: "INSTALL_FAILED_UPDATE_INCOMPATIBLE", Message: "Existing package org.ringproof.sample signatures do not match newer version; ignoring!"}, true},
		{"Failure [INSTALL_PARSE_FAILED_NOT_APK: Failed to parse /data/app/vmdl1.tmp/base.apk: [x]]\n",
			InstallResult{Code: "INSTALL_PARSE_FAILED_NOT_APK", Message: "Failed to parse /data/app/vmdl1.tmp/base.apk: [x]"}, true},
		{"avc: denied\nFailure [INSTALL_FAILED_USER_RESTRICTED: Install canceled by user]", InstallResult{Code: "INSTALL_FAILED_USER_RESTRICTED", Message: "Install canceled by user"}, true},
		{"Error: Unknown option: -x\n", InstallResult{Message: "Unknown option: -x"}, true},
		{"Failure calling service package: Broken pipe (32)\n", InstallResult{Message: "calling service package: Broken pipe (32)"}, true},
		{"cmd: Can't find service: package\n", InstallResult{}, false},
		{"Unsuccessful\n", InstallResult{}, false},
		{"", InstallResult{}, false},
	} {
		got, known := parseInstall(c.text)
		c.want.Output = c.text
		if d := cmp.Diff(c.want, got); d != "" || known != c.known {
			t.Errorf("%q: known %v (-want +got)\n%s", c.text, known, d)
		}
	}
	ok, bad := InstallResult{Success: true}, InstallResult{Code: "INSTALL_FAILED_OLDER_SDK"}
	if err := ok.Err(); err != nil {
		t.Error(err)
	}
	if err := bad.Err(); !errors.Is(err, Rejected) || !strings.Contains(err.Error(), "INSTALL_FAILED_OLDER_SDK") {
		t.Errorf("got %v", err)
	}
}

// reads is a streamed installation: it takes n bytes, then answers.
func reads(n int, got chan<- []byte, answer string) func(*call) {
	return func(c *call) {
		c.okay()
		b := c.bytes(n)
		select {
		case got <- b:
		default:
		}
		c.raw(answer)
	}
}

func TestInstallWays(t *testing.T) {
	apk := bytes.Repeat([]byte("PK\x03\x04"), 50_000)
	const size = 200_000
	o := InstallOptions{Replace: true, Grant: true, User: "0", Extra: []string{"--install-location", "a b"}}
	const abb = "abb_exec:package\x00install\x00-r\x00-g\x00--user\x000\x00--install-location\x00a b\x00-S\x00200000"
	const cmd = "exec:cmd package install '-r' '-g' '--user' '0' '--install-location' 'a b' '-S' '200000'"
	for _, c := range []struct {
		name     string
		features []string
		serve    map[string]string // service: answer, "" = refused
		way      string
	}{
		{"Android 11", []string{"abb_exec", "cmd", "shell_v2"}, map[string]string{abb: "Success\n"}, "abb_exec"},
		{"Android 8", []string{"cmd", "shell_v2"}, map[string]string{cmd: "Success\n"}, "exec"},
		{"abb_exec refused", []string{"abb_exec", "cmd", "shell_v2"}, map[string]string{cmd: "Success\n"}, "exec"},
		{"abb_exec talks nonsense", []string{"abb_exec", "cmd"}, map[string]string{abb: "cmd: Can't find service: package\n", cmd: "Success\n"}, "exec"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFake(t, c.features...)
			f.on("abb_exec:", func(c *call) { c.fail("closed") })
			got := make(chan []byte, 2)
			for service, answer := range c.serve {
				f.on(service, reads(size, got, answer))
			}
			r, err := f.phone(nil).Install(t.Context(), iotest.DataErrReader(bytes.NewReader(apk)), size, o)
			if len(c.serve) == 2 { // bytes were sent and cannot be sent again
				if !errors.Is(err, Protocol) {
					t.Errorf("a source that cannot start again: %v", err)
				}
				r, err = f.phone(nil).Install(t.Context(), bytes.NewReader(apk), size, o)
				<-got
				<-got
			}
			if err != nil || !r.Success || r.Way != c.way {
				t.Fatalf("got %+v, %v", r, err)
			}
			if len(c.serve) == 1 && !bytes.Equal(<-got, apk) {
				t.Error("another package arrived")
			}
		})
	}
}

func TestInstallByPush(t *testing.T) {
	f, got := newFake(t, "shell_v2", "fixed_push_mkdir"), make(chan uploaded, 1)
	f.on("sync:", takes(got, ""))
	f.on("shell,v2,raw:pm install '-r' '/data/local/tmp/", func(c *call) {
		c.okay()
		c.packet(1, "Failure [INSTALL_FAILED_OLDER_SDK]\n")
		c.packet(3, "\x01")
		c.gone()
	})
	f.on("shell,v2,raw:rm -f '/data/local/tmp/", func(c *call) { c.okay(); c.packet(3, "\x00"); c.gone() })
	r, err := f.phone(nil).Install(t.Context(), strings.NewReader("apk and more"), 3, InstallOptions{Replace: true})
	want := InstallResult{Code: "INSTALL_FAILED_OLDER_SDK", Way: "push", Output: "Failure [INSTALL_FAILED_OLDER_SDK]\n"}
	if d := cmp.Diff(want, r); err != nil || d != "" {
		t.Errorf("%v (-want +got)\n%s", err, d)
	}
	if u := <-got; string(u.content) != "apk" {
		t.Errorf("uploaded %q", u.content)
	}
	pm, rm := f.asked("shell,v2,raw:pm"), f.asked("shell,v2,raw:rm")
	if len(pm) != 1 || len(rm) != 1 || strings.TrimPrefix(pm[0], "shell,v2,raw:pm install '-r' ") != strings.TrimPrefix(rm[0], "shell,v2,raw:rm -f ") {
		t.Errorf("installed by %q, removed by %q", pm, rm)
	}
}

// The phone answers before it has read everything, and closes. Its answer
// counts if it still arrives; the broken pipe behind it is no news.
func TestInstallRefusedEarly(t *testing.T) {
	f := newFake(t, "abb_exec")
	f.on("abb_exec:", func(c *call) {
		c.okay()
		c.bytes(1000)
		c.raw("Failure [INSTALL_FAILED_INSUFFICIENT_STORAGE]\n")
		// What adb's server does on the phone's CLSE; without a reset, which
		// could overtake the text.
		if tcp, ok := c.Conn.(*net.TCPConn); ok {
			_ = tcp.CloseWrite()
		}
		c.gone()
	})
	source := &endless{}
	r, err := f.phone(nil).Install(t.Context(), source, 16<<20, InstallOptions{})
	if err != nil || r.Code != "INSTALL_FAILED_INSUFFICIENT_STORAGE" {
		t.Errorf("got %+v, %v", r, err)
	}
	// A phone that answers and reads no more.
	f.on("abb_exec:", func(c *call) {
		c.okay()
		c.bytes(1000)
		c.raw("Failure [INSTALL_FAILED_INSUFFICIENT_STORAGE]\n")
		<-t.Context().Done()
	})
	r, err = f.phone(func(l *Limits) { l.Transfer = 50 * time.Millisecond }).Install(t.Context(), source, 64<<20, InstallOptions{})
	if err != nil || r.Code != "INSTALL_FAILED_INSUFFICIENT_STORAGE" {
		t.Errorf("got %+v, %v", r, err)
	}
	// With a reset the answer may be gone: then it is a lost transport.
	f.on("abb_exec:", reads(1000, nil, "Failure [INSTALL_FAILED_INSUFFICIENT_STORAGE]\n"))
	r, err = f.phone(nil).Install(t.Context(), source, 64<<20, InstallOptions{})
	if err == nil && r.Code != "INSTALL_FAILED_INSUFFICIENT_STORAGE" || err != nil && !errors.Is(err, TransportLost) {
		t.Errorf("got %+v, %v", r, err)
	}
}

func TestInstallErrors(t *testing.T) {
	phone := func(answer func(*call)) *Device {
		f := newFake(t, "abb_exec")
		f.on("abb_exec:", answer)
		return f.phone(func(l *Limits) { l.Transfer = 50 * time.Millisecond })
	}
	if _, err := phone(reads(3, nil, "")).Install(t.Context(), iotest.DataErrReader(strings.NewReader("apk")), 3, InstallOptions{}); !errors.Is(err, TransportLost) {
		t.Errorf("no answer: %v", err)
	}
	if _, err := phone(reads(30, nil, "")).Install(t.Context(), strings.NewReader("apk"), 30, InstallOptions{}); !errors.Is(err, Local) || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a package that is shorter than said: %v", err)
	}
	// Some makers' releases never read a streamed package.
	stalled := func(c *call) { c.okay(); <-t.Context().Done() }
	if _, err := phone(stalled).Install(t.Context(), &endless{}, 64<<20, InstallOptions{}); !errors.Is(err, Timeout) {
		t.Errorf("a phone that does not read: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	waiting := func(c *call) { c.okay(); c.bytes(3); cancel(); c.gone() }
	if _, err := phone(waiting).Install(ctx, strings.NewReader("apk"), 3, InstallOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
}

func TestExec(t *testing.T) {
	f := newFake(t)
	const png = "\x89PNG\r\n\x1a\n\x00\xff"
	f.on("exec:screencap -p", func(c *call) { c.okay(); c.raw(png) })
	s, err := f.phone(nil).Exec(t.Context(), "screencap -p")
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(s); err != nil || string(b) != png {
		t.Errorf("got %q, %v", b, err)
	}
	s.Close()

	// The stream ends because the phone went away, or went and came back.
	for name, answer := range map[string]func(*call){
		"gone":            func(c *call) { c.fail("device offline") },
		"connected anew":  func(c *call) { c.okay(); c.raw("\x08\x00\x00\x00\x00\x00\x00\x00"); c.stay = true },
		"server gone too": func(c *call) {},
	} {
		f := newFake(t)
		f.on("exec:", func(c *call) { f.on("host:tport:serial:phone", answer); c.okay(); c.raw("half") })
		s, err := f.phone(nil).Exec(t.Context(), "screencap -p")
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(s)
		if string(b) != "half" || !errors.Is(err, TransportLost) {
			t.Errorf("%s: got %q, %v", name, b, err)
		}
		if _, again := s.Read(make([]byte, 1)); again != err {
			t.Errorf("%s: the next read gives %v", name, again)
		}
		s.Close()
	}
	f.on("exec:", func(c *call) { c.fail("closed") })
	if _, err := f.phone(nil).Exec(t.Context(), "x"); !errors.Is(err, Refused) {
		t.Errorf("got %v", err)
	}
}
