package peers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/captures"
)

// question is one that both answer from the same text. Answers are words:
// "unknown" is ours for what a text does not tell.
type question struct {
	about string // the fact
	text  string // a file of the corpus, or a word for a typed text
	call  call
	// theirs makes words of the peer's value.
	theirs func(json.RawMessage) string
	ours   string
}

// call is one call of a method of appium-adb's ADB.
type call struct {
	Call    string            `json:"call"`
	Args    []any             `json:"args"`
	API     int               `json:"api"`
	Answers map[string]string `json:"answers"`
}

// difference is a kind of difference between the peer and us that has a reason.
type difference struct {
	about []string
	is    func(text, theirs, ours string) bool
	texts int // how many answers have it: no more, and no fewer
	why   string
}

// differences are all that there may be. One that is gone is an error, too: the
// peer or our reader has changed.
var differences = []difference{
	{
		[]string{"locked or off"},
		func(_, theirs, ours string) bool { return theirs == "false" && ours == "unknown" }, 14,
		"a dump of windows, or two lines of one, does not tell: the peer takes that for unlocked",
	},
	{
		[]string{"pids by dumpsys"},
		func(text, theirs, _ string) bool { return strings.HasPrefix(text, "activity/006") && theirs == "" }, 84,
		"Android 14, excerpt: the rows of the OOM list name processes without ProcessRecord{...}, the only form that the peer reads",
	},
	{
		[]string{"requested permissions", "granted permissions"},
		func(_, theirs, ours string) bool { return theirs == matching(ours) }, 8,
		"the peer reads names that hold android.permission. or android.X.permission., and cuts others there",
	},
	{
		[]string{"version name", "version code", "target SDK", "requested permissions", "granted permissions", "denied permissions"},
		func(text, _, _ string) bool { return strings.HasPrefix(text, "package/008") }, 6,
		"a dump of several packages: the peer takes the first of a key or a list in the text, whose it may be",
	},
	{
		[]string{"installed for user 0"},
		func(text, theirs, ours string) bool {
			return strings.HasPrefix(text, "package/004") && theirs == "true" && ours == "false"
		}, 1,
		"the package is there for user 10 only, and the peer does not tell users apart",
	},
}

// matching is what is left of a list of permissions in the peer's eyes.
func matching(list string) string {
	return joined(permission.FindAllString(list, -1))
}

var permission = regexp.MustCompile(`android\.\w*\.?permission\.\w+`)

func TestAppium(t *testing.T) {
	if _, err := os.Stat("node_modules/appium-adb"); err != nil {
		missing(t, "appium-adb is not installed: npm ci --ignore-scripts")
	}
	node, err := exec.LookPath("node")
	if err != nil {
		missing(t, "there is no node")
	}
	questions := all(t)
	calls := make([]call, len(questions))
	for i, q := range questions {
		calls[i] = q.call
	}
	in, err := json.Marshal(calls)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), node, "appium.mjs")
	var stderr bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("run appium-adb: %v: %.2000s", err, stderr.String())
	}
	var answers []struct {
		Value json.RawMessage `json:"value"`
		Error string          `json:"error"`
	}
	if err := json.Unmarshal(out, &answers); err != nil || len(answers) != len(questions) {
		t.Fatalf("%d answers to %d questions: %v", len(answers), len(questions), err)
	}

	found := make([][]string, len(differences))
	same, asked := map[string]int{}, map[string]int{}
	for i, q := range questions {
		theirs := "unknown" // it throws where it finds nothing
		if answers[i].Error == "" {
			theirs = q.theirs(answers[i].Value)
		} else if strings.Contains(answers[i].Error, "is not a function") || strings.Contains(answers[i].Error, "no answer for") {
			t.Fatalf("%s: %s", q.about, answers[i].Error)
		}
		asked[q.about]++
		if theirs == q.ours {
			same[q.about]++
			continue
		}
		n := slices.IndexFunc(differences, func(d difference) bool {
			return slices.Contains(d.about, q.about) && d.is(q.text, theirs, q.ours)
		})
		if n < 0 {
			t.Errorf("%s of %s: appium-adb says %q and we %q", q.about, q.text, theirs, q.ours)
			continue
		}
		found[n] = append(found[n], q.about+" of "+q.text)
	}
	for i, d := range differences {
		if len(found[i]) != d.texts {
			t.Errorf("%d answers differ, not %d (%s): %q", len(found[i]), d.texts, d.why, found[i])
		}
	}
	var report strings.Builder
	for _, about := range slices.Sorted(keys(asked)) {
		fmt.Fprintf(&report, "%-28s %3d asked, %3d the same, %2d explained\n", about, asked[about], same[about], asked[about]-same[about])
	}
	t.Logf("appium-adb and we:\n%s", report.String())
}

// missing skips, or fails where the peer is required.
func missing(t *testing.T, why string) {
	t.Helper()
	required := strings.FieldsFunc(os.Getenv("RINGPROOF_REQUIRE"), func(r rune) bool { return r == ',' || r == ' ' })
	if slices.Contains(required, "appium") {
		t.Fatal(why)
	}
	t.Skip(why)
}

func keys(m map[string]int) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func all(t *testing.T) []question {
	return slices.Concat(focusQuestions(t), lockQuestions(t), packageQuestions(t), processQuestions(t), settingQuestions())
}

// read is a text of the corpus as the peer gets it from its shell.
func read(t *testing.T, name string) string { return string(captures.File(t, name)) }
