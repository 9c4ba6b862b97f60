// Package grammar keeps the tables of grammars in the readers' tests honest:
// every release from Android 8 (API 26) to Android 16 (API 36) has a row, each
// row says whether its text was printed by a phone or typed from a reference,
// and each states facts that a wrong reader would miss.
//
// It knows no service and no reader; it is for tests only.
package grammar

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/captures"
)

// The releases that a table must cover.
const (
	First = 26
	Last  = 36
)

// Mark says where the text of a row comes from.
type Mark string

const (
	// Captured: a phone of these releases printed it; File names it in the
	// corpus, and without RINGPROOF_CORPUS the row is skipped.
	Captured Mark = "captured"
	// Composed: typed from a reference or from Android's source, which a
	// comment at the row names. It always runs.
	Composed Mark = "composed"
)

// Row is one grammar of a dump: what the releases From..To print.
type Row struct {
	From, To int    // API levels, both included
	Maker    string // "" for what Android prints unchanged
	Mark     Mark
	Text     string // of a composed row
	File     string // of a captured row, such as "trust/001.txt"
	// Unsure says what is not known of these releases. The row's reader must
	// then be right about every plausible form, one row each.
	Unsure string
	// Check compares the reader's facts with those that a person sees in the
	// text, typed by hand. It must fail on a text that holds none of them.
	Check func(t testing.TB, text []byte)
}

// Check runs every row, each as a subtest, and fails on a table with a hole.
func Check(t *testing.T, rows []Row) {
	t.Helper()
	for _, bad := range faults(rows) {
		t.Error(bad)
	}
	for i, r := range rows {
		t.Run(r.name(i), func(t *testing.T) {
			if r.Check == nil {
				t.Fatal("the row states no facts")
			}
			text := []byte(r.Text)
			if r.File != "" {
				text = captures.File(t, r.File)
			}
			if r.Unsure != "" {
				t.Logf("unsure: %s", r.Unsure)
			}
			r.Check(t, text)
			if !t.Failed() && idle(t, r.Check) {
				t.Error("the check passes on an empty text: it states no fact of this one")
			}
		})
	}
}

func (r Row) name(i int) string {
	s := fmt.Sprintf("%d_API%d-%d", i, r.From, r.To)
	if r.Maker != "" {
		s += "_" + r.Maker
	}
	return s
}

// faults lists what is wrong with the table itself.
func faults(rows []Row) []string {
	var bad []string
	var covered [Last + 1]bool
	for i, r := range rows {
		say := func(format string, args ...any) {
			bad = append(bad, "row "+r.name(i)+": "+fmt.Sprintf(format, args...))
		}
		if r.From <= 0 || r.To < r.From {
			say("it has no releases")
		}
		for api := max(r.From, First); api <= min(r.To, Last); api++ {
			covered[api] = true
		}
		switch {
		case r.Mark == Captured && (r.File == "" || r.Text != ""):
			say("a captured row names a file of the corpus and holds no text")
		case r.Mark == Composed && (r.Text == "" || r.File != ""):
			say("a composed row holds its text and names no file")
		case r.Mark != Captured && r.Mark != Composed:
			say("it does not say whether its text was captured or composed")
		}
		if r.Check == nil {
			say("it states no facts")
		}
	}
	for api := First; api <= Last; api++ {
		if !covered[api] {
			bad = append(bad, fmt.Sprintf("no row has the grammar of API %d", api))
		}
	}
	return bad
}

// idle reports whether a check finds nothing wrong with an empty text.
func idle(t testing.TB, check func(testing.TB, []byte)) bool {
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() { // Fatal ends the goroutine that it is called in
		defer close(done)
		defer func() {
			if recover() != nil { // a fact that is not there was reached for
				r.failed = true
			}
		}()
		check(r, nil)
	}()
	<-done
	return !r.failed
}

// recorder notes that a check failed and leaves the test that asked alone.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Helper()               {}
func (r *recorder) Log(...any)            {}
func (r *recorder) Logf(string, ...any)   {}
func (r *recorder) Failed() bool          { return r.failed }
func (r *recorder) Fail()                 { r.failed = true }
func (r *recorder) FailNow()              { r.failed = true; runtime.Goexit() }
func (r *recorder) Error(...any)          { r.failed = true }
func (r *recorder) Errorf(string, ...any) { r.failed = true }
func (r *recorder) Fatal(...any)          { r.FailNow() }
func (r *recorder) Fatalf(string, ...any) { r.FailNow() }
func (r *recorder) Skip(...any)           { r.FailNow() }
func (r *recorder) Skipf(string, ...any)  { r.FailNow() }
func (r *recorder) SkipNow()              { r.FailNow() }
