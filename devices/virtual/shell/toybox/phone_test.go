package toybox_test

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/ringproof/ringproof/devices/virtual/fs"
	"github.com/ringproof/ringproof/devices/virtual/shell/mksh"
	"github.com/ringproof/ringproof/devices/virtual/shell/toybox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// phone is the least that the shell needs: a tree and a stepped clock.
type phone struct {
	mu       sync.Mutex
	running  int
	now      time.Duration
	sleepers []*sleeper
	pids     int
	killed   []int
	tree     *fs.Tree
	engine   *mksh.Engine
}

type sleeper struct {
	at time.Duration
	ch chan struct{}
}

func newPhone(t *testing.T) *phone {
	t.Helper()
	p := &phone{pids: 4000}
	p.tree = fs.NewAndroid(p.Now)
	tools := toybox.Tools(p)
	for name := range tools {
		if err := p.tree.Provide("/system/bin/"+name, func() []byte { return []byte("\x7fELF\x00") }); err != nil {
			t.Fatal(err)
		}
	}
	p.engine = mksh.New(mksh.Options{
		Clock: p, Tree: p.tree, Groups: p.Groups,
		Tool: func(file string) mksh.Tool {
			name, ok := strings.CutPrefix(file, "/system/bin/")
			if !ok {
				return nil
			}
			return tools[name]
		},
		PID: func() int { p.mu.Lock(); defer p.mu.Unlock(); p.pids++; return p.pids },
	})
	return p
}

func (p *phone) Begin() func() {
	p.mu.Lock()
	p.running++
	p.mu.Unlock()
	return func() { p.add(-1) }
}

func (p *phone) add(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running += n
	for p.running <= 0 && len(p.sleepers) > 0 {
		first := 0
		for i, s := range p.sleepers {
			if s.at < p.sleepers[first].at {
				first = i
			}
		}
		s := p.sleepers[first]
		p.sleepers = append(p.sleepers[:first], p.sleepers[first+1:]...)
		p.now = max(p.now, s.at)
		p.running++
		close(s.ch)
	}
}

func (p *phone) Idle(fn func()) { p.add(-1); fn(); p.mu.Lock(); p.running++; p.mu.Unlock() }

func (p *phone) Sleep(ctx context.Context, d time.Duration) error {
	p.mu.Lock()
	s := &sleeper{at: p.now + d, ch: make(chan struct{})}
	p.sleepers = append(p.sleepers, s)
	p.mu.Unlock()
	p.add(-1)
	select {
	case <-s.ch:
		return nil
	case <-ctx.Done():
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-s.ch:
		return nil
	default:
	}
	for i, o := range p.sleepers {
		if o == s {
			p.sleepers = append(p.sleepers[:i], p.sleepers[i+1:]...)
		}
	}
	p.running++
	return ctx.Err()
}

func (p *phone) Now() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).Add(p.Uptime()) }
func (p *phone) Uptime() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now
}
func (p *phone) Processes() []toybox.Process {
	return []toybox.Process{
		{PID: 1, UID: 0, Name: "init", State: "S", VSZ: 10800, RSS: 4000},
		{PID: 812, PPID: 1, UID: 1000, Name: "system_server", State: "S"},
		{PID: 3000, PPID: 500, UID: 10150, Name: "org.example.app", State: "S"},
		{PID: 3100, PPID: 500, UID: 10150, Name: "org.example.app", State: "S"},
	}
}
func (p *phone) Kill(uid, pid, sig int) error {
	if pid == 812 && uid != 0 {
		return syscall.EPERM
	}
	if pid != 3000 && pid != 812 {
		return syscall.ESRCH
	}
	p.killed = append(p.killed, pid)
	return nil
}
func (p *phone) Property(string) string { return "" }
func (p *phone) UserName(id int) (string, bool) {
	n, ok := map[int]string{0: "root", 1000: "system", 2000: "shell", 10150: "u0_a150", 1023: "media_rw"}[id]
	return n, ok
}
func (p *phone) UserID(name string) (int, bool) {
	n, ok := map[string]int{"root": 0, "system": 1000, "shell": 2000}[name]
	return n, ok
}
func (p *phone) Groups(uid int) []int {
	if uid == 2000 {
		return []int{1015, 3003}
	}
	return nil
}

type result struct {
	out, err string
	code     int
}

func (p *phone) run(ctx context.Context, text, stdin string) result {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute) // a clock that stands still is red, not a hang
	defer cancel()
	var out, errs bytes.Buffer
	code := p.engine.Run(ctx, mksh.Job{
		Text: text, UID: 2000, Dir: "/", Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &errs,
		Env: []string{"PATH=/product/bin:/system/bin:/vendor/bin", "HOME=/", "TMPDIR=/data/local/tmp", "USER=shell"},
	})
	return result{out.String(), errs.String(), code}
}

// hang runs text with a standard input that ends only with ctx.
func (p *phone) hang(ctx context.Context, text string) int {
	return p.engine.Run(ctx, mksh.Job{Text: text, UID: 2000, Dir: "/", Stdin: until{ctx}, Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{}})
}

type until struct{ ctx context.Context }

func (u until) Read([]byte) (int, error) { <-u.ctx.Done(); return 0, u.ctx.Err() }
