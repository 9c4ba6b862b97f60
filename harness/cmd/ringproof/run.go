package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ringproof/ringproof/devices/pool"
	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/apps"
	"github.com/ringproof/ringproof/harness/cmd/live"
	"github.com/ringproof/ringproof/harness/cmd/wire"
	"github.com/ringproof/ringproof/harness/config"
	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/scenarios"
)

// settingsFlags adds every setting as a flag, and the file that has them all.
func settingsFlags(flags *pflag.FlagSet) *string {
	config.AddFlags(flags)
	return flags.String("config", "", "the settings file (default: "+config.FileName+" in the module's root, if there is one)")
}

func runCommand() *cobra.Command {
	var file *string
	var fixed []int
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Run scenarios on phones, or on virtual ones",
		Long: `run shows that calls ring. It runs the chosen scenarios in child processes, on
one phone or (--phones) on several side by side, and writes a record of all that
happened into the folder of --report.

Ctrl-C ends the run: phones are put back and the record is closed. A second
Ctrl-C leaves at once and tells what is left; the next run puts it back. Should
the run itself be killed, its children notice and put their phones back.

It exits with 1 when not every scenario passed or was skipped.`,
		Example: `  ringproof run --tag smoke
  ringproof run --tag smoke --app guide
  ringproof run --scenario locked-fullscreen
  ringproof run --phones 4
  ringproof run --tag matrix --filter api30 --api 30
  ringproof run --device 0A123456 --filter 'lockscreen && !bluetooth'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := config.Load(config.Source{File: *file, Flags: cmd.Flags()})
			if err != nil {
				return err
			}
			return run(cmd.Context(), s, fixed, cmd.OutOrStdout())
		},
	}
	file = settingsFlags(cmd.Flags())
	cmd.Flags().IntSliceVar(&fixed, "guide-fixed", nil,
		"numbers of the guide's flaws that the guide app of virtual phones is built without, to see what they hide")
	return cmd
}

// exitLeft is the exit code of a run that was left at once, as shells count a
// SIGINT.
const exitLeft = 130

// run runs the chosen scenarios in children. What a person reads is made from
// their events.
func run(ctx context.Context, s config.Settings, fixed []int, out io.Writer) (err error) {
	chosen, err := scenarios.Choose(s.Scenarios, s.Tags, s.Filter)
	if err != nil {
		return err
	}
	mended, err := apps.Numbered(fixed)
	if err != nil {
		return fmt.Errorf("--guide-fixed: %w", err)
	}
	bench, err := wire.Open(ctx, s, wire.Options{Phones: max(s.Phones, scenarios.Phones(chosen)), Virtual: func(o *virtual.Options) {
		if len(mended) > 0 {
			o.Models = apps.Models(mended...)
		}
	}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bench.Close()) }()
	bench.Waiting = func(holders []string) {
		fmt.Fprintf(out, "ringproof: waiting for a phone: %s\n", live.Clean(strings.Join(holders, "; ")))
	}
	if err := bench.Preflight(ctx); err != nil {
		return err
	}
	again := append([]string{"ringproof"}, os.Args[1:]...)
	book, err := record.Create(s.Report, record.Run{
		App: record.App{Profile: bench.Profile.Name, Package: bench.Profile.Package}, Chosen: len(chosen), Again: again,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, book.Close(ctx.Err() != nil)) }()
	plan := live.Plan{
		App: bench.Profile.Name, Package: bench.Profile.Package, Where: where(s), Total: len(chosen), Lanes: min(s.Phones, len(chosen)),
		Report: s.Report, Began: time.Now(),
	}
	view := live.New(out, plan, os.Getenv)
	sup := &supervisor{settings: bench.ChildSettings(s), lanes: plan.Lanes, book: book, sink: view, command: childCommand}
	defer interrupts(func() {
		view.Note("interrupted: phones are put back; Ctrl-C once more leaves them as they are")
	}, func() {
		serials := sup.leave()
		view.End()
		tellLeft(out, bench, s.Devices.Virtual, serials)
		_ = book.Close(true) // told or not: this is the end
		os.Exit(exitLeft)
	})()
	err = sup.run(ctx, chosen)
	if sup.died {
		err = errors.Join(err, putBack(ctx, bench, view))
	}
	view.End()
	switch {
	case err != nil:
		return err
	case ctx.Err() != nil:
		return errors.New("interrupted; what was changed on phones was put back unless a line above says otherwise")
	case view.Red():
		return errRed
	}
	return nil
}

// where says on what a run runs.
func where(s config.Settings) string {
	phones := virtualPhones(s)
	switch {
	case s.Devices.Virtual && s.RealTime:
		return phones + ", at the speed of the clock on the wall"
	case len(s.Devices.Serials) > 0:
		return strings.Join(s.Devices.Serials, ", ")
	case s.Devices.Attached:
		return "the attached phones"
	}
	return phones + ", in phone time"
}

// virtualPhones names the release and, if one was asked for, the maker.
func virtualPhones(s config.Settings) string {
	text := "a virtual phone"
	if s.Phones > 1 {
		text = fmt.Sprintf("%d virtual phones", s.Phones)
	}
	if r, err := android.ReleaseOf(s.API); err == nil {
		text += " (Android " + r.Version + ")"
	}
	if s.Maker != "" {
		text += " as of " + s.Maker
	}
	return text
}

// childCommand is this program as a child that waits for a batch. It is in a
// group of its own: a Ctrl-C at the terminal is the supervisor's to handle.
func childCommand() *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		self = os.Args[0]
	}
	// No context: killed at its end, the child could not put its phones back.
	cmd := exec.CommandContext(context.Background(), self, batchName)
	cmd.SysProcAttr = ownGroup()
	return cmd
}

// interrupts calls first at the first SIGINT or SIGTERM and second at the
// second, until the returned function is called.
func interrupts(first, second func()) (stop func()) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	over, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for _, do := range []func(){first, second} {
			select {
			case <-signals:
				do()
			case <-over:
				return
			}
		}
	}()
	return func() {
		signal.Stop(signals)
		close(over)
		<-done
	}
}

// tellLeft says what a run that is left at once leaves on the phones that it
// had.
func tellLeft(out io.Writer, bench *wire.Bench, virtual bool, serials []string) {
	if virtual {
		fmt.Fprintln(out, "ringproof: left at once; the virtual phones are gone")
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	left, err := bench.Pool.Left(ctx)
	if err != nil {
		fmt.Fprintf(out, "ringproof: left at once; what is changed on %s cannot be told: %v\n", live.Clean(strings.Join(serials, ", ")), err)
		return
	}
	fmt.Fprintln(out, "ringproof: left at once; the next run on a phone puts it back first")
	for _, l := range left {
		if !slices.Contains(serials, l.Serial) {
			continue // somebody else's
		}
		for _, e := range l.Entries {
			fmt.Fprintf(out, "  still changed on %s: %s\n", live.Clean(l.Serial), live.Clean(e.What))
		}
	}
}

// putBack leases the phones on which a child that died has left changes, which
// puts them back.
func putBack(ctx context.Context, bench *wire.Bench, view live.View) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Minute)
	defer cancel()
	left, err := bench.Pool.Left(ctx)
	if err != nil {
		return err
	}
	for _, l := range left {
		lease, err := bench.Pool.Lease(ctx, pool.Needs{Also: func(f pool.Facts) string {
			if f.Serial != l.Serial {
				return "it is not " + l.Serial
			}
			return ""
		}})
		if err == nil {
			err = lease.Release(ctx)
		}
		if err != nil {
			return fmt.Errorf("put back what a process that died left on %s: %w", l.Serial, err)
		}
		view.Note("put %s back, which a process that died had left changed", l.Serial)
	}
	return nil
}
