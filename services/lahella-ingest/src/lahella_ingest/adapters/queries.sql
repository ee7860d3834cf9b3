-- name: lock_activities
SELECT key, raw, content_hash, group_id, organization_name, business_id
FROM activity WHERE key = ANY(:keys::text[]) ORDER BY key FOR UPDATE;

-- name: due_activities
-- Skips what another replica, or the reader, holds at the moment: it sets a new time itself.
SELECT key, raw, content_hash, group_id, organization_name, business_id
FROM activity WHERE due_at <= :now ORDER BY due_at, key LIMIT :most FOR UPDATE SKIP LOCKED;

-- name: keep_activities!
INSERT INTO activity
    (key, raw, content_hash, group_id, organization_name, business_id, shown, seen_run, seen_number, form, due_at)
SELECT key, raw::json, content_hash, group_id, organization_name, business_id, shown, :run_id, :number, :form, due_at
FROM unnest(
    :keys::text[], :raws::text[], :hashes::bytea[], :group_ids::text[], :names::text[], :business_ids::text[],
    :shown::boolean[], :due_ats::timestamptz[]
) AS u (key, raw, content_hash, group_id, organization_name, business_id, shown, due_at)
ON CONFLICT (key) DO UPDATE SET
    raw = excluded.raw, content_hash = excluded.content_hash, group_id = excluded.group_id,
    organization_name = excluded.organization_name, business_id = excluded.business_id, shown = excluded.shown,
    seen_run = excluded.seen_run, seen_number = excluded.seen_number, form = excluded.form, due_at = excluded.due_at;

-- name: mark_seen!
UPDATE activity SET seen_run = :run_id, seen_number = :number WHERE key = ANY(:keys::text[]) AND seen_number < :number;

-- name: reschedule!
-- What was rejected keeps its state: `shown` is null for it.
UPDATE activity AS a SET due_at = u.due_at, shown = coalesce(u.shown, a.shown), form = :form
FROM unnest(:keys::text[], :due_ats::timestamptz[], :shown::boolean[]) AS u (key, due_at, shown)
WHERE a.key = u.key;

-- name: all_keys
SELECT key FROM activity ORDER BY key;

-- name: outdated_keys
SELECT key FROM activity WHERE form <> :form ORDER BY key;

-- name: missing_activities
SELECT key, shown, due_at IS NOT NULL AS awaited FROM activity WHERE seen_number < :number ORDER BY key;

-- name: shown_count$
SELECT count(*) FROM activity WHERE shown;

-- name: forget_activities!
DELETE FROM activity WHERE key = ANY(:keys::text[]);

-- name: open_runs
SELECT id, number, started_at, mode, ended_at, outcome, reason, counts FROM run WHERE ended_at IS NULL ORDER BY number;

-- name: last_run^
SELECT id, number, started_at, mode, ended_at, outcome, reason, counts FROM run
WHERE mode = 'full' ORDER BY number DESC LIMIT 1;

-- name: latest_runs
SELECT id, number, started_at, mode, ended_at, outcome, reason, counts FROM run ORDER BY number DESC LIMIT :most;

-- name: decided_run^
-- A held run that an operator has accepted ends later than the held ones after it.
SELECT id, number, started_at, mode, ended_at, outcome, reason, counts FROM run
WHERE mode = 'full' AND outcome IN ('completed', 'held') ORDER BY ended_at DESC, number DESC LIMIT 1;

-- name: completed_at$
SELECT max(ended_at) FROM run WHERE mode = 'full' AND outcome = 'completed';

-- name: counts^
SELECT count(*) AS stored, count(*) FILTER (WHERE shown) AS shown, count(*) FILTER (WHERE form <> :form) AS outdated,
       min(due_at) AS next_due
FROM activity;

-- name: find_run^
SELECT id, number, started_at, mode, ended_at, outcome, reason, counts FROM run WHERE id = :id;

-- name: start_run$
INSERT INTO run (id, started_at, mode) VALUES (:id, :started_at, :mode)
ON CONFLICT (id) DO UPDATE SET ended_at = NULL, outcome = NULL, reason = NULL
RETURNING number;

-- name: end_run!
UPDATE run SET ended_at = :ended_at, outcome = :outcome, reason = :reason, counts = :counts WHERE id = :id;

-- name: forget_runs!
DELETE FROM run WHERE ended_at < :before;

-- name: last_event^
SELECT version, hash IS NOT NULL AS published FROM stream_version WHERE topic = :topic AND key = :key;

-- name: keep_bodies!
INSERT INTO activity_body (key, content_hash, body, first_seen_at)
SELECT key, content_hash, body, :now
FROM unnest(:keys::text[], :hashes::bytea[], :bodies::bytea[]) AS u (key, content_hash, body)
-- Content that comes back after another is the newest again.
ON CONFLICT (key, content_hash) DO UPDATE SET body = excluded.body, first_seen_at = excluded.first_seen_at;

-- name: body_versions
SELECT content_hash, first_seen_at FROM activity_body WHERE key = :key ORDER BY first_seen_at DESC, content_hash;

-- name: forget_bodies!
DELETE FROM activity_body AS b
WHERE b.first_seen_at < :before
  AND NOT EXISTS (SELECT FROM activity AS a WHERE a.key = b.key AND a.content_hash = b.content_hash);

-- name: reject_items!
INSERT INTO rejected_item
    (id, body, group_id, organization_name, business_id, reason, explanation, first_at, last_at)
SELECT id, body, group_id, organization_name, business_id, reason, explanation, :now, :now
FROM unnest(
    :ids::text[], :bodies::bytea[], :group_ids::text[], :names::text[], :business_ids::text[],
    :reasons::text[], :explanations::text[]
) AS u (id, body, group_id, organization_name, business_id, reason, explanation)
ON CONFLICT (id) DO UPDATE SET
    body = excluded.body, group_id = excluded.group_id, organization_name = excluded.organization_name,
    business_id = excluded.business_id, reason = excluded.reason, explanation = excluded.explanation,
    last_at = excluded.last_at;

-- name: accept_items!
DELETE FROM rejected_item WHERE id = ANY(:ids::text[]);

-- name: rejected_items
SELECT id, body, group_id, organization_name, business_id, reason, explanation FROM rejected_item ORDER BY id;

-- name: rejections
SELECT id, reason, explanation, first_at, last_at FROM rejected_item ORDER BY reason, id;

-- name: forget_rejected!
DELETE FROM rejected_item WHERE last_at < :before;

-- name: forgotten
SELECT hash, words FROM forgotten;

-- name: forgotten_key$
SELECT key FROM forgotten_key;

-- name: remember_forgotten!
INSERT INTO forgotten (hash, words)
SELECT hash, words FROM unnest(:hashes::bytea[], :words::integer[]) AS u (hash, words)
ON CONFLICT DO NOTHING;

-- name: activity_raws
SELECT key, raw, organization_name FROM activity ORDER BY key FOR UPDATE;

-- name: redact_activities!
-- Without a hash the next reading takes the activity as changed, and keeps what it sends then.
UPDATE activity AS a SET raw = u.raw::json, organization_name = u.organization_name, content_hash = ''
FROM unnest(:keys::text[], :raws::text[], :names::text[]) AS u (key, raw, organization_name)
WHERE a.key = u.key;

-- name: all_bodies
SELECT key, content_hash, body FROM activity_body ORDER BY key, content_hash FOR UPDATE;

-- name: redact_bodies!
UPDATE activity_body AS b SET body = u.body
FROM unnest(:keys::text[], :hashes::bytea[], :bodies::bytea[]) AS u (key, content_hash, body)
WHERE b.key = u.key AND b.content_hash = u.content_hash;
