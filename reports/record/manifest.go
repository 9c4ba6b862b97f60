package record

import "time"

// The versions of what is written. A reader refuses a schema that it does not
// know; adding a member keeps the version, and so does a new event kind or
// file kind, which a reader must tolerate. A new verdict raises it.
const (
	RunSchema      = "ringproof/run/1"
	ManifestSchema = "ringproof/manifest/1"
)

// Run is what a whole run was, in run.json. It is written when the run begins
// and again when it ends: a run without an end was cut short.
type Run struct {
	Schema string `json:"$schema"`
	// ID tells runs apart when records are merged.
	ID      string    `json:"id"`
	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended,omitzero"`
	// Interrupted says that a person or a deadline ended the run early.
	Interrupted bool `json:"interrupted,omitempty"`
	App         App  `json:"app"`
	// Chosen is how many scenarios were to run: a record with fewer attempts
	// is partial.
	Chosen int `json:"chosen"`
	// Again is the command line that runs the same once more.
	Again []string `json:"again,omitempty"`
	// Merged are the runs that this record was joined from.
	Merged []string `json:"merged,omitempty"`
}

// App is the app under test.
type App struct {
	Profile string `json:"profile"`
	Package string `json:"package"`
}

// Phone is the phone of an attempt, as it described itself.
type Phone struct {
	Serial  string `json:"serial"`
	Maker   string `json:"maker,omitempty"`
	Model   string `json:"model,omitempty"`
	API     int    `json:"api,omitempty"`
	Release string `json:"release,omitempty"` // ro.build.version.release
	Build   string `json:"build,omitempty"`   // ro.build.fingerprint
}

// Scenario is what was to be shown, as the catalogue words it.
type Scenario struct {
	ID     string   `json:"id"`
	Title  string   `json:"title"`
	Labels []string `json:"labels,omitempty"`
	Needs  string   `json:"needs,omitempty"`
	Origin string   `json:"origin,omitempty"`
}

// Cost is what the harness itself did to the phone during an attempt. It is
// shown, because a phone that is asked a lot is not the phone in a pocket.
type Cost struct {
	// Trips counts round trips: commands, pushes of files, streams.
	Trips int `json:"trips"`
	// Sent and Received are bytes of commands and of what they printed.
	Sent     int64 `json:"sent"`
	Received int64 `json:"received"`
	// Busy is how long some command was under way, in host time.
	Busy time.Duration `json:"busy"`
}

// Less is what is left of a cost without a part of it.
func (c Cost) Less(part Cost) Cost {
	return Cost{
		Trips: c.Trips - part.Trips, Sent: c.Sent - part.Sent, Received: c.Received - part.Received, Busy: c.Busy - part.Busy,
	}
}

// Plus is the cost of both.
func (c Cost) Plus(more Cost) Cost {
	return Cost{
		Trips: c.Trips + more.Trips, Sent: c.Sent + more.Sent, Received: c.Received + more.Received, Busy: c.Busy + more.Busy,
	}
}

// Fact is one thing that the phone said of itself or of the app when an
// attempt ended, as a row of a table.
type Fact struct {
	// About groups rows: "package", "permission", "app op", "keyguard",
	// "power", "wake lock", "exit".
	About string `json:"about"`
	Name  string `json:"name"`
	// Value is "unknown" when the phone did not say.
	Value string `json:"value"`
}

// Lack is a piece of evidence that could not be had.
type Lack struct {
	What string `json:"what"`
	Why  string `json:"why"`
}

// FileKind says what a kept file shows.
type FileKind string

// The kinds of evidence.
const (
	Dump       FileKind = "dump" // what a command printed
	Diff       FileKind = "diff" // before and after
	Log        FileKind = "log"
	Tree       FileKind = "tree" // windows and views
	Screenshot FileKind = "screenshot"
	Video      FileKind = "video"
	Crash      FileKind = "crash"  // exit records, and the traces of an app that hung
	Report     FileKind = "report" // anything else
)

// File is one piece of evidence beside the manifest.
type File struct {
	// Name is relative to the manifest, with slashes.
	Name  string   `json:"name"`
	Kind  FileKind `json:"kind"`
	Title string   `json:"title,omitempty"`
	// Phase is the phase at whose end it was taken, or in which it failed;
	// phases may share a name. Host is when, on the machine that drives the
	// phones. Only pictures and videos have them.
	Phase string    `json:"phase,omitempty"`
	Host  time.Time `json:"host,omitzero"`
	Bytes int       `json:"bytes"`
	// Whole is how many bytes there were, when the file was cut to size.
	Whole int `json:"whole,omitempty"`
}

// Manifest is what one attempt was and how it ended, in manifest.json beside
// its events.jsonl. It is written when the attempt begins and again when it
// ends: one without a verdict was cut short, and says nothing of the app.
type Manifest struct {
	Schema   string   `json:"$schema"`
	Scenario Scenario `json:"scenario"`
	// Attempt counts from 1 within a run, for one scenario.
	Attempt   int           `json:"attempt"`
	Phone     Phone         `json:"phone,omitzero"`
	Started   time.Time     `json:"started"`
	Ended     time.Time     `json:"ended,omitzero"`
	Verdict   Verdict       `json:"verdict,omitempty"`
	Finding   *Finding      `json:"finding,omitempty"`
	Diagnosis []Cause       `json:"diagnosis,omitempty"`
	Timeline  []Edge        `json:"timeline,omitempty"`
	Took      time.Duration `json:"took,omitempty"` // phone time
	// Cost is all that the attempt cost; Evidence the part of it that went into
	// pictures and into what is kept of a failure.
	Cost     Cost   `json:"cost,omitzero"`
	Evidence Cost   `json:"evidence,omitzero"`
	Facts    []Fact `json:"facts,omitempty"`
	// Lacks tells which evidence is missing, and why.
	Lacks []Lack `json:"lacks,omitempty"`
	Files []File `json:"files,omitempty"`
}

// Latency is how long after the edge that it counts from the call came to an
// edge; false if it did not, or nobody knows.
func (m Manifest) Latency(name EdgeName) (time.Duration, bool) {
	for _, e := range m.Timeline {
		if e.Name == name && e.Latency != nil {
			return *e.Latency, true
		}
	}
	return 0, false
}

// Cause is a likely reason for a finding, and what a person can do about it.
type Cause struct {
	// ID names the rule, such as "permission.post-notifications-denied".
	ID       string `json:"id"`
	Sentence string `json:"sentence"`
	Remedy   string `json:"remedy"`
	// Facts are what the phone said that supports it, each a line of its own.
	Facts []string `json:"facts"`
}
