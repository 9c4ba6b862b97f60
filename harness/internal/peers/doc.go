// Package peers holds no code: its test reads the corpus with other people's
// parsers, too. Where a peer and one of our readers answer the same question
// from the same text, they give the same answer, or the difference is written
// down with its reason.
//
// The peer is appium-adb, whose parsers run in Node without any adb:
//
//	npm ci --ignore-scripts
//	go test .
//
// Its packages are not part of the project: package-lock.json pins them.
package peers
