package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"buf.build/go/protovalidate"
	"buf.build/go/protoyaml"
	"go.yaml.in/yaml/v3"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/scope"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
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

// readWith reads an input and holds it against rules, if there are any, and against the
// bound of what one step may say: before anything is signed, and without a hub too.
func (a *app) readWith(path string, message proto.Message, rules protoyaml.Validator) error {
	if err := a.readMessage(path, message, rules); err != nil || rules == nil {
		return err
	}
	if err := scope.CheckSize(message, ""); err != nil {
		return usage("%s: %w", nameOf(path), err)
	}
	return nil
}

// nameOf is what an input is called in errors.
func nameOf(path string) string {
	if path == "-" {
		return "standard input"
	}
	return filepath.Base(path)
}

func (a *app) readMessage(path string, message proto.Message, rules protoyaml.Validator) error {
	if path == "" {
		return usage("-f is required: a file in YAML or JSON, or - for standard input")
	}
	text, err := a.readText(path)
	if err != nil {
		return err
	}
	name := nameOf(path)
	if trimmed := strings.TrimSpace(text); strings.HasPrefix(trimmed, "{") {
		return readJSON(name, trimmed, message, rules)
	}
	if err := checkYAML(name, text); err != nil {
		return err
	}
	options := protoyaml.UnmarshalOptions{Path: name}
	heard := &ruleRecorder{rules: rules}
	if rules != nil {
		options.Validator = heard
	}
	err = options.Unmarshal([]byte(text), message)
	switch {
	case err == nil:
		return nil
	case heard.broken != nil:
		return usage("%w", &brokenInput{err, heard.broken})
	default:
		return usage("%w", err)
	}
}

// ruleRecorder hears which rules are broken, of which reading YAML keeps only the words.
type ruleRecorder struct {
	rules  protoyaml.Validator
	broken *protovalidate.ValidationError
}

// Validate implements protoyaml.Validator.
func (l *ruleRecorder) Validate(message proto.Message) error {
	err := l.rules.Validate(message)
	errors.As(err, &l.broken)
	return err
}

// brokenInput is an error that names lines, with the rules that were broken there.
type brokenInput struct {
	error
	broken *protovalidate.ValidationError
}

func (b *brokenInput) Unwrap() []error { return []error{b.error, b.broken} }

// readJSON reads JSON by its own rules, which differ from YAML's in the escapes of
// strings.
func readJSON(name, text string, message proto.Message, rules protoyaml.Validator) error {
	if err := protojson.Unmarshal([]byte(text), message); err != nil {
		return usage("%s: %w", name, err)
	}
	if rules == nil {
		return nil
	}
	if err := rules.Validate(message); err != nil {
		return usage("%s: %w", name, err)
	}
	return nil
}

// checkYAML refuses what reading would drop without a word: a second document, and
// a key that stands twice.
func checkYAML(name, text string) error {
	decoder := yaml.NewDecoder(strings.NewReader(text))
	var first, second yaml.Node
	if err := decoder.Decode(&first); err != nil {
		return nil // what is wrong is told, with its place, when it is read
	}
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		return usage("%s: holds more than one document; give one file a message", name)
	}
	return checkKeys(name, &first)
}

func checkKeys(name string, node *yaml.Node) error {
	seen := make(map[string]bool)
	for i, child := range node.Content {
		if node.Kind == yaml.MappingNode && i%2 == 0 {
			if seen[child.Value] {
				return usage("%s:%d:%d: the key %q stands twice", name, child.Line, child.Column, child.Value)
			}
			seen[child.Value] = true
		}
		if err := checkKeys(name, child); err != nil {
			return err
		}
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

// normaliser writes what selectors denote as the contract asks for it, before it holds a
// request against the rules.
type normaliser struct{ ruleChecker }

// Validate implements protoyaml.Validator.
func (n normaliser) Validate(message proto.Message) error {
	if spec, ok := message.(*liaisonv1.RequestSpec); ok {
		scope.Normalise(spec.GetSelectors())
	}
	return n.ruleChecker.Validate(message)
}
