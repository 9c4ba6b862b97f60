// Command ringproof proves that a VoIP app rings: it runs the scenarios, lists
// phones and scenarios, makes virtual phones and reads what phones print.
//
// It holds no knowledge of its own: it joins the rooms and talks to a person.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/ringproof/ringproof/harness/cmd/live"
	"github.com/ringproof/ringproof/reports/record"
)

// The exit codes. A scenario that failed and a command that could not be
// carried out are two things to a CI job.
const (
	exitRed   = 1 // at least one scenario is not green
	exitWrong = 2 // the command could not be carried out: bad input, no phone
)

// errRed ends a run whose scenarios have said everything already.
var errRed = errors.New("not every scenario passed")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The first signal ends what is under way in good order; without a handler
	// of its own a command is ended by the second one.
	context.AfterFunc(ctx, stop)
	code := execute(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// execute is the whole command with everything it touches passed in.
func execute(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := command()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errRed):
		return exitRed
	}
	for line := range strings.Lines("ringproof: " + record.HideText(err.Error())) {
		fmt.Fprintln(stderr, live.Clean(strings.TrimSuffix(line, "\n"))) // phones and files are quoted in it
	}
	return exitWrong
}

func command() *cobra.Command {
	root := &cobra.Command{
		Use:           "ringproof",
		Short:         "Proves that a VoIP app rings, on phones driven over ADB",
		SilenceUsage:  true,
		SilenceErrors: true,
		// An error is one line; --help lists the commands.
		DisableSuggestions: true,
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(runCommand(), batchCommand(), doctorCommand(), reportCommand(), devicesCommand(), headsetCommand(), virtualCommand(), scenariosCommand(), defectsCommand(), soakCommand(), inspectCommand(), captureCommand())
	return root
}
