package render

import (
	"fmt"
	"strings"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// Audio is `dumpsys audio` (AudioService.dump, MediaFocusControl.dump,
// AudioDeviceBroker.dump), after captures of 10 and 14. Up to 30 the mode is only
// in the log of its changes, and 26 and 27 have no such log.
func Audio(d *android.Device) string {
	p := of(d)
	a := d.Audio
	p.ln("")
	p.ln("MediaFocusControl dump time: %s", clockTime(p, d))
	p.ln("")
	p.ln("Audio Focus stack entries (last is top of stack):")
	for _, f := range a.Focus {
		p.ln("  source:android.os.BinderProxy@%s -- pack: %s -- client: %s -- gain: %s -- flags:  -- loss: %s -- notified: true -- limbo: false -- uid: %d -- attr: AudioAttributes: usage=%s content=%s flags=0x0 tags= bundle=null -- sdk:%d",
			hash(d, "focus "+f.Client), f.Package, f.Client, f.Gain, f.Loss, f.UID, f.Usage, focusContent(f.Usage), d.API)
	}
	p.ln("")
	p.ln(" Notify on duck: true")
	p.ln(" In ring or call: %t", a.Mode != "MODE_NORMAL")
	p.ln("")
	p.ln("Stream volumes (device: index)")
	// In the order of their numbers (AudioSystem.STREAM_*).
	streams := []string{"STREAM_VOICE_CALL", "STREAM_SYSTEM", "STREAM_RING", "STREAM_MUSIC", "STREAM_ALARM", "STREAM_NOTIFICATION"}
	for _, s := range streams {
		muted := (s == "STREAM_RING" || s == "STREAM_NOTIFICATION" || s == "STREAM_SYSTEM") && a.Internal() != "NORMAL"
		index := a.Volumes[s]
		if muted {
			index = 0
		}
		p.ln("- %s:", s)
		p.ln("   Muted: %t", muted)
		p.since(30, "   Muted Internally: false")
		p.ln("   Min: 0")
		p.ln("   Max: %d", a.MaxVolumes[s])
		p.ln("   streamVolume:%d", index)
		p.ln("   Current: 2 (speaker): %d, 40000000 (default): %d", index, index)
		p.ln("   Devices: speaker(2)")
		p.since(30, "   Volume Group: AUDIO_%s", s)
	}
	p.ln("")
	p.ln("Ringer mode: ")
	p.ln("- mode (internal) = %s", a.Internal())
	p.ln("- mode (external) = %s", a.Ringer)
	p.since(30, "- zen mode:%s", zenName(d))
	p.ln("- ringer mode affected streams = 0x1a6 (STREAM_SYSTEM,STREAM_RING,STREAM_NOTIFICATION,STREAM_SYSTEM_ENFORCED,STREAM_DTMF)")
	muted := "0x0"
	if a.Internal() != "NORMAL" {
		muted = "0x26 (STREAM_SYSTEM,STREAM_RING,STREAM_NOTIFICATION)"
	}
	p.ln("- ringer mode muted streams = %s", muted)
	p.ln("- delegate = ZenModeHelper")
	p.ln("")
	if p.api >= 31 {
		audioMode(p, d)
		p.ln("")
	}
	p.ln("Audio routes:")
	p.ln("  mMainType=0x%x", mainRoute(d))
	p.ln("  mBluetoothName=%s", mediaHeadset(d))
	p.ln("")
	p.ln("Other state:")
	p.since(34, "  mUseVolumeGroupAliases=false")
	p.ln("  mVolumeController=VolumeController(android.os.BinderProxy@%s,mVisible=false)", hash(d, "volume controller"))
	p.ln("  mMusicActiveMs=0")
	p.ln("  mMcc=310")
	p.since(30, "  mMicMuteFromApi=%t", a.MicMuted)
	p.ln("")
	players(p, d)
	p.ln("")
	if p.api >= 30 {
		broker(p, d)
	}
	p.ln("")
	p.since(30, "SoundEffects:")
	p.ln("Event logs:")
	switch {
	case p.api <= 27:
		return p.String()
	case p.api <= 33:
		p.ln("Audio event log: phone state (logged after successfull call to AudioSystem.setPhoneState(int))")
	default:
		p.ln("Events log: phone state (logged after successful call to AudioSystem.setPhoneState(int, int))")
	}
	for _, e := range a.ModeLog {
		p.ln("%s %s", e.Time.UTC().Format("01-02 15:04:05:000"), e.Text)
	}
	return p.String()
}

// clockTime is DateFormat.getTimeInstance in English.
func clockTime(p *page, d *android.Device) string {
	return d.Now().UTC().Format("3:04:05" + map[bool]string{true: "\u202f", false: " "}[p.api >= 34] + "PM")
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
	if p.by("samsung") {
		o := android.AudioModeOwner{Mode: a.Mode}
		if len(a.Owners) > 0 && a.Mode != android.ModeNormal {
			o = a.Owners[0]
		}
		p.ln("  mAudioModeOwner: AudioModeInfo: mMode=%s, mPid=%d, mUid=%d", a.Mode, o.PID, o.UID)
		return
	}
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
		device = attributes(d, a.CommunicationDevice)
		active = a.CommunicationDevice
	} else if h := d.Bluetooth.Active(); h != nil && h.A2DP {
		// Without a call it is the device that media goes to.
		active = "bt_a2dp"
	} else if a.Wired {
		active = "wired_headset"
	}
	owner := android.AudioModeOwner{Mode: "MODE_NORMAL"}
	if len(a.Owners) > 0 {
		owner = a.Owners[0]
	}
	proxy := "null"
	if d.Bluetooth.State == android.BluetoothOn {
		proxy = "android.bluetooth.BluetoothHeadset@" + hash(d, "headset proxy")
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
		connected(p, d)
		p.ln("")
		if p.api >= 31 {
			p.ln("Communication route clients:")
			p.ln("")
			p.ln("Computed Preferred communication device: %s", device)
			p.ln("")
			p.ln("Applied Preferred communication device: %s", device)
			p.ln("Active communication device: %s", attributes(d, active))
			p.ln("mCommunicationStrategyId: 14")
			p.since(34, "mAccessibilityStrategyId: 17")
			p.ln("")
		}
		p.upTo(33, "mModeOwnerPid: %d", owner.PID)
		p.since(34, "mAudioModeOwner: AudioModeInfo: mMode=%s, mPid=%d, mUid=%d", owner.Mode, owner.PID, owner.UID)
		p.ln("")
		p.ln("mBluetoothHeadset: %s", proxy)
		if h := d.Bluetooth.Active(); h != nil {
			p.ln("mBluetoothHeadsetDevice: %s", shownAddress(d, h.Address))
			p.ln("mBluetoothHeadsetDevice.DeviceClass: AUDIO_VIDEO_WEARABLE_HEADSET")
		} else {
			p.ln("mBluetoothHeadsetDevice: null")
		}
		p.ln("mScoAudioState: %s", scoState(d))
		p.ln("mScoAudioMode: SCO_MODE_UNDEFINED")
		p.ln("")
		p.ln("mHearingAid: null")
		p.ln("")
		p.ln("mLeAudio: null")
		p.ln("mA2dp: null")
		p.ln("mAvrcpAbsVolSupported: false")
	})
}

func attributes(d *android.Device, device string) string {
	addr, name := "", ""
	if h := d.Bluetooth.Active(); h != nil && strings.HasPrefix(device, "bt_") {
		addr, name = h.Address, h.Name
	}
	return "AudioDeviceAttributes: role:output type:" + device + " addr:" + addr + " name:" + name + " profiles:[] descriptors:[]"
}

// connected are AudioDeviceInventory's devices beside the built-in ones.
func connected(p *page, d *android.Device) {
	info := func(bit uint32, device, name, addr string) {
		p.ln("  [DeviceInfo: type:0x%x (%s) name:%s addr:%s codec: 0 sensorUuid: null disabled modes: {}]", bit, device, name, addr)
	}
	if d.Audio.Wired {
		info(0x4, "headset", "h2w", "")
		info(0x80000010, "headset", "h2w", "")
	}
	if h := d.Bluetooth.Active(); h != nil {
		info(0x80, "bt_a2dp", h.Name, h.Address)
		info(0x20, "bt_sco_hs", h.Name, h.Address)
		info(0x80000008, "bt_sco_hs", h.Name, h.Address)
	}
}

// scoState is BtHelper's state. Telecom opens the channel through the headset
// service, so for AudioService somebody else did.
func scoState(d *android.Device) string {
	if h := d.Bluetooth.Active(); h != nil && h.HFP == android.HFPAudioOn {
		return "SCO_STATE_ACTIVE_EXTERNAL"
	}
	return "SCO_STATE_INACTIVE"
}

// mainRoute is AudioRoutesInfo.mainType: 1 is a headset.
func mainRoute(d *android.Device) int {
	if d.Audio.Wired {
		return 1
	}
	return 0
}

func mediaHeadset(d *android.Device) string {
	if h := d.Bluetooth.Active(); h != nil && h.A2DP {
		return h.Name
	}
	return "null"
}

func focusContent(usage string) string {
	if usage == "USAGE_MEDIA" {
		return "CONTENT_TYPE_MUSIC"
	}
	return "CONTENT_TYPE_SPEECH"
}
