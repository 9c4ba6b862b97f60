package adbd

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"math/big"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// hostKey is a host's key and what the host sends of it: RSAPublicKey of
// system/core/libcrypto_utils/android_pubkey.cpp in base64, then who it is.
func newHostKey(t testing.TB) (*rsa.PrivateKey, string) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	little := func(n *big.Int) []byte {
		b := n.FillBytes(make([]byte, 256))
		for i := range 128 {
			b[i], b[255-i] = b[255-i], b[i]
		}
		return b
	}
	word := new(big.Int).Lsh(big.NewInt(1), 32)
	inverse := new(big.Int).ModInverse(new(big.Int).Mod(key.N, word), word)
	rr := new(big.Int).Exp(big.NewInt(2), big.NewInt(4096), key.N)
	b := binary.LittleEndian.AppendUint32(nil, 64)
	b = binary.LittleEndian.AppendUint32(b, uint32(new(big.Int).Sub(word, inverse).Uint64()))
	b = append(append(b, little(key.N)...), little(rr)...)
	b = binary.LittleEndian.AppendUint32(b, 65537)
	return key, base64.StdEncoding.EncodeToString(b) + " me@host\x00"
}

func (p *peer) token() string {
	p.t.Helper()
	text, token, _ := p.next()
	if text != "AUTH 1 0" || len(token) != 20 {
		p.t.Fatalf("phone sent %q and %d bytes, want AUTH 1 and 20 bytes", text, len(token))
	}
	return token
}

func (p *peer) sign(key *rsa.PrivateKey, token string) {
	p.t.Helper()
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA1, []byte(token))
	if err != nil {
		p.t.Fatal(err)
	}
	p.send("AUTH", 2, 0, string(signature))
}

func (p *peer) silent() {
	p.t.Helper()
	_ = p.conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	if n, err := p.conn.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		p.t.Fatalf("the phone said something: %d, %v", n, err)
	}
}

func TestAuth(t *testing.T) {
	_, public := newHostKey(t)
	for _, c := range []struct {
		name string
		auth Auth
		// host's messages and the phone's answers, by first word and arg0
		dialog string
	}{
		{"known", AuthKnown, ">2 <CNXN"},
		{"prompt", AuthPrompt, ">2 <AUTH >3 <CNXN"},
		{"refuse", AuthRefuse, ">2 <AUTH >2 <AUTH >3 silence"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, _, _ := tinyPhone()
			p := connect(t, d, Options{Faults: Faults{Auth: c.auth}})
			p.send("CNXN", 0x01000001, 1<<20, hostHello)
			p.token()
			for step := range strings.FieldsSeq(c.dialog) {
				switch step {
				case ">2":
					p.send("AUTH", 2, 0, "no signature")
				case ">3":
					p.send("AUTH", 3, 0, public)
				case "silence":
					p.silent()
				default:
					if text, _, _ := p.next(); !strings.HasPrefix("<"+text, step) {
						t.Fatalf("phone sent %q, want %q", text, step)
					}
				}
			}
		})
	}
}

// Somebody answers the dialog; "always" makes the host's signature enough from
// then on, until it is revoked, and nobody else's.
func TestDialog(t *testing.T) {
	d, _, _ := tinyPhone()
	ours, public := newHostKey(t)
	others, _ := newHostKey(t)
	keys := &Keys{}
	options := Options{Faults: Faults{Auth: AuthAsk}, Keys: keys}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	offer := func(key *rsa.PrivateKey) *peer {
		t.Helper()
		p := connect(t, d, options)
		p.send("CNXN", 0x01000001, 1<<20, hostHello)
		p.sign(key, p.token())
		return p
	}
	asked := func(p *peer) {
		t.Helper()
		p.token() // another one: the signature was not good enough
		p.send("AUTH", 3, 0, public)
		if err := keys.Await(ctx); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"me@host"}, keys.Asking()); diff != "" {
			t.Error(diff)
		}
	}
	in := func(p *peer) {
		t.Helper()
		if text, _, _ := p.next(); !strings.HasPrefix(text, "CNXN") {
			t.Fatalf("phone sent %q, want CNXN", text)
		}
		p.send("OPEN", 7, 0, "exec:echo in")
		p.want("OKAY 1 7", "")
		p.want("WRTE 1 7", "in\n")
	}

	p := offer(ours)
	asked(p)
	p.send("AUTH", 3, 0, public) // insisting changes nothing
	p.silent()
	if n := len(keys.Asking()); n != 1 {
		t.Errorf("%d dialogs for one host", n)
	}
	keys.Allow(false)
	in(p)

	p = offer(ours) // "only this time" is over
	asked(p)
	keys.Deny()
	p.silent()

	p = offer(ours)
	asked(p)
	keys.Allow(true)
	in(p)
	in(offer(ours))
	p = offer(others)
	p.token()

	keys.Forget()
	p = offer(ours)
	asked(p)
	// A host that leaves takes its dialog with it.
	_ = p.conn.Close()
	<-p.done
	p.done <- nil
	if left := keys.Asking(); len(left) != 0 {
		t.Errorf("dialogs of hosts that have gone: %q", left)
	}
}

func TestParseKey(t *testing.T) {
	key, public := newHostKey(t)
	got, host, err := parseKey([]byte(public))
	if err != nil || host != "me@host" || !key.PublicKey.Equal(got) {
		t.Fatalf("read %v of %q, %v", got, host, err)
	}
	for _, bad := range []string{"", "me@host", "QUFB me@host", public[4:], "AAAA" + public[4:]} {
		if _, _, err := parseKey([]byte(bad)); err == nil {
			t.Errorf("%.20q was read", bad)
		}
	}
}

func FuzzParseKey(f *testing.F) {
	_, public := newHostKey(f)
	f.Add([]byte(public))
	f.Add([]byte("QUFB me@host\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		key, _, err := parseKey(b)
		if err == nil && (key.N.BitLen() != 2048 || key.E < 3) {
			t.Fatalf("a key of %d bits, exponent %d", key.N.BitLen(), key.E)
		}
	})
}
