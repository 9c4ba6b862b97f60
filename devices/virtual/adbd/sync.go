package adbd

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/fs"
)

const (
	// maxSyncPath and maxSyncData are SYNC_PATH_MAX and SYNC_DATA_MAX of
	// file_sync_protocol.h, in bytes.
	maxSyncPath = 1024
	maxSyncData = 64 << 10
)

// errSyncOver ends a sync session without an error of the transport: after a
// failed transfer adbd closes the stream.
var errSyncOver = errors.New("the sync session is over")

// syncRequest is the beginning of each request.
type syncRequest struct {
	id   string // four letters
	path string
}

// errPathTooLong is the answer to a request with a longer path than adb allows.
var errPathTooLong = errors.New("path too long")

func readSyncRequest(r io.Reader) (syncRequest, error) {
	id, length, err := readSyncHeader(r)
	if err != nil {
		return syncRequest{}, err
	}
	if length > maxSyncPath {
		return syncRequest{id: id}, errPathTooLong
	}
	name := make([]byte, length)
	if _, err := io.ReadFull(r, name); err != nil {
		return syncRequest{}, err
	}
	return syncRequest{id: id, path: string(name)}, nil
}

// readSyncHeader reads four letters and a number.
func readSyncHeader(r io.Reader) (string, uint32, error) {
	var h [8]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return "", 0, err
	}
	return string(h[:4]), binary.LittleEndian.Uint32(h[4:]), nil
}

// syncSession serves one "sync:" stream.
type syncSession struct {
	r    *bufio.Reader
	w    *bufio.Writer
	view *fs.View
	has  func(feature string) bool
}

// flushing sends waiting answers before it waits for the host, and not
// earlier: a list or many pipelined uploads are answered in few messages.
type flushing struct {
	r io.Reader
	w *bufio.Writer
}

func (f flushing) Read(p []byte) (int, error) {
	if err := f.w.Flush(); err != nil {
		return 0, err
	}
	return f.r.Read(p)
}

func serveSync(stream io.ReadWriter, view *fs.View, has func(feature string) bool) error {
	w := bufio.NewWriterSize(stream, 2*maxSyncData)
	s := &syncSession{w: w, r: bufio.NewReaderSize(flushing{stream, w}, 2*maxSyncData), view: view, has: has}
	for {
		err := s.one()
		if err == nil {
			continue
		}
		flush := w.Flush()
		if errors.Is(err, errSyncOver) || errors.Is(err, io.EOF) {
			return flush
		}
		return err
	}
}

// one serves one request. An error ends the session.
func (s *syncSession) one() error {
	req, err := readSyncRequest(s.r)
	switch {
	case errors.Is(err, errPathTooLong):
		return s.fail(err.Error())
	case err != nil:
		return err
	}
	if feature, ok := syncFeatures()[req.id]; ok && !s.has(feature) {
		return s.fail(unknownRequest(req.id))
	}
	switch req.id {
	case "STAT":
		s.statV1(req.path)
	case "STA2":
		s.statV2(req.id, req.path, s.view.Stat)
	case "LST2":
		s.statV2(req.id, req.path, s.view.Lstat)
	case "LIST":
		s.list(req.path, 16, s.entryV1)
	case "LIS2":
		s.list(req.path, 72, s.entryV2)
	case "SEND":
		return s.sendV1(req.path)
	case "SND2":
		return s.sendV2(req.path)
	case "RECV":
		return s.recv(req.path, nil)
	case "RCV2":
		return s.recvV2(req.path)
	case "QUIT":
		return errSyncOver
	default:
		return s.fail(unknownRequest(req.id))
	}
	return nil
}

func unknownRequest(id string) string {
	return fmt.Sprintf("unknown command %08x", binary.LittleEndian.Uint32([]byte(id)))
}

// syncFeatures are the features without which a phone does not know a request.
func syncFeatures() map[string]string {
	return map[string]string{
		"STA2": "stat_v2", "LST2": "stat_v2", "LIS2": "ls_v2", "SND2": "sendrecv_v2", "RCV2": "sendrecv_v2",
	}
}

// The bufio.Writer keeps its first error and gives it when it is flushed,
// which is before the next request is read.

func (s *syncSession) put32(values ...uint32) {
	for _, v := range values {
		_, _ = s.w.Write(binary.LittleEndian.AppendUint32(nil, v))
	}
}

func (s *syncSession) put64(values ...uint64) {
	for _, v := range values {
		_, _ = s.w.Write(binary.LittleEndian.AppendUint64(nil, v))
	}
}

func (s *syncSession) putString(text string) { _, _ = s.w.WriteString(text) }

// fail writes FAIL and ends the session.
func (s *syncSession) fail(text string) error {
	s.putString("FAIL")
	s.put32(uint32(len(text)))
	s.putString(text)
	return errSyncOver
}

func (s *syncSession) failErrno(what string, err error) error {
	_, text := fs.Errno(err)
	return s.fail(what + ": " + text)
}

func (s *syncSession) okay() {
	s.putString("OKAY")
	s.put32(0)
}

// statV1 is lstat(2); what does not exist is all zeros.
func (s *syncSession) statV1(name string) {
	s.putString("STAT")
	info, err := s.view.Lstat(name)
	if err != nil {
		s.put32(0, 0, 0)
		return
	}
	s.putShort(info.Unix())
}

func (s *syncSession) putShort(st fs.Stat) {
	s.put32(st.Mode, uint32(st.Size), uint32(st.Mtime.Unix()))
}

func (s *syncSession) statV2(id, name string, stat func(string) (fs.Info, error)) {
	s.putString(id)
	info, err := stat(name)
	s.putLong(info, err)
}

// putLong writes what follows the id in stat_v2 and dent_v2.
func (s *syncSession) putLong(info fs.Info, err error) {
	if err != nil {
		number, _ := fs.Errno(err)
		s.put32(number)
		_, _ = s.w.Write(make([]byte, 64))
		return
	}
	st := info.Unix()
	s.put32(0)
	s.put64(st.Dev, st.Ino)
	s.put32(st.Mode, st.Nlink, uint32(st.UID), uint32(st.GID))
	s.put64(uint64(st.Size), uint64(st.Atime.Unix()), uint64(st.Mtime.Unix()), uint64(st.Ctime.Unix()))
}

func (s *syncSession) entryV1(name string, info fs.Info, err error) {
	if err != nil {
		return
	}
	s.putString("DENT")
	s.putShort(info.Unix())
	s.put32(uint32(len(name)))
	s.putString(name)
}

func (s *syncSession) entryV2(name string, info fs.Info, err error) {
	s.putString("DNT2")
	s.putLong(info, err)
	s.put32(uint32(len(name)))
	s.putString(name)
}

// list writes all entries, "." and ".." first. A directory that cannot be read
// is empty: the protocol has no way to say more.
func (s *syncSession) list(dir string, rest int, entry func(string, fs.Info, error)) {
	if infos, err := s.view.ReadDir(dir); err == nil {
		for _, name := range []string{".", ".."} {
			info, err := s.view.Lstat(dir + "/" + name)
			entry(name, info, err)
		}
		for _, info := range infos {
			// A directory may be readable without being searchable.
			_, err := s.view.Lstat(dir + "/" + info.Name())
			entry(info.Name(), info, err)
		}
	}
	s.putString("DONE")
	_, _ = s.w.Write(make([]byte, rest))
}

func (s *syncSession) sendV1(spec string) error {
	i := strings.LastIndexByte(spec, ',')
	if i < 0 {
		return s.fail("missing , in ID_SEND_V1")
	}
	mode, err := strconv.ParseUint(spec[i+1:], 0, 32)
	if err != nil {
		return s.fail("bad mode")
	}
	return s.send(spec[:i], uint32(mode), nil)
}

func (s *syncSession) sendV2(name string) error {
	var setup [12]byte // id, mode, flags
	if _, err := io.ReadFull(s.r, setup[:]); err != nil {
		return err
	}
	flags := binary.LittleEndian.Uint32(setup[8:])
	dry := flags&flagDryRun != 0 && s.has("sendrecv_v2_dry_run_send")
	rest := flags
	if dry {
		rest &^= flagDryRun
	}
	c, problem := s.codecOf(rest)
	if problem != "" {
		return s.fail(problem)
	}
	if dry {
		u := &upload{s: s}
		return s.finish("", u, s.take(u, c, io.Discard))
	}
	return s.send(name, binary.LittleEndian.Uint32(setup[4:]), c)
}

// send takes an upload, as send_impl of file_sync_service.cpp does: what is
// there already is replaced, missing directories are made, and the owner's
// permissions become everybody's.
func (s *syncSession) send(name string, mode uint32, c *codec) error {
	link := mode&fs.S_IFMT == fs.S_IFLNK
	old, err := s.view.Lstat(name)
	unlink := err != nil
	if err == nil {
		kind := old.Unix().Mode & fs.S_IFMT
		unlink = kind == fs.S_IFREG || kind == fs.S_IFLNK && !link
	}
	if unlink {
		_ = s.view.Remove(name)
	}
	if link {
		return s.sendLink(name)
	}
	mode &= 0o777
	mode |= mode >> 3 & 0o070
	mode |= mode >> 3 & 0o007
	if err := s.sendFile(name, mode, c); err != nil {
		if unlink {
			_ = s.view.Remove(name)
		}
		return err
	}
	return nil
}

func (s *syncSession) sendFile(name string, mode uint32, c *codec) error {
	f, what, err := s.createFile(name, mode)
	if err != nil {
		return s.drain(s.failErrno(what, err))
	}
	defer f.Close()
	_ = s.view.Chmod(name, mode)
	u := &upload{s: s}
	return s.finish(name, u, s.take(u, c, f))
}

// wrote is an error of the target of an upload.
type wrote struct{ w io.Writer }

type targetError struct{ error }

func (w wrote) Write(p []byte) (int, error) {
	n, err := w.w.Write(p)
	if err != nil {
		err = targetError{err}
	}
	return n, err
}

// take copies an upload to w.
func (s *syncSession) take(u *upload, c *codec, w io.Writer) error {
	content, release := io.Reader(u), nothing
	if c != nil {
		r, free, err := c.decode(u)
		if err != nil {
			return err
		}
		content, release = r, free
	}
	defer release()
	if _, err := io.CopyBuffer(wrote{w}, struct{ io.Reader }{content}, make([]byte, maxSyncData)); err != nil {
		return err
	}
	// Behind the end of what is compressed there may be more, and is DONE.
	_, err := io.Copy(io.Discard, struct{ io.Reader }{u})
	return err
}

// createFile opens the target of an upload; what says which step failed.
func (s *syncSession) createFile(name string, mode uint32) (*fs.File, string, error) {
	const create = os.O_WRONLY | os.O_CREATE | os.O_EXCL
	f, err := s.view.OpenFile(name, create, mode)
	if errors.Is(err, os.ErrNotExist) {
		if err := s.view.MkdirAll(path.Dir(name), 0o775); err != nil {
			return nil, "secure_mkdirs() failed", err
		}
		f, err = s.view.OpenFile(name, create, mode)
	}
	if errors.Is(err, os.ErrExist) {
		f, err = s.view.OpenFile(name, os.O_WRONLY, mode)
	}
	return f, "couldn't create file", err
}

func (s *syncSession) sendLink(name string) error {
	id, n, err := readSyncHeader(s.r)
	switch {
	case err != nil:
		return err
	case id != "DATA":
		return s.fail("invalid data message: expected ID_DATA")
	case n > maxSyncData:
		return s.fail("oversize data message")
	}
	data := make([]byte, n)
	if _, err := io.ReadFull(s.r, data); err != nil {
		return err
	}
	target, _, _ := strings.Cut(string(data), "\x00")
	if old, err := s.view.Readlink(name); err != nil || old != target {
		_ = s.view.Remove(name)
		err := s.view.Symlink(target, name)
		if errors.Is(err, os.ErrNotExist) {
			if err := s.view.MkdirAll(path.Dir(name), 0o775); err != nil {
				return s.drain(s.failErrno("secure_mkdirs failed", err))
			}
			err = s.view.Symlink(target, name)
		}
		if err != nil {
			return s.drain(s.failErrno("symlink failed", err))
		}
	}
	id, n, err = readSyncHeader(s.r)
	switch {
	case err != nil:
		return err
	case id != "DONE":
		return s.fail("invalid data message: expected ID_DONE")
	}
	s.stamp(name, n)
	s.okay()
	return nil
}

// finish answers an upload that take has taken.
func (s *syncSession) finish(name string, u *upload, err error) error {
	var target targetError
	switch {
	case u.err != nil:
		return u.err
	case u.bad != "":
		return s.drain(s.fail(u.bad))
	case errors.As(err, &target):
		return s.abandon(u, s.failErrno("write failed", target.error))
	case err != nil:
		return s.abandon(u, s.fail("decompress failed"))
	}
	if name != "" {
		s.stamp(name, u.mtime)
	}
	s.okay()
	return nil
}

// abandon is drain in the middle of an upload.
func (s *syncSession) abandon(u *upload, over error) error {
	_, _ = io.Copy(io.Discard, struct{ io.Reader }{u})
	return over
}

// stamp sets the times of what was uploaded: seconds since 1970.
func (s *syncSession) stamp(name string, mtime uint32) {
	at := time.Unix(int64(mtime), 0)
	_ = s.view.Lchtimes(name, at, at)
}

// drain throws the rest of an upload away before the session ends with over:
// an old host writes on without looking at FAIL, and would lose it if the
// stream were closed under it.
func (s *syncSession) drain(over error) error {
	for {
		id, n, err := readSyncHeader(s.r)
		if err != nil || id != "DATA" || n > maxSyncData {
			return over
		}
		if _, err := s.r.Discard(int(n)); err != nil {
			return over
		}
	}
}

func (s *syncSession) recvV2(name string) error {
	var setup [8]byte // id, flags
	if _, err := io.ReadFull(s.r, setup[:]); err != nil {
		return err
	}
	flags := binary.LittleEndian.Uint32(setup[4:])
	c, problem := s.codecOf(flags)
	if problem != "" {
		return s.fail(problem)
	}
	return s.recv(name, c)
}

func (s *syncSession) recv(name string, c *codec) error {
	f, err := s.view.Open(name)
	if err != nil {
		return s.failErrno("open failed", err)
	}
	defer f.Close()
	out := io.WriteCloser(plain{blocks{s}})
	if c != nil {
		if out, err = c.encode(blocks{s}); err != nil {
			return s.fail("compress failed")
		}
	}
	_, err = io.CopyBuffer(struct{ io.Writer }{wrote{out}}, struct{ io.Reader }{f}, make([]byte, maxSyncData))
	var target targetError
	switch {
	case errors.As(err, &target):
		return target.error
	case err != nil:
		return s.failErrno("read failed", err)
	}
	if err := out.Close(); err != nil {
		return err
	}
	s.putString("DONE")
	s.put32(0)
	return nil
}

// plain is no compression.
type plain struct{ io.Writer }

func (plain) Close() error { return nil }
