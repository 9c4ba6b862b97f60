package users

import (
	"errors"
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// Composed from what is known of UserManagerService of API 34 and 26; nothing
// here was captured.
const (
	dump34 = `Current user: 10
Users:
  UserInfo{0:Owner "机主":x}:c13} serialNo=0 isPrimary=true
    Type: android.os.usertype.full.SYSTEM
    Flags: 3091 (ADMIN|FULL|INITIALIZED|MAIN|PRIMARY|SYSTEM)
    State: RUNNING_UNLOCKED
    Created: <unknown>
    Last logged in: +1h2m3s4ms ago
    Restrictions:
      none
  UserInfo{10:Work:1030} serialNo=12 isPrimary=false parentId=0 <removing>  <partial>
    Type: android.os.usertype.profile.MANAGED
    State: RUNNING_LOCKED
    Created: +3d0h0m0s0ms ago
  UserInfo{11:Guest:4} serialNo=13 isPrimary=false
    State: -1

  Device properties:
    Type: none
`
	dump26 = "Users:\n  UserInfo{0:Owner:13} serialNo=0\n    Created: <unknown>\n    Last logged in: +3m ago\n"
	list   = "Users:\n\tUserInfo{0:Owner:c13} running\n\tUserInfo{10:Work:1030}\n"
)

func describe(u User) string {
	return fmt.Sprintf("%d %d %q %x %v %v %v %v %v %v", u.Line, u.ID, u.Name, u.Flags, u.Serial, u.State, u.Running, u.Unlocked(), u.Removing, u.Partial)
}

func TestParse(t *testing.T) {
	f, err := Parse([]byte(dump34))
	u := f.Users.Or(nil)
	if err != nil || f.Current.String() != "10" || len(u) != 3 || f.Users.Line() != 2 {
		t.Fatalf("%+v, %v", f, err)
	}
	for i, want := range []string{
		`3 0 "Owner \"机主\":x}" c13 0 RUNNING_UNLOCKED true true false false`,
		`11 10 "Work" 1030 12 RUNNING_LOCKED true false true true`,
		`15 11 "Guest" 4 13 unknown false unknown false false`,
	} {
		if got := describe(u[i]); got != want {
			t.Errorf("user %d = %s\nwant %s", i, got, want)
		}
	}
	if u[2].Type.Known() {
		t.Errorf("a key behind the users was taken for the last one's: %v", u[2].Type)
	}
	if u[0].Type.String() != "android.os.usertype.full.SYSTEM" || u[1].Type.String() != "android.os.usertype.profile.MANAGED" {
		t.Errorf("types %v, %v", u[0].Type, u[1].Type)
	}
	if f.User(10).Line() != 11 || f.User(1).Known() {
		t.Errorf("user 10 = %v, user 1 = %v", f.User(10), f.User(1))
	}
	f, err = Parse([]byte(dump26))
	if u := f.Users.Or([]User{{}})[0]; err != nil || f.Current.Known() || describe(u) != `2 0 "Owner" 13 0 unknown unknown unknown false false` {
		t.Errorf("API 26: %s, %v", describe(u), err)
	}
}

// A user that is only mentioned is none of the dump's.
func TestMentioned(t *testing.T) {
	f, err := Parse([]byte("Users:\n  UserInfo{0:Owner:13} serialNo=0\n    Parent:\n      UserInfo{5:Other:13}\n"))
	if err != nil || len(f.Users.Or(nil)) != 1 || f.User(5).Known() {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestParseList(t *testing.T) {
	f, err := ParseList([]byte(list))
	u := f.Users.Or(nil)
	if err != nil || len(u) != 2 || describe(u[0]) != `2 0 "Owner" c13 unknown unknown true unknown false false` || describe(u[1]) != `3 10 "Work" 1030 unknown unknown false unknown false false` {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestProblems(t *testing.T) {
	for in, kind := range map[string]text.Kind{
		"": text.Empty, "hello\n": text.NotADump, "Users:\n": text.Truncated, "Users:\n  UserInfo{0:Own": text.Truncated,
		"Can't find service: user\n": text.NoService, "Permission Denial: can't dump UserManager from from pid=1\n": text.Denied,
	} {
		for name, parse := range map[string]func([]byte) (Facts, error){"dump": Parse, "list": ParseList} {
			if f, err := parse([]byte(in)); !errors.Is(err, &text.Problem{Kind: kind}) || f.Users.Known() {
				t.Errorf("%s %q: %+v, %v", name, in, f, err)
			}
		}
	}
}
