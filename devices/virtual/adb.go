package virtual

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/adbd"
	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/fs"
	"github.com/ringproof/ringproof/devices/virtual/shell"
)

const (
	// bootTime is how long the phone is away when it reboots, in its own time.
	bootTime = 25 * time.Second
	// respawn is how long init takes to start adbd again, in the host's time:
	// adb servers look every 100 ms whether a phone has gone.
	respawn = 300 * time.Millisecond
)

// front is one way in to the phone's adbd.
type front interface {
	// set applies the phone's faults; with Down it drops all connections.
	set(f adbd.Faults)
	close() error
}

// port is a phone's adbd with its fronts: it goes away and comes back.
type port struct {
	p       *Phone
	sh      *shell.Shell
	keys    adbd.Keys
	ctx     context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup

	mu     sync.Mutex
	faults adbd.Faults
	mode   string // what the phone has booted into; "" is Android
	away   int    // reasons to be down
	boots  int    // reboots that have begun
	fronts []front
}

var _ adbd.Machine = (*port)(nil)

func newPort(p *Phone, sh *shell.Shell, f adbd.Faults) *port {
	a := &port{p: p, sh: sh, faults: f}
	a.ctx, a.cancel = context.WithCancel(context.Background())
	sh.OnReboot(a.Reboot)
	return a
}

// now is what is wrong at this moment. a.mu is held.
func (a *port) now() adbd.Faults {
	f := a.faults
	if a.mode != "" {
		f.State = a.mode
	}
	if a.away > 0 {
		f.Down = true
	}
	return f
}

// add brings a front in; make gets the faults to begin with.
func (a *port) add(make func(f adbd.Faults, keys *adbd.Keys) (front, error)) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ctx.Err() != nil {
		return errors.New("the virtual phone was switched off")
	}
	f, err := make(a.now(), &a.keys)
	if err != nil {
		return err
	}
	a.fronts = append(a.fronts, f)
	return nil
}

// change changes something and tells the fronts.
func (a *port) change(do func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	do()
	a.p.daemon.SetFaults(a.now())
	for _, f := range a.fronts {
		f.set(a.now())
	}
}

// background runs do until the phone is switched off. It is not for a.mu's
// holder.
func (a *port) background(do func(ctx context.Context)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ctx.Err() == nil {
		a.running.Go(func() { do(a.ctx) })
	}
}

func (a *port) close() error {
	a.mu.Lock()
	a.cancel()
	fronts := a.fronts
	a.fronts = nil
	a.mu.Unlock()
	var errs []error
	for _, f := range fronts {
		errs = append(errs, f.close())
	}
	a.running.Wait()
	return errors.Join(errs...)
}

// Debuggable implements adbd.Machine.
func (a *port) Debuggable() (yes bool) {
	a.p.sys.Do(func(d *android.Device) { yes = d.Props.Get("ro.debuggable") == "1" })
	return yes
}

// Restart implements adbd.Machine.
func (a *port) Restart(root bool) {
	a.change(func() { a.away++ })
	a.user(root)
	a.background(func(ctx context.Context) {
		timer := time.NewTimer(respawn)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
		a.change(func() { a.away-- })
	})
}

// user changes whose rights adbd has.
func (a *port) user(root bool) {
	uid, groups := fs.UIDShell, fs.ShellGroups()
	if root {
		uid, groups = fs.UIDRoot, nil
	}
	a.sh.SetRoot(root)
	a.p.daemon.SetUser(uid, groups...)
	a.p.sys.Do(func(d *android.Device) { d.Props.Set("service.adb.root", map[bool]string{true: "1", false: "0"}[root]) })
}

// Reboot implements adbd.Machine: all connections and all apps end, and after
// the time of a boot adbd is back, as the shell user. In "bootloader" and
// "fastboot" there is no adbd to come back.
func (a *port) Reboot(mode string) {
	boot := 0
	a.change(func() {
		a.away++
		a.boots++
		boot = a.boots
	})
	a.user(false)
	a.p.sys.Do(func(d *android.Device) { d.Reboot() })
	if mode == "bootloader" || mode == "fastboot" {
		return
	}
	if !slices.Contains([]string{"recovery", "sideload", "rescue"}, mode) {
		mode = ""
	}
	a.background(func(ctx context.Context) {
		end := a.p.sys.Begin()
		err := a.p.sys.Sleep(ctx, bootTime)
		end()
		a.change(func() {
			if err == nil && boot == a.boots {
				a.mode, a.away = mode, 0
			}
		})
		a.again(boot)
	})
}

// again makes the phone reboot by itself if it is one that does.
func (a *port) again(boot int) {
	a.mu.Lock()
	every := a.faults.RebootEvery
	a.mu.Unlock()
	if every <= 0 {
		return
	}
	a.background(func(ctx context.Context) {
		timer := time.NewTimer(every)
		defer timer.Stop()
		select {
		case <-timer.C:
			a.mu.Lock()
			same := boot == a.boots
			a.mu.Unlock()
			if same {
				a.Reboot("")
			}
		case <-ctx.Done():
		}
	})
}

// Debuggees implements adbd.Machine. On a debuggable build every process of the
// runtime is one.
func (a *port) Debuggees() (pids []int) {
	a.p.sys.Do(func(d *android.Device) {
		all := d.Props.Get("ro.debuggable") == "1"
		for _, pr := range d.Processes.All() {
			pk := d.Packages.Get(pr.Package)
			if all || pk != nil && pk.Debuggable {
				pids = append(pids, pr.PID)
			}
		}
	})
	slices.Sort(pids)
	return pids
}

// Reboot restarts the phone, as "adb reboot MODE" does: what runs on it ends,
// and its adb is away for the time of a boot. It does not wait.
func (p *Phone) Reboot(mode string) { p.adb.Reboot(mode) }

// Boots is how often the phone was rebooted.
func (p *Phone) Boots() int {
	p.adb.mu.Lock()
	defer p.adb.mu.Unlock()
	return p.adb.boots
}

// SetFaults changes what is wrong with the phone's adb. Existing connections
// keep what was wrong when they were made, but for Down, which drops them.
func (p *Phone) SetFaults(f adbd.Faults) { p.adb.change(func() { p.adb.faults = f }) }

// Keys are the hosts whose keys the phone knows, and its "Allow USB
// debugging?" dialogs (adbd.AuthAsk).
func (p *Phone) Keys() *adbd.Keys { return &p.adb.keys }

// Dial connects a program of the phone to a socket of the phone, such as one
// that a host has reversed ("tcp:8081").
func (p *Phone) Dial(ctx context.Context, socket string) (io.ReadWriteCloser, error) {
	return p.daemon.Dial(ctx, socket)
}

// ListenLocal lets a program of the phone serve a socket of the phone, such as
// one that a host forwards to ("tcp:9000", "localabstract:x"), until stop.
func (p *Phone) ListenLocal(socket string, serve adbd.Service) (stop func(), err error) {
	return p.daemon.Listen(socket, serve)
}

// tcpFront is a port of the transport protocol.
type tcpFront struct{ *adbd.Server }

func (f tcpFront) set(faults adbd.Faults) {
	f.SetFaults(faults)
	if faults.Down {
		f.Disconnect()
	}
}

func (f tcpFront) close() error { return f.Close() }

// Listen opens the phone's adb port for real adb servers ("adb connect") and
// returns its address. addr must be on the loopback interface; port 0 is any.
func (p *Phone) Listen(ctx context.Context, addr string) (string, error) {
	var s *adbd.Server
	err := p.adb.add(func(f adbd.Faults, keys *adbd.Keys) (_ front, err error) {
		s, err = adbd.Listen(ctx, addr, p, adbd.Options{Faults: f, Keys: keys})
		return tcpFront{s}, err
	})
	if err != nil {
		return "", err
	}
	return s.Addr().String(), nil
}

// firstEmulator is above the ports that adb servers scan for emulators by
// themselves (5554 to 5585), which may be somebody else's.
const firstEmulator = 5600

// ListenEmulator opens the phone's adb port where emulators have theirs: on an
// odd port beside an even one, which is the emulator's console. An adb server
// that is told of both ("adb connect emu:CONSOLE,ADB") lists it as
// emulator-CONSOLE, the serial that is returned. The ports are free ones.
func (p *Phone) ListenEmulator(ctx context.Context) (serial string, console, port int, err error) {
	for n := firstEmulator; n < 1<<15; n += 2 {
		c, err := listenConsole(ctx, p, n)
		if err != nil {
			continue
		}
		if _, err := p.Listen(ctx, "127.0.0.1:"+strconv.Itoa(n+1)); err != nil {
			_ = c.close()
			continue
		}
		if err := p.adb.add(func(adbd.Faults, *adbd.Keys) (front, error) { return c, nil }); err != nil {
			return "", 0, 0, errors.Join(err, c.close())
		}
		return fmt.Sprintf("emulator-%d", n), n, n + 1, nil
	}
	return "", 0, 0, errors.New("open the ports of an emulator: no free pair between 5600 and 32767")
}
