// Package deviceidle reads `dumpsys deviceidle` of API 26 and newer
// (DeviceIdleController.dump): Doze, deep and light, and who is exempt from it.
package deviceidle

import (
	"bytes"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

const service = "deviceidle"

// Facts is what one dump says.
type Facts struct {
	// Deep is ACTIVE, INACTIVE, IDLE_PENDING, SENSING, LOCATING, IDLE,
	// IDLE_MAINTENANCE or QUICK_DOZE_DELAY.
	Deep fact.Value[string] `json:"deep"`
	// Light is ACTIVE, INACTIVE, PRE_IDLE, IDLE, WAITING_FOR_NETWORK,
	// IDLE_MAINTENANCE or OVERRIDE.
	Light fact.Value[string] `json:"light"`
	// DeepEnabled and LightEnabled say whether the phone dozes at all.
	DeepEnabled  fact.Value[bool] `json:"deepEnabled"`
	LightEnabled fact.Value[bool] `json:"lightEnabled"`
	Forced       fact.Value[bool] `json:"forced"`
	ScreenOn     fact.Value[bool] `json:"screenOn"`
	ScreenLocked fact.Value[bool] `json:"screenLocked"` // API 28
	Charging     fact.Value[bool] `json:"charging"`
	Connected    fact.Value[bool] `json:"connected"` // to a network
	// Exempt are the apps that the user took out of battery optimisation.
	Exempt fact.Value[[]string] `json:"exempt"`
	// Temporary are the apps that are let through for a while, as a high-priority
	// push does for the app that it is for.
	Temporary fact.Value[[]Temporary] `json:"temporary"`
}

// Temporary is one app's leave.
type Temporary struct {
	AppID int `json:"appId"`
	// Left is how much of it is left, as printed: "+9s998ms".
	Left   string `json:"left"`
	Reason string `json:"reason"`
	Line   int    `json:"line"`
}

// Idle reports whether deep Doze is on.
func (f Facts) Idle() fact.Value[bool] {
	v, ok := f.Deep.Get()
	if !ok {
		return fact.Unknown[bool]()
	}
	return fact.Of(v == "IDLE", f.Deep.Line())
}

// Parse reads a dump. The error is a *text.Problem.
func Parse(b []byte) (Facts, error) {
	body, p := text.Open(b, service)
	r := reader{size: len(body.Text)}
	for s := body.Lines(); s.Next(); {
		r.line(s.Line(), r.size-len(s.Rest()))
	}
	f := r.f
	switch {
	case p != nil:
		return f, p
	case !f.Deep.Known() && r.other.N != 0:
		return Facts{}, &text.Problem{Kind: text.NotADump, Service: service, Line: r.other.N, Msg: "another service's dump: " + text.Clip(r.other.Text())}
	case !f.Deep.Known() && !r.seen:
		return f, &text.Problem{Kind: text.NotADump, Service: service, Msg: "no line mState="}
	case !f.Deep.Known():
		return f, &text.Problem{Kind: text.Truncated, Service: service, Msg: "the dump ends before mState="}
	}
	// The title of a list stands only above at least one app.
	if !f.Exempt.Known() {
		f.Exempt = fact.Of([]string{}, f.Deep.Line())
	}
	if !f.Temporary.Known() {
		f.Temporary = fact.Of([]Temporary{}, f.Deep.Line())
	}
	return f, nil
}

// list says which list the lines below a title belong to.
type list int

const (
	none list = iota
	exempt
	temporary
)

type reader struct {
	f      Facts
	size   int // bytes of the text
	seen   bool
	other  text.Line // what shows that it is the dump of another service
	in     list
	at     int // line of the open list's title
	indent int // of that title
	apps   []string
	temps  []Temporary
}

func (r *reader) line(l text.Line, done int) {
	t := l.Text()
	if len(t) == 0 {
		return
	}
	if r.in != none {
		// What is not below the title ends the list; some dumps lost their blanks.
		if l.Indent > r.indent || r.in == exempt && !bytes.ContainsAny(t, ":=") {
			r.entry(l, t, done)
			return
		}
		r.close()
	}
	switch t[0] {
	case 'm':
		r.key(l, t)
	case 'W', 'A', 'T', 'S', 'I', 'C', 'u':
		r.title(l, t)
	}
}

func (r *reader) title(l text.Line, t []byte) {
	switch {
	case text.Has(t, "Settings:"), text.Has(t, "Idling history:"):
		r.seen = true
	case text.Has(t, "Whitelist user apps:"), text.Has(t, "Allowlist user apps:"):
		if !r.f.Exempt.Known() {
			r.in, r.at, r.indent, r.apps = exempt, l.N, l.Indent, []string{}
		}
	case text.Has(t, "Temp whitelist schedule:"), text.Has(t, "Temp allowlist schedule:"):
		if !r.f.Temporary.Known() {
			r.in, r.at, r.indent, r.temps = temporary, l.N, l.Indent, []Temporary{}
		}
	case text.Has(t, "Current Alarm Manager state:"), text.Has(t, "user=") && bytes.IndexByte(t, ' ') < 0:
		if r.other.N == 0 {
			r.other = l
		}
	}
}

func (r *reader) entry(l text.Line, t []byte, done int) {
	if r.in == exempt {
		r.apps = text.Append(r.apps, string(t), done, r.size)
		return
	}
	// `UID=10234: +9s998ms - broadcast:u0a143:...`; the key is the app's id.
	v, ok := text.After(t, "UID=")
	id, ok2 := text.Int(v)
	_, v, ok3 := bytes.Cut(v, []byte(": "))
	left, reason, _ := bytes.Cut(v, []byte(" - "))
	if ok && ok2 && ok3 {
		r.temps = text.Append(r.temps, Temporary{AppID: int(id), Left: string(left), Reason: string(reason), Line: l.N}, done, r.size)
	}
}

// close stores the list that is open. A text that ends within it has said
// nothing of the apps that are not listed.
func (r *reader) close() {
	switch r.in {
	case exempt:
		r.f.Exempt = fact.Of(r.apps, r.at)
	case temporary:
		r.f.Temporary = fact.Of(r.temps, r.at)
	}
	r.in = none
}

// key reads the keys, each at the begin of its line; only mLightState= and
// mDeepEnabled= share one.
func (r *reader) key(l text.Line, t []byte) {
	f := &r.f
	switch {
	case text.Has(t, "mState="):
		text.Set(&f.Deep, text.WordFact(l, "mState="))
		text.Set(&f.Light, text.WordFact(l, "mLightState="))
	case text.Has(t, "mLightState="):
		text.Set(&f.Light, text.WordFact(l, "mLightState="))
	case text.Has(t, "mLightEnabled="), text.Has(t, "mDeepEnabled="):
		text.Set(&f.LightEnabled, text.BoolFact(l, "mLightEnabled="))
		text.Set(&f.DeepEnabled, text.BoolFact(l, "mDeepEnabled="))
	case text.Has(t, "mForceIdle="):
		text.Set(&f.Forced, text.BoolFact(l, "mForceIdle="))
	case text.Has(t, "mScreenOn="):
		text.Set(&f.ScreenOn, text.BoolFact(l, "mScreenOn="))
	case text.Has(t, "mScreenLocked="):
		text.Set(&f.ScreenLocked, text.BoolFact(l, "mScreenLocked="))
	case text.Has(t, "mCharging="):
		text.Set(&f.Charging, text.BoolFact(l, "mCharging="))
	case text.Has(t, "mNetworkConnected="):
		text.Set(&f.Connected, text.BoolFact(l, "mNetworkConnected="))
	}
}
