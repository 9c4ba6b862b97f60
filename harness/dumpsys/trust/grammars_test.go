package trust

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/grammar"
)

func TestGrammars(t *testing.T) { grammar.Check(t, grammars) }

// The composed rows follow section 3.4 of the format description
// (TrustManagerService.dumpUser). No whole dump of a phone was found.
var grammars = []grammar.Row{
	{From: 26, To: 33, Mark: grammar.Composed, Check: says("locked true by user 0 of 1, trusted false managed true agents com.google.android.gms/.auth.trustagent.GoogleTrustAgent"), Text: `Trust manager state:
 User "Owner" (id=0, flags=0x13) (current): trusted=0, trustManaged=1, deviceLocked=1, strongAuthRequired=0x0
   Enabled agents:
    com.google.android.gms/.auth.trustagent.GoogleTrustAgent
     bound=1, connected=1, managingTrust=0, trusted=0
     (no recent trust)
   Events:
    Ignored
`},
	// Some builds leave the flags out, and names are localised.
	{From: 26, To: 33, Mark: grammar.Composed, Check: says("locked false by user 10 of 2, trusted true managed false agents"), Text: `Trust manager state:
 User "机主" (id=7) (current): x" (id=0): trusted=0, trustManaged=0, deviceLocked=1, strongAuthRequired=0x1
   Enabled agents:
 User "Work" (id=10) (current): trusted=1, trustManaged=0, deviceLocked=0, strongAuthRequired=0x0
   Enabled agents:
`},
	// 34 has active unlock before the strong authentication.
	{From: 34, To: 36, Mark: grammar.Composed, Check: says("locked true by user 0 of 1, trusted false managed false agents"), Text: `Trust manager state:
 User "Owner" (id=0, flags=0x4c13) (current): trusted=0, trustManaged=0, deviceLocked=1, isActiveUnlockRunning=0, strongAuthRequired=0x0
   Enabled agents:
   Events:
`},
}

// says compares the facts, in words, with what a person sees in the text.
func says(want string) func(testing.TB, []byte) {
	return func(t testing.TB, in []byte) {
		f, err := Parse(in)
		if err != nil {
			t.Errorf("Parse: %v", err)
		}
		if got := inWords(f); got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
}

func inWords(f Facts) string {
	s := fmt.Sprintf("locked %v by user %v of %d", f.DeviceLocked, f.CurrentUser, len(f.Users.Or(nil)))
	for _, u := range f.Users.Or(nil) {
		if u.Current {
			s += fmt.Sprintf(", trusted %v managed %v agents", u.Trusted, u.TrustManaged)
			for _, a := range u.Agents {
				s += " " + a
			}
		}
	}
	return s
}
