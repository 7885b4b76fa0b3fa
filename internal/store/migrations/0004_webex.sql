-- What a meeting has that only the Webex dialect knows, as JSON.
ALTER TABLE meetings ADD COLUMN kept TEXT NOT NULL DEFAULT '{}';

-- One date of a series that a host ended.
ALTER TABLE occurrences ADD COLUMN ended BOOLEAN NOT NULL DEFAULT FALSE;

-- by which an integration finds its meetings; the list of one meeting's is in kept
CREATE TABLE integration_tags (
    meeting_id BIGINT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    tag        TEXT NOT NULL,
    PRIMARY KEY (meeting_id, tag)
);

-- people whom a host invites, as the Webex dialect has them; number is the part
-- of the id that is the invitee's own
CREATE TABLE invitees (
    meeting_id   BIGINT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    number       BIGINT NOT NULL,
    email        TEXT NOT NULL,
    email_key    TEXT NOT NULL,
    display_name TEXT NOT NULL,
    cohost       BOOLEAN NOT NULL,
    PRIMARY KEY (meeting_id, number),
    UNIQUE (meeting_id, email_key)
);

-- subscriptions to what happens; nothing is delivered to them yet
CREATE TABLE webhooks (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    app_id     TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    user_id    TEXT NOT NULL,
    name       TEXT NOT NULL,
    target_url TEXT NOT NULL,
    resource   TEXT NOT NULL,
    event      TEXT NOT NULL,
    filter     TEXT NOT NULL,
    secret     TEXT NOT NULL,
    of_account BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX webhooks_app ON webhooks (account_id, app_id, created_at, id);
