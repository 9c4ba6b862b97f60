package html_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// chromium is the path of a Chromium, or ends the test: with a failure where
// RINGPROOF_REQUIRE says so, else with a skip.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if slices.Contains(strings.Split(os.Getenv("RINGPROOF_REQUIRE"), ","), "chromium") {
		t.Fatal("there is no chromium (Debian: apt install chromium), and RINGPROOF_REQUIRE says that there must be one")
	}
	t.Skip("there is no chromium (Debian: apt install chromium)")
	return ""
}

// browser is one headless Chromium without a network; it and all its
// processes are gone when the test ends.
type browser struct{ ctx context.Context }

func startBrowser(t *testing.T) *browser {
	t.Helper()
	path := chromium(t)
	profile := filepath.Join(t.TempDir(), "chromium-profile")
	// Not the test's context: that one ends before what is cleaned up.
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Minute)
	t.Cleanup(cancel)
	mark := "RINGPROOF_TEST_BROWSER=" + profile
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.WindowSize(1200, 900),
		// Whatever a page would load from anywhere fails; it is found by the
		// requests that the tab lists, too.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND"),
		// Every process of the browser has this in its environment; what it keeps
		// on disk goes with the test.
		chromedp.Env(mark, "TMPDIR="+filepath.Dir(profile)),
	)
	alloc, cancelAlloc := chromedp.NewExecAllocator(ctx, opts...)
	t.Cleanup(cancelAlloc)
	own, _ := chromedp.NewContext(alloc)
	if err := chromedp.Do(own); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	t.Cleanup(func() {
		if err := chromedp.Cancel(own); err != nil {
			t.Errorf("close the browser: %v", err)
		}
		cancelAlloc()
		chromedp.FromContext(own).Allocator.Wait()
		// Helpers of a browser that was closed end on their own, soon.
		left := processes(mark)
		for deadline := time.Now().Add(time.Minute); len(left) > 0 && time.Now().Before(deadline); left = processes(mark) {
			<-time.After(20 * time.Millisecond)
		}
		for _, p := range left {
			t.Errorf("a process of the browser is left: %s", p)
		}
	})
	return &browser{own}
}

// processes lists those that have mark in their environment.
func processes(mark string) []string {
	files, _ := filepath.Glob("/proc/[0-9]*/environ")
	var found []string
	for _, f := range files {
		if env, err := os.ReadFile(f); err == nil && slices.Contains(strings.Split(string(env), "\x00"), mark) {
			found = append(found, filepath.Base(filepath.Dir(f)))
		}
	}
	return found
}

// tab is one page that is open. What it complains of, and what it asks the
// network for, fails the test.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	problems []string
}

// open opens a file in a tab of its own, for a person who likes it that way:
// "dark", "light", "calm" (less motion), "no script", "narrow".
func (b *browser) open(t *testing.T, file string, likes ...string) *tab {
	t.Helper()
	p := &tab{t: t}
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithListener(p.hear))
	p.ctx = ctx
	t.Cleanup(cancel)
	p.do() // opens the tab
	call(p, network.Enable, network.EnableParams{})
	call(p, log.Enable, cdp.Empty{})
	call(p, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	var media emulation.SetEmulatedMediaParams
	for _, like := range likes {
		switch like {
		case "dark", "light":
			media.Features = append(media.Features, &emulation.MediaFeature{Name: "prefers-color-scheme", Value: like})
		case "calm":
			media.Features = append(media.Features, &emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"})
		case "no script":
			call(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		case "narrow":
			p.do(chromedp.EmulateViewport(360, 740))
		default:
			t.Fatalf("nobody likes it %q", like)
		}
	}
	call(p, emulation.SetEmulatedMedia, media)
	p.do(chromedp.Navigate(fileURL(file)))
	t.Cleanup(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, problem := range p.problems {
			t.Errorf("%s: %s", filepath.Base(file), problem)
		}
	})
	return p
}

// fileURL is the address of a file, with what stands after #.
func fileURL(path string) string {
	path, hash, _ := strings.Cut(path, "#")
	u := (&url.URL{Scheme: "file", Path: path}).String()
	if hash != "" {
		u += "#" + hash
	}
	return u
}

func (p *tab) hear(event any) {
	var problem string
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(e.Request.URL, "file:") && !strings.HasPrefix(e.Request.URL, "data:") {
			problem = "asks the network for " + e.Request.URL
		}
	case *network.EventLoadingFailed:
		problem = "cannot load something: " + e.ErrorText
	case *log.EventEntryAdded:
		problem = fmt.Sprintf("the console says %s: %s", e.Entry.Level, e.Entry.Text)
	case *runtime.EventConsoleAPICalled:
		problem = fmt.Sprintf("the console says %s", e.Type)
	case *runtime.EventExceptionThrown:
		problem = "the script fails: " + e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			problem += ": " + e.ExceptionDetails.Exception.Description
		}
	default:
		return
	}
	if problem != "" {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.problems = append(p.problems, problem)
	}
}

// do runs steps in the page.
func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if len(steps) == 0 {
		// The first use of a context opens its tab, which lives as long.
		if err := chromedp.Do(p.ctx); err != nil {
			p.t.Fatalf("in the browser: %v", err)
		}
		return
	}
	ctx, cancel := context.WithTimeout(p.ctx, 2*time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("in the browser: %v", err)
	}
}

// call asks the browser itself.
func call[P, R any](p *tab, c cdp.Command[P, R], params P) R {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 2*time.Minute)
	defer cancel()
	r, err := chromedp.Run(ctx, func(ctx context.Context, t *chromedp.Target) (R, error) { return cdp.Call(ctx, t, c, params) })
	if err != nil {
		p.t.Fatalf("%s: %v", c.Method, err)
	}
	return r
}

// ask is the value of an expression in the page.
func ask[T any](p *tab, expression string) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 2*time.Minute)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// press presses keys, such as kb.Tab, or types a text.
func (p *tab) press(keys string) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(keys))
}

// shortcut presses one key as a keyboard does: a page that takes it for itself
// keeps its character from being typed, which press does not.
func (p *tab) shortcut(key string) {
	p.t.Helper()
	call(p, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: "keyDown", Key: key, Text: key})
	call(p, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: "keyUp", Key: key})
}

// focus gives the keyboard to an element.
func (p *tab) focus(selector string) {
	p.t.Helper()
	ask[bool](p, fmt.Sprintf("document.querySelector(%q).focus(), true", selector))
}

// wait waits until an expression is true, also across pages.
func (p *tab) wait(expression string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, time.Minute)
	defer cancel()
	for {
		if yes, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression)); err == nil && yes {
			return
		}
		select {
		case <-ctx.Done():
			p.t.Fatalf("in vain waited for %s", expression)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
