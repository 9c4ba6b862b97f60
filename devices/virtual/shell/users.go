package shell

import (
	"strconv"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// asUser is --user's value: a number, or a word for the user in front.
func (c *call) asUser(word string) {
	if n, err := strconv.Atoi(word); err == nil {
		c.user = &n
	}
}

// do runs fn on the locked device for the command's user: that of --user, that of
// the program's uid, else the one in front.
func (c *call) do(fn func(d *android.Device)) {
	c.s.sys.Do(func(d *android.Device) {
		user := d.Users.Current
		switch {
		case c.user != nil:
			user = *c.user
		case c.UID >= android.FirstAppUID:
			user = android.UserOf(c.UID)
		}
		d.AsUser(user, func() { fn(d) })
	})
}

// pmCreateUser is PackageManagerShellCommand.runCreateUser.
func pmCreateUser(c *call) int {
	parent := -1
	for {
		o, ok := c.option()
		if !ok {
			break
		}
		switch o {
		case "--profileOf":
			parent = number(c.arg(), -1)
		case "--managed", "--ephemeral", "--guest", "--restricted", "--pre-create-only":
		case "--user-type":
			c.arg()
		default:
			c.errln("Error: unknown option %s", o)
			return 1
		}
	}
	name, ok := c.next()
	if !ok {
		c.errln("Error: no user name specified.")
		return 1
	}
	var made *android.User
	c.do(func(d *android.Device) { made = d.Users.Create(name, parent) })
	if made == nil {
		c.errln("Error: couldn't create User.")
		return 1
	}
	c.Printf("Success: created user id %d\n", made.ID)
	return 0
}

// pmRemoveUser is runRemoveUser. The files of the user go, too.
func pmRemoveUser(c *call) int {
	wait := false
	for {
		o, ok := c.option()
		if !ok {
			break
		}
		wait = wait || o == "--wait" || o == "-w" || o == "--set-ephemeral-if-in-use"
	}
	id, err := strconv.Atoi(c.arg())
	if err != nil {
		c.errln("Error: invalid user id")
		return 1
	}
	done := false
	c.do(func(d *android.Device) { done = d.Users.Remove(id) })
	if !done {
		c.errln("Error: couldn't remove user id %d", id)
		return 1
	}
	_ = c.s.tree.Image().RemoveAll("/data/user/" + strconv.Itoa(id)) // nobody may have had files
	c.Println("Success: removed user")
	return 0
}

// amUser are the verbs of the activity manager on users.
func amUser(c *call, verb string) int {
	for {
		if o, ok := c.option(); !ok {
			break
		} else if o == "--display" {
			c.arg()
		}
	}
	word, given := c.next()
	id, err := strconv.Atoi(word)
	if verb == "get-current-user" {
		c.do(func(d *android.Device) { id = d.Users.Current })
		c.Println(id)
		return 0
	}
	if !given || err != nil {
		return c.threw(verb, &android.Exception{Class: "java.lang.NumberFormatException", Message: "For input string: " + strconv.Quote(word)})
	}
	switch verb {
	case "switch-user":
		ok := false
		c.do(func(d *android.Device) { ok = d.Users.Switch(id) })
		if !ok {
			c.errln("Error: Failed to switch to user %d", id)
			return 1
		}
	case "start-user":
		ok := false
		c.do(func(d *android.Device) { ok = d.Users.Start(id) })
		if !ok {
			c.errln("Error: could not start user")
			return 0
		}
		// Since 9 with -w, and here always, until the user is unlocked.
		if err := c.s.sys.Await(c.ctx, 30*time.Second, func(d *android.Device) bool {
			u := d.Users.Get(id)
			return u == nil || u.Unlocked() || !u.Running() || id == 0
		}); err != nil && c.ctx.Err() != nil {
			return 129
		}
		c.Println("Success: user started")
	case "stop-user":
		var code android.StopCode
		c.do(func(d *android.Device) { code = d.Users.Stop(id) })
		why := map[android.StopCode]string{
			android.StopUnknown:   " (Unknown user " + strconv.Itoa(id) + ")",
			android.StopIsCurrent: " (Can't stop current user)",
			android.StopIsSystem:  " (System user cannot be stopped)",
		}
		if code != android.StopDone {
			c.errln("Switch failed: %d%s", int(code), why[code])
			return 255
		}
	case "get-started-user-state":
		state := ""
		c.do(func(d *android.Device) {
			if u := d.Users.Get(id); u != nil {
				state = u.State
			}
		})
		if state == "" {
			state = "User is not started: " + strconv.Itoa(id)
		}
		c.Println(state)
	case "is-user-stopped":
		running := false
		c.do(func(d *android.Device) {
			u := d.Users.Get(id)
			running = u != nil && u.Running()
		})
		c.Println(!running)
	case "unlock-user":
		c.Println("Success: user unlocked")
	}
	return 0
}
