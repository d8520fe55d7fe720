-- What people ask of the history: runs that changed in a window of time, by pipeline or status, in several orders.
-- seen_at is when a run ended, and the largest number while it has not: open runs lie in every window that has the present.
ALTER TABLE runs ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 9223372036854775807;
ALTER TABLE runs ADD COLUMN started_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN run_group TEXT;

UPDATE runs SET seen_at = updated_at WHERE is_open = 0;
UPDATE runs SET started_at = updated_at;

DROP INDEX runs_by_pipeline;
DROP INDEX runs_by_status;
DROP INDEX runs_by_update;
CREATE INDEX runs_by_seen ON runs (factory, seen_at);
CREATE INDEX runs_by_pipeline ON runs (factory, pipeline, seen_at);
CREATE INDEX runs_by_status ON runs (factory, status, seen_at);
CREATE INDEX runs_ended ON runs (seen_at) WHERE is_open = 0;
CREATE INDEX runs_by_group ON runs (run_group) WHERE run_group IS NOT NULL;
