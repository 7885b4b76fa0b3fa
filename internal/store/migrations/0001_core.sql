-- {{serial}} and {{by_seq}} are spelled by the dialect: an ever-growing number
-- that is never given twice, and the end of an index in its order.

CREATE TABLE secrets (
    name  TEXT PRIMARY KEY,
    value BYTEA NOT NULL
);

CREATE TABLE accounts (
    id         TEXT PRIMARY KEY,
    parent_id  TEXT NOT NULL,
    name       TEXT NOT NULL,
    owner_id   TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX accounts_parent ON accounts (parent_id);

CREATE TABLE users (
    seq          {{serial}},
    id           TEXT NOT NULL UNIQUE,
    account_id   TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    email        TEXT NOT NULL,
    email_key    TEXT NOT NULL,
    first_name   TEXT NOT NULL,
    last_name    TEXT NOT NULL,
    display_name TEXT NOT NULL,
    type         BIGINT NOT NULL,
    status       TEXT NOT NULL,
    role         TEXT NOT NULL,
    action       TEXT NOT NULL,
    pmi          BIGINT NOT NULL,
    timezone     TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    UNIQUE (account_id, email_key)
);

CREATE TABLE apps (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    secret     TEXT NOT NULL,
    scopes     TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX apps_account ON apps (account_id);

CREATE TABLE tokens (
    hash       BYTEA PRIMARY KEY,
    app_id     TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    user_id    TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX tokens_expiry ON tokens (expires_at);
CREATE INDEX tokens_app ON tokens (app_id);

CREATE TABLE meetings (
    id                 BIGINT PRIMARY KEY,
    uuid               TEXT NOT NULL UNIQUE,
    account_id         TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    host_id            TEXT NOT NULL,
    assistant_id       TEXT NOT NULL,
    type               BIGINT NOT NULL,
    topic              TEXT NOT NULL,
    agenda             TEXT NOT NULL,
    start_at           BIGINT NOT NULL,
    end_at             BIGINT NOT NULL,
    minutes            BIGINT NOT NULL,
    timezone           TEXT NOT NULL,
    recurrence         TEXT NOT NULL,
    passcode           TEXT NOT NULL,
    pre_schedule       BOOLEAN NOT NULL,
    state              TEXT NOT NULL,
    state_before       TEXT NOT NULL,
    approval           BIGINT NOT NULL,
    registration_type  BIGINT NOT NULL,
    close_registration BOOLEAN NOT NULL,
    alternative_hosts  TEXT NOT NULL,
    settings           TEXT NOT NULL,
    questions          TEXT NOT NULL,
    tracking           TEXT NOT NULL,
    created_at         BIGINT NOT NULL,
    updated_at         BIGINT NOT NULL,
    deleted_at         BIGINT NOT NULL
);
CREATE INDEX meetings_host ON meetings (account_id, host_id, start_at, id);
CREATE INDEX meetings_deleted ON meetings (deleted_at);

CREATE TABLE occurrences (
    meeting_id BIGINT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    id         BIGINT NOT NULL,
    start_at   BIGINT NOT NULL,
    minutes    BIGINT NOT NULL,
    deleted    BOOLEAN NOT NULL,
    changes    TEXT NOT NULL,
    PRIMARY KEY (meeting_id, id)
);

-- slot is the occurrence under registration type 2 and 0 otherwise.
CREATE TABLE registrants (
    seq          {{serial}},
    id           TEXT NOT NULL,
    meeting_id   BIGINT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    slot         BIGINT NOT NULL,
    email_key    TEXT NOT NULL,
    status       TEXT NOT NULL,
    person       TEXT NOT NULL,
    link_version BIGINT NOT NULL,
    pin          BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    UNIQUE (meeting_id, id),
    UNIQUE (meeting_id, slot, email_key)
);
CREATE INDEX registrants_status ON registrants (meeting_id, status{{by_seq}});

-- the occurrences that people chose under registration type 3
CREATE TABLE choices (
    meeting_id    BIGINT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    registrant_id TEXT NOT NULL,
    occurrence_id BIGINT NOT NULL,
    status        TEXT NOT NULL,
    PRIMARY KEY (meeting_id, registrant_id, occurrence_id),
    FOREIGN KEY (meeting_id, registrant_id) REFERENCES registrants (meeting_id, id) ON DELETE CASCADE
);

-- one row for the meeting (occurrence_id 0) and one for each occurrence that
-- people hold by itself; made counts every registration ever, for the PINs
CREATE TABLE tallies (
    meeting_id    BIGINT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    occurrence_id BIGINT NOT NULL,
    pending       BIGINT NOT NULL,
    approved      BIGINT NOT NULL,
    denied        BIGINT NOT NULL,
    cancelled     BIGINT NOT NULL,
    waitlisted    BIGINT NOT NULL,
    made          BIGINT NOT NULL,
    PRIMARY KEY (meeting_id, occurrence_id)
);

-- what happened, by ids only: no name, no email, no link
CREATE TABLE events (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    at         BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    app_id     TEXT NOT NULL,
    user_id    TEXT NOT NULL,
    meeting_id BIGINT NOT NULL,
    subjects   TEXT NOT NULL,
    data       TEXT NOT NULL
);
CREATE INDEX events_account ON events (account_id, at);

CREATE TABLE daily_counts (
    account_id TEXT NOT NULL,
    day        BIGINT NOT NULL,
    subject    TEXT NOT NULL,
    n          BIGINT NOT NULL,
    PRIMARY KEY (account_id, day, subject)
);

CREATE TABLE idempotency (
    account_id  TEXT NOT NULL,
    app_id      TEXT NOT NULL,
    key         TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    meeting_id  BIGINT NOT NULL,
    status      BIGINT NOT NULL,
    body        TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (account_id, app_id, key)
);
CREATE INDEX idempotency_meeting ON idempotency (meeting_id);
CREATE INDEX idempotency_age ON idempotency (created_at);
