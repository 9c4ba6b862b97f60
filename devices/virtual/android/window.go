package android

// WindowType is WindowManager.LayoutParams.type by name, as dumpsys window prints it.
type WindowType string

// Window types in use.
const (
	WindowBaseApplication   WindowType = "BASE_APPLICATION"
	WindowStatusBar         WindowType = "STATUS_BAR"
	WindowNotificationShade WindowType = "NOTIFICATION_SHADE"
	WindowNavigationBar     WindowType = "NAVIGATION_BAR"
	WindowWallpaper         WindowType = "WALLPAPER"
	WindowSystemAlert       WindowType = "SYSTEM_ALERT"
	WindowInputMethod       WindowType = "INPUT_METHOD"
)

// Window is a window of the display.
type Window struct {
	Hash    string
	Title   string
	Type    WindowType
	Package string
	UID     int
	PID     int
	// Activity is set for activity windows.
	Activity *ActivityRecord
	Bounds   Rect
	// Layer orders windows, higher is nearer to the user.
	Layer int
	// Visible: it has a shown surface.
	Visible bool
	// Touchable is the area that takes touches; empty = none.
	Touchable Rect
	// Focusable windows can have the input focus.
	Focusable bool
	// Root is the accessibility tree; nil = the window has none.
	Root *View

	sticky bool // a dialog that BACK does not close
}

// Windows is the window manager. What it holds follows from the other services:
// it is computed when asked.
type Windows struct {
	d      *Device
	hashes map[string]string
	// Dialogs are system dialogs, topmost last.
	dialogs []*Window
}

// StatusBar is the system UI: shade, heads-up area, and what they show.
type StatusBar struct {
	d *Device
	// Expanded: the notification shade is open.
	Expanded bool
	// HeadsUp are the keys of the notifications shown as heads-up, topmost last.
	HeadsUp []*HeadsUp
	// Disabled are StatusBarManager.DISABLE_* flags.
	Disabled uint32
}

// Flags of StatusBarManager.
const (
	DisableExpand uint32 = 0x00010000
	DisableIcons  uint32 = 0x00020000
	DisableAlerts uint32 = 0x00040000
)

// HeadsUp is a notification that peeks from the top of the screen.
type HeadsUp struct {
	Record *NotificationRecord
	// Sticky ones stay until dismissed or canceled.
	Sticky bool
	// Bounds of the row.
	Bounds Rect
	timer  *Timer
}
