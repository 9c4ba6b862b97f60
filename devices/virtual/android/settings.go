package android

import "sort"

// Namespaces of settings.
const (
	Global   = "global"
	Secure   = "secure"
	SystemNS = "system"
)

// Settings is the settings provider: namespace -> key -> value.
type Settings struct {
	values map[string]map[string]string
}

func newSettings() *Settings {
	return &Settings{values: map[string]map[string]string{
		Global: {
			"airplane_mode_on": "0", "adb_enabled": "1", "bluetooth_on": "1", "boot_count": "7",
			"development_settings_enabled": "1", "device_provisioned": "1", "device_name": "Ringproof Virtual",
			"low_power": "0", "mode_ringer": "2", "stay_on_while_plugged_in": "0", "zen_mode": "0",
			"window_animation_scale": "1.0", "transition_animation_scale": "1.0", "animator_duration_scale": "1.0",
			"heads_up_notifications_enabled": "1", "wifi_on": "1", "auto_time": "1",
		},
		Secure: {
			"android_id": "3f1c0ffee5eed001", "user_setup_complete": "1", "lock_screen_lock_after_timeout": "5000",
			"lock_screen_show_notifications": "1", "lock_screen_allow_private_notifications": "1",
			"lockscreen.disabled": "0", "ui_night_mode": "1", "location_mode": "3", "trust_agents_initialized": "1",
			"default_input_method": "com.android.inputmethod.latin/.LatinIME", "bluetooth_name": "Ringproof Virtual",
		},
		SystemNS: {
			"screen_off_timeout": "30000", "screen_brightness": "102", "accelerometer_rotation": "1",
			"haptic_feedback_enabled": "1", "volume_ring": "5", "volume_voice": "4", "volume_music": "5",
			"ringtone": "content://media/internal/audio/media/101", "font_scale": "1.0",
		},
	}}
}

// ValidNamespace reports whether ns is global, secure or system.
func (s *Settings) ValidNamespace(ns string) bool { return s.values[ns] != nil }

// Get returns a value; ok is false when it is unset (`settings get` prints null).
func (s *Settings) Get(ns, key string) (value string, ok bool) {
	value, ok = s.values[ns][key]
	return value, ok
}

// Put sets a value in a known namespace.
func (s *Settings) Put(ns, key, value string) {
	if m := s.values[ns]; m != nil {
		m[key] = value
	}
}

// Delete removes a value and returns how many rows that were.
func (s *Settings) Delete(ns, key string) int {
	if _, ok := s.values[ns][key]; !ok {
		return 0
	}
	delete(s.values[ns], key)
	return 1
}

// Keys lists a namespace's keys, sorted.
func (s *Settings) Keys(ns string) []string {
	ks := make([]string, 0, len(s.values[ns]))
	for k := range s.values[ns] {
		ks = append(ks, k)
	}
	sort.Strings(ks)
	return ks
}

// Int reads a number, or def when it is unset or no number.
func (s *Settings) Int(ns, key string, def int) int {
	v, ok := s.Get(ns, key)
	if !ok {
		return def
	}
	n, sign := 0, 1
	for i, r := range v {
		if i == 0 && r == '-' {
			sign = -1
			continue
		}
		if r < '0' || r > '9' {
			return def
		}
		n = n*10 + int(r-'0')
	}
	if v == "" || v == "-" {
		return def
	}
	return sign * n
}
