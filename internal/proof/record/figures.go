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

// Figures returns what the statistics count of a request; nil if nothing yet. Of one that
// took its last step before figures were kept, it is what the request tells.
func Figures(r *liaisonv1.Request) *liaisonv1.Figures {
	switch {
	case r.GetFigures() != nil:
		return r.GetFigures()
	case r == nil || r.GetState() == liaisonv1.RequestState_REQUEST_STATE_AWAITING_APPROVAL:
		return nil
	}
	f := begun(r)
	at := r.GetUpdateTime()
	if missed := r.GetClocks().GetMissedTime(); missed != nil {
		f.MissTimes = []*timestamppb.Timestamp{missed}
	}
	if r.GetValidatedBy() != "" {
		f.ValidateTime = at
	}
	if len(r.GetRecalledParts()) > 0 {
		f.RecallTimes = []*timestamppb.Timestamp{at}
	}
	switch r.GetState() {
	case liaisonv1.RequestState_REQUEST_STATE_CLOSED:
		end(f, liaisonv1.RequestState_REQUEST_STATE_ANSWERED, at)
	case liaisonv1.RequestState_REQUEST_STATE_PRESERVED, liaisonv1.RequestState_REQUEST_STATE_EXPIRED:
		become(f, liaisonv1.RequestOutcome_REQUEST_OUTCOME_PRESERVED, at)
	case liaisonv1.RequestState_REQUEST_STATE_LAPSED:
		f.LapseTime = at
	default:
		end(f, r.GetState(), at)
	}
	return f
}

// begun returns the figures of a request of which nothing became yet.
func begun(r *liaisonv1.Request) *liaisonv1.Figures {
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

// counted returns the figures after an event, given the request before and after it. As
// long as nobody has approved the request there are none: what an approval hands over
// stays what it always was.
func counted(before, after *liaisonv1.Request, e *liaisonv1.Event) *liaisonv1.Figures {
	if e.GetState() == liaisonv1.RequestState_REQUEST_STATE_AWAITING_APPROVAL {
		return nil
	}
	f := begun(after)
	if had := Figures(before); had != nil {
		f = proto.CloneOf(had)
	}
	at := e.GetCreateTime()
	stand(f, before.GetClocks().GetStopTime(), e)

	switch d := e.GetDetail().(type) {
	case *liaisonv1.Event_Rejected:
		become(f, liaisonv1.RequestOutcome_REQUEST_OUTCOME_REJECTED, at)
	case *liaisonv1.Event_Objected:
		name(f, at, codes(d.Objected.GetGrounds())...)
	case *liaisonv1.Event_Refused:
		name(f, at, codes(d.Refused.GetGrounds())...)
	case *liaisonv1.Event_ReviewObjected:
		name(f, at, codes(d.ReviewObjected.GetGrounds())...)
	case *liaisonv1.Event_ReviewRefused:
		name(f, at, codes(d.ReviewRefused.GetGrounds())...)
	case *liaisonv1.Event_PartiallyAnswered:
		tell(f, at, d.PartiallyAnswered)
	case *liaisonv1.Event_Answered:
		tell(f, at, d.Answered)
	case *liaisonv1.Event_PreservationConfirmed:
		become(f, liaisonv1.RequestOutcome_REQUEST_OUTCOME_PRESERVED, at)
	case *liaisonv1.Event_DeadlineMissed:
		f.MissTimes = append(f.MissTimes, at)
	case *liaisonv1.Event_EmergencyValidated:
		f.ValidateTime = at
	case *liaisonv1.Event_Lapsed:
		f.LapseTime = at
	case *liaisonv1.Event_AnswerRecalled:
		f.RecallTimes = append(f.RecallTimes, at)
	}
	end(f, e.GetState(), at)
	return f
}

// end says what the state of the request makes of it, whatever step led there: a reviewer
// and a dispute end requests, too.
func end(f *liaisonv1.Figures, state liaisonv1.RequestState, at *timestamppb.Timestamp) {
	switch state {
	case liaisonv1.RequestState_REQUEST_STATE_ANSWERED:
		if f.AnswerTime == nil {
			f.AnswerTime = at
		}
		become(f, liaisonv1.RequestOutcome_REQUEST_OUTCOME_ANSWERED, at)
	case liaisonv1.RequestState_REQUEST_STATE_REFUSED:
		become(f, liaisonv1.RequestOutcome_REQUEST_OUTCOME_REFUSED, at)
	case liaisonv1.RequestState_REQUEST_STATE_WITHDRAWN:
		become(f, liaisonv1.RequestOutcome_REQUEST_OUTCOME_WITHDRAWN, at)
	default: // nothing became of it yet, or it is over in another way
	}
}

// become says what became of the request, if nothing did before.
func become(f *liaisonv1.Figures, outcome liaisonv1.RequestOutcome, at *timestamppb.Timestamp) {
	if f.GetOutcome() == liaisonv1.RequestOutcome_REQUEST_OUTCOME_UNSPECIFIED {
		f.Outcome, f.OutcomeTime = outcome, at
	}
}

// stand adds the time for which the clock of the answer stood, when it goes on, or begins
// to stand anew.
func stand(f *liaisonv1.Figures, since *timestamppb.Timestamp, e *liaisonv1.Event) {
	if since == nil || f.AnswerTime != nil || proto.Equal(since, e.GetClocks().GetStopTime()) {
		return
	}
	if stood := e.GetCreateTime().AsTime().Sub(since.AsTime()); stood > 0 {
		f.Stopped = durationpb.New(f.GetStopped().AsDuration() + stood)
	}
}

// name counts grounds that were named, each once for the request.
func name(f *liaisonv1.Figures, at *timestamppb.Timestamp, named ...liaisonv1.GroundCode) {
	for _, code := range named {
		if !slices.ContainsFunc(f.GetGrounds(), func(g *liaisonv1.NamedGround) bool { return g.GetCode() == code }) {
			f.Grounds = append(f.Grounds, &liaisonv1.NamedGround{Code: code, Time: at})
		}
	}
}

func codes(grounds []*liaisonv1.Ground) []liaisonv1.GroundCode {
	all := make([]liaisonv1.GroundCode, len(grounds))
	for i, g := range grounds {
		all[i] = g.GetCode()
	}
	return all
}

// tell counts what a part of the answer came to.
func tell(f *liaisonv1.Figures, at *timestamppb.Timestamp, m *liaisonv1.AnswerManifest) {
	if f.FirstAnswerTime == nil {
		f.FirstAnswerTime = at
	}
	most := make(map[string]int64) // parties, by selector
	for _, entry := range m.GetEntries() {
		most[entry.GetSelectorId()] = max(most[entry.GetSelectorId()], int64(entry.GetPartyCount()))
		if entry.GetOutcome() == liaisonv1.OutcomeCode_OUTCOME_CODE_WITHHELD {
			name(f, at, entry.GetGround())
		}
		// It counts where the answer does, so that a part that is given anew in a later month
		// changes no report that was told.
		if came := resultOf(entry.GetOutcome()); f.AnswerTime == nil && (f.GetResult() == 0 || came < f.GetResult()) {
			f.Result = came
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

// DecodeFigures is Figures of a request as it is stored. Where it has figures nothing else
// of it is decoded, so that a million can be read in little time.
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
	return Figures(r), nil
}

var figuresField = (&liaisonv1.Request{}).ProtoReflect().Descriptor().Fields().ByName("figures").Number()
