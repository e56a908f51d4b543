-- +goose Up

-- An independent body that reviews a request reads it and its events, in a feed of its own;
-- NULL where a request has none, or its reviewer may not see an event.
ALTER TABLE requests ADD COLUMN reviewer text;
CREATE INDEX requests_of_reviewer ON requests (reviewer, created) WHERE reviewer IS NOT NULL AND visible;

ALTER TABLE events ADD COLUMN reviewer text;
ALTER TABLE events ADD COLUMN reviewer_index bigint NOT NULL DEFAULT 0;
ALTER TABLE events ADD CONSTRAINT events_reviewer_index CHECK ((reviewer_index = 0) = (reviewer IS NULL));
CREATE INDEX events_of_reviewer ON events (reviewer, seq) WHERE reviewer IS NOT NULL;
