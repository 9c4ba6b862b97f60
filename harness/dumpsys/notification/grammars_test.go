package notification

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/grammar"
)

func TestGrammars(t *testing.T) { grammar.Check(t, grammars) }

// The composed rows follow NotificationRecord.dump and Notification.toString of
// each release as the format description has them (its sections 1.2 to 1.6).
var grammars = []grammar.Row{
	// Importance locked and shortcuts are not there yet; "pri=" stands in the header.
	{From: 26, To: 26, Mark: grammar.Composed, Check: says(
		"posted 0|org.app.calls|77|null|10234 user 0 id 77 tag  importance 4 channel incoming_calls category call vis PRIVATE flags 0xea full screen present actions Decline,Answer:startActivity style  type unknown title redacted -1 intercepted false effective incoming_calls/4/false/-1000/content://media/ring archived 1 enqueued unknown"),
		Text: `Current Notification Manager state:
  Notification List:
    NotificationRecord(0x0a1b2c3d: pkg=org.app.calls user=UserHandle{0} id=77 tag=null importance=4 key=0|org.app.calls|77|null|10234: Notification(channel=incoming_calls pri=2 contentView=null vibrate=null sound=null defaults=0x0 flags=0xea color=0xff2a56c6 category=call actions=2 vis=PRIVATE))
      uid=10234 userId=0
      icon=Icon(typ=RESOURCE pkg=org.app.calls id=0x7f08000a)
      pri=2 score=2
      key=0|org.app.calls|77|null|10234
      seen=false
      groupKey=0|org.app.calls|77|null|10234
      fullscreenIntent=PendingIntent{5f3a1b: PendingIntentRecord{9c0d2e org.app.calls startActivity (whitelist: 1d4fa34:+30s0ms)}}
      contentIntent=null
      tickerText=...
      contentView=null
      color=0xff2a56c6timeout=unknown
      actions={
        [0] "Decline" -> PendingIntent{1: android.os.BinderProxy@2}
        [1] "Answer" -> PendingIntent{3: PendingIntentRecord{4 org.app.calls startActivity}}
        }
      extras={
        android.title=String
        android.text=String
        android.showWhen=Boolean (true)
      }
      stats=SingleNotificationStats{posttimeElapsedMs=24777298}
      mImportance=HIGH
      mImportanceExplanation=app
      mIntercept=false
      mSuppressedVisualEffects= 0
      mCreationTimeMs=1768102933829
      mUpdateTimeMs=1768102933829
      effectiveNotificationChannel=NotificationChannel{mId='incoming_calls', mName=Calls, in and out, mDescription=, mImportance=4, mBypassDnd=false, mLockscreenVisibility=-1000, mSound=content://media/ring, mLights=false, mBlockableSystem=false}
  Lights List:
    null
  mArchive=Archive (1 notifications)
    StatusBarNotification(pkg=org.app.calls user=UserHandle{0} id=76 tag=null key=0|org.app.calls|76|null|10234: Notification(channel=missed_calls pri=0 contentView=null defaults=0x0 flags=0x10 vis=PRIVATE))
  Snoozed notifications:
`},
	{From: 27, To: 27, Mark: grammar.Composed, Check: says(
		"posted 0|org.app.calls|5|tag with blanks|10234 user 0 id 5 tag tag with blanks importance 4 channel incoming_calls category call vis PUBLIC flags 0x62 full screen absent actions none style  type unknown title Alice intercepted true effective unknown archived unknown enqueued unknown"),
		Text: `Current Notification Manager state:
  Notification List:
    NotificationRecord(0x0a1b2c3d: pkg=org.app.calls user=UserHandle{0} id=5 tag=tag with blanks importance=4 key=0|org.app.calls|5|tag with blanks|10234: Notification(channel=incoming_calls pri=0 contentView=null vibrate=null sound=null defaults=0x0 flags=0x62 color=0x00000000 category=call vis=PUBLIC))
      uid=10234 userId=0
      flags=0x62
      fullscreenIntent=null
      color=0x00000000timeout=unknown
      extras={
        android.title=String (Alice)
      }
      mImportance=HIGH
      mIntercept=true
  mSoundNotificationKey=null
`},
	// 28 and 29 have appImportanceLocked behind the key.
	{From: 28, To: 29, Mark: grammar.Composed, Check: says(
		"posted 10|org.app.calls|5|call|1010234 user 10 id 5 tag call importance 5 channel incoming_calls category call vis PRIVATE flags 0xea full screen present actions Hang up style androidx.core.app.NotificationCompat$CallStyle type 2 title redacted -1 intercepted false effective unknown archived unknown enqueued unknown"),
		Text: `Current Notification Manager state (filtered to org.app.calls):
  Notification List:
    NotificationRecord(0x0246d84f: pkg=org.app.calls user=UserHandle{10} id=5 tag=call importance=5 key=10|org.app.calls|5|call|1010234 appImportanceLocked=false: Notification(channel=incoming_calls pri=2 contentView=null vibrate=null sound=null defaults=0x0 flags=0xea color=0xff2a56c6 category=call actions=1 vis=PRIVATE))
      uid=1010234 userId=10
      opPkg=org.app.calls
      flags=0xea
      fullscreenIntent=PendingIntent{5f3a1b: PendingIntentRecord{9c0d2e org.app.calls startActivity}}
      color=0xff2a56c6timeout=unknown
      actions={
        [0] "Hang up" -> null
        }
      extras={
        android.title=String
        androidx.core.app.extra.COMPAT_TEMPLATE=String (androidx.core.app.NotificationCompat$CallStyle)
        android.callType=Integer (2)
      }
      mImportance=MAX
      mIntercept=false
      mHidden==false
  Lights List:
`},
	// 30 has a shortcut in the header and a line when=.
	{From: 30, To: 30, Mark: grammar.Composed, Check: says(
		"posted 0|org.app.calls|77|null|10234 user 0 id 77 tag  importance 4 channel incoming calls category call vis PRIVATE flags 0xea full screen present actions none style  type unknown title  intercepted false effective unknown archived unknown enqueued 1"),
		Text: `Current Notification Manager state:
  Notification List:
    NotificationRecord(0x0a1b2c3d: pkg=org.app.calls user=UserHandle{0} id=77 tag=null importance=4 key=0|org.app.calls|77|null|10234: Notification(channel=incoming calls shortcut=null contentView=org.app.calls/0x7f0b001c vibrate=default sound=default tick defaults=0xffffffff flags=0xea color=0xff2a56c6 category=call vis=PRIVATE))
      uid=10234 userId=0
      flags=0xea
      fullscreenIntent=PendingIntent{5f3a1b: PendingIntentRecord{9c0d2e org.app.calls startActivity (whitelist: 1d4fa34:+30s0ms)}}
      when=1768102933827
      color=0xff2a56c6
      timeout=unknown
      extras={
        android.title=null
      }
      mImportance=HIGH
      mIntercept=false
      mHidden==false
      mAllowBubble=false
      shortcut=null found valid? false
  mMaxPackageEnqueueRate=5.0
  Enqueued Notification List:
    NotificationRecord(0x0a1b2c3e: pkg=org.app.calls user=UserHandle{0} id=78 tag=null importance=4 key=0|org.app.calls|78|null|10234: Notification(channel=incoming calls shortcut=null contentView=null vibrate=null sound=null defaults=0x0 flags=0x0 color=0x00000000 vis=PRIVATE))
      uid=10234 userId=0
  Snoozed notifications:
`},
	// 31: the lines stand in notification=, the public version beside it. The
	// platform's call style is there; redacted, its name is hidden up to 32.
	{From: 31, To: 32, Mark: grammar.Composed, Check: says(
		"posted 0|org.app.calls|77|null|10234 user 0 id 77 tag  importance 4 channel incoming_calls category call vis PRIVATE flags 0xea full screen present actions Decline:broadcastIntent,Answer:startActivity style unknown type 1 title redacted -1 intercepted false effective unknown archived unknown enqueued unknown"),
		Text: `Current Notification Manager state:
  Notification List:
    NotificationRecord(0x0a1b2c3d: pkg=org.app.calls user=UserHandle{0} id=77 tag=null importance=4 key=0|org.app.calls|77|null|10234: Notification(channel=incoming_calls shortcut=null contentView=null vibrate=null sound=null defaults=0x0 flags=0xea color=0xff2a56c6 category=call actions=2 vis=PRIVATE publicVersion=Notification(channel=null shortcut=null contentView=null vibrate=null sound=null defaults=0x0 flags=0x0 color=0x00000000 vis=SECRET)))
      uid=10234 userId=0
      flags=0xea
      notification=
            fullscreenIntent=PendingIntent{5f3a1b: PendingIntentRecord{9c0d2e org.app.calls startActivity (allowlist: 1d4fa34:+30s0ms/0/NOTIFICATION_SERVICE/NotificationManagerService)}}
            when=1768102933827
            actions={
                [0] "Decline" -> PendingIntent{1: PendingIntentRecord{2 org.app.calls broadcastIntent}}
                [1] "Answer" -> PendingIntent{3: PendingIntentRecord{4 org.app.calls startActivity}}
              }
            extras={
                android.title=String
                android.template=String
                android.callType=Integer (1)
                android.callPerson=Person
                android.answerIntent=PendingIntent (PendingIntent{3: PendingIntentRecord{4 org.app.calls startActivity}})
            }
      publicNotification=
            fullscreenIntent=null
            extras={
                android.title=String
                android.template=String (android.app.Notification$BigTextStyle)
                android.callType=Integer (3)
            }
      stats=SingleNotificationStats{posttimeElapsedMs=24777298}
      mImportance=HIGH
      mIntercept=false
      mHidden==false
  mMaxPackageEnqueueRate=5.0
`},
	// 33: the length of a redacted text, and the template in clear.
	{From: 33, To: 33, Mark: grammar.Composed, Check: says(
		"posted 0|org.app.calls|77|null|10234 user 0 id 77 tag  importance 4 channel incoming_calls category call vis PRIVATE flags 0xea full screen present actions none style android.app.Notification$CallStyle type 1 title redacted 5 intercepted false effective unknown archived 0 enqueued unknown"),
		Text: `Current Notification Manager state:
  Notification List:
    NotificationRecord(0x0a1b2c3d: pkg=org.app.calls user=UserHandle{0} id=77 tag=null importance=4 key=0|org.app.calls|77|null|10234: Notification(channel=incoming_calls shortcut=null contentView=null vibrate=null sound=null defaults=0x0 flags=0xea color=0xff2a56c6 category=call vis=PRIVATE))
      uid=10234 userId=0
      flags=0xea
      originalFlags=0x88
      notification=
            fullscreenIntent=PendingIntent{5f3a1b: PendingIntentRecord{9c0d2e org.app.calls startActivity}}
            extras={
                android.title=String [length=5]
                android.template=String (android.app.Notification$CallStyle)
                android.callType=Integer (1)
            }
      publicNotification=
            None
      mImportance=HIGH
      mIntercept=false
  mArchive=Archive (0 notifications)
  Snoozed notifications:
`},
	// 34: the system takes a full-screen intent that the user did not allow, and
	// leaves the mark 0x4000; vis= has a line.
	{From: 34, To: 34, Mark: grammar.Composed, Check: says(
		"posted 0|org.app.calls|77|null|10234 user 0 id 77 tag  importance 4 channel incoming_calls category call vis PUBLIC flags 0x406a full screen denied actions none style  type unknown title redacted 5 intercepted unknown effective unknown archived unknown enqueued unknown"),
		Text: `Current Notification Manager state:
  Notification List:
    NotificationRecord(0x0a1b2c3d: pkg=org.app.calls user=UserHandle{0} id=77 tag=null importance=4 key=0|org.app.calls|77|null|10234: Notification(channel=incoming_calls shortcut=null contentView=null vibrate=null sound=null defaults=0x0 flags=0x406a color=0xff2a56c6 category=call vis=PUBLIC))
      uid=10234 userId=0
      flags=0x406a
      originalFlags=0x80
      notification=
            fullscreenIntent=null
            contentIntent=PendingIntent{5f3a1b: PendingIntentRecord{9c0d2e org.app.calls startActivity}}
            vis=1
            timeout=unknown
            extras={
                android.title=String [length=5]
            }
      publicNotification=
            None
      mImportance=HIGH
      mProposedImportance=UNSPECIFIED
      mSensitiveContent=false
  mMaxPackageEnqueueRate=5.0
`},
	// 35 writes the flags as words, 36 has new ones; what has no bit is kept.
	{From: 35, To: 36, Mark: grammar.Composed, Check: says(
		"posted 0|org.app.calls|77|null|10234 user 0 id 77 tag  importance 4 channel incoming_calls category call vis PUBLIC flags 0x62062 full screen present actions none style android.app.Notification$CallStyle type 1 title Alice intercepted false effective unknown archived unknown enqueued unknown"),
		Text: `Current Notification Manager state:
  Notification List:
    NotificationRecord(0x0a1b2c3d: pkg=org.app.calls user=UserHandle{0} id=77 tag=null importance=4 key=0|org.app.calls|77|null|10234: Notification(channel=incoming_calls shortcut=null contentView=null vibrate=null sound=null defaults=0 flags=ONGOING_EVENT|NO_CLEAR|FOREGROUND_SERVICE|NO_DISMISS|SILENT|PROMOTED_ONGOING color=0x00000000 category=call vis=PUBLIC))
      uid=10234 userId=0
      flags=ONGOING_EVENT|NO_CLEAR|FOREGROUND_SERVICE|NO_DISMISS|SILENT|PROMOTED_ONGOING
      groupKey=0|org.app.calls|g:Aggregate_AlertingSection
      notification=
            fullscreenIntent=PendingIntent{5f3a1b: PendingIntentRecord{9c0d2e org.app.calls startActivity}}
            when=1768101077338/1768101077338
            vis=1
            timeout=PT0S
            extras={
                android.title=String (Alice)
                android.template=String (android.app.Notification$CallStyle)
                android.callType=Integer (1)
            }
      publicNotification=
            None
      mImportance=HIGH
      mIntercept=false
      hasSummarization=false
      bundleType=0
  Notification attention state:
`},
	{From: 35, To: 36, Mark: grammar.Composed, Check: says(
		"posted 0|org.app.calls|77|null|10234 user 0 id 77 tag  importance 4 channel incoming_calls category call vis PUBLIC flags 0x4080 full screen denied actions none style  type unknown title unknown intercepted unknown effective unknown archived unknown enqueued unknown"),
		Text: `Current Notification Manager state:
  Notification List:
    NotificationRecord(0x0a1b2c3d: pkg=org.app.calls user=UserHandle{0} id=77 tag=null importance=4 key=0|org.app.calls|77|null|10234: Notification(channel=incoming_calls shortcut=null contentView=null vibrate=null sound=null defaults=0 flags=HIGH_PRIORITY|FSI_REQUESTED_BUT_DENIED color=0x00000000 category=call vis=PUBLIC))
      notification=
            fullscreenIntent=null
            extras={
            }
  mMaxPackageEnqueueRate=5.0
`},
	// Makers: Samsung's words before the last brackets and dates behind times.
	{From: 33, To: 36, Maker: "Samsung", Mark: grammar.Composed, Check: says(
		"posted 0|org.app.calls|77|null|10234 user 0 id 77 tag  importance 4 channel incoming_calls category call vis PRIVATE flags 0xe2 full screen present actions none style unknown type unknown title unknown intercepted unknown effective unknown archived unknown enqueued unknown"),
		Text: `Current Notification Manager state:
  Notification List:
    NotificationRecord(0x0a1b2c3d: pkg=org.app.calls user=UserHandle{0} id=77 tag=null importance=4 key=0|org.app.calls|77|null|10234: Notification(channel=incoming_calls shortcut=null contentView=null vibrate=null sound=null defaults=0x0 flags=0xe2 color=0xff2a56c6 category=call vis=PRIVATE semFlags=0x1000 semPriority=0 semMissedCount=0))
      flags=0xe2
      notification=
            fullscreenIntent=PendingIntent{5f3a1b: PendingIntentRecord{9c0d2e org.app.calls startActivity}}
      mRankingTimeMs=1768102933829(2026-03-25 18:03:06.531-0300)
      parcelDataSize=4096
  mMaxPackageEnqueueRate=5.0
`},
	{From: 34, To: 36, Maker: "Xiaomi", Mark: grammar.Composed, Check: says(
		"posted 0|org.app.calls|77|null|10234 user 0 id 77 tag  importance 4 channel incoming_calls category call vis PRIVATE flags 0xe2 full screen absent actions none style unknown type unknown title unknown intercepted unknown effective unknown archived unknown enqueued unknown"),
		Text: `Current Notification Manager state:
  Notification List:
    NotificationRecord(0x0a1b2c3d: pkg=org.app.calls user=UserHandle{0} id=77 tag=null importance=4 key=0|org.app.calls|77|null|10234 bbbc=2: Notification(channel=incoming_calls shortcut=null contentView=null vibrate=null sound=null defaults=0x0 flags=0xe2 color=0xff2a56c6 category=call vis=PRIVATE focusType=PARAMS))
      flags=0xe2
      notification=
            fullscreenIntent=null
      mLastAudiblyAlertedMs=0
      mBuzzBeepBlinkCode=0
  mMaxPackageEnqueueRate=5.0
`},
	{From: 34, To: 35, Maker: "vivo", Mark: grammar.Composed, Check: says(
		"posted 0|org.app.calls|77|null|10234 user 0 id 77 tag  importance 4 channel incoming_calls category call vis PRIVATE flags 0xe2 full screen present actions none style unknown type unknown title unknown intercepted false effective unknown archived unknown enqueued unknown"),
		Text: `Current Notification Manager state:
  Notification List:
    NotificationRecord(0x0a1b2c3d: pkg=org.app.calls user=UserHandle{0} id=77 tag=null importance=4 key=0|org.app.calls|77|null|10234: Notification(channel=incoming_calls shortcut=null contentView=null vibrate=null sound=null defaults=0x0 flags=0xe2 color=0xff2a56c6 category=call vis=PRIVATE internalType=0 internalPriority=0 internalGroupPriority=0 internalFlag=0))
      flags=0xe2
      notification=
            fullscreenIntent=PendingIntent{5f3a1b: PendingIntentRecord{9c0d2e org.app.calls startActivity}}
      mIntercept=false
      sbn=StatusBarNotification(pkg=org.app.calls user=UserHandle{0} id=77 tag=null key=0|org.app.calls|77|null|10234: Notification(channel=other shortcut=null flags=0x0 category=alarm vis=SECRET))
  mMaxPackageEnqueueRate=5.0
`},
	// Parts of real dumps: what is in them is posted, and no list is whole.
	{From: 36, To: 36, Maker: "Google", Mark: grammar.Captured, File: "notification/002-a16-pixel-noredact-usb-ongoing.txt", Check: says(
		"partial -1|android|27|null|1000 user -1 id 27 tag  importance 1 channel USB category  vis PUBLIC flags 0x802 full screen absent actions none style  type unknown title USB file transfer turned on intercepted false effective USB/1/false/-1000/content://settings/system/notification_sound archived unknown enqueued unknown")},
	{From: 33, To: 33, Maker: "Samsung", Mark: grammar.Captured, File: "notification/007-a13-samsung-redacted-system-tasker-play.txt", Check: says(
		"partial -1|android|62|null|1000 user -1 id 62 tag  importance 4 channel DEVELOPER_IMPORTANT category  vis PUBLIC flags 0x2 full screen absent")},
	{From: 34, To: 34, Maker: "Xiaomi", Mark: grammar.Captured, File: "notification/011-a14-hyperos2-pad6-redacted.txt", Check: says(
		"partial 0|org.telegram.messenger|971388197|null|10290 user 0 id 971388197 tag  importance 4 channel 0channel_groups_b9fad_5955743330845058321 category msg")},
}

// says compares the first record, in words, with what a person sees in it.
func says(want string) func(testing.TB, []byte) {
	return func(t testing.TB, in []byte) {
		f, _ := Parse(in)
		if got := inWords(f); !strings.HasPrefix(got, want) {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
}

func inWords(f Facts) string {
	list, which := f.Posted, "posted"
	if !list.Known() {
		list, which = f.Partial, "partial"
	}
	if len(list.Or(nil)) == 0 {
		return "no record"
	}
	r := list.Or(nil)[0]
	actions := "unknown"
	if all, ok := r.Actions.Get(); ok {
		actions = "none"
		for i, a := range all {
			if i == 0 {
				actions = ""
			} else {
				actions += ","
			}
			actions += a.Title
			if a.Starts != "" {
				actions += ":" + a.Starts
			}
		}
	}
	title := "unknown"
	if w, ok := r.Title.Get(); ok {
		if title = w.Value; w.Redacted {
			title = fmt.Sprintf("redacted %d", w.Length)
		}
	}
	callType := "unknown"
	if c, ok := r.CallType.Get(); ok {
		callType = fmt.Sprint(int(c))
	}
	channel := "unknown"
	if c, ok := r.Effective.Get(); ok {
		channel = fmt.Sprintf("%s/%d/%v/%v/%v", c.ID, c.Importance.Or(-1), c.BypassDND, c.Lockscreen, c.Sound)
	}
	size := func(known bool, n int) string {
		if !known {
			return "unknown"
		}
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s %s user %d id %v tag %v importance %d channel %v category %v vis %v flags 0x%x full screen %v actions %s style %v type %s title %s intercepted %v effective %s archived %s enqueued %s",
		which, r.Key, r.UserID, r.ID, r.Tag, r.Importance.Or(-1), r.Channel, r.Category, r.Visibility, uint32(r.Flags.Or(0)), r.FullScreen, actions, r.Template, callType, title, r.Intercepted, channel,
		size(f.Archive.Known(), len(f.Archive.Or(nil))), size(f.Enqueued.Known(), len(f.Enqueued.Or(nil))))
}
