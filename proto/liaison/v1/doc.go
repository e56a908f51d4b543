// Package liaisonv1 is the contract in Go: the messages, the services' clients and servers,
// and the options that say which rules a message keeps and who may call a method. It is
// generated from the .proto files beside it by `make generate`; their comments are its
// documentation. Whoever takes part uses package client, which checks what a hub says;
// the clients here believe everything.
package liaisonv1
