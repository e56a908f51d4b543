package identity

// Reason says why somebody is not admitted.
type Reason uint8

// The reasons. Their words are labels of a metric and do not change.
const (
	HandshakeFailed Reason = iota + 1 // TLS itself refused: an old version, no TLS at all
	NoCertificate
	NoSPIFFEID
	SeveralSPIFFEIDs
	MalformedSPIFFEID
	UnknownTrustDomain
	UntrustedIssuer
	Expired
	NotYetValid
	WrongKeyUsage
	Revoked
	RevocationListOverdue
	RevocationListUnreadable
	Suspended
	RoleNotOfOrganisation
)

var reasonWords = [...]string{
	HandshakeFailed:          "handshake_failed",
	NoCertificate:            "no_certificate",
	NoSPIFFEID:               "no_spiffe_id",
	SeveralSPIFFEIDs:         "several_spiffe_ids",
	MalformedSPIFFEID:        "malformed_spiffe_id",
	UnknownTrustDomain:       "unknown_trust_domain",
	UntrustedIssuer:          "untrusted_issuer",
	Expired:                  "expired",
	NotYetValid:              "not_yet_valid",
	WrongKeyUsage:            "wrong_key_usage",
	Revoked:                  "revoked",
	RevocationListOverdue:    "revocation_list_overdue",
	RevocationListUnreadable: "revocation_list_unreadable",
	Suspended:                "suspended",
	RoleNotOfOrganisation:    "role_not_of_organisation",
}

// String returns the reason's word.
func (r Reason) String() string {
	if int(r) < len(reasonWords) && reasonWords[r] != "" {
		return reasonWords[r]
	}
	return "unknown"
}

// Refusal is why somebody is not admitted. Its text says what is wrong and holds
// no more of the certificate than its SPIFFE ID.
type Refusal struct {
	Reason Reason
	err    error
}

// Error says what is wrong.
func (r *Refusal) Error() string { return r.err.Error() }

// Unwrap returns what lies beneath.
func (r *Refusal) Unwrap() error { return r.err }
