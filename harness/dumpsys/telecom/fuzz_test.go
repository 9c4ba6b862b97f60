package telecom

import (
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/readertest"
)

func FuzzParse(f *testing.F) {
	f.Add([]byte(dump34))
	f.Add([]byte(utf16(dump34)))
	f.Add([]byte(strings.ReplaceAll(dump34, "\n", "\r\n")))
	f.Add([]byte(strings.ReplaceAll(dump34, ", ", "\n")))
	for i := range strings.Count(dump34, "\n") {
		if i%7 == 0 {
			f.Add([]byte(strings.Join(strings.SplitAfter(dump34, "\n")[:i], "")))
		}
	}
	for _, s := range []string{
		"CallsManager:\nmCalls:\n[Call id=, state=, tpac=ComponentInfo{}]\n[, , childs()]\n[TC@1, A, childs(\nmCallAudioManager:\nForeground call:\n[",
		"CallsManager:\nmCalls:\nmCallAudioManager:\nmTtyManager:\nphoneAccounts:\n[[X] PhoneAccount: ComponentInfo{/}, UserHandle{ Capabilities: \nHistorical Events:\nCall [](M\n00:00:00.000 - \n00:00:00.000 - A (\nCall [ [](M\n",
		"PERSISTED DIAGNOSTIC DATA FROM DROP BOX\nCallsManager:\n",
		"-----------------------------------------------------------------\nDUMP OF SERVICE telecom:\n---------",
	} {
		f.Add([]byte(s))
	}
	for _, r := range grammars() {
		if r.Text != "" {
			for _, b := range readertest.Damaged(r.Text) {
				f.Add(b)
			}
		}
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		readertest.Check(t, readertest.Of(Parse), in)
		facts, err := Parse(in)
		if err != nil && !text.IsProblem(err) {
			t.Fatalf("error is no Problem: %v", err)
		}
		lines := 1 + strings.Count(string(text.Normalise(in)), "\n")
		for _, c := range facts.Calls.Or(nil) {
			if c.Line < 1 || c.Line > lines {
				t.Fatalf("a call at line %d of %d", c.Line, lines)
			}
			if !strings.Contains(c.ID, "\n") && !strings.Contains(string(text.Normalise(in)), c.ID) {
				t.Fatalf("id %q is not in the text", c.ID)
			}
		}
		if _, err := facts.Calls.MarshalJSON(); err != nil {
			t.Fatal(err)
		}
		facts.CallsOf("a.b")
		for _, r := range facts.History.Or(nil) {
			r.Cause()
		}
	})
}
