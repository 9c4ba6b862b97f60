// Package shell is the command line of a virtual phone: it implements
// adbd.Shell with Android's own commands (am, pm, cmd, dumpsys, input, logcat,
// settings, ...) on top of package mksh (the shell) and package toybox (files
// and text).
//
// It knows how Android's commands are called, what they answer, on which stream
// and with which exit status; each file names the Android source that it
// follows. It decides nothing that the system decides (package android does,
// with its own exceptions) and prints no dump itself (package render does).
package shell
