package virtual_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// bound is how long anything may take that a good client waits for, with
// hostile ones beside it, on a busy machine. Nothing here waits without it.
const bound = time.Minute

// way is how a good client opens a service of the phone.
type way interface {
	// open opens one service; its stream is closed by its reader.
	open(service string) (io.ReadWriteCloser, error)
}

// smart is the way through an adb server.
type smart struct{ addr, serial string }

func (s smart) open(service string) (io.ReadWriteCloser, error) {
	conn, err := net.Dial("tcp", s.addr)
	if err != nil {
		return nil, err
	}
	for _, request := range []string{"host:transport:" + s.serial, service} {
		_ = conn.SetDeadline(time.Now().Add(bound))
		answer := make([]byte, 4)
		_, err := fmt.Fprintf(conn, "%04x%s", len(request), request)
		if err == nil {
			_, err = io.ReadFull(conn, answer)
		}
		if err != nil || string(answer) != "OKAY" {
			_ = conn.Close()
			return nil, fmt.Errorf("%s: %q, %w", request, answer, err)
		}
	}
	return plainConn{conn}, nil
}

type plainConn struct{ net.Conn }

func (c plainConn) patient() { _ = c.SetDeadline(time.Time{}) }

// message is one of the transport protocol, put together without the code under
// test.
func message(command string, arg0, arg1 uint32, data string) []byte {
	b := []byte(command)
	for _, v := range []uint32{arg0, arg1, uint32(len(data)), 0} {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	for _, c := range []byte(command) {
		b = append(b, ^c)
	}
	return append(b, data...)
}

const greeting = "host::features=shell_v2,cmd,stat_v2,ls_v2"

// wire is the way over the transport protocol: each service on a connection of
// its own, which keeps this host small.
type wire struct{ addr string }

func (w wire) open(service string) (io.ReadWriteCloser, error) {
	conn, err := net.Dial("tcp", w.addr)
	if err != nil {
		return nil, err
	}
	l := &line{conn: conn}
	if err = l.send(message("CNXN", 0x01000001, 1<<20, greeting)); err == nil {
		err = l.expect("CNXN")
	}
	if err == nil {
		if err = l.send(message("OPEN", 7, 0, service+"\x00")); err == nil {
			err = l.expect("OKAY")
		}
	}
	if err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("%s: %w", service, err)
	}
	return l, nil
}

// line is one stream and its connection.
type line struct {
	conn   net.Conn
	remote uint32
	came   []byte // WRTE that was not read yet
	taken  bool   // OKAY came
	calm   bool   // somebody else bounds the waits
}

func (l *line) patient() { l.calm = true }

func (l *line) send(b []byte) error {
	_ = l.conn.SetWriteDeadline(time.Now().Add(bound))
	_, err := l.conn.Write(b)
	return err
}

// next takes one message in.
func (l *line) next() (command string, err error) {
	deadline := time.Now().Add(bound)
	if l.calm {
		deadline = time.Time{}
	}
	_ = l.conn.SetReadDeadline(deadline)
	var h [24]byte
	if _, err := io.ReadFull(l.conn, h[:]); err != nil {
		return "", err
	}
	data := make([]byte, binary.LittleEndian.Uint32(h[12:]))
	if _, err := io.ReadFull(l.conn, data); err != nil {
		return "", err
	}
	switch command = string(h[:4]); command {
	case "OKAY":
		l.remote, l.taken = binary.LittleEndian.Uint32(h[4:]), true
	case "WRTE":
		l.came = append(l.came, data...)
		err = l.send(message("OKAY", 7, l.remote, ""))
	case "CLSE":
		err = io.EOF
	}
	return command, err
}

func (l *line) expect(command string) error {
	got, err := l.next()
	if err == nil && got != command {
		err = errors.New("the phone sent " + got)
	}
	return err
}

func (l *line) Read(p []byte) (int, error) {
	for len(l.came) == 0 {
		if _, err := l.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, l.came)
	l.came = l.came[n:]
	return n, nil
}

func (l *line) Write(p []byte) (int, error) {
	for done := 0; done < len(p); {
		part := p[done:min(len(p), done+64<<10)]
		l.taken = false
		if err := l.send(message("WRTE", 7, l.remote, string(part))); err != nil {
			return done, err
		}
		for !l.taken {
			if _, err := l.next(); err != nil {
				return done, err
			}
		}
		done += len(part)
	}
	return len(p), nil
}

func (l *line) Close() error { return l.conn.Close() }

// say runs a command and returns what it printed and its exit status.
func say(w way, command string) (string, int, error) {
	all, err := exchange(w, "exec:"+command+"; echo -n \" $?\"", nil)
	if err != nil {
		return all, -1, fmt.Errorf("%s: %w", command, err)
	}
	cut := strings.LastIndexByte(all, ' ')
	status, err := strconv.Atoi(all[cut+1:])
	return all[:max(cut, 0)], status, err
}

// exchange sends something to a service and returns all that it answers.
func exchange(w way, service string, input []byte) (string, error) {
	s, err := w.open(service)
	if err != nil {
		return "", err
	}
	defer s.Close()
	if _, err := s.Write(input); err != nil {
		return "", err
	}
	all, err := io.ReadAll(s)
	return string(all), err
}

// syncRequest is one of the sync service.
func syncRequest(id string, data []byte) []byte {
	return append(binary.LittleEndian.AppendUint32([]byte(id), uint32(len(data))), data...)
}

// pushTo and pullFrom are push and pull.
func pushTo(w way, path string, data []byte) error {
	b := syncRequest("SEND", []byte(path+",33188"))
	for done := 0; done < len(data); done += 60_000 {
		b = append(b, syncRequest("DATA", data[done:min(len(data), done+60_000)])...)
	}
	b = append(b, "DONE\x00\x00\x00\x00"...)
	answer, err := exchange(w, "sync:", append(b, syncRequest("QUIT", nil)...))
	if err == nil && answer != "OKAY\x00\x00\x00\x00" {
		err = fmt.Errorf("push: %q", answer)
	}
	return err
}

func pullFrom(w way, path string) ([]byte, error) {
	answer, err := exchange(w, "sync:", append(syncRequest("RECV", []byte(path)), syncRequest("QUIT", nil)...))
	var data []byte
	for rest := []byte(answer); err == nil && len(rest) >= 8; {
		n := binary.LittleEndian.Uint32(rest[4:])
		switch {
		case string(rest[:4]) == "DONE":
			return data, nil
		case string(rest[:4]) != "DATA" || len(rest) < 8+int(n):
			return nil, fmt.Errorf("pull: %.50q", rest)
		}
		data = append(data, rest[8:8+n]...)
		rest = rest[8+n:]
	}
	return nil, fmt.Errorf("pull: no end after %d bytes, %w", len(data), err)
}
