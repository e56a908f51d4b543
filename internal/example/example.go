// Package example describes the organisations that a hub can be tried out with: a
// ministry, a data-protection office, a messenger, a file host and a parliament's
// commissioner, all invented. Names and numbers are reserved ones (RFC 2606, and
// the telephone numbers that Ofcom keeps for drama).
package example

import (
	"google.golang.org/protobuf/types/known/durationpb"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// HubDomain is the trust domain of the example hub.
const HubDomain = "hub.example"

// Profile is a person or program with a certificate.
type Profile struct {
	Name         string // the folder's, "officer"
	TrustDomain  string
	Role         string
	Person       string // the name in the SPIFFE ID
	Organisation string // empty for the hub's own
}

// ID returns the profile's SPIFFE ID.
func (p Profile) ID() string { return "spiffe://" + p.TrustDomain + "/" + p.Role + "/" + p.Person }

// Profiles are everybody in the example.
func Profiles() []Profile {
	return []Profile{
		{"officer", "moc.example", "officer", "amal.hassan", "authorities/moc"},
		{"approver", "moc.example", "approver", "karim.aziz", "authorities/moc"},
		{"dpo-officer", "dpo.example", "officer", "desk.one", "authorities/dpo"},
		{"dpo-approver", "dpo.example", "approver", "head.of.office", "authorities/dpo"},
		{"agent", "messenger.example", "agent", "disclosure.desk", "platforms/messenger"},
		{"filehost-agent", "filehost.example", "agent", "legal.desk", "platforms/filehost"},
		{"reviewer", "commissioner.example", "reviewer", "review.desk", "oversight/commissioner"},
		{"auditor", "commissioner.example", "auditor", "audit.desk", "oversight/commissioner"},
		{"operator", HubDomain, "operator", "operator", ""},
	}
}

// TrustDomains are those of the participants, without the hub's own.
func TrustDomains() []string {
	return []string{"moc.example", "dpo.example", "messenger.example", "filehost.example", "commissioner.example"}
}

// Entries are the participants' directory entries, with the certification authorities
// that authorities returns for their trust domains, PEM, and the keys that recipients
// returns to seal attachments for platforms to.
func Entries(authorities func(trustDomain string) []byte, recipients func(platform string) []string) []*liaisonv1.RegisterParticipantRequest {
	// The office and the file host sign what they do with Liaison's own software, and take
	// part with others too.
	optional := map[string]bool{"dpo.example": true, "filehost.example": true}
	organisation := func(name, domain, english, arabic string, contacts ...*liaisonv1.ContactPoint) *liaisonv1.Organisation {
		policy, sealing := liaisonv1.SignaturePolicy_SIGNATURE_POLICY_REQUIRED, liaisonv1.SealingPolicy_SEALING_POLICY_REQUIRED
		if optional[domain] {
			policy, sealing = liaisonv1.SignaturePolicy_SIGNATURE_POLICY_OPTIONAL, liaisonv1.SealingPolicy_SEALING_POLICY_OPTIONAL
		}
		return &liaisonv1.Organisation{
			SignaturePolicy: policy, SealingPolicy: sealing,

			Name: name,
			DisplayNames: []*liaisonv1.LocalizedText{
				{Language: "en", Text: english},
				{Language: "ar", Text: arabic},
			},
			Country:        "IQ",
			TrustDomain:    domain,
			CaCertificates: string(authorities(domain)),
			ContactPoints:  contacts,
		}
	}
	authority := func(o *liaisonv1.Organisation) *liaisonv1.RegisterParticipantRequest {
		return &liaisonv1.RegisterParticipantRequest{Participant: &liaisonv1.RegisterParticipantRequest_Authority{
			Authority: &liaisonv1.Authority{Organisation: o, FilingPolicy: FilingPolicies()[o.GetName()]},
		}}
	}
	platform := func(o *liaisonv1.Organisation, c *liaisonv1.Capabilities) *liaisonv1.RegisterParticipantRequest {
		o.Country = ""
		o.AttachmentRecipients = recipients(o.GetName())
		return &liaisonv1.RegisterParticipantRequest{Participant: &liaisonv1.RegisterParticipantRequest_Platform{
			Platform: &liaisonv1.Platform{Organisation: o, Capabilities: c},
		}}
	}
	return []*liaisonv1.RegisterParticipantRequest{
		authority(organisation("authorities/moc", "moc.example", "Ministry of Communications", "وزارة الاتصالات",
			contact("requests", "requests@moc.example", "+447700900010", "Sun-Thu 08:00-15:00 Asia/Baghdad"))),
		authority(organisation("authorities/dpo", "dpo.example", "Data Protection Office", "مكتب حماية البيانات",
			contact("requests", "desk@dpo.example", "+447700900020", "Sun-Thu 08:00-15:00 Asia/Baghdad"))),
		platform(organisation("platforms/messenger", "messenger.example", "Messenger", "ماسنجر",
			emergencies(contact("emergencies", "disclosure@messenger.example", "+447700900030", "always"))), messenger()),
		platform(organisation("platforms/filehost", "filehost.example", "Filehost", "مضيف الملفات",
			contact("legal", "legal@filehost.example", "+447700900040", "Mon-Fri 09:00-17:00 Europe/London")), filehost()),
		{Participant: &liaisonv1.RegisterParticipantRequest_OversightBody{OversightBody: &liaisonv1.OversightBody{
			Organisation: organisation("oversight/commissioner", "commissioner.example", "Parliamentary Privacy Commissioner", "مفوض الخصوصية البرلماني"),
			Oversees:     []string{"authorities/moc", "authorities/dpo", "platforms/messenger", "platforms/filehost"},
		}}},
	}
}

// FilingPolicies are what the authorities may file, and who approves for them. Judge Karim
// Aziz decides for the ministry; the office is headed by a judge.
func FilingPolicies() map[string]*liaisonv1.FilingPolicy {
	policies := make(map[string]*liaisonv1.FilingPolicy)
	for _, p := range Profiles() {
		if p.Role == "approver" {
			policies[p.Organisation] = &liaisonv1.FilingPolicy{Approvers: []*liaisonv1.ApproverEntry{
				{Name: p.ID(), Level: liaisonv1.ApproverLevel_APPROVER_LEVEL_JUDGE},
			}}
		}
	}
	return policies
}

func contact(purpose, email, phone, hours string) *liaisonv1.ContactPoint {
	return &liaisonv1.ContactPoint{Purpose: purpose, Email: email, Phone: phone, Hours: hours}
}

func emergencies(c *liaisonv1.ContactPoint) *liaisonv1.ContactPoint {
	c.EscalationPhone = "+447700900031"
	return c
}

const day = 24 * 60 * 60

func held(category liaisonv1.DataCategory, days int64) *liaisonv1.HeldCategory {
	h := &liaisonv1.HeldCategory{Category: category}
	if days > 0 {
		h.Retention = &durationpb.Duration{Seconds: days * day}
	}
	return h
}

// messenger knows accounts, channels and messages, and keeps accesses for a while.
func messenger() *liaisonv1.Capabilities {
	c := &liaisonv1.Capabilities{
		AccountIdPattern: "[0-9]{1,20}",
		Categories: []*liaisonv1.HeldCategory{
			held(liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY, 0),
			held(liaisonv1.DataCategory_DATA_CATEGORY_IDENTIFYING_ACCESS, 90),
			held(liaisonv1.DataCategory_DATA_CATEGORY_ACCOUNT_HISTORY, 365),
			held(liaisonv1.DataCategory_DATA_CATEGORY_ACCESS_RECORDS, 90),
			held(liaisonv1.DataCategory_DATA_CATEGORY_DEVICE, 90),
			held(liaisonv1.DataCategory_DATA_CATEGORY_CHANNEL_ROLES, 0),
			held(liaisonv1.DataCategory_DATA_CATEGORY_PUBLICATION_RECORD, 365),
			held(liaisonv1.DataCategory_DATA_CATEGORY_PAYMENT_REFERENCE, 365),
		},
		Languages: []string{"en", "ar", "ckb"},
	}
	values := liaisonv1.SelectorType_SELECTOR_TYPE_UNSPECIFIED.Descriptor().Values()
	for i := range values.Len() {
		selector := liaisonv1.SelectorType(values.Get(i).Number())
		if selector != liaisonv1.SelectorType_SELECTOR_TYPE_UNSPECIFIED && selector != liaisonv1.SelectorType_SELECTOR_TYPE_PLATFORM_DEFINED {
			c.SelectorTypes = append(c.SelectorTypes, selector)
		}
	}
	return everything(c)
}

// filehost knows files and who uploaded them, often without an account.
func filehost() *liaisonv1.Capabilities {
	return everything(&liaisonv1.Capabilities{
		SelectorTypes: []liaisonv1.SelectorType{
			liaisonv1.SelectorType_SELECTOR_TYPE_ACCOUNT,
			liaisonv1.SelectorType_SELECTOR_TYPE_URL,
			liaisonv1.SelectorType_SELECTOR_TYPE_FILE,
			liaisonv1.SelectorType_SELECTOR_TYPE_IP_SESSION,
			liaisonv1.SelectorType_SELECTOR_TYPE_EMAIL,
			liaisonv1.SelectorType_SELECTOR_TYPE_PLATFORM_REPORT,
			liaisonv1.SelectorType_SELECTOR_TYPE_PLATFORM_DEFINED,
		},
		PlatformDefinedTypes: []*liaisonv1.PlatformDefinedType{{
			Type: "download-token", Pattern: "[A-Za-z0-9]{3,32}", Description: "The token in a download link; it denotes one file.",
		}},
		Categories: []*liaisonv1.HeldCategory{
			held(liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY, 0),
			held(liaisonv1.DataCategory_DATA_CATEGORY_IDENTIFYING_ACCESS, 60),
			held(liaisonv1.DataCategory_DATA_CATEGORY_ACCESS_RECORDS, 60),
			held(liaisonv1.DataCategory_DATA_CATEGORY_PUBLICATION_RECORD, 0),
		},
		Languages:    []string{"en"},
		MaxSelectors: 100,
	})
}

// everything adds the kinds and legal bases that both platforms accept: all but an
// administrative order alone.
func everything(c *liaisonv1.Capabilities) *liaisonv1.Capabilities {
	c.Kinds = []liaisonv1.RequestKind{
		liaisonv1.RequestKind_REQUEST_KIND_DISCLOSE,
		liaisonv1.RequestKind_REQUEST_KIND_PRESERVE,
		liaisonv1.RequestKind_REQUEST_KIND_EXISTENCE,
	}
	c.LegalBases = []liaisonv1.LegalBasisKind{
		liaisonv1.LegalBasisKind_LEGAL_BASIS_KIND_COURT_ORDER,
		liaisonv1.LegalBasisKind_LEGAL_BASIS_KIND_PROSECUTOR_ORDER,
		liaisonv1.LegalBasisKind_LEGAL_BASIS_KIND_ADMINISTRATIVE_ORDER_VALIDATED,
		liaisonv1.LegalBasisKind_LEGAL_BASIS_KIND_DATA_PROTECTION_POWER,
		liaisonv1.LegalBasisKind_LEGAL_BASIS_KIND_EMERGENCY_STATUTE,
		liaisonv1.LegalBasisKind_LEGAL_BASIS_KIND_TREATY,
	}
	return c
}
