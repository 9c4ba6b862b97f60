package corpustable

var notificationTable = []row{
	{"notification/001", "notification", `
		2 posted 2 of them
		3 posted[0].package com.google.android.gm
		3 posted[0].tag 0|com.google.android.gm|g:Aggregate_AlertingSection
		3 posted[0].channel ^nc_~_misc
		47 posted[0].intercepted false
		51 posted[0].createdMs 1783704943656
		71 posted[1].id 1366948837
		72 posted[1].uid 10147
		82 posted[1].fullScreenIntent absent
		96 posted[1].title.value Xxx Xxxxxxxx Xxxx.pdf
		101 posted[1].text.value Download complete.
		75 posted[1].flags AUTO_CANCEL`},
	{"notification/002", "notification", `
		2 posted 2 of them
		3 posted[0].userId -1
		42 posted[0].importance 1
		3 posted[0].channel USB
		28 posted[0].title.value USB file transfer turned on
		112 posted[1].importance 4
		76 posted[1].flags ONGOING_EVENT|CAN_COLORIZE
		97 posted[1].title.value USB debugging connected`},
	{"notification/004", "notification", `
		! truncated
		1 partial[0].category transport
		35 partial[0].template android.app.Notification$MediaStyle
		26 .title Previous
		29 .title Stop
		29 .starts broadcastIntent
		32 partial[0].title.value AVAION - Pieces (Official Video)
		37 partial[0].text.value AVAION
		73 partial[0].updatedMs 1768101816191
		? posted`},
	{"notification/005", "notification", `
		! truncated
		1 partial[0].tag LegacyVoicemail_:1
		50 partial[0].importance 3
		26 partial[0].title.value Voicemail
		56 partial[0].intercepted false
		91 archive 5 of them
		93 archive[1].package com.yazan.jetoverlay
		93 archive[1].channel overlay_service_channel
		96 archive[4].key 0|eu.siacs.conversations|6291456|null|10424`},
	{"notification/007", "notification", `
		! truncated
		1 partial[0].userId -1
		27 partial[0].title.length 29
		27 partial[0].title.redacted true
		49 partial[0].createdMs 1774458683871
		67 partial[1].package com.dti.samsung
		71 partial[1].flags ONGOING_EVENT|AUTO_CANCEL
		146 partial[2].category service
		216 partial[3].id -555892737
		242 .title Revisar
		242 .starts startActivity
		243 .title Instalar todos`},
	{"notification/008", "notification", `
		3 posted 2 of them
		4 posted[0].package com.whatsapp.w4b
		8 posted[0].flags GROUP_SUMMARY
		30 posted[0].title.length 5
		34 posted[0].template android.app.Notification$InboxStyle
		88 posted[0].intercepted false
		94 posted[0].updatedMs 1774472586565
		110 posted[1].package com.whatsapp.w4b
		113 posted[1].uid 10290`},
	{"notification/010", "notification", `
		! truncated
		2 partial 7 of them
		3 partial[0].key -1|android|2147483647|ranker_group|1000|ranker_group
		69 partial[1].id 26
		94 partial[1].title.length 11
		139 partial[2].channel USB
		141 partial[3].package cn.ticktick.task
		207 partial[4].category reminder
		293 partial[5].package com.gongjin.cradio
		371 partial[6].id 2131890064
		? partial[2].fullScreenIntent`},
	{"notification/011", "notification", `
		! truncated
		5 partial 4 of them
		6 partial[0].package org.telegram.messenger
		6 partial[0].category msg
		31 .title Responder
		35 partial[0].title.length 43
		40 partial[0].template android.app.Notification$MessagingStyle
		98 partial[1].visibility SECRET
		102 partial[1].flags ONGOING_EVENT|ONLY_ALERT_ONCE|NO_CLEAR|FOREGROUND_SERVICE
		241 partial[3].tag 2
		176 partial[2].uid 10322`},
	{"notification/013", "notification", `
		! not a dump`},
}

var packageTable = []row{
	{"package/001", "package", `
		97 packages[0].name com.tabletcontrol.companion
		98 packages[0].uid 10177
		105 packages[0].versionCode 3
		105 packages[0].targetSdk 34
		106 packages[0].versionName 3.0
		155 .stopped false
		155 .installed true
		147 .granted true
		163 .name android.permission.RECORD_AUDIO
		163 .granted true
		163 .flags [POLICY_FIXED USER_SENSITIVE_WHEN_GRANTED]`},
	{"package/002", "package", `
		103 packages[0].name com.example.pkmproject
		104 packages[0].uid 10441
		111 packages[0].minSdk 24
		112 packages[0].versionName 1.0.0
		155 .name android.permission.FOREGROUND_SERVICE
		166 .notLaunched false
		184 .flags [USER_SET USER_SENSITIVE_WHEN_GRANTED USER_SENSITIVE_WHEN_DENIED 524288]
		190 .id 999
		190 .installed false
		190 .stopped true`},
	{"package/004", "package", `
		47 packages[0].name com.wheelchair.cockpit
		48 packages[0].uid 10248
		57 packages[0].targetSdk 35
		59 packages[0].versionName 1.0
		102 .installed false
		102 .notLaunched true
		109 .id 10
		109 .installed true
		117 .name android.permission.RECORD_AUDIO
		117 .granted true`},
	{"package/006", "app-ops-dump", `
		! not a dump
		1 fragments 2 of them
		11 .uid 1000
		12 .state pers
		19 .name POST_NOTIFICATION
		19 .mode ignore
		25 .mode allow
		149 .name com.miui.securitycenter
		159 .name WAKE_LOCK
		159 .mode ignore
		? uids`},
	{"package/007", "app-ops-dump", `
		22 .uid 0
		28 .uid 1000
		30 .name LEGACY_STORAGE
		45 .name RECORD_AUDIO
		45 .mode allow
		48 .uid 10103
		50 .mode ignore
		52 .name com.facebook.katana
		105 .name org.fdroid.fdroid`},
	{"package/008", "package", `
		40 packages[0].name com.samsung.android.provider.filterprovider
		41 packages[0].uid 1000
		49 packages[0].versionCode 500700000
		76 packages[1].name com.sec.android.app.DataCreate
		84 packages[1].targetSdk 29
		134 .stopped false
		137 .name android.permission.READ_SMS
		137 .granted false`},
}

var powerTable = []row{
	{"power/001", "power", `
		7 wakefulness Asleep
		9 powered true
		14 stayOn false
		7 interactive false
		117 wakeLocks []
		? displayPower`},
	{"power/003", "power", `
		7 wakefulness Awake
		7 interactive true
		211 wakeLocks 3 of them
		212 wakeLocks[0].tag termux:service-wakelock
		212 wakeLocks[0].uid 10322
		212 wakeLocks[0].pid 9190
		213 wakeLocks[1].kind PARTIAL_WAKE_LOCK
		213 wakeLocks[1].package audioserver
		214 wakeLocks[2].tag WindowManager/displayId:0
		78 stayOnPlugged 0`},
	{"power/004", "display", `
		127 interactive true
		82 state ON`},
}
