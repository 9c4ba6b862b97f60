package adb

import (
	"errors"
	"os/exec"
	"strings"
	"testing"
	"unicode/utf8"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

func TestQuote(t *testing.T) {
	for in, want := range map[string]string{
		"":         `''`,
		"a":        `'a'`,
		"a b":      `'a b'`,
		"it's":     `'it'"'"'s'`,
		"'":        `''"'"''`,
		"$(id)`;&": "'$(id)`;&'",
		"-n":       `'-n'`,
		"a\nb":     "'a\nb'",
		`\`:        `'\'`,
		"!x":       `'!x'`,
		"a\x00b":   `'ab'`,
		"\xff\xfe": "'\xff\xfe'",
		"日本":       "'日本'",
	} {
		if got := Quote(in); got != want {
			t.Errorf("Quote(%q) = %s, want %s", in, got, want)
		}
	}
	if got, want := QuoteArgs("am", "start", "-n", "a b/.C", ""), `'am' 'start' '-n' 'a b/.C' ''`; got != want {
		t.Errorf("QuoteArgs = %s, want %s", got, want)
	}
	if _, err := QuoteChecked("a\x00b"); !errors.Is(err, ErrNUL) {
		t.Errorf("a NUL byte: %v", err)
	}
	if got, err := QuoteChecked("a b"); err != nil || got != `'a b'` {
		t.Errorf("QuoteChecked = %q, %v", got, err)
	}
}

// A real shell and two dialects of a parser that is not ours must read one
// word, with the same bytes.
func FuzzQuote(f *testing.F) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		f.Skipf("needs a shell: %v", err)
	}
	for _, s := range []string{"", "a b", "it's", "'''", "$HOME `id` $(id)", "a\nb\n", `\`, `\'`, `"`, "\r\n", "\xff\x01", "~", "*", "{a,b}", "!!", "#", "日本", "\\\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.Contains(s, "\x00") {
			s = strings.ReplaceAll(s, "\x00", "")
		}
		if len(s) > 60_000 {
			t.Skip("longer than a command can be")
		}
		line := "printf %s " + Quote(s)
		out, err := exec.Command(sh, "-c", line).Output()
		if err != nil || string(out) != s {
			t.Fatalf("%s made %q of %q (%v)", sh, out, s, err)
		}
		if strings.Contains(s, "\r") || !utf8.ValidString(s) {
			return // limits of the parser: it takes carriage returns away and wants UTF-8
		}
		for _, lang := range []syntax.LangVariant{syntax.LangMirBSDKorn, syntax.LangPOSIX} {
			file, err := syntax.NewParser(syntax.Variant(lang)).Parse(strings.NewReader(line), "")
			if err != nil {
				t.Fatalf("%v refuses %q: %v", lang, line, err)
			}
			words := file.Stmts[0].Cmd.(*syntax.CallExpr).Args
			if len(file.Stmts) != 1 || len(words) != 3 {
				t.Fatalf("%v reads %d statements of %d words in %q", lang, len(file.Stmts), len(words), line)
			}
			if got, err := expand.Literal(nil, words[2]); err != nil || got != s {
				t.Fatalf("%v reads %q in %q: %v", lang, got, line, err)
			}
		}
	})
}
