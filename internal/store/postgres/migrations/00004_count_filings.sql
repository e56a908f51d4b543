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
