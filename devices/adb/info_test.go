package adb

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// One row for each way in which a phone is listed (adb.md 2.2, 2.3).
func TestParseDevices(t *testing.T) {
	for _, c := range []struct {
		name, row string
		want      Info
	}{
		{"ready on USB", "ZX1G22KQLB             device usb:1-4.2 product:shamu model:Nexus_6 device:shamu transport_id:5",
			Info{Serial: "ZX1G22KQLB", State: "device", USB: "1-4.2", Product: "shamu", Model: "Nexus_6", Device: "shamu", TransportID: 5}},
		{"ready on the network", "127.0.0.1:41143        device product:p model:Virtual_Device_1 device:d transport_id:1",
			Info{Serial: "127.0.0.1:41143", State: "device", Product: "p", Model: "Virtual_Device_1", Device: "d", TransportID: 1}},
		{"serial longer than the column", "adb-ZX1G22KQLB-fPqLzC._adb-tls-connect._tcp device transport_id:2",
			Info{Serial: "adb-ZX1G22KQLB-fPqLzC._adb-tls-connect._tcp", State: "device", TransportID: 2}},
		{"offline", "127.0.0.1:5555         offline transport_id:12",
			Info{Serial: "127.0.0.1:5555", State: "offline", TransportID: 12}},
		{"unauthorized", "R58M               unauthorized usb:3-1 transport_id:3",
			Info{Serial: "R58M", State: "unauthorized", USB: "3-1", TransportID: 3}},
		{"authorizing", "R58M authorizing transport_id:4", Info{Serial: "R58M", State: "authorizing", TransportID: 4}},
		{"connecting", "R58M connecting transport_id:4", Info{Serial: "R58M", State: "connecting", TransportID: 4}},
		{"recovery", "R58M recovery product:p model:m device:d transport_id:6",
			Info{Serial: "R58M", State: "recovery", Product: "p", Model: "m", Device: "d", TransportID: 6}},
		{"sideload", "R58M sideload transport_id:6", Info{Serial: "R58M", State: "sideload", TransportID: 6}},
		{"rescue", "R58M rescue transport_id:6", Info{Serial: "R58M", State: "rescue", TransportID: 6}},
		{"bootloader", "R58M bootloader transport_id:6", Info{Serial: "R58M", State: "bootloader", TransportID: 6}},
		{"no permissions", "???????????? no permissions (missing udev rules? user is in the plugdev group); see [http://developer.android.com/tools/device.html] usb:1-1 transport_id:8",
			Info{Serial: "????????????", State: "no permissions", USB: "1-1", TransportID: 8,
				Detail: "no permissions (missing udev rules? user is in the plugdev group); see [http://developer.android.com/tools/device.html]"}},
		{"no permissions, a word that looks like an attribute", "R58M no permissions; see http://developer.android.com/tools/device.html transport_id:8",
			Info{Serial: "R58M", State: "no permissions", TransportID: 8, Detail: "no permissions; see http://developer.android.com/tools/device.html"}},
		{"no serial", "(no serial number)     device usb:1-2 transport_id:9", Info{State: "device", USB: "1-2", TransportID: 9}},
		{"an attribute of the future", "R58M device usb:1-1 speed:480 transport_id:9", Info{Serial: "R58M", State: "device", USB: "1-1", TransportID: 9}},
		{"a state of the future", "R58M half dead transport_id:9", Info{Serial: "R58M", State: "half dead", TransportID: 9}},
		{"an old server without transport ids", "R58M device product:p", Info{Serial: "R58M", State: "device", Product: "p"}},
		{"the short list", "127.0.0.1:5555\toffline", Info{Serial: "127.0.0.1:5555", State: "offline"}},
		{"a colon in a value", "R58M device usb:a:b transport_id:1", Info{Serial: "R58M", State: "device", USB: "a:b", TransportID: 1}},
		{"no state", "R58M", Info{Serial: "R58M", State: "unknown"}},
		{"attributes only", "R58M transport_id:1", Info{Serial: "R58M", State: "unknown", TransportID: 1}},
		{"a transport id that is none", "R58M device transport_id:x", Info{Serial: "R58M", State: "device transport_id:x"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := parseDevices(c.row + "\n")
			if d := cmp.Diff([]Info{c.want}, got); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
		})
	}
	t.Run("none", func(t *testing.T) {
		if got := parseDevices("\n"); got != nil {
			t.Errorf("got %v", got)
		}
	})
	t.Run("order is kept", func(t *testing.T) {
		got := parseDevices("b device\na offline\n")
		if len(got) != 2 || got[0].Serial != "b" || got[1].Serial != "a" {
			t.Errorf("got %v", got)
		}
	})
}

func TestStateKind(t *testing.T) {
	for s, want := range map[State]Kind{
		"device": 0, "recovery": 0, "sideload": 0, "rescue": 0,
		"offline": Offline, "bootloader": Offline, "detached": Offline, "unknown": Offline, "half dead": Offline,
		"unauthorized": Unauthorized, "authorizing": Authorizing, "connecting": Authorizing, "no permissions": NoPermission,
	} {
		if got := s.Kind(); got != want {
			t.Errorf("%s: %v, want %v", s, got, want)
		}
	}
}

// No row disappears and no row is split, whatever stands in it.
func FuzzParseDevices(f *testing.F) {
	f.Add("ZX1G22KQLB             device usb:1-4.2 product:shamu model:Nexus_6 device:shamu transport_id:5\n")
	f.Add("?? no permissions (user in plugdev group; are your udev rules wrong?); see [http://developer.android.com/tools/device.html] usb:1-1 transport_id:8\n")
	f.Add("(no serial number) offline\n\nx\n")
	f.Fuzz(func(t *testing.T, text string) {
		rows := 0
		for line := range strings.SplitSeq(text, "\n") {
			if strings.TrimSpace(line) != "" {
				rows++
			}
		}
		got := parseDevices(text)
		if len(got) != rows {
			t.Fatalf("%d rows became %d phones: %q", rows, len(got), text)
		}
		for _, i := range got {
			if i.State == "" {
				t.Errorf("a phone without a state: %+v", i)
			}
			if i.Serial != "" && !strings.Contains(text, i.Serial) {
				t.Errorf("a serial that is not in the text: %+v", i)
			}
		}
	})
}
