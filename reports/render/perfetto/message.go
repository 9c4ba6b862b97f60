package perfetto

import (
	"encoding/binary"
	"strings"
)

// message is a protobuf message that is being written, in the wire form
// (protobuf.dev, "Encoding"): a key, which is the field's number and its kind,
// and the value.
type message []byte

const (
	varint = 0 // kinds of fields
	length = 2
)

func (m *message) key(field, kind uint64) { *m = binary.AppendUvarint(*m, field<<3|kind) }

// number writes an integer or an enum that is not negative.
func (m *message) number(field, value uint64) {
	m.key(field, varint)
	*m = binary.AppendUvarint(*m, value)
}

// text writes a string, which has to be UTF-8.
func (m *message) text(field uint64, value string) {
	value = strings.ToValidUTF8(value, "\ufffd")
	m.key(field, length)
	*m = binary.AppendUvarint(*m, uint64(len(value)))
	*m = append(*m, value...)
}

// nest writes a message.
func (m *message) nest(field uint64, fill func(*message)) {
	var inner message
	fill(&inner)
	m.key(field, length)
	*m = binary.AppendUvarint(*m, uint64(len(inner)))
	*m = append(*m, inner...)
}
