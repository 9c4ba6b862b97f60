package text

import (
	"strings"
	"testing"
	"unsafe"
)

func TestInterned(t *testing.T) {
	in := Interned{}
	a, b := in.Word([]byte("com.app")), in.Word([]byte("com.app"))
	if a != "com.app" || unsafe.StringData(a) != unsafe.StringData(b) {
		t.Errorf("%q and %q are two copies", a, b)
	}
	if long := strings.Repeat("x", 1000); in.Word([]byte(long)) != long || len(in) != 1 {
		t.Errorf("%d words are kept, with a long one", len(in))
	}
	for i := range 10000 {
		in.Word([]byte{'k', byte(i), byte(i >> 8)})
	}
	if len(in) != 4096 {
		t.Errorf("%d words are kept", len(in))
	}
}
