package adbtest

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// dieWithUs lets the kernel kill the server when the thread that started it
// ends, so also when the test's process is killed or panics.
func dieWithUs(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}

// successors kills the adb servers whose environment holds that home, a folder
// of one test's, and tells their command lines. A port would not do: another
// test's server may have got it since.
func successors(home string) []string {
	var killed []string
	all, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		return nil
	}
	for _, path := range all {
		env, err := os.ReadFile(path)
		if err != nil || !slices.Contains(strings.Split(string(env), "\x00"), home) {
			continue // somebody else's, or gone
		}
		folder := filepath.Dir(path)
		line, err := os.ReadFile(filepath.Join(folder, "cmdline"))
		if err != nil || !bytes.Contains(line, []byte("\x00fork-server\x00")) {
			continue // a client that still runs
		}
		pid, err := strconv.Atoi(filepath.Base(folder))
		if err != nil || syscall.Kill(pid, syscall.SIGKILL) != nil {
			continue
		}
		killed = append(killed, strings.TrimSpace(strings.ReplaceAll(string(line), "\x00", " ")))
	}
	return killed
}
