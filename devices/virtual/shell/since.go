package shell

import (
	"strings"

	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/render"
)

// verbSince are the verbs of services' shell commands that came after the first
// release simulated, and verbUntil those that went: service, verb, release. A
// verb in neither table is in all of them, as far as is known.
var (
	verbSince = map[string]map[string]int{ // read-only table
		"activity": {
			"get-standby-bucket": 28, "set-standby-bucket": 28, "wait-for-broadcast-idle": 29, "wait-for-broadcast-barrier": 33,
			"stop-app": 33, "freeze": 34, "unfreeze": 34,
		},
		"notification": {"post": 29, "list": 31, "get": 31},
		"deviceidle":   {"get quick": 31},
		"lock_settings": {
			"verify": 27, "help": 29,
		},
		// The start levels between 26 and 34 rest on few stored sources: a release
		// more or less.
		"telecom": {
			"set-user-selected-outgoing-phone-account": 29, "set-test-call-redirection-app": 29, "set-test-call-screening-app": 29,
			"set-phone-acct-suggestion-component": 29, "add-or-remove-call-companion-app": 29, "set-test-auto-mode-app": 29,
			"set-sim-count": 29, "get-sim-config": 29, "get-max-phones": 29, "set-test-emergency-phone-account-package-filter": 30,
			"set-system-dialer": 30, "stop-block-suppression": 30, "set-call-diagnostic-service": 31, "cleanup-stuck-calls": 31,
			"reset-car-mode": 31, "cleanup-orphan-phone-accounts": 33, "log-mark": 33, "is-non-ui-in-call-service-bound": 33,
			"set-metrics-test-enabled": 36, "set-metrics-test-disabled": 36, "wait-for-audio-ops-complete": 36, "wait-for-audio-active": 36,
		},
	}
	verbUntil = map[string]map[string]int{ // read-only table
		"telecom": {"set-test-auto-mode-app": 29},
	}
)

// knows reports whether a service's shell command has a verb on this release.
func (c *call) knows(service, verb string) bool {
	api := c.release().API
	if until := verbUntil[service][verb]; until > 0 && api > until {
		return false
	}
	return api >= verbSince[service][verb]
}

// guarded is what the maker keeps from whoever runs the command.
func (c *call) guarded() (g android.Guards) {
	c.do(func(d *android.Device) { g = d.Guarded(c.caller) })
	return g
}

// unknownVerb is ShellCommand.handleDefaultCommands.
func (c *call) unknownVerb(verb string) int {
	c.Printf("Unknown command: %s\n", verb)
	return 255
}

// noShell is a service without a shell command, for `cmd`.
func noShell(c *call) int {
	c.errln("No shell command implementation.")
	return 255
}

// cmdTelecom is `cmd telecom`, which came with the service's own shell command;
// cmdMediaSession came with 9.
func cmdTelecom(c *call) int {
	if !c.release().TelecomService {
		return noShell(c)
	}
	return telecom(c)
}

func cmdMediaSession(c *call) int {
	if c.release().API < 28 {
		return noShell(c)
	}
	return mediaSession(c)
}

// audioPolicy is `dumpsys media.audio_policy` (AudioPolicyManager::dump), the line
// that says the mode. It is a number up to 9, a name since.
func audioPolicy(d *android.Device) string {
	modes := []string{"MODE_NORMAL", "MODE_RINGTONE", "MODE_IN_CALL", "MODE_IN_COMMUNICATION"}
	state := "AUDIO_" + strings.TrimPrefix(d.Audio.Mode, "AUDIO_")
	if d.API <= 28 {
		state = "0"
		for n, m := range modes {
			if m == d.Audio.Mode {
				state = string(rune('0' + n))
			}
		}
	}
	return "AudioPolicyManager Dump: 0x7a1c0f2d8a00\n Primary Output: 13\n Phone state: " + state + "\n Force use for communications 0\n Force use for media 0\n"
}

// exitInfo: before 11 the activity service has no such dump.
func exitInfo(arg string) func(d *android.Device) string {
	return func(d *android.Device) string {
		if !d.Release.ExitInfo {
			return badActivity("exit-info")
		}
		return render.ExitInfo(d, arg)
	}
}

func badActivity(what string) string {
	return "Bad activity command, or no activities match: " + what + "\nUse -h for help.\n"
}
