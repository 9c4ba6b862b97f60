package adbd

import (
	"errors"
	"fmt"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// Flags of SND2 and RCV2 (file_sync_protocol.h, Android 14).
const (
	flagBrotli = 1
	flagLZ4    = 2
	flagZstd   = 4
	// flagDryRun is an upload that leaves nothing behind.
	flagDryRun = 0x80000000
)

// codec is a compression of transfers.
type codec struct {
	feature string
	decode  func(r io.Reader) (io.Reader, func(), error)
	encode  func(w io.Writer) (io.WriteCloser, error)
}

// maxWindow bounds what a host can make a decoder hold, in bytes.
const maxWindow = 8 << 20

func nothing() {}

// codecs are the compressions by their flag.
func codecs() map[uint32]codec {
	return map[uint32]codec{
		flagBrotli: {
			"sendrecv_v2_brotli",
			func(r io.Reader) (io.Reader, func(), error) { return brotli.NewReader(r), nothing, nil },
			func(w io.Writer) (io.WriteCloser, error) { return brotli.NewWriterLevel(w, 1), nil },
		},
		flagLZ4: {
			"sendrecv_v2_lz4",
			func(r io.Reader) (io.Reader, func(), error) { return lz4.NewReader(r), nothing, nil },
			func(w io.Writer) (io.WriteCloser, error) { return lz4.NewWriter(w), nil },
		},
		flagZstd: {
			"sendrecv_v2_zstd",
			func(r io.Reader) (io.Reader, func(), error) {
				d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(4*maxWindow), zstd.WithDecoderMaxWindow(maxWindow))
				if err != nil {
					return nil, nothing, err
				}
				return d, d.Close, nil
			},
			func(w io.Writer) (io.WriteCloser, error) {
				return zstd.NewWriter(w, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest))
			},
		},
	}
}

// codecOf finds what flags ask for; nil is no compression. The problem is in
// adbd's words.
func (s *syncSession) codecOf(flags uint32) (found *codec, problem string) {
	rest := flags
	for flag, c := range codecs() {
		if rest&flag == 0 || !s.has(c.feature) {
			continue
		}
		if found != nil {
			return nil, fmt.Sprintf("multiple compression flags received: %d", int32(flags))
		}
		rest &^= flag
		found = &c
	}
	if rest != 0 {
		return nil, fmt.Sprintf("unknown flags: %d", int32(rest))
	}
	return found, ""
}

// upload is the content of an upload's DATA messages up to its DONE.
type upload struct {
	s     *syncSession
	left  uint32 // of the current message
	mtime uint32 // of DONE
	done  bool
	bad   string // why it cannot go on, in adbd's words
	err   error  // of the transport
}

var errUpload = errors.New("the upload is no sequence of data messages")

func (u *upload) Read(p []byte) (int, error) {
	for u.left == 0 && !u.done {
		id, n, err := readSyncHeader(u.s.r)
		switch {
		case err != nil:
			u.err = err
			return 0, err
		case id == "DONE":
			u.done, u.mtime = true, n
		case id != "DATA":
			u.bad = "invalid data message"
			return 0, errUpload
		case n > maxSyncData:
			u.bad = "oversize data message"
			return 0, errUpload
		default:
			u.left = n
		}
	}
	if u.done {
		return 0, io.EOF
	}
	n, err := u.s.r.Read(p[:min(len(p), int(u.left))])
	u.left -= uint32(n)
	u.err = err
	return n, err
}

// blocks writes a download as DATA messages.
type blocks struct{ s *syncSession }

func (b blocks) Write(p []byte) (int, error) {
	for at := 0; at < len(p); at += maxSyncData {
		part := p[at:min(len(p), at+maxSyncData)]
		b.s.putString("DATA")
		b.s.put32(uint32(len(part)))
		if _, err := b.s.w.Write(part); err != nil {
			return at, err
		}
	}
	return len(p), nil
}
