package android

// Ringer modes (AudioManager.RINGER_MODE_*), by number.
var ringerModes = [...]string{"SILENT", "VIBRATE", "NORMAL"} // read-only table

// SetRinger is the ringer switch: SILENT, VIBRATE or NORMAL; false for anything
// else.
func (a *Audio) SetRinger(mode string) bool {
	for n, name := range ringerModes {
		if name == mode {
			a.Ringer = mode
			a.d.Settings.Put(Global, "mode_ringer", itoa(n))
			return true
		}
	}
	return false
}

// Internal is the ringer mode that sounds follow: what the user chose, and
// silence while Do Not Disturb lets no ring through (ZenModeHelper.RingerModeDelegate).
func (a *Audio) Internal() string {
	switch a.d.Settings.Int(Global, "zen_mode", 0) {
	case 2, 3:
		return "SILENT"
	}
	return a.Ringer
}

// SetVolume sets a stream's volume. The ring stream's at 0 makes the phone
// vibrate, above it ring (AudioService.getNewRingerMode, of a phone that vibrates).
func (a *Audio) SetVolume(stream string, index int) bool {
	most, ok := a.MaxVolumes[stream]
	if !ok {
		return false
	}
	index = max(0, min(most, index))
	if stream != "STREAM_RING" {
		a.Volumes[stream] = index
		return true
	}
	if index == 0 {
		return a.SetRinger("VIBRATE")
	}
	a.Volumes[stream] = index
	return a.SetRinger("NORMAL")
}
