package android

import (
	"slices"
	"time"
)

// Temp lists the live entries of the temporary allowlist in order of addition.
func (i *DeviceIdle) Temp() []AllowEntry {
	i.temp = slices.DeleteFunc(i.temp, func(e AllowEntry) bool { return e.Until <= i.d.Elapsed() })
	return slices.Clone(i.temp)
}

// AddTemp puts a package on the temporary allowlist for a while
// (`cmd deviceidle tempwhitelist -d MS PKG`): it may then start services and
// foreground services from the background. A longer stay is not shortened.
func (i *DeviceIdle) AddTemp(pkg string, d time.Duration, reason string) error {
	pk := i.d.Packages.Get(pkg)
	if pk == nil {
		return Throw(IllegalArgumentException, "Unknown package: %s", pkg)
	}
	until := i.d.Elapsed() + d
	for n := range i.temp {
		if i.temp[n].UID == pk.UID {
			i.temp[n].Until = max(i.temp[n].Until, until)
			return nil
		}
	}
	i.temp = append(i.temp, AllowEntry{UID: pk.UID, Package: pkg, Until: until, Reason: reason})
	return nil
}

// RemoveTemp is tempwhitelist -r.
func (i *DeviceIdle) RemoveTemp(pkg string) {
	i.temp = slices.DeleteFunc(i.temp, func(e AllowEntry) bool { return e.Package == pkg })
}

func (i *DeviceIdle) tempAllowed(uid int) bool {
	return slices.ContainsFunc(i.Temp(), func(e AllowEntry) bool { return e.UID == uid })
}

// Force is force-idle: kind is "deep" or "light". It returns what the command prints.
func (i *DeviceIdle) Force(kind string) string {
	i.Forced = true
	if kind == "light" {
		i.Light = "IDLE"
		return "Now forced in to light idle mode"
	}
	i.Deep, i.Light = "IDLE", "OVERRIDE"
	return "Now forced in to deep idle mode"
}

// Unforce is unforce; it returns what the command prints.
func (i *DeviceIdle) Unforce() string {
	i.Forced = false
	i.Deep, i.Light = "ACTIVE", "ACTIVE"
	i.screenChanged()
	return "Light state: " + i.Light + ", deep state: " + i.Deep
}

// screenChanged leaves Doze when the phone is woken and not forced, and becomes
// inactive when the screen is off and nothing charges.
func (i *DeviceIdle) screenChanged() {
	if i.Forced {
		return
	}
	i.Deep, i.Light = "ACTIVE", "ACTIVE"
	if !i.d.Power.Interactive() && !i.d.Battery.charging() {
		i.Deep, i.Light = "INACTIVE", "INACTIVE"
	}
}

func (b *Battery) charging() bool { return b.AC || b.USB || b.Wireless }

// Unplug is dumpsys battery unplug.
func (b *Battery) Unplug() {
	b.AC, b.USB, b.Wireless, b.UpdatesStopped = false, false, false, true
}

// Reset takes values set by hand back.
func (b *Battery) Reset() { *b = *newBattery() }

func newBattery() *Battery {
	return &Battery{Level: 85, Scale: 100, Status: 2, Health: 2, USB: true, Voltage: 4210, Temperature: 271, Technology: "Li-ion"}
}

// Set is dumpsys battery set KEY VALUE; false for a key that the command refuses.
func (b *Battery) Set(key string, value int) bool {
	on := value != 0
	switch key {
	case "ac":
		b.AC = on
	case "usb":
		b.USB = on
	case "wireless":
		b.Wireless = on
	case "status":
		b.Status = value
	case "level":
		b.Level = value
	case "temp":
		b.Temperature = value
	default:
		return false
	}
	b.UpdatesStopped = true
	return true
}

// setMode changes the audio mode for an owner; MODE_NORMAL gives it back.
func (a *Audio) setMode(mode string, by AudioModeOwner) {
	a.Owners = slices.DeleteFunc(a.Owners, func(o AudioModeOwner) bool { return o.PID == by.PID })
	if mode != ModeNormal {
		by.Mode = mode
		// The most recent privileged requester owns the mode, else the most
		// recent one (AudioService.getAudioModeOwnerHandler, 12+).
		at := 0
		if by.UID >= FirstAppUID {
			for at < len(a.Owners) && a.Owners[at].UID < FirstAppUID {
				at++
			}
		}
		a.Owners = slices.Insert(a.Owners, at, by)
	}
	a.Mode = ModeNormal
	if len(a.Owners) > 0 {
		a.Mode = a.Owners[0].Mode
	}
	text := "setMode(" + mode + ") from package=" + by.Package + " pid=" + itoa(by.PID) + " selected mode=" + a.Mode + " by pid="
	if len(a.Owners) > 0 {
		text += itoa(a.Owners[0].PID)
	} else {
		text += "0"
	}
	a.ModeLog = append(a.ModeLog, AudioEvent{Time: a.d.Now(), Text: text})
	if len(a.ModeLog) > 20 {
		a.ModeLog = a.ModeLog[len(a.ModeLog)-20:]
	}
}

// Audio modes.
const (
	ModeNormal          = "MODE_NORMAL"
	ModeRingtone        = "MODE_RINGTONE"
	ModeInCommunication = "MODE_IN_COMMUNICATION"
	ModeInCall          = "MODE_IN_CALL"
)

func (a *Audio) procDied(pr *Process) {
	a.silence(func(p *Player) bool { return p.PID == pr.PID })
	for _, o := range a.Owners {
		if o.PID == pr.PID {
			a.setMode(ModeNormal, o)
			return
		}
	}
}

// adjust is the volume keys: one step of the stream that they mean now.
func (a *Audio) adjust(step int) {
	stream := "STREAM_RING"
	if a.Mode == ModeInCommunication {
		stream = "STREAM_VOICE_CALL"
	}
	a.Volumes[stream] = max(0, min(a.MaxVolumes[stream], a.Volumes[stream]+step))
}
