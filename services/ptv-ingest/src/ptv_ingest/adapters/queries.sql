-- name: differing
-- Ids that are new, back, or come with another digest.
SELECT g.id
FROM unnest(:ids::text[], :digests::bytea[]) AS g (id, digest)
LEFT JOIN source_object AS o ON o.kind = :kind AND o.id = g.id
WHERE o.id IS NULL OR o.gone_at IS NOT NULL OR o.digest <> g.digest;

-- name: plan_for_the_size_of_now!
-- A first reading fills the table faster than its statistics follow: a plan kept from the first pages reads it whole.
SET LOCAL plan_cache_mode = force_custom_plan;

-- name: keep!
-- Only the digest moves where the content is the same, so that published_at stays the time of the last real change.
WITH kept AS (
    INSERT INTO source_object AS o (kind, id, digest, content, published_at, uses)
    SELECT :kind, g.id, g.digest, g.content, g.published_at, coalesce(string_to_array(nullif(g.uses, ''), ' '), '{}')
    FROM unnest(:ids::text[], :digests::bytea[], :contents::bytea[], :published::timestamptz[], :uses::text[])
        AS g (id, digest, content, published_at, uses)
    ORDER BY g.id
    ON CONFLICT (kind, id) DO UPDATE SET
        digest = excluded.digest,
        content = excluded.content,
        uses = excluded.uses,
        differs = o.gone_at IS NOT NULL OR o.content <> excluded.content,
        published_at = CASE WHEN o.gone_at IS NULL AND o.content = excluded.content
            THEN o.published_at ELSE excluded.published_at END,
        gone_at = NULL,
        gone_reason = NULL
    RETURNING o.id, o.differs
)
INSERT INTO changed_object (kind, id) SELECT :kind, id FROM kept WHERE differs ORDER BY id
ON CONFLICT (kind, id) DO UPDATE SET taken_by = NULL;

-- name: live
SELECT id FROM source_object WHERE kind = :kind AND gone_at IS NULL AND id = ANY(:ids::text[]);

-- name: live_count$
SELECT count(*) FROM source_object WHERE kind = :kind AND gone_at IS NULL;

-- name: all_services
SELECT id FROM source_object WHERE kind = 'service' ORDER BY id;

-- name: note_seen!
INSERT INTO seen_object (run_id, kind, id) SELECT :run_id, :kind, i FROM unnest(:ids::text[]) AS i ON CONFLICT DO NOTHING;

-- name: forget_seen!
DELETE FROM seen_object WHERE run_id <> :run_id;

-- name: unseen
SELECT o.id FROM source_object AS o
WHERE o.kind = :kind AND o.gone_at IS NULL
  AND NOT EXISTS (SELECT FROM seen_object AS s WHERE s.run_id = :run_id AND s.kind = o.kind AND s.id = o.id)
ORDER BY o.id;

-- name: archived_since
SELECT id FROM source_object WHERE kind = :kind AND gone_reason = 'archived' AND gone_at >= :since;

-- name: mark_gone!
WITH gone AS (
    UPDATE source_object SET gone_at = :now, gone_reason = :reason
    WHERE kind = :kind AND id = ANY(:ids::text[]) AND gone_at IS NULL
    RETURNING id
)
INSERT INTO changed_object (kind, id) SELECT :kind, id FROM gone ORDER BY id
ON CONFLICT (kind, id) DO UPDATE SET taken_by = NULL;

-- name: mark_orphans_gone!
-- No listing changes by it: the service or the channel has gone already.
UPDATE source_object AS c SET gone_at = :now, gone_reason = 'absent'
WHERE c.kind = 'connection' AND c.gone_at IS NULL AND c.id = ANY(:ids::text[])
  AND EXISTS (
      SELECT FROM source_object AS o
      WHERE o.gone_at IS NOT NULL AND ((o.kind = 'service' AND o.id = c.uses[1]) OR (o.kind = 'channel' AND o.id = c.uses[2]))
  );

-- name: new_connection_archives
SELECT i AS id FROM unnest(:ids::text[]) AS i WHERE NOT EXISTS (SELECT FROM connection_archive WHERE id = i);

-- name: note_connection_archives!
INSERT INTO connection_archive (id, noted_at) SELECT i, :now FROM unnest(:ids::text[]) AS i ON CONFLICT DO NOTHING;

-- name: forget_connection_archives!
DELETE FROM connection_archive WHERE noted_at < :before;

-- name: connections_of
SELECT id FROM source_object WHERE kind = 'connection' AND gone_at IS NULL AND uses[1] = ANY(:services::text[]);

-- name: services_with_changed_reach
-- Services whose set of connections may have changed: they, a connection, or a channel ever connected has changed.
SELECT id FROM changed_object WHERE kind = 'service'
UNION
SELECT c.uses[1] FROM changed_object AS x JOIN source_object AS c ON c.kind = 'connection' AND c.id = x.id
WHERE x.kind = 'connection'
UNION
SELECT c.uses[1] FROM changed_object AS x JOIN source_object AS c ON c.kind = 'connection' AND c.uses[2] = x.id
WHERE x.kind = 'channel'
ORDER BY 1;

-- name: take_changes!
-- Also those that a process which died has taken.
UPDATE changed_object SET taken_by = :taker;

-- name: changed_services
SELECT id FROM changed_object WHERE kind = 'service'
UNION
SELECT c.uses[1] FROM changed_object AS x JOIN source_object AS c ON c.kind = 'connection' AND c.id = x.id
WHERE x.kind = 'connection'
UNION
SELECT c.uses[1] FROM changed_object AS x JOIN source_object AS c ON c.kind = 'connection' AND c.uses[2] = x.id
WHERE x.kind = 'channel'
UNION
SELECT s.id FROM changed_object AS x JOIN source_object AS s ON s.kind = 'service' AND s.uses @> ARRAY[x.id]
WHERE x.kind IN ('organization', 'general-description')
ORDER BY 1;

-- name: forget_changes!
-- Those marked again after they were taken are nobody's, and stay.
DELETE FROM changed_object WHERE taken_by = :taker;

-- name: services
SELECT id, content, published_at, gone_reason
FROM source_object WHERE kind = 'service' AND id = ANY(:ids::text[]) ORDER BY id;

-- name: connected
SELECT content FROM source_object WHERE kind = 'connection' AND gone_at IS NULL AND uses[1] = ANY(:ids::text[]);

-- name: used
SELECT kind, id, content, published_at FROM source_object
WHERE kind IN ('organization', 'general-description', 'channel') AND gone_at IS NULL AND id = ANY(:ids::text[]);

-- name: keep_post_offices!
INSERT INTO post_office (postal_code, name) SELECT * FROM unnest(:codes::text[], :names::bytea[])
ON CONFLICT (postal_code) DO UPDATE SET name = excluded.name WHERE post_office.name <> excluded.name;

-- name: post_offices
SELECT postal_code, name FROM post_office WHERE postal_code = ANY(:codes::text[]);

-- name: progress^
SELECT (SELECT at FROM watermark) AS watermark,
       (SELECT max(started_at) FROM run
        WHERE mode = 'full' AND form = :form AND outcome IN ('completed', 'held')) AS full_at;

-- name: resumable^
-- The newest full run, if it stopped before its end and is fresh enough to go on with.
SELECT run_id, started_at, source_time, finished_streams FROM (
    SELECT * FROM run WHERE mode = 'full' ORDER BY started_at DESC LIMIT 1
) AS newest
WHERE form = :form AND started_at >= :not_before AND (outcome IS NULL OR outcome IN ('failed', 'interrupted'));

-- name: unended
SELECT run_id, mode, started_at FROM run WHERE ended_at IS NULL;

-- name: reopen_run!
UPDATE run SET ended_at = NULL, outcome = NULL, reason = NULL WHERE run_id = :run_id;

-- name: insert_run!
INSERT INTO run (run_id, mode, form, started_at) VALUES (:run_id, :mode, :form, :now);

-- name: finish_stream!
UPDATE run SET finished_streams = array_append(finished_streams, :stream), source_time = coalesce(source_time, :source_time)
WHERE run_id = :run_id;

-- name: end_run!
UPDATE run SET ended_at = :now, outcome = :outcome, reason = :reason WHERE run_id = :run_id;

-- name: forget_runs!
DELETE FROM run WHERE started_at < :before;

-- name: move_watermark!
INSERT INTO watermark (at) VALUES (:at) ON CONFLICT (one) DO UPDATE SET at = greatest(watermark.at, excluded.at);
