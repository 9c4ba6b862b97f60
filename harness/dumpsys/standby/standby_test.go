package standby

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// All texts are composed, from ActivityManagerShellCommand of API 28 to 34.
func TestParse(t *testing.T) {
	for in, want := range map[string]string{
		"5\n": "exempted", "10\n": "active", "20": "working_set", "30\r\n": "frequent", "40\n": "rare", "45\n": "restricted", "50\n": "never", "60\n": "60",
		"WARNING: linker: x\n40\n": "rare",
	} {
		f, err := Parse([]byte(in))
		if err != nil || f.Bucket.String() != want || f.Packages.Known() || f.Idle.Known() {
			t.Errorf("%q: %+v, %v", in, f, err)
		}
	}
	f, err := Parse([]byte("com.android.phone: 5\norg.ringproof.sample: 45\n"))
	if err != nil || f.Bucket.Known() || len(f.Packages.Or(nil)) != 2 || f.Of("org.ringproof.sample").String() != "restricted" || f.Of("org.ringproof.sample").Line() != 2 || f.Of("org.other").Known() {
		t.Errorf("list: %+v, %v", f, err)
	}
	f, err = Parse([]byte("Idle=true\n"))
	if err != nil || f.Idle.String() != "true" || f.Bucket.Known() {
		t.Errorf("idle: %+v, %v", f, err)
	}
	if b, err := json.Marshal(Rare); err != nil || string(b) != `"rare"` {
		t.Errorf("%s, %v", b, err)
	}
}

func TestProblems(t *testing.T) {
	for in, kind := range map[string]text.Kind{
		"": text.Empty, "hello\n": text.NotADump, "-5\n": text.NotADump, "Error: 10\n": text.NotADump, "a b: 10\n": text.NotADump,
		"Can't find service: activity\n": text.NoService,
		"Exception occurred while executing 'get-standby-bucket':\njava.lang.SecurityException: x": text.Denied,
		"Security exception: x\n": text.Denied,
		"Exception occurred while executing 'get-standby-bucket':\njava.lang.NullPointerException": text.NotADump,
	} {
		if f, err := Parse([]byte(in)); !errors.Is(err, &text.Problem{Kind: kind}) || f.Bucket.Known() || f.Packages.Known() {
			t.Errorf("%q: %+v, %v", in, f, err)
		}
	}
}
