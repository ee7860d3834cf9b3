-- name: try_to_match$
-- One matcher of a model at a time: whether a listing joins a component depends on all others that it touches.
SELECT pg_try_advisory_xact_lock(hashtextextended('catalog matching', (current_schema() = 'rebuild')::int));

-- name: matched_by$
SELECT form FROM matched_by;

-- name: set_matched_by!
INSERT INTO matched_by (form) VALUES (:form) ON CONFLICT (one_row) DO UPDATE SET form = excluded.form;

-- name: match_all!
UPDATE listing SET to_match = true, evidence_version = -1;

-- name: match_stale!
-- Listings that a process of an older version has stored, which knew nothing of evidence.
UPDATE listing SET to_match = true WHERE evidence_version <> described_version AND NOT to_match;

-- name: match_these!
UPDATE listing SET to_match = true WHERE listing_id = ANY(:ids::text[]);

-- name: listings_to_match
-- A listing that is being stored is left for the next turn.
SELECT listing_id, evidence, match_keys,
       CASE WHEN evidence_version <> described_version THEN description END AS stale
FROM listing WHERE to_match ORDER BY listing_id LIMIT :most FOR UPDATE SKIP LOCKED;

-- name: take_off!
UPDATE listing SET to_match = false WHERE listing_id = ANY(:ids::text[]);

-- name: set_evidence!
UPDATE listing AS l SET evidence = u.evidence, evidence_version = l.described_version,
    match_keys = coalesce(array(SELECT jsonb_array_elements_text(u.keys::jsonb)::bigint), '{}'),
    source_key = u.source_key, namesake_key = u.namesake_key, to_match = false
FROM unnest(:ids::text[], :evidence::bytea[], :keys::text[], :source_keys::text[], :namesake_keys::text[])
     AS u (listing_id, evidence, keys, source_key, namesake_key)
WHERE l.listing_id = u.listing_id;

-- name: candidates
-- Whatever shares a key with one of the listings, each once: in another system or by the same name, or under a namesake
-- organisation of the same system. What waits for its own turn is compared then, but where it is in a pair already.
WITH taken AS (
    SELECT u.listing_id, u.source_key, u.namesake_key,
           array(SELECT jsonb_array_elements_text(u.keys::jsonb)::bigint) AS keys
    FROM unnest(:ids::text[], :source_keys::text[], :namesake_keys::text[], :keys::text[])
         AS u (listing_id, source_key, namesake_key, keys)
), found AS (
    -- Key by key: to overlap with thousands of keys at once, each row would be compared with each of them.
    SELECT holder.listing_id FROM unnest(:wanted::bigint[]) AS wanted (key) CROSS JOIN LATERAL (
        SELECT listing_id FROM listing WHERE match_keys @> ARRAY[wanted.key] AND NOT to_match OFFSET 0
    ) AS holder
    -- Two ranges in place of an inequality: the index then never meets the organisation's own services.
    UNION
    SELECT l.listing_id FROM taken AS t JOIN listing AS l
        ON l.namesake_key = t.namesake_key AND l.namesake_key <> '' AND l.source_key < t.source_key
        AND l.match_keys && t.keys WHERE NOT l.to_match
    UNION
    SELECT l.listing_id FROM taken AS t JOIN listing AS l
        ON l.namesake_key = t.namesake_key AND l.namesake_key <> '' AND l.source_key > t.source_key
        AND l.match_keys && t.keys WHERE NOT l.to_match
    UNION
    SELECT other_id FROM pair WHERE one_id = ANY(:ids::text[])
    UNION
    SELECT one_id FROM pair WHERE other_id = ANY(:ids::text[])
)
SELECT l.evidence, l.match_keys, CASE WHEN l.evidence_version <> l.described_version THEN l.description END AS stale
FROM found JOIN listing AS l USING (listing_id) WHERE NOT l.listing_id = ANY(:ids::text[]);

-- name: drop_pairs
DELETE FROM pair WHERE one_id = ANY(:ids::text[]) OR other_id = ANY(:ids::text[]) RETURNING one_id, other_id;

-- name: keep_pairs!
INSERT INTO pair (one_id, other_id, score, because, by_rule)
SELECT u.one_id, u.other_id, u.score, array(SELECT jsonb_array_elements_text(u.because::jsonb)), u.by_rule
FROM unnest(:one::text[], :other::text[], :scores::real[], :because::text[], :by_rule::bool[])
     AS u (one_id, other_id, score, because, by_rule)
ORDER BY 1, 2;

-- name: neighbours
-- All listings of the components that these listings are in, or that anything decided with them is in.
WITH touched AS (
    SELECT unnest(:ids::text[]) AS listing_id
    UNION SELECT other_id FROM decision WHERE one_id = ANY(:ids::text[])
    UNION SELECT one_id FROM decision WHERE other_id = ANY(:ids::text[])
)
SELECT c.listing_id, c.label FROM component AS c
WHERE c.label IN (SELECT label FROM component JOIN touched USING (listing_id));

-- name: edges_among
SELECT one_id, other_id FROM pair WHERE one_id = ANY(:ids::text[]) AND other_id = ANY(:ids::text[])
UNION
SELECT one_id, other_id FROM decision WHERE one_id = ANY(:ids::text[]) AND other_id = ANY(:ids::text[]);

-- name: hold_labels!
-- Waits for the workers that have these components.
SELECT pg_advisory_xact_lock(hashtextextended(l, (current_schema() = 'rebuild')::int)) FROM (SELECT unnest(:labels::text[]) AS l ORDER BY 1) AS ordered;

-- name: keep_labels!
INSERT INTO component AS c (listing_id, label)
SELECT * FROM unnest(:ids::text[], :labels::text[]) ORDER BY 1
ON CONFLICT (listing_id) DO UPDATE SET label = excluded.label;

-- name: known_listings
-- Held, so that of two people who decide on a pair at once the second knows of the first's word.
SELECT listing_id FROM listing WHERE listing_id = ANY(:ids::text[]) ORDER BY listing_id FOR UPDATE;

-- name: add_decision!
INSERT INTO decision (one_id, other_id, verdict, reason, decided_by, decided_at)
VALUES (:one, :other, :verdict, :reason, :decided_by, :now);

-- name: decisions_on
SELECT one_id, other_id, verdict, reason, decided_by, decided_at FROM decision
WHERE one_id = :one AND other_id = :other ORDER BY id DESC;

-- name: open_reviews
SELECT r.one_id, r.other_id, r.score, r.because, r.since, a.description AS one, b.description AS other
FROM review AS r JOIN listing AS a ON a.listing_id = r.one_id JOIN listing AS b ON b.listing_id = r.other_id
ORDER BY r.score DESC, r.one_id, r.other_id LIMIT :most;

-- name: review_count$
SELECT count(*) FROM review;
