package telecom

import (
	"encoding/json"
	"testing"
)

// utf16 is s as a PowerShell redirect writes it. ASCII only.
func utf16(s string) string {
	b := []byte{0xff, 0xfe}
	for i := range len(s) {
		b = append(b, s[i], 0)
	}
	return string(b)
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func parseRow(row string, line int) (c Call, ok bool) {
	ok = newRows().row(&c, []byte(row), line)
	return c, ok
}
