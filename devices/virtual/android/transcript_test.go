package android

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// transcript plays one call on a locked phone, with two commands that sleep side by
// side, and writes down everything the phone logged and held.
func transcript(t *testing.T, seed int64) string {
	ph := callApp(t, func(o *Options, _ *PackageSpec) { o.Seed = seed })
	ph.p.onCall = func(c *Context, conn *Connection, what string) error {
		switch what {
		case "showUi":
			if err := c.CreateChannel(Channel{ID: "calls", Name: "Calls", Importance: ImportanceHigh}); err != nil {
				return err
			}
			n := &Notification{ChannelID: "calls", Flags: FlagOngoing, CallStyle: &CallStyle{Type: CallStyleIncoming, Person: "Alice"}}
			if err := fullScreen(".RingActivity")(c, n); err != nil {
				return err
			}
			return c.Notify(77, n)
		case "answer":
			conn.SetActive()
		}
		return nil
	}
	ph.setPIN()
	ph.sleepScreen()
	ph.push(pushIntent())
	var wg sync.WaitGroup
	ready := make(chan struct{})
	hold := ph.Begin()
	for n := range 2 {
		end := ph.Begin()
		wg.Go(func() {
			defer end()
			<-ready
			for range 20 {
				if err := ph.Sleep(context.Background(), time.Duration(n+3)*70*time.Millisecond); err != nil {
					t.Error(err)
				}
				ph.Do(func(d *Device) {
					d.Log.Write(LogLine{UID: ShellUID, PID: 90 + n, Tag: "cmd", Message: fmt.Sprint(n, d.Between(time.Millisecond, time.Second))})
				})
			}
		})
	}
	close(ready)
	hold()
	wg.Wait()
	ph.Do(func(d *Device) { d.Input.Key(KeyHeadsetHook, false) })
	ph.Step(5 * time.Second)
	var b strings.Builder
	ph.Do(func(d *Device) {
		for _, l := range d.Log.Lines() {
			fmt.Fprintln(&b, l.Elapsed, l.PID, l.Buffer, l.Tag, l.Message)
		}
		for _, w := range d.Windows.All() {
			fmt.Fprintln(&b, w.Hash, w.Title, w.Visible)
		}
		fmt.Fprintln(&b, d.Telecom.Calls[0].ID, d.Telecom.Calls[0].State, d.Keyguard.Occluded, d.Audio.Mode)
	})
	return b.String()
}

// DESIGN.md 5: same seed and same commands at the same instants, same phone.
func TestSameSeedSameTranscript(t *testing.T) {
	a := transcript(t, 42)
	if !strings.Contains(a, "TC@1 ACTIVE true MODE_IN_COMMUNICATION") {
		t.Fatalf("the call did not come about:\n%s", a)
	}
	for range 5 {
		if diff := cmp.Diff(a, transcript(t, 42)); diff != "" {
			t.Fatal(diff)
		}
	}
	if a == transcript(t, 43) {
		t.Error("another seed gave the same transcript: nothing is jittered")
	}
}

// The whole call at the host's speed.
func TestCallInRealTime(t *testing.T) {
	ph := callApp(t, func(o *Options, _ *PackageSpec) { o.Clock = RealTime })
	end := ph.Begin()
	defer end()
	ph.Do(func(d *Device) {
		if _, err := d.Broadcasts.Send(ShellCaller(1), pushIntent(), BroadcastOptions{Ordered: true}); err != nil {
			t.Error(err)
		}
	})
	err := ph.Await(context.Background(), 20*time.Second, func(d *Device) bool {
		return len(d.Telecom.Calls) == 1 && d.Telecom.Calls[0].State == CallRinging
	})
	if err != nil {
		t.Error(err)
	}
}
