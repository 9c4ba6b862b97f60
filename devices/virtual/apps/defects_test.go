package apps_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/apps"
	"github.com/ringproof/ringproof/fixtures/defects"
)

// The model has a switch for every row of the table that names it, and no
// switch without a row.
func TestSwitchesAndRows(t *testing.T) {
	rows, err := defects.All()
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	guide := map[int]apps.Defect{}
	for _, d := range rows {
		if d.Carried(defects.Model) || d.Guide > 0 {
			want = append(want, d.Name)
		}
		if d.Guide > 0 {
			guide[d.Guide] = apps.Defect(d.Name)
		}
	}
	got := switches(t)
	slices.Sort(want)
	slices.Sort(got)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("switches (-rows +code):\n%s", d)
	}
	for i, f := range apps.Flaws() {
		if guide[i+1] != f {
			t.Errorf("flaw %d is %q in the table and %q in the code", i+1, guide[i+1], f)
		}
	}
}

// switches are the package's constants of type Defect.
func switches(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "defects.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if typ, ok := v.Type.(*ast.Ident); ok && typ.Name == "Defect" {
			for _, value := range v.Values {
				name, err := strconv.Unquote(value.(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				names = append(names, name)
			}
		}
		return true
	})
	return names
}

// The test door of the sample app is the model's, too.
func TestDoor(t *testing.T) {
	p := boot(t, apps.Reference())
	p.do(func(d *android.Device) {
		if err := d.Files(p.pkg).WriteFile("files/ringproof-defects", []byte("ignores-call-action # a remark\n\nno-such\n")); err != nil {
			t.Error(err)
		}
		d.Processes.KillBackground(android.ShellCaller(shellPID), p.pkg)
	})
	p.push("cometchat/initiated", "s1")
	p.push("cometchat/cancelled", "s1")
	if got := p.calls(); got != ringingCall {
		t.Errorf("with the defect a cancelled call rings on; the calls are %q", got)
	}
	if e := p.events(); !slices.Contains(e, "defect") || !slices.Contains(e, "defect.unknown") {
		t.Errorf("what took and what did not is traced; the events are %q", e)
	}
}
