-- What nobody searches for moves into the person document: fewer columns to
-- write and to read. When a registration last changed, events tell.

UPDATE registrants SET person = substr(person, 1, length(person) - 1)
    || ',"pin":' || pin
    || CASE WHEN link_version = 0 THEN '' ELSE ',"link_version":' || link_version END
    || '}';

ALTER TABLE registrants DROP COLUMN pin;
ALTER TABLE registrants DROP COLUMN link_version;
ALTER TABLE registrants DROP COLUMN updated_at;

-- grows with every change of a meeting's people, so that what was read of them
-- once can be known to be as it was
ALTER TABLE tallies ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
