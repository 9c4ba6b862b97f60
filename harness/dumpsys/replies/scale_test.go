package replies

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/readertest"
)

// generated are many lines of a command that tells how it gets on, before its
// answer: answers are short, and what a maker's tool prints around them is not.
func generated(answer string) func(size int) []byte {
	return func(size int) []byte {
		return readertest.Text(size, "", func(i int) string {
			return fmt.Sprintf("Waiting for queue BroadcastQueue{%x}: 2 ordered, 1 parallel; next in line is Intent { act=com.example.SYNC_%d flg=0x10 }\n"+
				"WARNING: linker: /system/lib64/libexample%d.so has text relocations, which are ignored\n", i*7919, i%100, i%7)
		}, answer)
	}
}

var readers = map[string]struct {
	parse  readertest.Parse
	answer string
}{
	"any":       {readertest.Of(Parse), "Success\n"},
	"start":     {readertest.Of(ParseStart), "Starting: Intent { cmp=a/.B }\nStatus: ok\n"},
	"broadcast": {readertest.Of(ParseBroadcast), "Broadcast completed: result=0\n"},
	"install":   {readertest.Of(ParseInstall), "Success\n"},
	"setting":   {readertest.Of(ParseSetting), "1\n"},
	"lock":      {readertest.Of(ParseLock), "true\n"},
}

func BenchmarkRatio(b *testing.B) {
	for name, r := range readers {
		b.Run(name, func(b *testing.B) { readertest.Ratio(b, r.parse, generated(r.answer)) })
	}
	b.Run("data", func(b *testing.B) {
		readertest.Ratio(b, readertest.Of(ParseBroadcast), func(size int) []byte {
			return readertest.Text(size, "Broadcast completed: result=-1, data=\"", func(i int) string { return fmt.Sprintf("{\"pid\":%d}\n", i) }, "\"\n")
		})
	})
}

func TestMemory(t *testing.T) {
	for name, r := range readers {
		if name == "setting" {
			continue // its value is the whole text
		}
		t.Run(name, func(t *testing.T) { readertest.Memory(t, r.parse, generated(r.answer)) })
	}
}

func TestLinear(t *testing.T) {
	for name, r := range readers {
		t.Run(name, func(t *testing.T) {
			readertest.Linear(t, r.parse, readertest.Hostile(map[string]string{
				"nothing":   "",
				"broadcast": "Broadcast completed: result=1, data=\"",
				"failure":   "Failure [A:",
				"adb":       "adb: ",
			}, "Failure [", "adb: Failure [\n", ", extras: Bundle[", "Error: x\n", "a.b.Exception: x\n", "Success\n", "Old password 'x' didn't match\n", "Status: ok\n"))
		})
	}
}
