package render

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// Notification is `dumpsys notification` (NotificationManagerService.dumpImpl and
// NotificationRecord.dump of Android 14). noredact is --noredact; pkg filters,
// "" = all.
func Notification(d *android.Device, noredact bool, pkg string) string {
	n := &notificationPage{d: d, clear: noredact}
	head := "Current Notification Manager state"
	if pkg != "" {
		head += " (filtered to package filter: {" + pkg + "})"
	}
	n.put(head + ":")
	n.level = 1
	posted := n.only(d.Notifications.Posted(), pkg)
	if len(posted) > 0 {
		n.ln("Notification List:")
		for _, r := range posted {
			n.record(r)
		}
		n.ln("")
	}
	n.ln("mMaxPackageEnqueueRate=5.0")
	n.ln("hideSilentStatusBar=false")
	n.ln("mCallNotificationEventCallbacks=[]")
	n.raw("    Lights List:\n")
	n.ln("mInCall=%t", d.Telecom.Foreground() != nil)
	n.ln("mCallState=CALL_STATE_IDLE")
	n.ln("mDisableNotificationEffects=false")
	n.ln("mSystemReady=true")
	n.ln("mMaxPackageEnqueueRate=5.0")
	archive := n.only(d.Notifications.Archive(), pkg)
	n.ln("mArchive=Archive (%d notifications)", len(archive))
	for i := len(archive) - 1; i >= 0; i-- {
		n.raw("    " + StatusBarNotification(archive[i]) + "\n")
	}
	if enqueued := n.only(d.Notifications.Enqueued(), pkg); len(enqueued) > 0 {
		n.ln("Enqueued Notification List:")
		for _, r := range enqueued {
			n.record(r)
		}
		n.ln("")
	}
	n.ln("Snoozed notifications:")
	n.raw("    mSnoozedNotifications count = 0\n")
	n.ln("Usage Stats:")
	n.raw("    Disabled\n")
	n.ln("")
	n.ln("Ranking Config:")
	n.raw("    mSignalExtractors.length = 11\n")
	n.ln("Notification Preferences:")
	n.preferences(pkg)
	n.ln("Notification attention state:")
	n.ln("Notification listeners:")
	n.raw("    Allowed notification listeners:\n    All notification listeners (0) enabled for current profiles:\n")
	n.ln("Zen Mode:")
	n.raw("    mInterruptionFilter=" + strconv.Itoa(interruptionFilter(d)) + "\n    mZenMode=" + zenName(d) + "\n    mDefaultConfig=ZenModeConfig[user=0,allowAlarms=true,allowMedia=true,allowCalls=true]\n")
	n.ln("Group summaries:")
	return n.String()
}

func zenName(d *android.Device) string {
	names := []string{"ZEN_MODE_OFF", "ZEN_MODE_IMPORTANT_INTERRUPTIONS", "ZEN_MODE_NO_INTERRUPTIONS", "ZEN_MODE_ALARMS"}
	return names[min(max(d.Settings.Int(android.Global, "zen_mode", 0), 0), 3)]
}

func interruptionFilter(d *android.Device) int {
	return []int{1, 2, 3, 4}[min(max(d.Settings.Int(android.Global, "zen_mode", 0), 0), 3)]
}

// NotificationRecord is `cmd notification get KEY`.
func NotificationRecord(d *android.Device, r *android.NotificationRecord) string {
	n := &notificationPage{d: d, clear: false}
	n.record(r)
	return n.String()
}

type notificationPage struct {
	page
	d     *android.Device
	clear bool
}

func (n *notificationPage) only(list []*android.NotificationRecord, pkg string) []*android.NotificationRecord {
	if pkg == "" {
		return list
	}
	var out []*android.NotificationRecord
	for _, r := range list {
		if r.Package == pkg {
			out = append(out, r)
		}
	}
	return out
}

func tag(r *android.NotificationRecord) string {
	if !r.HasTag {
		return "null"
	}
	return r.Tag
}

var visibilities = map[int]string{-1: "SECRET", 0: "PRIVATE", 1: "PUBLIC"}

// notificationText is Notification.toString: flags are hex up to this release.
func notificationText(r *android.NotificationRecord) string {
	x := r.Notification
	s := fmt.Sprintf("Notification(channel=%s shortcut=null contentView=null vibrate=null sound=null defaults=0x0 flags=0x%x color=0x%08x", x.ChannelID, x.Flags, x.Color)
	if x.Category != "" {
		s += " category=" + x.Category
	}
	if a := r.Actions(); len(a) > 0 {
		s += fmt.Sprintf(" actions=%d", len(a))
	}
	return s + " vis=" + visibilities[x.Visibility] + ")"
}

// StatusBarNotification is StatusBarNotification.toString, as the archive has it.
func StatusBarNotification(r *android.NotificationRecord) string {
	return fmt.Sprintf("StatusBarNotification(pkg=%s user=UserHandle{%d} id=%d tag=%s key=%s: %s)", r.Package, r.UserID, r.ID, tag(r), r.Key, notificationText(r))
}

var importanceWords = map[android.Importance]string{
	android.ImportanceUnspecified: "UNSPECIFIED", android.ImportanceNone: "NONE", android.ImportanceMin: "MIN",
	android.ImportanceLow: "LOW", android.ImportanceDefault: "DEFAULT", android.ImportanceHigh: "HIGH", android.ImportanceMax: "MAX",
}

func (n *notificationPage) record(r *android.NotificationRecord) {
	x := r.Notification
	h := r.Hash
	for len(h) < 8 {
		h = "0" + h
	}
	n.raw(fmt.Sprintf("    NotificationRecord(0x%s: pkg=%s user=UserHandle{%d} id=%d tag=%s importance=%d key=%s: %s)\n",
		h, r.Package, r.UserID, r.ID, tag(r), r.Importance, r.Key, notificationText(r)))
	n.level = 3
	defer func() { n.level = 1 }()
	n.ln("uid=%d userId=%d", r.UID, r.UserID)
	n.ln("opPkg=%s", r.OpPkg)
	n.ln("icon=Icon(typ=RESOURCE pkg=%s id=0x7f080064)", r.Package)
	n.ln("flags=0x%x", x.Flags)
	n.ln("originalFlags=0x%x", r.OriginalFlags)
	n.ln("pri=0")
	n.ln("key=%s", r.Key)
	n.ln("seen=%t", r.Seen)
	n.ln("groupKey=%s", r.Key)
	n.ln("notification=")
	n.level = 6
	n.ln("fullscreenIntent=%s", PendingIntent(n.d, x.FullScreenIntent))
	n.ln("contentIntent=%s", PendingIntent(n.d, x.ContentIntent))
	n.ln("deleteIntent=%s", PendingIntent(n.d, x.DeleteIntent))
	n.ln("number=0")
	n.ln("groupAlertBehavior=0")
	when := x.When
	if when.IsZero() {
		when = r.Created
	}
	n.ln("when=%d", millis(when))
	n.ln("tickerText=null")
	n.ln("vis=%d", x.Visibility)
	n.ln("contentView=null")
	n.ln("bigContentView=null")
	n.ln("headsUpContentView=null")
	n.ln("color=0x%08x", x.Color)
	n.ln("timeout=unknown")
	if actions := r.Actions(); len(actions) > 0 {
		n.ln("actions={")
		n.level = 8
		for i, a := range actions {
			n.ln("[%d] %q -> %s", i, a.Title, PendingIntent(n.d, a.Intent))
		}
		n.level = 7
		n.ln("}")
		n.level = 6
	}
	n.ln("extras={")
	n.level = 8
	n.extras(r)
	n.level = 6
	n.ln("}")
	n.level = 3
	n.ln("publicNotification=")
	n.raw("            None\n")
	n.tail(r)
}

func (n *notificationPage) tail(r *android.NotificationRecord) {
	word := importanceWords[r.Importance]
	noisy := r.Importance >= android.ImportanceDefault
	interruption := r.Interruption
	if interruption.IsZero() {
		interruption = r.Created
	}
	n.ln("stats=SingleNotificationStats{posttimeElapsedMs=%d, posttimeToFirstClickMs=-1, posttimeToDismissMs=-1, airtimeCount=0, airtimeMs=0, currentAirtimeStartElapsedMs=-1, airtimeExpandedMs=0, posttimeToFirstVisibleExpansionMs=-1, currentAirtimeExpandedStartElapsedMs=-1, requestedImportance=3, naturalImportance=%d, isNoisy=%t}",
		(n.d.Elapsed() - n.d.Now().Sub(r.Updated)).Milliseconds(), r.Importance, noisy)
	n.ln("mContactAffinity=0.0")
	n.ln("mRecentlyIntrusive=%t", noisy)
	n.ln("mPackagePriority=0")
	n.ln("mPackageVisibility=-1000")
	n.ln("mSystemImportance=UNSPECIFIED")
	n.ln("mAsstImportance=UNSPECIFIED")
	n.ln("mImportance=%s", word)
	n.ln("mImportanceExplanation=app")
	n.ln("mProposedImportance=UNSPECIFIED")
	n.ln("mIsAppImportanceLocked=false")
	n.ln("mSensitiveContent=false")
	n.ln("mIntercept=%t", r.Intercept)
	n.ln("mHidden==false")
	n.ln("mGlobalSortKey=crtcl=0x0001:intrsv=%s:grnk=0x0000:gsmry=1:gsk=:rnk=0x0000", yes(noisy))
	n.ln("mRankingTimeMs=%d", millis(r.Created))
	n.ln("mCreationTimeMs=%d", millis(r.Created))
	n.ln("mVisibleSinceMs=0")
	n.ln("mUpdateTimeMs=%d", millis(r.Updated))
	n.ln("mInterruptionTimeMs=%d", millis(interruption))
	n.ln("mSuppressedVisualEffects= %d", map[bool]int{true: 157}[r.Intercept])
	sound := "null"
	if r.Channel != nil && r.Channel.Sound != "" {
		sound = r.Channel.Sound
	}
	n.ln("mSound= %s", sound)
	n.ln("mVibration= null")
	n.ln("mAttributes= AudioAttributes: usage=USAGE_NOTIFICATION content=CONTENT_TYPE_SONIFICATION flags=0x800 tags= bundle=null")
	n.ln("mLight= null")
	n.ln("mShowBadge=true")
	n.ln("mColorized=false")
	n.ln("mAllowBubble=false")
	n.ln("isBubble=false")
	n.ln("mIsInterruptive=%t", noisy)
	n.ln("effectiveNotificationChannel=%s", channel(r.Channel))
	n.ln("mAdjustments=[]")
	n.ln("shortcut=null found valid? false")
	n.ln("mUserVisOverride=-1000")
}

// channel is NotificationChannel.toString.
func channel(c *android.Channel) string {
	if c == nil {
		return "null"
	}
	sound := c.Sound
	if sound == "" {
		sound = "null"
	}
	return fmt.Sprintf("NotificationChannel{mId='%s', mName=%s, mDescription=%s, mImportance=%d, mBypassDnd=%t, mLockscreenVisibility=%d, mSound=%s, mLights=false, mLightColor=0, mVibration=null, mUserLockedFields=0, mUserVisibleTaskShown=false, mVibrationEnabled=%t, mShowBadge=%t, mDeleted=false, mDeletedTimeMs=-1, mGroup='null', mAudioAttributes=AudioAttributes: usage=USAGE_NOTIFICATION content=CONTENT_TYPE_SONIFICATION flags=0x800 tags= bundle=null, mBlockableSystem=false, mAllowBubbles=-1, mImportanceLockedDefaultApp=false, mOriginalImp=%d, mParent=null, mConversationId=null, mDemoted=false, mImportantConvo=false}",
		c.ID, c.Name, c.Description, c.Importance, c.BypassDND, c.Visibility, sound, c.Vibration, c.ShowBadge, c.Importance)
}

// PendingIntent is PendingIntent.toString with the record behind it.
func PendingIntent(d *android.Device, pi *android.PendingIntent) string {
	if pi == nil {
		return "null"
	}
	return fmt.Sprintf("PendingIntent{%s: PendingIntentRecord{%s %s %s (allowlist: %s:+30s0ms/0/NOTIFICATION_SERVICE/NotificationManagerService)}}",
		pi.Hash, pi.RecordHash, pi.Package, pi.Kind, hash(d, "notification allowlist token"))
}

// extras prints the bundle: strings are hidden unless --noredact was given, the
// template's name is not (NotificationRecord.dumpNotification, 33 and newer).
func (n *notificationPage) extras(r *android.NotificationRecord) {
	x := r.Notification
	text := func(key, value string) {
		switch {
		case value == "":
			n.ln("%s=null", key)
		case n.clear || key == "android.template":
			n.ln("%s=String (%s)", key, value)
		default:
			n.ln("%s=String [length=%d]", key, len(utf16.Encode([]rune(value))))
		}
	}
	text("android.title", x.Title)
	n.ln("android.reduced.images=Boolean (true)")
	text("android.subText", "")
	if x.CallStyle != nil {
		c := x.CallStyle
		text("android.template", android.TemplateCallStyle)
		n.ln("android.callType=Integer (%d)", c.Type)
		n.ln("android.callIsVideo=Boolean (%t)", c.Video)
		n.ln("android.callPerson=Person (android.app.Person@%s)", hash(n.d, "person "+c.Person))
		for _, e := range []struct {
			key string
			pi  *android.PendingIntent
		}{{"android.answerIntent", c.AnswerIntent}, {"android.declineIntent", c.DeclineIntent}, {"android.hangUpIntent", c.HangUpIntent}} {
			if e.pi != nil {
				n.ln("%s=PendingIntent (%s)", e.key, PendingIntent(n.d, e.pi))
			}
		}
	}
	n.ln("android.showChronometer=Boolean (false)")
	text("android.text", x.Text)
	n.ln("android.progress=Integer (0)")
	n.ln("android.progressMax=Integer (0)")
	n.ln("android.appInfo=ApplicationInfo (ApplicationInfo{%s %s})", hash(n.d, "appinfo "+r.Package), r.Package)
	n.ln("android.showWhen=Boolean (true)")
	n.ln("android.largeIcon=null")
	n.ln("android.infoText=null")
	n.ln("android.progressIndeterminate=Boolean (false)")
	n.ln("android.remoteInputHistory=null")
	for _, key := range x.Extras.Keys() {
		switch v := x.Extras[key].(type) {
		case string:
			text(key, v)
		case bool:
			n.ln("%s=Boolean (%t)", key, v)
		case int, int64:
			n.ln("%s=Integer (%d)", key, v)
		case nil:
			n.ln("%s=null", key)
		default:
			n.ln("%s=Bundle (%v)", key, v)
		}
	}
}

// preferences are PreferencesHelper.dump: the packages that have channels.
func (n *notificationPage) preferences(filter string) {
	n.raw("    per-package config version: 4\n    PackagePreferences:\n")
	for _, p := range n.d.Packages.All() {
		channels := n.d.Notifications.Channels(p.Name)
		if len(channels) == 0 || filter != "" && filter != p.Name {
			continue
		}
		importance := "UNSPECIFIED"
		if n.d.AppOps.Effective(p, "POST_NOTIFICATION") != android.OpAllow {
			importance = "NONE"
		}
		n.raw(fmt.Sprintf("      AppSettings: %s (%d) importance=%s userSet=false\n", p.Name, p.UID, importance))
		for _, c := range channels {
			n.raw("        " + channel(c) + "\n")
		}
	}
	n.raw("    Restored without uid:\n")
}

// NotificationList is `cmd notification list`: one key a line.
func NotificationList(d *android.Device) string {
	var b strings.Builder
	for _, r := range d.Notifications.Posted() {
		b.WriteString(r.Key + "\n")
	}
	return b.String()
}
