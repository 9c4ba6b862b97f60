package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ringproof/ringproof/devices/pool"
	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/cmd/assume"
	"github.com/ringproof/ringproof/harness/cmd/live"
	"github.com/ringproof/ringproof/harness/cmd/wire"
	"github.com/ringproof/ringproof/harness/config"
	"github.com/ringproof/ringproof/reports/record"
)

func doctorCommand() *cobra.Command {
	var file *string
	var assumptions string
	var schema bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look at a phone and the app on it for what keeps calls from ringing, before any test; nothing is changed",
		Long: `doctor reads what one phone tells of itself and of the app, and applies the
rules by which a failed scenario is explained. It presses nothing, installs
nothing and changes nothing.

It exits with 1 when it finds a cause.

With --assumptions it tries out instead what Ringproof takes for granted of
phones: every state is entered, looked at and left, both ways of pushes, a push
to a stopped app, a headset's key, the window tree and the log. That changes the
phone for minutes, so the phone must be named; every change is undone, also when
it is interrupted. What comes of it is written as JSON without personal data: if
a row differs, please send it in. It exits with 1 when a row differs.`,
		Example: `  ringproof doctor --device 0A123456 --app myapp.yaml
  ringproof doctor --device 0A123456 --assumptions my-phone.json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			s, err := config.Load(config.Source{File: *file, Flags: cmd.Flags()})
			if err != nil {
				return err
			}
			ctx, out := cmd.Context(), cmd.OutOrStdout()
			switch {
			case schema:
				_, err := out.Write(assume.Schema())
				return err
			case assumptions != "":
				return tryAssumptions(ctx, s, assumptions, out)
			}
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
			fmt.Fprintln(out, live.Clean(fmt.Sprintf("%s: %s %s, Android %s (API %d)", app.Serial(), pr.Maker, pr.Model, pr.Release, pr.API)))
			e, err := app.Evidence(ctx)
			if err != nil {
				return err
			}
			for _, kind := range slices.Sorted(maps.Keys(e.Problems)) {
				fmt.Fprintln(out, live.Clean(fmt.Sprintf("not wholly read: %s: %v", kind, e.Problems[kind])))
			}
			causes := app.Diagnose(ctx, e, record.Finding{})
			tellCauses(out, causes)
			if len(causes) > 0 {
				return errRed
			}
			fmt.Fprintf(out, "nothing found that keeps calls of %s from ringing\n", bench.Profile.Package)
			return nil
		},
	}
	file = settingsFlags(cmd.Flags())
	cmd.Flags().StringVar(&assumptions, "assumptions", "", "try what is assumed of phones on the named one and write the result to this `FILE`")
	cmd.Flags().BoolVar(&schema, "assumptions-schema", false, "print the JSON Schema of that file")
	return cmd
}

// tellCauses prints each cause with all that supports it. What an app or a phone
// says is part of the sentences.
func tellCauses(out io.Writer, causes []record.Cause) {
	for _, c := range causes {
		fmt.Fprintf(out, "\n%s\n", live.Clean(c.Sentence))
		for _, f := range c.Facts {
			fmt.Fprintf(out, "  because %s\n", live.Clean(f))
		}
		fmt.Fprintf(out, "  remedy: %s\n", live.Clean(c.Remedy))
	}
}

// tryAssumptions tries the table of assumptions on one phone that its owner
// named, or that was made for it.
func tryAssumptions(ctx context.Context, s config.Settings, file string, out io.Writer) (err error) {
	if !s.Devices.Virtual && len(s.Devices.Serials) != 1 {
		return errors.New("--assumptions changes a phone for minutes and wants --device with its serial: \"ringproof devices\" lists them")
	}
	bench, err := wire.Open(ctx, s, wire.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bench.Close()) }()
	bench.Waiting = func(holders []string) {
		fmt.Fprintf(out, "ringproof: waiting for the phone: %s\n", live.Clean(strings.Join(holders, "; ")))
	}
	if err := bench.Preflight(ctx); err != nil {
		return err
	}
	in := bench.Input()
	report, err := assume.Try(ctx, in, toolVersion(), func(r assume.Row) {
		word := "as expected"
		switch {
		case r.Seen == assume.NotTried:
			word = "-"
		case !r.Agrees:
			word = "DIFFERS"
		}
		fmt.Fprintf(out, "%-11s %s: %s\n", word, r.ID, r.Seen)
		if !r.Agrees && r.Detail != "" {
			fmt.Fprintf(out, "            expected: %s; %s\n", r.Expected, live.Clean(r.Detail))
		}
	})
	if err != nil {
		return err
	}
	text, err := report.JSON()
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return fmt.Errorf("write the assumptions: %w", err)
	}
	fmt.Fprintf(out, "\n%d rows, %d differ; written to %s\n", len(report.Rows), report.Differs(), live.Clean(file))
	switch {
	case report.Interrupted:
		return errors.New("interrupted; the phone was put back, and the file has the rows that were tried")
	case report.Differs() > 0:
		return errRed
	}
	return nil
}
