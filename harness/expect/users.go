package expect

import (
	"fmt"
	"slices"

	"github.com/ringproof/ringproof/harness/dumpsys/audio"
	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/users"
	"github.com/ringproof/ringproof/harness/facts"
)

// managedProfile is UserInfo.FLAG_MANAGED_PROFILE.
const managedProfile = 0x20

// UserState wants a state of a user, such as RUNNING_LOCKED: before the first
// unlock since the phone started.
func UserState(id int, state string) Condition {
	return is("user.state", fmt.Sprintf("user %d %s", id, state), facts.Users, state, func(s facts.Snapshot) fact.Value[string] {
		u, ok := s.Users.User(id).Get()
		if !ok {
			return fact.Unknown[string]()
		}
		return u.State
	})
}

// ManagedProfile is the id of the phone's work profile, unknown without one.
func ManagedProfile(f users.Facts) fact.Value[int] {
	for _, u := range f.Users.Or(nil) {
		if u.Flags&managedProfile != 0 {
			return fact.Of(u.ID, u.Line)
		}
	}
	return fact.Unknown[int]()
}

// NoWorkProfile wants no managed profile that runs.
func NoWorkProfile() Condition {
	return is("user.profile", "no work profile that runs", facts.Users, false, runningProfile)
}

// UserInFront wants a user's screens in front.
func UserInFront(id int) Condition {
	return is("user.current", fmt.Sprintf("user %d in front", id), facts.Users, id, func(s facts.Snapshot) fact.Value[int] { return s.Users.Current })
}

// OtherUserInFront wants another user than the owner in front.
func OtherUserInFront() Condition {
	return is("user.current", "another user than the owner in front", facts.Users, true, func(s facts.Snapshot) fact.Value[bool] {
		id, ok := s.Users.Current.Get()
		if !ok {
			return fact.Unknown[bool]()
		}
		return fact.Of(id != 0, s.Users.Current.Line())
	})
}

// OfProfile wants the app's last call to be one of its copy in the work profile.
func OfProfile() Condition {
	return condition{
		fact: "telecom.user", wanted: "a call of the app's copy in the work profile", kinds: []facts.Kind{facts.Telecom, facts.Users},
		check: func(s facts.Snapshot) Result {
			id, known := ManagedProfile(s.Users).Get()
			r := s.LastRecord()
			if !known || !s.Telecom.History.Known() {
				return Result{Unknown, "dumps that do not tell the profile and the calls"}
			}
			if r == nil {
				return Result{NotYet, "no call of the app in the history"}
			}
			account, ok := r.Account.Get()
			switch {
			case !ok || account.User < 0:
				return Result{Unknown, r.ID + " without the user of its account"}
			case account.User == id:
				return Result{Met, fmt.Sprintf("%s of user %d", r.ID, id)}
			}
			return Result{NotYet, fmt.Sprintf("%s of user %d, and the profile is %d", r.ID, account.User, id)}
		},
	}
}

// WorkProfile wants a managed profile that runs and is unlocked.
func WorkProfile() Condition {
	return is("user.profile", "a work profile that runs", facts.Users, true, runningProfile)
}

func runningProfile(s facts.Snapshot) fact.Value[bool] {
	all, ok := s.Users.Users.Get()
	if !ok {
		return fact.Unknown[bool]()
	}
	for _, u := range all {
		if u.Flags&managedProfile != 0 && u.Unlocked().Or(false) {
			return fact.Of(true, u.Line)
		}
	}
	return fact.Of(false, s.Users.Users.Line())
}

// Secure wants a credential on the phone, whatever is in front.
func Secure() Condition {
	return onScreen("keyguard.secure", "a keyguard with a credential", func(l looks) bool { return l.secure }, nil)
}

// Ringer wants the ringer's mode: NORMAL, VIBRATE or SILENT.
func Ringer(mode string) Condition {
	return is("audio.ringer", "the ringer "+mode, facts.Audio, mode,
		func(s facts.Snapshot) fact.Value[string] { return s.Audio.RingerMode })
}

// NoRingtone wants the app to play no ringtone of its own: what the phone's ringer
// does is the user's choice. An app that plays one holds the audio focus for it.
func NoRingtone() Condition {
	return is("audio.ringtone", "no ringtone that the app itself plays", facts.Audio, false, func(s facts.Snapshot) fact.Value[bool] {
		stack, ok := s.Audio.FocusStack.Get()
		if !ok {
			return fact.Unknown[bool]()
		}
		return fact.Of(slices.ContainsFunc(stack, func(f audio.Focus) bool {
			return f.Package == s.App.Package && f.Usage == "USAGE_NOTIFICATION_RINGTONE"
		}), s.Audio.FocusStack.Line())
	})
}
