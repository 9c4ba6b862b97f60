package virtual

import (
	"context"
	"strings"
	"sync"

	"github.com/ringproof/ringproof/devices/virtual/adbd"
	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/apps"
	"github.com/ringproof/ringproof/devices/virtual/fs"
	"github.com/ringproof/ringproof/devices/virtual/installer"
	"github.com/ringproof/ringproof/devices/virtual/shell"
)

// Options say which phone to make. The zero value is a phone as it comes.
type Options struct {
	// Serial is ro.serialno, and the phone's name in a Fleet.
	Serial string
	// Seed feeds every jitter. Same seed and same commands, same answers.
	Seed int64
	// API is the API level, android.FirstAPI to android.LastAPI; 0 stands for
	// android.DefaultAPI. Maker is one of android.Makers, "" for a Pixel.
	API   int
	Maker string
	// Trusted: the owner has switched on what a maker keeps from adb's shell
	// otherwise (android.Maker.Guards).
	Trusted bool
	// RealTime runs the phone's clock with the one on the wall. Otherwise it
	// stands still, and jumps when every command on the phone sleeps or waits.
	RealTime bool
	// MuteLog models makers that keep the log of apps and Telecom to themselves.
	MuteLog bool
	// Models are what packages do that get installed, by name; nil stands for
	// apps.Models(). No package comes with the phone, and one without a model is
	// inert.
	Models map[string]func() android.App
	// Faults are what is wrong with its adb port.
	Faults adbd.Faults
}

// Phone is one virtual phone. It runs until Close.
type Phone struct {
	sys    *android.System
	daemon *adbd.Daemon
	adb    *port
	serial string

	mu      sync.Mutex
	running int
}

var _ adbd.Services = (*Phone)(nil)

// New switches a phone on.
func New(o Options) (*Phone, error) {
	models := o.Models
	if models == nil {
		models = apps.Models()
	}
	mode := android.Stepped
	if o.RealTime {
		mode = android.RealTime
	}
	clock := &clock{}
	tree := fs.NewAndroid(clock.now)
	system := android.Options{
		Seed: o.Seed, Clock: mode, Serial: o.Serial, API: o.API, Maker: o.Maker, Trusted: o.Trusted, MuteLog: o.MuteLog,
		Files: func(pkg string, uid int) android.AppFiles { return newAppFiles(clock, tree, pkg, uid) },
	}
	if err := system.Check(); err != nil {
		return nil, err
	}
	sys := android.New(system)
	clock.start(sys)
	if err := homes(sys, tree); err != nil {
		sys.Close()
		return nil, err
	}
	pm := installer.New(sys, tree, func(pkg string) func() android.App { return models[pkg] })
	sh, err := shell.New(sys, tree, pm)
	if err != nil {
		sys.Close()
		return nil, err
	}
	p := &Phone{sys: sys, serial: o.Serial}
	p.adb = newPort(p, sh, o.Faults)
	p.daemon = adbd.NewDaemon(p.banner(), counted{p, sh}, tree, adbd.WithMachine(p.adb))
	p.SetFaults(o.Faults)
	p.adb.again(0)
	return p, nil
}

func (p *Phone) banner() adbd.Banner {
	b := adbd.Banner{State: "device"}
	p.sys.Do(func(d *android.Device) {
		b.Product, b.Model, b.Device = d.Props.Get("ro.product.name"), d.Props.Get("ro.product.model"), d.Props.Get("ro.product.device")
		if p.serial == "" {
			p.serial = d.Serial
		}
	})
	return b
}

// Banner implements adbd.Services.
func (p *Phone) Banner() adbd.Banner { return p.daemon.Banner() }

// Open implements adbd.Services.
func (p *Phone) Open(service string) (adbd.Service, error) { return p.daemon.Open(service) }

// Serial is ro.serialno.
func (p *Phone) Serial() string { return p.serial }

// System is the simulated system, for tests that look inside.
func (p *Phone) System() *android.System { return p.sys }

// Commands is how many commands run on the phone now.
func (p *Phone) Commands() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.running
}

// Fingerprint is a text of what commands can change for good on the phone:
// settings, permissions, stopped states, app ops, credential. Two equal ones
// are a phone left as it was found.
func (p *Phone) Fingerprint() string {
	var b strings.Builder
	p.sys.Do(func(d *android.Device) { b.WriteString(fingerprint(d)) })
	return b.String()
}

// Close switches the phone off. Whatever runs on it ends.
func (p *Phone) Close() error {
	p.sys.Close()
	return p.adb.close()
}

// counted counts the commands that run.
type counted struct {
	p  *Phone
	sh adbd.Shell
}

func (c counted) Run(ctx context.Context, cmd adbd.Command) int {
	count := func(n int) {
		c.p.mu.Lock()
		defer c.p.mu.Unlock()
		c.p.running += n
	}
	count(1)
	defer count(-1)
	return c.sh.Run(ctx, cmd)
}
