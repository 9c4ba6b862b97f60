package adbd

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/devices/virtual/fs"
)

// request is a sync request: id, length, data.
func request(id, data string) string {
	return id + string(binary.LittleEndian.AppendUint32(nil, uint32(len(data)))) + data
}

// number is a header without data: DONE and its time, QUIT and nothing.
func number(id string, n uint32) string {
	return id + string(binary.LittleEndian.AppendUint32(nil, n))
}

func words(values ...uint32) string {
	var b []byte
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return string(b)
}

// converse sends input to a sync session and returns everything it answers; the
// session ends by itself or with QUIT.
func converse(t *testing.T, d *Daemon, input string) string {
	t.Helper()
	host, done := open(t, d, "sync:")
	wrote := make(chan struct{})
	go func() {
		defer close(wrote)
		if _, err := io.WriteString(host, input); err != nil {
			t.Errorf("the phone did not take all of the input: %v", err)
		}
	}()
	got, err := io.ReadAll(host)
	if err != nil {
		t.Fatal(err)
	}
	<-wrote
	<-done
	return string(got)
}

const quit = "QUIT\x00\x00\x00\x00"

// syncPhone has a few files in /data/local/tmp/d, all of 2023-11-14 22:13:20.
func syncPhone(t *testing.T) (*Daemon, *fs.Tree) {
	t.Helper()
	d, _, tree := tinyPhone()
	v := tree.As(fs.UIDShell)
	for _, err := range []error{
		v.Mkdir("/data/local/tmp/d", 0o755),
		v.WriteFile("/data/local/tmp/d/a", []byte("hello"), 0o644),
		v.Symlink("a", "/data/local/tmp/d/l"),
		tree.WriteFile("/data/local/tmp/d/roots", []byte("x"), 0o600),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return d, tree
}

func TestSyncAnswers(t *testing.T) {
	const at = 1_700_000_000
	const dir = "/data/local/tmp/d"
	fail := func(text string) string { return request("FAIL", text) }
	for _, c := range []struct{ name, input, want string }{
		{"quit", quit, ""},
		{"stat", request("STAT", dir+"/a") + quit, "STAT" + words(0o100644, 5, at)},
		{"stat of a link is its own", request("STAT", dir+"/l") + quit, "STAT" + words(0o120777, 1, at)},
		{"stat of nothing", request("STAT", "/nothing") + quit, "STAT" + words(0, 0, 0)},
		{"stat v2 of nothing", request("STA2", "/nothing") + quit, "STA2" + words(2) + strings.Repeat("\x00", 64)},
		{"stat v2 forbidden", request("LST2", "/data/data/x") + quit, "LST2" + words(2) + strings.Repeat("\x00", 64)},
		{"stat v2 through a file", request("STA2", dir+"/a/b") + quit, "STA2" + words(20) + strings.Repeat("\x00", 64)},
		{"list", request("LIST", dir) + quit,
			"DENT" + words(0o040755, 4096, at, 1) + "." + "DENT" + words(0o040771, 4096, at, 2) + ".." +
				"DENT" + words(0o100644, 5, at, 1) + "a" + "DENT" + words(0o120777, 1, at, 1) + "l" +
				"DENT" + words(0o100600, 1, at, 5) + "roots" + "DONE" + words(0, 0, 0, 0)},
		{"list of nothing", request("LIST", "/nothing") + quit, "DONE" + words(0, 0, 0, 0)},
		{"list forbidden", request("LIST", "/data/data") + quit, "DONE" + words(0, 0, 0, 0)},
		{"list v2 of nothing", request("LIS2", "/nothing") + quit, "DONE" + strings.Repeat("\x00", 72)},
		{"recv", request("RECV", dir+"/l") + quit, request("DATA", "hello") + number("DONE", 0)},
		{"recv v2", request("RCV2", dir+"/a") + "RCV2" + words(0) + quit, request("DATA", "hello") + number("DONE", 0)},
		{"recv v2 with unknown flags", request("RCV2", dir+"/a") + "RCV2" + words(8), fail("unknown flags: 8")},
		{"recv v2 with two codecs", request("RCV2", dir+"/a") + "RCV2" + words(3), fail("multiple compression flags received: 3")},
		{"recv of nothing", request("RECV", dir+"/no"), fail("open failed: No such file or directory")},
		{"recv of a folder", request("RECV", dir), fail("read failed: Is a directory")},
		{"recv forbidden", request("RECV", dir+"/roots"), fail("open failed: Permission denied")},
		{"send", request("SEND", dir+"/n,33188") + request("DATA", "ab") + request("DATA", "c") + number("DONE", 77) +
			request("STAT", dir+"/n") + request("RECV", dir+"/n") + quit,
			number("OKAY", 0) + "STAT" + words(0o100666, 3, 77) + request("DATA", "abc") + number("DONE", 0)},
		{"send of nothing", request("SEND", dir+"/n,0600") + number("DONE", 77) + request("STAT", dir+"/n") + quit,
			number("OKAY", 0) + "STAT" + words(0o100666, 0, 77)},
		{"send makes folders", request("SEND", "/data/local/tmp/x/y/z,493") + request("DATA", "1") + number("DONE", 5) +
			request("STAT", "/data/local/tmp/x/y") + request("STAT", "/data/local/tmp/x/y/z") + quit,
			number("OKAY", 0) + "STAT" + words(0o040775, 4096, at) + "STAT" + words(0o100777, 1, 5)},
		{"send over a file", request("SEND", dir+"/a,420") + request("DATA", "x") + number("DONE", 5) + request("RECV", dir+"/a") + quit,
			number("OKAY", 0) + request("DATA", "x") + number("DONE", 0)},
		{"send over a link replaces the link", request("SEND", dir+"/l,420") + request("DATA", "x") + number("DONE", 5) +
			request("STAT", dir+"/l") + request("RECV", dir+"/a") + quit,
			number("OKAY", 0) + "STAT" + words(0o100666, 1, 5) + request("DATA", "hello") + number("DONE", 0)},
		{"send a link", request("SEND", "/data/local/tmp/new/l,41471") + request("DATA", "../d/a\x00") + number("DONE", 9) +
			request("STAT", "/data/local/tmp/new/l") + request("RECV", "/data/local/tmp/new/l") + quit,
			number("OKAY", 0) + "STAT" + words(0o120777, 6, 9) + request("DATA", "hello") + number("DONE", 0)},
		{"send v2", request("SND2", dir+"/n,o") + "SND2" + words(0o100640, 0) + request("DATA", "v2") + number("DONE", 7) + request("STAT", dir+"/n,o") + quit,
			number("OKAY", 0) + "STAT" + words(0o100666, 2, 7)},
		{"send v2 with unknown flags", request("SND2", dir+"/n") + "SND2" + words(0o100640, 8), fail("unknown flags: 8")},
		{"send v2 with two codecs", request("SND2", dir+"/n") + "SND2" + words(0o100640, 6), fail("multiple compression flags received: 6")},
		{"send v2 of what is not compressed", request("SND2", dir+"/n") + "SND2" + words(0o100640, 4) + request("DATA", "no zstd at all") + number("DONE", 1),
			fail("decompress failed")},
		{"send v2 without effect", request("SND2", dir+"/n") + "SND2" + words(0o100640, 0x80000000) + request("DATA", "x") + number("DONE", 1) +
			request("STAT", dir+"/n") + quit, number("OKAY", 0) + "STAT" + words(0, 0, 0)},
		{"send to the image", request("SEND", "/system/x,420") + request("DATA", "ab") + request("DATA", "cd") + number("DONE", 1),
			fail("couldn't create file: Read-only file system")},
		{"much to the image", request("SEND", "/system/x,420") + strings.Repeat(request("DATA", strings.Repeat("x", 64<<10)), 5) + number("DONE", 1),
			fail("couldn't create file: Read-only file system")},
		{"send below the image", request("SEND", "/system/no/x,420") + number("DONE", 1), fail("secure_mkdirs() failed: Read-only file system")},
		{"send over a folder", request("SEND", dir+",420") + number("DONE", 1), fail("couldn't create file: Is a directory")},
		{"send without a mode", request("SEND", dir+"/x"), fail("missing , in ID_SEND_V1")},
		{"send with a bad mode", request("SEND", dir+"/x,rw"), fail("bad mode")},
		{"send with a long chunk", request("SEND", dir+"/x,420") + number("DATA", 64<<10+1) + number("DONE", 0), fail("oversize data message")},
		{"send with garbage", request("SEND", dir+"/x,420") + number("WHAT", 0) + number("DONE", 0), fail("invalid data message")},
		{"pipelined sends", request("SEND", dir+"/1,420") + request("DATA", "1") + number("DONE", 1) +
			request("SEND", dir+"/2,420") + request("DATA", "2") + number("DONE", 2) + quit, number("OKAY", 0) + number("OKAY", 0)},
		{"unknown request", request("XYZW", "/"), fail("unknown command 575a5958")},
		{"long path", number("STAT", 1025), fail("path too long")},
		{"longest path", request("STAT", strings.Repeat("/", 1024)) + quit, "STAT" + words(0o040755, 4096, at)},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, _ := syncPhone(t)
			if diff := cmp.Diff(c.want, converse(t, d, c.input)); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

// The long forms, field by field at their offsets in file_sync_protocol.h.
func TestSyncLongForms(t *testing.T) {
	d, tree := syncPhone(t)
	info, err := tree.Stat("/data/local/tmp/d/a")
	if err != nil {
		t.Fatal(err)
	}
	stat := words(0) + string(binary.LittleEndian.AppendUint64(nil, info.Unix().Dev)) +
		string(binary.LittleEndian.AppendUint64(nil, info.Unix().Ino)) +
		words(0o100644, 1, 2000, 2000, 5, 0) +
		words(1_700_000_000, 0, 1_700_000_000, 0, 1_700_000_000, 0)
	if len(stat) != 68 {
		t.Fatalf("the expectation is %d bytes long, a stat without its id has 68", len(stat))
	}
	for _, id := range []string{"STA2", "LST2"} {
		if diff := cmp.Diff(id+stat, converse(t, d, request(id, "/data/local/tmp/d/a")+quit)); diff != "" {
			t.Error(diff)
		}
	}
	list := converse(t, d, request("LIS2", "/data/local/tmp/d")+quit)
	if entry := "DNT2" + stat + words(1) + "a"; !strings.Contains(list, entry) {
		t.Errorf("no entry for a in %q", list)
	}
	if !strings.HasSuffix(list, "DONE"+strings.Repeat("\x00", 72)) {
		t.Errorf("the list does not end in DONE and 72 zeros")
	}
}

// A failed upload leaves no file behind, and the session is over.
func TestFailedUpload(t *testing.T) {
	d, tree := syncPhone(t)
	used, _ := tree.Usage()
	tree.SetLimit(used + 100_000)
	chunk := strings.Repeat("x", 64<<10)
	got := converse(t, d, request("SEND", "/data/local/tmp/big,420")+request("DATA", chunk)+request("DATA", chunk)+
		request("DATA", chunk)+number("DONE", 1))
	if want := request("FAIL", "write failed: No space left on device"); got != want {
		t.Errorf("answer %q, want %q", got, want)
	}
	if _, err := tree.Stat("/data/local/tmp/big"); err == nil {
		t.Error("a half file is left")
	}
}

// The failure is told before the host has finished sending: a host that looks
// may stop early.
func TestFailComesEarly(t *testing.T) {
	d, _ := syncPhone(t)
	host, _ := open(t, d, "sync:")
	_ = host.SetDeadline(time.Now().Add(time.Minute))
	if _, err := io.WriteString(host, request("SEND", "/system/x,420")+request("DATA", "1")); err != nil {
		t.Fatal(err)
	}
	h := make([]byte, 4)
	if _, err := io.ReadFull(host, h); err != nil || string(h) != "FAIL" {
		t.Fatalf("got %q, %v", h, err)
	}
}

// Root may do more.
func TestSyncUser(t *testing.T) {
	d, _ := syncPhone(t)
	d.SetUser(fs.UIDRoot)
	if got := converse(t, d, request("RECV", "/data/local/tmp/d/roots")+quit); got != request("DATA", "x")+number("DONE", 0) {
		t.Errorf("root got %q", got)
	}
}

// A list travels in one piece, not entry by entry.
func TestListIsOneWrite(t *testing.T) {
	d, tree := syncPhone(t)
	for i := range 100 {
		if err := tree.WriteFile(fmt.Sprintf("/data/local/tmp/d/%d", i), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	serve, err := d.Open("sync:")
	if err != nil {
		t.Fatal(err)
	}
	w := &countingWriter{r: strings.NewReader(request("LIST", "/data/local/tmp/d") + quit)}
	if err := serve(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	if w.writes != 1 {
		t.Errorf("a list of 100 files took %d writes, want 1", w.writes)
	}
}

type countingWriter struct {
	r      io.Reader
	writes int
}

func (c *countingWriter) Read(p []byte) (int, error)  { return c.r.Read(p) }
func (c *countingWriter) Write(p []byte) (int, error) { c.writes++; return len(p), nil }

// Whatever a host sends: no panic, and every answer is well-formed.
func FuzzSync(f *testing.F) {
	for _, seed := range []string{
		quit, request("STAT", "/data"), request("LIST", "/data/local/tmp"), request("RECV", "/dev/null"),
		request("SEND", "/data/local/tmp/a,33188") + request("DATA", "x") + number("DONE", 1) + request("RECV", "/data/local/tmp/a"),
		request("SND2", "/data/local/tmp/a") + "SND2" + words(0o120777, 0) + request("DATA", "a") + number("DONE", 1) + request("LIS2", "/data/local/tmp"),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		d, _, tree := tinyPhone()
		tree.SetLimit(1 << 20)
		out := &collector{r: bytes.NewReader(b)}
		serve, err := d.Open("sync:")
		if err != nil {
			t.Fatal(err)
		}
		_ = serve(t.Context(), out)
		answers := out.w.Bytes()
		for len(answers) > 0 {
			if len(answers) < 8 {
				t.Fatalf("malformed answer % x", answers)
			}
			size := map[string]int{"STAT": 16, "STA2": 72, "LST2": 72, "OKAY": 8}[string(answers[:4])]
			switch id := string(answers[:4]); id {
			case "FAIL", "DATA":
				size = 8 + int(binary.LittleEndian.Uint32(answers[4:]))
			case "DENT", "DNT2", "DONE":
				return // their lengths depend on the request
			}
			if size > len(answers) && out.w.Len() > 4<<20 {
				return
			}
			if size == 0 || size > len(answers) {
				t.Fatalf("malformed answer % x", answers)
			}
			answers = answers[size:]
		}
	})
}

type collector struct {
	r io.Reader
	w bytes.Buffer
}

func (c *collector) Read(p []byte) (int, error) { return c.r.Read(p) }

// Write stops at some size: there are endless devices in /dev.
func (c *collector) Write(p []byte) (int, error) {
	if c.w.Len() > 4<<20 {
		return 0, io.ErrClosedPipe
	}
	return c.w.Write(p)
}
