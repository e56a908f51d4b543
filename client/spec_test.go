package client_test

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// exampleSpec is a request that is valid and small: two accounts, their holders.
func exampleSpec() *liaisonv1.RequestSpec {
	seen := timestamppb.New(time.Date(2026, 10, 2, 6, 40, 0, 0, time.UTC))
	account := func(id, account string) *liaisonv1.Selector {
		return &liaisonv1.Selector{
			Id: id, Necessity: "It posted the file.",
			Target: &liaisonv1.Selector_Account{Account: &liaisonv1.AccountSelector{Id: account}},
		}
	}
	return &liaisonv1.RequestSpec{
		Platform:  "platforms/messenger",
		Reference: "MOC-2026-00417",
		Kind:      liaisonv1.RequestKind_REQUEST_KIND_DISCLOSE,
		Urgency:   liaisonv1.Urgency_URGENCY_ROUTINE,
		Incident: &liaisonv1.Incident{
			Titles:         []*liaisonv1.LocalizedText{{Language: "en", Text: "Voter register published in a public channel"}},
			Types:          []liaisonv1.IncidentType{liaisonv1.IncidentType_INCIDENT_TYPE_PUBLICATION},
			DiscoveredTime: seen,
			Leaked:         []liaisonv1.LeakedData{liaisonv1.LeakedData_LEAKED_DATA_FULL_NAME},
			People:         []liaisonv1.PeopleCategory{liaisonv1.PeopleCategory_PEOPLE_CATEGORY_VOTERS},
		},
		Selectors:  []*liaisonv1.Selector{account("uploader", "700100200"), account("owner", "700100201")},
		Categories: []liaisonv1.DataCategory{liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY},
		LegalBasis: &liaisonv1.LegalBasis{
			Kind: liaisonv1.LegalBasisKind_LEGAL_BASIS_KIND_COURT_ORDER, Country: "IQ",
			Instrument: "Personal Data Protection Act", Article: "17(2)", IssuingBody: "Investigating Court",
			ApproverLevel: liaisonv1.ApproverLevel_APPROVER_LEVEL_JUDGE, OrderNumber: "88/2026", IssueTime: seen,
		},
		Necessity:       "The upload is the offence.",
		Screening:       &liaisonv1.Screening{Result: liaisonv1.ScreeningResult_SCREENING_RESULT_NONE_KNOWN},
		Confidentiality: &liaisonv1.Confidentiality{Telling: &liaisonv1.Confidentiality_UserMayBeTold{UserMayBeTold: true}},
		Redress:         []*liaisonv1.LocalizedText{{Language: "en", Text: "You may complain to the court."}},
		Calendar:        &liaisonv1.Calendar{TimeZone: "Asia/Baghdad", Days: liaisonv1.DayKind_DAY_KIND_CALENDAR},
		Language:        "en",
	}
}

// notFound is the finding that what a selector denotes is not there.
func notFound(s *liaisonv1.Selector) *liaisonv1.Finding {
	return &liaisonv1.Finding{SelectorId: s.GetId(), Outcomes: []*liaisonv1.Outcome{{
		Category: liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY,
		Code:     liaisonv1.OutcomeCode_OUTCOME_CODE_NOT_FOUND,
	}}}
}
