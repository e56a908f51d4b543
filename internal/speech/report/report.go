// Package report writes a transparency report for people and for programs: as a table for a
// terminal, as CSV, as JSON, and as a page for a browser.
//
// The page is one file that loads nothing: no script, no font, no picture. Its policy
// (Content-Security-Policy) allows its own style by digest and nothing else, so that who
// publishes it publishes one file, and who reads it is seen by nobody. Bars are drawn as SVG;
// each stands beside its number, so that the page can be read without seeing them. In
// Arabic and Central Kurdish the page runs from right to left, bars included.
//
// CSV and JSON have the contract's words in every language: programs read them. The
// table and the page say theirs by the catalogue, to which each of their texts is a key
// (texts.go).
//
// To look at the page in a browser, in each language and width:
//
//	REPORT_SHOTS=/tmp go test ./internal/speech/report -run Browser
package report

import (
	"fmt"
	"io"

	"github.com/liaison-protocol/liaison/internal/speech/catalogue"
	"github.com/liaison-protocol/liaison/internal/speech/terminal"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Names are the names of the organisations that a report is about, in its language. An
// empty one stands for all.
type Names struct {
	Authority, Platform string
}

// Formats write a report, each in its own form.
var Formats = map[string]func(io.Writer, *liaisonv1.TransparencyReport, catalogue.Language, Names) error{
	"table": writeTable,
	"csv":   writeCSV,
	"json":  writeJSON,
	"html":  writePage,
}

func writeJSON(to io.Writer, r *liaisonv1.TransparencyReport, _ catalogue.Language, _ Names) error {
	text, err := terminal.JSON(r)
	if err == nil {
		_, err = fmt.Fprintf(to, "%s\n", text)
	}
	return err
}
