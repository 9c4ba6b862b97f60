package activity

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/captures"
)

// Composed from ServiceRecord and ActiveServices of API 34.
const services34 = `ACTIVITY MANAGER SERVICES (dumpsys activity services)
  User 0 active services:
  * ServiceRecord{62757ab u0 org.ringproof.sample/.CallConnectionService c:android}
    intent={act=android.telecom.ConnectionService cmp=org.ringproof.sample/.CallConnectionService}
    packageName=org.ringproof.sample
    processName=org.ringproof.sample:call
    app=ProcessRecord{d324c90 3991:org.ringproof.sample:call/u0a234}
    isForeground=true foregroundId=42 types=00000084 foregroundNoti=Notification(channel=incoming_calls shortcut=null contentView=null vibrate=null sound=null defaults=0x0 flags=0x62 color=0xff607d8b category=call actions=2 vis=PRIVATE)
    createTime=-10m50s262ms startingBgTimeout=--
    startRequested=true delayedStop=false stopIfKilled=false callStart=true lastStartId=4
    Bindings:
    * IntentBindRecord{91ea989 CREATE}:
      intent={act=android.telecom.ConnectionService}
      * Client AppBindRecord{e1e09af ProcessRecord{85a5bf2 5440:com.android.server.telecom/1000}}

  * ServiceRecord{62757ac u10 org.ringproof.sample/org.other.Sync}
    intent={cmp=org.ringproof.sample/org.other.Sync}
    app=null
    createTime=-10m50s262ms startingBgTimeout=--
    Bindings:
    * IntentBindRecord{91ea989 CREATE}:
      startRequested=true

  * ServiceRecord{62757ad u0 org.other/.Loose}
    intent={cmp=org.other/.Loose}
  Pending services:
    isForeground=true foregroundId=1
`

func describeService(s Service) string {
	return fmt.Sprintln(s.Line, s.Package, s.Class, s.User, s.Process, s.PID, s.UID, s.Foreground, s.ForegroundID, s.Types, s.Channel, s.Category, s.Started)
}

func TestParseServices(t *testing.T) {
	f, err := ParseServices([]byte(services34))
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, s := range f.Services.Or(nil) {
		got += describeService(s)
	}
	want := "3 org.ringproof.sample org.ringproof.sample.CallConnectionService 0 org.ringproof.sample:call 3991 10234 true 42 132 incoming_calls call true\n" +
		"16 org.ringproof.sample org.other.Sync 10 unknown unknown unknown false unknown unknown unknown unknown unknown\n" +
		// Cut before the key that stands behind isForeground.
		"24 org.other org.other.Loose 0 unknown unknown unknown unknown unknown unknown unknown unknown unknown\n"
	if got != want {
		t.Errorf("services:\n%swant:\n%s", got, want)
	}
	own := f.Of("org.ringproof.sample").Or(nil)
	if len(own) != 2 || own[0].Types.Or(0)&TypePhoneCall == 0 || own[0].Types.Or(0)&TypeMicrophone == 0 || own[0].Types.Or(0)&TypeMediaPlayback != 0 {
		t.Errorf("own = %+v", own)
	}
	// API 26 to 33 print no types; the words of a notification are no keys.
	in := strings.Replace(services34, " types=00000084 foregroundNoti=Notification(channel=incoming_calls", " foregroundNoti=Notification(channel=types=00000002", 1)
	f, _ = ParseServices([]byte(in))
	if s := f.Services.Or([]Service{{}})[0]; s.Types.Known() || s.Channel.String() != "types=00000002" {
		t.Errorf("API 33: types %v, channel %v", s.Types, s.Channel)
	}
	f, err = ParseServices([]byte("ACTIVITY MANAGER SERVICES (dumpsys activity services)\n  (nothing)\n"))
	if err != nil || f.Services.String() != "[]" || f.Of("org.other").String() != "[]" {
		t.Errorf("nothing: %+v, %v", f, err)
	}
}

func TestServiceProblems(t *testing.T) {
	for in, kind := range map[string]text.Kind{
		"": text.Empty, "Unknown command: x\nUse -h for help.\n": text.NotADump, "  * ServiceRecord{1 u0 a.b/.C}\n": text.NotADump,
		"ACTIVITY MANAGER SERVICES (dumpsys activity services)\n": text.Truncated, "Can't find service: activity\n": text.NoService,
	} {
		if f, err := ParseServices([]byte(in)); !errors.Is(err, &text.Problem{Kind: kind}) || f.Services.Known() || f.Of("a.b").Known() {
			t.Errorf("%q: %+v, %v", in, f, err)
		}
	}
}

// What a person sees in the captured parts of dumps: the long form of Android 9
// and the short one of Android 14.
func TestCorpusServices(t *testing.T) {
	for _, c := range []struct {
		name, class string
		count       int
		want        string
	}{
		{"011-a9-automotive-services-fg.txt", "com.onecar.onlinemusic.OnlineManagerService", 8,
			"3 com.onecar.onlinemusic com.onecar.onlinemusic.OnlineManagerService 0 com.onecar.onlinemusic:remote 3991 10036 true 20001 unknown com.onecar.onlinemusic unknown true\n"},
		{"011-a9-automotive-services-fg.txt", "ts.car.diag.DiagServices", 8,
			"26 ts.car.diag ts.car.diag.DiagServices 0 ts.car.diag 2180 1000 false unknown unknown unknown unknown true\n"},
		{"011-a9-automotive-services-fg.txt", "com.ts.carplay.app.service.CarPlayRemoteService", 8,
			"63 com.ts.carplay.app com.ts.carplay.app.service.CarPlayRemoteService 0 com.ts.carplay.app 3621 1000 false unknown unknown unknown unknown unknown\n"},
		{"012-a14-hyperos-services.txt", "com.android.systemui.keyguard.KeyguardService", 33,
			"135 com.android.systemui com.android.systemui.keyguard.KeyguardService 0 com.android.systemui 2875 1000 unknown unknown unknown unknown unknown false\n"},
		// A process whose name begins with a dot.
		{"012-a14-hyperos-services.txt", "com.qualcomm.qti.cne.CneApp", 33,
			"107 com.qualcomm.qti.cne com.qualcomm.qti.cne.CneApp 0 .qtidataservices 2829 10126 unknown unknown unknown unknown unknown true\n"},
	} {
		f, err := ParseServices(captures.File(t, "activity/"+c.name))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		all := f.Services.Or(nil)
		got := ""
		for _, s := range all {
			if s.Class == c.class {
				got += describeService(s)
			}
		}
		if len(all) != c.count || got != c.want {
			t.Errorf("%s: %d services, %swant %d, %s", c.name, len(all), got, c.count, c.want)
		}
	}
}
