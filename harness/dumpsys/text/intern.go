package text

// Interned keeps one copy of each of the words that a dump repeats: packages,
// tags, states. Make one per reading; it forgets nothing.
type Interned map[string]string

// Word is b as a string, shared with the equal words before it. Long texts and
// those of a dump with very many different words are not kept.
func (in Interned) Word(b []byte) string {
	if s, ok := in[string(b)]; ok {
		return s
	}
	const most, longest = 4096, 256
	s := string(b)
	if len(b) <= longest && len(in) < most {
		in[s] = s
	}
	return s
}
