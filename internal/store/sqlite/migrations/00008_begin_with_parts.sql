-- +goose Up

-- From here on the bodies of events have parts. Of events from before no hub can make what
-- is read or checked now, so that an archive which has some is refused before it comes here;
-- this holds it where another process wrote some meanwhile. The table stays: it marks that
-- the archive began empty.
CREATE TABLE begins_with_parts (
    earlier_events INTEGER NOT NULL CHECK (earlier_events = 0)
) STRICT;
INSERT INTO begins_with_parts SELECT count(*) FROM events;
