package harness

import (
	"context"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/devices"
)

// speaker answers every command with the same output.
type speaker struct {
	devices.Phone
	out devices.Output
}

func (speaker) Serial() string { return "P1" }

func (s speaker) Run(context.Context, string) (devices.Output, error) { return s.out, nil }

func TestPicture(t *testing.T) {
	const picture = "\x89PNG\r\n\x1a\nrest\x00\xff"
	for name, c := range map[string]struct {
		out        devices.Output
		want, says string
	}{
		"plain":           {out: devices.Output{Stdout: []byte(picture)}, want: picture},
		"after a warning": {out: devices.Output{Stdout: []byte("[Warning] Multiple displays were found\n" + picture)}, want: picture},
		"refused":         {out: devices.Output{Stderr: []byte("Capturing failed.\n"), Exit: 1}, says: `screencap said "Capturing failed."`},
		"nothing":         {says: "no picture"},
	} {
		p := &Phone{dev: speaker{out: c.out}}
		got, err := p.Picture(t.Context())
		if string(got) != c.want || (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
