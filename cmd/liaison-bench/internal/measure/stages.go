package measure

import (
	"context"
	"errors"
	"runtime"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/example"
	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/law/validate"
	"github.com/liaison-protocol/liaison/internal/office/access"
	"github.com/liaison-protocol/liaison/internal/office/directory"
	"github.com/liaison-protocol/liaison/internal/office/sequencer"
	"github.com/liaison-protocol/liaison/internal/proof/envelope"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/pki"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/proof/sealed"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// StagesConfig says how stages are measured.
type StagesConfig struct {
	Each  time.Duration // about how long each stage is repeated
	Batch int           // how many filings share a commit and a checkpoint
}

// StagesResult is where the time of one filing goes.
type StagesResult struct {
	Batch    int           `json:"batch"`
	Baseline time.Duration `json:"baseline_cpu_ns"` // a bare call's, at both ends
	Stages   []StageResult `json:"stages"`
}

// StageResult is what one stage of one filing costs.
type StageResult struct {
	Name   string        `json:"name"`
	What   string        `json:"what"`
	Cost   time.Duration `json:"cost_ns"`
	Allocs float64       `json:"allocations"`
	Writer bool          `json:"writer"` // whether it is the writer's, who is one
}

// Stage is one stage of a filing, to be repeated: Run goes through it once and works on
// PerRun filings.
type Stage struct {
	Name, What string
	Writer     bool
	PerRun     int
	Run        func() error
	Prepare    func() error // before each Run, and not measured; nil for nothing
}

func runStages(ctx context.Context, c *Config, r *Report) (err error) {
	w, err := newWorkspace(ctx, c, "stages")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	f, err := w.newFiling(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.bare.stop()) }()
	result := &StagesResult{Batch: c.Stages.Batch}
	if result.Baseline, err = f.bareCost(ctx, c.Stages.Each); err != nil {
		return err
	}
	stages, err := f.stages(ctx, c.Stages.Batch)
	if err != nil {
		return err
	}
	for _, s := range stages {
		c.progress("%s", s.Name)
		measured, err := s.measure(ctx, c.Stages.Each)
		if err != nil {
			return err
		}
		result.Stages = append(result.Stages, measured)
	}
	r.Stages = result
	return nil
}

// bareCost is what a bare call takes of the processors, at 64 callers.
func (f *filing) bareCost(ctx context.Context, atLeast time.Duration) (time.Duration, error) {
	const callers = 64
	conns, closeAll, err := f.bare.dialAll(ctx, officer, callers/callersPerConnection)
	if err != nil {
		return 0, err
	}
	defer closeAll()
	l := load{conns: conns, method: bareFile, callers: callers}
	for n := 200; ; n *= 4 {
		run, err := l.drive(ctx, []*liaisonv1.FileRequestRequest{f.sample}, n)
		if err != nil || run.elapsed >= atLeast/4 {
			return run.cpu / time.Duration(n), err
		}
	}
}

// measure repeats the stage for about so long.
func (s Stage) measure(ctx context.Context, atLeast time.Duration) (StageResult, error) {
	result := StageResult{Name: s.Name, What: s.What, Writer: s.Writer}
	if _, _, err := s.time(1); err != nil { // warms up, and shows a fault before it is repeated
		return result, err
	}
	// Where nothing has to be prepared in between, many runs are timed at once.
	runs := 1
	if s.Prepare == nil {
		runs = 16
	}
	runtime.GC()
	var elapsed time.Duration
	var allocated uint64
	done := 0
	for elapsed < atLeast && ctx.Err() == nil {
		took, allocations, err := s.time(runs)
		if err != nil {
			return result, err
		}
		elapsed, allocated, done = elapsed+took, allocated+allocations, done+runs
	}
	filings := float64(done * s.PerRun)
	result.Cost = time.Duration(ratio(float64(elapsed), filings))
	result.Allocs = ratio(float64(allocated), filings)
	return result, ctx.Err()
}

// time goes through the stage a few times.
func (s Stage) time(runs int) (took time.Duration, allocations uint64, err error) {
	if s.Prepare != nil {
		if err := s.Prepare(); err != nil {
			return 0, 0, err
		}
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begin := time.Now()
	for range runs {
		if err := s.Run(); err != nil {
			return 0, 0, err
		}
	}
	took = time.Since(begin)
	runtime.ReadMemStats(&after)
	return took, after.Mallocs - before.Mallocs, nil
}

// stages are those of a filing in their order, each the real function on the real
// message. Those of a batch work on a batch and are told for one filing of it.
func (f *filing) stages(ctx context.Context, batch int) ([]Stage, error) {
	registry, directory, err := f.office(ctx)
	if err != nil {
		return nil, err
	}
	grpcServer := grpc.NewServer()
	liaisonv1.RegisterAuthorityServiceServer(grpcServer, liaisonv1.UnimplementedAuthorityServiceServer{})
	table, err := access.Build(grpcServer.GetServiceInfo(), nil)
	if err != nil {
		return nil, err
	}
	validator, err := validate.New()
	if err != nil {
		return nil, err
	}
	generator, err := newGenerator(f.signer, f.spec, f.ledgerSecret)
	if err != nil {
		return nil, err
	}
	at := time.Now().UTC().Truncate(time.Microsecond)
	here := place{seq: 1, at: at, authorityIndex: 1, platformIndex: 1}
	event, id, err := generator.event(here)
	if err != nil {
		return nil, err
	}
	opened, err := statement.Open(f.sample.GetSigned())
	if err != nil {
		return nil, err
	}
	request, err := proto.Marshal(f.sample)
	if err != nil {
		return nil, err
	}
	batches, err := newBatches(ctx, generator, f.store, batch)
	if err != nil {
		return nil, err
	}
	ministry, err := resource.ParseOrganisation(event.GetAuthority())
	if err != nil {
		return nil, err
	}
	const method = liaisonv1.AuthorityService_FileRequest_FullMethodName
	caller := lifecycle.Event{Step: lifecycle.StepFile, Role: lifecycle.Officer, Person: lifecycle.Person(generator.actor),
		Kind: lifecycle.Kind(f.spec.GetKind()), Emergency: true}
	return []Stage{
		{Name: "decode", What: "the call from its bytes", PerRun: 1, Run: func() error {
			return proto.Unmarshal(request, &liaisonv1.FileRequestRequest{})
		}},
		{Name: "access", What: "who calls, from a certificate that was seen before, and whether that role may", PerRun: 1, Run: func() error {
			found, err := registry.Identify(f.signer.Chain)
			if err != nil {
				return err
			}
			return table.Check(method, found.Role)
		}},
		{Name: "validate", What: "the contract's rules on the call", PerRun: 1, Run: func() error { return validator.Validate(f.sample) }},
		{Name: "verify: signature", What: "the envelope: certificates read, signature checked", PerRun: 1, Run: func() error {
			_, _, err := envelope.Open(f.sample.GetSigned(), envelope.StatementType)
			return err
		}},
		{Name: "verify: signer", What: "whose certificate it is, seen before, and whether it counts", PerRun: 1, Run: func() error {
			_, err := registry.SignedBy(f.signer.Chain, opened.GetSignTime().AsTime(), time.Now())
			return err
		}},
		{Name: "verify: statement", What: "what was signed decoded, and the contract's rules on it", PerRun: 1, Run: func() error {
			signed, err := statement.Decode(f.sample.GetSigned())
			if err != nil {
				return err
			}
			return validator.Validate(signed)
		}},
		{Name: "call", What: "the fingerprint that makes a repeat harmless", PerRun: 1, Run: func() error {
			_, err := sequencer.NewCall(method, f.sample.GetCall().GetCallId(), f.sample)
			return err
		}},
		{Name: "lifecycle", What: "whether the moment allows it, what the platform holds, the recipients, and the request that comes of it", Writer: true, PerRun: 1, Run: func() error {
			if _, err := lifecycle.Apply(lifecycle.Request{}, caller); err != nil {
				return err
			}
			if err := directory.CheckFiling(ministry, event.GetFiled().GetSpec()); err != nil {
				return err
			}
			if err := sealed.CheckRecipients(f.spec.GetAnswerRecipients()); err != nil {
				return err
			}
			record.Fold(nil, event)
			return nil
		}},
		{Name: "record", What: "event and request encoded, salted and hashed into a leaf", Writer: true, PerRun: 1, Run: func() error {
			_, _, err := generator.record(event, id, here)
			return err
		}},
		{Name: "ledger", What: "the leaf appended to the tree, and its proof", Writer: true, PerRun: batch, Run: batches.grow},
		{Name: "checkpoint", What: "root and signature, one a batch", Writer: true, PerRun: batch, Run: batches.sign},
		{Name: "store", What: "a durable commit of the batch", Writer: true, PerRun: batch, Run: batches.store, Prepare: batches.prepare},
		{Name: "encode", What: "the answer with its receipt to bytes", PerRun: 1, Run: func() error {
			_, err := proto.Marshal(f.bare.response)
			return err
		}},
	}, nil
}

// office is who takes part as a hub has it in memory.
func (f *filing) office(ctx context.Context) (*identity.Registry, *directory.Directory, error) {
	registry := identity.NewRegistry(time.Now)
	own, err := identity.ParseHub(example.HubDomain, pki.CertificatePEM(f.cas[example.HubDomain].Certificate), nil)
	if err != nil {
		return nil, nil, err
	}
	d, err := directory.Open(ctx, f.workspace.store, time.Now, registry, own)
	return registry, d, err
}
