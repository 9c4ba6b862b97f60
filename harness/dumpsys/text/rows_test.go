package text

import (
	"strconv"
	"strings"
	"testing"
)

func TestAppend(t *testing.T) {
	// Rows of one size: the list ends with little more room than it needs.
	const n, size = 100000, 30
	var rows []int
	moved := 0
	for i := range n {
		was := cap(rows)
		rows = Append(rows, i, (i+1)*size, n*size)
		if cap(rows) != was {
			moved++
		}
	}
	if len(rows) != n || rows[n-1] != n-1 || cap(rows) > n+n/8 || moved > 6 {
		t.Errorf("%d rows in room for %d, moved %d times", len(rows), cap(rows), moved)
	}
	// A dense begin does not ask for the size of the whole text.
	rows = nil
	for i := range 1000 {
		rows = Append(rows, i, i+1, 30<<20)
	}
	if cap(rows) > 17000 {
		t.Errorf("room for %d rows", cap(rows))
	}
	// A row that was taken back leaves nothing.
	rows = Extend(rows[:1], 1, 1)
	if rows[1] != 0 {
		t.Errorf("an empty row holds %d", rows[1])
	}
	// Fresh rows are empty, and those before them stay.
	rows = nil
	for i := range 1000 {
		if rows = Fresh(rows, i+1, 1000); rows[i] != 0 {
			t.Fatalf("a fresh row holds %d", rows[i])
		}
		rows[i] = i + 1
	}
	if rows[0] != 1 || rows[999] != 1000 || cap(rows) > 1200 {
		t.Errorf("%d, %d, room for %d", rows[0], rows[999], cap(rows))
	}
	// Nonsense about the text only costs room.
	rows = nil
	for i := range 100 {
		rows = Append(rows, i, -1, 0)
	}
	if len(rows) != 100 || rows[99] != 99 {
		t.Errorf("rows = %v", rows)
	}
}

func TestCopy(t *testing.T) {
	b := []byte("one two\nthree four\n")[:18] // without the last line end
	c := CopyOf(b)
	line := NewLines(b, 1)
	line.Next()
	for _, w := range []struct {
		of   []byte
		want string
	}{
		{line.Text()[4:], "two"}, {b[8:13], "three"}, {b[14:18], "four"}, {b[18:], ""},
		{b[:3], "one"}, // before the first that was asked for
		{b[4:7], "two"}, {nil, ""},
	} {
		if got := c.Word(w.of); got != w.want {
			t.Errorf("%q, want %q", got, w.want)
		}
	}
	copy(b, "changed afterwards")
	if got := c.Word(b[8:13]); got != "three" {
		t.Errorf("%q shares the text", got)
	}
	// More than a block, and a word that is one.
	long := []byte(strings.Repeat("0123456789", 10000))
	c = CopyOf(long)
	for i := 0; i+13 <= len(long); i += 7 {
		if got := c.Word(long[i : i+13]); got != string(long[i:i+13]) {
			t.Fatalf("%q at %d", got, i)
		}
	}
	if got := c.Word(long[5:]); got != string(long[5:]) {
		t.Errorf("a long word of %d bytes", len(got))
	}
	c = CopyOf(make([]byte, 100))
	c.Word(c.text[:1])
	if n := testing.AllocsPerRun(100, func() { c.Word(c.text[50:90]) }); n != 0 {
		t.Errorf("%v allocations for a word", n)
	}
}

func TestWords(t *testing.T) {
	var w Words
	for i := range 3000 {
		for _, s := range []string{"", "a", strconv.Itoa(i), "android.permission.P" + strconv.Itoa(i), strings.Repeat("x", i)} {
			if got := w.Word([]byte(s)); got != s {
				t.Fatalf("%q for %q", got, s)
			}
		}
	}
	b := []byte("org.ringproof.sample")
	if n := testing.AllocsPerRun(100, func() { w.Word(b) }); n > 0.5 {
		t.Errorf("%v copies of a word that was there", n)
	}
	s := w.Word(b)
	if b[0] = 'x'; s != "org.ringproof.sample" {
		t.Errorf("the word changes with the text: %q", s)
	}
}
