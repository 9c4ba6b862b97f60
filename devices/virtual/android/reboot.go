package android

import (
	"strconv"
	"time"
)

const ms = time.Millisecond

// Stages of a boot, since the kernel started.
const (
	bootServices  = 9 * time.Second  // the system server is up, the user is started
	bootCompleted = 14 * time.Second // sys.boot_completed
)

// Reboot starts the system again, as the reboot command does: uptime begins anew,
// processes, calls, notifications, the temporary allowlist and what was forced by
// hand are gone. Packages with their stopped states and permissions, settings,
// phone accounts, users and the credential stay. A user with a credential is
// locked until it is given.
func (d *Device) Reboot() {
	d.sys.bootAt = d.sys.now
	d.sys.queue = nil
	d.booting = true
	d.user = 0
	d.Log.Clear()
	d.Settings.Put(Global, "boot_count", strconv.Itoa(d.Settings.Int(Global, "boot_count", 0)+1))
	d.Props.values["sys.boot_completed"], d.Props.values["dev.bootcomplete"] = "", ""
	d.Props.values["init.svc.bootanim"] = "running"
	for _, u := range d.Users.List {
		u.State = ""
	}
	d.Users.Current = 0
	d.volatile()
	d.systemProcesses()
	d.Power.rearm()
	d.Bluetooth.restart()
	k := d.Keyguard
	k.lockTimer, k.goAway, k.onDismiss = nil, nil, nil
	k.Occluded, k.GoingAway, k.Bouncer, k.typed, k.Entered, k.lockoutTill = false, false, false, "", 0, 0
	k.Showing = !k.off()
	k.Locked = k.Secure()
	d.After(bootServices, func() {
		owner := d.Users.Get(0)
		owner.State = UserRunningLocked
		d.Log.System(Info, "ActivityManager", "System now ready")
		d.Users.bootTold(ActionLockedBootCompleted)
		d.After(bootCompleted-bootServices, func() {
			d.booting = false
			d.Props.values["sys.boot_completed"], d.Props.values["dev.bootcomplete"] = "1", "1"
			d.Props.values["init.svc.bootanim"] = "stopped"
			d.Power.UserActivity()
			if !k.Secure() {
				d.Users.unlock(owner)
			}
		})
	})
}

// volatile makes anew what lives in memory only.
func (d *Device) volatile() {
	var exits []ExitInfo
	if d.Processes != nil {
		exits = d.Processes.exits // kept in /data/system/procexitstore
	}
	d.Processes = &Processes{d: d, nextPID: 2300, crashes: map[string]time.Duration{}, exits: exits}
	d.Broadcasts = &Broadcasts{d: d}
	d.Intents = &PendingIntents{d: d}
	d.Services = &Services{d: d}
	d.Activities = &Activities{d: d, lastStop: -1, nextTask: 1}
	d.Windows = &Windows{d: d, hashes: map[string]string{}}
	d.StatusBar = &StatusBar{d: d}
	d.Power = &Power{d: d, Wakefulness: Awake, WakeReason: "WAKE_REASON_POWER_BUTTON", LastWake: d.Elapsed(), LastUserActivity: d.Elapsed()}
	d.MediaSessions = &MediaSessions{d: d, Global: &MediaSession{Package: "com.android.server.telecom", Tag: "HeadsetMediaButton", UID: SystemUID, PID: SystemServerPID}}
	d.Battery = newBattery()
	doze := &DeviceIdle{d: d, Deep: "ACTIVE", Light: "ACTIVE"}
	if d.DeviceIdle != nil {
		doze.Allowlist = d.DeviceIdle.Allowlist // deviceidle.xml
	}
	d.DeviceIdle = doze
	audio := &Audio{d: d, Mode: ModeNormal, Ringer: "NORMAL",
		Volumes:    map[string]int{"STREAM_VOICE_CALL": 4, "STREAM_RING": 5, "STREAM_MUSIC": 5, "STREAM_ALARM": 6, "STREAM_NOTIFICATION": 5, "STREAM_SYSTEM": 5},
		MaxVolumes: map[string]int{"STREAM_VOICE_CALL": 7, "STREAM_RING": 7, "STREAM_MUSIC": 25, "STREAM_ALARM": 7, "STREAM_NOTIFICATION": 7, "STREAM_SYSTEM": 7}}
	if d.Audio != nil { // kept in settings
		audio.Ringer, audio.Volumes, audio.Wired = d.Audio.Ringer, d.Audio.Volumes, d.Audio.Wired
	}
	d.Audio = audio
	notes := &Notifications{d: d, channels: map[string][]*Channel{}}
	if d.Notifications != nil {
		notes.channels = d.Notifications.channels // notification_policy.xml
	}
	d.Notifications = notes
	telecom := &Telecom{d: d, ModeState: "UNFOCUSED", Route: RouteEarpiece, RouteFocus: "Quiescent"}
	if d.Telecom != nil {
		telecom.Accounts = d.Telecom.Accounts // phone-account-registrar-state.xml
	}
	d.Telecom = telecom
	d.Telecom.modeLog("Enter UNFOCUSED")
	if d.Modem != nil {
		d.Modem.Calls = nil // the SIM stays
	}
	d.Input = &Input{d: d}
}

// systemProcesses starts what always runs.
func (d *Device) systemProcesses() {
	fixed := d.Processes.fixed
	fixed("android", "system_server", SystemServerPID, SystemUID)
	fixed("com.android.systemui", "com.android.systemui", 1602, 10061)
	fixed("com.android.phone", "com.android.phone", 1711, RadioUID)
	fixed("com.android.bluetooth", "com.android.bluetooth", BluetoothPID, BluetoothUID)
	if d.Modem != nil && d.Modem.SIM {
		d.Processes.ByName(telephonyPackage).app = &telephony{d.Modem}
	}
}

// addHome makes the home screen's task of the calling user, if it has none yet.
// The launcher is no direct-boot aware app: before, an empty screen stands in.
func (a *Activities) addHome(in *Process) {
	for _, t := range a.Tasks {
		if t.Home && t.User == a.d.user {
			return
		}
	}
	comp := Component{"com.android.launcher3", "com.android.launcher3.uioverrides.QuickstepLauncher"}
	pk := a.d.Packages.Get(comp.Package)
	intent := &Intent{Action: ActionMain, Categories: []string{CategoryHome}, Flags: FlagActivityNewTask, Component: comp}
	if in == nil {
		a.nextTask++ // the first boot's is the number that the counter starts with
	}
	t := &Task{ID: a.nextTask, Affinity: comp.Package, Home: true, Intent: intent, User: a.d.user}
	r := &ActivityRecord{Hash: a.d.hash(), windowHash: a.d.hash(), Component: comp, Package: comp.Package, UID: pk.UID, Task: t, Intent: intent,
		State: ActivityInitializing, d: a.d}
	if in != nil {
		r.Process, r.State, r.Visible, r.created = in, ActivityResumed, true, true
		a.Resumed = r
	}
	t.Activities = []*ActivityRecord{r}
	a.Tasks = append([]*Task{t}, a.Tasks...)
}
