package record

import "embed"

// schemas are the JSON Schemas of what a record's files hold.
//
//go:embed schema/*.schema.json
var schemas embed.FS

// Schema is the JSON Schema of "run" (run.json), "manifest" (manifest.json) or
// "event" (a line of events.jsonl).
func Schema(name string) ([]byte, error) {
	return schemas.ReadFile("schema/" + name + ".schema.json")
}
