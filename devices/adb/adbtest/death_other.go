//go:build !linux

package adbtest

import "os/exec"

// dieWithUs does nothing: a server outlives a test process that is killed.
func dieWithUs(*exec.Cmd) {}

// successors finds nothing: there is no environment to tell them by.
func successors(string) []string { return nil }
