// Package client is Liaison's SDK: what a platform or an authority builds on to
// take part.
//
// # A platform
//
// The whole integration is one function. A PlatformWorker watches the inbox,
// acknowledges what comes, hands each request to the function, and gives back to
// the authority what the function returns: an answer or a part of one, a question,
// an objection, a refusal. It goes on where it stopped after any fault, of its own,
// of the network or of the hub, and never takes a step twice.
//
//	conn, err := profile.Dial("profiles/agent")
//	...
//	worker, err := client.NewPlatformWorker(conn, func(ctx context.Context, r *client.Request) (client.Response, error) {
//		return client.Answer(client.NoneProtected(), lookUp(r)...), nil
//	})
//	...
//	err = worker.Run(ctx)
//
// # An authority
//
// An Authority files requests, waits for what becomes of them and reads the
// answers. Approving is another person's work, with another certificate.
//
// # What holds everywhere
//
// Connections are TLS 1.3 with both sides' certificates, which are read again when
// their files change. Every step carries an identifier that makes retries safe, and
// what a broken connection leaves open is retried by itself. What the contract's
// rules or a request's own scope forbid is refused before it is sent. Errors are
// of type *Error, name what is wrong, and never quote what was sent.
package client
