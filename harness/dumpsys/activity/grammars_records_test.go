package activity

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/grammar"
)

// Section 4.9 of the reference; ActiveServices and ServiceRecord.dump.
var services = []grammar.Row{
	{From: 26, To: 28, Mark: grammar.Composed, Text: `ACTIVITY MANAGER SERVICES (dumpsys activity services)
  User 0 active services:
  * ServiceRecord{62757ab u0 org.ringproof.sample/.CallConnectionService}
    intent={act=android.telecom.ConnectionService cmp=org.ringproof.sample/.CallConnectionService}
    packageName=org.ringproof.sample
    processName=org.ringproof.sample:call
    app=ProcessRecord{d324c90 3991:org.ringproof.sample:call/u0a234}
    isForeground=true foregroundId=20001 foregroundNoti=Notification(channel=ongoing_calls pri=0 contentView=null vibrate=null sound=null defaults=0x0 flags=0x62 color=0xff607d8b vis=PRIVATE)
    createTime=-10m50s262ms startingBgTimeout=--
    startRequested=true delayedStop=false stopIfKilled=false callStart=true lastStartId=4
`, Check: serving("3 org.ringproof.sample.CallConnectionService u0 org.ringproof.sample:call 3991 10234 fg true 20001 types unknown ongoing_calls unknown started true")},
	{From: 29, To: 33, Mark: grammar.Composed, Text: `ACTIVITY MANAGER SERVICES (dumpsys activity services)
  User 10 active services:
  * ServiceRecord{62757ab u10 org.ringproof.sample/com.other.Sync}
    intent={cmp=org.ringproof.sample/com.other.Sync}
    app=null
    allowWhileInUsePermissionInFgs=true
    createTime=-10m50s262ms startingBgTimeout=--
    Bindings:
    * IntentBindRecord{91ea989 CREATE}:
      startRequested=true
`, Check: serving("3 com.other.Sync u10 unknown unknown unknown fg false unknown types unknown unknown unknown started unknown")},
	{From: 34, To: 36, Mark: grammar.Composed, Text: services34, Check: serving(
		"3 org.ringproof.sample.CallConnectionService u0 org.ringproof.sample:call 3991 10234 fg true 42 types 132 incoming_calls call started true",
		"16 org.other.Sync u10 unknown unknown unknown fg false unknown types unknown unknown unknown started unknown",
		"24 org.other.Loose u0 unknown unknown unknown fg unknown unknown types unknown unknown unknown started unknown")},
	{From: 35, To: 36, Mark: grammar.Composed, Unsure: "the types may be printed with 0x", Text: `ACTIVITY MANAGER SERVICES (dumpsys activity services)
  User 0 active services:
  * ServiceRecord{62757ab u0 org.ringproof.sample/.CallService c:org.ringproof.sample}
    intent={cmp=org.ringproof.sample/.CallService}
    isForeground=true foregroundId=7 types=0x00000004 foregroundNoti=Notification(channel=a shortcut=null defaults=0 flags=ONGOING_EVENT|FOREGROUND_SERVICE color=0x00000000 category=call vis=PUBLIC)
    createTime=-1s
`, Check: serving("3 org.ringproof.sample.CallService u0 unknown unknown unknown fg true 7 types 4 a call started unknown")},
	{From: 26, To: 36, Mark: grammar.Composed, Text: "ACTIVITY MANAGER SERVICES (dumpsys activity services)\n  (nothing)\n", Check: func(t testing.TB, b []byte) {
		if f, err := ParseServices(b); err != nil || f.Services.String() != "[]" {
			t.Errorf("%v, %v", f.Services, err)
		}
	}},
	{From: 28, To: 28, Maker: "automotive", Mark: grammar.Captured, File: "activity/011-a9-automotive-services-fg.txt", Check: one("com.onecar.onlinemusic.OnlineManagerService",
		"3 com.onecar.onlinemusic.OnlineManagerService u0 com.onecar.onlinemusic:remote 3991 10036 fg true 20001 types unknown com.onecar.onlinemusic unknown started true")},
	{From: 34, To: 34, Maker: "Xiaomi", Mark: grammar.Captured, File: "activity/012-a14-hyperos-services.txt", Check: one("com.qualcomm.qti.cne.CneApp",
		"107 com.qualcomm.qti.cne.CneApp u0 .qtidataservices 2829 10126 fg unknown unknown types unknown unknown unknown started true")},
}

func showService(s Service) string {
	return fmt.Sprintf("%d %s u%d %v %v %v fg %v %v types %v %v %v started %v", s.Line, s.Class, s.User, s.Process, s.PID, s.UID, s.Foreground, s.ForegroundID, s.Types, s.Channel, s.Category, s.Started)
}

func serving(want ...string) func(testing.TB, []byte) {
	return func(t testing.TB, b []byte) {
		t.Helper()
		f, err := ParseServices(b)
		all := f.Services.Or(nil)
		if err != nil || len(all) != len(want) {
			t.Fatalf("%d services, %v", len(all), err)
		}
		for i, s := range all {
			if got := showService(s); got != want[i] {
				t.Errorf("%s\nwant %s", got, want[i])
			}
		}
	}
}

func one(class, want string) func(testing.TB, []byte) {
	return func(t testing.TB, b []byte) {
		t.Helper()
		f, err := ParseServices(b)
		got := ""
		for _, s := range f.Services.Or(nil) {
			if s.Class == class {
				got = showService(s)
			}
		}
		if err != nil || got != want {
			t.Errorf("%s, %v\nwant %s", got, err, want)
		}
	}
}

// BroadcastRecord.dump and BroadcastHistory.dumpLocked; up to API 33 the history
// is BroadcastQueue.dumpLocked's.
var broadcasts = []grammar.Row{
	{From: 26, To: 27, Mark: grammar.Composed, Text: `ACTIVITY MANAGER BROADCAST STATE (dumpsys activity broadcasts)
  Registered Receivers:
  * ReceiverList{5b6e06b 3105 com.other/10089/u0 remote:9b1a2ba}
    app=3105:com.other/u0a89 pid=3105 uid=10089 user=0
    Filter #0: BroadcastFilter{7ce2a1b}
      Action: "android.intent.action.SCREEN_ON"

  Receiver Resolver Table:
    Non-Data Actions:
      android.intent.action.SCREEN_ON:
        BroadcastFilter{7ce2a1b u0 ReceiverList{5b6e06b 3105 com.other/10089/u0 remote:9b1a2ba}}

  Active ordered broadcasts [foreground]:
  Active Ordered Broadcast foreground #0:
    BroadcastRecord{46c2166 u0 com.google.android.c2dm.intent.RECEIVE} to user 0
    Intent { act=com.google.android.c2dm.intent.RECEIVE flg=0x11000010 pkg=org.ringproof.sample (has extras) }
      extras: Bundle[{google.priority=high}]
    caller=com.google.android.gms 1475:com.google.android.gms/u0a20 pid=1475 uid=10020
    requiredPermissions=[android.permission.RECEIVE]  appOp=-1
    enqueueClockTime=2017-10-01 15:49:09 dispatchClockTime=2017-10-01 15:49:09
    dispatchTime=-20s976ms (0 since enq) receiverTime=-20s968ms
    resultAbort=false ordered=true sticky=false initialSticky=false
    nextReceiver=1 receiver=android.os.BinderProxy@9b1a2ba
    curApp=ProcessRecord{99f043b 3776:org.ringproof.sample/u0a234}
    state=3 (CALL_DONE_RECEIVE)
    Deliver #0: (manifest)
      priority=0 preferredOrder=0 match=0x108000 specificIndex=-1 isDefault=false
      ActivityInfo:
        name=org.ringproof.sample.FirebaseReceiver
        packageName=org.ringproof.sample
    Pending #1: BroadcastFilter{7ce2a1b u0 ReceiverList{5b6e06b 3105 com.other/10089/u0 remote:9b1a2ba}}

  Historical broadcasts [background]:
  Historical Broadcast background #0:
    BroadcastRecord{f1b7ca7 u-1 android.intent.action.CLOSE_SYSTEM_DIALOGS} to user -1
    Intent { act=android.intent.action.CLOSE_SYSTEM_DIALOGS flg=0x50000010 (has extras) }
    caller=null null pid=-1 uid=1000
    enqueueClockTime=2017-10-01 15:49:06 dispatchClockTime=2017-10-01 15:49:06
    dispatchTime=-24s357ms (0 since enq) finishTime=-24s350ms (+7ms since disp)
    resultTo=null resultCode=0 resultData=null
    Skipped #0: BroadcastFilter{7ce2a1b u0 ReceiverList{5b6e06b 3105 com.other/10089/u0 remote:9b1a2ba}}
    Timeout #1: (manifest)
      priority=0 preferredOrder=0 match=0x108000 specificIndex=-1 isDefault=false
      ActivityInfo:
        name=org.ringproof.sample.Slow
        packageName=org.ringproof.sample

  Historical broadcasts summary [background]:
  #0: act=android.intent.action.CLOSE_SYSTEM_DIALOGS flg=0x50000010 (has extras)
    +1ms dispatch +7ms finish
    enq=2017-10-01 15:49:06 disp=2017-10-01 15:49:06 fin=2017-10-01 15:49:06
    extras: Bundle[{reason=globalactions}]

  Sticky broadcasts for user -1:
  * Sticky action android.intent.action.BATTERY_CHANGED:
    Intent: act=android.intent.action.BATTERY_CHANGED flg=0x60000010
`, Check: sent("33", "13",
		"background android.intent.action.CLOSE_SYSTEM_DIALOGS u-1 pkg  from unknown -1 1000 at 2017-10-01 15:49:06 / 2017-10-01 15:49:06 done -24s350ms result 0 unknown [SKIPPED false   com.other 3105 10089 ] [TIMEOUT true org.ringproof.sample org.ringproof.sample.Slow  unknown unknown ]",
		"foreground com.google.android.c2dm.intent.RECEIVE u0 pkg org.ringproof.sample from com.google.android.gms 1475 10020 at 2017-10-01 15:49:09 / 2017-10-01 15:49:09 done unknown result unknown unknown [DELIVERED true org.ringproof.sample org.ringproof.sample.FirebaseReceiver  unknown unknown ] [PENDING false   com.other 3105 10089 ]",
		"49 background android.intent.action.CLOSE_SYSTEM_DIALOGS 2017-10-01 15:49:06 2017-10-01 15:49:06")},
	{From: 28, To: 33, Mark: grammar.Composed, Unsure: "API 33 prints states with times as API 34 does, or without", Text: `ACTIVITY MANAGER BROADCAST STATE (dumpsys activity broadcasts)
  Historical broadcasts [foreground]:
  Historical Broadcast foreground #0:
    BroadcastRecord{46c2166 u0 org.ringproof.devicetest.PUSH} to user 0
    Intent { act=org.ringproof.devicetest.PUSH flg=0x400020 cmp=org.ringproof.sample/.devicetest.PushReceiver (has extras) }
      targetComp: {org.ringproof.sample/org.ringproof.sample.devicetest.PushReceiver}
      extras: Bundle[{payload_b64=e30=}]
    caller=com.android.shell null pid=9999 uid=2000
    excludedPermissions=[x]    options=Bundle[{}]
    enqueueClockTime=2021-03-04 10:11:12.345 dispatchClockTime=2021-03-04 10:11:12.346
    dispatchTime=-9s (+1ms since enq) finishTime=-8s (+1s since disp)
    resultTo=android.os.BinderProxy@1 resultCode=-1 resultData={"pid": 77, "x": " resultData=1"}
    resultAbort=false ordered=true sticky=false initialSticky=false
    nextReceiver=1 receiver=null
    Deliver #0: (manifest)
      ActivityInfo:
        name=org.ringproof.sample.devicetest.PushReceiver
        packageName=org.ringproof.sample

  Sticky broadcasts for user 0:
  * Sticky action x:
    Deliver #7: (manifest)

  mHandler:
    Handler (BroadcastQueue) {1} @ 5
`, Check: sent("2", "0",
		`foreground org.ringproof.devicetest.PUSH u0 pkg  from com.android.shell 9999 2000 at 2021-03-04 10:11:12.345 / 2021-03-04 10:11:12.346 done -8s result -1 {"pid": 77, "x": " resultData=1"} [DELIVERED true org.ringproof.sample org.ringproof.sample.devicetest.PushReceiver  unknown unknown ]`,
		"", "")},
	{From: 34, To: 34, Mark: grammar.Composed, Text: `ACTIVITY MANAGER BROADCAST STATE (dumpsys activity broadcasts)
  Historical broadcasts [modern]:
  Historical Broadcast modern #0:
    BroadcastRecord{46c2166 u0 com.google.android.c2dm.intent.RECEIVE} to user 0
    Intent { act=com.google.android.c2dm.intent.RECEIVE flg=0x1000010 pkg=org.ringproof.sample }
    caller=com.google.android.gms 1475:com.google.android.gms/u0a20 pid=1475 uid=10020
    excludedPermissions=[x]    enqueueClockTime=2023-11-12 13:14:15.160 dispatchClockTime=2023-11-12 13:14:15.170
    dispatchTime=-9s (+10ms since enq) finishTime=-8s (+1s since disp)
    nextReceiver=1    DELIVERED scheduled +1ms terminal +20ms #0: (manifest)
      priority=0 preferredOrder=0 match=0x108000 specificIndex=-1 isDefault=false
      ActivityInfo:
        name=org.ringproof.sample.FirebaseReceiver
        packageName=org.ringproof.sample
    DEFERRED #1: BroadcastFilter{7ce2a1b com.other/u0 ReceiverList{5b6e06b 3105 com.other/10089/u0 remote:9b1a2ba}}

  Historical broadcasts summary [modern]:
  #0: act=com.google.android.c2dm.intent.RECEIVE flg=0x1000010 pkg=org.ringproof.sample
    +10ms dispatch +1s finish
    enq=2023-11-12 13:14:15.160 disp=2023-11-12 13:14:15.170 fin=2023-11-12 13:14:16.170
`, Check: sent("2", "0",
		"modern com.google.android.c2dm.intent.RECEIVE u0 pkg org.ringproof.sample from com.google.android.gms 1475 10020 at 2023-11-12 13:14:15.160 / 2023-11-12 13:14:15.170 done -8s result unknown unknown [DELIVERED true org.ringproof.sample org.ringproof.sample.FirebaseReceiver  unknown unknown ] [DEFERRED false   com.other 3105 10089 ]",
		"", "17 modern com.google.android.c2dm.intent.RECEIVE 2023-11-12 13:14:15.160 2023-11-12 13:14:16.170")},
	{From: 35, To: 36, Mark: grammar.Composed, Unsure: "put together from short extracts that others published", Text: `ACTIVITY MANAGER BROADCAST STATE (dumpsys activity broadcasts)
  Pending  broadcast #113:
    BroadcastRecord{5f48b89 android.intent.action.PACKAGE_REPLACED/u0/0x1081} to user 0
    Intent { act=android.intent.action.PACKAGE_REPLACED dat=package:org.ringproof.sample flg=0x4000010 (has extras) }
    enqueueClockTime=2026-09-13 19:56:40.932 dispatchClockTime=1969-12-31 19:00:00.000
    SCHEDULED scheduled +3ms (-1) #0: BroadcastFilter{31ce594}
      reason: skipped by policy: Skipping delivery of Intent { act=x } to ProcessRecord{abc}
  Historical Broadcast modern #0:
    BroadcastRecord{49bd38a android.intent.action.BOOT_COMPLETED/u0} to user 0
    enqueueClockTime=2026-10-01 19:29:13.355 dispatchClockTime=1969-12-31 21:00:00.000
    DELIVERED scheduled +5s891ms terminal +2s830ms (7) #8: (manifest)
        name=org.ringproof.sample.BootReceiver
        packageName=org.ringproof.sample
      reason: remote app
`, Check: sent("8", "2",
		"modern android.intent.action.BOOT_COMPLETED u0 pkg  from unknown unknown unknown at 2026-10-01 19:29:13.355 / 1969-12-31 21:00:00.000 done unknown result unknown unknown [DELIVERED true org.ringproof.sample org.ringproof.sample.BootReceiver  unknown unknown remote app]",
		" android.intent.action.PACKAGE_REPLACED u0 pkg  from unknown unknown unknown at 2026-09-13 19:56:40.932 / 1969-12-31 19:00:00.000 done unknown result unknown unknown [SCHEDULED false    unknown unknown skipped by policy: Skipping delivery of Intent { act=x } to ProcessRecord{abc}]",
		"")},
	// The short form, of the dump of all of activity.
	{From: 26, To: 36, Mark: grammar.Composed, Text: `ACTIVITY MANAGER BROADCAST STATE (dumpsys activity broadcasts)
  Historical broadcasts [foreground]:
  #0: BroadcastRecord{46c2166 u10 android.intent.action.SCREEN_ON}
    act=android.intent.action.SCREEN_ON flg=0x50200010 pkg=org.ringproof.sample (has extras)
    extras: Bundle[{}]
`, Check: sent("2", "0", "foreground android.intent.action.SCREEN_ON u10 pkg org.ringproof.sample from unknown unknown unknown at unknown / unknown done unknown result unknown unknown", "", "")},
	{From: 26, To: 36, Mark: grammar.Composed, Text: "ACTIVITY MANAGER BROADCAST STATE (dumpsys activity broadcasts)\n  (nothing)\n", Check: func(t testing.TB, b []byte) {
		if f, err := ParseBroadcasts(b); err != nil || f.History.String() != "[]" || f.Of("a").String() != "[]" {
			t.Errorf("%v, %v", f, err)
		}
	}},
}

func sent(historyAt, pendingAt, history, pending, past string) func(testing.TB, []byte) {
	return func(t testing.TB, b []byte) {
		t.Helper()
		f, err := ParseBroadcasts(b)
		if err != nil {
			t.Error(err)
		}
		show := func(all []Broadcast) (s string) {
			for _, b := range all {
				s += fmt.Sprintf("%s %s u%d pkg %s from %v %v %v at %v / %v done %v result %v %v", b.Queue, b.Action, b.User, b.Package, b.Caller, b.CallerPID, b.CallerUID, b.Enqueued, b.Dispatched, b.Finished, b.ResultCode, b.ResultData)
				for _, d := range b.Deliveries {
					s += fmt.Sprintf(" [%s %v %s %s %s %v %v %s]", d.State, d.Manifest, d.Package, d.Class, d.Process, d.PID, d.UID, d.Reason)
				}
			}
			return s
		}
		rows := ""
		for _, p := range f.Summary.Or(nil) {
			rows += fmt.Sprintf("%d %s %s %v %v", p.Line, p.Queue, p.Action, p.Enqueued, p.Finished)
		}
		for _, c := range [][2]string{{historyAt, fmt.Sprint(f.History.Line())}, {pendingAt, fmt.Sprint(f.Pending.Line())}, {history, show(f.History.Or(nil))}, {pending, show(f.Pending.Or(nil))}, {past, rows}} {
			if c[0] != c[1] {
				t.Errorf("%s\nwant %s", c[1], c[0])
			}
		}
	}
}

// Section 4.8 of the reference; ApplicationExitInfo.dump. The row of API 26 to
// 29 is what those answer that do not know the command.
var exits = []grammar.Row{
	{From: 26, To: 29, Mark: grammar.Composed, Text: "Bad activity command, or no activities match: exit-info\nUse -h for help.\n", Check: func(t testing.TB, b []byte) {
		if f, err := ParseExits(b); damaged(err) != text.NotADump || f.Exits.Known() {
			t.Errorf("%v, %v", f, err)
		}
	}},
	{From: 30, To: 30, Mark: grammar.Composed, Text: `ACTIVITY MANAGER PROCESS EXIT INFO (dumpsys activity exit-info)
Last Timestamp of Persistence Into Persistent Storage: 2021-03-14 05:31:19
  package: org.ringproof.sample
    Historical Process Exit for uid=10234
        ApplicationExitInfo #0:
          timestamp=2021-03-14 05:31:19
          pid=123
          realUid=10234
          packageUid=10234
          definingUid=10234
          user=0
          process=org.ringproof.sample:r
          reason=4 (APP CRASH(EXCEPTION))
          status=0
          importance=400
          pss=0.00
          rss=12MB
          description=crash reason=9 state=x
          state=empty
          trace=null
`, Check: ended("5 org.ringproof.sample org.ringproof.sample:r 10234 123 0 2021-03-14 05:31:19 4 APP CRASH(EXCEPTION) () 0 400 crash reason=9 state=x")},
	{From: 31, To: 32, Mark: grammar.Composed, Text: `ACTIVITY MANAGER PROCESS EXIT INFO (dumpsys activity exit-info)
Last Timestamp of Persistence Into Persistent Storage: 2021-03-14 05:31:19
  package: org.ringproof.sample
    Historical Process Exit for uid=10234
        ApplicationExitInfo #0:
          timestamp=2021-03-14 05:31:19
          pid=123
          realUid=99012
          packageUid=10234
          definingUid=10235
          user=10
          process=org.ringproof.sample
          reason=13 (OTHER KILLS BY SYSTEM)
          subreason=7 (ISOLATED NOT NEEDED)
          status=9
          importance=100
          pss=0.00
          rss=0.00
          description=null
          state=empty
          trace=null
        ApplicationExitInfo #1:
          timestamp=2021-03-14 05:30:19
          pid=122
          user=10
          process=org.ringproof.sample
          reason=2 (SIGNALED)
          subreason=0 (UNKNOWN)
          status=9
          importance=400
          description=null
`, Check: ended("5 org.ringproof.sample org.ringproof.sample 10234 123 10 2021-03-14 05:31:19 13 OTHER KILLS BY SYSTEM (ISOLATED NOT NEEDED) 9 100 ",
		"22 org.ringproof.sample org.ringproof.sample 10234 122 10 2021-03-14 05:30:19 2 SIGNALED (UNKNOWN) 9 400 ")},
	{From: 33, To: 36, Mark: grammar.Composed, Text: `ACTIVITY MANAGER PROCESS EXIT INFO (dumpsys activity exit-info)
Last Timestamp of Persistence Into Persistent Storage: 2026-03-14 05:31:19.889
  package: org.ringproof.sample
    Historical Process Exit for uid=10234
        ApplicationExitInfo #0:
          timestamp=2026-03-14 05:31:19.889 pid=123 realUid=10234 packageUid=10234 definingUid=10234 user=0
          process=org.ringproof.sample reason=10 (USER REQUESTED) subreason=21 (FORCE STOP) status=0
          importance=100 pss=0.00 rss=12MB description=stop org.ringproof.sample due to state=x from pid 4 state=46 bytes trace=null
  package: com.other
    Historical Process Exit for uid=10235
        ApplicationExitInfo #0:
          timestamp=2026-03-14 05:29:19.001 pid=99 realUid=10235 packageUid=10235 definingUid=10235 user=0
          process=com.other:remote reason=14 (FREEZER) subreason=20 (FREEZER BINDER TRANSACTION) status=0
          importance=400 pss=0.00 rss=0.00 description=Sync transaction while frozen state=empty trace=/data/x.gz
`, Check: ended("5 org.ringproof.sample org.ringproof.sample 10234 123 0 2026-03-14 05:31:19.889 10 USER REQUESTED (FORCE STOP) 0 100 stop org.ringproof.sample due to state=x from pid 4",
		"11 com.other com.other:remote 10235 99 0 2026-03-14 05:29:19.001 14 FREEZER (FREEZER BINDER TRANSACTION) 0 400 Sync transaction while frozen")},
	{From: 30, To: 36, Mark: grammar.Composed, Text: exitHead, Check: func(t testing.TB, b []byte) {
		if f, err := ParseExits(b); err != nil || f.Exits.String() != "[]" {
			t.Errorf("%v, %v", f, err)
		}
	}},
}

// An exit without its reason was cut.
func TestExitCut(t *testing.T) {
	f, err := ParseExits([]byte(exitHead + "  package: org.ringproof.sample\n    Historical Process Exit for uid=10234\n        ApplicationExitInfo #0:\n          timestamp=2026-03-14 05:31:19.889 pid=123\n          process=org.ringproof.sample rea"))
	if p, ok := text.AsProblem(err); !ok || p.Kind != text.Truncated || p.Line != 5 || len(f.Exits.Or(nil)) != 1 || f.Exits.Or(nil)[0].PID.String() != "123" {
		t.Errorf("%+v, %v", f, err)
	}
}

func ended(want ...string) func(testing.TB, []byte) {
	return func(t testing.TB, b []byte) {
		t.Helper()
		f, err := ParseExits(b)
		all := f.Exits.Or(nil)
		if err != nil || len(all) != len(want) {
			t.Fatalf("%d exits, %v", len(all), err)
		}
		for i, e := range all {
			got := fmt.Sprintf("%d %s %s %v %v %v %s %v %s (%s) %v %v %s", e.Line, e.Package, e.Process, e.UID, e.PID, e.User, e.Timestamp, e.Code, e.Reason, e.Subreason, e.Status, e.Importance, e.Description)
			if got != want[i] {
				t.Errorf("%s\nwant %s", got, want[i])
			}
		}
	}
}
