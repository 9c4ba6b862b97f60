// Package mksh is the shell of a virtual phone: command texts are parsed and
// interpreted as Android's /system/bin/sh (MirBSD Korn shell) does, programs
// are Go functions from a table, and files are those of the phone's tree.
//
// It knows shell language, streams, processes as far as a shell sees them, and
// the phone's clock as far as waiting is concerned. It knows no Android command
// (package shell brings them) and no system state. Nothing of the machine that
// it runs on can be reached: every door of the interpreter is overridden, and
// what has no door is rewritten before it runs (see rewrite.go).
package mksh
