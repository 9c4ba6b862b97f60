package apk_test

import (
	"strings"
	"testing"

	"github.com/ringproof/ringproof/devices/apk"
	"github.com/ringproof/ringproof/devices/apk/apktest"
)

func TestVerify(t *testing.T) {
	ec, rsa, pss := apktest.NewKey(t), apktest.NewRSA(t, false), apktest.NewRSA(t, true)
	// More than one chunk of 1 MiB, and one that is not full.
	plain := apktest.App("a.b").Zip(t, apktest.File{Name: "big", Data: make([]byte, 5<<19)})
	jar := apktest.App("a.b").Zip(t, apktest.File{Name: "META-INF/CERT.SF"})
	for _, c := range []struct {
		name   string
		file   []byte
		with   apktest.Signing
		api    int
		scheme int    // of the good ones
		says   string // of the others
	}{
		{"ec", plain, apktest.Signing{Key: ec, V2: true, V3: true}, 34, 3, ""},
		{"ec 512", plain, apktest.Signing{Key: ec, V2: true, V3: true, Bits: 512}, 34, 3, ""},
		{"rsa", plain, apktest.Signing{Key: rsa, V2: true, V3: true}, 34, 3, ""},
		{"rsa 512", plain, apktest.Signing{Key: rsa, V2: true, V3: true, Bits: 512}, 34, 3, ""},
		{"pss", plain, apktest.Signing{Key: pss, V2: true}, 34, 2, ""},
		{"pss 512", plain, apktest.Signing{Key: pss, V3: true, Bits: 512}, 34, 3, ""},
		{"v2 alone", plain, apktest.Signing{Key: ec, V2: true}, 34, 2, ""},
		{"v2 of both, on 7.0", plain, apktest.Signing{Key: ec, V2: true}, 24, 2, ""},
		{"not signed", plain, apktest.Signing{}, 34, 0, "not signed"},
		{"v1 alone", jar, apktest.Signing{}, 34, 0, "v1 only"},
		{"v3 alone, on 8.1", plain, apktest.Signing{Key: ec, V3: true}, 27, 0, "not signed"},
		{"v3 for newer releases", plain, apktest.Signing{Key: ec, V3: true, MinSDK: 35}, 34, 0, "No signers found"},
		{"contents", plain, apktest.Signing{Key: ec, V2: true, V3: true, Break: apktest.Sum}, 34, 0, "SHA-256 digest of contents did not verify"},
		{"contents 512", plain, apktest.Signing{Key: ec, V2: true, Bits: 512, Break: apktest.Sum}, 34, 0, "SHA-512 digest of contents did not verify"},
		{"signature", plain, apktest.Signing{Key: ec, V2: true, V3: true, Break: apktest.Bits}, 34, 0, "SHA256withECDSA signature did not verify"},
		{"signature rsa", plain, apktest.Signing{Key: rsa, V2: true, Break: apktest.Bits}, 34, 0, "SHA256withRSA signature did not verify"},
		{"signature pss", plain, apktest.Signing{Key: pss, V2: true, Break: apktest.Bits}, 34, 0, "SHA256withRSA/PSS signature did not verify"},
		{"another's certificate", plain, apktest.Signing{Key: ec, V2: true, V3: true, Break: apktest.OtherCert}, 34, 0, "Public key mismatch"},
		{"v3 cut out", plain, apktest.Signing{Key: ec, V2: true, Break: apktest.Stripped}, 34, 0, "Signature stripped?"},
		{"levels changed", plain, apktest.Signing{Key: ec, V3: true, Break: apktest.Levels}, 34, 0, "minSdkVersion or maxSdkVersion mismatch"},
		{"no digest", plain, apktest.Signing{Key: ec, V2: true, Break: apktest.NoDigest}, 34, 0, "Signature algorithms don't match"},
		{"no signer", plain, apktest.Signing{Key: ec, V2: true, Break: apktest.NoSigner}, 34, 0, "No signers found"},
	} {
		file := c.file
		if c.with.Key != nil {
			file = apktest.Sign(t, file, c.with)
		}
		s, err := mustOpen(t, file).Verify(c.api)
		switch {
		case c.says == "":
			if err != nil || s.Scheme != c.scheme || len(s.Certificates) != 1 || s.Certificates[0] != c.with.Key.Digest() {
				t.Errorf("%s: %+v, %v", c.name, s, err)
			}
		case kindOf(err) != apk.NoCertificates || !strings.Contains(err.Error(), c.says):
			t.Errorf("%s: %+v, %v", c.name, s, err)
		}
	}
}

// Every byte of a signed package matters: none can be changed unseen.
func TestEveryByteIsSigned(t *testing.T) {
	file := apktest.Sign(t, apktest.App("a.b").Zip(t), apktest.Signing{Key: apktest.NewKey(t), V3: true})
	if _, err := mustOpen(t, file).Verify(34); err != nil {
		t.Fatal(err)
	}
	for i := range file {
		file[i] ^= 0x40
		p, err := open(file)
		if err == nil {
			_, err = p.Verify(34)
		}
		if err == nil {
			t.Errorf("byte %d of %d", i, len(file))
		}
		file[i] ^= 0x40
	}
}
