package diagnose

// beforeRules are what explains more than the rules that follow: that nobody took
// a push before the first unlock is no news, and neither is it that a phone whose
// ringer is off is quiet when the app rings by itself.
func beforeRules() []rule {
	return []rule{
		{
			id: "user.locked", sentence: "the phone was not unlocked since it booted: apps that are not direct-boot aware do not run",
			remedy: "unlock it once; for calls before that, make the push service directBootAware",
			when: func(c *Case) []string {
				for _, u := range c.Now.Users.Users.Or(nil) {
					if u.ID == 0 && u.State.Or("") == "RUNNING_LOCKED" {
						return say("user 0: RUNNING_LOCKED")
					}
				}
				return nil
			},
		},
		{
			id: "app.own-ringtone", sentence: "the app plays a ringtone of its own, whatever the ringer is set to",
			remedy: "leave the sound to the notification's channel: the system mutes it when the user does",
			only:   []string{"audio.ringtone"},
			when: func(c *Case) []string {
				for _, f := range c.Now.Audio.FocusStack.Or(nil) {
					if f.Package == c.Now.App.Package && f.Usage == "USAGE_NOTIFICATION_RINGTONE" {
						return say("audio: focus of %s for %s, ringer %s", f.Package, f.Usage, c.Now.Audio.RingerMode)
					}
				}
				return nil
			},
		},
	}
}
