package postgres

// The statements that write. A batch of rows travels as one array a column, so that a
// batch of any size is one statement.
const (
	// beginBatch is how every batch begins: each of its statements sees what was
	// committed before it, and so, once the head's row is locked, all that there is.
	beginBatch = `BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE`

	lockHead = `SELECT seq, checkpoint, leaf FROM head WHERE one = 1 FOR UPDATE`
	moveHead = `UPDATE head SET seq = $1, checkpoint = $2, leaf = $3 WHERE one = 1`
	notify   = `SELECT pg_notify('` + channel + `', '')`

	insertRequests = `
		INSERT INTO requests (created, id, version, authority, platform, visible, state, emergency, create_time, refs, body, over_time, due_time, reviewer)
		SELECT * FROM ` + givenRequests

	// updateRequest takes the arguments of insertRequests, of one request, and finds nothing
	// unless all that never changes is as stored.
	updateRequest = `
		UPDATE requests SET version = $3, visible = $6, state = $7, emergency = $8, refs = $10, body = $11, over_time = $12, due_time = $13
		WHERE created = $1 AND id = $2 AND authority = $4 AND platform = $5 AND create_time = $9
			AND reviewer IS NOT DISTINCT FROM $14`

	givenRequests = `unnest($1::bigint[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::boolean[], $7::integer[],
			$8::boolean[], $9::bigint[], $10::text[], $11::bytea[], $12::bigint[], $13::bigint[], $14::text[])
			AS n (created, id, version, authority, platform, visible, state, emergency, create_time, refs, body, over_time, due_time, reviewer)`

	forgetReference  = `DELETE FROM request_references WHERE reference = $1 AND request = $2`
	insertReferences = `INSERT INTO request_references (reference, request) SELECT * FROM unnest($1::text[], $2::bigint[])`

	insertEvents = `
		INSERT INTO events (seq, request, authority, platform, authority_index, platform_index, hashes, leaf, salt, body, reviewer, reviewer_index)
		SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bytea[], $8::text[], $9::bytea[], $10::bytea[],
			$11::text[], $12::bigint[])`
	insertAnswers = `INSERT INTO answers (seq, request, body) SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::bytea[])`
	insertCalls   = `INSERT INTO calls (organisation, id, fingerprint, seq) SELECT * FROM unnest($1::text[], $2::uuid[], $3::bytea[], $4::bigint[])`
	countFilings  = `
		INSERT INTO filings (authority, day, platform, emergency, count)
		SELECT authority, day, platform, emergency, count(*)
		FROM unnest($1::text[], $2::bigint[], $3::text[], $4::boolean[]) AS n (authority, day, platform, emergency)
		GROUP BY authority, day, platform, emergency
		ON CONFLICT (authority, day, platform, emergency) DO UPDATE SET count = filings.count + excluded.count`
	insertSelectors = `INSERT INTO request_selectors (hash, request) SELECT * FROM unnest($1::bytea[], $2::bigint[])`
	forgetSelector  = `DELETE FROM request_selectors WHERE hash = $1 AND request = $2`

	// What a purge of the request $1 by the event $2 deletes.
	purgeCalls = `
		UPDATE calls SET fingerprint = $3
		WHERE seq IN (SELECT seq FROM events WHERE request = $1 AND seq < $2)`
	purgeAnswers = `UPDATE answers SET body = NULL WHERE request = $1 AND seq < $2`
	purgeEvents  = `UPDATE events SET salt = NULL, body = NULL WHERE request = $1 AND seq < $2`

	selectOver = `SELECT id FROM requests WHERE over_time < $1 ORDER BY over_time, created LIMIT $2`
	selectDue  = `SELECT id FROM requests WHERE due_time < $1 ORDER BY due_time, created LIMIT $2`

	// A feed's last event has its highest index.
	selectFeeds = `
		SELECT k.name, coalesce(
			(SELECT authority_index FROM events WHERE authority = k.name ORDER BY seq DESC LIMIT 1),
			(SELECT platform_index FROM events WHERE platform = k.name ORDER BY seq DESC LIMIT 1),
			(SELECT reviewer_index FROM events WHERE reviewer = k.name ORDER BY seq DESC LIMIT 1), 0)
		FROM unnest($1::text[]) AS k (name)`

	selectFilings = `SELECT platform, emergency, count FROM filings WHERE authority = $1 AND day = $2`

	// Many look-ups are one statement, of which the plan is made while the tables are small,
	// and kept: one that reads a whole table seems as good then, and is worse by the minute.
	// So each is written as a look for each key, of so few rows that the index is better in
	// the smallest table.
	selectSharing = `
		SELECT k.hash, r.id, r.created, r.visible FROM unnest($1::bytea[]) AS k (hash)
		CROSS JOIN LATERAL (SELECT request FROM request_selectors WHERE hash = k.hash ORDER BY request DESC LIMIT $2) AS s
		JOIN requests AS r ON r.created = s.request
		ORDER BY r.created DESC`

	selectRequestsByID = `
		SELECT r.* FROM unnest($1::uuid[]) AS k (id)
		CROSS JOIN LATERAL (SELECT ` + requestColumns + ` FROM requests AS r WHERE r.id = k.id ORDER BY r.id LIMIT 1) AS r`

	selectCallsByKey = `
		SELECT c.* FROM unnest($1::text[], $2::uuid[]) AS k (organisation, id)
		CROSS JOIN LATERAL (
			SELECT c.organisation, c.id, c.fingerprint, c.seq FROM calls AS c
			WHERE c.organisation = k.organisation AND c.id = k.id ORDER BY c.organisation, c.id LIMIT 1) AS c`

	insertParticipant = `INSERT INTO participants (name, version, body) VALUES ($1, 1, $2) ON CONFLICT DO NOTHING`
	updateParticipant = `UPDATE participants SET version = version + 1, body = $2 WHERE name = $1 AND version = $3`

	// What tells whether a batch was stored whose commit was not acknowledged: a leaf has
	// the digest of random bytes, and an entry's version only ever grows.
	selectLeaf        = `SELECT leaf FROM events WHERE seq = $1`
	selectParticipant = `SELECT version, body FROM participants WHERE name = $1`
)

// The statements that read.
const (
	requestColumns = `r.created, r.id, r.version, r.authority, r.platform, r.visible, r.state,
		r.emergency, r.create_time, r.refs, r.body, r.over_time, r.due_time, r.reviewer`
	eventColumns = `e.seq, e.request, e.authority, e.platform, e.authority_index, e.platform_index, e.hashes, e.leaf, e.salt, e.body, e.reviewer, e.reviewer_index`

	selectRequest = `SELECT ` + requestColumns + ` FROM requests AS r WHERE r.id = $1`
	selectHead    = `SELECT seq, checkpoint, leaf FROM head WHERE one = 1`
	selectHashes  = `
		SELECT e.seq, e.hashes FROM unnest($1::bigint[]) AS k (seq)
		CROSS JOIN LATERAL (SELECT seq, hashes FROM events WHERE seq = k.seq ORDER BY seq LIMIT 1) AS e`
	selectParticipants = `SELECT name, version, body FROM participants`

	// selectGrown names the feeds that have grown since an event.
	selectGrown = `SELECT authority, platform, reviewer, max(seq) FROM events WHERE seq > $1 GROUP BY authority, platform, reviewer`
)
