package android

import (
	"slices"
	"strings"
)

const permManageOwnCalls = "android.permission.MANAGE_OWN_CALLS"

// TelecomManager is android.telecom.TelecomManager for one app.
type TelecomManager struct{ c *Context }

// Telecom is the app's TelecomManager.
func (c *Context) Telecom() TelecomManager { return TelecomManager{c} }

// Keys of addNewIncomingCall's extras (TelecomManager.EXTRA_*).
const (
	ExtraIncomingCallAddress = "android.telecom.extra.INCOMING_CALL_ADDRESS"
	ExtraIncomingCallExtras  = "android.telecom.extra.INCOMING_CALL_EXTRAS"
	ExtraOutgoingCallExtras  = "android.telecom.extra.OUTGOING_CALL_EXTRAS"
	ExtraIncomingVideoState  = "android.telecom.extra.INCOMING_VIDEO_STATE"
)

// RegisterPhoneAccount is registerPhoneAccount (TelecomServiceImpl 14). A
// self-managed account is enabled at once and takes the app's label; another
// waits for the user.
func (t TelecomManager) RegisterPhoneAccount(a PhoneAccount) error {
	return t.c.told(t.register(a), "TelecomManager.registerPhoneAccount", a)
}

func (t TelecomManager) register(a PhoneAccount) error {
	c, tc := t.c, t.c.d.Telecom
	if c.Proc.Dead {
		return nil
	}
	if a.Handle.Component.Package != c.PackageName {
		return Throw(SecurityException, "%s", "Package "+c.PackageName+" cannot modify accounts of "+a.Handle.Component.Package)
	}
	if a.SelfManaged() {
		if err := c.d.Packages.enforce(c.caller(), permManageOwnCalls, ""); err != nil {
			return err
		}
		if a.Capabilities&(AccountCallProvider|AccountConnectionManager|AccountSimSubscription) != 0 {
			return &Exception{
				Class:   SecurityException,
				Message: "Self-managed ConnectionServices cannot also be call capable, connection managers, or SIM accounts.",
				Frames: []string{
					"android.os.Parcel.createExceptionOrNull(Parcel.java:3057)",
					"android.os.Parcel.createException(Parcel.java:3041)",
					"android.os.Parcel.readException(Parcel.java:3024)",
					"com.android.internal.telecom.ITelecomService$Stub$Proxy.registerPhoneAccount(ITelecomService.java:2201)",
					"android.telecom.TelecomManager.registerPhoneAccount(TelecomManager.java:1549)",
				},
			}
		}
	}
	a.Handle.UserID = UserOf(c.UID)
	pk := c.Package()
	s := pk.Component(a.Handle.Component)
	if s == nil || s.Kind != KindService || s.Permission != "android.permission.BIND_TELECOM_CONNECTION_SERVICE" {
		return Throw(SecurityException, "PhoneAccount connection service requires BIND_TELECOM_CONNECTION_SERVICE permission.")
	}
	acc := a
	acc.Schemes = slices.Clone(a.Schemes)
	if acc.SelfManaged() {
		acc.Label, acc.Enabled = pk.Label, true
	} else {
		acc.Enabled = false
	}
	tc.log(Info, ": registerPhoneAccount: account=%s", acc.line(false))
	if old := tc.Account(a.Handle); old != nil {
		if !acc.SelfManaged() {
			acc.Enabled = old.Enabled
		}
		*old = acc
		tc.log(Info, "PhoneAccountRegistrar: Modify account: [%s]", a.Handle)
		return nil
	}
	n := 0
	for _, o := range tc.Accounts {
		if o.Handle.Component.Package == c.PackageName && o.Handle.UserID == a.Handle.UserID {
			n++
		}
	}
	if most := c.d.Release.MaxPhoneAccounts; most > 0 && n >= most {
		return Throw(IllegalArgumentException, "Error, cannot register phone account %s because the limit, %d, has been reached", a.Handle, most)
	}
	tc.Accounts = append(tc.Accounts, &acc)
	tc.log(Info, "PhoneAccountRegistrar: New phone account registered: %s", acc.line(false))
	return nil
}

// UnregisterPhoneAccount is unregisterPhoneAccount.
func (t TelecomManager) UnregisterPhoneAccount(h PhoneAccountHandle) error {
	if h.Component.Package != t.c.PackageName {
		return Throw(SecurityException, "%s", "Package "+t.c.PackageName+" cannot modify accounts of "+h.Component.Package)
	}
	h.UserID = UserOf(t.c.UID)
	t.c.d.Telecom.Unregister(h)
	return nil
}

// PhoneAccount is getPhoneAccount; nil when there is none.
func (t TelecomManager) PhoneAccount(h PhoneAccountHandle) *PhoneAccount {
	h.UserID = UserOf(t.c.UID)
	return t.c.d.Telecom.Account(h)
}

// IsInCall is isInCall: any live call of anybody, managed or self-managed.
func (t TelecomManager) IsInCall() bool { return len(t.c.d.Telecom.Calls) > 0 }

// AddNewIncomingCall is addNewIncomingCall. It returns before anything rings: what
// is refused later arrives in OnCreateIncomingConnectionFailed.
func (t TelecomManager) AddNewIncomingCall(h PhoneAccountHandle, extras Bundle) error {
	return t.c.told(t.announce(h, extras), "TelecomManager.addNewIncomingCall", h, extras)
}

func (t TelecomManager) announce(h PhoneAccountHandle, extras Bundle) error {
	c, tc := t.c, t.c.d.Telecom
	if c.Proc.Dead {
		return nil
	}
	if h.Component.Package != c.PackageName {
		return Throw(SecurityException, "Specified package \"%s\" under uid %d but it is not", h.Component.Package, c.UID)
	}
	h.UserID = UserOf(c.UID)
	acc := tc.Account(h)
	if acc == nil {
		return Throw(SecurityException, "This PhoneAccountHandle is not registered for this user!")
	}
	if !acc.Enabled {
		return Throw(SecurityException, "This PhoneAccountHandle is not enabled for this user!")
	}
	if acc.SelfManaged() {
		if err := c.d.Packages.enforce(c.caller(), permManageOwnCalls, "Self-managed phone accounts must have MANAGE_OWN_CALLS permission."); err != nil {
			return err
		}
	}
	sent := extras.parceled()
	c.Proc.toSystem(tc.d, func() { tc.incoming(acc, sent) })
	return nil
}

// SetAccountEnabled is `telecom set-phone-account-enabled` and -disabled; false
// when there is no such account.
func (t *Telecom) SetAccountEnabled(h PhoneAccountHandle, on bool) bool {
	a := t.Account(h)
	if a == nil {
		return false
	}
	a.Enabled = on || a.SelfManaged()
	t.log(Info, "PhoneAccountRegistrar: Phone account %s %s.", h, map[bool]string{true: "enabled", false: "disabled"}[a.Enabled])
	return true
}

// Unregister is `telecom unregister-phone-account`.
func (t *Telecom) Unregister(h PhoneAccountHandle) {
	t.Accounts = slices.DeleteFunc(t.Accounts, func(a *PhoneAccount) bool {
		if a.Handle != h {
			return false
		}
		t.log(Info, "PhoneAccountRegistrar: Removing phone account %s", a.Label)
		return true
	})
}

// forget drops a package's accounts (uninstall, clear).
func (t *Telecom) forget(pkg string) {
	for _, a := range slices.Clone(t.Accounts) {
		if a.Handle.Component.Package == pkg && a.Handle.UserID == t.d.user {
			t.Unregister(a.Handle)
		}
	}
}

// String is PhoneAccountHandle.toString: the id is hidden.
func (h PhoneAccountHandle) String() string {
	return h.Component.String() + ", ***, UserHandle{" + itoa(h.UserID) + "}"
}

// line is PhoneAccount.toString as the log has it.
func (a *PhoneAccount) line(enabled bool) string {
	mark := " "
	if enabled {
		mark = "X"
	}
	var caps []string
	for _, c := range []struct {
		bit  uint32
		name string
	}{{AccountSelfManaged, "SelfManaged"}, {AccountSupportsVideo, "SuppVideo"}, {AccountVideoCalling, "Video"},
		{AccountCallProvider, "CallProvider"}, {AccountConnectionManager, "ConnectionMgr"}, {AccountSimSubscription, "SimSub"}} {
		if a.Capabilities&c.bit != 0 {
			caps = append(caps, c.name+" ")
		}
	}
	ex := "null"
	if a.Extras != nil {
		ex = a.Extras.String()
	}
	schemes := ""
	for _, s := range a.Schemes {
		schemes += s + " "
	}
	return "[[" + mark + "] PhoneAccount: " + a.Handle.String() + " Capabilities: " + strings.Join(caps, "") + " Audio Routes: BESW Schemes: " + schemes + " Extras: " + ex + " GroupId: ***]"
}
