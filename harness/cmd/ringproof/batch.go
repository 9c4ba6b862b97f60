package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/formatter"
	"github.com/spf13/cobra"

	"github.com/ringproof/ringproof/harness/cmd/wire"
	"github.com/ringproof/ringproof/harness/config"
	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/scenarios"
)

// batch is what a supervisor hands to a child: some scenarios, and how they are
// run. It travels by the child's standard input: what is in it stays out of the
// list of processes.
type batch struct {
	Settings config.Settings `json:"settings"`
	IDs      []string        `json:"ids"`
}

// batchName is the hidden command of a child.
const batchName = "batch"

func batchCommand() *cobra.Command {
	return &cobra.Command{
		Use: batchName, Hidden: true, Args: cobra.NoArgs,
		Short: "Run scenarios for a supervisor: the batch comes by standard input, events go to standard output",
		RunE: func(cmd *cobra.Command, _ []string) error {
			in := json.NewDecoder(cmd.InOrStdin())
			var b batch
			if err := in.Decode(&b); err != nil {
				return fmt.Errorf("read the batch: %w", err)
			}
			// The supervisor keeps the input open for as long as it lives. When it
			// ends, whatever the reason, phones are put back and the batch ends.
			ctx, stop := context.WithCancelCause(cmd.Context())
			defer stop(nil)
			go func() {
				_, _ = io.Copy(io.Discard, io.MultiReader(in.Buffered(), cmd.InOrStdin()))
				stop(errInterrupted)
			}()
			return b.run(ctx, cmd.OutOrStdout())
		},
	}
}

// errInterrupted is why a scenario has no verdict after a Ctrl-C.
var errInterrupted = errors.New("the run was interrupted")

// run runs the batch in this process, into the record that the supervisor
// began.
func (b batch) run(ctx context.Context, events io.Writer) (err error) {
	s := b.Settings
	chosen, err := scenarios.Choose(b.IDs, nil, "")
	if err != nil {
		return err
	}
	bench, err := wire.Open(ctx, s, wire.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bench.Close()) }()
	book, err := record.Join(s.Report)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, book.Close(false)) }()
	in := bench.Input()
	in.Book, in.Sink = book, record.NewLines(events)
	in.Pictures, in.Video = scenarios.Pictures(s.Pictures), s.Video
	runSpecs(ctx, in, chosen)
	return nil
}

// quiet takes Ginkgo's verdict and says nothing: ours is made from events.
type quiet struct{}

func (quiet) Fail() {}

// runSpecs hands the scenarios to Ginkgo, which orders them. Its own report is
// silenced; a process runs specs once. After ctx's end nothing new is begun.
func runSpecs(ctx context.Context, in scenarios.Input, chosen []scenarios.Scenario) {
	scenarios.Describe(func() scenarios.Input {
		if ctx.Err() != nil {
			ginkgo.Skip("interrupted")
		}
		return in.Until(ctx)
	}, chosen...)
	formatter.ColorableStdOut = io.Discard
	suite, reporter := ginkgo.GinkgoConfiguration()
	reporter.NoColor = true
	ginkgo.RunSpecs(quiet{}, "ringproof", suite, reporter)
}
