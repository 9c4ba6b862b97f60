package adbtest

import (
	"os/exec"
	"syscall"
)

// dieWithUs lets the kernel kill the server when the thread that started it
// ends, so also when the test's process is killed or panics.
func dieWithUs(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
