package lifecycle

// Kind is what a request asks for. The numbers are stored: they never change.
type Kind uint8

// The kinds. The zero value is no kind, and cannot be filed.
const (
	Disclose  Kind = iota + 1 // who is behind the selectors?
	Preserve                  // keep what you hold until a request for it follows
	Existence                 // do you hold anything at all?
)

var kindWords = []string{
	Disclose:  "DISCLOSE",
	Preserve:  "PRESERVE",
	Existence: "EXISTENCE",
}

// String returns the contract's word without its prefix, such as "DISCLOSE".
func (k Kind) String() string { return word(kindWords, k, "Kind") }

// Kinds lists the kinds in the order of their numbers.
func Kinds() []Kind { return numbered[Kind](kindWords) }

// Request is all that the machine knows of one request: the fold over its events.
// The zero value is a request that has not been filed. Only [Apply] makes new
// ones; whoever stores a Request stores every field.
type Request struct {
	State State
	Kind  Kind

	// Emergency is set for a request that was filed as one. It reached the
	// platform without approval, and a second person has to validate it.
	Emergency bool

	// FiledBy is the person who must not approve, reject or validate, and FiledKey the key
	// that must not.
	FiledBy  Person
	FiledKey Key

	// Reached is set once the platform has been able to see the request, and is
	// never unset: a request stopped before that stays hidden for good.
	Reached bool

	// AnsweredInPart is set once an answer, or a part of one, was accepted. From then on work
	// resumes in PartiallyAnswered, and the request can no longer be refused whole.
	AnsweredInPart bool

	// Validated is set once a second person has vouched for the emergency.
	Validated bool

	// Extended is set once the period of preservation was extended.
	Extended bool

	// MoreTimeAsked is set while the platform waits for a word on its wish for more time.
	MoreTimeAsked bool

	// AuthorityDeleted and PlatformDeleted are set once the side has attested that it
	// deleted what it had of a request that was withdrawn or has lapsed.
	AuthorityDeleted bool
	PlatformDeleted  bool

	// RecallPending is set while the authority has to confirm that it has stopped using
	// what the platform recalled.
	RecallPending bool

	// RecallUndeleted is set while the platform has to attest that it has deleted what it
	// recalled.
	RecallUndeleted bool

	// Told is set once the platform has told the person concerned.
	Told bool

	// Reviewed is set for a request that names a reviewer, and ReviewPending from when it came
	// before the platform until the reviewer has spoken or its time has passed.
	Reviewed      bool
	ReviewPending bool

	// Undecidable is set while the platform's last objection has a ground that no party may
	// decide on alone.
	Undecidable bool

	// Upheld is set once the authority has upheld the request against an objection, until the
	// platform maintains it, somebody decides, or the request is narrowed.
	Upheld bool
}

// Event is a step that somebody wants to take.
type Event struct {
	Step   Step
	Role   Role   // the office in which it is taken
	Person Person // the human who takes it
	Key    Key    // with which it is taken

	// Kind and Emergency describe the request that StepFile brings into being, and Waived
	// says that the authority's policy lets one person file it. Every other step ignores
	// them.
	Kind      Kind
	Emergency bool
	Waived    bool

	// Reviewed says of StepFile that the request names a reviewer.
	Reviewed bool

	// Undecidable says of StepObject that it has a ground that no party may decide on alone.
	Undecidable bool
}

// VisibleToPlatform reports whether the platform may learn that the request
// exists. A request that waits for approval is hidden, and so for ever is one that
// was rejected or withdrawn before it was approved.
func VisibleToPlatform(r Request) bool { return r.Reached }
