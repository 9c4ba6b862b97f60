package android

import "time"

type balToken struct{}

const TODO = "todo"

// ---- Packages

// Install installs or updates a package.
func (p *Packages) Install(spec PackageSpec) *Package { return nil }

// Uninstall removes a package; false when it is not installed.
func (p *Packages) Uninstall(name string) bool { return false }

// Clear is `pm clear`: data gone, process killed, runtime permissions reset; false when not installed.
func (p *Packages) Clear(name string) bool { return false }

// Grant and Revoke are pm grant and pm revoke.
func (p *Packages) Grant(by Caller, pkg, permission string) error { return nil }

// Revoke takes a runtime permission away and kills the package's processes when it was granted.
func (p *Packages) Revoke(by Caller, pkg, permission string) error { return nil }

// SetEnabled is pm enable/disable-user.
func (p *Packages) SetEnabled(pkg string, state EnabledState) error { return nil }

// CheckPermission is checkUidPermission: whether the caller holds a permission.
func (p *Packages) CheckPermission(c Caller, permission string) bool { return false }

// QueryReceivers resolves an intent's manifest receivers.
func (p *Packages) QueryReceivers(i *Intent) []Component { return nil }

// ---- AppOps

// AppOps is the app-ops service.
type AppOps struct{ d *Device }

// OpMode is a mode of an app-op.
type OpMode string

// Modes.
const (
	OpAllow      OpMode = "allow"
	OpIgnore     OpMode = "ignore"
	OpDeny       OpMode = "deny"
	OpDefault    OpMode = "default"
	OpForeground OpMode = "foreground"
)

// OpEntry is one operation of a package that was set or noted.
type OpEntry struct {
	Op   string
	Mode OpMode
	// LastAccess and LastReject are since boot, 0 = never.
	LastAccess, LastReject time.Duration
}

// Known reports whether the op exists on this release.
func (a *AppOps) Known(op string) bool { return false }

// DefaultMode is the op's mode when unset.
func (a *AppOps) DefaultMode(op string) OpMode { return OpAllow }

// Get returns the mode in effect, and whether it was set.
func (a *AppOps) Get(pkg, op string) (mode OpMode, set bool) { return OpAllow, false }

// UIDMode is the uid-wide mode, which beats the package's.
func (a *AppOps) UIDMode(uid int, op string) (mode OpMode, set bool) { return "", false }

// Entries lists what was set or noted of a package, sorted by op number.
func (a *AppOps) Entries(pkg string) []OpEntry { return nil }

// UIDEntries lists uid-wide modes.
func (a *AppOps) UIDEntries(uid int) []OpEntry { return nil }

// Set is `cmd appops set PKG OP MODE`.
func (a *AppOps) Set(pkg, op string, mode OpMode) error { return nil }

// SetUID is `cmd appops set --uid PKG OP MODE`.
func (a *AppOps) SetUID(uid int, op string, mode OpMode) error { return nil }

// Reset is `cmd appops reset PKG`.
func (a *AppOps) Reset(pkg string) {}

// ---- Processes

// ForceStop is am force-stop.
func (p *Processes) ForceStop(by Caller, pkg string) {}

// KillBackground is am kill.
func (p *Processes) KillBackground(by Caller, pkg string) {}

// KillPID is kill -9 PID; false when there is no such process.
func (p *Processes) KillPID(by Caller, pid int) error { return nil }

// Crash is am crash.
func (p *Processes) Crash(by Caller, pkg string) {}

// ---- Broadcasts

// Send sends a broadcast. The error is what the sender's binder call throws.
func (b *Broadcasts) Send(by Caller, intent *Intent, o BroadcastOptions) (*Broadcast, error) {
	return nil, nil
}

// Finish ends a receiver that went async.
func (r *PendingResult) Finish() {}

// ---- PendingIntents

// Send sends a pending intent as by (the system UI when a user taps).
func (p *PendingIntents) Send(pi *PendingIntent, by Caller, fillIn *Intent) error { return nil }

// ---- Activities

// Start is startActivity.
func (a *Activities) Start(by Caller, intent *Intent, o StartOptions) (*StartResult, error) {
	return nil, nil
}

// Home is the HOME key.
func (a *Activities) Home() {}

// Back is the BACK key.
func (a *Activities) Back() {}

// RemoveTask removes a task as by a swipe in recents; false when there is none.
func (a *Activities) RemoveTask(id int) bool { return false }

// Recents lists the tasks in recents, newest first.
func (a *Activities) Recents() []*Task { return nil }

// SetContent sets the activity's view tree.
func (r *ActivityRecord) SetContent(v *View) {}

// Finish is Activity.finish.
func (r *ActivityRecord) Finish() {}

// SetShowWhenLocked is Activity.setShowWhenLocked.
func (r *ActivityRecord) SetShowWhenLocked(on bool) {}

// SetTurnScreenOn is Activity.setTurnScreenOn.
func (r *ActivityRecord) SetTurnScreenOn(on bool) {}

// SetKeepScreenOn is FLAG_KEEP_SCREEN_ON.
func (r *ActivityRecord) SetKeepScreenOn(on bool) {}

// ---- Windows

// All lists the windows, topmost first.
func (w *Windows) All() []*Window { return nil }

// Focus is the focused window (mCurrentFocus); nil in transitions.
func (w *Windows) Focus() *Window { return nil }

// Active is the window that plain `uiautomator dump` prints; nil without one.
func (w *Windows) Active() *Window { return nil }

// ---- StatusBar

// Expand opens the shade (cmd statusbar expand-notifications).
func (s *StatusBar) Expand() {}

// Collapse closes it.
func (s *StatusBar) Collapse() {}

// ---- Power

// Wake turns the screen on.
func (p *Power) Wake(reason string) {}

// Sleep turns it off; reason is "power_button", "sleep_button", "timeout".
func (p *Power) Sleep(reason string) {}

// UserActivity restarts the screen timeout.
func (p *Power) UserActivity() {}

// WakeLocks lists the held ones, oldest first, the window manager's included.
func (p *Power) WakeLocks() []*WakeLock { return nil }

// ---- Keyguard

// Dismiss is wm dismiss-keyguard and the swipe.
func (k *Keyguard) Dismiss() {}

// LockSettings runs `locksettings ARGS`: what it prints, and its exit status.
func (k *Keyguard) LockSettings(args []string) (out string, exit int) { return "", 0 }

// ---- DeviceIdle

// Temp lists the temporary allowlist's live entries.
func (i *DeviceIdle) Temp() []AllowEntry { return nil }

// AddTemp adds or prolongs an entry.
func (i *DeviceIdle) AddTemp(pkg string, d time.Duration, reason string) error { return nil }

// RemoveTemp removes an entry.
func (i *DeviceIdle) RemoveTemp(pkg string) {}

// Force is force-idle "deep" or "light"; it returns what the command prints.
func (i *DeviceIdle) Force(kind string) string { return "" }

// Unforce is unforce.
func (i *DeviceIdle) Unforce() {}

// ---- Battery

// Unplug is dumpsys battery unplug; Reset is reset.
func (b *Battery) Unplug() {}

// Reset undoes Unplug and Set.
func (b *Battery) Reset() {}

// Set is dumpsys battery set KEY VALUE; false for an unknown key.
func (b *Battery) Set(key string, value int) bool { return false }

// ---- Input

// Key injects a key press by its number.
func (i *Input) Key(code int, long bool) {}

// Text types text.
func (i *Input) Text(text string) {}

// Tap touches a point.
func (i *Input) Tap(x, y int) {}

// Swipe drags from one point to another.
func (i *Input) Swipe(x1, y1, x2, y2 int, d time.Duration) {}

// ---- Notifications

// Cancel removes one as its app would.
func (n *Notifications) Cancel(key string, reason int) {}

// ---- Telecom

// SetAccountEnabled is telecom set-phone-account-enabled; false when there is no such account.
func (t *Telecom) SetAccountEnabled(h PhoneAccountHandle, on bool) bool { return false }

// Unregister is telecom unregister-phone-account.
func (t *Telecom) Unregister(h PhoneAccountHandle) {}

// CleanupStuckCalls is telecom cleanup-stuck-calls.
func (t *Telecom) CleanupStuckCalls() {}

// HeadsetButton is a short or long press that reached HeadsetMediaButton.
func (t *Telecom) HeadsetButton(long bool) {}

// SetActive is Connection.setActive.
func (c *Connection) SetActive() {}

// SetRinging is Connection.setRinging.
func (c *Connection) SetRinging() {}

// SetOnHold is Connection.setOnHold.
func (c *Connection) SetOnHold() {}

// SetInitialized is Connection.setInitialized.
func (c *Connection) SetInitialized() {}

// SetDisconnected is Connection.setDisconnected.
func (c *Connection) SetDisconnected(cause DisconnectCause) {}

// Destroy is Connection.destroy.
func (c *Connection) Destroy() {}

// SetAudioRoute is Connection.setAudioRoute.
func (c *Connection) SetAudioRoute(route int) {}

// SetAudioModeIsVoIP is Connection.setAudioModeIsVoip.
func (c *Connection) SetAudioModeIsVoIP(on bool) {}

// ---- Context

// Log writes to the main buffer as the app.
func (c *Context) Log(prio byte, tag, msg string) {}

// Post runs fn on the process's main thread after delay.
func (c *Context) Post(delay time.Duration, fn func() error) *Timer { return nil }

// Files is the package's private dir.
func (c *Context) Files() AppFiles { return nil }

// CheckSelfPermission reports whether the package holds a permission.
func (c *Context) CheckSelfPermission(permission string) bool { return false }

// Package is the app's own package.
func (c *Context) Package() *Package { return nil }

// IsInteractive is PowerManager.isInteractive.
func (c *Context) IsInteractive() bool { return false }

// IsKeyguardLocked is KeyguardManager.isKeyguardLocked.
func (c *Context) IsKeyguardLocked() bool { return false }

// IsDeviceLocked is KeyguardManager.isDeviceLocked.
func (c *Context) IsDeviceLocked() bool { return false }

// RequestDismissKeyguard is KeyguardManager.requestDismissKeyguard; done may be nil.
func (c *Context) RequestDismissKeyguard(a *ActivityRecord, done func(ok bool) error) {}

// Importance is ActivityManager.getMyMemoryState's importance (100 = foreground).
func (c *Context) Importance() int { return 0 }

// CanUseFullScreenIntent is NotificationManager.canUseFullScreenIntent.
func (c *Context) CanUseFullScreenIntent() bool { return false }

// AreNotificationsEnabled is NotificationManager.areNotificationsEnabled.
func (c *Context) AreNotificationsEnabled() bool { return false }

// CreateChannel is NotificationManager.createNotificationChannel.
func (c *Context) CreateChannel(ch Channel) error { return nil }

// Notify is NotificationManager.notify without a tag.
func (c *Context) Notify(id int, n *Notification) error { return nil }

// NotifyTag is NotificationManager.notify with a tag.
func (c *Context) NotifyTag(tag string, id int, n *Notification) error { return nil }

// CancelNotification is NotificationManager.cancel without a tag.
func (c *Context) CancelNotification(id int) {}

// CancelNotificationTag is NotificationManager.cancel with a tag.
func (c *Context) CancelNotificationTag(tag string, id int) {}

// ActiveNotifications are the app's own live notifications.
func (c *Context) ActiveNotifications() []*NotificationRecord { return nil }

// PendingIntent is PendingIntent.getActivity and friends.
func (c *Context) PendingIntent(kind PendingIntentKind, requestCode int, intent *Intent, flags uint32) (*PendingIntent, error) {
	return nil, nil
}

// StartActivity is Context.startActivity.
func (c *Context) StartActivity(intent *Intent) error { return nil }

// StartService is Context.startService.
func (c *Context) StartService(intent *Intent) error { return nil }

// StartForegroundService is Context.startForegroundService.
func (c *Context) StartForegroundService(intent *Intent) error { return nil }

// StopService is Context.stopService.
func (c *Context) StopService(component Component) {}

// SendBroadcast is Context.sendBroadcast.
func (c *Context) SendBroadcast(intent *Intent) error { return nil }

// AcquireWakeLock takes a wake lock; timeout 0 = until released.
func (c *Context) AcquireWakeLock(level, tag string, timeout time.Duration) (*WakeLock, error) {
	return nil, nil
}

// Exit is System.exit / Process.killProcess of the own process.
func (c *Context) Exit() {}

// SetAudioMode is AudioManager.setMode.
func (c *Context) SetAudioMode(mode string) {}

// Telecom is the app's TelecomManager.
func (c *Context) Telecom() TelecomManager { return TelecomManager{} }

// TelecomManager is android.telecom.TelecomManager for one app.
type TelecomManager struct{ c *Context }

// RegisterPhoneAccount is registerPhoneAccount.
func (t TelecomManager) RegisterPhoneAccount(a PhoneAccount) error { return nil }

// UnregisterPhoneAccount is unregisterPhoneAccount.
func (t TelecomManager) UnregisterPhoneAccount(h PhoneAccountHandle) error { return nil }

// AddNewIncomingCall is addNewIncomingCall. Extras: see ConnectionRequest.
func (t TelecomManager) AddNewIncomingCall(h PhoneAccountHandle, extras Bundle) error { return nil }

// PhoneAccount is getPhoneAccount; nil when there is none.
func (t TelecomManager) PhoneAccount(h PhoneAccountHandle) *PhoneAccount { return nil }

// IsInCall is isInCall: any live call of anybody.
func (t TelecomManager) IsInCall() bool { return false }

// Keys of addNewIncomingCall's extras (TelecomManager.EXTRA_*).
const (
	ExtraIncomingCallAddress = "android.telecom.extra.INCOMING_CALL_ADDRESS"
	ExtraIncomingCallExtras  = "android.telecom.extra.INCOMING_CALL_EXTRAS"
)

// ---- services of an app

// StartForeground is Service.startForeground. types 0 or FGSManifest take the manifest's.
func (s *ServiceRecord) StartForeground(id int, n *Notification, types uint32) error { return nil }

// StopForeground is Service.stopForeground; remove removes the notification.
func (s *ServiceRecord) StopForeground(remove bool) {}

// StopSelf is Service.stopSelf.
func (s *ServiceRecord) StopSelf() {}

// Release releases the wake lock.
func (w *WakeLock) Release() {}

func (n *Notification) builtActions() []NotificationAction { return n.Actions }

func newDevice(s *System) *Device { return &Device{sys: s, Log: newLogger(nil, false)} }
