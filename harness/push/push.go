// Package push brings a call payload to the app under test as Firebase would
// hand it over: as string extras of one broadcast, and it reads the system's
// receipt.
//
// Deliveries differ in the door they use, never in the message: the debug
// receiver takes it on every phone, the root broadcast knocks at the door that
// Google Play services uses. The package knows no call: whether anything rings
// is for others to see.
//
// Broadcasts name action and package and never a component: an explicit
// component starts even a force-stopped app, which no real push does.
package push

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ringproof/ringproof/devices"
	"github.com/ringproof/ringproof/devices/adb"
)

// Priority is the priority that a message arrives with.
type Priority string

// The two priorities of FCM. High comes with the power allowlist and the
// foreground flag, as Google Play services sends it; normal with neither.
const (
	High   Priority = "high"
	Normal Priority = "normal"
)

// allowlist is how long a high-priority message exempts its app from power
// restrictions. microG grants the same 10 s; Google's own value is not public.
const allowlist = 10 * time.Second

// Message is one data message. FCM knows only string values.
type Message struct {
	// Data is the payload that the app's code sees.
	Data map[string]string
	// ID is google.message_id; the SDK drops an id it has just seen.
	ID string
	// Priority is High unless set.
	Priority Priority
	// SentAt is google.sent_time in the phone's clock; zero leaves it out.
	SentAt time.Time
	// TTL is google.ttl in whole seconds; zero leaves it out.
	TTL time.Duration
	// User is the Android user whose copy of the app gets it, 0 the owner: each has
	// a token of its own.
	User int
}

// ErrPayload is the kind of every error about a payload that cannot be sent.
var ErrPayload = errors.New("bad payload")

// Check tells what of the message no delivery could carry.
func (m Message) Check() error {
	for _, k := range slices.Sorted(maps.Keys(m.Data)) {
		v := m.Data[k]
		switch {
		case k == "":
			return fmt.Errorf("%w: a key is empty", ErrPayload)
		case k == "from" || k == "message_type" || k == "collapse_key" || strings.HasPrefix(k, "google.") || strings.HasPrefix(k, "gcm."):
			return fmt.Errorf("%w: key %q is reserved by FCM and never reaches the app: rename it", ErrPayload, k)
		case strings.ContainsRune(k, 0) || strings.ContainsRune(v, 0):
			return fmt.Errorf("%w: field %q holds a NUL, which no Android command line can carry", ErrPayload, k)
		case !utf8.ValidString(k) || !utf8.ValidString(v):
			return fmt.Errorf("%w: field %q is not valid UTF-8", ErrPayload, k)
		}
	}
	switch m.Priority {
	case "", High, Normal:
		return nil
	}
	return fmt.Errorf("%w: priority %q is neither high nor normal", ErrPayload, m.Priority)
}

func (m Message) high() bool { return m.Priority != Normal }

// extras is what the SDK finds in the intent: the data beside its own keys.
func (m Message) extras() map[string]string {
	p := string(High)
	if !m.high() {
		p = string(Normal)
	}
	e := map[string]string{
		"from":                      "100000000000",
		"google.delivered_priority": p,
		"google.original_priority":  p,
	}
	if m.ID != "" {
		e["google.message_id"] = m.ID
	}
	if !m.SentAt.IsZero() {
		e["google.sent_time"] = strconv.FormatInt(m.SentAt.UnixMilli(), 10)
	}
	if m.TTL > 0 {
		e["google.ttl"] = strconv.Itoa(int(m.TTL / time.Second))
	}
	maps.Copy(e, m.Data)
	return e
}

// Receipt is what the system said of a message.
type Receipt struct {
	// Accepted says that the app's receiver ran and took the message. It is
	// the result code of the ordered broadcast, never am's exit status.
	Accepted bool
	// Code is that result code: -1 taken, 0 nobody ran (stopped, no such
	// receiver, permission), 401 to 500 refused by the SDK.
	Code int
	// Data is the receiver's own answer, if any.
	Data string
	// Sent and Done are the phone's time since boot just before the broadcast
	// and after its receipt; 0 if it was not read.
	Sent, Done time.Duration
	// Delivery is the door that was used.
	Delivery string
}

// String says in words what became of the message.
func (r Receipt) String() string {
	if r.Accepted {
		return fmt.Sprintf("accepted through the %s (result %d)", r.Delivery, r.Code)
	}
	if r.Code == 0 {
		return fmt.Sprintf("nobody took it through the %s (result 0: app stopped, no such receiver, or not permitted)", r.Delivery)
	}
	return fmt.Sprintf("refused through the %s (result %d)", r.Delivery, r.Code)
}

// Shell is what a delivery needs of a phone.
type Shell interface {
	Serial() string
	Run(ctx context.Context, script string) (devices.Output, error)
}

// Delivery is one way for a message to travel.
type Delivery interface {
	// Name is how reports call the delivery.
	Name() string
	// Deliver sends m to the package and waits for the system's receipt.
	Deliver(ctx context.Context, phone Shell, pkg string, m Message) (Receipt, error)
}

// Debug delivers through the app's debug-only receiver, which only holders of
// android.permission.DUMP, such as adb's shell, can reach. It works on every
// phone. The whole message travels as base64 of a JSON object in one extra.
type Debug struct {
	Action string // the receiver's action
	Extra  string // the extra that it reads
}

// Name is "debug receiver".
func (Debug) Name() string { return "debug receiver" }

// Deliver implements Delivery.
func (d Debug) Deliver(ctx context.Context, phone Shell, pkg string, m Message) (Receipt, error) {
	if err := m.Check(); err != nil {
		return Receipt{}, err
	}
	extra, err := encoded(m.extras())
	if err != nil {
		return Receipt{}, err
	}
	return broadcast(ctx, phone, d.Name(), address{pkg: pkg, action: d.Action, user: m.User, high: m.high()}, map[string]string{d.Extra: extra})
}

// Signal is no push: it has the app's own connection to its server tell the
// message, through a test receiver as Debug's. Nothing exempts the app from
// anything, and of the message only the data travel.
type Signal struct {
	Action string // the receiver's action
	Extra  string // the extra that it reads
}

// Name is "app's own connection".
func (Signal) Name() string { return "app's own connection" }

// Deliver implements Delivery.
func (d Signal) Deliver(ctx context.Context, phone Shell, pkg string, m Message) (Receipt, error) {
	if err := m.Check(); err != nil {
		return Receipt{}, err
	}
	extra, err := encoded(m.Data)
	if err != nil {
		return Receipt{}, err
	}
	return broadcast(ctx, phone, d.Name(), address{pkg: pkg, action: d.Action, user: m.User}, map[string]string{d.Extra: extra})
}

// encoded is how a test receiver reads strings: base64 of a JSON object.
func encoded(texts map[string]string) (string, error) {
	j, err := json.Marshal(texts)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrPayload, err)
	}
	return base64.StdEncoding.EncodeToString(j), nil
}

// Root delivers to the receiver of the Firebase SDK itself, the whole
// production path. Its permission is held by Google Play services; of adb's
// users only root passes.
type Root struct {
	Action string
	Su     Su // how this phone's shell becomes root
}

// Su is how a shell becomes root. The zero Su says that it is root already.
type Su struct {
	// Prefix stands before the command, such as ["su", "0"].
	Prefix []string
	// OneWord says that the command follows as a single word, as the su of
	// most rooting tools wants it ("su -c 'id -u'"); AOSP's own su takes words.
	OneWord bool
}

// Line is the quoted shell text that runs words as root.
func (s Su) Line(words ...string) string {
	if s.OneWord {
		return adb.QuoteArgs(append(slices.Clone(s.Prefix), adb.QuoteArgs(words...))...)
	}
	return adb.QuoteArgs(append(slices.Clone(s.Prefix), words...)...)
}

// Name is "root broadcast".
func (Root) Name() string { return "root broadcast" }

// Deliver implements Delivery.
func (r Root) Deliver(ctx context.Context, phone Shell, pkg string, m Message) (Receipt, error) {
	if err := m.Check(); err != nil {
		return Receipt{}, err
	}
	return broadcast(ctx, phone, r.Name(), address{pkg: pkg, action: r.Action, user: m.User, high: m.high(), su: r.Su}, m.extras())
}

// completed is am's last line (ActivityManagerShellCommand): the result of an
// ordered broadcast.
var completed = regexp.MustCompile(`(?s)Broadcast completed: result=(-?\d+)(?:, data="(.*?)")?(?:, extras: Bundle.*)?\s*$`)

// address is whom a broadcast is for, and how it is sent.
type address struct {
	pkg, action string
	user        int
	high        bool
	su          Su
}

func broadcast(ctx context.Context, phone Shell, name string, to address, extras map[string]string) (Receipt, error) {
	user := strconv.Itoa(to.user)
	line := []string{"am", "broadcast", "--user", user}
	if to.high {
		line = append(line, "--receiver-foreground")
	}
	line = append(line, "-a", to.action, "-p", to.pkg)
	for _, k := range slices.Sorted(maps.Keys(extras)) {
		line = append(line, "--es", k, extras[k])
	}
	script := ""
	if to.high {
		// Same shell line as the broadcast: the exemption is short.
		script = "cmd deviceidle tempwhitelist -u " + user + " -d " + strconv.FormatInt(allowlist.Milliseconds(), 10) +
			" " + adb.Quote(to.pkg) + " >/dev/null 2>&1\n"
	}
	script += "cat /proc/uptime\n" + to.su.Line(line...) + "\nr=$?; cat /proc/uptime; exit $r"
	out, err := phone.Run(ctx, script)
	if err != nil {
		return Receipt{}, fmt.Errorf("push through the %s: %w", name, err)
	}
	return readReceipt(name, phone.Serial(), out)
}

// Tell sends a broadcast of another door of the app's test receiver, with string
// extras. It exempts the app from nothing.
func Tell(ctx context.Context, phone Shell, pkg, action string, extras map[string]string) (Receipt, error) {
	return broadcast(ctx, phone, "test door", address{pkg: pkg, action: action}, extras)
}

func readReceipt(name, serial string, out devices.Output) (Receipt, error) {
	text := string(out.Stdout)
	up, rest, _ := strings.Cut(text, "\n")
	r := Receipt{Delivery: name, Sent: uptime(up)}
	if i := strings.LastIndexByte(strings.TrimRight(rest, "\r\n"), '\n'); i >= 0 {
		// The script's own last line, behind all that a receiver could print.
		if r.Done = uptime(strings.TrimSpace(rest[i:])); r.Done > 0 {
			rest = rest[:i]
		}
	}
	m := completed.FindStringSubmatch(rest)
	if m == nil {
		said := strings.TrimSpace(rest + " " + string(out.Stderr))
		if len(said) > 300 {
			said = said[:300] + "..."
		}
		return Receipt{}, fmt.Errorf("push through the %s: phone %s gave no receipt, it said %q (exit %d)", name, serial, said, out.Exit)
	}
	code, err := strconv.Atoi(m[1])
	if err != nil {
		return Receipt{}, fmt.Errorf("push through the %s: phone %s gave an unreadable receipt: %w", name, serial, err)
	}
	r.Code, r.Data, r.Accepted = code, m[2], code == -1
	return r, nil
}

// uptime reads the first number of /proc/uptime, 0 if it is none.
func uptime(line string) time.Duration {
	seconds, _, ok := strings.Cut(line, " ")
	f, err := strconv.ParseFloat(seconds, 64)
	if !ok || err != nil || !(f > 0 && f < 1e9) {
		return 0
	}
	return time.Duration(f * float64(time.Second))
}
