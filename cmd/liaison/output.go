package main

import (
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/speech/terminal"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

func (a *app) json() bool { return a.output == "json" }

// tell prints a text of the catalogue, in a line of its own.
func (a *app) tell(key string, args ...any) error {
	_, err := fmt.Fprintln(a.stdout, a.Lines(a.Say(key, args...)))
	return err
}

// remark is tell for standard error.
func (a *app) remark(key string, args ...any) {
	fmt.Fprintln(a.stderr, a.Lines(a.Say(key, args...)))
}

// table prints rows in columns. The header's cells are keys of the catalogue.
func (a *app) table(header []string, rows [][]string) error {
	return a.Table(a.stdout, header, rows)
}

// printJSON prints a message as one line.
func (a *app) printJSON(message proto.Message) error {
	text, err := terminal.JSON(message)
	if err != nil {
		return err
	}
	_, err = a.stdout.Write(append(text, '\n'))
	return err
}

// printYAML prints a message for people to read in full.
func (a *app) printYAML(message proto.Message) error {
	text, err := terminal.YAML(message)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(a.stdout, text)
	return err
}

// printEvent prints a step that was taken.
func (a *app) printEvent(e *liaisonv1.Event) error {
	if a.json() {
		return a.printJSON(e)
	}
	_, err := fmt.Fprintln(a.stdout, a.Event(e, a.last))
	a.last = e
	return err
}
