package corpustable

var windowTable = []row{
	{"window/001", "window", `
		2 windows 4 of them
		10 .activity com.example.testapp.MainActivity
		10 .package com.example.testapp
		25 .title com.android.launcher/com.android.launcher2.Launcher
		? focus`},
	{"window/002", "window", `
		223 focus.activity com.android.settings.Settings
		224 focusedApp.package com.android.settings
		2 windows 8 of them
		29 .title StatusBar
		109 .package com.android.settings
		? keyguard.showing`},
	{"window/003", "window", `
		239 focus.package com.android.settings
		240 focusedApp.activity com.android.settings.Settings
		145 .onScreen true
		146 .visible true
		86 .visible false
		2 windows 8 of them`},
	{"window/004", "window", `
		412 focus.activity com.android.settings.Settings
		413 focusedApp.package com.android.settings
		2 windows 13 of them
		31 .onScreen false
		187 .visible true
		188 .activity com.android.packageinstaller.permission.ui.GrantPermissionsActivity`},
	{"window/005", "window", `
		2 windows 8 of them
		2 .title NavigationBar0
		130 .activity com.android.settings.Settings
		162 .onScreen true
		163 .visible true
		? focus`},
	{"window/006", "window", `
		2 windows 10 of them
		2 .title pip-dismiss-overlay
		98 .visible false
		207 .package com.android.settings
		241 .visible true
		? focus`},
	{"window/007", "window", `
		2 windows 10 of them
		56 .title NotificationShade
		78 .onScreen false
		110 .title ShellDropTarget
		196 .visible true
		? focusedApp`},
	{"window/009", "window", `
		2 windows 13 of them
		2 .title ScreenDecorOverlayBottom
		174 .onScreen false
		175 .visible false
		216 .onScreen true
		277 .package com.android.settings
		304 .visible true`},
	{"window/010", "window", `
		2 windows 13 of them
		183 .title NotificationShade
		204 .visible false
		330 .activity com.android.settings.Settings
		357 .visible true
		? focus`},
	{"window/012", "window", `
		2 windows 11 of them
		86 .title Taskbar
		195 .onScreen false
		271 .visible true
		335 .activity com.android.settings.Settings
		362 .visible true
		? focus`},
	{"window/013", "window", `
		2 windows 15 of them
		62 .title PointerLocation - display 0
		228 .onScreen false
		305 .visible true
		471 .activity com.android.settings.SubSettings
		500 .visible false`},
	{"window/015", "window", `
		2 focus.title Application Not Responding: com.example.app
		2 focus.kind not responding
		3 focusedApp.activity com.example.app.MainActivity`},
	{"window/016", "window", `
		2 focus.title Application Error: com.example.app
		2 focus.kind crashed
		3 focusedApp.package com.example.app`},
	{"window/017", "window", `
		2 focus.activity com.example.app.MainActivity
		3 focusedApp.activity com.example.app.MainActivity
		? keyguard.showing`},
	{"window/021", "window", `
		2 keyguard.showing false
		4 keyguard.inputRestricted false
		5 keyguard.occluded false
		6 keyguard.secure false
		14 screen OFF
		15 interactive false
		17 keyguard.sources.monitorShowing false`},
}

var uiautomatorTable = []row{
	{"uiautomator/001", "uiautomator", `
		1 windows[0].rotation 0
		1 windows[0].roots[0].package com.google.android.dialer
		1 .contentDesc End call
		1 .contentDesc Bluetooth OnePlus Nord Buds 2r
		1 .resourceId contact_grid_chronometer`},
	{"uiautomator/002", "uiautomator", `
		1 windows[0].roots[0].package com.deepeye.musicpro.debug
		1 .text NOW PLAYING
		1 .contentDesc Like Track`},
	{"uiautomator/004", "uiautomator", `
		1 windows[0].rotation 1
		1 .contentDesc Exit Fullscreen
		1 .text 1.0x`},
	{"uiautomator/005", "uiautomator", `
		1 windows[0].roots[0].resourceId com.android.systemui:id/scene_window_root
		1 .text Set a screen lock
		1 .contentDesc Collapse`},
	{"uiautomator/007", "uiautomator", `
		1 windows[0].roots[0].resourceId com.android.systemui:id/legacy_window_root
		1 .resourceId vivo:id/noti_number
		1 .contentDesc Collapsed, Gmail, , 3 notifications`},
	{"uiautomator/009", "uiautomator", `
		1 windows[0].roots[0].package android
		1 .text Process system isn't responding
		1 .resourceId android:id/aerr_wait
		1 .clickable true`},
	{"uiautomator/010", "uiautomator", `
		1 windows[0].roots[0].package com.google.android.gms
		1 .text SKIP
		1 .bounds.right 1027`},
	{"uiautomator/011", "uiautomator", `
		1 windows[0].roots[0].package com.android.settings
		1 .text 开发者选项
		1 .contentDesc 返回`},
	{"uiautomator/013", "uiautomator", `
		1 windows[0].roots[0].package com.autotask.app
		1 .text 权限检测
		1 .bounds.top 397`},
	{"uiautomator/014", "uiautomator", `
		3 windows[0].roots[0].package com.example
		2 windows[0].rotation 0
		1 windows 1 of them
		? file`},
	{"uiautomator/016", "uiautomator", `
		1 file /sdcard/window_dump.xml
		2 .text Add another location
		2 .contentDesc For sale Home Map Marker, SHOWCASE, $799991`},
}
