package pool

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gofrs/flock"
)

// files are where the lock and the journal of a phone are.
type files struct{ lock, journal string }

func filesOf(dir string, c Candidate) files {
	name := escape(c.Serial)
	if c.Scope != "" {
		name = escape(c.Scope) + "@" + name
	}
	return files{lock: filepath.Join(dir, name+".lock"), journal: filepath.Join(dir, name+".journal")}
}

// escape makes a serial ("10.0.0.5:5555", or whatever a maker thought of) one
// file name, and different serials different ones, also where upper and lower
// case are one.
func escape(serial string) string {
	var b strings.Builder
	for _, c := range []byte(serial) {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '.' && b.Len() > 0 {
			b.WriteByte(c)
		} else if c >= 'A' && c <= 'Z' {
			b.WriteString("_" + string(c+'a'-'A'))
		} else {
			fmt.Fprintf(&b, "%%%02x", c)
		}
	}
	return b.String()
}

// tryLock takes the lock if it is free. The file stays when it is unlocked:
// whoever waits has it open.
func tryLock(path string) (*flock.Flock, error) {
	l := flock.New(path)
	ok, err := l.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock phone: %w", err)
	}
	if !ok {
		return nil, nil
	}
	// Only for the message to those who wait.
	if err := os.WriteFile(path, []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600); err != nil {
		_ = l.Unlock()
		return nil, fmt.Errorf("lock phone: %w", err)
	}
	return l, nil
}

// holder says who holds the lock, as far as it can be told.
func holder(path string) string {
	text, err := os.ReadFile(path)
	if pid := strings.TrimSpace(string(text)); err == nil && pid != "" {
		return "process " + pid
	}
	return "another process"
}
