package html

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"github.com/ringproof/ringproof/reports/record"
)

func funcs() template.FuncMap {
	return template.FuncMap{
		"short": short,
		"clock": func(t time.Time) string { return t.Format("2006-01-02 15:04:05 MST") },
		"iso":   func(t time.Time) string { return t.Format(time.RFC3339) },
		"words": func(v any) string { return strings.ReplaceAll(fmt.Sprint(v), "-", " ") },
		"shell": shell,
		"pct":   func(f float64) template.CSS { return template.CSS(fmt.Sprintf("%.2f%%", f)) }, // a number of ours
		"size":  func(n int) string { return size(int64(n)) },
		"size64": func(n int64) string {
			return size(n)
		},
		"mark": mark,
		"name": name,
	}
}

// name is a verdict as the title of a group.
func name(v record.Verdict) string {
	if v == record.Infra {
		return "could not be judged (infra)"
	}
	return string(v)
}

// mark is a verdict as a sign: colour alone tells some people nothing.
func mark(v record.Verdict) string {
	if m, ok := map[record.Verdict]string{record.Passed: "✓", record.Failed: "✗", record.Infra: "!", record.Skipped: "–"}[v]; ok {
		return m
	}
	return "?"
}

// size words a number of bytes.
func size(n int64) string {
	switch {
	case n < 1<<10:
		return fmt.Sprintf("%d B", n)
	case n < 1<<20:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
}

// short words a duration with as many digits as a person wants.
func short(d time.Duration) string {
	switch ms := float64(d) / float64(time.Millisecond); {
	case d.Abs() < 10*time.Millisecond:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", ms), ".0") + " ms"
	case d.Abs() < time.Second:
		return fmt.Sprintf("%.0f ms", ms)
	case d.Abs() < time.Minute:
		return strings.TrimSuffix(fmt.Sprintf("%.2f", d.Seconds()), ".00") + " s"
	}
	return d.Round(time.Second).String()
}

// shell words a command line that a person may copy: a scenario's id may come
// from a suite that is not ours.
func shell(args []string) string {
	quoted := make([]string, len(args))
	for i, a := range args {
		plain := a != "" && strings.IndexFunc(a, func(r rune) bool {
			return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,@%+", r)
		}) < 0
		if quoted[i] = a; !plain {
			quoted[i] = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
	}
	return strings.Join(quoted, " ")
}
