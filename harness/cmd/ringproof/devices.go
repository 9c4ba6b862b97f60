package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/harness/cmd/live"
	"github.com/ringproof/ringproof/harness/config"
)

func devicesCommand() *cobra.Command {
	var file *string
	cmd := &cobra.Command{
		Use:   "devices",
		Short: "List the phones of the adb server in every state, and what to do about those that cannot be used",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := config.Load(config.Source{File: *file, Flags: cmd.Flags()})
			if err != nil {
				return err
			}
			server := adb.NewServer(s.ADB)
			infos, err := server.Devices(cmd.Context())
			if err != nil {
				return fmt.Errorf("%w (%s)", err, adviceFor(err))
			}
			if len(infos) == 0 {
				fmt.Fprintf(cmd.OutOrStdout(), "no phone on the adb server at %s: connect one and allow USB debugging on it\n", server.Addr())
				return nil
			}
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 8, 2, ' ', 0)
			fmt.Fprintln(w, "SERIAL\tSTATE\tMODEL\tWHAT TO DO")
			for _, i := range infos {
				advice := ""
				if k := i.State.Kind(); i.State != adb.Ready && k != 0 {
					advice = (&adb.Error{Kind: k}).Advice()
				}
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", live.Clean(i.Serial), i.State, live.Clean(i.Model), advice)
			}
			return w.Flush()
		},
	}
	file = settingsFlags(cmd.Flags())
	return cmd
}

func adviceFor(err error) string {
	return (&adb.Error{Kind: adb.KindOf(err)}).Advice()
}
