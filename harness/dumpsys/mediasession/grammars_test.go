package mediasession

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/grammar"
)

func TestGrammars(t *testing.T) { grammar.Check(t, grammars) }

// The composed rows follow section 6.3 of the format description
// (MediaSessionService.dump, MediaSessionRecord.dump).
var grammars = []grammar.Row{
	// The state is a number up to 33.
	{From: 26, To: 33, Mark: grammar.Composed, Check: says("key to com.android.server.telecom, button com.music/player, stack com.music true 3"), Text: `MEDIA SESSION SERVICE (dumpsys media_session)

2 sessions listeners.
Global priority session is com.android.server.telecom/HeadsetMediaButton (userId=0)
  HeadsetMediaButton com.android.server.telecom/HeadsetMediaButton (userId=0)
    ownerPid=3062, ownerUid=1000, userId=0
    package=com.android.server.telecom
    active=true
    flags=65537
    state=null
User Records:
Record for full_user=0
  Last MediaButtonReceiver: null
  Media button session is com.music/player (userId=0)
  Sessions Stack - have 1 sessions:
    player com.music/player (userId=0)
      ownerPid=15737, ownerUid=10522, userId=0
      package=com.music
      active=true
      flags=7
      package=not.the.owner
      state=PlaybackState {state=3, position=4303, buffered position=52416, speed=1.0}
`},
	{From: 26, To: 33, Mark: grammar.Composed, Check: says("key to , button /, stack"), Text: `MEDIA SESSION SERVICE (dumpsys media_session)

0 sessions listeners.
Global priority session is null
User Records:
Record for full_user=0
  Media button session is null
  Sessions Stack - have 0 sessions:
`},
	// From 34 on a word with the number.
	{From: 34, To: 36, Mark: grammar.Composed, Check: says("key to com.music, button com.music/a/b (c), stack com.music true 2 org.app.calls false unknown"), Text: `MEDIA SESSION SERVICE (dumpsys media_session)

7 sessions listeners.
Global priority session is com.android.server.telecom/HeadsetMediaButton (userId=0)
  HeadsetMediaButton com.android.server.telecom/HeadsetMediaButton (userId=0)
    package=com.android.server.telecom
    active=false
User Records:
Record for full_user=0
  Media button session is com.music/a/b (c) (userId=0)
  Sessions Stack - have 2 sessions:
    a/b (c) com.music/a/b (c) (userId=0)
      ownerPid=15737, ownerUid=10522, userId=0
      package=com.music
      active=true
      state=PlaybackState {state=PAUSED(2), position=4303, buffered position=52416}
    call org.app.calls/call (userId=0)
      ownerPid=15738, ownerUid=10523, userId=0
      package=org.app.calls
      active=false
      state=null
`},
	{From: 34, To: 34, Maker: "Motorola", Mark: grammar.Captured, File: "audio/005-a14-moto-edge30pro-media-session.txt", Check: says("key to com.deepeye.musicpro.debug, button com.deepeye.musicpro.debug/androidx.media3.session.id., stack com.deepeye.musicpro.debug true 2")},
}

// says compares the facts, in words, with what a person sees in the text.
func says(want string) func(testing.TB, []byte) {
	return func(t testing.TB, in []byte) {
		f, err := Parse(in)
		if err != nil {
			t.Errorf("Parse: %v", err)
		}
		if got := inWords(f); got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
}

func inWords(f Facts) string {
	b := f.Button.Or(Session{Tag: "unknown"})
	s := fmt.Sprintf("key to %v, button %s/%s, stack", f.ButtonGoesTo(), b.Package, b.Tag)
	for _, e := range f.Stack.Or(nil) {
		s += fmt.Sprintf(" %s %v %v", e.Package, e.Active, e.State)
	}
	return s
}
