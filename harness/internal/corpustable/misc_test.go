package corpustable

var miscTable = []row{
	{"misc/001", "battery", `
		2 ac true
		3 usb false
		5 dock false
		9 status 2
		12 level 22
		15 temperature 337
		14 voltage 3826
		2 overridden false`},
	{"misc/002", "getprop", `
		1 values 1178 of them
		830 .name ro.build.version.sdk
		830 .value 34
		827 .value 14
		961 .value Xiaomi
		964 .value 23043RP34G
		902 .name ro.mi.os.version.incremental
		1124 .value 1
		809 .value Xiaomi/pipa_eea/pipa:14/UKQ1.240624.001/OS2.0.12.0.UMZEUXM:user/release-keys`},
	{"misc/004", "getprop", `
		1 values 989 of them
		785 .value 28
		784 .value 9
		840 .value QUALCOMM
		841 .value msmnile_gvmq for arm64
		169 .name persist.vendor.gwm.cfg.bean_file_version
		169 .value cfgVersion:E0480037`},
	{"misc/005", "dropbox", `
		1 total 72
		2 search data_app_anr
		1 entries 2 of them
		5 entries[0].tag data_app_anr
		6 entries[0].process com.test.app.anr
		7 entries[0].pid 4251
		10 entries[0].foreground true
		11 entries[0].subject Broadcast of Intent { act=com.test.app.anr.ANR ...
		108 entries[1].bytes 21937
		109 entries[1].process com.test.app.anr2`},
	{"misc/006", "dropbox", `
		1 total 140
		5 search data_app_crash
		8 entries[0].time 2025-10-24 16:33:24
		9 entries[0].process com.test.app.jetpack
		11 entries[0].uid 10172
		13 entries[0].version 1
		18 entries[0].cause java.lang.RuntimeException: Unable to start activity ...
		40 entries[1].time 2025-10-24 17:33:24
		45 entries[1].version 22981508
		46 entries[1].foreground false`},
	{"misc/007", "getprop", `
		1 values 566 of them
		355 .value 30
		426 .value Google
		427 .value Pixel 5
		382 .name ro.debuggable
		382 .value 1`},
	{"misc/009", "package-list", `
		1 packages 55 of them
		1 packages[0].name com.junkfood.seal
		26 packages[25].name com.whatsapp
		55 packages[54].name com.instagram.android`},
	{"misc/010", "ps", `
		1 processes 17 of them
		2 processes[0].name init
		2 processes[0].user root
		5 processes[3].name [kworker/u16:0]
		18 processes[16].pid 18
		18 processes[16].ppid 2
		18 processes[16].state S`},
	// a bug report: each reader cuts its own service out
	{"misc/011", "app-ops-dump", `
		41 .uid 0
		42 .state cch
		49 .mode allow
		67 .uid 10103
		71 .name com.facebook.katana
		74 .name WRITE_SMS
		74 .mode ignore`},
	{"misc/011", "package", `
		143 packages[0].name com.samsung.android.provider.filterprovider
		179 packages[1].name com.instagram.android
		180 packages[1].uid 10164
		187 packages[1].versionCode 364105349
		188 packages[1].versionName 241.1.0.18.114`},
	// a history of charge and of what ran: no reader is for it
	{"misc/012", "battery", `! not a dump`},
	{"misc/013", "activity", `! not a dump`},
	{"misc/013", "reply", `
		1 accepted false
		1 refusal.kind unknown command
		1 refusal.message Unknown command: com.funnyenglish.app`},
	{"misc/014", "package", `
		0 missing [com.funnyenglish.app]
		? packages`},
	{"misc/015", "battery", `
		2 ac true
		11 health 2
		13 level 100
		15 voltage 5000
		18 temperature 250
		5 dock false`},
	// memory and frames: no reader is for them, and none takes them for its own
	{"misc/016", "ps", `! not a dump`},
	{"misc/017", "reply", `! not a dump`},
	{"misc/019", "settings", `
		1 values 120 of them
		1 values[0].name FBO_RULES
		3 values[2].value {"curPackages":[],"groupIndex":0,"level1":[],"level2":[],"level3":[],"startLevelTime":[0,0,0]}
		10 .name accessibility_enabled
		17 .value http://www.google.com http://www.google.co.uk
		82 .name dropbox:data_app_anr
		82 .value disabled`},
}
