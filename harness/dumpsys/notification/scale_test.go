package notification

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/readertest"
)

// record is one notification as API 34 prints it, with all lines that a phone
// prints of an ordinary one.
func record(i int) string {
	pkg, id := fmt.Sprintf("com.example.app%d", i%97), i
	h := fmt.Sprintf("pkg=%s user=UserHandle{0} id=%d tag=null importance=3 key=0|%s|%d|null|10%03d", pkg, id, pkg, id, i%900)
	return "    NotificationRecord(0x0" + fmt.Sprintf("%07x", i) + ": " + h + `: Notification(channel=messages shortcut=null contentView=null vibrate=null sound=null defaults=0x0 flags=0x62 color=0xff21c063 category=msg actions=2 vis=PRIVATE publicVersion=Notification(channel=null shortcut=null contentView=null vibrate=null sound=null defaults=0x0 flags=0x0 color=0x00000000 vis=PRIVATE)))
      uid=10` + fmt.Sprintf("%03d", i%900) + ` userId=0
      opPkg=` + pkg + `
      icon=Icon(typ=RESOURCE pkg=` + pkg + ` id=0x7f0801ad)
      flags=0x62
      originalFlags=0x2
      pri=0
      key=` + h[strings.Index(h, "key=")+4:] + `
      seen=true
      groupKey=0|` + pkg + `|g:messages
      notification=
            fullscreenIntent=null
            contentIntent=PendingIntent{a2c5bdc: PendingIntentRecord{97b54da ` + pkg + ` startActivity (allowlist: 1d4fa34:+30s0ms/0/NOTIFICATION_SERVICE/NotificationManagerService)}}
            deleteIntent=PendingIntent{642aa6b: PendingIntentRecord{9819cff ` + pkg + ` broadcastIntent}}
            number=0
            groupAlertBehavior=0
            when=1768102933827
            tickerText=Somebod...
            vis=0
            contentView=null
            bigContentView=null
            headsUpContentView=null
            color=0xff21c063
            timeout=unknown
            actions={
                [0] "Reply" -> PendingIntent{5f3a1b: PendingIntentRecord{9c0d2e ` + pkg + ` startService}}
                [1] "Mark as read" -> PendingIntent{5f3a1c: PendingIntentRecord{9c0d2f ` + pkg + ` broadcastIntent}}
              }
            extras={
                android.title=String [length=5]
                android.reduced.images=Boolean (true)
                android.subText=null
                android.template=String (android.app.Notification$BigTextStyle)
                android.showChronometer=Boolean (false)
                android.text=SpannableString [length=36]
                android.progress=Integer (0)
                android.progressMax=Integer (0)
                android.appInfo=ApplicationInfo (ApplicationInfo{10854e5 ` + pkg + `})
                android.showWhen=Boolean (true)
                android.largeIcon=Icon (Icon(typ=BITMAP size=128x128))
                android.bigText=SpannableString [length=36]
                android.progressIndeterminate=Boolean (false)
                android.remoteInputHistory=null
            }
      publicNotification=
            None
      stats=SingleNotificationStats{posttimeElapsedMs=24777298, posttimeToFirstClickMs=-1, posttimeToDismissMs=-1, airtimeCount=0, airtimeMs=0, currentAirtimeStartElapsedMs=-1, airtimeExpandedMs=0, posttimeToFirstAirtimeMs=-1}
      mContactAffinity=0.0
      mRecentlyIntrusive=false
      mPackagePriority=0
      mPackageVisibility=-1000
      mSystemImportance=UNSPECIFIED
      mAsstImportance=UNSPECIFIED
      mImportance=DEFAULT
      mImportanceExplanation=app
      mIsAppImportanceLocked=false
      mIntercept=false
      mHidden==false
      mGlobalSortKey=crtcl=0x0002:intrsv=2:grnk=0x0002:gsmry=1:nsk:rnk=0x0002
      mRankingTimeMs=1768102933829
      mCreationTimeMs=1768102933829
      mVisibleSinceMs=0
      mUpdateTimeMs=1768102933829
      mInterruptionTimeMs=1768102934045
      mSuppressedVisualEffects= 0
      mSound= content://settings/system/notification_sound
      mVibration= null
      mAttributes= AudioAttributes: usage=USAGE_NOTIFICATION content=CONTENT_TYPE_SONIFICATION flags=0x800(FLAG_MUTE_HAPTIC)  tags= bundle=null
      mLight= null
      mShowBadge=false
      mColorized=false
      mAllowBubble=false
      isBubble=false
      mIsInterruptive=true
      effectiveNotificationChannel=NotificationChannel{mId='messages', mName=Messages, mDescription=, hasDescription, mImportance=3, mBypassDnd=false, mLockscreenVisibility=-1000, mSound=content://settings/system/notification_sound, mLights=false, mLightColor=0, mVibrationPattern=null, mUserLockedFields=0, mUserVisibleTaskShown=false, mVibrationEnabled=false, mShowBadge=false, mDeleted=false, mDeletedTimeMs=-1, mGroup='null', mAudioAttributes=AudioAttributes: usage=USAGE_NOTIFICATION content=CONTENT_TYPE_SONIFICATION flags=0x800(FLAG_MUTE_HAPTIC)  tags= bundle=null, mBlockableSystem=false, mImportanceLockedByCriticalDeviceFunction=false}
`
}

func generated(size int) []byte {
	return readertest.Text(size, "Current Notification Manager state:\n  Notification List:\n", record, "  \n  mMaxPackageEnqueueRate=5.0\n")
}

func BenchmarkRatio(b *testing.B) { readertest.Ratio(b, readertest.Of(Parse), generated) }

func TestMemory(t *testing.T) { readertest.Memory(t, readertest.Of(Parse), generated) }

func TestGenerated(t *testing.T) {
	f := parse(t, string(generated(100<<10)))
	all := f.Posted.Or(nil)
	if len(all) < 15 || len(all[7].Actions.Or(nil)) != 2 || all[7].Template.String() != "android.app.Notification$BigTextStyle" || all[7].Package != "com.example.app7" {
		t.Errorf("%d records: %+v", len(all), all)
	}
}

func TestLinear(t *testing.T) {
	list := "Current Notification Manager state:\n  Notification List:\n"
	head := "    NotificationRecord(0x1: pkg=a user=UserHandle{0} id=1 tag=null importance=3 key=0|a|1|null|10000: Notification(channel=c shortcut=null flags=0x0 vis=PRIVATE))\n"
	readertest.Linear(t, readertest.Of(Parse), readertest.Hostile(map[string]string{
		"nothing":   "",
		"list":      list,
		"header":    list + "    NotificationRecord(0x1: pkg=a user=UserHandle{0} id=1 tag=",
		"inside":    list + "    NotificationRecord(0x1: pkg=a user=UserHandle{0} id=1 tag=null importance=3 key=0|a|1|null|10000: Notification(channel=",
		"block":     list + head,
		"actions":   list + head + "      actions={\n",
		"extras":    list + head + "      extras={\n        android.title=String (",
		"archive":   list + "  mArchive=Archive (9 notifications)\n",
		"no header": "  mArchive=\n",
	}, "NotificationRecord(", "    NotificationRecord(0x1: pkg=a user=UserHandle{0} id=1 tag=\n", " key=0|a|", " importance=", " x=1", "publicVersion=Notification(", " flags=", "[0] \"", " -> ",
		"    StatusBarNotification(pkg=a user=UserHandle{0} id=1 tag=null key=0|a|1|null|1: Notification(channel=c pri=0))\n", "  Notification List:\n", head))
}
