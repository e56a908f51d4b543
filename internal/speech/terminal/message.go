package terminal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"buf.build/go/protoyaml"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// JSON encodes a message on one line, with the contract's field names. It says the same to
// a program as any JSON of the message, and is harmless on a terminal.
func JSON(message proto.Message) ([]byte, error) {
	text, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(message)
	if err != nil {
		return nil, Failure("encode as JSON: %w", err)
	}
	var compact bytes.Buffer // protojson varies its white space on purpose
	if err := json.Compact(&compact, text); err != nil {
		return nil, Failure("encode as JSON: %w", err)
	}
	return escapeJSON(compact.Bytes()), nil
}

// YAML encodes a message for people to read in full, harmless on a terminal.
func YAML(message proto.Message) (string, error) {
	text, err := protoyaml.MarshalOptions{UseProtoNames: true, Indent: 2}.Marshal(message)
	if err != nil {
		return "", Failure("encode as YAML: %w", err)
	}
	return VisibleLines(strings.TrimRight(string(text), "\n")), nil
}

// escapeJSON returns JSON whose strings have \u escapes instead of characters that
// disturb: the same texts to a program, harmless on a terminal.
func escapeJSON(text []byte) []byte {
	if !strings.ContainsFunc(string(text), disturbs) {
		return text
	}
	var b strings.Builder
	for _, r := range string(text) {
		switch {
		case !disturbs(r):
			b.WriteRune(r)
		case r > 0xFFFF:
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xD800+r>>10, 0xDC00+r&0x3FF)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return []byte(b.String())
}
