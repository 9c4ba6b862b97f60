// Package adb is a client for an adb server: the program that `adb
// start-server` starts and that holds the connections to all phones.
//
// A [Server] lists and watches phones; a [Device] is one of them and implements
// devices.Phone. gadb serves where it is sound (see gadb.go); what it lacks is
// built here over the same smart-socket protocol: shell v2 with exit codes,
// binary-safe streams, phones in every state, contexts, typed errors. The
// formats are those of Android's packages/modules/adb (SERVICES.TXT,
// SYNC.TXT, shell_protocol.h), read at platform-tools 29.0.6 and Android 15.
//
// Failures of the way to the phone are errors, always of type [*Error]; how a
// command or an installation ended is a result.
//
// The package knows phones, shells and files. It knows no call, no lease and no
// virtual phone. It never runs the adb program and never stops a server.
package adb
