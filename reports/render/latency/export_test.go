package latency

import "github.com/ringproof/ringproof/reports/record"

// Chance is that of the one step of two records.
func Chance(was, is record.Told) float64 { return chance(Rows(was)[0].took, Rows(is)[0].took) }
