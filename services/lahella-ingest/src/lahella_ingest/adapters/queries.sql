-- name: lock_activities
SELECT key, raw, content_hash, group_id, organization_name, business_id
FROM activity WHERE key = ANY(:keys::text[]) ORDER BY key FOR UPDATE;

-- name: due_activities
-- Skips what another replica, or the reader, holds at the moment: it sets a new time itself.
SELECT key, raw, content_hash, group_id, organization_name, business_id
FROM activity WHERE due_at <= :now ORDER BY due_at, key LIMIT :most FOR UPDATE SKIP LOCKED;

-- name: keep_activities!
INSERT INTO activity
    (key, raw, content_hash, group_id, organization_name, business_id, shown, seen_run, due_at)
SELECT key, raw::json, content_hash, group_id, organization_name, business_id, shown, :run_id, due_at
FROM unnest(
    :keys::text[], :raws::text[], :hashes::bytea[], :group_ids::text[], :names::text[], :business_ids::text[],
    :shown::boolean[], :due_ats::timestamptz[]
) AS u (key, raw, content_hash, group_id, organization_name, business_id, shown, due_at)
ON CONFLICT (key) DO UPDATE SET
    raw = excluded.raw, content_hash = excluded.content_hash, group_id = excluded.group_id,
    organization_name = excluded.organization_name, business_id = excluded.business_id, shown = excluded.shown,
    seen_run = excluded.seen_run, due_at = excluded.due_at;

-- name: mark_seen!
UPDATE activity SET seen_run = :run_id WHERE key = ANY(:keys::text[]) AND seen_run <> :run_id;

-- name: reschedule!
-- What was rejected keeps its state: `shown` is null for it.
UPDATE activity AS a SET due_at = u.due_at, shown = coalesce(u.shown, a.shown)
FROM unnest(:keys::text[], :due_ats::timestamptz[], :shown::boolean[]) AS u (key, due_at, shown)
WHERE a.key = u.key;

-- name: missing_activities
SELECT key, shown FROM activity WHERE seen_run <> :run_id ORDER BY key;

-- name: shown_count$
SELECT count(*) FROM activity WHERE shown;

-- name: forget_activities!
DELETE FROM activity WHERE key = ANY(:keys::text[]);

-- name: open_runs
SELECT id, started_at, ended_at, outcome, reason, counts FROM run WHERE ended_at IS NULL ORDER BY started_at;

-- name: last_run^
SELECT id, started_at, ended_at, outcome, reason, counts FROM run ORDER BY started_at DESC LIMIT 1;

-- name: start_run!
INSERT INTO run (id, started_at) VALUES (:id, :started_at);

-- name: end_run!
UPDATE run SET ended_at = :ended_at, outcome = :outcome, reason = :reason, counts = :counts WHERE id = :id;

-- name: forget_runs!
DELETE FROM run WHERE ended_at < :before;
