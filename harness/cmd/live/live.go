package live

import (
	"io"
	"os"

	"golang.org/x/term"
)

// New chooses the View for a writer: a Screen for a terminal that can be drawn
// on, Lines for anything else. environment is os.Getenv: TERM=dumb cannot be
// drawn on, NO_COLOR (no-color.org) wants no colours, and CI keeps logs.
func New(w io.Writer, p Plan, environment func(string) string) View {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) || environment("TERM") == "dumb" || environment("TERM") == "" || environment("CI") != "" {
		return NewLines(w, p)
	}
	return NewScreen(Terminal{
		Writer: w, Colour: environment("NO_COLOR") == "",
		Size: func() (int, int) {
			columns, rows, err := term.GetSize(int(f.Fd()))
			if err != nil {
				return 80, 24
			}
			return columns, rows
		},
	}, p)
}
