package harness

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringproof/ringproof/devices"
	"github.com/ringproof/ringproof/devices/pool"
	"github.com/ringproof/ringproof/harness/profile"
	"github.com/ringproof/ringproof/reports/record"
)

// fakePhone is a phone of which only the clock and Telecom live: enough to
// test waiting without any system below.
type fakePhone struct {
	mu      sync.Mutex
	elapsed time.Duration
	// telecom is what dumpsys says at a time.
	telecom func(at time.Duration) string
	// waiting is called while a command waits for its input.
	waiting func()
	// fail makes the n-th command and all later ones fail, 0 none.
	fail    error
	scripts []string
}

func (f *fakePhone) Serial() string { return "FAKE" }

var (
	beginMark = regexp.MustCompile(`echo (--ringproof-\S+-)begin`)
	asked     = regexp.MustCompile(`\{ (.*?); \} 2>&1`)
	waits     = regexp.MustCompile(`^read -t ([0-9.]+) _ 2>/dev/null \|\| \[ \$\? = 142 \] \|\| sleep ([0-9.]+)$`)
	slept     = regexp.MustCompile(`^sleep ([0-9.]+)$`)
)

func (f *fakePhone) Run(ctx context.Context, script string) (devices.Output, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.scripts = append(f.scripts, script)
	if err := ctx.Err(); err != nil {
		return devices.Output{}, err
	}
	if f.fail != nil {
		return devices.Output{}, f.fail
	}
	if m := slept.FindStringSubmatch(script); m != nil {
		s, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			return devices.Output{}, err
		}
		f.elapsed += time.Duration(s * float64(time.Second))
		return devices.Output{}, nil
	}
	up := func() string { return fmt.Sprintf("%.2f 0.00\n", f.elapsed.Seconds()) }
	m := beginMark.FindStringSubmatch(script)
	if m == nil {
		return devices.Output{Stdout: []byte(up())}, nil
	}
	out := up() + "1772442000.000000000\n"
	for _, a := range asked.FindAllStringSubmatch(script, -1) {
		text, status := "", 0
		switch {
		case a[1] == "dumpsys telecom":
			text = f.telecom(f.elapsed)
		default:
			status = 1
		}
		out += fmt.Sprintf("\n%sbegin\n%s\n%send %d\n", m[1], text, m[1], status)
	}
	f.elapsed += 100 * time.Millisecond // reading costs time
	return devices.Output{Stdout: []byte(out + up())}, nil
}

func (f *fakePhone) Start(context.Context, string) (devices.Process, error) {
	return nil, errors.New("a fake phone has no log")
}

// StartInput waits as a shell does that nobody writes to, then does the rest.
func (f *fakePhone) StartInput(ctx context.Context, script string) (devices.InputProcess, error) {
	first, rest, _ := strings.Cut(script, "\n")
	m := waits.FindStringSubmatch(first)
	if m == nil {
		return nil, fmt.Errorf("no wait: %q", first)
	}
	return &fakeProcess{wait: func(told func() bool) (devices.Output, error) {
		if f.waiting != nil {
			f.waiting()
		}
		if !told() {
			if out, err := f.Run(ctx, "sleep "+m[1]); err != nil {
				return out, err
			}
		}
		return f.Run(ctx, rest)
	}}, nil
}

// fakeProcess runs when somebody waits for it.
type fakeProcess struct {
	bytes.Reader
	wait func(told func() bool) (devices.Output, error)
	told atomic.Bool
}

func (p *fakeProcess) Write(b []byte) (int, error) {
	p.told.Store(string(b) == "\n")
	return len(b), nil
}

func (p *fakeProcess) Wait() (devices.Output, error) {
	out, err := p.wait(p.told.Load)
	p.Reset(out.Stdout)
	out.Stdout = nil
	return out, err
}

func (p *fakeProcess) Close() error { return nil }

func (f *fakePhone) Upload(context.Context, string, fs.FileMode, io.Reader) error {
	return errors.New("not a phone with files")
}

func (f *fakePhone) Download(context.Context, string, io.Writer) error {
	return errors.New("not a phone with files")
}

// memory is a journal without a disk.
type memory struct{ phone devices.Phone }

func (m *memory) Change(ctx context.Context, c pool.Change) (devices.Output, error) {
	return m.phone.Run(ctx, c.Do)
}

func fakeApp(t *testing.T, telecom func(at time.Duration) string) (*App, *fakePhone) {
	t.Helper()
	prof, err := profile.Builtin("reference")
	if err != nil {
		t.Fatal(err)
	}
	f := &fakePhone{elapsed: 100 * time.Second, telecom: telecom}
	p := &Phone{dev: f, journal: &memory{phone: f}, mark: newMark(), sink: record.SinkFunc(func(record.Event) {}), probe: Probe{API: 29}}
	return &App{Phone: p, Profile: *prof, Budgets: DefaultBudgets()}, f
}

func telecomWith(rows ...string) string {
	return "CallsManager: \n  mCalls: \n    " + strings.Join(rows, "\n    ") + "\n  mCallAudioManager:\n    All calls:\n"
}

const ringingRow = "[Call id=TC@1, state=RINGING, tpac=ComponentInfo{org.ringproof.sample/org.ringproof.sample.CallConnectionService}, ***, UserHandle{0}, cmgr=null, handle=sip:***, vidst=A, childs(0), has_parent(false), cap=[], prop=[ self_mng]], voip=true"
