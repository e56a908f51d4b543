package main

import (
	"context"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestAnAuthorityGetsItsAnswer plays the other end with a real hub.
func TestAnAuthorityGetsItsAnswer(t *testing.T) {
	kit := liaisontest.New(t)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	ended := make(chan error, 1)
	go func(conn *client.Conn) { ended <- serve(ctx, conn) }(kit.Conn(t, "agent"))

	officer := kit.Conn(t, "officer").Authority()
	filed, err := officer.File(ctx, demand())
	if err != nil {
		t.Fatal(err)
	}
	request, err := officer.Await(ctx, filed.GetRequest())
	if err != nil {
		t.Fatal(err)
	}
	if state := request.GetState(); state != liaisonv1.RequestState_REQUEST_STATE_ANSWERED {
		t.Errorf("the request is %v", state)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("the worker ended with: %v", err)
	}
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
