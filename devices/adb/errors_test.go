package adb

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
)

// The texts are those of adb.md 2.2 and of transport.cpp in platform-tools
// 29.0.6 and Android 15.
func TestKindOfFail(t *testing.T) {
	for _, c := range []struct {
		msg  string
		want Kind
	}{
		{"device 'X' not found", NotFound},
		{"device 'a device offline' not found", NotFound},
		{"device not found", NotFound},
		{"no devices/emulators found", NotFound},
		{"no devices found", NotFound},
		{"no device with transport id '99'", NotFound},
		{"no such device '127.0.0.1:1'", NotFound},
		{"device offline", Offline},
		{"device offline (no transport)", Offline},
		{"device offline (transport offline)", Offline},
		{"device unauthorized.\nThis adb server's $ADB_VENDOR_KEYS is not set", Unauthorized},
		{"device still authorizing", Authorizing},
		{"device still connecting", Authorizing},
		{"insufficient permissions for device", NoPermission},
		{"insufficient permissions for device: missing udev rules? user is in the plugdev group", NoPermission},
		{"more than one device/emulator", Ambiguous},
		{"more than one device", Ambiguous},
		{"closed", Refused},
		{"unknown host service", Refused},
		{"unknown host service 'x'", Refused},
		{"protocol fault (couldn't read status)", Protocol},
		{"cannot rebind existing socket", Rejected},
		{"", Rejected},
	} {
		if got := kindOfFail(c.msg); got != c.want {
			t.Errorf("%q is %q, want %q", c.msg, got, c.want)
		}
	}
}

func TestErrorSaysWhatWhereWhy(t *testing.T) {
	inner := fmt.Errorf("read tcp: %w", net.ErrClosed)
	e := &Error{Op: "run a command", Serial: "emulator-5554", Kind: Offline, Msg: "device offline", Err: inner}
	const want = "run a command on emulator-5554: phone is offline: device offline: read tcp: use of closed network connection"
	if e.Error() != want {
		t.Errorf("got  %s\nwant %s", e, want)
	}
	wrapped := fmt.Errorf("take a snapshot: %w", e)
	for _, target := range []error{Offline, net.ErrClosed} {
		if !errors.Is(wrapped, target) {
			t.Errorf("not found in the chain: %v", target)
		}
	}
	for _, target := range []error{Unauthorized, Kind(0), context.Canceled} {
		if errors.Is(wrapped, target) {
			t.Errorf("found in the chain: %v", target)
		}
	}
	if got := KindOf(wrapped); got != Offline {
		t.Errorf("KindOf = %v", got)
	}
	if got := KindOf(inner); got != 0 {
		t.Errorf("KindOf of somebody else's error = %v", got)
	}
}

func TestKindsAreOrderedAndExplained(t *testing.T) {
	for k := ServerDown; k <= Local; k++ {
		e := &Error{Kind: k}
		if k.Error() == "" || k.Error() == kinds[0].text {
			t.Errorf("kind %d has no text", k)
		}
		if k.Error() != strings.ToLower(k.Error()) {
			t.Errorf("%q is not lower case", k.Error())
		}
		if (e.Advice() == "") != (k == Canceled) {
			t.Errorf("%v: advice %q", k, e.Advice())
		}
	}
	if !(ServerDown < NotFound && NotFound < Offline && Offline < Unauthorized && Unauthorized < Refused && Refused < TransportLost) {
		t.Error("kinds do not follow the way from the host to the phone")
	}
	for k, word := range map[Kind]string{Unauthorized: "accept the debugging prompt", ServerDown: "adb start-server", NoPermission: "udev"} {
		if a := (&Error{Kind: k}).Advice(); !strings.Contains(a, word) {
			t.Errorf("%v advises %q, without %q", k, a, word)
		}
	}
	for _, k := range []Kind{-1, 0, Local + 1} {
		if (&Error{Kind: k}).Advice() != "" || k.Error() != "unknown failure" {
			t.Errorf("kind %d: %q", k, k.Error())
		}
	}
}
