package android

import "time"

// Importance of channels and notifications (NotificationManager.IMPORTANCE_*).
type Importance int

// Importances.
const (
	ImportanceUnspecified Importance = -1000
	ImportanceNone        Importance = 0
	ImportanceMin         Importance = 1
	ImportanceLow         Importance = 2
	ImportanceDefault     Importance = 3
	ImportanceHigh        Importance = 4
	ImportanceMax         Importance = 5
)

// Notification flags (android.app.Notification.FLAG_*).
const (
	FlagOngoing           uint32 = 0x2
	FlagInsistent         uint32 = 0x4
	FlagOnlyAlertOnce     uint32 = 0x8
	FlagAutoCancel        uint32 = 0x10
	FlagNoClear           uint32 = 0x20
	FlagForegroundService uint32 = 0x40
	FlagHighPriority      uint32 = 0x80
	FlagLocalOnly         uint32 = 0x100
	FlagNoDismiss         uint32 = 0x2000
	FlagFSIDenied         uint32 = 0x4000 // FSI_REQUESTED_BUT_DENIED, 34+
	FlagUserInitiatedJob  uint32 = 0x8000
)

// CallStyle types (android.callType).
const (
	CallStyleIncoming  = 1
	CallStyleOngoing   = 2
	CallStyleScreening = 3
)

// TemplateCallStyle is android.template of CallStyle notifications.
const TemplateCallStyle = "android.app.Notification$CallStyle"

// Channel is a NotificationChannel of one package.
type Channel struct {
	ID, Name    string
	Description string
	Importance  Importance
	// Sound is a URI, "" = none.
	Sound      string
	Vibration  bool
	BypassDND  bool
	Visibility int // lock screen visibility, -1000 = no override
	ShowBadge  bool
}

// NotificationAction is a button.
type NotificationAction struct {
	Title  string
	Intent *PendingIntent
}

// Notification is an android.app.Notification as an app posts it.
type Notification struct {
	ChannelID string
	Category  string // "call", ...
	Title     string
	Text      string
	Flags     uint32
	// Visibility: -1 secret, 0 private, 1 public.
	Visibility int
	Color      uint32
	// When is wall time; zero = when posted.
	When time.Time
	// Timeout cancels it by itself; 0 = never.
	Timeout time.Duration

	ContentIntent    *PendingIntent
	DeleteIntent     *PendingIntent
	FullScreenIntent *PendingIntent
	Actions          []NotificationAction

	// CallStyle: type and its intents; Type 0 = another style. The platform
	// puts the style's own buttons in front of Actions when the notification
	// is built (Decline/Answer, or Hang Up).
	CallStyle *CallStyle
	// Extras beside those that the fields above imply.
	Extras Bundle
}

// CallStyle is Notification.CallStyle.
type CallStyle struct {
	// Type is one of the CallStyle constants.
	Type                                      int
	Person                                    string
	Video                                     bool
	AnswerIntent, DeclineIntent, HangUpIntent *PendingIntent
}

// NotificationRecord is a posted notification.
type NotificationRecord struct {
	// Hash is the identity hash of the record.
	Hash    string
	Key     string
	Package string
	OpPkg   string
	UID     int
	UserID  int
	ID      int
	// Tag is "" with HasTag false when there is none.
	Tag    string
	HasTag bool
	// Notification as the system holds it: FSI moved when denied, flags added.
	Notification *Notification
	// OriginalFlags are the flags as posted.
	OriginalFlags uint32
	Importance    Importance
	Channel       *Channel
	// Created stays over updates, Updated does not. Wall times.
	Created, Updated time.Time
	Interruption     time.Time
	// FullScreenLaunched: system UI sent the full-screen intent.
	FullScreenLaunched bool
	// Interrupted DND.
	Intercept bool
	Seen      bool

	timeout   *Timer
	presented bool // the system UI has shown it once
}

// Actions are the buttons of the built notification, the style's own first.
func (r *NotificationRecord) Actions() []NotificationAction { return r.Notification.builtActions() }

// Notifications is the notification manager service.
type Notifications struct {
	d *Device
	// enqueued are not posted yet.
	enqueued []*NotificationRecord
	list     []*NotificationRecord
	archive  []*NotificationRecord
	channels map[string][]*Channel
	nextPost time.Duration
}

// Posted lists the live notifications, ranked: importance, then newest first.
func (n *Notifications) Posted() []*NotificationRecord {
	return append([]*NotificationRecord(nil), n.list...)
}

// Enqueued lists those that are not posted yet.
func (n *Notifications) Enqueued() []*NotificationRecord {
	return append([]*NotificationRecord(nil), n.enqueued...)
}

// Archive lists the last 100 removed ones, oldest first.
func (n *Notifications) Archive() []*NotificationRecord {
	return append([]*NotificationRecord(nil), n.archive...)
}

// Get finds a live notification by key; nil when there is none.
func (n *Notifications) Get(key string) *NotificationRecord {
	for _, r := range n.list {
		if r.Key == key {
			return r
		}
	}
	return nil
}

// Channels lists a package's channels in order of creation.
func (n *Notifications) Channels(pkg string) []*Channel {
	return append([]*Channel(nil), n.channels[n.d.scoped(pkg)]...)
}
