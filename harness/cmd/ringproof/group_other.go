//go:build !unix

package main

import "syscall"

// ownGroup starts a process as any other: there are no groups here.
func ownGroup() *syscall.SysProcAttr { return nil }
