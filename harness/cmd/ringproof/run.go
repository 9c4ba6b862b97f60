package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/formatter"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/devices/virtual/apps"
	"github.com/ringproof/ringproof/harness"
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
		Short: "Run scenarios on phones, or on a virtual one",
		Example: `  ringproof run --tag smoke
  ringproof run --tag smoke --app guide
  ringproof run --scenario locked-fullscreen
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

// run runs the chosen scenarios in this process. Ginkgo orders and interrupts
// them; what a person reads is made from events.
func run(ctx context.Context, s config.Settings, fixed []int, out io.Writer) (err error) {
	chosen, err := choose(s.Scenarios, s.Tags, s.Filter)
	if err != nil {
		return err
	}
	mended, err := apps.Numbered(fixed)
	if err != nil {
		return fmt.Errorf("--guide-fixed: %w", err)
	}
	bench, err := wire.Open(ctx, s, wire.Options{Virtual: func(o *virtual.Options) {
		if len(mended) > 0 {
			o.Models = apps.Models(mended...)
		}
	}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bench.Close()) }()
	if err := bench.Preflight(ctx); err != nil {
		return err
	}
	book, err := record.Create(s.Report, record.Run{
		App:    record.App{Profile: bench.Profile.Name, Package: bench.Profile.Package},
		Chosen: len(chosen), Again: append([]string{"ringproof"}, os.Args[1:]...),
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, book.Close(ctx.Err() != nil)) }()
	teller := newTeller(out, len(chosen))
	in := scenarios.Input{
		Phones: bench.Pool, Profile: bench.Profile, Install: bench.Install, Gear: bench.Gear, Door: harness.Door(s.Delivery), Book: book, Sink: teller,
		Pictures: scenarios.Pictures(s.Pictures), Video: s.Video,
		Seed: bench.Seed,
	}
	teller.begin(s, bench.Profile)
	runSpecs(ctx, in, chosen)
	teller.end(s.Report)
	if ctx.Err() != nil {
		return errors.New("interrupted; what was changed on phones was put back unless a line above says otherwise")
	}
	if teller.red() {
		return errRed
	}
	return nil
}

// quiet takes Ginkgo's verdict and says nothing: ours is made from events.
type quiet struct{}

func (quiet) Fail() {}

// runSpecs hands the scenarios to Ginkgo. Its own report is silenced; a
// process runs specs once.
func runSpecs(ctx context.Context, in scenarios.Input, chosen []scenarios.Scenario) {
	scenarios.Describe(func() scenarios.Input { return in.Until(ctx) }, chosen...)
	formatter.ColorableStdOut = io.Discard
	suite, reporter := ginkgo.GinkgoConfiguration()
	reporter.NoColor = true
	ginkgo.RunSpecs(quiet{}, "ringproof", suite, reporter)
}
