package android_test

import (
	"slices"
	"testing"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// From the releases' own notes of what changed for apps.
func TestReleases(t *testing.T) {
	since := map[string]struct {
		api int
		has func(r android.Release) bool
	}{
		"POST_NOTIFICATIONS":         {33, func(r android.Release) bool { return r.NotificationPermission }},
		"full-screen special access": {34, func(r android.Release) bool { return r.FullScreenAccess }},
		"BLUETOOTH_CONNECT":          {31, func(r android.Release) bool { return r.BluetoothConnect }},
		"trampolines blocked":        {31, func(r android.Release) bool { return r.TrampolineBlock }},
		"background activity starts": {29, func(r android.Release) bool { return r.BackgroundActivityLimits }},
		"background service starts":  {31, func(r android.Release) bool { return r.ForegroundServiceLimits }},
		"service types":              {29, func(r android.Release) bool { return r.ForegroundServiceTypes }},
		"permissions of types":       {34, func(r android.Release) bool { return r.TypePermissions }},
		"CallStyle":                  {31, func(r android.Release) bool { return r.CallStyle }},
		"ANSWERED":                   {29, func(r android.Release) bool { return r.AnsweredState }},
		"CallControl":                {34, func(r android.Release) bool { return r.CallControl }},
		"standby buckets":            {28, func(r android.Release) bool { return r.StandbyBuckets }},
		"exit reasons":               {30, func(r android.Release) bool { return r.ExitInfo }},
		"cmd telecom":                {35, func(r android.Release) bool { return r.TelecomService }},
		"uiautomator --windows":      {31, func(r android.Release) bool { return r.AllWindows }},
	}
	for api := android.FirstAPI; api <= android.LastAPI; api++ {
		r, err := android.ReleaseOf(api)
		if err != nil {
			t.Fatal(err)
		}
		for name, row := range since {
			if got, want := row.has(r), api >= row.api; got != want {
				t.Errorf("API %d: %s: got %t, want %t", api, name, got, want)
			}
		}
	}
	for api, version := range map[int]string{26: "8.0.0", 27: "8.1.0", 28: "9", 29: "10", 30: "11", 31: "12", 32: "12", 33: "13", 34: "14", 35: "15", 36: "16", 0: "14"} {
		if r, err := android.ReleaseOf(api); err != nil || r.Version != version {
			t.Errorf("API %d: version %q, %v, want %q", api, r.Version, err, version)
		}
	}
	for _, api := range []int{-1, 1, 25, 37} {
		if r, err := android.ReleaseOf(api); err == nil {
			t.Errorf("API %d: got %+v, want an error", api, r)
		}
	}
}

func TestMakers(t *testing.T) {
	if got, want := android.Makers(), []string{"pixel", "samsung", "xiaomi", "oneplus", "motorola"}; !slices.Equal(got, want) {
		t.Errorf("makers %v, want %v", got, want)
	}
	for name, manufacturer := range map[string]string{"": "Google", "pixel": "Google", "samsung": "samsung", "xiaomi": "Xiaomi", "oneplus": "OnePlus", "motorola": "motorola"} {
		if m, err := android.MakerOf(name); err != nil || m.Manufacturer != manufacturer {
			t.Errorf("maker %q: %+v, %v, want manufacturer %q", name, m, err, manufacturer)
		}
	}
	if m, err := android.MakerOf("nokia"); err == nil {
		t.Errorf("maker nokia: got %+v, want an error", m)
	}
	if err := (android.Options{API: 25}).Check(); err == nil {
		t.Error("options with API 25: no error")
	}
}
