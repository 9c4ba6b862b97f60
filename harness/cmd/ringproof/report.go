package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ringproof/ringproof/harness/config"
	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/reports/render/allure"
	"github.com/ringproof/ringproof/reports/render/html"
	"github.com/ringproof/ringproof/reports/render/junit"
	"github.com/ringproof/ringproof/reports/render/latency"
	"github.com/ringproof/ringproof/reports/render/perfetto"
	"github.com/ringproof/ringproof/reports/render/summary"
)

// renderers are the forms that a record can be shown in, by name.
func renderers() map[string]func(io.Writer, record.Told) error {
	return map[string]func(io.Writer, record.Told) error{
		"junit":    junit.Write,
		"summary":  summary.Write,
		"latency":  latency.Write,
		"perfetto": perfetto.Write,
	}
}

// folders are the forms that are a folder and not a file. They take the
// evidence from the record's folder.
func folders() map[string]func(to, from string, t record.Told) error {
	return map[string]func(to, from string, t record.Told) error{
		"html":   html.Write,
		"allure": allure.Write,
	}
}

func reportCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Show a record in another form, or join several",
	}
	names := slices.Concat(slices.Collect(maps.Keys(renderers())), slices.Collect(maps.Keys(folders())))
	slices.Sort(names)
	var to string
	show := &cobra.Command{
		Use:   "show FORM [RECORD]",
		Short: "Write a record as " + strings.Join(names, " or ") + "; RECORD is the folder of a run, that of the settings by default",
		Example: `  ringproof report show html -o pages
  ringproof report show junit > junit.xml
  ringproof report show allure -o allure-results
  ringproof report show summary reports/out >> "$GITHUB_STEP_SUMMARY"`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			render, file := renderers()[args[0]]
			write, folder := folders()[args[0]]
			switch {
			case folder && to == "":
				return fmt.Errorf("%s is a folder of files: name it with -o", args[0])
			case !file && !folder:
				return fmt.Errorf("unknown form %q: the forms are %s", args[0], strings.Join(names, ", "))
			}
			dir := ""
			if len(args) > 1 {
				dir = args[1]
			} else {
				s, err := config.Load(config.Source{})
				if err != nil {
					return err
				}
				dir = s.Report
			}
			told, err := record.Read(dir)
			if err != nil {
				return err
			}
			if folder {
				return write(to, dir, told)
			}
			// Rendered whole before anything is written: bad input changes nothing.
			var b bytes.Buffer
			if err := render(&b, told); err != nil {
				return err
			}
			if to != "" {
				return os.WriteFile(to, b.Bytes(), 0o644)
			}
			_, err = cmd.OutOrStdout().Write(b.Bytes())
			return err
		},
	}
	show.Flags().StringVarP(&to, "output", "o", "", "write to this file; for html and allure, a new folder")
	merge := &cobra.Command{
		Use:     "merge OUT RECORD...",
		Short:   "Join the records of several shards of a run into one folder",
		Example: "  ringproof report merge reports/whole shard-1 shard-2",
		Args:    cobra.MinimumNArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			return record.Merge(args[0], args[1:]...)
		},
	}
	compare := &cobra.Command{
		Use:   "compare BEFORE AFTER",
		Short: "Tell which steps of calls became slower between two records, beyond noise; exits with 1 if any did",
		Long: `compare says that a step became slower when its times are larger than the earlier
ones, by more than a tenth and by more than the clocks allow, and when that
would hardly come by chance: over all steps, a false alarm comes at most once in
twenty comparisons (rank-sum test of Mann and Whitney, Holm's correction). Steps with
fewer than five calls in either record are not compared.

Runs differ from each other: merge several into one record on each side.`,
		Example: "  ringproof report compare last-release reports/out",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			was, err := record.Read(args[0])
			if err != nil {
				return err
			}
			is, err := record.Read(args[1])
			if err != nil {
				return err
			}
			c := latency.Compare(was, is)
			out := cmd.OutOrStdout()
			for _, s := range c.Slower {
				fmt.Fprintln(out, s)
			}
			if c.TooFew > 0 {
				fmt.Fprintf(out, "%d steps have too few calls to be compared: at least 5 in both records\n", c.TooFew)
			}
			if len(c.Slower) > 0 {
				return errRed
			}
			fmt.Fprintf(out, "nothing became slower beyond noise, of %d steps\n", c.Compared)
			return nil
		},
	}
	schema := &cobra.Command{
		Use:       "schema run|manifest|event",
		Short:     "Print the JSON Schema of run.json, manifest.json or a line of events.jsonl",
		Args:      cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		ValidArgs: []string{"run", "manifest", "event"},
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := record.Schema(args[0])
			if err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write(text)
			return err
		},
	}
	cmd.AddCommand(show, merge, compare, schema)
	return cmd
}
