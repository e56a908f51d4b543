package lifecycle

import "slices"

// Role is the office in which an actor takes a step, as its certificate states
// it. The numbers are stored: they never change.
type Role uint8

// The roles. The zero value is no role, and may take no step.
const (
	Officer  Role = iota + 1 // files and follows requests for an authority
	Approver                 // approves an officer's requests: the second pair of eyes
	Agent                    // answers for a platform
	Reviewer                 // an oversight body's member who may object
	Auditor                  // an oversight body's member who looks on
	Operator                 // keeps the hub's directory
	Hub                      // the hub itself
)

var roleWords = []string{
	Officer:  "officer",
	Approver: "approver",
	Agent:    "agent",
	Reviewer: "reviewer",
	Auditor:  "auditor",
	Operator: "operator",
	Hub:      "hub",
}

// String returns the word that stands in a SPIFFE path, such as "officer".
func (r Role) String() string { return word(roleWords, r, "Role") }

// Roles lists the roles in the order of their numbers.
func Roles() []Role { return numbered[Role](roleWords) }

// ParseRole reads the word that stands in a SPIFFE path. It takes exactly the
// words that [Role.String] gives: another case or added space is no role.
func ParseRole(text string) (Role, bool) {
	if n := slices.Index(roleWords, text); n > 0 {
		return Role(n), true
	}
	return 0, false
}

// Side is the kind of organisation to which a role belongs.
type Side uint8

// The sides. The zero value is no side: that of an unknown role.
const (
	AuthoritySide Side = iota + 1
	PlatformSide
	OversightSide
	HubSide
)

var sideWords = []string{
	AuthoritySide: "authority",
	PlatformSide:  "platform",
	OversightSide: "oversight",
	HubSide:       "hub",
}

// String returns "authority", "platform", "oversight" or "hub".
func (s Side) String() string { return word(sideWords, s, "Side") }

// Side returns the kind of organisation to which the role belongs; zero for an
// unknown role.
func (r Role) Side() Side {
	switch r {
	case Officer, Approver:
		return AuthoritySide
	case Agent:
		return PlatformSide
	case Reviewer, Auditor:
		return OversightSide
	case Operator, Hub:
		return HubSide
	default:
		return 0
	}
}

// Person is the human behind an actor, whatever the role: a trust domain and a
// name. Somebody who holds an officer's and an approver's certificate is one
// Person, so that four eyes cannot be the same two eyes twice. No error of this
// package contains it.
type Person string

// Key is the digest of the public key that an actor came with: two certificates of one key
// are in one hand, whatever names they have. The zero Key is one that is not known.
type Key [32]byte
