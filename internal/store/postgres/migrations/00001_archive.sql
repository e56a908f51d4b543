-- Plain tables and indexes: nothing that an engine which speaks PostgreSQL's protocol
-- and is spread over machines would lack. What SQLite's triggers guard, the one writer
-- and its checks guard here. Times are microseconds since 1970, UTC. A body that is
-- NULL was purged; nothing else of a row ever goes.

-- +goose Up

-- Where the archive stands. Whoever writes locks this row first, so that batches
-- commit one after the other, from whichever hub they come.
CREATE TABLE head (
    one        integer PRIMARY KEY CHECK (one = 1),
    seq        bigint  NOT NULL CHECK (seq >= 0),
    checkpoint bytea,
    leaf       text    NOT NULL
);
INSERT INTO head (one, seq, checkpoint, leaf) VALUES (1, 0, NULL, '');

-- One row a request: its state after its last event. refs is a JSON array.
CREATE TABLE requests (
    created     bigint  PRIMARY KEY CHECK (created > 0),
    id          uuid    NOT NULL UNIQUE,
    version     bigint  NOT NULL CHECK (version >= created),
    authority   text    NOT NULL,
    platform    text    NOT NULL,
    visible     boolean NOT NULL,
    state       integer NOT NULL,
    emergency   boolean NOT NULL,
    create_time bigint  NOT NULL,
    refs        text    NOT NULL,
    body        bytea,
    over_time   bigint
);

-- A party's list, in order of creation, and what waits to be purged.
CREATE INDEX requests_of_authority ON requests (authority, created);
CREATE INDEX requests_of_platform ON requests (platform, created) WHERE visible;
CREATE INDEX requests_over ON requests (over_time) WHERE over_time IS NOT NULL;

-- Finds requests by any of their references.
CREATE TABLE request_references (
    reference text   NOT NULL,
    request   bigint NOT NULL,
    PRIMARY KEY (reference, request)
);

-- One row an event. platform is NULL where the platform may not see it.
CREATE TABLE events (
    seq             bigint PRIMARY KEY CHECK (seq > 0),
    request         uuid   NOT NULL,
    authority       text   NOT NULL,
    platform        text,
    authority_index bigint NOT NULL CHECK (authority_index > 0),
    platform_index  bigint NOT NULL CHECK ((platform_index = 0) = (platform IS NULL)),
    hashes          bytea  NOT NULL CHECK (length(hashes) > 0 AND length(hashes) % 32 = 0),
    leaf            text   NOT NULL,
    salt            bytea,
    body            bytea
);

-- The feeds, and a request's history.
CREATE INDEX events_of_authority ON events (authority, seq);
CREATE INDEX events_of_platform ON events (platform, seq) WHERE platform IS NOT NULL;
CREATE INDEX events_of_request ON events (request, seq);

-- The answer that came with an event.
CREATE TABLE answers (
    seq     bigint PRIMARY KEY,
    request uuid   NOT NULL,
    body    bytea
);

CREATE INDEX answers_of_request ON answers (request, seq);

-- The calls that led to events, so that a repeat does nothing. A purge leaves zeros of
-- the fingerprint: guesses at what was called could be tested against it.
CREATE TABLE calls (
    organisation text   NOT NULL,
    id           uuid   NOT NULL,
    fingerprint  bytea  NOT NULL CHECK (length(fingerprint) = 32),
    seq          bigint NOT NULL UNIQUE,
    PRIMARY KEY (organisation, id)
);

-- The directory.
CREATE TABLE participants (
    name    text   PRIMARY KEY,
    version bigint NOT NULL CHECK (version > 0),
    body    bytea  NOT NULL
);
