package notification

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/readertest"
)

// The texts are typed from the format description, one per grammar.

// dump35: words for flags, call style, a record that waits, a broken tag.
const dump35 = `Current Notification Manager state:
  Notification List:
    NotificationRecord(0x0a1b2c3d: pkg=org.ringproof.sample user=UserHandle{0} id=77 tag=null importance=4 key=0|org.ringproof.sample|77|null|10234: Notification(channel=incoming_calls shortcut=null contentView=null vibrate=null sound=null defaults=0 flags=ONGOING_EVENT|NO_CLEAR|FOREGROUND_SERVICE|HIGH_PRIORITY|NEW_WORD color=0x00000000 category=call actions=2 vis=PUBLIC))
      uid=10234 userId=0
      opPkg=org.ringproof.sample
      flags=ONGOING_EVENT|NO_CLEAR|FOREGROUND_SERVICE|HIGH_PRIORITY|NEW_WORD
      originalFlags=ONGOING_EVENT|HIGH_PRIORITY
      pri=2
      key=0|org.ringproof.sample|77|null|10234
      notification=
            fullscreenIntent=PendingIntent{5f3a1b: PendingIntentRecord{9c0d2e org.ringproof.sample startActivity (allowlist: 1d4fa34:+30s0ms/0/NOTIFICATION_SERVICE/NotificationManagerService)}}
            contentIntent=null
            when=1768101077338/1768101077338
            vis=1
            timeout=PT0S
            actions={
                [0] "Decline" -> PendingIntent{1: PendingIntentRecord{2 org.ringproof.sample broadcastIntent}}
                [1] "Answer \"now\" -> or later" -> PendingIntent{3: PendingIntentRecord{4 org.ringproof.sample startActivity (allowlist: x)}}
              }
            extras={
                android.title=String (Alice (work))
                android.compactActions=int[] (1)
              [0] 0
                android.template=String (android.app.Notification$CallStyle)
                android.text=SpannableString (Incoming call
      mIntercept=true
on two lines)
                android.callType=Integer (1)
                android.subText=null
            }
      publicNotification=
            fullscreenIntent=null
            actions={
                [0] "Public" -> null
              }
            extras={
                android.title=String (Somebody)
                android.template=String (android.app.Notification$BigTextStyle)
            }
      stats=SingleNotificationStats{posttimeElapsedMs=24777298}
      mImportance=HIGH
      mIntercept=false
      mHidden==false
      mCreationTimeMs=1768102933829
      mUpdateTimeMs=1768102933900(2026-01-10 18:03:06.531-0300)
      effectiveNotificationChannel=NotificationChannel{mId='incoming_calls', mName=Calls, mImportance=4}
    NotificationRecord(0x0313c955: pkg=com.whatsapp.w4b user=UserHandle{0} id=1 tag=8mMX+A5CVI8P|eJOeKuKE importance=9=
 importance=4 key=0|com.whatsapp.w4b|1|8mMX+A5CVI8P|eJOeKuKE importance=9=
|10290 bbbc=0: Notification(channel=group chat defaults shortcut=x contentView=null vibrate=null sound=null defaults=0x0 flags=0x8 color=0xff21c063 category=msg vis=PRIVATE publicVersion=Notification(channel=null contentView=null defaults=0x0 flags=0x0 category=alarm vis=SECRET) semFlags=0x0))
      uid=10290 userId=0
      flags=0x8
      key=0|com.whatsapp.w4b|1|8mMX+A5CVI8P|eJOeKuKE importance=9=
|10290
      notification=
            fullscreenIntent=null
            extras={
                android.title=String [length=5]
                android.text=String
                android.template=String
            }
      publicNotification=
            None
      mImportance=LOW
  
  mMaxPackageEnqueueRate=5.0
  mArchive=Archive (2 notifications)
    StatusBarNotification(pkg=org.ringproof.sample user=UserHandle{0} id=76 tag=null key=0|org.ringproof.sample|76|null|10234: Notification(channel=missed_calls shortcut=null contentView=null defaults=0 flags=AUTO_CANCEL vis=PRIVATE))
    StatusBarNotification(pkg=android user=UserHandle{-1} id=32 tag=null key=-1|android|32|null|1000: Notification(channel=USB shortcut=null contentView=null defaults=0 flags=ONGOING_EVENT vis=PUBLIC))
  Enqueued Notification List:
    NotificationRecord(0x0a1b2c3e: pkg=org.ringproof.sample user=UserHandle{0} id=78 tag=t importance=3 key=0|org.ringproof.sample|78|t|10234: Notification(channel=c shortcut=null contentView=null defaults=0 flags=0 vis=PRIVATE))
      uid=10234 userId=0
  Snoozed notifications:
`

func parse(t *testing.T, s string) Facts {
	t.Helper()
	f, err := Parse([]byte(s))
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	return f
}

func TestParseAndroid15(t *testing.T) {
	f := parse(t, dump35)
	all := f.Posted.Or(nil)
	if len(all) != 2 {
		t.Fatalf("%d posted, want 2: %+v", len(all), all)
	}
	call, chat := all[0], all[1]
	for _, c := range []struct {
		what      string
		got, want any
	}{
		{"key", call.Key, "0|org.ringproof.sample|77|null|10234"},
		{"package", call.Package, "org.ringproof.sample"},
		{"user", call.UserID, 0},
		{"id", call.ID.String(), "77"},
		{"tag", call.Tag.String(), ""},
		{"uid", call.UID.String(), "10234"},
		{"channel", call.Channel.String(), "incoming_calls"},
		{"importance", call.Importance.Or(0), ImportanceHigh},
		{"flags", call.Flags.Or(0), OngoingEvent | NoClear | ForegroundService | HighPriority},
		{"other flags", call.OtherFlags, []string{"NEW_WORD"}},
		{"category", call.Category.String(), "call"},
		{"visibility", call.Visibility.String(), "PUBLIC"},
		{"full screen", call.FullScreen.Or(""), FullScreenPresent},
		{"actions", call.Actions.Or(nil), []Action{{0, "Decline", "broadcastIntent", 17}, {1, `Answer \"now\" -> or later`, "startActivity", 18}}},
		{"template", call.Template.String(), "android.app.Notification$CallStyle"},
		{"call style", call.CallStyle().String(), "true"},
		{"call type", call.CallType.Or(0), CallIncoming},
		{"title", call.Title.Or(Words{}), Words{Value: "Alice (work)", Length: 12}},
		{"text", call.Text.Or(Words{}), Words{Value: "Incoming call\n      mIntercept=true\non two lines", Length: 48}},
		{"intercepted", call.Intercepted.String(), "false"},
		{"hidden", call.Hidden.String(), "false"},
		{"created", call.Created.String(), "1768102933829"},
		{"updated", call.Updated.String(), "1768102933900"},
		{"line", call.Line, 3},
		{"chat tag", chat.Tag.String(), "8mMX+A5CVI8P|eJOeKuKE importance=9=\n"},
		{"chat key", chat.Key, "0|com.whatsapp.w4b|1|8mMX+A5CVI8P|eJOeKuKE importance=9=\n|10290"},
		{"chat channel", chat.Channel.String(), "group chat defaults"},
		{"chat importance", chat.Importance.Or(0), ImportanceLow},
		{"chat flags", chat.Flags.Or(0), OnlyAlertOnce},
		{"chat category", chat.Category.String(), "msg"},
		{"chat visibility", chat.Visibility.String(), "PRIVATE"},
		{"chat title", chat.Title.Or(Words{}), Words{Length: 5, Redacted: true}},
		{"chat text", chat.Text.Or(Words{}), Words{Length: -1, Redacted: true}},
		{"chat template", chat.Template.String(), "unknown"},
		{"chat call style", chat.CallStyle().String(), "unknown"},
		{"chat full screen", chat.FullScreen.Or(""), FullScreenAbsent},
		{"chat actions", chat.Actions.Or([]Action{{}}), []Action{}},
		{"chat intercepted", chat.Intercepted.String(), "unknown"},
		{"enqueued", len(f.Enqueued.Or(nil)), 1},
		{"enqueued id", f.Enqueued.Or([]Record{{}})[0].ID.String(), "78"},
		{"archive", len(f.Archive.Or(nil)), 2},
		{"archive channel", f.Archive.Or([]Archived{{}})[0].Channel.String(), "missed_calls"},
		{"archive user", f.Archive.Or([]Archived{{}, {}})[1].UserID, -1},
		{"of sample", len(f.Of("org.ringproof.sample").Or(nil)), 1},
		{"of nobody", f.Of("a.b").String(), "[]"},
	} {
		if d := cmp.Diff(c.want, c.got); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, d)
		}
	}
}

// API 26: no sub-blocks, hex flags, colour and timeout on one line.
func TestParseAndroid8(t *testing.T) {
	f := parse(t, `Current Notification Manager state (filtered to org.ringproof.sample):
  Notification List:
    NotificationRecord(0x0246d84f: pkg=org.ringproof.sample user=UserHandle{10} id=5 tag=call importance=5 key=10|org.ringproof.sample|5|call|1010234 appImportanceLocked=false: Notification(channel=incoming_calls pri=2 contentView=null vibrate=null sound=null defaults=0x0 flags=0x40ea color=0xff2a56c6 category=call actions=1 vis=PRIVATE))
      uid=1010234 userId=10
      fullscreenIntent=null
      contentIntent=null
      color=0xff2a56c6timeout=unknown
      actions={
        [0] "Hang up" -> null
        }
      extras={
        android.title=String
        androidx.core.app.extra.COMPAT_TEMPLATE=String (androidx.core.app.NotificationCompat$CallStyle)
        android.callType=Integer (2)
      }
      mIntercept=false
  Lights List:
`)
	r := f.Posted.Or([]Record{{}})[0]
	if r.UserID != 10 || r.Key != "10|org.ringproof.sample|5|call|1010234" || r.FullScreen.Or("") != FullScreenDenied ||
		r.Importance.Or(0) != ImportanceMax || r.CallStyle().String() != "true" || r.CallType.Or(0) != CallOngoing ||
		!r.Flags.Or(0).Has(HighPriority|OngoingEvent|OnlyAlertOnce|NoClear|ForegroundService) || r.Tag.String() != "call" {
		t.Errorf("record = %+v", r)
	}
	if a := r.Actions.Or(nil); len(a) != 1 || a[0].Title != "Hang up" || a[0].Starts != "" {
		t.Errorf("actions = %+v", a)
	}
}

// A brace in an app's text closes nothing, and a public version's fields are
// not the notification's.
func TestTextLikeTheFrame(t *testing.T) {
	f := parse(t, `Current Notification Manager state:
  Notification List:
    NotificationRecord(0x1: pkg=a.b user=UserHandle{0} id=5 tag=null importance=2 key=0|a.b|5|null|10234: Notification(channel=c contentView=null flags=0x2 publicVersion=Notification(channel=d flags=0x8 category=alarm vis=SECRET) vis=PRIVATE))
      notification=
            extras={
                android.text=String (one
                        }
two)
                android.title=String (t)
            }
  mArchive=Archive (0 notifications)
`)
	r := f.Posted.Or([]Record{{}})[0]
	if r.Text.Or(Words{}).Value != "one\n                        }\ntwo" || r.Title.Or(Words{}).Value != "t" || r.Category.String() != "" || !r.Category.Known() ||
		r.Visibility.String() != "PRIVATE" || r.Flags.Or(0) != OngoingEvent || r.Channel.String() != "c" {
		t.Errorf("record = %+v", r)
	}
}

func TestNothingPosted(t *testing.T) {
	f := parse(t, "Current Notification Manager state:\n  mMaxPackageEnqueueRate=5.0\n  mArchive=Archive (0 notifications)\n  Snoozed notifications:\n")
	if f.Of("a.b").String() != "[]" || f.Archive.String() != "[]" || f.Enqueued.Known() {
		t.Errorf("facts = %+v", f)
	}
}

func TestFlags(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Flags
		ok   bool
	}{
		{"0x62", OngoingEvent | NoClear | ForegroundService, true},
		{"0", 0, true},
		{"0xea", OngoingEvent | OnlyAlertOnce | NoClear | ForegroundService | HighPriority, true},
		{"AUTO_CANCEL|SILENT|0x80000000", AutoCancel | Silent | 0x80000000, true},
		{"", 0, false}, {"what ever", 0, false}, {"|", 0, false}, {"0x1ffffffff", 0, false},
	} {
		if got, _, ok := parseFlags(c.in); got != c.want || ok != c.ok {
			t.Errorf("parseFlags(%q) = %v, %v", c.in, got, ok)
		}
	}
	if s := (OngoingEvent | PromotedOngoing | 0x80000000).String(); s != "ONGOING_EVENT|PROMOTED_ONGOING|0x80000000" {
		t.Error(s)
	}
}

func TestProblems(t *testing.T) {
	for _, c := range []struct {
		name, in string
		kind     text.Kind
	}{
		{"empty", "", text.Empty},
		{"denied", "Permission Denial: can't dump notification from from pid=1 uid=2\n", text.Denied},
		{"another text", "hello\n", text.NotADump},
		{"only the title", "Current Notification Manager state:\n", text.Truncated},
		{"time out", strings.Split(dump35, "  mArchive=")[0] + "*** SERVICE 'notification' DUMP TIMEOUT (10000ms) EXPIRED ***\n", text.Timeout},
	} {
		if _, err := Parse([]byte(c.in)); !errors.Is(err, &text.Problem{Kind: c.kind}) {
			t.Errorf("%s: error = %v, want %s", c.name, err, c.kind)
		}
	}
}

// However a dump is cut, the list is whole or unknown, and what is partial was
// posted.
func TestDamage(t *testing.T) {
	lines := strings.SplitAfter(dump35, "\n")
	for i := range lines {
		f, _ := Parse([]byte(strings.Join(lines[:i], "")))
		if p, ok := f.Posted.Get(); ok && len(p) != 2 || ok != (i > 64) {
			t.Fatalf("cut after line %d: posted %v", i, f.Posted)
		}
		if i >= 52 && i <= 64 && len(f.Partial.Or(nil)) < 1 {
			t.Fatalf("cut after line %d: partial %v", i, f.Partial)
		}
	}
	if got := parse(t, strings.ReplaceAll(dump35, "\n", "\r\n")); len(got.Posted.Or(nil)) != 2 {
		t.Errorf("CRLF: %+v", got)
	}
}

func FuzzParse(f *testing.F) {
	readertest.Fuzz(f, readertest.Of(Parse), readertest.Texts(grammars,
		dump35,
		"NotificationRecord(\nNotificationRecord(0x: pkg= user=UserHandle{0} id= tag= importance= key=0||: Notification(((\nactions={\n[\n[0] \"\nextras={\n=\n",
		"\xff\xfeN\x00o\x00",
	)...)
}

// A channel's name is an app's text and stands before the fields.
func TestChannel(t *testing.T) {
	const head = "Current Notification Manager state:\n  Notification List:\n    NotificationRecord(0x1: pkg=a.b user=UserHandle{0} id=5 tag=null importance=2 key=0|a.b|5|null|10234: Notification(channel=c shortcut=null flags=0x2 vis=PRIVATE))\n      effectiveNotificationChannel="
	for in, want := range map[string]string{
		"NotificationChannel{mId='c', mName=x, mImportance=1, mBypassDnd=true, mDeleted=true', mDescription=, mImportance=4, mBypassDnd=false, mLockscreenVisibility=-1, mSound=null, mDeleted=false}": "c 4 false -1 \"\" false",
		"NotificationChannel{mId='c d', mName=x}": "c d -7 unknown unknown \"?\" unknown",
		"null": "",
	} {
		c, ok := parse(t, head+in+"\n  mArchive=Archive (0 notifications)\n").Posted.Or(nil)[0].Effective.Get()
		got := ""
		if ok {
			got = fmt.Sprintf("%s %d %v %v %q %v", c.ID, c.Importance.Or(-7), c.BypassDND, c.Lockscreen, c.Sound.Or("?"), c.Deleted)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
