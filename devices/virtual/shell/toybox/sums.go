package toybox

import (
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"strconv"
	"strings"

	"github.com/ringproof/ringproof/devices/virtual/shell/mksh"
)

var sums = map[string]applet{
	"md5sum": sum(md5.New), "sha1sum": sum(sha1.New), "sha256sum": sum(sha256.New), "sha512sum": sum(sha512.New),
	"sha224sum": sum(sha256.New224), "crc32": crc, "base64": base64Tool,
}

func sum(new func() hash.Hash) applet {
	return func(_ context.Context, _ System, p *mksh.Proc) int {
		flags, args, ok := options(p, "bcs", "")
		if !ok {
			return 1
		}
		return inputs(p, args, func(name string, r io.Reader) bool {
			h := new()
			_, _ = io.Copy(h, r)
			if has(flags, 'b') {
				p.Printf("%x\n", h.Sum(nil))
			} else {
				p.Printf("%x  %s\n", h.Sum(nil), name)
			}
			return true
		})
	}
}

func crc(_ context.Context, _ System, p *mksh.Proc) int {
	return inputs(p, p.Args[1:], func(_ string, r io.Reader) bool {
		h := crc32.NewIEEE()
		_, _ = io.Copy(h, r)
		p.Printf("%08x\n", h.Sum32())
		return true
	})
}

func base64Tool(_ context.Context, _ System, p *mksh.Proc) int {
	flags, args, ok := options(p, "di", "w")
	if !ok {
		return 1
	}
	width := 76
	if w, set := flags['w']; set {
		n, err := strconv.Atoi(w)
		if err != nil {
			return p.Complain("not integer: %s", w)
		}
		width = n
	}
	bad := false
	code := inputs(p, args, func(_ string, r io.Reader) bool {
		all, _ := io.ReadAll(r)
		if has(flags, 'd') {
			text := strings.Map(func(c rune) rune {
				if c == '\n' || c == '\r' || c == ' ' {
					return -1
				}
				return c
			}, string(all))
			out, err := base64.StdEncoding.DecodeString(text)
			if err != nil {
				out, err = base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
			}
			_, _ = p.Stdout.Write(out)
			if err != nil {
				p.Complain("bad input")
				bad = true
			}
			return true
		}
		text := base64.StdEncoding.EncodeToString(all)
		for width > 0 && len(text) > width {
			fmt.Fprintln(p.Stdout, text[:width])
			text = text[width:]
		}
		p.Println(text)
		return true
	})
	if bad {
		return 1
	}
	return code
}
