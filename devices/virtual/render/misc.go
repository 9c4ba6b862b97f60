package render

import (
	"fmt"
	"sort"
	"strings"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// Trust is `dumpsys trust` (TrustManagerService.dump, dumpUser).
func Trust(d *android.Device) string {
	p := of(d)
	p.ln("Trust manager state:")
	for _, u := range d.Users.List {
		auth := "0x0"
		locked := d.Keyguard.Locked
		unlock := ""
		if p.api >= 34 {
			unlock = " isActiveUnlockRunning=0,"
		}
		current := ""
		if u.ID == d.Users.Current {
			current = " (current)"
		}
		if !u.Unlocked() && d.Keyguard.Secure() {
			auth = "0x1" // STRONG_AUTH_REQUIRED_AFTER_BOOT
		}
		p.ln(" User %q (id=%d, flags=0x%x)%s: trusted=0, trustManaged=0, deviceLocked=%s,%s strongAuthRequired=%s", u.Name, u.ID, u.Flags, current, yes(locked), unlock, auth)
		p.ln("   Enabled agents:")
		p.ln("   Events:")
		p.ln("    Ignored")
	}
	return p.String()
}

// DeviceIdle is `dumpsys deviceidle` (DeviceIdleController.dump).
func DeviceIdle(d *android.Device) string {
	p := of(d)
	i := d.DeviceIdle
	p.ln("  Settings:")
	p.ln("    light_after_inactive_to=+4m0s0ms")
	p.ln("    inactive_to=+30m0s0ms")
	p.ln("  Whitelist (except idle) system apps:")
	p.ln("    com.android.shell")
	p.ln("  Whitelist system apps:")
	p.ln("    com.android.shell")
	if len(i.Allowlist) > 0 {
		p.ln("  Whitelist user apps:")
		for _, pkg := range i.Allowlist {
			p.ln("    %s", pkg)
		}
	}
	p.ln("  Whitelist (except idle) all app ids:")
	p.ln("    2000")
	if temp := i.Temp(); len(temp) > 0 {
		p.ln("  Temp whitelist schedule:")
		tempList(p, d, "    ")
	}
	p.ln("  mLightEnabled=true  mDeepEnabled=true")
	p.ln("  mForceIdle=%t", i.Forced)
	p.ln("  mUseMotionSensor=true mMotionSensor=null")
	p.ln("  mScreenOn=%t", d.Power.ScreenOn())
	p.since(28, "  mScreenLocked=%t", d.Keyguard.Showing)
	p.ln("  mNetworkConnected=true")
	p.ln("  mCharging=%t", charging(d))
	p.ln("  mMotionActive=false")
	p.ln("  mNotMoving=false")
	p.ln("  mMotionListener.activatedTimeElapsed=0")
	p.ln("  mLastMotionEventElapsed=0")
	p.ln("  mLocating=false")
	p.ln("  mState=%s mLightState=%s", i.Deep, i.Light)
	p.ln("  mInactiveTimeout=+30m0s0ms")
	return p.String()
}

func tempList(p *page, d *android.Device, indent string) {
	for _, e := range d.DeviceIdle.Temp() {
		p.ln("%sUID=%d: %s - reason=%s", indent, e.UID, ago(e.Until-d.Elapsed()), e.Reason)
	}
}

// TempAllowlist is `dumpsys deviceidle tempwhitelist`.
func TempAllowlist(d *android.Device) string {
	p := of(d)
	p.ln("Temp whitelist schedule:")
	tempList(p, d, "  ")
	return p.String()
}

func charging(d *android.Device) bool { return d.Battery.AC || d.Battery.USB || d.Battery.Wireless }

// Battery is `dumpsys battery` (BatteryService.dumpInternal).
func Battery(d *android.Device) string {
	p := of(d)
	b := d.Battery
	p.ln("Current Battery Service state:")
	p.in(func() {
		if b.UpdatesStopped {
			p.ln("(UPDATES STOPPED -- use 'reset' to restart)")
		}
		p.ln("AC powered: %t", b.AC)
		p.ln("USB powered: %t", b.USB)
		p.ln("Wireless powered: %t", b.Wireless)
		p.since(33, "Dock powered: false")
		p.ln("Max charging current: 500000")
		p.ln("Max charging voltage: 5000000")
		p.ln("Charge counter: %d", b.Level*45000)
		p.ln("status: %d", b.Status)
		p.ln("health: %d", b.Health)
		p.ln("present: true")
		p.ln("level: %d", b.Level)
		p.ln("scale: %d", b.Scale)
		p.ln("voltage: %d", b.Voltage)
		p.ln("temperature: %d", b.Temperature)
		p.ln("technology: %s", b.Technology)
		p.since(35, "Charging state: 0")
		p.since(35, "Charging policy: 0")
		p.since(35, "Capacity level: -1")
	})
	return p.String()
}

// MediaSessions is `dumpsys media_session` (MediaSessionService.dump,
// MediaSessionRecord.dump).
func MediaSessions(d *android.Device) string {
	p := of(d)
	m := d.MediaSessions
	name := func(s *android.MediaSession) string { return fmt.Sprintf("%s/%s (userId=0)", s.Package, s.Tag) }
	session := func(s *android.MediaSession) {
		state := "null"
		if s.State != 0 {
			words := map[int]string{1: "STOPPED", 2: "PAUSED", 3: "PLAYING"}
			words[s.State] += fmt.Sprintf("(%d)", s.State)
			if p.api <= 33 {
				words[s.State] = fmt.Sprint(s.State)
			}
			state = fmt.Sprintf("PlaybackState {state=%s, position=0, buffered position=0, speed=1.0, updated=0, actions=0, custom actions=[], active item id=-1, error=null}", words[s.State])
		}
		p.ln("%s %s", s.Tag, name(s))
		p.in(func() {
			p.ln("ownerPid=%d, ownerUid=%d, userId=0", s.PID, s.UID)
			p.ln("package=%s", s.Package)
			p.ln("launchIntent=null")
			p.ln("mediaButtonReceiver=null")
			p.ln("active=%t", s.Active)
			p.ln("flags=65537")
			p.ln("rating type=0")
			p.ln("controllers: 0")
			p.ln("state=%s", state)
			p.ln("audioAttrs=AudioAttributes: usage=USAGE_VOICE_COMMUNICATION content=CONTENT_TYPE_SPEECH flags=0x800 tags= bundle=null")
			p.ln("volumeType=LOCAL, controlType=ABSOLUTE, max=0, current=0, volumeControlId=null")
			p.ln("metadata: null")
			p.ln("queueTitle=null, size=0")
		})
	}
	p.ln("MEDIA SESSION SERVICE (dumpsys media_session)")
	p.ln("")
	p.ln("0 sessions listeners.")
	if m.Global != nil {
		p.ln("Global priority session is %s", name(m.Global))
		p.in(func() { session(m.Global) })
	} else {
		p.ln("Global priority session is null")
	}
	p.ln("User Records:")
	p.ln("Record for full_user=0")
	p.in(func() {
		p.ln("Volume key long-press listener: null")
		p.ln("Volume key long-press listener package: ")
		p.ln("Media key listener: null")
		p.ln("Media key listener package: ")
		p.ln("OnMediaKeyEventDispatchedListener: added 0 listener(s)")
		p.ln("OnMediaKeyEventSessionChangedListener: added 0 listener(s)")
		p.ln("Last MediaButtonReceiver: null")
		button := "null"
		for _, s := range m.Stack {
			if s.Active {
				button = name(s)
				break
			}
		}
		p.ln("Media button session is %s", button)
		p.ln("Sessions Stack - have %d sessions:", len(m.Stack))
		p.in(func() {
			for _, s := range m.Stack {
				session(s)
			}
		})
	})
	return p.String()
}

// Users is `dumpsys user`.
func Users(d *android.Device) string {
	p := of(d)
	p.ln("Current user: %d", d.Users.Current)
	p.ln("Users:")
	for _, u := range d.Users.List {
		parent, state := "", u.State
		if p.api >= 31 && u.Profile() {
			parent = fmt.Sprintf(" parentId=%d", u.Parent)
		}
		if state == "" {
			state = "-1"
		}
		p.ln("  UserInfo{%d:%s:%x} serialNo=%d isPrimary=%t%s", u.ID, u.Name, u.Flags, u.ID, u.ID == 0, parent)
		p.since(30, "    Type: %s", u.Type)
		p.since(30, "    Flags: %d", u.Flags)
		p.ln("    State: %s", state)
		p.ln("    Created: <unknown>")
	}
	p.ln("")
	p.ln("  Max users: 4")
	p.ln("  Supports switchable users: true")
	return p.String()
}

// UserList is `pm list users`.
func UserList(d *android.Device) string {
	var b strings.Builder
	b.WriteString("Users:\n")
	for _, u := range d.Users.List {
		running := ""
		if u.Running() {
			running = " running"
		}
		fmt.Fprintf(&b, "\tUserInfo{%d:%s:%x}%s\n", u.ID, u.Name, u.Flags, running)
	}
	return b.String()
}

func ringing(d *android.Device) bool {
	for _, c := range d.Telecom.Calls {
		if c.State == android.CallRinging {
			return true
		}
	}
	return false
}

// AppOps is `dumpsys appops`, the modes that were set.
func AppOps(d *android.Device) string {
	p := of(d)
	p.ln("Current AppOps Service state:")
	p.ln("  Settings:")
	p.ln("    top_state_settle_time=+5s0ms")
	p.ln("    fg_service_state_settle_time=+5s0ms")
	p.ln("    bg_state_settle_time=+1s0ms")
	p.ln("")
	for _, pk := range d.Packages.All() {
		ops, uid := d.AppOps.Entries(pk.Name), d.AppOps.UIDEntries(pk.UID)
		if len(ops)+len(uid) == 0 {
			continue
		}
		p.ln("  Uid %s:", user(pk.UID))
		for _, e := range uid {
			p.ln("      %s: mode=%s", e.Op, e.Mode)
		}
		p.ln("    Package %s:", pk.Name)
		for _, e := range ops {
			p.ln("      %s (%s): ", e.Op, e.Mode)
		}
	}
	return p.String()
}

// UsageStats is `dumpsys usagestats`, as much of it as says what ran last.
func UsageStats(d *android.Device) string {
	p := of(d)
	p.ln("user=0")
	p.ln("  Last 24 hour events (timeRange=\"%s\")", d.Now().UTC().Format("1/2/2006, 15:04"))
	var pkgs []string
	for _, t := range d.Activities.Tasks {
		for _, a := range t.Activities {
			pkgs = append(pkgs, fmt.Sprintf("    time=%q type=ACTIVITY_RESUMED package=%s class=%s", d.WallAt(a.Started).UTC().Format(stamp), a.Package, a.Component.Class))
		}
	}
	sort.Strings(pkgs)
	for _, l := range pkgs {
		p.put(l)
	}
	return p.String()
}
