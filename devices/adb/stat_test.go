package adb

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// stat2 is a sync_stat_v2 by the table in adb.md 2.5.
func stat2(id string, errno uint32, mode uint32, size uint64, mtime int64) string {
	le := binary.LittleEndian
	b := []byte(id)
	b = le.AppendUint32(b, errno)
	b = le.AppendUint64(b, 0xfd01) // dev
	b = le.AppendUint64(b, 4711)   // ino
	b = le.AppendUint32(b, mode)
	b = le.AppendUint32(b, 2)    // nlink
	b = le.AppendUint32(b, 2000) // uid
	b = le.AppendUint32(b, 1015) // gid
	b = le.AppendUint64(b, size)
	b = le.AppendUint64(b, 1) // atime
	b = le.AppendUint64(b, uint64(mtime))
	b = le.AppendUint64(b, 3) // ctime
	return string(b)
}

func words(id string, v ...uint32) string {
	b := []byte(id)
	for _, x := range v {
		b = binary.LittleEndian.AppendUint32(b, x)
	}
	return string(b)
}

func name(s string) string { return words("", uint32(len(s))) + s }

// statting answers one request per connection by its id.
func statting(answers map[string]string) func(*call) {
	return func(c *call) {
		c.okay()
		id, n := c.readFrame()
		c.bytes(n)
		c.raw(answers[id])
	}
}

func TestStat(t *testing.T) {
	const big = 5 << 30
	for _, c := range []struct {
		name, features, request, answer string
		want                            FileInfo
		is                              error
	}{
		{"v2 file over 4 GiB", "stat_v2", "STA2", stat2("STA2", 0, 0o100660, big, 1700000000),
			FileInfo{Name: "x", Mode: 0o660, Size: big, ModTime: time.Unix(1700000000, 0), UID: 2000, GID: 1015, Links: 2, Inode: 4711}, nil},
		{"v2 folder", "stat_v2", "STA2", stat2("STA2", 0, 0o041771, 4096, 5),
			FileInfo{Name: "x", Mode: fs.ModeDir | fs.ModeSticky | 0o771, Size: 4096, ModTime: time.Unix(5, 0), UID: 2000, GID: 1015, Links: 2, Inode: 4711}, nil},
		{"v2 missing", "stat_v2", "STA2", stat2("STA2", 2, 0, 0, 0), FileInfo{}, fs.ErrNotExist},
		{"v2 forbidden", "stat_v2", "STA2", stat2("STA2", 13, 0, 0, 0), FileInfo{}, fs.ErrPermission},
		{"v2 another error", "stat_v2", "STA2", stat2("STA2", 5, 0, 0, 0), FileInfo{}, Rejected},
		{"v1 file", "", "STAT", words("STAT", 0o100644, 5, 1700000000), FileInfo{Name: "x", Mode: 0o644, Size: 5, ModTime: time.Unix(1700000000, 0)}, nil},
		{"v1 missing", "", "STAT", words("STAT", 0, 0, 0), FileInfo{}, fs.ErrNotExist},
		{"lost", "stat_v2", "STA2", "STA2\x00\x00", FileInfo{}, TransportLost},
		{"another id", "stat_v2", "STA2", words("DENT"), FileInfo{}, Protocol},
		{"refused", "stat_v2", "STA2", frame("FAIL", 4) + "nope", FileInfo{}, Rejected},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFake(t, c.features)
			f.on("sync:", statting(map[string]string{c.request: c.answer}))
			got, err := f.phone(nil).Stat(t.Context(), "/sdcard/x")
			if c.is != nil {
				if !errors.Is(err, c.is) {
					t.Errorf("got %v, want %v", err, c.is)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
		})
	}
	t.Run("Lstat", func(t *testing.T) {
		f := newFake(t, "stat_v2")
		f.on("sync:", statting(map[string]string{"LST2": stat2("LST2", 0, 0o120777, 21, 5)}))
		got, err := f.phone(nil).Lstat(t.Context(), "/sdcard")
		if err != nil || got.Mode != fs.ModeSymlink|0o777 || got.Size != 21 {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

func TestUnixMode(t *testing.T) {
	for m, want := range map[uint32]string{
		0o100644: "-rw-r--r--", 0o040755: "drwxr-xr-x", 0o120777: "Lrwxrwxrwx", 0o060600: "Drw-------", 0o020666: "Dcrw-rw-rw-",
		0o010600: "prw-------", 0o140600: "Srw-------", 0o104755: "urwxr-xr-x", 0o102755: "grwxr-xr-x", 0o041777: "dtrwxrwxrwx", 0: "?---------",
	} {
		if got := unixMode(m).String(); got != want {
			t.Errorf("%o: %s, want %s", m, got, want)
		}
	}
}

func TestList(t *testing.T) {
	v1 := words("DENT", 0o040755, 0, 5) + name(".") + words("DENT", 0o040755, 0, 5) + name("..") +
		words("DENT", 0o100644, 7, 9) + name("日本.txt") + words("DONE", 0, 0, 0, 0)
	v2 := stat2("DNT2", 0, 0o040755, 0, 5) + name(".") + stat2("DNT2", 0, 0o100644, 5<<30, 9) + name("it's") +
		stat2("DNT2", 13, 0, 0, 0) + name("secret") + "DONE" + strings.Repeat("\x00", 72)
	end := words("DONE", 0, 0, 0, 0)
	for _, c := range []struct {
		name     string
		features []string
		answers  map[string]string
		want     []string
		is       error
	}{
		{"v1", nil, map[string]string{"LIST": v1}, []string{"日本.txt -rw-r--r-- 7"}, nil},
		{"v2", []string{"ls_v2"}, map[string]string{"LIS2": v2}, []string{"it's -rw-r--r-- 5368709120", "secret ?--------- 0"}, nil},
		{"only dots", nil, map[string]string{"LIST": v1[:2*20+3] + end}, nil, nil},
		{"nothing, and it is a folder", []string{"stat_v2"}, map[string]string{"LIST": end, "STA2": stat2("STA2", 0, 0o040755, 0, 0)}, nil, nil},
		{"nothing, for it is missing", []string{"stat_v2"}, map[string]string{"LIST": end, "STA2": stat2("STA2", 2, 0, 0, 0)}, nil, fs.ErrNotExist},
		{"nothing, for it is forbidden", []string{"stat_v2"}, map[string]string{"LIST": end, "STA2": stat2("STA2", 13, 0, 0, 0)}, nil, fs.ErrPermission},
		{"nothing, for it is a file", []string{"stat_v2"}, map[string]string{"LIST": end, "STA2": stat2("STA2", 0, 0o100644, 0, 0)}, nil, Rejected},
		{"lost", nil, map[string]string{"LIST": v1[:len(v1)-20]}, nil, TransportLost},
		{"refused", nil, map[string]string{"LIST": frame("FAIL", 4) + "nope"}, nil, Rejected},
		{"a name with a slash", nil, map[string]string{"LIST": words("DENT", 0o100644, 0, 0) + name("../x") + end}, nil, Protocol},
		{"an endless name", nil, map[string]string{"LIST": words("DENT", 0o100644, 0, 0, 1<<31)}, nil, Protocol},
		{"nonsense", nil, map[string]string{"LIST": "HTTP"}, nil, Protocol},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFake(t, c.features...)
			f.on("sync:", statting(c.answers))
			list, err := f.phone(nil).List(t.Context(), "/sdcard")
			if c.is == nil && err != nil || c.is != nil && !errors.Is(err, c.is) {
				t.Errorf("got %v, want %v", err, c.is)
			}
			var got []string
			for _, i := range list {
				got = append(got, i.Name+" "+i.Mode.String()+" "+decimal(i.Size))
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
		})
	}
}

func decimal(n int64) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return decimal(n/10) + decimal(n%10)
}

func FuzzReadList(f *testing.F) {
	f.Add([]byte(words("DENT", 0o100644, 7, 9)+name("x")+words("DONE", 0, 0, 0, 0)), false)
	f.Add([]byte(stat2("DNT2", 0, 0o100644, 5, 9)+name("x")+"DONE"), true)
	f.Add([]byte(words("DENT", 0, 0, 0, 1<<31)), false)
	f.Fuzz(func(t *testing.T, raw []byte, v2 bool) {
		c := &conn{op: "list", ctx: context.Background(), lost: TransportLost}
		list, rows, err := readList(c, bytes.NewReader(raw), v2)
		if err != nil && KindOf(err) == 0 {
			t.Fatalf("an error without a kind: %v", err)
		}
		if rows*20 > len(raw)+20 || len(list) > rows {
			t.Fatalf("%d rows, %d names in %d bytes", rows, len(list), len(raw))
		}
		for _, i := range list {
			if i.Name == "" || i.Name == "." || i.Name == ".." || strings.ContainsAny(i.Name, "/\x00") {
				t.Fatalf("name %q", i.Name)
			}
		}
		if err == nil && !bytes.Contains(raw, []byte("DONE")) {
			t.Fatal("ended without DONE")
		}
	})
}
