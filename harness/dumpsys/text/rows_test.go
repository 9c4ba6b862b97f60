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
	// Nonsense about the text only costs room.
	rows = nil
	for i := range 100 {
		rows = Append(rows, i, -1, 0)
	}
	if len(rows) != 100 || rows[99] != 99 {
		t.Errorf("rows = %v", rows)
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
