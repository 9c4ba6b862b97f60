package packagelist

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/readertest"
)

func generated(size int) []byte {
	return readertest.Text(size, "", func(i int) string {
		return fmt.Sprintf("package:/data/app/~~x%d==/com.example.app%d-y==/base.apk=com.example.app%d versionCode:%d  installer=null uid:%d\n", i, i, i, i*3, 10000+i)
	}, "")
}

func BenchmarkParse(b *testing.B) { readertest.Ratio(b, readertest.Of(Parse), generated) }

func TestLinear(t *testing.T) {
	texts := readertest.Hostile(map[string]string{"package": "package:a ", "none": "x\n"})
	texts["generated"] = generated
	readertest.Linear(t, readertest.Of(Parse), texts)
}

func FuzzParse(f *testing.F) { readertest.Fuzz(f, readertest.Of(Parse), plain, full, denied) }
