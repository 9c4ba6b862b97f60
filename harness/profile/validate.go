package profile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ringproof/ringproof/fixtures"
)

// The syntaxes are Android's own (manifest attributes "package" and
// "android:name"), narrowed to what is one plain shell word.
var syntaxes = struct{ dotted, class, resource, word *regexp.Regexp }{
	dotted:   regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)+$`),
	class:    regexp.MustCompile(`^(\.[A-Za-z_][A-Za-z0-9_]*)+$|^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)+$`),
	resource: regexp.MustCompile(`^([A-Za-z][A-Za-z0-9_.]*:id/)?[A-Za-z_][A-Za-z0-9_.]*$`),
	word:     regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`),
}

// ValueError says that the value at one key of a profile cannot be right.
type ValueError struct {
	// Key is the way to the value, such as "deliveries.debug.action".
	Key string
	// Problem is what is wrong and what is wanted.
	Problem string
}

func (e *ValueError) Error() string { return e.Key + ": " + e.Problem }

// Validate checks every value. The first problem is a *ValueError.
func (p *Profile) Validate() error {
	c := checker{}
	c.text("name", p.Name)
	c.match("package", p.Package, syntaxes.dotted, `a package name such as "com.example.app"`)
	c.class("launchActivity", p.LaunchActivity)
	c.class("connectionService", p.ConnectionService)
	c.text("account", p.AccountID)
	c.permissions(p.Permissions)
	c.deliveries(p.Deliveries)
	if s := p.Signalling; s != nil {
		c.match("signalling.action", s.Action, syntaxes.dotted, `an action such as "com.example.app.devicetest.SIGNAL"`)
		c.match("signalling.extra", s.Extra, syntaxes.word, `the name of an extra such as "message_b64"`)
	}
	if v := fixtures.Vendors(); !slices.Contains(v, p.Payload.Vendor) {
		c.fail("payload.vendor", "%q is no known vendor: %s", p.Payload.Vendor, strings.Join(v, ", "))
	}
	c.text("notification.channel", p.Notification.Channel)
	c.optional("notification.missedChannel", p.Notification.MissedChannel)
	c.optional("notification.ongoingChannel", p.Notification.OngoingChannel)
	c.texts("notification.answerTitles", p.Notification.AnswerTitles)
	c.texts("notification.declineTitles", p.Notification.DeclineTitles)
	c.texts("notification.endTitles", p.Notification.EndTitles)
	if p.Screens.Incoming != "" {
		c.class("screens.incoming", p.Screens.Incoming)
	}
	c.class("screens.call", p.Screens.Call)
	c.selector("screens.answer", p.Screens.Answer)
	c.selector("screens.decline", p.Screens.Decline)
	c.selector("screens.end", p.Screens.End)
	if p.Screens.Speaker != (Selector{}) {
		c.selector("screens.speaker", p.Screens.Speaker)
	}
	if v := p.CallControl.Property; v != "" {
		c.match("callControl.property", v, syntaxes.dotted, `a system property such as "debug.example.callcontrol"`)
	}
	if o := p.Outgoing; o != (Outgoing{}) {
		c.match("outgoing.action", o.Action, syntaxes.dotted, `an action such as "com.example.app.devicetest.CALL"`)
		c.text("outgoing.callee", o.Callee)
		c.text("outgoing.session", o.Session)
	}
	c.optional("trace.tag", p.Trace.Tag)
	c.optional("trace.file", p.Trace.File)
	if (p.Trace.Declined == "") != (p.Trace.Ended == "") {
		c.fail("trace", "declined and ended belong together: what the app tells its server is judged by both")
	}
	c.budget("budgets.ring", p.Budgets.Ring)
	c.budget("budgets.answer", p.Budgets.Answer)
	c.budget("budgets.stop", p.Budgets.Stop)
	c.budget("budgets.missed", p.Budgets.Missed)
	c.budget("budgets.timeout", p.Budgets.Timeout)
	if c.err != nil {
		return c.err
	}
	return nil
}

// checker keeps the first problem.
type checker struct{ err *ValueError }

func (c *checker) fail(key, format string, args ...any) {
	if c.err == nil {
		c.err = &ValueError{Key: key, Problem: fmt.Sprintf(format, args...)}
	}
}

func (c *checker) match(key, v string, re *regexp.Regexp, want string) {
	if v == "" {
		c.fail(key, "is missing: give %s", want)
	} else if !re.MatchString(v) {
		c.fail(key, "%q is not %s", v, want)
	}
}

func (c *checker) class(key, v string) {
	c.match(key, v, syntaxes.class, `a class such as ".MainActivity" or "com.example.app.MainActivity"`)
}

func (c *checker) text(key, v string) {
	if v == "" {
		c.fail(key, "is missing")
	}
	c.optional(key, v)
}

func (c *checker) optional(key, v string) {
	if !utf8.ValidString(v) || strings.ContainsFunc(v, unicode.IsControl) {
		c.fail(key, "%q has control characters or is no UTF-8", v)
	}
}

func (c *checker) texts(key string, vs []string) {
	for i, v := range vs {
		c.text(fmt.Sprintf("%s[%d]", key, i), v)
	}
}

func (c *checker) permissions(ps []Permission) {
	for i, p := range ps {
		key := fmt.Sprintf("permissions[%d]", i)
		c.match(key+".name", p.Name, syntaxes.dotted, `a permission such as "android.permission.RECORD_AUDIO"`)
		if p.MinAPI < 0 || p.MinAPI > 99 {
			c.fail(key+".minAPI", "%d is no API level", p.MinAPI)
		}
	}
}

func (c *checker) deliveries(d Deliveries) {
	const action = `an action such as "com.example.app.devicetest.PUSH"`
	if d.Debug == nil && d.Root == nil {
		c.fail("deliveries", "is missing: a push needs debug, root or both")
	}
	if d.Debug != nil {
		c.match("deliveries.debug.action", d.Debug.Action, syntaxes.dotted, action)
		c.match("deliveries.debug.extra", d.Debug.Extra, syntaxes.word, `the name of an extra such as "payload_b64"`)
	}
	if d.Root != nil {
		c.match("deliveries.root.action", d.Root.Action, syntaxes.dotted, action)
	}
}

func (c *checker) selector(key string, s Selector) {
	if s == (Selector{}) {
		c.fail(key, "is missing: give id, desc or text")
	}
	if s.ResourceID != "" {
		c.match(key+".id", s.ResourceID, syntaxes.resource, `a resource id such as "answer" or "com.example.app:id/answer"`)
	}
	c.optional(key+".desc", s.ContentDesc)
	c.optional(key+".text", s.Text)
}

func (c *checker) budget(key string, d time.Duration) {
	if d < 0 || d > 10*time.Minute {
		c.fail(key, "%s is not between 0s and 10m", d)
	}
}
