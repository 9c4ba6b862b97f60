package pool_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringproof/ringproof/devices"
	"github.com/ringproof/ringproof/devices/pool"
)

// phone is a phone whose state is a folder: it outlives whoever drives it. Its
// shell knows "set KEY VALUE", "fail", "lost" and the pool's own questions.
type phone struct {
	serial string
	dir    string
	api    string
	booted string
	root   bool
	// before and after run around each "set".
	before, after func(line string)

	mu  sync.Mutex
	ran []string // every script but the pool's questions
}

func newPhone(t testing.TB, serial string) *phone {
	t.Helper()
	return &phone{serial: serial, dir: t.TempDir(), api: "34", booted: "1"}
}

func (p *phone) Serial() string { return p.serial }

func (p *phone) Run(ctx context.Context, script string) (devices.Output, error) {
	if err := ctx.Err(); err != nil {
		return devices.Output{}, err
	}
	switch {
	case strings.HasPrefix(script, "getprop"):
		return devices.Output{Stdout: []byte(p.api + "\nPixel 8\nGoogle\nuserdebug\n" + p.booted + "\n")}, nil
	case strings.HasPrefix(script, "id -u"):
		if p.root {
			return devices.Output{Stdout: []byte("2000\n0\n")}, nil
		}
		return devices.Output{Stdout: []byte("2000\n"), Stderr: []byte("su: not found\n"), Exit: 127}, nil
	}
	p.mu.Lock()
	p.ran = append(p.ran, script)
	p.mu.Unlock()
	word := strings.Fields(script)
	if len(word) != 3 || strings.ContainsAny(word[1], "/.\x00") {
		word = []string{script}
	}
	switch {
	case word[0] == "lost":
		return devices.Output{}, errors.New("connection to the phone lost")
	case word[0] != "set":
		return devices.Output{Stderr: []byte("cannot do this\n"), Exit: 1}, nil
	}
	if p.before != nil {
		p.before(script)
	}
	if err := os.WriteFile(filepath.Join(p.dir, word[1]), []byte(word[2]), 0o600); err != nil {
		return devices.Output{}, err
	}
	if p.after != nil {
		p.after(script)
	}
	return devices.Output{}, nil
}

func (p *phone) get(key string) string {
	b, err := os.ReadFile(filepath.Join(p.dir, key))
	if err != nil {
		return ""
	}
	return string(b)
}

func (p *phone) scripts() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.ran...)
}

var errUnused = errors.New("not needed by the pool")

func (p *phone) Start(context.Context, string) (devices.Process, error) { return nil, errUnused }
func (p *phone) StartInput(context.Context, string) (devices.InputProcess, error) {
	return nil, errUnused
}
func (p *phone) Upload(context.Context, string, fs.FileMode, io.Reader) error {
	return errUnused
}
func (p *phone) Download(context.Context, string, io.Writer) error { return errUnused }

// source lists fixed candidates.
type source struct {
	list   func() ([]pool.Candidate, error)
	phones map[string]*phone
}

func (s *source) List(context.Context) ([]pool.Candidate, error) { return s.list() }

func (s *source) Open(_ context.Context, c pool.Candidate) (devices.Phone, error) {
	p, ok := s.phones[c.Serial]
	if !ok {
		return nil, errors.New("no such phone")
	}
	return p, nil
}

// of is a source of ready phones that were made for the run.
func of(phones ...*phone) *source {
	s := &source{phones: map[string]*phone{}}
	var list []pool.Candidate
	for _, p := range phones {
		s.phones[p.serial] = p
		list = append(list, pool.Candidate{Serial: p.serial, Ready: true, State: "device", Owned: true})
	}
	s.list = func() ([]pool.Candidate, error) { return list, nil }
	return s
}

// rows is a source of somebody's phones.
func rows(candidates ...pool.Candidate) *source {
	return &source{list: func() ([]pool.Candidate, error) { return candidates, nil }, phones: map[string]*phone{}}
}

func newPool(t testing.TB, o pool.Options) *pool.Pool {
	t.Helper()
	if o.StateDir == "" {
		o.StateDir = t.TempDir()
	}
	o.Poll = time.Millisecond
	p, err := pool.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func lease(t testing.TB, p *pool.Pool, n pool.Needs) *pool.Lease {
	t.Helper()
	l, err := p.Lease(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// busy leases from a pool whose source ends the wait when it is asked for the
// second time: the first look has then found every phone held.
func busy(t testing.TB, src *source, state string) error {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	asked := 0
	again := &source{phones: src.phones, list: func() ([]pool.Candidate, error) {
		if asked++; asked > 1 {
			cancel()
		}
		return src.list()
	}}
	l, err := newPool(t, pool.Options{Sources: []pool.Source{again}, StateDir: state}).Lease(ctx, pool.Needs{})
	if l != nil {
		_ = l.Release(t.Context())
		return nil
	}
	return err
}
