package android

// Caller is the identity behind a call into the system: a shell command, an app's
// process, or the system itself.
type Caller struct {
	UID, PID int
	// Package is the package that the caller claims, "" for none.
	Package string
}

// SystemServerPID is the pid of system_server on the simulated phone.
const SystemServerPID = 1287

// BluetoothPID is the process id of com.android.bluetooth.
const BluetoothPID = 1659

// ShellCaller is a command run by adb's shell user.
func ShellCaller(pid int) Caller {
	return Caller{UID: ShellUID, PID: pid, Package: "com.android.shell"}
}

// RootCaller is a command run by root (su 0).
func RootCaller(pid int) Caller { return Caller{UID: RootUID, PID: pid, Package: "root"} }

// SystemCaller is system_server itself.
func SystemCaller() Caller { return Caller{UID: SystemUID, PID: SystemServerPID, Package: "android"} }
