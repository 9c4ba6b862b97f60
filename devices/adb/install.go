package adb

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// InstallOptions are flags of the package manager's install command.
type InstallOptions struct {
	Replace   bool   // -r: keep the data of an installed version
	Grant     bool   // -g: grant all runtime permissions
	Test      bool   // -t: allow packages marked testOnly
	Downgrade bool   // -d: allow an older version (debuggable packages)
	User      string // --user: "0", "current", "all"; empty for the command's default
	// Extra are further arguments, each one word.
	Extra []string
}

func (o InstallOptions) args() []string {
	var a []string
	for _, f := range []struct {
		on   bool
		flag string
	}{{o.Replace, "-r"}, {o.Grant, "-g"}, {o.Test, "-t"}, {o.Downgrade, "-d"}} {
		if f.on {
			a = append(a, f.flag)
		}
	}
	if o.User != "" {
		a = append(a, "--user", o.User)
	}
	return append(a, o.Extra...)
}

// InstallResult is how an installation ended.
type InstallResult struct {
	Success bool
	// Code is Android's, such as "INSTALL_FAILED_UPDATE_INCOMPATIBLE", and
	// Message what follows it. Both are empty after a success, and Code also
	// when the phone refused without one.
	Code, Message string
	// Way is how the package travelled: "abb_exec", "exec" or "push".
	Way string
	// Output is the phone's whole answer.
	Output string
}

// Err is nil after a success, else a Rejected error with the phone's reason.
func (r InstallResult) Err() error {
	if r.Success {
		return nil
	}
	msg := strings.Trim(r.Code+": "+r.Message, ": ")
	return &Error{Op: "install", Kind: Rejected, Msg: msg}
}

// failure is "Failure [CODE: message]" or "Failure [CODE]" as
// PackageManagerShellCommand prints it; older releases and pm of some makers
// write "Failure: ..." or "Error: ...".
var failure = regexp.MustCompile(`(?ms)^(?:Failure|Error)(?:\s*\[(\w+)(?:: *(.*?))?\]|:? *(.*?))\s*$`)

// parseInstall reads the package manager's answer. known is false for a text
// that is neither a success nor a failure.
func parseInstall(text string) (r InstallResult, known bool) {
	r.Output = text
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "Success" || strings.HasPrefix(line, "Success:") {
			r.Success = true
			return r, true
		}
	}
	if m := failure.FindStringSubmatch(text); m != nil {
		r.Code, r.Message = m[1], strings.TrimSpace(m[2]+m[3])
		return r, true
	}
	return r, false
}

// Install installs the package in apk, which has size bytes. It streams where
// the phone can take that (abb_exec from Android 11, cmd from 7) and else
// uploads the file first. A way that the phone refuses is followed by the next
// one; after bytes were sent only if apk is also an io.Seeker, to send them
// again.
//
// A package that the phone refuses is a result, not an error.
func (d *Device) Install(ctx context.Context, apk io.Reader, size int64, o InstallOptions) (InstallResult, error) {
	const op = "install"
	f, err := d.askFeatures(ctx, op)
	if err != nil {
		return InstallResult{}, err
	}
	type way struct {
		name    string
		service string
	}
	flags := append(o.args(), "-S", strconv.FormatInt(size, 10))
	ways := []way{
		{"abb_exec", "abb_exec:" + strings.Join(append([]string{"package", "install"}, flags...), "\x00")},
		{"exec", "exec:cmd package install " + QuoteArgs(flags...)},
	}
	if !f.Has("cmd") {
		ways = ways[:1]
	}
	if !f.Has("abb_exec") {
		ways = ways[1:]
	}
	source := &counting{r: apk}
	var last error
	for _, w := range ways {
		r, err := d.stream(ctx, op, w.service, source, size)
		if err == nil {
			r.Way = w.name
			return r, nil
		}
		last = err
		if ctx.Err() != nil || KindOf(err) == Local || !source.rewind() {
			return InstallResult{}, err
		}
	}
	r, err := d.pushInstall(ctx, op, source, size, o)
	var e *Error
	if last != nil && errors.As(err, &e) {
		e.Msg = strings.TrimPrefix(e.Msg+"; streaming failed before: "+last.Error(), "; ")
	}
	return r, err
}

// counting is a source that knows whether it can start again.
type counting struct {
	r    io.Reader
	read int64
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.read += int64(n)
	return n, err
}

func (c *counting) rewind() bool {
	if c.read == 0 {
		return true
	}
	s, ok := c.r.(io.Seeker)
	if !ok {
		return false
	}
	if _, err := s.Seek(-c.read, io.SeekCurrent); err != nil {
		return false
	}
	c.read = 0
	return true
}

// maxInstallAnswer bounds what is kept of the package manager's answer.
const maxInstallAnswer = 64 << 10

// stream sends the package to a service that reads exactly size bytes and then
// answers in text. Writing that stalls for Limits.Transfer fails (some makers'
// releases never read a streamed package); the answer may take as long as the
// context allows.
func (d *Device) stream(ctx context.Context, op, service string, apk io.Reader, size int64) (InstallResult, error) {
	c, err := d.server.toPhone(ctx, d.limits, op, d.serial)
	if err != nil {
		return InstallResult{}, err
	}
	defer c.Close()
	if err := c.request(service); err != nil {
		return InstallResult{}, err
	}
	c.setIdle(d.limits.Transfer)

	// The phone may answer before it has read everything, and then closes:
	// what it said must be read while writing.
	answer := make(chan []byte, 1)
	var readErr error
	go func() {
		var b bytes.Buffer
		_, readErr = io.Copy(&b, io.LimitReader(patient{c}, maxInstallAnswer))
		answer <- b.Bytes()
	}()
	err = sendSized(c, apk, size)
	if err != nil {
		_ = c.raw.SetReadDeadline(time.Now().Add(c.grace()))
	}
	text := string(<-answer)
	if r, known := parseInstall(text); known {
		return r, nil
	}
	switch {
	case err != nil:
		return InstallResult{}, err
	case readErr != nil:
		return InstallResult{}, c.fromIO(readErr)
	case text == "":
		return InstallResult{}, c.fail(TransportLost, "the phone ended the installation without an answer", nil)
	}
	return InstallResult{}, c.fail(Protocol, fmt.Sprintf("answer %q", text), nil)
}

// sendSized writes exactly size bytes.
func sendSized(c *conn, r io.Reader, size int64) error {
	buf := make([]byte, maxSyncChunk)
	for left := size; left > 0; {
		n, err := io.ReadFull(r, buf[:min(left, int64(len(buf)))])
		if _, werr := c.Write(buf[:n]); werr != nil {
			return werr
		}
		left -= int64(n)
		if err != nil {
			if left == 0 {
				return nil
			}
			return c.fail(Local, fmt.Sprintf("the package ended %d bytes early", left), err)
		}
	}
	return nil
}

// pushInstall uploads the package, installs the file and removes it.
func (d *Device) pushInstall(ctx context.Context, op string, apk io.Reader, size int64, o InstallOptions) (InstallResult, error) {
	name := "/data/local/tmp/" + rand.Text() + ".apk"
	defer func() {
		// Also after ctx: the file is big and nobody else knows its name.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		_, _ = d.Run(ctx, "rm -f "+Quote(name))
	}()
	body := &counting{r: io.LimitReader(apk, size)}
	if err := d.Upload(ctx, name, 0o644, body); err != nil {
		return InstallResult{}, err
	}
	if body.read != size {
		return InstallResult{}, &Error{Op: op, Serial: d.serial, Kind: Local, Msg: fmt.Sprintf("the package ended %d bytes early", size-body.read), Err: io.ErrUnexpectedEOF}
	}
	out, err := d.Run(ctx, "pm install "+QuoteArgs(append(o.args(), name)...))
	if err != nil {
		return InstallResult{}, err
	}
	text := string(out.Stdout) + string(out.Stderr)
	r, known := parseInstall(text)
	r.Way = "push"
	if !known && out.Exit == 0 {
		return InstallResult{}, &Error{Op: op, Serial: d.serial, Kind: Protocol, Msg: fmt.Sprintf("answer %q", text)}
	}
	if !known {
		r.Message = strings.TrimSpace(text)
	}
	return r, nil
}
