package android

import "testing"

// What a user can swipe away: a foreground service's notification from 13 on, an
// ongoing one from 14 on, one with FLAG_NO_DISMISS never (developer.android.com,
// behaviour changes of 13 and 14 for all apps).
func TestWhatCanBeSwipedAway(t *testing.T) {
	const service, ongoing, noDismiss = FlagForegroundService, FlagOngoing, FlagNoDismiss
	for _, c := range []struct {
		what  string
		flags uint32
		from  int // the first release that lets it go, 0: none
	}{
		{"plain", 0, 26},
		{"a service's", service, 33},
		{"ongoing", ongoing, 34},
		{"an ongoing service's", ongoing | service, 34},
		{"not to be dismissed", ongoing | service | noDismiss, 0},
	} {
		for _, api := range []int{26, 29, 32, 33, 34, 36} {
			ph := callApp(t, func(o *Options, _ *PackageSpec) { o.API = api })
			ph.Do(func(d *Device) { d.Notifications.SetChannelImportance(pkgName, "calls", ImportanceDefault) })
			ph.post(func(_ *Context, n *Notification) error { n.FullScreenIntent, n.Flags = nil, 0; return nil })
			var gone, aside bool
			ph.Do(func(d *Device) {
				r := d.Notifications.Posted()[0]
				r.Notification.Flags = c.flags
				d.StatusBar.Expand()
				b := d.StatusBar.rows(270)[0].Bounds
				x, y := b.Center()
				d.Input.Swipe(x, y, x+200, y, 0)
				aside = len(d.Notifications.Posted()) == 0 // too short a way
				d.Input.Swipe(x-300, y, x+300, y+20, 0)
				gone = len(d.Notifications.Posted()) == 0
			})
			if want := c.from > 0 && api >= c.from; gone != want || aside {
				t.Errorf("API %d, %s: gone %t, want %t; gone by a short drag %t", api, c.what, gone, want, aside)
			}
		}
	}
}
