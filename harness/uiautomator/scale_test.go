package uiautomator

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/readertest"
)

// record is one row of a list with two texts in it. Like a phone's, the whole
// dump is one line.
func record(i int) string {
	n := func(class, id, text, rest string) string {
		return fmt.Sprintf(`<node index="%d" text="%s" resource-id="org.ringproof.sample:id/%s" class="android.widget.%s" package="org.ringproof.sample" content-desc="" checkable="false" checked="false" clickable="true" enabled="true" focusable="true" focused="false" scrollable="false" long-clickable="false" password="false" selected="false" bounds="[0,%d][1080,%d]" drawing-order="1" hint=""%s>`, i%10, text, id, class, i, i+100, rest)
	}
	return n("FrameLayout", "row", "", "") + n("TextView", "title", fmt.Sprintf("Call &amp; ring &#128308; %d", i), " /") + n("Button", "answer", "Answer", "></node") + "</node>"
}

func generated(size int) []byte {
	return readertest.Text(size, `<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation="0">`, record, `</hierarchy>UI hierchary dumped to: /dev/tty`)
}

func BenchmarkRatio(b *testing.B) { readertest.Ratio(b, readertest.Of(Parse), generated) }

func TestMemory(t *testing.T) { readertest.Memory(t, readertest.Of(Parse), generated) }

func TestGenerated(t *testing.T) {
	f := parse(t, string(generated(100<<10)))
	w := f.Windows.Or(nil)
	if len(w) != 1 || len(w[0].Roots) < 70 || len(w[0].Roots[7].Children) != 2 || w[0].Roots[7].Children[0].Text != "Call & ring 🔴 7" || w[0].Roots[7].Line != 1 {
		t.Errorf("%+v", f)
	}
}

func TestLinear(t *testing.T) {
	readertest.Linear(t, readertest.Of(Parse), readertest.Hostile(map[string]string{
		"nothing": "", "tree": "<hierarchy rotation=\"0\">", "text": "<hierarchy><node text=\"", "windows": "<displays><display id=\"0\"><window>",
	}, "<node>", "<node text=\"\" bounds=\"[0,0][1,1]\"/>", "<", "&", "&#", "&#55357;", "&amp;", "</node>", "</hierarchy>", "<!--", "<![CDATA[", "<?xml", "<a b='c' ", "<window><hierarchy>"))
}
