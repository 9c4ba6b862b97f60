package shell

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// logIDs are the numbers of the buffers (liblog, log_id_t); the place is the number.
var logIDs = [...]string{"main", "radio", "events", "system", "crash"} // read-only table

// binaryEntry is what logcat -B writes for one entry: struct logger_entry of
// liblog, which knows its own size, and the payload of priority, tag and message.
func binaryEntry(l android.LogLine) []byte {
	const header, most = 28, 4068 // LOGGER_ENTRY_MAX_PAYLOAD: the length has 16 bits
	tag, msg := l.Tag, strings.TrimSuffix(l.Message, "\n")
	tag = tag[:min(len(tag), most-3)]
	msg = msg[:min(len(msg), most-3-len(tag))]
	b := binary.LittleEndian.AppendUint16(nil, uint16(1+len(tag)+1+len(msg)+1))
	b = binary.LittleEndian.AppendUint16(b, header)
	for _, n := range []int{l.PID, l.TID, int(l.Time.Unix()), l.Time.Nanosecond(), max(slices.Index(logIDs[:], l.Buffer), 0), l.UID} {
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	b = append(b, byte(strings.IndexByte(priorities, l.Priority)+2)) // ANDROID_LOG_VERBOSE is 2
	b = append(append(b, tag...), 0)
	return append(append(b, msg...), 0)
}
