package adb

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// uploaded is what the fake's sync service was sent.
type uploaded struct {
	target  string
	chunks  []int
	content []byte
	mtime   int
	ended   bool // DONE came
}

// takes answers a SEND like adbd: it reads to the end and says OKAY, or
// failure.
func takes(got chan<- uploaded, failure string) func(*call) {
	return func(c *call) {
		c.okay()
		var u uploaded
		defer func() { got <- u }()
		for {
			switch id, n := c.readFrame(); id {
			case "SEND":
				u.target = string(c.bytes(n))
			case "DATA":
				u.chunks = append(u.chunks, n)
				u.content = append(u.content, c.bytes(n)...)
			case "DONE":
				u.mtime, u.ended = n, true
				if failure == "" {
					c.raw(frame("OKAY", 0))
				} else {
					c.raw(frame("FAIL", len(failure)) + failure)
				}
				c.gone()
				return
			default:
				return
			}
		}
	}
}

func TestUpload(t *testing.T) {
	big := bytes.Repeat([]byte("0123456789"), 20_000)
	for _, c := range []struct {
		name    string
		content io.Reader
		mode    fs.FileMode
		target  string
		want    []byte
		chunks  []int
	}{
		{"small", strings.NewReader("hello"), 0o644, "/data/local/tmp/x,33188", []byte("hello"), []int{5}},
		{"empty", strings.NewReader(""), 0o755, "/data/local/tmp/x,33261", nil, nil},
		{"only permission bits", strings.NewReader("x"), fs.ModeSetuid | fs.ModeDir | 0o600, "/data/local/tmp/x,33152", []byte("x"), []int{1}},
		{"full chunks", bytes.NewReader(big), 0o644, "/data/local/tmp/x,33188", big, []int{65536, 65536, 65536, 3392}},
		{"exactly one chunk", bytes.NewReader(big[:65536]), 0o644, "/data/local/tmp/x,33188", big[:65536], []int{65536}},
		// The reader that gadb truncates (adb.md 1.2, row 3).
		{"data together with EOF", iotest.DataErrReader(bytes.NewReader(big)), 0o644, "/data/local/tmp/x,33188", big, []int{65536, 65536, 65536, 3392}},
		{"one byte at a time", iotest.OneByteReader(bytes.NewReader(big)), 0o644, "/data/local/tmp/x,33188", big, []int{65536, 65536, 65536, 3392}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, got := newFake(t, "fixed_push_mkdir"), make(chan uploaded, 1)
			f.on("sync:", takes(got, ""))
			before := time.Now().Unix()
			if err := f.phone(nil).Upload(t.Context(), "/data/local/tmp/x", c.mode, c.content); err != nil {
				t.Fatal(err)
			}
			u := <-got
			if u.target != c.target || !u.ended {
				t.Errorf("sent %q, ended %v", u.target, u.ended)
			}
			if !bytes.Equal(u.content, c.want) {
				t.Errorf("%d bytes arrived of %d", len(u.content), len(c.want))
			}
			if d := cmp.Diff(c.chunks, u.chunks); d != "" {
				t.Errorf("chunks (-want +got)\n%s", d)
			}
			if int64(u.mtime) < before || int64(u.mtime) > before+60 {
				t.Errorf("time of the file: %d", u.mtime)
			}
		})
	}
}

func TestUploadRefusedAtTheEnd(t *testing.T) {
	for msg, is := range map[string]error{
		"couldn't create file: Permission denied":         fs.ErrPermission,
		"secure_mkdirs() failed: Operation not permitted": fs.ErrPermission,
		"couldn't create file: No such file or directory": fs.ErrNotExist,
		"write failed: No space left on device":           Rejected,
	} {
		f, got := newFake(t, "fixed_push_mkdir"), make(chan uploaded, 1)
		f.on("sync:", takes(got, msg))
		err := f.phone(nil).Upload(t.Context(), "/system/x", 0o644, strings.NewReader("x"))
		if !errors.Is(err, Rejected) || !errors.Is(err, is) || !strings.Contains(err.Error(), "upload /system/x on phone") {
			t.Errorf("%s: %v", msg, err)
		}
	}
}

// endless never ends and counts.
type endless struct{ n int64 }

func (e *endless) Read(p []byte) (int, error) { e.n += int64(len(p)); return len(p), nil }

// A phone that says FAIL in the middle ends the upload, whether it goes on
// reading (new ones) or not (old ones, and the write would block for ever).
func TestUploadRefusedInTheMiddle(t *testing.T) {
	for _, reads := range []bool{true, false} {
		f := newFake(t, "fixed_push_mkdir")
		f.on("sync:", func(c *call) {
			c.okay()
			const msg = "write failed: No space left on device"
			_, n := c.readFrame()
			c.bytes(n)
			c.bytes(8 + 65536)
			c.raw(frame("FAIL", len(msg)) + msg)
			if reads {
				c.gone()
				return
			}
			<-t.Context().Done()
		})
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		source := &endless{}
		err := f.phone(nil).Upload(ctx, "/sdcard/x", 0o644, source)
		if !errors.Is(err, Rejected) || !strings.Contains(err.Error(), "No space left") || !strings.Contains(err.Error(), "may be incomplete") {
			t.Errorf("phone reads on = %v: %v", reads, err)
		}
		if ctx.Err() != nil {
			t.Error("only the context ended it")
		}
		cancel()
	}
}

func TestUploadLost(t *testing.T) {
	f := newFake(t, "fixed_push_mkdir")
	f.on("sync:", func(c *call) {
		c.okay()
		c.bytes(100_000)
	})
	err := f.phone(nil).Upload(t.Context(), "/sdcard/x", 0o644, &endless{})
	if !errors.Is(err, TransportLost) || !strings.Contains(err.Error(), "may be incomplete") {
		t.Errorf("got %v", err)
	}
	// All was written, the answer did not come.
	f.on("sync:", func(c *call) {
		c.okay()
		_, n := c.readFrame()
		c.bytes(n + 8 + 1 + 8)
	})
	if err := f.phone(nil).Upload(t.Context(), "/sdcard/x", 0o644, strings.NewReader("x")); !errors.Is(err, TransportLost) {
		t.Errorf("got %v", err)
	}
}

func TestUploadStalls(t *testing.T) {
	f := newFake(t, "fixed_push_mkdir")
	f.on("sync:", func(c *call) { c.okay(); <-t.Context().Done() })
	phone := f.phone(func(l *Limits) { l.Transfer = 50 * time.Millisecond })
	if err := phone.Upload(t.Context(), "/sdcard/x", 0o644, &endless{}); !errors.Is(err, Timeout) {
		t.Errorf("a write that stalls: %v", err)
	}
	if err := phone.Upload(t.Context(), "/sdcard/x", 0o644, strings.NewReader("x")); !errors.Is(err, Timeout) {
		t.Errorf("an answer that does not come: %v", err)
	}
}

// A slow source is not a stalled phone.
func TestUploadFromASlowSource(t *testing.T) {
	f, got := newFake(t, "fixed_push_mkdir"), make(chan uploaded, 1)
	f.on("sync:", takes(got, ""))
	const limit = 500 * time.Millisecond
	r, w := io.Pipe()
	time.AfterFunc(2*limit, func() { io.WriteString(w, "late"); w.Close() })
	if err := f.phone(func(l *Limits) { l.Transfer = limit }).Upload(t.Context(), "/sdcard/x", 0o644, r); err != nil {
		t.Fatal(err)
	}
	if u := <-got; string(u.content) != "late" {
		t.Errorf("got %q", u.content)
	}
}

func TestUploadSourceFails(t *testing.T) {
	f, got := newFake(t, "fixed_push_mkdir"), make(chan uploaded, 1)
	f.on("sync:", takes(got, ""))
	broken := errors.New("disk on fire")
	err := f.phone(nil).Upload(t.Context(), "/sdcard/x", 0o644, io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(broken)))
	if !errors.Is(err, Local) || !errors.Is(err, broken) || !strings.Contains(err.Error(), "after 3 bytes") {
		t.Errorf("got %v", err)
	}
	// Without DONE adbd takes the file away again.
	if u := <-got; u.ended {
		t.Error("the phone was told that the file is whole")
	}
}

func TestUploadCanceled(t *testing.T) {
	f := newFake(t, "fixed_push_mkdir")
	reached, closed := make(chan struct{}), make(chan struct{})
	f.on("sync:", func(c *call) { c.okay(); c.bytes(100_000); close(reached); c.gone(); close(closed) })
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-reached; cancel() }()
	if err := f.phone(nil).Upload(ctx, "/sdcard/x", 0o644, &endless{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	within(t, "socket closed", closed)
}

// A phone whose sync service makes no folders is told to.
func TestUploadMakesFolders(t *testing.T) {
	f, got := newFake(t, "shell_v2"), make(chan uploaded, 2)
	f.on("sync:", takes(got, ""))
	f.on("shell,v2,raw:", func(c *call) { c.okay(); c.packet(3, "\x00"); c.gone() })
	if err := f.phone(nil).Upload(t.Context(), "/sdcard/it's/x", 0o644, strings.NewReader("x")); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{`shell,v2,raw:mkdir -p '/sdcard/it'"'"'s'`}, f.asked("shell")); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	f.on("shell,v2,raw:", func(c *call) {
		c.okay()
		c.packet(2, "mkdir: '/system/y': Permission denied\n")
		c.packet(3, "\x01")
		c.gone()
	})
	if err := f.phone(nil).Upload(t.Context(), "/system/y/x", 0o644, strings.NewReader("x")); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("got %v", err)
	}
}

func TestPathsOverTheLimit(t *testing.T) {
	f := newFake(t)
	long := "/sdcard/" + strings.Repeat("x", 1024)
	d := f.phone(nil)
	for name, call := range map[string]func() error{
		"Upload":   func() error { return d.Upload(t.Context(), long[:1020], 0o644, strings.NewReader("")) },
		"Download": func() error { return d.Download(t.Context(), long, io.Discard) },
		"Stat":     func() error { _, err := d.Stat(t.Context(), long); return err },
		"List":     func() error { _, err := d.List(t.Context(), long); return err },
	} {
		if err := call(); !errors.Is(err, TooLong) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := f.asked(""); got != nil {
		t.Errorf("the server was asked %q", got)
	}
}

// sends answers a RECV.
func sends(raw string) func(*call) {
	return func(c *call) {
		c.okay()
		id, n := c.readFrame()
		c.bytes(n)
		if id != "RECV" {
			c.t.Errorf("fake: %s instead of RECV", id)
		}
		c.raw(raw)
	}
}

func TestDownload(t *testing.T) {
	for _, c := range []struct {
		name, raw, want string
		is              []error
	}{
		{"one chunk", frame("DATA", 5) + "hello" + frame("DONE", 0), "hello", nil},
		{"chunks", frame("DATA", 2) + "he" + frame("DATA", 0) + frame("DATA", 3) + "llo" + frame("DONE", 0), "hello", nil},
		{"empty", frame("DONE", 0), "", nil},
		{"missing", frame("FAIL", 41) + "open failed: No such file or directory\x00\x00\x00", "", []error{Rejected, fs.ErrNotExist}},
		{"forbidden", frame("FAIL", 30) + "open failed: Permission denied", "", []error{Rejected, fs.ErrPermission}},
		{"fails in the middle", frame("DATA", 2) + "he" + frame("FAIL", 11) + "read failed", "he", []error{Rejected}},
		{"lost between chunks", frame("DATA", 2) + "he", "he", []error{TransportLost}},
		{"lost in a chunk", frame("DATA", 5) + "he", "he", []error{TransportLost}},
		{"lost in a header", "DAT", "", []error{TransportLost}},
		{"lost at once", "", "", []error{TransportLost}},
		{"a chunk over the limit", frame("DATA", 65537), "", []error{Protocol}},
		{"nonsense", "HTTP/1.1", "", []error{Protocol}},
		{"a failure of 4 GiB", frame("FAIL", -1), "", []error{Protocol}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFake(t)
			f.on("sync:", sends(c.raw))
			var b bytes.Buffer
			err := f.phone(nil).Download(t.Context(), "/sdcard/x", &b)
			if (err == nil) != (c.is == nil) {
				t.Errorf("got %v", err)
			}
			for _, target := range c.is {
				if !errors.Is(err, target) {
					t.Errorf("got %v, want %v", err, target)
				}
			}
			if b.String() != c.want {
				t.Errorf("wrote %q, want %q", b.String(), c.want)
			}
		})
	}
}

type shortWriter struct{}

func (shortWriter) Write(p []byte) (int, error) { return len(p) / 2, nil }

func TestDownloadWriterFails(t *testing.T) {
	f := newFake(t)
	f.on("sync:", sends(frame("DATA", 5)+"hello"+frame("DONE", 0)))
	r, w := io.Pipe()
	broken := errors.New("disk full")
	r.CloseWithError(broken)
	if err := f.phone(nil).Download(t.Context(), "/sdcard/x", w); !errors.Is(err, Local) || !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if err := f.phone(nil).Download(t.Context(), "/sdcard/x", shortWriter{}); !errors.Is(err, Local) || !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("got %v", err)
	}
}

// Whatever comes in, what is written came in as the content of DATA packets,
// and nil means that DONE was read.
func FuzzReceive(f *testing.F) {
	f.Add([]byte(frame("DATA", 5) + "hello" + frame("DONE", 0)))
	f.Add([]byte(frame("DATA", 70000)))
	f.Add([]byte(frame("FAIL", 3) + "no!"))
	f.Add([]byte(frame("FAIL", 1<<31-1)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var want bytes.Buffer
		ok := false
		for rest := raw; len(rest) >= 8; {
			id, n := string(rest[:4]), binary.LittleEndian.Uint32(rest[4:])
			rest = rest[8:]
			if id != "DATA" || n > 65536 {
				ok = id == "DONE"
				break
			}
			k := min(int(n), len(rest))
			want.Write(rest[:k])
			rest = rest[k:]
			if k < int(n) {
				break
			}
		}
		for _, r := range []io.Reader{bytes.NewReader(raw), iotest.OneByteReader(bytes.NewReader(raw)), iotest.DataErrReader(bytes.NewReader(raw))} {
			var got bytes.Buffer
			c := &conn{op: "download", ctx: context.Background(), lost: TransportLost}
			if err := receive(c, r, &got); (err == nil) != ok {
				t.Fatalf("ended with %v", err)
			}
			if !bytes.Equal(got.Bytes(), want.Bytes()) {
				t.Fatalf("wrote %q, want %q", got.Bytes(), want.Bytes())
			}
		}
	})
}
