package apk

import (
	"bytes"
	"crypto"
	"os"
	"testing"

	"github.com/ringproof/ringproof/devices/apk/apktest"
)

// Whatever comes in, nothing panics, and what is taken for a package is one
// that can be verified or refused.
func FuzzOpen(f *testing.F) {
	b, err := os.ReadFile("testdata/example.apk")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add(apktest.App("a.b").APK(f, apktest.NewKey(f)))
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := Open(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		if badName(p.Name) != "" {
			t.Errorf("the name %q", p.Name)
		}
		_, _ = p.Verify(34)
	})
}

// The manifest alone, with a table that it may refer to: a zip's checksums keep
// a fuzzer out.
func FuzzManifest(f *testing.F) {
	b, err := os.ReadFile("testdata/example.apk")
	if err != nil {
		f.Fatal(err)
	}
	c, err := openContainer(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		f.Fatal(err)
	}
	manifest, err := c.unpack(manifestName, maxManifest)
	if err != nil {
		f.Fatal(err)
	}
	resources, err := c.unpack(tableName, maxTable)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(manifest, resources)
	f.Add(apktest.App("a.b").XML(), []byte{})
	f.Fuzz(func(_ *testing.T, manifest, resources []byte) {
		t, _ := parseTable(resources)
		root, err := parseXML(manifest)
		if err != nil {
			return
		}
		_, _ = (&reader{t: t}).manifest(root)
	})
}

// The signatures alone: what follows the magic word in a block.
func FuzzSignatures(f *testing.F) {
	file := apktest.App("a.b").APK(f, apktest.NewKey(f))
	c, err := openContainer(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		f.Fatal(err)
	}
	_, pairs, err := c.signingBlock()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(pairs)
	f.Fuzz(func(_ *testing.T, pairs []byte) {
		for scheme, id := range map[int]uint32{2: blockV2, 3: blockV3} {
			block, err := findBlock(pairs, id)
			if err != nil {
				continue
			}
			block, _, err = field(block)
			if err != nil {
				continue
			}
			signers, err := fields(block)
			if err != nil {
				continue
			}
			for _, b := range signers {
				if s, err := readSigner(b, scheme); err == nil {
					_, _ = s.check(scheme, 34, map[crypto.Hash][]byte{})
				}
			}
		}
	})
}
