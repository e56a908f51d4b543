package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"

	"buf.build/go/protovalidate"
	"buf.build/go/protoyaml"
	"google.golang.org/protobuf/proto"
)

// maxInput is the largest input that is read: more than the largest message.
const maxInput = 16 << 20

// readInput reads a YAML or JSON file, or standard input for "-", into a message
// and holds it against the contract's rules. Errors name the line and the field.
func (a *app) readInput(path string, message proto.Message) error {
	return a.readWith(path, message, ruleChecker{})
}

// readUnchecked is readInput for what is completed before it is checked.
func (a *app) readUnchecked(path string, message proto.Message) error {
	return a.readWith(path, message, nil)
}

func (a *app) readWith(path string, message proto.Message, rules protoyaml.Validator) error {
	if path == "" {
		return usage("-f is required: a file in YAML or JSON, or - for standard input")
	}
	text, err := a.readText(path)
	if err != nil {
		return err
	}
	name := filepath.Base(path)
	if path == "-" {
		name = "standard input"
	}
	options := protoyaml.UnmarshalOptions{Path: name, Validator: rules}
	if err := options.Unmarshal([]byte(text), message); err != nil {
		return usage("%w", err)
	}
	return nil
}

func (a *app) readText(path string) (string, error) {
	var source io.Reader = a.stdin
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return "", usage("%w", err)
		}
		defer file.Close()
		source = file
	}
	text, err := io.ReadAll(io.LimitReader(source, maxInput+1))
	switch {
	case err != nil:
		return "", err
	case len(text) > maxInput:
		return "", usage("%s is larger than 16 MiB", filepath.Base(path))
	default:
		return string(text), nil
	}
}

// ruleChecker holds messages against the contract's rules while they are read, so
// that a violation is told with its line.
type ruleChecker struct{}

// Validate implements protoyaml.Validator.
func (ruleChecker) Validate(message proto.Message) error {
	err := protovalidate.Validate(message)
	var invalid *protovalidate.ValidationError
	if errors.As(err, &invalid) {
		return invalid
	}
	return err
}
