package trust

import (
	"errors"
	"slices"
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/readertest"
)

const dump34 = `Trust manager state:
 User "Work (id=7) (current): deviceLocked=1" (id=10, flags=0x1030): trusted=0, trustManaged=0, deviceLocked=0, strongAuthRequired=0x0
   Enabled agents:
 User "Owner "机主"" (id=0, flags=0x13) (current): trusted=1, trustManaged=0, deviceLocked=1, isActiveUnlockRunning=0, strongAuthRequired=0x0
   Enabled agents:
    com.google.android.gms/.trustagent.GoogleTrustAgent
     bound=1, connected=1, managingTrust=0, trusted=0
   Events:
`

func TestParse(t *testing.T) {
	f, err := Parse([]byte(dump34))
	if err != nil {
		t.Fatal(err)
	}
	u := f.Users.Or(nil)
	if f.DeviceLocked.String() != "true" || f.CurrentUser.String() != "0" || len(u) != 2 || u[0].Current || u[0].ID != 10 || u[0].DeviceLocked.String() != "false" ||
		u[1].Trusted.String() != "true" || !slices.Equal(u[1].Agents, []string{"com.google.android.gms/.trustagent.GoogleTrustAgent"}) || u[1].Line != 4 {
		t.Errorf("facts = %+v", f)
	}
}

// Some builds leave the flags out.
func TestForms(t *testing.T) {
	for in, want := range map[string]string{
		"Trust manager state:\n User \"Owner\" (id=0) (current): trusted=0, trustManaged=0, deviceLocked=0\n": "false",
		"Trust manager state:\n User \"Owner\" (id=0, flags=0x13): trusted=0, deviceLocked=1\n":               "unknown",
		"Trust manager state:\ndisabled because the third-party apps can't run yet.\n":                        "unknown",
		"User \"Owner\" (id=0) (current): deviceLocked=1\n":                                                   "unknown",
		"": "unknown",
	} {
		f, err := Parse([]byte(in))
		if f.DeviceLocked.String() != want || (want == "unknown") != text.IsProblem(err) {
			t.Errorf("%q: %v, %v", in, f.DeviceLocked, err)
		}
	}
	if _, err := Parse([]byte("Can't find service: trust\n")); !errors.Is(err, &text.Problem{Kind: text.NoService}) {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	readertest.Fuzz(f, readertest.Of(Parse), readertest.Texts(grammars,
		dump34,
		"Trust manager state:\nUser \"\" (id=\nEnabled agents:\n/\na/b\n",
	)...)
}
