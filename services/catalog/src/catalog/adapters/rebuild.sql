-- name: make_second#
-- Unlogged: it is read once, and thrown away. What an earlier run left goes with it.
DROP SCHEMA IF EXISTS rebuild CASCADE;
CREATE SCHEMA rebuild;
CREATE UNLOGGED TABLE rebuild.listing (LIKE listing INCLUDING ALL);
CREATE UNLOGGED TABLE rebuild.concept (LIKE concept INCLUDING ALL);
CREATE UNLOGGED TABLE rebuild.dirty_listing (LIKE dirty_listing INCLUDING ALL);
CREATE UNLOGGED TABLE rebuild.pair (LIKE pair INCLUDING ALL);
CREATE UNLOGGED TABLE rebuild.component (LIKE component INCLUDING ALL);
CREATE UNLOGGED TABLE rebuild.review (LIKE review INCLUDING ALL);
CREATE UNLOGGED TABLE rebuild.entry (LIKE entry INCLUDING ALL);
CREATE UNLOGGED TABLE rebuild.filing_count (LIKE filing_count INCLUDING ALL);
-- What would be published: its hashes tell whether it has been, its events go nowhere.
CREATE UNLOGGED TABLE rebuild.stream_version (LIKE stream_version INCLUDING ALL);
CREATE UNLOGGED TABLE rebuild.outbox (LIKE outbox INCLUDING ALL);
CREATE RULE nowhere AS ON INSERT TO rebuild.outbox DO INSTEAD NOTHING;
CREATE UNLOGGED TABLE rebuild.passed_over (key text PRIMARY KEY);
-- The live versions before the log is read. What the live model has, it has from the log: a version of then that is
-- above the log's is wrong, a version that came since is news.
CREATE UNLOGGED TABLE rebuild.listing_before AS SELECT listing_id, version, described_version FROM listing;
CREATE UNLOGGED TABLE rebuild.concept_before AS SELECT concept_id, version FROM concept;

-- name: drop_second#
DROP SCHEMA IF EXISTS rebuild CASCADE;

-- name: work_beside!
-- The statements of listings, matching and entries name no schema: for this transaction they mean the second model's
-- tables, and the live ones of what people decided and reported.
SELECT set_config('search_path', 'rebuild,' || current_setting('search_path'), true);

-- name: pass_over!
INSERT INTO rebuild.passed_over (key) SELECT unnest(:keys::text[]) ON CONFLICT DO NOTHING;

-- name: gather_statistics#
ANALYZE rebuild.listing, rebuild.concept, rebuild.pair, rebuild.component, rebuild.entry, rebuild.stream_version,
        rebuild.listing_before, rebuild.concept_before, rebuild.passed_over;

-- name: take_untold!
-- What no topic tells: the content pack's own listings, those removed so long ago that the log has forgotten them, and
-- those whose records can't be read.
INSERT INTO rebuild.listing (listing_id, version, live, described_version, description, changed_at, concepts,
                             evidence, evidence_version, match_keys, source_key, namesake_key)
SELECT listing_id, version, live, described_version, description, changed_at, concepts, evidence, evidence_version,
       match_keys, source_key, namesake_key
FROM listing AS l
WHERE starts_with(listing_id, 'content:') OR NOT live
    OR EXISTS (SELECT FROM rebuild.passed_over AS p WHERE p.key = l.listing_id)
ON CONFLICT DO NOTHING;

-- name: hold_model!
-- Readers go on; names before listings, as the consumer takes them.
LOCK TABLE concept, listing IN EXCLUSIVE MODE;

-- name: live_count$
SELECT (SELECT count(*) FROM listing WHERE live) + (SELECT count(*) FROM concept WHERE names IS NOT NULL);

-- name: sweep_listings
-- One version above what is live, as `reconcile` does; the description stays for the old links.
-- The content pack's own listings are in no topic: whoever stores the pack keeps them.
INSERT INTO rebuild.listing (listing_id, version, live, described_version, description, changed_at, concepts,
                             evidence, evidence_version, match_keys, source_key, namesake_key)
SELECT l.listing_id, l.version + 1, false, l.described_version, l.description, l.changed_at, l.concepts,
       l.evidence, l.evidence_version, l.match_keys, l.source_key, l.namesake_key
FROM listing AS l JOIN rebuild.listing_before AS b USING (listing_id)
WHERE l.live AND l.version = b.version AND NOT starts_with(l.listing_id, 'content:')
    AND NOT EXISTS (SELECT FROM rebuild.listing AS r WHERE r.listing_id = l.listing_id)
    AND NOT EXISTS (SELECT FROM rebuild.passed_over AS p WHERE p.key = l.listing_id)
RETURNING listing_id;

-- name: learn_liveness!
UPDATE rebuild.listing AS r SET version = l.version, live = l.live
FROM listing AS l LEFT JOIN rebuild.listing_before AS b USING (listing_id)
WHERE r.listing_id = l.listing_id AND l.version > r.version AND (
    l.version IS DISTINCT FROM b.version OR EXISTS (SELECT FROM rebuild.passed_over AS p WHERE p.key = l.listing_id)
);

-- name: learn_descriptions!
-- Of what is removed, a compacted log has no description any more: the live one stays.
UPDATE rebuild.listing AS r SET described_version = l.described_version, description = l.description,
    changed_at = l.changed_at, concepts = l.concepts, evidence = l.evidence, evidence_version = l.evidence_version,
    match_keys = l.match_keys, source_key = l.source_key, namesake_key = l.namesake_key
FROM listing AS l LEFT JOIN rebuild.listing_before AS b USING (listing_id)
WHERE r.listing_id = l.listing_id AND l.described_version > r.described_version AND (
    l.described_version IS DISTINCT FROM b.described_version OR NOT r.live
    OR EXISTS (SELECT FROM rebuild.passed_over AS p WHERE p.key = l.listing_id)
);

-- name: mend_components!
-- What was matched is in a component. Without a row of its own it would be left out when its neighbours are matched, and
-- its entry be split until its own turn comes.
INSERT INTO component (listing_id, label)
SELECT listing_id, listing_id FROM listing WHERE NOT to_match ORDER BY listing_id ON CONFLICT (listing_id) DO NOTHING;

-- name: change_listings
UPDATE listing AS l SET version = r.version, live = r.live, described_version = r.described_version,
    description = r.description, changed_at = r.changed_at, concepts = r.concepts, evidence = r.evidence,
    evidence_version = r.evidence_version, match_keys = r.match_keys, source_key = r.source_key,
    namesake_key = r.namesake_key, to_match = true
FROM rebuild.listing AS r
WHERE r.listing_id = l.listing_id AND abs(hashtext(r.listing_id)::bigint) % :parts = :part
    AND (l.version, l.live, l.described_version, l.description, l.changed_at, l.concepts, l.evidence,
         l.evidence_version, l.match_keys, l.source_key, l.namesake_key)
    IS DISTINCT FROM
        (r.version, r.live, r.described_version, r.description, r.changed_at, r.concepts, r.evidence,
         r.evidence_version, r.match_keys, r.source_key, r.namesake_key)
RETURNING l.listing_id;

-- name: add_listings
INSERT INTO listing (listing_id, version, live, described_version, description, changed_at, concepts, evidence,
                     evidence_version, match_keys, source_key, namesake_key)
SELECT listing_id, version, live, described_version, description, changed_at, concepts, evidence, evidence_version,
       match_keys, source_key, namesake_key
FROM rebuild.listing AS r
WHERE abs(hashtext(r.listing_id)::bigint) % :parts = :part
    AND NOT EXISTS (SELECT FROM listing AS l WHERE l.listing_id = r.listing_id)
RETURNING listing_id;

-- name: add_orphans
-- Listings that something was made of and that are yet known to neither model: as removed ones they are matched and
-- recomputed, which takes them out.
INSERT INTO listing (listing_id, version, live, described_version, concepts)
SELECT o.listing_id, 0, false, -1, '{}' FROM (
    SELECT unnest(listing_ids) AS listing_id FROM entry UNION SELECT listing_id FROM component
    UNION SELECT one_id FROM pair UNION SELECT other_id FROM pair
    UNION SELECT one_id FROM review UNION SELECT other_id FROM review
    UNION SELECT key FROM stream_version WHERE topic = :quality AND hash IS NOT NULL
) AS o WHERE NOT starts_with(o.listing_id, 'content:')
    AND NOT EXISTS (SELECT FROM listing AS l WHERE l.listing_id = o.listing_id)
RETURNING listing_id;

-- name: sweep_concepts
INSERT INTO rebuild.concept (concept_id, version, key, names)
SELECT c.concept_id, c.version + 1, c.key, NULL
FROM concept AS c JOIN rebuild.concept_before AS b USING (concept_id)
WHERE c.names IS NOT NULL AND c.version = b.version
    AND NOT EXISTS (SELECT FROM rebuild.concept AS r WHERE r.concept_id = c.concept_id)
    AND NOT EXISTS (SELECT FROM rebuild.passed_over AS p WHERE p.key = c.concept_id)
RETURNING concept_id;

-- name: learn_concepts!
UPDATE rebuild.concept AS r SET version = c.version, key = c.key, names = c.names
FROM concept AS c LEFT JOIN rebuild.concept_before AS b USING (concept_id)
WHERE r.concept_id = c.concept_id AND c.version > r.version AND (
    c.version IS DISTINCT FROM b.version OR EXISTS (SELECT FROM rebuild.passed_over AS p WHERE p.key = c.concept_id)
);

-- name: swap_concepts
-- A removal knows no key: the row keeps the one it had. Returns the keys whose names may be others now.
WITH differing AS (
    SELECT r.concept_id, r.version, r.names, c.key AS old_key,
           CASE WHEN r.names IS NULL THEN coalesce(c.key, r.key) ELSE r.key END AS key
    FROM rebuild.concept AS r LEFT JOIN concept AS c USING (concept_id)
    WHERE c.concept_id IS NULL OR c.version <> r.version OR c.names IS DISTINCT FROM r.names
        OR (r.names IS NOT NULL AND c.key <> r.key)
), swapped AS (
    INSERT INTO concept AS c (concept_id, version, key, names) SELECT concept_id, version, key, names FROM differing
    ON CONFLICT (concept_id) DO UPDATE SET version = excluded.version, key = excluded.key, names = excluded.names
    RETURNING concept_id
)
SELECT concept_id, key, old_key FROM differing JOIN swapped USING (concept_id);

-- name: match_listings_of_concepts
-- Matched before they are recomputed: their pairs may be as wrong as the names were.
UPDATE listing SET to_match = true
WHERE live AND NOT to_match AND concepts && :keys::text[] AND abs(hashtext(listing_id)::bigint) % :parts = :part
RETURNING listing_id;

-- name: match_what_differs
-- Whose pairs or component are not those of the second model. What came since is among them, and is matched anyway.
WITH differing AS (
    SELECT one_id, other_id FROM pair AS l FULL JOIN rebuild.pair AS r USING (one_id, other_id)
    WHERE (l.score, l.because, l.by_rule) IS DISTINCT FROM (r.score, r.because, r.by_rule)
), touched AS (
    SELECT one_id AS listing_id FROM differing UNION SELECT other_id FROM differing
    UNION
    SELECT listing_id FROM component AS l FULL JOIN rebuild.component AS r USING (listing_id)
    WHERE l.label IS DISTINCT FROM r.label
)
UPDATE listing SET to_match = true
WHERE NOT to_match AND listing_id IN (SELECT listing_id FROM touched)
    AND abs(hashtext(listing_id)::bigint) % :parts = :part
RETURNING listing_id;

-- name: strays
-- Entries, and states of entries, that the second model has not.
SELECT entry_id::text AS entry_id FROM entry
UNION SELECT key FROM stream_version WHERE topic = :topic AND hash IS NOT NULL
EXCEPT SELECT entry_id::text FROM rebuild.entry;

-- name: all_listings
SELECT listing_id FROM listing;

-- name: recompute_what_differs
-- Whose entry, questions to a curator, or published states are not those of the second model, and `makers` of strays.
WITH published AS (
    SELECT topic, key, hash FROM stream_version WHERE topic = ANY(:topics::text[]) AND hash IS NOT NULL
), differing AS (
    SELECT topic, key FROM published AS l
    FULL JOIN (SELECT topic, key, hash FROM rebuild.stream_version WHERE hash IS NOT NULL) AS r USING (topic, key)
    WHERE l.hash IS DISTINCT FROM r.hash
), touched AS (
    SELECT unnest(coalesce(l.listing_ids, '{}') || coalesce(r.listing_ids, '{}')) AS listing_id
    FROM entry AS l FULL JOIN rebuild.entry AS r USING (entry_id)
    WHERE (l.aliases, l.listing_ids, l.body, l.counted_under)
        IS DISTINCT FROM (r.aliases, r.listing_ids, r.body, r.counted_under)
        OR entry_id::text IN (SELECT key FROM differing)
    UNION
    SELECT unnest(ARRAY[one_id, other_id]) FROM review AS l FULL JOIN rebuild.review AS r USING (one_id, other_id)
    WHERE (l.score, l.because) IS DISTINCT FROM (r.score, r.because)
    UNION
    SELECT listing_id FROM listing WHERE listing_id IN (SELECT key FROM differing)
    UNION
    SELECT unnest(:makers::text[])
)
INSERT INTO dirty_listing AS d (listing_id, marked_at)
SELECT listing_id, :now::timestamptz FROM touched ORDER BY listing_id
ON CONFLICT (listing_id) DO UPDATE SET marked_at = d.marked_at
RETURNING listing_id;

-- name: waiting$
SELECT (SELECT count(*) FROM listing WHERE to_match) + (SELECT count(*) FROM dirty_listing);
