package server

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/office/wire"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

var update = flag.Bool("update", false, "write the tables of docs/protocol.md anew")

const protocolPage = "../docs/protocol.md"

// services are all of the contract, in the order of their names.
func services() []protoreflect.ServiceDescriptor {
	var all []protoreflect.ServiceDescriptor
	protoregistry.GlobalFiles.RangeFilesByPackage(liaisonv1.File_liaison_v1_access_proto.Package(), func(file protoreflect.FileDescriptor) bool {
		for i := range file.Services().Len() {
			all = append(all, file.Services().Get(i))
		}
		return true
	})
	slices.SortFunc(all, func(a, b protoreflect.ServiceDescriptor) int { return cmp.Compare(a.Name(), b.Name()) })
	return all
}

func TestThePageShowsTheContract(t *testing.T) {
	for _, table := range []struct{ name, text string }{
		{"access", accessTable()},
		{"reason", reasonTable()},
	} {
		t.Run(table.name, func(t *testing.T) { checkTable(t, table.name, table.text) })
	}
}

// checkTable compares what stands between a table's markers with what it should be.
func checkTable(t *testing.T, name, want string) {
	t.Helper()
	begin := fmt.Sprintf("<!-- %s table: begin -->\n", name)
	end := fmt.Sprintf("<!-- %s table: end -->", name)
	page, err := os.ReadFile(protocolPage)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok1 := strings.Cut(string(page), begin)
	got, tail, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatalf("%s has no markers for the %s table", protocolPage, name)
	}
	if got == want {
		return
	}
	if *update {
		if err := os.WriteFile(protocolPage, []byte(head+begin+want+end+tail), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("the %s table of %s is not what the contract says; run: go test ./server -run TestThePageShowsTheContract -update", name, protocolPage)
}

// accessTable lists every method of the contract with the roles that may call it.
func accessTable() string {
	var b strings.Builder
	b.WriteString("| service | method | roles |\n|---|---|---|\n")
	for _, service := range services() {
		for i := range service.Methods().Len() {
			method := service.Methods().Get(i)
			access := proto.GetExtension(method.Options(), liaisonv1.E_Access).(*liaisonv1.Access)
			var roles []string
			for _, role := range access.GetRoles() {
				roles = append(roles, lifecycle.Role(role).String())
			}
			fmt.Fprintf(&b, "| `%s` | `%s` | %s |\n", service.Name(), method.Name(), strings.Join(roles, ", "))
		}
	}
	return b.String()
}

// reasonTable lists every reason with its code and its sentence.
func reasonTable() string {
	var b strings.Builder
	b.WriteString("| reason | code | what it says |\n|---|---|---|\n")
	values := liaisonv1.Reason_REASON_UNSPECIFIED.Descriptor().Values()
	for i := 1; i < values.Len(); i++ {
		reason := liaisonv1.Reason(values.Get(i).Number())
		fmt.Fprintf(&b, "| `%s` | `%s` | %s |\n", wire.Word(reason), codeWord(reason), wire.Sentence(reason))
	}
	return b.String()
}

// codeWord is the gRPC code as the contract's comments write it.
func codeWord(r liaisonv1.Reason) string {
	var b strings.Builder
	for i, c := range wire.Code(r).String() {
		if i > 0 && c >= 'A' && c <= 'Z' {
			b.WriteByte('_')
		}
		b.WriteRune(c)
	}
	word := strings.ToUpper(b.String())
	if word == "CANCELED" {
		return "CANCELLED" // as gRPC's own specification of codes spells it
	}
	return word
}

// stepMethods says which method of the contract takes which step.
var stepMethods = map[string][]lifecycle.Step{
	"FileRequest":          {lifecycle.StepFile},
	"ApproveRequest":       {lifecycle.StepApprove},
	"RejectRequest":        {lifecycle.StepReject},
	"ReplyToClarification": {lifecycle.StepReply},
	"AmendRequest":         {lifecycle.StepAmend},
	"UpholdRequest":        {lifecycle.StepUphold},
	"WithdrawRequest":      {lifecycle.StepWithdraw},
	"ValidateEmergency":    {lifecycle.StepValidateEmergency},
	"ExtendPreservation":   {lifecycle.StepExtendPreservation},
	"ConfirmReceipt":       {lifecycle.StepConfirmReceipt},
	"AcknowledgeRequest":   {lifecycle.StepAcknowledge},
	"AskClarification":     {lifecycle.StepAskClarification},
	"ObjectToRequest":      {lifecycle.StepObject},
	"RefuseRequest":        {lifecycle.StepRefuse},
	"AnswerRequest":        {lifecycle.StepAnswerPart, lifecycle.StepAnswerFinal},
	"ConfirmPreservation":  {lifecycle.StepConfirmPreservation},
	"AskMoreTime":          {lifecycle.StepAskMoreTime},
	"GrantMoreTime":        {lifecycle.StepGrantMoreTime},
	"DeclineMoreTime":      {lifecycle.StepDeclineMoreTime},
	"AttestDeletion":       {lifecycle.StepAttestDeletion},
	"ConfirmDeletion":      {lifecycle.StepAttestDeletion},
	"OpenAnswer":           {lifecycle.StepOpen},
	"RecallAnswer":         {lifecycle.StepRecall},
	"ConfirmRecall":        {lifecycle.StepConfirmRecall},
	"RecordNotice":         {lifecycle.StepRecordNotice},
	"GetRequestMetadata":   {lifecycle.StepAudit},
	"ListRequestMetadata":  {lifecycle.StepAudit},
	"ListEventMetadata":    {lifecycle.StepAudit},
	"ObjectAsReviewer":     {lifecycle.StepReviewObject, lifecycle.StepReviewRefuse},
	"ClearRequest":         {lifecycle.StepReviewClear},
	"DecideDispute":        {lifecycle.StepDecide, lifecycle.StepSustain},
	"MaintainObjection":    {lifecycle.StepMaintain},
	"AcceptCourtDecision":  {lifecycle.StepDecide},
	"RecordCourtDecision":  {lifecycle.StepSustain},
}

// sides are those whose roles call a service.
var sides = map[protoreflect.Name]lifecycle.Side{
	"AuthorityService": lifecycle.AuthoritySide, "PlatformService": lifecycle.PlatformSide, "ReviewService": lifecycle.OversightSide,
	"OversightService": lifecycle.OversightSide,
}

// ownSteps are those that the hub takes by itself, by no call.
var ownSteps = []lifecycle.Step{
	lifecycle.StepPurge, lifecycle.StepLapse, lifecycle.StepExpire, lifecycle.StepWarn, lifecycle.StepMiss,
	lifecycle.StepEndNoticeDelay, lifecycle.StepHandOver, lifecycle.StepEndHandOver, lifecycle.StepReviewLapse,
}

// TestTheContractAndTheLifecycleAgreeOnRoles compares who may call a method with
// who may take its step: one fact that two places need, and that must not differ.
func TestTheContractAndTheLifecycleAgreeOnRoles(t *testing.T) {
	taken := make(map[lifecycle.Step]bool)
	for _, service := range []protoreflect.ServiceDescriptor{
		liaisonv1.File_liaison_v1_authority_service_proto.Services().Get(0),
		liaisonv1.File_liaison_v1_platform_service_proto.Services().Get(0),
		liaisonv1.File_liaison_v1_oversight_service_proto.Services().Get(0),
		liaisonv1.File_liaison_v1_review_service_proto.Services().Get(0),
	} {
		for i := range service.Methods().Len() {
			method := service.Methods().Get(i)
			steps := stepMethods[string(method.Name())]
			if len(steps) == 0 {
				t.Errorf("%s takes no step that this test knows of", method.Name())
			}
			called := make(map[lifecycle.Role]bool)
			access := proto.GetExtension(method.Options(), liaisonv1.E_Access).(*liaisonv1.Access)
			for _, role := range access.GetRoles() {
				called[lifecycle.Role(role)] = true
			}
			for _, step := range steps {
				taken[step] = true
				for _, rule := range lifecycle.Rules() {
					// A step of several sides has a method for each.
					roles := slices.DeleteFunc(slices.Clone(rule.Roles), func(role lifecycle.Role) bool { return role.Side() != sides[service.Name()] })
					if rule.Step != step || len(roles) == 0 {
						continue
					}
					if len(roles) != len(called) {
						t.Errorf("%s: the contract admits %v, the lifecycle %v", method.Name(), called, roles)
					}
					for _, role := range roles {
						if !called[role] {
							t.Errorf("%s: the lifecycle admits %s, the contract does not", method.Name(), role)
						}
					}
				}
			}
		}
	}
	for _, step := range lifecycle.Steps() {
		if !taken[step] && !slices.Contains(ownSteps, step) {
			t.Errorf("no method takes the step %s", step)
		}
	}
}

// TestTheContractAndTheLifecycleUseTheSameNumbers guards the conversions, which
// are plain: states, kinds and roles have the same numbers and words in both.
func TestTheContractAndTheLifecycleUseTheSameNumbers(t *testing.T) {
	compare := func(prefix string, values protoreflect.EnumValueDescriptors, words map[int]string) {
		t.Helper()
		if got, want := len(words), values.Len()-1; got != want {
			t.Errorf("%s: the lifecycle has %d values, the contract %d", prefix, got, want)
		}
		for i := 1; i < values.Len(); i++ {
			number := int(values.Get(i).Number())
			want := strings.TrimPrefix(string(values.Get(i).Name()), prefix)
			if !strings.EqualFold(words[number], want) {
				t.Errorf("%s%d is %q in the contract and %q in the lifecycle", prefix, number, want, words[number])
			}
		}
	}
	states := make(map[int]string)
	for _, s := range lifecycle.States() {
		states[int(s)] = s.String()
	}
	kinds := make(map[int]string)
	for _, k := range lifecycle.Kinds() {
		kinds[int(k)] = k.String()
	}
	roles := make(map[int]string)
	for _, r := range lifecycle.Roles() {
		roles[int(r)] = r.String()
	}
	compare("REQUEST_STATE_", liaisonv1.RequestState_REQUEST_STATE_UNSPECIFIED.Descriptor().Values(), states)
	compare("REQUEST_KIND_", liaisonv1.RequestKind_REQUEST_KIND_UNSPECIFIED.Descriptor().Values(), kinds)
	compare("ROLE_", liaisonv1.Role_ROLE_UNSPECIFIED.Descriptor().Values(), roles)
}
