package users

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/readertest"
)

func record(i int) string {
	return fmt.Sprintf(`  UserInfo{%[1]d:Person %[1]d:410} serialNo=%[1]d isPrimary=false parentId=0
    Type: android.os.usertype.full.SECONDARY
    Flags: 1040 (FULL|INITIALIZED)
    State: RUNNING_UNLOCKED
    Created: +3d0h0m0s0ms ago
    Last logged in: +10m10s675ms ago
    Last logged in fingerprint: google/oriole/oriole:14/UP1A.231005.007/10754064:user/release-keys
    Start time: +12m26s184ms ago
    Unlock time: +12m7s388ms ago
    Last entered foreground: +1m2s ago
    Has profile owner: false
    Restrictions:
      no_sms
      no_outgoing_calls
    Device policy restrictions:
      null
    Effective restrictions:
      no_sms
      no_outgoing_calls
`, i)
}

func generated(size int) []byte {
	return readertest.Text(size, "Current user: 0\nUsers:\n", record, "\n  Device owner id:-10000\n")
}

func listed(size int) []byte {
	return readertest.Text(size, "Users:\n", func(i int) string { return fmt.Sprintf("\tUserInfo{%d:Person %d:c13} running\n", i, i) }, "")
}

func BenchmarkRatio(b *testing.B) {
	b.Run("dump", func(b *testing.B) { readertest.Ratio(b, readertest.Of(Parse), generated) })
	b.Run("list", func(b *testing.B) { readertest.Ratio(b, readertest.Of(ParseList), listed) })
}

// A phone has a handful of users: only a dump has room for much more than them.
func TestMemory(t *testing.T) { readertest.Memory(t, readertest.Of(Parse), generated) }

func TestLinear(t *testing.T) {
	for name, parse := range map[string]readertest.Parse{"dump": readertest.Of(Parse), "list": readertest.Of(ParseList)} {
		t.Run(name, func(t *testing.T) {
			readertest.Linear(t, parse, readertest.Hostile(map[string]string{"nothing": "", "users": "Users:\n", "user": "Users:\n  UserInfo{0:a:13} serialNo=0\n    ", "open": "Users:\n  UserInfo{0:"},
				"UserInfo{0:a:13} serialNo=0\n", "UserInfo{", "} serialNo=", ":", "}", "State: RUNNING_LOCKED\n", "Type: ", "Current user: 1\n", "Started users state: [0=3, "))
		})
	}
}
