-- name: commit_without_waiting!
-- A page that a crash of the server takes back is read again: its rows and the place to go on come and go together.
SET LOCAL synchronous_commit = off;

-- name: plan_for_the_size_of_now!
-- A first reading fills the table faster than its statistics follow: a plan kept from the first pages reads it whole.
SET LOCAL plan_cache_mode = force_custom_plan;

-- name: differing
-- Ids that are new, back, or come with another digest or from another source.
SELECT g.id, o.id IS NULL AS is_new
FROM unnest(:ids::text[], :digests::bytea[]) AS g (id, digest)
LEFT JOIN ptv_object AS o ON o.kind = :kind AND o.id = g.id
WHERE o.id IS NULL OR o.gone_at IS NOT NULL OR o.digest <> g.digest OR o.source <> :source;

-- name: keep!
-- published_at stays the time of the last real change: a row of the same content is not written at all.
WITH given AS (
    SELECT * FROM unnest(
        :ids::text[], :digests::bytea[], :bodies::bytea[], :published::timestamptz[], :uses::text[], :areas::text[]
    ) AS g (id, digest, body, published_at, uses, areas)
), superseded AS (
    INSERT INTO superseded_object AS s (kind, id, digest, source, body, superseded_at)
    SELECT o.kind, o.id, o.digest, o.source, o.body, :now
    FROM given AS g JOIN ptv_object AS o ON o.kind = :kind AND o.id = g.id AND o.digest <> g.digest AND o.body <> ''
    ORDER BY o.id
    ON CONFLICT (kind, id, digest) DO UPDATE SET superseded_at = excluded.superseded_at, body = excluded.body
), kept AS (
    INSERT INTO ptv_object AS o (kind, id, source, digest, body, published_at, uses, areas)
    SELECT :kind, id, :source, digest, body, published_at, string_to_array(uses, ' '), string_to_array(areas, ' ')
    FROM given ORDER BY id
    ON CONFLICT (kind, id) DO UPDATE SET
        source = excluded.source,
        digest = excluded.digest,
        body = excluded.body,
        uses = excluded.uses,
        areas = excluded.areas,
        published_at = CASE WHEN o.digest = excluded.digest AND o.gone_at IS NULL
            THEN o.published_at ELSE excluded.published_at END,
        gone_at = NULL,
        gone_reason = NULL
    RETURNING o.id
)
INSERT INTO object_change (kind, id) SELECT :kind, id FROM kept WHERE :mark ORDER BY id
ON CONFLICT (kind, id) DO UPDATE SET taken_by = NULL;

-- name: keep_new!
-- The same for objects that are met for the first time, which are most of a first reading.
WITH kept AS (
    INSERT INTO ptv_object (kind, id, source, digest, body, published_at, uses, areas)
    SELECT :kind, id, :source, digest, body, published_at, string_to_array(uses, ' '), string_to_array(areas, ' ')
    FROM unnest(:ids::text[], :digests::bytea[], :bodies::bytea[], :published::timestamptz[], :uses::text[], :areas::text[])
        AS g (id, digest, body, published_at, uses, areas)
    RETURNING id
)
INSERT INTO object_change (kind, id) SELECT :kind, id FROM kept WHERE :mark ON CONFLICT (kind, id) DO UPDATE SET taken_by = NULL;

-- name: note_page!
INSERT INTO seen_page (run_id, kind, source, ids) VALUES (:run_id, :kind, :source, :ids::text[]);

-- name: note_resume!
INSERT INTO run_stream AS s (run_id, source, kind, resume, began) VALUES (:run_id, :source, :kind, :resume, :began)
ON CONFLICT (run_id, source, kind) DO UPDATE SET resume = excluded.resume, began = coalesce(s.began, excluded.began);

-- name: finish_stream!
INSERT INTO run_stream (run_id, source, kind, finished) VALUES (:run_id, :source, :kind, true)
ON CONFLICT (run_id, source, kind) DO UPDATE SET finished = true;

-- name: streams_of
SELECT source, kind, resume, finished, began FROM run_stream WHERE run_id = :run_id ORDER BY began;

-- name: seen
SELECT unnest(ids) AS id FROM seen_page WHERE run_id = :run_id AND kind = :kind AND source = ANY(:sources::text[]);

-- name: held_by
SELECT id FROM ptv_object
WHERE kind = :kind AND gone_at IS NULL AND id = ANY(:ids::text[]) AND source = ANY(:sources::text[]);

-- name: forget_pages!
DELETE FROM seen_page WHERE run_id <> :run_id;

-- name: forget_streams!
DELETE FROM run_stream WHERE run_id <> :run_id;

-- name: unseen
SELECT id FROM ptv_object WHERE kind = :kind AND gone_at IS NULL
EXCEPT
SELECT unnest(ids) FROM seen_page WHERE run_id = :run_id AND kind = :kind
ORDER BY 1;

-- name: live
SELECT id FROM ptv_object WHERE kind = :kind AND gone_at IS NULL AND id = ANY(:ids::text[]);

-- name: live_count$
SELECT count(*) FROM ptv_object WHERE kind = :kind AND gone_at IS NULL;

-- name: archived_since
SELECT id FROM ptv_object WHERE kind = :kind AND gone_reason = 'archived' AND gone_at >= :since;

-- name: mark_gone!
-- Of an object that is not known a row without content is kept: its listing is still to be taken away.
WITH gone AS (
    INSERT INTO ptv_object AS o (kind, id, source, digest, body, uses, gone_at, gone_reason)
    SELECT :kind, i, '', '', '', '{}', :now, :reason FROM unnest(:ids::text[]) AS i ORDER BY i
    ON CONFLICT (kind, id) DO UPDATE SET gone_at = excluded.gone_at, gone_reason = excluded.gone_reason
    WHERE o.gone_at IS NULL
    RETURNING o.id
)
INSERT INTO object_change (kind, id) SELECT :kind, id FROM gone ORDER BY id
ON CONFLICT (kind, id) DO UPDATE SET taken_by = NULL;

-- name: mark_orphans_gone!
-- No listing changes by it: the service or the channel has gone already.
UPDATE ptv_object AS c SET gone_at = :now, gone_reason = 'absent'
WHERE c.kind = 'connection' AND c.gone_at IS NULL AND c.id = ANY(:ids::text[])
  AND EXISTS (
      SELECT FROM ptv_object AS o
      WHERE o.gone_at IS NOT NULL AND ((o.kind = 'service' AND o.id = c.uses[1]) OR (o.kind = 'channel' AND o.id = c.uses[2]))
  );

-- name: new_connection_archives
SELECT i AS id FROM unnest(:ids::text[]) AS i WHERE NOT EXISTS (SELECT FROM connection_archive WHERE id = i);

-- name: note_connection_archives!
INSERT INTO connection_archive (id, noted_at) SELECT i, :now FROM unnest(:ids::text[]) AS i ON CONFLICT DO NOTHING;

-- name: forget_connection_archives!
DELETE FROM connection_archive WHERE noted_at < :before;

-- name: connections_of
SELECT id FROM ptv_object WHERE kind = 'connection' AND gone_at IS NULL AND uses[1] = ANY(:services::text[]);

-- name: sources_of
SELECT id, source FROM ptv_object WHERE kind = 'service' AND gone_at IS NULL AND id = ANY(:services::text[]);

-- name: services_with_changed_reach
-- Services of ours whose set of connections may have changed: they, a connection, or a channel ever connected has.
SELECT s.id FROM (
    SELECT id FROM object_change WHERE kind = 'service'
    UNION
    SELECT split_part(id, '/', 1) FROM object_change WHERE kind = 'connection'
    UNION
    SELECT c.uses[1] FROM object_change AS x JOIN ptv_object AS c ON c.kind = 'connection' AND c.uses[2] = x.id
    WHERE x.kind = 'channel'
) AS touched (id)
JOIN ptv_object AS s ON s.kind = 'service' AND s.id = touched.id
WHERE s.areas IS NULL OR s.areas && :scope::text[]
ORDER BY 1;

-- name: take_changes!
-- Also those that a process which died has taken.
UPDATE object_change SET taken_by = :taker;

-- name: changed_services
-- Of all that changed, services that are or may be in scope, and those that were.
SELECT s.id FROM (
    SELECT id FROM object_change WHERE kind = 'service'
    UNION
    SELECT split_part(id, '/', 1) FROM object_change WHERE kind = 'connection'
    UNION
    SELECT c.uses[1] FROM object_change AS x JOIN ptv_object AS c ON c.kind = 'connection' AND c.uses[2] = x.id
    WHERE x.kind = 'channel'
    UNION
    SELECT u.id FROM object_change AS x JOIN ptv_object AS u ON u.kind = 'service' AND u.uses @> ARRAY[x.id]
    WHERE x.kind IN ('organization', 'general-description')
) AS touched (id)
JOIN ptv_object AS s ON s.kind = 'service' AND s.id = touched.id
LEFT JOIN stream_version AS v ON v.topic = 'hyte.listings.v1' AND v.key = 'ptv:' || s.id
WHERE s.areas IS NULL OR s.areas && :scope::text[] OR v.hash IS NOT NULL
ORDER BY 1;

-- name: all_services
SELECT s.id FROM ptv_object AS s
LEFT JOIN stream_version AS v ON v.topic = 'hyte.listings.v1' AND v.key = 'ptv:' || s.id
WHERE s.kind = 'service' AND (s.areas IS NULL OR s.areas && :scope::text[] OR v.hash IS NOT NULL)
ORDER BY 1;

-- name: unknown_services
SELECT substr(v.key, 5) AS id FROM stream_version AS v
WHERE v.topic = 'hyte.listings.v1' AND v.hash IS NOT NULL AND starts_with(v.key, 'ptv:')
  AND NOT EXISTS (SELECT FROM ptv_object AS s WHERE s.kind = 'service' AND s.id = substr(v.key, 5));

-- name: forget_changes!
-- Those marked again after they were taken are nobody's, and stay.
DELETE FROM object_change WHERE taken_by = :taker;

-- name: services
SELECT * FROM readable_object WHERE kind = 'service' AND id = ANY(:ids::text[]) ORDER BY id;

-- name: connected
SELECT * FROM readable_object WHERE kind = 'connection' AND gone_at IS NULL AND uses[1] = ANY(:ids::text[]) ORDER BY id;

-- name: used
SELECT * FROM readable_object WHERE kind = ANY(:kinds::text[]) AND gone_at IS NULL AND id = ANY(:ids::text[]);

-- name: note_good!
UPDATE ptv_object AS o SET good_digest = o.digest
FROM unnest(:kinds::text[], :ids::text[], :digests::bytea[]) AS g (kind, id, digest)
WHERE o.kind = g.kind AND o.id = g.id AND o.digest = g.digest;

-- name: reject!
INSERT INTO rejected_object (kind, id, source, reason, explanation, first_at, last_at)
SELECT kind, id, source, reason, explanation, :now, :now
FROM unnest(:kinds::text[], :ids::text[], :sources::text[], :reasons::text[], :explanations::text[])
    AS g (kind, id, source, reason, explanation)
ORDER BY kind, id
ON CONFLICT (kind, id) DO UPDATE SET
    source = excluded.source, reason = excluded.reason, explanation = excluded.explanation, last_at = excluded.last_at;

-- name: refuse!
INSERT INTO rejected_object (kind, id, source, reason, explanation, body, first_at, last_at)
SELECT :kind, id, :source, reason, explanation, body, :now, :now
FROM unnest(:ids::text[], :reasons::text[], :explanations::text[], :bodies::bytea[]) AS g (id, reason, explanation, body)
ORDER BY id
ON CONFLICT (kind, id) DO UPDATE SET
    source = excluded.source, reason = excluded.reason, explanation = excluded.explanation, body = excluded.body,
    last_at = excluded.last_at;

-- name: accept!
DELETE FROM rejected_object AS r USING unnest(:kinds::text[], :ids::text[]) AS g (kind, id)
WHERE r.kind = g.kind AND r.id = g.id;

-- name: mark_rejected_changed!
INSERT INTO object_change (kind, id) SELECT kind, id FROM rejected_object ORDER BY kind, id
ON CONFLICT (kind, id) DO UPDATE SET taken_by = NULL;

-- name: forget_rejections!
-- Of objects that no source gives any more, and of rows that a later whole reading has not met.
DELETE FROM rejected_object AS r
WHERE EXISTS (SELECT FROM ptv_object AS o WHERE o.kind = r.kind AND o.id = r.id AND o.gone_at IS NOT NULL)
   OR (r.last_at < :before AND NOT EXISTS (SELECT FROM ptv_object AS o WHERE o.kind = r.kind AND o.id = r.id));

-- name: forget_superseded!
DELETE FROM superseded_object AS s
WHERE s.superseded_at < :before
  AND NOT EXISTS (SELECT FROM ptv_object AS o WHERE o.kind = s.kind AND o.id = s.id AND o.good_digest = s.digest);

-- name: forgotten
SELECT hash, words FROM forgotten;

-- name: forgotten_key$
SELECT key FROM forgotten_key;

-- name: remember_forgotten!
INSERT INTO forgotten (hash, words) SELECT * FROM unnest(:hashes::bytea[], :words::integer[]) ON CONFLICT DO NOTHING;

-- name: bodies
-- A stretch of all objects, in order of their keys.
SELECT kind, id, body FROM ptv_object WHERE (kind, id) > (:kind, :id) AND body <> '' ORDER BY kind, id LIMIT :most;

-- name: superseded_bodies
SELECT kind, id, digest, body FROM superseded_object ORDER BY kind, id, digest;

-- name: redact!
WITH redacted AS (
    UPDATE ptv_object AS o SET body = g.body
    FROM unnest(:kinds::text[], :ids::text[], :bodies::bytea[]) AS g (kind, id, body)
    WHERE o.kind = g.kind AND o.id = g.id
    RETURNING o.kind, o.id
)
INSERT INTO object_change (kind, id) SELECT kind, id FROM redacted ORDER BY kind, id
ON CONFLICT (kind, id) DO UPDATE SET taken_by = NULL;

-- name: redact_superseded!
UPDATE superseded_object AS s SET body = g.body
FROM unnest(:kinds::text[], :ids::text[], :digests::bytea[], :bodies::bytea[]) AS g (kind, id, digest, body)
WHERE s.kind = g.kind AND s.id = g.id AND s.digest = g.digest;

-- name: rejected_bodies
SELECT kind, id, body FROM rejected_object WHERE body IS NOT NULL ORDER BY kind, id;

-- name: redact_rejected!
UPDATE rejected_object AS r SET body = g.body
FROM unnest(:kinds::text[], :ids::text[], :bodies::bytea[]) AS g (kind, id, body)
WHERE r.kind = g.kind AND r.id = g.id;

-- name: keep_post_offices!
INSERT INTO post_office (postal_code, name) SELECT * FROM unnest(:codes::text[], :names::bytea[])
ON CONFLICT (postal_code) DO UPDATE SET name = excluded.name WHERE post_office.name <> excluded.name;

-- name: post_offices
SELECT postal_code, name FROM post_office WHERE postal_code = ANY(:codes::text[]);

-- name: watermarks
SELECT source, at FROM source_watermark ORDER BY source;

-- name: move_watermarks!
INSERT INTO source_watermark AS w (source, at) SELECT * FROM unnest(:sources::text[], :times::timestamptz[])
ON CONFLICT (source) DO UPDATE SET at = greatest(w.at, excluded.at);

-- name: full_at$
SELECT max(started_at) FROM run WHERE mode = 'full' AND outcome IN ('completed', 'held');

-- name: full_failed_at$
-- When the last whole reading failed, if nothing has come of one since.
SELECT ended_at FROM (
    SELECT * FROM run WHERE mode = 'full' ORDER BY started_at DESC, run_id DESC LIMIT 1
) AS newest
WHERE outcome = 'failed';

-- name: derived_form$
SELECT form FROM derived_form;

-- name: note_derived!
INSERT INTO derived_form (form) VALUES (:form) ON CONFLICT (one) DO UPDATE SET form = excluded.form;

-- name: resumable^
-- The newest full run, if it stopped before its end and is fresh enough to go on with.
SELECT run_id, mode, started_at FROM (
    SELECT * FROM run WHERE mode = 'full' ORDER BY started_at DESC, run_id DESC LIMIT 1
) AS newest
WHERE started_at >= :not_before AND (outcome IS NULL OR outcome IN ('failed', 'interrupted'));

-- name: held^
-- The newest full run, if it is the held one that is named.
SELECT run_id, mode, started_at FROM (
    SELECT * FROM run WHERE mode = 'full' ORDER BY started_at DESC, run_id DESC LIMIT 1
) AS newest
WHERE run_id = :run_id AND outcome = 'held';

-- name: unended
SELECT run_id, mode, started_at FROM run WHERE ended_at IS NULL;

-- name: reopen_run!
UPDATE run SET ended_at = NULL, outcome = NULL, reason = NULL WHERE run_id = :run_id;

-- name: insert_run!
INSERT INTO run (run_id, mode, form, started_at) VALUES (:run_id, :mode, :form, :now);

-- name: end_run!
UPDATE run SET ended_at = :now, outcome = :outcome, reason = :reason, counts = :counts WHERE run_id = :run_id;

-- name: forget_runs!
DELETE FROM run WHERE started_at < :before;

-- name: latest_runs
SELECT run_id, mode, started_at, ended_at, outcome, reason, counts FROM run ORDER BY started_at DESC, run_id DESC LIMIT :most;

-- name: newest_full^
SELECT run_id, outcome FROM run WHERE mode = 'full' ORDER BY started_at DESC, run_id DESC LIMIT 1;

-- name: completed_at$
SELECT max(ended_at) FROM run WHERE mode <> 'replay' AND outcome = 'completed';

-- name: live_counts
SELECT kind, count(*) AS count FROM ptv_object WHERE gone_at IS NULL GROUP BY kind ORDER BY kind;

-- name: published_count$
SELECT count(*) FROM stream_version WHERE topic = 'hyte.listings.v1' AND hash IS NOT NULL AND starts_with(key, 'ptv:');

-- name: rejections
SELECT kind, id, source, reason, explanation, first_at, last_at FROM rejected_object ORDER BY reason, kind, id;

-- name: last_event^
SELECT version, hash IS NOT NULL AS published FROM stream_version WHERE topic = 'hyte.listings.v1' AND key = :key;

-- name: object_and_used
-- A service with its connections and what all of them use, as they were received.
WITH own AS (
    SELECT * FROM ptv_object WHERE kind = 'service' AND id = :id
), connections AS (
    SELECT * FROM ptv_object WHERE kind = 'connection' AND uses[1] = :id
)
SELECT kind, id, source, digest, body, published_at, gone_at, gone_reason FROM (
    SELECT * FROM own
    UNION ALL SELECT * FROM connections
    UNION ALL SELECT o.* FROM ptv_object AS o
    WHERE (o.kind = 'channel' AND o.id IN (SELECT uses[2] FROM connections))
       OR (o.kind IN ('organization', 'general-description') AND o.id IN (SELECT unnest(uses) FROM own))
) AS found
ORDER BY array_position(ARRAY['service', 'organization', 'general-description', 'connection', 'channel'], kind), id;
