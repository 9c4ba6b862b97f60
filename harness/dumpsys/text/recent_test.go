package text

import (
	"fmt"
	"testing"
	"unsafe"
)

func TestRecent(t *testing.T) {
	var r Recent
	for _, s := range []string{"", "a", "ab", "abcd", "SET_RINGING", "AUDIO_ROUTE_SPEAKER"} {
		in := []byte(s)
		got := r.Word(in)
		again := r.Own(s)
		if got != s || again != s || s != "" && unsafe.StringData(got) != unsafe.StringData(again) {
			t.Errorf("%q: %q, then %q", s, got, again)
		}
		for i := range in {
			in[i] = 'x'
		}
		if got != s {
			t.Errorf("%q is a part of what was read", s)
		}
	}
	for i := range 100000 { // far more than there is room for
		if s := fmt.Sprint("word", i); r.Word([]byte(s)) != s {
			t.Fatalf("%q became another word", s)
		}
	}
}
