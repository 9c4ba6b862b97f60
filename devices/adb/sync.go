package adb

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"
)

// The sync service, from adb's file_sync_protocol.h: a 4-byte id, a
// little-endian uint32, then what the id says.
const (
	maxSyncPath  = 1024
	maxSyncChunk = 64 << 10
	// maxSyncMessage bounds what is believed of a FAIL's length.
	maxSyncMessage = 64 << 10

	unixRegular = 0o100000 // S_IFREG
)

// syncConn is one open sync service.
type syncConn struct {
	*conn
	r        *bufio.Reader
	features Features
}

func (d *Device) sync(ctx context.Context, op string) (*syncConn, error) {
	var features Features
	c, _, err := d.open(ctx, op, func(f Features) (string, error) {
		features = f
		return "sync:", nil
	})
	if err != nil {
		return nil, err
	}
	c.setIdle(d.limits.Transfer)
	return &syncConn{conn: c, r: bufio.NewReaderSize(c, 16<<10), features: features}, nil
}

func syncHead(id string, n int) []byte {
	return binary.LittleEndian.AppendUint32([]byte(id), uint32(n))
}

// checkPath refuses a path that the phone would not read.
func checkPath(op, serial, name string) error {
	if len(name) > maxSyncPath {
		return &Error{Op: op, Serial: serial, Kind: TooLong, Msg: fmt.Sprintf("%d bytes of path, the sync protocol takes %d", len(name), maxSyncPath)}
	}
	return nil
}

// syncMessage reads the message of a FAIL and makes it an error.
func syncMessage(c *conn, r io.Reader, n uint32) error {
	if n > maxSyncMessage {
		return c.fail(Protocol, fmt.Sprintf("failure message of %d bytes", n), nil)
	}
	msg := make([]byte, n)
	if _, err := io.ReadFull(r, msg); err != nil {
		return c.fromIO(err)
	}
	return c.fail(Rejected, string(msg), fileError(string(msg)))
}

// fileError finds the errors that callers ask for in the phone's text.
func fileError(msg string) error {
	switch {
	case strings.Contains(msg, "No such file or directory"):
		return fs.ErrNotExist
	case strings.Contains(msg, "Permission denied"), strings.Contains(msg, "Operation not permitted"):
		return fs.ErrPermission
	}
	return nil
}

// Upload writes content to name on the phone and creates missing folders. Only
// the permission bits of mode count; adbd gives group and others the owner's.
// The file's time is the host's.
//
// After an error the file may be missing, old or incomplete.
func (d *Device) Upload(ctx context.Context, name string, mode fs.FileMode, content io.Reader) error {
	op := "upload " + name
	target := fmt.Sprintf("%s,%d", name, unixRegular|uint32(mode.Perm()))
	if err := checkPath(op, d.serial, target); err != nil {
		return err
	}
	c, err := d.sync(ctx, op)
	if err != nil {
		return err
	}
	defer c.Close()
	if !c.features.Has("fixed_push_mkdir") {
		if err := d.makeFolder(ctx, op, path.Dir(name)); err != nil {
			return err
		}
	}
	return c.upload(target, content)
}

// makeFolder is for phones whose sync service does not do it.
func (d *Device) makeFolder(ctx context.Context, op, dir string) error {
	out, err := d.Run(ctx, "mkdir -p "+Quote(dir))
	if err != nil {
		return err
	}
	if out.Exit != 0 {
		msg := strings.TrimSpace(string(out.Stderr) + string(out.Stdout))
		return &Error{Op: op, Serial: d.serial, Kind: Rejected, Msg: msg, Err: fileError(msg)}
	}
	return nil
}

// patient reads from the socket without a limit of its own.
type patient struct{ c *conn }

func (p patient) Read(b []byte) (int, error) {
	n, err := p.c.raw.Read(b)
	if n > 0 {
		p.c.ack()
	}
	return n, err
}

// upload sends content. The phone may refuse at any time (no space, no
// permission) and old ones then stop reading, so its status is awaited from
// the beginning on.
func (c *syncConn) upload(target string, content io.Reader) error {
	verdict := make(chan error, 1)
	go func() {
		err := c.verdict(patient{c.conn})
		verdict <- err
		if err != nil {
			// Frees a write that waits for a phone that no longer reads.
			_ = c.raw.SetWriteDeadline(time.Unix(1, 0))
		}
	}()
	sent, err := c.send(target, content, verdict)
	if err == nil {
		if c.idle > 0 {
			_ = c.raw.SetReadDeadline(time.Now().Add(c.idle))
		}
		return <-verdict
	}
	// A refusal explains a failed write better than the write itself does,
	// and may still be under way.
	if !errors.Is(err, Local) && c.ctx.Err() == nil {
		_ = c.raw.SetReadDeadline(time.Now().Add(c.grace()))
	} else {
		_ = c.Close()
	}
	if v := <-verdict; errors.Is(v, Rejected) {
		err = v
	}
	var e *Error
	if errors.As(err, &e) {
		e.Msg = strings.TrimSpace(fmt.Sprintf("%s (after %d bytes; the file may be incomplete)", e.Msg, sent))
	}
	return err
}

// send writes the request, the content in chunks and the end. It stops early
// when there is a verdict, and puts it back.
func (c *syncConn) send(target string, content io.Reader, verdict chan error) (sent int64, err error) {
	w := bufio.NewWriterSize(c.conn, 16<<10)
	_, _ = w.Write(syncHead("SEND", len(target)))
	_, _ = w.WriteString(target)
	chunk := make([]byte, 8+maxSyncChunk)
	copy(chunk, "DATA")
	for {
		// io.ReadFull also serves readers that return their last bytes together
		// with io.EOF, as those of HTTP bodies and zip files do.
		n, rerr := io.ReadFull(content, chunk[8:])
		if n > 0 {
			binary.LittleEndian.PutUint32(chunk[4:8], uint32(n))
			if _, err := w.Write(chunk[:8+n]); err != nil {
				return sent, err
			}
			sent += int64(n)
		}
		select {
		case v := <-verdict:
			verdict <- v
			if v == nil {
				v = c.fail(Protocol, "the phone said OKAY before the end", nil)
			}
			return sent, v
		default:
		}
		if rerr == io.EOF || rerr == io.ErrUnexpectedEOF {
			break
		}
		if rerr != nil {
			return sent, c.fail(Local, "read the content", rerr)
		}
	}
	_, _ = w.Write(syncHead("DONE", int(uint32(time.Now().Unix()))))
	return sent, w.Flush()
}

// verdict reads the phone's OKAY or FAIL.
func (c *syncConn) verdict(r io.Reader) error {
	var head [8]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return c.fromIO(err)
	}
	switch id, n := string(head[:4]), binary.LittleEndian.Uint32(head[4:]); id {
	case "OKAY":
		return nil
	case "FAIL":
		return syncMessage(c.conn, r, n)
	default:
		return c.fail(Protocol, fmt.Sprintf("sync status %q", id), nil)
	}
}

// Download copies the file at name on the phone to w. A missing file is an
// error for which errors.Is(err, fs.ErrNotExist) holds.
func (d *Device) Download(ctx context.Context, name string, w io.Writer) error {
	op := "download " + name
	if err := checkPath(op, d.serial, name); err != nil {
		return err
	}
	c, err := d.sync(ctx, op)
	if err != nil {
		return err
	}
	defer c.Close()
	if _, err := c.Write(append(syncHead("RECV", len(name)), name...)); err != nil {
		return err
	}
	return receive(c.conn, c.r, w)
}

// receive copies DATA chunks until DONE.
func receive(c *conn, r io.Reader, w io.Writer) error {
	to := &localWriter{w: w}
	for {
		var head [8]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return c.fromIO(lostInside(err))
		}
		id, n := string(head[:4]), binary.LittleEndian.Uint32(head[4:])
		switch {
		case id == "DATA" && n <= maxSyncChunk:
			if _, err := io.CopyN(to, r, int64(n)); to.err != nil {
				return c.fail(Local, "write what was downloaded", to.err)
			} else if err != nil {
				return c.fromIO(lostInside(err))
			}
		case id == "DONE":
			return nil
		case id == "FAIL":
			return syncMessage(c, r, n)
		default:
			return c.fail(Protocol, fmt.Sprintf("sync packet %q of %d bytes", id, n), nil)
		}
	}
}

// localWriter remembers that an error was the caller's writer's.
type localWriter struct {
	w   io.Writer
	err error
}

func (l *localWriter) Write(p []byte) (int, error) {
	n, err := l.w.Write(p)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	l.err = err
	return n, err
}
