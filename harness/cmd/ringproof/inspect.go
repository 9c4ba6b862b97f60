package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ringproof/ringproof/harness/dumpsys/activity"
	"github.com/ringproof/ringproof/harness/dumpsys/appops"
	"github.com/ringproof/ringproof/harness/dumpsys/audio"
	"github.com/ringproof/ringproof/harness/dumpsys/battery"
	"github.com/ringproof/ringproof/harness/dumpsys/bluetooth"
	"github.com/ringproof/ringproof/harness/dumpsys/deviceidle"
	"github.com/ringproof/ringproof/harness/dumpsys/display"
	"github.com/ringproof/ringproof/harness/dumpsys/logcat"
	"github.com/ringproof/ringproof/harness/dumpsys/mediasession"
	"github.com/ringproof/ringproof/harness/dumpsys/notification"
	"github.com/ringproof/ringproof/harness/dumpsys/packages"
	"github.com/ringproof/ringproof/harness/dumpsys/power"
	"github.com/ringproof/ringproof/harness/dumpsys/replies"
	"github.com/ringproof/ringproof/harness/dumpsys/standby"
	"github.com/ringproof/ringproof/harness/dumpsys/telecom"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/dumpsys/trust"
	"github.com/ringproof/ringproof/harness/dumpsys/users"
	"github.com/ringproof/ringproof/harness/dumpsys/window"
	"github.com/ringproof/ringproof/harness/inspect"
	"github.com/ringproof/ringproof/harness/uiautomator"
)

// reader reads one kind of text.
type reader struct {
	of    string       // the command whose output it reads
	facts reflect.Type // what it returns
	read  func([]byte) (any, error)
}

func reads[T any](of string, parse func([]byte) (T, error)) reader {
	return reader{of, reflect.TypeFor[T](), func(b []byte) (any, error) { return parse(b) }}
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
		"services":      reads("dumpsys activity services", activity.ParseServices),
		"app-ops":       reads("cmd appops get PKG [OP]", appops.Parse),
		"app-ops-dump":  reads("dumpsys appops", appops.ParseDump),
		"battery":       reads("dumpsys battery", battery.Parse),
		"bluetooth":     reads("dumpsys bluetooth_manager", bluetooth.Parse),
		"standby":       reads("am get-standby-bucket [PKG]", standby.Parse),
		"users":         reads("dumpsys user", users.Parse),
		"user-list":     reads("pm list users", users.ParseList),
		"telecom-log":   reads("logcat, the lines of Telecom", telecomLog),
		"reply":         reads("pm grant, settings put, input, cmd: any command", replies.Parse),
		"am-start":      reads("am start [-W]", replies.ParseStart),
		"am-broadcast":  reads("am broadcast", replies.ParseBroadcast),
		"install":       reads("pm install, uninstall or clear", replies.ParseInstall),
		"setting":       reads("settings get", replies.ParseSetting),
		"locksettings":  reads("locksettings", replies.ParseLock),
	}
}

// telecomLog leaves times without year and zone as they were printed.
func telecomLog(b []byte) (telecom.Log, error) { return telecom.ParseLog(b, logcat.Clock{}) }

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

Kinds:
`

func inspectCommand() *cobra.Command {
	all := readers()
	kinds := slices.Sorted(maps.Keys(all))
	var long strings.Builder
	long.WriteString(inspectHelp)
	for _, k := range kinds {
		fmt.Fprintf(&long, "  %-13s %s\n", k, all[k].of)
	}
	var explain, schema bool
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
				return fmt.Errorf("unknown kind %q: the kinds are %s", args[0], strings.Join(kinds, ", "))
			}
			if schema {
				return printJSON(cmd.OutOrStdout(), inspect.Schema(args[0], r.facts))
			}
			source := "-"
			if len(args) == 2 {
				source = args[1]
			}
			b, err := input(cmd, source)
			if err != nil {
				return err
			}
			answer, err := r.answer(args[0], source, b)
			if err != nil {
				return err
			}
			if explain {
				return inspect.Explain(cmd.OutOrStdout(), answer, b)
			}
			return printJSON(cmd.OutOrStdout(), answer)
		},
	}
	cmd.Flags().BoolVar(&explain, "explain", false, "print each fact with the line that it came from, instead of JSON")
	cmd.Flags().BoolVar(&schema, "schema", false, "print the JSON Schema of the kind; nothing is read")
	cmd.MarkFlagsMutuallyExclusive("explain", "schema")
	return cmd
}

// answer reads b. A damaged text is no error: its problem is in the answer.
func (r reader) answer(kind, source string, b []byte) (inspect.Answer, error) {
	a := inspect.Answer{Schema: inspect.Version, Kind: kind, Source: source, Problems: []*text.Problem{}}
	facts, err := r.read(b)
	if p, ok := text.AsProblem(err); ok {
		a.Problems = append(a.Problems, p)
	} else if err != nil {
		return a, fmt.Errorf("inspect %s: %w", source, err)
	}
	if a.Facts, err = inspect.Of(facts); err != nil {
		return a, fmt.Errorf("inspect %s: %w", source, err)
	}
	return a, nil
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
