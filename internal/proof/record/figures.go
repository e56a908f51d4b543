package record

import (
	"fmt"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// newFigures returns the figures of a request of which nothing became yet.
func newFigures(r *liaisonv1.Request) *liaisonv1.Figures {
	at := r.GetDeliveryTime()
	if at == nil {
		at = r.GetUpdateTime()
	}
	return &liaisonv1.Figures{
		Kind:           r.GetSpec().GetKind(),
		Urgency:        r.GetSpec().GetUrgency(),
		LegalBasis:     r.GetSpec().GetLegalBasis().GetKind(),
		Test:           r.GetSpec().GetTest(),
		PeopleAffected: r.GetSpec().GetIncident().GetPeopleAffected(),
		BeginTime:      at,
		DeliveryTime:   r.GetDeliveryTime(),
	}
}

// countFigures returns the figures after an event, given the request before and after it. As
// long as nobody has approved the request there are none: what an approval hands over
// stays what it always was.
func countFigures(before, after *liaisonv1.Request, e *liaisonv1.Event) *liaisonv1.Figures {
	if e.GetState() == liaisonv1.RequestState_REQUEST_STATE_AWAITING_APPROVAL {
		return nil
	}
	f := newFigures(after)
	if had := before.GetFigures(); had != nil {
		f = proto.CloneOf(had)
	}
	at := e.GetCreateTime()
	if stood := StoodStill(before.GetClocks(), e); stood > 0 && f.AnswerTime == nil {
		f.Stopped = durationpb.New(f.GetStopped().AsDuration() + stood)
	}
	addGrounds(f, at, Grounds(e).Codes)
	if manifest := Answered(e); manifest != nil {
		addAnswer(f, at, manifest)
	}
	switch e.GetDetail().(type) {
	case *liaisonv1.Event_Rejected:
		setOutcome(f, liaisonv1.RequestOutcome_REQUEST_OUTCOME_REJECTED, at)
	case *liaisonv1.Event_PreservationConfirmed:
		setOutcome(f, liaisonv1.RequestOutcome_REQUEST_OUTCOME_PRESERVED, at)
	case *liaisonv1.Event_DeadlineMissed:
		f.MissTimes = append(f.MissTimes, at)
	case *liaisonv1.Event_EmergencyValidated:
		f.ValidateTime = at
	case *liaisonv1.Event_Lapsed:
		f.LapseTime = at
	case *liaisonv1.Event_AnswerRecalled:
		f.RecallTimes = append(f.RecallTimes, at)
	}
	// A reviewer and a dispute end requests too: the state says so, whatever step led there.
	switch e.GetState() {
	case liaisonv1.RequestState_REQUEST_STATE_ANSWERED:
		if f.AnswerTime == nil {
			f.AnswerTime = at
		}
		setOutcome(f, liaisonv1.RequestOutcome_REQUEST_OUTCOME_ANSWERED, at)
	case liaisonv1.RequestState_REQUEST_STATE_REFUSED:
		setOutcome(f, liaisonv1.RequestOutcome_REQUEST_OUTCOME_REFUSED, at)
	case liaisonv1.RequestState_REQUEST_STATE_WITHDRAWN:
		setOutcome(f, liaisonv1.RequestOutcome_REQUEST_OUTCOME_WITHDRAWN, at)
	}
	return f
}

// setOutcome says what became of the request, if nothing did before.
func setOutcome(f *liaisonv1.Figures, outcome liaisonv1.RequestOutcome, at *timestamppb.Timestamp) {
	if f.GetOutcome() == liaisonv1.RequestOutcome_REQUEST_OUTCOME_UNSPECIFIED {
		f.Outcome, f.OutcomeTime = outcome, at
	}
}

// addGrounds counts grounds, each once for the request.
func addGrounds(f *liaisonv1.Figures, at *timestamppb.Timestamp, codes []liaisonv1.GroundCode) {
	for _, code := range codes {
		if !slices.ContainsFunc(f.GetGrounds(), func(g *liaisonv1.NamedGround) bool { return g.GetCode() == code }) {
			f.Grounds = append(f.Grounds, &liaisonv1.NamedGround{Code: code, Time: at})
		}
	}
}

// addAnswer counts what a part of the answer came to.
func addAnswer(f *liaisonv1.Figures, at *timestamppb.Timestamp, m *liaisonv1.AnswerManifest) {
	if f.FirstAnswerTime == nil {
		f.FirstAnswerTime = at
	}
	most := make(map[string]int64) // parties, by selector: one may stand under several categories
	for _, entry := range m.GetEntries() {
		most[entry.GetSelectorId()] = max(most[entry.GetSelectorId()], int64(entry.GetPartyCount()))
		// It counts where the answer does, so that a part that is given anew in a later month
		// changes no report that was told.
		if result := resultOf(entry.GetOutcome()); f.AnswerTime == nil && (f.GetResult() == 0 || result < f.GetResult()) {
			f.Result = result
		}
	}
	var parties int64
	for _, n := range most {
		parties += n
	}
	if parties > 0 {
		f.Parties = append(f.Parties, &liaisonv1.NamedParties{Count: parties, Time: at})
	}
}

func resultOf(code liaisonv1.OutcomeCode) liaisonv1.AnswerResult {
	switch code {
	case liaisonv1.OutcomeCode_OUTCOME_CODE_IDENTIFIED:
		return liaisonv1.AnswerResult_ANSWER_RESULT_IDENTIFIED
	case liaisonv1.OutcomeCode_OUTCOME_CODE_EXISTS:
		return liaisonv1.AnswerResult_ANSWER_RESULT_EXISTS
	case liaisonv1.OutcomeCode_OUTCOME_CODE_WITHHELD:
		return liaisonv1.AnswerResult_ANSWER_RESULT_WITHHELD
	default:
		return liaisonv1.AnswerResult_ANSWER_RESULT_NOTHING
	}
}

// DecodeFigures returns what the statistics count of a request as it is stored; nil if
// nothing yet. Where it has figures nothing else of it is decoded, so that a million can be
// read in little time.
func DecodeFigures(body []byte) (*liaisonv1.Figures, error) {
	for rest := body; len(rest) > 0; {
		number, kind, n := protowire.ConsumeTag(rest)
		if n < 0 {
			return nil, ErrBody
		}
		size := protowire.ConsumeFieldValue(number, kind, rest[n:])
		if size < 0 {
			return nil, ErrBody
		}
		if number == figuresField && kind == protowire.BytesType {
			value, _ := protowire.ConsumeBytes(rest[n:])
			f := &liaisonv1.Figures{}
			if err := proto.Unmarshal(value, f); err != nil {
				return nil, fmt.Errorf("decode a request's figures: %w", err)
			}
			return f, nil
		}
		rest = rest[n+size:]
	}
	r := &liaisonv1.Request{}
	if err := proto.Unmarshal(body, r); err != nil {
		return nil, fmt.Errorf("decode a request: %w", err)
	}
	return nil, nil
}

var figuresField = (&liaisonv1.Request{}).ProtoReflect().Descriptor().Fields().ByName("figures").Number()
