// Package corpustable holds no code: its test is the whole list of the texts in
// the corpus, each read by the reader that fits and compared with the facts that
// a person sees in it. A text without a row fails.
//
// The readers' own tests go deeper into single grammars. This table goes through
// the same door as a person, the kinds of `ringproof inspect`, and also checks
// the line that each fact is said to come from.
package corpustable
