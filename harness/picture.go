package harness

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/ringproof/ringproof/devices"
)

// pngSignature is how every PNG begins (its specification, section 5.2).
var pngSignature = []byte("\x89PNG\r\n\x1a\n")

// litScript takes a picture only of a screen that is on: any other is black.
const litScript = "dumpsys power | grep -qE 'mWakefulness=(Awake|Dreaming)' && exec screencap -p"

// Picture is what is on the phone's screen now, as a PNG. A phone whose screen
// is off gives a black one, a window that forbids it is black in it.
func (p *Phone) Picture(ctx context.Context) ([]byte, error) {
	out, err := p.Run(ctx, "screencap -p")
	if err != nil {
		return nil, &Error{Kind: Infra, Op: "take a picture of the screen", Phone: p.Serial(), Err: err}
	}
	return p.png(out)
}

// litPicture is a picture of a screen that is on, nil of one that is off.
func (p *Phone) litPicture(ctx context.Context) ([]byte, error) {
	out, err := p.Run(ctx, litScript)
	if err != nil {
		return nil, &Error{Kind: Infra, Op: "take a picture of the screen", Phone: p.Serial(), Err: err}
	}
	if len(out.Stdout) == 0 {
		return nil, nil
	}
	return p.png(out)
}

// png is the picture in what screencap printed.
func (p *Phone) png(out devices.Output) ([]byte, error) {
	// Some phones print warnings before the picture (several displays, API 29).
	i := bytes.Index(out.Stdout, pngSignature)
	if i < 0 {
		said := errors.New("screencap printed no picture")
		if text := bytes.TrimSpace(out.Stderr); len(text) > 0 {
			said = fmt.Errorf("screencap said %q", shorten(string(text), 200))
		}
		return nil, &Error{Kind: Infra, Op: "take a picture of the screen", Phone: p.Serial(), Err: said}
	}
	return out.Stdout[i:], nil
}

// Tree is the window tree as uiautomator prints it, all windows from API 31.
func (p *Phone) Tree(ctx context.Context) (string, error) {
	option := ""
	if p.probe.API >= 31 {
		option = "--windows "
	}
	return p.Do(ctx, "read the window tree", treeScript(option))
}

// treeScript dumps the tree into a file and prints it. A failed dump leaves
// the old file: it is removed first. What the command says comes last, so that
// the tree is read from its beginning.
func treeScript(option string) string {
	return "f=/data/local/tmp/ringproof-ui.xml; rm -f $f; said=$(uiautomator dump " + option + "$f 2>&1); cat $f 2>/dev/null; echo; echo \"$said\"; rm -f $f"
}
