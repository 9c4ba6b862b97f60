package activity

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/readertest"
)

// readers are all of this package with what the checks of every reader need:
// large dumps of the forms that API 34 prints, and the begins that a hostile
// text would have to show to be looked at.
var readers = []struct {
	name  string
	parse readertest.Parse
	large map[string]func(size int) []byte
	heads map[string]string
	units []string
}{
	{
		"activities", readertest.Of(Parse),
		map[string]func(int) []byte{"long": text34("ACTIVITY MANAGER ACTIVITIES (dumpsys activity activities)\nDisplay #0 (activities from top to bottom):\n", taskRecord,
			"  ResumedActivity: ActivityRecord{1 u0 org.ringproof.sample/.MainActivity t1}\n\nActivityTaskSupervisor state:\n")},
		map[string]string{"nothing": "", "tasks": "Display #0 (activities from top to bottom):\n", "activity": "Display #0 (activities from top to bottom):\n* Task{1 #1 type=standard}\n* Hist #0: ActivityRecord{1 u0 a/.B t1}\n", "keyguard": "KeyguardController:\n"},
		[]string{"* Task{1 #1 type=standard}\n", "* Task{", " * Task{\n", "Hist #0: ActivityRecord{1 u0 a/.B t1}\n", "ActivityRecord{", "at display=", "U=", "type="},
	},
	{
		"processes", readertest.Of(ParseProcesses),
		map[string]func(int) []byte{
			"rows":   text34("ACTIVITY MANAGER RUNNING PROCESSES (dumpsys activity processes)\n  Process OOM control (116 total, non-act at 8, non-svc at 8):\n", processRow, ""),
			"blocks": text34("ACTIVITY MANAGER RUNNING PROCESSES (dumpsys activity processes)\n  All known processes:\n", processBlock, ""),
		},
		map[string]string{"nothing": "", "block": "*APP* UID 10026 ProcessRecord{99f043b 3776:com.android.x/u0a26}\n"},
		[]string{"*APP* UID 1 ProcessRecord{1 1:a/1}\n", "Proc # 3: cch+ 5 b/ /CEM  ------  t: 0 18231:a/u0a235 (x)\n", "Proc # 3: ", "Proc #: t: ", "isFrozen=", "state: cur=", "Apps frozen: 1\n", "1: 1 a\n"},
	},
	{
		"services", readertest.Of(ParseServices),
		map[string]func(int) []byte{
			"long":  text34("ACTIVITY MANAGER SERVICES (dumpsys activity services)\n  User 0 active services:\n", serviceLong, ""),
			"short": text34("ACTIVITY MANAGER SERVICES (dumpsys activity services)\n  User 0 active services:\n", serviceShort, ""),
		},
		map[string]string{"nothing": "", "service": "ACTIVITY MANAGER SERVICES\n* ServiceRecord{1 u0 a/.B}\n ", "foreground": "ACTIVITY MANAGER SERVICES\n* ServiceRecord{1 u0 a/.B}\n isForeground=true foregroundNoti="},
		[]string{"* ServiceRecord{1 u0 a/.B}\n", "* ServiceRecord{", " app=ProcessRecord{1 1:a/1}\n", "isForeground=", " foregroundNoti=", "channel=", "types="},
	},
	{
		"broadcasts", readertest.Of(ParseBroadcasts),
		map[string]func(int) []byte{
			"records": text34("ACTIVITY MANAGER BROADCAST STATE (dumpsys activity broadcasts)\n  Historical broadcasts [modern]:\n", broadcastRecord, ""),
			"summary": text34("ACTIVITY MANAGER BROADCAST STATE (dumpsys activity broadcasts)\n  Historical broadcasts summary [modern]:\n", broadcastSummary, ""),
		},
		map[string]string{"nothing": "", "record": "ACTIVITY MANAGER BROADCAST STATE\n  Historical Broadcast modern #0:\n    BroadcastRecord{1 a.B/u0} to user 0\n", "receiver": "ACTIVITY MANAGER BROADCAST STATE\n  Historical Broadcast modern #0:\n    BroadcastRecord{1 a.B/u0} to user 0\n    DELIVERED #0: (manifest)\n"},
		[]string{"BroadcastRecord{1 a/u0} to user 0\n", "BroadcastRecord{", "Historical Broadcast x #0:\n", "DELIVERED #0: (manifest)\n", "DELIVERED #", " #0: act=a\n", "nextReceiver=1    ", "enq=", "name="},
	},
	{
		"exits", readertest.Of(ParseExits),
		map[string]func(int) []byte{
			"API 33": text34(exitHead, exitRecord, ""),
			"API 30": text34(exitHead, exitRecord30, ""),
		},
		map[string]string{"nothing": "", "record": exitHead + "  package: a\n ApplicationExitInfo #0:\n", "description": exitHead + "  package: a\n ApplicationExitInfo #0:\n description="},
		[]string{"ApplicationExitInfo #0:\n", "package: a\n", "reason=4 (", "description=", " state=", " trace=", "timestamp="},
	},
}

func text34(head string, record func(int) string, tail string) func(int) []byte {
	return func(size int) []byte { return readertest.Text(size, head, record, tail) }
}

func taskRecord(i int) string {
	return fmt.Sprintf(`  * Task{157c3a8 #%[1]d type=standard A=10234:org.example.app%[2]d U=0 visible=true visibleRequested=true mode=fullscreen translucent=false sz=1}
    mLastPausedActivity: ActivityRecord{723ebbb u0 org.example.app%[2]d/.MainActivity t%[1]d}
    mLastNonFullscreenBounds=Rect(302, 667 - 778, 1647)
    isSleeping=false
    topResumedActivity=ActivityRecord{723ebbb u0 org.example.app%[2]d/.MainActivity t%[1]d}
    * Hist  #0: ActivityRecord{723ebbb u0 org.example.app%[2]d/.MainActivity t%[1]d}
      packageName=org.example.app%[2]d processName=org.example.app%[2]d
      launchedFromUid=10146 launchedFromPackage=com.android.launcher userId=0
      app=ProcessRecord{6ca1d08 9190:org.example.app%[2]d/u0a234}
      Intent { act=android.intent.action.MAIN cat=[android.intent.category.LAUNCHER] flg=0x10200000 cmp=org.example.app%[2]d/.MainActivity }
      rootOfTask=true task=Task{157c3a8 #%[1]d type=standard A=10234:org.example.app%[2]d U=0 visible=true}
      taskAffinity=10234:org.example.app%[2]d
      mActivityComponent=org.example.app%[2]d/.MainActivity
      baseDir=/data/app/~~HqJ1VhOMn==/org.example.app%[2]d-DcDNbUtBq==/base.apk
      dataDir=/data/user/0/org.example.app%[2]d
      stateNotNeeded=false componentSpecified=true mActivityType=standard
      compat={420dpi} labelRes=0x7f1100f7 icon=0x7f100000 theme=0x7f120008
      mLastReportedConfigurations:
        mGlobalConfig={1.0 310mcc260mnc [en_US] ldltr sw411dp w411dp h842dp 420dpi nrml long hdr widecg port finger -keyb/v/h -nav/h winConfig={ mBounds=Rect(0, 0 - 1080, 2400) mWindowingMode=fullscreen mActivityType=undefined} s.17 fontWeightAdjustment=0}
      taskDescription: label="null" icon=null iconResource=/0 iconFilename=null primaryColor=ff2196f3
      launchFailed=false launchCount=1 lastLaunchTime=-5m29s863ms
      mHaveState=false mIcicle=null
      state=RESUMED delayedResume=false finishing=false
      keysPaused=false inHistory=true idle=true

`, i, i%200)
}

func processRow(i int) string {
	return fmt.Sprintf(`    Proc #%2d: cch+15 b/ /CEM  ------  t: 0 %d:org.example.app%d/u0a%d (cch-empty)
        oom: max=1001 curRaw=915 setRaw=915 cur=915 set=915
        state: cur=CEM  set=CEM  lastPss=17MB lastSwapPss=14MB lastCachedPss=17MB
        cached=true empty=true hasAboveClient=false
        run cpu over +4m53s105ms used 0 (0%%)
`, i, 1000+i, i%200, i%200)
}

func processBlock(i int) string {
	return fmt.Sprintf(`  *APP* UID 10%03d ProcessRecord{60ed3d8 %d:org.example.app%d/u0a%d}
    user #0 uid=10%03[1]d gids={50234, 20234, 9997, 3003}
    mRequiredAbi=arm64-v8a instructionSet=null
    dir=/data/app/~~HqJ1VhOMn==/org.example.app%[3]d-DcDNbUtBq==/base.apk publicDir=/data/app/~~HqJ1VhOMn==/org.example.app%[3]d/base.apk data=/data/user/0/org.example.app%[3]d
    packageList={org.example.app%[3]d}
    compat={420dpi}
    thread=android.app.IApplicationThread$Stub$Proxy@f324341
    pid=%[2]d
    lastActivityTime=-10m43s598ms
    startUptimeTime=-10m43s598ms
    startElapsedTime=-10m43s598ms
    persistent=false removed=false
    startSeq=76
    mountMode=DEFAULT
    lastPssTime=-4m51s247ms pssProcState=19 pssStatType=0 nextPssTime=+2m38s744ms
    lastPss=6.7MB lastSwapPss=0.00 lastCachedPss=0.00 lastCachedSwapPss=0.00 lastRss=98MB
    lastCompactTime=0 lastCompactProfile=NONE
    hasPendingCompaction=false    isFreezeExempt=false isPendingFreeze=false isFrozen=true
    earliestFreezableTimeMs=-3m2s
    adjSeq=1288 lruSeq=0
    oom adj: max=1001 curRaw=905 setRaw=905 cur=905 set=905
    mCurSchedGroup=0 setSchedGroup=0 systemNoUi=false
    curProcState=19 mRepProcState=19 setProcState=19 lastStateTime=-10m43s598ms
    curCapability=------ setCapability=------
    Connections:
      - ConnectionRecord{76fc15b u0 CR com.google.android.gms/.chimera.PersistentApiService:@6d0786a flags=0x1}
`, i%1000, 1000+i, i%200, i%200)
}

func serviceLong(i int) string {
	return fmt.Sprintf(`  * ServiceRecord{62757ab u0 org.example.app%[1]d/.Service%[2]d c:android}
    intent={act=android.telecom.ConnectionService cmp=org.example.app%[1]d/.Service%[2]d}
    packageName=org.example.app%[1]d
    processName=org.example.app%[1]d
    permission=android.permission.BIND_TELECOM_CONNECTION_SERVICE
    baseDir=/data/app/~~HqJ1VhOMn==/org.example.app%[1]d-DcDNbUtBq==/base.apk
    dataDir=/data/user/0/org.example.app%[1]d
    app=ProcessRecord{d324c90 3991:org.example.app%[1]d/u0a234}
    isForeground=true foregroundId=42 types=00000084 foregroundNoti=Notification(channel=incoming_calls shortcut=null contentView=null vibrate=null sound=null defaults=0x0 flags=0x62 color=0xff607d8b category=call actions=2 vis=PRIVATE)
    createTime=-10m50s262ms startingBgTimeout=--
    lastActivity=-43s524ms restartTime=-10m48s916ms createdFromFg=false
    startRequested=true delayedStop=false stopIfKilled=false callStart=true lastStartId=4
    Bindings:
    * IntentBindRecord{91ea989 CREATE}:
      intent={act=android.telecom.ConnectionService}
      binder=android.os.BinderProxy@2ac1d8e
      requested=true received=true hasBound=true doRebind=false

`, i%200, i%4)
}

func serviceShort(i int) string {
	return fmt.Sprintf(`  * ServiceRecord{9fd10e2 u0 org.example.app%[1]d/.nearby.presence.service.LifeCycleService%[2]d}
    app=ProcessRecord{821ac7c 3065:org.example.app%[1]d/u0a143}
    created=-2h29m33s660ms started=false connections=2
    Connections:
       -> 1932:system/1000
      act=org.example.other.service.START pkg=org.example.app%[1]d -> 2875:com.android.systemui/1000
      act=org.example.ads.identifier.service.START pkg=org.example.app%[1]d -> 4338:com.xiaomi.xmsf/u0a198
`, i%200, i%4)
}

func broadcastRecord(i int) string {
	return fmt.Sprintf(`  Historical Broadcast modern #%d:
    BroadcastRecord{46c2166 android.intent.action.EXAMPLE_%d/u0} to user 0
    Intent { act=android.intent.action.EXAMPLE_%[2]d flg=0x10000010 pkg=org.example.app%[3]d (has extras) }
      extras: Bundle[{android.intent.extra.ALARM_COUNT=1}]
    caller=org.example.app%[3]d 14751:org.example.app%[3]d/u0a234 pid=14751 uid=10234
    enqueueClockTime=2026-05-04 15:49:09.123 dispatchClockTime=2026-05-04 15:49:09.124
    dispatchTime=-20s976ms (+1ms since enq) finishTime=-20s968ms (+8ms since disp)
    resultTo=null resultCode=0 resultData=null
    DELIVERED scheduled +1ms terminal +2ms #0: BroadcastFilter{7ce2a1b u0 ReceiverList{5b6e06b 3105 org.example.app%[3]d/10234/u0 remote:9b1a2ba}}
    DELIVERED scheduled +1ms terminal +20ms #1: (manifest)
      priority=0 preferredOrder=0 match=0x108000 specificIndex=-1 isDefault=false
      ActivityInfo:
        name=org.example.app%[3]d.Receiver
        packageName=org.example.app%[3]d
        enabled=true exported=true directBootAware=false
        resizeMode=RESIZE_MODE_RESIZEABLE
`, i, i%40, i%200)
}

func broadcastSummary(i int) string {
	return fmt.Sprintf(`  #%d: act=android.intent.action.EXAMPLE_%d flg=0x50000014 pkg=org.example.app%d (has extras)
    +1ms dispatch +90ms finish
    enq=2026-05-04 17:10:51.001 disp=2026-05-04 17:10:51.002 fin=2026-05-04 17:10:51.092
    extras: Bundle[mParcelledData.dataSize=296]
`, i, i%40, i%200)
}

const exitHead = "ACTIVITY MANAGER PROCESS EXIT INFO (dumpsys activity exit-info)\nLast Timestamp of Persistence Into Persistent Storage: 2026-03-14 05:31:19.889\n"

func exitRecord(i int) string {
	return fmt.Sprintf(`  package: org.example.app%[1]d
    Historical Process Exit for uid=10234
        ApplicationExitInfo #0:
          timestamp=2026-03-14 05:31:19.889 pid=%[2]d realUid=10234 packageUid=10234 definingUid=10234 user=0
          process=org.example.app%[1]d:remote reason=10 (USER REQUESTED) subreason=21 (FORCE STOP) status=0
          importance=100 pss=0.00 rss=12MB description=stop org.example.app%[1]d due to from pid 4 state=empty trace=null
        ApplicationExitInfo #1:
          timestamp=2026-03-14 05:30:19.889 pid=%[2]d realUid=10234 packageUid=10234 definingUid=10234 user=0
          process=org.example.app%[1]d reason=4 (APP CRASH(EXCEPTION)) subreason=0 (UNKNOWN) status=0
          importance=100 pss=0.00 rss=12MB description=crash state=empty trace=null
`, i%200, 1000+i)
}

func exitRecord30(i int) string {
	return fmt.Sprintf(`  package: org.example.app%[1]d
    Historical Process Exit for uid=10234
        ApplicationExitInfo #0:
          timestamp=2026-03-14 05:31:19
          pid=%[2]d
          realUid=10234
          packageUid=10234
          definingUid=10234
          user=0
          process=org.example.app%[1]d
          reason=10 (USER REQUESTED)
          status=0
          importance=100
          pss=0.00
          rss=12MB
          description=stop org.example.app%[1]d
          state=empty
          trace=null
`, i%200, 1000+i)
}

func BenchmarkRatio(b *testing.B) {
	for _, r := range readers {
		for form, text := range r.large {
			b.Run(r.name+"/"+form, func(b *testing.B) { readertest.Ratio(b, r.parse, text) })
		}
	}
}

func TestMemory(t *testing.T) {
	for _, r := range readers {
		for form, text := range r.large {
			t.Run(r.name+"/"+form, func(t *testing.T) { readertest.Memory(t, r.parse, text) })
		}
	}
}

func TestLinear(t *testing.T) {
	for _, r := range readers {
		t.Run(r.name, func(t *testing.T) { readertest.Linear(t, r.parse, readertest.Hostile(r.heads, r.units...)) })
	}
}
