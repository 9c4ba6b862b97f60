// Package outside holds no code: its tests hand our reports to programs of
// others. JUnit XML follows the schema of Jenkins' xunit plugin and is read by
// junitparser and junit2json; Allure makes a report of our results, which have
// the types of allure-js-commons; Perfetto's published protocol reads our
// traces. axe-core, which judges the pages, is installed here, too.
//
//	./setup.sh
//	go test .
//
// Nothing of theirs is part of the project: the versions and their sums are
// pinned here.
package outside
