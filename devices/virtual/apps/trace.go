package apps

import (
	"bytes"
	"encoding/json"
)

const (
	traceTag  = "RingproofTrace"
	traceFile = "files/ringproof-trace.jsonl"
)

// trace writes one line of the app's trace to the log and to the app's files.
// It is a test door: what it says is not the system's word.
func (a *app) trace(event, session string, data map[string]string) {
	a.write(traceLine{Event: event, Session: session, Data: data})
}

func (a *app) traceDetail(event, session, detail string) {
	a.write(traceLine{Event: event, Session: session, Detail: detail})
}

type traceLine struct {
	Event string `json:"event"`
	// Elapsed is milliseconds since boot (SystemClock.elapsedRealtime).
	Elapsed int64  `json:"elapsed"`
	Session string `json:"session"`
	Detail  string `json:"detail,omitempty"`
	// Data is the whole push, of onMessageReceived only.
	Data map[string]string `json:"data,omitempty"`
}

func (a *app) write(l traceLine) {
	l.Elapsed = a.c.Elapsed().Milliseconds()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(l); err != nil {
		return // strings and numbers: there is nothing that cannot be encoded
	}
	a.c.Log('I', traceTag, string(bytes.TrimRight(b.Bytes(), "\n")))
	if f := a.c.Files(); f != nil {
		if err := f.AppendFile(traceFile, b.Bytes()); err != nil {
			a.c.Log('W', traceTag, "trace file: "+err.Error())
		}
	}
}
