-- One row per run: what lists show and who owns it. run_key grows with creation, so that newest first is the key's order.
CREATE TABLE runs (
    run_key       INTEGER PRIMARY KEY,
    run_id        TEXT    NOT NULL UNIQUE,
    factory       TEXT    NOT NULL COLLATE NOCASE,
    pipeline      TEXT    NOT NULL COLLATE NOCASE,
    status        INTEGER NOT NULL,
    is_open       INTEGER NOT NULL,
    parent_run_id TEXT,
    updated_at    INTEGER NOT NULL,
    last_sequence INTEGER NOT NULL,
    owner         TEXT,
    lease_until   INTEGER,
    summary       BLOB    NOT NULL
) STRICT;

CREATE INDEX runs_open ON runs (run_key) WHERE is_open = 1;
CREATE INDEX runs_open_children ON runs (parent_run_id) WHERE is_open = 1 AND parent_run_id IS NOT NULL;
CREATE INDEX runs_by_factory ON runs (factory, run_key);
CREATE INDEX runs_by_pipeline ON runs (pipeline, run_key);
CREATE INDEX runs_by_status ON runs (status, run_key);
CREATE INDEX runs_by_update ON runs (updated_at);

-- The journals. A run's events lie together and in order.
CREATE TABLE events (
    run_key  INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    body     BLOB    NOT NULL,
    PRIMARY KEY (run_key, sequence)
) STRICT, WITHOUT ROWID;
