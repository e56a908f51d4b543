package sqlite

// The statements that write. A list of keys travels as one JSON array, so that a
// batch of any size is one query.
const (
	begin    = `BEGIN IMMEDIATE`
	commit   = `COMMIT`
	rollback = `ROLLBACK`

	insertRequest = `
		INSERT INTO requests (created, id, version, authority, platform, visible, state, emergency, create_time, refs, body, over_time, due_time, reviewer)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)`

	// updateRequest takes the arguments of insertRequest, and finds nothing unless
	// all that never changes is as stored.
	updateRequest = `
		UPDATE requests SET version = ?3, visible = ?6, state = ?7, emergency = ?8, refs = ?10, body = ?11, over_time = ?12, due_time = ?13
		WHERE created = ?1 AND id = ?2 AND authority = ?4 AND platform = ?5 AND create_time = ?9 AND reviewer IS ?14`

	// insertReference passes over a reference that a request has twice.
	insertReference = `INSERT INTO request_references (reference, request) VALUES (?1, ?2) ON CONFLICT DO NOTHING`

	insertEvent = `
		INSERT INTO events (seq, request, authority, platform, authority_index, platform_index, hashes, leaf, salt, body, reviewer, reviewer_index)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)`
	insertAnswer = `INSERT INTO answers (seq, request, body) VALUES (?1, ?2, ?3)`
	insertCall   = `INSERT INTO calls (organisation, id, fingerprint, seq) VALUES (?1, ?2, ?3, ?4)`
	countFiling  = `
		INSERT INTO filings (authority, day, platform, emergency, count) VALUES (?1, ?2, ?3, ?4, 1)
		ON CONFLICT DO UPDATE SET count = count + 1`

	putCheckpoint = `INSERT INTO checkpoint (one, note) VALUES (1, ?1) ON CONFLICT DO UPDATE SET note = excluded.note`

	// What a purge of the request ?1 by the event ?2 deletes.
	purgeCalls = `
		UPDATE calls SET fingerprint = zeroblob(32)
		WHERE seq IN (SELECT seq FROM events WHERE request = ?1 AND seq < ?2)`
	purgeAnswers = `UPDATE answers SET body = NULL WHERE request = ?1 AND seq < ?2`
	purgeEvents  = `UPDATE events SET salt = NULL, body = NULL WHERE request = ?1 AND seq < ?2`

	selectOver = `SELECT id FROM requests WHERE over_time < ?1 ORDER BY over_time LIMIT ?2`
	selectDue  = `SELECT id FROM requests WHERE due_time < ?1 ORDER BY due_time LIMIT ?2`

	// A feed's last event has its highest index.
	selectFeeds = `
		SELECT k.value, coalesce(
			(SELECT authority_index FROM events WHERE authority = k.value ORDER BY seq DESC LIMIT 1),
			(SELECT platform_index FROM events WHERE platform = k.value ORDER BY seq DESC LIMIT 1),
			(SELECT reviewer_index FROM events WHERE reviewer = k.value ORDER BY seq DESC LIMIT 1), 0)
		FROM json_each(?1) AS k`

	selectFilings = `SELECT platform, emergency, count FROM filings WHERE authority = ?1 AND day = ?2`

	// insertSelectors takes requests, and the hashes of each one after the other. One that
	// stands twice is passed over.
	insertSelectors = `
		INSERT INTO recent_selectors (hash, request)
		SELECT substr(?2, 16 * k.key + 1, 16), k.value FROM json_each(?1) AS k WHERE true ON CONFLICT DO NOTHING`
	forgetRecentSelector  = `DELETE FROM recent_selectors WHERE hash = ?1 AND request = ?2`
	forgetEarlierSelector = `DELETE FROM earlier_selectors WHERE hash = ?1 AND request = ?2`
	forgetSelector        = `DELETE FROM request_selectors WHERE hash = ?1 AND request = ?2`

	// What moves selectors inserts them in the order that the tables are kept in: the recent
	// ones all, and of the earlier ones those from one hash up to another.
	moveRecentSelectors   = `INSERT INTO earlier_selectors (hash, request) SELECT hash, request FROM recent_selectors ORDER BY hash, request`
	clearRecentSelectors  = `DELETE FROM recent_selectors`
	moveEarlierSelectors  = `INSERT INTO request_selectors (hash, request) SELECT hash, request FROM earlier_selectors WHERE hash >= ?1 AND hash < ?2 ORDER BY hash, request`
	clearEarlierSelectors = `DELETE FROM earlier_selectors WHERE hash >= ?1 AND hash < ?2`

	// selectShared tells which of some hashes any request has: seldom one, and cheap to ask.
	// It takes their places, and the hashes one after the other.
	selectShared = `
		SELECT k.value FROM json_each(?1) AS k
		WHERE EXISTS (SELECT 1 FROM request_selectors WHERE hash = substr(?2, 16 * k.value + 1, 16))
			OR EXISTS (SELECT 1 FROM earlier_selectors WHERE hash = substr(?2, 16 * k.value + 1, 16))
			OR EXISTS (SELECT 1 FROM recent_selectors WHERE hash = substr(?2, 16 * k.value + 1, 16))`

	// selectSharing takes the same, and how many requests to find for each.
	selectSharing = `
		SELECT k.value, r.id, r.created, r.visible FROM json_each(?1) AS k
		CROSS JOIN requests AS r ON r.created IN (
			SELECT request FROM (
				SELECT request FROM recent_selectors WHERE hash = substr(?2, 16 * k.value + 1, 16)
				UNION ALL SELECT request FROM earlier_selectors WHERE hash = substr(?2, 16 * k.value + 1, 16)
				UNION ALL SELECT request FROM request_selectors WHERE hash = substr(?2, 16 * k.value + 1, 16))
			ORDER BY request DESC LIMIT ?3)`

	selectRequestsByID = `
		SELECT ` + requestColumns + ` FROM json_each(?1) AS k
		CROSS JOIN requests AS r ON r.id = unhex(k.value)`

	selectCallsByKey = `
		SELECT c.organisation, c.id, c.fingerprint, c.seq FROM json_each(?1) AS k
		CROSS JOIN calls AS c ON c.organisation = k.value ->> 0 AND c.id = unhex(k.value ->> 1)`

	insertParticipant = `INSERT INTO participants (name, version, body) VALUES (?1, 1, ?2) ON CONFLICT DO NOTHING`
	updateParticipant = `UPDATE participants SET version = version + 1, body = ?2 WHERE name = ?1 AND version = ?3`
)

func writeStatements() []string {
	return []string{
		begin, commit, rollback, selectHead, insertRequest, updateRequest, insertReference, insertEvent, insertAnswer, insertCall,
		putCheckpoint, purgeCalls, purgeAnswers, purgeEvents, selectOver, selectDue, selectFeeds, selectHashes, countFiling, selectFilings,
		insertSelectors, forgetSelector, forgetRecentSelector, forgetEarlierSelector, selectShared, selectSharing,
		moveRecentSelectors, clearRecentSelectors, moveEarlierSelectors, clearEarlierSelectors,
		selectRequestsByID, selectCallsByKey, insertParticipant, updateParticipant,
	}
}

// The statements that read one thing.
const (
	requestColumns = `r.created, r.id, r.version, r.authority, r.platform, r.visible, r.state,
		r.emergency, r.create_time, r.refs, r.body, r.over_time, r.due_time, r.reviewer`

	selectRequest      = `SELECT ` + requestColumns + ` FROM requests AS r WHERE r.id = ?1`
	selectHead         = `SELECT e.seq, (SELECT note FROM checkpoint WHERE one = 1), e.leaf FROM events AS e WHERE e.seq = (SELECT max(seq) FROM events)`
	selectHashes       = `SELECT e.seq, e.hashes FROM json_each(?1) AS k CROSS JOIN events AS e ON e.seq = k.value`
	selectParticipants = `SELECT name, version, body FROM participants ORDER BY name`
)

// listShape is what the text of a query for a list depends on; all else is an
// argument. There are few shapes, and each is prepared.
type listShape struct {
	platform    bool // the party is a platform
	reviewer    bool // the party is a reviewer, else, if it is no platform either, an authority
	byReference bool
	descending  bool
}

// requestsQuery walks one index in order: the party's, or the reference's.
// Arguments: party, counterparty, states, emergency, from, before, after, limit,
// reference; those that are NULL hold always.
func requestsQuery(s listShape) string {
	from, party := `requests AS r`, `r.authority = ?1 AND (?2 IS NULL OR r.platform = ?2)`
	if s.platform {
		party = `r.platform = ?1 AND r.visible = 1 AND (?2 IS NULL OR r.authority = ?2)`
	}
	if s.reviewer {
		party = `r.reviewer = ?1 AND r.visible = 1 AND (?2 IS NULL OR r.authority = ?2 OR r.platform = ?2)`
	}
	order, reference := `r.created`, `?9 IS NULL`
	if s.byReference {
		from = `request_references AS f CROSS JOIN requests AS r ON r.created = f.request`
		order, reference = `f.request`, `f.reference = ?9`
	}
	after, direction := ` > ?7`, ` ASC`
	if s.descending {
		after, direction = ` < ?7`, ` DESC`
	}
	return `SELECT ` + requestColumns + ` FROM ` + from +
		` WHERE ` + reference + ` AND ` + party + ` AND ` + order + after + `
		AND (?3 IS NULL OR r.state IN (SELECT value FROM json_each(?3)))
		AND (?4 IS NULL OR r.emergency = ?4)
		AND (?5 IS NULL OR r.create_time >= ?5)
		AND (?6 IS NULL OR r.create_time < ?6)
		ORDER BY ` + order + direction + ` LIMIT ?8`
}

// feed is what limits a query for events to a party.
type feed int

const (
	feedOfAll feed = iota
	feedOfAuthority
	feedOfPlatform
	feedOfReviewer
)

// eventColumns are an event's, and the enclosed answer's where one is asked for.
const eventColumns = `e.seq, e.request, e.authority, e.platform, e.authority_index, e.platform_index, e.hashes, e.leaf, e.salt, e.body, e.reviewer, e.reviewer_index`

// selectEnclosing selects the events of one request that answers were enclosed with.
// Arguments: after, limit, party, request.
const selectEnclosing = `
	SELECT ` + eventColumns + `, a.body FROM answers AS a CROSS JOIN events AS e ON e.seq = a.seq
	WHERE a.request = ?4 AND a.seq > ?1 AND (?3 IS NULL OR e.authority = ?3 OR e.platform = ?3 OR e.reviewer = ?3)
	ORDER BY a.seq LIMIT ?2`

// eventsQuery takes the arguments after, limit, party, request. The unary plus
// keeps a request's few events from being sought in a party's many.
func eventsQuery(f feed, ofRequest bool) string {
	where, sign := ` WHERE seq > ?1 `, ``
	if ofRequest {
		where, sign = where+`AND request = ?4 `, `+`
	} else {
		where += `AND ?4 IS NULL `
	}
	switch f {
	case feedOfAuthority:
		where += `AND ` + sign + `authority = ?3 `
	case feedOfPlatform:
		where += `AND ` + sign + `platform = ?3 `
	case feedOfReviewer:
		where += `AND ` + sign + `reviewer = ?3 `
	case feedOfAll:
		where += `AND ?3 IS NULL `
	}
	return `SELECT ` + eventColumns + `, NULL FROM events AS e` + where + `ORDER BY seq LIMIT ?2`
}

func readStatements() []string {
	texts := []string{selectHead, selectRequest, selectHashes, selectEnclosing, selectParticipants}
	for n := range 12 {
		texts = append(texts, requestsQuery(listShape{platform: n%3 == 1, reviewer: n%3 == 2, byReference: n/3&1 != 0, descending: n/3&2 != 0}))
	}
	for _, f := range []feed{feedOfAll, feedOfAuthority, feedOfPlatform, feedOfReviewer} {
		texts = append(texts, eventsQuery(f, false), eventsQuery(f, true))
	}
	return texts
}
