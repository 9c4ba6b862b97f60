package shell

import (
	"github.com/ringproof/ringproof/devices/virtual/android"
)

// streams are AudioSystem.STREAM_* by number.
var streams = []string{"STREAM_VOICE_CALL", "STREAM_SYSTEM", "STREAM_RING", "STREAM_MUSIC", "STREAM_ALARM", "STREAM_NOTIFICATION"} // read-only table

// volume is frameworks/base/cmds/media VolumeCtrl.
func volume(c *call) int {
	stream, set, get, step := "STREAM_MUSIC", -1, false, 0
	for {
		o, ok := c.option()
		if !ok {
			break
		}
		switch o {
		case "--stream":
			n := number(c.arg(), -1)
			if n < 0 || n >= len(streams) {
				c.errln("Error: Invalid stream type")
				return 255
			}
			stream = streams[n]
			c.Printf("[V] will control stream=%d (%s)\n", n, stream)
		case "--set":
			set = number(c.arg(), -1)
			c.Printf("[V] will set volume to index=%d\n", set)
		case "--get":
			get = true
			c.Println("[V] will get volume")
		case "--adj":
			step = map[string]int{"raise": 1, "lower": -1}[c.arg()]
		case "--show":
		default:
			c.errln("Error: Unknown command %s", o)
			return 255
		}
	}
	most, index := 0, 0
	c.do(func(d *android.Device) {
		if step != 0 {
			set = d.Audio.Volumes[stream] + step
		}
		if set >= 0 {
			d.Audio.SetVolume(stream, set)
		}
		most, index = d.Audio.MaxVolumes[stream], d.Audio.Volumes[stream]
		if stream == "STREAM_RING" && d.Audio.Ringer != "NORMAL" {
			index = 0
		}
	})
	if get {
		c.Printf("[V] volume is %d in range [0..%d]\n", index, most)
	}
	return 0
}

// audio is AudioManagerShellCommand: its command for the ringer is of 14.
func audio(c *call) int {
	verb := c.arg()
	switch {
	case verb == "":
		c.Println("Audio manager (audio) commands:\n  help\n    Print this help text.")
		return 0
	case verb == "set-ringer-mode" && c.release().API >= 34:
		mode, ok := c.arg(), false
		c.do(func(d *android.Device) { ok = d.Audio.SetRinger(mode) })
		if !ok {
			c.errln("Error: Unknown ringer mode %s", mode)
			return 1
		}
		return 0
	}
	c.Printf("Unknown command: %s\n", verb)
	return 255
}
