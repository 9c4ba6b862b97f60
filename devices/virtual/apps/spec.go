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
	signalReceiver    = ".devicetest.SignalReceiver"
	firebaseReceiver  = "com.google.firebase.iid.FirebaseInstanceIdReceiver"
)

// Models are the behaviours of the sample apps, by package. The guide's app has
// all of its flaws but the fixed ones; with all of them fixed it behaves as the
// reference.
func Models(fixed ...Defect) map[string]func() android.App {
	return map[string]func() android.App{ReferencePackage: NewReference, GuidePackage: NewGuide(fixed...)}
}

// NewReference makes the reference app, which has none of the guide's flaws.
func NewReference() android.App { return newApp(nil) }

// NewGuide makes the guide's app with all flaws but the fixed ones.
func NewGuide(fixed ...Defect) func() android.App {
	has := allBut(fixed)
	return func() android.App { return newApp(has) }
}

// NewDead makes an app that starts when it is launched, and does nothing ever.
func NewDead() android.App { return dead{} }
