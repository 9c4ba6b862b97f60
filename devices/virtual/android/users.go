package android

import (
	"slices"
)

// usersRange is what user ids are multiplied with in uids (UserHandle.PER_USER_RANGE).
const usersRange = 100000

// Flags of a user (UserInfo.FLAG_*).
const (
	UserInitialized uint32 = 0x10
	UserManaged     uint32 = 0x20
	UserQuiet       uint32 = 0x80
	UserFull        uint32 = 0x400
	UserProfile     uint32 = 0x1000
)

// User states (UserState). A user that is not started has none: "".
const (
	UserRunningLocked   = "RUNNING_LOCKED"
	UserUnlocking       = "RUNNING_UNLOCKING"
	UserRunningUnlocked = "RUNNING_UNLOCKED"
)

const (
	firstUser = 10 // UserManagerService.MIN_USER_ID
	maxUsers  = 4  // UserManager.getMaxSupportedUsers of this phone
)

// Types of users (UserManager.USER_TYPE_*).
const (
	typeSystem    = "android.os.usertype.full.SYSTEM"
	typeSecondary = "android.os.usertype.full.SECONDARY"
	typeManaged   = "android.os.usertype.profile.MANAGED"
)

// User is a user of the phone, or a profile of one.
type User struct {
	ID    int
	Name  string
	Flags uint32
	// State is one of the user states, "" for a user that is not started.
	State string
	// Type is the user's type by name.
	Type string
	// Parent is the user that a profile belongs to; a full user is its own.
	Parent int
}

// Profile reports whether the user is a profile of another.
func (u *User) Profile() bool { return u.Flags&UserProfile != 0 }

// Running reports whether the user is started.
func (u *User) Running() bool { return u.State != "" }

// Unlocked reports whether the user's credential-encrypted storage is open.
func (u *User) Unlocked() bool { return u.State == UserRunningUnlocked }

// Users is the user manager, with the user controller of the activity manager.
type Users struct {
	d *Device
	// List are the users in order of their ids, the owner first.
	List []*User
	// Current is the user in front.
	Current int

	next int
}

func newUsers(d *Device) *Users {
	return &Users{d: d, next: firstUser,
		List: []*User{{ID: 0, Name: "Owner", Flags: 0x4c13, State: UserRunningUnlocked, Type: typeSystem}}}
}

// UserOf is the user that a uid belongs to.
func UserOf(uid int) int { return uid / usersRange }

// User is the user that a call or callback is about (Binder.getCallingUserHandle):
// that of the process whose code runs, of the event that it caused, or of the shell
// command's --user. Package names mean that user's packages.
func (d *Device) User() int { return d.user }

// AsUser runs fn for a user.
func (d *Device) AsUser(id int, fn func()) {
	old := d.user
	d.user = id
	defer func() { d.user = old }()
	fn()
}

// scoped is a key for what a package has for each user of its own.
func (d *Device) scoped(name string) string {
	if d.user == 0 {
		return name
	}
	return itoa(d.user) + ":" + name
}

// Get returns a user, nil without one.
func (u *Users) Get(id int) *User {
	for _, x := range u.List {
		if x.ID == id {
			return x
		}
	}
	return nil
}

// InFront reports whether the user's screens and notifications are in front: it is
// the current one, or a profile of that.
func (u *Users) InFront(id int) bool {
	x := u.Get(id)
	return x != nil && (id == u.Current || x.Profile() && x.Parent == u.Current)
}

// visible reports whether Telecom takes calls for a user: one in front, or any
// while the owner is, unless it is paused (CallsManager.processIncomingCallIntent).
func (u *Users) visible(id int) bool {
	x := u.Get(id)
	return x != nil && x.Flags&UserQuiet == 0 && (u.Current == 0 || u.InFront(id))
}

// Create is pm create-user. parent is the user of a managed profile, -1 for a full
// user. nil when there is no room.
func (u *Users) Create(name string, parent int) *User {
	owner := u.Get(max(parent, 0))
	full := 0
	for _, x := range u.List {
		if !x.Profile() {
			full++
		}
		if parent >= 0 && x.Profile() && x.Parent == parent {
			return nil // one managed profile each
		}
	}
	if owner == nil || owner.Profile() || parent < 0 && full >= maxUsers {
		return nil
	}
	x := &User{ID: u.next, Name: name, Flags: UserFull, Type: typeSecondary}
	if parent >= 0 {
		x.Flags, x.Type, x.Parent = UserProfile|UserManaged, typeManaged, parent
	} else {
		x.Parent = x.ID
	}
	u.next++
	u.List = append(u.List, x)
	// A new user gets the system's packages, and no app of another user.
	for _, pk := range u.d.Packages.All() {
		if pk.System {
			u.d.Packages.forUser(pk, x.ID)
		}
	}
	return x
}

// Remove is pm remove-user: false for the owner, and for one that there is not.
func (u *Users) Remove(id int) bool {
	x := u.Get(id)
	if x == nil || id == 0 {
		return false
	}
	if u.Current == id {
		u.Switch(0)
	}
	for _, p := range slices.Clone(u.List) {
		if p.Profile() && p.Parent == id {
			u.Remove(p.ID)
		}
	}
	u.stop(x)
	u.d.AsUser(id, func() {
		for _, pk := range u.d.Packages.All() {
			u.d.Packages.forget(pk, false)
		}
	})
	u.d.Packages.list = slices.DeleteFunc(u.d.Packages.list, func(pk *Package) bool { return pk.User == id })
	u.List = slices.DeleteFunc(u.List, func(o *User) bool { return o == x })
	return true
}

// Start is am start-user: the user's system comes up, and since it has no
// credential of its own its storage opens with it. False without such a user.
func (u *Users) Start(id int) bool {
	x := u.Get(id)
	if x == nil {
		return false
	}
	if x.Running() {
		return true
	}
	x.Flags = x.Flags&^UserQuiet | UserInitialized
	x.State = UserRunningLocked
	u.d.Log.System(Info, "ActivityManager", "Started user %d", id)
	u.d.AsUser(id, func() {
		u.bootTold(ActionLockedBootCompleted)
		u.d.After(u.d.Jitter(300*ms), func() { u.unlock(x) })
	})
	return true
}

// StopCode is what am stop-user is told (ActivityManager.USER_OP_*).
type StopCode int

// Answers of Stop.
const (
	StopDone      StopCode = 0
	StopUnknown   StopCode = -1
	StopIsCurrent StopCode = -2
	StopIsSystem  StopCode = -3
)

// Stop is am stop-user: everything of the user ends.
func (u *Users) Stop(id int) StopCode {
	x := u.Get(id)
	switch {
	case x == nil:
		return StopUnknown
	case id == 0:
		return StopIsSystem
	case id == u.Current:
		return StopIsCurrent
	}
	u.stop(x)
	return StopDone
}

func (u *Users) stop(x *User) {
	if !x.Running() {
		return
	}
	u.d.AsUser(x.ID, func() {
		for _, pk := range u.d.Packages.All() {
			if pk.UID < FirstAppUID {
				continue // shared with the owner
			}
			u.d.Packages.stop(pk, ReasonUserStopped, SubReasonUnknown, "stop user "+itoa(x.ID)+" due to finish user")
		}
		u.d.Activities.Tasks = slices.DeleteFunc(u.d.Activities.Tasks, func(t *Task) bool { return t.User == x.ID })
	})
	x.State = ""
	u.d.Log.System(Info, "ActivityManager", "Stopped user %d", x.ID)
	u.d.Activities.reconcile()
}

// SetQuiet is UserManager.requestQuietModeEnabled, the switch "Work apps": a paused
// profile is stopped. False for what is no profile.
func (u *Users) SetQuiet(id int, on bool) bool {
	x := u.Get(id)
	if x == nil || !x.Profile() {
		return false
	}
	if on {
		x.Flags |= UserQuiet
		u.stop(x)
		return true
	}
	return u.Start(id)
}

// Switch is am switch-user: the user's screens come to the front. A profile
// cannot; false then, and without such a user.
func (u *Users) Switch(id int) bool {
	x := u.Get(id)
	if x == nil || x.Profile() || !u.Start(id) {
		return false
	}
	if id == u.Current {
		return true
	}
	u.Current = id
	u.d.Log.Event("am_switch_user", id)
	u.d.StatusBar.Collapse()
	u.d.StatusBar.dropHeadsUp()
	u.d.AsUser(id, func() {
		u.d.Activities.addHome(nil)
		u.d.Activities.Home()
	})
	return true
}

// unlock opens the user's storage: what waited for it is told.
func (u *Users) unlock(x *User) {
	if x.State != UserRunningLocked || u.d.booting {
		return
	}
	x.State = UserUnlocking
	u.d.Log.System(Info, "ActivityManager", "User %d: unlocking", x.ID)
	u.d.AsUser(x.ID, func() {
		u.d.After(u.d.Jitter(150*ms), func() {
			if x.State != UserUnlocking {
				return
			}
			x.State = UserRunningUnlocked
			u.d.Log.Event("uc_finish_user_unlocked", x.ID)
			if u.Current == x.ID {
				u.d.Activities.addHome(nil)
				u.d.Activities.reconcile()
			}
			u.bootTold(ActionBootCompleted)
			for _, p := range u.List {
				if p.Profile() && p.Parent == x.ID && !p.Running() && p.Flags&UserQuiet == 0 {
					u.Start(p.ID)
				}
			}
		})
	})
}

// Actions of a boot.
const (
	ActionBootCompleted       = "android.intent.action.BOOT_COMPLETED"
	ActionLockedBootCompleted = "android.intent.action.LOCKED_BOOT_COMPLETED"
)

// bootTold sends the broadcast of a stage of the boot to the calling user's apps.
// Stopped ones do not get it.
func (u *Users) bootTold(action string) {
	_, _ = u.d.Broadcasts.Send(SystemCaller(), &Intent{Action: action, Flags: FlagReceiverIncludeBackground}, BroadcastOptions{}) // the system may
}

// available reports whether a component can be found now: before the calling user
// has unlocked, only direct-boot aware ones and the system's own.
func (p *Packages) available(pk *Package, s *ComponentSpec) bool {
	u := p.d.Users.Get(pk.User)
	return pk.System || s.DirectBootAware || u != nil && (u.State == UserRunningUnlocked || u.State == UserUnlocking)
}

// forUser installs a package of one user for another, fresh.
func (p *Packages) forUser(of *Package, user int) *Package {
	spec := of.PackageSpec
	if spec.UID >= FirstAppUID {
		spec.UID = user*usersRange + of.UID%usersRange
	}
	var pk *Package
	p.d.AsUser(user, func() { pk = p.Install(spec) })
	return pk
}

// InstallExisting is pm install-existing: an app of another user is installed for
// the calling one, too. nil when nobody has it.
func (p *Packages) InstallExisting(name string) *Package {
	if pk := p.Get(name); pk != nil {
		return pk
	}
	for _, pk := range p.list {
		if pk.Name == name {
			return p.forUser(pk, p.d.user)
		}
	}
	return nil
}

// For returns a user's package, nil when it has none.
func (p *Packages) For(user int, name string) *Package {
	for _, pk := range p.list {
		if pk.Name == name && pk.User == user {
			return pk
		}
	}
	return nil
}
