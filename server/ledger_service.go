package server

import (
	"context"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

var _ liaisonv1.LedgerServiceServer = (*ledgerService)(nil)

// ledgerService shows every participant the ledger's hashes.
type ledgerService struct {
	// A method of the contract that is not served here does not compile.
	liaisonv1.UnsafeLedgerServiceServer

	server *Server
}

// defaultLeafPage is how many leaf hashes are returned where the caller says nothing.
const defaultLeafPage = 1000

// GetCheckpoint implements the contract.
func (l *ledgerService) GetCheckpoint(ctx context.Context, _ *liaisonv1.GetCheckpointRequest) (*liaisonv1.GetCheckpointResponse, error) {
	_, checkpoint, err := l.server.archive.Checkpoint(ctx)
	return &liaisonv1.GetCheckpointResponse{
		Checkpoint:          string(checkpoint),
		WitnessedCheckpoint: string(l.server.witnessed.current()),
		VerifierKey:         l.server.ledgerKey,
	}, err
}

// GetInclusionProof implements the contract.
func (l *ledgerService) GetInclusionProof(ctx context.Context, in *liaisonv1.GetInclusionProofRequest) (*liaisonv1.GetInclusionProofResponse, error) {
	leaf, proof, size, err := l.server.archive.ProveInclusion(ctx, resource.Seq(in.GetSequence()), resource.Seq(in.GetTreeSize()))
	if err != nil {
		return nil, err
	}
	return &liaisonv1.GetInclusionProofResponse{LeafHash: leaf[:], Hashes: ledger.Bytes(proof), TreeSize: uint64(size)}, nil
}

// GetConsistencyProof implements the contract.
func (l *ledgerService) GetConsistencyProof(ctx context.Context, in *liaisonv1.GetConsistencyProofRequest) (*liaisonv1.GetConsistencyProofResponse, error) {
	proof, size, err := l.server.archive.ProveConsistency(ctx, resource.Seq(in.GetFromSize()), resource.Seq(in.GetToSize()))
	if err != nil {
		return nil, err
	}
	edge, err := l.server.archive.Edge(ctx, size)
	if err != nil {
		return nil, err
	}
	return &liaisonv1.GetConsistencyProofResponse{Hashes: ledger.Bytes(proof), ToSize: uint64(size), Edge: ledger.Bytes(edge)}, nil
}

// ListLeafHashes implements the contract.
func (l *ledgerService) ListLeafHashes(ctx context.Context, in *liaisonv1.ListLeafHashesRequest) (*liaisonv1.ListLeafHashesResponse, error) {
	limit := int(in.GetPageSize())
	if limit == 0 {
		limit = defaultLeafPage
	}
	hashes, more, err := l.server.archive.LeafHashes(ctx, resource.Seq(in.GetAfterSequence()), limit)
	return &liaisonv1.ListLeafHashesResponse{Hashes: ledger.Bytes(hashes), More: more}, err
}
