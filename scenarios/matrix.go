package scenarios

import (
	"fmt"
	"time"

	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/state"
)

// Shown is how a call must show itself in a cell of the matrix.
type Shown string

// The ways. They are what Android documents, not what any phone was seen to do:
// source.android.com/docs/core/permissions/fsi-limits and the release notes that
// Expected names.
const (
	// FullScreen: the app's call screen, over the lock screen if there is one.
	FullScreen Shown = "full screen"
	// HeadsUp: a notification that peeks and stays; whoever uses the phone keeps
	// the screen.
	HeadsUp Shown = "heads-up"
	// Listed: a notification with both buttons, and nothing before the lock screen.
	Listed Shown = "notification only"
	// Announced: a ringing call with a notification; where it shows depends on
	// how the app is built.
	Announced Shown = "announced"
	// Silent: nothing at all.
	Silent Shown = "must not ring"
)

// Kill is what became of the app's process.
type Kill string

// Lock is how the phone lies there.
type Lock string

// The axes of the matrix beside releases and the permission for full-screen
// intents.
const (
	Alive   Kill = "alive"
	Swiped  Kill = "swiped"
	Killed  Kill = "killed"
	Stopped Kill = "stopped"

	InUse Lock = "in-use"
	Swipe Lock = "swipe"
	PIN   Lock = "pin"
)

// FirstRelease and LastRelease are the API levels that the matrix is made for.
const (
	FirstRelease = 26
	LastRelease  = 36
)

// fsiRevocable is the first API level at which a user can take the permission
// for full-screen intents away (Android 14).
const fsiRevocable = 34

// Expected is how a call must show itself. It is typed by hand, from what
// Android documents of each release:
//
//   - a force-stopped app gets no push, on any release (FLAG_EXCLUDE_STOPPED_PACKAGES);
//   - swiping an app away or reclaiming its process stops no push;
//   - a full-screen intent launches when the phone is locked or dark and is a
//     heads-up while it is in use; from API 29 it takes a permission that every
//     app gets which asks for it, from API 34 one that the user can take away;
//   - without it the call is a heads-up on a phone in use, and on the lock
//     screen a notification with its buttons;
//   - before API 27 an activity has no setShowWhenLocked: whether the screen
//     comes over a lock screen depends on the window flags that the app sets.
func Expected(kill Kill, lock Lock, allowed bool, api int) Shown {
	switch {
	case kill == Stopped:
		return Silent
	case lock == InUse:
		return HeadsUp
	case !allowed:
		return Listed
	case api < 27:
		return Announced
	}
	return FullScreen
}

// Matrix makes a scenario of each cell: what became of the process, how the
// phone lies there, whether full-screen intents are allowed, release. It is not
// part of All.
func Matrix() []Scenario {
	var cells []Scenario
	for api := FirstRelease; api <= LastRelease; api++ {
		for _, kill := range []Kill{Alive, Swiped, Killed, Stopped} {
			for _, lock := range []Lock{InUse, Swipe, PIN} {
				cells = append(cells, cell(kill, lock, true, api))
				if api >= fsiRevocable {
					cells = append(cells, cell(kill, lock, false, api))
				}
			}
		}
	}
	return cells
}

// MatrixTag is the tag of the matrix's cells.
const MatrixTag = "matrix"

func cell(kill Kill, lock Lock, allowed bool, api int) Scenario {
	shown := Expected(kill, lock, allowed, api)
	word := map[bool]string{true: "allowed", false: "denied"}[allowed]
	tag := map[Kill]string{Alive: "background", Swiped: "killed", Killed: "killed", Stopped: "stopped"}[kill]
	s := Scenario{
		ID:     fmt.Sprintf("matrix/%d/%s/%s/%s", api, kill, lock, word),
		Title:  fmt.Sprintf("API %d, process %s, phone %s, full-screen intents %s: %s", api, kill, lock, word, shown),
		Labels: []string{MatrixTag, fmt.Sprintf("api%d", api), tag},
		Needs:  Needs{MinAPI: api, MaxAPI: api, Inject: true, Credential: lock == PIN},
		Budget: 3 * time.Minute,
		Origin: "source.android.com/docs/core/permissions/fsi-limits",
	}
	states := []func() state.State{map[Kill]func() state.State{
		Alive: state.Background, Swiped: state.SwipedAway, Killed: state.Killed, Stopped: state.ForceStopped,
	}[kill]}
	switch lock {
	case Swipe:
		states = append(states, state.LockedSwipe)
	case PIN:
		states = append(states, state.LockedSecure)
	}
	if lock != InUse {
		s.Labels = append(s.Labels, "lockscreen")
	}
	if !allowed {
		states, s.Labels = append(states, state.FullScreenDenied), append(s.Labels, "permission")
	}
	s.Run = harness.Steps(harness.Enter(states...), shows(shown, lock))
	if shown == Silent {
		// Before the condition, since a stopped app on a locked phone needs a person
		// to be opened again.
		s.Run = harness.Steps(harness.Enter(state.Background), control(), s.Run)
	}
	if kill == Swiped {
		s.Run = harness.Steps(harness.Phase("whether this phone stops what is swiped away", harness.SwipedIdle(), harness.Launch(), harness.Home()), s.Run)
	}
	return s
}

// shows pushes a call and wants it to show itself in one way.
func shows(shown Shown, lock Lock) harness.Step {
	if shown == Silent {
		return harness.Phase("push a call",
			harness.PushRefused(harness.Initiated),
			harness.Stays(expect.All(expect.Silent(), expect.NoProcess(), expect.Stopped(true))),
		)
	}
	want := []expect.Condition{expect.Ringing(), expect.CallNotification()}
	then := harness.Steps()
	switch shown {
	case FullScreen:
		over := expect.All(expect.AnyCallScreen(), expect.ScreenOn())
		if lock == PIN {
			over = expect.OverKeyguard()
		}
		want = append(want, over)
	case HeadsUp:
		want = append(want, expect.CallPosted(), expect.NotInFront())
		then = harness.Phase("it peeks, and leaves the screen to whoever has it", harness.OnTop(harness.AnswerRole), harness.Holds(expect.NotInFront()))
	case Listed:
		want = append(want, expect.CallPosted(), expect.Covered())
	}
	return harness.Steps(
		harness.Phase("push a call", harness.Push(harness.Initiated), harness.Await(expect.All(want...), harness.ByRing)),
		then,
		harness.Phase("the caller gives up",
			harness.Push(harness.Cancelled),
			harness.Await(expect.All(over(), expect.NoCallScreen()), harness.ByEnd),
		),
	)
}
