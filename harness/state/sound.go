package state

import (
	"context"
	"fmt"
	"regexp"

	"github.com/ringproof/ringproof/harness/expect"
)

var volumeIs = regexp.MustCompile(`volume is (\d+) in range`) // read-only

// RingerVibrates: the ring volume was turned down until the phone vibrates
// (STREAM_RING is 2).
func RingerVibrates() State {
	return State{
		Name: "ringer-vibrates", Order: 61, Since: 28, // cmd media_session; media was a program of its own
		Enter: func(ctx context.Context, t Target) error {
			out, err := t.Do(ctx, "read the ring volume", "cmd media_session volume --stream 2 --get")
			if err != nil {
				return err
			}
			was := volumeIs.FindStringSubmatch(out)
			if was == nil {
				return fmt.Errorf("read the ring volume of %s: it printed %q", t.Serial(), out)
			}
			const set = "cmd media_session volume --stream 2 --set "
			return t.Change(ctx, "turn the ring volume down", set+"0", set+was[1])
		},
		Verify: expect.Ringer("VIBRATE"),
	}
}
