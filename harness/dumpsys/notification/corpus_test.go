package notification

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/captures"
)

func corpus(t testing.TB) string {
	t.Helper()
	dir := captures.Dir(t)
	return filepath.Join(dir, "notification")
}

type row struct {
	line                   int
	pkg                    string
	id                     int
	tag, channel, category string
	flags                  Flags
	importance             Importance
	actions                []string
	template               string
}

// What a person sees in the files: all are parts of dumps, so no list of posted
// notifications is whole and each last record may be cut.
var seen = map[string][]row{
	"001-a16-coloros-noredact-autogroup-gmail.txt": {
		{3, "com.google.android.gm", 0, "0|com.google.android.gm|g:Aggregate_AlertingSection", "^nc_~_misc", "",
			AutoCancel | LocalOnly | GroupSummary | AutogroupSummary | Silent, ImportanceDefault, nil, ""},
	},
	"002-a16-pixel-noredact-usb-ongoing.txt": {
		{3, "android", 27, "", "USB", "", OngoingEvent | CanColorize, ImportanceMin, nil, ""},
	},
	"004-a16-pixel-noredact-media-transport.txt": {},
	"005-a16-pixel-noredact-voicemail-to-archive.txt": {
		{1, "com.google.android.dialer", 1, "LegacyVoicemail_:1", "phone_voicemail_account_:1", "", OnlyAlertOnce, ImportanceDefault, nil, ""},
	},
	"007-a13-samsung-redacted-system-tasker-play.txt": {
		{1, "android", 62, "", "DEVELOPER_IMPORTANT", "", OngoingEvent, ImportanceHigh, nil, ""},
		{67, "com.dti.samsung", 994, "", "com.dti.samsung", "", OngoingEvent | AutoCancel, ImportanceDefault, nil, "android.app.Notification$BigPictureStyle"},
		{146, "net.dinglisch.android.taskerm", 2147483647, "", "Mno", "service", OngoingEvent | OnlyAlertOnce | NoClear | ForegroundService, ImportanceDefault, nil, "android.app.Notification$BigTextStyle"},
		{216, "com.android.vending", -555892737, "", "setup", "sys", OngoingEvent | LocalOnly, ImportanceLow, []string{"Revisar", "Instalar todos"}, ""},
	},
	"008-a13-samsung-select-string-mangled.txt": {
		{4, "com.whatsapp.w4b", 1, "", "silent_notifications_3", "msg", GroupSummary, ImportanceLow, nil, "android.app.Notification$InboxStyle"},
	},
	"010-a15-hyperos-redacted-mojibake.txt": {
		{3, "android", 2147483647, "ranker_group", "DEVELOPER_IMPORTANT", "", OngoingEvent | LocalOnly | GroupSummary | AutogroupSummary, ImportanceHigh, nil, ""},
		{69, "android", 26, "", "DEVELOPER_IMPORTANT", "", OngoingEvent | CanColorize, ImportanceHigh, nil, ""},
		{139, "android", 32, "", "USB", "", OngoingEvent | CanColorize, ImportanceDefault, nil, "unknown"},
		{141, "cn.ticktick.task", 2147483647, "ranker_group", "task_reminder_notification_channel", "", OngoingEvent | LocalOnly | GroupSummary | AutogroupSummary, ImportanceHigh, nil, ""},
		{207, "cn.ticktick.task", 80, "", "task_reminder_notification_channel", "reminder", ShowLights | OngoingEvent, ImportanceHigh, []string{"瀹屾垚", "绋嶅悗鎻愰啋"}, "android.app.Notification$BigTextStyle"},
		{293, "com.gongjin.cradio", 1, "", "PLAYER", "", OngoingEvent | NoClear | ForegroundService, ImportanceLow, nil, ""},
		{371, "com.miui.securitycenter", 2131890064, "", "com.miui.powercenter.low", "", AutoCancel | CanColorize, ImportanceLow, []string{"绔嬪嵆閫€鍑?"}, ""},
	},
	"011-a14-hyperos2-pad6-redacted.txt": {
		{6, "org.telegram.messenger", 971388197, "", "0channel_groups_b9fad_5955743330845058321", "msg", AutoCancel, ImportanceHigh, []string{"Responder", "Marcar como leído"}, "android.app.Notification$MessagingStyle"},
		{98, "com.android.system.optimizer", -1533283055, "", "fde_ai_status", "sys", OngoingEvent | OnlyAlertOnce | NoClear | ForegroundService, ImportanceHigh, nil, ""},
		{175, "com.termux.api", 2147483647, "ranker_group", "termux-notification", "", OngoingEvent | AutoCancel | LocalOnly | GroupSummary | AutogroupSummary, ImportanceDefault, nil, ""},
		{241, "com.termux.api", 0, "2", "termux-notification", "", AutoCancel, ImportanceDefault, nil, ""},
	},
	"013-a8-oneplus-or-pixel-incoming-call-tostring.txt": {},
}

func TestCorpus(t *testing.T) {
	dir := corpus(t)
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	if len(files) == 0 {
		t.Fatalf("no files in %s", dir)
	}
	for _, path := range files {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			want, ok := seen[name]
			if !ok {
				t.Fatal("nobody wrote down what is in it")
			}
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			f, err := Parse(b)
			if err == nil || f.Posted.Known() {
				t.Errorf("a part of a dump: error %v, posted %v", err, f.Posted)
			}
			got := f.Partial.Or(nil)
			if len(got) != len(want) {
				t.Fatalf("%d records, want %d", len(got), len(want))
			}
			for i, w := range want {
				g := got[i]
				var titles []string
				for _, a := range g.Actions.Or([]Action{{Title: "?"}}) {
					titles = append(titles, a.Title)
				}
				if g.Line != w.line || g.Package != w.pkg || g.ID.Or(-9) != w.id || g.Tag.Or("?") != w.tag ||
					g.Channel.Or("?") != w.channel || g.Category.Or("?") != w.category || g.Flags.Or(1<<31) != w.flags ||
					g.Importance.Or(-9) != w.importance || g.Template.String() != w.template || len(titles) != len(w.actions) {
					t.Errorf("record %d = %+v\nwant %+v", i, g, w)
					continue
				}
				for j := range titles {
					if titles[j] != w.actions[j] {
						t.Errorf("record %d: action %q, want %q", i, titles[j], w.actions[j])
					}
				}
				if v := g.FullScreen.Or(FullScreenAbsent); v != FullScreenAbsent {
					t.Errorf("record %d: full-screen intent %v", i, v)
				}
			}
		})
	}
}
