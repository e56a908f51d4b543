package sqlite

// The statements that write. A list of keys travels as one JSON array, so that a
// batch of any size is one query.
const (
	selectHead = `SELECT coalesce(max(seq), 0) FROM events`

	insertRequest = `
		INSERT INTO requests (created, id, version, authority, platform, visible, state, emergency, create_time, refs, body)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)`

	// updateRequest takes the arguments of insertRequest, and finds nothing unless
	// all that never changes is as stored.
	updateRequest = `
		UPDATE requests SET version = ?3, visible = ?6, state = ?7, emergency = ?8, refs = ?10, body = ?11
		WHERE created = ?1 AND id = ?2 AND authority = ?4 AND platform = ?5 AND create_time = ?9`

	insertEvent  = `INSERT INTO events (seq, request, authority, platform, body) VALUES (?1, ?2, ?3, ?4, ?5)`
	insertAnswer = `INSERT INTO answers (seq, request, body) VALUES (?1, ?2, ?3)`
	insertCall   = `INSERT INTO calls (organisation, id, fingerprint, seq) VALUES (?1, ?2, ?3, ?4)`

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
		selectHead, insertRequest, updateRequest, insertEvent, insertAnswer, insertCall,
		selectRequestsByID, selectCallsByKey, insertParticipant, updateParticipant,
	}
}

// The statements that read one thing.
const (
	requestColumns = `r.created, r.id, r.version, r.authority, r.platform, r.visible, r.state,
		r.emergency, r.create_time, r.refs, r.body`

	selectRequest      = `SELECT ` + requestColumns + ` FROM requests AS r WHERE r.id = ?1`
	selectAnswers      = `SELECT seq, body FROM answers WHERE request = ?1 ORDER BY seq`
	selectParticipants = `SELECT name, version, body FROM participants ORDER BY name`
)

// listShape is what the text of a query for a list depends on; all else is an
// argument. There are few shapes, and each is prepared.
type listShape struct {
	platform    bool // the party is a platform, else an authority
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
)

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
	case feedOfAll:
		where += `AND ?3 IS NULL `
	}
	return `SELECT seq, request, authority, platform, body FROM events` + where + `ORDER BY seq LIMIT ?2`
}

func readStatements() []string {
	texts := []string{selectHead, selectRequest, selectAnswers, selectParticipants}
	for n := range 8 {
		texts = append(texts, requestsQuery(listShape{platform: n&1 != 0, byReference: n&2 != 0, descending: n&4 != 0}))
	}
	for _, f := range []feed{feedOfAll, feedOfAuthority, feedOfPlatform} {
		texts = append(texts, eventsQuery(f, false), eventsQuery(f, true))
	}
	return texts
}
