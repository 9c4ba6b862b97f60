package mediasession

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/captures"
	"github.com/ringproof/ringproof/harness/internal/readertest"
)

const dump = `MEDIA SESSION SERVICE (dumpsys media_session)

Global priority session is com.android.server.telecom/HeadsetMediaButton (userId=0)
  HeadsetMediaButton com.android.server.telecom/HeadsetMediaButton (userId=0)
    package=com.android.server.telecom
    active=ACTIVE
User Records:
Record for full_user=0
  Media button session is com.x/a/b (c). (userId=10)
  Sessions Stack - have 1 sessions:
      active=false
`

func TestParse(t *testing.T) {
	for active, want := range map[string]string{"true": "com.android.server.telecom", "false": "com.x", "ACTIVE": "unknown"} {
		in := []byte(strings.ReplaceAll(dump, "active=ACTIVE", "active="+active))
		f, err := Parse(in)
		g, b := f.GlobalPriority.Or(Session{}), f.Button.Or(Session{})
		if err != nil || f.ButtonGoesTo().String() != want || g.Tag != "HeadsetMediaButton" || f.GlobalPriority.Line() != 3 ||
			b.Tag != "a/b (c)." || b.User != 10 || f.Button.Line() != 9 {
			t.Errorf("%s: goes to %v, %+v, %v", active, f.ButtonGoesTo(), f, err)
		}
	}
	f, err := Parse([]byte("MEDIA SESSION SERVICE (dumpsys media_session)\nUser Records:\n  Media button session is null\n"))
	if err != nil || f.GlobalPriority.Known() || f.ButtonGoesTo().String() != "" || !f.ButtonGoesTo().Known() {
		t.Errorf("nobody: %+v, %v", f, err)
	}
}

func TestProblems(t *testing.T) {
	for in, kind := range map[string]text.Kind{
		"": text.Empty, "hello": text.NotADump, dump[:60]: text.Truncated, "Can't find service: media_session": text.NoService,
	} {
		if _, err := Parse([]byte(in)); !errors.Is(err, &text.Problem{Kind: kind}) {
			t.Errorf("%.20q: %v", in, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	readertest.Fuzz(f, readertest.Asked(Parse, func(f Facts) { f.ButtonGoesTo() }), readertest.Texts(grammars,
		dump,
	)...)
}

func TestCorpus(t *testing.T) {
	dir := captures.Dir(t)
	b, err := os.ReadFile(filepath.Join(dir, "audio", "005-a14-moto-edge30pro-media-session.txt"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := Parse(b)
	g := f.GlobalPriority.Or(Session{})
	if err != nil || g.Package != "com.android.server.telecom" || g.Active.String() != "false" || f.ButtonGoesTo().String() != "com.deepeye.musicpro.debug" || f.Button.Line() != 29 {
		t.Errorf("%+v line %d, %v", f, f.Button.Line(), err)
	}
}
