package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/ringproof/ringproof/harness/config"
	"github.com/ringproof/ringproof/harness/gear"
)

func headsetCommand() *cobra.Command {
	var file *string
	cmd := &cobra.Command{
		Use:   "headset SERIAL",
		Short: "Switch the headset of a phone on, to be paired in the phone's settings, and say what it notices",
		Long: `Headset switches on the headset that the setting headsets names for a phone, lets the
phone find it, and says what it notices until Ctrl-C: that it is bonded, connected,
that it rings. Pair it in the phone's settings; it is needed once, before scenarios
use the headset.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			s, err := config.Load(config.Source{File: *file, Flags: cmd.Flags()})
			if err != nil {
				return err
			}
			spec := s.Gear[args[0]].Headset
			if !spec.Controlled() {
				return fmt.Errorf("the setting headsets names none for %s that does what it is told: add --headsets %s=bumble:usb:0", args[0], args[0])
			}
			h, err := gear.OpenHeadset(cmd.Context(), args[0], spec)
			if err != nil {
				return err
			}
			return pair(cmd, h)
		},
	}
	file = settingsFlags(cmd.Flags())
	return cmd
}

func pair(cmd *cobra.Command, h *gear.Headset) (err error) {
	defer func() {
		if end := h.Close(); err == nil {
			err = end
		}
	}()
	ctx, out := cmd.Context(), cmd.OutOrStdout()
	on := gear.Come
	if h.Can(gear.Pair) {
		on = gear.Pair
	}
	if err := h.Do(ctx, on); err != nil {
		return err
	}
	heard, err := h.State(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "the headset %s is on: pair it in the phone's settings; Ctrl-C switches it off\n", heard.Address)
	for {
		select {
		case e, ok := <-h.Events():
			if !ok {
				_, err := h.State(ctx)
				return err
			}
			fmt.Fprintf(out, "%s %s\n", e.Host.Format("15:04:05.000"), e.What)
		case <-ctx.Done():
			return nil
		}
	}
}
