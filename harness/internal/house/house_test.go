package house

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/ringproof/ringproof"

// rule says that no package under from may reach a package under any of to,
// by any chain of imports.
type rule struct {
	from, to []string
	except   []string // packages under from that the rule does not bind
	why      string
}

// outside stands for a whole module or package path that is not ours.
var rules = []rule{
	{
		from: []string{"devices", "devices/adb", "devices/pool"}, to: []string{"devices/virtual"},
		except: []string{"devices/virtual"},
		why:    "phones are phones: the command and the tests wire a virtual one in as one more source",
	},
	{
		from: []string{"devices"}, to: []string{"harness", "scenarios", "reports"},
		except: []string{"devices/virtual"},
		why:    "devices know phones, shells and leases, but no call",
	},
	{
		from: []string{"devices/virtual"}, to: []string{"harness", "scenarios", "reports"},
		why: "the virtual phone must not know how it is read",
	},
	{
		from: []string{"harness", "scenarios"}, to: []string{"devices/virtual"},
		except: []string{"harness/cmd"},
		why:    "the harness and the scenarios never learn that a phone is virtual",
	},
	{
		from: []string{"fixtures", "reports/record"}, to: []string{"devices", "harness", "scenarios", "reports/render"},
		why: "leaves",
	},
	{
		from: []string{"harness", "scenarios", "reports"}, to: []string{"fixtures/defects"},
		except: []string{"harness/cmd"},
		why:    "what judges an app knows no defect's name",
	},
	{
		from: []string{"devices", "harness", "fixtures", "reports"}, to: []string{"github.com/onsi/ginkgo"},
		except: []string{"harness/cmd"},
		why:    "Ginkgo belongs to the scenarios, the command and tests",
	},
	{
		from: []string{"devices", "harness", "fixtures", "reports", "scenarios"}, to: []string{"golang.org/x/oauth2"},
		except: []string{"harness/push/fcm", "harness/cmd"},
		why:    "oauth2 belongs to the FCM delivery",
	},
}

type pkg struct {
	ImportPath string
	Imports    []string
	Standard   bool
	Deps       []string
}

// packages is the import graph of the shipped code: tests are free to wire
// rooms together, so their imports do not count.
func packages(t *testing.T) map[string]pkg {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-json=ImportPath,Imports,Standard,Deps", module+"/...")
	out, err := cmd.Output()
	if err != nil {
		var ee *exec.ExitError
		if errors.As(err, &ee) {
			t.Fatalf("list packages: %v: %s", err, ee.Stderr)
		}
		t.Fatalf("list packages: %v", err)
	}
	all := map[string]pkg{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatalf("read the list of packages: %v", err)
		}
		all[p.ImportPath] = p
	}
}

func under(path string, roots []string) bool {
	for _, r := range roots {
		if !strings.Contains(r, ".") {
			r = module + "/" + r
		}
		if path == r || strings.HasPrefix(path, r+"/") {
			return true
		}
	}
	return false
}

// chain is one way from one package to another, for the message.
func chain(all map[string]pkg, from string, to func(string) bool) []string {
	seen := map[string]bool{}
	var walk func(path string) []string
	walk = func(path string) []string {
		if to(path) {
			return []string{path}
		}
		if seen[path] || all[path].Standard {
			return nil
		}
		seen[path] = true
		for _, next := range all[path].Imports {
			if rest := walk(next); rest != nil {
				return append([]string{path}, rest...)
			}
		}
		return nil
	}
	return walk(from)
}

// broken lists the ways in which the graph breaks the rule.
func (r rule) broken(all map[string]pkg) []string {
	var bad []string
	for path := range all {
		if !under(path, r.from) || under(path, r.except) || under(path, r.to) {
			continue
		}
		if c := chain(all, path, func(p string) bool { return under(p, r.to) }); c != nil {
			bad = append(bad, strings.Join(c, " -> "))
		}
	}
	slices.Sort(bad)
	return bad
}

func TestRooms(t *testing.T) {
	all := packages(t)
	if len(all) < 30 {
		t.Fatalf("go list found %d packages: the graph is not whole", len(all))
	}
	for _, r := range rules {
		for _, b := range r.broken(all) {
			t.Errorf("%s\n\t%s", r.why, b)
		}
	}
}

// Readers and the writers of the virtual phone must share nothing of ours but
// the plain shapes of a phone: a round trip through shared code proves nothing.
func TestReadersAndWritersNeverMeet(t *testing.T) {
	all := packages(t)
	ours := func(roots ...string) map[string]bool {
		set := map[string]bool{}
		for path, p := range all {
			if !under(path, roots) {
				continue
			}
			set[path] = true
			for _, d := range p.Deps {
				if strings.HasPrefix(d, module+"/") {
					set[d] = true
				}
			}
		}
		return set
	}
	readers := ours("harness/dumpsys", "harness/uiautomator")
	writers := ours("devices/virtual/render", "devices/virtual/shell")
	if len(readers) == 0 || len(writers) == 0 {
		t.Fatalf("found %d reader and %d writer packages", len(readers), len(writers))
	}
	for path := range readers {
		if writers[path] {
			t.Errorf("%s is known to a reader and to a writer", path)
		}
	}
}

// The rules themselves can fail: a made-up graph breaks each of them.
func TestRulesBite(t *testing.T) {
	graph := map[string]pkg{
		module + "/devices/adb":             {Imports: []string{module + "/devices/virtual"}},
		module + "/devices/pool":            {Imports: []string{module + "/harness"}},
		module + "/devices/virtual":         {Imports: []string{module + "/devices/virtual/render"}},
		module + "/devices/virtual/render":  {Imports: []string{module + "/harness/dumpsys/telecom"}},
		module + "/harness":                 {Imports: []string{"example.org/between"}},
		"example.org/between":               {Imports: []string{module + "/devices/virtual"}},
		module + "/harness/dumpsys/telecom": {},
		module + "/reports/record":          {Imports: []string{module + "/devices"}},
		module + "/harness/push":            {Imports: []string{"golang.org/x/oauth2/google", "github.com/onsi/ginkgo/v2"}},
		module + "/harness/diagnose":        {Imports: []string{module + "/fixtures/defects"}},
		"golang.org/x/oauth2/google":        {},
		"github.com/onsi/ginkgo/v2":         {},
	}
	for i, r := range rules {
		if len(r.broken(graph)) == 0 {
			t.Errorf("rule %d (%s) passes a graph that breaks it", i, r.why)
		}
	}
}
