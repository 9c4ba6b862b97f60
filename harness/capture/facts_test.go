package capture

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/activity"
	"github.com/ringproof/ringproof/harness/dumpsys/appops"
	"github.com/ringproof/ringproof/harness/dumpsys/audio"
	"github.com/ringproof/ringproof/harness/dumpsys/battery"
	"github.com/ringproof/ringproof/harness/dumpsys/bluetooth"
	"github.com/ringproof/ringproof/harness/dumpsys/deviceidle"
	"github.com/ringproof/ringproof/harness/dumpsys/display"
	"github.com/ringproof/ringproof/harness/dumpsys/logcat"
	"github.com/ringproof/ringproof/harness/dumpsys/mediasession"
	"github.com/ringproof/ringproof/harness/dumpsys/notification"
	"github.com/ringproof/ringproof/harness/dumpsys/packages"
	"github.com/ringproof/ringproof/harness/dumpsys/power"
	"github.com/ringproof/ringproof/harness/dumpsys/standby"
	"github.com/ringproof/ringproof/harness/dumpsys/telecom"
	"github.com/ringproof/ringproof/harness/dumpsys/trust"
	"github.com/ringproof/ringproof/harness/dumpsys/users"
	"github.com/ringproof/ringproof/harness/dumpsys/window"
	"github.com/ringproof/ringproof/harness/inspect"
	"github.com/ringproof/ringproof/harness/internal/captures"
	"github.com/ringproof/ringproof/harness/uiautomator"
)

type parser func([]byte) (any, error)

func by[T any](f func([]byte) (T, error)) parser {
	return func(b []byte) (any, error) { return f(b) }
}

func parsers() map[string]parser {
	return map[string]parser{
		"telecom": by(telecom.Parse), "notification": by(notification.Parse), "window": by(window.Parse), "power": by(power.Parse),
		"activity": by(activity.Parse), "processes": by(activity.ParseProcesses), "exits": by(activity.ParseExits),
		"packages": by(packages.Parse), "appops": by(appops.ParseDump), "audio": by(audio.Parse), "battery": by(battery.Parse),
		"bluetooth": by(bluetooth.Parse), "deviceidle": by(deviceidle.Parse), "display": by(display.Parse),
		"media": by(mediasession.Parse), "trust": by(trust.Parse), "users": by(users.Parse),
		"user-list": by(users.ParseList), "services": by(activity.ParseServices), "standby": by(standby.Parse), "app-ops": by(appops.Parse),
		"telecom-log": func(b []byte) (any, error) { return telecom.ParseLog(b, logcat.Clock{}) },
		"uiautomator": by(uiautomator.Parse),
	}
}

// mayHide are the facts that hold personal data, without indexes. A mask that
// changes any other fact makes the capture useless for mending a reader.
var mayHide = []string{
	"telecom: calls.handle", "telecom: calls.account.id", "telecom: history.label", "telecom: history.events.data", "telecom: route.address", "telecom-log: lines.row.handle",
	"notification: posted.title.value", "notification: posted.text.value", "notification: posted.key", "notification: posted.tag",
	"notification: partial.title.value", "notification: partial.text.value", "notification: partial.key", "notification: partial.tag",
	"notification: enqueued.key", "notification: archive.key",
	"audio: communicationDevice.address", "audio: communicationDevice.name",
	"trust: users.name", "users: users.name",
	"uiautomator: windows.title",
}

func mayBeHidden(path string) bool {
	return slices.Contains(mayHide, path) ||
		strings.HasPrefix(path, "bluetooth: ") && (strings.HasSuffix(path, "ddress") || strings.HasSuffix(path, ".name") || strings.HasSuffix(path, "evice")) ||
		strings.HasPrefix(path, "uiautomator: ") && (strings.HasSuffix(path, ".text") || strings.HasSuffix(path, ".contentDesc"))
}

var index = regexp.MustCompile(`\[[^\]]*\]`)

// differences lists the facts of two texts that differ, and says how if
// hiding cannot be why.
func differences(t *testing.T, kind string, parse parser, before, after []byte) (hidden, wrong []string) {
	t.Helper()
	a, errA := parse(before)
	b, errB := parse(after)
	if fmt.Sprint(errA) != fmt.Sprint(errB) && (errA == nil || errB == nil || !errors.Is(errA, errB)) {
		// A problem quotes the phone's line, which may be masked.
		if string(fixed().Mask([]byte(fmt.Sprint(errA)))) != fmt.Sprint(errB) {
			wrong = append(wrong, fmt.Sprintf("%s: the problem %v became %v", kind, errA, errB))
		}
	}
	rows := func(v any) []inspect.Row {
		f, err := inspect.Of(v)
		if err != nil {
			t.Fatal(err)
		}
		return f.Rows()
	}
	ra, rb := rows(a), rows(b)
	if len(ra) != len(rb) {
		return hidden, append(wrong, fmt.Sprintf("%s: %d facts became %d", kind, len(ra), len(rb)))
	}
	for i := range ra {
		if ra[i] == rb[i] {
			continue
		}
		x, y := ra[i], rb[i]
		path := kind + ": " + index.ReplaceAllString(x.Path, "")
		if x.Path != y.Path || x.Line != y.Line || x.Known != y.Known || !mayBeHidden(path) {
			wrong = append(wrong, fmt.Sprintf("%s: %+v became %+v", kind, x, y))
			continue
		}
		hidden = append(hidden, path)
	}
	return hidden, wrong
}

// On every text that a real phone printed, every reader finds the same before
// and after, but for what is hidden.
func TestMaskedCorpusReadsTheSame(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(captures.Dir(t), "*", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no texts: %v", err)
	}
	hidden, changed := map[string]int{}, 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		masked := fixed().Mask(text)
		if string(masked) != string(text) {
			changed++
		}
		for kind, parse := range parsers() {
			h, wrong := differences(t, kind, parse, text, masked)
			for _, w := range wrong {
				t.Errorf("%s: %s", filepath.Base(file), w)
			}
			for _, p := range h {
				hidden[strings.ReplaceAll(p, ".children", "")]++
			}
		}
	}
	said, err := json.Marshal(hidden)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files, %d of them changed; facts hidden: %s", len(files), changed, said)
}

// The texts are typed from the format descriptions, with personal data where
// phones print it.
func TestMaskedTextsReadTheSame(t *testing.T) {
	for _, c := range []struct {
		kind, text string
		gone       []string // must not be left
		hidden     []string // facts that must have changed
	}{
		{"telecom", `CallsManager: 
  mCalls: 
    [Call id=TC@7, state=RINGING, tpac=ComponentInfo{org.ringproof.sample/org.ringproof.sample.CallConnectionService}, ***, UserHandle{0}, cmgr=null, handle=sip:alice@example.org, vidst=A, childs(0), has_parent(false), cap=[ hld sup_hld mut], prop=[ self_mng]], voip=true
    [Call id=TC@8, state=ACTIVE, tpac=ComponentInfo{com.android.phone/com.android.services.telephony.TelephonyConnectionService}, ***, UserHandle{0}, cmgr=null, handle=tel:+4791234567, vidst=A, childs(0), has_parent(false), cap=[ hld], prop=[]], voip=false
  mCallAudioManager:
    All calls:
      TC@7
    Ringing calls:
      TC@7
    Foreground call:
    null
    CallAudioRouteStateMachine:
      Current state: ActiveBluetoothRoute
  PhoneAccountRegistrar: 
    xmlVersion: 9
    phoneAccounts:
      [[X] PhoneAccount: ComponentInfo{org.ringproof.sample/org.ringproof.sample.CallConnectionService}, ***, UserHandle{0} Capabilities: SelfManaged SuppVideo  Audio Routes: BESW Schemes: sip tel  Extras: Bundle[{isCoreTelecomAccount=true}] GroupId: ***]
  Historical Events:
    SelfMgd CallTC@7 [23/05/2026 16:00:00](MT - incoming)(User=UserHandle{0})
    	To address: sip:alice@example.org Presentation: Allowed
      16:00:00.000 - SET_RINGING (successful incoming call)
`, []string{"alice", "91234567"}, []string{"telecom: calls.handle"}},
		{"notification", `Current Notification Manager state:
  Notification List:
    NotificationRecord(0x0a1b2c3d: pkg=com.whatsapp user=UserHandle{0} id=77 tag=4791234567@s.whatsapp.net importance=4 key=0|com.whatsapp|77|4791234567@s.whatsapp.net|10234: Notification(channel=individual shortcut=4791234567@s.whatsapp.net contentView=null vibrate=null sound=null defaults=0x0 flags=0xe2 color=0x00000000 category=call actions=1 vis=PRIVATE))
      uid=10234 userId=0
      key=0|com.whatsapp|77|4791234567@s.whatsapp.net|10234
      tickerText=Alice: Hello
      actions={
        [0] "Answer" -> PendingIntent{1a: PendingIntentRecord{2b com.whatsapp startActivity}}
        }
      extras={
          android.title=String (Alice (mobile))
          android.text=SpannableString (Hello
 there = 😀)
          android.template=String (android.app.Notification$CallStyle)
          android.callType=Integer (1)
      }
      mImportance=HIGH
      mIntercept=false
      effectiveNotificationChannel=NotificationChannel{mId='individual', mName=Alice, mDescription=, mImportance=4, mBypassDnd=false, mSound=null}
  mArchive=Archive (0 notifications)
`, []string{"Alice", "Hello", "91234567", "there"}, []string{"notification: posted.title.value", "notification: posted.text.value", "notification: posted.key", "notification: posted.tag"}},
		{"trust", `Trust manager state:
 User "Alice "A" Owner" (id=0, flags=0x13) (current): trusted=0, trustManaged=0, deviceLocked=1, strongAuthRequired=0x0
   Enabled agents:
    com.example/.TrustAgent
     bound=1, connected=1, managingTrust=0, trusted=0
`, []string{"Alice", "Owner"}, nil},
		{"audio", `Audio mode: 
- Requested mode = MODE_IN_COMMUNICATION
- Actual mode = MODE_IN_COMMUNICATION
AudioDeviceBroker:
  Active communication device: AudioDeviceAttributes: role:output type:bt_sco_hs addr:F4:B6:2D:12:AB:CD name:Alice's buds profiles:[] descriptors:[]
`, []string{"F4:B6", "Alice"}, []string{"audio: communicationDevice.address", "audio: communicationDevice.name"}},
		{"users", `Current user: 0
Users:
  UserInfo{0:Alice:c13} serialNo=0 isPrimary=true
    State: RUNNING_UNLOCKED
  UserInfo{10:Work:1030} serialNo=10 isPrimary=false
    State: RUNNING_LOCKED
`, []string{"Alice"}, nil},
		{"uiautomator", `<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation="0"><node index="0" text="Alice &amp; Bob" resource-id="p:id/name" class="android.widget.TextView" package="p" content-desc="Call Alice" checkable="false" checked="false" clickable="true" enabled="true" focusable="false" focused="false" scrollable="false" long-clickable="false" password="false" selected="false" bounds="[0,0][1080,2400]" /></hierarchy>
`, []string{"Alice", "Bob"}, []string{"uiautomator: windows.roots.text", "uiautomator: windows.roots.contentDesc"}},
	} {
		t.Run(c.kind, func(t *testing.T) {
			masked := fixed().Mask([]byte(c.text))
			for _, g := range c.gone {
				if !strings.Contains(c.text, g) || strings.Contains(string(masked), g) {
					t.Errorf("%q is left:\n%s", g, masked)
				}
			}
			hidden, wrong := differences(t, c.kind, parsers()[c.kind], []byte(c.text), masked)
			for _, w := range wrong {
				t.Error(w)
			}
			for _, h := range c.hidden {
				if !slices.Contains(hidden, h) {
					t.Errorf("%s was not hidden; hidden are %v", h, hidden)
				}
			}
		})
	}
}

// The comparison can fail: a mask that ate a keyword is told.
func TestDifferencesAreFound(t *testing.T) {
	before := []byte("Trust manager state:\n User \"Owner\" (id=0, flags=0x13) (current): trusted=0, trustManaged=0, deviceLocked=1\n")
	for from, to := range map[string]string{"deviceLocked=1": "deviceLocked=0", "(current)": "(xxxxxxx)", "Trust manager state:\n": "\n"} {
		after := strings.Replace(string(before), from, to, 1)
		if _, wrong := differences(t, "trust", parsers()["trust"], before, []byte(after)); len(wrong) == 0 {
			t.Errorf("%q instead of %q makes no difference", to, from)
		}
	}
}
