-- groups of users, whose settings stand between the account's and the user's
CREATE TABLE user_groups (
    seq        {{serial}},
    id         TEXT NOT NULL {{key}},
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    name_key   TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (account_id, name_key)
);

-- seq is the order in which a user joined; of a user's groups one is primary
CREATE TABLE group_members (
    seq        {{serial}},
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    group_id   TEXT NOT NULL REFERENCES user_groups (id) ON DELETE CASCADE,
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    is_primary BOOLEAN NOT NULL,
    added_at   BIGINT NOT NULL,
    {{key}} (group_id, user_id)
);
CREATE INDEX group_members_user ON group_members (user_id);
CREATE INDEX group_members_order ON group_members (group_id{{by_seq}});
CREATE UNIQUE INDEX group_members_primary ON group_members (user_id) WHERE is_primary;

CREATE TABLE group_admins (
    seq        {{serial}},
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    group_id   TEXT NOT NULL REFERENCES user_groups (id) ON DELETE CASCADE,
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    added_at   BIGINT NOT NULL,
    {{key}} (group_id, user_id)
);
CREATE INDEX group_admins_user ON group_admins (user_id);
CREATE INDEX group_admins_order ON group_admins (group_id{{by_seq}});

-- what an account (level 1), a group (2) or a user (4) has set and locked, as
-- sparse documents by name; version counts the changes
CREATE TABLE owner_settings (
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    level      BIGINT NOT NULL,
    owner_id   TEXT NOT NULL,
    version    BIGINT NOT NULL,
    doc        TEXT NOT NULL,
    locks      TEXT NOT NULL,
    PRIMARY KEY (account_id, level, owner_id)
);

-- users: what else is told of them, as JSON
ALTER TABLE users ADD COLUMN profile TEXT NOT NULL DEFAULT '{}';

-- A personal meeting number is of one user alone. Where several drew the same by
-- chance the first keeps it, and each other gets one that nobody has.
WITH RECURSIVE twice (id, n) AS (
    SELECT id, ROW_NUMBER() OVER (ORDER BY seq)
    FROM (SELECT id, seq, ROW_NUMBER() OVER (PARTITION BY pmi ORDER BY seq) AS nth FROM users) u
    WHERE nth > 1
), numbers (pmi) AS (
    SELECT CAST(1000000000 AS BIGINT) WHERE EXISTS (SELECT 1 FROM twice)
    UNION ALL
    SELECT pmi + 1 FROM numbers WHERE pmi < 1000000000 + (SELECT COUNT(*) FROM users)
), free (pmi, n) AS (
    SELECT pmi, ROW_NUMBER() OVER (ORDER BY pmi) FROM numbers WHERE pmi NOT IN (SELECT pmi FROM users)
)
UPDATE users SET pmi = f.pmi FROM twice t, free f WHERE t.id = users.id AND f.n = t.n;
CREATE UNIQUE INDEX users_pmi ON users (pmi);

CREATE INDEX users_order ON users (account_id{{by_seq}});
CREATE INDEX users_status ON users (account_id, status{{by_seq}});
CREATE INDEX tokens_user ON tokens (user_id);

-- who may schedule meetings for a user; seq is the order in which they were assigned
CREATE TABLE assistants (
    seq          {{serial}},
    account_id   TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    user_id      TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    assistant_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    added_at     BIGINT NOT NULL,
    {{key}} (user_id, assistant_id)
);
CREATE INDEX assistants_assistant ON assistants (assistant_id);

-- hashes of passwords; nobody signs in with them yet
CREATE TABLE user_secrets (
    user_id    TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    password   TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);

-- uploaded files of an account (level 1), a group (2) or a user (4); the content
-- is in a folder, under its digest
CREATE TABLE files (
    id         TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    level      BIGINT NOT NULL,
    owner_id   TEXT NOT NULL,
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size       BIGINT NOT NULL,
    digest     TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX files_owner ON files (account_id, level, owner_id);
CREATE INDEX files_digest ON files (digest);

-- roles that an account has made; the built-in ones are in the program.
-- privileges are names with blanks between; second_level says how sub accounts
-- are managed, 0 where nothing was said
CREATE TABLE roles (
    seq          {{serial}},
    id           TEXT NOT NULL {{key}},
    account_id   TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    name_key     TEXT NOT NULL,
    description  TEXT NOT NULL,
    privileges   TEXT NOT NULL,
    second_level BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    UNIQUE (account_id, name_key)
);
CREATE INDEX users_role ON users (account_id, role{{by_seq}});

-- fields that an account has its meetings tracked by; recommended is a list of
-- values. A meeting's own values are in meetings.tracking
CREATE TABLE tracking_fields (
    seq         {{serial}},
    id          TEXT NOT NULL {{key}},
    account_id  TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    field       TEXT NOT NULL,
    field_key   TEXT NOT NULL,
    recommended TEXT NOT NULL,
    required    BOOLEAN NOT NULL,
    visible     BOOLEAN NOT NULL,
    created_at  BIGINT NOT NULL,
    UNIQUE (account_id, field_key)
);

-- which events are about administration: a row for the event itself, with
-- object '', one for each thing that it is about and one for each of those who
-- did it, with "by:" before their id; seq is the order of events of one time
CREATE TABLE audit (
    seq        {{serial}},
    event_id   TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    object     TEXT NOT NULL,
    account_id TEXT NOT NULL,
    at         BIGINT NOT NULL,
    {{key}} (event_id, object)
);
CREATE INDEX audit_objects ON audit (account_id, object, at{{by_seq}});
INSERT INTO audit (event_id, object, account_id, at)
SELECT id, '', account_id, at FROM events WHERE kind IN ('account.created', 'app.added', 'app.rotated', 'app.removed', 'user.created')
ORDER BY at;
INSERT INTO audit (event_id, object, account_id, at)
SELECT DISTINCT a.event_id, s.value, a.account_id, a.at FROM audit a JOIN events e ON e.id = a.event_id CROSS JOIN {{subjects}}
WHERE a.object = '';
INSERT INTO audit (event_id, object, account_id, at)
SELECT a.event_id, 'by:' || e.user_id, a.account_id, a.at FROM audit a JOIN events e ON e.id = a.event_id WHERE a.object = '' AND e.user_id <> ''
ORDER BY a.seq;
INSERT INTO audit (event_id, object, account_id, at)
SELECT a.event_id, 'by:' || e.app_id, a.account_id, a.at FROM audit a JOIN events e ON e.id = a.event_id WHERE a.object = '' AND e.app_id <> ''
ORDER BY a.seq;

-- groups of the chat's directory; search_… say whom their members can search for
CREATE TABLE im_groups (
    seq            {{serial}},
    id             TEXT NOT NULL {{key}},
    account_id     TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name           TEXT NOT NULL,
    name_key       TEXT NOT NULL,
    type           TEXT NOT NULL,
    search_account BOOLEAN NOT NULL,
    search_domain  BOOLEAN NOT NULL,
    search_master  BOOLEAN NOT NULL,
    created_at     BIGINT NOT NULL,
    UNIQUE (account_id, name_key)
);

-- seq is the order in which users joined
CREATE TABLE im_group_members (
    seq        {{serial}},
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    group_id   TEXT NOT NULL REFERENCES im_groups (id) ON DELETE CASCADE,
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    added_at   BIGINT NOT NULL,
    {{key}} (group_id, user_id)
);
CREATE INDEX im_group_members_user ON im_group_members (user_id);
CREATE INDEX im_group_members_order ON im_group_members (account_id, group_id{{by_seq}});

-- what a parent says of a sub account, as JSON
ALTER TABLE accounts ADD COLUMN options TEXT NOT NULL DEFAULT '{}';
CREATE INDEX accounts_order ON accounts (parent_id, created_at, id);
DROP INDEX accounts_parent; -- it is the beginning of the other
