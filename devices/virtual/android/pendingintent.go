package android

// PendingIntentKind is what a PendingIntent starts.
type PendingIntentKind string

// Kinds as dumpsys words them.
const (
	PendingActivity          PendingIntentKind = "startActivity"
	PendingBroadcast         PendingIntentKind = "broadcastIntent"
	PendingService           PendingIntentKind = "startService"
	PendingForegroundService PendingIntentKind = "startForegroundService"
)

// PendingIntent flags (android.app.PendingIntent).
const (
	PendingOneShot       uint32 = 0x40000000
	PendingNoCreate      uint32 = 0x20000000
	PendingCancelCurrent uint32 = 0x10000000
	PendingUpdateCurrent uint32 = 0x08000000
	PendingImmutable     uint32 = 0x04000000
	PendingMutable       uint32 = 0x02000000
)

// PendingIntent is a record of the system (PendingIntentRecord). Two requests with
// the same creator, kind, request code and intent (Intent.FilterEquals) share one,
// so constant request codes make a second call's extras overwrite the first's.
type PendingIntent struct {
	// Hash and RecordHash are the identity hashes that dumps print.
	Hash, RecordHash string
	Package          string
	UID              int
	Kind             PendingIntentKind
	RequestCode      int
	Intent           *Intent
	Flags            uint32
	Canceled         bool
}

// PendingIntents is the registry of pending intents.
type PendingIntents struct {
	d    *Device
	list []*PendingIntent
}

// All lists the live pending intents in order of creation.
func (p *PendingIntents) All() []*PendingIntent { return append([]*PendingIntent(nil), p.list...) }
