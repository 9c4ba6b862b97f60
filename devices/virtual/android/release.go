package android

import (
	"fmt"
	"time"
)

// The releases that are simulated: Android 8.0 to 16.
const (
	FirstAPI   = 26
	LastAPI    = 36
	DefaultAPI = 34
)

// Release is one Android release as a row of data: what it allows, refuses and
// knows. What it prints is package render's. A field says from (or up to) which
// release something is so; the origin stands at the row that fills it in.
type Release struct {
	// API is the API level, Version what people call it ("8.1.0", "14").
	API     int
	Version string
	// BuildID and SecurityPatch are those of a public build of the release.
	BuildID, SecurityPatch string

	// NotificationPermission: posting needs the runtime permission
	// POST_NOTIFICATIONS, apart from the CallStyle of an app in a call.
	NotificationPermission bool
	// FullScreenPermission: a full-screen intent needs USE_FULL_SCREEN_INTENT of
	// an app that targets 29.
	FullScreenPermission bool
	// FullScreenAccess: the user can take full-screen intents away (app-op
	// USE_FULL_SCREEN_INTENT), and the server takes the intent out of the
	// notification. Before, a missing permission does the same only where it is
	// checked, and nobody can be denied.
	FullScreenAccess bool
	// BluetoothConnect: BLUETOOTH_CONNECT is a runtime permission.
	BluetoothConnect bool
	// MutabilityFlag: a PendingIntent of an app that targets 31 must say
	// whether it is mutable.
	MutabilityFlag bool

	// BackgroundActivityLimits: an app without a visible activity may not start one.
	BackgroundActivityLimits bool
	// TrampolineBlock: a notification's receiver or service may not start an
	// activity, in apps that target 31. Before, nothing is said either.
	TrampolineBlock bool

	// ForegroundServicePermission: startForeground needs FOREGROUND_SERVICE of an
	// app that targets 28.
	ForegroundServicePermission bool
	// ForegroundServiceTypes: services have types, and startForeground's must be
	// a subset of the manifest's.
	ForegroundServiceTypes bool
	// TypePermissions: each type demands its permissions, and there must be one
	// (targets 34).
	TypePermissions bool
	// ForegroundServiceLimits: a foreground service may not be started from the
	// background, in apps that target 31.
	ForegroundServiceLimits bool
	// ForegroundServiceTimeout is how long a service has from
	// startForegroundService to startForeground.
	ForegroundServiceTimeout time.Duration

	// CallStyle: the platform has Notification.CallStyle. Below, androidx builds
	// a notification with ordinary actions instead.
	CallStyle bool
	// NoDismiss: ongoing notifications can be swiped away, except CallStyle,
	// which gets FLAG_NO_DISMISS.
	NoDismiss bool
	// Sticky are the flags with which a user cannot swipe a notification away:
	// a foreground service's could not be before 33, an ongoing one's before 34
	// (developer.android.com, behaviour changes of 13 and 14 for all apps).
	Sticky uint32
	// TextualFlags: Notification.toString prints flags in words.
	TextualFlags bool

	// AnsweredState: an accepted call is ANSWERED until the app says active.
	AnsweredState bool
	// CallControl: apps may add transactional calls (TelecomManager.addCall).
	CallControl bool
	// MaxPhoneAccounts an app may register, 0 for no limit.
	MaxPhoneAccounts int
	// CreateConnectionTimeout is how long a connection service has to make a
	// connection, 0 for ever.
	CreateConnectionTimeout time.Duration
	// CallWatchdog: CallAnomalyWatchdog logs calls that hang in a state.
	CallWatchdog bool
	// ServiceMayStartActivities: Telecom binds connection services with
	// BIND_ALLOW_BACKGROUND_ACTIVITY_STARTS.
	ServiceMayStartActivities bool
	// RouteController: CallAudioRouteController routes the audio, with its own
	// events, in place of CallAudioRouteStateMachine.
	RouteController bool
	// TelecomService: the telecom service has a shell command (`cmd telecom`).
	TelecomService bool

	// StandbyBuckets: am knows buckets.
	StandbyBuckets bool
	// ExitInfo: the system remembers why processes ended.
	ExitInfo bool
	// StoppedHardening: entering the stopped state cancels the app's pending intents.
	StoppedHardening bool
	// AllWindows: uiautomator dump has --windows.
	AllWindows bool
	// BluetoothCommand: `cmd bluetooth_manager` exists.
	BluetoothCommand bool
	// ShadeWindow: keyguard, shade and heads-ups have a window of their own;
	// before, they are the status bar's.
	ShadeWindow bool
	// RootTaskToBack: BACK on the root activity of a launcher task moves the
	// task to the back instead of finishing the activity.
	RootTaskToBack bool
	// ScreenOnAttributes: activities have showWhenLocked and turnScreenOn.
	// Before, windows have flags.
	ScreenOnAttributes bool
}

// builds names a public build of each release: its version, id and patch level.
var builds = [...]struct{ version, id, patch string }{ // read-only table, from FirstAPI on
	{"8.0.0", "OPR6.170623.013", "2017-08-05"},
	{"8.1.0", "OPM1.171019.011", "2017-12-05"},
	{"9", "PQ1A.190105.004", "2019-01-05"},
	{"10", "QQ3A.200805.001", "2020-08-05"},
	{"11", "RQ3A.211001.001", "2021-10-01"},
	{"12", "SP1A.210812.015", "2021-10-05"},
	{"12", "SP2A.220405.004", "2022-04-05"},
	{"13", "TQ3A.230805.001", "2023-08-05"},
	{"14", "UQ1A.240205.004", "2024-02-05"},
	{"15", "AP3A.241005.015", "2024-10-05"},
	{"16", "BP2A.250605.031", "2025-06-05"},
}

// ReleaseOf is the row of an API level; 0 stands for DefaultAPI.
func ReleaseOf(api int) (Release, error) {
	if api == 0 {
		api = DefaultAPI
	}
	if api < FirstAPI || api > LastAPI {
		return Release{}, fmt.Errorf("API level %d is not simulated: %d to %d are", api, FirstAPI, LastAPI)
	}
	since := func(first int) bool { return api >= first }
	b := builds[api-FirstAPI]
	r := Release{
		API: api, Version: b.version, BuildID: b.id, SecurityPatch: b.patch,

		// Permission model: behaviour changes of the releases' own notes.
		NotificationPermission: since(33),
		FullScreenPermission:   since(29),
		FullScreenAccess:       since(34),
		BluetoothConnect:       since(31),
		MutabilityFlag:         since(31),

		BackgroundActivityLimits: since(29),
		TrampolineBlock:          since(31), // compat change 167676448

		ForegroundServicePermission: since(28),
		ForegroundServiceTypes:      since(29),
		TypePermissions:             since(34),
		ForegroundServiceLimits:     since(31),
		ForegroundServiceTimeout:    30 * time.Second,

		CallStyle:    since(31),
		NoDismiss:    since(34),
		Sticky:       sticky(api),
		TextualFlags: since(35),

		// Telecom: read in the release tags of packages/services/Telecomm.
		AnsweredState:             since(29),
		CallControl:               since(34),
		CreateConnectionTimeout:   15 * time.Second,
		CallWatchdog:              since(34),
		ServiceMayStartActivities: since(29),
		RouteController:           since(35),
		TelecomService:            since(35),

		StandbyBuckets:     since(28),
		ExitInfo:           since(30),
		StoppedHardening:   since(35),
		AllWindows:         since(31),
		BluetoothCommand:   since(33),
		ShadeWindow:        since(30),
		RootTaskToBack:     since(31),
		ScreenOnAttributes: since(27),
	}
	if since(33) {
		r.MaxPhoneAccounts = 10 // PhoneAccountRegistrar.MAX_PHONE_ACCOUNT_REGISTRATIONS
	}
	if !since(34) {
		// The security patches of February 2025 brought the limit of 34 to older
		// releases; the builds here are older than that.
		r.CreateConnectionTimeout = 0
		// ActiveServices.SERVICE_START_FOREGROUND_TIMEOUT. 26 and 27 had 5 s;
		// whether 33 already had the 30 s of 34 was not checked.
		r.ForegroundServiceTimeout = 10 * time.Second
	}
	if !since(28) {
		r.ForegroundServiceTimeout = 5 * time.Second
	}
	return r, nil
}

// sticky is Release.Sticky of a release.
func sticky(api int) uint32 {
	switch {
	case api < 33:
		return FlagNoDismiss | FlagOngoing | FlagForegroundService
	case api < 34:
		return FlagNoDismiss | FlagOngoing
	}
	return FlagNoDismiss
}
