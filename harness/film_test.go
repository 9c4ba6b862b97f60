package harness

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/devices"
	"github.com/ringproof/ringproof/reports/record"
)

// filmer is a phone that records its screen.
type filmer struct {
	devices.Phone
	says, size, film string
	closed           *bool
	scripts          *[]string
}

func (filmer) Serial() string { return "P1" }

func (f filmer) Run(_ context.Context, script string) (devices.Output, error) {
	*f.scripts = append(*f.scripts, script)
	return devices.Output{Stdout: []byte(f.size)}, nil
}

func (f filmer) Start(context.Context, string) (devices.Process, error) {
	return filming{r: strings.NewReader(f.says), closed: f.closed}, nil
}

func (f filmer) Download(_ context.Context, path string, w io.Writer) error {
	_, err := io.WriteString(w, f.film)
	return err
}

type filming struct {
	r      io.Reader
	closed *bool
}

func (p filming) Read(b []byte) (int, error)    { return p.r.Read(b) }
func (p filming) Wait() (devices.Output, error) { return devices.Output{}, nil }
func (p filming) Close() error                  { *p.closed = true; return nil }

// A film is ended with SIGINT, so that its file is whole, and read only if it
// is short enough; its process never outlives it.
func TestFilm(t *testing.T) {
	for _, c := range []struct {
		name, says, size, want, err string
	}{
		{name: "filmed", says: "4711\n", size: "4\n", want: "mp4!"},
		{name: "refused", says: "4711\nUnable to get display info\n", size: "", err: "screenrecord made no file: Unable to get display info"},
		{name: "empty", says: "4711\n", size: "0\n", err: "screenrecord made no file"},
		{name: "too long", says: "4711\n", size: "101\n", err: "the film has 101 bytes, more than 100"},
		{name: "no shell", says: "sh: nothing here\n", err: "record the screen on phone P1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var closed bool
			var scripts []string
			dev := filmer{says: c.says, size: c.size, film: "mp4!", closed: &closed, scripts: &scripts}
			p := &Phone{dev: dev, journal: &memory{phone: dev}, sink: record.SinkFunc(func(record.Event) {})}
			var got []byte
			film, err := p.StartFilm(t.Context())
			if err == nil {
				got, err = film.Stop(t.Context(), 100)
				if !strings.Contains(scripts[len(scripts)-1], "kill -2 4711 ") {
					t.Errorf("ended by %q", scripts)
				}
			}
			if string(got) != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("%q, %v", got, err)
			}
			if !closed || scripts[0] != "rm -f /data/local/tmp/ringproof-film.mp4" {
				t.Errorf("closed %v, scripts %q", closed, scripts)
			}
		})
	}
}
