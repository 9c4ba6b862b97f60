package render

import (
	"fmt"
	"sort"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// Audio is `dumpsys audio` (AudioService.dump, MediaFocusControl.dump,
// AudioDeviceBroker.dump of 14).
func Audio(d *android.Device) string {
	p := &page{}
	a := d.Audio
	p.ln("")
	p.ln("MediaFocusControl dump time: %s", d.Now().UTC().Format("3:04:05\u202fPM"))
	p.ln("")
	p.ln("Audio Focus stack entries (last is top of stack):")
	for _, f := range a.Focus {
		p.ln("  source:android.os.BinderProxy@%s -- pack: %s -- client: android.media.AudioManager@%s -- gain: %s -- flags:  -- loss: none -- notified: true -- limbo: false -- uid: %d -- attr: AudioAttributes: usage=%s content=CONTENT_TYPE_SPEECH flags=0x0 tags= bundle=null -- sdk:34",
			hash(d, "focus "+f.Package), f.Package, hash(d, "focus client "+f.Package), f.Gain, f.UID, f.Usage)
	}
	p.ln("")
	p.ln(" Notify on duck: true")
	p.ln(" In ring or call: %t", a.Mode != "MODE_NORMAL")
	p.ln("")
	p.ln("Stream volumes (device: index)")
	streams := make([]string, 0, len(a.Volumes))
	for s := range a.Volumes {
		streams = append(streams, s)
	}
	sort.Strings(streams)
	for _, s := range streams {
		muted := s == "STREAM_RING" && a.Ringer != "NORMAL"
		index := a.Volumes[s]
		if muted {
			index = 0
		}
		p.ln("- %s:", s)
		p.ln("   Muted: %t", muted)
		p.ln("   Muted Internally: false")
		p.ln("   Min: 0")
		p.ln("   Max: %d", a.MaxVolumes[s])
		p.ln("   streamVolume:%d", index)
		p.ln("   Current: 2 (speaker): %d, 40000000 (default): %d", index, index)
		p.ln("   Devices: speaker(2)")
		p.ln("   Volume Group: AUDIO_%s", s)
	}
	p.ln("")
	p.ln("Ringer mode: ")
	p.ln("- mode (internal) = %s", a.Ringer)
	p.ln("- mode (external) = %s", a.Ringer)
	p.ln("- zen mode:%s", zenName(d))
	p.ln("- ringer mode affected streams = 0x1a6 (STREAM_SYSTEM,STREAM_RING,STREAM_NOTIFICATION,STREAM_SYSTEM_ENFORCED,STREAM_DTMF)")
	muted := "0x0"
	if a.Ringer != "NORMAL" {
		muted = "0x26 (STREAM_SYSTEM,STREAM_RING,STREAM_NOTIFICATION)"
	}
	p.ln("- ringer mode muted streams = %s", muted)
	p.ln("- delegate = ZenModeHelper")
	p.ln("")
	audioMode(p, d)
	p.ln("")
	p.ln("Audio routes:")
	p.ln("  mMainType=0x0")
	p.ln("  mBluetoothName=null")
	p.ln("")
	p.ln("Other state:")
	p.ln("  mUseVolumeGroupAliases=false")
	p.ln("  mVolumeController=VolumeController(android.os.BinderProxy@%s,mVisible=false)", hash(d, "volume controller"))
	p.ln("  mMusicActiveMs=0")
	p.ln("  mMcc=310")
	p.ln("  mMicMuteFromApi=%t", a.MicMuted)
	p.ln("")
	broker(p, d)
	p.ln("")
	p.ln("SoundEffects:")
	p.ln("Event logs:")
	p.ln("Events log: phone state (logged after successful call to AudioSystem.setPhoneState(int, int))")
	for _, e := range a.ModeLog {
		p.ln("%s %s", e.Time.UTC().Format("01-02 15:04:05:000"), e.Text)
	}
	return p.String()
}

func audioMode(p *page, d *android.Device) {
	a := d.Audio
	owner := func(indent string, o android.AudioModeOwner) {
		p.ln("%s- Mode: %s", indent, o.Mode)
		p.ln("%s- Binder: android.os.BinderProxy@%s", indent, hash(d, fmt.Sprint("mode ", o.UID)))
		p.ln("%s- Pid: %d", indent, o.PID)
		p.ln("%s- Uid: %d", indent, o.UID)
		p.ln("%s- Package: %s", indent, o.Package)
		p.ln("%s- Privileged: %t", indent, o.UID < android.FirstAppUID)
		p.ln("%s- Active: true", indent)
	}
	p.ln("Audio mode: ")
	p.ln("- Requested mode = %s", a.Mode)
	p.ln("- Actual mode = %s", a.Mode)
	p.ln("- Mode owner: ")
	if len(a.Owners) == 0 || a.Owners[0].Mode == "MODE_NORMAL" {
		p.ln("   None")
	} else {
		owner("   ", a.Owners[0])
	}
	p.ln("- Mode owner stack: ")
	if len(a.Owners) == 0 {
		p.ln("   Empty")
	}
	for i, o := range a.Owners {
		p.ln("   Requester # %d:", i+1)
		owner("   ", o)
	}
}

func broker(p *page, d *android.Device) {
	a := d.Audio
	device := "null"
	active := "speaker"
	if a.CommunicationDevice != "" {
		device = attributes(a.CommunicationDevice)
		active = a.CommunicationDevice
	}
	owner := android.AudioModeOwner{Mode: "MODE_NORMAL"}
	if len(a.Owners) > 0 {
		owner = a.Owners[0]
	}
	sco := "SCO_STATE_INACTIVE"
	if a.CommunicationDevice == "bt_sco_hs" {
		sco = "SCO_STATE_ACTIVE_EXTERNAL"
	}
	p.ln("AudioDeviceBroker:")
	p.in(func() {
		p.ln("Message handler (watch for unhandled messages):")
		p.ln("  Handler (com.android.server.audio.AudioDeviceBroker$BrokerHandler) {%s} @ %d", hash(d, "broker"), d.Elapsed().Milliseconds())
		p.ln("    Looper (AudioDeviceBroker, tid 135) {%s}", hash(d, "broker looper"))
		p.ln("      (Total messages: 0, polling=true, quitting=false)")
		p.ln("")
		p.ln("Preferred devices for strategy:")
		p.ln("")
		p.ln("Connected devices:")
		p.ln("")
		p.ln("Communication route clients:")
		p.ln("")
		p.ln("Computed Preferred communication device: %s", device)
		p.ln("")
		p.ln("Applied Preferred communication device: %s", device)
		p.ln("Active communication device: %s", attributes(active))
		p.ln("mCommunicationStrategyId: 14")
		p.ln("mAccessibilityStrategyId: 17")
		p.ln("")
		p.ln("mAudioModeOwner: AudioModeInfo: mMode=%s, mPid=%d, mUid=%d", owner.Mode, owner.PID, owner.UID)
		p.ln("")
		p.ln("mBluetoothHeadset: null")
		p.ln("mBluetoothHeadsetDevice: null")
		p.ln("mScoAudioState: %s", sco)
		p.ln("mScoAudioMode: SCO_MODE_UNDEFINED")
		p.ln("")
		p.ln("mHearingAid: null")
		p.ln("")
		p.ln("mLeAudio: null")
		p.ln("mA2dp: null")
		p.ln("mAvrcpAbsVolSupported: false")
	})
}

func attributes(device string) string {
	return "AudioDeviceAttributes: role:output type:" + device + " addr: name: profiles:[] descriptors:[]"
}
