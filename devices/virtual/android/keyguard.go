package android

import "time"

// CredentialKind is the user's lock screen credential.
type CredentialKind string

// Credential kinds.
const (
	CredentialNone     CredentialKind = "NONE"
	CredentialPIN      CredentialKind = "PIN"
	CredentialPassword CredentialKind = "PASSWORD"
	CredentialPattern  CredentialKind = "PATTERN"
)

// Keyguard is the lock screen, its credential and the trust manager.
//
// Showing, Secure and Occluded are separate facts: an occluded keyguard is still
// showing, and the device is still locked.
type Keyguard struct {
	d *Device
	// Showing: the keyguard is up, possibly covered by an activity (Occluded).
	Showing bool
	// Occluded: an activity that shows when locked covers it.
	Occluded bool
	// GoingAway: it was dismissed and animates away.
	GoingAway bool
	// Bouncer: the credential is being asked for.
	Bouncer bool
	// DisabledByUser is `locksettings set-disabled true`: no lock screen at all
	// as long as no credential is set.
	DisabledByUser bool
	// Locked is TrustManager's deviceLocked.
	Locked bool
	// Entered is how many characters stand in the bouncer's field.
	Entered int
	// FailedAttempts in a row.
	FailedAttempts int
	Credential     CredentialKind

	secret      string
	typed       string
	lockTimer   *Timer
	goAway      *Timer
	lockoutTill time.Duration
	onDismiss   []func(ok bool)
}

// Secure reports whether a credential is set.
func (k *Keyguard) Secure() bool { return k.Credential != CredentialNone }
