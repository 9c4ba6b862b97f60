package pool_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/devices/pool"
)

// onePhone is a pool of one phone "A" with a known state folder.
func onePhone(t *testing.T) (*phone, *pool.Pool, string) {
	t.Helper()
	a, dir := newPhone(t, "A"), t.TempDir()
	return a, newPool(t, pool.Options{Sources: []pool.Source{of(a)}, StateDir: dir}), filepath.Join(dir, "_a.journal")
}

func change(t *testing.T, l *pool.Lease, key, to, back string) {
	t.Helper()
	c := pool.Change{What: key, Do: "set " + key + " " + to, Undo: "set " + key + " " + back}
	if _, err := l.Journal().Change(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

func TestUndoInReverse(t *testing.T) {
	a, p, file := onePhone(t)
	l := lease(t, p, pool.Needs{})
	change(t, l, "x", "1", "0")
	change(t, l, "y", "2", "0")
	change(t, l, "x", "3", "1")
	if err := l.Journal().Note(t.Context(), "by hand", "set z 0"); err != nil {
		t.Fatal(err)
	}
	entries, err := l.Journal().Entries()
	if err != nil || len(entries) != 4 || entries[3].ID != 4 || entries[3].What != "by hand" || entries[3].Time.IsZero() {
		t.Fatalf("entries %+v, %v", entries, err)
	}
	if err := l.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []string{"set x 1", "set y 2", "set x 3", "set z 0", "set x 1", "set y 0", "set x 0"}
	if d := cmp.Diff(want, a.scripts()); d != "" {
		t.Errorf("what ran on the phone (-want +got):\n%s", d)
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the journal is still there: %v", err)
	}
	if _, err := l.Journal().Change(t.Context(), pool.Change{What: "late", Do: "set x 9", Undo: "set x 0"}); err == nil || a.get("x") != "0" {
		t.Errorf("a change after release: %v, x=%s", err, a.get("x"))
	}
}

// The entry is on the disk before the phone changes.
func TestWrittenFirst(t *testing.T) {
	a, p, file := onePhone(t)
	l := lease(t, p, pool.Needs{})
	a.before = func(string) {
		text, err := os.ReadFile(file)
		if err != nil || !strings.Contains(string(text), `"undo":"set x 0"`) {
			t.Errorf("when the phone changes, the journal is %q, %v", text, err)
		}
	}
	change(t, l, "x", "1", "0")
	a.before = nil
	if err := l.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestFailingDoKeepsItsEntry(t *testing.T) {
	a, p, _ := onePhone(t)
	l := lease(t, p, pool.Needs{})
	_, err := l.Journal().Change(t.Context(), pool.Change{What: "radio off", Do: "fail", Undo: "set radio 1"})
	if err == nil || err.Error() != `change "radio off" on A: "fail" ended with status 1: cannot do this` {
		t.Errorf("got %v", err)
	}
	if err := l.Release(t.Context()); err != nil || a.get("radio") != "1" {
		t.Errorf("release %v, radio %q: a change that failed may have changed something", err, a.get("radio"))
	}
}

func TestNoWayBackNoChange(t *testing.T) {
	a, p, _ := onePhone(t)
	l := lease(t, p, pool.Needs{})
	for _, c := range []pool.Change{{What: "x", Do: "set x 1"}, {Do: "set x 1", Undo: "set x 0"}, {What: "x", Do: "set x 1", Undo: "  "}} {
		if _, err := l.Journal().Change(t.Context(), c); err == nil || a.get("x") != "" {
			t.Errorf("%+v: %v, x=%q", c, err, a.get("x"))
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Journal().Change(ctx, pool.Change{What: "x", Do: "set x 1", Undo: "set x 0"}); !errors.Is(err, context.Canceled) {
		t.Errorf("a canceled change: %v", err)
	}
	_ = l.Release(t.Context())
}

// An undo that fails is kept and reported, the others still run, and the next
// holder tries again before it gets the phone.
func TestFailingUndo(t *testing.T) {
	a, p, file := onePhone(t)
	l := lease(t, p, pool.Needs{})
	change(t, l, "x", "1", "0")
	for _, undo := range []string{"fail", "lost"} {
		if err := l.Journal().Note(t.Context(), "note "+undo, undo); err != nil {
			t.Fatal(err)
		}
	}
	change(t, l, "y", "1", "0")
	err := l.Release(t.Context())
	var u *pool.UndoError
	if !errors.As(err, &u) || len(u.Failed) != 2 || u.Failed[0].What != "note lost" || u.Failed[1].What != "note fail" || u.File != file {
		t.Fatalf("release gives %v", err)
	}
	if a.get("x") != "0" || a.get("y") != "0" {
		t.Errorf("x=%s y=%s: the others were not undone", a.get("x"), a.get("y"))
	}
	_, err = p.Lease(t.Context(), pool.Needs{})
	var n *pool.NoPhoneError
	if !errors.As(err, &n) || !errors.As(err, &u) || !strings.Contains(err.Error(), "delete "+file) {
		t.Errorf("a phone that cannot be put back is leased with %v", err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	l = lease(t, p, pool.Needs{})
	_ = l.Release(t.Context())
}

// A release with a context that is done leaves the work to the next holder.
func TestReleaseWithoutTime(t *testing.T) {
	a, p, _ := onePhone(t)
	l := lease(t, p, pool.Needs{})
	change(t, l, "x", "1", "0")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.Release(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if a.get("x") != "1" {
		t.Errorf("x=%s", a.get("x"))
	}
	l = lease(t, p, pool.Needs{})
	if a.get("x") != "0" {
		t.Errorf("x=%s: the next holder got a changed phone", a.get("x"))
	}
	_ = l.Release(t.Context())
}

func TestDamagedJournals(t *testing.T) {
	const one = `{"id":1,"what":"x","undo":"set x 0","time":"2026-01-02T03:04:05Z"}`
	const two = `{"id":2,"what":"y","undo":"set y 0","time":"2026-01-02T03:04:05Z"}`
	for _, c := range []struct {
		name, text string
		want       []string // what runs on the phone
		err        string
	}{
		{"whole", one + "\n" + two + "\n", []string{"set y 0", "set x 0"}, ""},
		{"torn last line", one + "\n" + two[:20], []string{"set x 0"}, ""},
		{"torn after one byte", one + "\n{", []string{"set x 0"}, ""},
		{"only a torn line", two[:40], nil, ""},
		{"last line without its end", one + "\n" + two, []string{"set y 0", "set x 0"}, ""},
		{"empty", "", nil, ""},
		{"damage in the middle", one + "\n" + two[:20] + "\n" + two + "\n", nil, "line 2"},
		{"a line without undo", `{"id":1,"what":"x"}` + "\n", nil, "line 1: there is no undo in it"},
		{"zeros, as after a power cut", "\x00\x00\x00\x00", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, p, file := onePhone(t)
			if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			l, err := p.Lease(t.Context(), pool.Needs{})
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) || !strings.Contains(err.Error(), file) {
					t.Errorf("got %v, want %q and the file", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, a.scripts()); d != "" {
				t.Errorf("what ran on the phone (-want +got):\n%s", d)
			}
			// A torn line must not swallow what is written after it.
			change(t, l, "z", "1", "0")
			if e, err := l.Journal().Entries(); err != nil || len(e) != 1 || e[0].What != "z" {
				t.Errorf("entries after the next change: %+v, %v", e, err)
			}
			if err := l.Release(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestFileNames(t *testing.T) {
	dir := t.TempDir()
	serials := []string{"R58M", "r58m", "10.0.0.5:5555", "..", ".", "a/b", "a%2fb", "_r58_m", "emulator-5554", "adb-X._adb-tls-connect._tcp"}
	var list []pool.Candidate
	src := rows()
	for _, s := range serials {
		src.phones[s] = newPhone(t, s)
		list = append(list, pool.Candidate{Serial: s, Ready: true, Owned: true})
	}
	list = append(list, pool.Candidate{Serial: "R58M", Scope: "10.0.0.9", Ready: true, Owned: true})
	src.list = func() ([]pool.Candidate, error) { return list, nil }
	p := newPool(t, pool.Options{Sources: []pool.Source{src}, StateDir: dir})
	var all []*pool.Lease
	for range list {
		all = append(all, lease(t, p, pool.Needs{}))
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != len(list) {
		t.Errorf("%d phones have the files %v, %v", len(list), entries, err)
	}
	lower := map[string]string{}
	for _, e := range entries {
		if old := lower[strings.ToLower(e.Name())]; old != "" {
			t.Errorf("%s and %s are one file on some systems", old, e.Name())
		}
		lower[strings.ToLower(e.Name())] = e.Name()
	}
	for _, l := range all {
		if err := l.Release(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

func FuzzJournal(f *testing.F) {
	f.Add("")
	f.Add(`{"id":1,"what":"x","undo":"set x 0"}` + "\n" + `{"id":2`)
	f.Add("\n\n{}\n")
	f.Fuzz(func(t *testing.T, text string) {
		a, p, file := onePhone(t)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		l, err := p.Lease(t.Context(), pool.Needs{})
		if err != nil {
			if left, readErr := os.ReadFile(file); readErr != nil || len(left) == 0 {
				t.Errorf("the lease failed (%v) and the journal is gone", err)
			}
			return
		}
		if n := len(a.scripts()); n > strings.Count(text, "undo") && n > strings.Count(strings.ToLower(text), "u") {
			t.Errorf("%d undos ran from %q", n, text)
		}
		if err := l.Release(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
