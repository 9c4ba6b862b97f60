// Package wire joins what the rooms keep apart: settings, sources of phones,
// virtual ones among them, and the profile of the app. The command and the
// project's own suites begin here; nothing below knows it.
package wire

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/devices/pool"
	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/config"
	"github.com/ringproof/ringproof/harness/gear"
	"github.com/ringproof/ringproof/harness/profile"
	sampleapp "github.com/ringproof/ringproof/sample-app"
	"github.com/ringproof/ringproof/scenarios"
)

// Bench is where scenarios run: phones, and the app to be tested on them.
type Bench struct {
	Pool    *pool.Pool
	Profile profile.Profile
	// Install is the app's build, to be installed where its owner agreed.
	Install harness.Installation
	// Server is the adb server that reaches the phones.
	Server *adb.Server
	// Gear is what stands beside the phones: headsets and second lines.
	Gear gear.Set
	// Waiting is told who holds the phones when Preflight has to wait.
	Waiting func(holders []string)
	// Fleet are the virtual phones of this run, nil when there are none.
	Fleet *virtual.Fleet

	// Seed puts the settings' defects into the app of attached phones, nil if
	// there are none. Virtual phones are made with them.
	Seed harness.Step
	// Door is how the settings let pushes travel.
	Door harness.Door

	state string // a state folder of our own, removed at the end
}

// Input is what the catalogue is run with on the bench.
func (b *Bench) Input() scenarios.Input {
	return scenarios.Input{Phones: b.Pool, Profile: b.Profile, Install: b.Install, Gear: b.Gear, Seed: b.Seed, Door: b.Door}
}

// Options are what settings do not say.
type Options struct {
	// Phones is how many virtual phones to make, 1 if 0.
	Phones int
	// Virtual changes the options of virtual phones before they are made.
	Virtual func(*virtual.Options)
}

// Open makes what the settings ask for. Nothing is changed on any phone.
func Open(ctx context.Context, s config.Settings, o Options) (*Bench, error) {
	if err := seeds(s); err != nil {
		return nil, err
	}
	b := &Bench{Gear: s.Gear, Seed: door(s), Door: harness.Door(s.Delivery)}
	var err error
	if b.Profile, err = App(s.App); err != nil {
		return nil, err
	}
	if b.Install, err = build(s, b.Profile); err != nil {
		return nil, err
	}
	po := pool.Options{StateDir: s.State, Attached: s.Devices.Attached, Serials: s.Devices.Serials}
	if s.Devices.Virtual {
		if err := b.makePhones(ctx, s, o); err != nil {
			return nil, err
		}
		if po.StateDir == "" {
			// Serials of phones that end with the run mean nothing to others.
			if b.state, err = os.MkdirTemp("", "ringproof-"); err != nil {
				return nil, errors.Join(fmt.Errorf("make a state folder: %w", err), b.Close())
			}
			po.StateDir = b.state
		}
		b.Server = adb.NewServer(b.Fleet.Addr())
		po.Sources = []pool.Source{pool.ADB{Server: b.Server, Owned: true}}
	} else {
		b.Server = adb.NewServer(s.ADB)
		po.Sources = []pool.Source{pool.ADB{Server: b.Server}}
	}
	if b.Pool, err = pool.New(po); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

func (b *Bench) makePhones(ctx context.Context, s config.Settings, o Options) error {
	n := max(o.Phones, 1)
	options := make([]virtual.Options, n)
	for i := range options {
		options[i] = virtual.Options{
			Serial: fmt.Sprintf("virtual-%d", i+1), Seed: s.Seed + int64(i), API: s.API, Maker: s.Maker, Trusted: s.Trusted, MuteLog: s.MuteLog, RealTime: s.RealTime,
			Models: seeded(s),
		}
		if o.Virtual != nil {
			o.Virtual(&options[i])
		}
	}
	fleet, err := virtual.NewFleet(ctx, options...)
	if err != nil {
		return fmt.Errorf("start virtual phones: %w", err)
	}
	b.Fleet = fleet
	b.Gear = gear.Set{}
	for _, p := range fleet.Phones() {
		g, err := beside(ctx, p)
		if err != nil {
			return errors.Join(fmt.Errorf("give %s a headset and a line: %w", p.Serial(), err), fleet.Close())
		}
		b.Gear[p.Serial()] = g
	}
	return nil
}

// beside gives a virtual phone a headset that does what it is told, and a line.
func beside(ctx context.Context, p *virtual.Phone) (gear.Gear, error) {
	h, err := p.Bond("02:11:22:33:44:55", "Ringproof Headset")
	if err != nil {
		return gear.Gear{}, err
	}
	control, err := p.ListenHeadset(ctx, h)
	if err != nil {
		return gear.Gear{}, err
	}
	console, err := p.ListenConsole(ctx)
	return gear.Gear{Headset: gear.HeadsetSpec{Address: h.Address(), Control: control}, Line: gear.LineSpec{Console: console}}, err
}

// Preflight takes one phone for a moment and looks for the app, so that a run
// which cannot work says why once and not for each scenario. It changes
// nothing.
func (b *Bench) Preflight(ctx context.Context) error {
	lease, err := b.Pool.Lease(ctx, pool.Needs{Waiting: b.Waiting})
	if err != nil {
		return err
	}
	app := harness.Look(lease.Phone(), b.Profile)
	app.Install = b.Install
	app.Install.Allowed = lease.Facts().Consent >= pool.MayChange
	return errors.Join(app.Ready(ctx), lease.Release(ctx))
}

// ChildSettings are the settings with which another process uses the phones of
// this one: virtual phones are then phones of an adb server as any other.
func (b *Bench) ChildSettings(s config.Settings) config.Settings {
	if b.Fleet == nil {
		return s
	}
	s.Devices = config.Devices{Attached: true}
	for _, p := range b.Fleet.Phones() {
		s.Devices.Serials = append(s.Devices.Serials, p.Serial())
	}
	s.ADB, s.Gear = b.Fleet.Addr(), b.Gear
	s.Defects = nil // the models have them
	if s.State == "" {
		s.State = b.state
	}
	return s
}

// Close ends the virtual phones and removes what was made for the run.
func (b *Bench) Close() error {
	var errs []error
	if b.Fleet != nil {
		errs = append(errs, b.Fleet.Close())
	}
	if b.state != "" {
		errs = append(errs, os.RemoveAll(b.state))
	}
	return errors.Join(errs...)
}

// build reads the APK that the settings name, or that belongs to a built-in app.
func build(s config.Settings, p profile.Profile) (harness.Installation, error) {
	in := harness.Installation{MayUninstall: s.MayUninstall}
	var content []byte
	var err error
	switch {
	case s.APK != "":
		content, err = os.ReadFile(s.APK)
	case s.App.Builtin == "reference":
		content = sampleapp.Reference().Bytes()
	case s.App.Builtin == "guide":
		content = sampleapp.Guide().Bytes()
	default:
		return in, nil
	}
	if err == nil {
		in.APK, err = harness.ReadAPK(bytes.NewReader(content), int64(len(content)))
	}
	if err == nil && in.APK.Package != p.Package {
		err = fmt.Errorf("it is %s, and the profile %s is of %s", in.APK.Package, p.Name, p.Package)
	}
	if err != nil {
		return in, fmt.Errorf("the app's APK %s: %w", s.APK, err)
	}
	return in, nil
}

// App reads the profile that the settings name.
func App(a config.App) (profile.Profile, error) {
	load, name := profile.Builtin, a.Builtin
	if a.File != "" {
		load, name = profile.Load, a.File
	}
	p, err := load(name)
	if err != nil {
		return profile.Profile{}, err
	}
	if err := harness.CheckPayloads(*p); err != nil {
		return profile.Profile{}, fmt.Errorf("profile %s: payload.vendor: %w", name, err)
	}
	return *p, nil
}
