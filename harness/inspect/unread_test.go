package inspect

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

func TestUnread(t *testing.T) {
	b := []byte("title\r\n" + // 1: nobody's
		"  Items:\n" + // 2: the list
		"    first x\n" + // 3: a record
		"      who=y\n" + // 4: a fact of it
		"\n" +
		"  }\n" + // no letter, no digit
		"  state=ON\n" + // 7: of a fact that is unknown here
		"  Наклейка\n" + // 8: letters are not only Latin
		"denied\n" + // 9: a problem
		"  42\n") // 10
	a := Answer{
		Kind: "sample", Problems: []*text.Problem{{Kind: text.Denied, Line: 9}},
		Facts: take1(t, everything{Items: fact.Of([]item{{Line: 3, Who: fact.Of(handle{}, 4)}}, 2), Whole: fact.Of(true, 0)}),
	}
	want := Unread{Lines: 8, Nobodys: []Unsaid{{1, "title"}, {7, "  state=ON"}, {8, "  Наклейка"}, {10, "  42"}}}
	if d := cmp.Diff(want, UnreadOf(a, b)); d != "" {
		t.Error(d)
	}
	var out strings.Builder
	if err := WriteUnread(&out, a, b); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff("1\ttitle\n7\t  state=ON\n8\t  Наклейка\n10\t  42\nunread: 4 of 8 lines\n", out.String()); d != "" {
		t.Error(d)
	}
	if err := WriteUnread(broken{}, a, b); !errors.Is(err, errBroken) {
		t.Errorf("got %v", err)
	}
}
