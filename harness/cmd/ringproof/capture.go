package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/devices/pool"
	"github.com/ringproof/ringproof/harness/capture"
	"github.com/ringproof/ringproof/harness/config"
)

func captureCommand() *cobra.Command {
	var file *string
	var o capture.Options
	cmd := &cobra.Command{
		Use:   "capture --device SERIAL DIR",
		Short: "Write what one phone prints into a folder, with personal data hidden",
		Long: `Write every dump of one phone that ringproof reads into a new folder, each as it was
printed, with a manifest (release, maker, model, build, how each dump ended). This is
what to attach to a report that a reader fails on your phone.

Nothing is changed on the phone, and no run can have it meanwhile. Hidden before anything
is written: phone numbers, mail addresses, addresses of Bluetooth, Wi-Fi and IP, serials,
IMEI, ICCID, Android id, names of accounts, users, headsets and networks, texts of
notifications and of the screen, places. Equal values stay equal within one capture.
Read the files before you publish them all the same: names of the installed apps stay
in, and a maker may print something that nobody knows of.`,
		Example: "  ringproof capture --device 0A123456 --package com.example.calls my-phone",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := config.Load(config.Source{File: *file, Flags: cmd.Flags()})
			if err != nil {
				return err
			}
			o.Tool = toolVersion()
			return takeCapture(cmd.Context(), s, args[0], o, cmd.OutOrStdout())
		},
	}
	file = settingsFlags(cmd.Flags())
	cmd.Flags().StringVar(&o.Package, "package", "", "also the dumps about this app")
	cmd.Flags().BoolVar(&o.Clear, "clear-text", false, "leave personal data in")
	return cmd
}

func takeCapture(ctx context.Context, s config.Settings, dir string, o capture.Options, out io.Writer) (err error) {
	if len(s.Devices.Serials) != 1 {
		return errors.New("capture wants --device with the serial of one phone: \"ringproof devices\" lists them")
	}
	if err := capture.Empty(dir); err != nil {
		return err
	}
	p, err := pool.New(pool.Options{
		Sources: []pool.Source{pool.ADB{Server: adb.NewServer(s.ADB)}}, StateDir: s.State, Serials: s.Devices.Serials,
	})
	if err != nil {
		return err
	}
	lease, err := p.Lease(ctx, pool.Needs{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lease.Release(context.WithoutCancel(ctx))) }()
	m, err := capture.Take(ctx, lease.Phone(), dir, o)
	if err != nil {
		return err
	}
	for _, f := range m.Files {
		if f.Error != "" {
			fmt.Fprintf(out, "%s: %s\n", f.Name, f.Error)
		}
	}
	for _, l := range m.Left {
		fmt.Fprintf(out, "%s is not in it: %s\n", l.Name, l.Why)
	}
	fmt.Fprintf(out, "%d dumps of %s %s, Android %s, in %s", len(m.Files), m.Phone.Maker, m.Phone.Model, m.Phone.Release, dir)
	if m.Masked {
		fmt.Fprint(out, "; personal data is hidden, look through them before you publish them")
	} else {
		fmt.Fprint(out, "; personal data is in them")
	}
	fmt.Fprintln(out)
	return nil
}

// toolVersion is the module's version as Go built it in.
func toolVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(unknown)"
}
