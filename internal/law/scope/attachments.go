package scope

import liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"

// Documents returns the documents that a request names: its evidence, and the signed
// order.
func Documents(spec *liaisonv1.RequestSpec) []*liaisonv1.Document {
	documents := append([]*liaisonv1.Document(nil), spec.GetIncident().GetEvidence()...)
	if order := spec.GetLegalBasis().GetSignedOrder(); order != nil {
		documents = append(documents, order)
	}
	return documents
}

// Attachments returns the sealed files that a request lists.
func Attachments(spec *liaisonv1.RequestSpec) []*liaisonv1.SealedFile {
	var files []*liaisonv1.SealedFile
	for _, document := range Documents(spec) {
		if file := document.GetSealed(); file != nil {
			files = append(files, file)
		}
	}
	return files
}
