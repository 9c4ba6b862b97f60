package capture

import (
	"regexp"
)

// rule finds one kind of personal data in a line.
type rule struct {
	// needs are texts of which one must be in the line, in small letters: most
	// lines have none, and looking for them is far cheaper than find.
	needs []string
	find  *regexp.Regexp
	// mask returns what stands in place of the last group of find.
	mask func(m *Masker, line string, at []int) string
}

// rules are applied in order. The first ones hide whole texts, which leaves
// nothing in them for the others.
var rules = [...]rule{
	// Everything that a screen shows or says (uiautomator dump).
	{[]string{"<node ", "<window "}, regexp.MustCompile(` (?:text|content-desc|hint|title)="([^"]*)"`), hideMarkup},
	// A notification's texts. Redacted dumps have none of them, but for makers'
	// additions. The style's class is a fact and nobody's text.
	{[]string{"=string (", "=spannable", "=charsequence ("}, regexp.MustCompile(`^\s*([\w.$:-]+)=(?:String|Spannable\w*|CharSequence) \((.*)$`), hideExtra},
	{[]string{"] bundle["}, regexp.MustCompile(`^\s*\[\d+\] (Bundle\[.*)$`), hideWords},
	{[]string{"tickertext="}, regexp.MustCompile(`\btickerText=(.*)$`), hideWords},
	// Messengers make a channel for each conversation and name it after the
	// other person.
	{[]string{"notificationchannel"}, regexp.MustCompile(`\bmName=(.*?), m[A-Z]\w*=`), hideWords},
	{[]string{"notificationchannel"}, regexp.MustCompile(`\bmDescription=(.*?), m[A-Z]\w*=`), hideWords},
	{[]string{"mconversationid='"}, regexp.MustCompile(`\bmConversationId='([^']*)'`), hideWords},
	{[]string{"://"}, regexp.MustCompile(`\b[a-z][a-z0-9+]*://[^\s"'<>?]*\?([^\s"'<>]*)`), hideWords},
	{[]string{"content://com.android.contacts/"}, regexp.MustCompile(`content://com\.android\.contacts/([^\s"'<>]*)`), hideWords},
	// Names of users, networks, headsets.
	{[]string{"userinfo{"}, regexp.MustCompile(`UserInfo\{\d+:(.*?):[0-9a-f]+\}`), hideWords},
	{[]string{`user "`}, regexp.MustCompile(`\bUser "(.*)" \(id=`), hideWords},
	{[]string{"ssid"}, regexp.MustCompile(`(?i)(?:^|[^a-z])m?(?:wifi)?ssid["']?\s*[=:]\s*"([^"]*)"`), hideWords},
	{[]string{"ssid"}, regexp.MustCompile(`(?i)(?:^|[^a-z])m?(?:wifi)?ssid["']?\s*[=:]\s*([^\s",<][^",]*)`), hideWords},
	{[]string{":"}, regexp.MustCompile(`(?i)(?:[0-9a-fx]{2}:){5}[0-9a-fx]{2} (?:=> \S+ )?(?:\[[^\]]*\] ?)+(.+)$`), hideWords},
	{[]string{" profiles:"}, regexp.MustCompile(`\bname:(.*?) profiles:`), hideWords},
	// People.
	{[]string{"@"}, regexp.MustCompile(`([A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,})`), hideMail},
	{[]string{"name="}, regexp.MustCompile(`\bAccount ?\{name=(.*?), type=`), hideAccount},
	{[]string{"sip", "xmpp:", "mailto:", "skype:", "callto:"}, regexp.MustCompile(`\b(?:sips?|xmpp|mailto|skype|callto):([^\s@<>"(),;]+)`), hideAddress},
	{[]string{"tel:", "sms:", "smsto:", "voicemail:"}, regexp.MustCompile(`\b(?:tel|sms|smsto|voicemail):(?:\+|%2[Bb])?([0-9][0-9().-]*)`), hideNumber},
	{[]string{"+"}, regexp.MustCompile(`\+([0-9][0-9(). -]{5,20}[0-9])`), hideInternational},
	{[]string{"-"}, regexp.MustCompile(`(\(?[0-9]{3}\)?[ -][0-9]{3}-[0-9]{4})`), hideAlone},
	{
		[]string{"msisdn", "number"},
		regexp.MustCompile(`(?i)(?:msisdn|line1_?number|phone_?number|voicemail_?number|incoming_?number|dialed_?number|caller_?number)["']?\s*[=:]\s*["']?\+?([0-9][0-9().-]*)`),
		hideNumber,
	},
	// The phone and its cards.
	{
		[]string{"imei", "meid", "imsi", "icc", "subscriberid", "serial", "deviceid", "android"},
		regexp.MustCompile(`(?i)(?:imei|meid|imsi|icc_?id|subscriber_?id|sim_?serial(?:_?number)?|serial_?(?:no|number)|device_?id|android_?id)[0-9]?\]?["']?\s*[=:]\s*["'\[]?([0-9a-z-]{6,})`),
		hideID,
	},
	// Networks and places.
	{[]string{":", "-", "_"}, regexp.MustCompile(`([0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){5}|(?:-[0-9A-Fa-f]{2}){5}|(?:_[0-9A-Fa-f]{2}){5}))`), hideMAC},
	{[]string{"."}, regexp.MustCompile(`([0-9]{1,3}(?:\.[0-9]{1,3}){3})`), hideIPv4},
	{[]string{":"}, regexp.MustCompile(`([0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})`), hideIPv6},
	{[]string{"location["}, regexp.MustCompile(`Location\[\S+ (\S+)`), hidePlace},
	{[]string{"lat", "lon", "lng"}, regexp.MustCompile(`(?i)\bm?(?:lat|lon|lng|latitude|longitude)["']?\s*[=:]\s*(-?[0-9]+[.,][0-9]+)`), hidePlace},
}
