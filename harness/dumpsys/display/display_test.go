package display

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/captures"
	"github.com/ringproof/ringproof/harness/internal/readertest"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ name, in, state, interactive string }{
		{"API 26", "DISPLAY MANAGER (dumpsys display)\n  mGlobalDisplayState=ON\nDisplay Devices: size=1\n    mState=OFF\nDisplay Power State:\n  mScreenState=DOZE\n", "DOZE", "unknown"},
		{"API 34, two displays", "DISPLAY MANAGER (dumpsys display)\n    mState=ON\n    mState=OFF\n  mInteractive=true\n", "ON", "true"},
		{"only the global state", "  mGlobalDisplayState=OFF\n", "OFF", "unknown"},
	} {
		f, err := Parse([]byte(c.in))
		if err != nil || f.State.String() != c.state || f.Interactive.String() != c.interactive {
			t.Errorf("%s: %+v, %v", c.name, f, err)
		}
	}
}

func TestProblems(t *testing.T) {
	for in, kind := range map[string]text.Kind{
		"": text.Empty, "hello": text.NotADump, "DISPLAY MANAGER (dumpsys display)\n": text.Truncated,
	} {
		if f, err := Parse([]byte(in)); !errors.Is(err, &text.Problem{Kind: kind}) || f.State.Known() {
			t.Errorf("%q: %+v, %v", in, f, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	readertest.Fuzz(f, readertest.Of(Parse), readertest.Texts(grammars,
		"mScreenState=\nmState=ON\nmInteractive=\n",
	)...)
}

func TestCorpus(t *testing.T) {
	dir := captures.Dir(t)
	b, err := os.ReadFile(filepath.Join(dir, "power", "004-a14-hyperos-pad6-display.txt"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := Parse(b)
	if err != nil || f.State.String() != "ON" || f.State.Line() != 82 || f.Interactive.String() != "true" {
		t.Errorf("%+v, %v", f, err)
	}
}
