package render

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// Notification is `dumpsys notification` (NotificationManagerService.dumpImpl and
// NotificationRecord.dump), after captures of 13 to 16; what changed before 13 is
// from the sources. noredact is --noredact; pkg filters,
// "" = all.
func Notification(d *android.Device, noredact bool, pkg string) string {
	n := &notificationPage{page: *of(d), d: d, clear: noredact}
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
	if n.api >= 35 {
		n.ln("mMaxPackageEnqueueRate=5.0")
		n.ln("hideSilentStatusBar=false")
		n.ln("")
		n.ln("Notification attention state:")
		n.level += 2
	} else {
		n.since(31, "mUseAttentionLight=false")
		n.ln("mHasLight=true")
	}
	n.ln("mSoundNotificationKey=null")
	n.ln("mVibrateNotificationKey=null")
	n.ln("mDisableNotificationEffects=false")
	n.ln("mCallState=CALL_STATE_IDLE")
	n.ln("mSystemReady=true")
	if n.api >= 35 {
		n.ln("mNotificationPulseEnabled=true")
		n.level -= 2
	} else {
		n.ln("mMaxPackageEnqueueRate=5.0")
		n.since(29, "hideSilentStatusBar=false")
	}
	archive := n.only(d.Notifications.Archive(), pkg)
	n.ln("mArchive=Archive (%d notifications)", len(archive))
	for i := len(archive) - 1; i >= 0; i-- {
		n.raw("    " + StatusBarNotification(d, archive[i]) + "\n")
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
	n.ln("Ranking Config:")
	n.raw("    mSignalExtractors.length = 11\n")
	if n.api >= 29 {
		n.ln("Notification Preferences:")
	}
	n.preferences(pkg)
	n.ln("Notification listeners:")
	n.raw("    Allowed notification listeners:\n    All notification listeners (0) enabled for current profiles:\n")
	n.ln("Zen Mode:")
	n.raw("    mInterruptionFilter=" + strconv.Itoa(interruptionFilter(d)) + "\n    mZenMode=" + zenName(d) + "\n    mDefaultConfig=ZenModeConfig[user=0,allowAlarms=true,allowMedia=true,allowCalls=true]\n")
	n.ln("Group summaries:")
	n.ln("Usage Stats:")
	n.raw("    Disabled\n")
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
	n := &notificationPage{page: *of(d), d: d, clear: false}
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

// flagWords are Notification.FLAG_*, as 35 and newer print them.
var flagWords = []token{
	{0x1, "SHOW_LIGHTS"}, {0x2, "ONGOING_EVENT"}, {0x4, "INSISTENT"}, {0x8, "ONLY_ALERT_ONCE"}, {0x10, "AUTO_CANCEL"}, {0x20, "NO_CLEAR"},
	{0x40, "FOREGROUND_SERVICE"}, {0x80, "HIGH_PRIORITY"}, {0x100, "LOCAL_ONLY"}, {0x200, "GROUP_SUMMARY"}, {0x400, "AUTOGROUP_SUMMARY"},
	{0x800, "CAN_COLORIZE"}, {0x1000, "BUBBLE"}, {0x2000, "NO_DISMISS"}, {0x4000, "FSI_REQUESTED_BUT_DENIED"}, {0x8000, "USER_INITIATED_JOB"},
}

// flagText is how a release prints a notification's flags: words since 15.
func flagText(d *android.Device, flags uint32) string {
	if !d.Release.TextualFlags {
		return fmt.Sprintf("0x%x", flags)
	}
	if flags == 0 {
		return "0"
	}
	return strings.ReplaceAll(strings.TrimPrefix(tokens(flags, flagWords), " "), " ", "|")
}

// notificationText is Notification.toString.
func notificationText(d *android.Device, r *android.NotificationRecord) string {
	x := r.Notification
	extra, defaults := "", "0x0"
	switch {
	case d.API <= 29:
		extra = " pri=0"
	default:
		extra = " shortcut=null"
	}
	if d.Release.TextualFlags {
		defaults = "0"
	}
	s := fmt.Sprintf("Notification(channel=%s%s contentView=null vibrate=null sound=null defaults=%s flags=%s color=0x%08x", x.ChannelID, extra, defaults, flagText(d, x.Flags), x.Color)
	if x.Category != "" {
		s += " category=" + x.Category
	}
	if a := r.Actions(); len(a) > 0 {
		s += fmt.Sprintf(" actions=%d", len(a))
	}
	s += " vis=" + visibilities[x.Visibility]
	if d.Maker.Name == "samsung" {
		s += " semFlags=0x0 semPriority=0 semMissedCount=0"
	}
	return s + ")"
}

// StatusBarNotification is StatusBarNotification.toString, as the archive has it.
func StatusBarNotification(d *android.Device, r *android.NotificationRecord) string {
	return fmt.Sprintf("StatusBarNotification(pkg=%s user=UserHandle{%d} id=%d tag=%s key=%s: %s)", r.Package, r.UserID, r.ID, tag(r), r.Key, notificationText(d, r))
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
	key := r.Key
	if n.api == 28 || n.api == 29 {
		key += " appImportanceLocked=false"
	}
	if n.by("xiaomi") {
		key += " bbbc=0"
	}
	n.raw(fmt.Sprintf("    NotificationRecord(0x%s: pkg=%s user=UserHandle{%d} id=%d tag=%s importance=%d key=%s: %s)\n",
		h, r.Package, r.UserID, r.ID, tag(r), r.Importance, key, notificationText(n.d, r)))
	n.level = 3
	defer func() { n.level = 1 }()
	n.ln("uid=%d userId=%d", r.UID, r.UserID)
	n.since(29, "opPkg=%s", r.OpPkg)
	n.ln("icon=Icon(typ=RESOURCE pkg=%s id=0x7f080064)", r.Package)
	n.since(27, "flags=%s", flagText(n.d, x.Flags))
	n.since(33, "originalFlags=%s", flagText(n.d, r.OriginalFlags))
	n.ln("pri=0")
	n.ln("key=%s", r.Key)
	n.ln("seen=%t", r.Seen)
	n.ln("groupKey=%s", r.Key)
	// Up to 30 the notification's own lines stand directly under the record.
	body := 0
	if n.api >= 31 {
		n.ln("notification=")
		body = 3
	}
	n.level = 3 + body
	n.ln("fullscreenIntent=%s", PendingIntent(n.d, x.FullScreenIntent))
	n.ln("contentIntent=%s", PendingIntent(n.d, x.ContentIntent))
	n.ln("deleteIntent=%s", PendingIntent(n.d, x.DeleteIntent))
	n.ln("number=0")
	n.ln("groupAlertBehavior=0")
	when := x.When
	if when.IsZero() {
		when = r.Created
	}
	switch {
	case n.api >= 35:
		n.ln("when=%d/%d", millis(when), millis(r.Created))
	case n.api >= 30:
		n.ln("when=%d", millis(when))
	}
	n.ln("tickerText=null")
	n.since(34, "vis=%d", x.Visibility)
	n.ln("contentView=null")
	n.ln("bigContentView=null")
	n.ln("headsUpContentView=null")
	timeout := "unknown"
	if n.api >= 35 {
		timeout = isoDuration(x.Timeout)
	}
	if n.api <= 29 { // one of the two is printed without an end of line
		n.ln("color=0x%08xtimeout=%s", x.Color, timeout)
	} else {
		n.ln("color=0x%08x", x.Color)
		n.ln("timeout=%s", timeout)
	}
	if n.by("samsung") {
		n.ln("parcelDataSize=1724")
		n.ln("mAllowSystemGeneratedContextualActions=true")
	}
	if actions := r.Actions(); len(actions) > 0 {
		n.ln("actions={")
		n.level += 2
		for i, a := range actions {
			n.ln("[%d] %q -> %s", i, a.Title, PendingIntent(n.d, a.Intent))
		}
		n.level--
		n.ln("}")
		n.level--
	}
	n.ln("extras={")
	n.level += 2
	n.extras(r)
	n.level -= 2
	n.ln("}")
	n.level = 3
	if n.api >= 31 {
		n.ln("publicNotification=")
		n.raw("            None\n")
	}
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
	n.upTo(35, "mRecentlyIntrusive=%t", noisy)
	n.ln("mPackagePriority=0")
	n.ln("mPackageVisibility=-1000")
	n.upTo(28, "mUserImportance=UNSPECIFIED")
	n.since(29, "mSystemImportance=UNSPECIFIED")
	n.since(29, "mAsstImportance=UNSPECIFIED")
	n.ln("mImportance=%s", word)
	n.ln("mImportanceExplanation=app")
	n.since(34, "mProposedImportance=UNSPECIFIED")
	n.since(30, "mIsAppImportanceLocked=false")
	n.since(34, "mSensitiveContent=false")
	n.since(36, "mCanceledAfterLifetimeExtension=false")
	n.ln("mIntercept=%t", r.Intercept)
	n.since(28, "mHidden==false")
	n.ln("mGlobalSortKey=crtcl=0x0001:intrsv=%s:grnk=0x0000:gsmry=1:nsk:rnk=0x0000", yes(noisy))
	n.ln("mRankingTimeMs=%s", n.instant(r.Created))
	n.ln("mCreationTimeMs=%s", n.instant(r.Created))
	n.ln("mVisibleSinceMs=0")
	n.ln("mUpdateTimeMs=%s", n.instant(r.Updated))
	n.since(29, "mInterruptionTimeMs=%s", n.instant(interruption))
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
	n.since(30, "mAllowBubble=false")
	n.since(30, "isBubble=false")
	n.since(28, "mIsInterruptive=%t", noisy)
	n.ln("effectiveNotificationChannel=%s", channel(r.Channel))
	n.since(29, "mAdjustments=[]")
	n.since(30, "shortcut=null found valid? false")
	n.since(34, "mUserVisOverride=-1000")
	if n.by("samsung") {
		n.ln("mSuggestionsGeneratedByAssistant=false")
	}
	if n.by("xiaomi") {
		n.ln("mLastAudiblyAlertedMs=-1")
		n.ln("mBuzzBeepBlinkCode=0")
	}
	n.since(36, "hasSummarization=false")
	n.since(36, "bundleType=0")
}

// isoDuration is Duration.toString of Java, for whole seconds: PT0S, PT45S, PT72H.
func isoDuration(d time.Duration) string {
	if d == 0 {
		return "PT0S"
	}
	text := "PT"
	for _, u := range []struct {
		unit time.Duration
		name string
	}{{time.Hour, "H"}, {time.Minute, "M"}, {time.Second, "S"}} {
		if n := d / u.unit; n > 0 {
			text += fmt.Sprint(int64(n)) + u.name
			d -= n * u.unit
		}
	}
	return text
}

// instant is a wall time in milliseconds; Samsung puts the date behind it.
func (n *notificationPage) instant(t time.Time) string {
	s := fmt.Sprint(millis(t))
	if n.by("samsung") {
		s += t.UTC().Format("(2006-01-02 15:04:05.000-0700)")
	}
	return s
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
	word, why := "allowlist", "/0/NOTIFICATION_SERVICE/NotificationManagerService"
	if d.API <= 30 {
		word, why = "whitelist", ""
	}
	return fmt.Sprintf("PendingIntent{%s: PendingIntentRecord{%s %s %s (%s: %s:+30s0ms%s)}}",
		pi.Hash, pi.RecordHash, pi.Package, pi.Kind, word, hash(d, "notification allowlist token"), why)
}

// extras prints the bundle: strings are hidden unless --noredact was given, the
// template's name is not, and from 33 on their length is told
// (NotificationRecord.dumpNotification).
func (n *notificationPage) extras(r *android.NotificationRecord) {
	x := r.Notification
	text := func(key, value string) {
		switch {
		case value == "":
			n.ln("%s=null", key)
		case n.clear || key == "android.template" && n.api >= 33:
			n.ln("%s=String (%s)", key, value)
		case n.api <= 32:
			n.ln("%s=String", key)
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
	if n.by("oneplus") {
		n.ln("oplus_smallicon_use_app_icon=Boolean (false)")
	}
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
