package apktest

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"encoding/hex"
	"math/big"
	"testing"
	"time"
)

// Key is a key with its certificate.
type Key struct {
	signer crypto.Signer
	pss    bool
	cert   []byte
}

// NewKey makes an EC key, which is quick.
func NewKey(t testing.TB) *Key {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return certified(t, k, false)
}

// NewRSA makes an RSA key that signs with PKCS #1, or with PSS.
func NewRSA(t testing.TB, pss bool) *Key {
	t.Helper()
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return certified(t, k, pss)
}

func certified(t testing.TB, k crypto.Signer, pss bool) *Key {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Date(2049, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, k.Public(), k)
	if err != nil {
		t.Fatal(err)
	}
	return &Key{signer: k, pss: pss, cert: cert}
}

// Digest is the SHA-256 of the certificate, in hex.
func (k *Key) Digest() string {
	sum := sha256.Sum256(k.cert)
	return hex.EncodeToString(sum[:])
}

// algorithm is the id of the key's algorithm with a digest of 256 or 512 bits.
func (k *Key) algorithm(bits int) uint32 {
	_, ec := k.signer.(*ecdsa.PrivateKey)
	switch {
	case ec && bits == 512:
		return 0x0202
	case ec:
		return 0x0201
	case k.pss && bits == 512:
		return 0x0102
	case k.pss:
		return 0x0101
	case bits == 512:
		return 0x0104
	}
	return 0x0103
}

// Signing says how to sign.
type Signing struct {
	Key    *Key
	V2, V3 bool
	// Bits of the digest: 256 if 0, or 512.
	Bits int
	// MinSDK and MaxSDK of a v3 signer: all that know the scheme if 0.
	MinSDK, MaxSDK uint32
	// Break changes what was computed, to see it refused.
	Break Break
}

// Break is a way to sign wrongly.
type Break int

// Ways to sign wrongly.
const (
	Nothing   Break = iota
	Sum             // of the contents: not what it is
	Bits            // of the signature: one flipped
	OtherCert       // the public key is not the certificate's
	Stripped        // v2 says that there is v3, and there is none
	Levels          // of v3: signed ones differ from the others
	NoSigner        // an empty list
	NoDigest        // a signature of no contents
)

// Sign signs a zip file.
func Sign(t testing.TB, file []byte, s Signing) []byte {
	t.Helper()
	end := len(file) - 22
	if !bytes.Equal(file[end:end+4], []byte("PK\x05\x06")) {
		t.Fatal("sign: a zip file with a comment")
	}
	directory := int(binary.LittleEndian.Uint32(file[end+16:]))
	if s.Bits == 0 {
		s.Bits = 256
	}
	if s.MinSDK == 0 {
		s.MinSDK = 24 // as apksigner writes it; it refuses less
	}
	if s.MaxSDK == 0 {
		s.MaxSDK = 0x7fffffff
	}
	sum := contents(s.Bits, file[:directory], file[directory:end], file[end:])
	if s.Break == Sum {
		sum[0] ^= 1
	}
	var pairs []byte
	pair := func(id uint32, signer []byte) {
		if s.Break == NoSigner {
			signer = nil
		} else {
			signer = sized(signer)
		}
		v := sized(signer)
		pairs = append(pairs, join(binary.LittleEndian.AppendUint64(nil, uint64(4+len(v))), le32(id), v)...)
	}
	if s.V2 {
		var attrs []byte
		if s.V3 || s.Break == Stripped {
			attrs = sized(join(le32(0xbeeff00d), le32(3)))
		}
		pair(0x7109871a, s.signer(t, sum, attrs, false))
	}
	if s.V3 {
		pair(0xf05368c0, s.signer(t, sum, nil, true))
	}
	size := binary.LittleEndian.AppendUint64(nil, uint64(len(pairs)+24))
	block := join(size, pairs, size, []byte("APK Sig Block 42"))
	out := join(file[:directory], block, file[directory:])
	binary.LittleEndian.PutUint32(out[len(out)-6:], uint32(directory+len(block)))
	return out
}

func (s Signing) signer(t testing.TB, sum, attrs []byte, v3 bool) []byte {
	t.Helper()
	id := s.Key.algorithm(s.Bits)
	levels := join(le32(s.MinSDK), le32(s.MaxSDK))
	digest := sized(join(le32(id), sized(sum)))
	if s.Break == NoDigest {
		digest = nil
	}
	data := join(sized(digest), sized(sized(s.Key.cert)))
	if v3 {
		data = join(data, levels)
	}
	data = join(data, sized(attrs))
	key, err := x509.MarshalPKIXPublicKey(s.Key.signer.Public())
	if err != nil {
		t.Fatal(err)
	}
	with := s.Key
	if s.Break == OtherCert {
		with = NewKey(t)
		if key, err = x509.MarshalPKIXPublicKey(with.signer.Public()); err != nil {
			t.Fatal(err)
		}
	}
	sig := with.sign(t, s.Bits, data)
	if s.Break == Bits {
		sig[len(sig)-1] ^= 1
	}
	out := sized(data)
	if v3 {
		if s.Break == Levels {
			levels[0] ^= 1
		}
		out = join(out, levels)
	}
	return join(out, sized(sized(join(le32(id), sized(sig)))), sized(key))
}

func (k *Key) sign(t testing.TB, bits int, data []byte) []byte {
	t.Helper()
	h := crypto.SHA256
	if bits == 512 {
		h = crypto.SHA512
	}
	sum := h.New()
	sum.Write(data)
	var o crypto.SignerOpts = h
	if k.pss {
		o = &rsa.PSSOptions{SaltLength: h.Size(), Hash: h}
	}
	sig, err := k.signer.Sign(rand.Reader, sum.Sum(nil), o)
	if err != nil {
		t.Fatal(err)
	}
	return sig
}

// contents is the digest of three sections in chunks of 1 MiB.
func contents(bits int, sections ...[]byte) []byte {
	sum := func(b []byte) []byte {
		if bits == 512 {
			s := sha512.Sum512(b)
			return s[:]
		}
		s := sha256.Sum256(b)
		return s[:]
	}
	var sums []byte
	n := uint32(0)
	for _, s := range sections {
		for len(s) > 0 {
			part := s[:min(len(s), 1<<20)]
			sums = append(sums, sum(join([]byte{0xa5}, le32(uint32(len(part))), part))...)
			n++
			s = s[len(part):]
		}
	}
	return sum(join([]byte{0x5a}, le32(n), sums))
}

func sized(b []byte) []byte { return join(le32(uint32(len(b))), b) }
