package harness

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/ringproof/ringproof/devices"
)

// Film is a video of the screen that is being made.
type Film struct {
	p    *Phone
	proc devices.Process
	pid  int
	said *bufio.Reader
}

const filmFile = "/data/local/tmp/ringproof-film.mp4"

// filmScript tells the process that records. screenrecord ends its file
// properly on SIGINT, when its connection is lost, and after its time limit;
// rate and limit together keep it below what a record takes.
const filmScript = "echo $$; exec screenrecord --time-limit 150 --bit-rate 400000 " + filmFile + " 2>&1"

// StartFilm begins to record the screen. Whether the phone does is only known
// when the film is stopped.
func (p *Phone) StartFilm(ctx context.Context) (*Film, error) {
	if err := p.Change(ctx, "record the screen", "rm -f "+filmFile, "rm -f "+filmFile); err != nil {
		return nil, err
	}
	fail := func(err error) (*Film, error) {
		return nil, &Error{Kind: Infra, Op: "record the screen", Phone: p.Serial(), Err: err}
	}
	proc, err := p.dev.Start(ctx, filmScript)
	if err != nil {
		return fail(err)
	}
	p.meter.trips.Add(1)
	f := &Film{p: p, proc: meteredProcess{Process: proc, m: &p.meter}}
	f.said = bufio.NewReader(f.proc)
	first, err := f.said.ReadString('\n')
	if err == nil {
		f.pid, err = strconv.Atoi(strings.TrimSpace(first))
	}
	if err != nil {
		return fail(errors.Join(err, proc.Close()))
	}
	return f, nil
}

// Drop ends the film without looking at it; its file goes with the lease.
func (f *Film) Drop() { _ = f.proc.Close() }

// Stop ends the film and returns it as an MP4 of at most limit bytes. The error
// says why there is none.
func (f *Film) Stop(ctx context.Context, limit int) ([]byte, error) {
	defer f.Drop()
	fail := func(err error) ([]byte, error) {
		return nil, &Error{Kind: Infra, Op: "record the screen", Phone: f.p.Serial(), Err: err}
	}
	// The file is whole when the process is gone: it writes the index last.
	out, err := f.p.Run(ctx, fmt.Sprintf("kill -2 %d 2>/dev/null; n=0; while kill -0 %[1]d 2>/dev/null && [ $n -lt 50 ]; do sleep 0.1; n=$((n+1)); done; wc -c < %s 2>/dev/null", f.pid, filmFile))
	if err != nil {
		return fail(err)
	}
	size, err := strconv.Atoi(strings.TrimSpace(string(out.Stdout)))
	switch {
	case err != nil || size == 0:
		said, _ := io.ReadAll(io.LimitReader(f.said, 4<<10)) // the process has ended
		return fail(fmt.Errorf("screenrecord made no file: %s", shorten(strings.TrimSpace(string(said)), 200)))
	case size > limit:
		return fail(fmt.Errorf("the film has %d bytes, more than %d", size, limit))
	}
	var film bytes.Buffer
	if err := f.p.dev.Download(ctx, filmFile, &film); err != nil {
		return fail(err)
	}
	return film.Bytes(), nil
}
