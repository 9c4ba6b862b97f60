package corpustable

import (
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness/inspect"
	"github.com/ringproof/ringproof/harness/inspect/kinds"
	"github.com/ringproof/ringproof/harness/internal/captures"
)

// row is one text read as one kind.
type row struct {
	file string // the begin of its name
	kind string
	// facts are typed by hand from the text, one a line:
	//
	//	12 calls[0].state RINGING   line 12 tells it, under this path of the JSON
	//	12 .state RINGING           the same under any path with this end
	//	12 .msg ANR in com.app...   a value by its begin
	//	? foreground                the text does not tell it
	//	! truncated                 what is wrong with the text as a whole
	//
	// <none> is a text of no letters, such as nobody's focus.
	// A list's value is "3 of them", or [a b] for one of words. A line 0 is the
	// text as a whole.
	facts string
}

// closing is put behind excerpts that end right behind a whole record, for
// readers that leave the last one of a cut list out.
var closing = map[string]string{
	"notification/001": "  mArchive=Archive (0 notifications)\n",
	"notification/002": "  mArchive=Archive (0 notifications)\n",
	"notification/004": "  mArchive=Archive (0 notifications)\n",
	"notification/008": "    mArchive=Archive (0 notifications)\n",
}

// tables are all rows, by the folder of the corpus.
func tables() []row {
	return slices.Concat(activityTable, audioTable, bluetoothTable, deviceidleTable, logcatTable, miscTable,
		notificationTable, packageTable, powerTable, telecomTable, uiautomatorTable, windowTable)
}

// least is how many facts a text must be known by, if it has as many lines.
const least = 2

func TestCorpus(t *testing.T) {
	dir := captures.Dir(t)
	all := kinds.All()
	read := map[string]bool{}
	var answers []answered
	var report strings.Builder
	for _, r := range tables() {
		found, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(r.file)+"*"))
		if err != nil || len(found) != 1 {
			t.Errorf("%s: %d files, %v", r.file, len(found), err)
			continue
		}
		name, err := filepath.Rel(dir, found[0])
		if err != nil {
			t.Fatal(err)
		}
		name = filepath.ToSlash(name)
		reader, ok := all[r.kind]
		if !ok {
			t.Errorf("%s: there is no kind %s", name, r.kind)
			continue
		}
		t.Run(r.kind+"/"+strings.TrimSuffix(name, ".txt"), func(t *testing.T) {
			b := append(captures.File(t, name), closing[r.file]...)
			a, err := reader.Answer(r.kind, name, b)
			if err != nil {
				t.Fatal(err)
			}
			u := inspect.UnreadOf(a, b)
			wrong, n := check(r.facts, a)
			for _, w := range wrong {
				t.Error(w)
			}
			if n < min(least, u.Lines) {
				t.Errorf("%d facts are too few to tell a wrong reader", n)
			}
			answers = append(answers, answered{r, a})
			fmt.Fprintf(&report, "%-68s %-14s %5d %5d %3d%%\n", name, r.kind, u.Lines, len(u.Nobodys), 100*len(u.Nobodys)/max(u.Lines, 1))
		})
		read[name] = true
	}
	t.Logf("file, kind, lines, of them unread:\n%s", report.String())
	telling(t, answers)
	skipped := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		name, relErr := filepath.Rel(dir, path)
		if err != nil || relErr != nil || d.IsDir() || strings.HasSuffix(name, ".md") {
			return err
		}
		if name = filepath.ToSlash(name); !read[name] {
			t.Errorf("%s has no row", name)
			skipped++
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	fmt.Printf("corpus: %d files read, %d skipped\n", len(read), skipped)
}

// answered is a row with the answer for its text.
type answered struct {
	row
	answer inspect.Answer
}

// telling fails on a row whose facts are true of another text, too: they would
// not tell a reader that takes one for the other. Refusals are all alike.
func telling(t *testing.T, answers []answered) {
	t.Helper()
	for _, a := range answers {
		for _, b := range answers {
			if a.file == b.file || a.kind != b.kind || !strings.ContainsAny(a.facts, "0123456789") {
				continue
			}
			if wrong, _ := check(a.facts, b.answer); len(wrong) == 0 {
				t.Errorf("%s: all of its facts are true of %s, too", a.file, b.file)
			}
		}
	}
}

// check compares an answer with the facts of a row: what is wrong, and how many
// facts there are. A refusal counts as all that a text can tell.
func check(facts string, a inspect.Answer) (wrong []string, told int) {
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	rows := a.Facts.Rows()
	problems := map[string]bool{}
	for _, p := range a.Problems {
		problems[string(p.Kind)] = true
	}
	for line := range strings.Lines(facts) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		told++
		where, rest, _ := strings.Cut(line, " ")
		rest = strings.TrimSpace(rest)
		switch where {
		case "!":
			if !problems[rest] {
				say("the text is not said to be %s: %v", rest, a.Problems)
			}
			delete(problems, rest)
			told += least
			continue
		case "?":
			if i := slices.IndexFunc(rows, func(r inspect.Row) bool { return r.Path == rest }); i < 0 {
				say("%s: no such path", rest)
			} else if rows[i].Known {
				say("%s is %s, and the text does not tell", rest, rows[i].Value)
			}
			continue
		}
		n, err := strconv.Atoi(where)
		path, value, ok := strings.Cut(rest, " ")
		if err != nil || !ok {
			say("%q is no fact", line)
			continue
		}
		if why := missing(rows, n, path, strings.TrimSpace(value)); why != "" {
			say("line %d %s is not %s: %s", n, path, strings.TrimSpace(value), why)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(problems)) {
		say("the text is said to be %s: %v", kind, a.Problems)
	}
	return wrong, told
}

// missing is "" if there is such a row, and else what there is in its place.
func missing(rows []inspect.Row, line int, path, want string) string {
	var near []string
	for _, r := range rows {
		if r.Path != path && !(path[0] == '.' && strings.HasSuffix(r.Path, path)) {
			continue
		}
		got := r.Value
		if s, err := strconv.Unquote(got); err == nil {
			got = s
		}
		if got == "" {
			got = "<none>"
		}
		begin, cut := strings.CutSuffix(want, "...")
		same := r.Known && (got == want || strings.ReplaceAll(got, `"`, "") == want || cut && strings.HasPrefix(got, begin))
		if same && r.Line == line {
			return ""
		}
		if same || r.Line == line || r.Path == path {
			near = append(near, fmt.Sprintf("%s = %.80s at line %d", r.Path, r.Value, r.Line))
		}
	}
	if len(near) == 0 {
		return "nothing like it"
	}
	return strings.Join(near[:min(len(near), 4)], "; ")
}
