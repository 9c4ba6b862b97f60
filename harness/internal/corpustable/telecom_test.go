package corpustable

var telecomTable = []row{
	{"telecom/001", "telecom", `
		4 calls []
		11 foreground <none>
		74 accounts 1 of them
		75 accounts[0].package com.android.phone
		75 accounts[0].class com.android.services.telephony.TelephonyConnectionService
		75 accounts[0].enabled true
		75 accounts[0].schemes [tel voicemail]
		75 accounts[0].id 1
		14 audioFocus UNFOCUSED
		56 dialers[0].package com.google.android.dialer
		78 flags 67 of them
		84 flags[5].on false
		48 anomalies []
		152 history []`},
	{"telecom/002", "telecom", `
		4 calls []
		6 all []
		8 ringing []
		11 foreground <none>
		27 history []`},
	{"telecom/004", "telecom", `
		! not a dump
		4 .state RINGING
		4 .voip false
		4 .capabilities [sup_hld mut !v2a spd_aud]
		4 .handle tel:*********67
		? calls`},
	{"telecom/005", "telecom", `
		! not a dump
		1 fragments[0].id TC@4
		1 fragments[0].state ACTIVE
		1 fragments[0].account.package com.android.phone
		1 fragments[0].voip false`},
	{"telecom/006", "telecom", `
		! not a dump
		? calls
		? ringing`},
	{"telecom/008", "telecom", `
		! not a dump`},
	{"telecom/010", "telecom", `
		! not a dump
		? accounts`},
	{"telecom/011", "telecom", `
		! not a dump
		? accounts`},
	{"telecom/012", "telecom", `
		! not a dump
		? calls`},
	{"telecom-logcat/020", "telecom-log", `
		1 .kind account
		1 .change registering
		1 .enabled false
		1 .package com.android.phone
		2 .change modified
		1 .session TSI.rPA(cap)@A3U
		6 .session TSI.rPA(cap)@A3c`},
	{"telecom-logcat/021", "telecom-log", `
		4 .package com.google.android.apps.tachyon
		4 .capabilities [SelfManaged SuppVideo Video TransactOps]
		4 .change registering
		5 .change registered
		17 .name AUDIO_ROUTE
		24 .data Leaving state QuiescentEarpieceRoute
		25 .data Entering state QuiescentBluetoothRoute`},
	{"telecom-logcat/038", "telecom-log", `
		3 .call TC@37
		3 .name CONNECTION_EVENT
		3 .data mediatek.telecom.event.INCOMING_INFO_UPDATED
		4 .session CSW.oCE@DLE`},
	{"telecom-logcat/039", "telecom-log", `
		1 .call TC@21
		1 .from CONNECTING
		1 .to DIALING
		2 .to ACTIVE
		3 .call TC@22
		4 .from DIALING`},
	{"telecom-logcat/040", "telecom-log", `
		! not a dump
		1 .from NEW
		1 .to RINGING
		1 .call TC@2
		2 .to ACTIVE`},
	{"telecom-logcat/042", "telecom-log", `
		2 .from CONNECTING
		2 .to DIALING
		4 .name SET_DIALING
		4 .call TC@2
		4 .data successful outgoing call`},
	{"telecom-logcat/043", "telecom-log", `
		! not a dump
		3 .call TC@10
		3 .name SKIP_RINGING
		3 .data Inaudible: isVolumeOverZero=true, shouldRingForContact=false`},
	{"telecom-logcat/044", "telecom-log", `
		! not a dump
		3 .name SCREENING_BOUND
		4 .name SCREENING_COMPLETED
		4 .call TC@1
		4 .data [Reject, logged, mCallBlockReason = 1, ...]`},
	{"telecom-logcat/045", "telecom-log", `
		! not a dump
		3 .name AUDIO_ROUTE_TO
		3 .data dest=AudioRoute[Type=TYPE_BLUETOOTH_SCO, ...], reason=ACTIVE_FOCUS
		3 .kind event`},
	{"telecom-logcat/050", "telecom-log", `
		10 .name BIND_CS
		17 .from CONNECTING
		17 .to DISCONNECTED
		18 .name SET_DISCONNECTED
		41 .to DIALING
		42 .data successful outgoing call`},
}

var logcatTable = []row{
	{"logcat/001", "logcat", `
		1 lines[0].msg crash
		1 lines[0].kind buffer
		2 .kind message
		2 .msg FATAL EXCEPTION: main
		2 .tag AndroidRuntime
		2 .prio E
		3 .msg Process: com.deepeye.musicpro.debug, PID: 15565
		70 .pid 3983
		70 .tid 4093
		70 .tag ViewRootImpl`},
	{"logcat/003", "logcat", `
		5 .pid 3062
		6 .prio W
		9 .msg AppLabelProxy: package com.google.android.apps.tachyon: name is Meet: TSI.rPA(cgaat)@NEk
		32 .tag BackupManagerConstants
		1 lines 32 of them`},
	{"logcat/004", "logcat", `
		1 .tag PowerManagerService
		1 .pid 3077
		10 .tag HeadsetStateMachine
		10 .msg returning mCurrentState as Disconnected
		13 .msg isScoOrCallActive(): Call Active:falseCall is Ringing:falseSCO is Active:false
		76 .prio I`},
	{"logcat/005", "logcat", `
		1 lines[0].msg system
		2 .tag ActivityManager
		2 .pid 832
		2 .prio I
		120 .msg Changes in ProcessRecord{8b6de8d 4006:com.debug.loggerui/u0a46}: 4
		1 lines 120 of them`},
	{"logcat/006", "logcat", `
		1 lines[0].msg events
		2 .tag snet_event_log
		2 .msg [121035042,-1,]
		73 .msg radio
		63 .tag auditd
		120 .pid 330`},
	{"logcat/007", "logcat", `
		1 lines[0].msg crash
		2 .prio F
		2 .tag libc
		3 .msg system
		130 .tag Telecom
		181 .tid 2127
		181 .tag ConnectivityService`},
	{"logcat/009", "logcat", `
		1 .tag BufferQueueProducer
		26 .tag EdgeLightingPolicyManager:NotificationGroup
		26 .prio D
		26 .msg remove : sbn : StatusBarNotification(pkg=com.astrohark.app ...
		51 .tag InputManager-JNI
		1 lines 51 of them`},
	{"logcat/010", "logcat", `
		2 .msg ANR in com.app.anr (com.app.anr/.MainActivity)
		2 .tid 101
		8 .msg ANR in com.app.anr2
		13 .tag last_tag`},
	{"logcat/011", "logcat", `
		2 .msg FATAL EXCEPTION: main
		3 .msg Process: com.example.app, PID: 12345
		22 .tag lowmemorykiller
		22 .prio W`},
	{"logcat/012", "logcat", `
		5 .msg FATAL EXCEPTION: Thread-2
		5 .pid 54321
		7 .msg java.lang.IllegalStateException: Another crash
		1 lines 8 of them`},
	{"logcat/014", "logcat", `
		1 .msg a logcat line 1
		2 .pid 3674
		2 .tid 7646
		8 .msg a logcat line 3`},
	{"logcat/015", "logcat", `
		1 .pid 11844
		1 .tid 11951
		1 .tag NotificationManager
		1 .prio I
		2 .tid 12045
		2 .msg jp.co.itec.denwa: notify(1, null, Notification(channel=jp.com.itec_CALL_V2 ...`},
	{"logcat/019", "logcat", `
		1 .prio D
		1 .tag TTS
		2 .pid 9826
		2 .msg com.example.capstone_patient: notify(208944019, null, Notification(channel=meal_reminders ...
		3 .tag NotificationManager`},
	{"trust/001", "logcat", `
		1 .tag PowerManagerService
		1 .tid 3516
		4 .msg refreshDeviceLockedForUser(userId=0, unlockedUser=-10000), secure=true, showingKeyguard=true, ...
		21 .tag KeyguardService
		1 lines 21 of them`},
}
