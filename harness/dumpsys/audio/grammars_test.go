package audio

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/grammar"
)

func TestGrammars(t *testing.T) { grammar.Check(t, grammars) }

// focus is MediaFocusControl.dump, the same in all releases.
const focus = `
MediaFocusControl dump time: 9:04:32 PM

Audio Focus stack entries (last is top of stack):
  source:android.os.BinderProxy@2 -- pack: android -- client: AudioFocus_For_Phone_Ring_And_Calls -- gain: GAIN_TRANSIENT -- flags:  -- loss: none -- notified: true -- uid: 1000 -- attr: AudioAttributes: usage=USAGE_NOTIFICATION_RINGTONE content=CONTENT_TYPE_SONIFICATION flags=0x0 tags= bundle=null -- sdk:34

 No external focus policy

Stream volumes (device: index)
- STREAM_VOICE_CALL:
   Muted: false
- STREAM_RING:
   Muted: true
   Min: 0
   Max: 7
   Current: 2 (speaker): 0
- STREAM_MUSIC:
   Muted: false
`

// nothing is a dump of players alone.
const nothing = "mode unknown owner unknown device unknown sco unknown ringer unknown/unknown zen unknown ring muted unknown focus"

// The composed rows follow section 6.1 of the format description
// (AudioService.dump, AudioDeviceBroker.dump).
var grammars = []grammar.Row{
	// Players (PlaybackActivityMonitor.dump): numbers for names and no title in
	// 8.0; a form of its own up to 10; device, session and mute state came later.
	{From: 26, To: 26, Mark: grammar.Composed, Check: says(nothing + " players 23/android.media.SoundPool/10025/1934/idle/USAGE_ASSISTANCE_SONIFICATION 31/android.media.MediaPlayer/10061/1723/started/USAGE_NOTIFICATION_RINGTONE"),
		Text: "Audio policies:\n\nPlaybackActivityMonitor dump time: 9:00:59 AM\n" +
			"  ID:23 -- type:android.media.SoundPool -- u/pid:10025/1934 -- state:idle -- attr:AudioAttributes: usage=13 content=4 flags=0x0 tags= bundle=null\n" +
			"  ID:31 -- type:android.media.MediaPlayer -- u/pid:10061/1723 -- state:started -- attr:AudioAttributes: usage=6 content=4 flags=0x0 tags= bundle=null\n" +
			"\n  ducked players:\n\n  muted player piids:\n"},
	{From: 28, To: 29, Mark: grammar.Composed, Check: says(nothing + " players 791/android.media.MediaPlayer/10061/11821/started/USAGE_NOTIFICATION_RINGTONE"),
		Text: "PlaybackActivityMonitor dump time: 9:04:32 PM\n\n  playback listeners:\n (S)com.android.server.audio.PlaybackActivityMonitor$PlayMonitorClient@8bf7ac8\n\n\n  players:\n" +
			"  ID:791 -- type:android.media.MediaPlayer -- u/pid:10061/11821 -- state:started -- attr:AudioAttributes: usage=USAGE_NOTIFICATION_RINGTONE content=CONTENT_TYPE_SONIFICATION flags=0x800 tags= bundle=null\n" +
			"\n  ducked players piids:\n\nAudio event log: playback activity as reported through PlayerBase\n03-28 20:24:19:847 player piid:4423 state:started\n"},
	{From: 30, To: 30, Mark: grammar.Composed, Check: says(nothing + " players 295/android.media.AudioTrack/10169/7086/started/USAGE_MEDIA"),
		Text: "PlaybackActivityMonitor dump time: 9:04:32 PM\n\n  players:\n" +
			"  AudioPlaybackConfiguration piid:295 type:android.media.AudioTrack u/pid:10169/7086 state:started attr:AudioAttributes: usage=USAGE_MEDIA content=CONTENT_TYPE_MUSIC flags=0x800 tags= bundle=null\n" +
			"\n  ducked players piids:\n"},
	{From: 31, To: 33, Mark: grammar.Composed, Check: says(nothing + " players 111/android.media.SoundPool/1000/1448/idle/USAGE_ASSISTANCE_SONIFICATION 119/android.media.MediaPlayer/10132/1723/started/USAGE_NOTIFICATION_RINGTONE"),
		Text: "PlaybackActivityMonitor dump time: 5:40:30 PM\n\n  players:\n" +
			"(not logged)  AudioPlaybackConfiguration piid:111 deviceId:0 type:android.media.SoundPool u/pid:1000/1448 state:idle attr:AudioAttributes: usage=USAGE_ASSISTANCE_SONIFICATION content=CONTENT_TYPE_SONIFICATION flags=0x800 tags= bundle=null sessionId:0\n" +
			"  AudioPlaybackConfiguration piid:119 deviceId:2 type:android.media.MediaPlayer u/pid:10132/1723 state:started attr:AudioAttributes: usage=USAGE_NOTIFICATION_RINGTONE content=CONTENT_TYPE_SONIFICATION flags=0x800 tags= bundle=null sessionId:209\n" +
			"\n  ducked players piids:\n\n  faded out players piids:\n"},
	{From: 34, To: 35, Mark: grammar.Composed, Check: says(nothing + " players 143/android.media.SoundPool/1000/5094/idle/USAGE_ASSISTANCE_SONIFICATION"),
		Text: "PlaybackActivityMonitor dump time: 15:47:04\n\n  playback listeners:\n PlayMonitorClient:S uid:1000 pid:5094\n\n\n  players:\n" +
			"(not logged)  AudioPlaybackConfiguration piid:143 deviceId:0 type:android.media.SoundPool u/pid:1000/5094 state:idle attr:AudioAttributes: usage=USAGE_ASSISTANCE_SONIFICATION content=CONTENT_TYPE_SONIFICATION flags=0x800 tags= bundle=null sessionId:0 mutedState:none  FormatInfo{isSpatialized=false, channelMask=0x0, sampleRate=0}\n" +
			"\n  ducked players piids:\n\nEvents log: playback activity as reported through PlayerBase\n08-19 14:49:31:360 player piid:167 event:started\n"},
	// 16, as an app without privileges sees it: nobody's, and of no known type.
	{From: 36, To: 36, Mark: grammar.Composed, Check: says(nothing + " players 79/unknown/-1/-1/started/USAGE_MEDIA"),
		Text: "PlaybackActivityMonitor dump time: 15:47:04\n\n  players:\n" +
			"  AudioPlaybackConfiguration piid:79 deviceIds:[] type:unknown u/pid:-1/-1 state:started attr:AudioAttributes: usage=USAGE_MEDIA content=CONTENT_TYPE_UNKNOWN flags=0x800(FLAG_MUTE_HAPTIC)  tags= bundle=null sessionId:0 mutedState:none\n" +
			"\n  ducked players piids:\n"},
	// Cut off within the list: whoever played further down is not known.
	{From: 34, To: 34, Mark: grammar.Composed, Check: says(nothing),
		Text: "PlaybackActivityMonitor dump time: 15:47:04\n\n  players:\n  AudioPlaybackConfiguration piid:79 deviceIds:[] type:unknown u/pid:-1/-1 state:started attr:AudioAttributes: usage=USAGE_MEDIA\n"},
	// 26 and 27 do not tell the mode at all.
	{From: 26, To: 27, Mark: grammar.Composed, Check: says("mode unknown owner unknown device unknown sco unknown ringer VIBRATE/VIBRATE zen unknown ring muted true focus android/GAIN_TRANSIENT/1000/USAGE_NOTIFICATION_RINGTONE"),
		Text: focus + `
Ringer mode: 
- mode (internal) = VIBRATE
- mode (external) = VIBRATE
- ringer mode affected streams = 0x1a6 (STREAM_SYSTEM,STREAM_RING)
- ringer mode muted streams = 0x24

Audio routes:
  mMainType=0x0
`},
	// 28 to 30: the last event of the log. Nobody is a pid of 0.
	{From: 28, To: 29, Mark: grammar.Composed, Check: says("mode MODE_IN_COMMUNICATION owner 15158/0/org.app.calls device unknown sco unknown ringer NORMAL/NORMAL zen unknown ring muted true focus android/GAIN_TRANSIENT/1000/USAGE_NOTIFICATION_RINGTONE"),
		Text: focus + `
Ringer mode: 
- mode (internal) = NORMAL
- mode (external) = NORMAL

Event logs:

Audio event log: phone state (logged after successfull call to AudioSystem.setPhoneState(int))
03-28 10:40:59:490 setMode(MODE_RINGTONE) from package=android pid=1932 selected mode=MODE_RINGTONE by pid=1932
03-28 10:41:59:490 setMode(MODE_IN_COMMUNICATION) from package=org.app.calls pid=15158 selected mode=MODE_IN_COMMUNICATION by pid=15158

Audio event log: wired connection events
`},
	{From: 30, To: 30, Mark: grammar.Composed, Check: says("mode MODE_NORMAL owner nobody device unknown sco unknown ringer NORMAL/SILENT zen ZEN_MODE_IMPORTANT_INTERRUPTIONS ring muted true focus android/GAIN_TRANSIENT/1000/USAGE_NOTIFICATION_RINGTONE"),
		Text: focus + `
Ringer mode: 
- mode (internal) = NORMAL
- mode (external) = SILENT
- zen mode:ZEN_MODE_IMPORTANT_INTERRUPTIONS

Event logs:

Audio event log: phone state (logged after successfull call to AudioSystem.setPhoneState(int))
03-28 10:42:59:490 setMode(MODE_NORMAL) from package=org.app.calls pid=15158 selected mode=MODE_NORMAL by pid=0
`},
	// 31: a section for the mode, and the broker tells the device of calls.
	{From: 31, To: 33, Mark: grammar.Composed, Check: says("mode MODE_IN_COMMUNICATION owner 42/10544/org.app.calls device bt_sco_hs/Buds sco SCO_STATE_ACTIVE_INTERNAL ringer NORMAL/NORMAL zen ZEN_MODE_OFF ring muted true focus android/GAIN_TRANSIENT/1000/USAGE_NOTIFICATION_RINGTONE"),
		Text: focus + `
Ringer mode: 
- mode (internal) = NORMAL
- mode (external) = NORMAL
- zen mode:ZEN_MODE_OFF

Audio mode: 
- Requested mode = MODE_IN_COMMUNICATION
- Actual mode = MODE_IN_COMMUNICATION
- Mode owner: 
  - Mode: MODE_IN_COMMUNICATION
  - Binder: android.os.BinderProxy@0
  - Pid: 42
  - Uid: 10544
  - Package: org.app.calls
  - Privileged: false
  - Active: true
- Mode owner stack: 
  Requester # 1:
  - Mode: MODE_IN_CALL
  - Pid: 99
  - Uid: 1000
  - Package: android

AudioDeviceBroker:
  Communication route clients:
    pid: 42 device: AudioDeviceAttributes: role:output type:bt_sco_hs addr:AA:BB:CC:00:A8:0F name:Buds cb: android.os.BinderProxy@1
  Computed Preferred communication device: null
  Active communication device: AudioDeviceAttributes: role:output type:bt_sco_hs addr:AA:BB:CC:00:A8:0F name:Buds profiles:[] descriptors:[]
  mModeOwnerPid: 42
  mBluetoothHeadsetDevice: AA:BB:CC:00:A8:0F
  mScoAudioState: SCO_STATE_ACTIVE_INTERNAL
  mScoAudioMode: SCO_MODE_VIRTUAL_CALL

Event logs:

Audio event log: phone state (logged after successfull call to AudioSystem.setPhoneState(int))
03-28 10:42:59:490 setMode(MODE_NORMAL) from package=org.app.calls pid=15158 selected mode=MODE_NORMAL by pid=0
`},
	// 34: the broker names the owner, and the logs are called Events log.
	{From: 34, To: 36, Mark: grammar.Composed, Check: says("mode MODE_RINGTONE owner 1932/1000/android device none sco SCO_STATE_INACTIVE ringer NORMAL/NORMAL zen ZEN_MODE_OFF ring muted true focus android/GAIN_TRANSIENT/1000/USAGE_NOTIFICATION_RINGTONE"),
		Text: focus + `
Ringer mode: 
- mode (internal) = NORMAL
- mode (external) = NORMAL
- zen mode:ZEN_MODE_OFF

Audio mode: 
- Requested mode = MODE_RINGTONE
- Actual mode = MODE_RINGTONE
- Mode owner: 
  - Mode: MODE_RINGTONE
  - Pid: 1932
  - Uid: 1000
  - Package: android
- Mode owner stack: 
   Empty

AudioDeviceBroker:
  Active communication device: null
  mAudioModeOwner: AudioModeInfo: mMode=MODE_RINGTONE, mPid=1932, mUid=1000
  mScoAudioState: SCO_STATE_INACTIVE

Events log: phone state (logged after successful call to AudioSystem.setPhoneState(int, int))
06-06 13:15:25:160 setMode(MODE_RINGTONE) from package=android pid=1932 selected mode=MODE_RINGTONE by pid=1932
`},
	// Samsung prints the owner as one line in place of the owner's lines.
	{From: 34, To: 36, Maker: "Samsung", Mark: grammar.Composed, Check: says("mode MODE_IN_COMMUNICATION owner 42/10544/ device unknown sco unknown ringer unknown/unknown zen unknown ring muted unknown focus"),
		Text: "Audio mode: \n- Requested mode = MODE_IN_COMMUNICATION\n- Actual mode = MODE_IN_COMMUNICATION\n  mAudioModeOwner: AudioModeInfo: mMode=MODE_IN_COMMUNICATION, mPid=42, mUid=10544\n"},
	{From: 29, To: 29, Mark: grammar.Captured, File: "audio/004-a10-full.txt", Check: says("mode MODE_NORMAL owner nobody device unknown sco unknown ringer NORMAL/NORMAL zen unknown ring muted false focus com.spotify.music/GAIN/10024/USAGE_MEDIA" +
		" players 791/android.media.SoundPool/10061/11821/idle/USAGE_ASSISTANCE_SONIFICATION 799/android.media.SoundPool/10061/11821/idle/USAGE_ASSISTANCE_SONIFICATION" +
		" 807/android.media.SoundPool/10061/11821/idle/USAGE_ASSISTANCE_SONIFICATION 823/android.media.SoundPool/10018/12483/idle/USAGE_ASSISTANCE_SONIFICATION" +
		" 4423/android.media.AudioTrack/10149/27938/paused/USAGE_MEDIA 4455/android.media.AudioTrack/10149/27938/paused/USAGE_MEDIA" +
		" 4519/android.media.SoundPool/10046/4377/idle/USAGE_ASSISTANCE_SONIFICATION 4535/android.media.SoundPool/10114/5857/idle/USAGE_ASSISTANCE_SONIFICATION" +
		" 4543/android.media.AudioTrack/10024/2745/paused/USAGE_MEDIA")},
	{From: 34, To: 34, Maker: "Motorola", Mark: grammar.Captured, File: "audio/002-a14-moto-edge30pro-mode-and-broker.txt", Check: says("mode MODE_NORMAL owner nobody device bt_a2dp/OnePlus Nord Buds 2r sco SCO_STATE_INACTIVE ringer NORMAL/NORMAL zen ZEN_MODE_OFF ring muted unknown focus")},
	{From: 34, To: 36, Maker: "Samsung", Mark: grammar.Captured, File: "audio/008-fixture-samsung-audio-mode-owner.txt", Check: says("mode MODE_IN_COMMUNICATION owner 42/10544/ device unknown sco unknown ringer unknown/unknown zen unknown ring muted unknown focus")},
	{From: 31, To: 33, Mark: grammar.Captured, File: "audio/009-fixture-aosp-audio-mode-owner.txt", Check: says("mode MODE_IN_COMMUNICATION owner 42/10544/com.whatsapp device unknown sco unknown ringer unknown/unknown zen unknown ring muted unknown focus")},
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
	owner, device := "unknown", "unknown"
	if o, ok := f.ModeOwner.Get(); ok {
		if owner = "nobody"; !o.None() {
			owner = fmt.Sprintf("%d/%d/%s", o.PID, o.UID, o.Package)
		}
	}
	if d, ok := f.CommunicationDevice.Get(); ok {
		if device = "none"; d.Type != "" {
			device = d.Type + "/" + d.Name
		}
	}
	s := fmt.Sprintf("mode %v owner %s device %s sco %v ringer %v/%v zen %v ring muted %v focus", f.Mode, owner, device, f.ScoState, f.RingerMode, f.RingerModeExternal, f.ZenMode, f.RingMuted)
	for _, e := range f.FocusStack.Or(nil) {
		s += fmt.Sprintf(" %s/%s/%v/%s", e.Package, e.Gain, e.UID, e.Usage)
	}
	if _, ok := f.Players.Get(); ok {
		s += " players"
	}
	for _, p := range f.Players.Or(nil) {
		s += fmt.Sprintf(" %d/%s/%d/%d/%s/%s", p.ID, p.Type, p.UID, p.PID, p.State, p.Usage)
	}
	return s
}
