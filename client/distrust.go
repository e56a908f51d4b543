package client

import "github.com/liaison-protocol/liaison/verify"

// Distrust says that what a hub or the other side said does not hold, as this side found
// out by itself. Package verify says more.
type Distrust = verify.Distrust

// What cannot be trusted. errors.Is finds them in a *Distrust; package verify says what
// each means.
var (
	ErrAltered             = verify.ErrAltered
	ErrOtherStep           = verify.ErrOtherStep
	ErrNotInLedger         = verify.ErrNotInLedger
	ErrCheckpoint          = verify.ErrCheckpoint
	ErrForked              = verify.ErrForked
	ErrRolledBack          = verify.ErrRolledBack
	ErrFeed                = verify.ErrFeed
	ErrHistory             = verify.ErrHistory
	ErrTime                = verify.ErrTime
	ErrWithheld            = verify.ErrWithheld
	ErrUnsigned            = verify.ErrUnsigned
	ErrSignature           = verify.ErrSignature
	ErrSigner              = verify.ErrSigner
	ErrMisplaced           = verify.ErrMisplaced
	ErrContent             = verify.ErrContent
	ErrNotSealed           = verify.ErrNotSealed
	ErrInClear             = verify.ErrInClear
	ErrExcess              = verify.ErrExcess
	ErrUnapproved          = verify.ErrUnapproved
	ErrNotWitnessed        = verify.ErrNotWitnessed
	ErrUnknownOrganisation = verify.ErrUnknownOrganisation
)
