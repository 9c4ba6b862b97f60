package android

import (
	"slices"
	"time"
)

// grantScreen is the permission controller's dialog, an activity over the app's.
var grantScreen = Component{"com.android.permissioncontroller", "com.android.permissioncontroller.permission.ui.GrantPermissionsActivity"} // read-only

// questions are what the dialog asks, by permission, after "Allow <app> to ".
var questions = map[string]string{ // read-only table
	"android.permission.POST_NOTIFICATIONS":   "send you notifications?",
	"android.permission.RECORD_AUDIO":         "record audio?",
	"android.permission.CAMERA":               "take pictures and record video?",
	"android.permission.BLUETOOTH_CONNECT":    "find, connect to, and determine the relative position of nearby devices?",
	"android.permission.READ_PHONE_STATE":     "make and manage phone calls?",
	"android.permission.READ_PHONE_NUMBERS":   "make and manage phone calls?",
	"android.permission.CALL_PHONE":           "make and manage phone calls?",
	"android.permission.ANSWER_PHONE_CALLS":   "make and manage phone calls?",
	"android.permission.READ_CONTACTS":        "access your contacts?",
	"android.permission.READ_CALL_LOG":        "access your phone call logs?",
	"android.permission.ACCESS_FINE_LOCATION": "access this device's location?",
}

// whileInUse are the permissions that the user may give for the time of use only.
var whileInUse = map[string]bool{ // read-only table
	"android.permission.RECORD_AUDIO": true, "android.permission.CAMERA": true, "android.permission.ACCESS_FINE_LOCATION": true,
}

// RequestPermissions is Activity.requestPermissions: the permission controller asks
// the user, one permission after the other, in a screen over the app's. What is
// granted already, what the manifest does not request, and what the user refused
// for good is not asked. done gets which of them the app now holds.
func (c *Context) RequestPermissions(a *ActivityRecord, permissions []string, done func(granted map[string]bool) error) {
	pk := c.Package()
	var ask []string
	for _, name := range permissions {
		s := pk.Permission(name)
		if s != nil && !s.Granted && !slices.Contains(s.Flags, "USER_FIXED") && questions[name] != "" {
			ask = append(ask, name)
		}
	}
	c.d.Activities.ask(c, pk, ask, func() {
		held := map[string]bool{}
		for _, name := range permissions {
			held[name] = pk.Holds(name)
		}
		if done != nil {
			c.Proc.post(c.d, func() error { return done(held) })
		}
	})
}

// ask shows the dialog for the first permission and goes on with the others.
func (a *Activities) ask(c *Context, pk *Package, names []string, done func()) {
	if len(names) == 0 {
		done()
		return
	}
	res, err := a.Start(c.caller(), &Intent{Action: "android.content.pm.action.REQUEST_PERMISSIONS", Component: grantScreen}, StartOptions{})
	if err != nil || res.Activity == nil {
		done()
		return
	}
	r, name := res.Activity, names[0]
	next := func() {
		r.Finish()
		a.d.After(a.d.Jitter(120*time.Millisecond), func() { a.ask(c, pk, names[1:], done) })
	}
	choose := func(allow bool, flags ...string) func() {
		return func() {
			s := pk.Permission(name)
			s.Granted = allow
			refused := slices.Contains(s.Flags, "USER_SET")
			s.Flags = slices.DeleteFunc(s.Flags, func(f string) bool { return f == "USER_SET" || f == "USER_FIXED" || f == "ONE_TIME" })
			if !allow && refused {
				flags = []string{"USER_FIXED"} // a second refusal is for good (11)
			}
			s.Flags = append(s.Flags, flags...)
			a.d.AppOps.followPermission(pk, s)
			next()
		}
	}
	const id = "com.android.permissioncontroller:id/"
	buttons := []dialogButton{{"permission_allow_button", "Allow", choose(true, "USER_SET")}}
	if whileInUse[name] && a.d.API >= 29 {
		buttons = []dialogButton{{"permission_allow_foreground_only_button", "While using the app", choose(true, "USER_SET")}}
		if a.d.API >= 30 {
			buttons = append(buttons, dialogButton{"permission_allow_one_time_button", "Only this time", choose(true, "ONE_TIME")})
		}
	}
	refuse := "Don\u2019t allow"
	if a.d.API <= 29 {
		refuse = "Deny"
	}
	buttons = append(buttons, dialogButton{"permission_deny_button", refuse, choose(false, "USER_SET")})
	top := 2200 - 140*len(buttons) - 180
	content := &View{Class: "android.widget.FrameLayout", Bounds: fullBounds, Children: []*View{
		{Class: "android.widget.TextView", ID: id + "permission_message", Text: "Allow " + pk.Label + " to " + questions[name], Bounds: Rect{100, top, 980, top + 160}}}}
	for i, b := range buttons {
		y := top + 180 + 140*i
		content.Children = append(content.Children, &View{Class: "android.widget.Button", ID: id + b.id, Text: b.text,
			Bounds: Rect{100, y, 980, y + 120}, Clickable: true, Focusable: true, onTap: b.press})
	}
	r.Content = content
	r.onBack = next // neither allowed nor refused
}
