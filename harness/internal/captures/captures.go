// Package captures finds the texts that real phones printed, for tests of
// readers. They are not part of the project: RINGPROOF_CORPUS names their
// folder, and without it such tests are skipped with a reason.
package captures

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/ringproof/ringproof/harness/config"
)

// Dir is the folder. A relative one counts from the module's root, because go
// test runs every package in a folder of its own.
func Dir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("RINGPROOF_CORPUS")
	if dir == "" {
		t.Skip("RINGPROOF_CORPUS does not name a folder of texts that phones printed")
	}
	if !filepath.IsAbs(dir) {
		root, err := config.Root("")
		if err != nil {
			t.Fatalf("find the folder of RINGPROOF_CORPUS: %v", err)
		}
		dir = filepath.Join(root, dir)
	}
	if _, err := os.Stat(dir); err != nil {
		t.Fatalf("RINGPROOF_CORPUS: %v", err)
	}
	return dir
}

// File is one text of the corpus.
func File(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(Dir(t), filepath.FromSlash(name)))
	if err != nil {
		t.Fatalf("read a captured text: %v", err)
	}
	return b
}
