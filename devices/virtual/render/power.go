package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// Power is `dumpsys power` (PowerManagerService.dumpInternal). Since 31 the last
// line names an object instead of the display's state.
func Power(d *android.Device) string {
	p := of(d)
	w := d.Power
	now := d.Elapsed().Milliseconds()
	on := w.Interactive()
	b := d.Battery
	powered := b.AC || b.USB || b.Wireless
	plug := 0
	switch {
	case b.AC:
		plug = 1
	case b.USB:
		plug = 2
	case b.Wireless:
		plug = 4
	}
	locks := w.WakeLocks()
	summary := 0
	for _, l := range locks {
		summary |= map[string]int{android.PartialWakeLock: 1, android.FullWakeLock: 2, android.ScreenBrightWakeLock: 2, android.ProximityScreenOffWakeLock: 16}[l.Level]
	}
	if on {
		summary |= 0x20
	}
	timeout := d.Settings.Int(android.SystemNS, "screen_off_timeout", 30000)
	p.ln("POWER MANAGER (dumpsys power)")
	p.ln("")
	p.ln("Power Manager State:")
	p.in(func() {
		p.ln("Settings power_manager_constants:")
		p.ln("  no_cached_wake_locks=true")
		p.ln("mDirty=0x0")
		p.ln("mWakefulness=%s", w.Wakefulness)
		p.ln("mWakefulnessChanging=false")
		p.ln("mIsPowered=%t", powered)
		p.ln("mPlugType=%d", plug)
		p.ln("mBatteryLevel=%d", b.Level)
		p.since(34, "mDreamsBatteryLevelDrain=0")
		p.ln("mDockState=0")
		p.ln("mStayOn=%t", powered && d.Settings.Int(android.Global, "stay_on_while_plugged_in", 0)&plug != 0)
		p.ln("mProximityPositive=false")
		p.ln("mBootCompleted=true")
		p.ln("mSystemReady=true")
		p.ln("mEnhancedDischargeTimeElapsed=0")
		p.ln("mLastEnhancedDischargeTimeUpdatedElapsed=0")
		p.ln("mEnhancedDischargePredictionIsPersonalized=false")
		p.ln("mHalAutoSuspendModeEnabled=%t", !on)
		p.ln("mHalInteractiveModeEnabled=%t", on)
		p.ln("mWakeLockSummary=0x%x", summary)
		p.ln("mNotifyLongScheduled=(none)")
		p.ln("mNotifyLongDispatched=(none)")
		p.ln("mNotifyLongNextCheck=(none)")
		p.ln("mRequestWaitForNegativeProximity=false")
		p.ln("mInterceptedPowerKeyForProximity=false")
		p.ln("mSandmanScheduled=false")
		p.ln("mBatteryLevelLow=%t", b.Level < 15)
		p.ln("mLightDeviceIdleMode=%t", d.DeviceIdle.Light == "IDLE")
		p.ln("mDeviceIdleMode=%t", d.DeviceIdle.Deep == "IDLE")
		p.ln("mDeviceIdleWhitelist=[1000, 2000]")
		var temp []string
		for _, e := range d.DeviceIdle.Temp() {
			temp = append(temp, fmt.Sprint(e.UID))
		}
		p.ln("mDeviceIdleTempWhitelist=[%s]", strings.Join(temp, ", "))
		p.ln("mLowPowerStandbyActive=false")
		p.ln("mLastWakeTime=%d (%d ms ago)", w.LastWake.Milliseconds(), now-w.LastWake.Milliseconds())
		p.ln("mLastSleepTime=%d (%d ms ago)", w.LastSleep.Milliseconds(), now-w.LastSleep.Milliseconds())
		p.ln("mLastSleepReason=%s", w.SleepReason)
		p.since(34, "mLastGlobalWakeTimeRealtime=%d (%d ms ago)", w.LastWake.Milliseconds(), now-w.LastWake.Milliseconds())
		p.since(34, "mLastGlobalSleepTimeRealtime=%d (%d ms ago)", w.LastSleep.Milliseconds(), now-w.LastSleep.Milliseconds())
		p.ln("mLastInteractivePowerHintTime=%d (%d ms ago)", w.LastUserActivity.Milliseconds(), now-w.LastUserActivity.Milliseconds())
		p.ln("mLastScreenBrightnessBoostTime=0 (%d ms ago)", now)
		p.ln("mScreenBrightnessBoostInProgress=false")
		p.ln("mHoldingWakeLockSuspendBlocker=%t", len(locks) > 0)
		p.ln("mHoldingDisplaySuspendBlocker=%t", on)
		p.ln("mLastFlipTime=0")
		p.ln("mIsFaceDown=false")
	})
	p.ln("")
	p.ln("Settings and Configuration:")
	p.in(func() {
		p.ln("mDecoupleHalAutoSuspendModeFromDisplayConfig=true")
		p.ln("mDecoupleHalInteractiveModeFromDisplayConfig=false")
		p.ln("mWakeUpWhenPluggedOrUnpluggedConfig=false")
		p.ln("mTheaterModeEnabled=false")
		p.ln("mDreamsSupportedConfig=true")
		p.ln("mDozeAfterScreenOff=false")
		p.ln("mMinimumScreenOffTimeoutConfig=10000")
		p.ln("mScreenOffTimeoutSetting=%d", timeout)
		p.ln("mSleepTimeoutSetting=-1")
		p.ln("mMaximumScreenOffTimeoutFromDeviceAdmin=9223372036854775807 (enforced=false)")
		p.ln("mStayOnWhilePluggedInSetting=%d", d.Settings.Int(android.Global, "stay_on_while_plugged_in", 0))
		p.ln("mUserActivityTimeoutOverrideFromWindowManager=-1")
		p.ln("mForegroundProfile=0")
		p.ln("mUserId=0")
	})
	p.ln("")
	p.ln("Attentive timeout: -1 ms")
	p.ln("Sleep timeout: -1 ms")
	p.ln("Screen off timeout: %d ms", timeout)
	p.ln("Screen dim duration: %d ms", min(7000, timeout/5))
	p.ln("")
	p.ln("UID states (changing=false changed=false):")
	var uids []int
	for _, pr := range d.Processes.All() {
		if !slices.Contains(uids, pr.UID) {
			uids = append(uids, pr.UID)
		}
	}
	slices.Sort(uids)
	for _, uid := range uids {
		state := d.Processes.UIDState(uid)
		active := "INACTIVE"
		if state <= android.ProcBoundFGS {
			active = "  ACTIVE"
		}
		p.ln("  UID %s: %s  count=0 state=%d", user(uid), active, state)
	}
	p.ln("")
	p.ln("Looper state:")
	p.ln("  Looper (PowerManagerService, tid 29) {%s}", hash(d, "PowerManagerService"))
	p.ln("    (Total messages: 0, polling=true, quitting=false)")
	p.ln("")
	p.ln("Wake Locks: size=%d", len(locks))
	for _, l := range locks {
		flags := ""
		if l.AcquireCausesWakeup {
			flags = " ACQUIRE_CAUSES_WAKEUP"
		}
		pkg := ""
		if l.Package != "" {
			pkg = " pkg=" + l.Package
		}
		p.ln("  %-30s '%s'%s ACQ=%s (uid=%d pid=%d%s)", l.Level, l.Tag, flags, ago(l.Acquired-d.Elapsed()), l.UID, l.PID, pkg)
	}
	p.ln("")
	p.ln("Suspend Blockers: size=4")
	p.ln("  PowerManagerService.Booting: ref count=0 []")
	p.ln("  PowerManagerService.WakeLocks: ref count=%s []", yes(len(locks) > 0))
	p.ln("  PowerManagerService.Display: ref count=%s []", yes(on))
	p.ln("  PowerManagerService.Broadcasts: ref count=0 []")
	p.ln("")
	if p.api <= 30 {
		p.ln("Display Power: state=%s", map[bool]string{true: "ON", false: "OFF"}[w.ScreenOn()])
		return p.String()
	}
	p.ln("Display Power: com.android.server.power.PowerManagerService$1@%s", hash(d, "display power"))
	return p.String()
}

// Display is `dumpsys display` (DisplayManagerService.dumpInternal).
func Display(d *android.Device) string {
	p := of(d)
	state := "OFF"
	if d.Power.ScreenOn() {
		state = "ON"
	}
	w, h := android.DisplayWidth, android.DisplayHeight
	p.ln("DISPLAY MANAGER (dumpsys display)")
	p.ln("  mSafeMode=false")
	p.ln("  mPendingTraversal=false")
	p.ln("  mViewports=[DisplayViewport{type=INTERNAL, valid=true, isActive=%t, displayId=0, uniqueId='local:4619827259835644672', physicalPort=0, orientation=0, logicalFrame=Rect(0, 0 - %d, %d), physicalFrame=Rect(0, 0 - %d, %d), deviceWidth=%d, deviceHeight=%d}]",
		state == "ON", w, h, w, h, w, h)
	p.ln("  mDefaultDisplayDefaultColorMode=0")
	p.ln("  mStableDisplaySize=Point(%d, %d)", w, h)
	p.ln("")
	p.ln("Display States: size=1")
	p.ln("  Display Id=0")
	p.ln("  Display State=%s", state)
	p.ln("  Display Brightness=0.4")
	p.ln("  Display SdrBrightness=0.4")
	p.ln("")
	p.ln("Display Adapters: size=1")
	p.ln("  LocalDisplayAdapter")
	p.ln("")
	p.ln("Display Devices: size=1")
	p.ln("  DisplayDeviceInfo{\"Built-in Screen\": uniqueId=\"local:4619827259835644672\", %d x %d, modeId 1, defaultModeId 1, density %d, state %s, committedState %s, FLAG_ALLOWED_TO_BE_DEFAULT_DISPLAY}", w, h, android.DisplayDensity, state, state)
	p.ln("    mAdapter=LocalDisplayAdapter")
	p.ln("    mState=%s", state)
	p.ln("")
	p.ln("LogicalDisplayMapper:")
	p.ln("  mInteractive=%t", d.Power.Interactive())
	p.ln("  mBootCompleted=true")
	p.ln("")
	p.ln("Display Power Controllers: size=1")
	p.ln("")
	p.ln("Display Power Controller:")
	p.ln("  mDisplayId=0")
	p.ln("")
	p.ln("Display Power Controller Locked State:")
	p.ln("  mDisplayReadyLocked=true")
	p.ln("")
	p.ln("Display Power Controller Thread State:")
	p.ln("  mPowerRequest=policy=%s, useProximitySensor=false", map[bool]string{true: "BRIGHT", false: "OFF"}[state == "ON"])
	p.ln("")
	p.ln("Display Power State:")
	p.ln("  mScreenState=%s", state)
	if p.by("samsung") {
		p.ln("  mScreenState=%s", state)
	}
	p.ln("  mScreenBrightness=0.4")
	p.ln("  mScreenReady=true")
	p.ln("  mScreenUpdatePending=false")
	return p.String()
}
