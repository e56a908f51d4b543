-- +goose Up

-- How many requests an authority has filed with a platform on a day (of UTC, since 1970),
-- where a quota has them counted.
CREATE TABLE filings (
    authority TEXT    NOT NULL,
    day       INTEGER NOT NULL,
    platform  TEXT    NOT NULL,
    emergency INTEGER NOT NULL CHECK (emergency IN (0, 1)),
    count     INTEGER NOT NULL CHECK (count > 0),
    PRIMARY KEY (authority, day, platform, emergency)
) STRICT, WITHOUT ROWID;

-- The keyed hashes of what requests denote, by which one is found that asks the same again.
CREATE TABLE request_selectors (
    hash    BLOB    NOT NULL CHECK (length(hash) = 16),
    request INTEGER NOT NULL REFERENCES requests (created),
    PRIMARY KEY (hash, request)
) STRICT, WITHOUT ROWID;
CREATE INDEX request_selectors_of ON request_selectors (request);
