package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/ringproof/ringproof/fixtures/defects"
	"github.com/ringproof/ringproof/harness/cmd/matrix"
	"github.com/ringproof/ringproof/scenarios"
)

func defectsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "defects [NAME...]",
		Short: "List what can be wrong with the sample app on purpose, and which scenario catches it",
		Long: `List the defects that can be seeded into the sample app: what goes wrong, where
people reported it, what carries it (the model on virtual phones, the APK), and
which scenario must catch it by which fact. RINGPROOF_DEFECT=NAME seeds one.`,
		RunE: func(cmd *cobra.Command, names []string) error {
			chosen, err := chooseDefects(names)
			if err != nil {
				return err
			}
			return listDefects(cmd.OutOrStdout(), chosen)
		},
	}
	cmd.AddCommand(matrixCommand())
	return cmd
}

// chooseDefects are the defects of the names, all if there are none.
func chooseDefects(names []string) ([]defects.Defect, error) {
	if len(names) == 0 {
		return defects.All()
	}
	var chosen []defects.Defect
	for _, name := range names {
		d, err := defects.Find(name)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, d)
	}
	return chosen, nil
}

func listDefects(out io.Writer, chosen []defects.Defect) error {
	w := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tIN\tCAUGHT BY\tORIGIN\tWHAT GOES WRONG")
	for _, d := range chosen {
		in := make([]string, len(d.In))
		for i, c := range d.In {
			in[i] = string(c)
		}
		var by []string
		for _, c := range d.Caught {
			if at := c.Scenario + ":" + c.Fact; !slices.Contains(by, at) {
				by = append(by, at)
			}
		}
		if d.Unseen != "" {
			by = []string{"(" + d.Unseen + ")"}
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", d.Name, strings.Join(in, " "), strings.Join(by, " "), d.Origin, d.Text)
	}
	return w.Flush()
}

func matrixCommand() *cobra.Command {
	o := matrix.Options{}
	var out string
	var ids []string
	cmd := &cobra.Command{
		Use:   "matrix [NAME...]",
		Short: "Run every defect against every scenario on virtual phones; red if one is not caught as expected",
		RunE: func(cmd *cobra.Command, names []string) (err error) {
			if o.Defects, err = chooseDefects(names); err != nil {
				return err
			}
			if o.Scenarios, err = scenarios.Choose(ids, nil, ""); err != nil {
				return err
			}
			return runMatrix(cmd.Context(), o, out, cmd.OutOrStdout())
		},
	}
	cmd.Flags().BoolVar(&o.Expected, "expected", false, "run only the scenarios that must catch a defect")
	cmd.Flags().StringSliceVar(&ids, "scenario", nil, "run only the scenarios with these ids")
	cmd.Flags().IntVar(&o.Workers, "parallel", 0, "how many phones at once (default: one for each core)")
	cmd.Flags().Int64Var(&o.Seed, "seed", 1, "what the phones draw their jitter from")
	cmd.Flags().StringVar(&out, "out", "", "a file for the table, in Markdown")
	return cmd
}

func soakCommand() *cobra.Command {
	o := matrix.SoakOptions{}
	var ids []string
	cmd := &cobra.Command{
		Use:   "soak",
		Short: "Run the catalogue on the reference app with many seeds; red if anything is not green",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if o.Scenarios, err = scenarios.Choose(ids, nil, ""); err != nil {
				return err
			}
			out, began := cmd.OutOrStdout(), time.Now()
			o.Progress = ticker(out, began)
			alarms, runs, err := matrix.Soak(cmd.Context(), o)
			for _, a := range alarms {
				fmt.Fprintln(out, a)
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(out, "%d seeds, %d scenarios, %d runs in %s: %d false alarms\n",
				o.Seeds, len(o.Scenarios), runs, time.Since(began).Round(time.Second), len(alarms))
			if len(alarms) > 0 {
				return errRed
			}
			return nil
		},
	}
	cmd.Flags().StringSliceVar(&ids, "scenario", nil, "run only the scenarios with these ids, in the catalogue's order")
	cmd.Flags().IntVar(&o.Seeds, "seeds", 200, "how many seeds")
	cmd.Flags().Int64Var(&o.First, "first", 1, "the first seed")
	cmd.Flags().IntVar(&o.Workers, "parallel", 0, "how many at once (default: one for each core)")
	return cmd
}

// ticker tells how far a long run is, every half minute.
func ticker(out io.Writer, began time.Time) func(done, all int) {
	told := began
	return func(done, all int) {
		if time.Since(told) > 30*time.Second {
			told = time.Now()
			fmt.Fprintf(out, "%d of %d after %s\n", done, all, time.Since(began).Round(time.Second))
		}
	}
}

func runMatrix(ctx context.Context, o matrix.Options, file string, out io.Writer) (err error) {
	began := time.Now()
	o.Progress = ticker(out, began)
	t, err := matrix.Run(ctx, o)
	if err != nil {
		return err
	}
	if file != "" {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return fmt.Errorf("make the table's folder: %w", err)
		}
		f, err := os.Create(file)
		if err != nil {
			return fmt.Errorf("write the table: %w", err)
		}
		if err := errors.Join(t.Write(f), f.Close()); err != nil {
			return fmt.Errorf("write the table: %w", err)
		}
	}
	wrong := t.Check()
	for _, w := range wrong {
		fmt.Fprintln(out, w)
	}
	for _, m := range t.Misnamed() {
		fmt.Fprintln(out, m)
	}
	own, whole := t.Distinct()
	named, of := t.Causes()
	fmt.Fprintf(out, "%d defects, %d distinct by their own assertion and fact, %d by all that they fail; %d scenarios, %d runs in %s; "+
		"the expected cause first for %d of %d (%d %%); %d things wrong\n",
		len(t.Defects), own, whole, len(t.Scenarios), len(t.Cells), time.Since(began).Round(time.Second), named, of, named*100/max(of, 1), len(wrong))
	if len(wrong) > 0 {
		return errRed
	}
	return nil
}
