package statistics

import (
	"time"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// The cells of a series: a run for each enumeration of the contract, by its numbers, and
// single ones. A number that is added to an enumeration is added here.
const (
	kindCells   = int(liaisonv1.RequestKind_REQUEST_KIND_EXISTENCE) + 1
	basisCells  = int(liaisonv1.LegalBasisKind_LEGAL_BASIS_KIND_TREATY) + 1
	resultCells = int(liaisonv1.AnswerResult_ANSWER_RESULT_NOTHING) + 1
	groundCells = int(liaisonv1.GroundCode_GROUND_CODE_OTHER) + 1
	endCells    = int(liaisonv1.RequestOutcome_REQUEST_OUTCOME_REJECTED) + 1

	ofKind   = 0
	ofBasis  = ofKind + kindCells
	ofEnd    = ofBasis + basisCells
	ofResult = ofEnd + endCells
	ofNet    = ofResult + resultCells
	ofWhole  = ofNet + classes
	ofGround = ofWhole + classes
	missed   = ofGround + groundCells
	recalled = missed + 1

	validated = recalled + 1
	lapsed    = validated + 1
	cells     = lapsed + 1

	answered = ofEnd + int(liaisonv1.RequestOutcome_REQUEST_OUTCOME_ANSWERED)
)

// itself says of a block that it follows no cell.
const itself = -1

// blocks are the cells as they are released. What a block follows stands before it. The
// kinds make up the requests and the ends what is decided; whatever else has the same
// total follows them, so that no two totals of the same can be held against each other.
var blocks = [...]block{
	{from: ofKind, before: ofBasis, follows: itself},
	{from: ofBasis, before: ofEnd, follows: itself},
	{from: ofEnd, before: ofResult, follows: itself},
	{from: ofResult, before: ofNet, follows: answered},
	{from: ofNet, before: ofWhole, follows: answered},
	{from: ofWhole, before: ofGround, follows: answered},
	{from: ofGround, before: validated, alone: true},
	{from: validated, before: cells, follows: itself},
}

// class are the classes of times to answer, each up to its bound; one more is beyond them.
var class = [...]time.Duration{
	time.Hour, 2 * time.Hour, 4 * time.Hour, 6 * time.Hour, 8 * time.Hour, 12 * time.Hour,
	1 * day, 2 * day, 3 * day, 4 * day, 5 * day, 6 * day, 7 * day, 8 * day, 9 * day, 10 * day,
	12 * day, 14 * day, 17 * day, 21 * day, 28 * day, 35 * day, 45 * day, 60 * day, 90 * day,
}

const (
	day     = 24 * time.Hour
	classes = len(class) + 1
)

// classOf returns which class a time is in.
func classOf(d time.Duration) int {
	for i, most := range class {
		if d <= most {
			return i
		}
	}
	return len(class)
}
