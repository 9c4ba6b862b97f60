package apps

import (
	"github.com/ringproof/ringproof/devices/virtual/android"
)

// Package names.
const (
	ReferencePackage = "org.ringproof.sample"
	GuidePackage     = "org.ringproof.sample.guide"
)

// Classes, the same in every app; a leading dot means the package.
const (
	mainActivity      = ".MainActivity"
	incomingActivity  = ".IncomingCallActivity"
	callActivity      = ".CallActivity"
	connectionService = ".CallConnectionService"
	callService       = ".CallService"
	actionReceiver    = ".CallActionReceiver"
	pushReceiver      = ".devicetest.PushReceiver"
	firebaseReceiver  = "com.google.firebase.iid.FirebaseInstanceIdReceiver"
)

const (
	actionPush    = "org.ringproof.devicetest.PUSH"
	actionReceive = "com.google.android.c2dm.intent.RECEIVE"
)

// Reference is the reference app: it has none of the guide's flaws.
func Reference() android.PackageSpec {
	return spec(ReferencePackage, "Ringproof Sample", nil, func() android.App { return newApp(nil) })
}

// Guide is the guide's app with all flaws but the fixed ones. With all of them
// fixed it behaves as the reference.
func Guide(fixed ...Flaw) android.PackageSpec {
	has := allBut(fixed)
	return spec(GuidePackage, "Guide Sample", has, func() android.App { return newApp(has) })
}

// Dead has the reference's name and components, starts when it is launched, and
// does nothing ever.
func Dead() android.PackageSpec {
	return spec(ReferencePackage, "Ringproof Sample", nil, func() android.App { return dead{} })
}

func spec(name, label string, has flaws, newApp func() android.App) android.PackageSpec {
	shows := !has[HiddenByKeyguard]
	return android.PackageSpec{
		Name: name, Label: label, VersionCode: 1, VersionName: "1.0", TargetSDK: 34, MinSDK: 26, Debuggable: true,
		Permissions: []string{
			"android.permission.INTERNET", "android.permission.CAMERA", "android.permission.RECORD_AUDIO",
			"android.permission.MODIFY_AUDIO_SETTINGS", "android.permission.BLUETOOTH", "android.permission.BLUETOOTH_CONNECT",
			"android.permission.VIBRATE", "android.permission.WAKE_LOCK", "android.permission.FOREGROUND_SERVICE",
			"android.permission.FOREGROUND_SERVICE_PHONE_CALL", "android.permission.USE_FULL_SCREEN_INTENT",
			"android.permission.MANAGE_OWN_CALLS", "android.permission.POST_NOTIFICATIONS",
			"com.google.android.c2dm.permission.RECEIVE",
		},
		Components: []android.ComponentSpec{
			{Kind: android.KindActivity, Class: mainActivity, Exported: true, Label: label, Filters: []android.Filter{
				{Actions: []string{android.ActionMain}, Categories: []string{android.CategoryLauncher}}}},
			{Kind: android.KindActivity, Class: callActivity, LaunchMode: android.LaunchSingleTask,
				TaskAffinity: name + ".call", ShowWhenLocked: shows, TurnScreenOn: true},
			{Kind: android.KindActivity, Class: incomingActivity, LaunchMode: android.LaunchSingleTask,
				TaskAffinity: name + ".incoming", ExcludeFromRecents: true, ShowWhenLocked: shows, TurnScreenOn: true},
			{Kind: android.KindService, Class: connectionService, Exported: true,
				Permission: "android.permission.BIND_TELECOM_CONNECTION_SERVICE",
				Filters:    []android.Filter{{Actions: []string{"android.telecom.ConnectionService"}}}},
			{Kind: android.KindService, Class: callService, ForegroundServiceType: android.FGSPhoneCall},
			{Kind: android.KindReceiver, Class: actionReceiver},
			{Kind: android.KindReceiver, Class: pushReceiver, Exported: true, Permission: "android.permission.DUMP",
				Filters: []android.Filter{{Actions: []string{actionPush}}}},
			{Kind: android.KindReceiver, Class: firebaseReceiver, Exported: true,
				Permission: "com.google.android.c2dm.permission.SEND",
				Filters:    []android.Filter{{Actions: []string{actionReceive}}}},
		},
		NewApp: newApp,
	}
}
