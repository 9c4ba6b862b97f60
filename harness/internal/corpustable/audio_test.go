package corpustable

var audioTable = []row{
	{"audio/002", "audio", `
		11 mode MODE_NORMAL
		2 ringerMode NORMAL
		3 ringerModeExternal NORMAL
		4 zenMode ZEN_MODE_OFF
		84 scoState SCO_STATE_INACTIVE
		75 communicationDevice.type bt_a2dp
		75 communicationDevice.name OnePlus Nord Buds 2r
		97 .requested MODE_RINGTONE
		100 .selected MODE_IN_CALL
		112 .requested MODE_IN_COMMUNICATION
		112 .ownerPid 3062
		13 modeOwner.pid 0`},
	{"audio/003", "audio", `
		5 focusStack[0].package com.spotify.music
		5 focusStack[0].gain GAIN
		5 focusStack[0].loss none
		5 focusStack[0].uid 10024
		107 ringerMode NORMAL
		160 .package com.whatsapp
		161 .requested MODE_IN_COMMUNICATION
		163 .selected MODE_IN_CALL
		166 .requested MODE_NORMAL
		166 .pid 15203
		166 mode MODE_NORMAL
		? zenMode
		? scoState`},
	{"audio/004", "audio", `
		5 focusStack[0].package com.spotify.music
		152 ringerMode NORMAL
		390 .selected MODE_IN_COMMUNICATION
		391 mode MODE_NORMAL
		199 players[4].id 4423
		199 players[4].type android.media.AudioTrack
		199 players[4].uid 10149
		199 players[4].pid 27938
		199 players[4].state paused
		199 players[4].usage USAGE_MEDIA
		? zenMode
		? communicationDevice`},
	{"audio/005", "media-session", `
		4 globalPriority.package com.android.server.telecom
		4 globalPriority.tag HeadsetMediaButton
		10 globalPriority.active false
		29 button.package com.deepeye.musicpro.debug
		29 button.tag androidx.media3.session.id.
		29 button.user 0
		30 stack 1 of them
		36 stack[0].active true
		40 stack[0].state 2`},
	{"audio/007", "telecom", `
		! truncated
		2 calls []
		4 all []
		6 ringing []
		9 foreground <none>
		30 audioFocus UNFOCUSED
		31 audioMode MODE_NORMAL
		85 callFocus <none>
		60 dialers[0].package com.google.android.dialer
		61 dialers[1].user 10
		95 accounts 4 of them
		97 accounts[1].coreTelecom true
		98 accounts[2].capabilities [SelfManaged Video]
		99 accounts[3].package com.google.android.apps.tachyon
		? route`},
	{"audio/008", "audio", `
		2 mode MODE_IN_COMMUNICATION
		2 modeOwner.pid 42
		2 modeOwner.uid 10544`},
	{"audio/009", "audio", `
		3 mode MODE_IN_COMMUNICATION
		5 modeOwner.pid 42
		5 modeOwner.uid 10544
		5 modeOwner.package com.whatsapp`},
}

var bluetoothTable = []row{
	{"bluetooth/001", "bluetooth", `
		2 enabled true
		3 state ON
		4 address AA:BB:CC:00:69:E6
		5 name OPPO A9 2020
		35 connection DISCONNECTED
		41 bonded 2 of them
		42 bonded[0].address AA:BB:CC:00:7B:5E
		42 bonded[0].name soundcore K20i
		43 bonded[1].type LE
		63 headset.devices []
		66 headset.active <none>
		67 headset.inband true`},
	{"bluetooth/002", "bluetooth", `
		2 enabled true
		3 state ON
		41 bonded 2 of them
		43 bonded[1].name soundcore R50i NC
		190 headset.active <none>
		191 headset.inband true
		187 headset.devices []
		207 a2dp.active <none>`},
	{"bluetooth/004", "bluetooth", `
		! not a dump
		2 headset.active XX:XX:XX:XX:8D:51
		3 headset.routeAllowed true
		4 headset.inband true
		? enabled`},
}

var deviceidleTable = []row{
	{"deviceidle/002", "alarm", `
		! truncated
		40 plugged true
		37 forcedStandby false
		145 restricted 11 of them
		146 restricted[0].name com.xiaomi.cameramind
		152 restricted[6].uid 6110
		? alarms`},
	{"deviceidle/003", "usage-events", `
		1 events 158 of them
		3 events[0].type ACTIVITY_RESUMED
		3 events[0].class com.miui.home.launcher.Launcher
		7 events[4].type FOREGROUND_SERVICE_START
		7 events[4].package rikka.appops
		25 events[22].channel SCN`},
	{"deviceidle/004", "alarm", `
		21 plugged false
		18 forcedStandby false
		45 elapsed 663113
		62 nextWakeup 664573
		70 alarms 6 of them
		72 alarms[0].kind ELAPSED_WAKEUP
		73 alarms[0].tag *walarm*:*job.deadline*
		92 alarms[3].tag *walarm*:WifiConnectivityManager Schedule Periodic Scan Timer
		98 alarms[4].package com.beantechs.mediacenter.h5.core`},
}
