// Package logcat reads the lines of `logcat` in all forms of -v (logprint.cpp
// of system/logging) and the export of Android Studio. Scanner reads a stream,
// one line at a time and in constant memory; Parse a saved log as a whole.
//
// Lines of several buffers come out of order and the clock may jump: nothing
// is sorted, and a line without a year says so. The package knows no tag's
// meaning and no app.
package logcat

import (
	"strconv"
	"strings"
	"time"
)

// Kind sorts the lines of a log.
type Kind uint8

const (
	// Other is text that belongs to no form: kept, because makers print more.
	Other Kind = iota
	// Message is a log message, or one line of it.
	Message
	// Buffer marks the begin of a buffer's lines: Msg is its name.
	Buffer
	// Lost says that the reader fell behind and lines are missing.
	Lost
)

var kindWords = [...]string{Other: "other", Message: "message", Buffer: "buffer", Lost: "lost"}

// String is the kind in a word.
func (k Kind) String() string {
	if int(k) < len(kindWords) {
		return kindWords[k]
	}
	return "unknown"
}

// MarshalText writes the word.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Priority is a log level's letter.
type Priority byte

// The priorities.
const (
	Verbose Priority = 'V'
	Debug   Priority = 'D'
	Info    Priority = 'I'
	Warn    Priority = 'W'
	Error   Priority = 'E'
	Fatal   Priority = 'F'
	Silent  Priority = 'S'
)

// String is the letter.
func (p Priority) String() string {
	if p == 0 {
		return ""
	}
	return string(rune(p))
}

// MarshalText writes the letter.
func (p Priority) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// Line is one line.
type Line struct {
	// Time is zero for forms without a time.
	Time time.Time `json:"time"`
	UID  string    `json:"uid,omitempty"` // -v uid only, as printed
	Tag  string    `json:"tag"`
	Msg  string    `json:"msg"`
	// PID and TID are 0 in the forms that leave them out.
	PID int `json:"pid"`
	TID int `json:"tid"`
	// N is the number of the line in the stream, from 1.
	N    int      `json:"line"`
	Kind Kind     `json:"kind"`
	Prio Priority `json:"prio"`
	// Exact says that the line named year and zone, or seconds since the epoch.
	// Otherwise they were filled in from the Clock.
	Exact bool `json:"exact"`
}

// Clock completes the times of lines that leave out year or zone.
type Clock struct {
	Year int            // 0: the year 0, to be told from real ones
	Zone *time.Location // nil: UTC
}

// Dropped is the number of lines that a `chatty` line stands for (API 26 to
// 30: "identical 3 lines", "expire 10 lines"), 0 for other lines.
func (l Line) Dropped() int {
	if l.Tag != "chatty" || l.Kind != Message {
		return 0
	}
	w := strings.Fields(l.Msg)
	if n := len(w); n >= 3 && strings.HasPrefix(w[n-1], "line") && (w[n-3] == "identical" || w[n-3] == "expire") {
		if k, err := strconv.Atoi(w[n-2]); err == nil {
			return k
		}
	}
	return 0
}
