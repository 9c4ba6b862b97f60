package diagnose

import (
	"fmt"
	"slices"

	"github.com/ringproof/ringproof/harness/dumpsys/appops"
	"github.com/ringproof/ringproof/harness/dumpsys/notification"
)

// The permissions that calls need and nobody can be asked for: the manifest
// declares them or they are missing.
const (
	manageOwnCalls      = "android.permission.MANAGE_OWN_CALLS"
	useFullScreenIntent = "android.permission.USE_FULL_SCREEN_INTENT"
	postNotifications   = "android.permission.POST_NOTIFICATIONS"
)

func permissionRules() []rule {
	return []rule{
		{
			id: "permission.manage-own-calls", sentence: "the app may not manage its own calls",
			remedy: "declare android.permission.MANAGE_OWN_CALLS in the manifest; it is granted at installation, there is nothing to ask for at run time",
			when: func(c *Case) []string {
				return c.undeclared(manageOwnCalls)
			},
		},
		{
			id: "permission.full-screen-intent-undeclared", sentence: "the app does not declare the permission for full-screen intents: its calls never wake the screen",
			remedy: "declare android.permission.USE_FULL_SCREEN_INTENT in the manifest",
			when: func(c *Case) []string {
				if !c.FullScreen || c.API < 29 {
					return nil
				}
				return c.undeclared(useFullScreenIntent)
			},
		},
		{
			id: "permission.full-screen-intent-denied", sentence: "full-screen intents are switched off for the app: its calls show as a heads-up only",
			remedy: "have the user allow them: Settings.ACTION_MANAGE_APP_USE_FULL_SCREEN_INTENT; ask NotificationManager.canUseFullScreenIntent",
			when: func(c *Case) []string {
				var said []string
				if m, ok := c.op("USE_FULL_SCREEN_INTENT").Get(); ok && (m == appops.Deny || m == appops.Ignore) {
					said = say("app op USE_FULL_SCREEN_INTENT: %s", m)
				}
				for _, r := range c.Now.CallNotifications().Or(nil) {
					if v, ok := r.FullScreen.Get(); ok && v == notification.FullScreenDenied {
						said = append(said, fmt.Sprintf("notification %s: the full-screen intent was denied", r.Key))
					}
				}
				return said
			},
		},
		xiaomi("lock-screen", "MIUIOP(10020)", "Xiaomi's own switch keeps the app off the lock screen: its calls are in the list only",
			"have the user allow \"Show on Lock screen\" in the app's page of the phone's settings, under other permissions; answer must work from the notification without it"),
		xiaomi("pop-up", "MIUIOP(10021)", "Xiaomi's own switch keeps the app from opening a screen in the background",
			"have the user allow \"Display pop-up windows while running in the background\", under other permissions; keep a notification with every button, the screen may never open"),
		{
			id: "permission.post-notifications", sentence: "the app may not post notifications",
			remedy: "ask for POST_NOTIFICATIONS; a CallStyle notification of a self-managed call shows all the same",
			when: func(c *Case) []string {
				if c.API < 33 {
					return nil
				}
				var said []string
				if p, ok := c.pkg(); ok {
					if granted, known := p.Granted(postNotifications, 0).Get(); known && !granted {
						said = say("permission POST_NOTIFICATIONS: not granted")
					}
				}
				if m, ok := c.op("POST_NOTIFICATION").Get(); ok && (m == appops.Ignore || m == appops.Deny) {
					said = append(said, fmt.Sprintf("app op POST_NOTIFICATION: %s", m))
				}
				return said
			},
		},
		{
			id: "permission.notifications-off", sentence: "the user switched the app's notifications off",
			remedy: "have the user switch them on: NotificationManager.areNotificationsEnabled tells",
			when: func(c *Case) []string {
				if c.API >= 33 {
					return nil
				}
				if m, ok := c.op("POST_NOTIFICATION").Get(); ok && (m == appops.Ignore || m == appops.Deny) {
					return say("app op POST_NOTIFICATION: %s", m)
				}
				return nil
			},
		},
		{
			id: "permission.runtime", sentence: "the app lacks a permission that calls need",
			remedy: "ask for it before a call comes; a call must survive a user who says no",
			when: func(c *Case) []string {
				p, ok := c.pkg()
				if !ok {
					return nil
				}
				var said []string
				for _, name := range c.Wanted {
					if name == postNotifications {
						continue
					}
					if granted, known := p.Granted(name, 0).Get(); known && !granted {
						said = append(said, fmt.Sprintf("permission %s: not granted", name))
					}
				}
				return said
			},
		},
	}
}

// xiaomi is the rule of an app op of Xiaomi's own. Their numbers are unofficial.
func xiaomi(id, op, sentence, remedy string) rule {
	return rule{
		id: "permission.xiaomi-" + id, sentence: sentence, remedy: remedy,
		when: func(c *Case) []string {
			if m, ok := c.op(op).Get(); ok && (m == appops.Ignore || m == appops.Deny) {
				return say("app op %s: %s", op, m)
			}
			return nil
		},
	}
}

// undeclared is a permission that the manifest does not request, in words.
func (c *Case) undeclared(name string) []string {
	p, ok := c.pkg()
	if !ok {
		return nil
	}
	if req, known := p.Requested.Get(); known && !slices.Contains(req, name) {
		return say("package %s: does not request %s", p.Name, name)
	}
	return nil
}
