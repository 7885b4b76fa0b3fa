-- what is to be done, at the earliest at run_at; while somebody does it run_at
-- is when their lease ends. There is an index for each kind's own queue:
-- jobs of a kind that nobody does now must not lie in the others' way.
CREATE TABLE jobs (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    account_id TEXT NOT NULL,
    subject    TEXT NOT NULL,
    data       TEXT NOT NULL,
    run_at     BIGINT NOT NULL,
    attempts   BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX jobs_due ON jobs (kind, run_at);
