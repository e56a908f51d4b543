-- +goose Up

-- How many requests an authority has filed with a platform on a day (of UTC, since 1970),
-- where a quota has them counted.
CREATE TABLE filings (
    authority text    NOT NULL,
    day       bigint  NOT NULL,
    platform  text    NOT NULL,
    emergency boolean NOT NULL,
    count     bigint  NOT NULL CHECK (count > 0),
    PRIMARY KEY (authority, day, platform, emergency)
);

-- The keyed hashes of what requests denote, by which one is found that asks the same again.
CREATE TABLE request_selectors (
    hash    bytea  NOT NULL CHECK (length(hash) = 16),
    request bigint NOT NULL,
    PRIMARY KEY (hash, request)
);
CREATE INDEX request_selectors_of ON request_selectors (request);
