package main

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

func organisation(name, country string, ca *ca) *liaisonv1.Organisation {
	return &liaisonv1.Organisation{
		Name: name, DisplayNames: english(name), Country: country, TrustDomain: ca.domain, CaCertificates: string(ca.pem()),
		SignaturePolicy: liaisonv1.SignaturePolicy_SIGNATURE_POLICY_REQUIRED,
		SealingPolicy:   liaisonv1.SealingPolicy_SEALING_POLICY_OPTIONAL,
	}
}

func authority(ca *ca) *liaisonv1.RegisterParticipantRequest {
	return &liaisonv1.RegisterParticipantRequest{Participant: &liaisonv1.RegisterParticipantRequest_Authority{Authority: &liaisonv1.Authority{
		Organisation: organisation("authorities/moc", "IQ", ca),
		FilingPolicy: &liaisonv1.FilingPolicy{Approvers: []*liaisonv1.ApproverEntry{
			{Name: "spiffe://moc.example/approver/karim", Level: liaisonv1.ApproverLevel_APPROVER_LEVEL_JUDGE},
		}},
	}}}
}

func platform(ca *ca) *liaisonv1.RegisterParticipantRequest {
	return &liaisonv1.RegisterParticipantRequest{Participant: &liaisonv1.RegisterParticipantRequest_Platform{Platform: &liaisonv1.Platform{
		Organisation: organisation("platforms/messenger", "", ca),
		Capabilities: &liaisonv1.Capabilities{
			SelectorTypes: []liaisonv1.SelectorType{liaisonv1.SelectorType_SELECTOR_TYPE_ACCOUNT},
			Kinds:         []liaisonv1.RequestKind{liaisonv1.RequestKind_REQUEST_KIND_DISCLOSE},
			Languages:     []string{"en"},
			LegalBases:    []liaisonv1.LegalBasisKind{liaisonv1.LegalBasisKind_LEGAL_BASIS_KIND_COURT_ORDER},
			Categories:    []*liaisonv1.HeldCategory{{Category: liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY}},
		},
	}}}
}

// demand is an emergency, which the platform sees before a second person has validated it.
func demand() *liaisonv1.RequestSpec {
	seen := timestamppb.New(time.Now().Add(-time.Hour).Truncate(time.Second))
	return &liaisonv1.RequestSpec{
		Platform:  "platforms/messenger",
		Reference: "MOC-2026-1",
		Kind:      liaisonv1.RequestKind_REQUEST_KIND_DISCLOSE,
		Urgency:   liaisonv1.Urgency_URGENCY_EMERGENCY,
		Threat:    &liaisonv1.Threat{Kind: liaisonv1.ThreatKind_THREAT_KIND_LIFE, Statement: "The addresses of witnesses are published."},
		Incident: &liaisonv1.Incident{
			Titles:         english("Register of protected witnesses published"),
			Types:          []liaisonv1.IncidentType{liaisonv1.IncidentType_INCIDENT_TYPE_PUBLICATION},
			DiscoveredTime: seen,
			Leaked:         []liaisonv1.LeakedData{liaisonv1.LeakedData_LEAKED_DATA_FULL_NAME},
			People:         []liaisonv1.PeopleCategory{liaisonv1.PeopleCategory_PEOPLE_CATEGORY_VOTERS},
		},
		Selectors: []*liaisonv1.Selector{{
			Id: "uploader", Necessity: "It posted the file.",
			Target: &liaisonv1.Selector_Account{Account: &liaisonv1.AccountSelector{Id: "700100200"}},
		}},
		Categories: []liaisonv1.DataCategory{liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY},
		LegalBasis: &liaisonv1.LegalBasis{
			Kind: liaisonv1.LegalBasisKind_LEGAL_BASIS_KIND_COURT_ORDER, Country: "IQ",
			Instrument: "Personal Data Protection Act", Article: "17(2)", IssuingBody: "Investigating Court",
			ApproverLevel: liaisonv1.ApproverLevel_APPROVER_LEVEL_JUDGE, OrderNumber: "88/2026", IssueTime: seen,
		},
		Necessity:       "Whoever posted the file can take it down.",
		Screening:       &liaisonv1.Screening{Result: liaisonv1.ScreeningResult_SCREENING_RESULT_NONE_KNOWN},
		Confidentiality: &liaisonv1.Confidentiality{Telling: &liaisonv1.Confidentiality_UserMayBeTold{UserMayBeTold: true}},
		Redress:         english("You may complain to the court."),
		Calendar:        &liaisonv1.Calendar{TimeZone: "Asia/Baghdad", Days: liaisonv1.DayKind_DAY_KIND_CALENDAR},
		Language:        "en",
	}
}

func english(text string) []*liaisonv1.LocalizedText {
	return []*liaisonv1.LocalizedText{{Language: "en", Text: text}}
}
