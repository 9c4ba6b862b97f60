package apk_test

import (
	"bytes"
	"errors"
	"os"
	"testing"

	"github.com/ringproof/ringproof/devices/apk"
)

func open(b []byte) (*apk.Package, error) { return apk.Open(bytes.NewReader(b), int64(len(b))) }

func mustOpen(t *testing.T, b []byte) *apk.Package {
	t.Helper()
	p, err := open(b)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func example(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/example.apk")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func kindOf(err error) apk.Kind {
	var e *apk.Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return 0
}
