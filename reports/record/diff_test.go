package record_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/reports/record"
)

func unified(before, after string) string {
	return string(record.Unified(record.Side{Name: "before", Text: []byte(before)}, record.Side{Name: "after", Text: []byte(after)}, nil))
}

// The expected texts are what diff -u (GNU diffutils) prints for the same
// files.
func TestUnified(t *testing.T) {
	for _, c := range []struct{ name, before, after, want string }{
		{"equal", "a\nb\n", "a\nb\n", ""},
		{"empty", "", "", ""},
		{"only the last line's end", "a\nb", "a\nb\n", ""},
		{"one line", "a\nb\nc\n", "a\nB\nc\n", "--- before\n+++ after\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"},
		{"from nothing", "", "a\nb\n", "--- before\n+++ after\n@@ -0,0 +1,2 @@\n+a\n+b\n"},
		{"to nothing", "a\n", "", "--- before\n+++ after\n@@ -1 +0,0 @@\n-a\n"},
		{
			"far apart", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n", "1\nx\n2\n3\n4\n5\n6\n7\n8\n9\n10\n12\n",
			"--- before\n+++ after\n@@ -1,4 +1,5 @@\n 1\n+x\n 2\n 3\n 4\n@@ -8,5 +9,4 @@\n 8\n 9\n 10\n-11\n 12\n",
		},
		{
			"close together", "1\n2\n3\n4\n5\n6\n7\n8\n", "1\nx\n3\n4\n5\n6\ny\n8\n",
			"--- before\n+++ after\n@@ -1,8 +1,8 @@\n 1\n-2\n+x\n 3\n 4\n 5\n 6\n-7\n+y\n 8\n",
		},
		{
			"a call is added", "CallsManager: \n  mCalls: \n  mCallAudioManager:\n    All calls:\n", "CallsManager: \n  mCalls: \n    [Call id=TC@1, state=RINGING]\n  mCallAudioManager:\n    All calls:\n      TC@1\n",
			"--- before\n+++ after\n@@ -1,4 +1,6 @@\n CallsManager: \n   mCalls: \n+    [Call id=TC@1, state=RINGING]\n   mCallAudioManager:\n     All calls:\n+      TC@1\n",
		},
	} {
		if d := cmp.Diff(c.want, unified(c.before, c.after)); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
}

// Lines that differ in what changes by itself are equal, and shown as they are
// afterwards.
func TestUnifiedWithAKey(t *testing.T) {
	digits := regexp.MustCompile(`\d+`)
	got := record.Unified(
		record.Side{Name: "b", Text: []byte("at 10\nidle\nx\n")}, record.Side{Name: "a", Text: []byte("at 20\nbusy\nx\n")},
		func(l []byte) string { return digits.ReplaceAllString(string(l), "#") })
	if d := cmp.Diff("--- b\n+++ a\n@@ -1,3 +1,3 @@\n at 20\n-idle\n+busy\n x\n", string(got)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// Whatever the texts are, the difference stays within its limits and is made
// in a moment: without a limit the table of these would have 10^12 cells.
func TestUnifiedIsBounded(t *testing.T) {
	var a, b bytes.Buffer
	for i := range 1_000_000 {
		fmt.Fprintf(&a, "line %d\n", i%7)
		fmt.Fprintf(&b, "line %d\n", (i*i)%11)
	}
	one := bytes.Repeat([]byte("x"), 64<<20)
	for name, c := range map[string][2][]byte{
		"no line of their own":  {a.Bytes(), b.Bytes()},
		"one line of megabytes": {one, append(one[:len(one):len(one)], 'y')},
		"from nothing":          {nil, a.Bytes()},
	} {
		began := time.Now()
		got := record.Unified(record.Side{Name: "before", Text: c[0]}, record.Side{Name: "after", Text: c[1]}, nil)
		if len(got) == 0 || len(got) > record.MaxDiff {
			t.Errorf("%s: %d bytes", name, len(got))
		}
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%s: took %s", name, took)
		}
		if name != "one line of megabytes" && !bytes.HasSuffix(got, []byte("[... the difference goes on ...]\n")) {
			t.Errorf("%s: ends with %q", name, got[len(got)-40:])
		}
	}
}

// FuzzUnified applies each difference to the text before: it must give the
// text after.
func FuzzUnified(f *testing.F) {
	f.Add("a\nb\nc", "a\nc\nd")
	f.Add("a\na\nb\nb\n", "b\na\nb\na\n")
	f.Add("x\n\n\ny", "\nx\n\ny\n\n")
	f.Add("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "9\n8\n7\n6\n5\n4\n3\n2\n1\n")
	f.Fuzz(func(t *testing.T, before, after string) {
		if len(before)+len(after) > 4000 || strings.Contains(before+after, "\r") {
			return
		}
		lines := func(s string) []string {
			if s = strings.TrimSuffix(s, "\n"); s == "" {
				return []string{}
			}
			return strings.Split(s, "\n")
		}
		for _, l := range append(lines(before), lines(after)...) {
			if len(l) > 2000 {
				return // shown without its middle
			}
		}
		got := apply(t, lines(before), unified(before, after))
		if d := cmp.Diff(lines(after), got); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	})
}

// apply is patch(1), strictly: every context line must be where the hunk says.
func apply(t *testing.T, lines []string, diff string) []string {
	t.Helper()
	out, at := []string{}, 0
	if diff == "" {
		return lines
	}
	body := strings.SplitN(diff, "\n", 3)[2]
	for _, l := range strings.Split(strings.TrimSuffix(body, "\n"), "\n") {
		switch {
		case strings.HasPrefix(l, "@@ -"):
			old, _, _ := strings.Cut(strings.TrimPrefix(l, "@@ -"), " ")
			start, n, counted := strings.Cut(old, ",")
			to, err := strconv.Atoi(start)
			if err != nil {
				t.Fatal(err)
			}
			if !counted || n != "0" {
				to--
			}
			out = append(out, lines[at:to]...)
			at = to
		case l[0] == '+':
			out = append(out, l[1:])
		default:
			if lines[at] != l[1:] {
				t.Fatalf("line %d is %q, the difference says %q", at+1, lines[at], l[1:])
			}
			if at++; l[0] == ' ' {
				out = append(out, l[1:])
			}
		}
	}
	return append(out, lines[at:]...)
}
