package apps

import (
	"github.com/ringproof/ringproof/devices/apk"
	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/installer"
	sampleapp "github.com/ringproof/ringproof/sample-app"
)

// What the tests of the models put on a phone: the manifests of the committed
// APKs, with the models behind them.

// Reference is the reference app.
func Reference() android.PackageSpec { return manifest(sampleapp.Reference(), NewReference) }

// Guide is the guide's app.
func Guide(fixed ...Defect) android.PackageSpec {
	return manifest(sampleapp.Guide(), NewGuide(fixed...))
}

// Dead is the reference's manifest with nothing behind it.
func Dead() android.PackageSpec { return manifest(sampleapp.Reference(), NewDead) }

func manifest(a sampleapp.APK, model func() android.App) android.PackageSpec {
	p, err := apk.Open(a.Open(), a.Size)
	if err != nil {
		panic(err) // a test binary without APKs tests nothing
	}
	s := installer.Spec(p)
	s.NewApp = model
	return s
}
