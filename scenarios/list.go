package scenarios

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/ringproof/ringproof/harness"
)

// Row is a scenario as people and programs read it in a list.
type Row struct {
	ID     string   `json:"id"`
	Title  string   `json:"title"`
	Tags   []string `json:"tags"`
	Needs  string   `json:"needs"`
	Budget string   `json:"budget"` // as time.Duration prints it
	Origin string   `json:"origin"`
}

// Rows lists scenarios for reading, in their order.
func Rows(chosen []Scenario) []Row {
	rows := make([]Row, len(chosen))
	for i, s := range chosen {
		rows[i] = Row{ID: s.ID, Title: s.Title, Tags: s.Labels, Needs: s.Needs.String(), Budget: short(s.Budget), Origin: s.Origin}
	}
	return rows
}

// short is a duration without the parts that are zero: 2m, not 2m0s.
func short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = s[:len(s)-2]
	}
	if strings.HasSuffix(s, "h0m") {
		s = s[:len(s)-2]
	}
	return s
}

// Markdown is the documentation's page on scenarios: the catalogue, its tags,
// and the waits that all scenarios share.
func Markdown(chosen []Scenario) string {
	var b strings.Builder
	b.WriteString("# The catalogue\n\n<!-- made by `ringproof scenarios --markdown`; a test compares -->\n\n")
	fmt.Fprintf(&b, "%d scenarios. `ringproof run --scenario ID` runs one, `--tag TAG` all with a tag.\n\n", len(chosen))
	b.WriteString("| scenario | what must be true | tags | needs | budget | reported in |\n|---|---|---|---|---|---|\n")
	for _, r := range Rows(chosen) {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s |\n", r.ID, escape(r.Title), strings.Join(r.Tags, " "), r.Needs, r.Budget, escape(r.Origin))
	}
	b.WriteString("\n## Tags\n\n| tag | means |\n|---|---|\n")
	tags := Tags()
	for _, t := range slices.Sorted(maps.Keys(tags)) {
		fmt.Fprintf(&b, "| %s | %s |\n", t, escape(tags[t]))
	}
	b.WriteString("\n## Waits\n\nA scenario's budget bounds it on the host. What an app is given, it is given in the phone's own time, by this table;\n" +
		"a profile may set its own.\n\n| wait | default | from, to |\n|---|---|---|\n")
	w := harness.DefaultBudgets()
	for _, row := range []struct {
		name  string
		d     time.Duration
		words string
	}{
		{"ring", w.Ring, "the push was taken, the call rings and is shown"},
		{"answer", w.Answer, "a button was pressed, the call is active"},
		{"stop", w.End, "hang-up, decline or cancel, nothing is left"},
		{"missed", w.Missed, "the call is over, it is told as missed"},
		{"timeout", w.Timeout, "the push was taken, the app itself has given up ringing and told so"},
		{"quiet", w.Quiet, "how long it is watched that nothing rings"},
		{"settle", w.Settle, "a state was entered, it is verified"},
		{"launch", w.Launch, "the app was opened, it is in front"},
	} {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", row.name, short(row.d), row.words)
	}
	return b.String()
}

func escape(text string) string { return strings.ReplaceAll(text, "|", "\\|") }
