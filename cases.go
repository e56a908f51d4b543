// Package liaison holds the example cases: requests, questions and answers in the
// contract's YAML form, which the demo plays, tests play through, and whoever tries
// Liaison out can file.
//
// The contract is in proto/liaison/v1, the hub in server, the SDK in client, the
// command in cmd/liaison.
package liaison

import "embed"

// Cases are the files of testdata/cases: one folder a case, one file a message. The
// README.md there says which message each is and how they are played.
//
//go:embed testdata/cases
var Cases embed.FS
