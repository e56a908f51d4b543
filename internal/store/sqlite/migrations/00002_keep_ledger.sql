-- The ledger: each event has its leaf, and the hashes that the leaf completes. An event
-- that was recorded without a leaf cannot get one afterwards, since nobody could tell
-- what it said then.

-- +goose Up

CREATE TABLE ledger_begins_empty (
    events INTEGER NOT NULL CONSTRAINT an_archive_from_before_the_ledger_cannot_be_taken_over CHECK (events = 0)
);
INSERT INTO ledger_begins_empty SELECT count(*) FROM events;
DROP TABLE ledger_begins_empty;

DROP TABLE calls;
DROP TABLE answers;
DROP TABLE events;

-- What is short stands first: to read it, nothing of a body has to be read. salt and
-- body are NULL once the request was purged; nothing else ever changes.
CREATE TABLE events (
    seq             INTEGER PRIMARY KEY CHECK (seq > 0),
    request         BLOB    NOT NULL REFERENCES requests (id),
    authority       TEXT    NOT NULL,
    platform        TEXT,
    authority_index INTEGER NOT NULL CHECK (authority_index > 0),
    platform_index  INTEGER NOT NULL CHECK ((platform_index = 0) = (platform IS NULL)),
    hashes          BLOB    NOT NULL CHECK (length(hashes) > 0 AND length(hashes) % 32 = 0),
    leaf            TEXT    NOT NULL,
    salt            BLOB,
    body            BLOB
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
    OR NEW.platform IS NOT OLD.platform OR NEW.authority_index <> OLD.authority_index
    OR NEW.platform_index <> OLD.platform_index OR NEW.hashes <> OLD.hashes OR NEW.leaf <> OLD.leaf
    OR NEW.salt IS NOT NULL OR NEW.body IS NOT NULL BEGIN
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

-- The calls that led to events, so that a repeat does nothing. A purge leaves zeros of
-- the fingerprint: guesses at what was called could be tested against it.
CREATE TABLE calls (
    organisation TEXT    NOT NULL,
    id           BLOB    NOT NULL CHECK (length(id) = 16),
    fingerprint  BLOB    NOT NULL CHECK (length(fingerprint) = 32),
    seq          INTEGER NOT NULL UNIQUE REFERENCES events (seq),
    PRIMARY KEY (organisation, id)
) STRICT, WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER calls_stay BEFORE DELETE ON calls BEGIN
    SELECT RAISE(ABORT, 'a call stays');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER calls_never_change BEFORE UPDATE ON calls
WHEN NEW.organisation <> OLD.organisation OR NEW.id <> OLD.id OR NEW.seq <> OLD.seq
    OR NEW.fingerprint <> zeroblob(32) BEGIN
    SELECT RAISE(ABORT, 'a call never changes');
END;
-- +goose StatementEnd

-- The newest checkpoint.
CREATE TABLE checkpoint (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    note BLOB NOT NULL
) STRICT;

-- Since when a request is over and waits to be purged; NULL if it does not.
ALTER TABLE requests ADD COLUMN over_time INTEGER;
CREATE INDEX requests_over ON requests (over_time) WHERE over_time IS NOT NULL;
