package android

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Cancel reasons (NotificationListenerService.REASON_*).
const (
	cancelClick  = 1
	cancelUser   = 2
	cancelApp    = 8
	cancelAppAll = 9
	cancelPkg    = 5
	cancelGone   = 19 // REASON_TIMEOUT
)

// CreateChannel is NotificationManager.createNotificationChannel. For a channel
// that exists, name and description are updated and the importance can only fall.
func (c *Context) CreateChannel(ch Channel) error {
	return c.told(c.createChannel(ch), "NotificationManager.createNotificationChannel", ch)
}

func (c *Context) createChannel(ch Channel) error {
	if ch.ID == "" {
		return Throw(IllegalArgumentException, "Channel id cannot be empty")
	}
	if ch.Importance < ImportanceNone || ch.Importance > ImportanceMax {
		return Throw(IllegalArgumentException, "Invalid importance level")
	}
	if ch.Importance == ImportanceMax {
		ch.Importance = ImportanceHigh
	}
	if ch.Visibility == 0 {
		ch.Visibility = -1000
	}
	n := c.d.Notifications
	if old := n.channel(c.PackageName, ch.ID); old != nil {
		old.Name, old.Description = ch.Name, ch.Description
		old.Importance = min(old.Importance, ch.Importance)
		return nil
	}
	key := c.d.scoped(c.PackageName)
	n.channels[key] = append(n.channels[key], &ch)
	return nil
}

func (n *Notifications) channel(pkg, id string) *Channel {
	for _, ch := range n.channels[n.d.scoped(pkg)] {
		if ch.ID == id {
			return ch
		}
	}
	return nil
}

// SetChannelImportance is the user's choice in Settings; false without such a channel.
func (n *Notifications) SetChannelImportance(pkg, id string, i Importance) bool {
	ch := n.channel(pkg, id)
	if ch != nil {
		ch.Importance = i
	}
	return ch != nil
}

// Notify is NotificationManager.notify without a tag.
func (c *Context) Notify(id int, n *Notification) error { return c.notify("", false, id, n) }

// NotifyTag is NotificationManager.notify with a tag.
func (c *Context) NotifyTag(tag string, id int, n *Notification) error {
	return c.notify(tag, true, id, n)
}

func (c *Context) notify(tag string, has bool, id int, n *Notification) error {
	if c.Proc.Dead {
		return nil
	}
	nn := *n
	_, err := c.d.Notifications.enqueue(c, tag, has, id, &nn, false)
	return c.told(err, "NotificationManager.notify", id, n)
}

// CancelNotification is NotificationManager.cancel without a tag. The notification
// of a running foreground service stays.
func (c *Context) CancelNotification(id int) {
	_ = c.told(nil, "NotificationManager.cancel", id)
	c.d.Notifications.cancelByApp(c, "null", id)
}

// CancelNotificationTag is NotificationManager.cancel with a tag.
func (c *Context) CancelNotificationTag(tag string, id int) {
	c.d.Notifications.cancelByApp(c, tag, id)
}

func (n *Notifications) cancelByApp(c *Context, tag string, id int) {
	key := recordKey(c.PackageName, id, tag, c.UID)
	n.enqueued = slices.DeleteFunc(n.enqueued, func(r *NotificationRecord) bool { return r.Key == key })
	if r := n.Get(key); r != nil && r.Notification.Flags&FlagForegroundService == 0 {
		n.remove(key, cancelApp)
	}
}

// ActiveNotifications are the app's own live notifications.
func (c *Context) ActiveNotifications() []*NotificationRecord {
	var out []*NotificationRecord
	for _, r := range c.d.Notifications.list {
		if r.Package == c.PackageName && r.UID == c.UID {
			out = append(out, r)
		}
	}
	return out
}

// AreNotificationsEnabled is NotificationManager.areNotificationsEnabled.
func (c *Context) AreNotificationsEnabled() bool { return c.d.Notifications.allowed(c.Package()) }

// CanUseFullScreenIntent is NotificationManager.canUseFullScreenIntent (14).
func (c *Context) CanUseFullScreenIntent() bool { return c.d.AppOps.fsiAllowed(c.Package()) }

// allowed: since 13 posting is a runtime permission; an app that does not request
// it and targets 33 cannot post. Before, only the user's choice in Settings counts,
// which an app-op holds.
func (n *Notifications) allowed(pk *Package) bool {
	if !n.d.Release.NotificationPermission {
		return pk.System || n.d.AppOps.Effective(pk, "POST_NOTIFICATION") == OpAllow
	}
	return pk.System || pk.Holds("android.permission.POST_NOTIFICATIONS")
}

func recordKey(pkg string, id int, tag string, uid int) string {
	return fmt.Sprintf("%d|%s|%d|%s|%d", UserOf(uid), pkg, id, tag, uid)
}

// enqueue is NotificationManagerService.enqueueNotificationInternal. What it
// refuses quietly gives no error: an app cannot know.
func (n *Notifications) enqueue(c *Context, tag string, hasTag bool, id int, no *Notification, byService bool) (string, error) {
	pk := c.Package()
	printed := "null"
	if hasTag {
		printed = tag
	}
	key := recordKey(c.PackageName, id, printed, c.UID)
	ch := n.channel(c.PackageName, no.ChannelID)
	if ch == nil {
		n.d.Log.System(Error, "NotificationService", "No Channel found for pkg=%s, channelId=%s, id=%d, tag=%s, opPkg=%s, callingUid=%d, userId=0, incomingUserId=0, notificationUid=%d, notification=%s",
			c.PackageName, no.ChannelID, id, printed, c.PackageName, c.UID, c.UID, no)
		if byService {
			return "", Throw(CannotPostForegroundServiceNotification, "Bad notification for startForeground")
		}
		return key, nil
	}
	orig := no.builtFlags()
	no.Flags = orig
	n.fixFSI(pk, no)
	if no.CallStyle != nil && !n.d.Release.CallStyle {
		return "", Throw("java.lang.NoClassDefFoundError", "Failed resolution of: Landroid/app/Notification$CallStyle;")
	}
	// CallStyle is for calls that run as a service, or that may take the screen
	// (NotificationManagerService.checkDisqualifyingFeatures, since 12).
	if no.CallStyle != nil && !byService && no.Flags&(FlagForegroundService|FlagUserInitiatedJob|FlagFSIDenied) == 0 && no.FullScreenIntent == nil {
		return "", Throw(IllegalArgumentException, "%s Not posted. CallStyle notifications must be for a foreground service or user initated job or use a fullScreenIntent.", key)
	}
	// Since 13, without the permission only a call's notification passes: CallStyle
	// while Telecom has a call of the package.
	callExempt := n.d.Release.NotificationPermission && no.CallStyle != nil && n.d.Telecom.hasSelfManaged(c.PackageName)
	if (!n.allowed(pk) || ch.Importance == ImportanceNone) && !callExempt {
		n.d.Log.System(Error, "NotificationService", "Suppressing notification from package %s by user request.", c.PackageName)
		return key, nil
	}
	r := &NotificationRecord{
		Hash: n.d.hash(), Key: key, Package: c.PackageName, OpPkg: c.PackageName, UID: c.UID, UserID: UserOf(c.UID), ID: id, Tag: tag, HasTag: hasTag,
		Notification: no, OriginalFlags: orig, Importance: ch.Importance, Channel: ch, Created: n.d.Now(), Updated: n.d.Now(),
	}
	if no.When.IsZero() {
		no.When = n.d.Now()
	}
	n.enqueued = append(n.enqueued, r)
	n.nextPost = max(n.d.Elapsed()+n.d.Jitter(12*time.Millisecond), n.nextPost+time.Microsecond)
	n.d.After(n.nextPost-n.d.Elapsed(), func() { n.post(r) }) // one handler: in order
	return key, nil
}

// builtFlags are the flags after Notification.Builder.build.
func (no *Notification) builtFlags() uint32 {
	f := no.Flags
	if no.FullScreenIntent != nil {
		f |= FlagHighPriority
	}
	return f
}

// fixFSI takes a full-screen intent away from an app that may not use it. Since 14
// it becomes the content intent if there is none, and the flag tells; before, only
// the log does.
func (n *Notifications) fixFSI(pk *Package, no *Notification) {
	switch {
	case no.FullScreenIntent == nil || n.d.AppOps.fsiAllowed(pk):
	case !n.d.Release.FullScreenAccess:
		// The missing blank is Android's own.
		n.d.Log.System(Warn, "NotificationService", "Package %s: Use of fullScreenIntent requires theUSE_FULL_SCREEN_INTENT permission", pk.Name)
		no.FullScreenIntent = nil
	default:
		if pk.Requests("android.permission.USE_FULL_SCREEN_INTENT") {
			no.Flags |= FlagFSIDenied
		}
		if no.ContentIntent == nil {
			no.ContentIntent = no.FullScreenIntent
		}
		no.FullScreenIntent = nil
	}
	if no.Flags&FlagOngoing != 0 {
		no.Flags |= FlagNoClear // fixNotification: ongoing ones cannot be cleared
	}
	if n.d.Release.NoDismiss && no.CallStyle != nil && no.Flags&(FlagOngoing|FlagForegroundService) != 0 {
		no.Flags |= FlagNoDismiss // 34: ongoing CallStyle stays
	}
}

// post is PostNotificationRunnable, then the system UI.
func (n *Notifications) post(r *NotificationRecord) {
	at := slices.Index(n.enqueued, r)
	if at < 0 {
		return // canceled meanwhile
	}
	n.enqueued = slices.Delete(n.enqueued, at, at+1)
	r.Intercept = n.intercepts(r)
	if r.Notification.Flags&FlagForegroundService != 0 && r.OriginalFlags&FlagForegroundService == 0 {
		r.OriginalFlags |= FlagForegroundService
	}
	old := n.Get(r.Key)
	status := 0
	if old != nil {
		status = 1
		r.Created, r.Hash, r.FullScreenLaunched, r.presented = old.Created, old.Hash, old.FullScreenLaunched, old.presented
		old.timeout.Stop()
		n.list[slices.Index(n.list, old)] = r
	} else {
		n.list = append(n.list, r)
	}
	slices.SortStableFunc(n.list, func(a, b *NotificationRecord) int {
		if a.Importance != b.Importance {
			return int(b.Importance - a.Importance)
		}
		return b.Created.Compare(a.Created)
	})
	tag := "NULL"
	if r.HasTag {
		tag = r.Tag
	}
	n.sound(r, old)
	n.d.Log.Event("notification_enqueue", r.UID, n.pid(r), r.Package, r.ID, tag, 0, r.Notification, status)
	if t := r.Notification.Timeout; t > 0 {
		r.timeout = n.d.After(t, func() { n.remove(r.Key, cancelGone) })
	}
	n.d.After(n.d.Jitter(25*time.Millisecond), func() {
		if n.Get(r.Key) == r { // else a newer one is on its way
			first := !r.presented
			r.presented = true
			n.d.StatusBar.posted(r, first)
		}
	})
}

// intercepts is ZenModeHelper.shouldIntercept with the policy that a phone
// comes with: alarms apart, total silence lets nothing through, priority only
// starred contacts, which nobody is here, and channels that may bypass it.
func (n *Notifications) intercepts(r *NotificationRecord) bool {
	switch n.d.Settings.Int(Global, "zen_mode", 0) {
	case 0:
		return false
	case 1:
		return !r.Channel.BypassDND
	}
	return true
}

func (n *Notifications) pid(r *NotificationRecord) int {
	if pr := n.d.Processes.ByName(r.Package); pr != nil {
		return pr.PID
	}
	return 0
}

// remove takes a notification off the list into the archive.
func (n *Notifications) remove(key string, reason int) {
	n.enqueued = slices.DeleteFunc(n.enqueued, func(r *NotificationRecord) bool { return r.Key == key })
	r := n.Get(key)
	if r == nil {
		return
	}
	r.timeout.Stop()
	n.list = slices.DeleteFunc(n.list, func(o *NotificationRecord) bool { return o == r })
	n.archive = keep(n.archive, r, 100)
	n.d.Log.Event("notification_canceled", r.Key, reason, 0, 0, 0, -1, -1, "NULL")
	n.hush(r.Key)
	// The system UI is a process of its own: for a moment a finger still finds
	// the buttons of what is gone.
	n.d.After(n.d.Jitter(25*time.Millisecond), func() {
		if n.Get(r.Key) == nil { // else it is there again
			n.d.StatusBar.removed(r)
		}
	})
}

// Cancel dismisses a notification as the user would; false for one that is not
// there or cannot be dismissed.
func (n *Notifications) Cancel(key string) bool {
	r := n.Get(key)
	if r == nil || r.Notification.Flags&n.d.Release.Sticky != 0 {
		return false
	}
	if n.d.Keyguard.Showing && r.Notification.Flags&FlagOngoing != 0 {
		return false // NotificationEntry.isDismissableForState: not while the phone is locked
	}
	n.remove(key, cancelUser)
	if di := r.Notification.DeleteIntent; di != nil {
		_ = n.d.Intents.send(di, sendOptions{}) // a canceled intent is of no interest here
	}
	return true
}

// cancelAll removes everything of a package (force-stop, clear).
func (n *Notifications) cancelAll(pkg string) {
	n.enqueued = slices.DeleteFunc(n.enqueued, func(r *NotificationRecord) bool { return r.Package == pkg && r.UserID == n.d.user })
	for _, r := range n.Posted() {
		if r.Package == pkg && r.UserID == n.d.user {
			n.remove(r.Key, cancelPkg)
		}
	}
}

// forget drops the package's channels too (uninstall, clear).
func (n *Notifications) forget(pkg string) {
	n.cancelAll(pkg)
	delete(n.channels, n.d.scoped(pkg))
	n.d.Intents.dropPackage(pkg)
}

// builtActions puts the buttons of a call style in front, as the platform does
// when the notification is built (Notification.CallStyle.getActionsListWithSystemActions).
func (no *Notification) builtActions() []NotificationAction {
	s := no.CallStyle
	if s == nil {
		return no.Actions
	}
	var out []NotificationAction
	switch s.Type {
	case CallStyleIncoming:
		answer := "Answer"
		if s.Video {
			answer = "Video"
		}
		out = append(out, NotificationAction{"Decline", s.DeclineIntent}, NotificationAction{answer, s.AnswerIntent})
	case CallStyleOngoing:
		out = append(out, NotificationAction{"Hang Up", s.HangUpIntent})
	case CallStyleScreening:
		out = append(out, NotificationAction{"Hang Up", s.HangUpIntent}, NotificationAction{"Answer", s.AnswerIntent})
	}
	return append(out, no.Actions...)
}

// String is Notification.toString of Android 14.
func (no *Notification) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Notification(channel=%s shortcut=null contentView=null vibrate=null sound=null defaults=0x0 flags=0x%x color=0x%08x",
		no.ChannelID, no.Flags, no.Color)
	if no.Category != "" {
		b.WriteString(" category=" + no.Category)
	}
	if n := len(no.builtActions()); n > 0 {
		fmt.Fprintf(&b, " actions=%d", n)
	}
	vis := map[int]string{-1: "SECRET", 0: "PRIVATE", 1: "PUBLIC"}[no.Visibility]
	b.WriteString(" vis=" + vis + ")")
	return b.String()
}
