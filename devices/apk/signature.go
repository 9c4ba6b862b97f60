package apk

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// Signature is who signed a package.
type Signature struct {
	// Scheme is the APK Signature Scheme that was verified: 2 or 3. Version
	// 3.1 counts as 3.
	Scheme int
	// Certificates are the SHA-256 digests of the signers' certificates, in
	// lower-case hex, as `apksigner verify --print-certs` prints them.
	Certificates []string
}

// The first API levels that know a scheme.
const (
	apiV2  = 24
	apiV3  = 28
	apiV31 = 33
)

// Verify verifies the package as a phone of an API level does: by the newest
// scheme that it knows and the package has, and by no other. A package with a
// v1 signature alone (JAR) is refused: apps that target 11 may not be that, and
// older ones are not verified here. The error is an *Error.
func (p *Package) Verify(api int) (Signature, error) {
	for _, s := range []struct {
		scheme int
		id     uint32
		from   int
	}{{3, blockV31, apiV31}, {3, blockV3, apiV3}, {2, blockV2, apiV2}} {
		if api < s.from {
			continue
		}
		sig, err := p.file.verify(s.scheme, s.id, api)
		switch {
		case errors.Is(err, errNotSigned):
			continue
		case err != nil:
			return Signature{}, &Error{Kind: NoCertificates, Scheme: s.scheme, Msg: err.Error()}
		}
		return sig, nil
	}
	if p.signedV1() {
		return Signature{}, &Error{Kind: NoCertificates, Scheme: 1, Msg: "signed by APK Signature Scheme v1 only, which is not verified"}
	}
	return Signature{}, &Error{Kind: NoCertificates, Msg: "not signed"}
}

// signedV1 reports whether there is a JAR signature, right or wrong.
func (p *Package) signedV1() bool {
	for _, f := range p.file.zip.File {
		if strings.HasPrefix(f.Name, "META-INF/") && strings.HasSuffix(strings.ToUpper(f.Name), ".SF") {
			return true
		}
	}
	return false
}

// algorithm is a signature algorithm id of the schemes.
type algorithm struct {
	jca string // Java's name, for messages
	// digest is of the contents and, at the same time, of what is signed.
	digest crypto.Hash
	verify func(key any, hash crypto.Hash, sum, sig []byte) error
}

func algorithms(id uint32) (algorithm, bool) {
	a, ok := map[uint32]algorithm{
		0x0101: {"SHA256withRSA/PSS", crypto.SHA256, verifyPSS},
		0x0102: {"SHA512withRSA/PSS", crypto.SHA512, verifyPSS},
		0x0103: {"SHA256withRSA", crypto.SHA256, verifyPKCS1},
		0x0104: {"SHA512withRSA", crypto.SHA512, verifyPKCS1},
		0x0201: {"SHA256withECDSA", crypto.SHA256, verifyECDSA},
		0x0202: {"SHA512withECDSA", crypto.SHA512, verifyECDSA},
	}[id]
	return a, ok
}

var errKey = errors.New("the key is of another kind")

func verifyPKCS1(key any, hash crypto.Hash, sum, sig []byte) error {
	k, ok := key.(*rsa.PublicKey)
	if !ok {
		return errKey
	}
	return rsa.VerifyPKCS1v15(k, hash, sum, sig)
}

func verifyPSS(key any, hash crypto.Hash, sum, sig []byte) error {
	k, ok := key.(*rsa.PublicKey)
	if !ok {
		return errKey
	}
	return rsa.VerifyPSS(k, hash, sum, sig, &rsa.PSSOptions{SaltLength: hash.Size(), Hash: hash})
}

func verifyECDSA(key any, _ crypto.Hash, sum, sig []byte) error {
	k, ok := key.(*ecdsa.PublicKey)
	if !ok {
		return errKey
	}
	if !ecdsa.VerifyASN1(k, sum, sig) {
		return errors.New("it does not verify")
	}
	return nil
}

// maxSigners is what apksig takes, too.
const maxSigners = 10

// verify verifies the signatures of one block.
func (c *container) verify(scheme int, id uint32, api int) (Signature, error) {
	at, pairs, err := c.signingBlock()
	if err != nil {
		return Signature{}, err
	}
	block, err := findBlock(pairs, id)
	if err != nil {
		return Signature{}, err
	}
	block, _, err = field(block)
	if err != nil {
		return Signature{}, err
	}
	signers, err := fields(block)
	if err != nil {
		return Signature{}, err
	}
	if len(signers) > maxSigners {
		return Signature{}, fmt.Errorf("%d signers", len(signers))
	}
	out := Signature{Scheme: scheme}
	wanted := map[crypto.Hash][]byte{}
	for _, b := range signers {
		s, err := readSigner(b, scheme)
		if err != nil {
			return Signature{}, err
		}
		if scheme == 3 && (api < s.minSDK || api > s.maxSDK) {
			continue
		}
		sum, err := s.check(scheme, api, wanted)
		if err != nil {
			return Signature{}, err
		}
		out.Certificates = append(out.Certificates, sum)
	}
	switch {
	case len(out.Certificates) == 0 && id == blockV31:
		return Signature{}, errNotSigned // for other releases: v3 speaks
	case len(out.Certificates) == 0:
		return Signature{}, errors.New("No signers found")
	case scheme == 3 && len(out.Certificates) > 1:
		return Signature{}, errors.New("APK Signature Scheme V3 only supports one signer: multiple signers found.")
	}
	for hash, want := range wanted {
		got, err := c.digest(hash, at)
		if err != nil {
			return Signature{}, err
		}
		if !bytes.Equal(got, want) {
			return Signature{}, fmt.Errorf("%s digest of contents did not verify", hash) // Android's words
		}
	}
	return out, nil
}

// signer is one signer of a block.
type signer struct {
	data           []byte // what is signed
	minSDK, maxSDK int    // v3
	signatures     []record
	key            []byte
}

// record is an algorithm's id and a digest or signature.
type record struct {
	id    uint32
	value []byte
}

func readRecords(b []byte) ([]record, error) {
	list, err := fields(b)
	if err != nil {
		return nil, err
	}
	var out []record
	for _, v := range list {
		id, rest, err := number(v)
		if err != nil {
			return nil, err
		}
		if rest, _, err = field(rest); err != nil {
			return nil, err
		}
		out = append(out, record{id, rest})
	}
	return out, nil
}

func readSigner(b []byte, scheme int) (s signer, err error) {
	if s.data, b, err = field(b); err != nil {
		return s, err
	}
	if scheme == 3 {
		if s.minSDK, s.maxSDK, b, err = levels(b); err != nil {
			return s, err
		}
	}
	sigs, b, err := field(b)
	if err != nil {
		return s, err
	}
	if s.signatures, err = readRecords(sigs); err != nil {
		return s, err
	}
	s.key, _, err = field(b)
	return s, err
}

func levels(b []byte) (lowest, highest int, rest []byte, err error) {
	lo, b, err := number(b)
	if err != nil {
		return 0, 0, nil, err
	}
	hi, b, err := number(b)
	return int(lo), int(hi), b, err
}

// check verifies what a signer signed, adds the digest of the contents that it
// vouches for to wanted, and returns its certificate's digest.
func (s signer) check(scheme, api int, wanted map[crypto.Hash][]byte) (certificate string, err error) {
	var best algorithm
	var sig []byte
	var ids []uint32
	for _, r := range s.signatures {
		ids = append(ids, r.id)
		if a, ok := algorithms(r.id); ok && (sig == nil || a.digest.Size() > best.digest.Size()) {
			best, sig = a, r.value
		}
	}
	switch {
	case len(s.signatures) == 0:
		return "", errors.New("No signatures found")
	case sig == nil:
		return "", errors.New("No supported signatures found")
	}
	key, err := x509.ParsePKIXPublicKey(s.key)
	if err != nil {
		return "", fmt.Errorf("read the public key: %w", err)
	}
	h := best.digest.New()
	h.Write(s.data)
	if best.verify(key, best.digest, h.Sum(nil), sig) != nil {
		return "", fmt.Errorf("%s signature did not verify", best.jca)
	}

	digests, rest, err := field(s.data)
	if err != nil {
		return "", err
	}
	list, err := readRecords(digests)
	if err != nil {
		return "", err
	}
	if len(list) != len(ids) {
		return "", errAlgorithms
	}
	for i, r := range list {
		if r.id != ids[i] {
			return "", errAlgorithms
		}
		a, ok := algorithms(r.id)
		if !ok || a.digest != best.digest {
			continue
		}
		if before, ok := wanted[a.digest]; ok && !bytes.Equal(before, r.value) {
			return "", fmt.Errorf("%s contents digest does not match the digest specified by a preceding signer", a.digest)
		}
		wanted[a.digest] = r.value
	}
	certs, rest, err := field(rest)
	if err != nil {
		return "", err
	}
	first, _, err := field(certs)
	if err != nil {
		return "", errors.New("No certificates listed")
	}
	cert, err := x509.ParseCertificate(first)
	if err != nil {
		return "", fmt.Errorf("read the certificate: %w", err)
	}
	if !bytes.Equal(cert.RawSubjectPublicKeyInfo, s.key) {
		return "", errors.New("Public key mismatch between certificate and signature record")
	}
	if scheme == 3 {
		lowest, highest, _, err := levels(rest)
		if err != nil {
			return "", err
		}
		if lowest != s.minSDK || highest != s.maxSDK {
			return "", errors.New("minSdkVersion or maxSdkVersion mismatch between signed and unsigned in v3 signer block.")
		}
	} else if api >= apiV3 {
		if err := stripped(rest); err != nil {
			return "", err
		}
	}
	sum := sha256.Sum256(first)
	return hex.EncodeToString(sum[:]), nil
}

var errAlgorithms = errors.New("Signature algorithms don't match between digests and signatures records")

// attrStripping in a v2 signature names the newer scheme that was there, too.
const attrStripping = 0xbeeff00d

// stripped refuses a package whose v3 signature was cut out. A phone that
// knows v3 comes here only when there is none.
func stripped(b []byte) error {
	attrs, _, err := field(b)
	if err != nil {
		return err
	}
	list, err := fields(attrs)
	if err != nil {
		return err
	}
	for _, a := range list {
		id, v, err := number(a)
		if err != nil {
			return err
		}
		if id == attrStripping && len(v) >= 4 && u32(v) == 3 {
			return errors.New("V2 signature indicates APK is signed using APK Signature Scheme v3, but none was found. Signature stripped?")
		}
	}
	return nil
}
