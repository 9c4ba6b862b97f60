package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"github.com/ringproof/ringproof/devices/pool"
	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/cmd/wire"
	"github.com/ringproof/ringproof/harness/config"
	"github.com/ringproof/ringproof/reports/record"
)

func doctorCommand() *cobra.Command {
	var file *string
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look at a phone and the app on it for what keeps calls from ringing, before any test; nothing is changed",
		Long: `doctor reads what one phone tells of itself and of the app, and applies the
rules by which a failed scenario is explained. It presses nothing, installs
nothing and changes nothing.

It exits with 1 when it finds a cause.`,
		Example: "  ringproof doctor --device 0A123456 --app myapp.yaml",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			s, err := config.Load(config.Source{File: *file, Flags: cmd.Flags()})
			if err != nil {
				return err
			}
			ctx, out := cmd.Context(), cmd.OutOrStdout()
			bench, err := wire.Open(ctx, s, wire.Options{})
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, bench.Close()) }()
			lease, err := bench.Pool.Lease(ctx, pool.Needs{})
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, lease.Release(ctx)) }()
			app, err := harness.Examine(ctx, lease.Phone(), bench.Profile)
			if err != nil {
				return err
			}
			pr := app.Probe()
			fmt.Fprintf(out, "%s: %s %s, Android %s (API %d)\n", app.Serial(), pr.Maker, pr.Model, pr.Release, pr.API)
			e, err := app.Evidence(ctx)
			if err != nil {
				return err
			}
			for _, kind := range slices.Sorted(maps.Keys(e.Problems)) {
				fmt.Fprintf(out, "not wholly read: %s: %v\n", kind, e.Problems[kind])
			}
			causes := app.Diagnose(ctx, e, record.Finding{})
			for _, c := range causes {
				fmt.Fprintf(out, "\n%s\n", c.Sentence)
				for _, f := range c.Facts {
					fmt.Fprintf(out, "  because %s\n", f)
				}
				fmt.Fprintf(out, "  remedy: %s\n", c.Remedy)
			}
			if len(causes) > 0 {
				return errRed
			}
			fmt.Fprintf(out, "nothing found that keeps calls of %s from ringing\n", bench.Profile.Package)
			return nil
		},
	}
	file = settingsFlags(cmd.Flags())
	return cmd
}
