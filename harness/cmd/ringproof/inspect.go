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

	"github.com/ringproof/ringproof/harness/inspect"
	"github.com/ringproof/ringproof/harness/inspect/kinds"
)

const inspectHelp = `Read what a phone printed, from a file or from standard input, and write the facts
in it as JSON (` + inspect.Version + `).

null is a fact that the text does not tell: a release does not print it, a maker left it
out, or the text was cut. It is never an empty list, false or zero, and no assertion may
pass on it. What is wrong with the text as a whole is listed under "problems"; the facts
that could still be read stand beside it.

The schema's number changes when a field is renamed or removed or changes its type or its
meaning. It does not change when a field is added: skip fields that you do not know.
--schema prints the JSON Schema (draft 2020-12) of a kind.

--explain prints each fact with the line that it came from, and the unknown ones at the end.
--unread prints the other side of it: the lines that no fact came from, by number, and how
many of the lines with a letter or a digit they are. Most are of no use to a test; a line
that matters and stands there is one that the reader did not understand.

Kinds:
`

func inspectCommand() *cobra.Command {
	all := kinds.All()
	names := slices.Sorted(maps.Keys(all))
	var long strings.Builder
	long.WriteString(inspectHelp)
	for _, k := range names {
		fmt.Fprintf(&long, "  %-13s %s\n", k, all[k].Of)
	}
	var explain, unread, schema bool
	cmd := &cobra.Command{
		Use:   "inspect KIND [FILE|-]",
		Short: "Read what a phone printed and write its facts as JSON",
		Long:  long.String(),
		Example: `  adb shell dumpsys telecom | ringproof inspect telecom
  ringproof inspect telecom --explain dump.txt`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, ok := all[args[0]]
			if !ok {
				return fmt.Errorf("unknown kind %q: the kinds are %s", args[0], strings.Join(names, ", "))
			}
			if schema {
				return printJSON(cmd.OutOrStdout(), inspect.Schema(args[0], r.Facts))
			}
			source := "-"
			if len(args) == 2 {
				source = args[1]
			}
			b, err := input(cmd, source)
			if err != nil {
				return err
			}
			answer, err := r.Answer(args[0], source, b)
			if err != nil {
				return err
			}
			if explain {
				return inspect.Explain(cmd.OutOrStdout(), answer, b)
			}
			if unread {
				return inspect.WriteUnread(cmd.OutOrStdout(), answer, b)
			}
			return printJSON(cmd.OutOrStdout(), answer)
		},
	}
	cmd.Flags().BoolVar(&explain, "explain", false, "print each fact with the line that it came from, instead of JSON")
	cmd.Flags().BoolVar(&unread, "unread", false, "print the lines that no fact came from, instead of JSON")
	cmd.Flags().BoolVar(&schema, "schema", false, "print the JSON Schema of the kind; nothing is read")
	cmd.MarkFlagsMutuallyExclusive("explain", "unread", "schema")
	return cmd
}

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
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
