package notification

import (
	"math/bits"
	"strconv"
	"strings"
)

// Flags is Notification.flags.
type Flags uint32

// The flags (android.app.Notification). API 34 and older print them as a hex
// number, newer ones as words.
const (
	ShowLights                    Flags = 0x1
	OngoingEvent                  Flags = 0x2
	Insistent                     Flags = 0x4
	OnlyAlertOnce                 Flags = 0x8
	AutoCancel                    Flags = 0x10
	NoClear                       Flags = 0x20
	ForegroundService             Flags = 0x40
	HighPriority                  Flags = 0x80 // set by setFullScreenIntent(.., true)
	LocalOnly                     Flags = 0x100
	GroupSummary                  Flags = 0x200
	AutogroupSummary              Flags = 0x400
	CanColorize                   Flags = 0x800
	Bubble                        Flags = 0x1000
	NoDismiss                     Flags = 0x2000 // API 34
	FullScreenRequestedButDenied  Flags = 0x4000 // API 34
	UserInitiatedJob              Flags = 0x8000 // API 34
	LifetimeExtendedByDirectReply Flags = 0x10000
	Silent                        Flags = 0x20000 // API 35
	PromotedOngoing               Flags = 0x40000 // API 36
)

var flagWords = [...]string{
	"SHOW_LIGHTS", "ONGOING_EVENT", "INSISTENT", "ONLY_ALERT_ONCE", "AUTO_CANCEL", "NO_CLEAR",
	"FOREGROUND_SERVICE", "HIGH_PRIORITY", "LOCAL_ONLY", "GROUP_SUMMARY", "AUTOGROUP_SUMMARY",
	"CAN_COLORIZE", "BUBBLE", "NO_DISMISS", "FSI_REQUESTED_BUT_DENIED", "USER_INITIATED_JOB",
	"LIFETIME_EXTENDED_BY_DIRECT_REPLY", "SILENT", "PROMOTED_ONGOING",
}

// Has reports whether all of want are set.
func (f Flags) Has(want Flags) bool { return f&want == want }

// String names the flags as newer releases do.
func (f Flags) String() string {
	if f == 0 {
		return "0"
	}
	var w []string
	for rest := uint32(f); rest != 0; rest &= rest - 1 {
		if i := bits.TrailingZeros32(rest); i < len(flagWords) {
			w = append(w, flagWords[i])
		} else {
			w = append(w, "0x"+strconv.FormatUint(uint64(1)<<i, 16))
		}
	}
	return strings.Join(w, "|")
}

// MarshalText writes the words.
func (f Flags) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// parseFlags reads both forms: "0x62", "0", "ONGOING_EVENT|NO_CLEAR".
func parseFlags(s string) (f Flags, other []string, ok bool) {
	if s == "" {
		return 0, nil, false
	}
	if n, err := strconv.ParseUint(s, 0, 32); err == nil {
		return Flags(n), nil, true
	}
	for w := range strings.SplitSeq(s, "|") {
		i := indexOf(flagWords[:], w)
		switch {
		case i >= 0:
			f |= 1 << i
		case strings.HasPrefix(w, "0x"):
			n, err := strconv.ParseUint(w, 0, 32)
			if err != nil {
				return 0, nil, false
			}
			f |= Flags(n)
		case isFlagWord(w):
			other = append(other, w)
		default:
			return 0, nil, false
		}
	}
	return f, other, true
}

func indexOf(all []string, w string) int {
	for i, a := range all {
		if a == w {
			return i
		}
	}
	return -1
}

func isFlagWord(w string) bool {
	return w != "" && strings.Trim(w, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}

func hasSuffix(s, suffix string) bool { return strings.HasSuffix(s, suffix) }
