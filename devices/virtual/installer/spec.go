package installer

import (
	"github.com/ringproof/ringproof/devices/apk"
	"github.com/ringproof/ringproof/devices/virtual/android"
)

// Spec is what the system keeps of a package's manifest on API 34, without
// behaviour.
func Spec(p *apk.Package) android.PackageSpec { return specOf(p, apk.Signature{}) }

func specOf(p *apk.Package, sig apk.Signature) android.PackageSpec {
	s := android.PackageSpec{
		Name: p.Name, VersionCode: int(p.VersionCode), VersionName: p.VersionName, Label: p.Label,
		MinSDK: p.MinSDK, TargetSDK: p.TargetSDK, Debuggable: p.Debuggable, TestOnly: p.TestOnly,
		Application: p.Application, Certificates: sig.Certificates, Scheme: sig.Scheme,
	}
	for _, perm := range p.Permissions {
		if perm.MaxSDK == 0 || perm.MaxSDK >= android14 {
			s.Permissions = append(s.Permissions, perm.Name)
		}
	}
	kinds := map[apk.ComponentKind]android.ComponentKind{
		apk.Activity: android.KindActivity, apk.Alias: android.KindActivity, apk.Service: android.KindService,
		apk.Receiver: android.KindReceiver, apk.Provider: android.KindProvider,
	}
	for _, c := range p.Components {
		label := c.Label
		if label == "" {
			label = p.Label
		}
		spec := android.ComponentSpec{
			Kind: kinds[c.Kind], Class: c.Class, Exported: c.Exported, Disabled: !c.Enabled, Permission: c.Permission, Label: label,
			LaunchMode: android.LaunchMode(min(c.LaunchMode, int(android.LaunchSingleInstance))), TaskAffinity: c.TaskAffinity,
			ShowWhenLocked: c.ShowWhenLocked, TurnScreenOn: c.TurnScreenOn, ExcludeFromRecents: c.ExcludeFromRecents, NoHistory: c.NoHistory,
			ForegroundServiceType: c.ForegroundServiceType, DirectBootAware: c.DirectBootAware,
		}
		if spec.Kind == android.KindActivity && c.TaskAffinity == "" {
			// android:taskAffinity="" belongs with no other activity; the
			// system's zero value is the default.
			spec.TaskAffinity = "none:" + c.Class
		}
		for _, f := range c.Filters {
			spec.Filters = append(spec.Filters, android.Filter{Actions: f.Actions, Categories: f.Categories, Schemes: f.Schemes, Priority: f.Priority})
		}
		s.Components = append(s.Components, spec)
	}
	return s
}
