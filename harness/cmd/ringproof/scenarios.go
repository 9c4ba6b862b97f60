package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/ringproof/ringproof/scenarios"
)

func scenariosCommand() *cobra.Command {
	var ids, tags []string
	var filter string
	var asJSON, asMarkdown bool
	cmd := &cobra.Command{
		Use:   "scenarios",
		Short: "List the scenarios with their tags, needs, budgets and origin",
		Example: `  ringproof scenarios --tag lockscreen
  ringproof scenarios --json | jq -r '.[].id'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			chosen, err := scenarios.Choose(ids, tags, filter)
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			switch {
			case asJSON:
				enc := json.NewEncoder(out)
				enc.SetIndent("", "  ")
				enc.SetEscapeHTML(false)
				return enc.Encode(scenarios.Rows(chosen))
			case asMarkdown:
				_, err := fmt.Fprint(out, scenarios.Markdown(chosen))
				return err
			}
			w := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
			fmt.Fprintln(w, "ID\tTAGS\tNEEDS\tBUDGET\tORIGIN\tTITLE")
			for _, r := range scenarios.Rows(chosen) {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", r.ID, strings.Join(r.Tags, " "), r.Needs, r.Budget, r.Origin, r.Title)
			}
			return w.Flush()
		},
	}
	cmd.Flags().StringSliceVar(&ids, "scenario", nil, "only the scenarios with these ids")
	cmd.Flags().StringSliceVar(&tags, "tag", nil, "only scenarios with one of these tags")
	cmd.Flags().StringVar(&filter, "filter", "", `a label filter such as "lockscreen && !bluetooth"`)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON array")
	cmd.Flags().BoolVar(&asMarkdown, "markdown", false, "print the documentation's page")
	cmd.MarkFlagsMutuallyExclusive("json", "markdown")
	return cmd
}
