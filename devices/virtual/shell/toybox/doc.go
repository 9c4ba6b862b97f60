// Package toybox is the part of Android's command line that works on files and
// text: the toybox applets that people use over adb, on the phone's tree.
//
// It knows files, streams and options. It knows no Android service; what an
// applet needs of the phone beside its files (processes, clock, properties) comes
// in through System.
package toybox

import (
	"context"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/shell/mksh"
)

// System is what applets need of the phone.
type System interface {
	// Now is the wall clock, Uptime the time since boot.
	Now() time.Time
	Uptime() time.Duration
	// Sleep lets phone time pass.
	Sleep(ctx context.Context, d time.Duration) error
	// Processes lists the running processes, by pid.
	Processes() []Process
	// Kill sends a signal on behalf of a user. The error is EPERM or ESRCH.
	Kill(uid, pid, signal int) error
	// Property is a system property.
	Property(name string) string
	// UserName is the name of a user or group id; ok is false when it has none.
	UserName(id int) (name string, ok bool)
	// UserID is the reverse.
	UserID(name string) (id int, ok bool)
	// Groups are the supplementary groups of a user.
	Groups(uid int) []int
}

// Process is one line of ps.
type Process struct {
	PID, PPID, UID int
	Name           string
	State          string // one letter
	VSZ, RSS       int    // KiB
}

type applet func(ctx context.Context, sys System, p *mksh.Proc) int

// Tools returns the applets by name.
func Tools(sys System) map[string]mksh.Tool {
	tools := map[string]mksh.Tool{}
	for _, table := range []map[string]applet{files, texts, sums, system, shells, network} {
		for name, do := range table {
			tools[name] = func(ctx context.Context, p *mksh.Proc) int {
				if len(p.Args) == 2 && p.Args[1] == "--help" && name != "echo" && name != "test" && name != "[" {
					return help(p, name)
				}
				return do(ctx, sys, p)
			}
		}
	}
	return tools
}

// options splits arguments as getopt does: single letters, those in values take
// an argument. Long options and unknown letters are kept in bad.
func options(p *mksh.Proc, known, values string) (flags map[rune]string, rest []string, ok bool) {
	flags = map[rune]string{}
	args := p.Args[1:]
	for len(args) > 0 {
		a := args[0]
		if a == "--" {
			args = args[1:]
			break
		}
		if len(a) < 2 || a[0] != '-' {
			break
		}
		args = args[1:]
		if a[1] == '-' {
			p.Complain("Unknown option '%s' (see \"%s --help\")", a[2:], p.Name())
			return nil, nil, false
		}
		for i, c := range a[1:] {
			switch {
			case contains(values, c):
				v := a[1+i+len(string(c)):]
				if v == "" {
					if len(args) == 0 {
						p.Complain("Missing argument to -%c", c)
						return nil, nil, false
					}
					v, args = args[0], args[1:]
				}
				flags[c] = v
			case contains(known, c):
				flags[c] = "1"
				continue
			default:
				p.Complain("Unknown option '%c' (see \"%s --help\")", c, p.Name())
				return nil, nil, false
			}
			break
		}
	}
	// Options may stand behind operands.
	for i := 0; i < len(args); i++ {
		if a := args[i]; len(a) == 2 && a[0] == '-' && contains(known, rune(a[1])) {
			flags[rune(a[1])] = "1"
			continue
		}
		rest = append(rest, args[i])
	}
	return flags, rest, true
}

func contains(s string, r rune) bool {
	for _, c := range s {
		if c == r {
			return true
		}
	}
	return false
}

func has(flags map[rune]string, r rune) bool { _, ok := flags[r]; return ok }
