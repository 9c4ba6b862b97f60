package adbd

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strings"
	"sync"
)

// Arguments of AUTH.
const (
	authToken     = 1
	authSignature = 2
	authPublicKey = 3

	tokenLen = 20 // TOKEN_SIZE of adb.h: the length of a SHA-1 digest
	// keyWords is the length of Android's RSA keys in 32-bit words.
	keyWords = 64
)

// Keys are the hosts' keys that a phone's user has allowed for good
// (/data/misc/adb/adb_keys), and the "Allow USB debugging?" dialog. The zero
// value knows none. All methods are safe for concurrent use.
type Keys struct {
	mu     sync.Mutex
	known  []*rsa.PublicKey
	asking []*question
	asked  chan struct{} // closed and replaced when a dialog appears
}

// question is one dialog on the screen.
type question struct {
	key    *rsa.PublicKey
	host   string
	answer chan bool // capacity 1
}

// Asking lists whose dialogs are on the screen, as "user@host".
func (k *Keys) Asking() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	var hosts []string
	for _, q := range k.asking {
		hosts = append(hosts, q.host)
	}
	return hosts
}

// Await returns when a dialog is on the screen, or ctx is done.
func (k *Keys) Await(ctx context.Context) error {
	for {
		k.mu.Lock()
		if len(k.asking) > 0 {
			k.mu.Unlock()
			return nil
		}
		if k.asked == nil {
			k.asked = make(chan struct{})
		}
		asked := k.asked
		k.mu.Unlock()
		select {
		case <-asked:
		case <-ctx.Done():
			return fmt.Errorf("wait for the dialog of a host's key: %w", ctx.Err())
		}
	}
}

// Allow taps "Allow" in every dialog; always ticks "Always allow from this
// computer" first.
func (k *Keys) Allow(always bool) { k.answer(true, always) }

// Deny taps "Deny" in every dialog: their hosts stay unauthorized.
func (k *Keys) Deny() { k.answer(false, false) }

func (k *Keys) answer(yes, always bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, q := range k.asking {
		if yes && always {
			k.known = append(k.known, q.key)
		}
		q.answer <- yes
	}
	k.asking = nil
}

// Forget is "Revoke USB debugging authorizations" in the settings.
func (k *Keys) Forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.known = nil
}

func (k *Keys) add(key *rsa.PublicKey) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.known = append(k.known, key)
}

// signed says whether one of the known keys has signed token.
func (k *Keys) signed(token, signature []byte) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.ContainsFunc(k.known, func(key *rsa.PublicKey) bool {
		// The token takes the place of the digest.
		return rsa.VerifyPKCS1v15(key, crypto.SHA1, token, signature) == nil
	})
}

// ask shows the dialog and waits for its answer.
func (k *Keys) ask(ctx context.Context, key *rsa.PublicKey, host string) bool {
	q := &question{key: key, host: host, answer: make(chan bool, 1)}
	k.mu.Lock()
	k.asking = append(k.asking, q)
	if k.asked != nil {
		close(k.asked)
		k.asked = nil
	}
	k.mu.Unlock()
	select {
	case yes := <-q.answer:
		return yes
	case <-ctx.Done():
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.asking = slices.DeleteFunc(k.asking, func(other *question) bool { return other == q })
	return false
}

// parseKey reads what a host sends with AUTH(3): base64 of Android's form of an
// RSA key (android_pubkey.h: length in words, -1/n[0], modulus and R² in
// little-endian order, exponent), a blank, "user@host", a NUL.
func parseKey(data []byte) (key *rsa.PublicKey, host string, err error) {
	text, host, _ := strings.Cut(strings.TrimRight(string(data), "\x00"), " ")
	b, err := base64.StdEncoding.DecodeString(text)
	const length = 4 + 4 + 4*keyWords + 4*keyWords + 4
	switch {
	case err != nil:
		return nil, "", fmt.Errorf("read a host's key: %w", err)
	case len(b) != length || binary.LittleEndian.Uint32(b) != keyWords:
		return nil, "", errors.New("read a host's key: it is no RSA key of 2048 bits in Android's form")
	}
	modulus := slices.Clone(b[8 : 8+4*keyWords])
	slices.Reverse(modulus)
	key = &rsa.PublicKey{N: new(big.Int).SetBytes(modulus), E: int(binary.LittleEndian.Uint32(b[length-4:]))}
	if key.N.BitLen() != 32*keyWords || key.E < 3 || key.E%2 == 0 {
		return nil, "", errors.New("read a host's key: its numbers are no RSA key of 2048 bits")
	}
	return key, host, nil
}

// authorize returns when the host may come in. If the user's answer let it in
// meanwhile, CNXN is sent already and first is what the host sent after it.
func (t *transport) authorize(r io.Reader) (first *message, err error) {
	keys := t.opts.Keys
	if keys == nil {
		keys = &Keys{}
	}
	token := make([]byte, tokenLen)
	challenge := func() error {
		_, _ = rand.Read(token) // never fails
		return t.send(message{command: cmdAUTH, arg0: authToken, data: slices.Clone(token)})
	}
	if err := challenge(); err != nil {
		return nil, err
	}
	asked := false
	for {
		m, err := t.read(r, t.offer())
		switch {
		case err != nil:
			return nil, err
		case m.command != cmdAUTH && t.welcomed.Load():
			return &m, nil
		case m.command != cmdAUTH:
		case m.arg0 == authSignature:
			mode := t.opts.Faults.Auth
			if mode == AuthKnown || mode != AuthRefuse && keys.signed(token, m.data) {
				return nil, t.welcome()
			}
			if err := challenge(); err != nil {
				return nil, err
			}
		case m.arg0 == authPublicKey:
			key, host, err := parseKey(m.data)
			if err != nil {
				continue // the host stays unauthorized
			}
			switch t.opts.Faults.Auth {
			case AuthKnown:
				return nil, t.welcome()
			case AuthPrompt:
				keys.add(key)
				return nil, t.welcome()
			case AuthAsk:
				// The reader goes on meanwhile: a host that leaves takes its
				// dialog with it. It gets one, however often it asks.
				if asked {
					continue
				}
				asked = true
				t.running.Go(func() {
					if keys.ask(t.ctx, key, host) {
						_ = t.welcome()
					}
				})
			}
		}
	}
}
