// Package client is Liaison's SDK: what a platform, an authority or an oversight body
// builds on to take part.
//
// # What to use
//
// Dial connects with a certificate, the hub's key and the organisations that are trusted;
// profile.Dial of package client/profile reads them from the folder that the command
// keeps. What is used next follows from who one is:
//
//   - A platform writes one function, a Handler, and gives it to NewPlatformWorker.
//     Conn.Platform is for taking single steps by hand.
//   - An authority uses Conn.Authority: File, Await, Open. Approving is another person's
//     work, with another certificate.
//   - A reviewer uses Conn.Reviewer, an auditor Conn.Auditor, and everybody Conn.Ledger,
//     to read the whole ledger, and Conn.Report, for the public's figures.
//   - Conn.Unverified is for generated stubs. Nothing that comes from there is checked.
//
// Tests use package client/liaisontest, which starts a hub with everybody who takes part.
//
// # A platform
//
// The worker watches the inbox, acknowledges what comes, hands each request to the
// function, and gives back to the authority what the function returns: an answer or a part
// of one, a question, an objection, a refusal. It goes on where it stopped after any fault,
// of its own, of the network or of the hub, and never takes a step twice.
//
//	conn, err := profile.Dial("profiles/agent")
//	...
//	worker, err := client.NewPlatformWorker(conn, func(ctx context.Context, r *client.Request) (client.Response, error) {
//		return client.Answer(client.NoneProtected(), lookUp(r)...), nil
//	})
//	...
//	err = worker.Run(ctx)
//
// # Errors
//
// There are three kinds, and none quotes what was sent. They may be wrapped: use errors.As
// and errors.Is.
//
//   - *Distrust: what the hub or the other side said does not hold, as this side found out
//     by itself. It is the one that matters most, and it is no *Error. Do not try again and
//     do not act on what was read: stop, keep the folder of WithLedgerDir, and tell a person.
//     errors.Is tells ErrForked, ErrSignature and the other kinds apart.
//   - *Error: a call failed. Its Reason, or errors.Is with ErrNotFound, ErrETagMismatch and
//     the like, says why; Violations name the fields to mend. If Retryable, the same call
//     may succeed later, after RetryAfter; this package has tried again by itself already
//     where that is safe. Otherwise something has to change first: the call, the request's
//     state, or who calls.
//   - Everything else was found before anybody was called: an option or a file is missing
//     or wrong. ErrNoHubKey, ErrNoAnswerKeys, ErrNoRecipients and ErrNoDocument are the
//     ones to tell apart; their text says what to do. ErrChanged is none that a call
//     returns, but the cause for which a Handler's context ends.
//
// A step that ends with an error may have been taken all the same, if the connection broke
// or the context ended. Repeat it with the same WithCallID to find out: it is taken once.
//
// # What holds everywhere
//
// Connections are TLS 1.3 with both sides' certificates, which are read again when their
// files change. Every step carries an identifier that makes retries safe. What the
// contract's rules or a request's own scope forbid is refused before it is sent. Requests
// and events that are returned were verified, except by Unverified, lists, the auditor's
// figures and the report, whose comments say what stands for them.
package client
