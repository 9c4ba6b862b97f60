// Command apkcheck compares the binary manifest of a built APK with the XML that it was
// built from, and sees that it keeps to rules that no build tool knows but a phone does.
//
// The build links with a tool of Android 10 against resources of Android 14, so what it
// made of the newer attributes is not taken on trust: the manifest is decoded here, and
// resource ids and values come from the tables in attributes.go, typed from Android's
// public API, not from the resource table that the tool read. It knows nothing of the
// harness or of the virtual phone, which has a reader of its own.
//
//	apkcheck -apk x.apk -manifest AndroidManifest.xml -symbols R.txt -version version
package main

import (
	"archive/zip"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	var f files
	flag.StringVar(&f.apk, "apk", "", "the built `file`")
	flag.StringVar(&f.manifest, "manifest", "", "the `AndroidManifest.xml` that it was built from")
	flag.StringVar(&f.symbols, "symbols", "", "`R.txt` of the same build: the ids of the app's own resources")
	flag.StringVar(&f.version, "version", "", "the `file` with the lines code=N and name=TEXT")
	flag.Parse()
	findings, err := f.check()
	if err != nil {
		fmt.Fprintln(os.Stderr, "apkcheck:", err)
		os.Exit(2)
	}
	for _, finding := range findings {
		fmt.Println(finding)
	}
	if len(findings) > 0 {
		os.Exit(1)
	}
}

type files struct{ apk, manifest, symbols, version string }

func (f files) check() ([]string, error) {
	binary, err := readManifest(f.apk)
	if err != nil {
		return nil, err
	}
	built, err := decode(binary)
	if err != nil {
		return nil, fmt.Errorf("decode the manifest of %s: %w", f.apk, err)
	}
	text, err := os.ReadFile(f.manifest)
	if err != nil {
		return nil, err
	}
	source, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", f.manifest, err)
	}
	var b build
	if text, err = os.ReadFile(f.symbols); err != nil {
		return nil, err
	}
	if b.resources, err = parseSymbols(string(text)); err != nil {
		return nil, fmt.Errorf("read %s: %w", f.symbols, err)
	}
	if text, err = os.ReadFile(f.version); err != nil {
		return nil, err
	}
	if b.versionCode, b.versionName, err = parseVersion(string(text)); err != nil {
		return nil, fmt.Errorf("read %s: %w", f.version, err)
	}
	return append(b.compare(source, built), rules(built)...), nil
}

func readManifest(apk string) ([]byte, error) {
	z, err := zip.OpenReader(apk)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", apk, err)
	}
	defer z.Close()
	f, err := z.Open("AndroidManifest.xml")
	if err != nil {
		return nil, fmt.Errorf("open the manifest of %s: %w", apk, err)
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, 1<<20))
}
