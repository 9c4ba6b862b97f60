package telecom

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/logcat"
	"github.com/ringproof/ringproof/harness/internal/readertest"
)

// generated is a dump as a phone with many calls would print it: rows, then
// analytics and history of call after call.
func generated(size int) []byte {
	head := dump34[:strings.LastIndex(dump34, "  Analytics:\n")]
	return readertest.Text(size, head+"  Historical Events:\n", func(i int) string {
		at := fmt.Sprintf("      %02d:%02d:%02d", 8+i/3600%12, i/60%60, i%60)
		return fmt.Sprintf("    SelfMgd CallTC@%d [23/05/2026 15:50:00](MT - incoming)(User=UserHandle{0})\n", i+100) +
			"    \t>>>Target PhoneAccount: ComponentInfo{org.ringproof.sample/org.ringproof.sample.CallConnectionService}, ***, UserHandle{0} (Ringproof Sample)\n" +
			"    \tTo address: sip:*****@*** Presentation: Allowed\n" +
			fmt.Sprintf("%[1]s.100 - CREATED (org.ringproof.sample;requestedAcct:ComponentInfo{org.ringproof.sample/org.ringproof.sample.CallConnectionService}, ***, UserHandle{0}, selfMgd:true):TSI.aNIC(cap)@A%[2]d\n"+
				"%[1]s.120 - START_CONNECTION (sip:*****@***):TSI.aNIC(cap)@A%[2]d\n"+
				"%[1]s.180 - BIND_CS (ComponentInfo{org.ringproof.sample/org.ringproof.sample.CallConnectionService}):TSI.aNIC(cap)@A%[2]d\n"+
				"%[1]s.190 - CS_BOUND (ComponentInfo{org.ringproof.sample/org.ringproof.sample.CallConnectionService}):SBC.oSC(cap)@B%[2]d\n"+
				"%[1]s.200 - SET_RINGING (successful incoming call):CSW.hCCC(cap)@C%[2]d\n"+
				"%[1]s.201 - CAPABILITY_CHANGE (Current: [[ hld sup_hld mut]], Removed [[]], Added [[ hld sup_hld mut]]):CSW.hCCC(cap)@C%[2]d\n"+
				"%[1]s.400 - SET_ANSWERED (answered):CSW.sA(cap)@D%[2]d\n"+
				"%[1]s.410 - SET_ACTIVE (active set explicitly):CSW.sA(cap)@D%[2]d\n"+
				"%[1]s.420 - AUDIO_ROUTE (Leaving state QuiescentEarpieceRoute):CSW.sA->CARSM.pM_SWITCH_FOCUS(cap)@D%[2]d\n"+
				"%[1]s.421 - AUDIO_ROUTE (Entering state ActiveEarpieceRoute):CSW.sA->CARSM.pM_SWITCH_FOCUS(cap)@D%[2]d\n"+
				"%[1]s.422 - AUDIO_ROUTE_EARPIECE:CSW.sA->CARSM.pM_SWITCH_FOCUS(cap)@D%[2]d\n"+
				"%[1]s.500 - SET_DISCONNECTED (disconnected set explicitly> DisconnectCause [ Code: (REMOTE) Label: () Description: () Reason: () Tone: (27)  TelephonyCause: -1/-1]):CSW.sDc(cap)@E%[2]d\n"+
				"%[1]s.590 - DESTROYED:CSW.rC(cap)@F%[2]d\n", at, i) +
			"      Timings (average for this call, milliseconds):\n        accept_to_active: 12,00\n        disconnect_to_destroyed: 90,00\n        bind_to_cs: 10,00\n"
	}, "")
}

// rowsOnly has nothing but rows of live calls, tens of thousands of them.
func rowsOnly(size int) []byte {
	tail := dump34[strings.Index(dump34, "  mCallAudioManager:\n"):]
	return readertest.Text(size, "CallsManager: \n  mCalls: \n", func(i int) string {
		return fmt.Sprintf("    [Call id=TC@%d, state=ON_HOLD, tpac=ComponentInfo{org.ringproof.sample/org.ringproof.sample.CallConnectionService}, ***, UserHandle{0}, cmgr=null, handle=sip:*****@***, vidst=A, childs(0), has_parent(false), cap=[ hld sup_hld mut], prop=[ self_mng]], voip=true\n", i)
	}, tail)
}

// oldRows is the same with the rows of API 26 to 29.
func oldRows(size int) []byte {
	tail := dump34[strings.Index(dump34, "  mCallAudioManager:\n"):]
	return readertest.Text(size, "CallsManager: \n  mCalls: \n", func(i int) string {
		return fmt.Sprintf("    [TC@%d, ON_HOLD, org.ringproof.sample/.CallConnectionService, sip:*****@***, A, childs(0), has_parent(false), [Capabilities: CAPABILITY_HOLD CAPABILITY_SUPPORT_HOLD CAPABILITY_MUTE], [Properties: PROPERTY_SELF_MANAGED]]\n", i)
	}, tail)
}

// generatedLog is what a phone logs around a call: of a hundred lines seven are
// Telecom's.
func generatedLog(size int) []byte {
	return readertest.Text(size, "--------- beginning of main\n", func(i int) string {
		n := 0
		at := func() string {
			n++
			ms := i*900 + n*7
			return fmt.Sprintf("05-23 %02d:%02d:%02d.%03d  1520  %4d I ", 8+ms/3600000%12, ms/60000%60, ms/1000%60, ms%1000, 1520+n)
		}
		others := func() string {
			return at() + fmt.Sprintf("ActivityManager: Start proc %d:com.example.app%d/u0a%d for service {com.example.app/com.example.app.SyncService}\n", 4000+i+n, i%40, i%300) +
				at() + fmt.Sprintf("WifiHAL : Creating message to get link statistics; iface = %d\n", i%3) +
				at() + fmt.Sprintf("thermal-engine: SS-BAT: battery temperature %d.%d C, skin %d, no action is needed at this level\n", i%41, i%10, i)
		}
		other := func() (all string) {
			for range 5 {
				all += others()
			}
			return all
		}
		row := strings.ReplaceAll(logRow, "TC@1,", fmt.Sprintf("TC@%d,", i))
		return at() + "Telecom : : registerPhoneAccount: account=[[ ] PhoneAccount: " + logHandle + " Capabilities: SelfManaged Audio Routes: BESW Schemes: sip  Extras: null GroupId: ***]: TSI.rPA(cap)@A3U\n" +
			at() + fmt.Sprintf("Telecom : Event: RecordEntry TC@%d: CREATED, org.ringproof.sample;requestedAcct:***, selfMgd:true: TSI.aNIC(cap)@A%d\n", i, i) + other() +
			at() + fmt.Sprintf("Telecom : Event: RecordEntry TC@%d: SET_RINGING, successful incoming call: CSW.hCCC(cap)@A%d\n", i, i) +
			at() + fmt.Sprintf("Telecom : CallsManager: setCallState NEW -> RINGING, call: %s: CSW.hCCC(cap)@A%d\n", row, i) + other() + other() +
			at() + fmt.Sprintf("Telecom : InCallController: onCallAdded: %s: CSW.hCCC(cap)@A%d\n", row, i) +
			at() + fmt.Sprintf("Telecom : CallAudioRouteStateMachine: setSystemAudioState: changing from [AudioState isMuted: false, route: EARPIECE, supportedRouteMask: EARPIECE, SPEAKER, activeBluetoothDevice: [null], supportedBluetoothDevices: []] to [AudioState isMuted: false, route: SPEAKER, supportedRouteMask: EARPIECE, SPEAKER, activeBluetoothDevice: [null], supportedBluetoothDevices: []]: CARSM.pM@A%d\n", i) + other() + other() + other() +
			at() + fmt.Sprintf("Telecom : Event: RecordEntry TC@%d: DESTROYED, null: CSW.rC(cap)@A%d\n", i, i)
	}, "")
}

func parseLog(b []byte) (Log, error) { return ParseLog(b, logcat.Clock{}) }

func BenchmarkRatio(b *testing.B) {
	for name, c := range map[string]struct {
		parse readertest.Parse
		text  func(int) []byte
	}{
		"calls":    {readertest.Of(Parse), generated},
		"rows":     {readertest.Of(Parse), rowsOnly},
		"old rows": {readertest.Of(Parse), oldRows},
		"log":      {readertest.Of(parseLog), generatedLog},
	} {
		b.Run(name, func(b *testing.B) { readertest.Ratio(b, c.parse, c.text) })
	}
}

func TestMemory(t *testing.T) {
	t.Run("dump", func(t *testing.T) { readertest.Memory(t, readertest.Of(Parse), generated) })
	t.Run("log", func(t *testing.T) { readertest.Memory(t, readertest.Of(parseLog), generatedLog) })
}

func TestGenerated(t *testing.T) {
	f, err := Parse(generated(100 << 10))
	h := f.History.Or(nil)
	if err != nil || len(h) < 40 || len(h[39].Events) != 13 || h[39].ID != "TC@139" || !h[39].Over() {
		t.Errorf("%d records, %v", len(h), err)
	}
	for name, in := range map[string][]byte{"rows": rowsOnly(100 << 10), "old rows": oldRows(100 << 10)} {
		f, err := Parse(in)
		c := f.Calls.Or(nil)
		if err != nil || len(c) < 300 || c[299].ID != "TC@299" || c[299].SelfManaged.String() != "true" || c[299].Package.String() != "org.ringproof.sample" {
			t.Errorf("%s: %d, %v", name, len(c), err)
		}
	}
	l, err := ParseLog(generatedLog(100<<10), logcat.Clock{})
	all := l.Lines.Or(nil)
	if err != nil || len(all) < 7*5 || told(all[6]) != "98 event TC@0 DESTROYED @CSW.rC(cap)@A0" {
		t.Errorf("%d lines of Telecom, %v: %s", len(all), err, told(all[6]))
	}
}

func TestLinear(t *testing.T) {
	texts := readertest.Hostile(map[string]string{
		"nothing":    "",
		"calls":      "CallsManager:\nmCalls:\n",
		"row":        "CallsManager:\nmCalls:\n[Call id=TC@1, state=NEW, tpac=ComponentInfo{a/b}, ",
		"old row":    "CallsManager:\nmCalls:\n[TC@1, NEW, a.b/.c, ",
		"audio":      "CallsManager:\nmCalls:\nmCallAudioManager:\n",
		"foreground": "CallsManager:\nmCalls:\nmCallAudioManager:\nForeground call:\n[Call id=",
		"accounts":   "CallsManager:\nmCalls:\nmCallAudioManager:\nmTtyManager:\nphoneAccounts:\n[[X] PhoneAccount: ",
		"history":    "CallsManager:\nmCalls:\nmCallAudioManager:\nmTtyManager:\nHistorical Events:\nCallTC@1 [x](MT - incoming)\n",
		"event":      "CallsManager:\nmCalls:\nmCallAudioManager:\nmTtyManager:\nHistorical Events:\nCallTC@1 [x](MT - incoming)\n10:00:00.000 - A (",
	}, "[Call id=TC@1, state=NEW", ", prop=[", ", cap=[", "childs(0)\n", "[TC@1, NEW, null, childs(0)\n", "ComponentInfo{", "UserHandle{", "CallTC@1 [x](MT - incoming)\n",
		"10:00:00.000 - SET_DISCONNECTED (x)\n", "10:00:00.000 - A\n", "):", "[[X] PhoneAccount: \n", "phoneAccounts:\n", "All calls:\nx\n", "PERSISTED DIAGNOSTIC DATA FROM DROP BOX\n", "CommSess{", "mutsep_cnf")
	texts["rows"], texts["old rows"] = rowsOnly, oldRows
	readertest.Linear(t, readertest.Of(Parse), texts)
}

func TestLinearLog(t *testing.T) {
	readertest.Linear(t, readertest.Of(parseLog), readertest.Hostile(map[string]string{
		"nothing": "",
		"state":   "I/Telecom ( 1): CallsManager: setCallState NEW -> RINGING, call: [Call id=TC@1, state=NEW, ",
		"event":   "I/Telecom ( 1): Event: RecordEntry TC@1: A, ",
		"route":   "I/Telecom ( 1): A: updateCallAudioState: updating call audio state to [AudioState isMuted: true, route: A, supportedRouteMask: ",
		"account": "I/Telecom ( 1): A: New phone account registered: [[ ] PhoneAccount: ",
	}, "I/Telecom ( 1): ", ", prop=[", ", cap=[", "SPEAKER, ", ": ", "ComponentInfo{", "I/Telecom ( 1): Event: RecordEntry TC@1: A, b\n", "Event: RecordEntry TC@1: A, b\n"))
}
