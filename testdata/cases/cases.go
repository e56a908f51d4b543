// Package cases holds the example cases: requests, questions and answers in the
// contract's YAML form, which the demo plays, tests play through, and whoever tries
// Liaison out can file.
package cases

import "embed"

// Files are the cases: one folder a case, one file a message. The README.md beside them
// says which message each is and how they are played.
//
//go:embed *
var Files embed.FS
