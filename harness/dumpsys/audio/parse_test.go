package audio

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/captures"
	"github.com/ringproof/ringproof/harness/internal/readertest"
)

const dump34 = `
MediaFocusControl dump time: 9:04:32 PM

Audio Focus stack entries (last is top of stack):
  source:android.os.BinderProxy@1 -- pack: com.spotify.music -- client: a@1 -- gain: GAIN -- flags: DELAY_OK -- loss: LOSS_TRANSIENT -- notified: true -- uid: 10024 -- attr: AudioAttributes: usage=USAGE_MEDIA content=CONTENT_TYPE_MUSIC flags=0x0 -- sdk:35
  source:android.os.BinderProxy@2 -- pack: android -- client: AudioFocus_For_Phone_Ring_And_Calls -- gain: GAIN_TRANSIENT -- flags:  -- loss: none -- notified: true -- uid: 1000 -- attr: AudioAttributes: usage=USAGE_NOTIFICATION_RINGTONE content=x -- sdk:34

Stream volumes (device: index)
- STREAM_VOICE_CALL:
   Muted: true
- STREAM_RING:
   Muted: false
   Min: 0
- STREAM_MUSIC:
   Muted: true

Ringer mode: 
- mode (internal) = VIBRATE
- mode (external) = SILENT
- zen mode:ZEN_MODE_ALARMS

Audio mode: 
- Requested mode = MODE_IN_CALL
- Actual mode = MODE_IN_COMMUNICATION
- Mode owner: 
  - Mode: MODE_IN_COMMUNICATION
  - Binder: android.os.BinderProxy@0
  - Pid: 42
  - Uid: 10544
  - Package: org.ringproof.sample
  - Privileged: false
- Mode owner stack: 
  Requester # 1:
  - Mode: MODE_IN_CALL
  - Pid: 99
  - Uid: 1000

AudioDeviceBroker:
  Active communication device: AudioDeviceAttributes: role:output type:bt_sco_hs addr:AA:BB:CC:00:A8:0F name:Buds type:x 2 profiles:[] descriptors:[]
  mAudioModeOwner: AudioModeInfo: mMode=MODE_IN_COMMUNICATION, mPid=42, mUid=10544
  mScoAudioState: SCO_STATE_ACTIVE_INTERNAL
Event logs:
Events log: phone state (logged after successful call to AudioSystem.setPhoneState(int, int))
06-06 13:15:25:160 setMode(MODE_NORMAL) from package=com.android.server.telecom pid=3062 selected mode=MODE_NORMAL by pid=0
`

func TestParse(t *testing.T) {
	f, err := Parse([]byte(dump34))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what      string
		got, want any
	}{
		{"mode", f.Mode.Or(""), InCommunication},
		{"owner", f.ModeOwner.Or(Owner{}), Owner{InCommunication, 42, 10544, "org.ringproof.sample"}},
		{"device", f.CommunicationDevice.Or(Device{}), Device{"bt_sco_hs", "AA:BB:CC:00:A8:0F", "Buds type:x 2"}},
		{"sco", f.ScoState.String(), "SCO_STATE_ACTIVE_INTERNAL"},
		{"ringer", f.RingerMode.String(), "VIBRATE"},
		{"ringer outside", f.RingerModeExternal.String(), "SILENT"},
		{"zen", f.ZenMode.String(), "ZEN_MODE_ALARMS"},
		{"ring muted", f.RingMuted.String(), "false"},
		{"focus", f.FocusStack.Or(nil), []Focus{
			{"com.spotify.music", "a@1", "GAIN", "LOSS_TRANSIENT", fact.Of(10024, 5), "USAGE_MEDIA", 5},
			{"android", "AudioFocus_For_Phone_Ring_And_Calls", "GAIN_TRANSIENT", "none", fact.Of(1000, 6), "USAGE_NOTIFICATION_RINGTONE", 6},
		}},
		{"events", f.ModeEvents.Or(nil), []ModeEvent{{"06-06 13:15:25:160", Normal, Normal, "com.android.server.telecom", 3062, 0, 44}}},
	} {
		if d := cmp.Diff(c.want, c.got, cmp.AllowUnexported(fact.Value[int]{})); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, d)
		}
	}
}

func TestModeOwner(t *testing.T) {
	const log = "Event logs:\nAudio event log: phone state (logged after successfull call to AudioSystem.setPhoneState(int))\n"
	for _, c := range []struct {
		name, in, mode string
		owner          fact.Value[Owner]
	}{
		{"nobody", "Audio mode:\n- Actual mode = MODE_NORMAL\n- Mode owner: \n   None\n- Mode owner stack: \n   Empty\n", "MODE_NORMAL", fact.Of(Owner{}, 4)},
		{"Samsung", "Audio mode: \n  mAudioModeOwner: AudioModeInfo: mMode=MODE_IN_COMMUNICATION, mPid=42, mUid=10544\n", "MODE_IN_COMMUNICATION", fact.Of(Owner{Mode: InCommunication, PID: 42, UID: 10544}, 2)},
		{"two that disagree", "Audio mode:\n- Actual mode = MODE_NORMAL\n- Mode owner: \n   None\nAudioDeviceBroker:\n  mAudioModeOwner: AudioModeInfo: mMode=MODE_IN_CALL, mPid=7, mUid=1000\n", "MODE_NORMAL", fact.Unknown[Owner]()},
		{"API 30: the last event", log + "03-28 10:40:59:490 setMode(MODE_NORMAL) from package=a.b pid=1 selected mode=MODE_NORMAL by pid=0\n03-28 10:41:59:490 setMode(MODE_RINGTONE) from package=com.whatsapp pid=15158 selected mode=MODE_RINGTONE by pid=15158\n", "MODE_RINGTONE", fact.Of(Owner{Mode: Ringtone, PID: 15158, Package: "com.whatsapp"}, 4)},
		{"API 30: another one's request won", log + "03-28 10:41:59:490 setMode(MODE_NORMAL) from package=a.b pid=1 selected mode=MODE_IN_CALL by pid=2\n", "MODE_IN_CALL", fact.Of(Owner{Mode: InCall, PID: 2}, 3)},
		{"API 30: rotated away", log, "unknown", fact.Unknown[Owner]()},
		{"API 26: no word of it", "Ringer mode: \n- mode (internal) = NORMAL\n", "unknown", fact.Unknown[Owner]()},
	} {
		f, err := Parse([]byte(c.in))
		if err != nil || f.Mode.String() != c.mode || f.ModeOwner != c.owner {
			t.Errorf("%s: mode %v, owner %v (line %d), %v", c.name, f.Mode, f.ModeOwner, f.ModeOwner.Line(), err)
		}
	}
}

func TestProblems(t *testing.T) {
	for in, kind := range map[string]text.Kind{"": text.Empty, "hello": text.NotADump, "Can't find service: audio": text.NoService} {
		if _, err := Parse([]byte(in)); !errors.Is(err, &text.Problem{Kind: kind}) {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	readertest.Fuzz(f, readertest.Of(Parse), readertest.Texts(grammars,
		dump34,
		"Audio mode:\n- Mode owner:\n: \n- \nAudioDeviceBroker:\nActive communication device: type:\nEvents log: phone state (logged after successful\n setMode(\n setMode()selected mode=\n",
	)...)
}

// What a person sees in the real dumps.
func TestCorpus(t *testing.T) {
	dir := captures.Dir(t)
	for _, c := range []struct {
		name, mode, device, sco, ringer, zen, muted string
		owner                                       fact.Value[Owner]
		events, focus                               int
	}{
		{"002-a14-moto-edge30pro-mode-and-broker.txt", "MODE_NORMAL", "bt_a2dp", "SCO_STATE_INACTIVE", "NORMAL", "ZEN_MODE_OFF", "unknown", fact.Of(Owner{}, 13), 20, 0},
		{"003-a10-samsung-or-aosp-phone-state-log.txt", "MODE_NORMAL", "unknown", "unknown", "NORMAL", "unknown", "false", fact.Of(Owner{}, 166), 20, 1},
		{"004-a10-full.txt", "MODE_NORMAL", "unknown", "unknown", "NORMAL", "unknown", "false", fact.Of(Owner{}, 391), 20, 1},
		{"008-fixture-samsung-audio-mode-owner.txt", "MODE_IN_COMMUNICATION", "unknown", "unknown", "unknown", "unknown", "unknown", fact.Of(Owner{Mode: InCommunication, PID: 42, UID: 10544}, 2), 0, 0},
		{"009-fixture-aosp-audio-mode-owner.txt", "MODE_IN_COMMUNICATION", "unknown", "unknown", "unknown", "unknown", "unknown", fact.Of(Owner{InCommunication, 42, 10544, "com.whatsapp"}, 5), 0, 0},
	} {
		b, err := os.ReadFile(filepath.Join(dir, "audio", c.name))
		if err != nil {
			t.Fatal(err)
		}
		f, err := Parse(b)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		device := "unknown"
		if d, ok := f.CommunicationDevice.Get(); ok {
			device = d.Type
		}
		if f.Mode.String() != c.mode || device != c.device || f.ScoState.String() != c.sco || f.RingerMode.String() != c.ringer || f.ZenMode.String() != c.zen ||
			f.RingMuted.String() != c.muted || f.ModeOwner != c.owner || len(f.ModeEvents.Or(nil)) != c.events || len(f.FocusStack.Or(nil)) != c.focus {
			t.Errorf("%s: mode %v, owner %v (line %d), device %s, sco %v, ringer %v, zen %v, muted %v, %d events, %d in the focus stack", c.name, f.Mode, f.ModeOwner,
				f.ModeOwner.Line(), device, f.ScoState, f.RingerMode, f.ZenMode, f.RingMuted, len(f.ModeEvents.Or(nil)), len(f.FocusStack.Or(nil)))
		}
	}
}
