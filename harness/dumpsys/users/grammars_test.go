package users

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/grammar"
	"github.com/ringproof/ringproof/harness/internal/readertest"
)

// All rows are composed; no dump was at hand. The forms of API 26 and 30 follow
// the examples that Android's own parsers of this dump state (nene's
// AdbUserParser26, 30 and 31); `pm list users` is UserInfo.toString.
var dumps = []grammar.Row{
	{From: 26, To: 29, Mark: grammar.Composed, Text: `Users:
  UserInfo{0:null:13} serialNo=0
    State: RUNNING_UNLOCKED
    Created: <unknown>
    Last logged in: +11m34s491ms ago
    Last logged in fingerprint: generic/gce_x86_phone/gce_x86:8.0.0/OPR1.170623.041/4833325:userdebug/test-keys
    Has profile owner: false
    Restrictions:
      none
    Device policy global restrictions:
      null
  UserInfo{10:work profile:30} serialNo=10
    State: -1
    Created: +1s901ms ago
    Last logged in: <unknown>

  Device owner id:-10000

  Guest restrictions:
    no_sms

  Device managed: false
  Started users state: {0=3}

  Max users: 4
`, Check: sees(Parse, "unknown: 0 null 13 #0 unknown unknown RUNNING_UNLOCKED true; 10 work profile 30 #10 unknown unknown unknown false")},
	{From: 30, To: 30, Mark: grammar.Composed, Text: `Current user: 0
Users:
  UserInfo{0:null:c13} serialNo=0 isPrimary=true
    Type: android.os.usertype.full.SYSTEM
    Flags: 3091 (ADMIN|FULL|INITIALIZED|PRIMARY|SYSTEM)
    State: RUNNING_LOCKED
    Created: <unknown>
    Start time: +12m26s184ms ago
    Unlock time: <unknown>
  UserInfo{10:managedprofileuser:1020} serialNo=10 isPrimary=false
    Type: android.os.usertype.profile.MANAGED
    Flags: 4128 (MANAGED_PROFILE|PROFILE)
    State: -1

  Device owner id:-10000
  Started users state: {0=1}

  User types (7 types):
    android.os.usertype.full.GUEST:
        mName: android.os.usertype.full.GUEST
        State: RUNNING_UNLOCKED
`, Check: sees(Parse, "0: 0 null c13 #0 unknown android.os.usertype.full.SYSTEM RUNNING_LOCKED true; 10 managedprofileuser 1020 #10 unknown android.os.usertype.profile.MANAGED unknown false")},
	{From: 31, To: 36, Mark: grammar.Composed, Unsure: "API 34 and newer were not read in source: the flags of user 0 have MAIN, and the map of states may be printed in square brackets with words", Text: `Current user: 10
Users:
  UserInfo{0:Owner:4c13} serialNo=0 isPrimary=true
    Type: android.os.usertype.full.SYSTEM
    Flags: 19475 (ADMIN|FULL|INITIALIZED|MAIN|PRIMARY|SYSTEM)
    State: RUNNING_UNLOCKED
    Last entered foreground: +1h2m3s4ms ago
  UserInfo{10:Bob } x:410} serialNo=10 isPrimary=false
    Type: android.os.usertype.full.SECONDARY
    Last logged in: +1s ago
  UserInfo{11:Work:1030} serialNo=11 isPrimary=false parentId=10 <partial>
    Type: android.os.usertype.profile.MANAGED

  Device properties:
    Device owner id:-10000
  Started users state: [0=3, 10=RUNNING_UNLOCKING]
`, Check: sees(Parse, "10: 0 Owner 4c13 #0 unknown android.os.usertype.full.SYSTEM RUNNING_UNLOCKED true; 10 Bob } x 410 #10 unknown android.os.usertype.full.SECONDARY RUNNING_UNLOCKING true; 11 Work 1030 #11 10 android.os.usertype.profile.MANAGED unknown false partial")},
	// Section 8 of the reference: user 150 is the Secure Folder, 999 a second space.
	{From: 31, To: 36, Maker: "Samsung", Mark: grammar.Composed, Unsure: "only the ids are known of these makers", Text: `Users:
  UserInfo{0:机主:c13} serialNo=0 isPrimary=true
    Type: android.os.usertype.full.SYSTEM
    State: RUNNING_UNLOCKED
  UserInfo{150:Secure Folder:10001030} serialNo=1150 isPrimary=false parentId=0
    Type: android.os.usertype.profile.MANAGED
    State: RUNNING_LOCKED
`, Check: sees(Parse, "unknown: 0 机主 c13 #0 unknown android.os.usertype.full.SYSTEM RUNNING_UNLOCKED true; 150 Secure Folder 10001030 #1150 0 android.os.usertype.profile.MANAGED RUNNING_LOCKED true")},
}

var lists = []grammar.Row{
	{From: 26, To: 36, Mark: grammar.Composed, Text: "Users:\n\tUserInfo{0:Owner:c13} running\n\tUserInfo{10:a:b:1030}\n",
		Check: sees(ParseList, "unknown: 0 Owner c13 #unknown unknown unknown unknown true; 10 a:b 1030 #unknown unknown unknown unknown false")},
}

func sees(parse func([]byte) (Facts, error), want string) func(testing.TB, []byte) {
	return func(t testing.TB, b []byte) {
		t.Helper()
		f, err := parse(b)
		got := f.Current.String() + ":"
		for i, u := range f.Users.Or(nil) {
			if i > 0 {
				got += ";"
			}
			got += fmt.Sprintf(" %d %s %x #%v %v %v %v %v", u.ID, u.Name, u.Flags, u.Serial, u.Parent, u.Type, u.State, u.Running)
			if u.Partial {
				got += " partial"
			}
			if u.Line == 0 || u.Removing {
				got += " ?"
			}
		}
		if err != nil || got != want {
			t.Errorf("%s, %v\nwant %s", got, err, want)
		}
	}
}

func TestGrammars(t *testing.T) {
	t.Run("dumps", func(t *testing.T) { grammar.Check(t, dumps) })
	t.Run("lists", func(t *testing.T) { grammar.Check(t, lists) })
}

const odd = "Users:\nUserInfo{}\nUserInfo{:} serialNo=\nUserInfo{0::0} serialNo=\nState: \nType: \nCurrent user: \nStarted users state: {=, 0=, 0=x}\n"

func FuzzParse(f *testing.F) {
	readertest.Fuzz(f, readertest.Of(Parse), dumps[0].Text, dumps[1].Text, dumps[2].Text, dumps[3].Text, dump34, odd)
}

func FuzzParseList(f *testing.F) {
	readertest.Fuzz(f, readertest.Of(ParseList), lists[0].Text, list, odd)
}
