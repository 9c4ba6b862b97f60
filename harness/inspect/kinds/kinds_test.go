package kinds

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// What a reader can read, a person can look at: each of their Parse functions
// has a kind.
func TestEveryReaderHasAKind(t *testing.T) {
	b, err := os.ReadFile("kinds.go")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../../dumpsys/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	trees, err := filepath.Glob("../../uiautomator/*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range append(files, trees...) {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv != nil || !strings.HasPrefix(fn.Name.Name, "Parse") {
				continue
			}
			found++
			call := f.Name.Name + "." + fn.Name.Name
			if !regexp.MustCompile(`\b` + regexp.QuoteMeta(call) + `\b`).Match(b) {
				t.Errorf("no kind reads with %s", call)
			}
		}
	}
	if found < 30 {
		t.Errorf("%d functions found: is the test looking in the right place?", found)
	}
}

// A text that is nothing has a problem or, where saying nothing is an answer,
// an answer: no kind fails on it, and none has facts of it.
func TestNothingIsNoFact(t *testing.T) {
	for name, r := range All() {
		if r.Of == "" || r.Facts == nil {
			t.Errorf("%s does not say what it reads", name)
		}
		a, err := r.Answer(name, "-", nil)
		if err != nil || a.Kind != name {
			t.Errorf("%s: %v: %+v", name, err, a)
			continue
		}
		if len(a.Problems) == 1 && a.Problems[0].Kind == text.Empty {
			for _, row := range a.Facts.Rows() {
				if row.Known && row.Value != "0 of them" && row.Value != "[]" {
					t.Errorf("%s: %s is %s in an empty text", name, row.Path, row.Value)
				}
			}
		} else if name != "reply" && len(a.Problems) == 0 {
			t.Errorf("%s takes nothing for an answer", name)
		}
	}
}
