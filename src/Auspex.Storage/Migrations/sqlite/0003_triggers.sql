-- How far each trigger is. Every change of a trigger and its runs demands the version that it was decided on.
CREATE TABLE triggers (
    factory TEXT    NOT NULL COLLATE NOCASE,
    name    TEXT    NOT NULL COLLATE NOCASE,
    version INTEGER NOT NULL,
    body    BLOB    NOT NULL,
    PRIMARY KEY (factory, name)
) STRICT, WITHOUT ROWID;

-- One row per occurrence of a trigger; its id follows from the occurrence, so that there is never a second.
CREATE TABLE trigger_runs (
    factory      TEXT    NOT NULL COLLATE NOCASE,
    name         TEXT    NOT NULL COLLATE NOCASE,
    run_id       TEXT    NOT NULL,
    status       INTEGER NOT NULL,
    is_open      INTEGER NOT NULL,
    fired_at     INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    window_start INTEGER,
    rerun        INTEGER NOT NULL,
    body         BLOB    NOT NULL,
    PRIMARY KEY (factory, name, run_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX trigger_runs_open ON trigger_runs (factory, name) WHERE is_open = 1;
CREATE INDEX trigger_runs_by_window ON trigger_runs (factory, name, window_start, rerun) WHERE window_start IS NOT NULL;
CREATE INDEX trigger_runs_by_time ON trigger_runs (factory, fired_at, run_id);
CREATE INDEX trigger_runs_by_update ON trigger_runs (factory, updated_at);

-- The blobs that storage triggers have dealt with.
CREATE TABLE trigger_blobs (
    factory TEXT NOT NULL COLLATE NOCASE,
    name    TEXT NOT NULL COLLATE NOCASE,
    path    TEXT NOT NULL,
    etag    TEXT NOT NULL,
    PRIMARY KEY (factory, name, path)
) STRICT, WITHOUT ROWID;
