package house

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Every reader has a table of grammars, checked for holes, a fuzz
// target and a benchmark: what a release prints is not known by heart.
func TestReadersHaveGrammars(t *testing.T) {
	dirs, err := filepath.Glob("../../dumpsys/*")
	if err != nil {
		t.Fatal(err)
	}
	readers := 0
	for _, dir := range append(dirs, "../../uiautomator") {
		if !isReader(t, dir) {
			continue
		}
		readers++
		if !anyTest(t, filepath.Join(dir, "grammars_test.go"), "grammar.Check(") {
			t.Errorf("%s: no grammars_test.go that calls grammar.Check", filepath.Base(dir))
		}
		for _, kind := range []string{"func Fuzz", "func Benchmark"} {
			if !anyTest(t, filepath.Join(dir, "*_test.go"), kind) {
				t.Errorf("%s: no %s...", filepath.Base(dir), kind)
			}
		}
	}
	if readers < 20 {
		t.Errorf("%d readers found: is the rule looking in the right place?", readers)
	}
}

// isReader reports whether a package has a function Parse or Parse...
func isReader(t *testing.T, dir string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(name string) bool {
		if strings.HasSuffix(name, "_test.go") {
			return false
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatalf("read a reader: %v", err)
		}
		return slices.ContainsFunc(f.Decls, func(d ast.Decl) bool {
			fn, ok := d.(*ast.FuncDecl)
			return ok && fn.Recv == nil && strings.HasPrefix(fn.Name.Name, "Parse")
		})
	})
}

// anyTest reports whether one of the files holds the words.
func anyTest(t *testing.T, pattern, words string) bool {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(name string) bool {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Contains(b, []byte(words))
	})
}
