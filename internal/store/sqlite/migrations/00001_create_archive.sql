-- Sequence numbers are rowids, so that every index below ends in the order of
-- events by itself. Times are microseconds since 1970, UTC. A body that is NULL
-- was purged; nothing else of a row ever goes.

-- +goose Up

-- One row a request: its state after its last event. refs is a JSON array.
CREATE TABLE requests (
    created     INTEGER PRIMARY KEY CHECK (created > 0),
    id          BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    version     INTEGER NOT NULL CHECK (version >= created),
    authority   TEXT    NOT NULL,
    platform    TEXT    NOT NULL,
    visible     INTEGER NOT NULL CHECK (visible IN (0, 1)),
    state       INTEGER NOT NULL,
    emergency   INTEGER NOT NULL CHECK (emergency IN (0, 1)),
    create_time INTEGER NOT NULL,
    refs        TEXT    NOT NULL,
    body        BLOB
) STRICT;

-- A party's list, in order of creation.
CREATE INDEX requests_of_authority ON requests (authority);
CREATE INDEX requests_of_platform ON requests (platform) WHERE visible = 1;

-- Finds requests by any of their references. The triggers below keep it equal to
-- requests.refs.
CREATE TABLE request_references (
    reference TEXT    NOT NULL,
    request   INTEGER NOT NULL,
    PRIMARY KEY (reference, request)
) STRICT, WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER requests_refer AFTER INSERT ON requests WHEN NEW.refs <> '[]' BEGIN
    INSERT INTO request_references SELECT DISTINCT value, NEW.created FROM json_each(NEW.refs);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER requests_refer_anew AFTER UPDATE OF refs ON requests WHEN NEW.refs <> OLD.refs BEGIN
    DELETE FROM request_references WHERE request = OLD.created AND reference IN (SELECT value FROM json_each(OLD.refs));
    INSERT INTO request_references SELECT DISTINCT value, NEW.created FROM json_each(NEW.refs);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER requests_keep_their_identity BEFORE UPDATE ON requests
WHEN NEW.created <> OLD.created OR NEW.id <> OLD.id OR NEW.authority <> OLD.authority
    OR NEW.platform <> OLD.platform OR NEW.create_time <> OLD.create_time BEGIN
    SELECT RAISE(ABORT, 'a request keeps its identity');
END;
-- +goose StatementEnd

-- One row an event. platform is NULL where the platform may not see it.
CREATE TABLE events (
    seq       INTEGER PRIMARY KEY CHECK (seq > 0),
    request   BLOB    NOT NULL REFERENCES requests (id),
    authority TEXT    NOT NULL,
    platform  TEXT,
    body      BLOB
) STRICT;

-- The feeds, and a request's history.
CREATE INDEX events_of_authority ON events (authority);
CREATE INDEX events_of_platform ON events (platform) WHERE platform IS NOT NULL;
CREATE INDEX events_of_request ON events (request);

-- +goose StatementBegin
CREATE TRIGGER events_stay BEFORE DELETE ON events BEGIN
    SELECT RAISE(ABORT, 'an event stays');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER events_never_change BEFORE UPDATE ON events
WHEN NEW.seq <> OLD.seq OR NEW.request <> OLD.request OR NEW.authority <> OLD.authority
    OR NEW.platform IS NOT OLD.platform OR NEW.body IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'an event never changes');
END;
-- +goose StatementEnd

-- The answer that came with an event.
CREATE TABLE answers (
    seq     INTEGER PRIMARY KEY REFERENCES events (seq),
    request BLOB    NOT NULL,
    body    BLOB
) STRICT;

CREATE INDEX answers_of_request ON answers (request);

-- +goose StatementBegin
CREATE TRIGGER answers_stay BEFORE DELETE ON answers BEGIN
    SELECT RAISE(ABORT, 'an answer stays');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER answers_never_change BEFORE UPDATE ON answers
WHEN NEW.seq <> OLD.seq OR NEW.request <> OLD.request OR NEW.body IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'an answer never changes');
END;
-- +goose StatementEnd

-- The calls that led to events, so that a repeat does nothing.
CREATE TABLE calls (
    organisation TEXT    NOT NULL,
    id           BLOB    NOT NULL CHECK (length(id) = 16),
    fingerprint  BLOB    NOT NULL CHECK (length(fingerprint) = 32),
    seq          INTEGER NOT NULL REFERENCES events (seq),
    PRIMARY KEY (organisation, id)
) STRICT, WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER calls_stay BEFORE DELETE ON calls BEGIN
    SELECT RAISE(ABORT, 'a call stays');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER calls_never_change BEFORE UPDATE ON calls BEGIN
    SELECT RAISE(ABORT, 'a call never changes');
END;
-- +goose StatementEnd

-- The directory.
CREATE TABLE participants (
    name    TEXT    NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL CHECK (version > 0),
    body    BLOB    NOT NULL
) STRICT, WITHOUT ROWID;
