package main

import (
	"fmt"
	"net"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/devices/virtual/adbd"
	"github.com/ringproof/ringproof/devices/virtual/android"
)

// maxVirtual bounds --count: each phone is a whole simulated system.
const maxVirtual = 256

func virtualCommand() *cobra.Command {
	var count, api int
	var seed int64
	var maker string
	var trusted, mute, stepped, emulator bool
	var faults []string
	cmd := &cobra.Command{
		Use:   "virtual",
		Short: "Make virtual phones on this machine, for any adb, until interrupted",
		Long: `Make virtual phones on the loopback network and print one adb command for each.
They run at the speed of the clock on the wall, as outside clients expect, until
the command is interrupted. Nothing of them outlives it.

They come without apps: adb install takes any APK. The sample apps then do what
they do on a real phone; others start, and do nothing.

Something can be wrong with their adb, on demand (--fault, more than once):
` + strings.TrimRight(adbd.FaultHelp(), "\n"),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if count < 1 || count > maxVirtual {
				return fmt.Errorf("--count wants 1 to %d, got %d", maxVirtual, count)
			}
			wrong, err := adbd.ParseFaults(faults...)
			if err != nil {
				return fmt.Errorf("--fault: %w", err)
			}
			var phones []*virtual.Phone
			defer func() {
				for _, p := range phones {
					_ = p.Close() // the process ends here: there is nobody to tell
				}
			}()
			for i := range count {
				p, err := virtual.New(virtual.Options{Seed: seed + int64(i), API: api, Maker: maker, Trusted: trusted, MuteLog: mute, RealTime: !stepped, Faults: wrong})
				if err != nil {
					return fmt.Errorf("make virtual phone %d: %w", i+1, err)
				}
				phones = append(phones, p)
				if emulator {
					_, console, port, err := p.ListenEmulator(cmd.Context())
					if err != nil {
						return fmt.Errorf("virtual phone %d: %w", i+1, err)
					}
					fmt.Fprintf(cmd.OutOrStdout(), "adb connect emu:%d,%d\n", console, port)
					continue
				}
				addr, err := p.Listen(cmd.Context(), net.JoinHostPort("127.0.0.1", "0"))
				if err != nil {
					return fmt.Errorf("virtual phone %d: %w", i+1, err)
				}
				fmt.Fprintf(cmd.OutOrStdout(), "adb connect %s\n", addr)
			}
			<-cmd.Context().Done()
			return nil
		},
	}
	cmd.Flags().IntVar(&count, "count", 1, "how many phones")
	cmd.Flags().IntVar(&api, "api", android.DefaultAPI, fmt.Sprintf("their API level, %d to %d", android.FirstAPI, android.LastAPI))
	cmd.Flags().StringVar(&maker, "maker", android.Makers()[0], "their maker: "+strings.Join(android.Makers(), ", "))
	cmd.Flags().Int64Var(&seed, "seed", 1, "what the phones draw their jitter from")
	cmd.Flags().BoolVar(&trusted, "trusted", false, "their owner has switched on what their maker keeps from adb's shell")
	cmd.Flags().BoolVar(&mute, "mute-log", false, "the phones keep their log to themselves, as some makers' phones do")
	cmd.Flags().BoolVar(&stepped, "stepped", false, "their clock jumps whenever a command sleeps, instead of running")
	cmd.Flags().BoolVar(&emulator, "emulator", false, "they are reached as emulators are, and listed as emulator-PORT")
	cmd.Flags().StringArrayVar(&faults, "fault", nil, "what is wrong with their adb, `NAME[=ARG]`: see above")
	return cmd
}
