package notification

import "github.com/ringproof/ringproof/harness/internal/grammar"

var grammars []grammar.Row
