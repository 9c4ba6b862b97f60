package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ringproof/ringproof/harness/dumpsys/activity"
	"github.com/ringproof/ringproof/harness/dumpsys/audio"
	"github.com/ringproof/ringproof/harness/dumpsys/deviceidle"
	"github.com/ringproof/ringproof/harness/dumpsys/display"
	"github.com/ringproof/ringproof/harness/dumpsys/mediasession"
	"github.com/ringproof/ringproof/harness/dumpsys/notification"
	"github.com/ringproof/ringproof/harness/dumpsys/packages"
	"github.com/ringproof/ringproof/harness/dumpsys/power"
	"github.com/ringproof/ringproof/harness/dumpsys/telecom"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/dumpsys/trust"
	"github.com/ringproof/ringproof/harness/dumpsys/window"
	"github.com/ringproof/ringproof/harness/uiautomator"
)

// schema names the shape of what inspect prints. The number changes when a
// field is renamed or changes its meaning, not when one is added.
const schema = "ringproof.inspect/1"

// inspection is one answer. Inside Facts, null is a fact that the text did not
// tell; it is never an empty list, false or zero.
type inspection struct {
	Schema   string          `json:"schema"`
	Kind     string          `json:"kind"`
	Source   string          `json:"source"`
	Problems []*text.Problem `json:"problems"`
	Facts    any             `json:"facts"`
}

// reader reads one kind of text.
type reader struct {
	of   string // the command whose output it reads
	read func([]byte) (any, error)
}

func reads[T any](of string, parse func([]byte) (T, error)) reader {
	return reader{of, func(b []byte) (any, error) { return parse(b) }}
}

func readers() map[string]reader {
	return map[string]reader{
		"telecom":       reads("dumpsys telecom", telecom.Parse),
		"notification":  reads("dumpsys notification", notification.Parse),
		"window":        reads("dumpsys window", window.Parse),
		"power":         reads("dumpsys power", power.Parse),
		"activity":      reads("dumpsys activity activities", activity.Parse),
		"processes":     reads("dumpsys activity processes", activity.ParseProcesses),
		"exit-info":     reads("dumpsys activity exit-info", activity.ParseExits),
		"package":       reads("dumpsys package PKG", packages.Parse),
		"audio":         reads("dumpsys audio", audio.Parse),
		"display":       reads("dumpsys display", display.Parse),
		"trust":         reads("dumpsys trust", trust.Parse),
		"deviceidle":    reads("dumpsys deviceidle", deviceidle.Parse),
		"media-session": reads("dumpsys media_session", mediasession.Parse),
		"uiautomator":   reads("uiautomator dump", uiautomator.Parse),
	}
}

func inspectCommand() *cobra.Command {
	all := readers()
	kinds := slices.Sorted(maps.Keys(all))
	var long strings.Builder
	long.WriteString("Read what a phone printed, from a file or from standard input, and write the facts in it\n" +
		"as JSON (" + schema + "). A fact that the text does not tell is null. What is wrong with the\n" +
		"text as a whole is listed under \"problems\"; the facts that could still be read stand beside it.\n\nKinds:\n")
	for _, k := range kinds {
		fmt.Fprintf(&long, "  %-13s %s\n", k, all[k].of)
	}
	return &cobra.Command{
		Use:     "inspect KIND [FILE|-]",
		Short:   "Read what a phone printed and write its facts as JSON",
		Long:    long.String(),
		Example: "  adb shell dumpsys telecom | ringproof inspect telecom",
		Args:    cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, ok := all[args[0]]
			if !ok {
				return fmt.Errorf("unknown kind %q: the kinds are %s", args[0], strings.Join(kinds, ", "))
			}
			source := "-"
			if len(args) == 2 {
				source = args[1]
			}
			b, err := input(cmd, source)
			if err != nil {
				return err
			}
			answer := inspection{Schema: schema, Kind: args[0], Source: source, Problems: []*text.Problem{}}
			answer.Facts, err = r.read(b)
			if p, ok := text.AsProblem(err); ok {
				answer.Problems = append(answer.Problems, p)
			} else if err != nil {
				return fmt.Errorf("inspect %s: %w", source, err)
			}
			enc := json.NewEncoder(cmd.OutOrStdout())
			enc.SetIndent("", "  ")
			enc.SetEscapeHTML(false)
			return enc.Encode(answer)
		},
	}
}

// maxInput bounds what inspect reads: a whole bug report is no single dump.
const maxInput = 256 << 20

func input(cmd *cobra.Command, source string) ([]byte, error) {
	r := cmd.InOrStdin()
	if source != "-" {
		f, err := os.Open(source)
		if err != nil {
			return nil, fmt.Errorf("inspect: %w", err)
		}
		defer f.Close()
		r = f
	}
	b, err := io.ReadAll(io.LimitReader(r, maxInput+1))
	if err != nil {
		return nil, fmt.Errorf("inspect %s: %w", source, err)
	}
	if len(b) > maxInput {
		return nil, fmt.Errorf("inspect %s: more than %d MiB: is it one dump?", source, maxInput>>20)
	}
	return b, nil
}
