package record

import (
	"bytes"
	"fmt"
	"slices"
)

// MaxDiff bounds a difference; what is longer loses its end.
const MaxDiff = 256 << 10

const (
	diffContext = 3       // lines shown around a change
	maxCells    = 1 << 20 // of a table of common lines; longer texts with no line of their own are replaced whole
	maxLine     = 2 << 10 // bytes of a line that are shown
	maxDiffed   = 4 << 20 // bytes of a text that are looked at
	cutNote     = "[... the difference goes on ...]\n"
)

// Side is one of two texts that are compared.
type Side struct {
	Name string
	Text []byte
}

// Unified tells in the unified form (`diff -u`) how one text became another.
// Lines with equal keys count as equal and are shown as they are afterwards:
// key leaves out what changes by itself, such as times. A nil key is the line.
//
// It returns nothing when no line differs. Its length and its work are bounded
// whatever the texts are.
func Unified(before, after Side, key func(line []byte) string) []byte {
	if key == nil {
		key = func(line []byte) string { return string(line) }
	}
	a, b := diffLines(before.Text), diffLines(after.Text)
	ka, kb := keysOf(a, key), keysOf(b, key)
	edits := compare(ka, kb, 0, 0, nil)
	hunks := hunksOf(edits, len(a), len(b))
	if len(hunks) == 0 {
		return nil
	}
	out := fmt.Appendf(nil, "--- %s\n+++ %s\n", before.Name, after.Name)
	for _, h := range hunks {
		out = h.print(out, a, b)
		if len(out) > MaxDiff {
			cut := bytes.LastIndexByte(out[:MaxDiff-len(cutNote)], '\n') + 1
			return append(out[:cut], cutNote...)
		}
	}
	return out
}

// diffLines cuts a text into lines without their ends.
func diffLines(text []byte) [][]byte {
	if len(text) > maxDiffed {
		text = middle(text, maxDiffed)
	}
	text = bytes.TrimSuffix(text, []byte("\n"))
	if len(text) == 0 {
		return nil
	}
	return bytes.Split(text, []byte("\n"))
}

func keysOf(lines [][]byte, key func([]byte) string) []string {
	keys := make([]string, len(lines))
	for i, l := range lines {
		keys[i] = key(bytes.TrimRight(l, "\r"))
	}
	return keys
}

// match says that lines a[A:A+N] and b[B:B+N] are the same.
type match struct{ a, b, n int }

// compare finds what two texts have in common: equal begins and ends, then
// lines that each has exactly once, in the longest order that both share
// (patience diff), and a table of common lines between those.
func compare(a, b []string, ao, bo int, found []match) []match {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	if n > 0 {
		found = append(found, match{ao, bo, n})
		a, b, ao, bo = a[n:], b[n:], ao+n, bo+n
	}
	tail := 0
	for tail < len(a) && tail < len(b) && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	end := match{ao + len(a) - tail, bo + len(b) - tail, tail}
	a, b = a[:len(a)-tail], b[:len(b)-tail]
	if len(a) > 0 && len(b) > 0 {
		if anchors := unique(a, b); len(anchors) > 0 {
			i, j := 0, 0
			for _, m := range append(anchors, match{len(a), len(b), 0}) {
				found = compare(a[i:m.a], b[j:m.b], ao+i, bo+j, found)
				if m.n > 0 {
					found = append(found, match{ao + m.a, bo + m.b, 1})
				}
				i, j = m.a+m.n, m.b+m.n
			}
		} else if len(a)*len(b) <= maxCells {
			found = table(a, b, ao, bo, found)
		}
	}
	if tail > 0 {
		found = append(found, end)
	}
	return found
}

// unique lists the lines that each text has once, in the longest order that
// both share.
func unique(a, b []string) []match {
	type seen struct{ inA, inB, a, b int }
	lines := make(map[string]*seen, len(a))
	for i, l := range a {
		s := lines[l]
		if s == nil {
			s = &seen{}
			lines[l] = s
		}
		s.inA, s.a = s.inA+1, i
	}
	for j, l := range b {
		if s := lines[l]; s != nil {
			s.inB, s.b = s.inB+1, j
		}
	}
	var once []match
	for i, l := range a {
		if s := lines[l]; s.inA == 1 && s.inB == 1 {
			once = append(once, match{i, s.b, 1})
		}
	}
	// The longest rising row of b, by piles (patience sorting).
	var piles []int // indices in once of each pile's top
	back := make([]int, len(once))
	for i, m := range once {
		p, _ := slices.BinarySearchFunc(piles, m.b, func(top, b int) int { return once[top].b - b })
		back[i] = -1
		if p > 0 {
			back[i] = piles[p-1]
		}
		if p == len(piles) {
			piles = append(piles, i)
		} else {
			piles[p] = i
		}
	}
	if len(piles) == 0 {
		return nil
	}
	var row []match
	for i := piles[len(piles)-1]; i >= 0; i = back[i] {
		row = append(row, once[i])
	}
	slices.Reverse(row)
	return row
}

// table finds the longest common lines of two short texts.
func table(a, b []string, ao, bo int, found []match) []match {
	w := len(b) + 1
	best := make([]int32, (len(a)+1)*w)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				best[i*w+j] = best[(i+1)*w+j+1] + 1
			} else {
				best[i*w+j] = max(best[(i+1)*w+j], best[i*w+j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			found = append(found, match{ao + i, bo + j, 1})
			i, j = i+1, j+1
		case best[(i+1)*w+j] >= best[i*w+j+1]:
			i++
		default:
			j++
		}
	}
	return found
}

// edit replaces lines a[a0:a1] by b[b0:b1].
type edit struct{ a0, a1, b0, b1 int }

// hunk is edits that stand close together.
type hunk []edit

func hunksOf(found []match, na, nb int) []hunk {
	var hunks []hunk
	i, j := 0, 0
	for _, m := range append(found, match{na, nb, 0}) {
		if m.a > i || m.b > j {
			e := edit{i, m.a, j, m.b}
			if last := len(hunks) - 1; last >= 0 && i-hunks[last][len(hunks[last])-1].a1 <= 2*diffContext {
				hunks[last] = append(hunks[last], e)
			} else {
				hunks = append(hunks, hunk{e})
			}
		}
		i, j = m.a+m.n, m.b+m.n
	}
	return hunks
}

func (h hunk) print(out []byte, a, b [][]byte) []byte {
	first, last := h[0], h[len(h)-1]
	lead := min(diffContext, first.a0, first.b0)
	trail := min(diffContext, len(a)-last.a1, len(b)-last.b1)
	a0, b0 := first.a0-lead, first.b0-lead
	na, nb := last.a1+trail-a0, last.b1+trail-b0
	out = fmt.Appendf(out, "@@ -%s +%s @@\n", span(a0, na), span(b0, nb))
	j := b0
	for _, e := range h {
		for ; j < e.b0; j++ {
			out = line(out, ' ', b[j])
		}
		for _, l := range a[e.a0:e.a1] {
			out = line(out, '-', l)
		}
		for _, l := range b[e.b0:e.b1] {
			out = line(out, '+', l)
		}
		j = e.b1
		if len(out) > MaxDiff {
			return out
		}
	}
	for ; j < b0+nb; j++ {
		out = line(out, ' ', b[j])
	}
	return out
}

// span is how the unified form counts lines: from 1, and an empty one stands
// after the line that it names.
func span(at, n int) string {
	switch n {
	case 0:
		return fmt.Sprintf("%d,0", at)
	case 1:
		return fmt.Sprint(at + 1)
	}
	return fmt.Sprintf("%d,%d", at+1, n)
}

func line(out []byte, sign byte, text []byte) []byte {
	out = append(out, sign)
	text = bytes.TrimRight(text, "\r")
	if len(text) > maxLine {
		text = middle(text, maxLine)
		text = bytes.ReplaceAll(text, []byte("\n"), []byte(" "))
	}
	return append(append(out, text...), '\n')
}
