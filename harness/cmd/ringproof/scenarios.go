package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/ringproof/ringproof/scenarios"
)

func scenariosCommand() *cobra.Command {
	var tags []string
	var filter string
	cmd := &cobra.Command{
		Use:   "scenarios",
		Short: "List the scenarios with their tags, needs, budgets and origin",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			chosen, err := scenarios.Select(scenarios.All(), tags, filter)
			if err != nil {
				return err
			}
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 8, 2, ' ', 0)
			fmt.Fprintln(w, "ID\tTAGS\tNEEDS\tBUDGET\tORIGIN\tTITLE")
			for _, s := range chosen {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", s.ID, strings.Join(s.Labels, " "), s.Needs, s.Budget, s.Origin, s.Title)
			}
			return w.Flush()
		},
	}
	cmd.Flags().StringSliceVar(&tags, "tag", nil, "only scenarios with one of these tags")
	cmd.Flags().StringVar(&filter, "filter", "", `a label filter such as "lockscreen && !bluetooth"`)
	return cmd
}
